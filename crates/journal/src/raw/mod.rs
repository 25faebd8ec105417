//! Sealed raw bodies, kept by name: what a webhook really said, for as long as its key lives.
//!
//! `flow` puts each delivery's sealed body here and names it in the fact, so that everything can be replayed from
//! first bytes. The store cannot open what it keeps: bodies must come sealed, which is also why bytes inside a body
//! can never pass for a record.

mod recover;

use std::collections::HashMap;
use std::sync::Arc;

use crate::disk::{Disk, DiskFile, read_fully, write_fully};
use crate::error::JournalError;
use crate::segment::frame::{self, BODY_MAX, FrameHeader, HEADER};
use crate::segment::header::{Kind, SegmentHeader};
use crate::segment::shelf::{self, SegmentFile, Shelf};
use crate::segment::{FIRST_OFFSET, Options};
use crate::words::{Chain, Head, Seq};

const FOLDER: &str = "raw";
/// Raw segments are not chained: facts name the bodies by hash, and the facts are chained.
const SALT: Chain = Chain::START;

/// A raw body's name: the hash that its fact refers to it by.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct RawName(pub [u8; 32]);

/// What became of a put.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Put {
    /// It waits for the next sync.
    Taken,
    /// A body of that name is already kept, or waits already: nothing to do.
    Already,
}

/// What opening the raw store found.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct RawOpened {
    /// Bodies that can be read.
    pub bodies: u64,
    /// Records with a sound header and a damaged body. In the newest segment these may be leftovers of a sync that
    /// never finished; older segments' bodies are checked only when they are read.
    pub damaged: u64,
}

/// The raw store. The journal's lock on the data folder covers it too.
#[derive(Debug)]
pub struct RawStore {
    shelf: Shelf,
    index: HashMap<RawName, Place>,
    files: HashMap<u64, Arc<dyn DiskFile>>,
    active: Active,
    /// Framed records that the next sync writes.
    waiting: Vec<u8>,
    waiting_records: Vec<Waiting>,
    waiting_index: HashMap<RawName, usize>,
    /// The number of the next record.
    next: u64,
    stopped: bool,
}

/// Where a durable record is.
#[derive(Clone, Copy, Debug)]
struct Place {
    segment: u64,
    offset: u64,
    length: u32,
}

#[derive(Clone, Copy, Debug)]
struct Waiting {
    name: RawName,
    at: usize,
    length: u32,
}

#[derive(Debug)]
struct Active {
    segment: SegmentFile,
    end: u64,
    has_header: bool,
}

impl RawStore {
    /// Opens the store in the data folder, or begins one; the index is made from the records' headers.
    ///
    /// # Errors
    /// `Io`, `Full`. Damaged records are counted, not refused: the rest can still be read.
    pub fn open(disk: Arc<dyn Disk>, options: Options) -> Result<(Self, RawOpened), JournalError> {
        let mut shelf = Shelf::open(disk, FOLDER, options)?;
        let found = recover::recover(&mut shelf)?;
        shelf.prepare_ahead(found.active.segment.number + 1);
        let opened = RawOpened { bodies: found.index.len() as u64, damaged: found.damaged };
        let store = Self {
            shelf,
            index: found.index,
            files: found.files,
            active: found.active,
            waiting: Vec::new(),
            waiting_records: Vec::new(),
            waiting_index: HashMap::new(),
            next: found.next,
            stopped: false,
        };
        Ok((store, opened))
    }

    /// Takes a sealed body to be written by the next [`RawStore::sync`]. Readable at once, durable after the sync.
    ///
    /// # Errors
    /// `Stopped` after an earlier failure, `TooLarge` above 1 GiB.
    pub fn put(&mut self, name: RawName, bytes: &[u8]) -> Result<Put, JournalError> {
        if self.stopped {
            return Err(JournalError::Stopped);
        }
        if self.index.contains_key(&name) || self.waiting_index.contains_key(&name) {
            return Ok(Put::Already);
        }
        if bytes.len() as u64 > BODY_MAX {
            return Err(JournalError::TooLarge { bytes: bytes.len() as u64, limit: BODY_MAX });
        }
        let (at, length) = (self.waiting.len(), bytes.len() as u32);
        self.waiting.resize(at + HEADER, 0);
        self.waiting.extend_from_slice(bytes);
        self.waiting.resize(at + frame::padded(bytes.len()), 0);
        let body_crc = crc32fast::hash(&self.waiting[at + HEADER..]);
        let header = FrameHeader { length, facts: 0, body_crc, first: self.next, tag: name.0 };
        self.waiting[at..at + HEADER].copy_from_slice(&header.encode(&SALT));
        self.waiting_index.insert(name, self.waiting_records.len());
        self.waiting_records.push(Waiting { name, at, length });
        self.next += 1;
        Ok(Put::Taken)
    }

