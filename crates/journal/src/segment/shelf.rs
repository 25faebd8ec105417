//! The shelf of segment files: names, opening, and preparing the next file before it is needed.
//!
//! The embedded journal and the raw store each have one. It knows files by number, not what is in them.

use std::io;
use std::sync::Arc;
use std::thread::JoinHandle;

use super::header::{BYTES_MAX, Kind, SegmentHeader};
use super::{FIRST_OFFSET, SECTOR};
use crate::disk::{Disk, DiskFile, read_fully, write_zeros};
use crate::error::JournalError;

/// How segment files are made.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Options {
    /// Length of a segment file in bytes; rounded up to whole 4 KiB pages, at least one. A record that is longer gets
    /// a segment of its own length.
    pub segment_bytes: u64,
    /// Who fills the next segment with zeros.
    pub prepare: Prepare,
}

/// When the next segment file is made.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Prepare {
    /// A thread makes it while the present one is being filled: an append never waits for zeros to be written.
    Ahead,
    /// The append that needs it makes it: no thread, so that a simulation stays repeatable.
    WhenNeeded,
}

impl Default for Options {
    /// Segments of 64 MiB, prepared ahead.
    fn default() -> Self {
        Self { segment_bytes: 64 * 1024 * 1024, prepare: Prepare::Ahead }
    }
}

/// A segment file and its length.
#[derive(Clone, Debug)]
pub(crate) struct SegmentFile {
    pub number: u64,
    pub file: Arc<dyn DiskFile>,
    pub bytes: u64,
}

#[derive(Debug)]
pub(crate) struct Shelf {
    pub disk: Arc<dyn Disk>,
    pub folder: &'static str,
    options: Options,
    ahead: Option<JoinHandle<bool>>,
}

impl Shelf {
    /// Makes the folder when it is not there.
    pub fn open(disk: Arc<dyn Disk>, folder: &'static str, mut options: Options) -> Result<Self, JournalError> {
        options.segment_bytes = options.segment_bytes.clamp(1, BYTES_MAX).next_multiple_of(4096);
        disk.make_folder(folder).map_err(JournalError::io("make folder", folder))?;
        Ok(Self { disk, folder, options, ahead: None })
    }

    /// The file of segment `number`, all zeros, with room for at least `room` bytes of records, its name durable.
    pub fn take(&mut self, number: u64, room: u64) -> Result<SegmentFile, JournalError> {
        let ready = self.ahead.take().is_some_and(|ahead| ahead.join().unwrap_or(false));
        let bytes = self.options.segment_bytes.max((FIRST_OFFSET + room).next_multiple_of(4096));
        if ready {
            let prepared = open(self.disk.as_ref(), self.folder, number)?;
            if prepared.bytes >= bytes {
                return Ok(prepared);
            }
        }
        prepare(self.disk.as_ref(), self.folder, number, bytes)
    }

    /// Begins to make segment `number` in the background, when the options say so.
    pub fn prepare_ahead(&mut self, number: u64) {
        if self.options.prepare == Prepare::WhenNeeded || self.ahead.is_some() {
            return;
        }
        let (disk, folder, bytes) = (Arc::clone(&self.disk), self.folder, self.options.segment_bytes);
        let work = move || match prepare(disk.as_ref(), folder, number, bytes) {
            Ok(_) => true,
            Err(error) => {
                tracing::warn!(folder, number, %error, "the next segment could not be prepared ahead");
                false
            }
        };
        // Without a thread the next roll makes the file itself.
        self.ahead = std::thread::Builder::new().name(format!("prepare-{folder}")).spawn(work).ok();
    }
}

impl Drop for Shelf {
    fn drop(&mut self) {
        if let Some(ahead) = self.ahead.take() {
            // The thread must not write into a folder that the next owner has already opened.
            let _ = ahead.join();
        }
    }
}

/// The path of a segment, relative to the data folder.
pub(crate) fn path(folder: &str, number: u64) -> String {
    format!("{folder}/{number:06}.seg")
}

/// The numbers of the segments in a folder, ascending.
pub(crate) fn numbers(disk: &dyn Disk, folder: &str) -> Result<Vec<u64>, JournalError> {
    let names = disk.list(folder).map_err(JournalError::io("list", folder))?;
    let mut numbers: Vec<u64> = names
        .iter()
        .filter_map(|name| name.strip_suffix(".seg"))
        .filter(|stem| (6..=15).contains(&stem.len()))
        .filter_map(|stem| stem.parse().ok())
        .collect();
    numbers.sort_unstable();
    numbers.dedup();
    Ok(numbers)
}

pub(crate) fn open(disk: &dyn Disk, folder: &str, number: u64) -> Result<SegmentFile, JournalError> {
    let path = path(folder, number);
    let file = disk.open(&path).map_err(JournalError::io("open", &path))?;
    let bytes = file.length().map_err(JournalError::io("measure", &path))?;
    Ok(SegmentFile { number, file, bytes })
}

impl SegmentFile {
    /// The segment's header; the inner error says that it has none.
    pub fn header(&self, kind: Kind) -> io::Result<Result<SegmentHeader, super::Flaw>> {
        let mut sector = [0; SECTOR];
        read_fully(self.file.as_ref(), 0, &mut sector)?;
        Ok(SegmentHeader::decode(&sector, kind, self.number))
    }
}

/// Opens the prepared file when it is long enough, else makes or lengthens it with zeros; durable on return. The file
/// holds nothing but zeros: opening a store wipes what an unfinished first record may have left in it.
fn prepare(disk: &dyn Disk, folder: &str, number: u64, bytes: u64) -> Result<SegmentFile, JournalError> {
    let path = path(folder, number);
    let file = match disk.open(&path) {
        Ok(file) => file,
        Err(error) if error.kind() == io::ErrorKind::NotFound => {
            disk.create(&path).map_err(JournalError::io("make", &path))?
        }
        Err(error) => return Err(JournalError::io("open", &path)(error)),
    };
    let length = file.length().map_err(JournalError::io("measure", &path))?;
    write_zeros(file.as_ref(), length, bytes).map_err(JournalError::io("prepare", &path))?;
    // Also when it was long enough: an earlier attempt may have ended before its syncs.
    file.sync().map_err(JournalError::io("sync", &path))?;
    disk.sync_folder(folder).map_err(JournalError::io("sync folder", folder))?;
    Ok(SegmentFile { number, file, bytes: length.max(bytes) })
}
