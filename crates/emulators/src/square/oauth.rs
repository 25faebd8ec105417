//! `/oauth2/*`, as far as a hub that already holds a token needs it, and the end of its access.
//!
//! Called by the door, before any seller's token is judged.

use super::Square;
use super::clock::rfc3339;
use super::draw;
use super::hooks::Event;
use super::wire::{Answer, Call, Refused};
use crate::machine::{Millis, World};
use serde_json::{Value, json};

const SCOPES: [&str; 11] = [
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
const TOKEN_LIFE_MS: Millis = 30 * 24 * 3_600_000;

impl Square {
    /// `POST /oauth2/token/status`, with the seller's token. The token never expires here; the answer shows the
    /// thirty days that a real one would have.
    pub(crate) fn token_status(&self, now: Millis) -> Value {
        json!({
            "scopes": SCOPES,
            "expires_at": rfc3339(now + TOKEN_LIFE_MS),
            "client_id": self.settings.application_id,
            "merchant_id": self.settings.merchant_id,
        })
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
        let token = named("access_token", &self.settings.access_token);
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
        json!({"revoked": true})
    }
}
