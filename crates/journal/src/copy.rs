//! Copies of the segment files while they are being written: every record up to a border, checked on the way.
//!
//! `lockstep backup` calls it on a running hub's folder. What is written behind the border meanwhile is left out, so that
//! a copy is what the folder was at one moment. Segments that the copy has already, whole, are not read again.

use crate::disk::{Disk, write_fully, write_zeros};
use crate::embedded::FOLDER;
use crate::error::JournalError;
use crate::segment::header::{Kind, SegmentHeader};
use crate::segment::scan::{self, Step};
use crate::segment::shelf::{self, SegmentFile};
use crate::segment::window::Window;
use crate::segment::{FIRST_OFFSET, Flaw};
use crate::words::{Chain, Head, Seq};

const CHUNK_BYTES: usize = 1024 * 1024;
const RAW: &str = "raw";

/// A segment in the copy.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CopiedSegment {
    /// Relative to the folder.
    pub path: String,
    /// Whether it was there before and left as it was.
    pub kept: bool,
}

/// Copies every fact before `head` from the folder `from` to the folder `to`. `has` says whether the copy holds a
/// segment already, full and sound, so that it need not be copied again.
///
/// # Errors
/// `Corrupt` when a record cannot be trusted or the chain does not lead to `head`: then there is nothing to copy but
/// damage. `Io`, `Full`.
pub fn copy_facts(
    from: &dyn Disk,
    to: &dyn Disk,
    head: Head,
    has: &dyn Fn(&str) -> bool,
) -> Result<Vec<CopiedSegment>, JournalError> {
    to.make_folder(FOLDER).map_err(JournalError::io("make folder", FOLDER))?;
    let mut copied = Vec::new();
    let mut border: Option<Head> = None;
    for number in shelf::numbers(from, FOLDER)? {
        let segment = shelf::open(from, FOLDER, number)?;
        let path = shelf::path(FOLDER, number);
        let Ok(header) = segment.header(Kind::Facts).map_err(JournalError::io("read", &path))? else { break };
        if header.start.next >= head.next {
            break;
        }
        let at = |flaw| JournalError::corrupt(number, 0, header.start.next, flaw);
        if border.is_some_and(|border| border != header.start) {
            return Err(at(Flaw::SegmentBreak { found: header.start.next }));
        }
        let mut window = Window::new(segment.file.clone(), CHUNK_BYTES);
        let (end, after) = records(&mut window, &segment, &header, head)?;
        border = Some(after);
        let kept = after.next < head.next && has(&path);
        if !kept {
            transfer(&mut window, to, &path, end, header.bytes)?;
        }
        copied.push(CopiedSegment { path, kept });
    }
    match border {
        Some(border) if border != head => Err(JournalError::corrupt(0, 0, head.next, Flaw::Chain)),
        None if head != Head::START => Err(JournalError::corrupt(0, 0, head.next, Flaw::SegmentMissing)),
        _ => to.sync_folder(FOLDER).map_err(JournalError::io("sync folder", FOLDER)).map(|()| copied),
    }
}

/// How far the records before `head` go in a segment, and the border behind them.
fn records(
    window: &mut Window,
    segment: &SegmentFile,
    header: &SegmentHeader,
    head: Head,
) -> Result<(u64, Head), JournalError> {
    let path = shelf::path(FOLDER, segment.number);
    let (mut end, mut border) = (FIRST_OFFSET, header.start);
    while border.next < head.next {
        let bad = |flaw| JournalError::corrupt(segment.number, end, border.next, flaw);
        let step = scan::step(window, end, segment.bytes, &header.start.chain);
        let record = match step.map_err(JournalError::io("read", &path))? {
            Step::Frame(record) => record,
            Step::Nothing => break,
            Step::Rotten(_, flaw) | Step::Flawed(flaw) => return Err(bad(flaw)),
        };
        let body = scan::body(window, end, segment.bytes, &record).map_err(JournalError::io("read", &path))?;
        border = record.follows(&border, body.ok_or_else(|| bad(Flaw::CutShort))?).map_err(bad)?;
        end += record.padded();
    }
    Ok((end, border))
}

