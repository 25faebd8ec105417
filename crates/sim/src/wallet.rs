//! Where a simulated account's renewed tokens are kept: beside the account, so that they outlive the hub's crashes.

use std::sync::{Mutex, PoisonError};

use flow::{KeptTokens, Wallet};
use model::ChannelName;

/// The tokens of one channel.
#[derive(Debug, Default)]
pub struct SimWallet {
    kept: Mutex<Option<KeptTokens>>,
}

impl Wallet for SimWallet {
    fn kept(&self, _channel: &ChannelName) -> Option<KeptTokens> {
        self.kept.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    fn keep(&self, _channel: &ChannelName, tokens: &KeptTokens) -> Result<(), String> {
        *self.kept.lock().unwrap_or_else(PoisonError::into_inner) = Some(tokens.clone());
        Ok(())
    }
}
