//! Facts to one group commit; only then is every caller of the batch answered.
//!
//! The keeper owns the state, the journal, the raw store and the keys. It decides and evolves command after command,
//! appends what came of a whole batch in one sync, and hands out the answers. After a failed append it stops for good:
//! it never guesses.

mod convergence;
mod desk;
mod opening;
mod sealer;
mod thread;

use std::collections::BTreeSet;

use engine::State;
use journal::{BatchBuffer, Journal, RawStore, Snapshots};
use model::{Command, Entry, Fact, Refusal, Seq};

pub use desk::Desk;
pub use opening::{OpenError, Opened, Stores};
pub use sealer::{RawBody, RawInput, Sealer};
pub(crate) use thread::with_causes;
pub use thread::{Flow, FlowError, start};

/// What came of a job's commands.
#[derive(Clone, Debug, Default)]
pub struct Answer {
    /// One per command, in order: the facts that followed, or why none did.
    pub results: Vec<Result<Vec<Fact>, Refusal>>,
    /// The number of the last fact of the batch.
    pub seq: Seq,
}

impl Answer {
    /// The single command's result.
    ///
    /// # Errors
    /// Its refusal.
    pub fn only(self) -> Result<Vec<Fact>, Refusal> {
        self.results.into_iter().next().unwrap_or_else(|| Ok(Vec::new()))
    }
}

/// The one writer of a merchant.
pub struct Keeper {
    state: State,
    journal: Box<dyn Journal>,
    raw: RawStore,
    sealer: Sealer,
    snapshots: Snapshots,
    batch: BatchBuffer,
    batch_facts: u32,
    /// Per channel: positions whose wanted level may differ from what is shown.
    dirty: Vec<BTreeSet<u32>>,
    stopped: bool,
    facts_since_snapshot: u64,
    convergence: convergence::Convergence,
    disk: std::sync::Arc<dyn journal::Disk>,
    signer: Option<std::sync::Arc<journal::SigningKey>>,
}

/// The journal's durable head, with the state that it gives.
#[derive(Clone, Debug)]
pub struct Border {
    /// The head.
    pub head: journal::Head,
    /// The state after it, as a snapshot holds it.
    pub state: Vec<u8>,
    /// Who signs for it, where there is a key.
    pub signer: Option<std::sync::Arc<journal::SigningKey>>,
}

impl Keeper {
    /// What decisions are made from.
    pub fn state(&self) -> &State {
        &self.state
    }

    /// Whether nothing is taken any more.
    pub fn is_stopped(&self) -> bool {
        self.stopped
    }

    /// Where figures about convergence go.
    pub fn measured_by(&mut self, meter: std::sync::Arc<crate::Meter>) {
        self.convergence.told_to(meter);
    }

    /// The key that signs checkpoints.
    pub fn signs_with(&mut self, key: journal::SigningKey) {
        self.signer = Some(std::sync::Arc::new(key));
    }

    /// The head with its state, when nothing is decided that is not durable.
    pub(crate) fn border(&self) -> Border {
        Border { head: self.journal.head(), state: self.state.snapshot(), signer: self.signer.clone() }
    }

    /// A handle by which followers read the journal.
    pub fn reader(&self) -> Box<dyn journal::Reader> {
        self.journal.reader()
    }

    /// The chain over everything durable.
    pub fn chain(&self) -> journal::Head {
        self.journal.head()
    }

    /// Decides and evolves commands; nothing of it is durable before [`commit`](Self::commit).
    pub fn decide(&mut self, commands: &[Command]) -> Vec<Result<Vec<Fact>, Refusal>> {
        commands.iter().map(|command| self.decide_one(command)).collect()
    }

    fn decide_one(&mut self, command: &Command) -> Result<Vec<Fact>, Refusal> {
        let at = self.state.now().max(command.at);
        let facts = engine::decide(&self.state, command)?;
        Ok(facts.into_iter().map(|fact| self.take_in(Entry { at, by: command.by.clone(), fact })).collect())
    }

    fn take_in(&mut self, entry: Entry) -> Fact {
        self.batch.encode(|out| entry.encode_to(out));
        self.batch_facts += 1;
        engine::evolve(&mut self.state, &entry);
        entry.fact
    }

    /// Makes everything decided since the last commit durable, with one sync of each store that has something new.
    ///
    /// # Errors
    /// The first store's error; the keeper has stopped then.
    pub fn commit(&mut self) -> Result<(), journal::JournalError> {
        if self.batch_facts == 0 {
            return Ok(());
        }
        let written = journal::commit(
            self.journal.as_mut(),
            &mut self.raw,
            self.sealer.keys_mut(),
            &mut self.batch,
            self.batch_facts,
        );
        self.batch.clear();
        self.facts_since_snapshot += u64::from(self.batch_facts);
        self.batch_facts = 0;
        if let Err(error) = written {
            self.stopped = true;
            return Err(error);
        }
        self.sort_touched();
        Ok(())
    }

    /// Notes for each channel which positions must be looked at.
    fn sort_touched(&mut self) {
        let touched = self.state.take_touched();
        let channels = self.state.catalogue().channels().len();
        self.dirty.resize_with(channels, BTreeSet::new);
        self.convergence.look(&self.state, touched.positions.iter().copied());
        if touched.all {
            let all = 0..self.state.positions().len() as u32;
            self.dirty.iter_mut().for_each(|dirty| dirty.extend(all.clone()));
        } else {
            self.dirty.iter_mut().for_each(|dirty| dirty.extend(&touched.positions));
        }
    }

    /// Writes a snapshot of everything durable.
    ///
    /// # Errors
    /// The disk's. The journal is not touched, and earlier snapshots stay.
    pub fn snapshot(&mut self) -> Result<(), journal::JournalError> {
        if self.stopped || self.batch_facts > 0 {
            return Ok(());
        }
        self.snapshots.write(&self.journal.head(), &self.state.snapshot())?;
        self.facts_since_snapshot = 0;
        Ok(())
    }
}

/// Stops the stores' keys from being printed.
impl std::fmt::Debug for Keeper {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Keeper").field("seq", &self.state.seq()).field("stopped", &self.stopped).finish_non_exhaustive()
    }
}
