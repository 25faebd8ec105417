//! Transfers made by the hub.

use std::collections::BTreeSet;

use serde_json::Value;

use super::{Change, Payload, Refused, UserError, rows, text_of};
use crate::shopify::api::arguments::Arguments;
use crate::shopify::api::node::{Node, Out};
use crate::shopify::ids::Kind;
use crate::shopify::shop::{Shop, TransferForm};

/// `inventoryTransferCreate`: a draft.
pub(super) fn make(change: &mut Change<'_>, arguments: &Arguments) -> Result<Payload, Refused> {
    let input = arguments.0.get("input").unwrap_or(&Value::Null);
    let mut errors = Vec::new();
    let from = place(change.shop, input, "originLocationId", &mut errors);
    let to = place(change.shop, input, "destinationLocationId", &mut errors);
    if from.is_some() && from == to {
        let message = "The origin location cannot be the same as the destination location.";
        let code = "TRANSFER_ORIGIN_CANNOT_BE_THE_SAME_AS_DESTINATION";
        errors.push(UserError::new(&["input", "destinationLocationId"], code, message));
    }
    let mut lines = Vec::new();
    let mut seen = BTreeSet::new();
    for (number, row) in rows(input, "lineItems")?.iter().enumerate() {
        match line(change.shop, number, row) {
            Ok((article, _)) if !seen.insert(article) => {
                let field = ["input", "lineItems", &number.to_string(), "inventoryItemId"];
                errors.push(UserError::new(&field, "DUPLICATE_ITEM", "A single item can't be listed twice."));
            }
            Ok(found) => lines.push(found),
            Err(error) => errors.push(error),
        }
    }
    if !errors.is_empty() {
        return Err(Refused::User(errors));
    }
    let text = |name| text_of(input, name).to_owned();
    let form = TransferForm { from, to, lines, reference: text("referenceName"), note: text("note") };
    let transfer = change.shop.draft_transfer(form, change.now);
    Ok(vec![("inventoryTransfer", Out::Node(Node::Transfer(transfer)))])
}

fn place(shop: &Shop, input: &Value, name: &str, errors: &mut Vec<UserError>) -> Option<usize> {
    let id = input.get(name).and_then(Value::as_str)?;
    let found = shop.ids.home_of_gid(Kind::Location, id).map(|[index, ..]| index);
    if found.is_none() {
        let message = "The location selected can't be found.";
        errors.push(UserError::new(&["input", name], "LOCATION_NOT_FOUND", message));
    }
    found
}

fn line(shop: &Shop, number: usize, row: &Value) -> Result<(usize, i64), UserError> {
    let wrong = |field: &str, code, message: &str| {
        UserError::new(&["input", "lineItems", &number.to_string(), field], code, message)
    };
    let home = shop.ids.home_of_gid(Kind::InventoryItem, text_of(row, "inventoryItemId"));
    let article = home.map(|[index, ..]| index).filter(|index| !shop.articles[*index].deleted);
    let article = article.ok_or_else(|| wrong("inventoryItemId", "ITEM_NOT_FOUND", "The item was not found."))?;
    if !shop.articles[article].tracked {
        return Err(wrong("inventoryItemId", "UNTRACKED_ITEM", "The item does not track inventory."));
    }
    match row.get("quantity").and_then(Value::as_i64) {
        Some(quantity) if quantity > 0 => Ok((article, quantity)),
        Some(_) | None => Err(wrong("quantity", "INVALID_QUANTITY", "The quantity is invalid.")),
    }
}
