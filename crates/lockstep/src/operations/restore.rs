//! `lockstep restore`: a data folder from a backup, every file checked by its hash, the whole by its chain and state.

use std::fs::File;
use std::io::{Read, Write};
use std::path::{Path, PathBuf};

use anyhow::Context;
use serde_json::json;

use super::backup::{Kept, Manifest, manifests};
use crate::audit::hex;
use crate::cli::Place;
use crate::exit::Outcome;
use eval::measure::Measure;

/// Restores a backup into an empty data folder. Who was erased since the backup stays erased: the list that lies beside the
/// backups is taken over, and those named with --erased as well.
#[derive(Debug, clap::Args)]
#[command(
    after_help = "Example:\n  lockstep restore --from /backup/lockstep --data /var/lib/lockstep --erased /outside/erased.list\n\nExit code 0: restored and sound. 1: something is not as it was backed up; the folder is left for a look."
)]
pub(crate) struct Args {
    #[command(flatten)]
    place: Place,
    /// Folder of backups.
    #[arg(long)]
    from: PathBuf,
    /// The backup that ends at this fact, instead of the newest.
    #[arg(long)]
    at: Option<u64>,
    /// A newer list of erasures, as it is kept outside with the checkpoints.
    #[arg(long)]
    erased: Vec<PathBuf>,
}

impl Args {
    pub(crate) fn run(&self) -> anyhow::Result<Outcome> {
        let measure = Measure::start();
        let config = self.place.load()?;
        let data = &config.hub.data;
        let empty = !data.exists() || std::fs::read_dir(data)?.next().is_none();
        anyhow::ensure!(empty, "{} is not empty: name a new folder, or move what is there away", data.display());
        let mut all = manifests(&self.from)?;
        if let Some(seq) = self.at {
            all.retain(|manifest| manifest.seq == seq);
        }
        let manifest = all.pop().with_context(|| format!("there is no such backup in {}", self.from.display()))?;
        crate::hub::private_folder(data)?;
        for (path, kept) in &manifest.files {
            copy(&self.from, data, path, kept)?;
        }
        let list = data.join(journal::ERASURES);
        super::merge_erasures(&self.from.join(journal::ERASURES), &list)?;
        for erased in &self.erased {
            anyhow::ensure!(erased.is_file(), "there is no list of erasures {}", erased.display());
            super::merge_erasures(erased, &list)?;
        }
        let erased = std::fs::read_to_string(&list).map(|text| journal::erasures_in(&text).len()).unwrap_or(0);
        let (sound, state_hash) = sound(data, &manifest)?;
        if crate::vault::is_own(&config.hub) {
            eprintln!(
                "put your copy of the master key at {} before the hub starts",
                data.join("keys/master.key").display()
            );
        }
        measure.print(json!({
            "restored": sound, "seq": manifest.seq, "made_at": manifest.made_at, "files": manifest.files.len(),
            "chain": manifest.chain, "state_hash": state_hash, "erased": erased,
        }));
        Ok(if sound { Outcome::Well } else { Outcome::No })
    }
}

/// Whether the journal and the state it gives are those that were backed up.
fn sound(data: &Path, manifest: &Manifest) -> anyhow::Result<(bool, String)> {
    let verified = journal::verify(data)?;
    let state_hash = if verified.valid { crate::audit::state_hash(data)? } else { String::new() };
    let chain = verified.valid && verified.chain.to_string() == manifest.chain;
    Ok((chain && state_hash == manifest.state_hash, state_hash))
}

fn copy(from: &Path, data: &Path, path: &str, kept: &Kept) -> anyhow::Result<()> {
    use std::os::unix::fs::OpenOptionsExt;
    // A list from elsewhere must not write outside the folder.
    let plain = path.split('/').all(|part| !part.is_empty() && part != ".." && part != ".");
    anyhow::ensure!(
        plain && !path.contains('\\'),
        "the backup names a file {path:?}, which cannot be one of a data folder"
    );
    anyhow::ensure!(kept.blake3.bytes().all(|byte| byte.is_ascii_hexdigit()), "the backup names no hash for {path}");
    let (source, target) = (from.join("files").join(&kept.blake3), data.join(path));
    let folder = target.parent().unwrap_or(data);
    crate::hub::private_folder(folder)?;
    let mut input = File::open(&source).with_context(|| format!("open {} of the backup", kept.blake3))?;
    let mut output = std::fs::OpenOptions::new().write(true).create_new(true).mode(0o600).open(&target)?;
    let (mut hasher, mut buffer) = (blake3::Hasher::new(), vec![0; 1 << 20]);
    loop {
        let read = input.read(&mut buffer)?;
        if read == 0 {
            break;
        }
        hasher.update(&buffer[..read]);
        output.write_all(&buffer[..read])?;
    }
    output.sync_all()?;
    let found = hex(hasher.finalize().as_bytes());
    anyhow::ensure!(found == kept.blake3, "{path} is damaged in the backup: its hash is {found}");
    Ok(File::open(folder)?.sync_all()?)
}
