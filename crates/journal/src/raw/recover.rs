//! Opening the raw store: the index from the records' headers, the place where the next record goes.
//!
//! Only [`super::RawStore`] calls it. Many records share a sync here, so a crash may leave any of the last ones broken
//! between good ones; each stands for itself, and the search goes on behind a broken one, sector by sector.

use std::collections::HashMap;
use std::io;
use std::sync::Arc;

use super::{Active, FOLDER, Place, RawName, SALT};
use crate::disk::{DiskFile, write_fully, write_zeros};
use crate::error::JournalError;
use crate::segment::header::Kind;
use crate::segment::scan::{self, Step};
use crate::segment::shelf::{self, SegmentFile, Shelf};
use crate::segment::window::Window;
use crate::segment::{FIRST_OFFSET, SECTOR};

/// Large where every body is read, small where headers are picked from between bodies.
const CHUNK_BYTES: usize = 1024 * 1024;
const HEADERS_CHUNK_BYTES: usize = SECTOR;

pub(super) struct Found {
    pub index: HashMap<RawName, Place>,
    pub files: HashMap<u64, Arc<dyn DiskFile>>,
    pub active: Active,
    pub next: u64,
    pub damaged: u64,
}

#[derive(Default)]
struct Search {
    index: HashMap<RawName, Place>,
    next: u64,
    damaged: u64,
}

pub(super) fn recover(shelf: &mut Shelf) -> Result<Found, JournalError> {
    let mut search = Search::default();
    let mut files = HashMap::new();
    let mut newest = None;
    let numbers = shelf::numbers(shelf.disk.as_ref(), FOLDER)?;
    for (index, number) in numbers.iter().enumerate() {
        let segment = shelf::open(shelf.disk.as_ref(), FOLDER, *number)?;
        files.insert(*number, Arc::clone(&segment.file));
        // The last file may be one prepared ahead; then the one before it is the newest with records.
        let may_be_active = index + 2 >= numbers.len();
        let path = shelf::path(FOLDER, *number);
        let end = if may_be_active { search.every_record(&segment) } else { search.headers(&segment) };
        let end = end.map_err(JournalError::io("read", &path))?;
        if may_be_active && (end > FIRST_OFFSET || newest.is_none()) {
            mend(&segment, end).map_err(JournalError::io("mend", &path))?;
            let has_header = segment.header(Kind::Raw).map_err(JournalError::io("read", &path))?.is_ok();
            newest = Some(Active { segment, end, has_header });
        } else if may_be_active {
            mend(&segment, 0).map_err(JournalError::io("mend", &path))?;
        }
    }
    let active = match newest {
        Some(active) if active.segment.bytes > FIRST_OFFSET => active,
        Some(_) | None => {
            let segment = shelf.take(numbers.last().copied().unwrap_or(1), 0)?;
            files.insert(segment.number, Arc::clone(&segment.file));
            Active { segment, end: FIRST_OFFSET, has_header: false }
        }
    };
    shelf.disk.sync_folder(FOLDER).map_err(JournalError::io("sync folder", FOLDER))?;
    Ok(Found { index: search.index, files, active, next: search.next.max(1), damaged: search.damaged })
}

impl Search {
    /// Takes in every record whose checksums match; the answer is where the last of them ends.
    fn every_record(&mut self, segment: &SegmentFile) -> io::Result<u64> {
        let mut window = Window::new(Arc::clone(&segment.file), CHUNK_BYTES);
        let limit = window.last_written(FIRST_OFFSET, segment.bytes)?.unwrap_or(FIRST_OFFSET);
        let (mut at, mut end) = (FIRST_OFFSET, FIRST_OFFSET);
        while at < limit {
            match scan::step(&mut window, at, segment.bytes, &SALT)? {
                Step::Frame(header) => {
                    self.take(segment.number, at, &header);
                    at += header.padded();
                    end = at;
                }
                Step::Rotten(..) => {
                    self.damaged += 1;
                    at += SECTOR as u64;
                }
                Step::Nothing | Step::Flawed(_) => at += SECTOR as u64,
            }
        }
        Ok(end)
    }

    /// The same without reading the bodies.
    fn headers(&mut self, segment: &SegmentFile) -> io::Result<u64> {
        let mut window = Window::new(Arc::clone(&segment.file), HEADERS_CHUNK_BYTES);
        let (mut at, mut end) = (FIRST_OFFSET, FIRST_OFFSET);
        while at < segment.bytes {
            match scan::header_at(&mut window, at, segment.bytes, &SALT)? {
                Ok(Some(header)) if at + header.padded() <= segment.bytes => {
                    self.take(segment.number, at, &header);
                    at += header.padded();
                    end = at;
                }
                Ok(_) | Err(_) => at += SECTOR as u64,
            }
        }
        Ok(end)
    }

    fn take(&mut self, segment: u64, offset: u64, header: &crate::segment::frame::FrameHeader) {
        self.index.insert(RawName(header.tag), Place { segment, offset, length: header.length });
        self.next = self.next.max(header.first.saturating_add(1));
    }
}

/// Zeros behind `end`, and everything before it once more: a sync that failed earlier may have left records in memory
/// only, and a later put of the same name would then be answered without anything being written.
fn mend(segment: &SegmentFile, end: u64) -> io::Result<()> {
    let mut window = Window::new(Arc::clone(&segment.file), CHUNK_BYTES);
    let written = window.last_written(end, segment.bytes)?;
    let mut at = 0;
    while at < end.min(segment.bytes) {
        let length = (end - at).min(CHUNK_BYTES as u64) as usize;
        let Some(bytes) = window.slice(at, length, end)? else {
            break;
        };
        write_fully(segment.file.as_ref(), at, bytes)?;
        at += length as u64;
    }
    write_zeros(segment.file.as_ref(), end, written.unwrap_or(end))?;
    segment.file.sync()
}
