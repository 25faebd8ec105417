//! Documents that Square is told to make: orders to be picked up, refunds, customers, transfer orders.
//!
//! <https://developer.squareup.com/reference/square>, read 2026-11-24. Called through `Connector::documents`. Every call
//! that makes something carries the document's reference as its idempotency key, so that Square makes it once; only the
//! change of a customer has no key, and writes the same values again. Knows no levels and no listings.

mod customer;
mod order;
mod refund;
mod restock;
mod tape;
mod transfer;

use serde_json::Value;

use super::http_request::change;
use crate::{Account, Document, Documents, Made, Making, Run, Trouble, Unsendable};
use tape::{Stop, Tape};

/// Why no purchase order is made, for the matrix and for who asks for one.
pub(super) const NO_PURCHASES: &str = "purchase orders are kept in Square's dashboard, where no program reaches them";

/// Longest idempotency key that all of the calls take.
const KEY_MAX: usize = 45;

/// How Square makes documents.
pub(super) struct Papers;

impl Documents for Papers {
    fn compose(&self, document: &Document, account: &Account) -> Result<Vec<u8>, Unsendable> {
        if document.reference.is_empty() || document.reference.len() > KEY_MAX {
            return Err(Unsendable::Impossible("take an idempotency key of no or more than 45 characters"));
        }
        let body = match &document.making {
            Making::Order { location, lines, customer } => {
                order::body(document, account, location, lines, customer.as_ref())?
            }
            Making::Refund { amount, .. } => refund::body(document, *amount)?,
            Making::Customer { customer, person } => customer::body(document, customer.as_ref(), person)?,
            Making::Transfer { from, to, lines } => transfer::body(document, from, to, lines)?,
            Making::Purchase { .. } => return Err(Unsendable::Impossible(NO_PURCHASES)),
        };
        Ok(body.to_string().into_bytes())
    }

    fn step(&self, document: &Document, body: &[u8], account: &Account, run: &Run<'_>) -> Result<Made, Trouble> {
        let mut tape = Tape::new(run.replies);
        let post = |path: &str| change(account, &account.token, path, body.to_vec());
        let made = match &document.making {
            Making::Order { .. } => tape.made("order", || post("/v2/orders")),
            Making::Refund { order, lines, restock_at, .. } => {
                let asked = refund::Asked { order, lines, restock_at: restock_at.as_ref() };
                refund::make(document, &asked, body, account, run)
            }
            Making::Customer { customer, .. } => {
                tape.made("customer", || customer::request(customer.as_ref(), body, account))
            }
            Making::Transfer { .. } => tape.made("transfer_order", || post("/v2/transfer-orders")),
            Making::Purchase { .. } => Err(Unsendable::Impossible(NO_PURCHASES).into()),
        };
        match made {
            Ok(id) => Ok(Made::Done(id)),
            Err(Stop::Send(request)) => Ok(Made::Send(request)),
            Err(Stop::Trouble(trouble)) => Err(trouble),
        }
    }
}

/// An id as part of a body.
fn id(text: &str, row: usize) -> Result<Value, Unsendable> {
    if text.trim().is_empty() {
        return Err(Unsendable::Row { row, problem: "an id is empty".to_owned() });
    }
    Ok(Value::from(text))
}
