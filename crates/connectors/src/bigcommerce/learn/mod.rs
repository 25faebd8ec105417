//! Replies to questions: words, and the next question. The other half of each pair is in `requests`; how an order is
//! put together from several replies is in `order`.

mod order;

use std::collections::BTreeSet;

use model::{ChannelId, CustomerKey, ExternalItem, ExternalLocation, Instant, Level};

use super::place::page;
use super::requests::{PAGE_MAX, STOCK_MAX, asked, is_product, named};
use super::wire::{
    Collection, Customer, Hook, Location, Product, Single, StockItem, Store, parse, parse_at, unreadable,
};
use super::{scope, translate, trouble};
use crate::{Access, Account, LevelHint, Page, Question, Reply, Subscription, Told, Trouble, Unreadable};

/// What the reply to a question says.
///
/// # Errors
/// When BigCommerce refused, is busy, or spoke in a way that cannot be read.
pub(super) fn learn(question: &Question, account: &Account, reply: &Reply) -> Result<Page, Trouble> {
    if let Some(refusal) = trouble::of(reply) {
        return match question {
            Question::OrdersOf { documents } if refusal.status == 404 => Ok(order::absent(documents)),
            _ => Err(refusal.trouble()),
        };
    }
    answer(question, account, reply).map_err(|error| Trouble::Garbled { reason: error.to_string() })
}

fn answer(question: &Question, account: &Account, reply: &Reply) -> Result<Page, Unreadable> {
    let body = reply.body.as_slice();
    match question {
        Question::Locations { cursor } => locations(account.channel, cursor.as_deref(), body),
        Question::Catalogue { since, cursor } => catalogue(account, *since, cursor.as_deref(), body),
        Question::Levels { cursor } => levels(cursor.as_deref(), body),
        Question::LevelsSince { .. } => Err(unreadable("", "it was never asked")),
        Question::LevelsOf { rows } => levels_of(rows, body),
        Question::Orders { since, cursor } => order::listed(account, *since, cursor.as_deref(), &replied(reply)),
        Question::OrdersOf { documents } => order::read(account, documents, &replied(reply)),
        Question::Customers { since, cursor } => customers(account.channel, *since, cursor.as_deref(), body),
        Question::CustomersOf { customers } => customers_of(account.channel, customers, body),
        Question::Access => access(account, body),
        Question::Subscriptions { cursor } => subscriptions(cursor.as_deref(), body),
        Question::Subscribe { url, present, since } => subscribed(url, present, *since, body),
    }
}

/// With the time at which the store wrote it.
fn replied(reply: &Reply) -> order::Replied<'_> {
    order::Replied { body: &reply.body, now: trouble::present(reply) }
}

/// The elements of a page, and the cursor of the next.
fn elements(cursor: Option<&str>, limit: usize, body: &[u8]) -> Result<(Collection, Option<String>), Unreadable> {
    let collection: Collection = parse(body)?;
    let page = page(cursor).unwrap_or(1);
    let next = collection.more(page, limit).then(|| page.saturating_add(1).to_string());
    Ok((collection, next))
}

fn each(collection: &Collection) -> impl Iterator<Item = (String, &serde_json::Value)> {
    collection.data.iter().enumerate().map(|(index, value)| (format!("data[{index}]"), value))
}

fn locations(channel: ChannelId, cursor: Option<&str>, body: &[u8]) -> Result<Page, Unreadable> {
    let (collection, next) = elements(cursor, PAGE_MAX, body)?;
    let told = each(&collection).map(|(path, value)| {
        let location: Location = parse_at(&path, value)?;
        translate::location(&path, &location, channel).map(Told::Location)
    });
    Ok(Page {
        told: told.collect::<Result<_, _>>()?,
        next: next.map(|cursor| Question::Locations { cursor: Some(cursor) }),
        ..Page::default()
    })
}

fn catalogue(account: &Account, since: Option<Instant>, cursor: Option<&str>, body: &[u8]) -> Result<Page, Unreadable> {
    let (collection, next) = elements(cursor, PAGE_MAX, body)?;
    let mut page = Page::default();
    for (path, value) in each(&collection) {
        let product: Product = parse_at(&path, value)?;
        let items = translate::items(&path, &product, account.channel, account.currency)?;
        page.told.extend(items.into_iter().map(|item| Told::Item(Box::new(item))));
        if let Some(changed) = &product.date_modified {
            page.until = page.until.max(Some(translate::instant(&format!("{path}.date_modified"), changed)?));
        }
    }
    page.next = next.map(|cursor| Question::Catalogue { since, cursor: Some(cursor) });
    Ok(page)
}

fn hints(collection: &Collection) -> Result<Vec<(StockItem, Vec<LevelHint>)>, Unreadable> {
    let stock = each(collection).map(|(path, value)| {
        let item: StockItem = parse_at(&path, value)?;
        let levels = translate::levels(&path, &item)?;
        Ok((item, levels))
    });
    stock.collect()
}

fn levels(cursor: Option<&str>, body: &[u8]) -> Result<Page, Unreadable> {
    let (collection, next) = elements(cursor, STOCK_MAX, body)?;
    let hints = hints(&collection)?.into_iter().flat_map(|(_, levels)| levels);
    Ok(Page {
        told: hints.map(Told::Level).collect(),
        next: next.map(|cursor| Question::Levels { cursor: Some(cursor) }),
        ..Page::default()
    })
}

