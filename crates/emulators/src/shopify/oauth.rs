//! `/admin/oauth/*`: the merchant agrees, a code becomes a token, a refresh token another one. Called by the API before
//! any token is judged. The page on which a merchant agrees is left out: they agree at once.

use aws_lc_rs::hmac;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use bytes::Bytes;
use http::{Request, Response, StatusCode};
use serde_json::{Value, json};

use super::Shopify;
use super::tokens::{ACCESS_MS, Grant, REFRESH_MS};
use crate::machine::World;

type Pairs = Vec<(String, String)>;

impl Shopify {
    /// Answers a call below `/admin/oauth`: status and body, or where the browser is sent.
    pub(super) fn answer_oauth(&mut self, request: &Request<Bytes>, world: &mut World<'_>) -> Response<Bytes> {
        let answer = match (request.method().as_str(), request.uri().path()) {
            ("GET", "/admin/oauth/authorize") => self.authorize(request.uri().query().unwrap_or(""), world),
            ("POST", "/admin/oauth/access_token") => self.token(&fields(request), world),
            _ => Err((StatusCode::NOT_FOUND, "not_found")),
        };
        answer.unwrap_or_else(|(status, error)| written(status, &json!({ "error": error })))
    }

    fn authorize(&mut self, query: &str, world: &mut World<'_>) -> Result<Response<Bytes>, Wrong> {
        let given = pairs(query);
        let bad = |error| (StatusCode::BAD_REQUEST, error);
        if field(&given, "client_id") != Some(&self.shop.settings.client_id) {
            return Err(bad("invalid_client"));
        }
        let target =
            field(&given, "redirect_uri").filter(|uri| uri.starts_with("http://") || uri.starts_with("https://"));
        let target = target.ok_or(bad("invalid_redirect_uri"))?;
        let scopes = field(&given, "scope").unwrap_or_default().split(',').map(str::trim).filter(|it| !it.is_empty());
        let scopes: Vec<String> = scopes.map(str::to_owned).collect();
        if scopes.is_empty() {
            return Err(bad("invalid_scope"));
        }
        let (base, own) = target.split_once('?').unwrap_or((target, ""));
        let mut back = pairs(own);
        let mut add = |name: &str, value: String| back.push((name.to_owned(), value));
        add("code", self.tokens.code(scopes, world.now, world.dice));
        add("host", STANDARD.encode(format!("{}/admin", self.shop.settings.shop_domain)));
        add("shop", self.shop.settings.shop_domain.clone());
        if let Some(state) = field(&given, "state") {
            add("state", state.to_owned());
        }
        add("timestamp", (world.now / 1000).to_string());
        back.sort();
        let signed = joined(&back);
        let location = format!("{base}?{signed}&hmac={}", self.signature(&signed));
        let response = Response::builder().status(StatusCode::FOUND).header(http::header::LOCATION, location);
        response.body(Bytes::new()).map_err(|_| bad("invalid_redirect_uri"))
    }

    /// Lower-case hexadecimal, unlike that of webhooks.
    fn signature(&self, message: &str) -> String {
        let key = hmac::Key::new(hmac::HMAC_SHA256, self.shop.settings.client_secret.as_bytes());
        hmac::sign(&key, message.as_bytes()).as_ref().iter().map(|byte| format!("{byte:02x}")).collect()
    }

    fn token(&mut self, given: &Pairs, world: &mut World<'_>) -> Result<Response<Bytes>, Wrong> {
        let bad = |error| (StatusCode::BAD_REQUEST, error);
        let settings = &self.shop.settings;
        let app = field(given, "client_id") == Some(&settings.client_id);
        if !app || field(given, "client_secret") != Some(&settings.client_secret) {
            return Err(bad("invalid_client"));
        }
        let grant = match field(given, "grant_type") {
            Some("refresh_token") => {
                let refresh = field(given, "refresh_token").ok_or(bad("invalid_request"))?;
                self.tokens.renew(refresh, world.now, world.dice).ok_or(bad("invalid_grant"))?
            }
            None | Some("authorization_code") => {
                let code = field(given, "code").ok_or(bad("invalid_request"))?;
                self.shop.scopes = self.tokens.take_code(code, world.now).ok_or(bad("invalid_request"))?;
                self.installed = true;
                self.tokens.grant(field(given, "expiring") == Some("1"), world.now, world.dice)
            }
            Some(_) => return Err(bad("unsupported_grant_type")),
        };
        Ok(written(StatusCode::OK, &self.told(&grant)))
    }

    fn told(&self, grant: &Grant) -> Value {
        let mut told = json!({ "access_token": grant.access, "scope": self.shop.scopes.join(",") });
        if let Some(refresh) = &grant.refresh {
            told["expires_in"] = json!(ACCESS_MS / 1000);
            told["refresh_token"] = json!(refresh);
            told["refresh_token_expires_in"] = json!(REFRESH_MS / 1000);
        }
        told
    }
}

type Wrong = (StatusCode, &'static str);

fn written(status: StatusCode, body: &Value) -> Response<Bytes> {
    let mut response = Response::new(Bytes::from(body.to_string()));
    *response.status_mut() = status;
    let kind = http::HeaderValue::from_static("application/json; charset=utf-8");
    response.headers_mut().insert(http::header::CONTENT_TYPE, kind);
    response
}

/// The fields of a body: an object, or a form.
fn fields(request: &Request<Bytes>) -> Pairs {
    match serde_json::from_slice::<Value>(request.body()) {
        Ok(Value::Object(object)) => {
            let text = |value: Value| match value {
                Value::String(text) => text,
                other => other.to_string(),
            };
            object.into_iter().map(|(name, value)| (name, text(value))).collect()
        }
        Ok(_) | Err(_) => pairs(&String::from_utf8_lossy(request.body())),
    }
}

fn field<'a>(pairs: &'a Pairs, name: &str) -> Option<&'a str> {
    pairs.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str())
}

/// Name and value of every pair, decoded.
fn pairs(query: &str) -> Pairs {
    let pairs = query.split('&').filter(|pair| !pair.is_empty());
    let split = pairs.map(|pair| pair.split_once('=').unwrap_or((pair, "")));
    split.map(|(name, value)| (decoded(name), decoded(value))).collect()
}

/// A broken escape stays as it is.
fn decoded(text: &str) -> String {
    let mut out = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let Some((&byte, tail)) = rest.split_first() {
        let hex = tail.get(..2).filter(|_| byte == b'%').and_then(|hex| std::str::from_utf8(hex).ok());
        match hex.and_then(|hex| u8::from_str_radix(hex, 16).ok()) {
            Some(escaped) => {
                out.push(escaped);
                rest = &tail[2..];
            }
            None => {
                out.push(if byte == b'+' { b' ' } else { byte });
                rest = tail;
            }
        }
    }
    String::from_utf8_lossy(&out).into_owned()
}

fn joined(pairs: &Pairs) -> String {
    let pairs: Vec<String> =
        pairs.iter().map(|(name, value)| format!("{}={}", encoded(name), encoded(value))).collect();
    pairs.join("&")
}

/// Everything but letters, digits and `-._~` in its `%XX` form.
fn encoded(text: &str) -> String {
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