    /// Makes everything put so far durable; costs nothing when nothing was.
    ///
    /// # Errors
    /// `Stopped`; `Io` and `Full`, after which the store is stopped until it is opened again.
    pub fn sync(&mut self) -> Result<(), JournalError> {
        if self.stopped {
            return Err(JournalError::Stopped);
        }
        let answer = self.write_waiting();
        if let Err(error) = &answer {
            self.stopped = true;
            tracing::error!(%error, "the raw store stops");
        }
        answer
    }

    /// A body by its name; `None` when there is none.
    ///
    /// # Errors
    /// `Damaged` when its checksum does not match; `Io`.
    pub fn get(&self, name: &RawName) -> Result<Option<Vec<u8>>, JournalError> {
        if let Some(waiting) = self.waiting_index.get(name).map(|index| self.waiting_records[*index]) {
            let from = waiting.at + HEADER;
            return Ok(Some(self.waiting[from..from + waiting.length as usize].to_vec()));
        }
        let Some(place) = self.index.get(name) else {
            return Ok(None);
        };
        let path = shelf::path(FOLDER, place.segment);
        let damaged = || JournalError::Damaged { path: path.clone(), offset: place.offset };
        let file = self.files.get(&place.segment).ok_or_else(damaged)?;
        let mut bytes = vec![0; frame::padded(place.length as usize)];
        let read = read_fully(file.as_ref(), place.offset, &mut bytes).map_err(JournalError::io("read", &path))?;
        let header = FrameHeader::decode(&bytes[..HEADER], &SALT).map_err(|_| damaged())?;
        let whole = read == bytes.len() && header.tag == name.0 && header.length == place.length;
        if !whole || crc32fast::hash(&bytes[HEADER..]) != header.body_crc {
            return Err(damaged());
        }
        bytes.drain(..HEADER);
        bytes.truncate(place.length as usize);
        Ok(Some(bytes))
    }

    /// How many bodies are kept, those that wait for a sync included.
    pub fn bodies(&self) -> usize {
        self.index.len() + self.waiting_records.len()
    }

    fn write_waiting(&mut self) -> Result<(), JournalError> {
        let mut from = 0;
        while let Some(first) = self.waiting_records.get(from).copied() {
            let room = (self.active.segment.bytes - self.active.end) as usize;
            let fitting = self.waiting_records[from..].iter().take_while(|record| record.end() - first.at <= room);
            match fitting.count() {
                0 => self.roll((first.end() - first.at) as u64)?,
                count => {
                    self.write_run(from, from + count)?;
                    from += count;
                }
            }
        }
        self.waiting.clear();
        self.waiting_records.clear();
        self.waiting_index.clear();
        Ok(())
    }

    /// Writes the waiting records `from..to` behind one another with one write and one sync.
    fn write_run(&mut self, from: usize, to: usize) -> Result<(), JournalError> {
        let run = &self.waiting_records[from..to];
        let (start, end) = (run[0].at, run[run.len() - 1].end());
        let path = shelf::path(FOLDER, self.active.segment.number);
        let file = self.active.segment.file.as_ref();
        if !self.active.has_header {
            let header = SegmentHeader {
                kind: Kind::Raw,
                number: self.active.segment.number,
                bytes: self.active.segment.bytes,
                start: Head { next: Seq(self.next - (self.waiting_records.len() - from) as u64), chain: SALT },
            };
            write_fully(file, 0, &header.encode()).map_err(JournalError::io("write", &path))?;
        }
        write_fully(file, self.active.end, &self.waiting[start..end]).map_err(JournalError::io("write", &path))?;
        file.sync().map_err(JournalError::io("sync", &path))?;
        for record in run {
            let offset = self.active.end + (record.at - start) as u64;
            let place = Place { segment: self.active.segment.number, offset, length: record.length };
            self.index.insert(record.name, place);
        }
        self.active.end += (end - start) as u64;
        if !self.active.has_header {
            self.active.has_header = true;
            self.shelf.prepare_ahead(self.active.segment.number + 1);
        }
        Ok(())
    }

    fn roll(&mut self, padded: u64) -> Result<(), JournalError> {
        let number = self.active.segment.number + u64::from(self.active.end > FIRST_OFFSET);
        let segment = self.shelf.take(number, padded)?;
        self.files.insert(number, Arc::clone(&segment.file));
        self.active = Active { segment, end: FIRST_OFFSET, has_header: false };
        Ok(())
    }
}

impl Waiting {
    fn end(&self) -> usize {
        self.at + frame::padded(self.length as usize)
    }
}
