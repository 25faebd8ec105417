//! How a seller gives access: OAuth's code flow, with a token for thirty days and a refresh token that stays the same.
//!
//! <https://developer.squareup.com/docs/oauth-api/overview> and
//! <https://developer.squareup.com/reference/square/oauth-api/obtain-token>, read 2026-11-24. Called through
//! `Connector::grants`. The token endpoints are on the host of the API.

use http::Method;
use http::header::{ACCEPT, CONTENT_TYPE};
use model::Instant;
use serde_json::{Value, json};

use super::http_request::{VERSION, escaped};
use super::trouble;
use super::wire::{Granted, parse};
use crate::{Account, Effect, Grants, Reply, Request, Scope, Secret, Tokens, Trouble, Unsendable};

/// The grants of Square.
pub(super) struct OAuth;

impl Grants for OAuth {
    /// `session=false`: a person who is signed in to another seller's account is asked which one is meant.
    fn authorize(
        &self,
        account: &Account,
        redirect_uri: &str,
        state: &str,
        scopes: &[&Scope],
    ) -> Result<String, Unsendable> {
        if scopes.is_empty() {
            return Err(Unsendable::Impossible("give access without being asked for a scope"));
        }
        let scopes: Vec<&str> = scopes.iter().map(|scope| scope.name).collect();
        let scopes = scopes.join(" ");
        let fields = [
            ("client_id", client_id(account)?),
            ("scope", &scopes),
            ("session", "false"),
            ("state", state),
            ("redirect_uri", redirect_uri),
        ];
        let fields: Vec<String> = fields.iter().map(|(name, value)| format!("{name}={}", escaped(value))).collect();
        Ok(format!("{}/oauth2/authorize?{}", host(account)?, fields.join("&")))
    }

    fn exchange(
        &self,
        account: &Account,
        redirect_uri: &str,
        query: &[(String, String)],
    ) -> Result<Request, Unsendable> {
        if query.iter().any(|(name, _)| name == "error") {
            return Err(Unsendable::Impossible("give access: the seller refused"));
        }
        let mut codes = query.iter().filter(|(name, value)| name == "code" && !value.is_empty());
        let (Some((_, code)), None) = (codes.next(), codes.next()) else {
            return Err(Unsendable::Impossible("give access without a single code"));
        };
        let body = json!({
            "client_id": client_id(account)?,
            "client_secret": client_secret(account)?,
            "code": code,
            "grant_type": "authorization_code",
            "redirect_uri": redirect_uri,
        });
        token(account, &body)
    }

    fn refresh(&self, account: &Account, refresh: &Secret) -> Result<Request, Unsendable> {
        if refresh.expose().is_empty() {
            return Err(Unsendable::Account("refresh token"));
        }
        let body = json!({
            "client_id": client_id(account)?,
            "client_secret": client_secret(account)?,
            "grant_type": "refresh_token",
            "refresh_token": refresh.expose(),
        });
        token(account, &body)
    }

    fn granted(&self, reply: &Reply) -> Result<Tokens, Trouble> {
        if let Some(refusal) = trouble::of(reply)? {
            return Err(match refusal.reading() {
                // A code or refresh token that is spent or revoked: only a person can give another.
                Trouble::Refused { reason } => Trouble::Denied { reason },
                other => other,
            });
        }
        let garbled = |reason: String| Trouble::Garbled { reason };
        let granted: Granted = parse(&reply.body).map_err(|error| garbled(error.to_string()))?;
        let filled = |text: Option<String>| text.filter(|text| !text.is_empty());
        let access = filled(granted.access_token).ok_or_else(|| garbled("access_token: is missing".to_owned()))?;
        let expires = filled(granted.expires_at).map(|at| Instant::parse(&at)).transpose();
        let expires = expires.map_err(|error| garbled(format!("expires_at: is {error}")))?;
        Ok(Tokens {
            access: Secret::new(&access),
            refresh: filled(granted.refresh_token).map(|token| Secret::new(&token)),
            // An hour more or less between the clocks does not matter in thirty days.
            lives_s: expires.map(|at| at.0.saturating_sub(reply.sent_at.0).max(0) / 1_000),
            account: filled(granted.merchant_id),
            scopes: None,
        })
    }
}

fn token(account: &Account, body: &Value) -> Result<Request, Unsendable> {
    let http = http::Request::builder()
        .method(Method::POST)
        .uri(format!("{}/oauth2/token", host(account)?))
        .header("square-version", VERSION)
        .header(ACCEPT, "application/json")
        .header(CONTENT_TYPE, "application/json")
        .body(body.to_string().into_bytes())
        .map_err(|_| Unsendable::Account("address"))?;
    // It changes nothing at the seller's: a hub that may only read has to renew its token, too.
    Ok(Request { http, cost: 1, effect: Effect::Read })
}

fn host(account: &Account) -> Result<&str, Unsendable> {
    let host = if account.auth_url.is_empty() { &account.base_url } else { &account.auth_url };
    let usable = host.starts_with("https://") || host.starts_with("http://");
    if usable { Ok(host.trim_end_matches('/')) } else { Err(Unsendable::Account("address")) }
}

fn client_id(account: &Account) -> Result<&str, Unsendable> {
    if account.client_id.is_empty() { Err(Unsendable::Account("client id")) } else { Ok(&account.client_id) }
}

fn client_secret(account: &Account) -> Result<&str, Unsendable> {
    let secret = account.client_secret.as_ref().map(Secret::expose).filter(|secret| !secret.is_empty());
    secret.ok_or(Unsendable::Account("client secret"))
}
