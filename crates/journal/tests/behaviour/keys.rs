//! Keys are made once, come back, and are gone for good when destroyed.

use journal::simdisk::SimDisk;
use journal::{
    BatchBuffer, DataKey, Destroy, Journal, JournalError, Kept, KeyId, KeyStore, KeysOpened, MasterKey, RawName,
    RawStore, SEAL_OVERHEAD, commit, seal,
};

use crate::support::{TempFolder, sim, small};

const PATH: &str = "keys/keys.slots";

fn master() -> MasterKey {
    MasterKey::new([1; 32])
}

fn id(number: u64) -> KeyId {
    let mut bytes = [5; 16];
    bytes[..8].copy_from_slice(&number.to_le_bytes());
    KeyId(bytes)
}

/// Bytes that differ from call to call.
fn dice<const N: usize>() -> impl FnMut() -> [u8; N] {
    let mut calls = 0_u64;
    move || {
        calls += 1;
        let mut bytes = [0; N];
        bytes.iter_mut().zip(0_u64..).for_each(|(byte, at)| *byte = (calls * 131 + at * 17) as u8);
        bytes[..8].copy_from_slice(&calls.to_le_bytes());
        bytes
    }
}

fn live(store: &KeyStore, number: u64) -> DataKey {
    match store.get(&id(number)).unwrap() {
        Some(Kept::Live(key)) => key,
        other => panic!("key {number}: {other:?}"),
    }
}

/// A store with keys `0..count`, synced, and its keys.
fn filled(disk: &SimDisk, count: u64) -> (KeyStore, Vec<DataKey>) {
    let (mut store, _) = KeyStore::open(sim(disk), master()).unwrap();
    let mut fresh = dice();
    for number in 0..count {
        store.get_or_create(id(number), &mut fresh).unwrap();
    }
    store.sync().unwrap();
    let keys = (0..count).map(|number| live(&store, number)).collect();
    (store, keys)
}

#[test]
fn a_key_is_made_once_and_comes_back_after_reopening() {
    let folder = TempFolder::new();
    let (mut store, opened) = KeyStore::open(folder.disk(), master()).unwrap();
    assert_eq!(opened, KeysOpened::default());
    let mut fresh = dice();
    let made = store.get_or_create(id(1), &mut fresh).unwrap();
    assert_eq!(store.get_or_create(id(1), &mut || panic!("it is there")).unwrap(), made);
    assert_ne!(store.get_or_create(id(2), &mut fresh).unwrap(), made);
    store.sync().unwrap();
    drop(store);
    let (store, opened) = KeyStore::open(folder.disk(), master()).unwrap();
    assert_eq!(opened, KeysOpened { live: 2, ..KeysOpened::default() });
    assert_eq!(store.get(&id(1)).unwrap(), Some(made));
    assert_eq!(store.get(&id(3)).unwrap(), None);
}

#[test]
fn more_keys_than_one_chunk_come_back() {
    let disk = SimDisk::new(1);
    let (store, keys) = filled(&disk, 9000);
    drop(store);
    let (store, opened) = KeyStore::open(sim(&disk), master()).unwrap();
    assert_eq!(opened.live, 9000);
    assert!(keys.iter().zip(0..).all(|(key, number)| live(&store, number) == *key));
}

#[test]
fn no_key_stands_in_the_clear_on_the_disk() {
    let disk = SimDisk::new(1);
    let (mut store, _) = KeyStore::open(sim(&disk), master()).unwrap();
    store.get_or_create(id(1), &mut || std::array::from_fn(|at| 100 + at as u8)).unwrap();
    store.sync().unwrap();
    let key: Vec<u8> = (100..132).collect();
    assert!(!disk.contents(PATH).unwrap().windows(32).any(|window| window == key || window == [1; 32]));
}

