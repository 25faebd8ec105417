//! The inventory log: what moved, in order, and so what a write that sets a level wiped out.
//!
//! <https://developers.lightspeedhq.com/retail/endpoints/InventoryLog/>, read 2026-11-24. Every change of a level has a
//! row with a rising number, its size and its cause. Our own write is a row without a cause: its size is our target less
//! what was really there at that moment, and what was really there less what we had read is what happened in between and
//! was wiped out. Used by `stock`; knows no plan.
//!
//! A person who changes the same level by the very same amount, in the seconds between our reading and our write, leaves
//! the same row as we would: the log cannot tell the two apart, and then one of them is lost until the next reading.

use std::collections::BTreeSet;

use model::{Change, Instant, Level};

use super::shown::{PAGES_MAX, garbled};
use crate::lightspeed_r::http_request::{DRIP, escaped, get};
use crate::lightspeed_r::requests::{IDS_MAX, ids};
use crate::lightspeed_r::tape::{Pause, Tape};
use crate::lightspeed_r::wire::{self, LogRow, unreadable};
use crate::lightspeed_r::{paging, translate, trouble};
use crate::{Account, Reply, Trouble, Unreadable, Unsendable};

/// How far the platform's clock may be behind ours, in milliseconds.
const SKEW_MS: i64 = 60_000;
/// Most rows that the platform may make of one write.
const SPLIT_MAX: usize = 3;
/// The scope the log takes.
const SCOPE: &str = "employee:inventory_log";

/// A row of the log.
#[derive(Clone, Debug)]
pub(super) struct Entry {
    id: u64,
    item: String,
    shop: String,
    change: Change,
    created: Option<Instant>,
    /// Whether it has no cause: a person or a program set the level.
    set: bool,
}

/// What the log shows of a write that an earlier run may have made.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Trace {
    /// Nobody set the level.
    Nothing,
    /// It was set once, by a change that fits; this much was wiped out by it.
    Written(Change),
    /// It was set more than once, or by a change that does not fit.
    Unclear,
}

/// Rows of the log, oldest first.
#[derive(Clone, Debug, Default)]
pub(super) struct Log(Vec<Entry>);

/// The newest rows of these items: where the log stands before a write, and what an earlier run may have left.
///
/// # Errors
/// When there is a request to send, or the reply is no answer.
pub(super) fn newest(tape: &mut Tape<'_>, account: &Account, items: &BTreeSet<&str>) -> Result<Log, Pause> {
    let path = || -> Result<String, Unsendable> {
        let items = ids("itemID", items.iter().copied())?;
        Ok(format!("{}?{items}&sort=-inventoryLogID&limit={IDS_MAX}", paging::list(account, "InventoryLog")?))
    };
    let reply = tape.play(path().and_then(|path| get(account, &path, DRIP)))?;
    let mut log = Log::default();
    take(account, reply, &mut log)?;
    Ok(log.sorted())
}

/// All rows of these items after `mark`.
///
/// # Errors
/// When there is a request to send, or a reply is no answer.
pub(super) fn since(tape: &mut Tape<'_>, account: &Account, mark: u64, items: &BTreeSet<&str>) -> Result<Log, Pause> {
    let first = || -> Result<String, Unsendable> {
        let (items, after) = (ids("itemID", items.iter().copied())?, escaped(&format!(">,{mark}")));
        let list = paging::list(account, "InventoryLog")?;
        Ok(format!("{list}?inventoryLogID={after}&{items}&sort=inventoryLogID&limit={IDS_MAX}"))
    };
    let (mut log, mut path) = (Log::default(), first());
    for _ in 0..PAGES_MAX {
        let reply = tape.play(path.and_then(|path| get(account, &path, DRIP)))?;
        match take(account, reply, &mut log)? {
            Some(next) => path = Ok(next),
            None => {
                log.0.retain(|entry| entry.id > mark);
                return Ok(log.sorted());
            }
        }
    }
    Err(Trouble::Garbled { reason: "@attributes.next: does not come to an end".to_owned() }.into())
}

fn take(account: &Account, reply: &Reply, log: &mut Log) -> Result<Option<String>, Pause> {
    trouble::check(reply, SCOPE)?;
    let read = || -> Result<(Vec<Entry>, Option<String>), Unreadable> {
        let list = wire::list(&reply.body, "InventoryLog")?;
        let rows = wire::rows::<LogRow>(&list, "InventoryLog")?;
        let entries = rows.iter().map(|(path, row)| entry(path, row)).collect::<Result<_, _>>()?;
        Ok((entries, paging::next(account, "InventoryLog", &list.next)?))
    };
    let (entries, next) = read().map_err(garbled)?;
    log.0.extend(entries);
    Ok(next)
}

