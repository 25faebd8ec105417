//! Customers, outlets, the retailer, webhooks, tokens.

use serde::Deserialize;

/// `Customer` of 2026-07.
#[derive(Default, Deserialize)]
#[serde(default)]
pub(in crate::lightspeed_x) struct Customer {
    /// UUID.
    pub(in crate::lightspeed_x) id: Option<String>,
    /// Given name.
    pub(in crate::lightspeed_x) first_name: Option<String>,
    /// Family name.
    pub(in crate::lightspeed_x) last_name: Option<String>,
    /// Of a firm.
    pub(in crate::lightspeed_x) company_name: Option<String>,
    /// E-mail address.
    pub(in crate::lightspeed_x) email: Option<String>,
    /// Telephone.
    pub(in crate::lightspeed_x) phone: Option<String>,
    /// Mobile telephone.
    pub(in crate::lightspeed_x) mobile: Option<String>,
    /// Street.
    pub(in crate::lightspeed_x) physical_address_1: Option<String>,
    /// More of it.
    pub(in crate::lightspeed_x) physical_address_2: Option<String>,
    /// Part of a town.
    pub(in crate::lightspeed_x) physical_suburb: Option<String>,
    /// Postal code.
    pub(in crate::lightspeed_x) physical_postcode: Option<String>,
    /// Town.
    pub(in crate::lightspeed_x) physical_city: Option<String>,
    /// State or province.
    pub(in crate::lightspeed_x) physical_state: Option<String>,
    /// ISO 3166.
    pub(in crate::lightspeed_x) physical_country_id: Option<String>,
    /// With an offset.
    pub(in crate::lightspeed_x) updated_at: Option<String>,
    /// Empty or null while it is there.
    pub(in crate::lightspeed_x) deleted_at: Option<String>,
    /// Rises with every change.
    pub(in crate::lightspeed_x) version: Option<u64>,
}

/// `Outlet` of 2.0; the 2026-07 document was not read for it.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(in crate::lightspeed_x) struct Outlet {
    /// UUID.
    pub(in crate::lightspeed_x) id: Option<String>,
    /// For people.
    pub(in crate::lightspeed_x) name: Option<String>,
    /// Empty or null while it is there.
    pub(in crate::lightspeed_x) deleted_at: Option<String>,
}

/// `Retailer` of 2.0.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(in crate::lightspeed_x) struct Retailer {
    /// Of the address.
    pub(in crate::lightspeed_x) domain_prefix: Option<String>,
    /// For people.
    pub(in crate::lightspeed_x) name: Option<String>,
}

/// `Webhook` of 2026-07.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(in crate::lightspeed_x) struct Webhook {
    /// UUID.
    pub(in crate::lightspeed_x) id: Option<String>,
    /// Where it delivers to.
    pub(in crate::lightspeed_x) url: Option<String>,
    /// Whether it is switched on.
    pub(in crate::lightspeed_x) active: Option<bool>,
    /// The type.
    #[serde(rename = "type")]
    pub(in crate::lightspeed_x) kind: Option<String>,
}

/// The token service's answer: <https://x-series-api.lightspeedhq.com/docs/authorization>. Never printed.
#[derive(Default, Deserialize)]
#[serde(default)]
pub(in crate::lightspeed_x) struct Tokens {
    /// For every call.
    pub(in crate::lightspeed_x) access_token: Option<String>,
    /// Gives the next pair.
    pub(in crate::lightspeed_x) refresh_token: Option<String>,
    /// Seconds.
    pub(in crate::lightspeed_x) expires_in: Option<i64>,
    /// Of the store that gave access.
    pub(in crate::lightspeed_x) domain_prefix: Option<String>,
    /// Separated by spaces.
    pub(in crate::lightspeed_x) scope: Option<String>,
}
