//! Questions to requests. The other half of each pair is in `learn`, which takes the same question.
//!
//! A page must be asked with the very body of the first one, so bodies are made of the question and the account alone.

use model::{CustomerKey, DocumentKey, ExternalItem, ExternalLocation, Instant, stable_hash};
use serde_json::{Map, Value, json};

use super::http_request::{VERSION, ask_without_body, change, escaped, get, search};
use super::place::Place;
use super::topic::Topic;
use super::wire::NewSubscription;
use crate::{Account, Question, Request, Secret, Unsendable};

/// Most documents in one `batch-retrieve`.
pub(super) const DOCUMENTS_MAX: usize = 100;
/// Most locations in one search of orders.
const LOCATIONS_MAX: usize = 10;

/// The request that asks a question.
///
/// # Errors
/// When Square has no such call, or the account lacks what it takes.
pub(super) fn ask(question: &Question, account: &Account) -> Result<Request, Unsendable> {
    match question {
        Question::Locations { .. } => get(account, &account.token, "/v2/locations"),
        Question::Catalogue { since, cursor } => {
            search(account, "/v2/catalog/search", &catalogue(*since, cursor.as_deref()))
        }
        Question::Levels { cursor } => {
            search(account, "/v2/inventory/counts/batch-retrieve", &levels(account, cursor.as_deref()))
        }
        Question::LevelsSince { .. } => Err(Unsendable::Impossible("list the levels that changed")),
        Question::Access => ask_without_body(account, "/oauth2/token/status"),
        Question::LevelsOf { rows } => search(account, "/v2/inventory/counts/batch-retrieve", &levels_of(rows)?),
        Question::Orders { since, cursor } => {
            search(account, "/v2/orders/search", &orders(account, *since, cursor.as_deref())?)
        }
        Question::OrdersOf { documents } => search(account, "/v2/orders/batch-retrieve", &orders_of(documents)?),
        Question::Customers { since, cursor } => {
            search(account, "/v2/customers/search", &customers(*since, cursor.as_deref()))
        }
        Question::CustomersOf { customers } => customer(account, customers),
        Question::Subscriptions { cursor } => subscriptions(account, cursor.as_deref()),
        Question::Subscribe { url, present, since } => subscribe(account, url, present, *since),
    }
}

/// Chunks of the account's locations, as many as one search of orders may name.
pub(super) fn chunks(account: &Account) -> std::slice::Chunks<'_, ExternalLocation> {
    account.locations.chunks(LOCATIONS_MAX)
}

/// The rows of a `LevelsOf` that one request asks: those at the location of the first. Asked for several locations
/// Square would answer every item at every one of them, and could need more pages than the question can carry.
pub(super) fn asked(rows: &[(ExternalItem, ExternalLocation)]) -> impl Iterator<Item = &ExternalItem> {
    let place = rows.first().map(|(_, location)| location);
    rows.iter().filter(move |(_, location)| Some(location) == place).map(|(item, _)| item).take(DOCUMENTS_MAX)
}

fn with_cursor(mut body: Map<String, Value>, cursor: Option<&str>) -> Value {
    if let Some(cursor) = cursor {
        body.insert("cursor".to_owned(), json!(cursor));
    }
    Value::Object(body)
}

fn fields<const N: usize>(fields: [(&str, Value); N]) -> Map<String, Value> {
    fields.into_iter().map(|(name, value)| (name.to_owned(), value)).collect()
}

/// Items bring their variations and their name; variations are asked for too, because one that changed or was deleted
/// alone need not touch its item. The item of such a variation and the taxes of an item are related objects.
fn catalogue(since: Option<Instant>, cursor: Option<&str>) -> Value {
    let mut body = fields([
        ("object_types", json!(["ITEM", "ITEM_VARIATION"])),
        ("include_deleted_objects", json!(true)),
        ("include_related_objects", json!(true)),
        ("limit", json!(500)),
    ]);
    if let Some(since) = since {
        body.insert("begin_time".to_owned(), json!(since.to_string()));
    }
    with_cursor(body, cursor)
}

fn levels(account: &Account, cursor: Option<&str>) -> Value {
    let mut body = fields([("states", json!(["IN_STOCK"])), ("limit", json!(1000))]);
    if !account.locations.is_empty() {
        body.insert("location_ids".to_owned(), names(&account.locations));
    }
    with_cursor(body, cursor)
}

fn names(locations: &[ExternalLocation]) -> Value {
    locations.iter().map(ExternalLocation::as_str).collect()
}

