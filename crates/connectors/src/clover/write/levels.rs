//! Writing stock where the only call sets a level absolutely, without comparison, and the tills go on selling meanwhile.
//!
//! The story of a run, all rows side by side:
//!
//! 1. read every item (does Clover move its stock by itself?) and its level;
//! 2. list what was sold, then read the levels again: a level that is the same on both sides of the list belongs to it;
//! 3. write each level;
//! 4. list what was sold once more: where it is the same nothing was overwritten, and the row is done;
//! 5. else read the level between two lists that agree, work out what it should be (the first level and the change, less
//!    what was sold since), and take away what is missing from it. Then look again, a few times.
//!
//! An item whose stock Clover does not move by itself is only read and written: no sale of it can be overwritten.

use model::{Level, Outcome, WriteMode};

use super::sales::{self, Pieces, Sales};
use super::work::Work;
use crate::clover::learn::stock;
use crate::clover::requests::stock_path;
use crate::clover::tape::{Got, Halt, Tape};
use crate::clover::wire::{Item, parse};
use crate::clover::{http_request::escaped, translate, trouble};
use crate::{Account, Batch, Reply, Trouble};

/// How often the levels are read again before they are given up as too busy.
const STARTS_MAX: usize = 4;
/// How often is looked after a write.
const LOOKS_MAX: usize = 10;

/// What became of each row, in order.
///
/// # Errors
/// When a request has still to be sent, or nothing goes on.
pub(super) fn carry(batch: &Batch, account: &Account, first: bool, tape: &mut Tape<'_>) -> Result<Vec<Outcome>, Halt> {
    let mut works: Vec<Work<'_>> = batch.rows.iter().map(Work::new).collect();
    match story(batch, account, first, &mut works, tape) {
        Ok(()) => {}
        // Access was taken away in the middle: what was written before stays told apart from what was not.
        Err(Halt::Trouble(Trouble::Denied { .. })) if tape.wrote() => {}
        Err(halt) => return Err(halt),
    }
    let left = |work: &Work<'_>| if work.written { Outcome::Unknown } else { Outcome::Again };
    Ok(works.into_iter().map(|work| work.outcome.clone().unwrap_or_else(|| left(&work))).collect())
}