#[test]
fn a_destroyed_key_is_gone_for_good_and_its_bytes_are_overwritten() {
    let disk = SimDisk::new(1);
    let (mut store, _) = filled(&disk, 3);
    let wrapped = disk.contents(PATH).unwrap()[256 + 16..256 + 88].to_vec();
    assert_eq!(store.destroy(&id(1)).unwrap(), Destroy::Destroyed);
    disk.restart();
    let (mut store, opened) = KeyStore::open(sim(&disk), master()).unwrap();
    assert_eq!(opened, KeysOpened { live: 2, destroyed: 1, damaged: 0 });
    assert_eq!(store.get(&id(1)).unwrap(), Some(Kept::Destroyed));
    assert_eq!(store.get_or_create(id(1), &mut || panic!("never made again")).unwrap(), Kept::Destroyed);
    assert_eq!(store.destroy(&id(1)).unwrap(), Destroy::Already);
    assert_eq!(store.destroy(&id(7)).unwrap(), Destroy::Unknown);
    assert!(!disk.contents(PATH).unwrap().windows(72).any(|window| window == wrapped));
}

#[test]
fn another_master_key_is_refused_and_changing_it_keeps_every_key() {
    let disk = SimDisk::new(1);
    let (mut store, keys) = filled(&disk, 50);
    store.destroy(&id(9)).unwrap();
    let new = MasterKey::new([2; 32]);
    assert!(matches!(KeyStore::open(sim(&disk), new.clone()), Err(JournalError::WrongMasterKey { .. })));
    store.rewrap(new.clone(), &mut dice()).unwrap();
    store.get_or_create(id(60), &mut dice()).unwrap();
    store.sync().unwrap();
    assert!(matches!(KeyStore::open(sim(&disk), master()), Err(JournalError::WrongMasterKey { .. })));
    let (store, opened) = KeyStore::open(sim(&disk), new).unwrap();
    assert_eq!(opened, KeysOpened { live: 50, destroyed: 1, damaged: 0 });
    assert!((0..50).filter(|number| *number != 9).all(|number| live(&store, number) == keys[number as usize]));
}

#[test]
fn a_power_cut_while_the_master_key_changes_leaves_the_old_or_the_new() {
    for seed in 0..6 {
        for operation in 1..20 {
            let disk = SimDisk::new(seed * 100 + operation);
            let (mut store, keys) = filled(&disk, 6);
            disk.cut_power_at(disk.operations() + operation);
            let changed = store.rewrap(MasterKey::new([2; 32]), &mut dice()).is_ok();
            disk.restart();
            let old = KeyStore::open(sim(&disk), master());
            assert!(!changed || old.is_err());
            let (store, _) = old.or_else(|_| KeyStore::open(sim(&disk), MasterKey::new([2; 32]))).unwrap();
            assert!(keys.iter().zip(0..).all(|(key, number)| live(&store, number) == *key));
        }
    }
}

#[test]
fn a_power_cut_at_any_operation_loses_no_synced_key() {
    for seed in 0..4 {
        for operation in 1..40 {
            let disk = SimDisk::new(seed * 100 + operation);
            disk.cut_power_at(operation);
            let mut synced = Vec::new();
            if let Ok((mut store, _)) = KeyStore::open(sim(&disk), master()) {
                let mut fresh = dice();
                for number in 0..10 {
                    let made = store.get_or_create(id(number), &mut fresh).unwrap();
                    if store.sync().is_err() {
                        break;
                    }
                    synced.push(made);
                }
            }
            disk.restart();
            let (store, opened) = KeyStore::open(sim(&disk), master()).unwrap();
            assert_eq!(opened.damaged, 0);
            assert!(synced.into_iter().zip(0..).all(|(made, number)| store.get(&id(number)).unwrap() == Some(made)));
        }
    }
}

#[test]
fn a_power_cut_while_a_key_is_destroyed_hurts_no_other_key() {
    for seed in 0..10 {
        for operation in 1..4 {
            let disk = SimDisk::new(seed * 100 + operation);
            let (mut store, keys) = filled(&disk, 8);
            disk.cut_power_at(disk.operations() + operation);
            let destroyed = store.destroy(&id(3)).is_ok();
            disk.restart();
            let (store, opened) = KeyStore::open(sim(&disk), master()).unwrap();
            let kept = store.get(&id(3)).unwrap().unwrap();
            assert!(kept == Kept::Destroyed || (!destroyed && kept == Kept::Live(keys[3].clone())));
            assert_eq!((opened.live + opened.destroyed, opened.damaged), (8, 0));
            assert!((0..8).filter(|number| *number != 3).all(|number| live(&store, number) == keys[number as usize]));
        }
    }
}

