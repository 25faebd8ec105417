//! The signature of a delivery.
//!
//! Called for every delivery; it knows neither subscriptions nor events.

use aws_lc_rs::hmac;

const HEX: &[u8; 16] = b"0123456789abcdef";

/// Signs under one application's secret.
#[derive(Debug)]
pub struct Signer(hmac::Key);

impl Signer {
    /// The secret is taken as text.
    pub fn new(client_secret: &str) -> Self {
        Self(hmac::Key::new(hmac::HMAC_SHA256, client_secret.as_bytes()))
    }

    /// `signature=<hex>,algorithm=HMAC-SHA256`: over the raw body, that is over the form as it is sent.
    pub fn header(&self, body: &[u8]) -> String {
        let mut text = String::with_capacity(100);
        text.push_str("signature=");
        for byte in hmac::sign(&self.0, body).as_ref() {
            text.push(char::from(HEX[usize::from(byte >> 4)]));
            text.push(char::from(HEX[usize::from(byte & 0xF)]));
        }
        text.push_str(",algorithm=HMAC-SHA256");
        text
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_raw_form_is_signed_under_the_secret_taken_as_text() {
        // From RFC 4231, test case 2.
        let expected =
            "signature=5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843,algorithm=HMAC-SHA256";
        assert_eq!(Signer::new("Jefe").header(b"what do ya want for nothing?"), expected);
    }
}
