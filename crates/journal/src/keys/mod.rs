//! Data keys, one per subject, wrapped by the operator's master key, each of which can be destroyed for good.
//!
//! `flow` seals personal fields and raw bodies with these keys; `lockstep erase` destroys them. The store knows ids,
//! not persons, and keeps no key in the clear on the disk.

mod file;
mod seal;
mod slot;

use std::collections::HashMap;
use std::sync::Arc;

pub use seal::{DataKey, MasterKey, SEAL_OVERHEAD, seal, seal_into, unseal};

use crate::disk::{Disk, DiskFile, write_fully, write_zeros};
use crate::error::JournalError;
use slot::{SLOT, Slot, Wrapped};

/// A subject, as the key store knows it: 16 bytes that the caller derives from the subject's name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct KeyId(pub [u8; 16]);

impl KeyId {
    /// The id of a key that is known by a name of the program's own.
    pub fn named(name: &str) -> Self {
        let mut id = [0; 16];
        id.copy_from_slice(&blake3::hash(name.as_bytes()).as_bytes()[..16]);
        Self(id)
    }
}

/// What the store has for an id.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Kept {
    /// The subject's data key.
    Live(DataKey),
    /// There was one, and it was destroyed: what was sealed with it is gone.
    Destroyed,
}

/// What became of a request to destroy a key.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Destroy {
    /// It is gone, durably.
    Destroyed,
    /// It was gone before; its tombstone is durable.
    Already,
    /// There never was one.
    Unknown,
}

/// What opening the key store found.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct KeysOpened {
    /// Keys that can be used.
    pub live: u64,
    /// Tombstones.
    pub destroyed: u64,
    /// Slots that fail their checksum: what was sealed with those keys cannot be opened any more.
    pub damaged: u64,
}

/// Slots that one sync writes at most, and by which the file grows. Opening writes as many of the newest slots once
/// more, so that a sync that failed earlier leaves nothing in memory only.
const CHUNK_SLOTS: usize = 4096;

/// The key store. The journal's lock on the data folder covers it too.
#[derive(Debug)]
pub struct KeyStore {
    disk: Arc<dyn Disk>,
    master: MasterKey,
    file: Arc<dyn DiskFile>,
    /// Slots in the file that are filled with zeros or keys, the header not counted.
    capacity: usize,
    /// By number of the slot.
    slots: Vec<Slot>,
    index: HashMap<KeyId, usize>,
    /// Slots from this number on are not durable yet.
    durable: usize,
    stopped: bool,
}

impl KeyStore {
    /// Opens the store in the data folder, or begins one under `master`.
    ///
    /// # Errors
    /// `WrongMasterKey`; `Damaged` when the file's header is; `Io`, `Full`. Damaged slots are counted, not refused.
    pub fn open(disk: Arc<dyn Disk>, master: MasterKey) -> Result<(Self, KeysOpened), JournalError> {
        let (file, slots, capacity) = file::open_or_make(&disk, &master)?;
        let mut index = HashMap::new();
        let mut opened = KeysOpened::default();
        for (number, slot) in slots.iter().enumerate() {
            match slot {
                Slot::Empty => {}
                Slot::Damaged => opened.damaged += 1,
                Slot::Live(id, _) => {
                    opened.live += 1;
                    index.insert(*id, number);
                }
                Slot::Destroyed(id) => {
                    opened.destroyed += 1;
                    index.insert(*id, number);
                }
            }
        }
        if opened.damaged > 0 {
            tracing::warn!(slots = opened.damaged, "damaged slots in the key store");
        }
        // Damaged slots are left as they are: somebody may still mend them.
        let durable = slots.len();
        let mut store = Self { disk, master, file, capacity, slots, index, durable, stopped: false };
        store.confirm_newest()?;
        Ok((store, opened))
    }

