//! Units moved by the hub from one state to another within a location, for example from available to damaged.

use serde_json::{Value, json};

use super::inventory::{check_reason, group, written};
use super::{Change, Payload, Refused, UserError, rows, text_of};
use crate::shopify::api::arguments::Arguments;
use crate::shopify::ids::Kind;
use crate::shopify::records::SET_ASIDE;
use crate::shopify::shop::Shop;

/// A row that was found to be possible.
struct Move<'a> {
    place: (usize, usize),
    quantity: i64,
    from: &'a Value,
    to: &'a Value,
}

/// `inventoryMoveQuantities`.
pub(super) fn between(change: &mut Change<'_>, arguments: &Arguments) -> Result<Payload, Refused> {
    let input = arguments.0.get("input").unwrap_or(&Value::Null);
    let mut errors = check_reason(input);
    let mut moves = Vec::new();
    for (number, row) in rows(input, "changes")?.iter().enumerate() {
        match check(change.shop, &number.to_string(), row)? {
            Ok(checked) => moves.push(checked),
            Err(wrong) => errors.extend(wrong),
        }
    }
    if !errors.is_empty() {
        return Err(Refused::User(errors));
    }
    let mut changes = Vec::new();
    for Move { place, quantity, from, to } in moves {
        let names = (text_of(from, "name"), text_of(to, "name"));
        change.shop.move_between(place, names, quantity, change.now, change.happened);
        let level = change.shop.level(place.0, place.1).copied().unwrap_or_default();
        for (end, delta) in [(from, -quantity), (to, quantity)] {
            let name = text_of(end, "name");
            let ledger = end.get("ledgerDocumentUri").and_then(Value::as_str);
            changes.push(written(place, name, delta, level.named(name).unwrap_or(0), ledger));
        }
    }
    Ok(group(change, input, changes))
}

/// A row, or everything that is wrong with it.
fn check<'a>(shop: &Shop, number: &str, row: &'a Value) -> Result<Result<Move<'a>, Vec<UserError>>, Refused> {
    let (from, to) = (row.get("from").unwrap_or(&Value::Null), row.get("to").unwrap_or(&Value::Null));
    let error = |path: &[&str], code, message: &str| {
        UserError::new(&[&["input", "changes", number], path].concat(), code, message)
    };
    let mut errors = Vec::new();
    let quantity = row.get("quantity").and_then(Value::as_i64).unwrap_or(0);
    if quantity < 0 {
        errors.push(error(&["quantity"], "INVALID_QUANTITY_NEGATIVE", "The quantity can't be negative."));
    }
    if text_of(from, "locationId") != text_of(to, "locationId") {
        let message = "The quantities can't be moved between different locations.";
        errors.push(error(&[], "DIFFERENT_LOCATIONS", message));
    }
    if text_of(from, "name") == text_of(to, "name") {
        errors.push(error(&[], "SAME_QUANTITY_NAME", "The quantity names for each change can't be the same."));
    }
    let item = shop.ids.home_of_gid(Kind::InventoryItem, text_of(row, "inventoryItemId"));
    let location = shop.ids.home_of_gid(Kind::Location, text_of(from, "locationId"));
    let place = match (item, location) {
        (Some([article, ..]), Some([location, ..])) if shop.level(article, location).is_some() => {
            Some((article, location))
        }
        (_, None) => {
            let message = "The specified location could not be found.";
            errors.push(error(&["from", "locationId"], "INVALID_LOCATION", message));
            None
        }
        (_, Some(_)) => {
            let message = "The specified inventory item could not be found.";
            errors.push(error(&["inventoryItemId"], "INVALID_INVENTORY_ITEM", message));
            None
        }
    };
    for (side, end) in [("from", from), ("to", to)] {
        check_compare(number, side, end)?;
        let wrong = |field: &str, code, message: &str| error(&[side, field], code, message);
        errors.extend(check_end(shop, place, end, wrong));
    }
    Ok(match (place, errors.is_empty()) {
        (Some(place), true) => Ok(Move { place, quantity, from, to }),
        _ => Err(errors),
    })
}

/// One side of a move: its state, its ledger document, and the quantity that was expected there.
fn check_end(
    shop: &Shop,
    place: Option<(usize, usize)>,
    end: &Value,
    error: impl Fn(&str, &'static str, &str) -> UserError,
) -> Vec<UserError> {
    let mut errors = Vec::new();
    let name = text_of(end, "name");
    let ledger = !text_of(end, "ledgerDocumentUri").is_empty();
    match (name, ledger) {
        ("available", true) => {
            let message = "A ledger document URI is not allowed for available.";
            errors.push(error("ledgerDocumentUri", "INVALID_AVAILABLE_DOCUMENT", message));
        }
        ("available", false) => {}
        (name, _) if !SET_ASIDE.contains(&name) => {
            errors.push(error("name", "INVALID_QUANTITY_NAME", "The specified quantity name is invalid."));
        }
        (_, true) => {}
        (_, false) => {
            let message = "A ledger document URI is required except for available.";
            errors.push(error("ledgerDocumentUri", "INVALID_QUANTITY_DOCUMENT", message));
        }
    }
    let level = place.and_then(|(article, location)| shop.level(article, location));
    let now = level.and_then(|level| level.named(name));
    let expected = end.get("changeFromQuantity").and_then(Value::as_i64);
    if let (Some(now), Some(expected)) = (now, expected)
        && now != expected
    {
        let message = "The changeFromQuantity argument no longer matches the persisted quantity.";
        errors.push(error("changeFromQuantity", "CHANGE_FROM_QUANTITY_STALE", message));
    }
    errors
}

fn check_compare(number: &str, side: &str, end: &Value) -> Result<(), Refused> {
    if end.get("changeFromQuantity").is_some() {
        return Ok(());
    }
    Err(Refused::Call(json!({
        "message": "The changeFromQuantity argument is required; pass null to skip the comparison.",
        "path": ["input", "changes", number, side, "changeFromQuantity"],
        "extensions": {"code": "INVALID_FIELD_ARGUMENTS"},
    })))
}
