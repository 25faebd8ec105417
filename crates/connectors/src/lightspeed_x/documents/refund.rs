//! Refunds: returns of a closed sale, whose goods go back on the shelf of the outlet that takes them.
//!
//! <https://x-series-api.lightspeedhq.com/docs/returns>. Called by the folder's `mod`. A return is begun by an action,
//! which makes a parked sale with everything that may still come back; it counts only when that is closed with what
//! really came back and what is paid. The sale that is closed carries the reference, and the first sale lists its
//! returns, so a later run finds it. One that was begun and never closed moves nothing, and stays parked.

use model::{DocumentKey, ExternalLocation, Money, Quantity};
use serde_json::{Value, json};

use super::desk::{Desk, Stop, id, refused, text};
use super::{cannot, named, shop};
use crate::lightspeed_x::decimal::Decimal;
use crate::lightspeed_x::trouble::garbled;
use crate::lightspeed_x::wire::unreadable;
use crate::{Document, Unsendable};

/// What is to be given back.
pub(super) struct Asked<'a> {
    pub(super) order: &'a DocumentKey,
    pub(super) lines: &'a [(String, Quantity)],
    pub(super) amount: Money,
}

/// The closed return without its lines and payment, which have to be asked for.
///
/// # Errors
/// When an id is not Lightspeed's, no goods come back, or they are not to be put on a shelf.
pub(super) fn body(
    document: &Document,
    asked: &Asked<'_>,
    restock_at: Option<&ExternalLocation>,
) -> Result<Value, Unsendable> {
    named(0, asked.order.as_str(), "sale")?;
    let Some(outlet) = restock_at else {
        return cannot("give money back without putting the goods on the shelf that takes them back");
    };
    named(0, outlet.as_str(), "outlet")?;
    if asked.lines.is_empty() {
        return cannot("give money back for no goods");
    }
    for (row, (line, _)) in asked.lines.iter().enumerate() {
        named(row, line, "sale's line")?;
    }
    Ok(json!({ "state": "closed", "source": { "id": document.reference }, "note": document.note }))
}

/// Look for it, unless it cannot have been made; begin it; close it.
///
/// # Errors
/// What the last reply says; refused also when a line or so much of it is not there, or the amount is another than what
/// the goods cost.
pub(super) fn make(
    desk: &mut Desk<'_>,
    reference: &str,
    asked: &Asked<'_>,
    restock_at: Option<&ExternalLocation>,
    mut body: Value,
    first: bool,
) -> Result<String, Stop> {
    let Some(outlet) = restock_at else { return Err(refused("no outlet takes the goods back")) };
    let sale = desk.find(&format!("/sales/{}", asked.order.as_str()))?;
    let sale = sale.ok_or_else(|| refused("Lightspeed does not know this sale"))?;
    if !first && let Some(made) = made(desk, &sale, reference)? {
        return Ok(made);
    }
    let payment =
        paid_by(&sale).ok_or_else(|| refused("nothing was paid for this sale, so nothing can be given back"))?;
    let author = shop::author(desk)?;
    let register = shop::register(desk, outlet)?;
    let wanted = wanted(&sale, asked.lines)?;
    let begun = desk.act(&format!("/sales/{}/actions/return", asked.order.as_str()))?;
    let (lines, total) = came_back(&begun, &wanted)?;
    if Money::parse(total.as_str(), asked.amount.currency) != Some(asked.amount) {
        let words =
            format!("the goods cost {} with tax; Lightspeed gives back that, not {}", total.as_str(), asked.amount);
        return Err(refused(&words));
    }
    body["source"]["author_id"] = json!(author);
    body["source"]["register_id"] = json!(register);
    body["line_items"] = Value::Array(lines);
    let amount = Decimal::parse(&asked.amount.to_decimal()).map(|amount| amount.negated());
    let amount = amount.ok_or_else(|| refused("the amount is no number"))?;
    body["payments"] = json!([{ "amount": shop::number(&amount)?, "type": { "config_id": payment } }]);
    id(&desk.put(&format!("/sales/{}", id(&begun)?), &body)?)
}

