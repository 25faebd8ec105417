//! Replies to questions: words, and the next question. The other half of each pair is in `requests`.

use model::{CustomerKey, DocumentKey, ExternalItem, ExternalLocation, Instant};
use serde_json::Value;

use super::cursor::{self, Half, Place};
use super::requests::{self, ORDERS_PAGE, PAGE};
use super::wire::{Customer, Item, ItemElement, ItemStock, List, Merchant, Order, PaymentOrder, Stock};
use super::wire::{parse, parse_at, unreadable};
use super::{PAYMENT, translate, trouble};
use crate::{Access, Account, LevelHint, Page, Question, Reply, Told, Trouble, Unreadable};

/// What the reply to a question says.
///
/// # Errors
/// When Clover refused, is busy, or spoke in a way that cannot be read.
pub(super) fn learn(question: &Question, account: &Account, reply: &Reply) -> Result<Page, Trouble> {
    match question {
        Question::LevelsOf { rows } => level_of(rows, reply),
        Question::OrdersOf { documents } => document(account, documents, reply),
        Question::CustomersOf { customers } => customer(account, customers, reply),
        Question::Locations { .. }
        | Question::Catalogue { .. }
        | Question::Levels { .. }
        | Question::LevelsSince { .. }
        | Question::Orders { .. }
        | Question::Customers { .. }
        | Question::Access
        | Question::Subscriptions { .. }
        | Question::Subscribe { .. } => {
            trouble::answer(reply)?;
            page(question, account, reply).map_err(garbled)
        }
    }
}

fn garbled(error: Unreadable) -> Trouble {
    Trouble::Garbled { reason: error.to_string() }
}

fn page(question: &Question, account: &Account, reply: &Reply) -> Result<Page, Unreadable> {
    match question {
        Question::Locations { .. } => {
            let told = vec![Told::Location(translate::location(&merchant(account, reply)?, account.channel)?)];
            Ok(Page { told, ..Page::default() })
        }
        Question::Access => access(&merchant(account, reply)?),
        Question::Catalogue { since, cursor } => catalogue(account, *since, cursor.as_deref(), reply),
        Question::Levels { cursor } => levels(account, cursor.as_deref(), reply),
        Question::Orders { since, cursor } => orders(account, *since, cursor.as_deref(), reply),
        Question::Customers { since, cursor } => customers(account, *since, cursor.as_deref(), reply),
        Question::LevelsSince { .. }
        | Question::LevelsOf { .. }
        | Question::OrdersOf { .. }
        | Question::CustomersOf { .. }
        | Question::Subscriptions { .. }
        | Question::Subscribe { .. } => Err(unreadable("", "it was never asked")),
    }
}

/// The token's merchant must be the channel's: everything of one shop would else be written into another.
fn merchant(account: &Account, reply: &Reply) -> Result<Merchant, Unreadable> {
    let merchant: Merchant = parse(&reply.body)?;
    if merchant.id.trim() != account.account.trim() {
        return Err(unreadable("id", "is not the merchant that was asked for"));
    }
    Ok(merchant)
}

/// What the token may do is decided by the app's permissions and not told.
fn access(merchant: &Merchant) -> Result<Page, Unreadable> {
    let account = translate::id("id", &merchant.id)?.to_owned();
    let name = merchant.name.clone().unwrap_or_default();
    Ok(Page { access: Some(Access { account, name, scopes: None }), ..Page::default() })
}

fn strange() -> Unreadable {
    unreadable("", "it was asked from a strange cursor")
}

fn list(reply: &Reply) -> Result<Vec<Value>, Unreadable> {
    parse::<List>(&reply.body).map(|list| list.elements)
}

