//! Bit rot is refused by name, an unfinished end is cut, and no bytes make opening panic.

use journal::simdisk::SimDisk;
use journal::{Flaw, Journal, JournalError, KeyStore, MasterKey, RawStore, Seq, Snapshots, verify_disk};
use proptest::prelude::*;

use crate::support::{append, bodies, filled, open, records, sim, small};

const FIRST: &str = "journal/000001.seg";

#[test]
fn a_flipped_bit_before_a_later_record_is_refused_by_name() {
    let (disk, _) = filled(1, 20);
    let segment = disk.contents(FIRST).unwrap();
    let (start, end) = records(&segment)[2];
    // The records' first facts are 1, 2, 4: batches hold 1, 2, 3 facts.
    for (byte, reason) in
        [(start, Flaw::Header), (start + 40, Flaw::Header), (start + 64, Flaw::Body), (end - 1, Flaw::Body)]
    {
        disk.flip_bit(FIRST, byte as u64 * 8 + 3).unwrap();
        let refused = open(&disk).unwrap_err();
        match &refused {
            JournalError::Corrupt(found) => {
                assert_eq!((found.segment, found.offset, found.seq), (1, start as u64, Seq(4)));
                assert_eq!(found.reason, reason);
            }
            other => panic!("{other}"),
        }
        assert!(refused.to_string().contains("segment 000001"), "{refused}");
        disk.flip_bit(FIRST, byte as u64 * 8 + 3).unwrap();
    }
    open(&disk).unwrap();
}

#[test]
fn a_damaged_segment_header_is_refused_when_records_depend_on_it() {
    let (disk, _) = filled(1, 20);
    disk.flip_bit(FIRST, 300).unwrap();
    match open(&disk).unwrap_err() {
        JournalError::Corrupt(found) => {
            assert_eq!((found.segment, found.offset, found.reason), (1, 0, Flaw::SegmentHeader))
        }
        other => panic!("{other}"),
    }
}

#[test]
fn damage_found_while_reading_names_the_record() {
    let (disk, _) = filled(1, 20);
    let (journal, _) = open(&disk).unwrap();
    let (start, _) = records(&disk.contents(FIRST).unwrap())[1];
    disk.flip_bit(FIRST, (start as u64 + 70) * 8).unwrap();
    match bodies(journal.reader().as_ref(), Seq(1)).unwrap_err() {
        JournalError::Corrupt(found) => {
            assert_eq!((found.offset, found.seq), (start as u64, Seq(2)))
        }
        other => panic!("{other}"),
    }
}

#[test]
fn a_torn_last_record_is_cut_and_the_journal_goes_on() {
    for keep in [0, 1, 63, 64, 65, 200, 511] {
        let (disk, _) = filled(2, 3);
        let mut segment = disk.contents(FIRST).unwrap();
        let (start, end) = records(&segment)[2];
        segment[start + keep..end].fill(0xAB);
        disk.put(FIRST, &segment);
        let (mut journal, opened) = open(&disk).unwrap();
        assert_eq!((opened.head.next, opened.cut_bytes), (Seq(4), (end - start) as u64), "kept {keep}");
        let cleaned = disk.contents(FIRST).unwrap();
        assert!(cleaned[start..].iter().all(|byte| *byte == 0), "what was cut can never pass for a record");
        append(&mut journal, 2, 9);
        drop(journal);
        let (journal, opened) = open(&disk).unwrap();
        assert_eq!(opened.cut_bytes, 0);
        assert_eq!(bodies(journal.reader().as_ref(), Seq(1)).unwrap().len(), 9);
    }
}

#[test]
fn a_file_truncated_in_its_last_record_is_cut_and_made_whole_again() {
    let (disk, _) = filled(2, 3);
    let segment = disk.contents(FIRST).unwrap();
    let (start, _) = records(&segment)[2];
    disk.put(FIRST, &segment[..start + 100]);
    let (mut journal, opened) = open(&disk).unwrap();
    assert_eq!((opened.head.next, opened.short_bytes), (Seq(4), (segment.len() - start - 100) as u64));
    append(&mut journal, 2, 12);
    drop(journal);
    assert!(verify_disk(&disk).unwrap().valid);
}

