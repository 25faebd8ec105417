//! The login host: the app is installed, a code is exchanged for a token, and the token may what its scopes say.
//!
//! Called by the door and by the acts. Tokens do not expire and there is nothing to refresh; they die when the app is
//! uninstalled, when somebody revokes them, and when the app is installed again with other scopes.

use super::Store;
use super::draw;
use super::settings::{SCOPES, Settings};
use super::wire::{Answer, Query, Refused, Reply, encode, text};
use crate::machine::{Millis, World};
use bytes::Bytes;
use http::{HeaderValue, Request, Response};
use serde_json::{Value, json};

/// The vendor publishes no life of a code; ten minutes are what RFC 6749 recommends as the longest.
const CODE_LIFE_MS: Millis = 600_000;

#[derive(Debug)]
struct Code {
    text: String,
    scopes: Vec<String>,
    redirect_uri: String,
    dies_at: Millis,
}

/// The app's access to the store.
#[derive(Debug)]
pub struct Access {
    token: Option<String>,
    scopes: Vec<String>,
    codes: Vec<Code>,
    made: u32,
}

impl Access {
    /// Installed, with the first token.
    pub fn new(settings: &Settings) -> Self {
        let token = Some(settings.access_token.clone());
        let mut scopes = settings.scopes.clone();
        scopes.sort();
        Self { token, scopes, codes: Vec::new(), made: 1 }
    }

    /// Whether this token opens the store.
    pub fn is_alive(&self, token: &str) -> bool {
        self.token.as_deref() == Some(token)
    }

    /// The token dies; the app stays installed.
    pub fn revoke(&mut self) {
        self.token = None;
    }

    /// Whether the token's scopes allow reading or changing what lies under `scope`; no scope is free to all.
    pub fn may(&self, scope: Option<&str>, reads: bool) -> bool {
        let Some(scope) = scope else { return true };
        self.scopes.iter().any(|granted| match granted.strip_suffix("_read_only") {
            Some(base) => reads && base == scope,
            None => granted == scope,
        })
    }
}

/// The scope that a path asks for, in its modifying form; `None` when any token will do.
pub fn scope_of(version: &str, path: &[&str]) -> Option<&'static str> {
    match (version, path) {
        ("v3", ["inventory", "locations"]) => Some("store_locations"),
        ("v3", ["inventory", ..]) => Some("store_inventory"),
        ("v3", ["catalog" | "pricelists", ..]) => Some("store_v2_products"),
        ("v3", ["orders", ..]) => Some("store_v2_transactions"),
        ("v2", ["orders" | "order_statuses", ..]) => Some("store_v2_orders"),
        ("v3", ["customers", ..]) => Some("store_v2_customers"),
        ("v3", ["pickup", ..]) => Some("store_fulfillment_methods"),
        ("v3", ["channels", ..]) => Some("store_channel_settings"),
        ("v2", ["store", ..]) => Some("store_v2_information"),
        _ => None,
    }
}

impl Store {
    /// `GET /oauth2/authorize`: the merchant says yes at once, and the browser is sent to the app's callback with
    /// code, scope, context and account.
    pub(super) fn authorize(&mut self, request: &Request<Bytes>, world: &mut World<'_>) -> Response<Bytes> {
        let query = Query::read(request.uri().query().unwrap_or_default());
        match self.grant(&query, world) {
            Ok(location) => {
                let mut response = Response::new(Bytes::new());
                *response.status_mut() = http::StatusCode::FOUND;
                response.headers_mut().insert(http::header::LOCATION, location);
                response
            }
            Err(refused) => super::door::write(&Err(refused), super::wire::Dialect::V3),
        }
    }

    fn grant(&mut self, query: &Query, world: &mut World<'_>) -> Result<HeaderValue, Refused> {
        if query.get("client_id") != Some(self.settings.client_id.as_str()) {
            return Err(Refused::bad("Invalid client id"));
        }
        if query.get("response_type").is_some_and(|kind| kind != "code") {
            return Err(Refused::bad("Invalid response type"));
        }
        let context = self.context();
        if query.get("context").is_some_and(|asked| asked != context) {
            return Err(Refused::bad("Invalid context"));
        }
        let redirect = query.get("redirect_uri").ok_or_else(|| Refused::bad("Missing redirect uri"))?;
        let scopes = read_scopes(query.get("scope").unwrap_or_default())?;
        let code = draw::hex(world.dice, 24);
        let join = if redirect.contains('?') { '&' } else { '?' };
        let mut location = format!(
            "{redirect}{join}code={code}&scope={}&context={}&account_uuid={}",
            encode(&scopes.join(" ")),
            encode(&context),
            self.settings.account_uuid
        );
        if let Some(state) = query.get("state") {
            location.push_str(&format!("&state={}", encode(state)));
        }
        let location = HeaderValue::try_from(location).map_err(|_| Refused::bad("Invalid redirect uri"))?;
        self.access.codes.push(Code {
            text: code,
            scopes,
            redirect_uri: redirect.to_owned(),
            dies_at: world.now.saturating_add(CODE_LIFE_MS),
        });
        Ok(location)
    }

