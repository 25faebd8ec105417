//! One group commit over the three stores, in the only order that is safe.
//!
//! `flow`'s `keep` step calls it once per batch. It knows which store must be durable before which, not why a batch
//! names a raw body or a key.

use crate::buffer::BatchBuffer;
use crate::error::JournalError;
use crate::journal::Journal;
use crate::keys::KeyStore;
use crate::raw::RawStore;
use crate::words::Appended;

/// Makes the raw bodies and keys that a batch refers to durable, then the batch. Raw bodies and keys go first: a body
/// without its fact is harmless, a fact without its body or key could never be replayed. Stores with nothing new cost
/// no sync.
///
/// # Errors
/// The first store's error; the batch is then not appended, and the caller must stop as after a failed append.
pub fn commit(
    journal: &mut dyn Journal,
    raw: &mut RawStore,
    keys: &mut KeyStore,
    batch: &mut BatchBuffer,
    facts: u32,
) -> Result<Appended, JournalError> {
    let ready = raw.sync().and_then(|()| keys.sync());
    if let Err(error) = ready {
        journal.stop();
        return Err(error);
    }
    journal.append_buffer(batch, facts)
}
