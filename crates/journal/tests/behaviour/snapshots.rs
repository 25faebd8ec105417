//! Snapshots are there whole or not at all, and a damaged one is passed over.

use journal::simdisk::SimDisk;
use journal::{Chain, Head, Seq, Snapshot, Snapshots};

use crate::support::{TempFolder, sim};

fn border(next: u64) -> Head {
    Head { next: Seq(next), chain: Chain([next as u8; 32]) }
}

fn snapshot(next: u64) -> Snapshot {
    Snapshot { head: border(next), bytes: state(next) }
}

fn state(next: u64) -> Vec<u8> {
    vec![next as u8; 5000 + next as usize]
}

#[test]
fn the_newest_snapshot_comes_back_and_two_are_kept() {
    let folder = TempFolder::new();
    let snapshots = Snapshots::open(folder.disk()).unwrap();
    assert_eq!(snapshots.latest_valid().unwrap(), None);
    for next in [5, 9, 70, 12_000] {
        snapshots.write(&border(next), &state(next)).unwrap();
        assert_eq!(snapshots.latest_valid().unwrap(), Some(snapshot(next)));
    }
    assert_eq!(snapshots.borders().unwrap(), [Seq(70), Seq(12_000)]);
}

#[test]
fn a_damaged_snapshot_is_passed_over_wherever_the_damage_is() {
    let disk = SimDisk::new(1);
    let snapshots = Snapshots::open(sim(&disk)).unwrap();
    snapshots.write(&border(5), &state(5)).unwrap();
    snapshots.write(&border(9), &state(9)).unwrap();
    let path = "snapshots/00000000000000000009.snap";
    for byte in [0, 9, 13, 17, 25, 40, 70, 100, 127, 128, 5000] {
        disk.flip_bit(path, byte * 8).unwrap();
        assert_eq!(snapshots.latest_valid().unwrap(), Some(snapshot(5)), "byte {byte}");
        disk.flip_bit(path, byte * 8).unwrap();
    }
    let whole = disk.contents(path).unwrap();
    for length in [0, 100, 128, whole.len() - 1] {
        disk.put(path, &whole[..length]);
        assert_eq!(snapshots.latest_valid().unwrap(), Some(snapshot(5)), "length {length}");
    }
    disk.put("snapshots/00000000000000000010.snap", &whole);
    assert_eq!(snapshots.latest_valid().unwrap(), Some(snapshot(5)), "a snapshot under another's name");
}

#[test]
fn a_power_cut_at_any_operation_leaves_the_old_snapshot_or_the_new_one() {
    for seed in 0..8 {
        for operation in 1..8 {
            let disk = SimDisk::new(seed * 100 + operation);
            let snapshots = Snapshots::open(sim(&disk)).unwrap();
            snapshots.write(&border(5), &state(5)).unwrap();
            disk.cut_power_at(disk.operations() + operation);
            let written = snapshots.write(&border(9), &state(9)).is_ok();
            disk.restart();
            let latest = Snapshots::open(sim(&disk)).unwrap().latest_valid().unwrap().unwrap();
            assert!(latest == snapshot(9) || (!written && latest == snapshot(5)));
        }
    }
}