    /// `POST /oauth2/token`, as JSON or as a form.
    pub(super) fn exchange_code(&mut self, request: &Request<Bytes>, world: &mut World<'_>) -> Answer {
        if request.method() != http::Method::POST {
            return Err(Refused::new(405, "Method not allowed"));
        }
        let form = read_form(request)?;
        let given = |name: &str| text(&form, name).unwrap_or_default().to_owned();
        if given("client_id") != self.settings.client_id || given("client_secret") != self.settings.client_secret {
            return Err(Refused::new(401, "Invalid client id or secret"));
        }
        if given("grant_type") != "authorization_code" {
            return Err(Refused::bad("Unsupported grant type"));
        }
        if given("context") != self.context() {
            return Err(Refused::bad("Invalid context"));
        }
        let at = self.access.codes.iter().position(|code| code.text == given("code"));
        let code = at.map(|at| self.access.codes.swap_remove(at));
        let code = code.filter(|code| code.dies_at > world.now).ok_or_else(|| Refused::bad("Invalid code"))?;
        if given("redirect_uri") != code.redirect_uri {
            return Err(Refused::bad("Invalid redirect uri"));
        }
        if read_scopes(&given("scope"))? != code.scopes {
            return Err(Refused::bad("Invalid scope(s)"));
        }
        Ok(Reply::ok(self.install(code.scopes)))
    }

    /// The same token while it lives and the scopes are the same; otherwise a new one, and the old one dies.
    fn install(&mut self, scopes: Vec<String>) -> Value {
        if self.access.token.is_none() || self.access.scopes != scopes {
            self.access.made += 1;
            self.access.token = Some(format!("{}-{}", self.settings.access_token, self.access.made));
            self.access.scopes = scopes;
        }
        self.hooks.connected = true;
        let person = json!({"id": 9_128, "username": "owner@example.com", "email": "owner@example.com"});
        json!({
            "access_token": self.access.token,
            "scope": self.access.scopes.join(" "),
            "user": person,
            "owner": person,
            "context": self.context(),
            "account_uuid": self.settings.account_uuid,
        })
    }

    /// The store is uninstalled from the app: one last event, then its hooks and its token are gone.
    pub(super) fn uninstall(&mut self, world: &mut World<'_>) {
        self.hooks.emit(world, "store/app/uninstalled", json!({"type": "app"}));
        self.hooks.clear();
        self.hooks.connected = false;
        self.access.revoke();
    }

    fn context(&self) -> String {
        format!("stores/{}", self.settings.store_hash)
    }
}

/// Known scopes, sorted. `default` is what every app has.
fn read_scopes(text: &str) -> Result<Vec<String>, Refused> {
    let mut scopes: Vec<String> = Vec::new();
    for scope in text.split([' ', '+']).filter(|scope| !scope.is_empty() && *scope != "default") {
        let base = scope.strip_suffix("_read_only").unwrap_or(scope);
        if !SCOPES.contains(&base) {
            return Err(Refused::bad("Invalid scope(s)"));
        }
        scopes.push(scope.to_owned());
    }
    if scopes.is_empty() {
        return Err(Refused::bad("Invalid scope(s)"));
    }
    scopes.sort();
    scopes.dedup();
    Ok(scopes)
}

fn read_form(request: &Request<Bytes>) -> Result<Value, Refused> {
    let kind = request.headers().get(http::header::CONTENT_TYPE).and_then(|kind| kind.to_str().ok());
    if kind.is_some_and(|kind| kind.starts_with("application/json")) {
        return serde_json::from_slice(request.body()).map_err(|_| Refused::bad("Input is invalid."));
    }
    let form = Query::read(&String::from_utf8_lossy(request.body()));
    let names = ["client_id", "client_secret", "code", "scope", "grant_type", "redirect_uri", "context"];
    Ok(Value::Object(names.iter().filter_map(|name| Some(((*name).to_owned(), json!(form.get(name)?)))).collect()))
}