#[test]
fn records_of_another_journal_do_not_pass_for_later_ones() {
    // The unused end of a segment holds a whole record, with a later number, that another chain wrote.
    let (other, _) = filled(3, 30);
    let strange = other.contents("journal/000003.seg").unwrap();
    let (start, end) = records(&strange)[0];

    let disk = SimDisk::new(2);
    let (mut journal, _) = open(&disk).unwrap();
    journal.append(b"ours", 1).unwrap();
    let head = journal.head();
    drop(journal);
    let mut segment = disk.contents(FIRST).unwrap();
    let behind = records(&segment)[0].1 + 512;
    segment[behind..behind + end - start].copy_from_slice(&strange[start..end]);
    disk.put(FIRST, &segment);
    let (_, opened) = open(&disk).unwrap();
    assert_eq!((opened.head, opened.cut_bytes), (head, (512 + end - start) as u64));
}

#[test]
fn a_header_that_did_not_arrive_with_its_first_record_is_made_again() {
    let disk = SimDisk::new(2);
    let (mut journal, _) = open(&disk).unwrap();
    journal.append(b"ours", 1).unwrap();
    let head = journal.head();
    drop(journal);
    let whole = disk.contents(FIRST).unwrap();
    let mut segment = whole.clone();
    segment[..512].fill(0);
    disk.put(FIRST, &segment);
    assert_eq!(open(&disk).unwrap().1.head, head);
    assert!(disk.contents(FIRST).unwrap() == whole);
}

/// Segment 1 of a good journal, with runs of its bytes replaced.
fn mangled(patches: &[(usize, Vec<u8>)], length: usize) -> SimDisk {
    let (disk, _) = filled(5, 9);
    let mut segment = disk.contents(FIRST).unwrap();
    for (at, bytes) in patches {
        let at = at % segment.len();
        let end = (at + bytes.len()).min(segment.len());
        segment[at..end].copy_from_slice(&bytes[..end - at]);
    }
    segment.truncate(length);
    disk.put(FIRST, &segment);
    disk
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 150, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn random_bytes_as_a_segment_never_panic(bytes in prop::collection::vec(any::<u8>(), 0..4096)) {
        let disk = SimDisk::new(1);
        disk.put(FIRST, &bytes);
        let opened = open(&disk);
        prop_assert!(opened.is_err() || opened.is_ok_and(|(_, opened)| opened.head.next == Seq(1)));
    }

    #[test]
    fn random_bytes_in_the_other_stores_never_panic(bytes in prop::collection::vec(any::<u8>(), 0..4096)) {
        let disk = SimDisk::new(1);
        for path in ["raw/000001.seg", "keys/keys.slots", "snapshots/00000000000000000007.snap"] {
            disk.put(path, &bytes);
        }
        let (raw, _) = RawStore::open(sim(&disk), small()).unwrap();
        prop_assert_eq!(raw.bodies(), 0);
        prop_assert!(KeyStore::open(sim(&disk), MasterKey::new([1; 32])).is_err());
        prop_assert!(Snapshots::open(sim(&disk)).unwrap().latest_valid().unwrap().is_none());
    }

    #[test]
    fn mangled_segments_open_to_a_true_beginning_or_not_at_all(
        patches in prop::collection::vec((any::<usize>(), prop::collection::vec(any::<u8>(), 1..40)), 0..4),
        length in 0_usize..9000,
    ) {
        let disk = mangled(&patches, length);
        let verified = verify_disk(&disk).unwrap();
        if let Ok((journal, opened)) = open(&disk) {
            let found = bodies(journal.reader().as_ref(), opened.oldest).unwrap();
            let expected: Vec<Vec<u8>> = (0..found.len() as u64).map(crate::support::body).collect();
            prop_assert!(found == expected);
            // The audit is at least as strict as opening.
            prop_assert!(!verified.valid || verified.batches == found.len() as u64);
        } else {
            prop_assert!(!verified.valid);
        }
    }
}
