//! `/auth/oauth/authorize`, `/token`, `/revoke` and `/introspect`.
//!
//! Called by the door before any token is judged. The person at the authorize page says yes at once.

use super::super::LightspeedR;
use super::super::wire::{self, Answer, Refused};
use super::{ACCESS_MS, CODE_MS, Code, REFRESH_MS, claims, form, scopes};
use crate::machine::Millis;
use aws_lc_rs::digest::{SHA256, digest};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use bytes::Bytes;
use http::{Method, Request, Response};
use serde_json::{Value, json};
use std::collections::HashMap;

type Form = HashMap<String, String>;

impl LightspeedR {
    /// One call under `/auth/oauth/`.
    ///
    /// # Errors
    /// OAuth's own.
    pub(crate) fn answer_oauth(
        &mut self,
        path: &str,
        request: &Request<Bytes>,
        now: Millis,
    ) -> Result<Response<Bytes>, Refused> {
        let post = request.method() == Method::POST;
        match path {
            "/auth/oauth/authorize" => self.authorize(request, now),
            "/auth/oauth/token" if !post => {
                Err(Refused::oauth(405, "invalid_request", "The request method must be POST"))
            }
            "/auth/oauth/token" => Ok(wire::respond(200, &self.token(&form::read(request), now)?)),
            "/auth/oauth/revoke" | "/revoke" if post => {
                Ok(wire::respond(200, &self.revoke_call(&form::read(request))?))
            }
            "/auth/oauth/introspect" => Ok(wire::respond(200, &self.introspect(request, now)?)),
            "/auth/oauth/revoke" | "/revoke" => {
                Err(Refused::oauth(405, "invalid_request", "The request method must be POST"))
            }
            _ => Err(Refused::not_found("The requested resource could not be found.")),
        }
    }

    fn authorize(&mut self, request: &Request<Bytes>, now: Millis) -> Result<Response<Bytes>, Refused> {
        let asked: Form = wire::pairs(request.uri().query().unwrap_or_default()).into_iter().collect();
        let named = |name: &str| asked.get(name).map(String::as_str).unwrap_or_default();
        if named("client_id") != self.settings.client_id {
            return Err(Refused::oauth(400, "invalid_client", "The client ID does not match any active OAuth client"));
        }
        if named("response_type") != "code" {
            return Err(Refused::oauth(400, "invalid_request", "Check the `response_type` parameter"));
        }
        let scope = named("scope").replace('+', " ");
        if !scopes::are_known(&scope) {
            return Err(Refused::oauth(400, "invalid_scope", "Check the `scope` parameter"));
        }
        let challenge = read_challenge(named("code_challenge_method"), named("code_challenge"))?;
        self.tokens.codes += 1;
        let text = format!("lightspeed-r-code-{}", self.tokens.codes);
        let to =
            if named("redirect_uri").is_empty() { self.settings.redirect_uri.as_str() } else { named("redirect_uri") };
        let mut location = format!("{to}{}code={text}", if to.contains('?') { '&' } else { '?' });
        if let Some(state) = asked.get("state") {
            location.push_str(&format!("&state={}", wire::encode(state)));
        }
        self.tokens.code = Some(Code { text, scope, issued_at: now, challenge });
        let location = http::HeaderValue::from_str(&location)
            .map_err(|_| Refused::oauth(400, "invalid_request", "Check the `redirect_uri` parameter"))?;
        let mut response = Response::new(Bytes::new());
        *response.status_mut() = http::StatusCode::FOUND;
        response.headers_mut().insert(http::header::LOCATION, location);
        Ok(response)
    }

    fn token(&mut self, form: &Form, now: Millis) -> Answer {
        match form.get("grant_type").map(String::as_str) {
            Some("authorization_code") => self.take_code(form, now),
            Some("refresh_token") => self.turn_over(form, now),
            Some(_) => Err(Refused::oauth(400, "unsupported_grant_type", "Check the `grant_type` parameter")),
            None => Err(Refused::oauth(400, "invalid_request", "Check the `grant_type` parameter")),
        }
    }

