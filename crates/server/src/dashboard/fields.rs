//! Fields of a query or of a posted form: `a=1&b=two+words`. The last of a repeated name counts.

use std::collections::BTreeMap;
use std::fmt::Write;

use axum::body::Body;
use http::Request;

/// Most bytes of a posted form.
const FORM_MAX: usize = 64 * 1024;

/// What was sent, by name.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Fields(BTreeMap<String, String>);

impl Fields {
    /// Reads `application/x-www-form-urlencoded` text. Whatever is not well formed is taken as it stands.
    pub(super) fn parse(text: &str) -> Self {
        Self(pairs(text).into_iter().collect())
    }

    /// The query of an address.
    pub(super) fn of_query(uri: &http::Uri) -> Self {
        uri.query().map(Self::parse).unwrap_or_default()
    }

    /// The body of a posted form; `None` when it is too large, broken off or no text.
    pub(super) async fn of_form(request: Request<Body>) -> Option<Self> {
        let bytes = axum::body::to_bytes(request.into_body(), FORM_MAX).await.ok()?;
        let bytes = flow::cards::black_out(&bytes).map_or(bytes, Into::into);
        Some(Self::parse(std::str::from_utf8(&bytes).ok()?))
    }

    /// A field without white space at its ends; empty when it was not sent.
    pub(super) fn get(&self, name: &str) -> &str {
        self.0.get(name).map_or("", |value| value.trim())
    }

    /// The names that were sent, in order.
    pub(super) fn names(&self) -> impl Iterator<Item = &str> {
        self.0.keys().map(String::as_str)
    }

    /// A number, when one was sent that fits.
    pub(super) fn number<T: std::str::FromStr>(&self, name: &str) -> Option<T> {
        self.get(name).parse().ok()
    }
}

/// Every pair in its order, repeated names too.
pub(crate) fn pairs(text: &str) -> Vec<(String, String)> {
    let pairs = text.split('&').filter(|pair| !pair.is_empty()).map(|pair| {
        let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
        (decoded(name), decoded(value))
    });
    pairs.collect()
}

fn decoded(text: &str) -> String {
    let bytes = text.as_bytes();
    let mut out = Vec::with_capacity(bytes.len());
    let mut at = 0;
    while let Some(byte) = bytes.get(at) {
        let hex = bytes.get(at + 1..at + 3).filter(|hex| hex.iter().all(u8::is_ascii_hexdigit));
        let hex = hex.and_then(|hex| std::str::from_utf8(hex).ok());
        match (byte, hex.and_then(|hex| u8::from_str_radix(hex, 16).ok())) {
            (b'%', Some(value)) => {
                out.push(value);
                at += 2;
            }
            (b'+', _) => out.push(b' '),
            (other, _) => out.push(*other),
        }
        at += 1;
    }
    String::from_utf8_lossy(&out).into_owned()
}

/// The pieces of a path, each read back from what [`encoded`] made of it.
pub(super) fn path_parts(path: &str) -> Vec<String> {
    path.split('/').filter(|part| !part.is_empty()).map(decoded).collect()
}

/// A piece of an address: everything but letters, digits and `-._~` is escaped, so that any SKU fits into one segment.
pub(super) fn encoded(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) {
            out.push(char::from(byte));
        } else {
            // Writing to a string cannot fail.
            let _ = write!(out, "%{byte:02X}");
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_escaped_reads_back_and_broken_escapes_stay_as_they_are() {
        for text in ["A/B c", "50%", "ünï&=+", "<b>", "a\0b"] {
            assert_eq!(decoded(&encoded(text)), text);
        }
        assert_eq!(decoded("100%&%zz%4"), "100%&%zz%4");
        assert_eq!(decoded("%+1%-1"), "% 1%-1");
        let fields = Fields::parse("a=1&b=two+words&a=3&c&=x");
        assert_eq!(
            (fields.get("a"), fields.get("b"), fields.get("c"), fields.number::<u32>("a")),
            ("3", "two words", "", Some(3))
        );
    }
}
