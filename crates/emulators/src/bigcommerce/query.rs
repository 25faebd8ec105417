//! Query strings and form bodies, decoded and read.
//!
//! Used by every endpoint through `wire`; it knows no name of a parameter but those of paging.

use super::clock;
use super::wire::Refused;

/// A decoded query string.
#[derive(Clone, Debug, Default)]
pub struct Query(Vec<(String, String)>);

impl Query {
    /// Reads a query string or a form body.
    pub fn read(text: &str) -> Self {
        let pairs = text.split('&').filter(|pair| !pair.is_empty()).map(|pair| {
            let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
            (decode(name), decode(value))
        });
        Self(pairs.collect())
    }

    /// The first value of this name; an empty one counts as absent.
    pub fn get(&self, name: &str) -> Option<&str> {
        let found = self.0.iter().find(|(known, value)| known == name && !value.is_empty());
        found.map(|(_, value)| value.as_str())
    }

    /// The comma-separated values of this name.
    pub fn list(&self, name: &str) -> Option<Vec<&str>> {
        self.get(name).map(|text| text.split(',').map(str::trim).filter(|one| !one.is_empty()).collect())
    }

    /// The comma-separated numbers of this name.
    ///
    /// # Errors
    /// 422 when one is not a whole number.
    pub fn numbers(&self, name: &str) -> Result<Option<Vec<u64>>, Refused> {
        let Some(list) = self.list(name) else { return Ok(None) };
        let read: Result<Vec<u64>, _> = list.into_iter().map(str::parse).collect();
        read.map(Some).map_err(|_| Refused::field(name, "must be whole numbers"))
    }

    /// One number.
    ///
    /// # Errors
    /// 422 when it is not a whole number.
    pub fn number(&self, name: &str) -> Result<Option<u64>, Refused> {
        let Some(text) = self.get(name) else { return Ok(None) };
        text.parse().map(Some).map_err(|_| Refused::field(name, "must be a whole number"))
    }

    /// One time, in seconds.
    ///
    /// # Errors
    /// 422 when it cannot be read.
    pub fn time(&self, name: &str) -> Result<Option<i64>, Refused> {
        let Some(text) = self.get(name) else { return Ok(None) };
        clock::read(text).map(Some).ok_or_else(|| Refused::field(name, "must be an ISO 8601 or RFC 2822 date"))
    }

    /// The same query for another page, as the links of a page have it.
    pub fn link(&self, page: usize, limit: usize) -> String {
        let mut text = String::new();
        for (name, value) in self.0.iter().filter(|(name, _)| name != "page" && name != "limit") {
            text.push_str(&format!("{}={}&", encode(name), encode(value)));
        }
        format!("?{text}page={page}&limit={limit}")
    }
}

fn decode(text: &str) -> String {
    let bytes = text.as_bytes();
    let mut plain = Vec::with_capacity(bytes.len());
    let mut at = 0;
    while at < bytes.len() {
        let escaped = (bytes[at] == b'%').then(|| text.get(at + 1..at + 3)).flatten();
        match escaped.and_then(|digits| u8::from_str_radix(digits, 16).ok()) {
            Some(byte) => {
                plain.push(byte);
                at += 3;
            }
            None => {
                plain.push(if bytes[at] == b'+' { b' ' } else { bytes[at] });
                at += 1;
            }
        }
    }
    String::from_utf8_lossy(&plain).into_owned()
}

/// Percent-encodes what may not stand in a query.
pub fn encode(text: &str) -> String {
    let mut encoded = String::with_capacity(text.len());
    for byte in text.bytes() {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'_' | b'.' | b'~' => encoded.push(char::from(byte)),
            _ => encoded.push_str(&format!("%{byte:02X}")),
        }
    }
    encoded
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_query_is_decoded_and_an_empty_value_counts_as_absent() {
        let query = Query::read("sku%3Ain=A%2C+B&sort=date_modified:asc&min=");
        assert_eq!(query.list("sku:in"), Some(vec!["A", "B"]));
        assert_eq!((query.get("sort"), query.get("min")), (Some("date_modified:asc"), None));
        assert_eq!(Query::read("a=%zz%").get("a"), Some("%zz%"));
    }
}
