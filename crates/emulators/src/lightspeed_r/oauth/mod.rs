//! OAuth 2 as the vendor does it: codes, access tokens of an hour, refresh tokens that turn over.
//!
//! The door asks whether a token is good; the calls under `/auth/oauth` make and end them. It knows nothing of the API
//! beyond the names of the scopes.

mod calls;
mod form;
mod scopes;

pub use calls::bearer;
pub use scopes::grants;

use super::settings::Settings;
use crate::machine::Millis;
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::{Value, json};

/// Lifetime of an access token.
pub const ACCESS_MS: Millis = 60 * 60 * 1_000;
/// Lifetime of an unused refresh token.
const REFRESH_MS: Millis = 30 * 24 * ACCESS_MS;
/// Lifetime of a code.
const CODE_MS: Millis = 60 * 1_000;
/// `hint` of an expired or unknown token.
pub const UNVERIFIED: &str = "Access token could not be verified";
/// `hint` of a token that was ended.
pub const REVOKED: &str = "Access token has been revoked";

/// An access token and the refresh token that was issued with it.
#[derive(Clone, Debug)]
struct Pair {
    access: String,
    refresh: String,
    scope: String,
    /// Not known for the first pair until the clock is first heard.
    issued_at: Option<Millis>,
    access_revoked: bool,
}

/// A code that a person granted and nobody has taken yet.
#[derive(Clone, Debug)]
struct Code {
    text: String,
    scope: String,
    issued_at: Millis,
    /// Method and challenge, when the client uses PKCE.
    challenge: Option<(String, String)>,
}

/// Everything that lets the app in.
#[derive(Clone, Debug)]
pub struct Tokens {
    pair: Option<Pair>,
    code: Option<Code>,
    issued: u64,
    codes: u64,
}

impl Tokens {
    /// The first pair, as if a person had granted the scopes just before the first call.
    pub fn new(settings: &Settings) -> Self {
        let mut tokens = Self { pair: None, code: None, issued: 0, codes: 0 };
        tokens.issue(settings, settings.scope.clone(), None);
        tokens
    }

    /// The access token that is good now; empty when there is none.
    pub fn access(&self) -> &str {
        self.pair.as_ref().map_or("", |pair| pair.access.as_str())
    }

    /// The refresh token that is good now; empty when there is none.
    pub fn refresh(&self) -> &str {
        self.pair.as_ref().map_or("", |pair| pair.refresh.as_str())
    }

    /// The clock is heard for the first time: the first pair begins to age.
    pub fn hear(&mut self, now: Millis) {
        if let Some(pair) = self.pair.as_mut() {
            pair.issued_at.get_or_insert(now);
        }
    }

    /// The scopes of a good token.
    ///
    /// # Errors
    /// The vendor's hint why it is not good.
    pub fn judge(&self, token: &str, now: Millis) -> Result<&str, &'static str> {
        let Some(pair) = &self.pair else { return Err(REVOKED) };
        if pair.access != token {
            return Err(if self.was_issued(token) { REVOKED } else { UNVERIFIED });
        }
        if pair.access_revoked {
            return Err(REVOKED);
        }
        if pair.issued_at.is_some_and(|at| now - at >= ACCESS_MS) {
            return Err(UNVERIFIED);
        }
        Ok(&pair.scope)
    }

    fn was_issued(&self, token: &str) -> bool {
        let number = token.rsplit('-').next().and_then(|number| number.parse::<u64>().ok());
        number.is_some_and(|number| number <= self.issued)
    }

    /// A new pair; the old one, if any, is dead at once.
    fn issue(&mut self, settings: &Settings, scope: String, now: Option<Millis>) -> &Pair {
        self.issued += 1;
        let number = self.issued;
        let access = jwt(settings, &scope, number, now);
        let refresh = format!("{}-{number}", settings.refresh_token);
        self.pair.insert(Pair { access, refresh, scope, issued_at: now, access_revoked: false })
    }

    /// Ends the access token; the refresh token still works.
    pub fn revoke_access(&mut self) {
        if let Some(pair) = self.pair.as_mut() {
            pair.access_revoked = true;
        }
    }

    /// Ends both.
    pub fn revoke(&mut self) {
        self.pair = None;
        self.code = None;
    }
}

/// Looks and can be decoded as the vendor's tokens; the signature is a name, since nothing here holds the vendor's key.
/// The first token is issued before there is a clock and tells no times.
fn jwt(settings: &Settings, scope: &str, number: u64, now: Option<Millis>) -> String {
    let mut claims = json!({
        "jti": format!("{number:064x}"),
        "iss": "https://cloud.lightspeedapp.com",
        "aud": settings.client_id,
        "sub": "1",
        "acct": settings.account_id,
        "scope": scope,
    });
    if let Some(now) = now {
        let seconds = |at: Millis| json!(at as f64 / 1_000.0);
        claims["iat"] = seconds(now);
        claims["nbf"] = seconds(now);
        claims["exp"] = seconds(now + ACCESS_MS);
    }
    let part = |value: &Value| URL_SAFE_NO_PAD.encode(value.to_string());
    let head = json!({"typ": "JWT", "alg": "RS256", "kid": "RT_OAUTH2_EMULATED"});
    format!("{}.{}.{}-{number}", part(&head), part(&claims), settings.access_token)
}

/// What a token says of itself.
fn claims(token: &str) -> Option<Value> {
    let bytes = URL_SAFE_NO_PAD.decode(token.split('.').nth(1)?).ok()?;
    serde_json::from_slice(&bytes).ok()
}