#[test]
fn a_key_that_opening_shows_after_a_failed_sync_is_durable() {
    for seed in 0..20 {
        let disk = SimDisk::new(seed);
        let (mut store, _) = KeyStore::open(sim(&disk), master()).unwrap();
        store.get_or_create(id(1), &mut dice()).unwrap();
        disk.fail_next_sync();
        assert!(store.sync().is_err());
        assert!(matches!(store.get_or_create(id(2), &mut dice()), Err(JournalError::Stopped)));
        let (mut store, _) = KeyStore::open(sim(&disk), master()).unwrap();
        let kept = store.get_or_create(id(1), &mut dice()).unwrap();
        store.sync().unwrap();
        disk.restart();
        let (store, _) = KeyStore::open(sim(&disk), master()).unwrap();
        assert_eq!(store.get(&id(1)).unwrap(), Some(kept));
    }
}

#[test]
fn a_damaged_slot_is_counted_and_the_others_are_read() {
    let disk = SimDisk::new(1);
    let (store, keys) = filled(&disk, 3);
    drop(store);
    disk.flip_bit(PATH, (128 + 40) * 8).unwrap();
    let (store, opened) = KeyStore::open(sim(&disk), master()).unwrap();
    assert_eq!(opened, KeysOpened { live: 2, destroyed: 0, damaged: 1 });
    assert_eq!(store.get(&id(0)).unwrap(), None);
    assert_eq!(live(&store, 2), keys[2]);
}

#[test]
fn sealed_bytes_open_only_with_their_key_their_subject_and_every_byte() {
    let (key, other) = (DataKey::new([3; 32]), DataKey::new([4; 32]));
    let sealed = seal(&key, &[9; 24], b"fact 7, phone", b"+49 30 1234").unwrap();
    assert_eq!(sealed.len(), 11 + SEAL_OVERHEAD);
    assert_eq!(journal::unseal(&key, b"fact 7, phone", &sealed).unwrap(), b"+49 30 1234");
    assert!(matches!(journal::unseal(&other, b"fact 7, phone", &sealed), Err(JournalError::SealBroken)));
    assert!(matches!(journal::unseal(&key, b"fact 8, phone", &sealed), Err(JournalError::SealBroken)));
    for byte in 0..sealed.len() {
        let mut changed = sealed.clone();
        changed[byte] ^= 1;
        assert!(journal::unseal(&key, b"fact 7, phone", &changed).is_err(), "byte {byte}");
        assert!(journal::unseal(&key, b"fact 7, phone", &sealed[..byte]).is_err(), "length {byte}");
    }
    assert_eq!(format!("{key:?} {:?}", master()), "DataKey(…) MasterKey(…)");
}

#[test]
fn a_group_commit_never_leaves_a_fact_without_its_body_and_key() {
    for seed in 0..4 {
        for operation in 1..70 {
            let disk = SimDisk::new(seed * 100 + operation);
            disk.cut_power_at(operation);
            let _ = commit_until_the_power_goes(&disk);
            disk.restart();
            let (journal, _) = crate::support::open(&disk).unwrap();
            let (raw, _) = RawStore::open(sim(&disk), small()).unwrap();
            let (keys, _) = KeyStore::open(sim(&disk), master()).unwrap();
            for body in crate::support::bodies(journal.reader().as_ref(), journal::Seq(1)).unwrap() {
                let number = u64::from_le_bytes(body.try_into().unwrap());
                assert_eq!(raw.get(&RawName([number as u8; 32])).unwrap(), Some(vec![number as u8; 900]));
                live(&keys, number);
            }
        }
    }
}

fn commit_until_the_power_goes(disk: &SimDisk) -> Result<(), JournalError> {
    let (mut journal, _) = crate::support::open(disk)?;
    let (mut raw, _) = RawStore::open(sim(disk), small())?;
    let (mut keys, _) = KeyStore::open(sim(disk), master())?;
    let (mut fresh, mut batch) = (dice(), BatchBuffer::new());
    for number in 0..10_u64 {
        batch.clear();
        batch.put(&number.to_le_bytes());
        raw.put(RawName([number as u8; 32]), &[number as u8; 900])?;
        keys.get_or_create(id(number), &mut fresh)?;
        commit(&mut journal, &mut raw, &mut keys, &mut batch, 1)?;
    }
    journal.stop();
    Ok(())
}
