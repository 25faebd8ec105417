//! How access is given and renewed: OAuth with expiring tokens.
//!
//! <https://docs.clover.com/docs/use-oauth>, read 2026-11-24. Scopes are not asked for: the app's permissions are set in
//! the developer's dashboard and given when the merchant installs it. A refresh token is good for one renewal.

use serde::Serialize;

use super::http_request::{escaped, tokens};
use super::trouble::{self, Judged};
use super::wire::{Pair, parse};
use crate::{Account, Grants, Reply, Request, Scope, Secret, Tokens, Trouble, Unsendable};

/// Clover's OAuth.
pub(super) struct OAuth;

#[derive(Serialize)]
struct Exchange<'a> {
    client_id: &'a str,
    client_secret: &'a str,
    code: &'a str,
}

#[derive(Serialize)]
struct Refresh<'a> {
    client_id: &'a str,
    refresh_token: &'a str,
}

impl Grants for OAuth {
    fn authorize(
        &self,
        account: &Account,
        redirect_uri: &str,
        state: &str,
        _scopes: &[&Scope],
    ) -> Result<String, Unsendable> {
        Ok(format!(
            "{}/oauth/v2/authorize?client_id={}&redirect_uri={}&state={}",
            pages(account)?,
            escaped(client_id(account)?),
            escaped(redirect_uri),
            escaped(state),
        ))
    }

    fn exchange(
        &self,
        account: &Account,
        _redirect_uri: &str,
        query: &[(String, String)],
    ) -> Result<Request, Unsendable> {
        let client_id = client_id(account)?;
        let secret = account.client_secret.as_ref().filter(|secret| !secret.expose().is_empty());
        let secret = secret.ok_or(Unsendable::Account("client secret"))?;
        if only(query, "client_id")?.is_some_and(|told| told != client_id) {
            return Err(Unsendable::Impossible("take a code that was given to another app"));
        }
        let merchant = only(query, "merchant_id")?;
        if !account.account.is_empty() && merchant.is_some_and(|told| told != account.account) {
            return Err(Unsendable::Impossible("take a code of another merchant than the channel's"));
        }
        let code = only(query, "code")?.filter(|code| !code.is_empty());
        let code = code.ok_or(Unsendable::Impossible("exchange nothing: the person gave no access"))?;
        send(account, "/oauth/v2/token", &Exchange { client_id, client_secret: secret.expose(), code })
    }

    fn refresh(&self, account: &Account, refresh: &Secret) -> Result<Request, Unsendable> {
        if refresh.expose().is_empty() {
            return Err(Unsendable::Account("refresh token"));
        }
        let body = Refresh { client_id: client_id(account)?, refresh_token: refresh.expose() };
        send(account, "/oauth/v2/refresh", &body)
    }

    /// A refused code or refresh token is worthless for ever: a person must connect the account again.
    fn granted(&self, reply: &Reply) -> Result<Tokens, Trouble> {
        match trouble::judge(reply) {
            Judged::Answer => {}
            Judged::Absent | Judged::Refused(_) => return Err(Trouble::Denied { reason: trouble::reason(reply) }),
            Judged::Trouble(trouble) => return Err(trouble),
        }
        let pair: Pair = parse(&reply.body).map_err(|error| Trouble::Garbled { reason: error.to_string() })?;
        let access = Secret::new(&pair.access_token);
        if access.expose().is_empty() {
            return Err(Trouble::Garbled { reason: "access_token: is empty".to_owned() });
        }
        let now_s = reply.sent_at.0.div_euclid(1_000);
        Ok(Tokens {
            access,
            refresh: pair.refresh_token.map(|text| Secret::new(&text)).filter(|secret| !secret.expose().is_empty()),
            lives_s: pair.access_token_expiration.map(|until| until.saturating_sub(now_s).max(0)),
            account: None,
            scopes: None,
        })
    }
}

fn send(account: &Account, path: &str, body: &impl Serialize) -> Result<Request, Unsendable> {
    let body = serde_json::to_vec(body).map_err(|_| Unsendable::Account("client"))?;
    tokens(account, path, body)
}

fn client_id(account: &Account) -> Result<&str, Unsendable> {
    Some(account.client_id.trim()).filter(|id| !id.is_empty()).ok_or(Unsendable::Account("client id"))
}

/// Where people give access, for each place where programs ask.
fn pages(account: &Account) -> Result<&str, Unsendable> {
    let base = if account.auth_url.is_empty() { account.base_url.as_str() } else { account.auth_url.as_str() };
    let pages = match base {
        "https://api.clover.com" => "https://www.clover.com",
        "https://api.eu.clover.com" => "https://www.eu.clover.com",
        "https://api.la.clover.com" => "https://www.la.clover.com",
        "https://apisandbox.dev.clover.com" => "https://sandbox.dev.clover.com",
        other => other,
    };
    let uri: http::Uri = pages.parse().map_err(|_| Unsendable::Account("address"))?;
    if matches!(uri.scheme_str(), Some("https" | "http")) { Ok(pages) } else { Err(Unsendable::Account("address")) }
}

/// The value of a field of the query that may be there once.
fn only<'a>(query: &'a [(String, String)], name: &str) -> Result<Option<&'a str>, Unsendable> {
    let mut values = query.iter().filter(|(own, _)| own == name).map(|(_, value)| value.as_str());
    let value = values.next();
    if values.next().is_some() {
        return Err(Unsendable::Impossible("exchange a code from an address with a field twice"));
    }
    Ok(value)
}
