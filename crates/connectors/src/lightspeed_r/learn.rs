//! Replies to questions: words, and the next question. The other half of each pair is in `requests`.

use std::collections::BTreeSet;

use model::{CustomerKey, DocumentKey, ExternalItem, ExternalLocation, Instant};

use super::grants::scopes;
use super::requests::{IDS_MAX, asked, scope};
use super::wire::{self, AccountRow, Customer, Item, ItemShop, List, Sale, Shop, unreadable};
use super::{paging, translate, trouble};
use crate::{Access, Account, LevelHint, Page, Question, Reply, Told, Trouble, Unreadable};

/// What the reply to a question says.
///
/// # Errors
/// When the platform refused, is busy, or spoke in a way that cannot be read.
pub(super) fn learn(question: &Question, account: &Account, reply: &Reply) -> Result<Page, Trouble> {
    trouble::check(reply, scope(question))?;
    page(question, account, &reply.body).map_err(|error| Trouble::Garbled { reason: error.to_string() })
}

fn page(question: &Question, account: &Account, body: &[u8]) -> Result<Page, Unreadable> {
    match question {
        Question::Locations { .. } => {
            let list = wire::list(body, "Shop")?;
            let shops = each(&list, "Shop", |path, shop: &Shop| translate::location(path, shop, account.channel))?;
            let next = next(account, "Shop", &list, |cursor| Question::Locations { cursor })?;
            Ok(Page { told: shops.into_iter().map(Told::Location).collect(), next, ..Page::default() })
        }
        Question::Catalogue { since, .. } => catalogue(account, *since, body),
        Question::Levels { .. } => levels(account, body, |cursor| Question::Levels { cursor }),
        Question::LevelsSince { since, .. } => {
            levels(account, body, |cursor| Question::LevelsSince { since: *since, cursor })
        }
        Question::LevelsOf { rows } => levels_of(rows, body),
        Question::Orders { since, .. } => {
            let list = wire::list(body, "Sale")?;
            let next = next(account, "Sale", &list, |cursor| Question::Orders { since: *since, cursor })?;
            Ok(Page { next, ..sales(account, &list) })
        }
        Question::OrdersOf { documents } => orders_of(account, documents, body),
        Question::Customers { since, .. } => customers(account, *since, body),
        Question::CustomersOf { customers } => customers_of(account, customers, body),
        Question::Access => access(account, body),
        Question::Subscriptions { .. } | Question::Subscribe { .. } => {
            Err(unreadable("", "is the answer to a question that cannot be asked"))
        }
    }
}

fn each<T: serde::de::DeserializeOwned, W>(
    list: &List,
    resource: &str,
    word: impl Fn(&str, &T) -> Result<W, Unreadable>,
) -> Result<Vec<W>, Unreadable> {
    wire::rows::<T>(list, resource)?.iter().map(|(path, row)| word(path, row)).collect()
}

fn next(
    account: &Account,
    resource: &str,
    list: &List,
    question: impl Fn(Option<String>) -> Question,
) -> Result<Option<Question>, Unreadable> {
    Ok(paging::next(account, resource, &list.next)?.map(|cursor| question(Some(cursor))))
}

/// The largest time of change on a page. A row without one is judged where it is read.
fn until(list: &List) -> Option<Instant> {
    let stamp = |row: &serde_json::Value| row["timeStamp"].as_str().and_then(|text| Instant::parse(text).ok());
    list.rows.iter().filter_map(stamp).max()
}

fn catalogue(account: &Account, since: Option<Instant>, body: &[u8]) -> Result<Page, Unreadable> {
    let list = wire::list(body, "Item")?;
    let read = |path: &str, item: &Item| translate::item(path, item, account.channel, account.currency);
    let items = each(&list, "Item", read)?;
    Ok(Page {
        told: items.into_iter().map(|item| Told::Item(Box::new(item))).collect(),
        until: until(&list),
        next: next(account, "Item", &list, |cursor| Question::Catalogue { since, cursor })?,
        ..Page::default()
    })
}

fn hints(list: &List) -> Result<Vec<LevelHint>, Unreadable> {
    let hints = each(list, "ItemShop", |path, row: &ItemShop| translate::level(path, row))?;
    Ok(hints.into_iter().flatten().collect())
}

fn levels(account: &Account, body: &[u8], question: impl Fn(Option<String>) -> Question) -> Result<Page, Unreadable> {
    let list = wire::list(body, "ItemShop")?;
    Ok(Page {
        told: hints(&list)?.into_iter().map(Told::Level).collect(),
        until: until(&list),
        next: next(account, "ItemShop", &list, question)?,
        ..Page::default()
    })
}

