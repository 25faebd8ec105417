//! `cargo xtask data`: turns published data sets into the tables that `lockstep eval` reads. Called by people who want to
//! repeat a figure of docs/minds; nothing in the product needs it.

use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, ensure};

/// What to turn, from where, to where.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// Folder of the data sets, one folder each.
    #[arg(long, env = "LOCKSTEP_DATASETS", default_value = "../shared/data")]
    from: PathBuf,
    /// Where the tables are put.
    #[arg(long, default_value = "target/eval")]
    to: PathBuf,
    /// Only these (the scripts of xtask/data by name); without a name, all.
    names: Vec<String>,
}

/// Runs the scripts of `xtask/data`, one per family of data sets.
///
/// # Errors
/// When there is no such script, Python is missing, or a script fails.
pub fn run(root: &Path, args: &Args) -> Result<()> {
    let folder = root.join("xtask/data");
    let mut scripts = Vec::new();
    for entry in std::fs::read_dir(&folder).with_context(|| format!("read {}", folder.display()))? {
        let path = entry?.path();
        let name = path.file_stem().map(|stem| stem.to_string_lossy().into_owned()).unwrap_or_default();
        if path.extension().is_some_and(|extension| extension == "py") {
            scripts.push((name, path));
        }
    }
    scripts.sort();
    let known: Vec<&str> = scripts.iter().map(|(name, _)| name.as_str()).collect();
    for name in &args.names {
        ensure!(known.contains(&name.as_str()), "no script is called {name}; there are {}", known.join(", "));
    }
    let (from, to) = (root.join(&args.from), root.join(&args.to));
    ensure!(from.is_dir(), "{} is no folder: give the data sets with --from", from.display());
    for (name, script) in scripts.iter().filter(|(name, _)| args.names.is_empty() || args.names.contains(name)) {
        eprintln!("== {name}");
        std::fs::create_dir_all(to.join(name))?;
        let done = Command::new("python3").arg(script).arg(&from).arg(to.join(name)).status();
        let done = done.context("python3 is needed (with pyarrow for Parquet files)")?;
        ensure!(done.success(), "{} ended with {done}", script.display());
    }
    Ok(())
}
