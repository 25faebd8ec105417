//! Replies to questions: words, and the next question. The other half of each pair is in `requests`.

use model::{CustomerKey, DocumentKey, ExternalItem, ExternalLocation, Instant, Level};
use serde_json::Value;

use super::requests::{after, missing_topic};
use super::translate::{self, needed};
use super::trouble::{self, garbled};
use super::wire::{
    Customer, Inventory, Listed, Outlet, Product, Retailer, Sale, Single, Webhook, element, list, object, unreadable,
};
use crate::{Access, Account, LevelHint, Page, Question, Reply, Told, Trouble, Unreadable};

/// What the reply to a question says.
///
/// # Errors
/// When Lightspeed refused, is busy, or spoke in a way that cannot be read.
pub(super) fn learn(question: &Question, account: &Account, reply: &Reply) -> Result<Page, Trouble> {
    if let Some(page) = none_such(question, reply.status) {
        return Ok(page);
    }
    trouble::check(reply)?;
    page(question, account, &reply.body).map_err(garbled)
}

/// A question for one thing is answered by 404 when there is no such thing, and a subscription by 409 when it is there.
fn none_such(question: &Question, status: u16) -> Option<Page> {
    match (question, status) {
        (Question::OrdersOf { documents }, 404) => {
            let missing = documents.first().map(|document| document.as_str().to_owned()).into_iter().collect();
            Some(Page { missing, next: other_orders(documents), ..Page::default() })
        }
        (Question::CustomersOf { customers }, 404) => {
            let missing = customers.first().map(|customer| customer.as_str().to_owned()).into_iter().collect();
            Some(Page { missing, next: other_customers(customers), ..Page::default() })
        }
        (Question::LevelsOf { rows }, 404) => Some(levels_of(rows, |_| None)),
        (Question::Subscribe { .. }, 409) => Some(Page { next: other_topics(question), ..Page::default() }),
        _ => None,
    }
}

fn page(question: &Question, account: &Account, body: &[u8]) -> Result<Page, Unreadable> {
    match question {
        Question::Locations { cursor } => {
            let (page, next) = walked(body, None, cursor.as_deref(), |place, value| {
                let outlet: Outlet = element(place, value)?;
                translate::location(place, &outlet, account.channel).map(Told::Location)
            })?;
            // Only the order of the pages is by version: nobody polls outlets.
            Ok(Page { until: None, next: next.map(|cursor| Question::Locations { cursor: Some(cursor) }), ..page })
        }
        Question::Catalogue { since, cursor } => {
            let (page, next) = walked(body, *since, cursor.as_deref(), |place, value| {
                let product: Product = element(place, value)?;
                let item = translate::item(place, &product, account.channel, account.currency)?;
                Ok(Told::Item(Box::new(item)))
            })?;
            Ok(Page { next: next.map(|cursor| Question::Catalogue { since: *since, cursor: Some(cursor) }), ..page })
        }
        Question::Customers { since, cursor } => {
            let (page, next) = walked(body, *since, cursor.as_deref(), |place, value| {
                let customer: Customer = element(place, value)?;
                translate::customer(place, &customer, account.channel).map(Told::Customer)
            })?;
            Ok(Page { next: next.map(|cursor| Question::Customers { since: *since, cursor: Some(cursor) }), ..page })
        }
        Question::Levels { cursor } => {
            let (page, next) = levels(body, None, cursor.as_deref())?;
            Ok(Page { next: next.map(|cursor| Question::Levels { cursor: Some(cursor) }), ..page })
        }
        Question::LevelsSince { since, cursor } => {
            let (page, next) = levels(body, Some(*since), cursor.as_deref())?;
            Ok(Page { next: next.map(|cursor| Question::LevelsSince { since: *since, cursor: Some(cursor) }), ..page })
        }
        Question::LevelsOf { rows } => levels_at(rows, body),
        Question::Orders { since, cursor } => orders(account, *since, cursor.as_deref(), body),
        Question::OrdersOf { documents } => order(account, documents, body),
        Question::CustomersOf { customers } => customer(account, customers, body),
        Question::Access => access(body),
        Question::Subscriptions { .. } => subscriptions(body),
        Question::Subscribe { .. } => subscribed(question, body),
    }
}

