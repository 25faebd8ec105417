//! Checkpoints: the journal's head, signed at intervals, kept in the data folder and sent outside.
//!
//! `serve` runs it; the line is made by `journal::Checkpoint`. The key is made on the first start, sealed, and stays with
//! the other keys; its public half lies beside the checkpoints.

use std::io::Write;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use anyhow::Context;
use flow::{Clock, Flow};
use journal::SigningKey;
use model::Instant;

use crate::audit::{hex, unhex};
use crate::config::{Audit, Hub};
use crate::vault::Vault;

/// The file of checkpoints, in the data folder and in the folder outside.
pub(crate) const CHECKPOINTS: &str = "checkpoints.log";

/// How long an address outside may take to answer.
const PATIENCE: Duration = Duration::from_secs(10);

/// The signing key, made when there is none.
///
/// # Errors
/// When the keys cannot be opened, or the file is damaged.
pub(crate) fn signing_key(hub: &Hub) -> anyhow::Result<SigningKey> {
    let path = hub.data.join("keys/checkpoint.key");
    let vault = Vault::of(hub)?;
    let seed = match std::fs::read_to_string(&path) {
        Ok(text) => unhex(&vault.open(&text)?).and_then(|bytes| bytes.try_into().ok()),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
            let mut seed = [0; 32];
            crate::hub::random(&mut seed);
            crate::vault::write(&path, &vault.seal(&hex(&seed))?)?;
            Some(seed)
        }
        Err(error) => return Err(error).with_context(|| format!("read {}", path.display())),
    };
    let key = seed.as_ref().and_then(SigningKey::new);
    let key = key.with_context(|| format!("{} holds no signing key", path.display()))?;
    let public = format!("{}\n", key.public());
    if std::fs::read_to_string(public_path(&hub.data)).ok().as_ref() != Some(&public) {
        crate::vault::write(&public_path(&hub.data), &public)?;
    }
    Ok(key)
}

/// Where the public key lies.
pub(crate) fn public_path(data: &Path) -> PathBuf {
    data.join("checkpoints/public.key")
}

/// Makes checkpoints.
#[derive(Clone)]
pub(crate) struct Witness {
    flow: Flow,
    data: PathBuf,
    audit: Audit,
    clock: Arc<dyn Clock>,
}

impl Witness {
    pub(crate) fn new(flow: &Flow, data: &Path, audit: &Audit, clock: &Arc<dyn Clock>) -> Self {
        Self { flow: flow.clone(), data: data.to_owned(), audit: audit.clone(), clock: Arc::clone(clock) }
    }

    /// Makes one whenever enough time has passed, or enough facts have been kept, and there is something new.
    pub(crate) async fn run(self) {
        let mut tick = tokio::time::interval(Duration::from_secs(1));
        let (mut seq, mut at) = (0, Instant(i64::MIN));
        loop {
            tick.tick().await;
            let (now, head) = (self.clock.now(), self.flow.head().0);
            let due = now.0.saturating_sub(at.0) >= self.audit.every_s.saturating_mul(1_000);
            if head == seq || (!due && head - seq < self.audit.every_facts) {
                continue;
            }
            match self.make().await {
                Ok(_) => (seq, at) = (head, now),
                Err(error) => {
                    // Tried again when the next one is due: the disk or the network may be back by then.
                    tracing::warn!(error = format!("{error:#}"), "a checkpoint was not made or not sent outside");
                    at = now;
                }
            }
        }
    }

    /// Makes one now: signed, kept, sent outside.
    ///
    /// # Errors
    /// When it cannot be written or sent. It is kept all the same where it could be.
    pub(crate) async fn make(&self) -> anyhow::Result<String> {
        let border = self.flow.border().await?;
        let signer = border.signer.context("there is no key to sign with")?;
        let state = *blake3::hash(&border.state).as_bytes();
        let seq = journal::Seq(border.head.next.0.saturating_sub(1));
        let line = signer.sign(seq, border.head.chain, state, self.clock.now().0).to_string();
        append(&self.data.join("checkpoints"), &line)?;
        self.send(&line).await?;
        Ok(line)
    }

    async fn send(&self, line: &str) -> anyhow::Result<()> {
        if !self.audit.folder.as_os_str().is_empty() {
            append(&self.audit.folder, line)?;
            outside(&self.data, &self.audit.folder)?;
        }
        if !self.audit.url.is_empty() {
            let client = reqwest::Client::builder().timeout(PATIENCE).build()?;
            let answer = client.post(&self.audit.url).body(format!("{line}\n")).send().await;
            // The address may hold a secret of its receiver: it is not told.
            let answer = answer.map_err(reqwest::Error::without_url).context("send a checkpoint to audit.url")?;
            anyhow::ensure!(answer.status().is_success(), "audit.url answered {}", answer.status());
        }
        Ok(())
    }
}

fn append(folder: &Path, line: &str) -> anyhow::Result<()> {
    use std::os::unix::fs::OpenOptionsExt;
    crate::hub::private_folder(folder)?;
    let path = folder.join(CHECKPOINTS);
    let mut file = std::fs::OpenOptions::new().append(true).create(true).mode(0o600).open(&path)?;
    let written = writeln!(file, "{line}").and_then(|()| file.sync_all());
    written.with_context(|| format!("write {}", path.display()))
}

/// The public key and the list of erasures belong outside too: who restores an old backup needs the newest list.
fn outside(data: &Path, folder: &Path) -> anyhow::Result<()> {
    let key = std::fs::read_to_string(public_path(data))?;
    let known = folder.join("public.key");
    if !known.exists() {
        crate::vault::write(&known, &key)?;
    }
    crate::operations::merge_erasures(&data.join(journal::ERASURES), &folder.join(journal::ERASURES))
}