/// The closed return of a sale that carries our reference.
fn made(desk: &mut Desk<'_>, sale: &Value, reference: &str) -> Result<Option<String>, Stop> {
    let returns = sale["return"]["return_sale_ids"].as_array().map(Vec::as_slice).unwrap_or_default();
    for back in returns.iter().filter_map(Value::as_str) {
        let Some(back) = desk.find(&format!("/sales/{}", named(0, back, "return")?))? else { continue };
        if text(&back["source"], "id") == reference && text(&back, "state") == "closed" {
            return id(&back).map(Some);
        }
    }
    Ok(None)
}

/// The way in which a sale was paid first.
fn paid_by(sale: &Value) -> Option<&str> {
    let payments = sale["payments"].as_array()?;
    payments.iter().map(|payment| text(&payment["type"], "config_id")).find(|config| !config.is_empty())
}

/// What comes back of a line of the first sale.
struct Wanted {
    product: String,
    price: Decimal,
    quantity: Decimal,
}

fn wanted(sale: &Value, lines: &[(String, Quantity)]) -> Result<Vec<Wanted>, Stop> {
    let known = sale["line_items"].as_array().map(Vec::as_slice).unwrap_or_default();
    let one = |(row, (line, quantity)): (usize, &(String, Quantity))| {
        let found = known.iter().find(|known| text(known, "id") == line);
        let found = found.ok_or_else(|| refused(&format!("Lightspeed does not know line {} of this sale", row + 1)))?;
        let quantity = Decimal::parse(&quantity.to_string()).ok_or_else(|| refused("a quantity is no number"))?;
        Ok(Wanted { product: text(&found["product"], "id").to_owned(), price: price(found)?, quantity })
    };
    lines.iter().enumerate().map(one).collect()
}

/// The lines of a begun return that really come back, and what they cost with tax. They name no line of the first sale, so
/// each is the next with the same product at the same price.
fn came_back(begun: &Value, wanted: &[Wanted]) -> Result<(Vec<Value>, Decimal), Stop> {
    let bad = || refused("an amount of the sale has too many digits");
    let mut open: Vec<&Value> = begun["line_items"].as_array().map(Vec::as_slice).unwrap_or_default().iter().collect();
    let (mut lines, mut total) = (Vec::new(), Decimal::zero());
    for one in wanted {
        let mut fits = open.iter().enumerate().map(|(at, line)| Ok((at, text(&line["product"], "id"), price(line)?)));
        let at = fits.find_map(|line: Result<_, Stop>| match line {
            Ok((at, product, price)) => (product == one.product && is_same(&price, &one.price)).then_some(Ok(at)),
            Err(stop) => Some(Err(stop)),
        });
        let line = open.remove(at.ok_or_else(|| refused("of a line everything has come back already"))??);
        let left = amount(line, "quantity")?;
        if left.plus(&one.quantity).ok_or_else(bad)?.is_positive() {
            return Err(refused("of a line less is left than is to come back"));
        }
        let tax = amount(&line["tax"], "amount")?;
        let each = one.price.plus(&tax).ok_or_else(bad)?;
        total = total.plus(&each.times(&one.quantity).ok_or_else(bad)?).ok_or_else(bad)?;
        lines.push(json!({
            "id": id(line)?,
            "product": { "id": one.product },
            "quantity": shop::number(&one.quantity.negated())?,
            "pricing": { "price": shop::number(&one.price)? },
            "tax": { "id": text(&line["tax"], "id"), "amount": shop::number(&tax)? },
        }));
    }
    Ok((lines, total.rounded()))
}

fn is_same(one: &Decimal, other: &Decimal) -> bool {
    one.plus(&other.negated()).is_some_and(|rest| !rest.is_positive() && !rest.is_negative())
}

fn price(line: &Value) -> Result<Decimal, Stop> {
    amount(&line["pricing"], "price")
}

fn amount(record: &Value, field: &str) -> Result<Decimal, Stop> {
    shop::decimal(&record[field]).ok_or_else(|| Stop::Ends(garbled(unreadable(field, "is no number"))))
}