fn story(
    batch: &Batch,
    account: &Account,
    first: bool,
    works: &mut [Work<'_>],
    tape: &mut Tape<'_>,
) -> Result<(), Halt> {
    for work in works.iter_mut() {
        read_item(work, account, tape)?;
        // What an earlier run did to an item that cannot be read now is not known.
        if !first && !work.open() {
            work.settle(Outcome::Unknown);
        }
    }
    if first {
        compare(batch.mode, works);
    } else {
        look_back(batch, works, tape)?;
    }
    let from = tape.first().map(sales::before).unwrap_or_default();
    start(batch.mode, from, works, tape)?;
    for work in works.iter_mut().filter(|work| work.open() && work.ready) {
        write(work, tape)?;
    }
    settle_written(from, works, tape)
}

fn read_item(work: &mut Work<'_>, account: &Account, tape: &mut Tape<'_>) -> Result<(), Halt> {
    if work.row.location.as_str() != account.account.trim() {
        work.never("the location is another merchant's");
        return Ok(());
    }
    let path = format!("/items/{}?expand=itemStock", escaped(work.row.external.as_str()));
    let reply = match tape.get(&path)? {
        Got::Answer(reply) => reply,
        Got::Refused(reply) => {
            work.never(&trouble::reason(reply));
            return Ok(());
        }
    };
    let Ok(item) = parse::<Item>(&reply.body) else {
        work.settle(Outcome::Again);
        return Ok(());
    };
    if item.deleted_time.is_some_and(|at| at > 0) {
        work.never("the item is deleted");
    }
    work.moved_by_sales = item.auto_manage == Some(true);
    let number = item.item_stock.and_then(|stock| stock.quantity);
    work.shows = number.and_then(|number| translate::level("itemStock.quantity", &number).ok());
    Ok(())
}

/// What is only to be done while it shows what is believed.
fn compare(mode: WriteMode, works: &mut [Work<'_>]) {
    for work in works.iter_mut().filter(|work| work.open()) {
        if mode != WriteMode::Lower && work.shows.is_some_and(|shows| shows != work.row.from) {
            work.settle(Outcome::Stale);
        }
    }
}

/// After a run of which nobody knows what it did: the level tells, unless something was sold since. Then what it shows
/// may be either.
fn look_back(batch: &Batch, works: &mut [Work<'_>], tape: &mut Tape<'_>) -> Result<(), Halt> {
    if !works.iter().any(Work::open) {
        return Ok(());
    }
    let sales = sales::since(tape, sales::before_ours(batch.dated))?;
    for work in works.iter_mut().filter(|work| work.open()) {
        let still = match &sales {
            _ if !work.moved_by_sales => true,
            Some(sales) => sales.of(&work.row.external).is_empty(),
            None => false,
        };
        match work.shows {
            Some(shows) if still && shows == work.row.to => work.settle(Outcome::Done { after: Some(shows) }),
            Some(shows) if still && shows == work.row.from => {}
            Some(_) | None => work.settle(Outcome::Unknown),
        }
    }
    Ok(())
}

/// Finds for every row a level and the sales that are in it.
fn start(mode: WriteMode, from: i64, works: &mut [Work<'_>], tape: &mut Tape<'_>) -> Result<(), Halt> {
    for work in works.iter_mut().filter(|work| work.open() && !work.moved_by_sales) {
        // Without a number in the item its stock is read by itself.
        if let Some(shows) = work.shows.map_or_else(|| read_level(work, tape), |shows| Ok(Some(shows)))? {
            begin(mode, work, shows, Pieces::new());
        }
    }
    for _ in 0..STARTS_MAX {
        if !works.iter().any(|work| work.open() && !work.ready) {
            break;
        }
        let sales = sales::since(tape, from)?;
        for work in works.iter_mut().filter(|work| work.open() && !work.ready) {
            let Some(now) = read_level(work, tape)? else { continue };
            let before = work.shows.replace(now);
            match &sales {
                Some(sales) if before == Some(now) => begin(mode, work, now, sales.of(&work.row.external)),
                Some(_) | None => {}
            }
        }
    }
    Ok(())
}

fn begin(mode: WriteMode, work: &mut Work<'_>, shows: Level, pieces: Pieces) {
    match mode {
        WriteMode::Raise | WriteMode::Correct if shows != work.row.from => work.settle(Outcome::Stale),
        WriteMode::Lower | WriteMode::Raise | WriteMode::Correct | WriteMode::List => work.start_from(shows, pieces),
    }
}

/// What the stock shows now. `None` when it cannot be told: then the row is settled.
fn read_level(work: &mut Work<'_>, tape: &mut Tape<'_>) -> Result<Option<Level>, Halt> {
    let refusal = match tape.get(&stock_path(&work.row.external))? {
        Got::Answer(reply) => match stock(&reply.body) {
            Ok(Some(level)) => return Ok(Some(level)),
            Ok(None) => "Clover counts no stock of this item".to_owned(),
            Err(error) => error.to_string(),
        },
        Got::Refused(reply) => trouble::reason(reply),
    };
    if work.written {
        work.settle(Outcome::Unknown)
    } else {
        work.never(&refusal)
    }
    Ok(None)
}

/// Sets the level that is wanted now.
fn write(work: &mut Work<'_>, tape: &mut Tape<'_>) -> Result<(), Halt> {
    let sold = work.sold(&work.seen);
    let target = Level::from_parts(work.wanted.parts().saturating_sub(sold));
    // A level prints as a JSON number, with all its places.
    let body = format!("{{\"quantity\":{target}}}");
    match tape.post(&stock_path(&work.row.external), &body)? {
        Got::Answer(reply) => written(work, reply),
        Got::Refused(_) if work.written => work.settle(Outcome::Unknown),
        Got::Refused(reply) if reply.status == 409 => work.settle(Outcome::Again),
        Got::Refused(reply) => work.never(&trouble::reason(reply)),
    }
    Ok(())
}

fn written(work: &mut Work<'_>, reply: &Reply) {
    work.written = true;
    work.known = work.seen.clone();
    // It is done, whatever is said beside that: an odd answer only leaves the level untold.
    let told = stock(&reply.body).ok().flatten();
    work.quiet = Some(told);
    if !work.moved_by_sales {
        work.settle(Outcome::Done { after: told });
    }
}

/// Looks until no sale can have been overwritten, and mends where one was.
fn settle_written(from: i64, works: &mut [Work<'_>], tape: &mut Tape<'_>) -> Result<(), Halt> {
    let mut last: Option<Sales> = None;
    for _ in 0..LOOKS_MAX {
        if !works.iter().any(waits) {
            break;
        }
        let now = sales::since(tape, from)?;
        for work in works.iter_mut().filter(|work| waits(work)) {
            match (&last, &now) {
                (last, Some(now)) => judge(work, last.as_ref(), now, tape)?,
                (_, None) => work.quiet = None,
            }
        }
        for work in works.iter_mut().filter(|work| waits(work) && work.quiet.is_none()) {
            work.shows = read_level(work, tape)?;
        }
        last = now;
    }
    Ok(())
}

fn waits(work: &Work<'_>) -> bool {
    work.open() && work.written
}

/// One look at a written row: `last` and `now` are the lists before and after its level was read.
fn judge(work: &mut Work<'_>, last: Option<&Sales>, now: &Sales, tape: &mut Tape<'_>) -> Result<(), Halt> {
    let pieces = now.of(&work.row.external);
    let still = last.is_some_and(|last| last.of(&work.row.external) == pieces);
    work.seen.extend(pieces);
    if let Some(told) = work.quiet.take() {
        if work.seen == work.known {
            work.settle(Outcome::Done { after: told });
        }
        return Ok(());
    }
    let (Some(shows), true) = (work.shows, still) else { return Ok(()) };
    let target = work.wanted.parts().saturating_sub(work.sold(&work.seen));
    let missing = shows.parts().saturating_sub(target);
    let sold_since = work.sold(&work.seen).saturating_sub(work.sold(&work.known));
    match missing {
        // Overwritten sales: they are taken away now.
        1.. if missing <= sold_since => write(work, tape)?,
        // More than was sold is there: somebody counts or unpacks at this moment, and nobody can tell how much of each.
        1.. if sold_since > 0 => work.settle(Outcome::Unknown),
        // As it should be; or changed by hand, which is not ours to undo.
        _ => work.settle(Outcome::Done { after: Some(shows) }),
    }
    Ok(())
}
