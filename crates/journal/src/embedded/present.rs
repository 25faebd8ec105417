//! Which segments are in the folder, and which of them have been begun.
//!
//! Opening starts with it. It looks at names and headers only.

use std::io;

use super::FOLDER;
use crate::error::JournalError;
use crate::segment::Flaw;
use crate::segment::header::{Kind, SegmentHeader};
use crate::segment::shelf::{self, SegmentFile, Shelf};
use crate::words::Seq;

/// A segment with a sound header.
pub(super) type Used = (SegmentFile, SegmentHeader);

/// The newest segments without a gap in their numbers: those with a sound header, and those behind them without.
pub(super) fn present(shelf: &Shelf) -> Result<(Vec<Used>, Vec<SegmentFile>), JournalError> {
    let disk = shelf.disk.as_ref();
    let numbers = shelf::numbers(disk, FOLDER)?;
    let gap = numbers.windows(2).rposition(|pair| pair[0] + 1 != pair[1]);
    let (mut used, mut spare) = (Vec::new(), Vec::<SegmentFile>::new());
    for number in &numbers[gap.map_or(0, |gap| gap + 1)..] {
        let segment = shelf::open(disk, FOLDER, *number)?;
        match segment.header(Kind::Facts).map_err(read_error(&segment))? {
            Err(_) => spare.push(segment),
            Ok(_) if let Some(bad) = spare.first() => {
                let next = used.last().map_or(Seq(1), |(_, header): &Used| header.start.next);
                return Err(bad_header(bad, next));
            }
            Ok(header) => used.push((segment, header)),
        }
    }
    Ok((used, spare))
}

/// The header of `segment` is damaged; fact `next` should be the first in it.
pub(super) fn bad_header(segment: &SegmentFile, next: Seq) -> JournalError {
    JournalError::corrupt(segment.number, 0, next, Flaw::SegmentHeader)
}

pub(super) fn read_error(segment: &SegmentFile) -> impl FnOnce(io::Error) -> JournalError + use<> {
    JournalError::io("read", &shelf::path(FOLDER, segment.number))
}

pub(super) fn mend_error(segment: &SegmentFile) -> impl FnOnce(io::Error) -> JournalError + use<> {
    JournalError::io("mend", &shelf::path(FOLDER, segment.number))
}
