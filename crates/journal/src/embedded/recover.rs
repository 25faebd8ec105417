//! Opening: finds the end of the journal, cuts an unfinished record, refuses damage.
//!
//! Only [`super::SegmentJournal`] calls it. The rule: a record is written only after the one before it was
//! acknowledged, so a bad record with a later one behind it was once good, and that is damage; a bad record with
//! nothing behind it is a write that never finished, and is cut, with zeros over everything it left.

use super::catalogue::{Catalogue, Entry};
use super::mend::mend;
use super::present::{Used, bad_header, mend_error, present, read_error};
use super::{Active, FOLDER, Opened};
use crate::disk::write_zeros;
use crate::error::{JournalError, same_past};
use crate::segment::header::{Kind, SegmentHeader};
use crate::segment::scan::{self, Run};
use crate::segment::shelf::{SegmentFile, Shelf};
use crate::segment::window::Window;
use crate::segment::{FIRST_OFFSET, Flaw, SECTOR};
use crate::words::Head;

const CHUNK_BYTES: usize = 1024 * 1024;

pub(super) struct Recovered {
    pub catalogue: Catalogue,
    pub active: Active,
    pub opened: Opened,
}

pub(super) fn recover(shelf: &mut Shelf, from: Head) -> Result<Recovered, JournalError> {
    let (used, spare) = present(shelf)?;
    // The segment after the first is prepared before the first has a record: a journal that was opened and never
    // written to, or whose very first write did not finish, leaves both behind, and both are empty.
    let begins = used.is_empty() && spare.first().is_some_and(|segment| segment.number == 1);
    let mut opening =
        Opening { from, begins, met: false, cut_bytes: 0, short_bytes: 0, entries: Vec::new(), tail: Head::START };
    let mut active = opening.last_used(shelf, &used)?;
    for segment in spare {
        match opening.spare(segment, active.as_ref())? {
            Spare::Empty => {}
            Spare::Begun(begun) => active = Some(begun),
        }
    }
    opening.finish(shelf, active)
}

struct Opening {
    from: Head,
    /// Whether no segment has a record, and the first is there.
    begins: bool,
    /// Whether the border `from` was passed.
    met: bool,
    cut_bytes: u64,
    short_bytes: u64,
    entries: Vec<Entry>,
    /// The head after the newest record so far.
    tail: Head,
}

enum Spare {
    Empty,
    Begun(Active),
}

impl Opening {
    /// Checks the segments from the one that holds `from` on; the last of them is the active one.
    fn last_used(&mut self, shelf: &Shelf, used: &[Used]) -> Result<Option<Active>, JournalError> {
        let Some((first_segment, first)) = used.first() else {
            return Ok(None);
        };
        let oldest = Some(first.start.next);
        let Some(begin) = used.iter().rposition(|(_, header)| header.start.next <= self.from.next) else {
            return Err(JournalError::Missing { seq: self.from.next, oldest });
        };
        if first_segment.number == 1 && first.start != Head::START {
            return Err(broken(first_segment.number, Head::START, first));
        }
        self.entries = used[..begin].iter().map(|(segment, header)| entry(segment, header, segment.bytes)).collect();
        for index in begin..used.len() - 1 {
            let (segment, header) = &used[index];
            let run = self.run(segment, header)?;
            self.must_lead_to(segment, &run, &used[index + 1])?;
            self.entries.push(entry(segment, header, run.end));
        }
        let (segment, header) = &used[used.len() - 1];
        self.active(shelf, segment, header).map(Some)
    }

    fn run(&mut self, segment: &SegmentFile, header: &SegmentHeader) -> Result<Run, JournalError> {
        let mut window = Window::new(segment.file.clone(), CHUNK_BYTES);
        self.run_in(&mut window, segment, header)
    }

    fn run_in(
        &mut self,
        window: &mut Window,
        segment: &SegmentFile,
        header: &SegmentHeader,
    ) -> Result<Run, JournalError> {
        let (from, mut diverged) = (self.from, None);
        let mut met = self.met;
        let mut pass = |head: &Head| {
            if head.next == from.next {
                met = true;
                diverged = diverged.take().or(same_past(&from, &head.chain).err());
            }
        };
        pass(&header.start);
        let run = scan::run(window, segment.bytes, header.start, pass).map_err(read_error(segment))?;
        self.met = met;
        diverged.map_or(Ok(run), Err)
    }

    /// A segment that is not the last must end where the next begins.
    fn must_lead_to(&self, segment: &SegmentFile, run: &Run, (next, header): &Used) -> Result<(), JournalError> {
        if run.head == header.start && run.flaw.is_none() {
            return Ok(());
        }
        if run.head.next < header.start.next || run.flaw.is_some() {
            let flaw = run.flaw.clone().unwrap_or(Flaw::Gap);
            return Err(JournalError::corrupt(segment.number, run.end, run.head.next, flaw));
        }
        Err(broken(next.number, run.head, header))
    }