    fn take_code(&mut self, form: &Form, now: Millis) -> Answer {
        let wrong = |hint: &str| Refused::oauth(400, "invalid_grant", hint);
        let known = self.tokens.code.clone();
        let with_pkce = known.as_ref().is_some_and(|code| code.challenge.is_some());
        self.judge_client(form, with_pkce)?;
        let text =
            form.get("code").ok_or_else(|| Refused::oauth(400, "invalid_request", "Check the `code` parameter"))?;
        let code = known.filter(|code| code.text == *text);
        let code = code.ok_or_else(|| wrong("Authorization code is invalid"))?;
        if now - code.issued_at > CODE_MS {
            return Err(wrong("Authorization code has expired"));
        }
        if let Some((method, challenge)) = &code.challenge {
            let verifier = form.get("code_verifier").map(String::as_str).unwrap_or_default();
            if !verifies(method, challenge, verifier) {
                return Err(wrong("Failed to verify `code_verifier`"));
            }
        }
        self.tokens.code = None;
        Ok(self.issue(code.scope, now))
    }

    /// A refresh token works once: the pair that it belongs to is dead from then on.
    fn turn_over(&mut self, form: &Form, now: Millis) -> Answer {
        self.judge_client(form, false)?;
        let text = form.get("refresh_token").filter(|text| !text.is_empty());
        let text = text.ok_or_else(|| Refused::oauth(400, "invalid_request", "Check the `refresh_token` parameter"))?;
        let known = self.tokens.pair.as_ref().filter(|pair| pair.refresh == *text);
        let fresh = known.filter(|pair| pair.issued_at.is_none_or(|at| now - at <= REFRESH_MS));
        let pair = fresh.ok_or_else(|| Refused::oauth(400, "invalid_grant", "The refresh token is invalid."))?;
        let scope = pair.scope.clone();
        Ok(self.issue(scope, now))
    }

    fn issue(&mut self, scope: String, now: Millis) -> Value {
        let pair = self.tokens.issue(&self.settings, scope, Some(now));
        json!({
            "token_type": "Bearer",
            "expires_in": ACCESS_MS / 1_000,
            "access_token": pair.access,
            "refresh_token": pair.refresh,
        })
    }

    fn revoke_call(&mut self, form: &Form) -> Answer {
        self.judge_client(form, false)?;
        let current = form.get("refresh_token").is_some_and(|text| text == self.tokens.refresh() && !text.is_empty());
        if !current {
            return Err(Refused::oauth(400, "invalid_grant", "The refresh token is invalid."));
        }
        self.tokens.revoke();
        Ok(json!({}))
    }

    /// A client that is given to the public has no secret and proves itself by PKCE.
    fn judge_client(&self, form: &Form, with_pkce: bool) -> Result<(), Refused> {
        let id = form.get("client_id").is_some_and(|id| *id == self.settings.client_id);
        let secret = match form.get("client_secret") {
            Some(secret) => *secret == self.settings.client_secret,
            None => with_pkce,
        };
        if id && secret {
            return Ok(());
        }
        Err(Refused::oauth(401, "invalid_client", "The client ID and secret are not valid"))
    }

    fn introspect(&self, request: &Request<Bytes>, now: Millis) -> Answer {
        let token = bearer(request).unwrap_or_default();
        self.tokens.judge(token, now).map_err(|hint| Refused::oauth(401, "access_denied", hint))?;
        Ok(claims(token).unwrap_or_default())
    }
}

/// The token of a call.
pub fn bearer(request: &Request<Bytes>) -> Option<&str> {
    request.headers().get(http::header::AUTHORIZATION)?.to_str().ok()?.strip_prefix("Bearer ")
}

fn read_challenge(method: &str, challenge: &str) -> Result<Option<(String, String)>, Refused> {
    if challenge.is_empty() {
        return Ok(None);
    }
    let method = if method.is_empty() { "plain" } else { method };
    if !matches!(method, "S256" | "plain") {
        return Err(Refused::oauth(400, "invalid_request", "Code challenge method must be one of `S256`, `plain`"));
    }
    Ok(Some((method.to_owned(), challenge.to_owned())))
}

fn verifies(method: &str, challenge: &str, verifier: &str) -> bool {
    if !(43..=128).contains(&verifier.len()) {
        return false;
    }
    match method {
        "S256" => URL_SAFE_NO_PAD.encode(digest(&SHA256, verifier.as_bytes())) == challenge,
        _ => verifier == challenge,
    }
}
