//! Our writes of levels as Shopify's mutations, and what their replies say became of each row.
//!
//! Called through `Connector::compose` and `Connector::hear`. State `available` is what the hub writes.
//! <https://shopify.dev/docs/apps/build/orders-fulfillment/inventory-management-apps/manage-quantities-states>

use std::collections::{BTreeMap, BTreeSet};

use model::{Level, Note, Outcome, WriteMode};
use serde::{Deserialize, Serialize};

use super::graph::{AdjustmentGroup, UserError};
use super::{listing, queries, reply, requests, verdict};
use crate::{Batch, Reply, Row, Trouble, Unsendable};

/// Most rows in one request, and the platform's limit of a level.
pub(super) const ROWS_MAX: usize = 250;
const UNITS_MAX: i64 = 1_000_000_000;

#[derive(Serialize)]
struct Body<'a, I> {
    query: &'static str,
    variables: Variables<'a, I>,
}

#[derive(Serialize)]
struct Variables<'a, I> {
    key: &'a str,
    input: I,
}

/// <https://shopify.dev/docs/api/admin-graphql/2026-10/input-objects/InventoryAdjustQuantitiesInput>
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Adjust {
    name: &'static str,
    reason: &'static str,
    reference_document_uri: String,
    changes: Vec<Change>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Change {
    inventory_item_id: String,
    location_id: String,
    delta: i64,
    /// Always written: `null` means "do not compare", leaving it out is refused.
    change_from_quantity: Option<i64>,
}

/// <https://shopify.dev/docs/api/admin-graphql/2026-10/input-objects/InventorySetQuantitiesInput>
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Set {
    name: &'static str,
    reason: &'static str,
    reference_document_uri: String,
    quantities: Vec<SetRow>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct SetRow {
    inventory_item_id: String,
    location_id: String,
    quantity: i64,
    change_from_quantity: Option<i64>,
}

/// The body that carries a batch of levels, or tells what one of listings changes. The same batch gives the same bytes.
///
/// # Errors
/// When a row is not whole, too large, named twice, or has an id that is not Shopify's.
pub(super) fn compose(batch: &Batch) -> Result<Vec<u8>, Unsendable> {
    if batch.mode != WriteMode::List {
        check(batch)?;
    }
    match batch.mode {
        // Less stock must never wait for a comparison.
        WriteMode::Lower => adjust(batch, |_| Ok(None)),
        WriteMode::Raise => adjust(batch, |(index, row)| whole(index, row.from).map(Some)),
        WriteMode::Correct => set(batch),
        WriteMode::List => listing::compose(batch),
    }
}

fn adjust(
    batch: &Batch,
    compared: impl Fn((usize, &Row)) -> Result<Option<i64>, Unsendable>,
) -> Result<Vec<u8>, Unsendable> {
    let change = |(index, row): (usize, &Row)| {
        let (inventory_item_id, location_id) = requests::row_gids(index, &row.external, &row.location)?;
        let delta = whole(index, row.to)? - whole(index, row.from)?;
        if delta.abs() > UNITS_MAX {
            return Err(Unsendable::Row { row: index, problem: "more than a thousand million units".to_owned() });
        }
        Ok(Change { inventory_item_id, location_id, delta, change_from_quantity: compared((index, row))? })
    };
    let input = Adjust {
        name: "available",
        reason: "other",
        reference_document_uri: document(&batch.key),
        changes: batch.rows.iter().enumerate().map(change).collect::<Result<_, _>>()?,
    };
    Ok(bytes(&Body { query: queries::ADJUST_QUERY, variables: Variables { key: &batch.key, input } }))
}

fn set(batch: &Batch) -> Result<Vec<u8>, Unsendable> {
    let row = |(index, row): (usize, &Row)| {
        let (inventory_item_id, location_id) = requests::row_gids(index, &row.external, &row.location)?;
        let (quantity, from) = (whole(index, row.to)?, whole(index, row.from)?);
        Ok(SetRow { inventory_item_id, location_id, quantity, change_from_quantity: Some(from) })
    };
    let input = Set {
        name: "available",
        reason: "correction",
        reference_document_uri: document(&batch.key),
        quantities: batch.rows.iter().enumerate().map(row).collect::<Result<_, _>>()?,
    };
    Ok(bytes(&Body { query: queries::SET_QUERY, variables: Variables { key: &batch.key, input } }))
}

fn check(batch: &Batch) -> Result<(), Unsendable> {
    if batch.rows.is_empty() {
        return Err(Unsendable::Impossible("carry a batch of no rows"));
    }
    let mut named = BTreeSet::new();
    for (row, it) in batch.rows.iter().enumerate() {
        let refuse = |problem: &str| Err(Unsendable::Row { row, problem: problem.to_owned() });
        if row >= ROWS_MAX {
            return refuse("more rows than one request may have");
        }
        // Shopify refuses it for absolute levels, and for relative ones the reply could not be told apart.
        if !named.insert((&it.external, &it.location)) {
            return refuse("the same item at the same location twice");
        }
    }
    Ok(())
}

fn whole(row: usize, level: Level) -> Result<i64, Unsendable> {
    let refuse = |problem: &str| Err(Unsendable::Row { row, problem: problem.to_owned() });
    match level.floor_units() {
        _ if !level.is_whole() => refuse("this platform counts whole units only"),
        units if units.abs() > UNITS_MAX => refuse("more than a thousand million units"),
        units => Ok(units),
    }
}

/// What Shopify shows a merchant in an item's history as the cause of the change.
fn document(key: &str) -> String {
    let key: String = key.chars().map(|c| if c.is_ascii_alphanumeric() { c } else { '-' }).collect();
    format!("gid://lockstep/Write/{key}")
}

fn bytes<I: Serialize>(body: &Body<'_, I>) -> Vec<u8> {
    serde_json::to_vec(body).expect("plain structs with text keys become JSON")
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Answer {
    #[serde(alias = "inventorySetQuantities")]
    inventory_adjust_quantities: Payload,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Payload {
    inventory_adjustment_group: Option<AdjustmentGroup>,
    user_errors: Vec<UserError>,
}

/// What became of each row. A mutation is done whole or not at all.
///
/// When the key was seen before, Shopify repeats its first reply: `after` is then the level of that time, and what
/// happened since comes as news of its own.
///
/// # Errors
/// When the whole request was refused or put off, or nobody knows.
pub(super) fn hear(batch: &Batch, reply: &Reply) -> Result<Vec<Outcome>, Trouble> {
    let payload = reply::data::<Answer>(reply)?.inventory_adjust_quantities;
    if !payload.user_errors.is_empty() {
        return verdict::judge(&payload.user_errors, batch.rows.len());
    }
    let mut after: BTreeMap<(String, String), Option<Level>> = BTreeMap::new();
    for change in payload.inventory_adjustment_group.into_iter().flat_map(|group| group.changes) {
        if let (Some(item), Some(location), "available") = (&change.item, &change.location, change.name.as_str()) {
            let key = (item.id.number().to_owned(), location.id.number().to_owned());
            after.insert(key, change.quantity_after_change.map(super::scalar::Units::level));
        }
    }
    let outcome = |row: &Row| {
        let key = (row.external.as_str().to_owned(), row.location.as_str().to_owned());
        // A row that changed nothing is not listed among the changes.
        Outcome::Done { after: after.get(&key).copied().flatten() }
    };
    Ok(batch.rows.iter().map(outcome).collect())
}

/// A row that will never be taken, in the platform's words.
pub(super) fn never(words: &str) -> Outcome {
    Outcome::Never { because: Note::new(&reply::words(words)) }
}
