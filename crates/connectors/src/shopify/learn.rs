//! Shopify's answers in our words, and the next question.
//!
//! Called through `Connector::learn`. Reads replies as data; asks nothing itself.

use model::{DocumentKey, ExternalItem, ExternalLocation, Instant};
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::{Map, Value};

use super::detail::{Draft, Rest, Then};
use super::graph::{Catalogue, Connection, Customer, ItemLevel, Location, Subscription};
use super::graph_order::{Changed, Order};
use super::queries::DOCUMENTS;
use super::{bulk, grants, order_graph, reply, scalar, subscribe, tally, translate};
use crate::{Access, Account, LevelHint, Page, Question, Reply, Told, Trouble, Unreadable};

/// What the reply to a question says.
///
/// # Errors
/// When the platform refused, is busy, or its answer cannot be read; then the field is named.
pub(super) fn learn(question: &Question, account: &Account, reply: &Reply) -> Result<Page, Trouble> {
    match question {
        Question::Locations { .. } => locations(account, reply),
        Question::Catalogue { since, .. } => {
            let page = catalogue(account, reply)?;
            Ok(onward(page, |cursor| Question::Catalogue { since: *since, cursor }))
        }
        Question::Customers { since, .. } => {
            let (page, until) = customers(account, reply)?;
            Ok(Page { until, ..onward(page, |cursor| Question::Customers { since: *since, cursor }) })
        }
        Question::CustomersOf { customers } => {
            let asked: Vec<&str> = customers.iter().map(|customer| customer.as_str()).collect();
            customers_of(&asked, account, reply)
        }
        Question::Orders { since, cursor } => match cursor.as_deref().filter(|cursor| Rest::is_one(cursor)) {
            Some(cursor) => rest(cursor, account, reply),
            None => orders(*since, reply),
        },
        Question::OrdersOf { documents } => orders_of(documents, account, reply),
        Question::Levels { cursor } => bulk::learn(cursor.as_deref(), reply),
        Question::LevelsSince { .. } => Err(Trouble::Garbled { reason: "it was never asked".into() }),
        Question::Access => access(reply),
        Question::LevelsOf { rows } => levels_of(rows, account, reply),
        Question::Subscriptions { .. } => subscriptions(reply),
        Question::Subscribe { url, present, since } => subscribe::learn(url, present, *since, reply),
    }
}

/// What a page tells, and where the next begins.
type Read = (Vec<Told>, Option<String>);

fn onward((told, cursor): Read, question: impl FnOnce(Option<String>) -> Question) -> Page {
    Page { told, next: cursor.map(|cursor| question(Some(cursor))), ..Page::default() }
}

#[derive(Deserialize)]
struct Locations {
    locations: Connection<Location>,
}

fn locations(account: &Account, reply: &Reply) -> Result<Page, Trouble> {
    let page = reply::data::<Locations>(reply)?.locations;
    let seen = |location: &Location| Told::Location(translate::location_seen(account.channel, location));
    let read = (page.nodes.iter().map(seen).collect(), page.page_info.next().map(str::to_owned));
    Ok(onward(read, |cursor| Question::Locations { cursor }))
}

fn catalogue(account: &Account, reply: &Reply) -> Result<Read, Trouble> {
    let answer: Catalogue = reply::data(reply)?;
    let currency = scalar::currency(&answer.shop.currency_code, "data.shop.currencyCode").map_err(reply::garbled)?;
    let page = answer.product_variants;
    let told = page.nodes.iter().enumerate().map(|(index, variant)| {
        let item = translate::item_seen(account.channel, variant, (currency, &answer.shop), index)?;
        Ok(Told::Item(Box::new(item)))
    });
    let told = told.collect::<Result<_, _>>().map_err(reply::garbled)?;
    Ok((told, page.page_info.next().map(str::to_owned)))
}

#[derive(Deserialize)]
struct Customers {
    customers: Connection<Customer>,
}

fn customers(account: &Account, reply: &Reply) -> Result<(Read, Option<Instant>), Trouble> {
    let page = reply::data::<Customers>(reply)?.customers;
    let next = page.page_info.next().map(str::to_owned);
    let until = page.nodes.iter().map(|customer| customer.updated_at.0).max();
    let seen = |customer| translate::customer_of_graph(account.channel, customer).map(Told::Customer);
    let told = page.nodes.into_iter().map(seen).collect::<Result<_, _>>().map_err(reply::garbled)?;
    Ok(((told, next), until))
}

