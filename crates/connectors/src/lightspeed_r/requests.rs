//! Questions to requests. The other half of each pair is in `learn`, which takes the same question.
//!
//! <https://developers.lightspeedhq.com/retail/introduction/parameters/>, read 2026-11-24. Archived rows are asked for
//! everywhere: what was deleted must be told as such and not look as if it had never been.

use std::collections::BTreeSet;

use model::{ExternalItem, ExternalLocation, Instant};

use super::http_request::{DRIP, RELATION, escaped, get};
use super::paging;
use super::wire::is_id;
use crate::{Account, Question, Request, Unsendable};

/// Most rows on a page, and most ids in one filter.
pub(super) const IDS_MAX: usize = 100;

/// The last whole second that [`Instant`] can print: the 30th of December 9999, 22:00.
const LAST_MS: i64 = 253_402_207_200_000;

/// The request that asks a question.
///
/// # Errors
/// When the platform has no such call, or the account lacks what it takes.
pub(super) fn ask(question: &Question, account: &Account) -> Result<Request, Unsendable> {
    match question {
        Question::Locations { cursor } => page(account, "Shop", cursor, || "sort=shopID&archived=true".to_owned()),
        Question::Catalogue { since, cursor } => {
            page(account, "Item", cursor, || format!("{}&archived=true", changed("itemID", *since)))
        }
        Question::Levels { cursor } => page(account, "ItemShop", cursor, || "sort=itemShopID".to_owned()),
        Question::LevelsSince { since, cursor } => {
            page(account, "ItemShop", cursor, || changed("itemShopID", Some(*since)))
        }
        Question::LevelsOf { rows } => levels_of(account, rows),
        Question::Orders { since, cursor } => page(account, "Sale", cursor, || {
            format!("{}&archived=true&{}", changed("saleID", Some(*since)), relation("SaleLines"))
        }),
        Question::OrdersOf { documents } => {
            let filter = ids("saleID", documents.iter().map(model::DocumentKey::as_str))?;
            page(account, "Sale", &None, || format!("{filter}&sort=saleID&archived=true&{}", relation("SaleLines")))
        }
        Question::Customers { since, cursor } => page(account, "Customer", cursor, || {
            format!("{}&archived=true&{}", changed("customerID", *since), relation("Contact"))
        }),
        Question::CustomersOf { customers } => {
            let filter = ids("customerID", customers.iter().map(model::CustomerKey::as_str))?;
            page(account, "Customer", &None, || {
                format!("{filter}&sort=customerID&archived=true&{}", relation("Contact"))
            })
        }
        Question::Access => get(account, "/API/V3/Account.json", DRIP),
        Question::Subscriptions { .. } | Question::Subscribe { .. } => {
            Err(Unsendable::Impossible("be subscribed to: it has no webhooks and is asked every few seconds instead"))
        }
    }
}

/// The scope that a question takes, for a person to grant when it is missing.
pub(super) fn scope(question: &Question) -> &'static str {
    match question {
        Question::Locations { .. } | Question::Orders { .. } | Question::OrdersOf { .. } => "employee:register_read",
        Question::Catalogue { .. }
        | Question::Levels { .. }
        | Question::LevelsSince { .. }
        | Question::LevelsOf { .. } => "employee:inventory_read",
        Question::Customers { .. } | Question::CustomersOf { .. } => "employee:customers_read",
        Question::Access | Question::Subscriptions { .. } | Question::Subscribe { .. } => "of any employee",
    }
}

/// The first page of a list, or the one that its cursor names.
fn page(
    account: &Account,
    resource: &str,
    cursor: &Option<String>,
    query: impl Fn() -> String,
) -> Result<Request, Unsendable> {
    let path = match cursor {
        Some(cursor) => paging::followed(account, resource, cursor)?,
        None => format!("{}?{}&limit={IDS_MAX}", paging::list(account, resource)?, query()),
    };
    let cost = if path.contains("load_relations=") { DRIP + RELATION } else { DRIP };
    get(account, &path, cost)
}

/// Changed since a time, oldest change first; without a time everything, by its id.
fn changed(id: &str, since: Option<Instant>) -> String {
    match since {
        Some(since) => format!("sort=timeStamp&timeStamp={}", escaped(&format!(">=,{}", second(since)))),
        None => format!("sort={id}"),
    }
}

/// A time as filters want it, in whole seconds, of the past side: an overlap loses nothing.
pub(super) fn second(at: Instant) -> String {
    let ms = at.0.clamp(0, LAST_MS);
    let text = Instant(ms - ms.rem_euclid(1_000)).to_string();
    format!("{}+00:00", text.split_once('.').map_or(text.as_str(), |(seconds, _)| seconds))
}

/// `load_relations` of one relation.
pub(super) fn relation(name: &str) -> String {
    format!("load_relations={}", escaped(&format!("[\"{name}\"]")))
}

/// `saleID=IN,[1,2]`: the first hundred of them.
///
/// # Errors
/// When there are none, or one is not a number.
pub(super) fn ids<'a>(field: &str, ids: impl Iterator<Item = &'a str>) -> Result<String, Unsendable> {
    let mut listed = Vec::new();
    for (row, id) in ids.take(IDS_MAX).enumerate() {
        if !is_id(id) {
            return Err(Unsendable::Row { row, problem: "its id is not a number of this platform's".to_owned() });
        }
        listed.push(id);
    }
    if listed.is_empty() {
        return Err(Unsendable::Impossible("be asked for nothing"));
    }
    Ok(format!("{field}={}", escaped(&format!("IN,[{}]", listed.join(",")))))
}

/// The rows of a `LevelsOf` that one request asks: as many from the front as have no more items times shops than one page
/// has rows, because a question about some levels cannot carry a cursor.
pub(super) fn asked(rows: &[(ExternalItem, ExternalLocation)]) -> &[(ExternalItem, ExternalLocation)] {
    let (mut items, mut shops) = (BTreeSet::new(), BTreeSet::new());
    for (index, (item, shop)) in rows.iter().enumerate() {
        items.insert(item);
        shops.insert(shop);
        if items.len() * shops.len() > IDS_MAX {
            return &rows[..index];
        }
    }
    rows
}

fn levels_of(account: &Account, rows: &[(ExternalItem, ExternalLocation)]) -> Result<Request, Unsendable> {
    let rows = asked(rows);
    let shops = |(_, shop): &(ExternalItem, ExternalLocation)| shop.clone();
    let items: BTreeSet<ExternalItem> = rows.iter().map(|(item, _)| item.clone()).collect();
    let shops: BTreeSet<ExternalLocation> = rows.iter().map(shops).collect();
    let items = ids("itemID", items.iter().map(ExternalItem::as_str))?;
    let shops = ids("shopID", shops.iter().map(ExternalLocation::as_str))?;
    page(account, "ItemShop", &None, || format!("{items}&{shops}&sort=itemShopID"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_time_is_cut_to_the_second_before_it() {
        let at = Instant::parse("2026-11-23T09:15:02.987Z").expect("a time");
        assert_eq!(second(at), "2026-11-23T09:15:02+00:00");
        assert_eq!(second(Instant(-5)), "1970-01-01T00:00:00+00:00");
        assert_eq!(second(Instant(i64::MAX)), "9999-12-30T22:00:00+00:00");
    }
}
