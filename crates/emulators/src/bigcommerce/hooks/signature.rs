//! Standard Webhooks: the three headers by which a delivery is told to be the vendor's.
//!
//! Called for every delivery and every retry; it knows neither webhooks nor notices.

use aws_lc_rs::{digest, hmac};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;

/// `webhook-id`, `webhook-timestamp` (seconds) and `webhook-signature`: HMAC-SHA256 over
/// `id.timestamp.body`, keyed with the client secret as text.
pub fn headers(secret: &str, id: &str, at: i64, body: &[u8]) -> [(String, String); 3] {
    let mut mac = hmac::Context::with_key(&hmac::Key::new(hmac::HMAC_SHA256, secret.as_bytes()));
    mac.update(format!("{id}.{at}.").as_bytes());
    mac.update(body);
    [
        ("webhook-id".to_owned(), id.to_owned()),
        ("webhook-timestamp".to_owned(), at.to_string()),
        ("webhook-signature".to_owned(), format!("v1,{}", STANDARD.encode(mac.sign()))),
    ]
}

/// SHA-1 in hexadecimal: the `hash` of a notice, which proves nothing and is only good for telling repeats.
pub fn fingerprint(content: &[u8]) -> String {
    let digest = digest::digest(&digest::SHA1_FOR_LEGACY_USE_ONLY, content);
    digest.as_ref().iter().map(|byte| format!("{byte:02x}")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn id_time_and_body_are_signed_under_the_secret_taken_as_text() {
        // Computed with Python's hmac module, not with this crate.
        let [_, at, signature] = headers("bigcommerce-client-secret", "msg_1", 1_795_428_000, br#"{"scope":"x"}"#);
        assert_eq!(at.1, "1795428000");
        assert_eq!(signature.1, "v1,LYQGLmwRZGI1sNfWw36n9Lhs9m6INabL14ctaUS+L4g=");
    }
}
