//! How a store gives access: OAuth 2, with a token for a day and a pair that is renewed whole.
//!
//! <https://x-series-api.lightspeedhq.com/docs/authorization>, read 2026-11-23. Called through `Connector::grants`.
//! Renewing kills the access token before it at once. The token service takes the client secret in its form only.

use super::form::encode;
use super::http_request::token_form;
use super::translate::given;
use super::trouble;
use super::wire::{self, object};
use crate::{Account, Grants, Reply, Request, Scope, Secret, Tokens, Trouble, Unsendable};

/// Where a person says yes, whatever the store.
const AUTHORIZE: &str = "https://secure.retail.lightspeed.app";
/// The shortest state that Lightspeed takes.
const STATE_MIN: usize = 8;

/// The grants of X-Series.
pub(super) struct OAuth;

impl Grants for OAuth {
    fn authorize(
        &self,
        account: &Account,
        redirect_uri: &str,
        state: &str,
        scopes: &[&Scope],
    ) -> Result<String, Unsendable> {
        if state.len() < STATE_MIN {
            return Err(Unsendable::Impossible("take a state of less than eight characters"));
        }
        let scopes: Vec<&str> = scopes.iter().map(|scope| scope.name).collect();
        if scopes.is_empty() {
            return Err(Unsendable::Impossible("give access without being asked for a scope"));
        }
        let host = if account.auth_url.is_empty() { AUTHORIZE } else { &account.auth_url };
        let query = encode(&[
            ("response_type", "code"),
            ("client_id", client_id(account)?),
            ("redirect_uri", redirect_uri),
            ("state", state),
            ("scope", &scopes.join(" ")),
        ]);
        Ok(format!("{host}/connect?{query}"))
    }

    fn exchange(
        &self,
        account: &Account,
        redirect_uri: &str,
        query: &[(String, String)],
    ) -> Result<Request, Unsendable> {
        if one(query, "error").is_some() {
            return Err(Unsendable::Impossible("give access: the person or the store refused"));
        }
        let code = one(query, "code").ok_or(Unsendable::Impossible("give access without a single code"))?;
        let prefix = one(query, "domain_prefix").ok_or(Unsendable::Impossible("give access without its store"))?;
        belongs(account, prefix)?;
        let form = encode(&[
            ("code", code),
            ("client_id", client_id(account)?),
            ("client_secret", client_secret(account)?),
            ("grant_type", "authorization_code"),
            ("redirect_uri", redirect_uri),
        ]);
        token_form(account, form)
    }

    fn refresh(&self, account: &Account, refresh: &Secret) -> Result<Request, Unsendable> {
        if refresh.expose().is_empty() {
            return Err(Unsendable::Account("refresh token"));
        }
        let form = encode(&[
            ("refresh_token", refresh.expose()),
            ("client_id", client_id(account)?),
            ("client_secret", client_secret(account)?),
            ("grant_type", "refresh_token"),
        ]);
        token_form(account, form)
    }

    fn granted(&self, reply: &Reply) -> Result<Tokens, Trouble> {
        trouble::check(reply).map_err(|trouble| match trouble {
            // A code or pair that is spent or revoked: only a person can give another.
            Trouble::Refused { reason } => Trouble::Denied { reason },
            other => other,
        })?;
        let tokens: wire::Tokens = object(&reply.body).map_err(trouble::garbled)?;
        let missing = || Trouble::Garbled { reason: "access_token: is missing".to_owned() };
        let access = given(tokens.access_token.as_deref()).ok_or_else(missing)?;
        Ok(Tokens {
            access: Secret::new(access),
            refresh: given(tokens.refresh_token.as_deref()).map(Secret::new),
            lives_s: tokens.expires_in.filter(|seconds| *seconds > 0),
            account: given(tokens.domain_prefix.as_deref()).map(str::to_owned),
            scopes: given(tokens.scope.as_deref()).map(|scopes| scopes.split_whitespace().map(str::to_owned).collect()),
        })
    }
}

/// A field of the query, if it is there once and not empty.
fn one<'a>(query: &'a [(String, String)], name: &str) -> Option<&'a str> {
    let mut found = query.iter().filter(|(field, _)| field == name);
    let first = found.next().and_then(|(_, value)| given(Some(value)))?;
    found.next().is_none().then_some(first)
}

/// The store that came back must be the one that is being connected: its name becomes a host, and the code and the
/// client secret are sent there.
fn belongs(account: &Account, prefix: &str) -> Result<(), Unsendable> {
    let plain = prefix.bytes().all(|byte| matches!(byte, b'a'..=b'z' | b'0'..=b'9' | b'-'));
    let known = account.account.is_empty() || account.account == prefix;
    // An address of the vendor's own names the store as well; another one is an emulator's.
    let host = account.base_url.strip_prefix("https://").and_then(|host| host.strip_suffix(".retail.lightspeed.app"));
    let fits = host.is_none_or(|host| host == prefix);
    if plain && known && fits { Ok(()) } else { Err(Unsendable::Account("domain prefix")) }
}

fn client_id(account: &Account) -> Result<&str, Unsendable> {
    given(Some(&account.client_id)).ok_or(Unsendable::Account("client id"))
}

fn client_secret(account: &Account) -> Result<&str, Unsendable> {
    let secret = account.client_secret.as_ref().map(Secret::expose);
    given(secret).ok_or(Unsendable::Account("client secret"))
}
