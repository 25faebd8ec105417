//! The list of erased subjects: one line each, only ever added to, and kept outside every backup too.
//!
//! `flow` writes a subject here before its key is destroyed and destroys every key on the list whenever it opens a data
//! folder; so a backup from before the erasure, restored with a newer list, does not bring anybody back. It knows ids,
//! not persons.

use std::collections::BTreeSet;
use std::io;

use crate::disk::{Disk, read_fully, write_fully};
use crate::error::JournalError;
use crate::keys::KeyId;

/// The list, relative to the data folder.
pub const ERASURES: &str = "erased.list";

/// Everybody on the list; empty when there is none. Lines that are no id are passed over: the last one may be half.
///
/// # Errors
/// `Io`.
pub fn erasures(disk: &dyn Disk) -> Result<BTreeSet<KeyId>, JournalError> {
    let file = match disk.open(ERASURES) {
        Ok(file) => file,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(BTreeSet::new()),
        Err(error) => return Err(JournalError::io("open", ERASURES)(error)),
    };
    let length = file.length().map_err(JournalError::io("measure", ERASURES))?;
    let mut bytes = vec![0; usize::try_from(length).unwrap_or(0)];
    read_fully(file.as_ref(), 0, &mut bytes).map_err(JournalError::io("read", ERASURES))?;
    Ok(erasures_in(&String::from_utf8_lossy(&bytes)))
}

/// The ids in the text of a list.
pub fn erasures_in(text: &str) -> BTreeSet<KeyId> {
    text.lines().filter_map(id).collect()
}

/// Adds subjects to the list, durably. The whole list is written anew and put in the place of the old one: a crash
/// leaves one of the two.
///
/// # Errors
/// `Io`, `Full`.
pub fn add_erasures(disk: &dyn Disk, new: &BTreeSet<KeyId>) -> Result<(), JournalError> {
    const NEW: &str = "erased.new";
    let mut all = erasures(disk)?;
    let before = all.len();
    all.extend(new);
    if all.len() == before {
        return Ok(());
    }
    let text: String = all.iter().map(|id| format!("{}\n", digits(&id.0))).collect();
    let file = disk.create(NEW).map_err(JournalError::io("make", NEW))?;
    write_fully(file.as_ref(), 0, text.as_bytes())
        .and_then(|()| file.sync())
        .map_err(JournalError::io("write", NEW))?;
    disk.rename(NEW, ERASURES).map_err(JournalError::io("rename", NEW))?;
    disk.sync_folder("").map_err(JournalError::io("sync folder", "data"))
}

fn id(line: &str) -> Option<KeyId> {
    let (pairs, rest) = line.as_bytes().as_chunks::<2>();
    if pairs.len() != 16 || !rest.is_empty() {
        return None;
    }
    let mut id = [0; 16];
    for (byte, pair) in id.iter_mut().zip(pairs) {
        *byte = u8::from_str_radix(std::str::from_utf8(pair).ok()?, 16).ok()?;
    }
    Some(KeyId(id))
}

fn digits(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}
