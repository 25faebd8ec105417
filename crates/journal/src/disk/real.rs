//! The real disk: a folder of the operating system's file system.
//!
//! `lockstep` opens it at the data folder; everything else sees only the trait. Files are made readable by their owner
//! alone, since they hold a merchant's books and keys.

use std::fs::{self, File, OpenOptions, TryLockError};
use std::io::{self, Read, Write};
use std::os::unix::fs::{FileExt, OpenOptionsExt};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::{Disk, DiskFile, Lock};
use crate::error::JournalError;

/// A data folder on the machine's own file system.
#[derive(Clone, Debug)]
pub struct RealDisk {
    root: PathBuf,
    access: Access,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Access {
    ReadWrite,
    ReadOnly,
}

impl RealDisk {
    /// The folder at `root`; it is made when the first store is opened.
    pub fn at(root: impl Into<PathBuf>) -> Self {
        Self { root: root.into(), access: Access::ReadWrite }
    }

    /// The folder at `root`, opened without the right to write, for audits of copies on read-only media.
    pub fn read_only(root: impl Into<PathBuf>) -> Self {
        Self { root: root.into(), access: Access::ReadOnly }
    }

    fn path(&self, path: &str) -> PathBuf {
        self.root.join(path)
    }
}

impl Disk for RealDisk {
    fn open(&self, path: &str) -> io::Result<Arc<dyn DiskFile>> {
        let file = OpenOptions::new().read(true).write(self.access == Access::ReadWrite).open(self.path(path))?;
        Ok(Arc::new(RealFile(file)))
    }

    fn create(&self, path: &str) -> io::Result<Arc<dyn DiskFile>> {
        let file =
            OpenOptions::new().read(true).write(true).create(true).truncate(true).mode(0o600).open(self.path(path))?;
        Ok(Arc::new(RealFile(file)))
    }

    fn list(&self, folder: &str) -> io::Result<Vec<String>> {
        let entries = match fs::read_dir(self.path(folder)) {
            Ok(entries) => entries,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
            Err(error) => return Err(error),
        };
        let mut names = Vec::new();
        for entry in entries {
            // A name that is not UTF-8 is not one of ours.
            if let Ok(name) = entry?.file_name().into_string() {
                names.push(name);
            }
        }
        names.sort_unstable();
        Ok(names)
    }

    fn make_folder(&self, folder: &str) -> io::Result<()> {
        let path = self.path(folder);
        if path.is_dir() {
            return Ok(());
        }
        fs::create_dir_all(&path)?;
        let mut above = path.parent();
        while let Some(parent) = above.filter(|parent| parent.starts_with(&self.root)) {
            sync_path(parent)?;
            above = parent.parent();
        }
        Ok(())
    }

    fn rename(&self, from: &str, to: &str) -> io::Result<()> {
        fs::rename(self.path(from), self.path(to))
    }

    fn remove(&self, path: &str) -> io::Result<()> {
        fs::remove_file(self.path(path))
    }

    fn sync_folder(&self, folder: &str) -> io::Result<()> {
        sync_path(&self.path(folder))
    }

    fn lock(&self, path: &str) -> Result<Lock, JournalError> {
        let full = self.path(path);
        let shown = full.display().to_string();
        if let Some(parent) = full.parent() {
            fs::create_dir_all(parent).map_err(JournalError::io("make the folder of", &shown))?;
        }
        let mut file = OpenOptions::new()
            .read(true)
            .write(true)
            .create(true)
            .truncate(false)
            .mode(0o600)
            .open(&full)
            .map_err(JournalError::io("open", &shown))?;
        match file.try_lock() {
            Ok(()) => {
                file.set_len(0)
                    .and_then(|()| writeln!(file, "{}", std::process::id()))
                    .map_err(JournalError::io("write", &shown))?;
                Ok(Lock::holding(file))
            }
            Err(TryLockError::WouldBlock) => Err(JournalError::Locked { path: shown, pid: holder(&mut file) }),
            Err(TryLockError::Error(source)) => Err(JournalError::io("lock", &shown)(source)),
        }
    }
}

/// The process id that the lock file names, when it names one.
fn holder(file: &mut File) -> Option<u32> {
    let mut text = String::new();
    file.take(32).read_to_string(&mut text).ok()?;
    text.trim().parse().ok()
}

fn sync_path(path: &Path) -> io::Result<()> {
    File::open(path)?.sync_all()
}

#[derive(Debug)]
struct RealFile(File);

impl DiskFile for RealFile {
    fn length(&self) -> io::Result<u64> {
        Ok(self.0.metadata()?.len())
    }

    fn read_at(&self, offset: u64, into: &mut [u8]) -> io::Result<usize> {
        self.0.read_at(into, offset)
    }

    fn write_at(&self, offset: u64, bytes: &[u8]) -> io::Result<usize> {
        self.0.write_at(bytes, offset)
    }

    fn sync(&self) -> io::Result<()> {
        self.0.sync_data()
    }
}
