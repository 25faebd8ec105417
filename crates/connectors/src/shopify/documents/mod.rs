//! Documents that Shopify is told to make: orders, refunds, customers, transfers.
//!
//! Called through `Connector::documents`. Orders are not keyed, so their reference is looked for before one is made
//! again; refunds and transfers are, by `@idempotent`; a customer's change is the same however often it is made.
//! Knows no levels and no listings.
//! <https://shopify.dev/docs/api/usage/idempotent-requests>

mod answer;
mod back;
mod customer;
mod order;
mod placing;
mod queries;
mod refund;
mod transfer;

use model::Quantity;
use serde::Serialize;

use super::requests;
use crate::{Account, Document, Documents, Made, Making, Request, Run, Trouble, Unsendable};

/// Why there are no purchase orders, for the matrix too.
pub(super) const NO_PURCHASES: &str = "purchase orders cannot be reached by program";

/// Most units of one line, the platform's limit of a level.
const UNITS_MAX: i64 = 1_000_000_000;

/// How Shopify is told to make documents.
#[derive(Clone, Copy, Debug)]
pub(super) struct Maker;

impl Documents for Maker {
    fn compose(&self, document: &Document, account: &Account) -> Result<Vec<u8>, Unsendable> {
        match &document.making {
            Making::Order { location, lines, customer } => {
                let wanted = order::Wanted { location, lines, customer: customer.as_ref() };
                order::compose(document, &wanted, account)
            }
            Making::Refund { .. } => refund::compose(document),
            Making::Customer { customer, person } => customer::compose(document, customer.as_ref(), person),
            Making::Transfer { from, to, lines } => transfer::compose(document, (from, to), lines),
            Making::Purchase { .. } => Err(Unsendable::Impossible(NO_PURCHASES)),
        }
    }

    fn step(&self, document: &Document, body: &[u8], account: &Account, run: &Run<'_>) -> Result<Made, Trouble> {
        match &document.making {
            Making::Order { location, .. } => order::step(&document.reference, location, body, account, run),
            Making::Refund { .. } => refund::step(document, account, run),
            Making::Customer { customer, person } => {
                customer::step(&document.reference, customer.as_ref(), person, body, account, run)
            }
            Making::Transfer { .. } => transfer::step(body, account, run),
            Making::Purchase { .. } => Err(Unsendable::Impossible(NO_PURCHASES).into()),
        }
    }
}

/// A mutation as it is sent.
#[derive(Serialize)]
struct Body<V> {
    query: &'static str,
    variables: V,
}

/// The bytes of a mutation: the same document gives the same ones.
fn bytes<V: Serialize>(query: &'static str, variables: V) -> Vec<u8> {
    serde_json::to_vec(&Body { query, variables }).expect("plain structs with text keys become JSON")
}

fn send(request: Request) -> Result<Made, Trouble> {
    Ok(Made::Send(Box::new(request)))
}

/// Whole units of a line, at least one.
///
/// # Errors
/// When they are not whole or too many; `row` is the line's place.
fn units(row: usize, quantity: Quantity) -> Result<i64, Unsendable> {
    let refuse = |problem: &str| Err(Unsendable::Row { row, problem: problem.to_owned() });
    match quantity.floor_units() {
        _ if !quantity.is_whole() => refuse("this platform counts whole units only"),
        0 => refuse("nothing of it"),
        units if units > UNITS_MAX => refuse("more than a thousand million units"),
        units => Ok(units),
    }
}

/// The global id of something that a line or a whole document names.
///
/// # Errors
/// When it is not a number; `row` is the line's place, 0 for the document.
fn named(row: usize, kind: &str, number: &str, what: &str) -> Result<String, Unsendable> {
    let problem = || format!("the {what} is not a number of this platform");
    requests::gid(kind, number).ok_or_else(|| Unsendable::Row { row, problem: problem() })
}