/// Reads a page of a collection element by element, and says where the next one begins.
fn walked(
    body: &[u8],
    since: Option<Instant>,
    cursor: Option<&str>,
    read: impl Fn(&str, &Value) -> Result<Told, Unreadable>,
) -> Result<(Page, Option<String>), Unreadable> {
    let listed: Listed = object(body)?;
    let max = rising(listed.max()?, since, cursor)?;
    let elements = listed.data.iter().enumerate();
    let told = elements.map(|(index, value)| read(&format!("data[{index}]"), value));
    let page = Page { told: told.collect::<Result<_, _>>()?, until: instant(max)?, ..Page::default() };
    Ok((page, max.map(|max| max.to_string())))
}

/// A page that does not lead on would be asked for for ever.
fn rising(max: Option<u64>, since: Option<Instant>, cursor: Option<&str>) -> Result<Option<u64>, Unreadable> {
    let after = after(since, cursor).unwrap_or(0);
    match max {
        Some(max) if max <= after => Err(unreadable("version.max", "is not above what was asked for")),
        _ => Ok(max),
    }
}

fn instant(version: Option<u64>) -> Result<Option<Instant>, Unreadable> {
    let too_large = |_| unreadable("version.max", "is larger than any version");
    version.map(|version| i64::try_from(version).map(Instant).map_err(too_large)).transpose()
}

/// Levels have no envelope: the largest version is looked for among them.
fn levels(body: &[u8], since: Option<Instant>, cursor: Option<&str>) -> Result<(Page, Option<String>), Unreadable> {
    let mut page = Page::default();
    let mut max = None;
    for (index, value) in list(body)?.iter().enumerate() {
        let place = format!("[{index}]");
        let seen: Inventory = element(&place, value)?;
        let version = seen.version.ok_or_else(|| unreadable(format!("{place}.version"), "is missing"))?;
        max = max.max(Some(version));
        page.told.extend(translate::level(&place, &seen)?.map(Told::Level));
    }
    let max = rising(max, since, cursor)?;
    page.until = instant(max)?;
    Ok((page, max.map(|max| max.to_string())))
}

fn levels_at(rows: &[(ExternalItem, ExternalLocation)], body: &[u8]) -> Result<Page, Unreadable> {
    let mut seen = Vec::new();
    for (index, value) in list(body)?.iter().enumerate() {
        let place = format!("[{index}]");
        let level: Inventory = element(&place, value)?;
        seen.extend(translate::level(&place, &level)?);
    }
    let at = |(item, location): &(ExternalItem, ExternalLocation)| {
        seen.iter().find(|hint| hint.external == *item && hint.location == *location).and_then(|hint| hint.level)
    };
    // A product without a record at an outlet has none there.
    Ok(levels_of(rows, |row| Some(at(row).unwrap_or(Level::ZERO))))
}

/// Answers the rows of the first row's product, which is what was asked, and asks for the others next.
fn levels_of(
    rows: &[(ExternalItem, ExternalLocation)],
    level: impl Fn(&(ExternalItem, ExternalLocation)) -> Option<Level>,
) -> Page {
    let first = rows.first().map(|(item, _)| item);
    let (asked, left): (Vec<_>, Vec<_>) = rows.iter().cloned().partition(|(item, _)| Some(item) == first);
    let told = asked
        .iter()
        .map(|row| Told::Level(LevelHint { external: row.0.clone(), location: row.1.clone(), level: level(row) }));
    Page {
        told: told.collect(),
        next: (!left.is_empty()).then_some(Question::LevelsOf { rows: left }),
        ..Page::default()
    }
}

