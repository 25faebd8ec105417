//! Walking the records of one segment, and telling an unfinished write from damage.
//!
//! Opening, cursors, the audit and the raw store use it. It finds; what to do about it is the caller's.

use std::io;

use super::flaw::Flaw;
use super::frame::{FrameHeader, HEADER};
use super::window::Window;
use super::{FIRST_OFFSET, SECTOR};
use crate::disk::ZEROS;
use crate::words::{Chain, Head, Seq};

/// What stands at an offset.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Step {
    /// A record whose checksums match.
    Frame(FrameHeader),
    /// Zeros, or the end of the segment: no record begins here.
    Nothing,
    /// A record whose header is sound and whose body is not.
    Rotten(FrameHeader, Flaw),
    /// Something that is no record.
    Flawed(Flaw),
}

/// What stands at `offset` of a segment that ends at `limit`.
pub(crate) fn step(window: &mut Window, offset: u64, limit: u64, salt: &Chain) -> io::Result<Step> {
    let header = match header_at(window, offset, limit, salt)? {
        Ok(Some(header)) => header,
        Ok(None) => return Ok(Step::Nothing),
        Err(flaw) => return Ok(Step::Flawed(flaw)),
    };
    let length = header.padded() as usize - HEADER;
    Ok(match window.slice(offset + HEADER as u64, length, limit)? {
        None => Step::Rotten(header, Flaw::CutShort),
        Some(body) if crc32fast::hash(body) != header.body_crc => Step::Rotten(header, Flaw::Body),
        Some(_) => Step::Frame(header),
    })
}

/// The record header at `offset`; `None` for zeros or the end.
pub(crate) fn header_at(
    window: &mut Window,
    offset: u64,
    limit: u64,
    salt: &Chain,
) -> io::Result<Result<Option<FrameHeader>, Flaw>> {
    if offset >= limit {
        return Ok(Ok(None));
    }
    Ok(match window.slice(offset, HEADER, limit)? {
        None => Err(Flaw::CutShort),
        Some(bytes) if bytes == &ZEROS[..HEADER] => Ok(None),
        Some(bytes) => FrameHeader::decode(bytes, salt).map(Some),
    })
}

/// The body of a record that [`step`] answered with.
pub(crate) fn body<'a>(
    window: &'a mut Window,
    offset: u64,
    limit: u64,
    header: &FrameHeader,
) -> io::Result<Option<&'a [u8]>> {
    window.slice(offset + HEADER as u64, header.length as usize, limit)
}

/// How far the records of a segment go.
#[derive(Debug)]
pub(crate) struct Run {
    /// The head after the last good record.
    pub head: Head,
    /// Where the last good record ends.
    pub end: u64,
    /// Where the last good record begins, when there is one.
    pub last: Option<u64>,
    /// How many good records there are.
    pub batches: u64,
    /// Why the run ended, when not with zeros or the end of the segment.
    pub flaw: Option<Flaw>,
}

/// Follows records from the segment's beginning as long as each continues the one before it, telling `passed` every
/// border behind a record.
pub(crate) fn run(window: &mut Window, limit: u64, start: Head, mut passed: impl FnMut(&Head)) -> io::Result<Run> {
    let mut run = Run { head: start, end: FIRST_OFFSET, last: None, batches: 0, flaw: None };
    loop {
        let header = match step(window, run.end, limit, &start.chain)? {
            Step::Frame(header) => header,
            Step::Nothing => return Ok(run),
            Step::Rotten(_, flaw) | Step::Flawed(flaw) => {
                run.flaw = Some(flaw);
                return Ok(run);
            }
        };
        let Some(body) = body(window, run.end, limit, &header)? else {
            return Ok(run);
        };
        match header.follows(&run.head, body) {
            Ok(head) => run.head = head,
            Err(flaw) => {
                run.flaw = Some(flaw);
                return Ok(run);
            }
        }
        passed(&run.head);
        run.last = Some(run.end);
        run.end += header.padded();
        run.batches += 1;
    }
}

/// Where, in `from..limit`, a record header stands that names a fact after `next`. A record is only ever written after
/// the one before it was acknowledged, so one such header proves that the record for `next` was once whole.
pub(crate) fn later_record(
    window: &mut Window,
    from: u64,
    limit: u64,
    salt: &Chain,
    next: Seq,
) -> io::Result<Option<u64>> {
    let mut at = from;
    while at < limit {
        if let Ok(Some(header)) = header_at(window, at, limit, salt)?
            && header.first > next.0
        {
            return Ok(Some(at));
        }
        at += SECTOR as u64;
    }
    Ok(None)
}
