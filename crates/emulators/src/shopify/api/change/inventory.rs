//! Stock written by the hub: set and adjust with compare, activate.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use super::{Change, Payload, Refused, UserError, rows, text_of};
use crate::shopify::api::arguments::Arguments;
use crate::shopify::api::node::{Node, Out};
use crate::shopify::body::utc_seconds;
use crate::shopify::ids::{Kind, gid};
use crate::shopify::shop::{Movement, Shop};

/// The vendor's limit for one level.
const QUANTITY_MAX: i64 = 1_000_000_000;

/// Reasons that the vendor knows.
const REASONS: [&str; 17] = [
    "correction",
    "cycle_count_available",
    "damaged",
    "movement_canceled",
    "movement_created",
    "movement_received",
    "movement_updated",
    "other",
    "promotion",
    "quality_control",
    "received",
    "reservation_created",
    "reservation_deleted",
    "reservation_updated",
    "restock",
    "safety_stock",
    "shrinkage",
];

/// A row whose item and location were found.
struct Row {
    article: usize,
    location: usize,
    delta: i64,
}

/// `inventorySetQuantities`.
pub(super) fn set(change: &mut Change<'_>, arguments: &Arguments) -> Result<Payload, Refused> {
    let input = arguments.0.get("input").unwrap_or(&Value::Null);
    let name = text_of(input, "name");
    let mut errors = check_head(input, name, &["available", "on_hand"], "INVALID_NAME");
    let mut seen = BTreeSet::new();
    let mut found = Vec::new();
    for (number, row) in rows(input, "quantities")?.iter().enumerate() {
        let at = Place { list: "quantities", number, row };
        at.check_compare()?;
        let quantity = row.get("quantity").and_then(Value::as_i64).unwrap_or(0);
        if let Some((code, message)) = quantity_fault(quantity) {
            errors.push(at.error("quantity", code, message));
        }
        let Some((article, location)) = at.find(change.shop, &mut errors) else { continue };
        if !seen.insert((article, location)) {
            let code = "NO_DUPLICATE_INVENTORY_ITEM_ID_GROUP_ID_PAIR";
            errors.push(at.error("inventoryItemId", code, "The item and location are named twice."));
        }
        let now = change.shop.level(article, location).and_then(|level| level.named(name)).unwrap_or(0);
        errors.extend(at.stale(now));
        found.push(Row { article, location, delta: quantity - now });
    }
    apply(change, input, &found, errors)
}

/// `inventoryAdjustQuantities`, for the state `available`.
pub(super) fn adjust(change: &mut Change<'_>, arguments: &Arguments) -> Result<Payload, Refused> {
    let input = arguments.0.get("input").unwrap_or(&Value::Null);
    let name = text_of(input, "name");
    let mut errors = check_head(input, name, &["available"], "INVALID_QUANTITY_NAME");
    let mut found = Vec::new();
    for (number, row) in rows(input, "changes")?.iter().enumerate() {
        let at = Place { list: "changes", number, row };
        at.check_compare()?;
        if row.get("ledgerDocumentUri").is_some_and(|uri| !uri.is_null()) {
            let message = "A ledger document URI is not allowed when adjusting available.";
            errors.push(at.error("ledgerDocumentUri", "INVALID_AVAILABLE_DOCUMENT", message));
        }
        let Some((article, location)) = at.find(change.shop, &mut errors) else { continue };
        let delta = row.get("delta").and_then(Value::as_i64).unwrap_or(0);
        let now = change.shop.level(article, location).map_or(0, |level| level.available);
        match now + delta {
            after if after > QUANTITY_MAX => {
                let message = "The quantity can't be higher than 1,000,000,000.";
                errors.push(at.error("delta", "INVALID_QUANTITY_TOO_HIGH", message));
            }
            after if after < -QUANTITY_MAX => {
                let message = "The quantity can't be lower than -1,000,000,000.";
                errors.push(at.error("delta", "INVALID_QUANTITY_TOO_LOW", message));
            }
            _ => {}
        }
        errors.extend(at.stale(now));
        found.push(Row { article, location, delta });
    }
    apply(change, input, &found, errors)
}

/// `inventoryActivate`. Everything tracked is stocked everywhere here, so there is nothing left to activate, and a
/// quantity is refused as the vendor refuses it for an active level.
pub(super) fn activate(change: &mut Change<'_>, arguments: &Arguments) -> Result<Payload, Refused> {
    let shop = &change.shop;
    let item = arguments.text("inventoryItemId").unwrap_or("");
    let place = arguments.text("locationId").unwrap_or("");
    let article = shop.ids.home_of_gid(Kind::InventoryItem, item).map(|[index, ..]| index);
    let location = shop.ids.home_of_gid(Kind::Location, place).map(|[index, ..]| index);
    let (Some(article), Some(location)) = (article, location) else {
        return Err(UserError::new(&["inventoryItemId"], "", "The product or location couldn't be found.").into());
    };
    if shop.level(article, location).is_none() {
        return Err(UserError::new(&["inventoryItemId"], "", "The item is not tracked.").into());
    }
    if arguments.get("available").is_some() || arguments.get("onHand").is_some() {
        let message = "Not allowed to set available quantity when the item is already active at the location.";
        return Err(UserError::new(&["available"], "", message).into());
    }
    Ok(vec![("inventoryLevel", Out::Node(Node::Level(article, location)))])
}

fn check_head(input: &Value, name: &str, names: &[&str], code: &'static str) -> Vec<UserError> {
    let mut errors = check_reason(input);
    if !names.contains(&name) {
        let message = format!("The quantity name must be one of: {}.", names.join(", "));
        errors.insert(0, UserError::new(&["input", "name"], code, message));
    }
    errors
}

