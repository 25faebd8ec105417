//! What a job may use while it makes its commands: the state as it is at that moment, the seals, and the list of
//! positions that may have to be shown anew.

use std::collections::BTreeSet;

use engine::State;
use journal::{JournalError, KeyId, MasterKey};
use model::{ChannelId, Instant, Person, Personal, RawName, Sealed, Subject};

use super::{Keeper, RawBody, RawInput};

/// The keeper, as far as a job may touch it.
#[derive(Debug)]
pub struct Desk<'a> {
    keeper: &'a mut Keeper,
}

impl<'a> Desk<'a> {
    pub(super) fn of(keeper: &'a mut Keeper) -> Self {
        Self { keeper }
    }

    /// The state.
    pub fn state(&self) -> &State {
        &self.keeper.state
    }

    /// The chain over everything durable, and the number the next fact will get.
    pub fn head(&self) -> journal::Head {
        self.keeper.journal.head()
    }

    /// Seals a person's fields.
    ///
    /// # Errors
    /// The key store's.
    pub fn seal(&mut self, subject: Subject, personal: &Personal) -> Result<Personal, JournalError> {
        self.keeper.sealer.person(subject, personal)
    }

    /// Opens a person's fields; `None` when they were erased.
    pub fn unseal(&self, sealed: &Sealed) -> Option<Person> {
        self.keeper.sealer.open_person(sealed)
    }

    /// Seals bytes that name a person.
    ///
    /// # Errors
    /// The key store's.
    pub fn seal_bytes(&mut self, subject: Subject, plain: &[u8]) -> Result<Vec<u8>, JournalError> {
        self.keeper.sealer.seal(subject, plain)
    }

    /// Opens what [`seal_bytes`](Self::seal_bytes) sealed; `None` when the person was erased.
    pub fn unseal_bytes(&self, sealed: &Sealed) -> Option<Vec<u8>> {
        self.keeper.sealer.open(sealed.subject, &sealed.bytes)
    }

    /// Keeps a raw body; durable with this job's batch.
    ///
    /// # Errors
    /// The stores'.
    pub fn keep_raw(&mut self, body: &RawBody) -> Result<(), JournalError> {
        let Keeper { sealer, raw, .. } = &mut *self.keeper;
        sealer.keep_raw(raw, body)
    }

    /// A raw body as it came.
    ///
    /// # Errors
    /// The store's.
    pub fn raw(&self, name: RawName) -> Result<Option<RawInput>, JournalError> {
        self.keeper.sealer.raw(&self.keeper.raw, name)
    }

    /// Since when a channel does not show what it should of a position, by its row; `None` when that was so before the
    /// hub was started.
    pub fn differs_since(&self, channel: ChannelId, row: u32) -> Option<Instant> {
        self.keeper.convergence.since(channel, row)
    }

    /// A raw body with the subject whose key seals it; without the body when that key was destroyed.
    ///
    /// # Errors
    /// The store's.
    pub fn raw_of(&self, name: RawName) -> Result<Option<(Subject, Option<RawInput>)>, JournalError> {
        self.keeper.sealer.raw_of(&self.keeper.raw, name)
    }

    /// A handle by which the journal is read.
    pub fn reader(&self) -> Box<dyn journal::Reader> {
        self.keeper.journal.reader()
    }

    /// The key that signs checkpoints, where there is one.
    pub fn signer(&self) -> Option<std::sync::Arc<journal::SigningKey>> {
        self.keeper.signer.clone()
    }

    /// Destroys the keys of these subjects, durably and for good. They are put on the list of erasures first, so that
    /// neither a crash nor an old backup brings them back.
    ///
    /// # Errors
    /// The disk's, or the key store's.
    pub fn bury(&mut self, subjects: &BTreeSet<Subject>) -> Result<(), JournalError> {
        let ids = subjects.iter().map(|subject| KeyId(subject.0)).collect();
        journal::add_erasures(self.keeper.disk.as_ref(), &ids)?;
        let keys = self.keeper.sealer.keys_mut();
        for id in &ids {
            if !keys.is_buried(id) {
                keys.bury(id)?;
            }
        }
        Ok(())
    }

    /// Wraps every key anew under another master key.
    ///
    /// # Errors
    /// The key store's; the old master key then still holds.
    pub fn rewrap(&mut self, master: MasterKey) -> Result<(), JournalError> {
        self.keeper.sealer.rewrap(master)
    }

    /// The key store's file as it is at this moment, for a backup.
    pub fn keys(&self) -> Vec<u8> {
        self.keeper.sealer.keys_file()
    }

    /// Positions that may have to be shown anew on a channel.
    pub fn dirty(&mut self, channel: ChannelId) -> Option<(&State, &mut BTreeSet<u32>)> {
        let Keeper { state, dirty, .. } = &mut *self.keeper;
        dirty.get_mut(channel.0 as usize).map(|dirty| (&*state, dirty))
    }
}
