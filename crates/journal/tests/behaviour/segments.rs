//! Rolling, archiving, moving back, and starting from a snapshot's border.

use journal::simdisk::SimDisk;
use journal::{Chain, Head, Journal, JournalError, Options, Prepare, SegmentJournal, Seq};

use crate::support::{TempFolder, append, bodies, body, filled, open, records, sim, small};

fn open_from(disk: &SimDisk, from: Head) -> Result<Head, JournalError> {
    SegmentJournal::open_from(sim(disk), small(), from).map(|(_, opened)| opened.head)
}

#[test]
fn full_segments_are_sealed_and_lead_from_one_to_the_next() {
    let (disk, head) = filled(1, 30);
    let (journal, _) = open(&disk).unwrap();
    let sealed = journal.sealed_segments();
    assert!(sealed.len() > 2);
    assert_eq!(sealed[0].start, Head::START);
    assert!(sealed.windows(2).all(|pair| pair[0].end == pair[1].start && pair[0].number + 1 == pair[1].number));
    assert!(sealed.iter().all(|segment| { disk.contents(&segment.path).is_ok_and(|bytes| bytes.len() == 8192) }));
    assert!(sealed[sealed.len() - 1].end.next < head.next);
}

#[test]
fn a_journal_opens_without_segments_that_a_snapshot_covers() {
    let (disk, head) = filled(1, 30);
    let sealed = open(&disk).unwrap().0.sealed_segments();
    let (first, border) = (disk.contents(&sealed[0].path).unwrap(), sealed[1].end);
    disk.take_away(&sealed[0].path);
    assert!(
        matches!(open(&disk), Err(JournalError::Missing { seq: Seq(1), oldest: Some(oldest) }) if oldest == sealed[0].end.next)
    );

    let (mut journal, opened) = SegmentJournal::open_from(sim(&disk), small(), border).unwrap();
    assert_eq!((opened.head, opened.oldest), (head, sealed[1].start.next));
    append(&mut journal, 30, 35);
    let reader = journal.reader();
    assert!(matches!(reader.read(Seq(1)), Err(JournalError::Missing { .. })));
    assert!(bodies(reader.as_ref(), border.next).is_ok_and(|bodies| bodies.last() == Some(&body(34))));

    // Moved back while the journal is open.
    disk.put(&sealed[0].path, &first);
    let expected: Vec<_> = (0..35).map(body).collect();
    assert!(bodies(reader.as_ref(), Seq(1)).unwrap() == expected);
    drop(journal);
    open(&disk).unwrap();
}

#[test]
fn a_segment_moved_away_while_the_journal_is_open_is_missed_by_name_and_read_again_when_back() {
    let (disk, _) = filled(1, 30);
    let (journal, _) = open(&disk).unwrap();
    let first = journal.sealed_segments().remove(0);
    let bytes = disk.contents(&first.path).unwrap();
    disk.take_away(&first.path);
    let refused = bodies(journal.reader().as_ref(), Seq(1)).unwrap_err();
    assert!(matches!(refused, JournalError::Missing { seq: Seq(1), .. }), "{refused}");
    assert!(bodies(journal.reader().as_ref(), first.end.next).is_ok_and(|bodies| !bodies.is_empty()));
    disk.put(&first.path, &bytes);
    assert_eq!(bodies(journal.reader().as_ref(), Seq(1)).unwrap().len(), 30);
}

#[test]
fn a_border_that_the_journal_does_not_have_is_refused() {
    let (disk, head) = filled(1, 30);
    assert_eq!(open_from(&disk, head).unwrap(), head);
    let beyond = Head { next: Seq(head.next.0 + 1), ..head };
    assert!(matches!(open_from(&disk, beyond), Err(JournalError::Behind { next, .. }) if next == head.next));
    let strange = Head { chain: Chain([7; 32]), ..head };
    assert!(matches!(open_from(&disk, strange), Err(JournalError::Diverged { .. })));
    // Fact 3 is in the middle of a batch: no snapshot was ever taken there.
    assert!(matches!(open_from(&disk, Head { next: Seq(3), chain: head.chain }), Err(JournalError::Diverged { .. })));
}

#[test]
fn a_missing_segment_in_the_middle_is_not_passed_over() {
    let (disk, head) = filled(1, 30);
    disk.take_away("journal/000002.seg");
    assert!(matches!(open(&disk), Err(JournalError::Missing { .. })));
    assert_eq!(open_from(&disk, head).unwrap(), head, "what comes after the gap is whole");
}

#[test]
fn a_batch_longer_than_a_segment_gets_one_of_its_own() {
    let disk = SimDisk::new(1);
    let (mut journal, _) = open(&disk).unwrap();
    let long = vec![9; 50_000];
    for batch in [&b"short"[..], &long, b"short again", &long, &long] {
        journal.append(batch, 1).unwrap();
    }
    drop(journal);
    let (journal, _) = open(&disk).unwrap();
    let lengths: Vec<usize> = bodies(journal.reader().as_ref(), Seq(1)).unwrap().iter().map(Vec::len).collect();
    assert_eq!(lengths, [5, 50_000, 11, 50_000, 50_000]);
    assert!(journal::verify_disk(&disk).unwrap().valid);
}