#[derive(Deserialize)]
struct Nodes {
    nodes: Vec<Value>,
}

/// The objects asked for by id, and the ids that do not exist.
fn nodes<T: DeserializeOwned>(asked: &[&str], reply: &Reply) -> Result<(Vec<T>, Vec<String>), Trouble> {
    let nodes = reply::data::<Nodes>(reply)?.nodes;
    if nodes.len() != asked.len() {
        return Err(Trouble::Garbled { reason: format!("data.nodes: {} of {} objects", nodes.len(), asked.len()) });
    }
    let (mut found, mut missing) = (Vec::new(), Vec::new());
    for (index, (node, id)) in nodes.into_iter().zip(asked).enumerate() {
        match node {
            Value::Null => missing.push((*id).to_owned()),
            node => found.push(scalar::parse_part(node, &format!("data.nodes[{index}]")).map_err(reply::garbled)?),
        }
    }
    Ok((found, missing))
}

fn customers_of(asked: &[&str], account: &Account, reply: &Reply) -> Result<Page, Trouble> {
    let (found, missing) = nodes::<Customer>(asked, reply)?;
    let seen = |customer| translate::customer_of_graph(account.channel, customer).map(Told::Customer);
    let mut told: Vec<Told> = found.into_iter().map(seen).collect::<Result<_, _>>().map_err(reply::garbled)?;
    // Whoever was heard of and is not there was deleted, or went in a merge; no id is given twice.
    let gone = |id: &String| Told::Customer(translate::customer_deleted(account.channel, id, reply.sent_at));
    told.extend(missing.iter().map(gone));
    Ok(Page { told, missing, ..Page::default() })
}

#[derive(Deserialize)]
struct Orders {
    orders: Connection<Changed>,
}

/// The versions are lower bounds: refunds, which break ties within a second too, are not listed.
fn orders(since: Instant, reply: &Reply) -> Result<Page, Trouble> {
    let page = reply::data::<Orders>(reply)?.orders;
    let mut changed = Vec::new();
    for (index, order) in page.nodes.iter().enumerate() {
        let field = || format!("data.orders.nodes[{index}].updatedAt");
        let version = tally::version(order.updated_at.0, order.progress_at_least(), field).map_err(reply::garbled)?;
        changed.push((DocumentKey::new(order.id.number()), version));
    }
    let until = page.nodes.iter().map(|order| order.updated_at.0).max();
    let next = page.page_info.next().map(|cursor| Question::Orders { since, cursor: Some(cursor.to_owned()) });
    Ok(Page { changed, until, next, ..Page::default() })
}

/// `missing` holds only those that were asked for in this request; the next question asks for the others.
fn orders_of(documents: &[DocumentKey], account: &Account, reply: &Reply) -> Result<Page, Trouble> {
    let (asked, later) = documents.split_at(documents.len().min(DOCUMENTS));
    let asked: Vec<&str> = asked.iter().map(|document| document.as_str()).collect();
    let (found, missing) = nodes::<Order>(&asked, reply)?;
    let later: Vec<String> = later.iter().map(|document| document.as_str().to_owned()).collect();
    let then = if later.is_empty() { Then::End } else { Then::Documents(later) };
    let drafts = found.into_iter().map(Draft::new).collect();
    let page = told(Rest { drafts, then }, account).map_err(reply::garbled)?;
    Ok(Page { missing, ..page })
}

