//! Questions to requests. Called through the `Connector`; the other half of each pair is in `learn`.

use http::Method;
use model::{CustomerKey, DocumentKey, ExternalItem, ExternalLocation, Instant};
use serde::Serialize;
use serde_json::{Map, Value, json};

use super::http_request::{change, escaped, get};
use super::place::{Reading, Stage, Sweep, page};
use super::{scope, signature};
use crate::{Account, Question, Request, Unsendable};

/// Most documents, levels or customers in one question: their ids go into an address.
pub(super) const ASK_MAX: usize = 50;
/// Most elements on a page of orders, order lines, products, customers, locations, hooks.
pub(super) const PAGE_MAX: usize = 250;
/// Most elements on a page of stock.
pub(super) const STOCK_MAX: usize = 1_000;

/// Asks for the lines together with the order: `line_items` of its consignments.
const WITH_LINES: &str = "include=consignments.line_items&consignment_structure=object";

/// The request that asks a question.
///
/// # Errors
/// When it cannot be asked, with the reason.
pub(super) fn ask(question: &Question, account: &Account) -> Result<Request, Unsendable> {
    match question {
        Question::Locations { cursor } => listed(account, "/v3/inventory/locations?", cursor.as_deref(), PAGE_MAX),
        Question::Catalogue { since, cursor } => {
            let path = format!("/v3/catalog/products?include=variants&sort=id&direction=asc{}&", changed(*since));
            listed(account, &path, cursor.as_deref(), PAGE_MAX)
        }
        Question::Levels { cursor } => listed(account, "/v3/inventory/items?", cursor.as_deref(), STOCK_MAX),
        Question::LevelsSince { .. } => Err(Unsendable::Impossible("be asked which levels changed since a time")),
        Question::LevelsOf { rows } => levels_of(account, rows),
        Question::Orders { since, cursor } => orders(account, *since, cursor.as_deref()),
        Question::OrdersOf { documents } => order(account, documents),
        Question::Customers { since, cursor } => {
            // By time of creation, which does not move while pages are read.
            let path = format!("/v3/customers?include=addresses&sort=date_created%3Aasc{}&", changed(*since));
            listed(account, &path, cursor.as_deref(), PAGE_MAX)
        }
        Question::CustomersOf { customers } => customers_of(account, customers),
        Question::Access => get(account, "/v2/store"),
        Question::Subscriptions { cursor } => listed(account, "/v3/hooks?", cursor.as_deref(), PAGE_MAX),
        Question::Subscribe { url, present, .. } => subscribe(account, url, present),
    }
}

fn listed(account: &Account, path: &str, cursor: Option<&str>, limit: usize) -> Result<Request, Unsendable> {
    let page = page(cursor).ok_or(Unsendable::Impossible("go on from a cursor that it did not give"))?;
    get(account, &format!("{path}page={page}&limit={limit}"))
}

fn changed(since: Option<Instant>) -> String {
    since.map(|since| format!("&date_modified%3Amin={}", escaped(&since.to_string()))).unwrap_or_default()
}

/// The stock of some items at all their locations. Items that are named by their product (they are its only variant)
/// need another filter, and two filters would both have to hold; so those are asked alone, after the others.
fn levels_of(account: &Account, rows: &[(ExternalItem, ExternalLocation)]) -> Result<Request, Unsendable> {
    let (variants, products) = asked(rows);
    let (filter, ids) = if variants.is_empty() { ("product_id", products) } else { ("variant_id", variants) };
    if ids.is_empty() {
        return Err(Unsendable::Impossible("read the levels of nothing"));
    }
    if let Some(row) = rows.iter().position(|(item, _)| id(named(item)).is_none()) {
        return Err(Unsendable::Row { row, problem: "the item's id is not a number".to_owned() });
    }
    stock(account, filter, &ids, 1)
}

/// The stock of some items by a filter.
pub(super) fn stock(account: &Account, filter: &str, ids: &[&str], page: u64) -> Result<Request, Unsendable> {
    let ids = ids.join("%2C");
    get(account, &format!("/v3/inventory/items?{filter}%3Ain={ids}&page={page}&limit={STOCK_MAX}"))
}

