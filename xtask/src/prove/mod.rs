//! `cargo xtask prove`: the claims that matter, shown on real or generated sales. Runs the release binary, compares its
//! reports, and prints one object with what was measured.
//!
//! It knows the words of the reports and nothing of how they come about.

mod rows;

use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, ensure};
use serde_json::{Value, json};

/// What is to be proved, and how long it may take.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// Folder with `online_retail/transactions.csv.gz`; without it, rows are generated.
    #[arg(long)]
    data: Option<PathBuf>,
    /// Rows that are generated without --data.
    #[arg(long, default_value_t = 4_000)]
    rows: u64,
    /// How often the hub is killed (default 50 with --data, 5 without).
    #[arg(long)]
    kills: Option<u32>,
    /// Only these of: plain, faults, kills, everything, stall. The last takes some minutes and no sales: one platform stops
    /// answering for a minute.
    #[arg(long, value_delimiter = ',', default_value = "plain,faults,kills")]
    runs: Vec<String>,
    /// With the run `stall`: which platform, and for how long.
    #[arg(long, default_value = "square:60")]
    stall: String,
    /// Rate plan of the emulated web shop, in points per second; the others' rates are multiplied likewise. What is
    /// proved does not depend on it; with the standard plan, 100, the end of a run waits for the slowest vendor's rate.
    #[arg(long, default_value_t = 10_000)]
    plan: u32,
}

/// Runs the proofs. The answer says whether all held.
///
/// # Errors
/// When the program cannot be built or run.
pub fn run(root: &Path, args: &Args) -> Result<bool> {
    let built =
        Command::new("cargo").args(["build", "--release", "--locked", "-p", "lockstep"]).current_dir(root).status()?;
    ensure!(built.success(), "the release build failed");
    let binary = target(root).join("release/lockstep");
    let folder = std::env::temp_dir().join(format!("lockstep-prove-{}", std::process::id()));
    std::fs::create_dir_all(&folder)?;
    let done = prove(&binary, &folder, args);
    std::fs::remove_dir_all(&folder)?;
    let (summary, well) = done?;
    println!("{summary:#}");
    Ok(well)
}

fn target(root: &Path) -> PathBuf {
    #[expect(clippy::disallowed_methods, reason = "cargo tells its target folder this way")]
    std::env::var("CARGO_TARGET_DIR").map_or_else(|_| root.join("target"), PathBuf::from)
}

fn prove(binary: &Path, folder: &Path, args: &Args) -> Result<(Value, bool)> {
    let sales = match &args.data {
        Some(data) => data.join("online_retail/transactions.csv.gz"),
        None => rows::generate(&folder.join("sales.csv"), args.rows)?,
    };
    let kills = args.kills.unwrap_or(if args.data.is_some() { 50 } else { 5 });
    let mut summary = serde_json::Map::new();
    let mut well = true;
    let mut stock: Vec<Value> = Vec::new();
    for name in &args.runs {
        if name == "stall" {
            let words = ["--stall", &args.stall, "--plan", &args.plan.to_string(), "--seed", "7"].map(OsString::from);
            let run = one(binary, folder, name, &words)?;
            well &= run.well;
            summary.insert(name.clone(), run.report);
            continue;
        }
        let (faults, kills) = match name.as_str() {
            "plain" => ("none", 0),
            "faults" => (MENDABLE, 0),
            "kills" => ("none", kills),
            "everything" => (MENDABLE, kills),
            other => anyhow::bail!("there is no run {other:?}"),
        };
        let run = one(binary, folder, name, &replay(&sales, faults, kills, args.plan))?;
        well &= run.well;
        // Of each item over all places; that each place is right is in the run's own verdict.
        stock.push(run.report["stock_hash"].clone());
        summary.insert(name.clone(), run.report);
    }
    let same_stock = stock.windows(2).all(|pair| pair[0] == pair[1]);
    summary.insert("same_stock".into(), json!(same_stock));
    summary.insert("all_well".into(), json!(well && same_stock));
    Ok((Value::Object(summary), well && same_stock))
}

/// Faults after which the same stock must be reached, to the unit.
const MENDABLE: &str = "duplicate,reorder,delay,drop,429,500,timeout,truncate";

struct Run {
    report: Value,
    well: bool,
}

/// The demo's words for a replay.
fn replay(sales: &Path, faults: &str, kills: u32, plan: u32) -> Vec<OsString> {
    let (kills, plan) = (kills.to_string(), plan.to_string());
    let rest = ["--faults", faults, "--kills", &kills, "--plan", &plan, "--seed", "7"].map(OsString::from);
    let sales = [OsString::from("--sales"), sales.as_os_str().to_owned()];
    sales.into_iter().chain(rest).collect()
}

fn one(binary: &Path, folder: &Path, name: &str, words: &[OsString]) -> Result<Run> {
    eprintln!("== {name}: {}", words.iter().map(|word| word.to_string_lossy()).collect::<Vec<_>>().join(" "));
    let (data, file) = (folder.join(name), folder.join(format!("{name}.json")));
    let status = Command::new(binary)
        .arg("demo")
        .args(words)
        .args(["--report".as_ref(), file.as_os_str()])
        .args(["--data".as_ref(), data.as_os_str()])
        .status()
        .context("run the demo")?;
    let text = std::fs::read_to_string(&file).with_context(|| format!("{name}: the demo left no report"))?;
    let mut report: Value = serde_json::from_str(&text)?;
    let verified = Command::new(binary).args(["audit", "verify", "--data"]).arg(&data).output()?;
    let audit: Value = serde_json::from_slice(&verified.stdout).context("read the audit")?;
    let same_state = audit["state_hash"] == report["state_hash"];
    let well = status.success() && verified.status.success() && same_state;
    if let Value::Object(fields) = &mut report {
        // The refused rows are the same in every run, and many.
        fields.remove("refused");
        fields.insert("audit_valid".into(), audit["valid"].clone());
        fields.insert("audit_same_state".into(), json!(same_state));
        fields.insert("exit_ok".into(), json!(status.success()));
    }
    std::fs::remove_dir_all(&data)?;
    Ok(Run { report, well })
}
