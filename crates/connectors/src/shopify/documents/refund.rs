//! Refunds: money and goods of an order that go back, once.
//!
//! Called by the folder's `mod`. The first request of a run asks what was paid, what was given back already and what is
//! left of the lines; the refund is made from that. It carries the reference at the end of its note and as its key.

use serde::{Deserialize, Serialize};
use serde_json::json;

use super::super::scalar::{Gid, present};
use super::super::{reply, requests};
use super::back::{self, LineLeft, Payment};
use super::{answer, bytes, named, queries, send, units};
use crate::{Account, Document, Effect, Made, Making, Reply, Request, Run, Trouble, Unsendable};

/// Lines of one refund: as many ids as one question may name.
const LINES_MAX: usize = 250;

/// What is to be given back, for the record; the request is made from the document and from what the order shows.
///
/// # Errors
/// When an id is not Shopify's or a quantity not whole.
pub(super) fn compose(document: &Document) -> Result<Vec<u8>, Unsendable> {
    let asked = Asked::of(document)?;
    let Making::Refund { lines, amount, .. } = &document.making else { return Err(NOT_ONE) };
    let mut said = Vec::with_capacity(lines.len());
    for (row, (line, (_, quantity))) in asked.lines.iter().zip(lines).enumerate() {
        said.push(json!({ "line": line, "units": units(row, *quantity)? }));
    }
    let record = json!({ "refund": { "key": document.reference, "order": asked.order, "lines": said,
        "restockAt": asked.restock_at, "amount": amount.to_string(), "note": document.note } });
    Ok(record.to_string().into_bytes())
}

const NOT_ONE: Unsendable = Unsendable::Impossible("give back by anything but a refund");

/// The document's ids as Shopify's.
struct Asked {
    order: String,
    lines: Vec<String>,
    restock_at: Option<String>,
}

impl Asked {
    fn of(document: &Document) -> Result<Self, Unsendable> {
        let Making::Refund { order, lines, restock_at, .. } = &document.making else { return Err(NOT_ONE) };
        if lines.len() > LINES_MAX {
            return Err(Unsendable::Row { row: LINES_MAX, problem: "more lines than one refund may have".to_owned() });
        }
        let line = |(row, (line, _)): (usize, &(String, _))| named(row, "LineItem", line, "order's line");
        let place = restock_at.as_ref().map(|place| named(0, "Location", place.as_str(), "location"));
        Ok(Self {
            order: named(0, "Order", order.as_str(), "order")?,
            lines: lines.iter().enumerate().map(line).collect::<Result<_, _>>()?,
            restock_at: place.transpose()?,
        })
    }
}

/// Look; make; and when a later run is refused, look once more: an earlier one may have been made between the two.
///
/// # Errors
/// What the last reply says; [`Trouble::Refused`] also when the order or one of its lines is not there, or less was
/// paid than is to be given back.
pub(super) fn step(document: &Document, account: &Account, run: &Run<'_>) -> Result<Made, Trouble> {
    let asked = Asked::of(document)?;
    let [looked, later @ ..] = run.replies else { return send(look(&asked, account)?) };
    let order = seen(looked)?;
    // Refunds cannot be searched, but an order lists its own.
    if let Some(refund) = order.made(&document.reference).filter(|_| !run.first) {
        return Ok(Made::Done(refund));
    }
    let [made, later @ ..] = later else { return send(make(document, &asked, &order, account)?) };
    match (answer::made(made), later) {
        (Ok(number), _) => Ok(Made::Done(format!("refund:{number}"))),
        (Err(Trouble::Refused { .. }), []) if !run.first => send(look(&asked, account)?),
        (Err(trouble), [again, ..]) => seen(again)?.made(&document.reference).map(Made::Done).ok_or(trouble),
        (Err(trouble), []) => Err(trouble),
    }
}

fn look(asked: &Asked, account: &Account) -> Result<Request, Unsendable> {
    let variables = json!({ "id": asked.order, "ids": asked.lines });
    let cost = queries::refund_look_cost(asked.lines.len());
    requests::graphql(queries::REFUND_LOOK, &variables, account, cost, Effect::Read)
}

#[derive(Deserialize)]
struct Looked {
    #[serde(deserialize_with = "present")]
    order: Option<Order>,
    nodes: Vec<Option<LineLeft>>,
}

#[derive(Deserialize)]
struct Order {
    refunds: Vec<Refund>,
    transactions: Vec<Payment>,
    #[serde(skip)]
    lines: Vec<Option<LineLeft>>,
}

#[derive(Deserialize)]
struct Refund {
    id: Gid,
    note: Option<String>,
}

impl Order {
    /// The refund that carries this reference.
    fn made(&self, reference: &str) -> Option<String> {
        let mark = mark(reference);
        let ours = self.refunds.iter().find(|it| it.note.as_deref().is_some_and(|note| note.ends_with(&mark)));
        ours.map(|it| format!("refund:{}", it.id.number()))
    }
}

fn seen(reply: &Reply) -> Result<Order, Trouble> {
    let looked: Looked = reply::data(reply)?;
    let unknown = || Trouble::Refused { reason: "Shopify does not know this order".to_owned() };
    let order = looked.order.ok_or_else(unknown)?;
    Ok(Order { lines: looked.nodes, ..order })
}

fn mark(reference: &str) -> String {
    format!("[{reference}]")
}

#[derive(Serialize)]
struct Variables<'a> {
    input: Input<'a>,
    key: &'a str,
}

/// <https://shopify.dev/docs/api/admin-graphql/2026-10/input-objects/RefundInput>
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Input<'a> {
    order_id: &'a str,
    currency: &'a str,
    note: String,
    notify: bool,
    refund_line_items: Vec<back::Line<'a>>,
    transactions: Vec<back::Transaction<'a>>,
}

fn make(document: &Document, asked: &Asked, order: &Order, account: &Account) -> Result<Request, Trouble> {
    let Making::Refund { lines, amount, .. } = &document.making else { return Err(NOT_ONE.into()) };
    let mut goods = Vec::with_capacity(lines.len());
    for (row, (line, (_, quantity))) in asked.lines.iter().zip(lines).enumerate() {
        let left = order.lines.get(row).and_then(Option::as_ref);
        let unknown = || Trouble::Refused { reason: format!("Shopify does not know line {} of this order", row + 1) };
        let left = left.ok_or_else(unknown)?;
        goods.extend(back::lines(line, units(row, *quantity)?, left, asked.restock_at.as_deref()));
    }
    let input = Input {
        order_id: &asked.order,
        currency: amount.currency.code(),
        note: format!("{} {}", document.note, mark(&document.reference)).trim_start().to_owned(),
        notify: false,
        refund_line_items: goods,
        transactions: back::transactions(&asked.order, &order.transactions, *amount)?,
    };
    let body = bytes(queries::REFUND_MAKE, Variables { input, key: &document.reference });
    Ok(requests::carry(&body, account)?)
}
