//! Sign-in sessions: random ids, kept in memory only, gone after twelve hours or a restart.

use std::collections::HashMap;
use std::sync::Mutex;

use model::Instant;

use super::Visitor;
use crate::{ApiKey, Scope};

/// How long a session lasts, in milliseconds.
pub(super) const LASTS_MS: i64 = 12 * 3_600_000;
/// Sessions kept; the oldest goes first.
const SESSIONS_MAX: usize = 1_000;

/// All sessions, and the secret that makes form tokens.
pub(in super::super) struct Sessions {
    secret: [u8; 32],
    live: Mutex<HashMap<blake3::Hash, Session>>,
}

struct Session {
    name: String,
    scopes: Vec<Scope>,
    ends: Instant,
}

impl Sessions {
    /// None yet, with a fresh secret.
    ///
    /// # Errors
    /// When the system gives no random bytes.
    pub(in super::super) fn new() -> Result<Self, NoDice> {
        Ok(Self { secret: random()?, live: Mutex::default() })
    }

    /// The token that proves a form is ours, for a session or, without one, for the open pages.
    pub(super) fn token(&self, session: &str) -> String {
        blake3::keyed_hash(&self.secret, session.as_bytes()).to_hex()[..32].to_owned()
    }

    /// Begins a session for the holder of a key; answers its id.
    ///
    /// # Errors
    /// When the system gives no random bytes.
    pub(super) fn begin(&self, key: &ApiKey, now: Instant) -> Result<String, NoDice> {
        let id: String = random::<32>()?.iter().map(|byte| format!("{byte:02x}")).collect();
        let session = Session { name: key.name.clone(), scopes: key.scopes.clone(), ends: now.plus_ms(LASTS_MS) };
        if let Ok(mut live) = self.live.lock() {
            live.retain(|_, session| session.ends > now);
            if live.len() >= SESSIONS_MAX
                && let Some(oldest) = live.iter().min_by_key(|(_, session)| session.ends).map(|(id, _)| *id)
            {
                live.remove(&oldest);
            }
            live.insert(blake3::hash(id.as_bytes()), session);
        }
        Ok(id)
    }

    /// Who a session belongs to, while it lasts.
    pub(super) fn visitor(&self, id: &str, now: Instant) -> Option<Visitor> {
        let live = self.live.lock().ok()?;
        let session = live.get(&blake3::hash(id.as_bytes())).filter(|session| session.ends > now)?;
        Some(Visitor::with_key(&session.name, session.scopes.clone(), self.token(id)))
    }

    /// Ends a session.
    pub(super) fn end(&self, id: &str) {
        if let Ok(mut live) = self.live.lock() {
            live.remove(&blake3::hash(id.as_bytes()));
        }
    }
}

/// The system gives no random bytes.
#[derive(Clone, Copy, Debug, thiserror::Error)]
#[error("draw random bytes from the system")]
pub(in super::super) struct NoDice;

/// Random bytes from the system.
///
/// # Errors
/// When it gives none.
pub(super) fn random<const N: usize>() -> Result<[u8; N], NoDice> {
    let mut bytes = [0; N];
    aws_lc_rs::rand::fill(&mut bytes).map_err(|_| NoDice)?;
    Ok(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_session_ends_after_twelve_hours_and_tokens_differ_between_sessions() {
        let sessions = Sessions::new().expect("random bytes");
        let key = ApiKey { name: "desk".into(), hash: [0; 32], scopes: vec![Scope::StockRead] };
        let (one, two) = (sessions.begin(&key, Instant(0)).expect("id"), sessions.begin(&key, Instant(0)).expect("id"));
        assert_ne!(one, two);
        let seen = sessions.visitor(&one, Instant(LASTS_MS - 1)).expect("still lasts");
        assert!(seen.may(Scope::StockRead) && !seen.may(Scope::StockWrite));
        assert_ne!(sessions.token(&one), sessions.token(&two));
        assert!(sessions.visitor(&one, Instant(LASTS_MS)).is_none());
        sessions.end(&two);
        assert!(sessions.visitor(&two, Instant(1)).is_none());
    }
}
