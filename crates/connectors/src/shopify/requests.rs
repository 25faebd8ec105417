//! Our questions as Shopify's requests.
//!
//! Called through `Connector::ask` and `Connector::carry`. Builds requests as data; sends nothing.

use http::{HeaderValue, Method, header};
use model::{DocumentKey, ExternalItem, ExternalLocation, Instant};
use serde_json::{Value, json};

use super::bulk::{self, Stage};
use super::detail::Rest;
use super::queries::{self, DOCUMENTS, NEWS, PAGE};
use super::{subscribe, want};
use crate::{Account, Effect, Question, Request, Unsendable};

/// The version that everything here is written for.
const PATH: &str = "/admin/api/2026-10/graphql.json";
const TOKEN: &str = "x-shopify-access-token";

/// The request that asks a question.
///
/// # Errors
/// When an id is not one of Shopify's, a cursor is not one that was given, or the account's address is not usable.
pub(super) fn ask(question: &Question, account: &Account) -> Result<Request, Unsendable> {
    let read = |query: &str, variables: Value, cost: u32| graphql(query, &variables, account, cost, Effect::Read);
    match question {
        Question::Locations { cursor } => {
            let variables = json!({ "after": cursor, "first": PAGE });
            read(queries::LOCATIONS_QUERY, variables, queries::SINGLES_COST)
        }
        Question::Catalogue { since, cursor } => {
            let page = if since.is_some() { NEWS } else { PAGE };
            let variables = json!({ "query": since.map(changed_since), "after": cursor, "first": page });
            read(queries::CATALOGUE_QUERY, variables, queries::catalogue_cost(page))
        }
        Question::Customers { since, cursor } => {
            let variables = json!({ "query": since.map(changed_since), "after": cursor, "first": NEWS });
            read(queries::CUSTOMERS_QUERY, variables, queries::CUSTOMERS_COST)
        }
        Question::CustomersOf { customers } => {
            let ids = customers.iter().map(|customer| customer.as_str());
            let ids = gids("Customer", ids)?;
            let cost = 4 * size(ids.len());
            read(queries::CUSTOMERS_OF_QUERY, json!({ "ids": ids }), cost)
        }
        Question::Orders { since, cursor } => orders(*since, cursor.as_deref(), account),
        Question::OrdersOf { documents } => orders_of(documents, account),
        Question::Levels { cursor } => levels(cursor.as_deref(), account),
        Question::LevelsSince { .. } => Err(Unsendable::Impossible("list the levels that changed")),
        Question::Access => read(queries::ACCESS_QUERY, json!({}), queries::ACCESS_COST),
        Question::LevelsOf { rows } => levels_of(rows, account),
        Question::Subscriptions { cursor } => {
            let variables = json!({ "after": cursor, "first": PAGE });
            read(queries::SUBSCRIPTIONS_QUERY, variables, queries::SINGLES_COST)
        }
        Question::Subscribe { url, present, .. } => match subscribe::missing(present) {
            Some(topic) => {
                let variables = json!({ "topic": topic, "subscription": { "uri": url, "format": "JSON" } });
                graphql(queries::SUBSCRIBE_QUERY, &variables, account, queries::MUTATION_COST, Effect::Write)
            }
            None => read(queries::NOTHING_QUERY, json!({}), 1),
        },
    }
}

/// The request for a composed body: the same body gives the same request.
///
/// # Errors
/// When the account's address or token is not usable.
pub(super) fn carry(body: &[u8], account: &Account) -> Result<Request, Unsendable> {
    post(body.to_vec(), account, queries::MUTATION_COST, Effect::Write)
}

/// A global id from a number of ours.
pub(super) fn gid(kind: &str, number: &str) -> Option<String> {
    let is_number = !number.is_empty() && number.len() <= 20 && number.bytes().all(|byte| byte.is_ascii_digit());
    is_number.then(|| format!("gid://shopify/{kind}/{number}"))
}

fn orders(since: Instant, cursor: Option<&str>, account: &Account) -> Result<Request, Unsendable> {
    match cursor {
        Some(cursor) if Rest::is_one(cursor) => {
            const NOT_OURS: Unsendable = Unsendable::Impossible("go on from a cursor that it did not give");
            let wants = Rest::parse(cursor).ok_or(NOT_OURS)?.wants().map_err(|_| NOT_OURS)?;
            let (query, variables) = want::query(&wants);
            let cost = wants.iter().map(want::Want::cost).sum();
            graphql(&query, &Value::Object(variables), account, cost, Effect::Read)
        }
        cursor => {
            let variables = json!({ "query": changed_since(since), "after": cursor, "first": PAGE });
            graphql(queries::ORDERS_QUERY, &variables, account, queries::SINGLES_COST, Effect::Read)
        }
    }
}

