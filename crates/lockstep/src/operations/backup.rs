//! `lockstep backup`: a data folder as it was at one moment, also while a hub runs on it.
//!
//! A backup is a folder of its own. Files are kept by their hash in `files/`, so that what was backed up before is not kept
//! twice, and each backup is one list of them, `backup-SEQ.json`, written last: a backup that was cut off does not exist.
//! Left out are tables and snapshots, which are made anew, and the hub's own master key, which belongs elsewhere.

use std::collections::BTreeMap;
use std::fs::File;
use std::path::{Path, PathBuf};

use anyhow::Context;
use flow::Flow;
use journal::RealDisk;
use model::Instant;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::Ask;
use crate::audit::hex;
use crate::cli::Place;
use crate::exit::Outcome;
use eval::measure::Measure;

/// Backs a data folder up, while a hub runs on it or not; what an earlier backup holds already is not copied again.
#[derive(Debug, clap::Args)]
#[command(
    after_help = "Example:\n  lockstep backup -c lockstep.toml --to /backup/lockstep\n\nThe hub's own master key (keys/master.key) is not part of it: keep a copy of that elsewhere."
)]
pub(crate) struct Args {
    #[command(flatten)]
    place: Place,
    /// Folder of backups; made when it is not there.
    #[arg(long)]
    to: PathBuf,
}

impl Args {
    pub(crate) fn run(&self) -> anyhow::Result<Outcome> {
        let measure = Measure::start();
        let config = self.place.load()?;
        let to = std::path::absolute(&self.to)?;
        measure.print(super::done(&config, Ask::Backup { to })?);
        Ok(Outcome::Well)
    }
}

/// One backup.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct Manifest {
    /// Form of this list.
    pub version: u32,
    /// When, RFC 3339.
    pub made_at: String,
    /// The last fact.
    pub seq: u64,
    /// The chain after it.
    pub chain: String,
    /// BLAKE3 of the state after it.
    pub state_hash: String,
    /// By path in the data folder.
    pub files: BTreeMap<String, Kept>,
}

/// A file of a backup.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct Kept {
    /// BLAKE3, which is also its name in `files/`.
    pub blake3: String,
    /// Length in bytes.
    pub bytes: u64,
}

/// Every backup in a folder, oldest first.
pub(super) fn manifests(folder: &Path) -> anyhow::Result<Vec<Manifest>> {
    let mut all: Vec<Manifest> = Vec::new();
    for entry in std::fs::read_dir(folder).with_context(|| format!("read {}", folder.display()))? {
        let path = entry?.path();
        let name = path.file_name().and_then(|name| name.to_str()).unwrap_or_default();
        if name.starts_with("backup-") && name.ends_with(".json") {
            let text = std::fs::read_to_string(&path).with_context(|| format!("read {}", path.display()))?;
            all.push(serde_json::from_str(&text).with_context(|| format!("read {}", path.display()))?);
        }
    }
    all.sort_by_key(|manifest| manifest.seq);
    Ok(all)
}

/// Copies the folder as it is now.
pub(super) async fn backup(flow: &Flow, data: &Path, to: &Path, at: Instant) -> anyhow::Result<Value> {
    crate::hub::private_folder(&to.join("files"))?;
    let before = manifests(to)?.pop();
    // Facts up to here; raw bodies and keys are copied afterwards, so that all that the facts name is there.
    let border = flow.border().await?;
    let state_hash = blake3::hash(&border.state).to_hex().to_string();
    drop(border.state);
    let (from, to_folder, head) = (data.to_owned(), to.to_owned(), border.head);
    let known = before.map(|before| before.files).unwrap_or_default();
    let segments = tokio::task::spawn_blocking(move || segments(&from, &to_folder, head, &known)).await??;
    let mut files = segments.files;
    let keys = flow.look(|desk| desk.keys()).await?;
    files.insert("keys/keys.slots".to_owned(), keep_bytes(to, &keys)?);
    for path in others(data)? {
        let bytes = std::fs::read(data.join(&path)).with_context(|| format!("read {path}"))?;
        files.insert(path, keep_bytes(to, &bytes)?);
    }
    super::merge_erasures(&data.join(journal::ERASURES), &to.join(journal::ERASURES))?;
    let manifest = Manifest {
        version: 1,
        made_at: at.to_string(),
        seq: head.next.0.saturating_sub(1),
        chain: head.chain.to_string(),
        state_hash,
        files,
    };
    let path = to.join(format!("backup-{:020}.json", manifest.seq));
    crate::vault::write(&path, &serde_json::to_string_pretty(&manifest)?)?;
    let bytes: u64 = manifest.files.values().map(|kept| kept.bytes).sum();
    Ok(json!({
        "backup": path, "seq": manifest.seq, "chain": manifest.chain, "state_hash": manifest.state_hash,
        "files": manifest.files.len(), "bytes": bytes, "copied_bytes": segments.copied_bytes,
    }))
}

