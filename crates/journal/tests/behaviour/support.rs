//! What the tests share: folders that vanish, small segments, and one short way to fill and read a journal.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use journal::simdisk::SimDisk;
use journal::{Disk, Head, Journal, JournalError, Opened, Options, Prepare, Reader, RealDisk, SegmentJournal, Seq};

/// A folder of its own for one test, removed with everything in it.
pub struct TempFolder(PathBuf);

impl TempFolder {
    pub fn new() -> Self {
        static NEXT: AtomicU64 = AtomicU64::new(0);
        let name = format!("lockstep-journal-{}-{}", std::process::id(), NEXT.fetch_add(1, Ordering::Relaxed));
        let path = std::env::temp_dir().join(name);
        std::fs::create_dir_all(&path).unwrap();
        Self(path)
    }

    pub fn path(&self) -> &Path {
        &self.0
    }

    pub fn disk(&self) -> Arc<dyn Disk> {
        Arc::new(RealDisk::at(&self.0))
    }
}

impl Drop for TempFolder {
    fn drop(&mut self) {
        std::fs::remove_dir_all(&self.0).ok();
    }
}

/// Segments of a few records, made by the append that needs them, so that a seed repeats a run.
pub fn small() -> Options {
    Options { segment_bytes: 8192, prepare: Prepare::WhenNeeded }
}

pub fn sim(disk: &SimDisk) -> Arc<dyn Disk> {
    Arc::new(disk.clone())
}

pub fn open(disk: &SimDisk) -> Result<(SegmentJournal, Opened), JournalError> {
    SegmentJournal::open(sim(disk), small())
}

/// A batch that anyone can recognise: its length and its bytes follow from `number`.
pub fn body(number: u64) -> Vec<u8> {
    let length = 40 + (number * 977) % 1900;
    (0..length).map(|at| (number * 31 + at * 7) as u8).collect()
}

/// Appends batches `from..to`, batch `n` holding `n % 3 + 1` facts.
pub fn append(journal: &mut SegmentJournal, from: u64, to: u64) {
    for number in from..to {
        journal.append(&body(number), facts(number)).unwrap();
    }
}

pub fn facts(number: u64) -> u32 {
    (number % 3 + 1) as u32
}

/// The bodies in the journal from fact `from` on.
pub fn bodies(reader: &dyn Reader, from: Seq) -> Result<Vec<Vec<u8>>, JournalError> {
    let mut cursor = reader.read(from)?;
    let mut bodies = Vec::new();
    while let Some(batch) = cursor.next()? {
        bodies.push(batch.body.to_vec());
    }
    Ok(bodies)
}

/// A simulated disk with a journal of batches `0..batches` in small segments, closed, and its head.
pub fn filled(seed: u64, batches: u64) -> (SimDisk, Head) {
    let disk = SimDisk::new(seed);
    let (mut journal, _) = open(&disk).unwrap();
    append(&mut journal, 0, batches);
    let head = journal.head();
    (disk, head)
}

/// Where the records of a segment begin and end, found by their magic.
pub fn records(segment: &[u8]) -> Vec<(usize, usize)> {
    let starts: Vec<usize> =
        (512..segment.len()).step_by(512).filter(|at| segment[*at..].starts_with(b"LsFr")).collect();
    let end = |start: usize| {
        let length = u32::from_le_bytes(segment[start + 4..start + 8].try_into().unwrap()) as usize;
        start + (64 + length).next_multiple_of(512)
    };
    starts.into_iter().map(|start| (start, end(start))).collect()
}
