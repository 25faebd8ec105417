//! The opaque place at which a page begins: base64 of a JSON array, as the vendor's `after` and `before` are.
//!
//! Used by pages. It does not know what is sorted.

use super::super::table::Id;
use super::super::wire::Refused;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value, json};

/// The row beside which a page begins.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cursor {
    /// Forward from that row, or backward.
    pub forward: bool,
    /// Its value in the sort member; `None` when that is the id.
    pub value: Option<String>,
    /// Its id.
    pub id: Id,
}

impl Cursor {
    /// Reads `after` or `before`.
    ///
    /// # Errors
    /// 400 when it was not made here.
    pub fn decode(text: &str, forward: bool) -> Result<Self, Refused> {
        let read = || {
            let bytes = STANDARD.decode(text).ok()?;
            let parts: Vec<Value> = serde_json::from_slice(&bytes).ok()?;
            match parts.as_slice() {
                [id] => Some(Self { forward, value: None, id: id.as_u64()? }),
                [value, id] => Some(Self { forward, value: Some(value.as_str()?.to_owned()), id: id.as_u64()? }),
                _ => None,
            }
        };
        read().ok_or_else(|| Refused::malformed("The after or before parameter is not valid."))
    }

    /// The text that leads here.
    pub fn encode(value: Option<&str>, id: Id) -> String {
        let parts = match value {
            Some(value) => json!([value, id]),
            None => json!([id]),
        };
        STANDARD.encode(parts.to_string())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cursor_looks_as_in_the_vendors_example() {
        assert_eq!(Cursor::encode(None, 100), "WzEwMF0=");
        assert_eq!(Cursor::decode("WzEwMF0=", true), Ok(Cursor { forward: true, value: None, id: 100 }));
        assert!(Cursor::decode("100", true).is_err());
    }
}
