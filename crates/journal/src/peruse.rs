//! Reading a journal in order without opening it: nothing is mended, prepared or locked, and a hub may be writing to it.
//!
//! `lockstep replay` calls it. What is being written at the end just now is left out.

use std::path::Path;

use crate::disk::{Disk, RealDisk};
use crate::embedded::FOLDER;
use crate::error::JournalError;
use crate::segment::header::Kind;
use crate::segment::scan::{self, Step};
use crate::segment::shelf::{self, SegmentFile};
use crate::segment::window::Window;
use crate::segment::{FIRST_OFFSET, Flaw};
use crate::words::{Head, Seq};

const CHUNK_BYTES: usize = 1024 * 1024;

/// Gives `take` the number of the first fact and the body of every record in the data folder `dir`, oldest first, as
/// long as it answers true.
///
/// # Errors
/// `Missing` when early segments were moved away; `Corrupt` when a record cannot be trusted that is not the last; `Io`.
pub fn peruse(dir: &Path, take: &mut dyn FnMut(Seq, &[u8]) -> bool) -> Result<(), JournalError> {
    peruse_disk(&RealDisk::read_only(dir), take)
}

/// The same on any disk.
///
/// # Errors
/// As [`peruse`].
pub fn peruse_disk(disk: &dyn Disk, take: &mut dyn FnMut(Seq, &[u8]) -> bool) -> Result<(), JournalError> {
    let numbers = shelf::numbers(disk, FOLDER)?;
    let mut head = Head::START;
    for (place, number) in numbers.iter().enumerate() {
        let segment = shelf::open(disk, FOLDER, *number)?;
        let last = place + 1 == numbers.len();
        let path = shelf::path(FOLDER, *number);
        let Ok(header) = segment.header(Kind::Facts).map_err(JournalError::io("read", &path))? else {
            // Prepared and not begun.
            return Ok(());
        };
        if header.start != head {
            let flaw = Flaw::SegmentBreak { found: header.start.next };
            return Err(match place {
                0 => JournalError::Missing { seq: head.next, oldest: Some(header.start.next) },
                _ => JournalError::corrupt(*number, 0, head.next, flaw),
            });
        }
        match records(&segment, &mut head, take).map_err(JournalError::io("read", &path))? {
            Ended::Stopped => return Ok(()),
            Ended::Whole => {}
            // A record that is being written looks like a broken one.
            Ended::Flawed(..) if last => return Ok(()),
            Ended::Flawed(offset, flaw) => return Err(JournalError::corrupt(*number, offset, head.next, flaw)),
        }
    }
    Ok(())
}

enum Ended {
    Stopped,
    Whole,
    Flawed(u64, Flaw),
}

fn records(segment: &SegmentFile, head: &mut Head, take: &mut dyn FnMut(Seq, &[u8]) -> bool) -> std::io::Result<Ended> {
    let mut window = Window::new(segment.file.clone(), CHUNK_BYTES);
    let (mut offset, salt) = (FIRST_OFFSET, head.chain);
    loop {
        let header = match scan::step(&mut window, offset, segment.bytes, &salt)? {
            Step::Frame(header) => header,
            Step::Nothing => return Ok(Ended::Whole),
            Step::Rotten(_, flaw) | Step::Flawed(flaw) => return Ok(Ended::Flawed(offset, flaw)),
        };
        let Some(body) = scan::body(&mut window, offset, segment.bytes, &header)? else { return Ok(Ended::Whole) };
        let next = match header.follows(head, body) {
            Ok(next) => next,
            Err(flaw) => return Ok(Ended::Flawed(offset, flaw)),
        };
        if !take(head.next, body) {
            return Ok(Ended::Stopped);
        }
        *head = next;
        offset += header.padded();
    }
}