    /// The key of `id`; one is made of `fresh` (32 bytes key, 24 bytes nonce, all random) when there is none. A new
    /// key is durable after [`KeyStore::sync`].
    ///
    /// # Errors
    /// `Stopped`; `SealBroken` when the slot was changed by hand.
    pub fn get_or_create(&mut self, id: KeyId, fresh: &mut dyn FnMut() -> [u8; 56]) -> Result<Kept, JournalError> {
        if self.stopped {
            return Err(JournalError::Stopped);
        }
        if let Some(kept) = self.get(&id)? {
            return Ok(kept);
        }
        let random = fresh();
        let (mut key, mut nonce) = ([0; 32], [0; 24]);
        key.copy_from_slice(&random[..32]);
        nonce.copy_from_slice(&random[32..]);
        let key = DataKey::new(key);
        let wrapped = Wrapped::wrap(&self.master, &nonce, &id, &key)?;
        self.index.insert(id, self.slots.len());
        self.slots.push(Slot::Live(id, wrapped));
        Ok(Kept::Live(key))
    }

    /// The key of `id`, `None` when it never had one.
    ///
    /// # Errors
    /// `SealBroken` when the slot was changed by hand.
    pub fn get(&self, id: &KeyId) -> Result<Option<Kept>, JournalError> {
        match self.index.get(id).map(|number| self.slots[*number]) {
            Some(Slot::Live(id, wrapped)) => wrapped.unwrap_with(&self.master, &id).map(Kept::Live).map(Some),
            Some(Slot::Destroyed(_)) => Ok(Some(Kept::Destroyed)),
            Some(Slot::Empty | Slot::Damaged) | None => Ok(None),
        }
    }

    /// Makes new keys durable; costs nothing when there are none.
    ///
    /// # Errors
    /// `Stopped`; `Io` and `Full`, after which the store is stopped until it is opened again.
    pub fn sync(&mut self) -> Result<(), JournalError> {
        self.guarded(Self::write_new)
    }

    /// Destroys the key of `id`: its slot is overwritten in place and the overwriting is durable on return. What was
    /// sealed with it cannot be opened any more. File systems and disks that copy on write may keep the old, wrapped
    /// bytes for a while; they are worth nothing once the master key is changed with [`KeyStore::rewrap`].
    ///
    /// # Errors
    /// As [`KeyStore::sync`].
    pub fn destroy(&mut self, id: &KeyId) -> Result<Destroy, JournalError> {
        if self.stopped {
            return Err(JournalError::Stopped);
        }
        let Some(number) = self.index.get(id).copied() else {
            return Ok(Destroy::Unknown);
        };
        let before = std::mem::replace(&mut self.slots[number], Slot::Destroyed(*id));
        self.guarded(|store| {
            store.write_new()?;
            // Also when it was destroyed before: that sync may have failed.
            store.write_slots(number, number + 1)
        })?;
        Ok(if matches!(before, Slot::Destroyed(_)) { Destroy::Already } else { Destroy::Destroyed })
    }

    /// Wraps every key anew under `master`, with a nonce from `fresh` for each. The whole file is replaced at once: a
    /// crash leaves the old one or the new one. Damaged slots are not carried over.
    ///
    /// # Errors
    /// `Stopped`; `SealBroken`, `Io` and `Full`: the old file and master key then still hold, but the store is stopped.
    pub fn rewrap(&mut self, master: MasterKey, fresh: &mut dyn FnMut() -> [u8; 24]) -> Result<(), JournalError> {
        self.guarded(|store| {
            let mut slots = Vec::with_capacity(store.slots.len());
            for slot in &store.slots {
                slots.push(match slot {
                    Slot::Live(id, wrapped) => {
                        let key = wrapped.unwrap_with(&store.master, id)?;
                        Slot::Live(*id, Wrapped::wrap(&master, &fresh(), id, &key)?)
                    }
                    Slot::Destroyed(id) => Slot::Destroyed(*id),
                    Slot::Empty | Slot::Damaged => Slot::Empty,
                });
            }
            (store.file, store.capacity) = file::replace(&store.disk, &master, &slots)?;
            (store.durable, store.slots, store.master) = (slots.len(), slots, master);
            Ok(())
        })
    }