/// The variants and the products that a `LevelsOf` names, without repetition. One request asks for the variants, and
/// for the products only when there is no variant left.
pub(super) fn asked(rows: &[(ExternalItem, ExternalLocation)]) -> (Vec<&str>, Vec<&str>) {
    let (mut variants, mut products) = (Vec::new(), Vec::new());
    for (item, _) in rows {
        let list = if is_product(item) { &mut products } else { &mut variants };
        if !list.contains(&named(item)) && list.len() < ASK_MAX {
            list.push(named(item));
        }
    }
    (variants, products)
}

/// Whether an item is named by its product.
pub(super) fn is_product(item: &ExternalItem) -> bool {
    item.as_str().starts_with("product:")
}

/// The number in an item's id.
pub(super) fn named(item: &ExternalItem) -> &str {
    item.as_str().strip_prefix("product:").unwrap_or(item.as_str())
}

/// A positive number in its usual form; anything else is no id of this platform.
pub(super) fn id(text: &str) -> Option<u64> {
    let digits = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    if digits { text.parse().ok().filter(|id| *id > 0) } else { None }
}

fn orders(account: &Account, since: Instant, cursor: Option<&str>) -> Result<Request, Unsendable> {
    let sweep =
        Sweep::parse(since, cursor).ok_or(Unsendable::Impossible("go on from a cursor that it did not give"))?;
    let since = escaped(&sweep.since.to_string());
    let page = sweep.page;
    get(
        account,
        &format!(
            "/v2/orders?min_date_modified={since}&sort=date_modified%3Aasc&page={page}&limit={PAGE_MAX}&{WITH_LINES}"
        ),
    )
}

/// The first of the documents; `learn` asks for the others.
fn order(account: &Account, documents: &[DocumentKey]) -> Result<Request, Unsendable> {
    let document = documents.first().ok_or(Unsendable::Impossible("read no orders"))?;
    let problem = || Unsendable::Row { row: 0, problem: "the order's id is not a number".to_owned() };
    let reading = Reading::parse(document).ok_or_else(problem)?;
    let id = reading.id;
    match reading.stage() {
        Stage::Head => get(account, &format!("/v2/orders/{id}?{WITH_LINES}")),
        Stage::Lines { page } => get(account, &format!("/v2/orders/{id}/products?page={page}&limit={PAGE_MAX}")),
        Stage::Refunds => get(account, &format!("/v3/orders/{id}/payment_actions/refunds")),
    }
}

fn customers_of(account: &Account, customers: &[CustomerKey]) -> Result<Request, Unsendable> {
    if customers.is_empty() {
        return Err(Unsendable::Impossible("read no customers"));
    }
    if let Some(row) = customers.iter().position(|customer| id(customer.as_str()).is_none()) {
        return Err(Unsendable::Row { row, problem: "the customer's id is not a number".to_owned() });
    }
    let ids: Vec<&str> = customers.iter().take(ASK_MAX).map(CustomerKey::as_str).collect();
    let ids = ids.join("%2C");
    get(account, &format!("/v3/customers?include=addresses&id%3Ain={ids}&page=1&limit={PAGE_MAX}"))
}

/// A hook to be made.
#[derive(Serialize)]
struct NewHook<'a> {
    scope: &'static str,
    destination: &'a str,
    is_active: bool,
    #[serde(skip_serializing_if = "Map::is_empty")]
    headers: Map<String, Value>,
}

/// One hook per scope. The secret header goes back to us with every delivery, for stores whose hooks come unsigned.
fn subscribe(account: &Account, url: &str, present: &[String]) -> Result<Request, Unsendable> {
    let scope = scope::missing(present).ok_or(Unsendable::Impossible("subscribe what is already subscribed"))?;
    let mut headers = Map::new();
    if let Some(secret) = account.hook_secret.as_ref().filter(|secret| !secret.expose().is_empty()) {
        headers.insert(signature::SECRET.to_owned(), json!(secret.expose()));
    }
    change(account, Method::POST, "/v3/hooks", &NewHook { scope, destination: url, is_active: true, headers })
}
