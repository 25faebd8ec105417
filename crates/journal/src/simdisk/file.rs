//! One simulated file: what programs see, what is on the platter, and which pages a sync would write.
//!
//! Only the simulated disk uses it.

use std::collections::BTreeSet;

use super::dice::Dice;

const PAGE: usize = 4096;
const SECTOR: usize = 512;

#[derive(Debug, Default)]
pub(super) struct Pages {
    pub seen: Vec<u8>,
    durable: Vec<u8>,
    dirty: BTreeSet<usize>,
}

impl Pages {
    pub fn durable(bytes: &[u8]) -> Self {
        Self { seen: bytes.to_vec(), durable: bytes.to_vec(), dirty: BTreeSet::new() }
    }

    pub fn read(&self, offset: u64, into: &mut [u8]) -> usize {
        let from = usize::try_from(offset).map_or(self.seen.len(), |offset| offset.min(self.seen.len()));
        let length = into.len().min(self.seen.len() - from);
        into[..length].copy_from_slice(&self.seen[from..from + length]);
        length
    }

    pub fn write(&mut self, offset: usize, bytes: &[u8]) {
        let end = offset + bytes.len();
        if end > self.seen.len() {
            self.seen.resize(end, 0);
        }
        self.seen[offset..end].copy_from_slice(bytes);
        self.dirty.extend(offset / PAGE..end.div_ceil(PAGE));
    }

    pub fn sync(&mut self) {
        self.durable.resize(self.seen.len(), 0);
        for page in std::mem::take(&mut self.dirty) {
            copy(&self.seen, &mut self.durable, page * PAGE, PAGE);
        }
    }

    /// Some pages arrive, some do not, and none is dirty afterwards: no later sync will write them.
    pub fn fail_sync(&mut self, dice: &mut Dice) {
        for page in std::mem::take(&mut self.dirty) {
            if dice.below(2) == 0 {
                copy(&self.seen, &mut self.durable, page * PAGE, PAGE);
            }
        }
    }

    /// The power went: every page that is not on the platter is kept, lost or torn.
    pub fn settle(&mut self, dice: &mut Dice) {
        if self.durable.len() != self.seen.len() && dice.below(2) == 0 {
            self.durable.resize(self.seen.len(), 0);
        }
        for at in (0..self.durable.len()).step_by(PAGE) {
            let end = self.durable.len().min(at + PAGE);
            if self.seen.get(at..end) == Some(&self.durable[at..end]) {
                continue;
            }
            match dice.below(3) {
                0 => copy(&self.seen, &mut self.durable, at, PAGE),
                1 => {}
                _ => self.tear(at, dice),
            }
        }
        self.seen.clone_from(&self.durable);
        self.dirty.clear();
    }

    fn tear(&mut self, page: usize, dice: &mut Dice) {
        for sector in (page..page + PAGE).step_by(SECTOR) {
            if dice.below(2) == 0 {
                copy(&self.seen, &mut self.durable, sector, SECTOR);
            }
        }
    }
}

/// Copies `length` bytes at `at`, as far as both sides reach.
fn copy(from: &[u8], to: &mut [u8], at: usize, length: usize) {
    let end = (at + length).min(from.len()).min(to.len());
    if at < end {
        to[at..end].copy_from_slice(&from[at..end]);
    }
}
