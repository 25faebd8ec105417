//! Documents that BigCommerce is told to make: orders, refunds, customers.
//!
//! <https://developer.bigcommerce.com/docs/rest-management/orders>, called through `Connector::documents`. No call takes
//! a key, so each document carries its reference in a field of its own and is looked for by it before a later run makes
//! it. Knows no levels and no listings.

mod customer;
mod order;
mod refund;

use http::Method;
use model::{Money, Quantity};
use serde::Serialize;
use serde_json::Value;

use super::{requests, surfaces, trouble, wire};
use crate::{Account, Document, Documents, Made, Making, Reply, Request, Run, Trouble, Unsendable};

/// How BigCommerce is told to make documents.
#[derive(Clone, Copy, Debug)]
pub(super) struct Maker;

impl Documents for Maker {
    fn compose(&self, document: &Document, _account: &Account) -> Result<Vec<u8>, Unsendable> {
        let body = match &document.making {
            Making::Order { lines, .. } => order::body(document, lines)?,
            Making::Refund { order, lines, restock_at, amount } => {
                refund::body(document, &refund::Asked { order, lines, amount: *amount }, restock_at.as_ref())?
            }
            Making::Customer { customer, person } => customer::body(&document.reference, customer.as_ref(), person)?,
            Making::Transfer { .. } => return Err(Unsendable::Impossible(surfaces::NO_TRANSFERS)),
            Making::Purchase { .. } => return Err(Unsendable::Impossible(surfaces::NO_PURCHASES)),
        };
        serde_json::to_vec(&body).map_err(|_| Unsendable::Impossible("take this as JSON"))
    }

    fn step(&self, document: &Document, body: &[u8], account: &Account, run: &Run<'_>) -> Result<Made, Trouble> {
        let mut desk = Desk { account, replies: run.replies.iter() };
        let body = wire::parse_any(body).map_err(garbled)?;
        let made = match &document.making {
            Making::Order { location, customer, .. } => {
                order::make(&mut desk, document, (location, customer.as_ref()), body, run.first)
            }
            Making::Refund { order, lines, amount, .. } => {
                let asked = refund::Asked { order, lines, amount: *amount };
                refund::make(&mut desk, &document.reference, &asked, body, run.first)
            }
            Making::Customer { customer, person } => {
                customer::make(&mut desk, &document.reference, (customer.as_ref(), person), body, run.first)
            }
            Making::Transfer { .. } => Err(Unsendable::Impossible(surfaces::NO_TRANSFERS).into()),
            Making::Purchase { .. } => Err(Unsendable::Impossible(surfaces::NO_PURCHASES).into()),
        };
        match made {
            Ok(id) => Ok(Made::Done(id)),
            Err(Stop::Wants(request)) => Ok(Made::Send(request)),
            Err(Stop::Ends(trouble)) => Err(trouble),
        }
    }
}

/// Why a run does not go on at once.
enum Stop {
    /// This has to be asked first.
    Wants(Box<Request>),
    /// It ended.
    Ends(Trouble),
}

impl From<Trouble> for Stop {
    fn from(trouble: Trouble) -> Self {
        Self::Ends(trouble)
    }
}

impl From<Unsendable> for Stop {
    fn from(unsendable: Unsendable) -> Self {
        Self::Ends(unsendable.into())
    }
}

/// The replies of a run, taken in the order in which their requests are made anew.
struct Desk<'a> {
    account: &'a Account,
    replies: std::slice::Iter<'a, Reply>,
}

impl<'a> Desk<'a> {
    /// The answer to a request; while there is none, the run stops for it.
    fn answer(&mut self, request: impl FnOnce(&Account) -> Result<Request, Unsendable>) -> Result<&'a Reply, Stop> {
        let Some(reply) = self.replies.next() else { return Err(Stop::Wants(Box::new(request(self.account)?))) };
        match trouble::of(reply) {
            None => Ok(reply),
            Some(refusal) => Err(refusal.trouble().into()),
        }
    }

    fn get(&mut self, path: &str) -> Result<&'a Reply, Stop> {
        self.answer(|account| super::http_request::get(account, path))
    }

    fn change<B: Serialize>(&mut self, method: Method, path: &str, body: &B) -> Result<&'a Reply, Stop> {
        self.answer(|account| super::http_request::change(account, method, path, body))
    }
}

fn garbled(error: crate::Unreadable) -> Trouble {
    Trouble::Garbled { reason: error.to_string() }
}

fn refused(reason: &str) -> Stop {
    Stop::Ends(Trouble::Refused { reason: reason.to_owned() })
}

/// The number of something that a line (`row`) or the whole document (0) names.
fn named(row: usize, text: &str, what: &str) -> Result<u64, Unsendable> {
    let problem = || format!("the {what} is not a number of this platform");
    requests::id(text).ok_or_else(|| Unsendable::Row { row, problem: problem() })
}

/// Whole units, at least one.
fn units(row: usize, quantity: Quantity) -> Result<i64, Unsendable> {
    let refuse = |problem: &str| Err(Unsendable::Row { row, problem: problem.to_owned() });
    match quantity.floor_units() {
        _ if !quantity.is_whole() => refuse("this platform counts whole units only"),
        0 => refuse("nothing of it"),
        units if units > i64::from(i32::MAX) => refuse("more than this platform counts"),
        units => Ok(units),
    }
}

/// An amount as an exact JSON number.
fn number(money: Money) -> Result<Value, Unsendable> {
    const EXACT_MAX: u64 = 999_999_999_999_999;
    const UNTOLD: Unsendable = Unsendable::Impossible("tell an amount of more than fifteen digits exactly");
    if money.minor.unsigned_abs() > EXACT_MAX {
        return Err(UNTOLD);
    }
    money.to_decimal().parse().map(Value::Number).map_err(|_| UNTOLD)
}

/// Our reference as the end of a text that people read.
fn marked(text: &str, reference: &str) -> String {
    format!("{text} [{reference}]").trim_start().to_owned()
}

/// Whether a text carries our reference.
fn is_marked(text: Option<&String>, reference: &str) -> bool {
    text.is_some_and(|text| text.ends_with(&format!("[{reference}]")))
}