    /// The last segment: its end is found, and cut when unfinished.
    fn active(&mut self, shelf: &Shelf, segment: &SegmentFile, header: &SegmentHeader) -> Result<Active, JournalError> {
        let mut window = Window::new(segment.file.clone(), CHUNK_BYTES);
        let run = self.run_in(&mut window, segment, header)?;
        let salt = header.start.chain;
        let written = window.last_written(run.end, segment.bytes).map_err(read_error(segment))?;
        if let Some(written) = written {
            let later = scan::later_record(&mut window, run.end + SECTOR as u64, written, &salt, run.head.next);
            if later.map_err(read_error(segment))?.is_some() {
                let flaw = run.flaw.clone().unwrap_or(Flaw::Gap);
                return Err(JournalError::corrupt(segment.number, run.end, run.head.next, flaw));
            }
            if run.head.next < self.from.next {
                // The caller has seen more than is left, so this was no unfinished write: it is evidence, and stays.
                return Err(JournalError::Behind { wanted: self.from.next, next: run.head.next });
            }
            self.cut_bytes += written - run.end;
        }
        self.tail = run.head;
        let mut segment = segment.clone();
        self.short_bytes += header.bytes.saturating_sub(segment.bytes);
        let length = header.bytes.max(segment.bytes);
        // A first record that was longer than the file had lengthened it, and its header may not have arrived.
        let header = SegmentHeader { bytes: length, ..*header };
        mend(&mut window, &segment, &run, written, &header).map_err(mend_error(&segment))?;
        shelf.disk.sync_folder(FOLDER).map_err(JournalError::io("sync folder", FOLDER))?;
        segment.bytes = length;
        Ok(Active::begun(segment, header.start, run.end))
    }

    /// A segment without a sound header behind the last one that has one: prepared and empty, or begun when the
    /// machine stopped.
    fn spare(&mut self, segment: SegmentFile, before: Option<&Active>) -> Result<Spare, JournalError> {
        let mut window = Window::new(segment.file.clone(), CHUNK_BYTES);
        let written = window.last_written(0, segment.bytes).map_err(read_error(&segment))?;
        let start = match (before, written) {
            (Some(_), _) => self.tail,
            (None, _) if segment.number == 1 => Head::START,
            (None, None) if self.begins => Head::START,
            (None, None) => return Err(JournalError::Missing { seq: self.from.next, oldest: None }),
            (None, Some(_)) => return Err(bad_header(&segment, self.from.next)),
        };
        let Some(written) = written else {
            return Ok(Spare::Empty);
        };
        let header = SegmentHeader { kind: Kind::Facts, number: segment.number, bytes: segment.bytes, start };
        let run = self.run_in(&mut window, &segment, &header)?;
        let later = scan::later_record(&mut window, FIRST_OFFSET, written, &start.chain, start.next);
        if run.batches > 1 || later.map_err(read_error(&segment))?.is_some() {
            return Err(bad_header(&segment, start.next));
        }
        if run.batches == 1 {
            // Header and first record leave in one sync: the record arrived whole, the header did not.
            mend(&mut window, &segment, &run, Some(written), &header).map_err(mend_error(&segment))?;
            self.tail = run.head;
            self.entries.extend(before.map(Active::entry));
            return Ok(Spare::Begun(Active::begun(segment, start, run.end)));
        }
        self.cut_bytes += written;
        write_zeros(segment.file.as_ref(), 0, written)
            .and_then(|()| segment.file.sync())
            .map_err(mend_error(&segment))?;
        Ok(Spare::Empty)
    }

    fn finish(mut self, shelf: &mut Shelf, active: Option<Active>) -> Result<Recovered, JournalError> {
        let (active, head) = match active {
            Some(active) => {
                self.entries.push(active.entry());
                (active, self.tail)
            }
            None if self.from.next > Head::START.next => {
                return Err(JournalError::Missing { seq: self.from.next, oldest: None });
            }
            None => {
                let segment = shelf.take(1, 0)?;
                self.met = true;
                (Active::fresh(segment, Head::START), Head::START)
            }
        };
        if !self.met {
            return Err(match self.from.next > head.next {
                true => JournalError::Behind { wanted: self.from.next, next: head.next },
                false => JournalError::Diverged { wanted: self.from },
            });
        }
        let oldest = self.entries.first().map_or(head.next, |entry| entry.start.next);
        let opened = Opened { head, oldest, cut_bytes: self.cut_bytes, short_bytes: self.short_bytes };
        Ok(Recovered { catalogue: Catalogue { head, entries: self.entries }, active, opened })
    }
}

fn entry(segment: &SegmentFile, header: &SegmentHeader, end: u64) -> Entry {
    Entry { number: segment.number, start: header.start, end, bytes: segment.bytes }
}

fn broken(number: u64, expected: Head, header: &SegmentHeader) -> JournalError {
    JournalError::corrupt(number, 0, expected.next, Flaw::SegmentBreak { found: header.start.next })
}
