//! A transfer order, made as a draft, of which no stock moves: `POST /v2/transfer-orders`.
//!
//! `CreateTransferOrderRequest` of npm `square` 46.0.0 (2026-09-16), read 2026-11-24. It is sent off by people there.

use model::ExternalLocation;
use serde_json::{Value, json};

use super::id;
use crate::{Document, DocumentLine, Unsendable};

/// Square does not say how long notes may be.
const NOTES_MAX: usize = 500;

/// The body.
///
/// # Errors
/// When an id is empty.
pub(super) fn body(
    document: &Document,
    from: &ExternalLocation,
    to: &ExternalLocation,
    lines: &[DocumentLine],
) -> Result<Value, Unsendable> {
    let said = lines.iter().enumerate().map(|(row, line)| {
        let variation = id(line.external.as_str(), row)?;
        Ok(json!({ "item_variation_id": variation, "quantity_ordered": line.quantity.to_string() }))
    });
    Ok(json!({
        "idempotency_key": document.reference,
        "transfer_order": {
            "source_location_id": id(from.as_str(), 0)?,
            "destination_location_id": id(to.as_str(), 0)?,
            "notes": document.words(NOTES_MAX),
            "line_items": said.collect::<Result<Vec<_>, Unsendable>>()?,
        },
    }))
}