fn catalogue(
    account: &Account,
    since: Option<Instant>,
    cursor: Option<&str>,
    reply: &Reply,
) -> Result<Page, Unreadable> {
    let walk = requests::items_at(since, cursor).ok_or_else(strange)?;
    let elements = list(reply)?;
    let mut page = Page::default();
    for (index, value) in elements.iter().enumerate() {
        let place = format!("elements[{index}]");
        let item: Item = parse_at(&place, value)?;
        page.until = page.until.max(item.modified_time.map(Instant));
        let mut seen = translate::item(&place, &item, account.channel, account.currency)?;
        seen.deleted |= walk.half == Half::Deleted;
        page.told.push(Told::Item(Box::new(seen)));
    }
    let next = walk.next(elements.len() as u64 >= PAGE, PAGE, Half::Living);
    page.next = next.map(|walk| Question::Catalogue { since, cursor: Some(walk.to_string()) });
    Ok(page)
}

fn levels(account: &Account, cursor: Option<&str>, reply: &Reply) -> Result<Page, Unreadable> {
    let elements = list(reply)?;
    let mut walk = cursor::Levels::parse(cursor).ok_or_else(strange)?;
    let mut page = Page::default();
    for (index, value) in elements.iter().enumerate() {
        let place = format!("elements[{index}]");
        let stock: ItemStock = parse_at(&place, value)?;
        let item = translate::id(&format!("{place}.item.id"), stock.item.id.as_deref().unwrap_or_default())?;
        let level = stock.quantity.map(|number| translate::level(&format!("{place}.quantity"), &number)).transpose()?;
        if walk.is_new(item) {
            page.told.push(Told::Level(LevelHint {
                external: ExternalItem::new(item),
                location: ExternalLocation::new(&account.account),
                level,
            }));
        }
    }
    let full = elements.len() as u64 >= PAGE;
    page.next = full.then(|| Question::Levels { cursor: Some(walk.on(PAGE).to_string()) });
    Ok(page)
}

/// The first row, and the others next. Clover has no stock of an item that it does not know.
fn level_of(rows: &[(ExternalItem, ExternalLocation)], reply: &Reply) -> Result<Page, Trouble> {
    let found = trouble::exists(reply)?;
    let Some(((external, location), others)) = rows.split_first() else { return Ok(Page::default()) };
    let level = if found { stock(&reply.body).map_err(garbled)? } else { None };
    let told = Told::Level(LevelHint { external: external.clone(), location: location.clone(), level });
    let next = (!others.is_empty()).then(|| Question::LevelsOf { rows: others.to_vec() });
    Ok(Page { told: vec![told], next, ..Page::default() })
}

/// The level in the reply of `item_stocks/{id}`; `None` when it is not counted.
///
/// # Errors
/// When it is not what it should be.
pub(super) fn stock(body: &[u8]) -> Result<Option<model::Level>, Unreadable> {
    let stock: Stock = parse(body)?;
    stock.quantity.map(|number| translate::level("quantity", &number)).transpose()
}

fn orders(account: &Account, since: Instant, cursor: Option<&str>, reply: &Reply) -> Result<Page, Unreadable> {
    let elements = list(reply)?;
    let mut page = Page::default();
    let mut times = Vec::new();
    for (index, value) in elements.iter().enumerate() {
        let place = format!("elements[{index}]");
        let head = parse_at::<ItemElement>(&place, value);
        let head_id = head.as_ref().ok().and_then(|head| head.id.clone()).filter(|id| !id.trim().is_empty());
        times.extend(head.as_ref().ok().and_then(|head| head.modified_time));
        match (order(&place, value, account), head_id) {
            (Ok(told), _) => page.told.push(told),
            (Err(error), Some(id)) => page.unreadable.push((DocumentKey::new(&id), error)),
            // Nobody can ask again for what has no name.
            (Err(error), None) => return Err(error),
        }
    }
    page.until = times.iter().copied().max().map(Instant);
    let place = Place::parse(cursor, since.0).ok_or_else(strange)?;
    let full = elements.len() as u64 >= ORDERS_PAGE;
    let next = place.next(&times, elements.len(), full, reply.sent_at.0);
    page.next = next.map(|place| Question::Orders { since, cursor: Some(place.to_string()) });
    Ok(page)
}

