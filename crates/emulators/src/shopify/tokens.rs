//! The app's codes and tokens: how they are got, how long they live, what ends them. Called by `oauth` and the API.
//!
//! The token of the settings never expires, as those of custom apps do not. One that was asked for as expiring lives an
//! hour and comes with a refresh token; the refresh token that was used stays good until its successor, or the token
//! beside that one, is used, so that a lost reply can be asked for again.

use super::hooks::uuid;
use crate::machine::{Dice, Millis};

/// How long an expiring token lives.
pub(super) const ACCESS_MS: Millis = 3_600_000;
/// How long a refresh token lives.
pub(super) const REFRESH_MS: Millis = 90 * 24 * 3_600_000;
/// How long a code is good for. The vendor does not publish it.
const CODE_MS: Millis = 60_000;

#[derive(Debug)]
struct Code {
    text: String,
    scopes: Vec<String>,
    until: Millis,
}

/// One grant: a token, and what renews it.
#[derive(Clone, Debug)]
pub(super) struct Grant {
    pub(super) access: String,
    /// `None`: never.
    pub(super) access_until: Option<Millis>,
    pub(super) refresh: Option<String>,
    refresh_until: Millis,
}

/// Everything that opens the shop's API.
#[derive(Debug)]
pub(super) struct Tokens {
    codes: Vec<Code>,
    /// Newest last; an older one stays until a newer one is used.
    grants: Vec<Grant>,
}

impl Tokens {
    /// With one token that never expires, and one that renews it into one that does.
    pub(super) fn new(access: &str, refresh: &str) -> Self {
        let first = Grant {
            access: access.to_owned(),
            access_until: None,
            refresh: Some(refresh.to_owned()),
            refresh_until: Millis::MAX,
        };
        Self { codes: Vec::new(), grants: vec![first] }
    }

    /// Whether this token opens the API now. Using it ends the grants before it.
    pub(super) fn opens(&mut self, token: &[u8], now: Millis) -> bool {
        let living = |grant: &Grant| grant.access.as_bytes() == token && grant.access_until.is_none_or(|end| now < end);
        let found = self.grants.iter().position(living);
        if let Some(at) = found {
            self.grants.drain(..at);
        }
        found.is_some()
    }

    /// A new code for these scopes.
    pub(super) fn code(&mut self, scopes: Vec<String>, now: Millis, dice: &mut Dice) -> String {
        let text = uuid(dice).replace('-', "");
        self.codes.push(Code { text: text.clone(), scopes, until: now + CODE_MS });
        text
    }

    /// The scopes of a code, once.
    pub(super) fn take_code(&mut self, code: &str, now: Millis) -> Option<Vec<String>> {
        let at = self.codes.iter().position(|known| known.text == code)?;
        let code = self.codes.swap_remove(at);
        (now < code.until).then_some(code.scopes)
    }

    /// A new grant beside the old ones, which end when it is first used.
    pub(super) fn grant(&mut self, expiring: bool, now: Millis, dice: &mut Dice) -> Grant {
        let grant = Grant {
            access: format!("shpat_{}", uuid(dice).replace('-', "")),
            access_until: expiring.then_some(now + ACCESS_MS),
            refresh: expiring.then(|| format!("shprt_{}", uuid(dice).replace('-', ""))),
            refresh_until: now + REFRESH_MS,
        };
        self.grants.push(grant.clone());
        grant
    }

    /// A new grant for a refresh token; `None` when it is not known or not good any more.
    pub(super) fn renew(&mut self, refresh: &str, now: Millis, dice: &mut Dice) -> Option<Grant> {
        let good = |grant: &Grant| grant.refresh.as_deref() == Some(refresh) && now < grant.refresh_until;
        let at = self.grants.iter().position(good)?;
        self.grants.drain(..at);
        Some(self.grant(true, now, dice))
    }

    /// Access tokens die, refresh tokens live on.
    pub(super) fn revoke_access(&mut self) {
        self.grants.iter_mut().for_each(|grant| grant.access_until = Some(Millis::MIN));
    }

    /// Nothing opens the API any more.
    pub(super) fn revoke(&mut self) {
        self.codes.clear();
        self.grants.clear();
    }
}
