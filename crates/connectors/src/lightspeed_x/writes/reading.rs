//! What the levels of a batch show right now. Used by `levels` before anything but less stock is written.

use std::collections::{BTreeMap, BTreeSet};

use model::Level;
use serde_json::json;

use super::{Part, Replies};
use crate::lightspeed_x::http_request::search;
use crate::lightspeed_x::requests::levels_of_item;
use crate::lightspeed_x::translate::{self, needed, quantity_there};
use crate::lightspeed_x::trouble::{self, garbled};
use crate::lightspeed_x::wire::{self, element, list};
use crate::{Account, Reply, Row, Trouble, Unreadable};

/// Levels of a page of the report.
const PAGE: usize = 10_000;

/// Levels by product and outlet.
pub(super) type Shown = BTreeMap<(String, String), Level>;

/// What a row's level shows. A product without a record at an outlet has none there.
pub(super) fn level(shown: &Shown, row: &Row) -> Level {
    let key = (row.external.as_str().to_owned(), row.location.as_str().to_owned());
    shown.get(&key).copied().unwrap_or(Level::ZERO)
}

/// The levels of all products of these rows. The report answers for many products at once; where a store does not have
/// it, they are asked for one by one.
///
/// # Errors
/// When a reply is none.
pub(super) fn shown(rows: &[&Row], account: &Account, replies: &mut Replies<'_>) -> Result<Part<Shown>, Trouble> {
    let products: BTreeSet<&str> = rows.iter().map(|row| row.external.as_str()).collect();
    let outlets: BTreeSet<&str> = rows.iter().map(|row| row.location.as_str()).collect();
    let mut shown = Shown::new();
    let mut offset = 0;
    loop {
        let Some(reply) = replies.next() else {
            let body = json!({
                "product_ids": products, "location_ids": outlets, "include_inactive": true,
                "include_composites": true, "size": PAGE, "offset": offset, "sort_type": "created_at",
                "sort_direction": "asc",
            });
            return Ok(Part::Ask(Box::new(search(account, "/inventory_levels", &body)?)));
        };
        if matches!(reply.status, 404 | 405 | 501) {
            return one_by_one(&products, account, replies);
        }
        let count = report(reply, &mut shown)?;
        if count < PAGE {
            return Ok(Part::Known(shown));
        }
        offset += count;
    }
}

fn report(reply: &Reply, shown: &mut Shown) -> Result<usize, Trouble> {
    trouble::check(reply)?;
    let rows = list(&reply.body).map_err(garbled)?;
    for (index, value) in rows.iter().enumerate() {
        let (key, level) = row(&format!("[{index}]"), value).map_err(garbled)?;
        shown.insert(key, level);
    }
    Ok(rows.len())
}

fn row(place: &str, value: &serde_json::Value) -> Result<((String, String), Level), Unreadable> {
    let seen: wire::Level = element(place, value)?;
    let product = needed(place, "product_id", seen.product_id.as_deref())?;
    let outlet = needed(place, "location_id", seen.location_id.as_deref())?;
    let level = quantity_there(place, seen.current_inventory_level.as_ref())?;
    Ok(((product.to_owned(), outlet.to_owned()), level))
}

fn one_by_one(products: &BTreeSet<&str>, account: &Account, replies: &mut Replies<'_>) -> Result<Part<Shown>, Trouble> {
    let mut shown = Shown::new();
    for product in products {
        let Some(reply) = replies.next() else {
            return Ok(Part::Ask(Box::new(levels_of_item(account, product)?)));
        };
        // A product that is not there shows nothing.
        if reply.status == 404 {
            continue;
        }
        trouble::check(reply)?;
        records(reply, &mut shown).map_err(garbled)?;
    }
    Ok(Part::Known(shown))
}

fn records(reply: &Reply, shown: &mut Shown) -> Result<(), Unreadable> {
    for (index, value) in list(&reply.body)?.iter().enumerate() {
        let place = format!("[{index}]");
        let hint = translate::level(&place, &element(&place, value)?)?;
        if let Some((hint, level)) = hint.and_then(|hint| hint.level.map(|level| (hint, level))) {
            shown.insert((hint.external.as_str().to_owned(), hint.location.as_str().to_owned()), level);
        }
    }
    Ok(())
}