/// Reason and reference document, which every write of stock has.
pub(super) fn check_reason(input: &Value) -> Vec<UserError> {
    let mut errors = Vec::new();
    if !REASONS.contains(&text_of(input, "reason")) {
        let message = "The specified reason is invalid.";
        errors.push(UserError::new(&["input", "reason"], "INVALID_REASON", message));
    }
    let document = text_of(input, "referenceDocumentUri");
    if !document.is_empty() && !document.contains("://") {
        let message = "The specified reference document is invalid.";
        let field = ["input", "referenceDocumentUri"];
        errors.push(UserError::new(&field, "INVALID_REFERENCE_DOCUMENT", message));
    }
    errors
}

fn quantity_fault(quantity: i64) -> Option<(&'static str, &'static str)> {
    match quantity {
        ..0 => Some(("INVALID_QUANTITY_NEGATIVE", "The quantity can't be negative.")),
        0..=QUANTITY_MAX => None,
        _ => Some(("INVALID_QUANTITY_TOO_HIGH", "The quantity can't be higher than 1,000,000,000.")),
    }
}

/// Where a row stands in the input.
struct Place<'a> {
    list: &'static str,
    number: usize,
    row: &'a Value,
}

impl Place<'_> {
    fn error(&self, field: &str, code: &'static str, message: &str) -> UserError {
        UserError::new(&["input", self.list, &self.number.to_string(), field], code, message)
    }

    /// The schema lets `changeFromQuantity` be left out, the vendor does not: null has to be said.
    fn check_compare(&self) -> Result<(), Refused> {
        if self.row.get("changeFromQuantity").is_some() {
            return Ok(());
        }
        Err(Refused::Call(json!({
            "message": "The changeFromQuantity argument is required; pass null to skip the comparison.",
            "path": ["input", self.list, self.number.to_string(), "changeFromQuantity"],
            "extensions": {"code": "INVALID_FIELD_ARGUMENTS"},
        })))
    }

    fn stale(&self, now: i64) -> Option<UserError> {
        let expected = self.row.get("changeFromQuantity").and_then(Value::as_i64)?;
        (expected != now).then(|| {
            let message = "The changeFromQuantity argument no longer matches the persisted quantity.";
            self.error("changeFromQuantity", "CHANGE_FROM_QUANTITY_STALE", message)
        })
    }

    fn find(&self, shop: &Shop, errors: &mut Vec<UserError>) -> Option<(usize, usize)> {
        let item = text_of(self.row, "inventoryItemId");
        let article = shop
            .ids
            .home_of_gid(Kind::InventoryItem, item)
            .map(|[index, ..]| index)
            .filter(|&index| shop.articles[index].tracked && !shop.articles[index].deleted);
        let place = text_of(self.row, "locationId");
        let location = shop.ids.home_of_gid(Kind::Location, place).map(|[index, ..]| index);
        if article.is_none() {
            let message = "The specified inventory item could not be found.";
            errors.push(self.error("inventoryItemId", "INVALID_INVENTORY_ITEM", message));
        }
        if location.is_none() {
            let message = "The specified location could not be found.";
            errors.push(self.error("locationId", "INVALID_LOCATION", message));
        }
        Some((article?, location?))
    }
}

/// Moves the stock, unless something was wrong. Both `available` and `on_hand` change by the same number, and both
/// are reported. A call that changes nothing has no adjustment group.
fn apply(change: &mut Change<'_>, input: &Value, found: &[Row], errors: Vec<UserError>) -> Result<Payload, Refused> {
    if !errors.is_empty() {
        return Err(Refused::User(errors));
    }
    let mut changes = Vec::new();
    for row in found.iter().filter(|row| row.delta != 0) {
        let by = Movement { available: row.delta, committed: 0 };
        change.shop.move_stock((row.article, row.location), by, change.now, change.happened);
        let level = change.shop.level(row.article, row.location).copied().unwrap_or_default();
        for (name, after) in [("available", level.available), ("on_hand", level.on_hand())] {
            changes.push(written((row.article, row.location), name, row.delta, after, None));
        }
    }
    Ok(group(change, input, changes))
}

/// The adjustment group that lists the changes; null when there are none.
pub(super) fn group(change: &mut Change<'_>, input: &Value, changes: Vec<Out>) -> Payload {
    if changes.is_empty() {
        return vec![("inventoryAdjustmentGroup", Out::NULL)];
    }
    let id = change.shop.ids.give(Kind::InventoryAdjustmentGroup, [0, 0, 0]);
    let document = text_of(input, "referenceDocumentUri");
    let group = Node::record(
        "InventoryAdjustmentGroup",
        vec![
            ("id", Out::from(gid(Kind::InventoryAdjustmentGroup, id))),
            ("createdAt", Out::from(utc_seconds(change.now))),
            ("reason", Out::from(text_of(input, "reason"))),
            ("referenceDocumentUri", if document.is_empty() { Out::NULL } else { Out::from(document) }),
            ("changes", Out::List(changes)),
        ],
    );
    vec![("inventoryAdjustmentGroup", Out::Node(group))]
}

/// One change of one state, with the ledger document where that state has one.
pub(super) fn written(
    (article, location): (usize, usize),
    name: &str,
    delta: i64,
    after: i64,
    ledger: Option<&str>,
) -> Out {
    Out::Node(Node::record(
        "InventoryChange",
        vec![
            ("name", Out::from(name)),
            ("delta", Out::from(delta)),
            ("quantityAfterChange", Out::from(after)),
            ("ledgerDocumentUri", ledger.map_or(Out::NULL, Out::from)),
            ("item", Out::Node(Node::Item(article))),
            ("location", Out::Node(Node::Location(location))),
        ],
    ))
}
