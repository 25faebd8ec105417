//! Reading a file from front to back through one buffer, never beyond a given end.
//!
//! Scans, cursors and the audit read through it. It knows nothing of records.

use std::io;
use std::sync::Arc;

use super::SECTOR;
use crate::disk::{DiskFile, ZEROS, read_fully};

#[derive(Debug)]
pub(crate) struct Window {
    file: Arc<dyn DiskFile>,
    bytes: Vec<u8>,
    start: u64,
    chunk: usize,
}

impl Window {
    /// Reads at least `chunk` bytes at a time, where there are as many.
    pub fn new(file: Arc<dyn DiskFile>, chunk: usize) -> Self {
        Self { file, bytes: Vec::new(), start: 0, chunk }
    }

    /// Forgets what was read: the file was written behind the window.
    pub fn forget(&mut self) {
        self.bytes.clear();
    }

    /// `length` bytes from `offset`, or `None` when they go beyond `limit` or the end of the file. Bytes before
    /// `limit` must not change while the window lives.
    pub fn slice(&mut self, offset: u64, length: usize, limit: u64) -> io::Result<Option<&[u8]>> {
        let Some(end) = offset.checked_add(length as u64).filter(|end| *end <= limit) else {
            return Ok(None);
        };
        if offset < self.start || end > self.start + self.bytes.len() as u64 {
            self.fill(offset, length, limit)?;
        }
        let from = (offset - self.start) as usize;
        Ok(self.bytes.get(from..from + length))
    }

    fn fill(&mut self, offset: u64, length: usize, limit: u64) -> io::Result<()> {
        let wanted = (self.chunk.max(length) as u64).min(limit - offset) as usize;
        self.bytes.resize(wanted, 0);
        self.start = offset;
        let read = read_fully(self.file.as_ref(), offset, &mut self.bytes);
        self.bytes.truncate(*read.as_ref().unwrap_or(&0));
        read.map(drop)
    }

    /// The end of the last sector in `from..limit` that is not all zeros; `None` when all are.
    pub fn last_written(&mut self, from: u64, limit: u64) -> io::Result<Option<u64>> {
        let (mut at, mut last) = (from, None);
        while at < limit {
            let length = (limit - at).min(ZEROS.len() as u64) as usize;
            let Some(bytes) = self.slice(at, length, limit)? else {
                break;
            };
            if bytes != &ZEROS[..length] {
                let sectors = bytes.chunks(SECTOR);
                let dirty = sectors.enumerate().rfind(|(_, sector)| *sector != &ZEROS[..sector.len()]);
                last = dirty.map(|(index, sector)| at + (index * SECTOR + sector.len()) as u64).or(last);
            }
            at += length as u64;
        }
        Ok(last)
    }
}