fn levels_of(rows: &[(ExternalItem, ExternalLocation)]) -> Result<Value, Unsendable> {
    let (_, place) = rows.first().ok_or(Unsendable::Impossible("read the levels of nothing"))?;
    let items: Vec<&str> = asked(rows).map(ExternalItem::as_str).collect();
    Ok(json!({
        "catalog_object_ids": items, "location_ids": [place.as_str()], "states": ["IN_STOCK"], "limit": 1000,
    }))
}

fn orders(account: &Account, since: Instant, cursor: Option<&str>) -> Result<Value, Unsendable> {
    let place = Place::parse(cursor).ok_or(Unsendable::Impossible("go on from a cursor that it did not give"))?;
    let locations = chunks(account).nth(place.chunk);
    let locations = locations.ok_or(Unsendable::Impossible("search orders without knowing the locations"))?;
    let body = fields([
        ("location_ids", names(locations)),
        (
            "query",
            // The sort field has to be the field that is filtered.
            json!({
                "filter": {"date_time_filter": {"updated_at": {"start_at": since.to_string()}}},
                "sort": {"sort_field": "UPDATED_AT", "sort_order": "ASC"},
            }),
        ),
        ("limit", json!(500)),
        ("return_entries", json!(false)),
    ]);
    Ok(with_cursor(body, place.cursor.as_deref()))
}

/// No location is named: then all of the seller's are searched.
fn orders_of(documents: &[DocumentKey]) -> Result<Value, Unsendable> {
    if documents.is_empty() {
        return Err(Unsendable::Impossible("read no orders"));
    }
    let ids: Vec<&str> = documents.iter().take(DOCUMENTS_MAX).map(DocumentKey::as_str).collect();
    Ok(json!({"order_ids": ids}))
}

fn customers(since: Option<Instant>, cursor: Option<&str>) -> Value {
    let mut query = fields([("sort", json!({"field": "CREATED_AT", "order": "ASC"}))]);
    if let Some(since) = since {
        query.insert("filter".to_owned(), json!({"updated_at": {"start_at": since.to_string()}}));
    }
    with_cursor(fields([("query", Value::Object(query)), ("limit", json!(100))]), cursor)
}

/// One by one: the bulk call would answer errors and profiles in one map by id, for a few customers at a time.
fn customer(account: &Account, customers: &[CustomerKey]) -> Result<Request, Unsendable> {
    let customer = customers.first().ok_or(Unsendable::Impossible("read no customers"))?;
    if customer.is_empty() {
        return Err(Unsendable::Row { row: 0, problem: "the customer's id is empty".to_owned() });
    }
    get(account, &account.token, &format!("/v2/customers/{}", escaped(customer.as_str())))
}

/// Subscriptions are the application's, not the seller's.
fn application_token(account: &Account) -> Result<&Secret, Unsendable> {
    account.application_token.as_ref().ok_or(Unsendable::Account("application token"))
}

/// Disabled ones too: one that Square switched off after failed deliveries must not look as if it never was.
fn subscriptions(account: &Account, cursor: Option<&str>) -> Result<Request, Unsendable> {
    let page = cursor.map(|cursor| format!("&cursor={}", escaped(cursor))).unwrap_or_default();
    get(account, application_token(account)?, &format!("/v2/webhooks/subscriptions?include_disabled=true{page}"))
}

/// One subscription for all topics that are not subscribed yet. The key is made of what is asked and since when it is
/// missing, so that asking twice makes one subscription, and asking anew after it was removed makes another.
fn subscribe(account: &Account, url: &str, present: &[String], since: Instant) -> Result<Request, Unsendable> {
    let wanted = Topic::ALL.iter().map(|topic| topic.name());
    let event_types: Vec<&str> = wanted.filter(|name| !present.iter().any(|there| there == name)).collect();
    if event_types.is_empty() {
        return Err(Unsendable::Impossible("subscribe what is already subscribed"));
    }
    let topics = event_types.join(" ");
    let (channel, since) = (account.channel.0.to_le_bytes(), since.0.to_le_bytes());
    let parts = [url.as_bytes(), topics.as_bytes(), VERSION.as_bytes(), &channel, &since];
    let subscription =
        NewSubscription { name: "lockstep", enabled: true, event_types, notification_url: url, api_version: VERSION };
    let body =
        json!({"idempotency_key": format!("subscribe-{:016x}", stable_hash(&parts)), "subscription": subscription});
    change(account, application_token(account)?, "/v2/webhooks/subscriptions", body.to_string().into_bytes())
}
