//! A folder of its own for one test, removed when the test ends.

use std::path::{Path, PathBuf};

/// Removed when dropped.
#[derive(Debug)]
pub struct Folder(PathBuf);

impl Folder {
    /// An empty folder; `name` tells tests of one program apart.
    pub fn of(name: &str) -> Self {
        let path = std::env::temp_dir().join(format!("lockstep-test-{}-{name}", std::process::id()));
        // A run that was killed may have left one under the same process number.
        let _ = std::fs::remove_dir_all(&path);
        std::fs::create_dir_all(&path).expect("a temporary folder can be made");
        Self(path)
    }

    pub fn path(&self) -> &Path {
        &self.0
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}
