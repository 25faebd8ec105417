//! How a shop gives access: OAuth with a signed callback, and offline tokens that expire.
//!
//! <https://shopify.dev/docs/apps/build/authentication-authorization/access-tokens/authorization-code-grant> and
//! <https://shopify.dev/docs/apps/build/authentication-authorization/access-tokens/offline-access-tokens>, read
//! 2026-11-24. Called through `Connector::grants`. Tokens that expire are asked for; a shop that answers with one that
//! does not is taken at its word. There is no clock here, so how old a callback is (`timestamp`) is not judged: its
//! `state` and its code are good for one use.

use std::collections::BTreeSet;

use aws_lc_rs::hmac;
use http::{Method, header};
use serde::Deserialize;
use serde_json::{Value, json};

use super::{reply, scalar};
use crate::{Account, Effect, Grants, Reply, Request, Scope, Secret, Tokens, Trouble, Unsendable};

/// The domain of shops.
const SHOPS: &str = ".myshopify.com";

/// The grants of Shopify.
pub(super) struct OAuth;

impl Grants for OAuth {
    fn authorize(
        &self,
        account: &Account,
        redirect_uri: &str,
        state: &str,
        scopes: &[&Scope],
    ) -> Result<String, Unsendable> {
        let scopes: Vec<&str> = scopes.iter().map(|scope| scope.name).collect();
        let (scopes, client_id) = (scopes.join(","), client_id(account)?);
        let query =
            encode(&[("client_id", client_id), ("scope", &scopes), ("redirect_uri", redirect_uri), ("state", state)]);
        Ok(format!("{}/admin/oauth/authorize?{query}", host(account)?))
    }

