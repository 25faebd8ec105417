//! Merchants, customers, refusals and token pairs. No `Debug` here shows a person's field or a token.

use serde::Deserialize;

use super::Elements;

/// A merchant: <https://docs.clover.com/dev/reference/merchantgetmerchant>.
#[derive(Debug, Deserialize)]
pub(crate) struct Merchant {
    /// Its id.
    pub(crate) id: String,
    /// For people.
    pub(crate) name: Option<String>,
}

/// A customer: <https://docs.clover.com/dev/reference/customersgetcustomer>.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Customer {
    /// Its id.
    pub(crate) id: String,
    /// Given name.
    pub(crate) first_name: Option<String>,
    /// Family name.
    pub(crate) last_name: Option<String>,
    /// Milliseconds since 1970.
    pub(crate) customer_since: Option<i64>,
    /// E-mail addresses.
    pub(crate) email_addresses: Option<Elements<Email>>,
    /// Telephone numbers.
    pub(crate) phone_numbers: Option<Elements<Phone>>,
    /// Postal addresses.
    pub(crate) addresses: Option<Elements<Address>>,
}

impl std::fmt::Debug for Customer {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Customer({})", self.id)
    }
}

/// A customer with the notes on it, read with `expand=metadata`.
#[derive(Deserialize)]
pub(crate) struct Notes {
    /// Its id.
    pub(crate) id: Option<String>,
    /// What is noted.
    pub(crate) metadata: Option<Metadata>,
}

/// What is noted of a customer.
#[derive(Deserialize)]
pub(crate) struct Metadata {
    /// For people.
    pub(crate) note: Option<String>,
}

/// An e-mail address.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Email {
    /// Its id.
    pub(crate) id: Option<String>,
    /// The address.
    pub(crate) email_address: Option<String>,
    /// Whether it is the first choice.
    pub(crate) primary_email: Option<bool>,
}

/// A telephone number.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Phone {
    /// Its id.
    pub(crate) id: Option<String>,
    /// The number.
    pub(crate) phone_number: Option<String>,
}

/// A postal address.
#[derive(Deserialize)]
pub(crate) struct Address {
    /// Its id.
    pub(crate) id: Option<String>,
    /// First line.
    pub(crate) address1: Option<String>,
    /// Second line.
    pub(crate) address2: Option<String>,
    /// Third line.
    pub(crate) address3: Option<String>,
    /// Postal code.
    pub(crate) zip: Option<String>,
    /// Town.
    pub(crate) city: Option<String>,
    /// State or province.
    pub(crate) state: Option<String>,
    /// Country code.
    pub(crate) country: Option<String>,
}

/// What a refused request answers with, when it answers in JSON.
#[derive(Debug, Deserialize)]
pub(crate) struct Refusal {
    /// For people.
    pub(crate) message: Option<String>,
    /// More for people.
    pub(crate) details: Option<String>,
}

/// Tokens: <https://docs.clover.com/docs/use-oauth>. Times are seconds since 1970.
#[derive(Deserialize)]
pub(crate) struct Pair {
    /// Opens the account.
    pub(crate) access_token: String,
    /// When that ends.
    pub(crate) access_token_expiration: Option<i64>,
    /// Good for one renewal.
    pub(crate) refresh_token: Option<String>,
}

impl std::fmt::Debug for Pair {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Pair(…)")
    }
}
