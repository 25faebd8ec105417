//! Raw bodies come back as they were put, or are known to be damaged.

use journal::simdisk::SimDisk;
use journal::{JournalError, Put, RawName, RawOpened, RawStore};

use crate::support::{TempFolder, body, sim, small};

fn name(number: u64) -> RawName {
    let mut bytes = [0xEE; 32];
    bytes[..8].copy_from_slice(&number.to_le_bytes());
    RawName(bytes)
}

fn open(disk: &SimDisk) -> (RawStore, RawOpened) {
    RawStore::open(sim(disk), small()).unwrap()
}

fn put(store: &mut RawStore, numbers: std::ops::Range<u64>) {
    for number in numbers {
        assert_eq!(store.put(name(number), &body(number)).unwrap(), Put::Taken);
    }
}

#[test]
fn bodies_can_be_read_before_and_after_the_sync_and_after_reopening() {
    let folder = TempFolder::new();
    let (mut store, _) = RawStore::open(folder.disk(), small()).unwrap();
    for round in 0..10 {
        put(&mut store, round * 10..round * 10 + 10);
        assert_eq!(store.get(&name(round * 10 + 3)).unwrap(), Some(body(round * 10 + 3)));
        store.sync().unwrap();
    }
    drop(store);
    let (store, opened) = RawStore::open(folder.disk(), small()).unwrap();
    assert_eq!(opened, RawOpened { bodies: 100, damaged: 0 });
    for number in 0..100 {
        assert_eq!(store.get(&name(number)).unwrap(), Some(body(number)));
    }
    assert_eq!(store.get(&name(100)).unwrap(), None);
}

#[test]
fn a_body_is_kept_once_under_its_name() {
    let disk = SimDisk::new(1);
    let (mut store, _) = open(&disk);
    put(&mut store, 0..1);
    assert_eq!(store.put(name(0), &body(0)).unwrap(), Put::Already);
    store.sync().unwrap();
    assert_eq!(store.put(name(0), &body(0)).unwrap(), Put::Already);
    let before = disk.operations();
    store.sync().unwrap();
    assert_eq!(disk.operations(), before, "a sync of nothing costs nothing");
    assert_eq!(store.bodies(), 1);
}

#[test]
fn empty_bodies_and_bodies_longer_than_a_segment_are_kept() {
    let disk = SimDisk::new(1);
    let (mut store, _) = open(&disk);
    for (number, length) in [(0, 0), (1, 40_000), (2, 10), (3, 8192)] {
        store.put(name(number), &vec![3; length]).unwrap();
    }
    store.sync().unwrap();
    drop(store);
    let (store, _) = open(&disk);
    for (number, length) in [(0, 0), (1, 40_000), (2, 10), (3, 8192)] {
        assert_eq!(store.get(&name(number)).unwrap().unwrap().len(), length);
    }
}

#[test]
fn a_damaged_body_is_reported_and_the_others_are_read() {
    let disk = SimDisk::new(1);
    let (mut store, _) = open(&disk);
    put(&mut store, 0..4);
    store.sync().unwrap();
    disk.flip_bit("raw/000001.seg", (512 + 70) * 8).unwrap();
    assert!(matches!(store.get(&name(0)), Err(JournalError::Damaged { offset: 512, .. })));
    drop(store);
    let (store, opened) = open(&disk);
    assert_eq!(opened, RawOpened { bodies: 3, damaged: 1 });
    assert_eq!(store.get(&name(0)).unwrap(), None);
    assert_eq!(store.get(&name(3)).unwrap(), Some(body(3)));
}

#[test]
fn a_power_cut_at_any_operation_loses_no_synced_body() {
    for seed in 0..6 {
        for operation in 1..60 {
            let disk = SimDisk::new(seed * 1000 + operation);
            disk.cut_power_at(operation);
            let mut synced = 0;
            if let Ok((mut store, _)) = RawStore::open(sim(&disk), small()) {
                for round in 0..8 {
                    put(&mut store, round * 4..round * 4 + 4);
                    if store.sync().is_err() {
                        break;
                    }
                    synced = round * 4 + 4;
                }
            }
            disk.restart();
            let (mut store, _) = open(&disk);
            for number in 0..40 {
                let kept = store.get(&name(number)).unwrap();
                assert!(kept == Some(body(number)) || (kept.is_none() && number >= synced), "body {number}");
            }
            // What a retry brings again is durable after the next sync, whatever the crash left.
            for number in 0..40 {
                store.put(name(number), &body(number)).unwrap();
            }
            store.sync().unwrap();
            disk.restart();
            let (store, _) = open(&disk);
            assert!((0..40).all(|number| store.get(&name(number)).unwrap() == Some(body(number))));
        }
    }
}

#[test]
fn a_failed_sync_stops_the_store_and_a_retry_after_reopening_is_durable() {
    for seed in 0..20 {
        let disk = SimDisk::new(seed);
        let (mut store, _) = open(&disk);
        put(&mut store, 0..3);
        disk.fail_next_sync();
        assert!(store.sync().is_err());
        assert!(matches!(store.put(name(9), b"more"), Err(JournalError::Stopped)));
        drop(store);
        let (mut store, _) = open(&disk);
        for number in 0..3 {
            store.put(name(number), &body(number)).unwrap();
        }
        store.sync().unwrap();
        disk.restart();
        let (store, _) = open(&disk);
        assert!((0..3).all(|number| store.get(&name(number)).unwrap() == Some(body(number))));
    }
}
