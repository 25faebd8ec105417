//! Transfers: drafts, in which no stock moves. Called by the folder's `mod`; the key makes a repeat harmless.

use model::ExternalLocation;
use serde::Serialize;

use super::super::requests;
use super::{answer, bytes, named, queries, send, units};
use crate::{Account, Document, DocumentLine, Made, Run, Trouble, Unsendable};

#[derive(Serialize)]
struct Variables<'a> {
    input: Input<'a>,
    key: &'a str,
}

/// <https://shopify.dev/docs/api/admin-graphql/2026-10/input-objects/InventoryTransferCreateInput>
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Input<'a> {
    origin_location_id: String,
    destination_location_id: String,
    line_items: Vec<Line>,
    reference_name: &'a str,
    note: &'a str,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Line {
    inventory_item_id: String,
    quantity: i64,
}

/// The mutation.
///
/// # Errors
/// When an id is not Shopify's or a quantity not whole.
pub(super) fn compose(
    document: &Document,
    (from, to): (&ExternalLocation, &ExternalLocation),
    lines: &[DocumentLine],
) -> Result<Vec<u8>, Unsendable> {
    let line = |(row, line): (usize, &DocumentLine)| {
        let inventory_item_id = named(row, "InventoryItem", line.external.as_str(), "item")?;
        Ok(Line { inventory_item_id, quantity: units(row, line.quantity)? })
    };
    let input = Input {
        origin_location_id: named(0, "Location", from.as_str(), "location")?,
        destination_location_id: named(0, "Location", to.as_str(), "location")?,
        line_items: lines.iter().enumerate().map(line).collect::<Result<_, _>>()?,
        reference_name: &document.reference,
        note: &document.note,
    };
    Ok(bytes(queries::TRANSFER_MAKE, Variables { input, key: &document.reference }))
}

/// One request does it.
///
/// # Errors
/// What the reply says.
pub(super) fn step(body: &[u8], account: &Account, run: &Run<'_>) -> Result<Made, Trouble> {
    match run.replies.last() {
        None => send(requests::carry(body, account)?),
        Some(reply) => answer::made(reply).map(Made::Done),
    }
}
