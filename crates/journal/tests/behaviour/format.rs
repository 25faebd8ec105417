//! The segment format, byte for byte: a file written by any version is read by every later one.

use journal::simdisk::SimDisk;
use journal::{Journal, Options, Prepare, SegmentJournal, Seq, verify_disk};

use crate::support::{bodies, sim};

const GOLDEN: &str = include_str!("../golden/segment-v1.hex");
const PATH: &str = "journal/000001.seg";

fn options() -> Options {
    Options { segment_bytes: 4096, prepare: Prepare::WhenNeeded }
}

const BATCHES: [(&[u8], u32); 3] = [(b"one", 1), (b"", 2), (&[0xA5; 600], 7)];

/// Offset and bytes of every 32-byte row that is not all zeros, and the length of the file.
fn to_hex(bytes: &[u8]) -> String {
    let mut text = format!("# a segment of {} bytes; rows of zeros are left out\n", bytes.len());
    for (row, chunk) in bytes.chunks(32).enumerate().filter(|(_, chunk)| chunk.iter().any(|byte| *byte != 0)) {
        let hex: String = chunk.iter().map(|byte| format!("{byte:02x}")).collect();
        text.push_str(&format!("{:05x} {hex}\n", row * 32));
    }
    text
}

fn from_hex(text: &str) -> Vec<u8> {
    let mut bytes = vec![0; 4096];
    for line in text.lines().filter(|line| !line.starts_with('#')) {
        let (offset, hex) = line.split_once(' ').unwrap();
        let offset = usize::from_str_radix(offset, 16).unwrap();
        for (index, byte) in bytes[offset..offset + hex.len() / 2].iter_mut().enumerate() {
            *byte = u8::from_str_radix(&hex[index * 2..index * 2 + 2], 16).unwrap();
        }
    }
    bytes
}

#[test]
fn a_small_journal_is_written_as_the_golden_file_says() {
    let disk = SimDisk::new(0);
    let (mut journal, _) = SegmentJournal::open(sim(&disk), options()).unwrap();
    for (body, facts) in BATCHES {
        journal.append(body, facts).unwrap();
    }
    let written = to_hex(&disk.contents(PATH).unwrap());
    assert!(written == GOLDEN, "the segment format changed; now it is:\n{written}");
}

#[test]
fn the_golden_file_is_read_and_goes_on() {
    let disk = SimDisk::new(0);
    disk.put(PATH, &from_hex(GOLDEN));
    let verified = verify_disk(&disk).unwrap();
    assert_eq!((verified.valid, verified.batches, verified.facts), (true, 3, 10));
    let (mut journal, opened) = SegmentJournal::open(sim(&disk), options()).unwrap();
    assert_eq!((opened.head.next, opened.head.chain), (Seq(11), verified.chain));
    let expected: Vec<Vec<u8>> = BATCHES.iter().map(|(body, _)| body.to_vec()).collect();
    assert_eq!(bodies(journal.reader().as_ref(), Seq(1)).unwrap(), expected);
    assert_eq!(journal.append(b"more", 1).unwrap().first, Seq(11));
}
