//! What a job may use while it makes its commands: the state as it is at that moment, the seals, and the list of
//! positions that may have to be shown anew.

use std::collections::BTreeSet;

use engine::State;
use journal::JournalError;
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

    /// Positions that may have to be shown anew on a channel.
    pub fn dirty(&mut self, channel: ChannelId) -> Option<(&State, &mut BTreeSet<u32>)> {
        let Keeper { state, dirty, .. } = &mut *self.keeper;
        dirty.get_mut(channel.0 as usize).map(|dirty| (&*state, dirty))
    }
}