/// All locations of the items that this request asked for are told, whichever were asked: news of stock does not say
/// where it changed. What is not listed was never stocked: the store starts from zero. At most fifty items fit a page.
fn levels_of(rows: &[(ExternalItem, ExternalLocation)], body: &[u8]) -> Result<Page, Unreadable> {
    let collection: Collection = parse(body)?;
    let stock = hints(&collection)?;
    let (variants, products) = asked(rows);
    let by_product = variants.is_empty();
    let answered: BTreeSet<&str> = if by_product { products } else { variants }.into_iter().collect();
    let mut told: Vec<LevelHint> = stock.iter().flat_map(|(_, levels)| levels.clone()).collect();
    let of_request = |item: &ExternalItem| is_product(item) == by_product && answered.contains(named(item));
    for (item, location) in rows.iter().filter(|(item, _)| of_request(item)) {
        let is_it = |stocked: &StockItem| match by_product {
            true => stocked.identity.product_id.is_some_and(|id| id.to_string() == named(item)),
            false => stocked.identity.variant_id.is_some_and(|id| id.to_string() == named(item)),
        };
        let found = stock
            .iter()
            .any(|(stocked, levels)| is_it(stocked) && levels.iter().any(|level| level.location == *location));
        if !found {
            let (external, location) = (item.clone(), location.clone());
            told.push(LevelHint { external, location, level: Some(Level::ZERO) });
        }
    }
    let left: Vec<_> = rows.iter().filter(|(item, _)| !of_request(item)).cloned().collect();
    Ok(Page {
        told: told.into_iter().map(Told::Level).collect(),
        next: (!left.is_empty()).then_some(Question::LevelsOf { rows: left }),
        ..Page::default()
    })
}

fn seen(channel: ChannelId, collection: &Collection) -> Result<Vec<model::CustomerSeen>, Unreadable> {
    let seen = each(collection).map(|(path, value)| {
        let customer: Customer = parse_at(&path, value)?;
        translate::customer(&path, &customer, channel)
    });
    seen.collect()
}

fn customers(
    channel: ChannelId,
    since: Option<Instant>,
    cursor: Option<&str>,
    body: &[u8],
) -> Result<Page, Unreadable> {
    let (collection, next) = elements(cursor, PAGE_MAX, body)?;
    let seen = seen(channel, &collection)?;
    Ok(Page {
        until: seen.iter().map(|customer| customer.updated_at).max(),
        told: seen.into_iter().map(Told::Customer).collect(),
        next: next.map(|cursor| Question::Customers { since, cursor: Some(cursor) }),
        ..Page::default()
    })
}

fn customers_of(channel: ChannelId, asked: &[CustomerKey], body: &[u8]) -> Result<Page, Unreadable> {
    let collection: Collection = parse(body)?;
    let seen = seen(channel, &collection)?;
    let (asked, left) = asked.split_at(asked.len().min(super::requests::ASK_MAX));
    let absent = asked.iter().filter(|key| !seen.iter().any(|customer| customer.customer == **key));
    Ok(Page {
        missing: absent.map(|key| key.as_str().to_owned()).collect(),
        told: seen.into_iter().map(Told::Customer).collect(),
        next: (!left.is_empty()).then(|| Question::CustomersOf { customers: left.to_vec() }),
        ..Page::default()
    })
}

/// The path of the request proves which store it is; scopes are not told.
fn access(account: &Account, body: &[u8]) -> Result<Page, Unreadable> {
    let store: Store = parse(body)?;
    let name = store.name.unwrap_or_default().trim().to_owned();
    Ok(Page { access: Some(Access { account: account.account.clone(), name, scopes: None }), ..Page::default() })
}

fn hook(path: &str, value: &serde_json::Value) -> Result<Subscription, Unreadable> {
    let hook: Hook = parse_at(path, value)?;
    Ok(Subscription {
        id: hook.id.to_string(),
        topics: vec![hook.scope],
        url: hook.destination,
        enabled: hook.is_active == Some(true),
        secret: None,
    })
}

fn subscriptions(cursor: Option<&str>, body: &[u8]) -> Result<Page, Unreadable> {
    let (collection, next) = elements(cursor, PAGE_MAX, body)?;
    Ok(Page {
        subscriptions: each(&collection).map(|(path, value)| hook(&path, value)).collect::<Result<_, _>>()?,
        next: next.map(|cursor| Question::Subscriptions { cursor: Some(cursor) }),
        ..Page::default()
    })
}

/// The scope that was missing is there now; the next one that is missing is asked for.
fn subscribed(url: &str, present: &[String], since: Instant, body: &[u8]) -> Result<Page, Unreadable> {
    let made: Single = parse(body)?;
    let made = hook("data", &made.data)?;
    let mut present = present.to_vec();
    // What was asked for, whatever the reply calls it: else it would be asked for without end.
    present.extend(scope::missing(&present).map(str::to_owned));
    let next = scope::missing(&present).is_some();
    Ok(Page {
        subscriptions: vec![made],
        next: next.then(|| Question::Subscribe { url: url.to_owned(), present, since }),
        ..Page::default()
    })
}
