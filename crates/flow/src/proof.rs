//! The journal record by record, with what somebody outside needs to prove that its facts belong to the chain.
//!
//! Exports of the audit are made from it. It refuses to know how they are written.

use journal::{Chain, Cursor, Head};
use model::{Entry, Instant};

use crate::{Flow, FlowError};

/// One fact as it is kept.
#[derive(Clone, Debug)]
pub struct KeptFact {
    /// Its number.
    pub seq: u64,
    /// What it says.
    pub entry: Entry,
    /// Its stored form: the bytes that the chain was computed over.
    pub stored: Vec<u8>,
}

/// One record: facts that became durable together. The chain after it is BLAKE3 over the chain before, the length of all
/// stored forms together (4 bytes), their count (4), the number of the first (8), all little endian, and the stored forms.
#[derive(Clone, Debug)]
pub struct KeptRecord {
    /// Its facts, at least one.
    pub facts: Vec<KeptFact>,
    /// The chain before it, in hexadecimal.
    pub before: String,
    /// The chain after it, in hexadecimal.
    pub chain: String,
}

/// Records one after another.
pub struct Records {
    cursor: Box<dyn Cursor>,
    /// The chain after the record before, where that is known.
    before: Head,
    from: u64,
    to: u64,
}

impl std::fmt::Debug for Records {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Records({}..={})", self.from, self.to)
    }
}

/// The records that hold facts `from` to `to`, both included; the first and the last are whole, so they may reach beyond.
///
/// # Errors
/// When the hub has stopped or is busy, or the journal cannot be read there.
pub async fn records(flow: &Flow, from: u64, to: u64) -> Result<Records, FlowError> {
    let reader = flow.look(|desk| desk.reader()).await?;
    // One record earlier, for the chain that the first one continues.
    let cursor = reader.read(journal::Seq(from.saturating_sub(1).max(1)))?;
    Ok(Records { cursor, before: Head::START, from: from.max(1), to })
}

impl Records {
    /// The next record, `None` behind the last.
    ///
    /// # Errors
    /// When the journal cannot be read, or what is in it is no fact.
    #[expect(clippy::should_implement_trait, reason = "it can fail, and its cursor cannot be lent out")]
    pub fn next(&mut self) -> Result<Option<KeptRecord>, FlowError> {
        while let Some(batch) = self.cursor.next()? {
            if batch.first.0 > self.to {
                return Ok(None);
            }
            let before = std::mem::replace(&mut self.before, batch.head());
            if self.before.next.0 <= self.from {
                continue;
            }
            let facts = facts(batch.first.0, batch.body);
            let chain = batch.chain.to_string();
            return Ok(Some(KeptRecord { facts, before: before.chain.to_string(), chain }));
        }
        Ok(None)
    }
}

fn facts(first: u64, body: &[u8]) -> Vec<KeptFact> {
    let mut decoder = minicbor::Decoder::new(body);
    let mut facts = Vec::new();
    while decoder.position() < body.len() {
        let start = decoder.position();
        // What was kept can be read: the hub read it when it opened, or wrote it itself.
        let Ok(entry) = Entry::decode_from(&mut decoder) else { break };
        let stored = body[start..decoder.position()].to_vec();
        facts.push(KeptFact { seq: first + facts.len() as u64, entry, stored });
    }
    facts
}

impl Flow {
    /// A line that vouches for a border of the journal under the hub's signing key; `None` without such a key. See
    /// `journal::Checkpoint`; the state is left open (zeros).
    ///
    /// # Errors
    /// When the hub has stopped or is busy, or `chain` is no chain.
    pub async fn vouch(&self, seq: u64, chain: &str, at: Instant) -> Result<Option<String>, FlowError> {
        let Some(signer) = self.look(|desk| desk.signer()).await? else { return Ok(None) };
        let Some(chain) = Chain::parse(chain) else { return Ok(None) };
        Ok(Some(signer.sign(journal::Seq(seq), chain, [0; 32], at.0).to_string()))
    }
}
