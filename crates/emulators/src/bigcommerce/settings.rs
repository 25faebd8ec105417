//! What a tester chooses about an emulated BigCommerce store.
//!
//! Read by every other file of the folder; it knows nothing of what the store holds.

use crate::machine::{Millis, Opening};

/// When an order moves the number that the vendor calls total inventory on hand.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OnHand {
    /// With the order itself, so that available to sell is on hand minus safety stock at every moment, as the
    /// vendor's inventory document defines it.
    FallsWhenPlaced,
    /// Only when the goods leave; until then they are on hand and not available.
    FallsWhenShipped,
}

/// One store, one app, and the figures that the vendor leaves open.
#[derive(Clone, Debug)]
pub struct Settings {
    /// The permanent id of the store, in every path.
    pub store_hash: String,
    /// The store's number, in every webhook.
    pub store_id: String,
    /// The store's account, in the OAuth callback and in the store information.
    pub account_uuid: String,
    /// The app's id.
    pub client_id: String,
    /// The app's secret: signs the webhooks and pays for the token.
    pub client_secret: String,
    /// The first access token. A new one is made when the scopes change or the old one is dead.
    pub access_token: String,
    /// Scopes of the first access token.
    pub scopes: Vec<String>,
    /// The store's name.
    pub store_name: String,
    /// ISO 4217 code of all prices.
    pub currency: String,
    /// Whether catalogue prices are entered with tax.
    pub tax_inclusive: bool,
    /// The one tax rate, in per cent.
    pub tax_percent: i64,
    /// IANA time zone.
    pub zone: String,
    /// Where the API answers, without a trailing slash: the base of the links in orders.
    pub api_base: String,
    /// Calls that the store may be asked in one window, all apps together.
    pub quota: u32,
    /// Length of that window in milliseconds.
    pub window_ms: Millis,
    /// Of a million calls, so many are answered 429 without the four headers, as under platform load.
    pub overload_per_million: u32,
    /// A stock adjustment shows at most this many milliseconds after it was accepted.
    pub apply_ms: Millis,
    /// The vendor's delays are divided by this; at least 1.
    pub time_scale: u32,
    /// False for the older way, in which only the hook's own headers mark a delivery.
    pub signed: bool,
    /// When an order moves the stock on hand.
    pub on_hand: OnHand,
}

/// Every scope that the emulator asks for somewhere, in its modifying form.
pub const SCOPES: [&str; 9] = [
    "store_v2_orders",
    "store_v2_transactions",
    "store_v2_products",
    "store_v2_customers",
    "store_v2_information",
    "store_inventory",
    "store_locations",
    "store_channel_settings",
    "store_fulfillment_methods",
];

impl Settings {
    /// A store on the Standard plan with fixed credentials that are easy to read in a log.
    pub fn example() -> Self {
        Self {
            store_hash: "bcemulated".into(),
            store_id: "1003127".into(),
            account_uuid: "0c9a1a4e-5d0b-4c1d-9e55-bc0000000001".into(),
            client_id: "bigcommerce-client-id".into(),
            client_secret: "bigcommerce-client-secret".into(),
            access_token: "bigcommerce-access-token".into(),
            scopes: SCOPES.iter().map(|scope| (*scope).to_owned()).collect(),
            store_name: "Emulated Store".into(),
            currency: "EUR".into(),
            tax_inclusive: true,
            tax_percent: 20,
            zone: "Europe/London".into(),
            api_base: "http://127.0.0.1:8104".into(),
            quota: 150,
            window_ms: 30_000,
            overload_per_million: 0,
            apply_ms: 2_000,
            time_scale: 1,
            signed: true,
            on_hand: OnHand::FallsWhenPlaced,
        }
    }

    /// The example, with what an opening wishes otherwise.
    pub fn of(opening: &Opening) -> Self {
        let example = Self::example();
        let secret = opening.webhook_secret.clone().unwrap_or_else(|| example.client_secret.clone());
        Self {
            client_secret: secret,
            currency: opening.currency.clone(),
            tax_inclusive: opening.tax_inclusive,
            zone: opening.zone.clone(),
            api_base: opening.api_base.clone(),
            quota: example.quota.saturating_mul(opening.rate_scale.max(1)),
            apply_ms: example.apply_ms / Millis::from(opening.time_scale.max(1)),
            time_scale: opening.time_scale.max(1),
            ..example
        }
    }

    /// Decimal places of the currency, as ISO 4217 has them; two for a code that is not listed here.
    pub fn places(&self) -> u32 {
        match self.currency.as_str() {
            "BIF" | "CLP" | "DJF" | "GNF" | "ISK" | "JPY" | "KMF" | "KRW" | "PYG" | "RWF" | "UGX" | "VND" | "VUV"
            | "XAF" | "XOF" | "XPF" => 0,
            "BHD" | "IQD" | "JOD" | "KWD" | "LYD" | "OMR" | "TND" => 3,
            _ => 2,
        }
    }

    /// The path below which the store's API lies.
    pub fn root(&self) -> String {
        format!("{}/stores/{}", self.api_base, self.store_hash)
    }
}
