//! The levels that the platform shows, read for a write. Used by `stock`; knows no plan.

use std::collections::{BTreeMap, BTreeSet};

use model::Level;

use crate::lightspeed_r::http_request::{DRIP, get};
use crate::lightspeed_r::requests::{IDS_MAX, ids};
use crate::lightspeed_r::tape::{Pause, Tape};
use crate::lightspeed_r::wire::{self, ItemShop};
use crate::lightspeed_r::{paging, translate, trouble};
use crate::{Account, Reply, Trouble, Unreadable, Unsendable};

/// Most pages that are followed: more than all rows of a batch can fill, and an end to a list without one.
pub(super) const PAGES_MAX: usize = 20;

/// A level and the id of its row.
#[derive(Clone, Debug)]
pub(super) struct Shown {
    /// The row that a write names.
    pub(super) row: String,
    /// On hand.
    pub(super) level: Level,
}

/// Levels by item and shop.
pub(super) type Levels = BTreeMap<(String, String), Shown>;

/// Reads the levels of these items in these shops, all pages.
///
/// # Errors
/// When there is a request to send, or a reply is no answer.
pub(super) fn read(
    tape: &mut Tape<'_>,
    account: &Account,
    items: &BTreeSet<&str>,
    shops: &BTreeSet<&str>,
) -> Result<Levels, Pause> {
    let mut levels = Levels::new();
    let mut path = first(account, items, shops);
    for _ in 0..PAGES_MAX {
        let reply = tape.play(path.and_then(|path| get(account, &path, DRIP)))?;
        trouble::check(reply, "employee:inventory_read")?;
        let next = take(account, reply, &mut levels).map_err(garbled)?;
        match next {
            Some(next) => path = Ok(next),
            None => return Ok(levels),
        }
    }
    Err(Trouble::Garbled { reason: "@attributes.next: does not come to an end".to_owned() }.into())
}

fn first(account: &Account, items: &BTreeSet<&str>, shops: &BTreeSet<&str>) -> Result<String, Unsendable> {
    let (items, shops) = (ids("itemID", items.iter().copied())?, ids("shopID", shops.iter().copied())?);
    Ok(format!("{}?{items}&{shops}&sort=itemShopID&limit={IDS_MAX}", paging::list(account, "ItemShop")?))
}

fn take(account: &Account, reply: &Reply, levels: &mut Levels) -> Result<Option<String>, Unreadable> {
    let list = wire::list(&reply.body, "ItemShop")?;
    for (path, row) in wire::rows::<ItemShop>(&list, "ItemShop")? {
        let Some(hint) = translate::level(&path, &row)? else { continue };
        let Some(level) = hint.level else { continue };
        let id = translate::id(&format!("{path}.itemShopID"), &row.id)?.to_owned();
        let place = (hint.external.as_str().to_owned(), hint.location.as_str().to_owned());
        levels.insert(place, Shown { row: id, level });
    }
    paging::next(account, "ItemShop", &list.next)
}

/// An answer that breaks the contract.
pub(super) fn garbled(error: Unreadable) -> Pause {
    Trouble::Garbled { reason: error.to_string() }.into()
}
