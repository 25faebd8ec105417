//! Customers, locations, hooks and the store itself.
//!
//! <https://developer.bigcommerce.com/docs/rest-management/customers>,
//! <https://developer.bigcommerce.com/docs/rest-management/locations>,
//! <https://developer.bigcommerce.com/docs/webhooks/webhooks>,
//! <https://developer.bigcommerce.com/docs/rest-management/store-information>

use serde::Deserialize;

use super::Id;

/// A customer. Its `Debug` shows no personal field.
#[derive(Deserialize)]
pub(crate) struct Customer {
    /// Unique in the store.
    pub(crate) id: Id,
    /// Given name.
    pub(crate) first_name: Option<String>,
    /// Family name.
    pub(crate) last_name: Option<String>,
    /// E-mail address.
    pub(crate) email: Option<String>,
    /// Telephone.
    pub(crate) phone: Option<String>,
    /// ISO 8601.
    pub(crate) date_modified: Option<String>,
    /// ISO 8601.
    pub(crate) date_created: Option<String>,
    /// At most ten, when asked for.
    #[serde(default)]
    pub(crate) addresses: Vec<CustomerAddress>,
}

impl std::fmt::Debug for Customer {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Customer({})", self.id)
    }
}

/// A postal address; its `Debug` shows no personal field.
#[derive(Deserialize)]
pub(crate) struct CustomerAddress {
    /// Street.
    pub(crate) address1: Option<String>,
    /// More of it.
    pub(crate) address2: Option<String>,
    /// Town.
    pub(crate) city: Option<String>,
    /// State or province.
    pub(crate) state_or_province: Option<String>,
    /// Postal code.
    pub(crate) postal_code: Option<String>,
    /// ISO 3166.
    pub(crate) country_code: Option<String>,
}

impl std::fmt::Debug for CustomerAddress {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("CustomerAddress(…)")
    }
}

/// A location.
#[derive(Debug, Deserialize)]
pub(crate) struct Location {
    /// Unique in the store.
    pub(crate) id: Id,
    /// Name for people.
    pub(crate) label: Option<String>,
    /// The merchant's own short name.
    pub(crate) code: Option<String>,
    /// False when it is closed.
    pub(crate) enabled: Option<bool>,
}

/// A webhook subscription.
#[derive(Debug, Deserialize)]
pub(crate) struct Hook {
    /// Unique.
    pub(crate) id: Id,
    /// What it delivers.
    pub(crate) scope: String,
    /// Where to.
    pub(crate) destination: String,
    /// Off after two days of failed deliveries.
    pub(crate) is_active: Option<bool>,
}

/// The store itself.
#[derive(Debug, Deserialize)]
pub(crate) struct Store {
    /// For people.
    pub(crate) name: Option<String>,
}