fn entry(path: &str, row: &LogRow) -> Result<Entry, Unreadable> {
    let id = translate::id(&format!("{path}.inventoryLogID"), &row.id)?;
    let id = id.parse().map_err(|_| unreadable(format!("{path}.inventoryLogID"), "is too large"))?;
    let change = Change::parse(row.change.as_str());
    let causes = [&row.sale, &row.order, &row.transfer, &row.count, &row.vendor_return, &row.import];
    Ok(Entry {
        id,
        item: row.item.as_str().to_owned(),
        shop: row.shop.as_str().to_owned(),
        change: change.map_err(|error| unreadable(format!("{path}.qohChange"), format!("is {error}")))?,
        created: row.created.filled().and_then(|text| Instant::parse(text).ok()),
        set: causes.into_iter().all(|cause| matches!(cause.as_str(), "" | "0")),
    })
}

impl Log {
    fn sorted(mut self) -> Self {
        self.0.sort_by_key(|entry| entry.id);
        self
    }

    /// The number of the last row; 0 when there is none.
    pub(super) fn mark(&self) -> u64 {
        self.0.last().map_or(0, |entry| entry.id)
    }

    fn of(&self, item: &str, shop: &str) -> Vec<&Entry> {
        self.0.iter().filter(|entry| entry.item == item && entry.shop == shop).collect()
    }

    /// What was wiped out when a level that was read as `read` was set to `target`, both before the end of this log and
    /// after its beginning. `None` when the log does not tell it for certain.
    pub(super) fn wiped_out(&self, item: &str, shop: &str, read: Level, target: Level) -> Option<Change> {
        let rows = self.of(item, shop);
        let mut found: BTreeSet<Change> = (0..rows.len())
            .flat_map(|start| written(&rows, start, target))
            .filter_map(|(start, there)| explained(&rows[..start], read.to(there)))
            .collect();
        if found.is_empty() {
            // Setting a level to what it happens to be leaves no row.
            found.extend((0..=rows.len()).filter_map(|end| explained(&rows[..end], read.to(target))));
            found.retain(|lost| !lost.is_zero());
        }
        let only = found.pop_first()?;
        found.is_empty().then_some(only)
    }

    /// What an earlier run left of a change by `delta` worked out at `dated`.
    pub(super) fn trace(&self, item: &str, shop: &str, delta: Change, dated: Instant) -> Trace {
        let rows = self.of(item, shop);
        let fresh = |entry: &Entry| entry.created.is_none_or(|at| at >= dated.plus_ms(-SKEW_MS));
        let mut set = rows.iter().enumerate().filter(|(_, entry)| entry.set && fresh(entry));
        match (set.next(), set.next()) {
            (None, _) => Trace::Nothing,
            (Some((index, entry)), None) => {
                explained(&rows[..index], delta.plus(entry.change.undo())).map_or(Trace::Unclear, Trace::Written)
            }
            (Some(_), Some(_)) => Trace::Unclear,
        }
    }
}

/// Rows from `start` on that may be one write of `target`, with the level that was there before them. It is one row,
/// except where the level crosses zero: there the platform may close its account of missing units by a row of its own.
fn written(rows: &[&Entry], start: usize, target: Level) -> Vec<(usize, Level)> {
    let mut sum = Change::ZERO;
    let mut found = Vec::new();
    for (length, entry) in rows[start..].iter().take(SPLIT_MAX).enumerate() {
        if !entry.set {
            break;
        }
        sum = sum.plus(entry.change);
        let there = target.after(sum.undo());
        if length == 0 || there.is_negative() != target.is_negative() {
            found.push((start, there));
        }
    }
    found
}

/// The sum, when the last so many of these rows make it: those before them were already in the reading.
fn explained(rows: &[&Entry], sum: Change) -> Option<Change> {
    let mut so_far = Change::ZERO;
    let mut sums = rows.iter().rev().map(|entry| {
        so_far = so_far.plus(entry.change);
        so_far
    });
    (sum.is_zero() || sums.any(|total| total == sum)).then_some(sum)
}
