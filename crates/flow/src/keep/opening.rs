//! Opening: the newest snapshot, then the tail of the journal on top of it.

use std::sync::Arc;

use engine::State;
use journal::{
    BatchBuffer, Disk, Head, JournalError, KeyStore, MasterKey, Options, RawStore, SegmentJournal, Snapshots,
};
use model::{Entry, StoredError};

use super::sealer::Random;
use super::{Keeper, Sealer};

/// Why the hub could not start from its data.
#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    /// The disk or the journal's own checks.
    #[error("open the data folder")]
    Journal(#[from] JournalError),
    /// A batch passed its checksum, but holds no facts this program can read.
    #[error("read the facts from {first}")]
    Facts {
        /// Number of the batch's first fact.
        first: u64,
        /// Why.
        source: StoredError,
    },
}

/// Where and how.
pub struct Stores {
    /// The data folder.
    pub disk: Arc<dyn Disk>,
    /// Segment files of the journal.
    pub journal: Options,
    /// Segment files of the raw store.
    pub raw: Options,
    /// Wraps every data key.
    pub master: MasterKey,
    /// For keys and nonces.
    pub random: Random,
}

impl std::fmt::Debug for Stores {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Stores(…)")
    }
}

/// What was found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Opened {
    /// Facts taken from the snapshot.
    pub from_snapshot: u64,
    /// Facts replayed after it.
    pub replayed: u64,
    /// Bytes of an unfinished last record that were cut away.
    pub cut_bytes: u64,
}

impl Keeper {
    /// Opens the data folder, or begins one.
    ///
    /// # Errors
    /// When another process has it, when something acknowledged is damaged, or the disk fails.
    pub fn open(stores: Stores) -> Result<(Self, Opened), OpenError> {
        let snapshots = Snapshots::open(Arc::clone(&stores.disk))?;
        let (mut state, from) = latest(&snapshots)?;
        let from_snapshot = from.next.0 - 1;
        let (journal, opened) = SegmentJournal::open_from(Arc::clone(&stores.disk), stores.journal, from)?;
        let replayed = replay(&mut state, &journal, from)?;
        let (raw, _) = RawStore::open(Arc::clone(&stores.disk), stores.raw)?;
        let (mut keys, _) = KeyStore::open(Arc::clone(&stores.disk), stores.master)?;
        // A backup from before an erasure may have been restored: whoever is on the list stays forgotten.
        for id in journal::erasures(stores.disk.as_ref())? {
            if !keys.is_buried(&id) {
                keys.bury(&id)?;
            }
        }
        let mut keeper = Self {
            state,
            journal: Box::new(journal),
            raw,
            sealer: Sealer::new(keys, stores.random),
            snapshots,
            batch: BatchBuffer::new(),
            batch_facts: 0,
            dirty: Vec::new(),
            stopped: false,
            facts_since_snapshot: replayed,
            convergence: Default::default(),
            disk: stores.disk,
            signer: None,
        };
        keeper.state.touch_all();
        keeper.sort_touched();
        Ok((keeper, Opened { from_snapshot, replayed, cut_bytes: opened.cut_bytes }))
    }
}

/// The newest snapshot that can be used; a snapshot is only a short cut, so a damaged or foreign one is passed over.
fn latest(snapshots: &Snapshots) -> Result<(State, Head), OpenError> {
    let Some(snapshot) = snapshots.latest_valid()? else { return Ok((State::default(), Head::START)) };
    match State::restore(&snapshot.bytes) {
        Ok(state) => Ok((state, snapshot.head)),
        Err(error) => {
            tracing::warn!(%error, "the snapshot cannot be used; the whole journal is replayed");
            Ok((State::default(), Head::START))
        }
    }
}

fn replay(state: &mut State, journal: &SegmentJournal, from: Head) -> Result<u64, OpenError> {
    use journal::Journal;
    let mut cursor = journal.reader().read(from.next)?;
    let mut replayed = 0;
    while let Some(batch) = cursor.next()? {
        let first = batch.first.0;
        let entries = Entry::decode_all(batch.body).map_err(|source| OpenError::Facts { first, source })?;
        for entry in &entries {
            engine::evolve(state, entry);
        }
        replayed += entries.len() as u64;
    }
    Ok(replayed)
}
