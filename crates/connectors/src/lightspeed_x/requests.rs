//! Questions to requests. The other half of each pair is in `learn`, which takes the same question.
//!
//! Collections are read forwards by version: `after` is the largest version seen, until a page is empty. A cursor of
//! ours is that number. <https://x-series-api.lightspeedhq.com/docs/pagination>, read 2026-11-23.

use model::{CustomerKey, DocumentKey, ExternalItem, ExternalLocation, Instant};
use serde_json::json;

use super::form::escaped;
use super::http_request::{get, post, search};
use super::topic::Topic;
use crate::{Account, Question, Request, Unsendable};

/// Most documents or levels in one question. Each is a request of its own.
pub(super) const ASK_MAX: usize = 20;
/// Elements of a page, as many as are documented for every collection.
const PAGE: usize = 200;
/// Levels of a page.
const LEVELS_PAGE: usize = 5_000;

/// The request that asks a question.
///
/// # Errors
/// When it cannot be asked, or the account lacks what it takes.
pub(super) fn ask(question: &Question, account: &Account) -> Result<Request, Unsendable> {
    match question {
        Question::Locations { cursor } => collection(account, "outlets", None, cursor.as_deref(), Deleted::Too),
        Question::Catalogue { since, cursor } => {
            collection(account, "products", *since, cursor.as_deref(), deleted(*since))
        }
        Question::Levels { cursor } => levels(account, None, cursor.as_deref()),
        Question::LevelsSince { since, cursor } => levels(account, Some(*since), cursor.as_deref()),
        Question::LevelsOf { rows } => levels_of(account, rows),
        Question::Orders { since, cursor } => {
            collection(account, "sales", Some(*since), cursor.as_deref(), Deleted::Unsaid)
        }
        Question::OrdersOf { documents } => {
            let id = documents.first().map(DocumentKey::as_str);
            one(account, "sales", id)
        }
        Question::Customers { since, cursor } => {
            collection(account, "customers", *since, cursor.as_deref(), deleted(*since))
        }
        Question::CustomersOf { customers } => {
            let id = customers.first().map(CustomerKey::as_str);
            one(account, "customers", id)
        }
        Question::Access => get(account, "/retailer"),
        Question::Subscriptions { .. } => get(account, "/webhooks"),
        Question::Subscribe { url, present, .. } => subscribe(account, url, present),
    }
}

/// Whether deleted elements are asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Deleted {
    Too,
    /// The collection has no such parameter, or they do not matter.
    Unsaid,
}

/// Who reads everything does not need what is gone; who reads what changed does.
fn deleted(since: Option<Instant>) -> Deleted {
    if since.is_some() { Deleted::Too } else { Deleted::Unsaid }
}

fn collection(
    account: &Account,
    name: &str,
    since: Option<Instant>,
    cursor: Option<&str>,
    deleted: Deleted,
) -> Result<Request, Unsendable> {
    let after = after(since, cursor)?;
    let deleted = if deleted == Deleted::Too { "&deleted=true" } else { "" };
    get(account, &format!("/{name}?after={after}&page_size={PAGE}{deleted}"))
}

/// The version that the page begins after: the cursor's, else where the question begins, else the start.
///
/// # Errors
/// When the cursor is none of ours.
pub(super) fn after(since: Option<Instant>, cursor: Option<&str>) -> Result<u64, Unsendable> {
    match cursor {
        Some(cursor) => cursor.parse().map_err(|_| Unsendable::Impossible("go on from a cursor that it did not give")),
        None => Ok(since.and_then(|since| u64::try_from(since.0).ok()).unwrap_or(0)),
    }
}

/// Levels come newest first unless they are asked for otherwise.
fn levels(account: &Account, since: Option<Instant>, cursor: Option<&str>) -> Result<Request, Unsendable> {
    let after = after(since, cursor)?;
    search(account, "/inventory", &json!({"after": after, "size": LEVELS_PAGE, "sort_direction": "asc"}))
}

fn levels_of(account: &Account, rows: &[(ExternalItem, ExternalLocation)]) -> Result<Request, Unsendable> {
    let (item, _) = rows.first().ok_or(Unsendable::Impossible("read the levels of nothing"))?;
    levels_of_item(account, item.as_str())
}

/// The levels of one product at all outlets.
pub(super) fn levels_of_item(account: &Account, item: &str) -> Result<Request, Unsendable> {
    get(account, &format!("/inventory/{}?page_size={LEVELS_PAGE}", path_part(Some(item))?))
}

fn one(account: &Account, name: &str, id: Option<&str>) -> Result<Request, Unsendable> {
    get(account, &format!("/{name}/{}", path_part(id)?))
}

/// An id as part of a path. An empty one would ask for the collection, dots for something above it.
pub(super) fn path_part(id: Option<&str>) -> Result<String, Unsendable> {
    let id = id.ok_or(Unsendable::Impossible("read nothing"))?;
    if id.trim().is_empty() || id.bytes().all(|byte| byte == b'.') {
        return Err(Unsendable::Row { row: 0, problem: "the id is empty or only dots".to_owned() });
    }
    Ok(escaped(id))
}

/// The first type that is wanted and not there.
pub(super) fn missing_topic(present: &[String]) -> Option<Topic> {
    Topic::wanted_ones().find(|topic| !present.iter().any(|there| there == topic.name()))
}

/// One webhook for each type, at an address of its own: its deliveries do not say what they are about.
fn subscribe(account: &Account, url: &str, present: &[String]) -> Result<Request, Unsendable> {
    let topic = missing_topic(present).ok_or(Unsendable::Impossible("subscribe what is already subscribed"))?;
    let url = format!("{}/{}", url.trim_end_matches('/'), topic.name());
    post(account, "/webhooks", json!({"active": true, "type": topic.name(), "url": url}).to_string().into_bytes())
}
