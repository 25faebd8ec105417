//! How a store gives an app access. Tokens live until the app is taken out or asks for other scopes; there is nothing to
//! renew.
//!
//! <https://developer.bigcommerce.com/docs/integrations/apps/guide/auth>. Called through `Connector::grants`; keeps
//! nothing.

use serde::{Deserialize, Serialize};

use super::http_request::{escaped, outside};
use super::{trouble, wire};
use crate::{Account, Effect, Grants, Reply, Request, Scope, Secret, Tokens, Trouble, Unsendable};

/// Where tokens are given out, unless the account says otherwise.
const LOGIN: &str = "https://login.bigcommerce.com";

/// An app's installation.
pub(super) struct Install;

/// What turns a code into a token.
#[derive(Serialize)]
struct Exchange<'a> {
    client_id: &'a str,
    client_secret: &'a str,
    code: &'a str,
    context: &'a str,
    scope: &'a str,
    grant_type: &'static str,
    redirect_uri: &'a str,
}

/// What comes back. Never printed.
#[derive(Deserialize)]
struct Granted {
    access_token: String,
    scope: Option<String>,
    context: Option<String>,
}

impl Grants for Install {
    fn authorize(
        &self,
        account: &Account,
        redirect_uri: &str,
        state: &str,
        scopes: &[&Scope],
    ) -> Result<String, Unsendable> {
        let names: Vec<&str> = scopes.iter().map(|scope| scope.name).collect();
        let mut fields = vec![
            ("client_id", client_id(account)?.to_owned()),
            ("response_type", "code".to_owned()),
            ("redirect_uri", redirect_uri.to_owned()),
            ("scope", names.join(" ")),
            ("state", state.to_owned()),
        ];
        if !account.account.is_empty() {
            fields.push(("context", context(account)));
        }
        let query: Vec<String> = fields.iter().map(|(name, value)| format!("{name}={}", escaped(value))).collect();
        Ok(format!("{}/oauth2/authorize?{}", login(account)?, query.join("&")))
    }

    /// Changes nothing in the store, so that a read-only hub can be connected.
    fn exchange(
        &self,
        account: &Account,
        redirect_uri: &str,
        query: &[(String, String)],
    ) -> Result<Request, Unsendable> {
        let told = field(query, "context")?;
        if !account.account.is_empty() && told != context(account) {
            return Err(Unsendable::Account("store hash, which is not that of the store that gave access,"));
        }
        let secret = account.client_secret.as_ref().filter(|secret| !secret.expose().is_empty());
        let body = Exchange {
            client_id: client_id(account)?,
            client_secret: secret.ok_or(Unsendable::Account("client secret"))?.expose(),
            code: field(query, "code")?,
            context: told,
            scope: field(query, "scope")?,
            grant_type: "authorization_code",
            redirect_uri,
        };
        outside(&format!("{}/oauth2/token", login(account)?), &body, Effect::Read)
    }

    fn refresh(&self, _account: &Account, _refresh: &Secret) -> Result<Request, Unsendable> {
        Err(Unsendable::Impossible("renew a token: they do not expire"))
    }

    fn granted(&self, reply: &Reply) -> Result<Tokens, Trouble> {
        if let Some(refusal) = trouble::of(reply) {
            // A code is good for one use and a few seconds: a person has to begin again.
            return Err(match refusal.trouble() {
                Trouble::Refused { reason } => Trouble::Denied { reason },
                trouble => trouble,
            });
        }
        let garbled = |reason: String| Trouble::Garbled { reason };
        let granted: Granted = wire::parse(&reply.body).map_err(|error| garbled(error.to_string()))?;
        if granted.access_token.trim().is_empty() {
            return Err(garbled("access_token: is empty".to_owned()));
        }
        let words = |text: String| text.split_ascii_whitespace().map(str::to_owned).collect();
        Ok(Tokens {
            access: Secret::new(&granted.access_token),
            refresh: None,
            lives_s: None,
            account: granted.context.and_then(|text| text.strip_prefix("stores/").map(str::to_owned)),
            scopes: granted.scope.map(words),
        })
    }
}

fn login(account: &Account) -> Result<&str, Unsendable> {
    let address = if account.auth_url.is_empty() { LOGIN } else { account.auth_url.as_str() };
    let usable = address.starts_with("https://") || address.starts_with("http://");
    if usable { Ok(address) } else { Err(Unsendable::Account("address for tokens")) }
}

fn client_id(account: &Account) -> Result<&str, Unsendable> {
    if account.client_id.is_empty() { Err(Unsendable::Account("client id")) } else { Ok(&account.client_id) }
}

fn context(account: &Account) -> String {
    format!("stores/{}", account.account)
}

/// The one value of a field that came back.
fn field<'q>(query: &'q [(String, String)], name: &'static str) -> Result<&'q str, Unsendable> {
    let mut values = query.iter().filter(|(told, _)| told == name).map(|(_, value)| value.as_str());
    match (values.next().filter(|value| !value.is_empty()), values.next()) {
        (Some(value), None) => Ok(value),
        _ => Err(Unsendable::Impossible("give a token without one code, one scope and one context")),
    }
}
