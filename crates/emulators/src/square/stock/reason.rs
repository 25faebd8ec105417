//! Why stock was adjusted: the vendor's closed list of reasons, new in 2026.
//!
//! Read by the batch of the API and made from the few words of a person in the back office.

use super::super::wire::{self, Refused};
use serde_json::{Value, json};

const TYPES: [&str; 16] = [
    "RECEIVED",
    "DAMAGED",
    "THEFT",
    "LOST",
    "RETURNED",
    "SPOILAGE_WASTE",
    "SAMPLES_PROMOTIONAL",
    "INTERNAL_USE",
    "VENDOR_RETURN",
    "PRODUCTION_WASTE",
    "SALE",
    "RECOUNT",
    "TRANSFER",
    "IN_TRANSIT",
    "CANCELED_SALE",
    "CUSTOM",
];

/// The `reason_id` of an adjustment, when there is one.
///
/// # Errors
/// A type that is not in the list, or CUSTOM without its id; the field is `reason_id.…`.
pub fn read(adjustment: &Value) -> Result<Option<Box<Value>>, Refused> {
    let Some(reason) = adjustment.get("reason_id").filter(|reason| !reason.is_null()) else { return Ok(None) };
    let kind = wire::text(reason, "/type").unwrap_or_default();
    if !TYPES.contains(&kind) {
        let detail = format!("`{kind}` is not a type of reason.");
        return Err(Refused::field("INVALID_ENUM_VALUE", "reason_id.type", detail));
    }
    if kind == "CUSTOM" && wire::text(reason, "/custom_reason_id").is_none() {
        return Err(Refused::missing("reason_id.custom_reason_id"));
    }
    Ok(Some(Box::new(reason.clone())))
}

/// What a person typed, when it is one of the vendor's words; other words are kept by nobody, as in the real form.
pub fn typed(words: &str) -> Option<Box<Value>> {
    let kind = words.trim().to_uppercase().replace(' ', "_");
    (kind != "CUSTOM" && TYPES.contains(&kind.as_str())).then(|| Box::new(json!({ "type": kind })))
}
