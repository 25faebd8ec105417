//! Documents that R-Series is told to make: open sales, refunds, customers, transfers, purchase orders.
//!
//! <https://developers.lightspeedhq.com/retail/endpoints/>, read 2026-11-24. Called through `Connector::documents`. The
//! platform knows no keys: the reference is written into the document where it has a field for it, and a run that is not
//! the first looks for the document before it makes it. Knows no levels and no listings.

mod customer;
mod order;
mod purchase;
mod refund;
mod rows;
mod till;
mod transfer;

use model::{ExternalItem, ExternalLocation, Quantity};
use serde_json::Value;

use super::tape::{Pause, Tape};
use super::wire::is_id;
use crate::{Account, Document, Documents, Made, Making, Run, Trouble, Unsendable};

/// The scope of sales and refunds.
pub(super) const SALES: &str = "employee:register";
/// The scope of customers.
pub(super) const CUSTOMERS: &str = "employee:customers";
/// The scope of transfers.
pub(super) const TRANSFERS: &str = "employee:transfers";
/// The scope of purchase orders.
pub(super) const PURCHASES: &str = "employee:purchase_orders";

/// Name of the other system that a sale's reference belongs to.
const SOURCE: &str = "Lockstep";
/// How far the platform's clock may be behind ours, in milliseconds, when documents are looked for by their time.
const MARGIN_MS: i64 = 3_600_000;

/// How R-Series makes documents.
pub(super) struct Papers;

impl Documents for Papers {
    fn compose(&self, document: &Document, account: &Account) -> Result<Vec<u8>, Unsendable> {
        if document.reference.is_empty() {
            return Err(Unsendable::Impossible("find a document again that has no reference"));
        }
        let body = match &document.making {
            Making::Order { location, lines, customer } => {
                order::body(document, account, location, lines, customer.as_ref())?
            }
            Making::Refund { order, lines, restock_at, amount } => {
                refund::body(document, account, order, lines, restock_at.as_ref(), *amount)?
            }
            Making::Customer { customer, person } => customer::body(customer.as_ref(), person)?,
            Making::Transfer { from, to, lines } => transfer::body(document, from, to, lines)?,
            Making::Purchase { location, lines, expected, .. } => {
                purchase::body(document, account, location, lines, *expected)?
            }
        };
        Ok(body.to_string().into_bytes())
    }

    fn step(&self, document: &Document, body: &[u8], account: &Account, run: &Run<'_>) -> Result<Made, Trouble> {
        let foreign = || Trouble::Refused { reason: "the journaled body is not of this document".to_owned() };
        let body: Option<Value> = serde_json::from_slice(body).ok();
        let body = body.filter(Value::is_object).ok_or_else(foreign)?;
        let mut desk = Desk { account, tape: Tape::new(run.replies), first: run.first };
        let made = match &document.making {
            Making::Order { location, .. } => order::make(document, location, body, &mut desk),
            Making::Refund { order, lines, restock_at, amount } => {
                let asked = refund::Asked { order, lines, restock_at: restock_at.as_ref(), amount: *amount };
                refund::make(document, &asked, body, &mut desk)
            }
            Making::Customer { customer: None, person } => customer::make(document, person, &body, &mut desk),
            Making::Customer { customer: Some(known), .. } => customer::change(known, &body, &mut desk),
            Making::Transfer { lines, .. } => transfer::make(document, lines, &body, &mut desk),
            Making::Purchase { supplier, .. } => purchase::make(document, supplier, body, &mut desk),
        };
        match made {
            Ok(id) => Ok(Made::Done(id)),
            Err(Pause::Send(request)) => Ok(Made::Send(request)),
            Err(Pause::Stop(trouble)) => Err(trouble),
        }
    }
}

/// What making a document needs beside the document.
struct Desk<'a> {
    account: &'a Account,
    tape: Tape<'a>,
    first: bool,
}

/// Refused, in our words: nothing was made.
fn refused(reason: impl Into<String>) -> Pause {
    Pause::Stop(Trouble::Refused { reason: reason.into() })
}

/// A refusal of a part: what was made by then is named, so that people can finish it or throw it away.
fn in_part(what: &str, id: &str, pause: Pause) -> Pause {
    match pause {
        Pause::Stop(Trouble::Refused { reason }) => {
            refused(format!("{what} {id} is there, but not all of it: {reason}"))
        }
        Pause::Send(_) | Pause::Stop(_) => pause,
    }
}

/// A shop's id.
fn shop(location: &ExternalLocation) -> Result<&str, Unsendable> {
    number(location.as_str(), 0)
}

/// An item's id, and how many of it: the platform has whole units only.
fn units(row: usize, item: &ExternalItem, quantity: Quantity) -> Result<(&str, String), Unsendable> {
    let item = number(item.as_str(), row)?;
    Ok((item, whole(row, quantity)?))
}

fn whole(row: usize, quantity: Quantity) -> Result<String, Unsendable> {
    if quantity.is_zero() || !quantity.is_whole() {
        return Err(Unsendable::Row { row, problem: "the quantity is not a whole number above zero".to_owned() });
    }
    Ok(quantity.floor_units().to_string())
}

fn number(text: &str, row: usize) -> Result<&str, Unsendable> {
    if is_id(text) {
        return Ok(text);
    }
    Err(Unsendable::Row { row, problem: "its id is not a number of this platform's".to_owned() })
}

/// The price of one, as the platform writes it.
fn price(row: usize, each: Option<model::Money>, account: &Account) -> Result<Option<String>, Unsendable> {
    match each {
        Some(each) if each.currency != account.currency => {
            Err(Unsendable::Row { row, problem: "the price is in another currency than the account's".to_owned() })
        }
        each => Ok(each.map(model::Money::to_decimal)),
    }
}
