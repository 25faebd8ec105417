//! A customer record as it is given to the mind. Called by whoever unseals records; knows no platform.

/// One record of a person (or of a place: then the whole name is used). What is not known is empty.
///
/// Facts hold personal fields only under a key, so records are given to the mind beside them: it keeps normalised
/// fields, and forgets them when it is told to.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct Record {
    /// Given names.
    pub given_name: String,
    /// Family name.
    pub family_name: String,
    /// A name that is not told apart into given and family name, such as a firm's; used when both are empty.
    pub whole_name: String,
    /// E-mail address.
    pub email: String,
    /// Telephone number, in any form.
    pub phone: String,
    /// Street line with the house number.
    pub street: String,
    /// Town.
    pub city: String,
    /// Postcode.
    pub postcode: String,
    /// State or province.
    pub region: String,
    /// Birth date, in any common form.
    pub birth_date: String,
    /// Loyalty number.
    pub loyalty_id: String,
    /// The platform's token of a card; never a card number.
    pub payment_token: String,
    /// An account or document number that was proven: two different ones are never merged. Empty when nothing was.
    pub verified_id: String,
    /// A minor, or somebody who does not want to be recognised: kept apart from everybody, and nothing is stored.
    pub keep_out: bool,
}

impl std::fmt::Debug for Record {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Record(…)")
    }
}
