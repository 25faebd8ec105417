//! With what an account is opened: its credentials, its money, its limits.
//!
//! Made by `open` and by the tests; read by every part of the account. It knows no client.

use super::amount::Amount;

/// A Retail R-Series account and the one app that is connected to it.
#[derive(Clone, Debug)]
pub struct Settings {
    /// The account's id, a number.
    pub account_id: String,
    /// The account's name.
    pub account_name: String,
    /// Public id of the app.
    pub client_id: String,
    /// Secret of the app.
    pub client_secret: String,
    /// Where a granted code is sent when the call names no other place; the app registered it.
    pub redirect_uri: String,
    /// Stands at the end of every access token, so that it is known in a log; a number follows.
    pub access_token: String,
    /// Start of every refresh token; a number follows.
    pub refresh_token: String,
    /// Scopes of the first pair of tokens, separated by spaces.
    pub scope: String,
    /// ISO 4217 code.
    pub currency: String,
    /// Whether prices include tax.
    pub tax_inclusive: bool,
    /// The one rate of tax, 0.19 for nineteen per cent.
    pub tax1_rate: Amount,
    /// IANA time zone of shops that name none.
    pub zone: String,
    /// Names of the vendors that it buys from on its first day.
    pub suppliers: Vec<String>,
    /// Where the API is reached, without a slash at the end.
    pub api_base: String,
    /// Registers of the subscription, at least one: the limits grow with them.
    pub registers: u32,
    /// Calls in one second.
    pub burst: u32,
    /// By which the bucket, its drip and the burst are multiplied; 1 = as published.
    pub rate_scale: u32,
}

impl Settings {
    /// An account with one register, the vendor's published limits and credentials that are easy to read in a log.
    pub fn example() -> Self {
        Self {
            account_id: "83050".into(),
            account_name: "Emulated Retail".into(),
            client_id: "lightspeed-r-client".into(),
            client_secret: "lightspeed-r-client-secret".into(),
            redirect_uri: "http://127.0.0.1:8080/connect/lightspeed-r".into(),
            access_token: "lightspeed-r-access-token".into(),
            refresh_token: "lightspeed-r-refresh-token".into(),
            scope: "employee:all".into(),
            currency: "EUR".into(),
            tax_inclusive: true,
            tax1_rate: Amount::ZERO,
            zone: "Europe/London".into(),
            suppliers: Vec::new(),
            api_base: "http://127.0.0.1:8106".into(),
            registers: 1,
            burst: 20,
            rate_scale: 1,
        }
    }
}
