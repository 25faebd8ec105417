//! The power goes at every possible moment, and nothing acknowledged is lost.

use journal::simdisk::SimDisk;
use journal::{Journal, JournalError, Seq, verify_disk};
use proptest::prelude::*;

use crate::support::{bodies, body, facts, filled, open};

/// Opens and appends until the power goes; the answer is how many batches are acknowledged in all.
fn append_until_the_power_goes(disk: &SimDisk, acknowledged: u64, to: u64) -> u64 {
    let Ok((mut journal, _)) = open(disk) else {
        return acknowledged;
    };
    let present = bodies(journal.reader().as_ref(), Seq(1)).map_or(acknowledged, |bodies| bodies.len() as u64);
    for number in present..to {
        if journal.append(&body(number), facts(number)).is_err() {
            return number;
        }
    }
    to.max(present)
}

/// Everything acknowledged is there, whole and in order; at most the one batch in flight is there besides. The answer
/// is how many batches there are: what opening shows is durable, so from now on they all count as acknowledged.
fn holds(disk: &SimDisk, acknowledged: u64) -> u64 {
    let (journal, _) = open(disk).unwrap();
    let found = bodies(journal.reader().as_ref(), Seq(1)).unwrap();
    let count = found.len() as u64;
    assert!(count == acknowledged || count == acknowledged + 1, "{count} batches of {acknowledged} acknowledged");
    let expected: Vec<Vec<u8>> = (0..count).map(body).collect();
    assert!(found == expected, "the batches are the ones that were appended");
    drop(journal);
    let verified = verify_disk(disk).unwrap();
    assert_eq!((verified.valid, verified.batches), (true, count));
    count
}

#[test]
fn a_power_cut_at_any_operation_loses_nothing_acknowledged() {
    const BATCHES: u64 = 14;
    let whole = SimDisk::new(0);
    assert_eq!(append_until_the_power_goes(&whole, 0, BATCHES), BATCHES);
    for seed in 0..6 {
        for operation in 1..=whole.operations() {
            let disk = SimDisk::new(seed * 1000 + operation);
            disk.cut_power_at(operation);
            let acknowledged = append_until_the_power_goes(&disk, 0, BATCHES);
            disk.restart();
            holds(&disk, acknowledged);
            assert_eq!(append_until_the_power_goes(&disk, 0, BATCHES), BATCHES, "the journal goes on");
            holds(&disk, BATCHES);
        }
    }
}

#[test]
fn a_power_cut_while_opening_after_a_power_cut_loses_nothing() {
    for seed in 0..40 {
        let disk = SimDisk::new(seed);
        disk.cut_power_at(30 + seed % 17);
        let mut acknowledged = append_until_the_power_goes(&disk, 0, 30);
        for again in 1..12 {
            disk.restart();
            disk.cut_power_at(disk.operations() + again);
            acknowledged = append_until_the_power_goes(&disk, acknowledged, 30).max(acknowledged);
        }
        disk.restart();
        holds(&disk, acknowledged);
    }
}

/// What befalls a disk between two openings.
#[derive(Clone, Debug)]
enum Fault {
    PowerCutAfter(u64),
    FailedSync,
    Full,
    Restart,
}

fn faults() -> impl Strategy<Value = Fault> {
    prop_oneof![
        4 => (1_u64..60).prop_map(Fault::PowerCutAfter),
        2 => Just(Fault::FailedSync),
        1 => Just(Fault::Full),
        2 => Just(Fault::Restart),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 120, failure_persistence: None, ..ProptestConfig::default() })]
    #[test]
    fn any_row_of_faults_with_short_writes_loses_nothing(
        seed in any::<u64>(),
        faults in prop::collection::vec(faults(), 1..12),
    ) {
        let disk = SimDisk::new(seed);
        disk.set_short_writes(200_000);
        let mut acknowledged = 0;
        for fault in faults {
            match fault {
                Fault::PowerCutAfter(operations) => disk.cut_power_at(disk.operations() + operations),
                Fault::FailedSync => disk.fail_next_sync(),
                Fault::Full => disk.set_capacity(Some(8192)),
                Fault::Restart => disk.restart(),
            }
            let to = acknowledged + 12;
            acknowledged = append_until_the_power_goes(&disk, acknowledged, to).max(acknowledged);
            if disk.is_off() {
                disk.restart();
            }
            // A fault that was never reached must not hit the check itself.
            disk.clear_faults();
            acknowledged = holds(&disk, acknowledged);
        }
    }
}

#[test]
fn the_same_seed_gives_the_same_disk_byte_for_byte() {
    let play = || {
        let disk = SimDisk::new(7);
        disk.cut_power_at(41);
        append_until_the_power_goes(&disk, 0, 30);
        disk.restart();
        append_until_the_power_goes(&disk, 0, 30);
        disk.paths().into_iter().map(|path| (disk.contents(&path).unwrap(), path)).collect::<Vec<_>>()
    };
    assert!(play() == play());
}

#[test]
fn a_failed_sync_stops_the_journal_until_it_is_opened_again() {
    for seed in 0..20 {
        let disk = SimDisk::new(seed);
        let (mut journal, _) = open(&disk).unwrap();
        crate::support::append(&mut journal, 0, 5);
        disk.fail_next_sync();
        assert!(matches!(journal.append(&body(5), facts(5)), Err(JournalError::Io { what: "sync", .. })));
        assert!(journal.is_stopped());
        assert!(matches!(journal.append(&body(5), facts(5)), Err(JournalError::Stopped)));
        drop(journal);
        // What only memory shows after the failed sync must not be believed: opened, then the power goes.
        let (journal, opened) = open(&disk).unwrap();
        drop(journal);
        disk.restart();
        let (journal, after) = open(&disk).unwrap();
        assert_eq!(after.head, opened.head, "what opening showed is durable");
        drop(journal);
        holds(&disk, 5);
    }
}

#[test]
fn a_full_disk_fails_the_append_and_loses_nothing() {
    let (disk, head) = filled(3, 12);
    let used: u64 = disk.paths().iter().map(|path| disk.contents(path).unwrap().len() as u64).sum();
    disk.set_capacity(Some(used));
    let (mut journal, opened) = open(&disk).unwrap();
    assert_eq!(opened.head, head);
    let mut acknowledged = 12;
    let refused = loop {
        match journal.append(&body(acknowledged), facts(acknowledged)) {
            Ok(_) => acknowledged += 1,
            Err(error) => break error,
        }
    };
    assert!(matches!(refused, JournalError::Full { .. }), "{refused}");
    assert!(matches!(journal.append(b"more", 1), Err(JournalError::Stopped)));
    drop(journal);
    holds(&disk, acknowledged);
    disk.set_capacity(None);
    assert_eq!(append_until_the_power_goes(&disk, acknowledged, acknowledged + 9), acknowledged + 9);
    holds(&disk, acknowledged + 9);
}

#[test]
fn a_disk_that_refuses_even_overwriting_stops_the_journal_and_loses_nothing() {
    let (disk, _) = filled(4, 7);
    let (mut journal, _) = open(&disk).unwrap();
    disk.set_full(true);
    assert!(matches!(journal.append(&body(7), facts(7)), Err(JournalError::Full { .. })));
    drop(journal);
    disk.set_full(false);
    holds(&disk, 7);
}