    fn exchange(
        &self,
        account: &Account,
        _redirect_uri: &str,
        query: &[(String, String)],
    ) -> Result<Request, Unsendable> {
        proven(account, query)?;
        belongs(account, given(query, "shop").ok_or(Unsendable::Impossible("give access without its shop"))?)?;
        let code = given(query, "code").ok_or(Unsendable::Impossible("give access without a code"))?;
        let body = json!({
            "client_id": client_id(account)?,
            "client_secret": client_secret(account)?,
            "code": code,
            "expiring": "1",
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
        match reply::by_status(reply) {
            None => {}
            // A code or refresh token that is spent or revoked: only a person can give another.
            Some(Trouble::Refused { reason }) => return Err(Trouble::Denied { reason }),
            Some(trouble) => return Err(trouble),
        }
        let granted: Granted = scalar::parse(&reply.body).map_err(reply::garbled)?;
        if granted.access_token.is_empty() {
            return Err(Trouble::Garbled { reason: "access_token: is empty".to_owned() });
        }
        let scopes = granted.scope.map(|scopes| scopes.split(',').map(|scope| scope.trim().to_owned()).collect());
        Ok(Tokens {
            access: Secret::new(&granted.access_token),
            refresh: granted.refresh_token.filter(|token| !token.is_empty()).map(|token| Secret::new(&token)),
            lives_s: granted.expires_in.filter(|seconds| *seconds > 0),
            account: None,
            scopes: scopes.map(with_implied),
        })
    }
}

/// <https://shopify.dev/docs/apps/build/authentication-authorization/access-tokens/offline-access-tokens>
#[derive(Deserialize)]
struct Granted {
    access_token: String,
    #[serde(default)]
    scope: Option<String>,
    #[serde(default)]
    expires_in: Option<i64>,
    #[serde(default)]
    refresh_token: Option<String>,
}

/// Who may write may read; Shopify names only the stronger of two scopes.
/// <https://shopify.dev/docs/api/usage/access-scopes>
pub(super) fn with_implied(scopes: Vec<String>) -> Vec<String> {
    let reads = scopes.iter().filter_map(|scope| scope.strip_prefix("write_")).map(|what| format!("read_{what}"));
    let all: BTreeSet<String> = reads.chain(scopes.iter().cloned()).filter(|scope| !scope.is_empty()).collect();
    all.into_iter().collect()
}

/// The callback is signed: hexadecimal HMAC-SHA256 under the client secret over its other fields, sorted by name and
/// percent-encoded. A field that is there twice could be read otherwise than it was signed.
fn proven(account: &Account, query: &[(String, String)]) -> Result<(), Unsendable> {
    let names: BTreeSet<&str> = query.iter().map(|(name, _)| name.as_str()).collect();
    if names.len() != query.len() {
        return Err(Unsendable::Impossible("give access: a field of the callback is there twice"));
    }
    let given =
        given(query, "hmac").and_then(unhex).ok_or(Unsendable::Impossible("give access without a signature"))?;
    let signed = query.iter().filter(|(name, _)| name != "hmac" && name != "signature");
    let mut signed: Vec<(&str, &str)> = signed.map(|(name, value)| (name.as_str(), value.as_str())).collect();
    signed.sort_unstable();
    let key = hmac::Key::new(hmac::HMAC_SHA256, client_secret(account)?.as_bytes());
    let forged = |_| Unsendable::Impossible("give access: the callback's signature does not fit");
    hmac::verify(&key, encode(&signed).as_bytes(), &given).map_err(forged)
}

/// The shop that came back must be the one that is being connected: the code and the client secret are sent there.
fn belongs(account: &Account, shop: &str) -> Result<(), Unsendable> {
    let known = account.account.is_empty() || account.account == shop;
    // An address of the vendor's own names the shop as well; another one is an emulator's.
    let host = account.base_url.trim_end_matches('/').strip_prefix("https://").filter(|host| host.ends_with(SHOPS));
    let fits = host.is_none_or(|host| host == shop);
    if known && fits { Ok(()) } else { Err(Unsendable::Account("shop")) }
}

fn token(account: &Account, body: &Value) -> Result<Request, Unsendable> {
    let http = http::Request::builder()
        .method(Method::POST)
        .uri(format!("{}/admin/oauth/access_token", host(account)?))
        .header(header::CONTENT_TYPE, "application/json")
        .header(header::ACCEPT, "application/json")
        .body(body.to_string().into_bytes())
        .map_err(|_| Unsendable::Account("address"))?;
    // It changes nothing in the shop: a hub that may only read has to renew its token, too.
    Ok(Request { http, cost: 0, effect: Effect::Read })
}

fn host(account: &Account) -> Result<&str, Unsendable> {
    let host = if account.auth_url.is_empty() { &account.base_url } else { &account.auth_url };
    let host = host.trim_end_matches('/');
    let usable = host.starts_with("https://") || host.starts_with("http://");
    if usable { Ok(host) } else { Err(Unsendable::Account("address")) }
}

fn client_id(account: &Account) -> Result<&str, Unsendable> {
    if account.client_id.is_empty() { Err(Unsendable::Account("client id")) } else { Ok(&account.client_id) }
}

fn client_secret(account: &Account) -> Result<&str, Unsendable> {
    let secret = account.client_secret.as_ref().map(Secret::expose).filter(|secret| !secret.is_empty());
    secret.ok_or(Unsendable::Account("client secret"))
}

fn given<'a>(query: &'a [(String, String)], name: &str) -> Option<&'a str> {
    let found = query.iter().find(|(field, _)| field == name);
    found.map(|(_, value)| value.as_str()).filter(|value| !value.is_empty())
}

/// Fields as a query: everything but letters, digits and `-._~` in its `%XX` form (RFC 3986).
fn encode(fields: &[(&str, &str)]) -> String {
    let fields: Vec<String> =
        fields.iter().map(|(name, value)| format!("{}={}", escaped(name), escaped(value))).collect();
    fields.join("&")
}

fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) {
            out.push(char::from(byte));
        } else {
            out.push_str(&format!("%{byte:02X}"));
        }
    }
    out
}

fn unhex(text: &str) -> Option<Vec<u8>> {
    let digit = |byte: u8| char::from(byte).to_digit(16).and_then(|digit| u8::try_from(digit).ok());
    let byte = |pair: &[u8]| match pair {
        [high, low] => Some(digit(*high)? * 16 + digit(*low)?),
        _ => None,
    };
    text.as_bytes().chunks(2).map(byte).collect()
}
