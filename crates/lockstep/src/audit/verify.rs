//! `lockstep audit verify`: the whole journal read from the disk, and held against checkpoints.

use std::path::{Path, PathBuf};

use anyhow::Context;
use engine::State;
use journal::{Against, Checkpoint, Head, Options, PublicKey, RealDisk, SegmentJournal, Tampering, Witnessed};
use model::Entry;
use serde_json::{Value, json};

use super::hex;
use crate::cli::Place;
use crate::exit::Outcome;
use eval::measure::{Measure, round};

#[derive(Debug, clap::Args)]
pub(super) struct Args {
    #[command(flatten)]
    place: Place,
    /// File of checkpoints from outside; without it those in the data folder.
    #[arg(long)]
    checkpoints: Option<PathBuf>,
    /// File with the public key that must have signed them; without it the key in the data folder.
    #[arg(long)]
    public_key: Option<PathBuf>,
}

pub(super) fn run(args: &Args) -> anyhow::Result<Outcome> {
    let measure = Measure::start();
    let data = args.place.load()?.hub.data;
    anyhow::ensure!(data.is_dir(), "there is no data folder {}", data.display());
    let signed = Signed::read(args, &data)?;
    let (verified, witnessed) = journal::witness(&RealDisk::read_only(&data), &signed.good)?;
    let mb_per_s = verified.bytes as f64 / 1e6 / measure.seconds().max(1e-9);
    let first_bad = verified.first_bad.as_ref().map(|bad| {
        json!({ "seq": bad.seq.0, "segment": bad.segment, "offset": bad.offset, "reason": bad.reason.to_string() })
    });
    let valid = verified.valid && witnessed.against.is_none() && signed.forged.is_empty();
    let state_hash = if verified.valid { json!(state_hash(&data)?) } else { Value::Null };
    measure.print(json!({
        "facts": verified.facts,
        "valid": valid,
        "first_bad": first_bad,
        "checkpoints": signed.told(&witnessed),
        "chain": verified.chain.to_string(),
        "state_hash": state_hash,
        "mb_per_s": round(mb_per_s),
    }));
    Ok(if valid { Outcome::Well } else { Outcome::No })
}

/// The lines of a file of checkpoints.
struct Signed {
    good: Vec<Checkpoint>,
    /// By number of the line, from 1, with the reason.
    forged: Vec<(usize, String)>,
}

impl Signed {
    fn read(args: &Args, data: &Path) -> anyhow::Result<Self> {
        let own = data.join("checkpoints").join(crate::witness::CHECKPOINTS);
        let path = args.checkpoints.clone().unwrap_or_else(|| own.clone());
        let key = public_key(args.public_key.as_deref(), data)?;
        let mut signed = Self { good: Vec::new(), forged: Vec::new() };
        if args.checkpoints.is_none() && !own.exists() {
            return Ok(signed);
        }
        let text = std::fs::read_to_string(&path).with_context(|| format!("read {}", path.display()))?;
        // A last line without its end was being written when the machine stopped.
        let whole = text.rfind('\n').map_or("", |end| &text[..end]);
        for (number, line) in whole.lines().enumerate() {
            match Checkpoint::parse(line) {
                Ok(checkpoint) if key.is_none_or(|key| key == checkpoint.key) => signed.good.push(checkpoint),
                Ok(_) => signed.forged.push((number + 1, "it is signed by another key".to_owned())),
                Err(error) => signed.forged.push((number + 1, error.to_string())),
            }
        }
        Ok(signed)
    }

    fn told(&self, witnessed: &Witnessed) -> Value {
        let forged = self.forged.iter().map(|(line, reason)| json!({ "line": line, "reason": reason }));
        json!({
            "fitting": witnessed.fitting,
            "vouched_until": witnessed.vouched.map(|seq| seq.0),
            "against": witnessed.against.as_ref().map(against),
            "forged": forged.collect::<Vec<_>>(),
        })
    }
}

fn against(against: &Against) -> Value {
    let what = match against.reason {
        Tampering::Cut { .. } => "cut",
        Tampering::Recomputed { .. } => "recomputed",
    };
    json!({
        "what": what,
        "seq": against.checkpoint.seq.0,
        "signed_at": model::Instant(against.checkpoint.at_ms).to_string(),
        "reason": against.reason.to_string(),
    })
}

/// The key in a file, or the data folder's own; `None` where there is neither.
pub(super) fn public_key(file: Option<&Path>, data: &Path) -> anyhow::Result<Option<PublicKey>> {
    let own = crate::witness::public_path(data);
    let path = match file {
        Some(file) => file,
        None if own.exists() => &own,
        None => return Ok(None),
    };
    let text = std::fs::read_to_string(path).with_context(|| format!("read {}", path.display()))?;
    let key = PublicKey::parse(&text).with_context(|| format!("{} is no public key", path.display()))?;
    Ok(Some(key))
}

/// The hash of the state that the whole journal gives, snapshots left aside. Nothing but the lock is written.
pub(crate) fn state_hash(data: &Path) -> anyhow::Result<String> {
    use journal::Journal;
    let disk = std::sync::Arc::new(RealDisk::at(data));
    let (journal, _) = SegmentJournal::open_from(disk, Options::default(), Head::START)?;
    let mut cursor = journal.reader().read(journal::Seq(1))?;
    let mut state = State::default();
    while let Some(batch) = cursor.next()? {
        for entry in &Entry::decode_all(batch.body)? {
            engine::evolve(&mut state, entry);
        }
    }
    Ok(hex(&state.hash()))
}
