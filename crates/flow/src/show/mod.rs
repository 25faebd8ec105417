//! Facts to the tables behind pages and API. A follower: it reads the journal from its own checkpoint, may lag, and
//! may be rebuilt from nothing.

use std::ops::RangeInclusive;
use std::time::Duration;

use crate::keep::with_causes;
use journal::{Cursor, JournalError, Reader};
use model::{Entry, Seq, StoredError};
use tokio::sync::watch;
use tokio::time::Instant;
use views::{Views, ViewsError};

/// Facts folded in one transaction.
const PORTION: usize = 20_000;

/// How long facts are gathered for one transaction: at least, and at most.
const GATHER: RangeInclusive<Duration> = Duration::from_millis(25)..=Duration::from_millis(200);
/// How many times as long as the last folding took.
const GATHER_TIMES: u32 = 4;

/// Pause before the tables are tried again after trouble.
const AGAIN: Duration = Duration::from_secs(1);

/// Why a follower stopped.
#[derive(Debug, thiserror::Error)]
pub enum FollowError {
    /// The journal's.
    #[error("read the journal")]
    Journal(#[from] JournalError),
    /// A fact that cannot be read.
    #[error("read a fact")]
    Fact(#[from] StoredError),
    /// The views'.
    #[error("fold facts into the views")]
    Views(#[from] ViewsError),
}

/// Keeps the views up to date.
pub struct Follower {
    reader: Box<dyn Reader>,
    /// Where reading goes on; made anew after an error.
    cursor: Option<Box<dyn Cursor>>,
    views: Views,
    shown: watch::Sender<Seq>,
}

impl std::fmt::Debug for Follower {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Follower({})", self.views.checkpoint().0)
    }
}

impl Follower {
    /// Follows the journal from the views' checkpoint. `shown` tells how far it has come.
    pub fn new(reader: Box<dyn Reader>, views: Views, shown: watch::Sender<Seq>) -> Self {
        Self { reader, cursor: None, views, shown }
    }

    /// Folds everything that is durable now. Answers how many facts that were.
    ///
    /// # Errors
    /// The journal's, the facts', the views'.
    pub fn catch_up(&mut self) -> Result<u64, FollowError> {
        let checkpoint = self.views.checkpoint().0;
        let from = journal::Seq(checkpoint + 1);
        if from >= self.reader.head().next {
            return Ok(0);
        }
        let mut cursor = match self.cursor.take() {
            Some(cursor) => cursor,
            None => self.reader.read(from)?,
        };
        let (mut portion, mut first, mut folded): (Vec<Entry>, Option<u64>, u64) = (Vec::new(), None, 0);
        while let Some(batch) = cursor.next()? {
            let entries = Entry::decode_all(batch.body)?;
            // The first batch may begin before the checkpoint.
            let known = usize::try_from((checkpoint + 1).saturating_sub(batch.first.0)).unwrap_or(usize::MAX);
            first.get_or_insert(batch.first.0.max(checkpoint + 1));
            portion.extend(entries.into_iter().skip(known));
            if portion.len() >= PORTION {
                folded += self.fold(&mut portion, &mut first)?;
            }
        }
        folded += self.fold(&mut portion, &mut first)?;
        self.cursor = Some(cursor);
        Ok(folded)
    }

    fn fold(&mut self, portion: &mut Vec<Entry>, first: &mut Option<u64>) -> Result<u64, FollowError> {
        let count = portion.len() as u64;
        if let (Some(first), true) = (first.take(), count > 0) {
            self.views.apply(Seq(first), portion)?;
            let _ = self.shown.send(self.views.checkpoint());
        }
        portion.clear();
        Ok(count)
    }

    /// Follows until the hub stops. What goes wrong is tried again: the tables can always be caught up. Blocking work:
    /// give it a thread of its own.
    pub fn run(mut self, mut head: watch::Receiver<Seq>, wait: &tokio::runtime::Handle) {
        loop {
            head.borrow_and_update();
            let started = Instant::now();
            let folded = self.catch_up();
            if let Err(error) = &folded {
                tracing::error!(error = %with_causes(error), "the tables stand still; what they show is old");
                wait.block_on(async { tokio::time::sleep(AGAIN).await });
            }
            // Facts come in bursts, and one transaction for many is far cheaper than one for each: the more there are,
            // the longer they are gathered, so that the disk is left to those who wait for it.
            let gather = (started.elapsed() * GATHER_TIMES).clamp(*GATHER.start(), *GATHER.end());
            // After trouble the next try does not wait for news.
            if folded.is_ok() && wait.block_on(head.changed()).is_err() {
                if let Err(error) = self.catch_up() {
                    tracing::warn!(error = %with_causes(&error), "the tables end behind the journal; the next start goes on");
                }
                return;
            }
            if head.has_changed().is_err() && folded.is_err() {
                return;
            }
            wait.block_on(async { tokio::time::sleep(gather).await });
        }
    }
}
