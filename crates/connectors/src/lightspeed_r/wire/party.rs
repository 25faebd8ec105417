//! Customers, shops and the account: <https://developers.lightspeedhq.com/retail/endpoints/Customer/>, `/Shop/` and
//! `/Account/`, read 2026-11-24.

use serde::Deserialize;

use super::{Maybe, Several, Text};

/// A customer.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct Customer {
    /// Its id.
    #[serde(rename = "customerID")]
    pub(crate) id: Text,
    /// First name.
    #[serde(rename = "firstName")]
    pub(crate) first_name: Text,
    /// Last name.
    #[serde(rename = "lastName")]
    pub(crate) last_name: Text,
    /// Whether it is deleted.
    pub(crate) archived: Text,
    /// Last change.
    #[serde(rename = "timeStamp")]
    pub(crate) time_stamp: Text,
    /// How to reach them.
    #[serde(rename = "Contact")]
    pub(crate) contact: Maybe<Contact>,
}

/// How to reach a customer.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct Contact {
    /// E-mail.
    #[serde(rename = "Emails")]
    pub(crate) emails: Maybe<Emails>,
    /// Telephone.
    #[serde(rename = "Phones")]
    pub(crate) phones: Maybe<Phones>,
    /// Post.
    #[serde(rename = "Addresses")]
    pub(crate) addresses: Maybe<Addresses>,
}

/// What holds the e-mail addresses.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct Emails {
    /// Primary and secondary.
    #[serde(rename = "ContactEmail")]
    pub(crate) rows: Several<Email>,
}

/// An e-mail address.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct Email {
    /// The address.
    pub(crate) address: Text,
    /// `Primary` or `Secondary`.
    #[serde(rename = "useType")]
    pub(crate) kind: Text,
}

/// What holds the telephone numbers.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct Phones {
    /// One of each kind.
    #[serde(rename = "ContactPhone")]
    pub(crate) rows: Several<Phone>,
}

/// A telephone number.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct Phone {
    /// The number.
    pub(crate) number: Text,
    /// `Home`, `Work`, `Mobile`, `Pager` or `Fax`.
    #[serde(rename = "useType")]
    pub(crate) kind: Text,
}

/// What holds the postal addresses.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct Addresses {
    /// The addresses.
    #[serde(rename = "ContactAddress")]
    pub(crate) rows: Several<Address>,
}

/// A postal address.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct Address {
    /// Street.
    pub(crate) address1: Text,
    /// Second line.
    pub(crate) address2: Text,
    /// City.
    pub(crate) city: Text,
    /// State.
    pub(crate) state: Text,
    /// Post code.
    pub(crate) zip: Text,
    /// Country.
    pub(crate) country: Text,
}

/// A shop.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct Shop {
    /// Its id.
    #[serde(rename = "shopID")]
    pub(crate) id: Text,
    /// Its name.
    pub(crate) name: Text,
    /// Whether it is closed.
    pub(crate) archived: Text,
}

/// An account that the token opens.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct AccountRow {
    /// Its id.
    #[serde(rename = "accountID")]
    pub(crate) id: Text,
    /// Its name.
    pub(crate) name: Text,
}
