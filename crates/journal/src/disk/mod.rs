//! The little of a disk that the stores need, so that a simulated one can stand in for it.
//!
//! Every store here is written against these traits. Paths are relative to the data folder, with `/` between parts.
//! They know nothing of segments, keys or snapshots.

mod real;

use std::any::Any;
use std::fmt;
use std::io;
use std::sync::Arc;

pub use real::RealDisk;

use crate::error::JournalError;

/// A data folder: files by relative path.
pub trait Disk: Send + Sync + fmt::Debug {
    /// Opens an existing file.
    ///
    /// # Errors
    /// `NotFound`, or the disk's own.
    fn open(&self, path: &str) -> io::Result<Arc<dyn DiskFile>>;

    /// Makes an empty file, or empties the one that is there. Its name is durable after [`Disk::sync_folder`].
    ///
    /// # Errors
    /// The disk's own.
    fn create(&self, path: &str) -> io::Result<Arc<dyn DiskFile>>;

    /// The names in a folder, sorted; empty when the folder does not exist.
    ///
    /// # Errors
    /// The disk's own.
    fn list(&self, folder: &str) -> io::Result<Vec<String>>;

    /// Makes a folder and those above it, durably; does nothing when it exists.
    ///
    /// # Errors
    /// The disk's own.
    fn make_folder(&self, folder: &str) -> io::Result<()>;

    /// Renames a file, replacing `to`, atomically. Durable after [`Disk::sync_folder`].
    ///
    /// # Errors
    /// The disk's own.
    fn rename(&self, from: &str, to: &str) -> io::Result<()>;

    /// Removes a file. Durable after [`Disk::sync_folder`].
    ///
    /// # Errors
    /// The disk's own.
    fn remove(&self, path: &str) -> io::Result<()>;

    /// Makes creations, renames and removals in a folder durable.
    ///
    /// # Errors
    /// The disk's own.
    fn sync_folder(&self, folder: &str) -> io::Result<()>;

    /// Takes the folder's lock for as long as the answer lives.
    ///
    /// # Errors
    /// `Locked` with the holder's process id, or `Io`.
    fn lock(&self, path: &str) -> Result<Lock, JournalError>;
}

/// An open file that several threads may read while one writes.
pub trait DiskFile: Send + Sync + fmt::Debug {
    /// Its length in bytes.
    ///
    /// # Errors
    /// The disk's own.
    fn length(&self) -> io::Result<u64>;

    /// Reads into `into` from `offset`; the answer is how many bytes, 0 at the end of the file.
    ///
    /// # Errors
    /// The disk's own.
    fn read_at(&self, offset: u64, into: &mut [u8]) -> io::Result<usize>;

    /// Writes at `offset`; the answer is how many bytes were taken, which may be fewer than given.
    ///
    /// # Errors
    /// The disk's own; a full disk answers `StorageFull`.
    fn write_at(&self, offset: u64, bytes: &[u8]) -> io::Result<usize>;

    /// Returns when everything written is durable (data, and the length where it changed).
    ///
    /// # Errors
    /// The disk's own. Afterwards nobody knows what is durable.
    fn sync(&self) -> io::Result<()>;
}

/// A lock that is held while this lives.
pub struct Lock(#[expect(dead_code, reason = "held for its drop")] Box<dyn Any + Send + Sync>);

impl Lock {
    /// Wraps whatever releases the lock when it is dropped.
    pub fn holding(guard: impl Any + Send + Sync) -> Self {
        Self(Box::new(guard))
    }
}

impl fmt::Debug for Lock {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Lock")
    }
}

/// Zeros to write and to compare with: comparing slices is fast even in a debug build.
pub(crate) static ZEROS: [u8; 64 * 1024] = [0; 64 * 1024];

/// Writes all of `bytes`, however often the disk takes only a part.
pub(crate) fn write_fully(file: &dyn DiskFile, mut offset: u64, mut bytes: &[u8]) -> io::Result<()> {
    while !bytes.is_empty() {
        match file.write_at(offset, bytes) {
            Ok(0) => return Err(io::ErrorKind::WriteZero.into()),
            Ok(taken) => {
                bytes = bytes.get(taken..).unwrap_or_default();
                offset += taken as u64;
            }
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
    }
    Ok(())
}

/// Reads until `into` is full or the file ends; the answer is how many bytes.
pub(crate) fn read_fully(file: &dyn DiskFile, offset: u64, into: &mut [u8]) -> io::Result<usize> {
    let mut filled = 0;
    while filled < into.len() {
        match file.read_at(offset + filled as u64, &mut into[filled..]) {
            Ok(0) => break,
            Ok(read) => filled += read,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
    }
    Ok(filled)
}

/// Overwrites `from..to` with zeros. Real zeros rather than a hole: a later sync then has no blocks to allocate.
/// Syncs on the way, so that a background fill never leaves the disk one long queue in front of an append.
pub(crate) fn write_zeros(file: &dyn DiskFile, from: u64, to: u64) -> io::Result<()> {
    const SYNC_EVERY_BYTES: u64 = 2 * 1024 * 1024;
    let (mut at, mut unsynced) = (from, 0);
    while at < to {
        let length = (to - at).min(ZEROS.len() as u64);
        write_fully(file, at, &ZEROS[..length as usize])?;
        (at, unsynced) = (at + length, unsynced + length);
        if unsynced >= SYNC_EVERY_BYTES {
            file.sync()?;
            unsynced = 0;
        }
    }
    Ok(())
}