#[test]
fn a_long_first_record_whose_new_header_was_lost_is_kept() {
    // A prepared segment got its header with a record that never arrived, was lengthened for a long record, and the
    // power went when only that record's pages, not the header's, were on the platter.
    let disk = SimDisk::new(1);
    let (mut journal, _) = open(&disk).unwrap();
    journal.append(b"short", 1).unwrap();
    drop(journal);
    let path = "journal/000001.seg";
    let mut emptied = disk.contents(path).unwrap();
    let old_header = emptied[..512].to_vec();
    emptied[512..].fill(0);
    disk.put(path, &emptied);
    let (mut journal, _) = open(&disk).unwrap();
    let long = vec![9; 50_000];
    journal.append(&long, 1).unwrap();
    drop(journal);
    let mut lengthened = disk.contents(path).unwrap();
    lengthened[..512].copy_from_slice(&old_header);
    disk.put(path, &lengthened);
    let (journal, _) = open(&disk).unwrap();
    assert!(bodies(journal.reader().as_ref(), Seq(1)).unwrap() == [long]);
    assert!(journal::verify_disk(&disk).unwrap().valid);
}

#[test]
fn a_folder_with_nothing_but_a_prepared_segment_is_not_taken_for_a_new_journal() {
    let disk = SimDisk::new(1);
    disk.put("journal/000007.seg", &[0; 8192]);
    assert!(matches!(open(&disk), Err(JournalError::Missing { seq: Seq(1), oldest: None })));
}

#[test]
fn segments_prepared_ahead_are_used_and_survive_reopening() {
    let folder = TempFolder::new();
    let options = Options { segment_bytes: 8192, prepare: Prepare::Ahead };
    for round in 0..4 {
        let (mut journal, opened) = SegmentJournal::open(folder.disk(), options).unwrap();
        assert_eq!((opened.cut_bytes, opened.short_bytes), (0, 0));
        append(&mut journal, round * 20, round * 20 + 20);
    }
    let (journal, _) = SegmentJournal::open(folder.disk(), options).unwrap();
    let expected: Vec<_> = (0..80).map(body).collect();
    assert!(bodies(journal.reader().as_ref(), Seq(1)).unwrap() == expected);
    drop(journal);
    assert!(journal::verify(folder.path()).unwrap().valid);
}

#[test]
fn a_journal_that_was_opened_and_never_written_to_opens_again() {
    let folder = TempFolder::new();
    let options = Options { segment_bytes: 8192, prepare: Prepare::Ahead };
    for _ in 0..3 {
        let (journal, opened) = SegmentJournal::open(folder.disk(), options).unwrap();
        assert_eq!((opened.head, opened.cut_bytes), (Head::START, 0));
        drop(journal);
        assert!(folder.path().join("journal/000002.seg").exists(), "the second segment was prepared ahead");
        assert!(journal::verify(folder.path()).unwrap().valid);
    }
    let (mut journal, _) = SegmentJournal::open(folder.disk(), options).unwrap();
    append(&mut journal, 0, 20);
    drop(journal);
    let (journal, _) = SegmentJournal::open(folder.disk(), options).unwrap();
    assert_eq!(bodies(journal.reader().as_ref(), Seq(1)).unwrap().len(), 20);
}

#[test]
fn a_first_write_that_did_not_finish_is_cut_although_the_next_segment_was_prepared() {
    let disk = SimDisk::new(1);
    let mut torn = vec![0; 8192];
    torn[600..900].fill(7);
    disk.put("journal/000001.seg", &torn);
    disk.put("journal/000002.seg", &[0; 8192]);
    let (_, opened) = open(&disk).unwrap();
    assert_eq!((opened.head, opened.cut_bytes), (Head::START, 1024), "whole sectors are cut");
    assert!(disk.contents("journal/000001.seg").unwrap().iter().all(|byte| *byte == 0));
}

#[test]
fn a_damaged_last_record_that_a_snapshot_has_seen_is_refused_and_left_as_evidence() {
    let (disk, head) = filled(1, 30);
    let last = disk.paths().into_iter().filter(|path| path.ends_with(".seg")).max().unwrap();
    let bytes = disk.contents(&last).unwrap();
    let (start, _) = *records(&bytes).last().unwrap();
    disk.flip_bit(&last, start as u64 * 8 + 800).unwrap();
    let damaged = disk.contents(&last).unwrap();
    assert!(matches!(open_from(&disk, head), Err(JournalError::Behind { wanted, .. }) if wanted == head.next));
    assert_eq!(disk.contents(&last).unwrap(), damaged, "nothing is cut");
    assert!(!journal::verify_disk(sim(&disk).as_ref()).unwrap().valid);
}
