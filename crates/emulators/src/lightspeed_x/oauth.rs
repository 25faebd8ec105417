//! OAuth 2 of the platform: the page that sends the merchant back with a code, and the token endpoint.
//!
//! Called by the door before any token is looked at, whatever host these pages have in reality. The merchant agrees
//! at once. A refresh gives a new pair and kills the old one in the same moment.

use super::LightspeedX;
use super::form;
use super::settings::{SCOPES, Settings, TOKEN_MS};
use super::wire::{self, Refused, Reply};
use crate::machine::{Millis, World};
use bytes::Bytes;
use http::{Request, Response};
use serde_json::json;
use std::sync::Arc;

/// Since March 2024.
const STATE_MIN: usize = 8;
/// The vendor does not say how long a code lives; ten minutes is OAuth's own advice.
const CODE_MS: Millis = 600_000;

/// One pair of tokens and what it may do.
#[derive(Clone, Debug)]
struct Grant {
    access: String,
    refresh: String,
    scopes: Arc<[String]>,
    /// Unknown until the machine first sees a clock.
    expires_at: Option<Millis>,
    revoked: bool,
}

#[derive(Clone, Debug)]
struct Code {
    code: String,
    redirect_uri: String,
    scopes: Arc<[String]>,
    expires_at: Millis,
}

/// All pairs and codes of the application.
#[derive(Clone, Debug)]
pub struct Grants {
    pairs: Vec<Grant>,
    codes: Vec<Code>,
    /// Numbers the pairs, so that a log shows which one a call used.
    made: u32,
}

impl Grants {
    /// The pair of the settings, with every scope.
    pub fn new(settings: &Settings) -> Self {
        let first = Grant {
            access: settings.access_token.clone(),
            refresh: settings.refresh_token.clone(),
            scopes: SCOPES.iter().map(|scope| (*scope).to_owned()).collect(),
            expires_at: None,
            revoked: false,
        };
        Self { pairs: vec![first], codes: Vec::new(), made: 1 }
    }

    /// A clock is seen: the pair of the settings lives a day from now on.
    pub fn begin(&mut self, now: Millis) {
        for pair in &mut self.pairs {
            pair.expires_at.get_or_insert(now + TOKEN_MS);
        }
    }

    /// What this access token may do; `None` when it is unknown, dead or too old.
    pub fn scopes(&self, access: &str, now: Millis) -> Option<Arc<[String]>> {
        let alive = |pair: &&Grant| !pair.revoked && pair.expires_at.is_none_or(|at| now < at);
        let pair = self.pairs.iter().filter(alive).find(|pair| pair.access == access)?;
        Some(Arc::clone(&pair.scopes))
    }

    /// Somebody revoked the access tokens; refreshing still works.
    pub fn revoke(&mut self) {
        self.pairs.iter_mut().for_each(|pair| pair.revoked = true);
    }

    /// The application was removed: nothing works any more but a new consent.
    pub fn clear(&mut self) {
        self.pairs.clear();
        self.codes.clear();
    }
}

impl LightspeedX {
    /// `/connect` and `/api/1.0/token`; `None` for other paths.
    pub(crate) fn answer_oauth(
        &mut self,
        path: &str,
        request: &Request<Bytes>,
        world: &mut World<'_>,
    ) -> Option<Response<Bytes>> {
        match path {
            "/connect" if request.method() == http::Method::GET => {
                let query = form::read(request.uri().query().unwrap_or_default());
                Some(self.consent(&query, world).unwrap_or_else(refuse))
            }
            "/api/1.0/token" if request.method() == http::Method::POST => Some(self.token_call(request, world)),
            "/connect" | "/api/1.0/token" => Some(refuse(Refused::no_such_method())),
            _ => None,
        }
    }

    /// The merchant agrees: back to the application with a code.
    fn consent(&mut self, query: &[(String, String)], world: &mut World<'_>) -> Result<Response<Bytes>, Refused> {
        let field = |name: &str| field(query, name);
        if field("response_type") != Some("code") {
            return Err(Refused::oauth("unsupported_response_type", "response_type must be code"));
        }
        if field("client_id") != Some(self.settings.client_id.as_str()) {
            return Err(Refused::oauth("invalid_client", "The client_id is unknown"));
        }
        let redirect_uri =
            field("redirect_uri").filter(|uri| uri.starts_with("http://") || uri.starts_with("https://"));
        let redirect_uri = redirect_uri.ok_or_else(|| Refused::oauth("invalid_request", "redirect_uri is required"))?;
        let state = field("state").filter(|state| state.chars().count() >= STATE_MIN);
        let state =
            state.ok_or_else(|| Refused::oauth("invalid_request", "state is required, with 8 characters or more"))?;
        let scopes = read_scopes(field("scope").unwrap_or_default())?;
        let code = format!("lightspeed-x-code-{:016x}", world.dice.draw());
        let back = form::write(&[("code", &code), ("domain_prefix", &self.settings.domain_prefix), ("state", state)]);
        let joint = if redirect_uri.contains('?') { '&' } else { '?' };
        let mut response = wire::respond(302, None);
        wire::set_header(&mut response, "location", &format!("{redirect_uri}{joint}{back}"));
        let redirect_uri = redirect_uri.to_owned();
        self.grants.codes.push(Code { code, redirect_uri, scopes, expires_at: world.now + CODE_MS });
        Ok(response)
    }

