//! What is used of a delivery's payload, which has the shape of the old API 1.0 whatever its type.

use serde::Deserialize;
use serde_json::Value;

/// The ids and the version of whatever changed. Everything else in it is read back.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(in crate::lightspeed_x) struct Hint {
    /// Of the record itself.
    pub(in crate::lightspeed_x) id: Option<String>,
    /// Rises with every change. A number, but the old shapes mix numbers and text.
    pub(in crate::lightspeed_x) version: Option<Value>,
    /// Of a sale.
    pub(in crate::lightspeed_x) customer_id: Option<String>,
    /// Of a level.
    pub(in crate::lightspeed_x) product_id: Option<String>,
    /// Of a level or a sale.
    pub(in crate::lightspeed_x) outlet_id: Option<String>,
}

impl Hint {
    /// The version, if it is one.
    pub(in crate::lightspeed_x) fn version(&self) -> Option<u64> {
        match self.version.as_ref()? {
            Value::Number(number) => number.as_u64(),
            Value::String(text) => text.trim().parse().ok(),
            _ => None,
        }
    }
}
