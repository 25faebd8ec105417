//! The state behind a simulated disk: files, names, power and faults.
//!
//! Only the simulated disk uses it, under one lock.

use std::collections::{BTreeMap, BTreeSet};
use std::io;

use super::dice::Dice;
use super::file::Pages;
use crate::error::JournalError;

#[derive(Debug)]
pub(super) struct World {
    dice: Dice,
    files: BTreeMap<u64, Pages>,
    next_id: u64,
    pub names: BTreeMap<String, u64>,
    durable_names: BTreeMap<String, u64>,
    /// Changes of names that no sync has made durable, oldest first.
    pending: Vec<NameChange>,
    locks: BTreeSet<String>,
    epoch: u64,
    pub operations: u64,
    pub cut_at: Option<u64>,
    pub off: bool,
    pub capacity: Option<u64>,
    pub full: bool,
    pub fail_next_sync: bool,
    pub short_writes_per_million: u32,
}

#[derive(Clone, Debug)]
enum NameChange {
    Set(String, u64),
    Rename(String, String),
    Remove(String),
}

/// Whether the operation still gets its answer.
#[derive(PartialEq, Eq)]
enum Power {
    On,
    /// It goes out while the operation runs.
    Fails,
}

impl World {
    pub fn new(seed: u64) -> Self {
        Self {
            dice: Dice::new(seed),
            files: BTreeMap::new(),
            next_id: 0,
            names: BTreeMap::new(),
            durable_names: BTreeMap::new(),
            pending: Vec::new(),
            locks: BTreeSet::new(),
            epoch: 0,
            operations: 0,
            cut_at: None,
            off: false,
            capacity: None,
            full: false,
            fail_next_sync: false,
            short_writes_per_million: 0,
        }
    }

    pub fn powered(&self) -> io::Result<()> {
        if self.off { Err(power_cut()) } else { Ok(()) }
    }

    fn operation(&mut self) -> io::Result<Power> {
        self.powered()?;
        self.operations += 1;
        self.off = self.cut_at == Some(self.operations);
        Ok(if self.off { Power::Fails } else { Power::On })
    }

    pub fn restart(&mut self) {
        for file in self.files.values_mut() {
            file.settle(&mut self.dice);
        }
        let survive = self.dice.below(self.pending.len() as u64 + 1) as usize;
        for change in std::mem::take(&mut self.pending).into_iter().take(survive) {
            apply(&mut self.durable_names, change);
        }
        self.names.clone_from(&self.durable_names);
        self.drop_nameless();
        self.locks.clear();
        self.epoch += 1;
        self.off = false;
        self.cut_at = None;
    }

    fn drop_nameless(&mut self) {
        let used: BTreeSet<u64> = self.names.values().chain(self.durable_names.values()).copied().collect();
        self.files.retain(|id, _| used.contains(id));
    }

    // Names.

    pub fn open(&mut self, path: &str) -> io::Result<(u64, u64)> {
        self.powered()?;
        let id = *self.names.get(path).ok_or(io::ErrorKind::NotFound)?;
        Ok((id, self.epoch))
    }

    pub fn create(&mut self, path: &str) -> io::Result<(u64, u64)> {
        let id = self.next_id;
        self.next_id += 1;
        self.files.insert(id, Pages::default());
        self.rename_by(NameChange::Set(path.to_owned(), id))?;
        Ok((id, self.epoch))
    }

    pub fn rename(&mut self, from: &str, to: &str) -> io::Result<()> {
        self.open(from)?;
        self.rename_by(NameChange::Rename(from.to_owned(), to.to_owned()))
    }

    pub fn remove(&mut self, path: &str) -> io::Result<()> {
        self.open(path)?;
        self.rename_by(NameChange::Remove(path.to_owned()))
    }

    fn rename_by(&mut self, change: NameChange) -> io::Result<()> {
        let power = self.operation()?;
        apply(&mut self.names, change.clone());
        self.pending.push(change);
        answer(power)
    }

    pub fn list(&self, folder: &str) -> io::Result<Vec<String>> {
        self.powered()?;
        let inside = |path: &String| path.strip_prefix(folder)?.strip_prefix('/').map(str::to_owned);
        Ok(self.names.keys().filter_map(inside).filter(|name| !name.contains('/')).collect())
    }

