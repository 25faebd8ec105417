//! Access to one account: the token in use, how it is renewed where it expires, and where the renewed one is kept.
//!
//! A platform kills the old pair of tokens when it gives a new one, so the new one is durable before it is used, and one
//! task at a time asks for it.

use std::sync::{Arc, Mutex};

use connectors::{Secret, Tokens};
use model::{ChannelName, Instant};

use crate::ChannelSettings;

/// Where tokens are kept that the hub was given while it ran. Not the journal: a token is no fact, and is forgotten.
pub trait Wallet: Send + Sync {
    /// The tokens kept last for a channel.
    fn kept(&self, channel: &ChannelName) -> Option<KeptTokens>;

    /// Keeps tokens. When it returns `Ok`, they survive a crash.
    ///
    /// # Errors
    /// In words, when they cannot be written.
    fn keep(&self, channel: &ChannelName, tokens: &KeptTokens) -> Result<(), String>;
}

/// Tokens as kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KeptTokens {
    /// Access token.
    pub access: Secret,
    /// Renews it.
    pub refresh: Option<Secret>,
    /// When the access token expires, on our clock.
    pub expires_at: Option<Instant>,
}

impl KeptTokens {
    /// As given at `now`.
    pub fn given(tokens: Tokens, now: Instant) -> Self {
        let expires_at = tokens.lives_s.map(|lives_s| now.plus_ms(lives_s.saturating_mul(1_000)));
        Self { access: tokens.access, refresh: tokens.refresh, expires_at }
    }
}

/// A wallet that forgets: for channels whose tokens do not expire, and for tests.
#[derive(Debug, Default)]
pub struct NoWallet;

impl Wallet for NoWallet {
    fn kept(&self, _channel: &ChannelName) -> Option<KeptTokens> {
        None
    }

    fn keep(&self, _channel: &ChannelName, _tokens: &KeptTokens) -> Result<(), String> {
        Ok(())
    }
}

/// A token is renewed this long before it expires.
const EARLY_MS: i64 = 60_000;

pub(crate) struct Pass {
    tokens: Mutex<KeptTokens>,
    wallet: Arc<dyn Wallet>,
    turn: tokio::sync::Mutex<()>,
}

impl Pass {
    /// What the wallet keeps is newer than what the configuration says, unless the configuration was changed to another
    /// account's; that shows when the platform refuses it.
    pub(crate) fn new(settings: &ChannelSettings, wallet: Arc<dyn Wallet>) -> Self {
        let configured =
            KeptTokens { access: settings.token.clone(), refresh: settings.refresh_token.clone(), expires_at: None };
        let tokens = wallet.kept(&settings.name).unwrap_or(configured);
        Self { tokens: Mutex::new(tokens), wallet, turn: tokio::sync::Mutex::new(()) }
    }

    pub(crate) fn access(&self) -> Secret {
        self.tokens.lock().map_or_else(|poisoned| poisoned.into_inner().access.clone(), |tokens| tokens.access.clone())
    }

    pub(crate) fn wallet(&self) -> &dyn Wallet {
        self.wallet.as_ref()
    }

    pub(crate) fn refresh(&self) -> Option<Secret> {
        self.tokens.lock().ok().and_then(|tokens| tokens.refresh.clone())
    }

    pub(crate) fn expires_soon(&self, now: Instant) -> bool {
        let expires_at = self.tokens.lock().ok().and_then(|tokens| tokens.expires_at);
        expires_at.is_some_and(|expires_at| expires_at.since(now) < EARLY_MS)
    }

    pub(crate) async fn turn(&self) -> tokio::sync::MutexGuard<'_, ()> {
        self.turn.lock().await
    }

    /// Durable first, then used. A reply without a refresh token leaves the old one in force.
    pub(crate) fn renewed(&self, channel: &ChannelName, tokens: Tokens, now: Instant) -> Result<(), String> {
        let mut given = KeptTokens::given(tokens, now);
        given.refresh = given.refresh.or_else(|| self.refresh());
        self.wallet.keep(channel, &given)?;
        if let Ok(mut tokens) = self.tokens.lock() {
            *tokens = given;
        }
        Ok(())
    }
}