    fn token_call(&mut self, request: &Request<Bytes>, world: &mut World<'_>) -> Response<Bytes> {
        let free = self.token_window.take(world.now);
        let mut response = if free {
            let text = String::from_utf8_lossy(request.body());
            let answered = self.trade(&form::read(&text), world);
            answered.map_or_else(refuse, |reply| wire::respond(reply.status, reply.body.as_ref()))
        } else {
            refuse(Refused::too_many())
        };
        let ends = self.token_window.ends(world.now);
        wire::set_header(&mut response, "x-ratelimit-limit", &self.token_window.budget().to_string());
        wire::set_header(&mut response, "x-ratelimit-remaining", &self.token_window.left().to_string());
        wire::set_header(&mut response, "x-ratelimit-reset", &(ends / 1_000).to_string());
        if !free {
            wire::set_header(&mut response, "retry-after", &super::clock::rfc1123(ends));
        }
        response
    }

    /// A code or a refresh token for a new pair.
    fn trade(&mut self, form: &[(String, String)], world: &World<'_>) -> Result<Reply, Refused> {
        let known = field(form, "client_id") == Some(self.settings.client_id.as_str())
            && field(form, "client_secret") == Some(self.settings.client_secret.as_str());
        if !known {
            return Err(Refused::oauth("invalid_client", "The client credentials are wrong"));
        }
        let scopes = match field(form, "grant_type") {
            Some("authorization_code") => self.spend_code(form, world.now)?,
            Some("refresh_token") => self.spend_refresh(form)?,
            _ => return Err(Refused::oauth("unsupported_grant_type", "The grant type is not supported")),
        };
        Ok(self.issue(scopes, world.now))
    }

    fn spend_code(&mut self, form: &[(String, String)], now: Millis) -> Result<Arc<[String]>, Refused> {
        let wrong = || Refused::oauth("invalid_grant", "The code is wrong, spent or too old");
        let code = field(form, "code").ok_or_else(wrong)?;
        let at = self.grants.codes.iter().position(|known| known.code == code).ok_or_else(wrong)?;
        let code = self.grants.codes.swap_remove(at);
        let fits = now < code.expires_at && field(form, "redirect_uri") == Some(code.redirect_uri.as_str());
        if fits { Ok(code.scopes) } else { Err(wrong()) }
    }

    fn spend_refresh(&mut self, form: &[(String, String)]) -> Result<Arc<[String]>, Refused> {
        let wrong = || Refused::oauth("invalid_grant", "The refresh token is wrong or spent");
        let refresh = field(form, "refresh_token").ok_or_else(wrong)?;
        let at = self.grants.pairs.iter().position(|pair| pair.refresh == refresh).ok_or_else(wrong)?;
        Ok(self.grants.pairs.swap_remove(at).scopes)
    }

    fn issue(&mut self, scopes: Arc<[String]>, now: Millis) -> Reply {
        self.grants.made += 1;
        let number = self.grants.made;
        let pair = Grant {
            access: format!("{}-{number}", self.settings.access_token),
            refresh: format!("{}-{number}", self.settings.refresh_token),
            scopes,
            expires_at: Some(now + TOKEN_MS),
            revoked: false,
        };
        let reply = Reply::ok(json!({
            "access_token": pair.access,
            "token_type": "Bearer",
            "expires": (now + TOKEN_MS) / 1_000,
            "expires_in": TOKEN_MS / 1_000,
            "refresh_token": pair.refresh,
            "domain_prefix": self.settings.domain_prefix,
            "scope": pair.scopes.join(" "),
        }));
        self.grants.pairs.push(pair);
        reply
    }
}

fn refuse(refused: Refused) -> Response<Bytes> {
    wire::respond(refused.status, Some(&refused.body()))
}

fn field<'a>(pairs: &'a [(String, String)], name: &str) -> Option<&'a str> {
    pairs.iter().find(|(known, value)| known == name && !value.is_empty()).map(|(_, value)| value.as_str())
}

/// Space separated names of two or three words with colons, or `webhooks`. A list of all names is not published, so a
/// name that looks like one is taken; it gives nothing.
fn read_scopes(text: &str) -> Result<Arc<[String]>, Refused> {
    let looks_like_one = |scope: &&str| {
        scope
            .split(':')
            .all(|word| !word.is_empty() && word.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'_'))
    };
    let names: Vec<&str> = text.split(' ').filter(|name| !name.is_empty()).collect();
    if names.is_empty() {
        return Err(Refused::oauth("invalid_scope", "scope is required"));
    }
    match names.iter().find(|name| !looks_like_one(name)) {
        Some(odd) => Err(Refused::oauth("invalid_scope", format!("{odd} is not a scope"))),
        None => Ok(names.into_iter().map(str::to_owned).collect()),
    }
}