struct Segments {
    files: BTreeMap<String, Kept>,
    copied_bytes: u64,
}

fn segments(data: &Path, to: &Path, head: journal::Head, known: &BTreeMap<String, Kept>) -> anyhow::Result<Segments> {
    let staging = to.join("copying");
    let _ = std::fs::remove_dir_all(&staging);
    crate::hub::private_folder(&staging)?;
    let (source, target) = (RealDisk::read_only(data), RealDisk::at(&staging));
    // A full segment is never written again; the one that was the newest then may have grown since.
    let newest = |folder: &str| known.keys().filter(|path| path.starts_with(folder)).max().cloned();
    let grew = [newest("journal/"), newest("raw/")];
    let has = |path: &str| {
        let there = |kept: &Kept| to.join("files").join(&kept.blake3).is_file();
        !grew.iter().flatten().any(|grown| grown == path) && known.get(path).is_some_and(there)
    };
    let mut copied = journal::copy_facts(&source, &target, head, &has)?;
    copied.extend(journal::copy_raw(&source, &target, &has)?);
    let mut all = Segments { files: BTreeMap::new(), copied_bytes: 0 };
    for segment in copied {
        let kept = match known.get(&segment.path).filter(|_| segment.kept) {
            Some(kept) => kept.clone(),
            None => {
                let kept = keep_file(to, &staging.join(&segment.path))?;
                all.copied_bytes += kept.bytes;
                kept
            }
        };
        all.files.insert(segment.path, kept);
    }
    std::fs::remove_dir_all(&staging)?;
    File::open(to.join("files"))?.sync_all()?;
    Ok(all)
}

/// Files besides the segments and the key store.
fn others(data: &Path) -> anyhow::Result<Vec<String>> {
    let mut paths = Vec::new();
    for folder in ["channels", "tokens", "checkpoints"] {
        let Ok(entries) = std::fs::read_dir(data.join(folder)) else { continue };
        for entry in entries {
            let entry = entry?;
            if let (true, Ok(name)) = (entry.file_type()?.is_file(), entry.file_name().into_string()) {
                paths.push(format!("{folder}/{name}"));
            }
        }
    }
    let single = ["keys/checkpoint.key", journal::ERASURES];
    paths.extend(single.iter().filter(|path| data.join(path).is_file()).map(|path| (*path).to_owned()));
    Ok(paths)
}

fn keep_file(to: &Path, file: &Path) -> anyhow::Result<Kept> {
    let mut hasher = blake3::Hasher::new();
    let mut open = File::open(file)?;
    let bytes = std::io::copy(&mut open, &mut hasher)?;
    let kept = Kept { blake3: hex(hasher.finalize().as_bytes()), bytes };
    std::fs::rename(file, to.join("files").join(&kept.blake3))?;
    Ok(kept)
}

fn keep_bytes(to: &Path, bytes: &[u8]) -> anyhow::Result<Kept> {
    use std::io::Write;
    let staged = to.join("files/writing");
    let mut file = File::create(&staged)?;
    file.write_all(bytes)?;
    file.sync_all()?;
    keep_file(to, &staged)
}
