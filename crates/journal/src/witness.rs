//! A journal held against checkpoints that were kept elsewhere: what the chain alone cannot show.
//!
//! `lockstep audit verify --checkpoints` calls it. It finds a tail that was cut and a chain that was computed anew, and
//! says between which checkpoints that happened.

use std::collections::BTreeMap;

use crate::checkpoint::Checkpoint;
use crate::disk::Disk;
use crate::error::JournalError;
use crate::verify::{Verified, audit};
use crate::words::{Chain, Seq};

/// What the checkpoints say of a journal.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Witnessed {
    /// Checkpoints that fit.
    pub fitting: u64,
    /// The last fact that a fitting checkpoint vouches for; everything up to it is as it was signed.
    pub vouched: Option<Seq>,
    /// The first checkpoint that does not fit.
    pub against: Option<Against>,
}

/// A checkpoint that does not fit.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Against {
    /// The checkpoint.
    pub checkpoint: Checkpoint,
    /// Why.
    pub reason: Tampering,
}

/// What was done to a journal whose own chain may well hold.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Tampering {
    /// It ends before facts that were signed.
    #[error("the tail was cut: fact {signed} was signed, and the journal ends at fact {last}")]
    Cut {
        /// The fact that was signed.
        signed: Seq,
        /// The last fact there is; 0 when there is none.
        last: Seq,
    },
    /// Another chain leads to the fact that was signed.
    #[error("the chain was recomputed: at fact {signed} it is not the one that was signed")]
    Recomputed {
        /// The fact that was signed.
        signed: Seq,
    },
}

/// Verifies the journal on `disk`, and holds it against `checkpoints`. Those about facts in segments that were moved
/// away are passed over.
///
/// # Errors
/// `Io` when the disk cannot be read.
pub fn witness(disk: &dyn Disk, checkpoints: &[Checkpoint]) -> Result<(Verified, Witnessed), JournalError> {
    let mut borders: BTreeMap<Seq, Option<Chain>> =
        checkpoints.iter().map(|checkpoint| (checkpoint.seq, None)).collect();
    borders.insert(Seq(0), Some(Chain::START));
    let verified = audit(disk, &mut |head| {
        if let Some(found) = borders.get_mut(&Seq(head.next.0 - 1)) {
            *found = Some(head.chain);
        }
    })?;
    let mut witnessed = Witnessed { fitting: 0, vouched: None, against: None };
    let mut in_order: Vec<&Checkpoint> = checkpoints.iter().collect();
    in_order.sort_by_key(|checkpoint| (checkpoint.seq, checkpoint.at_ms));
    let last = Seq((verified.oldest.0 + verified.facts).saturating_sub(1));
    for checkpoint in in_order {
        if verified.oldest > Seq(1) && checkpoint.seq < verified.oldest {
            continue;
        }
        let signed = checkpoint.seq;
        let reason = match borders.get(&signed).copied().flatten() {
            Some(chain) if chain == checkpoint.chain => {
                witnessed.fitting += 1;
                witnessed.vouched = Some(signed);
                continue;
            }
            // The chain itself broke before it: that is told where it broke.
            None if signed > last && !verified.valid => break,
            None if signed > last => Tampering::Cut { signed, last },
            Some(_) | None => Tampering::Recomputed { signed },
        };
        witnessed.against = Some(Against { checkpoint: checkpoint.clone(), reason });
        break;
    }
    Ok((verified, witnessed))
}
