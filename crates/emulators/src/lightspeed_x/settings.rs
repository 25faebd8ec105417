//! What a tester chooses about an emulated X-Series retailer.
//!
//! Read by every other file of the folder; it knows nothing of what the retailer holds.

use crate::machine::{Millis, Opening};

/// The date version that this emulator speaks. Every older one is answered by it, without an error.
pub const API_VERSION: &str = "2026-07";

/// Every scope that an operation of the emulator asks for.
pub const SCOPES: [&str; 18] = [
    "business_rules:read",
    "business_rules:write",
    "consignments:read",
    "consignments:write:inventory_count",
    "consignments:write:stock_order",
    "consignments:write:stock_transfer",
    "customers:read",
    "customers:write",
    "inventory:read",
    "inventory:write",
    "products:read",
    "products:write",
    "remote_rules:read",
    "remote_rules:write",
    "sales:read",
    "sales:write",
    "users:read",
    "webhooks",
];

/// One retailer, one application, and the limits.
#[derive(Clone, Debug)]
pub struct Settings {
    /// The retailer's name in its address, `{domain_prefix}.retail.lightspeed.app`.
    pub domain_prefix: String,
    /// The application's id.
    pub client_id: String,
    /// The application's secret; webhooks are signed with it.
    pub client_secret: String,
    /// The access token that the application holds at the start.
    pub access_token: String,
    /// The refresh token that the application holds at the start.
    pub refresh_token: String,
    /// ISO 4217 code of all money.
    pub currency: String,
    /// Whether prices are set and shown with tax.
    pub tax_inclusive: bool,
    /// The one sales tax, in hundred-thousandths: 20,000 is 20 per cent.
    pub tax_rate: i64,
    /// IANA time zone of the retailer, and of outlets that name none.
    pub zone: String,
    /// Where the API answers, without a trailing slash.
    pub api_base: String,
    /// Outlets from which the web shop sells, best first; none means every outlet in the order of opening.
    pub sells_from: Vec<String>,
    /// Licensed registers: the rate budget depends on them.
    pub registers: u32,
    /// The published budget is multiplied by this.
    pub rate_scale: u32,
    /// The pause of a refusal for rate that is injected as a fault is divided by this; at least 1.
    pub time_scale: u32,
    /// Suppliers that the retailer knows from the start.
    pub suppliers: Vec<String>,
    /// Calls of the token endpoint in one minute. The vendor says that there is such a limit, not what it is.
    pub token_calls: u32,
}

impl Settings {
    /// A retailer with the vendor's documented limits and fixed credentials that are easy to read in a log.
    pub fn example() -> Self {
        Self {
            domain_prefix: "emulated-x".into(),
            client_id: "lightspeed-x-client-id".into(),
            client_secret: "lightspeed-x-client-secret".into(),
            access_token: "lightspeed-x-access-token".into(),
            refresh_token: "lightspeed-x-refresh-token".into(),
            currency: "GBP".into(),
            tax_inclusive: true,
            tax_rate: 20_000,
            zone: "Europe/London".into(),
            api_base: "http://127.0.0.1:8105".into(),
            sells_from: Vec::new(),
            suppliers: Vec::new(),
            registers: 2,
            rate_scale: 1,
            time_scale: 1,
            token_calls: 60,
        }
    }

    /// The example as an [`Opening`] wants it, with ten registers.
    pub fn opened(opening: &Opening) -> Self {
        let example = Self::example();
        Self {
            currency: opening.currency.clone(),
            tax_inclusive: opening.tax_inclusive,
            zone: opening.zone.clone(),
            api_base: opening.api_base.clone(),
            sells_from: opening.sells_from.clone(),
            suppliers: opening.suppliers.clone(),
            client_secret: opening.webhook_secret.clone().unwrap_or(example.client_secret),
            registers: 10,
            rate_scale: opening.rate_scale.max(1),
            time_scale: opening.time_scale.max(1),
            ..example
        }
    }

    /// Calls in one window: `300 × registers + 50`, scaled.
    pub fn budget(&self) -> u64 {
        (300 * u64::from(self.registers) + 50) * u64::from(self.rate_scale.max(1))
    }
}

/// The window of the rate budget.
pub const WINDOW_MS: Millis = 300_000;
/// How long an access token lives.
pub const TOKEN_MS: Millis = 86_400_000;