/// Asks for the first of them; `learn` asks for the others.
fn orders_of(documents: &[DocumentKey], account: &Account) -> Result<Request, Unsendable> {
    let ids = gids("Order", documents.iter().take(DOCUMENTS).map(|document| document.as_str()))?;
    let lines = queries::head_lines(size(ids.len()));
    let cost = queries::head_cost(lines) * size(ids.len());
    let variables = json!({ "ids": ids, "lines": lines });
    graphql(queries::ORDERS_OF_QUERY, &variables, account, cost, Effect::Read)
}

fn levels(cursor: Option<&str>, account: &Account) -> Result<Request, Unsendable> {
    match Stage::parse(cursor).ok_or(Unsendable::Impossible("go on from a cursor that it did not give"))? {
        // Running it again after a lost reply does no harm, so it counts as reading.
        Stage::Run => {
            let variables = json!({ "query": queries::BULK_LEVELS_QUERY });
            graphql(queries::BULK_RUN_QUERY, &variables, account, queries::MUTATION_COST, Effect::Read)
        }
        Stage::Poll(id) => graphql(queries::BULK_POLL_QUERY, &json!({ "id": id }), account, 1, Effect::Read),
        Stage::Fetch(url) => bulk::fetch(url, account),
    }
}

fn levels_of(rows: &[(ExternalItem, ExternalLocation)], account: &Account) -> Result<Request, Unsendable> {
    let mut variables = serde_json::Map::new();
    for (row, (item, location)) in rows.iter().enumerate() {
        let (item, location) = row_gids(row, item, location)?;
        variables.insert(format!("i{row}"), Value::from(item));
        variables.insert(format!("l{row}"), Value::from(location));
    }
    if rows.is_empty() {
        return Err(Unsendable::Impossible("answer a question about no levels"));
    }
    let cost = queries::LEVEL_COST * size(rows.len());
    graphql(&queries::levels_of(rows.len()), &Value::Object(variables), account, cost, Effect::Read)
}

/// The global ids of an item and a location of ours.
///
/// # Errors
/// When one of them is not a number.
pub(super) fn row_gids(
    row: usize,
    item: &ExternalItem,
    location: &ExternalLocation,
) -> Result<(String, String), Unsendable> {
    let refuse = |what: &str| Unsendable::Row { row, problem: format!("the {what} is not a number of this platform") };
    let item = gid("InventoryItem", item.as_str()).ok_or_else(|| refuse("item"))?;
    let location = gid("Location", location.as_str()).ok_or_else(|| refuse("location"))?;
    Ok((item, location))
}

fn gids<'a>(kind: &str, numbers: impl Iterator<Item = &'a str>) -> Result<Vec<String>, Unsendable> {
    let one = |(row, number): (usize, &str)| {
        gid(kind, number).ok_or_else(|| Unsendable::Row { row, problem: "not a number of this platform".to_owned() })
    };
    let ids: Vec<String> = numbers.enumerate().map(one).collect::<Result<_, _>>()?;
    if ids.is_empty() { Err(Unsendable::Impossible("answer a question about nothing")) } else { Ok(ids) }
}

/// Shopify's search syntax, <https://shopify.dev/docs/api/usage/search-syntax>. Its times of change have whole
/// seconds, so the second in which `since` lies is asked for too.
fn changed_since(since: Instant) -> String {
    format!("updated_at:>='{}'", Instant(since.0.div_euclid(1000).saturating_mul(1000)))
}

/// A query or mutation with its variables.
///
/// # Errors
/// When the account's address or token is not usable.
pub(super) fn graphql(
    query: &str,
    variables: &Value,
    account: &Account,
    cost: u32,
    effect: Effect,
) -> Result<Request, Unsendable> {
    let body = json!({ "query": query, "variables": variables }).to_string().into_bytes();
    post(body, account, cost, effect)
}

fn post(body: Vec<u8>, account: &Account, cost: u32, effect: Effect) -> Result<Request, Unsendable> {
    if !account.base_url.starts_with("https://") && !account.base_url.starts_with("http://") {
        return Err(Unsendable::Account("address"));
    }
    let mut token = HeaderValue::from_str(account.token.expose()).map_err(|_| Unsendable::Account("token"))?;
    token.set_sensitive(true);
    let http = http::Request::builder()
        .method(Method::POST)
        .uri(format!("{}{PATH}", account.base_url.trim_end_matches('/')))
        .header(header::CONTENT_TYPE, "application/json")
        .header(header::ACCEPT, "application/json")
        .header(TOKEN, token)
        .body(body)
        .map_err(|_| Unsendable::Account("address"))?;
    Ok(Request { http, cost, effect })
}

fn size(count: usize) -> u32 {
    u32::try_from(count).unwrap_or(u32::MAX)
}
