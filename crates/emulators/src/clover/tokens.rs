//! Codes and token pairs of the v2 OAuth flow: which are alive, and what kills them.
//!
//! Asked by the door and by `oauth`. It opens no address and knows no call.

use super::settings::Settings;
use crate::machine::Millis;
use serde_json::{Value, json};

/// The vendor keeps a number of refresh tokens per merchant alive and does not say how many.
const PAIRS_MAX: usize = 5;

#[derive(Debug)]
struct Pair {
    access: String,
    access_alive: bool,
    access_until: Millis,
    refresh: String,
    refresh_until: Millis,
}

/// Every pair that is still good for something, and the codes that wait to be exchanged.
#[derive(Debug)]
pub struct Tokens {
    pairs: Vec<Pair>,
    codes: Vec<(String, Millis)>,
    made: u64,
    access_life: Millis,
    refresh_life: Millis,
    code_life: Millis,
}

impl Tokens {
    /// The settings' pair. Its life begins with the first call, since an account is opened without a clock.
    pub fn new(settings: &Settings) -> Self {
        let first = Pair {
            access: settings.access_token.clone(),
            access_alive: true,
            access_until: Millis::MAX,
            refresh: settings.refresh_token.clone(),
            refresh_until: Millis::MAX,
        };
        Self {
            pairs: vec![first],
            codes: Vec::new(),
            made: 1,
            access_life: settings.access_life_ms,
            refresh_life: settings.refresh_life_ms,
            code_life: settings.code_life_ms,
        }
    }

    /// Sets the clock of the first pair going.
    pub fn begin(&mut self, now: Millis) {
        for pair in self.pairs.iter_mut().filter(|pair| pair.access_until == Millis::MAX) {
            pair.access_until = now + self.access_life;
            pair.refresh_until = now + self.refresh_life;
        }
    }

    /// Whether calls may be made with this access token.
    pub fn admits(&self, access: &str, now: Millis) -> bool {
        self.pairs.iter().any(|pair| pair.access == access && pair.access_alive && now < pair.access_until)
    }

    /// A code for one exchange.
    pub fn new_code(&mut self, code: &str, now: Millis) {
        self.codes.push((code.to_owned(), now + self.code_life));
    }

    /// Whether this code may be exchanged; it is used up by asking.
    pub fn take_code(&mut self, code: &str, now: Millis) -> bool {
        self.codes.retain(|(_, until)| now < *until);
        let found = self.codes.iter().position(|(known, _)| known == code);
        found.map(|index| self.codes.swap_remove(index)).is_some()
    }

    /// A new pair, as the token endpoint answers it: expiries in unix seconds.
    pub fn issue(&mut self, now: Millis) -> Value {
        self.made += 1;
        let pair = Pair {
            access: format!("clover-access-token-{}", self.made),
            access_alive: true,
            access_until: now + self.access_life,
            refresh: format!("clover-refresh-token-{}", self.made),
            refresh_until: now + self.refresh_life,
        };
        let answer = json!({
            "access_token": pair.access,
            "access_token_expiration": pair.access_until / 1_000,
            "refresh_token": pair.refresh,
            "refresh_token_expiration": pair.refresh_until / 1_000,
        });
        self.pairs.push(pair);
        if self.pairs.len() > PAIRS_MAX {
            self.pairs.remove(0);
        }
        answer
    }

    /// A new pair for a refresh token, which dies with the access token beside it. `None` when it is dead already.
    pub fn refresh(&mut self, refresh: &str, now: Millis) -> Option<Value> {
        let found = self.pairs.iter().position(|pair| pair.refresh == refresh && now < pair.refresh_until)?;
        self.pairs.remove(found);
        Some(self.issue(now))
    }

    /// Access tokens die, refresh tokens live on.
    pub fn revoke_access(&mut self) {
        for pair in &mut self.pairs {
            pair.access_alive = false;
        }
    }

    /// Nothing is alive any more: the app was uninstalled.
    pub fn clear(&mut self) {
        self.pairs.clear();
        self.codes.clear();
    }
}
