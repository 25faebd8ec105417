//! A disk in memory that fails like a real one, from a seed.
//!
//! Tests here and the `sim` crate run the stores on it: the power is cut at any operation, pages that were not synced
//! are kept, lost or torn, bits flip, space runs out, a sync fails, writes are short. One seed gives one run. It
//! knows nothing of what is stored.

mod dice;
mod file;
mod world;

use std::fmt;
use std::io;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use crate::disk::{Disk, DiskFile, Lock};
use crate::error::JournalError;
use world::World;

/// The simulated disk. Clones are the same disk.
#[derive(Clone)]
pub struct SimDisk {
    world: Arc<Mutex<World>>,
}

impl SimDisk {
    /// An empty disk. Everything it does by chance is drawn from `seed`.
    pub fn new(seed: u64) -> Self {
        Self { world: Arc::new(Mutex::new(World::new(seed))) }
    }

    fn world(&self) -> MutexGuard<'_, World> {
        // A test that panicked while holding the lock has already failed; others may look on.
        self.world.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// How many writes, syncs and changes of names were asked for so far: the moments at which the power can fail.
    pub fn operations(&self) -> u64 {
        self.world().operations
    }

    /// Cuts the power in the middle of operation number `operation` (counted from 1 as in [`SimDisk::operations`]).
    /// From then on everything fails until [`SimDisk::restart`].
    pub fn cut_power_at(&self, operation: u64) {
        self.world().cut_at = Some(operation);
    }

    /// Whether the power is off.
    pub fn is_off(&self) -> bool {
        self.world().off
    }

    /// Cuts the power, if it is still on, and switches it on again: each page that was not synced is kept, lost, or
    /// torn between its 512-byte sectors; unsynced names come back as they were or as they are, in order; open files
    /// and locks are gone.
    pub fn restart(&self) {
        self.world().restart();
    }

    /// Total bytes all files may have together; `None` for no limit. Writes that make a file longer than that answer
    /// `StorageFull`.
    pub fn set_capacity(&self, bytes: Option<u64>) {
        self.world().capacity = bytes;
    }

    /// Whether every write answers `StorageFull`, also one that overwrites: as on a copy-on-write file system.
    pub fn set_full(&self, full: bool) {
        self.world().full = full;
    }

    /// Lets the next sync of a file fail. Its pages may or may not have arrived, later syncs do not write them again,
    /// and reads still show them: as Linux does it.
    pub fn fail_next_sync(&self) {
        self.world().fail_next_sync = true;
    }

    /// How often a write takes only a part of its bytes, in cases per million.
    pub fn set_short_writes(&self, per_million: u32) {
        self.world().short_writes_per_million = per_million;
    }

    /// Takes back every fault that was asked for and has not come: power cut, failed sync, full disk. Short writes
    /// stay.
    pub fn clear_faults(&self) {
        let mut world = self.world();
        (world.cut_at, world.fail_next_sync, world.full, world.capacity) = (None, false, false, None);
    }

    /// Flips one bit of a file on the platter: bit `bit % 8` of byte `bit / 8`.
    ///
    /// # Errors
    /// `NotFound`; `InvalidInput` beyond the end of the file.
    pub fn flip_bit(&self, path: &str, bit: u64) -> io::Result<()> {
        let mut bytes = self.contents(path)?;
        let byte = usize::try_from(bit / 8).ok().and_then(|at| bytes.get_mut(at));
        *byte.ok_or(io::ErrorKind::InvalidInput)? ^= 1 << (bit % 8);
        self.put(path, &bytes);
        Ok(())
    }

    /// What a file holds.
    ///
    /// # Errors
    /// `NotFound`.
    pub fn contents(&self, path: &str) -> io::Result<Vec<u8>> {
        self.world().contents(path)
    }

    /// Replaces a file, or makes it, durably and behind the back of whoever has it open.
    pub fn put(&self, path: &str, bytes: &[u8]) {
        self.world().put(path, bytes);
    }

    /// Takes a file away, durably and behind the back of whoever has it open.
    pub fn take_away(&self, path: &str) {
        self.world().take_away(path);
    }

    /// The paths of all files, sorted.
    pub fn paths(&self) -> Vec<String> {
        self.world().names.keys().cloned().collect()
    }
}

impl fmt::Debug for SimDisk {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SimDisk").field("paths", &self.paths()).finish_non_exhaustive()
    }
}

impl Disk for SimDisk {
    fn open(&self, path: &str) -> io::Result<Arc<dyn DiskFile>> {
        let (id, epoch) = self.world().open(path)?;
        Ok(Arc::new(SimFile { disk: self.clone(), id, epoch }))
    }

    fn create(&self, path: &str) -> io::Result<Arc<dyn DiskFile>> {
        let (id, epoch) = self.world().create(path)?;
        Ok(Arc::new(SimFile { disk: self.clone(), id, epoch }))
    }

    fn list(&self, folder: &str) -> io::Result<Vec<String>> {
        self.world().list(folder)
    }

    fn make_folder(&self, _folder: &str) -> io::Result<()> {
        self.world().powered()
    }

    fn rename(&self, from: &str, to: &str) -> io::Result<()> {
        self.world().rename(from, to)
    }

    fn remove(&self, path: &str) -> io::Result<()> {
        self.world().remove(path)
    }

    fn sync_folder(&self, _folder: &str) -> io::Result<()> {
        self.world().sync_names()
    }

    fn lock(&self, path: &str) -> Result<Lock, JournalError> {
        let epoch = self.world().take_lock(path)?;
        Ok(Lock::holding(SimLock { disk: self.clone(), path: path.to_owned(), epoch }))
    }
}

struct SimLock {
    disk: SimDisk,
    path: String,
    epoch: u64,
}

impl Drop for SimLock {
    fn drop(&mut self) {
        self.disk.world().free_lock(&self.path, self.epoch);
    }
}

struct SimFile {
    disk: SimDisk,
    id: u64,
    /// A file that was open when the power went is dead for ever.
    epoch: u64,
}

impl fmt::Debug for SimFile {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SimFile").field("id", &self.id).finish_non_exhaustive()
    }
}

impl DiskFile for SimFile {
    fn length(&self) -> io::Result<u64> {
        self.disk.world().length(self.id, self.epoch)
    }

    fn read_at(&self, offset: u64, into: &mut [u8]) -> io::Result<usize> {
        self.disk.world().read(self.id, self.epoch, offset, into)
    }

    fn write_at(&self, offset: u64, bytes: &[u8]) -> io::Result<usize> {
        self.disk.world().write(self.id, self.epoch, offset, bytes)
    }

    fn sync(&self) -> io::Result<()> {
        self.disk.world().sync(self.id, self.epoch)
    }
}
