//! Questions to requests. The other half of each pair is in `learn`, which takes the same question.

use model::{CustomerKey, DocumentKey, ExternalItem, ExternalLocation, Instant};

use super::PAYMENT;
use super::cursor::{self, Half, Place, Walk};
use super::http_request::{escaped, get};
use crate::{Account, Question, Request, Unsendable};

/// Most orders in one page; with expansions the vendor advises fewer than its maximum of 1,000.
pub(super) const ORDERS_PAGE: u64 = 100;
/// Most elements of any other list in one page.
pub(super) const PAGE: u64 = 1_000;
/// What is read with an order.
pub(super) const ORDER_PARTS: &str = "lineItems,payments,refunds,customers";
/// What is read with a customer.
pub(super) const CUSTOMER_PARTS: &str = "emailAddresses,phoneNumbers,addresses";

const STRANGE: Unsendable = Unsendable::Impossible("go on from a cursor that it did not give");
const BY_HAND: Unsendable =
    Unsendable::Impossible("be subscribed to by program; the address is typed into its developer dashboard");

/// The request that asks a question.
///
/// # Errors
/// When Clover has no such call, or the account lacks what it takes.
pub(super) fn ask(question: &Question, account: &Account) -> Result<Request, Unsendable> {
    match question {
        Question::Locations { .. } | Question::Access => get(account, ""),
        Question::Catalogue { since, cursor } => get(account, &catalogue(*since, cursor.as_deref())?),
        Question::Levels { cursor } => {
            let offset = cursor::Levels::parse(cursor.as_deref()).ok_or(STRANGE)?.offset;
            get(account, &format!("/item_stocks?limit={PAGE}&offset={offset}"))
        }
        Question::LevelsSince { .. } => Err(Unsendable::Impossible("tell which levels changed since a time")),
        Question::LevelsOf { rows } => get(account, &stock(rows)?),
        Question::Orders { since, cursor } => get(account, &orders(*since, cursor.as_deref())?),
        Question::OrdersOf { documents } => get(account, &document(documents)?),
        Question::Customers { since, cursor } => get(account, &customers(*since, cursor.as_deref())?),
        Question::CustomersOf { customers } => get(account, &customer(customers)?),
        Question::Subscriptions { .. } | Question::Subscribe { .. } => Err(BY_HAND),
    }
}

/// `field` at or above a number, as a query parameter.
pub(super) fn at_least(field: &str, number: i64) -> String {
    format!("filter={field}%3E%3D{number}")
}

/// Where the walk through the catalogue is. What was deleted since a time comes first: what is made again under an SKU
/// must find it free.
pub(super) fn items_at(since: Option<Instant>, cursor: Option<&str>) -> Option<Walk> {
    Walk::parse(cursor, if since.is_some() { Half::Deleted } else { Half::Living })
}

/// That a deletion moves `modifiedTime` is not documented; a deletion is a change, and is taken for one.
fn catalogue(since: Option<Instant>, cursor: Option<&str>) -> Result<String, Unsendable> {
    let Walk { half, offset } = items_at(since, cursor).ok_or(STRANGE)?;
    let since = since.map(|since| format!("&{}", at_least("modifiedTime", since.0.max(0)))).unwrap_or_default();
    let deleted = if half == Half::Deleted { "&filter=deleted%3Dtrue" } else { "" };
    Ok(format!("/items?expand=itemStock&limit={PAGE}&offset={offset}{since}{deleted}"))
}

/// One by one: there is no call that reads some stocks.
fn stock(rows: &[(ExternalItem, ExternalLocation)]) -> Result<String, Unsendable> {
    let (item, _) = rows.first().ok_or(Unsendable::Impossible("read the levels of nothing"))?;
    Ok(stock_path(item))
}

/// The stock of an item.
pub(super) fn stock_path(item: &ExternalItem) -> String {
    format!("/item_stocks/{}", escaped(item.as_str()))
}

fn orders(since: Instant, cursor: Option<&str>) -> Result<String, Unsendable> {
    let place = Place::parse(cursor, since.0).ok_or(STRANGE)?;
    Ok(format!(
        "/orders?{}&filter=modifiedTime%3C{}&orderBy=modifiedTime%20ASC&expand={ORDER_PARTS}&limit={ORDERS_PAGE}&offset={}",
        at_least("modifiedTime", place.from),
        place.end(),
        place.offset,
    ))
}

/// The first of the documents: an order, or a payment whose order is wanted.
fn document(documents: &[DocumentKey]) -> Result<String, Unsendable> {
    let document = documents.first().ok_or(Unsendable::Impossible("read no orders"))?;
    let empty = || Unsendable::Row { row: 0, problem: "the document's id is empty".to_owned() };
    match document.as_str().strip_prefix(PAYMENT) {
        Some("") => Err(empty()),
        Some(payment) => Ok(format!("/payments/{}?expand=order", escaped(payment))),
        None if document.is_empty() => Err(empty()),
        None => Ok(format!("/orders/{}?expand={ORDER_PARTS}", escaped(document.as_str()))),
    }
}

/// Where the walk through the customers is: what is deleted comes last, because nothing can follow it.
pub(super) fn customers_at(cursor: Option<&str>) -> Option<Walk> {
    Walk::parse(cursor, Half::Living)
}

/// Only new and deleted customers can be asked for by time; that one changed is told by webhook.
fn customers(since: Option<Instant>, cursor: Option<&str>) -> Result<String, Unsendable> {
    let Walk { half, offset } = customers_at(cursor).ok_or(STRANGE)?;
    let field = if half == Half::Deleted { "deletedTime" } else { "customerSince" };
    let since = since.map(|since| format!("&{}", at_least(field, since.0.max(0)))).unwrap_or_default();
    Ok(format!("/customers?expand={CUSTOMER_PARTS}&limit={PAGE}&offset={offset}{since}"))
}

fn customer(customers: &[CustomerKey]) -> Result<String, Unsendable> {
    let customer = customers.first().ok_or(Unsendable::Impossible("read no customers"))?;
    if customer.is_empty() {
        return Err(Unsendable::Row { row: 0, problem: "the customer's id is empty".to_owned() });
    }
    Ok(format!("/customers/{}?expand={CUSTOMER_PARTS}", escaped(customer.as_str())))
}
