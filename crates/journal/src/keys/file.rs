//! The key file as a whole: making it, reading it, replacing it.
//!
//! Only the key store calls it. A new file is always written beside the old one and renamed over it.

use std::io;
use std::sync::Arc;

use super::seal::MasterKey;
use super::slot::{SLOT, Slot, file_header, is_file_header};
use super::{CHUNK_SLOTS, offset};
use crate::disk::{Disk, DiskFile, read_fully, write_fully, write_zeros};
use crate::error::JournalError;

const FOLDER: &str = "keys";
pub(super) const PATH: &str = "keys/keys.slots";
const TEMPORARY: &str = "keys/keys.new";

/// An open key file, its slots up to the last used one, and how many it has room for.
type KeyFile = (Arc<dyn DiskFile>, Vec<Slot>, usize);

pub(super) fn open_or_make(disk: &Arc<dyn Disk>, master: &MasterKey) -> Result<KeyFile, JournalError> {
    disk.make_folder(FOLDER).map_err(JournalError::io("make folder", FOLDER))?;
    match disk.open(PATH) {
        Ok(file) => {
            // The rename that put it here may not have been made durable.
            disk.sync_folder(FOLDER).map_err(JournalError::io("sync folder", FOLDER))?;
            read(file, master)
        }
        Err(error) if error.kind() == io::ErrorKind::NotFound => {
            let (file, capacity) = replace(disk, master, &[])?;
            Ok((file, Vec::new(), capacity))
        }
        Err(error) => Err(JournalError::io("open", PATH)(error)),
    }
}

/// The slots of a file that is only looked at; `None` when there is none.
pub(super) fn look(disk: &dyn Disk, master: &MasterKey) -> Result<Option<Vec<Slot>>, JournalError> {
    match disk.open(PATH) {
        Ok(file) => read(file, master).map(|(_, slots, _)| Some(slots)),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(JournalError::io("open", PATH)(error)),
    }
}

fn read(file: Arc<dyn DiskFile>, master: &MasterKey) -> Result<KeyFile, JournalError> {
    let length = file.length().map_err(JournalError::io("measure", PATH))?;
    let mut bytes = vec![0; usize::try_from(length).unwrap_or(usize::MAX).min(isize::MAX as usize)];
    let read = read_fully(file.as_ref(), 0, &mut bytes).map_err(JournalError::io("read", PATH))?;
    bytes.truncate(read);
    let (slots, _) = bytes.as_chunks::<SLOT>();
    let Some((header, slots)) = slots.split_first().filter(|(header, _)| is_file_header(*header)) else {
        return Err(JournalError::Damaged { path: PATH.to_owned(), offset: 0 });
    };
    if *header != file_header(master) {
        return Err(JournalError::WrongMasterKey { path: PATH.to_owned() });
    }
    let capacity = slots.len();
    let mut slots: Vec<Slot> = slots.iter().map(Slot::decode).collect();
    let used = slots.iter().rposition(|slot| *slot != Slot::Empty).map_or(0, |last| last + 1);
    slots.truncate(used);
    Ok((file, slots, capacity))
}

/// Writes a file with these slots under `master`, and puts it in the place of the old one.
pub(super) fn replace(
    disk: &Arc<dyn Disk>,
    master: &MasterKey,
    slots: &[Slot],
) -> Result<(Arc<dyn DiskFile>, usize), JournalError> {
    let capacity = slots.len().max(1).next_multiple_of(CHUNK_SLOTS);
    let file = disk.create(TEMPORARY).map_err(JournalError::io("make", TEMPORARY))?;
    let mut bytes = file_header(master).to_vec();
    bytes.extend(slots.iter().flat_map(Slot::encode));
    write_fully(file.as_ref(), 0, &bytes)
        .and_then(|()| write_zeros(file.as_ref(), bytes.len() as u64, offset(capacity)))
        .and_then(|()| file.sync())
        .map_err(JournalError::io("write", TEMPORARY))?;
    disk.rename(TEMPORARY, PATH).map_err(JournalError::io("rename", TEMPORARY))?;
    disk.sync_folder(FOLDER).map_err(JournalError::io("sync folder", FOLDER))?;
    Ok((file, capacity))
}