/// Sales that can be read, and those that cannot, by id: one bad sale must not stop the others.
fn orders(account: &Account, since: Instant, cursor: Option<&str>, body: &[u8]) -> Result<Page, Unreadable> {
    let listed: Listed = object(body)?;
    let max = rising(listed.max()?, Some(since), cursor)?;
    let mut page = Page { until: instant(max)?, ..Page::default() };
    for (index, value) in listed.data.iter().enumerate() {
        tell(&format!("data[{index}]"), value, account, &mut page);
    }
    page.next = max.map(|max| Question::Orders { since, cursor: Some(max.to_string()) });
    Ok(page)
}

fn tell(place: &str, value: &Value, account: &Account, page: &mut Page) {
    let read = element::<Sale>(place, value).and_then(|sale| translate::sale(place, &sale, account));
    match read {
        Ok(order) => page.told.push(Told::Order(Box::new(order))),
        Err(error) => page.unreadable.push((DocumentKey::new(value["id"].as_str().unwrap_or_default()), error)),
    }
}

/// A sale that came under another id than was asked for would leave the asked one unanswered.
fn order(account: &Account, documents: &[DocumentKey], body: &[u8]) -> Result<Page, Unreadable> {
    let single: Single = object(body)?;
    let asked = documents.first().map(DocumentKey::as_str);
    if single.data["id"].as_str().map(str::trim) != asked {
        return Err(unreadable("data.id", "is not the sale that was asked for"));
    }
    let mut page = Page { next: other_orders(documents), ..Page::default() };
    tell("data", &single.data, account, &mut page);
    Ok(page)
}

fn other_orders(documents: &[DocumentKey]) -> Option<Question> {
    let others = documents.get(1..).unwrap_or_default();
    (!others.is_empty()).then(|| Question::OrdersOf { documents: others.to_vec() })
}

fn customer(account: &Account, customers: &[CustomerKey], body: &[u8]) -> Result<Page, Unreadable> {
    let single: Single = object(body)?;
    let seen: Customer = element("data", &single.data)?;
    let told = vec![Told::Customer(translate::customer("data", &seen, account.channel)?)];
    Ok(Page { told, next: other_customers(customers), ..Page::default() })
}

fn other_customers(customers: &[CustomerKey]) -> Option<Question> {
    let others = customers.get(1..).unwrap_or_default();
    (!others.is_empty()).then(|| Question::CustomersOf { customers: others.to_vec() })
}

/// Which scopes a token has is told when it is given, and only then.
fn access(body: &[u8]) -> Result<Page, Unreadable> {
    let single: Single = object(body)?;
    let retailer: Retailer = element("data", &single.data)?;
    let account = needed("data", "domain_prefix", retailer.domain_prefix.as_deref())?.to_owned();
    let name = retailer.name.unwrap_or_default();
    Ok(Page { access: Some(Access { account, name, scopes: None }), ..Page::default() })
}

fn subscriptions(body: &[u8]) -> Result<Page, Unreadable> {
    let listed: Listed = object(body)?;
    let mut page = Page::default();
    for (index, value) in listed.data.iter().enumerate() {
        let place = format!("data[{index}]");
        page.subscriptions.push(translate::subscription(&place, &element::<Webhook>(&place, value)?)?);
    }
    Ok(page)
}

fn subscribed(question: &Question, body: &[u8]) -> Result<Page, Unreadable> {
    let single: Single = object(body)?;
    let made = translate::subscription("data", &element::<Webhook>("data", &single.data)?)?;
    Ok(Page { subscriptions: vec![made], next: other_topics(question), ..Page::default() })
}

/// The same question with the type that was just subscribed among those that are there, while any is missing.
fn other_topics(question: &Question) -> Option<Question> {
    let Question::Subscribe { url, present, since } = question else { return None };
    let mut present = present.clone();
    present.extend(missing_topic(&present).map(|topic| topic.name().to_owned()));
    missing_topic(&present)?;
    Some(Question::Subscribe { url: url.clone(), present, since: *since })
}
