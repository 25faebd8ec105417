//! Codes and tokens: how they are got, how long they live, what ends them. Called by the door and by `oauth`.
//!
//! The token of the settings never expires, so that a run may last longer than a month. Tokens that are got by a code or
//! by the refresh token live thirty days, beside each other; the refresh token stays the same.

use super::draw;
use crate::machine::{Dice, Millis};

/// How long an access token lives.
pub const LIFE_MS: Millis = 30 * 24 * 3_600_000;
/// How long a code is good for.
const CODE_MS: Millis = 5 * 60_000;

/// Whether a token opens the API.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Opens {
    /// It does.
    Yes,
    /// It has lived its time.
    Expired,
    /// Somebody took it away.
    Revoked,
    /// Nobody gave it.
    Unknown,
}

#[derive(Debug)]
struct Token {
    text: String,
    until: Millis,
    revoked: bool,
}

#[derive(Debug)]
struct Code {
    text: String,
    scopes: Vec<String>,
    until: Millis,
}

/// Everything that opens the seller's API.
#[derive(Debug)]
pub struct Tokens {
    codes: Vec<Code>,
    access: Vec<Token>,
    refresh: String,
    refresh_alive: bool,
    /// What every token opens.
    pub scopes: Vec<String>,
}

impl Tokens {
    /// With one token that never expires.
    pub fn new(access: &str, refresh: &str, scopes: &[&str]) -> Self {
        Self {
            codes: Vec::new(),
            access: vec![Token { text: access.to_owned(), until: Millis::MAX, revoked: false }],
            refresh: refresh.to_owned(),
            refresh_alive: true,
            scopes: scopes.iter().map(|scope| (*scope).to_owned()).collect(),
        }
    }

    /// Whether this token opens the API now.
    pub fn opens(&self, token: &str, now: Millis) -> Opens {
        match self.access.iter().find(|known| known.text == token) {
            None => Opens::Unknown,
            Some(known) if known.revoked => Opens::Revoked,
            Some(known) if now >= known.until => Opens::Expired,
            Some(_) => Opens::Yes,
        }
    }

    /// When a token expires; one that never does is shown with the thirty days that a real one would have.
    pub fn expires(&self, token: &str, now: Millis) -> Millis {
        let known = self.access.iter().find(|known| known.text == token).map(|known| known.until);
        known.filter(|until| *until < Millis::MAX).unwrap_or(now + LIFE_MS)
    }

    /// A new code for these scopes.
    pub fn code(&mut self, scopes: Vec<String>, now: Millis, dice: &mut Dice) -> String {
        let text = format!("sq0cgp-{}", draw::id(dice, 22));
        self.codes.push(Code { text: text.clone(), scopes, until: now + CODE_MS });
        text
    }

    /// The scopes of a code, once.
    pub fn take_code(&mut self, code: &str, now: Millis) -> Option<Vec<String>> {
        let at = self.codes.iter().position(|known| known.text == code)?;
        let code = self.codes.swap_remove(at);
        (now < code.until).then_some(code.scopes)
    }

    /// A new access token, and the refresh token, which is alive again when it was not.
    pub fn grant(&mut self, now: Millis, dice: &mut Dice) -> (String, String) {
        let text = format!("EAAA{}", draw::id(dice, 60));
        self.access.push(Token { text: text.clone(), until: now + LIFE_MS, revoked: false });
        if !self.refresh_alive {
            self.refresh = format!("EQAA{}", draw::id(dice, 60));
            self.refresh_alive = true;
        }
        (text, self.refresh.clone())
    }

    /// Whether this refresh token is good.
    pub fn renews(&self, refresh: &str) -> bool {
        self.refresh_alive && self.refresh == refresh
    }

    /// Access tokens die, the refresh token lives on.
    pub fn revoke_access(&mut self) {
        self.access.iter_mut().for_each(|token| token.revoked = true);
    }

    /// Nothing opens the API any more.
    pub fn revoke(&mut self) {
        self.revoke_access();
        self.refresh_alive = false;
        self.codes.clear();
    }
}
