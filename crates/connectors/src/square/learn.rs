//! Replies to questions: words, and the next question. The other half of each pair is in `requests`.

use model::{ChannelId, Currency, CustomerKey, DocumentKey, ExternalItem, ExternalLocation, Instant, Level};
use std::collections::BTreeSet;

use super::place::Place;
use super::requests::{DOCUMENTS_MAX, asked, chunks};
use super::translate;
use super::trouble::{self, Code};
use super::wire::{
    CatalogPage, CountsPage, CustomerReply, CustomersPage, LocationsPage, Order, OrdersPage, SubscriptionReply,
    SubscriptionsPage, TokenStatus, parse, parse_at, unreadable,
};
use crate::{Access, Account, LevelHint, Page, Question, Reply, Told, Trouble, Unreadable};

/// What the reply to a question says.
///
/// # Errors
/// When Square refused, is busy, or spoke in a way that cannot be read.
pub(super) fn learn(question: &Question, account: &Account, reply: &Reply) -> Result<Page, Trouble> {
    if let Some(refusal) = trouble::of(reply)? {
        return match question {
            Question::CustomersOf { customers } if refusal.only(&[Code::NotFound, Code::CustomerNotFound]) => {
                Ok(unknown_customer(customers))
            }
            _ => Err(refusal.reading()),
        };
    }
    page(question, account, &reply.body).map_err(|error| Trouble::Garbled { reason: error.to_string() })
}

fn page(question: &Question, account: &Account, body: &[u8]) -> Result<Page, Unreadable> {
    match question {
        Question::Locations { .. } => locations(account.channel, body),
        Question::Catalogue { since, .. } => catalogue(account, *since, body),
        Question::Levels { .. } => levels(body),
        Question::LevelsSince { .. } => Err(Unreadable { field: String::new(), problem: "it was never asked".into() }),
        Question::Access => access(body),
        Question::LevelsOf { rows } => levels_of(rows, body),
        Question::Orders { since, cursor } => orders(account, *since, cursor.as_deref(), body),
        Question::OrdersOf { documents } => orders_of(account, documents, body),
        Question::Customers { since, .. } => customers(account.channel, *since, body),
        Question::CustomersOf { customers } => customer(account.channel, customers, body),
        Question::Subscriptions { .. } => subscriptions(body),
        Question::Subscribe { .. } => subscribed(body),
    }
}

/// The end is an absent or an empty cursor; the documentation has both.
fn more(cursor: Option<String>) -> Option<String> {
    cursor.filter(|cursor| !cursor.is_empty())
}

fn locations(channel: ChannelId, body: &[u8]) -> Result<Page, Unreadable> {
    let page: LocationsPage = parse(body)?;
    let told = page.locations.iter().enumerate().map(|(index, location)| {
        translate::location(&format!("locations[{index}]"), location, channel).map(Told::Location)
    });
    Ok(Page { told: told.collect::<Result<_, _>>()?, ..Page::default() })
}

fn catalogue(account: &Account, since: Option<Instant>, body: &[u8]) -> Result<Page, Unreadable> {
    let page: CatalogPage = parse(body)?;
    let items = translate::items(&page, account.channel, account.currency)?;
    Ok(Page {
        told: items.into_iter().map(|item| Told::Item(Box::new(item))).collect(),
        next: more(page.cursor).map(|cursor| Question::Catalogue { since, cursor: Some(cursor) }),
        ..Page::default()
    })
}

fn hints(page: &CountsPage) -> Result<Vec<LevelHint>, Unreadable> {
    let counts = page.counts.iter().enumerate();
    counts.filter_map(|(index, count)| translate::level(&format!("counts[{index}]"), count).transpose()).collect()
}

fn levels(body: &[u8]) -> Result<Page, Unreadable> {
    let page: CountsPage = parse(body)?;
    Ok(Page {
        told: hints(&page)?.into_iter().map(Told::Level).collect(),
        next: more(page.cursor).map(|cursor| Question::Levels { cursor: Some(cursor) }),
        ..Page::default()
    })
}

/// Answers the rows at the first row's location, which is what was asked, and asks for the others next. An item without
/// a count there has never been counted or moved: Square starts from zero.
fn levels_of(rows: &[(ExternalItem, ExternalLocation)], body: &[u8]) -> Result<Page, Unreadable> {
    let page: CountsPage = parse(body)?;
    let place = rows.first().map(|(_, location)| location.clone()).unwrap_or_else(|| ExternalLocation::new(""));
    let hints = hints(&page)?;
    let wanted: BTreeSet<&ExternalItem> = asked(rows).collect();
    let level = |item: &ExternalItem| {
        hints.iter().find(|hint| hint.external == *item && hint.location == place).and_then(|hint| hint.level)
    };
    // With a cursor what is not on this page may be on the next, so it is not known to be zero.
    let cut_short = more(page.cursor).is_some();
    if cut_short && !wanted.iter().any(|item| level(item).is_some()) {
        return Err(unreadable("cursor", "is there, but none of the levels asked for"));
    }
    let answered = |item: &ExternalItem| wanted.contains(item) && (!cut_short || level(item).is_some());
    let told = wanted.iter().filter(|item| answered(item)).map(|item| {
        let level = Some(level(item).unwrap_or(Level::ZERO));
        Told::Level(LevelHint { external: (*item).clone(), location: place.clone(), level })
    });
    let left = rows.iter().filter(|(item, location)| *location != place || !answered(item));
    let left: Vec<_> = left.cloned().collect();
    Ok(Page {
        told: told.collect(),
        next: (!left.is_empty()).then_some(Question::LevelsOf { rows: left }),
        ..Page::default()
    })
}

