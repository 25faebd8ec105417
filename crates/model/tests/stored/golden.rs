//! Golden files: `tests/golden/<kind>.hex`, one entry on each line. A line that was ever released stays as it is; a new
//! shape adds lines.

use std::collections::BTreeSet;
use std::path::PathBuf;

use model::Entry;

use super::examples::entries;
use super::kinds::{KINDS, number};

fn folder() -> PathBuf {
    PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/golden"))
}

fn hex(entry: &Entry) -> String {
    let mut bytes = Vec::new();
    entry.encode_to(&mut bytes);
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

fn bytes(hex: &str) -> Vec<u8> {
    let digits = hex.as_bytes().chunks_exact(2);
    digits.map(|two| u8::from_str_radix(std::str::from_utf8(two).expect("ASCII"), 16).expect("a hex digit")).collect()
}

fn examples_of(kind: usize) -> Vec<Entry> {
    entries().into_iter().filter(|entry| number(&entry.fact) == kind).collect()
}

fn stored(kind: usize) -> Vec<String> {
    let path = folder().join(format!("{}.hex", KINDS[kind]));
    let text = std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("read {}: {error}", path.display()));
    text.lines().map(str::to_owned).collect()
}

#[test]
fn every_kind_of_fact_has_an_example_and_a_golden_file_and_no_file_is_without_a_kind() {
    let made: BTreeSet<usize> = entries().iter().map(|entry| number(&entry.fact)).collect();
    assert_eq!(made, (0..KINDS.len()).collect());
    let files: BTreeSet<String> = std::fs::read_dir(folder())
        .expect("the folder is beside this file")
        .map(|file| file.expect("a file").file_name().to_string_lossy().into_owned())
        .collect();
    assert_eq!(files, KINDS.iter().map(|kind| format!("{kind}.hex")).collect());
}

#[test]
fn what_was_stored_is_read_as_it_was_meant() {
    for (kind, name) in KINDS.iter().enumerate() {
        let read: Vec<Entry> = stored(kind)
            .iter()
            .flat_map(|line| Entry::decode_all(&bytes(line)).unwrap_or_else(|error| panic!("{name}: {error}")))
            .collect();
        assert_eq!(read, examples_of(kind), "{name}");
    }
}

#[test]
fn what_is_stored_today_is_the_same_bytes() {
    for (kind, name) in KINDS.iter().enumerate() {
        let today: Vec<String> = examples_of(kind).iter().map(hex).collect();
        assert_eq!(today, stored(kind), "{name}.hex");
    }
}

#[test]
fn a_batch_of_all_kinds_reads_back_in_its_order() {
    let all = entries();
    let mut batch = Vec::new();
    all.iter().for_each(|entry| entry.encode_to(&mut batch));
    assert_eq!(Entry::decode_all(&batch).expect("what was just stored"), all);
}

#[test]
fn the_two_ways_to_write_an_entry_agree() {
    for entry in entries() {
        let mut appended = Vec::new();
        entry.encode_to(&mut appended);
        assert_eq!(minicbor::to_vec(&entry).expect("a vector takes everything"), appended);
    }
}
