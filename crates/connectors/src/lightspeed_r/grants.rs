//! How access is given and renewed: OAuth 2 at the vendor's cloud.
//!
//! <https://developers.lightspeedhq.com/retail/authentication/authorization-code-grant/> and `/refresh-token/`, read
//! 2026-11-24. Called through the `Grants` trait. A refresh gives a new pair; the old one dies when the new one is used.
//! The address to come back to is registered with the app and no parameter of these calls.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde::Deserialize;
use serde_json::json;

use super::LightspeedR;
use super::abilities::SCOPES;
use super::http_request::{auth_url, escaped, token_post};
use super::trouble;
use super::wire::{self, Text};
use crate::{Account, Grants, Reply, Request, Scope, Secret, Tokens, Trouble, Unsendable};

const TOKEN_PATH: &str = "/auth/oauth/token";

impl Grants for LightspeedR {
    fn authorize(
        &self,
        account: &Account,
        _redirect_uri: &str,
        state: &str,
        scopes: &[&Scope],
    ) -> Result<String, Unsendable> {
        let base = auth_url(account);
        let uri: http::Uri = base.parse().map_err(|_| Unsendable::Account("address for tokens"))?;
        if !matches!(uri.scheme_str(), Some("https" | "http")) {
            return Err(Unsendable::Account("address for tokens"));
        }
        let scopes: Vec<String> = scopes.iter().map(|scope| escaped(scope.name)).collect();
        Ok(format!(
            "{base}/auth/oauth/authorize?response_type=code&client_id={}&scope={}&state={}",
            escaped(client_id(account)?),
            scopes.join("+"),
            escaped(state),
        ))
    }

    fn exchange(
        &self,
        account: &Account,
        _redirect_uri: &str,
        query: &[(String, String)],
    ) -> Result<Request, Unsendable> {
        let values = |name: &str| -> Vec<&str> {
            query.iter().filter(|(own, _)| own == name).map(|(_, value)| value.trim()).collect()
        };
        if !values("error").is_empty() {
            return Err(Unsendable::Impossible("be connected: access was not given"));
        }
        let [code] = values("code")[..] else {
            return Err(Unsendable::Impossible("be connected: there is not exactly one code in the address"));
        };
        if code.is_empty() {
            return Err(Unsendable::Impossible("be connected: the code in the address is empty"));
        }
        post(account, "authorization_code", "code", code)
    }

    fn refresh(&self, account: &Account, refresh: &Secret) -> Result<Request, Unsendable> {
        if refresh.expose().is_empty() {
            return Err(Unsendable::Account("refresh token"));
        }
        post(account, "refresh_token", "refresh_token", refresh.expose())
    }

    fn granted(&self, reply: &Reply) -> Result<Tokens, Trouble> {
        let refused = trouble::check(reply, "of the app");
        if let Err(Trouble::Refused { reason }) = &refused
            && matches!(trouble::oauth_code(reply).as_str(), "invalid_grant" | "invalid_client" | "access_denied")
        {
            return Err(Trouble::Denied { reason: reason.clone() });
        }
        refused?;
        let garbled = |reason: String| Trouble::Garbled { reason };
        let granted: Granted = wire::parse(&reply.body).map_err(|error| garbled(error.to_string()))?;
        let access = granted.access_token.filled().ok_or_else(|| garbled("access_token: is missing".to_owned()))?;
        let access = Secret::new(access);
        let lives_s = match granted.expires_in.filled() {
            Some(text) => Some(text.parse().map_err(|_| garbled("expires_in: is not a number".to_owned()))?),
            None => None,
        };
        Ok(Tokens {
            scopes: scopes(&access),
            access,
            refresh: granted.refresh_token.filled().map(Secret::new),
            lives_s,
            account: None,
        })
    }
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Granted {
    access_token: Text,
    refresh_token: Text,
    expires_in: Text,
}

fn client_id(account: &Account) -> Result<&str, Unsendable> {
    if account.client_id.is_empty() { Err(Unsendable::Account("client id")) } else { Ok(&account.client_id) }
}

fn post(account: &Account, grant: &str, field: &str, value: &str) -> Result<Request, Unsendable> {
    let secret = account.client_secret.as_ref().filter(|secret| !secret.expose().is_empty());
    let secret = secret.ok_or(Unsendable::Account("client secret"))?;
    let body = json!({
        "client_id": client_id(account)?,
        "client_secret": secret.expose(),
        "grant_type": grant,
        field: value,
    });
    token_post(account, TOKEN_PATH, body.to_string().into_bytes())
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Claims {
    scopes: Scopes,
    scope: Scopes,
}

/// A list of names, or names in one text.
#[derive(Default, Deserialize)]
#[serde(from = "serde_json::Value")]
struct Scopes(Vec<String>);

impl From<serde_json::Value> for Scopes {
    fn from(value: serde_json::Value) -> Self {
        let words = |text: &str| text.split([' ', ',', '+']).map(str::to_owned).collect::<Vec<_>>();
        let names = match &value {
            serde_json::Value::String(text) => words(text),
            serde_json::Value::Array(values) => {
                values.iter().filter_map(serde_json::Value::as_str).flat_map(words).collect()
            }
            _ => Vec::new(),
        };
        Self(names.into_iter().filter(|name| !name.is_empty()).collect())
    }
}

/// The scopes that a token says it has, when it is a JWT. Its signature is not looked at: this is only for telling a
/// person what is missing, and the platform judges for itself.
pub(super) fn scopes(token: &Secret) -> Option<Vec<String>> {
    let parts: Vec<&str> = token.expose().split('.').collect();
    let [_, claims, _] = parts[..] else { return None };
    let claims = URL_SAFE_NO_PAD.decode(claims.trim_end_matches('=')).ok()?;
    let claims: Claims = wire::parse(&claims).ok()?;
    let names = if claims.scopes.0.is_empty() { claims.scope.0 } else { claims.scopes.0 };
    Some(names).filter(|names| !names.is_empty()).map(with_included)
}

/// What may write may read, and one scope opens everything.
fn with_included(mut names: Vec<String>) -> Vec<String> {
    let has = |wanted: &str| {
        let whole = wanted.strip_suffix("_read").is_some_and(|whole| names.iter().any(|name| name == whole));
        whole || names.iter().any(|name| name == "employee:all")
    };
    let included: Vec<String> = SCOPES
        .iter()
        .filter(|scope| has(scope.name) && !names.iter().any(|name| name == scope.name))
        .map(|scope| scope.name.to_owned())
        .collect();
    names.extend(included);
    names
}
