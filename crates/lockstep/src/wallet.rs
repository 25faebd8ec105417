//! Tokens that platforms gave the hub while it ran: one small sealed file per channel, readable by the hub's user alone.

use std::path::PathBuf;

use connectors::Secret;
use flow::{ChannelSettings, KeptTokens, Wallet};
use model::{ChannelName, Instant};
use serde::{Deserialize, Serialize};

use crate::config::Hub;
use crate::vault::Vault;

/// The tokens of one channel.
pub(crate) struct FileWallet {
    folder: PathBuf,
    vault: Vault,
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
    ///
    /// # Errors
    /// When the key that seals them cannot be had.
    pub(crate) fn new(hub: &Hub, settings: &ChannelSettings) -> anyhow::Result<Self> {
        let mut hash = blake3::Hasher::new();
        hash.update(settings.token.expose().as_bytes());
        hash.update(b"/");
        hash.update(settings.refresh_token.as_ref().map_or("", Secret::expose).as_bytes());
        let configured = hash.finalize().to_hex().to_string();
        Ok(Self { folder: hub.data.join("tokens"), vault: Vault::of(hub)?, configured })
    }

    fn path(&self, channel: &ChannelName) -> PathBuf {
        self.folder.join(format!("{channel}.json"))
    }
}

impl Wallet for FileWallet {
    fn kept(&self, channel: &ChannelName) -> Option<KeptTokens> {
        let text = std::fs::read_to_string(self.path(channel)).ok()?;
        // Versions before 0.2 kept them open; they are sealed when they are next renewed.
        let opened = if text.starts_with('{') { Ok(text) } else { self.vault.open(&text) };
        let kept: Kept = match opened.and_then(|text| Ok(serde_json::from_str(&text)?)) {
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
        let sealed = serde_json::to_string(&kept).map_err(anyhow::Error::from).and_then(|text| self.vault.seal(&text));
        let written = sealed.and_then(|sealed| crate::vault::write(&self.path(channel), &sealed));
        written.map_err(|error| format!("keep its tokens in {}: {error:#}", self.folder.display()))
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
        let mut config = crate::config::load(None).expect("the defaults are sound");
        config.hub.data.clone_from(&data);
        let wallet = |token| FileWallet::new(&config.hub, &settings(token)).expect("a new folder has a vault");
        let (first, second) = (wallet("first"), wallet("second"));
        let tokens = KeptTokens {
            access: Secret::new("renewed"),
            refresh: Some(Secret::new("next")),
            expires_at: Some(Instant(7)),
        };
        let channel = ChannelName::new("tills");
        assert_eq!(first.kept(&channel), None);
        first.keep(&channel, &tokens).expect("written");
        let mode = std::fs::metadata(data.join("tokens/tills.json")).expect("file").permissions().mode();
        let text = std::fs::read_to_string(data.join("tokens/tills.json")).expect("file");
        let (again, other) = (wallet("first").kept(&channel), second.kept(&channel));
        std::fs::remove_dir_all(&data).expect("removed");
        assert!(!text.contains("renewed") && !text.contains("next"), "sealed: {text}");
        assert_eq!(mode & 0o077, 0, "readable by its owner alone");
        assert_eq!(again, Some(tokens));
        assert_eq!(other, None);
    }
}