fn rest(cursor: &str, account: &Account, reply: &Reply) -> Result<Page, Trouble> {
    let lost = || Trouble::Garbled { reason: "the cursor is not one that was given".to_owned() };
    let mut rest = Rest::parse(cursor).ok_or_else(lost)?;
    let mut answer: Map<String, Value> = reply::data(reply)?;
    let wants = rest.wants().map_err(reply::garbled)?;
    let mut gone = vec![false; rest.drafts.len()];
    for (index, want) in wants.iter().enumerate() {
        let name = format!("p{index}");
        let root = format!("data.{name}");
        let missing = || Trouble::Garbled { reason: format!("{root}: missing") };
        let part = answer.remove(&name).ok_or_else(missing)?;
        if part.is_null() {
            // The order or its part was deleted since its head was read.
            gone[want.draft] = true;
        } else if let Some(draft) = rest.drafts.get_mut(want.draft) {
            draft.put(want, part, &root).map_err(reply::garbled)?;
        }
    }
    let mut missing = Vec::new();
    let mut kept = Vec::new();
    for (draft, gone) in rest.drafts.into_iter().zip(gone) {
        if gone { missing.push(draft.order.id.number().to_owned()) } else { kept.push(draft) }
    }
    let page = told(Rest { drafts: kept, then: rest.then }, account).map_err(reply::garbled)?;
    Ok(Page { missing, ..page })
}

/// Tells the orders that are complete and keeps the others for the next question. That question asks about orders, not
/// about changes, so its time has no meaning.
fn told(rest: Rest, account: &Account) -> Result<Page, Unreadable> {
    let mut told = Vec::new();
    let mut drafts = Vec::new();
    for (index, draft) in rest.drafts.into_iter().enumerate() {
        if draft.wants(index)?.is_empty() {
            let seen = order_graph::known(&draft.order)?.seen(account.channel)?;
            told.push(Told::Order(Box::new(seen)));
        } else {
            drafts.push(draft);
        }
    }
    let next = if drafts.is_empty() {
        match rest.then {
            Then::End => None,
            Then::Documents(documents) => {
                Some(Question::OrdersOf { documents: documents.iter().map(|it| DocumentKey::new(it)).collect() })
            }
        }
    } else {
        Some(Question::Orders { since: Instant(0), cursor: Some(Rest { drafts, then: rest.then }.cursor()) })
    };
    Ok(Page { told, next, ..Page::default() })
}

fn levels_of(rows: &[(ExternalItem, ExternalLocation)], account: &Account, reply: &Reply) -> Result<Page, Trouble> {
    let mut answer: Map<String, Value> = reply::data(reply)?;
    let mut told = Vec::new();
    for (index, (external, location)) in rows.iter().enumerate() {
        let name = format!("r{index}");
        let root = format!("data.{name}");
        let missing = || Trouble::Garbled { reason: format!("{root}: missing") };
        let part = answer.remove(&name).ok_or_else(missing)?;
        // Null when the item is deleted: then it is not counted either.
        let item: Option<ItemLevel> = scalar::parse_part(part, &root).map_err(reply::garbled)?;
        if item.is_none() {
            told.push(Told::Item(Box::new(translate::item_deleted(account.channel, external.clone()))));
        }
        let level = item
            .filter(|item| item.tracked)
            .and_then(|item| item.inventory_level)
            .and_then(|level| translate::available(&level.quantities));
        told.push(Told::Level(LevelHint { external: external.clone(), location: location.clone(), level }));
    }
    Ok(Page { told, ..Page::default() })
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Accessed {
    current_app_installation: Installation,
    shop: AccessedShop,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Installation {
    access_scopes: Vec<AccessScope>,
}

#[derive(Deserialize)]
struct AccessScope {
    handle: String,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct AccessedShop {
    name: String,
    myshopify_domain: String,
}

fn access(reply: &Reply) -> Result<Page, Trouble> {
    let answer: Accessed = reply::data(reply)?;
    let scopes = answer.current_app_installation.access_scopes.into_iter().map(|scope| scope.handle).collect();
    let (account, name) = (answer.shop.myshopify_domain, answer.shop.name);
    let access = Access { account, name, scopes: Some(grants::with_implied(scopes)) };
    Ok(Page { access: Some(access), ..Page::default() })
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Subscriptions {
    webhook_subscriptions: Connection<Subscription>,
}

fn subscriptions(reply: &Reply) -> Result<Page, Trouble> {
    let page = reply::data::<Subscriptions>(reply)?.webhook_subscriptions;
    let next = page.page_info.next().map(|cursor| Question::Subscriptions { cursor: Some(cursor.to_owned()) });
    Ok(Page { subscriptions: page.nodes.into_iter().map(subscribe::ours).collect(), next, ..Page::default() })
}
