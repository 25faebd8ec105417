//! The signature of a delivery.
//!
//! Called for every delivery; it knows neither subscriptions nor events.

use aws_lc_rs::hmac;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;

/// `base64(HMAC-SHA256(key as UTF-8 text, notification URL + body))`. The key is text and is not decoded, although it
/// looks like base64; the two parts of the message are joined without anything between them.
pub fn sign(key: &str, url: &str, body: &[u8]) -> String {
    let mut mac = hmac::Context::with_key(&hmac::Key::new(hmac::HMAC_SHA256, key.as_bytes()));
    mac.update(url.as_bytes());
    mac.update(body);
    STANDARD.encode(mac.sign())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn url_and_body_are_signed_as_one_text_under_the_key_taken_as_text() {
        // Computed with Python's hmac module, not with this crate.
        let signature = sign("asdf1234", "https://example.com/webhook", br#"{"hello":"world"}"#);
        assert_eq!(signature, "2kRE5qRU2tR+tBGlDwMEw2avJ7QM4ikPYD/PJ3bd9Og=");
        assert_eq!(sign("k", "https://a/hook", b"/x{}"), sign("k", "https://a/hook/x", b"{}"));
    }
}
