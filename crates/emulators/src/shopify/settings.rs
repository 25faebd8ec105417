//! How one emulated shop is set up. The roof and the tests fill it in; nothing here is read while it runs.

use crate::EmulatorError;

/// Settings of one shop. [`Settings::default`] is a small shop in Berlin with the standard plan.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Settings {
    /// The shop's permanent domain, for example `acme.myshopify.com`; sent with every webhook.
    pub shop_domain: String,
    /// The shop's name.
    pub name: String,
    /// What `X-Shopify-Access-Token` must say.
    pub access_token: String,
    /// Renews the access token into one that expires.
    pub refresh_token: String,
    /// The app's id, for OAuth.
    pub client_id: String,
    /// Signs webhooks and OAuth callbacks.
    pub client_secret: String,
    /// ISO 4217 code of the shop's only currency.
    pub currency: String,
    /// Whether prices contain tax.
    pub taxes_included: bool,
    /// IANA zone of the shop; times in webhooks carry its offset.
    pub zone: String,
    /// Points that flow back into the cost bucket per second (standard plan: 100).
    pub restore_rate: i64,
    /// Points that the cost bucket holds (standard plan: 2000).
    pub bucket: i64,
    /// Location names that serve web orders, first choice first. Empty: every location, oldest first.
    pub web_locations: Vec<String>,
    /// How many stock changes of a million also announce `products/update`. The vendor sends one for every stock
    /// change; a whole product beside each level would be most of the traffic of a busy test, so the default is one
    /// in twenty, which still proves that a subscriber compares before it acts.
    pub product_echo_per_million: u32,
    /// How many webhook bodies of a million are written with `\/` instead of `/`, as the vendor's JSON writer does
    /// now and then.
    pub escaped_slash_per_million: u32,
    /// How long a bulk operation takes, in milliseconds.
    pub bulk_ms: i64,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            shop_domain: "lockstep-demo.myshopify.com".to_owned(),
            name: "Lockstep Demo".to_owned(),
            access_token: "shpat_emulated".to_owned(),
            refresh_token: "shprt_emulated".to_owned(),
            client_id: "client_emulated".to_owned(),
            client_secret: "shpss_emulated".to_owned(),
            currency: "EUR".to_owned(),
            taxes_included: true,
            zone: "Europe/Berlin".to_owned(),
            restore_rate: 100,
            bucket: 2000,
            web_locations: Vec::new(),
            product_echo_per_million: 50_000,
            escaped_slash_per_million: 125_000,
            bulk_ms: 200,
        }
    }
}

impl Settings {
    /// The shop's time zone.
    ///
    /// # Errors
    ///
    /// The zone is not in the time zone database.
    pub(super) fn time_zone(&self) -> Result<jiff::tz::TimeZone, EmulatorError> {
        jiff::tz::TimeZone::get(&self.zone).map_err(|error| EmulatorError::Settings { reason: error.to_string() })
    }

    /// Digits behind the decimal point of the shop's currency.
    pub(super) fn minor_digits(&self) -> u32 {
        match self.currency.as_str() {
            "JPY" | "KRW" | "CLP" | "VND" | "ISK" | "UGX" => 0,
            "BHD" | "KWD" | "OMR" | "TND" | "JOD" | "IQD" => 3,
            _ => 2,
        }
    }
}
