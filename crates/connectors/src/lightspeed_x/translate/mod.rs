//! Their shapes to our words. Used by `learn` and `writes`; knows no headers, requests or replies.

mod item;
mod party;
mod sale;

pub(super) use item::{barcodes, item, price, title};
pub(super) use party::{customer, location, subscription};
pub(super) use sale::sale;

use model::{ExternalItem, ExternalLocation, Instant, Level};

use super::decimal::Decimal;
use super::wire::{self, beneath, unreadable};
use crate::{LevelHint, Unreadable};

/// A level; `None` for one of a deleted product.
///
/// # Errors
/// Names the field below `path` that is not what it should be.
pub(super) fn level(path: &str, seen: &wire::Inventory) -> Result<Option<LevelHint>, Unreadable> {
    if given(seen.deleted_at.as_deref()).is_some() {
        return Ok(None);
    }
    Ok(Some(LevelHint {
        external: ExternalItem::new(needed(path, "product_id", seen.product_id.as_deref())?),
        location: ExternalLocation::new(needed(path, "outlet_id", seen.outlet_id.as_deref())?),
        level: Some(quantity_there(path, seen.current_inventory_level.as_ref())?),
    }))
}

/// What `current_inventory_level` says.
///
/// # Errors
/// When it is missing, has more than five decimals, or is too large.
pub(super) fn quantity_there(path: &str, level: Option<&Decimal>) -> Result<Level, Unreadable> {
    let field = beneath(path, "current_inventory_level");
    let level = level.ok_or_else(|| unreadable(&field, "is missing"))?;
    Level::parse(level.as_str()).map_err(|error| unreadable(field, format!("is {error}")))
}

/// Text that says something: Lightspeed writes nothing as absent, null or empty.
pub(super) fn given(text: Option<&str>) -> Option<&str> {
    text.map(str::trim).filter(|text| !text.is_empty())
}

/// An id or another text without which nothing can be said.
///
/// # Errors
/// When it is missing or empty.
pub(super) fn needed<'a>(path: &str, field: &str, text: Option<&'a str>) -> Result<&'a str, Unreadable> {
    match text {
        Some(_) => given(text).ok_or_else(|| unreadable(beneath(path, field), "is empty")),
        None => Err(unreadable(beneath(path, field), "is missing")),
    }
}

/// A time: with an offset in the dated versions, without one and in UTC in the old shapes.
///
/// # Errors
/// When it is neither.
pub(super) fn instant(path: &str, text: &str) -> Result<Instant, Unreadable> {
    let old = text.trim().replacen(' ', "T", 1);
    let read = Instant::parse(text).or_else(|_| Instant::parse(&format!("{old}Z")));
    read.map_err(|error| unreadable(path, format!("is {error}")))
}
