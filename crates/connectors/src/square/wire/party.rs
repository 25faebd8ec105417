//! Customers, locations and webhook subscriptions.
//!
//! <https://developer.squareup.com/reference/square/objects/Customer>,
//! <https://developer.squareup.com/reference/square/objects/Location>,
//! <https://developer.squareup.com/reference/square/objects/WebhookSubscription>

use serde::{Deserialize, Serialize};

/// A customer profile. Its `Debug` shows no personal field.
#[derive(Deserialize)]
pub(crate) struct Customer {
    /// Opaque.
    pub(crate) id: String,
    /// Given name.
    pub(crate) given_name: Option<String>,
    /// Family name.
    pub(crate) family_name: Option<String>,
    /// E-mail address.
    pub(crate) email_address: Option<String>,
    /// Telephone.
    pub(crate) phone_number: Option<String>,
    /// Postal address.
    pub(crate) address: Option<Address>,
    /// Rises with every change, from 0.
    pub(crate) version: Option<u64>,
    /// RFC 3339.
    pub(crate) created_at: Option<String>,
    /// RFC 3339.
    pub(crate) updated_at: Option<String>,
}

impl std::fmt::Debug for Customer {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Customer({})", self.id)
    }
}

/// A postal address.
#[derive(Deserialize)]
pub(crate) struct Address {
    /// Street.
    pub(crate) address_line_1: Option<String>,
    /// More of it.
    pub(crate) address_line_2: Option<String>,
    /// More of it.
    pub(crate) address_line_3: Option<String>,
    /// Town.
    pub(crate) locality: Option<String>,
    /// State or province.
    pub(crate) administrative_district_level_1: Option<String>,
    /// Postal code.
    pub(crate) postal_code: Option<String>,
    /// ISO 3166.
    pub(crate) country: Option<String>,
}

impl std::fmt::Debug for Address {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Address(…)")
    }
}

/// Reply of `customers/search`.
#[derive(Debug, Deserialize)]
pub(crate) struct CustomersPage {
    /// Profiles with any public field.
    #[serde(default)]
    pub(crate) customers: Vec<Customer>,
    /// Absent at the end.
    pub(crate) cursor: Option<String>,
}

/// Reply of `GET customers/{id}`.
#[derive(Debug, Deserialize)]
pub(crate) struct CustomerReply {
    /// The profile.
    pub(crate) customer: Customer,
}

/// A location.
#[derive(Debug, Deserialize)]
pub(crate) struct Location {
    /// Opaque.
    pub(crate) id: String,
    /// Nickname, unique in the account.
    pub(crate) name: Option<String>,
    /// ACTIVE or INACTIVE.
    pub(crate) status: Option<String>,
}

/// Reply of `GET locations`.
#[derive(Debug, Deserialize)]
pub(crate) struct LocationsPage {
    /// All of them, inactive ones too.
    #[serde(default)]
    pub(crate) locations: Vec<Location>,
}

/// A subscription as it is.
#[derive(Debug, Deserialize)]
pub(crate) struct Subscription {
    /// Opaque.
    pub(crate) id: String,
    /// Off after weeks of failed deliveries.
    pub(crate) enabled: Option<bool>,
    /// Topics.
    pub(crate) event_types: Option<Vec<String>>,
    /// Where it delivers to.
    pub(crate) notification_url: Option<String>,
    /// Signs deliveries.
    pub(crate) signature_key: Option<Key>,
}

/// A signature key, never printed.
#[derive(Deserialize)]
pub(crate) struct Key(pub(crate) String);

impl std::fmt::Debug for Key {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Key(…)")
    }
}

/// Reply of `GET webhooks/subscriptions`.
#[derive(Debug, Deserialize)]
pub(crate) struct SubscriptionsPage {
    /// Those of the whole application.
    #[serde(default)]
    pub(crate) subscriptions: Vec<Subscription>,
    /// Empty or absent at the end.
    pub(crate) cursor: Option<String>,
}

/// Reply of `POST webhooks/subscriptions`.
#[derive(Debug, Deserialize)]
pub(crate) struct SubscriptionReply {
    /// The new one.
    pub(crate) subscription: Subscription,
}

/// A subscription to be made.
#[derive(Debug, Serialize)]
pub(crate) struct NewSubscription<'a> {
    /// At most 64 characters.
    pub(crate) name: &'static str,
    /// On from the start.
    pub(crate) enabled: bool,
    /// Topics.
    pub(crate) event_types: Vec<&'static str>,
    /// Signed byte for byte with every delivery.
    pub(crate) notification_url: &'a str,
    /// The version of the bodies: it does not follow our request header.
    pub(crate) api_version: &'static str,
}