/// Every item has a row for every shop, so a pair without one is no item or no shop of this account: not counted.
fn levels_of(rows: &[(ExternalItem, ExternalLocation)], body: &[u8]) -> Result<Page, Unreadable> {
    let list = wire::list(body, "ItemShop")?;
    if !list.next.is_empty() {
        return Err(unreadable(
            "@attributes.next",
            "is there, although no more rows were asked for than fit on a page",
        ));
    }
    let hints = hints(&list)?;
    let asked = asked(rows);
    let pairs: BTreeSet<&(ExternalItem, ExternalLocation)> = asked.iter().collect();
    let told = pairs.into_iter().map(|(item, shop)| {
        let found = hints.iter().find(|hint| hint.external == *item && hint.location == *shop);
        let level = found.and_then(|hint| hint.level);
        Told::Level(LevelHint { external: item.clone(), location: shop.clone(), level })
    });
    let left = rows[asked.len()..].to_vec();
    Ok(Page {
        told: told.collect(),
        next: (!left.is_empty()).then_some(Question::LevelsOf { rows: left }),
        ..Page::default()
    })
}

/// Sales that can be read, and those that cannot, by id: one bad sale must not stop the others.
fn sales(account: &Account, list: &List) -> Page {
    let mut page = Page { until: until(list), ..Page::default() };
    for (index, row) in list.rows.iter().enumerate() {
        let place = format!("Sale[{index}]");
        let read = wire::parse_at::<Sale>(&place, row)
            .and_then(|sale| translate::sale(&place, &sale, account.channel, account.currency));
        match read {
            Ok(sale) => page.told.push(Told::Order(Box::new(sale))),
            Err(error) => page.unreadable.push((DocumentKey::new(&id(row, "saleID")), error)),
        }
    }
    page
}

fn id(row: &serde_json::Value, field: &str) -> String {
    match &row[field] {
        serde_json::Value::String(text) => text.trim().to_owned(),
        serde_json::Value::Number(number) => number.to_string(),
        _ => String::new(),
    }
}

/// What was asked for by id and did not come; and what was not yet asked for, because it was too much for one page.
fn absent<'a>(list: &List, field: &str, wanted: impl Iterator<Item = &'a str>) -> Vec<String> {
    let there: BTreeSet<String> = list.rows.iter().map(|row| id(row, field)).collect();
    wanted.take(IDS_MAX).filter(|wanted| !there.contains(*wanted)).map(str::to_owned).collect()
}

fn orders_of(account: &Account, documents: &[DocumentKey], body: &[u8]) -> Result<Page, Unreadable> {
    let list = wire::list(body, "Sale")?;
    let left = documents.get(IDS_MAX..).unwrap_or_default().to_vec();
    Ok(Page {
        missing: absent(&list, "saleID", documents.iter().map(DocumentKey::as_str)),
        next: (!left.is_empty()).then_some(Question::OrdersOf { documents: left }),
        ..sales(account, &list)
    })
}

fn people(account: &Account, list: &List) -> Result<Vec<Told>, Unreadable> {
    let read = |path: &str, customer: &Customer| translate::customer(path, customer, account.channel);
    Ok(each(list, "Customer", read)?.into_iter().map(Told::Customer).collect())
}

fn customers(account: &Account, since: Option<Instant>, body: &[u8]) -> Result<Page, Unreadable> {
    let list = wire::list(body, "Customer")?;
    Ok(Page {
        told: people(account, &list)?,
        until: until(&list),
        next: next(account, "Customer", &list, |cursor| Question::Customers { since, cursor })?,
        ..Page::default()
    })
}

fn customers_of(account: &Account, customers: &[CustomerKey], body: &[u8]) -> Result<Page, Unreadable> {
    let list = wire::list(body, "Customer")?;
    let left = customers.get(IDS_MAX..).unwrap_or_default().to_vec();
    Ok(Page {
        told: people(account, &list)?,
        missing: absent(&list, "customerID", customers.iter().map(CustomerKey::as_str)),
        next: (!left.is_empty()).then_some(Question::CustomersOf { customers: left }),
        ..Page::default()
    })
}

/// A token opens one account. Should it ever open several, ours is the one that the channel names.
fn access(account: &Account, body: &[u8]) -> Result<Page, Unreadable> {
    let list = wire::list(body, "Account")?;
    let accounts = wire::rows::<AccountRow>(&list, "Account")?;
    let ours = accounts.iter().find(|(_, row)| row.id.as_str() == account.account);
    let (path, row) = ours.or(accounts.first()).ok_or_else(|| unreadable("Account", "is missing"))?;
    let access = Access {
        account: translate::id(&format!("{path}.accountID"), &row.id)?.to_owned(),
        name: row.name.as_str().to_owned(),
        scopes: scopes(&account.token),
    };
    Ok(Page { access: Some(access), ..Page::default() })
}
