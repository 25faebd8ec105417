//! What all minds have in common. Called by the follower that feeds them, and by the evaluations.

use minicbor::{Decode, Encode};
use model::{Entry, Seq};

/// A fold over facts.
///
/// One more fact costs O(1) or O(log n). The same facts give the same bits, in whatever portions they come.
pub trait Mind {
    /// Takes one fact in. What does not concern the mind is passed over.
    fn apply(&mut self, seq: Seq, entry: &Entry);
}

/// A stored mind that cannot be read.
#[derive(Debug, thiserror::Error)]
pub enum NotAMind {
    /// Stored by a version whose form is another.
    #[error("stored in form {found}, this version reads form {known}: build it again from the journal")]
    Form {
        /// What is stored.
        found: u32,
        /// What is read.
        known: u32,
    },
    /// Not what was stored.
    #[error("the stored mind is damaged ({0}): build it again from the journal")]
    Damaged(String),
}

/// A mind as bytes, with the number of its form before it.
pub fn snapshot<M: Encode<()>>(form: u32, mind: &M) -> Vec<u8> {
    let mut bytes = Vec::new();
    // Writing to memory cannot fail.
    let _ = minicbor::encode((form, mind), &mut bytes);
    bytes
}

/// The mind that [`snapshot`] stored.
///
/// # Errors
/// When it was stored in another form, or is damaged.
pub fn restore<'b, M: Decode<'b, ()>>(form: u32, bytes: &'b [u8]) -> Result<M, NotAMind> {
    let damaged = |error: minicbor::decode::Error| NotAMind::Damaged(error.to_string());
    let mut decoder = minicbor::Decoder::new(bytes);
    decoder.array().map_err(damaged)?;
    let found = decoder.u32().map_err(damaged)?;
    if found != form {
        return Err(NotAMind::Form { found, known: form });
    }
    decoder.decode().map_err(damaged)
}