    /// All folders at once: a file system's journal commits in order.
    pub fn sync_names(&mut self) -> io::Result<()> {
        if self.operation()? == Power::On {
            self.durable_names.clone_from(&self.names);
            self.pending.clear();
            return Ok(());
        }
        Err(power_cut())
    }

    pub fn take_lock(&mut self, path: &str) -> Result<u64, JournalError> {
        self.powered().map_err(JournalError::io("lock", path))?;
        match self.locks.insert(path.to_owned()) {
            true => Ok(self.epoch),
            false => Err(JournalError::Locked { path: path.to_owned(), pid: Some(std::process::id()) }),
        }
    }

    pub fn free_lock(&mut self, path: &str, epoch: u64) {
        if self.epoch == epoch {
            self.locks.remove(path);
        }
    }

    // Files.

    fn file(&mut self, id: u64, epoch: u64) -> io::Result<&mut Pages> {
        self.powered()?;
        match self.files.get_mut(&id) {
            Some(file) if self.epoch == epoch => Ok(file),
            _ => Err(power_cut()),
        }
    }

    pub fn length(&mut self, id: u64, epoch: u64) -> io::Result<u64> {
        Ok(self.file(id, epoch)?.seen.len() as u64)
    }

    pub fn read(&mut self, id: u64, epoch: u64, offset: u64, into: &mut [u8]) -> io::Result<usize> {
        Ok(self.file(id, epoch)?.read(offset, into))
    }

    pub fn write(&mut self, id: u64, epoch: u64, offset: u64, bytes: &[u8]) -> io::Result<usize> {
        let power = self.operation()?;
        let at = usize::try_from(offset).map_err(|_| io::ErrorKind::InvalidInput)?;
        let length = match self.dice.below(1_000_000) < u64::from(self.short_writes_per_million) {
            true => 1 + self.dice.below(bytes.len() as u64) as usize,
            false => bytes.len(),
        };
        let bytes = &bytes[..length.min(bytes.len())];
        let used: u64 = self.files.values().map(|file| file.seen.len() as u64).sum();
        let seen = self.files.get(&id).map_or(0, |file| file.seen.len());
        let more = (at + bytes.len()).saturating_sub(seen) as u64;
        if self.full || (more > 0 && self.capacity.is_some_and(|capacity| used + more > capacity)) {
            return Err(io::ErrorKind::StorageFull.into());
        }
        let live = self.epoch == epoch;
        match self.files.get_mut(&id) {
            Some(file) if live => file.write(at, bytes),
            _ => return Err(power_cut()),
        }
        answer(power).map(|()| bytes.len())
    }

    pub fn sync(&mut self, id: u64, epoch: u64) -> io::Result<()> {
        let power = self.operation()?;
        answer(power)?;
        let fails = std::mem::take(&mut self.fail_next_sync);
        let Some(file) = self.files.get_mut(&id).filter(|_| self.epoch == epoch) else {
            return Err(power_cut());
        };
        if fails {
            file.fail_sync(&mut self.dice);
            return Err(io::Error::other("simulated failure of a sync"));
        }
        file.sync();
        Ok(())
    }

    // Behind the program's back.

    pub fn contents(&self, path: &str) -> io::Result<Vec<u8>> {
        let id = self.names.get(path).ok_or(io::ErrorKind::NotFound)?;
        Ok(self.files.get(id).map(|file| file.seen.clone()).unwrap_or_default())
    }

    pub fn put(&mut self, path: &str, bytes: &[u8]) {
        let id = self.names.get(path).copied().unwrap_or(self.next_id);
        self.next_id = self.next_id.max(id + 1);
        self.files.insert(id, Pages::durable(bytes));
        self.names.insert(path.to_owned(), id);
        self.durable_names.insert(path.to_owned(), id);
    }

    pub fn take_away(&mut self, path: &str) {
        self.names.remove(path);
        self.durable_names.remove(path);
    }
}

fn apply(names: &mut BTreeMap<String, u64>, change: NameChange) {
    match change {
        NameChange::Set(path, id) => {
            names.insert(path, id);
        }
        NameChange::Rename(from, to) => {
            if let Some(id) = names.remove(&from) {
                names.insert(to, id);
            }
        }
        NameChange::Remove(path) => {
            names.remove(&path);
        }
    }
}

fn answer(power: Power) -> io::Result<()> {
    match power {
        Power::On => Ok(()),
        Power::Fails => Err(power_cut()),
    }
}

fn power_cut() -> io::Error {
    io::Error::other("simulated power cut")
}