/// Copies every raw body that is there now. More of them than the facts name is harmless.
///
/// # Errors
/// `Io`, `Full`.
pub fn copy_raw(
    from: &dyn Disk,
    to: &dyn Disk,
    has: &dyn Fn(&str) -> bool,
) -> Result<Vec<CopiedSegment>, JournalError> {
    to.make_folder(RAW).map_err(JournalError::io("make folder", RAW))?;
    let mut copied = Vec::new();
    let numbers = shelf::numbers(from, RAW)?;
    for (place, number) in numbers.iter().enumerate() {
        let segment = shelf::open(from, RAW, *number)?;
        let path = shelf::path(RAW, *number);
        let Ok(header) = segment.header(Kind::Raw).map_err(JournalError::io("read", &path))? else { break };
        let begun = |number: &u64| {
            let next = shelf::open(from, RAW, *number).ok();
            next.is_some_and(|next| matches!(next.header(Kind::Raw), Ok(Ok(_))))
        };
        let full = numbers.get(place + 1).is_some_and(begun);
        let kept = full && has(&path);
        if !kept {
            let mut window = Window::new(segment.file.clone(), CHUNK_BYTES);
            let end = if full { segment.bytes } else { bodies(&mut window, &segment, &path)? };
            transfer(&mut window, to, &path, end, header.bytes)?;
        }
        copied.push(CopiedSegment { path, kept });
    }
    to.sync_folder(RAW).map_err(JournalError::io("sync folder", RAW)).map(|()| copied)
}

/// Where the whole bodies of the newest segment end: what is being written behind them is named by no durable fact.
fn bodies(window: &mut Window, segment: &SegmentFile, path: &str) -> Result<u64, JournalError> {
    let mut end = FIRST_OFFSET;
    loop {
        match scan::step(window, end, segment.bytes, &Chain::START).map_err(JournalError::io("read", path))? {
            Step::Frame(record) | Step::Rotten(record, _) => end += record.padded(),
            Step::Nothing | Step::Flawed(_) => return Ok(end),
        }
    }
}

/// The bytes up to `end`, then zeros up to `length`, under a name of its own until they are durable.
fn transfer(window: &mut Window, to: &dyn Disk, path: &str, end: u64, length: u64) -> Result<(), JournalError> {
    let new = format!("{path}.new");
    let file = to.create(&new).map_err(JournalError::io("make", &new))?;
    let mut at = 0;
    while at < end {
        let portion = (end - at).min(CHUNK_BYTES as u64) as usize;
        let bytes = window.slice(at, portion, end).map_err(JournalError::io("read", path))?;
        let bytes = bytes.ok_or_else(|| JournalError::Damaged { path: path.to_owned(), offset: at })?;
        write_fully(file.as_ref(), at, bytes).map_err(JournalError::io("write", &new))?;
        at += portion as u64;
    }
    write_zeros(file.as_ref(), end, length).and_then(|()| file.sync()).map_err(JournalError::io("write", &new))?;
    to.rename(&new, path).map_err(JournalError::io("rename", &new))
}

/// A record as it stands in the journal, for those who prove that its facts belong to the chain.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Record<'a> {
    /// The border before it.
    pub before: Head,
    /// How many facts it holds.
    pub facts: u32,
    /// The facts' bytes, as they were appended.
    pub body: &'a [u8],
}

impl Record<'_> {
    /// The border behind it: the chain is BLAKE3 over the chain before, the length of the body (4 bytes), the count of
    /// facts (4), the number of the first (8), all little endian, and the body.
    pub fn after(&self) -> Head {
        let chain = crate::segment::frame::link(&self.before.chain, self.before.next.0, self.facts, self.body);
        Head { next: Seq(self.before.next.0 + u64::from(self.facts)), chain }
    }
}
