//! What a sale needs of the shop: who rings it up, at which till, and what a product costs with which tax. Used by `sale`
//! and `refund`.

use model::ExternalLocation;
use serde_json::{Number, Value};

use super::desk::{Desk, Stop, id, is_gone, refused, text};
use crate::lightspeed_x::decimal::Decimal;
use crate::lightspeed_x::trouble::garbled;
use crate::lightspeed_x::wire::{Product, element, unreadable};

/// The account's owner, in whose name sales are made.
pub(super) fn author(desk: &mut Desk<'_>) -> Result<String, Stop> {
    let owner = |user: &Value| user["is_primary_user"] == Value::Bool(true) && !is_gone(user);
    match desk.first("/users", owner)? {
        Some(user) => id(&user),
        None => Err(refused("Lightspeed names no owner of the account in whose name it could be made")),
    }
}

/// A till of an outlet.
pub(super) fn register(desk: &mut Desk<'_>, outlet: &ExternalLocation) -> Result<String, Stop> {
    let there = |till: &Value| text(till, "outlet_id") == outlet.as_str() && !is_gone(till);
    match desk.first("/registers", there)? {
        Some(till) => id(&till),
        None => Err(refused("this outlet has no register, so nothing is sold or taken back there")),
    }
}

/// Price without tax, tax, and which tax, of one.
pub(super) struct Price {
    pub(super) price: Decimal,
    pub(super) tax: Decimal,
    pub(super) tax_id: String,
}

/// What a product costs at an outlet.
pub(super) fn price(desk: &mut Desk<'_>, product: &str, outlet: &ExternalLocation) -> Result<Price, Stop> {
    let gone = || refused("an item is not in Lightspeed's catalogue any more");
    let record = desk.find(&format!("/products/{product}"))?.filter(|record| !is_gone(record)).ok_or_else(gone)?;
    let known: Product = element("data", &record).map_err(garbled)?;
    let price =
        known.price_excluding_tax.ok_or_else(|| garbled(unreadable("data.price_excluding_tax", "is missing")))?;
    let taxes = record["outlet_taxes"].as_array().map(Vec::as_slice).unwrap_or_default();
    let tax_id = taxes.iter().find(|tax| text(tax, "outlet_id") == outlet.as_str()).map(|tax| text(tax, "tax_id"));
    let tax_id = tax_id.ok_or_else(|| refused("Lightspeed names no tax for an item at this outlet"))?.to_owned();
    let tax = match known.price_including_tax {
        Some(whole) => whole.plus(&price.negated()),
        None => price.times(&rate(desk, &tax_id)?),
    };
    let tax = tax.ok_or_else(|| garbled(unreadable("data.price_excluding_tax", "has too many digits")))?;
    Ok(Price { price, tax, tax_id })
}

/// The rate of a tax: of all its parts.
fn rate(desk: &mut Desk<'_>, tax: &str) -> Result<Decimal, Stop> {
    let known = desk.first("/taxes", |record| text(record, "id") == tax)?;
    let known = known.ok_or_else(|| refused("Lightspeed does not know the tax of an item"))?;
    let bad = || garbled(unreadable("data.rates.rate", "is no number"));
    let rates = known["rates"].as_array().map(Vec::as_slice).unwrap_or_default();
    let rates = rates.iter().map(|rate| decimal(&rate["rate"]).ok_or_else(bad));
    let mut sum = Decimal::zero();
    for rate in rates {
        sum = sum.plus(&rate?).ok_or_else(bad)?;
    }
    Ok(sum)
}

/// A number of a record, exactly as it was written.
pub(super) fn decimal(value: &Value) -> Option<Decimal> {
    match value {
        Value::String(text) => Decimal::parse(text),
        Value::Number(number) => Decimal::parse(&number.to_string()),
        _ => None,
    }
}

/// A decimal as a JSON number.
pub(super) fn number(decimal: &Decimal) -> Result<Value, Stop> {
    let number: Result<Number, _> = decimal.as_str().parse();
    number.map(Value::Number).map_err(|_| refused("an amount has too many digits to be told"))
}
