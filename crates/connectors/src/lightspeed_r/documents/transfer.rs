//! A transfer that is not sent: `POST Inventory/Transfer.json`, then its items by `AddItems`.
//!
//! <https://developers.lightspeedhq.com/retail/endpoints/Inventory-Transfer/>, read 2026-11-24. No stock moves before people
//! send it. It is found again by the reference in its note; items that are on it already are not put on it again.

use std::collections::BTreeSet;

use model::ExternalLocation;
use serde_json::{Value, json};

use super::rows::{List, all, create, id, related, text};
use super::{Desk, MARGIN_MS, TRANSFERS, in_part, shop, units};
use crate::lightspeed_r::http_request::{DRIP, escaped};
use crate::lightspeed_r::requests::{ids, relation, second};
use crate::lightspeed_r::tape::Pause;
use crate::{Document, DocumentLine, Unsendable};

const LIST: List = List { path: "Inventory/Transfer", member: "Transfer", scope: TRANSFERS };
/// The platform does not say how long notes may be.
const NOTE_MAX: usize = 255;
/// Most items of one call.
const ITEMS_MAX: usize = 100;

/// The body: the transfer, and its items, which are put on it by calls of their own.
///
/// # Errors
/// When a line cannot be said, or an item is named twice.
pub(super) fn body(
    document: &Document,
    from: &ExternalLocation,
    to: &ExternalLocation,
    lines: &[DocumentLine],
) -> Result<Value, Unsendable> {
    let mut named = BTreeSet::new();
    let mut items = Vec::new();
    for (row, line) in lines.iter().enumerate() {
        let (item, units) = units(row, &line.external, line.quantity)?;
        if !named.insert(item) {
            return Err(Unsendable::Row { row, problem: "its item is on the transfer already".to_owned() });
        }
        items.push(json!({ "itemID": item, "toSend": units }));
    }
    Ok(json!({
        "Transfer": {
            "sendingShopID": shop(from)?,
            "receivingShopID": shop(to)?,
            "note": document.words(NOTE_MAX),
        },
        "TransferItems": items,
    }))
}

/// The transfer's id, once all items are on it.
///
/// # Errors
/// When there is a request to send, or what is wrong.
pub(super) fn make(
    document: &Document,
    lines: &[DocumentLine],
    body: &Value,
    desk: &mut Desk<'_>,
) -> Result<String, Pause> {
    let known = if desk.first { None } else { made_before(document, desk)? };
    let transfer = match &known {
        Some(known) => known.clone(),
        None => id(&create(LIST, LIST.path, &body["Transfer"], DRIP, desk)?, "transferID")?,
    };
    let there = match &known {
        Some(known) => on_it(known, desk)?,
        None => BTreeSet::new(),
    };
    let missing = lines.iter().zip(body["TransferItems"].as_array().into_iter().flatten());
    let missing: Vec<&Value> =
        missing.filter(|(line, _)| !there.contains(line.external.as_str())).map(|(_, item)| item).collect();
    for some in missing.chunks(ITEMS_MAX) {
        let added = List { member: "TransferItem", ..LIST };
        let at = format!("{}/{transfer}/AddItems", LIST.path);
        let items = create(added, &at, &json!({ "TransferItems": some }), DRIP, desk);
        items.map_err(|pause| in_part("transfer", &transfer, pause))?;
    }
    Ok(transfer)
}

fn made_before(document: &Document, desk: &mut Desk<'_>) -> Result<Option<String>, Pause> {
    let since = escaped(&format!(">=,{}", second(document.asked_at.plus_ms(-MARGIN_MS))));
    let rows = all(LIST, &format!("timeStamp={since}&sort=transferID&archived=true"), desk)?;
    let ours = rows.iter().find(|row| document.wrote(&text(row, "note")));
    ours.map(|row| id(row, "transferID")).transpose()
}

fn on_it(transfer: &str, desk: &mut Desk<'_>) -> Result<BTreeSet<String>, Pause> {
    let filter = ids("transferID", std::iter::once(transfer))?;
    let rows = all(LIST, &format!("{filter}&sort=transferID&archived=true&{}", relation("TransferItems")), desk)?;
    let items = rows.iter().flat_map(|row| related(row, "TransferItems", "TransferItem"));
    Ok(items.map(|item| text(&item, "itemID")).collect())
}
