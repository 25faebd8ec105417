//! Their shapes to our words. Used by `webhook`, `learn` and `write`; knows no headers, requests or replies.

mod date;
mod item;
mod order;
mod party;
mod placed;

pub(super) use date::instant;
pub(super) use item::items;
pub(super) use order::{Status, may_change, order, version};
pub(super) use party::{customer, location};
pub(super) use placed::{Placed, included, refunded};

use model::{Currency, ExternalItem, ExternalLocation, Level, Money, Quantity};

use super::wire::{Amount, Count, Id, StockItem, unreadable};
use crate::{LevelHint, Unreadable};

/// The levels of an item at all its locations.
///
/// # Errors
/// Names the field below `path`.
pub(super) fn levels(path: &str, item: &StockItem) -> Result<Vec<LevelHint>, Unreadable> {
    let identity = &item.identity;
    let external = external(identity.variant_id, identity.product_id)
        .ok_or_else(|| unreadable(format!("{path}.identity"), "names neither a variant nor a product"))?;
    let levels = item.locations.iter().enumerate().map(|(index, place)| {
        let field = format!("{path}.locations[{index}].available_to_sell");
        Ok(LevelHint {
            external: external.clone(),
            location: ExternalLocation::new(&place.location_id.to_string()),
            level: Some(level(&field, &place.available_to_sell)?),
        })
    });
    levels.collect()
}

/// A variant's id, or that of the product whose only variant it is.
fn external(variant: Option<Id>, product: Option<Id>) -> Option<ExternalItem> {
    let variant = variant.filter(|id| !id.is_zero()).map(|id| id.to_string());
    let product = || product.filter(|id| !id.is_zero()).map(|id| format!("product:{id}"));
    variant.or_else(product).map(|id| ExternalItem::new(&id))
}

fn level(path: &str, count: &Count) -> Result<Level, Unreadable> {
    Level::parse(count.as_str()).map_err(|error| unreadable(path, format!("is {error}")))
}

fn quantity(path: &str, count: &Count) -> Result<Quantity, Unreadable> {
    Quantity::parse(count.as_str()).map_err(|error| unreadable(path, format!("is {error}")))
}

/// A price in whole coins. `None` when the platform computed one that is not (a price without its tax has four
/// decimals): it is no price that could be told exactly.
///
/// # Errors
/// When it is no number at all.
fn price(path: &str, amount: &Amount, currency: Currency) -> Result<Option<Money>, Unreadable> {
    let exact = Money::parse(amount.as_str(), currency);
    if exact.is_none() && rounded(amount.as_str(), currency).is_none() {
        return Err(unreadable(path, "is not an amount"));
    }
    Ok(exact)
}

/// What is paid is whole coins; a sum that the platform tells with more decimals is rounded as a till rounds.
///
/// # Errors
/// When it is no number at all.
pub(super) fn paid(path: &str, amount: &Amount, currency: Currency) -> Result<Money, Unreadable> {
    let exact = Money::parse(amount.as_str(), currency);
    exact.or_else(|| rounded(amount.as_str(), currency)).ok_or_else(|| unreadable(path, "is not an amount"))
}

/// Half a coin away from zero.
fn rounded(text: &str, currency: Currency) -> Option<Money> {
    let (whole, fraction) = text.split_once('.')?;
    let places = currency.decimals() as usize;
    if fraction.len() <= places || !fraction.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let (kept, rest) = fraction.split_at(places);
    let down = Money::parse(&if kept.is_empty() { whole.to_owned() } else { format!("{whole}.{kept}") }, currency)?;
    let step = match (rest.as_bytes().first().is_some_and(|digit| *digit >= b'5'), whole.starts_with('-')) {
        (false, _) => 0,
        (true, false) => 1,
        (true, true) => -1,
    };
    Some(Money { minor: down.minor.checked_add(step)?, currency })
}

/// Text that is there and says something.
fn said(text: Option<&String>) -> Option<&str> {
    text.map(|text| text.trim()).filter(|text| !text.is_empty())
}

fn at(path: &str, field: &str) -> String {
    if path.is_empty() { field.to_owned() } else { format!("{path}.{field}") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sum_with_more_decimals_is_rounded_half_away_from_zero() {
        let euro = Currency::parse("EUR").expect("three letters");
        let yen = Currency::parse("JPY").expect("three letters");
        let minor = |text: &str, currency| rounded(text, currency).map(|money| money.minor);
        assert_eq!(minor("41.9049", euro), Some(4190));
        assert_eq!(minor("41.9050", euro), Some(4191));
        assert_eq!(minor("-0.0050", euro), Some(-1));
        assert_eq!(minor("499.5000", yen), Some(500));
        assert_eq!(minor("12.34x", euro), None);
        assert_eq!(minor("1e5.001", euro), None);
        assert_eq!(minor("92233720368547758.079", euro), None);
    }
}
