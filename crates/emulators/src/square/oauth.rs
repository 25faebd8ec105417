//! `/oauth2/*`: how access is given, renewed and ended.
//!
//! Called by the door, before any seller's token is judged.

use super::Square;
use super::clock::rfc3339;
use super::draw;
use super::hooks::Event;
use super::tokens::{LIFE_MS, Opens};
use super::wire::{self, Answer, Call, Refused};
use crate::machine::{Millis, World};
use serde_json::{Value, json};

/// Scopes of the token that the application begins with.
pub(super) const SCOPES: [&str; 11] = [
    "CUSTOMERS_READ",
    "CUSTOMERS_WRITE",
    "INVENTORY_READ",
    "INVENTORY_WRITE",
    "ITEMS_READ",
    "ITEMS_WRITE",
    "MERCHANT_PROFILE_READ",
    "ORDERS_READ",
    "ORDERS_WRITE",
    "PAYMENTS_READ",
    "PAYMENTS_WRITE",
];

impl Square {
    /// `POST /oauth2/token/status`, with the seller's token.
    pub(crate) fn token_status(&self, token: &str, now: Millis) -> Value {
        json!({
            "scopes": self.tokens.scopes,
            "expires_at": rfc3339(self.tokens.expires(token, now)),
            "client_id": self.settings.application_id,
            "merchant_id": self.settings.merchant_id,
        })
    }

    /// `GET /oauth2/authorize`: the seller agrees at once, and the browser is sent to the application with a code.
    ///
    /// # Errors
    /// Another application, an address that is none, no scope.
    pub(crate) fn authorize(&mut self, query: &Value, world: &mut World<'_>) -> Result<String, Refused> {
        if wire::text(query, "/client_id") != Some(&self.settings.application_id) {
            return Err(Refused::field("INVALID_VALUE", "client_id", "Unknown application."));
        }
        let target = wire::text(query, "/redirect_uri");
        let target = target.filter(|uri| uri.starts_with("http://") || uri.starts_with("https://"));
        let target = target.ok_or_else(|| Refused::missing("redirect_uri"))?;
        let scopes = wire::text(query, "/scope").unwrap_or_default().split_whitespace();
        let scopes: Vec<String> = scopes.map(str::to_owned).collect();
        if scopes.is_empty() {
            return Err(Refused::missing("scope"));
        }
        let code = self.tokens.code(scopes, world.now, world.dice);
        let sign = if target.contains('?') { '&' } else { '?' };
        let mut location = format!("{target}{sign}code={code}&response_type=code");
        if let Some(state) = wire::text(query, "/state") {
            location.push_str(&format!("&state={}", encoded(state)));
        }
        Ok(location)
    }

    /// `POST /oauth2/token`: a code, or the refresh token, for an access token. The seller is connected by a code, again
    /// if need be.
    ///
    /// # Errors
    /// Another application or secret, a code or token that is spent or unknown.
    pub(crate) fn token(&mut self, call: &Call<'_>, world: &mut World<'_>) -> Answer {
        let id = wire::required(&call.body, "/client_id")?;
        let secret = wire::required(&call.body, "/client_secret")?;
        if id != self.settings.application_id || secret != self.settings.application_secret {
            return Err(Refused::unauthorized("UNAUTHORIZED"));
        }
        match wire::required(&call.body, "/grant_type")? {
            "authorization_code" => {
                let scopes = self.tokens.take_code(wire::required(&call.body, "/code")?, world.now);
                self.tokens.scopes = scopes.ok_or_else(|| Refused::unauthorized("UNAUTHORIZED"))?;
                self.hooks.connected = true;
            }
            "refresh_token" => {
                if !self.tokens.renews(wire::required(&call.body, "/refresh_token")?) {
                    return Err(Refused::unauthorized("UNAUTHORIZED"));
                }
            }
            _ => return Err(Refused::field("INVALID_VALUE", "grant_type", "Unknown grant type.")),
        }
        let (access, refresh) = self.tokens.grant(world.now, world.dice);
        Ok(json!({
            "access_token": access,
            "token_type": "bearer",
            "expires_at": rfc3339(world.now + LIFE_MS),
            "merchant_id": self.settings.merchant_id,
            "refresh_token": refresh,
            "short_lived": false,
        }))
    }

    /// `POST /oauth2/revoke`, with `Authorization: Client <application secret>`.
    ///
    /// # Errors
    /// Another application, another token or seller.
    pub(crate) fn revoke_call(&mut self, call: &Call<'_>, world: &mut World<'_>) -> Answer {
        let named = |field: &str, known: &str| call.body[field].as_str() == Some(known);
        if !named("client_id", &self.settings.application_id) {
            return Err(Refused::field("INVALID_VALUE", "client_id", "Unknown application."));
        }
        let token = wire::text(&call.body, "/access_token");
        let token = token.is_some_and(|token| self.tokens.opens(token, world.now) == Opens::Yes);
        if !token && !named("merchant_id", &self.settings.merchant_id) {
            return Err(Refused::not_found("There is no such token."));
        }
        self.revoke("APPLICATION", world);
        Ok(json!({"success": true}))
    }

    /// Takes the application's access away: one last event, then silence and 401.
    pub(crate) fn revoke(&mut self, by: &str, world: &mut World<'_>) -> Value {
        let revocation = json!({"revoked_at": rfc3339(world.now), "revoker_type": by});
        let id = draw::uuid(world.dice);
        let data = json!({"type": "revocation", "id": id, "object": {"revocation": revocation}});
        self.hooks.emit(world, Event { topic: "oauth.authorization.revoked", location: None, data });
        self.hooks.connected = false;
        self.tokens.revoke();
        json!({"revoked": true})
    }
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
