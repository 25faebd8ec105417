//! Snapshots of somebody's state, each tied to the border in the journal up to which it was folded.
//!
//! `flow` writes the engine's state here and loads the newest good one at start. A snapshot can always be made again
//! from the journal, so a damaged one is passed over. What the bytes mean is the caller's.

use std::sync::Arc;

use crate::disk::{Disk, read_fully, write_fully};
use crate::error::JournalError;
use crate::segment::frame::{array_at, u32_at, u64_at};
use crate::words::{Chain, Head, Seq};

const FOLDER: &str = "snapshots";
const KEPT: usize = 2;
const HEADER: usize = 128;
const MAGIC: [u8; 8] = *b"LsSnapsh";
const VERSION: u32 = 1;

/// The folder of snapshots.
#[derive(Debug)]
pub struct Snapshots {
    disk: Arc<dyn Disk>,
}

/// One snapshot that passed its checksums.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Snapshot {
    /// The border it was folded up to: replay goes on at `head.next`.
    pub head: Head,
    /// What was written.
    pub bytes: Vec<u8>,
}

impl Snapshots {
    /// Opens the folder, or makes it.
    ///
    /// # Errors
    /// `Io`, `Full`.
    pub fn open(disk: Arc<dyn Disk>) -> Result<Self, JournalError> {
        disk.make_folder(FOLDER).map_err(JournalError::io("make folder", FOLDER))?;
        Ok(Self { disk })
    }

    /// Writes a snapshot; it is durable, or not there at all, whenever the machine stops. Then only the two newest are
    /// kept: two, so that one damaged file costs a longer replay and not the whole of it.
    ///
    /// # Errors
    /// `Io`, `Full`. Earlier snapshots are untouched then.
    pub fn write(&self, head: &Head, bytes: &[u8]) -> Result<(), JournalError> {
        let (temporary, path) = (format!("{FOLDER}/writing.tmp"), path(head.next));
        let file = self.disk.create(&temporary).map_err(JournalError::io("make", &temporary))?;
        write_fully(file.as_ref(), 0, &header(head, bytes))
            .and_then(|()| write_fully(file.as_ref(), HEADER as u64, bytes))
            .map_err(JournalError::io("write", &temporary))?;
        file.sync().map_err(JournalError::io("sync", &temporary))?;
        self.disk.rename(&temporary, &path).map_err(JournalError::io("rename", &temporary))?;
        self.disk.sync_folder(FOLDER).map_err(JournalError::io("sync folder", FOLDER))?;
        self.prune()
    }

    /// The newest snapshot that passes its checksums; `None` when there is none.
    ///
    /// # Errors
    /// `Io` when the folder cannot be listed. A file that cannot be read is passed over like a damaged one.
    pub fn latest_valid(&self) -> Result<Option<Snapshot>, JournalError> {
        for next in self.borders()?.into_iter().rev() {
            match self.read(next) {
                Some(snapshot) => return Ok(Some(snapshot)),
                None => tracing::warn!(next = next.0, "a damaged snapshot is passed over"),
            }
        }
        Ok(None)
    }

    /// The borders of the snapshots in the folder, oldest first, damaged ones included.
    ///
    /// # Errors
    /// `Io`.
    pub fn borders(&self) -> Result<Vec<Seq>, JournalError> {
        let names = self.disk.list(FOLDER).map_err(JournalError::io("list", FOLDER))?;
        let stems = names.iter().filter_map(|name| name.strip_suffix(".snap"));
        let mut borders: Vec<Seq> = stems.filter_map(|stem| stem.parse().ok()).map(Seq).collect();
        borders.sort_unstable();
        Ok(borders)
    }

    fn read(&self, next: Seq) -> Option<Snapshot> {
        let file = self.disk.open(&path(next)).ok()?;
        let length = usize::try_from(file.length().ok()?.checked_sub(HEADER as u64)?).ok()?;
        let (mut head, mut bytes) = ([0; HEADER], vec![0; length]);
        let read = read_fully(file.as_ref(), 0, &mut head).ok()? == HEADER
            && read_fully(file.as_ref(), HEADER as u64, &mut bytes).ok()? == length;
        let border = Head { next: Seq(u64_at(&head, 16)), chain: Chain(array_at(&head, 32)) };
        // Made again rather than taken apart: every byte of the header is then checked.
        let whole = read && border.next == next && u32_at(&head, 8) == VERSION && head == header(&border, &bytes);
        whole.then_some(Snapshot { head: border, bytes })
    }

    fn prune(&self) -> Result<(), JournalError> {
        let borders = self.borders()?;
        for old in &borders[..borders.len().saturating_sub(KEPT)] {
            let path = path(*old);
            self.disk.remove(&path).map_err(JournalError::io("remove", &path))?;
        }
        Ok(())
    }
}

fn path(next: Seq) -> String {
    format!("{FOLDER}/{:020}.snap", next.0)
}

/// Magic 0..8, version 8..12, border 16..24, length 24..32, chain 32..64, BLAKE3 of the body 64..96, of 0..96 96..128.
fn header(head: &Head, bytes: &[u8]) -> [u8; HEADER] {
    let mut header = [0; HEADER];
    header[0..8].copy_from_slice(&MAGIC);
    header[8..12].copy_from_slice(&VERSION.to_le_bytes());
    header[16..24].copy_from_slice(&head.next.0.to_le_bytes());
    header[24..32].copy_from_slice(&(bytes.len() as u64).to_le_bytes());
    header[32..64].copy_from_slice(&head.chain.0);
    header[64..96].copy_from_slice(blake3::hash(bytes).as_bytes());
    let sum = blake3::hash(&header[..96]);
    header[96..128].copy_from_slice(sum.as_bytes());
    header
}
