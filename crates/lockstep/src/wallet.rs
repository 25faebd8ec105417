//! Tokens that platforms gave the hub while it ran: one small file per channel, readable by the hub's user alone.

use std::fs::{File, OpenOptions};
use std::io::Write;
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};

use connectors::Secret;
use flow::{ChannelSettings, KeptTokens, Wallet};
use model::{ChannelName, Instant};
use serde::{Deserialize, Serialize};

/// The tokens of one channel.
pub(crate) struct FileWallet {
    folder: PathBuf,
    /// Of the tokens in the configuration: when somebody puts others there, those count and not the kept ones.
    configured: String,
}

#[derive(Serialize, Deserialize)]
struct Kept {
    configured: String,
    access: String,
    refresh: Option<String>,
    expires_at_ms: Option<i64>,
}

impl FileWallet {
    /// In the folder `tokens` of the data folder.
    pub(crate) fn new(data: &Path, settings: &ChannelSettings) -> Self {
        let mut hash = blake3::Hasher::new();
        hash.update(settings.token.expose().as_bytes());
        hash.update(b"/");
        hash.update(settings.refresh_token.as_ref().map_or("", Secret::expose).as_bytes());
        Self { folder: data.join("tokens"), configured: hash.finalize().to_hex().to_string() }
    }

    fn path(&self, channel: &ChannelName) -> PathBuf {
        self.folder.join(format!("{channel}.json"))
    }
}

impl Wallet for FileWallet {
    fn kept(&self, channel: &ChannelName) -> Option<KeptTokens> {
        let text = std::fs::read(self.path(channel)).ok()?;
        let kept: Kept = match serde_json::from_slice(&text) {
            Ok(kept) => kept,
            Err(error) => {
                tracing::warn!(%channel, %error, "the kept tokens cannot be read; those of the configuration are used");
                return None;
            }
        };
        (kept.configured == self.configured).then(|| KeptTokens {
            access: Secret::new(&kept.access),
            refresh: kept.refresh.as_deref().map(Secret::new),
            expires_at: kept.expires_at_ms.map(Instant),
        })
    }

    fn keep(&self, channel: &ChannelName, tokens: &KeptTokens) -> Result<(), String> {
        let kept = Kept {
            configured: self.configured.clone(),
            access: tokens.access.expose().to_owned(),
            refresh: tokens.refresh.as_ref().map(|secret| secret.expose().to_owned()),
            expires_at_ms: tokens.expires_at.map(|at| at.0),
        };
        self.write(channel, &kept).map_err(|error| format!("keep its tokens in {}: {error}", self.folder.display()))
    }
}

impl FileWallet {
    /// A new file, synced, in the place of the old one: a crash leaves one of the two, whole.
    fn write(&self, channel: &ChannelName, kept: &Kept) -> std::io::Result<()> {
        crate::hub::private_folder(&self.folder).map_err(std::io::Error::other)?;
        let new = self.folder.join(format!("{channel}.new"));
        let mut file = OpenOptions::new().write(true).create(true).truncate(true).mode(0o600).open(&new)?;
        file.write_all(&serde_json::to_vec(kept)?)?;
        file.sync_all()?;
        std::fs::rename(&new, self.path(channel))?;
        File::open(&self.folder)?.sync_all()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::os::unix::fs::PermissionsExt;

    fn settings(token: &str) -> ChannelSettings {
        let currency = model::Currency::parse("EUR").expect("a code");
        let platform = model::Platform::ALL[0];
        ChannelSettings::new("tills", platform, "http://127.0.0.1:1", Secret::new(token), String::new(), currency)
    }

    #[test]
    fn kept_tokens_come_back_until_the_configuration_has_others_and_nobody_else_may_read_them() {
        let data = std::env::temp_dir().join(format!("lockstep-wallet-{}", std::process::id()));
        let wallet = FileWallet::new(&data, &settings("first"));
        let tokens = KeptTokens {
            access: Secret::new("renewed"),
            refresh: Some(Secret::new("next")),
            expires_at: Some(Instant(7)),
        };
        let channel = ChannelName::new("tills");
        assert_eq!(wallet.kept(&channel), None);
        wallet.keep(&channel, &tokens).expect("written");
        let mode = std::fs::metadata(data.join("tokens/tills.json")).expect("file").permissions().mode();
        let again = FileWallet::new(&data, &settings("first")).kept(&channel);
        let other = FileWallet::new(&data, &settings("second")).kept(&channel);
        std::fs::remove_dir_all(&data).expect("removed");
        assert_eq!(mode & 0o077, 0, "readable by its owner alone");
        assert_eq!(again, Some(tokens));
        assert_eq!(other, None);
    }
}
