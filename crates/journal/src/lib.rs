//! Where facts are kept: opaque bytes, durable when acknowledged, chained so that nobody can change the past unseen.
//!
//! The flow's `keep` step calls it, followers read from it, `lockstep audit` verifies it offline. It refuses to know
//! what a fact, a merchant or a platform is: it carries what it does not read.

mod buffer;
mod checkpoint;
pub mod contract;
mod copy;
pub mod disk;
mod embedded;
mod erasures;
mod error;
mod group;
mod journal;
mod keys;
mod peruse;
mod raw;
mod segment;
pub mod simdisk;
mod snapshots;
mod verify;
mod witness;
mod words;

pub use buffer::BatchBuffer;
pub use checkpoint::{Checkpoint, NoCheckpoint, PublicKey, SigningKey};
pub use copy::{CopiedSegment, Record, copy_facts, copy_raw};
pub use disk::{Disk, DiskFile, Lock, RealDisk};
pub use embedded::{Opened, SealedSegment, SegmentJournal, SegmentReader};
pub use erasures::{ERASURES, add_erasures, erasures, erasures_in};
pub use error::{Corrupt, JournalError};
pub use group::commit;
pub use journal::{Batch, Cursor, Journal, Reader};
pub use keys::{
    DataKey, Destroy, Kept, KeyId, KeyStore, KeysOpened, MasterKey, SEAL_OVERHEAD, seal, seal_into, unseal,
};
pub use peruse::{peruse, peruse_disk};
pub use raw::{Put, RawName, RawOpened, RawStore};
pub use segment::{Flaw, Options, Prepare};
pub use snapshots::{Snapshot, Snapshots};
pub use verify::{FirstBad, Verified, verify, verify_disk};
pub use witness::{Against, Tampering, Witnessed, witness};
pub use words::{Appended, Chain, Head, Seq};
