//! Webhook bodies: <https://docs.clover.com/dev/docs/webhooks>.

use serde::Deserialize;
use serde_json::{Map, Value};

/// One delivery: news of several merchants at once.
#[derive(Debug, Deserialize)]
pub(crate) struct News {
    /// Events by merchant id; each event is read by itself.
    pub(crate) merchants: Map<String, Value>,
}

/// One event. It names a thing and tells nothing of it.
#[derive(Debug, Deserialize)]
pub(crate) struct Event {
    /// Key of the kind, a colon, the id: `O:R4TN7K2QWB9HX`.
    #[serde(rename = "objectId")]
    pub(crate) object_id: String,
    /// CREATE, UPDATE or DELETE.
    #[serde(rename = "type")]
    pub(crate) kind: String,
}
