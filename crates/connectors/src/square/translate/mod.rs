//! Their shapes to our words. Used by `webhook` and `learn`; knows no headers, requests or replies.

mod item;
mod order;
mod paid;
mod party;

pub(super) use item::{items, title};
pub(super) use order::order;
pub(super) use party::{customer, gone_customer, location, subscription};

use model::{Currency, ExternalItem, ExternalLocation, Instant, Level, Money, Quantity};

use super::wire::{self, unreadable};
use crate::{LevelHint, Unreadable};

/// A level from a count; `None` when the count is not one of goods that can be sold: another state, a count of the
/// restaurant app's items, or one computed from the parts of a composed variation, which nobody can write.
pub(super) fn level(path: &str, count: &wire::Count) -> Result<Option<LevelHint>, Unreadable> {
    let ours = count.state == "IN_STOCK"
        && count.catalog_object_type.as_deref().is_none_or(|kind| kind == "ITEM_VARIATION")
        && count.is_estimated != Some(true);
    if !ours {
        return Ok(None);
    }
    let quantity =
        Level::parse(&count.quantity).map_err(|error| unreadable(at(path, "quantity"), format!("is {error}")))?;
    Ok(Some(LevelHint {
        external: ExternalItem::new(id(&at(path, "catalog_object_id"), &count.catalog_object_id)?),
        location: ExternalLocation::new(id(&at(path, "location_id"), &count.location_id)?),
        level: Some(quantity),
    }))
}

/// An id that may be used: opaque, but not empty.
pub(super) fn id<'a>(path: &str, text: &'a str) -> Result<&'a str, Unreadable> {
    if text.trim().is_empty() { Err(unreadable(path, "is empty")) } else { Ok(text) }
}

fn at(path: &str, field: &str) -> String {
    if path.is_empty() { field.to_owned() } else { format!("{path}.{field}") }
}

fn instant(path: &str, text: &str) -> Result<Instant, Unreadable> {
    Instant::parse(text).map_err(|error| unreadable(path, format!("is {error}")))
}

/// A version of our own for what has none: its time of change, which rises too. Never mixed with Square's versions,
/// because a document or profile either always has one or never.
fn version_from(at: Instant) -> u64 {
    u64::try_from(at.0).unwrap_or(0)
}

fn quantity(path: &str, text: &str) -> Result<Quantity, Unreadable> {
    Quantity::parse(text).map_err(|error| unreadable(path, format!("is {error}")))
}

/// `None` when there is no amount.
fn money(path: &str, money: Option<&wire::Money>, usual: Currency) -> Result<Option<Money>, Unreadable> {
    let Some((money, minor)) = money.and_then(|money| money.amount.map(|minor| (money, minor))) else {
        return Ok(None);
    };
    let currency = match &money.currency {
        Some(code) => Currency::parse(code).ok_or_else(|| unreadable(at(path, "currency"), "is no ISO 4217 code"))?,
        None => usual,
    };
    Ok(Some(Money { minor, currency }))
}

/// Gift cards and amounts typed by hand have no stock, whatever id they carry.
fn item(catalog_object_id: Option<&str>, item_type: Option<&str>) -> Option<ExternalItem> {
    let counted = item_type.is_none_or(|kind| kind == "ITEM");
    catalog_object_id.filter(|_| counted).map(ExternalItem::new).filter(|id| !id.is_empty())
}
