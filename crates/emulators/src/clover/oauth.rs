//! `/oauth/v2/*`: the merchant agrees, a code becomes a token pair, a refresh token becomes a new one.
//!
//! Called by the door, before any token is judged. The page on which a merchant agrees is left out: he agrees at once.
//! Codes are exchanged with the client secret only; the variant for apps without a secret (PKCE) is not served.

use super::Clover;
use super::hooks::Kind;
use super::id::Id;
use super::url::{encode, read_pairs};
use super::wire::{Refused, respond};
use crate::machine::World;
use bytes::Bytes;
use http::{Request, Response};
use serde_json::Value;

const BAD_CODE: &str = "Failed to validate authentication code.";
const BAD_REFRESH: &str = "Failed to validate refresh token.";

impl Clover {
    /// Answers a call below `/oauth/v2`.
    ///
    /// # Errors
    /// 400 without a client id or address, 401 for a wrong secret, code or token, 404 and 405.
    pub(super) fn answer_oauth(
        &mut self,
        request: &Request<Bytes>,
        world: &mut World<'_>,
    ) -> Result<Response<Bytes>, Refused> {
        let path = request.uri().path().trim_end_matches('/');
        match (request.method().as_str(), path) {
            ("GET", "/oauth/v2/authorize") => self.authorize(request.uri().query().unwrap_or_default(), world),
            ("POST", "/oauth/v2/token") => self.exchange_code(&body_of(request)?, world),
            ("POST", "/oauth/v2/refresh") => self.renew(&body_of(request)?, world),
            (_, "/oauth/v2/authorize" | "/oauth/v2/token" | "/oauth/v2/refresh") => Err(Refused::no_such_method()),
            _ => Err(Refused::not_found()),
        }
    }

    /// The merchant agrees: the browser is sent to the app with a code.
    fn authorize(&mut self, query: &str, world: &mut World<'_>) -> Result<Response<Bytes>, Refused> {
        let pairs = read_pairs(query);
        let given = |name: &str| pairs.iter().find(|(one, _)| one == name).map(|(_, value)| value.as_str());
        if given("client_id") != Some(self.settings.app_id.as_str()) {
            return Err(Refused::invalid("Invalid client_id"));
        }
        if given("response_type").is_some_and(|kind| kind != "code") {
            return Err(Refused::invalid("Unsupported response_type"));
        }
        let target = given("redirect_uri").filter(|uri| uri.starts_with("http://") || uri.starts_with("https://"));
        let target = target.ok_or_else(|| Refused::invalid("Invalid redirect_uri"))?;
        let code = format!("{}{}", Id::draw(world.dice), Id::draw(world.dice)).to_lowercase();
        self.tokens.new_code(&code, world.now);
        let mut location = format!(
            "{target}{}merchant_id={}&employee_id={}&client_id={}&code={code}",
            if target.contains('?') { '&' } else { '?' },
            self.settings.merchant_id,
            self.staff.employee_id(),
            self.settings.app_id,
        );
        if let Some(state) = given("state") {
            location.push_str(&format!("&state={}", encode(state)));
        }
        let location = http::HeaderValue::from_str(&location).map_err(|_| Refused::invalid("Invalid redirect_uri"))?;
        let mut response = Response::new(Bytes::new());
        *response.status_mut() = http::StatusCode::FOUND;
        response.headers_mut().insert(http::header::LOCATION, location);
        Ok(response)
    }

    /// A code for a pair. The app is installed by it, again if need be.
    fn exchange_code(&mut self, body: &Value, world: &mut World<'_>) -> Result<Response<Bytes>, Refused> {
        let (id, secret, code) = (text(body, "client_id")?, text(body, "client_secret")?, text(body, "code")?);
        if id != self.settings.app_id || secret != self.settings.app_secret {
            return Err(Refused::forged(BAD_CODE));
        }
        if !self.tokens.take_code(code, world.now) {
            return Err(Refused::forged(BAD_CODE));
        }
        if !self.installed {
            self.installed = true;
            self.hooks.note("A", &self.settings.app_id, Kind::Create);
        }
        Ok(respond(200, &self.tokens.issue(world.now)))
    }

    /// A refresh token for a pair, once.
    fn renew(&mut self, body: &Value, world: &mut World<'_>) -> Result<Response<Bytes>, Refused> {
        let (id, refresh) = (text(body, "client_id")?, text(body, "refresh_token")?);
        if id != self.settings.app_id {
            return Err(Refused::forged(BAD_REFRESH));
        }
        self.tokens.begin(world.now);
        let pair = self.tokens.refresh(refresh, world.now).ok_or_else(|| Refused::forged(BAD_REFRESH))?;
        Ok(respond(200, &pair))
    }
}

fn body_of(request: &Request<Bytes>) -> Result<Value, Refused> {
    serde_json::from_slice(request.body()).map_err(|_| Refused::invalid("Request body is not valid JSON"))
}

fn text<'b>(body: &'b Value, name: &str) -> Result<&'b str, Refused> {
    body[name].as_str().ok_or_else(|| Refused::invalid(format!("{name} is required")))
}
