//! The audit: reads every segment from the disk and names the first record that cannot be trusted.
//!
//! `lockstep audit verify` calls it, on a journal that nobody is writing. It needs no snapshot, no key and no
//! configuration, and it changes nothing. It checks more than opening does: also lengths of files and what lies behind
//! the last record.

use std::io;
use std::path::Path;

use crate::disk::{Disk, RealDisk};
use crate::embedded::FOLDER;
use crate::error::JournalError;
use crate::segment::header::{Kind, SegmentHeader};
use crate::segment::shelf::{self, SegmentFile};
use crate::segment::window::Window;
use crate::segment::{FIRST_OFFSET, Flaw, scan};
use crate::words::{Chain, Head, Seq};

const CHUNK_BYTES: usize = 1024 * 1024;

/// What the audit found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Verified {
    /// The first fact in the folder; 1 unless early segments were moved away.
    pub oldest: Seq,
    /// Facts that are good, up to the first bad record.
    pub facts: u64,
    /// Records that are good, up to the first bad one.
    pub batches: u64,
    /// Bytes read.
    pub bytes: u64,
    /// Whether everything is good.
    pub valid: bool,
    /// The first bad record, `None` when everything is good.
    pub first_bad: Option<FirstBad>,
    /// The chain after the last good record. Compare it with one written down elsewhere: whoever can rewrite the whole
    /// journal can make any chain match itself.
    pub chain: Chain,
}

/// Where the journal stops being good.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FirstBad {
    /// The fact that should be there.
    pub seq: Seq,
    /// The segment's number.
    pub segment: u64,
    /// Byte offset of the record in the segment file; 0 for the segment's header.
    pub offset: u64,
    /// What is wrong.
    pub reason: Flaw,
}

/// Verifies the journal in the data folder `dir`.
///
/// # Errors
/// `Io` when the disk cannot be read. Damage is not an error, it is the answer.
pub fn verify(dir: &Path) -> Result<Verified, JournalError> {
    verify_disk(&RealDisk::read_only(dir))
}

/// The same on any disk.
///
/// # Errors
/// As [`verify`].
pub fn verify_disk(disk: &dyn Disk) -> Result<Verified, JournalError> {
    audit(disk, &mut |_| {})
}

/// The same, telling `passed` every border behind a good record.
pub(crate) fn audit(disk: &dyn Disk, passed: &mut dyn FnMut(&Head)) -> Result<Verified, JournalError> {
    let numbers = shelf::numbers(disk, FOLDER)?;
    let mut audit = Audit { oldest: None, head: Head::START, batches: 0, bytes: 0, ended: false };
    let mut bad = None;
    let mut expected = numbers.first().copied();
    for number in numbers {
        if expected != Some(number) {
            bad = Some(audit.bad(expected.unwrap_or(number), 0, Flaw::SegmentMissing));
            break;
        }
        let segment = shelf::open(disk, FOLDER, number)?;
        bad = audit.segment(&segment, passed).map_err(JournalError::io("read", &shelf::path(FOLDER, number)))?;
        if bad.is_some() {
            break;
        }
        expected = number.checked_add(1);
    }
    Ok(audit.verdict(bad))
}

struct Audit {
    oldest: Option<Seq>,
    head: Head,
    batches: u64,
    bytes: u64,
    /// A segment without a header was met: nothing may follow.
    ended: bool,
}

impl Audit {
    fn bad(&self, segment: u64, offset: u64, reason: Flaw) -> FirstBad {
        FirstBad { seq: self.head.next, segment, offset, reason }
    }

    fn segment(&mut self, segment: &SegmentFile, passed: &mut dyn FnMut(&Head)) -> io::Result<Option<FirstBad>> {
        let mut window = Window::new(segment.file.clone(), CHUNK_BYTES);
        self.bytes += segment.bytes;
        match segment.header(Kind::Facts)? {
            Err(flaw) => self.prepared(segment, &mut window, flaw),
            Ok(header) => self.filled(segment, &mut window, &header, passed),
        }
    }

    /// A segment without a header is one that was prepared and not begun: all zeros, and the last.
    fn prepared(&mut self, segment: &SegmentFile, window: &mut Window, flaw: Flaw) -> io::Result<Option<FirstBad>> {
        self.ended = true;
        let written = window.last_written(0, segment.bytes)?;
        Ok(written.map(|_| self.bad(segment.number, 0, flaw)))
    }

    fn filled(
        &mut self,
        segment: &SegmentFile,
        window: &mut Window,
        header: &SegmentHeader,
        passed: &mut dyn FnMut(&Head),
    ) -> io::Result<Option<FirstBad>> {
        if self.ended {
            return Ok(Some(self.bad(segment.number - 1, 0, Flaw::SegmentHeader)));
        }
        // With early segments moved away, their chain is taken on trust from the oldest header.
        let begins = segment.number == 1 || self.oldest.is_some();
        if begins && header.start != self.head {
            return Ok(Some(self.bad(segment.number, 0, Flaw::SegmentBreak { found: header.start.next })));
        }
        self.oldest.get_or_insert(header.start.next);
        let run = scan::run(window, segment.bytes, header.start, passed)?;
        self.head = run.head;
        self.batches += run.batches;
        if let Some(flaw) = run.flaw {
            return Ok(Some(self.bad(segment.number, run.end, flaw)));
        }
        if segment.bytes != header.bytes {
            let offset = run.end.min(segment.bytes).max(FIRST_OFFSET);
            let reason = Flaw::SegmentLength { found: segment.bytes, made: header.bytes };
            return Ok(Some(self.bad(segment.number, offset, reason)));
        }
        let written = window.last_written(run.end, segment.bytes)?;
        Ok(written.map(|_| self.bad(segment.number, run.end, Flaw::Gap)))
    }

    fn verdict(self, first_bad: Option<FirstBad>) -> Verified {
        let oldest = self.oldest.unwrap_or(Head::START.next);
        Verified {
            oldest,
            facts: self.head.next.0.saturating_sub(oldest.0),
            batches: self.batches,
            bytes: self.bytes,
            valid: first_bad.is_none(),
            first_bad,
            chain: self.head.chain,
        }
    }
}