    /// Destroys the key of `id` as [`KeyStore::destroy`] does, and leaves a tombstone also where there never was a key,
    /// so that none is made later.
    ///
    /// # Errors
    /// As [`KeyStore::sync`].
    pub fn bury(&mut self, id: &KeyId) -> Result<Destroy, JournalError> {
        let found = self.destroy(id)?;
        if found == Destroy::Unknown {
            self.index.insert(*id, self.slots.len());
            self.slots.push(Slot::Destroyed(*id));
            self.sync()?;
        }
        Ok(found)
    }

    /// Whether what `id` sealed is gone for good.
    pub fn is_buried(&self, id: &KeyId) -> bool {
        self.index.get(id).is_some_and(|number| matches!(self.slots[*number], Slot::Destroyed(_)))
    }

    /// Whether the store is wrapped by `master`.
    pub fn is_under(&self, master: &MasterKey) -> bool {
        self.master.fingerprint() == master.fingerprint()
    }

    /// One key of a store that another process may have open, without changing anything; `None` when it is not there.
    ///
    /// # Errors
    /// `WrongMasterKey`; `Damaged` when the file's header is; `SealBroken`; `Io`.
    pub fn peek(disk: &dyn Disk, master: &MasterKey, id: &KeyId) -> Result<Option<DataKey>, JournalError> {
        let Some(slots) = file::look(disk, master)? else { return Ok(None) };
        let found = slots.iter().find_map(|slot| match slot {
            Slot::Live(known, wrapped) if known == id => Some(wrapped.unwrap_with(master, id)),
            _ => None,
        });
        found.transpose()
    }

    /// The file's bytes as they are in memory now, for a backup.
    pub fn image(&self) -> Vec<u8> {
        let mut bytes = slot::file_header(&self.master).to_vec();
        bytes.extend(self.slots.iter().flat_map(Slot::encode));
        bytes
    }

    fn guarded<T>(&mut self, work: impl FnOnce(&mut Self) -> Result<T, JournalError>) -> Result<T, JournalError> {
        if self.stopped {
            return Err(JournalError::Stopped);
        }
        let answer = work(self);
        if let Err(error) = &answer {
            self.stopped = true;
            tracing::error!(%error, "the key store stops");
        }
        answer
    }

    fn write_new(&mut self) -> Result<(), JournalError> {
        while self.durable < self.slots.len() {
            let to = self.slots.len().min(self.durable + CHUNK_SLOTS);
            self.grow(to)?;
            self.write_slots(self.durable, to)?;
            self.durable = to;
        }
        Ok(())
    }

    fn grow(&mut self, slots: usize) -> Result<(), JournalError> {
        if slots > self.capacity {
            let capacity = slots.next_multiple_of(CHUNK_SLOTS);
            write_zeros(self.file.as_ref(), offset(self.capacity), offset(capacity))
                .map_err(JournalError::io("prepare", file::PATH))?;
            self.capacity = capacity;
        }
        Ok(())
    }

    fn write_slots(&self, from: usize, to: usize) -> Result<(), JournalError> {
        let bytes: Vec<u8> = self.slots[from..to].iter().flat_map(Slot::encode).collect();
        write_fully(self.file.as_ref(), offset(from), &bytes).map_err(JournalError::io("write", file::PATH))?;
        self.file.sync().map_err(JournalError::io("sync", file::PATH))
    }

    /// Writes the newest slots once more (see [`CHUNK_SLOTS`]), damaged ones excepted.
    fn confirm_newest(&mut self) -> Result<(), JournalError> {
        let from = self.slots.len().saturating_sub(CHUNK_SLOTS);
        for (number, slot) in self.slots.iter().enumerate().skip(from).filter(|(_, slot)| **slot != Slot::Damaged) {
            write_fully(self.file.as_ref(), offset(number), &slot.encode())
                .map_err(JournalError::io("write", file::PATH))?;
        }
        self.file.sync().map_err(JournalError::io("sync", file::PATH))
    }
}

/// Where slot `number` begins: behind the header.
fn offset(number: usize) -> u64 {
    ((number + 1) * SLOT) as u64
}
