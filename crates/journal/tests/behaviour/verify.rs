//! The audit names the first bad record, whatever was done to the file.

use journal::simdisk::SimDisk;
use journal::{FirstBad, Flaw, Seq, verify_disk};

use crate::support::{TempFolder, append, facts, filled, records};

const FIRST: &str = "journal/000001.seg";

/// What the audit says after `damage` was done to the first segment of a journal of 24 batches, and where in that
/// segment the records were.
fn after(damage: impl FnOnce(&mut Vec<u8>, &[(usize, usize)])) -> (Option<FirstBad>, Vec<(usize, usize)>) {
    let (disk, _) = filled(9, 24);
    let mut segment = disk.contents(FIRST).unwrap();
    let records = records(&segment);
    damage(&mut segment, &records);
    disk.put(FIRST, &segment);
    let verified = verify_disk(&disk).unwrap();
    assert_eq!(verified.valid, verified.first_bad.is_none());
    (verified.first_bad, records)
}

fn bad(record: (usize, usize), seq: u64, reason: Flaw) -> Option<FirstBad> {
    Some(FirstBad { seq: Seq(seq), segment: 1, offset: record.0 as u64, reason })
}

#[test]
fn a_good_journal_is_valid_and_counted() {
    let (disk, head) = filled(9, 24);
    let verified = verify_disk(&disk).unwrap();
    let count: u32 = (0..24).map(facts).sum();
    assert_eq!((verified.facts, verified.batches, verified.valid), (u64::from(count), 24, true));
    assert_eq!((verified.chain, verified.oldest), (head.chain, Seq(1)));
    assert!(verified.bytes >= 8192);
    assert!(verify_disk(&SimDisk::new(0)).unwrap().valid, "an empty folder is an empty journal");
}

#[test]
fn every_flipped_byte_of_a_segment_is_found_at_its_record() {
    let (disk, _) = filled(9, 24);
    let segment = disk.contents(FIRST).unwrap();
    let records = records(&segment);
    for byte in (0..segment.len()).step_by(37) {
        disk.flip_bit(FIRST, byte as u64 * 8 + byte as u64 % 8).unwrap();
        let found = verify_disk(&disk).unwrap().first_bad.unwrap();
        let record = records.iter().find(|(start, end)| (*start..*end).contains(&byte));
        let behind = records[records.len() - 1].1;
        let expected = if byte < 512 { 0 } else { record.map_or(behind, |record| record.0) };
        assert_eq!((found.segment, found.offset), (1, expected as u64), "byte {byte}");
        disk.flip_bit(FIRST, byte as u64 * 8 + byte as u64 % 8).unwrap();
    }
    assert!(verify_disk(&disk).unwrap().valid);
}

#[test]
fn a_dropped_record_is_found_where_it_was() {
    // Batches 0, 1, 2 hold facts 1, 2–3, 4–6.
    let (found, records) = after(|segment, records| {
        let (start, end) = records[1];
        segment.drain(start..end);
        segment.resize(8192, 0);
    });
    assert_eq!(found, bad(records[1], 2, Flaw::WrongSeq { found: Seq(4) }));
}

#[test]
fn a_record_overwritten_with_zeros_is_found() {
    let (found, records) = after(|segment, records| segment[records[2].0..records[2].1].fill(0));
    assert_eq!(found, bad(records[2], 4, Flaw::Gap));
}

#[test]
fn swapped_records_are_found_at_the_first_of_them() {
    let (found, records) = after(|segment, records| {
        let (one, two) = (segment[records[1].0..records[1].1].to_vec(), segment[records[2].0..records[2].1].to_vec());
        segment[records[1].0..records[2].1].copy_from_slice(&[two, one].concat());
    });
    assert_eq!(found, bad(records[1], 2, Flaw::WrongSeq { found: Seq(4) }));
}

#[test]
fn an_inserted_record_is_found_where_it_stands() {
    let (found, records) = after(|segment, records| {
        let copy = segment[records[0].0..records[0].1].to_vec();
        segment.splice(records[1].0..records[1].0, copy);
        segment.truncate(8192);
    });
    assert_eq!(found, bad(records[1], 2, Flaw::WrongSeq { found: Seq(1) }));
}

#[test]
fn a_record_changed_together_with_its_checksums_is_found_by_the_chain() {
    let (found, records) = after(|segment, records| {
        let (start, end) = records[1];
        segment[start + 64] ^= 1;
        let body_crc = crc32(&segment[start + 64..end]);
        segment[start + 12..start + 16].copy_from_slice(&body_crc.to_le_bytes());
        // Segment 1 is salted with the chain before the first fact: zeros.
        let header_crc = crc32(&[&[0; 32], &segment[start..start + 60]].concat());
        segment[start + 60..start + 64].copy_from_slice(&header_crc.to_le_bytes());
    });
    assert_eq!(found, bad(records[1], 2, Flaw::Chain));
}

#[test]
fn a_truncated_segment_is_found_in_the_middle_and_at_the_end() {
    let (found, records) = after(|segment, records| segment.truncate(records[2].0 + 70));
    assert_eq!(found, bad(records[2], 4, Flaw::CutShort));
    let (found, _) = after(|segment, records| segment.truncate(records[2].0));
    let length = records[2].0 as u64;
    assert_eq!(found, bad(records[2], 4, Flaw::SegmentLength { found: length, made: 8192 }));
}

#[test]
fn a_segment_that_is_gone_is_named() {
    let (disk, _) = filled(9, 24);
    disk.take_away("journal/000002.seg");
    let found = verify_disk(&disk).unwrap().first_bad.unwrap();
    assert_eq!((found.segment, found.offset, found.reason), (2, 0, Flaw::SegmentMissing));
}

#[test]
fn a_journal_whose_early_segments_were_moved_away_is_valid_from_there() {
    let (disk, head) = filled(9, 24);
    disk.take_away(FIRST);
    let verified = verify_disk(&disk).unwrap();
    assert!(verified.valid && verified.oldest > Seq(1));
    assert_eq!((verified.chain, verified.oldest.0 + verified.facts), (head.chain, head.next.0));
}

#[test]
fn an_audit_of_the_real_disk_needs_no_right_to_write() {
    let folder = TempFolder::new();
    let (mut journal, _) = journal::SegmentJournal::open(folder.disk(), crate::support::small()).unwrap();
    append(&mut journal, 0, 9);
    drop(journal);
    let before: Vec<_> = listing(folder.path());
    assert!(journal::verify(folder.path()).unwrap().valid);
    assert_eq!(listing(folder.path()), before);
}

fn listing(folder: &std::path::Path) -> Vec<(String, u64)> {
    let entries = std::fs::read_dir(folder.join("journal")).unwrap().map(Result::unwrap);
    let mut names: Vec<_> =
        entries.map(|entry| (entry.file_name().into_string().unwrap(), entry.metadata().unwrap().len())).collect();
    names.sort();
    names
}

/// CRC-32 as in zip and PNG, written out, so that the format is checked against something outside the crate.
fn crc32(bytes: &[u8]) -> u32 {
    !bytes.iter().fold(!0_u32, |crc, byte| {
        (0..8).fold(crc ^ u32::from(*byte), |crc, _| if crc & 1 == 1 { (crc >> 1) ^ 0xEDB8_8320 } else { crc >> 1 })
    })
}