/// Orders that can be read, and those that cannot, by id: one bad order must not stop the others.
fn told_orders(page: &OrdersPage, channel: ChannelId, usual: Currency) -> Page {
    let mut told = Page::default();
    for (index, value) in page.orders.iter().enumerate() {
        let place = format!("orders[{index}]");
        let read = parse_at::<Order>(&place, value).and_then(|order| translate::order(&place, &order, channel, usual));
        match read {
            Ok(Some(order)) => told.told.push(Told::Order(Box::new(order))),
            Ok(None) => {}
            Err(error) => told.unreadable.push((DocumentKey::new(id(value)), error)),
        }
        let changed = value["updated_at"].as_str().and_then(|at| Instant::parse(at).ok());
        told.until = told.until.max(changed);
    }
    told
}

fn id(order: &serde_json::Value) -> &str {
    order["id"].as_str().unwrap_or_default()
}

/// Inside ten locations the oldest change comes first; the next ten start again at the oldest.
fn orders(account: &Account, since: Instant, cursor: Option<&str>, body: &[u8]) -> Result<Page, Unreadable> {
    let page: OrdersPage = parse(body)?;
    let told = told_orders(&page, account.channel, account.currency);
    let next = Place::parse(cursor).and_then(|place| place.next(page.cursor, chunks(account).len()));
    Ok(Page { next: next.map(|place| Question::Orders { since, cursor: Some(place.to_string()) }), ..told })
}

/// Square leaves out what does not exist.
fn orders_of(account: &Account, documents: &[DocumentKey], body: &[u8]) -> Result<Page, Unreadable> {
    let page: OrdersPage = parse(body)?;
    let told = told_orders(&page, account.channel, account.currency);
    let there: BTreeSet<&str> = page.orders.iter().map(|order| id(order).trim()).collect();
    let (asked, left) = documents.split_at(documents.len().min(DOCUMENTS_MAX));
    let missing = asked.iter().map(DocumentKey::as_str).filter(|id| !there.contains(id));
    Ok(Page {
        missing: missing.map(str::to_owned).collect(),
        next: (!left.is_empty()).then(|| Question::OrdersOf { documents: left.to_vec() }),
        ..told
    })
}

fn customers(channel: ChannelId, since: Option<Instant>, body: &[u8]) -> Result<Page, Unreadable> {
    let page: CustomersPage = parse(body)?;
    let told = page.customers.iter().enumerate().map(|(index, customer)| {
        translate::customer(&format!("customers[{index}]"), customer, channel).map(Told::Customer)
    });
    Ok(Page {
        told: told.collect::<Result<_, _>>()?,
        next: more(page.cursor).map(|cursor| Question::Customers { since, cursor: Some(cursor) }),
        ..Page::default()
    })
}

fn customer(channel: ChannelId, customers: &[CustomerKey], body: &[u8]) -> Result<Page, Unreadable> {
    let reply: CustomerReply = parse(body)?;
    let told = vec![Told::Customer(translate::customer("customer", &reply.customer, channel)?)];
    Ok(Page { told, next: other_customers(customers), ..Page::default() })
}

fn unknown_customer(customers: &[CustomerKey]) -> Page {
    let missing = customers.first().map(|customer| customer.as_str().to_owned()).into_iter().collect();
    Page { missing, next: other_customers(customers), ..Page::default() }
}

fn other_customers(customers: &[CustomerKey]) -> Option<Question> {
    let others = customers.get(1..).unwrap_or_default();
    (!others.is_empty()).then(|| Question::CustomersOf { customers: others.to_vec() })
}

/// The seller has a name elsewhere, for another scope; their id has to do.
fn access(body: &[u8]) -> Result<Page, Unreadable> {
    let status: TokenStatus = parse(body)?;
    let account = translate::id("merchant_id", &status.merchant_id)?.to_owned();
    let access = Access { name: account.clone(), account, scopes: status.scopes };
    Ok(Page { access: Some(access), ..Page::default() })
}

fn subscriptions(body: &[u8]) -> Result<Page, Unreadable> {
    let page: SubscriptionsPage = parse(body)?;
    let seen = page.subscriptions.iter().enumerate();
    let seen = seen.map(|(index, seen)| translate::subscription(&format!("subscriptions[{index}]"), seen));
    Ok(Page {
        subscriptions: seen.collect::<Result<_, _>>()?,
        next: more(page.cursor).map(|cursor| Question::Subscriptions { cursor: Some(cursor) }),
        ..Page::default()
    })
}

/// Without its key no delivery of the subscription could be believed.
fn subscribed(body: &[u8]) -> Result<Page, Unreadable> {
    let reply: SubscriptionReply = parse(body)?;
    let made = translate::subscription("subscription", &reply.subscription)?;
    let secret = made.secret.clone().ok_or_else(|| unreadable("subscription.signature_key", "is missing"))?;
    Ok(Page { subscriptions: vec![made], secret: Some(secret), ..Page::default() })
}
