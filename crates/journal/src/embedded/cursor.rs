//! Reading the segment files while the writer appends to them.
//!
//! Followers, replay and the facts feed hold cursors. Every record's checksums and numbering are checked; the chain is
//! not hashed again here, since opening and the audit do that and a follower should cost little.

use std::io;

use super::FOLDER;
use super::catalogue::{Entry, Shared};
use crate::error::JournalError;
use crate::journal::{Batch, Cursor, Reader};
use crate::segment::scan::{self, Step};
use crate::segment::window::Window;
use crate::segment::{FIRST_OFFSET, Flaw, shelf};
use crate::words::{Chain, Head, Seq};

const CHUNK_BYTES: usize = 256 * 1024;

/// A handle on the journal for other threads; cheap to clone.
#[derive(Clone, Debug)]
pub struct SegmentReader {
    shared: Shared,
}

impl SegmentReader {
    pub(super) fn new(shared: Shared) -> Self {
        Self { shared }
    }
}

impl Reader for SegmentReader {
    fn head(&self) -> Head {
        self.shared.look(|catalogue| catalogue.head)
    }

    fn read(&self, from: Seq) -> Result<Box<dyn Cursor>, JournalError> {
        let (from, next) = (from.max(Seq(1)), self.head().next);
        if from > next {
            return Err(JournalError::Behind { wanted: from, next });
        }
        let place = match self.shared.look(|catalogue| catalogue.entries.is_empty()) {
            true => None,
            false => Some(Place::at_start_of(&self.shared, self.shared.holding(from)?)?),
        };
        Ok(Box::new(SegmentCursor { shared: self.shared.clone(), from, place }))
    }

    fn again(&self) -> Box<dyn Reader> {
        Box::new(self.clone())
    }
}

#[derive(Debug)]
struct SegmentCursor {
    shared: Shared,
    /// Batches that end before it are skipped.
    from: Seq,
    /// `None` as long as the journal is empty.
    place: Option<Place>,
}

/// Where a cursor stands: in one segment, before the record that begins at `offset`.
#[derive(Debug)]
struct Place {
    entry: Entry,
    window: Window,
    offset: u64,
    next: Seq,
}

impl Place {
    fn at_start_of(shared: &Shared, entry: Entry) -> Result<Self, JournalError> {
        let segment = shelf::open(shared.disk.as_ref(), FOLDER, entry.number).map_err(|error| gone(error, &entry))?;
        let window = Window::new(segment.file, CHUNK_BYTES);
        Ok(Self { entry, window, offset: FIRST_OFFSET, next: entry.start.next })
    }

    fn corrupt(&self, flaw: Flaw) -> JournalError {
        JournalError::corrupt(self.entry.number, self.offset, self.next, flaw)
    }

    fn io(&self) -> impl FnOnce(io::Error) -> JournalError + use<> {
        JournalError::io("read", &shelf::path(FOLDER, self.entry.number))
    }
}

/// A segment that is in the catalogue and not in the folder was moved away while the journal was open.
fn gone(error: JournalError, entry: &Entry) -> JournalError {
    match error {
        JournalError::Io { source, .. } if source.kind() == io::ErrorKind::NotFound => {
            JournalError::Missing { seq: entry.start.next, oldest: None }
        }
        other => other,
    }
}

/// A record that is to be handed out.
struct Due {
    offset: u64,
    header: crate::segment::frame::FrameHeader,
}

impl Cursor for SegmentCursor {
    fn next(&mut self) -> Result<Option<Batch<'_>>, JournalError> {
        let Some(due) = self.advance()? else {
            return Ok(None);
        };
        let Some(place) = &mut self.place else {
            return Ok(None);
        };
        let (error, damaged) = (place.io(), place.corrupt(Flaw::CutShort));
        let body = scan::body(&mut place.window, due.offset, place.entry.end, &due.header).map_err(error)?;
        Ok(Some(Batch {
            first: Seq(due.header.first),
            facts: due.header.facts,
            body: body.ok_or(damaged)?,
            chain: Chain(due.header.tag),
        }))
    }
}

impl SegmentCursor {
    /// Moves behind the next record that holds or follows `from`.
    fn advance(&mut self) -> Result<Option<Due>, JournalError> {
        loop {
            let Some(place) = self.place()? else {
                return Ok(None);
            };
            let salt = place.entry.start.chain;
            match scan::step(&mut place.window, place.offset, place.entry.end, &salt).map_err(place.io())? {
                Step::Frame(header) => {
                    let next = header.numbered(place.next).map_err(|flaw| place.corrupt(flaw))?;
                    let due = Due { offset: place.offset, header };
                    place.offset += header.padded();
                    place.next = next;
                    if next > self.from {
                        return Ok(Some(due));
                    }
                }
                Step::Nothing => {
                    if !self.move_on()? {
                        return Ok(None);
                    }
                }
                Step::Rotten(_, flaw) | Step::Flawed(flaw) => return Err(place.corrupt(flaw)),
            }
        }
    }

    /// The present place; finds the first one when the journal was empty until now.
    fn place(&mut self) -> Result<Option<&mut Place>, JournalError> {
        if self.place.is_none() && !self.shared.look(|catalogue| catalogue.entries.is_empty()) {
            self.place = Some(Place::at_start_of(&self.shared, self.shared.holding(self.from)?)?);
        }
        Ok(self.place.as_mut())
    }

    /// Looks for more to read, here or in the next segment; `false` when there is none yet.
    fn move_on(&mut self) -> Result<bool, JournalError> {
        let Some(place) = &mut self.place else {
            return Ok(false);
        };
        let (now, after, head) = self.shared.around(place.entry.number);
        if let Some(now) = now.filter(|now| now.end > place.entry.end) {
            place.entry = now;
            return Ok(true);
        }
        match after {
            Some(after) if after.start.next == place.next => {
                self.place = Some(Place::at_start_of(&self.shared, after)?);
                Ok(true)
            }
            None if place.next >= head.next => Ok(false),
            // Acknowledged facts are not where they should be.
            Some(_) | None => Err(place.corrupt(Flaw::Gap)),
        }
    }
}
