//! `lockstep audit verify`: does the chain hold, and what state does it give?

use engine::State;
use journal::{Head, Options, RealDisk, SegmentJournal};
use model::Entry;
use serde_json::{Value, json};

use crate::cli::Place;
use crate::exit::Outcome;
use eval::measure::{Measure, round};

/// The journal's chain.
#[derive(Debug, clap::Args)]
#[command(after_help = "Example:\n  lockstep audit verify --data /var/lib/lockstep")]
pub(crate) struct Args {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, clap::Subcommand)]
enum Command {
    /// Checks every record of the journal offline and names the first bad one.
    #[command(
        after_help = "Example:\n  lockstep audit verify --data /var/lib/lockstep\n\nExit code 0: every record is as it was written. 1: it is not, `first_bad` says where."
    )]
    Verify(Verify),
}

#[derive(Debug, clap::Args)]
struct Verify {
    #[command(flatten)]
    place: Place,
}

pub(crate) fn run(args: &Args) -> anyhow::Result<Outcome> {
    let Command::Verify(args) = &args.command;
    let measure = Measure::start();
    let data = args.place.load()?.hub.data;
    anyhow::ensure!(data.is_dir(), "there is no data folder {}", data.display());
    let verified = journal::verify(&data)?;
    let mb_per_s = verified.bytes as f64 / 1e6 / measure.seconds().max(1e-9);
    let first_bad = verified.first_bad.as_ref().map(|bad| {
        json!({ "seq": bad.seq.0, "segment": bad.segment, "offset": bad.offset, "reason": bad.reason.to_string() })
    });
    let state_hash = if verified.valid { state_hash(&data)? } else { Value::Null };
    measure.print(json!({
        "facts": verified.facts,
        "valid": verified.valid,
        "first_bad": first_bad,
        "chain": verified.chain.to_string(),
        "state_hash": state_hash,
        "mb_per_s": round(mb_per_s),
    }));
    Ok(if verified.valid { Outcome::Well } else { Outcome::No })
}

/// The hash of the state that the whole journal gives, snapshots left aside.
fn state_hash(data: &std::path::Path) -> anyhow::Result<Value> {
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
    Ok(json!(hex(&state.hash())))
}

/// Lower-case hexadecimal digits.
pub(crate) fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}
