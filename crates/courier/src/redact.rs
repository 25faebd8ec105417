//! What of a request may be shown. Called by the courier before a request leaves and for every record.
//!
//! Secrets are recognised by the kind of header, never by a platform's name, and a query is shown without its values:
//! there is no telling which of them opens a door.

use http::{HeaderMap, Uri, header};

/// Pieces of header names that mean a secret, whoever sends it.
const SECRET_WORDS: [&str; 8] = ["auth", "token", "secret", "key", "cookie", "signature", "hmac", "password"];

/// Marks every header that holds a secret as sensitive, so that no `Debug` prints it and no HTTP/2 table keeps it.
/// Idempotency keys are no secret and stay readable: they are what a person looks for.
pub fn seal(headers: &mut HeaderMap) {
    for (name, value) in headers.iter_mut() {
        if holds_secret(name) {
            value.set_sensitive(true);
        }
    }
}

/// The address as it may be logged: no user and password, no fragment, query names without their values.
#[must_use]
pub fn address_for_people(uri: &Uri) -> String {
    let scheme = uri.scheme_str().unwrap_or("?");
    let mut shown = format!("{scheme}://{}{}", host_and_port(uri), uri.path());
    for (index, pair) in uri.query().into_iter().flat_map(|query| query.split('&')).enumerate() {
        let (name, value) = pair.split_once('=').map_or((pair, None), |(name, value)| (name, Some(value)));
        shown.push(if index == 0 { '?' } else { '&' });
        match value {
            Some(_) => {
                shown.push_str(name);
                shown.push_str("=…");
            }
            // A lone word may itself be the secret.
            None => shown.push('…'),
        }
    }
    shown
}

/// Host and port of an address: the name under which it is counted. User and password are left out.
pub(crate) fn host_and_port(uri: &Uri) -> String {
    match (uri.host(), uri.port_u16()) {
        (Some(host), Some(port)) => format!("{host}:{port}"),
        (Some(host), None) => host.to_owned(),
        (None, _) => "?".to_owned(),
    }
}

fn holds_secret(name: &header::HeaderName) -> bool {
    let name = name.as_str();
    !name.contains("idempotency") && SECRET_WORDS.iter().any(|word| name.contains(word))
}

#[cfg(test)]
mod tests {
    use super::*;
    use http::HeaderValue;

    #[test]
    fn headers_that_hold_secrets_are_marked_whatever_their_platform() {
        let secret = ["authorization", "x-any-access-token", "cookie", "x-any-hmac-sha256", "api-key"];
        let plain = ["content-type", "idempotency-key", "x-request-id", "retry-after"];
        let mut headers = HeaderMap::new();
        for name in secret.into_iter().chain(plain) {
            headers.insert(name, HeaderValue::from_static("value-to-see"));
        }
        seal(&mut headers);
        for name in secret {
            assert!(headers[name].is_sensitive(), "{name} can be read in a log");
        }
        for name in plain {
            assert!(!headers[name].is_sensitive(), "{name} is no secret");
        }
        assert_eq!(format!("{headers:?}").matches("value-to-see").count(), plain.len());
    }

    #[test]
    fn an_address_is_shown_without_user_password_and_query_values() {
        let show = |text: &str| address_for_people(&text.parse().expect("a test address"));
        assert_eq!(
            show("https://me:pass@shop.example:8443/a/b?access_token=hush&limit=5&bare"),
            "https://shop.example:8443/a/b?access_token=…&limit=…&…"
        );
        assert_eq!(show("http://shop.example/"), "http://shop.example/");
    }
}