fn order(place: &str, value: &Value, account: &Account) -> Result<Told, Unreadable> {
    let order: Order = parse_at(place, value)?;
    let seen = translate::order(place, &order, account.channel, account.account.trim(), account.currency)?;
    Ok(Told::Order(Box::new(seen)))
}

/// The first document, and the others next. A payment is answered by asking for its order; its own name is then of no
/// more use, and told as missing.
fn document(account: &Account, documents: &[DocumentKey], reply: &Reply) -> Result<Page, Trouble> {
    let found = trouble::exists(reply)?;
    let Some((document, others)) = documents.split_first() else { return Ok(Page::default()) };
    let mut page = Page::default();
    let mut others = others.to_vec();
    let payment = document.as_str().starts_with(PAYMENT);
    if payment || !found {
        page.missing.push(document.as_str().to_owned());
    }
    match (payment, found) {
        (_, false) => {}
        (true, true) => match parse::<PaymentOrder>(&reply.body) {
            Ok(payment) => others.extend(order_of(payment).filter(|order| !documents.contains(order))),
            Err(error) => {
                page.missing.clear();
                page.unreadable.push((document.clone(), error));
            }
        },
        (false, true) => match read_order(document, account, &reply.body) {
            Ok(told) => page.told.push(told),
            Err(error) => page.unreadable.push((document.clone(), error)),
        },
    }
    page.next = (!others.is_empty()).then_some(Question::OrdersOf { documents: others });
    Ok(page)
}

fn read_order(document: &DocumentKey, account: &Account, body: &[u8]) -> Result<Told, Unreadable> {
    let value: Value = parse(body)?;
    if value.get("id").and_then(Value::as_str) != Some(document.as_str()) {
        return Err(unreadable("id", "is not the document that was asked for"));
    }
    order("", &value, account)
}

fn order_of(payment: PaymentOrder) -> Option<DocumentKey> {
    let order = payment.order.and_then(|order| order.id).map(|id| DocumentKey::new(&id));
    order.filter(|order| !order.is_empty() && !order.as_str().starts_with(PAYMENT))
}

fn customers(
    account: &Account,
    since: Option<Instant>,
    cursor: Option<&str>,
    reply: &Reply,
) -> Result<Page, Unreadable> {
    let walk = requests::customers_at(cursor).ok_or_else(strange)?;
    let elements = list(reply)?;
    let mut page = Page::default();
    for (index, value) in elements.iter().enumerate() {
        let place = format!("elements[{index}]");
        let customer: Customer = parse_at(&place, value)?;
        page.told.push(Told::Customer(match walk.half {
            Half::Living => {
                page.until = page.until.max(customer.customer_since.map(Instant));
                translate::customer(&place, &customer, account.channel, None)?
            }
            Half::Deleted => translate::gone_customer(&place, &customer, account.channel, reply.sent_at)?,
        }));
    }
    // Before the first poll nobody is known who could have been deleted.
    let last = if since.is_some() { Half::Deleted } else { Half::Living };
    let next = walk.next(elements.len() as u64 >= PAGE, PAGE, last);
    page.next = next.map(|walk| Question::Customers { since, cursor: Some(walk.to_string()) });
    Ok(page)
}

fn customer(account: &Account, customers: &[CustomerKey], reply: &Reply) -> Result<Page, Trouble> {
    let found = trouble::exists(reply)?;
    let Some((asked, others)) = customers.split_first() else { return Ok(Page::default()) };
    let mut page = Page::default();
    if found {
        let customer: Customer = parse(&reply.body).map_err(garbled)?;
        let seen = translate::customer("", &customer, account.channel, Some(reply.sent_at)).map_err(garbled)?;
        page.told.push(Told::Customer(seen));
    } else {
        page.missing.push(asked.as_str().to_owned());
    }
    page.next = (!others.is_empty()).then(|| Question::CustomersOf { customers: others.to_vec() });
    Ok(page)
}
