//! Orders from replies: those that a list tells whole, and one that is put together from several replies.
//!
//! A list brings lines with the orders. What it does not bring (refunds; lines, should a store not give them) is fetched
//! order by order: first the order, to see what is needed, then that, then the order again. It is told if it has not
//! changed between, so that all of it is of one moment and its version says so. Changes are dated to the second: an order
//! that is read before its second is over is told at once and asked for once more.

use model::{DocumentKey, Instant};

use crate::bigcommerce::place::{Known, Reading, Stage, Sweep};
use crate::bigcommerce::requests::PAGE_MAX;
use crate::bigcommerce::translate::{self, Placed, Status};
use crate::bigcommerce::wire::{Collection, Order, parse, parse_at, parse_list, unreadable};
use crate::{Account, Page, Question, Told, Unreadable};

/// How often an order may change while it is read, before it is given up for now.
const TRIES_MAX: u8 = 4;

/// A page of the list. Orders that have all they need are told, the others are named; unfinished ones are no orders yet.
///
/// # Errors
/// When it is no list, or an order on it has no name or time.
pub(super) fn listed(
    account: &Account,
    since: Instant,
    cursor: Option<&str>,
    reply: &Replied<'_>,
) -> Result<Page, Unreadable> {
    let sweep = Sweep::parse(since, cursor).ok_or_else(|| unreadable("", "it was never asked"))?;
    let elements = parse_list(reply.body)?;
    let mut page = Page::default();
    for (index, element) in elements.iter().enumerate() {
        let path = format!("[{index}]");
        // Only an order whose own name or time cannot be read spoils the page: nothing could be said of it.
        let head: Head = parse_at(&path, element)?;
        let document = DocumentKey::new(&head.id.to_string());
        let changed = head.date_modified.as_deref().filter(|text| !text.trim().is_empty());
        let changed = translate::instant(&format!("{path}.date_modified"), changed.unwrap_or(&head.date_created))?;
        page.until = page.until.max(Some(changed));
        match one(&path, account, element, reply.now) {
            Ok(Some(Listed::Whole(told, again))) => {
                page.told.push(told);
                page.again.extend(again.then_some(document));
            }
            Ok(Some(Listed::Named(moment))) => page.changed.push((document, moment)),
            Ok(None) => {}
            Err(error) => page.unreadable.push((document, error)),
        }
    }
    if elements.len() >= PAGE_MAX {
        let cursor = Some(sweep.after(page.until).to_string());
        page.next = Some(Question::Orders { since, cursor });
    }
    Ok(page)
}

/// As much of an order as a list needs to go on.
#[derive(serde::Deserialize)]
struct Head {
    id: crate::bigcommerce::wire::Id,
    date_created: String,
    date_modified: Option<String>,
}

/// A reply about orders.
pub(super) struct Replied<'a> {
    /// Its body.
    pub(super) body: &'a [u8],
    /// When the store wrote it, on its own clock; `None` when it does not tell.
    pub(super) now: Option<Instant>,
}

enum Listed {
    /// And whether it may still change without its version saying so.
    Whole(Told, bool),
    Named(u64),
}

fn one(
    path: &str,
    account: &Account,
    element: &serde_json::Value,
    now: Option<Instant>,
) -> Result<Option<Listed>, Unreadable> {
    let order: Order = parse_at(path, element)?;
    if Status::of(&order) == Status::Incomplete {
        return Ok(None);
    }
    let lines = translate::included(path, &order)?;
    let refunded = translate::refunded(&order, lines.as_deref());
    match lines {
        Some(lines) if !refunded => {
            let seen = translate::order(path, &order, lines, &[], account, now)?;
            let again = translate::may_change(path, &order, now)?;
            Ok(Some(Listed::Whole(Told::Order(Box::new(seen)), again)))
        }
        lines => Ok(Some(Listed::Named(translate::version(path, &order, &lines.unwrap_or_default(), now)?))),
    }
}

/// The first document is not there. Of refunds that only says that there are none: the order itself is asked again.
pub(super) fn absent(documents: &[DocumentKey]) -> Page {
    let Some((first, rest)) = documents.split_first() else { return Page::default() };
    match Reading::parse(first) {
        Some(Reading { id, known: Some(known) }) if known.stage == Stage::Refunds => {
            let known = Known { stage: Stage::Head, refunds: Some(Vec::new()), ..known };
            on(&Reading { id, known: Some(known) }, rest)
        }
        reading => {
            let id = reading.map_or_else(|| first.clone(), |reading| reading.order());
            Page { missing: vec![id.as_str().to_owned()], next: others(rest), ..Page::default() }
        }
    }
}

/// Nothing to tell yet.
fn on(reading: &Reading, rest: &[DocumentKey]) -> Page {
    let documents = std::iter::once(reading.document()).chain(rest.iter().cloned()).collect();
    Page { next: Some(Question::OrdersOf { documents }), ..Page::default() }
}

fn others(rest: &[DocumentKey]) -> Option<Question> {
    (!rest.is_empty()).then(|| Question::OrdersOf { documents: rest.to_vec() })
}

/// The next reply about the first document.
///
/// # Errors
/// When the document is none that was asked for. One that cannot be read is set aside on the page instead.
pub(super) fn read(account: &Account, documents: &[DocumentKey], reply: &Replied<'_>) -> Result<Page, Unreadable> {
    let Some((first, rest)) = documents.split_first() else { return Ok(Page::default()) };
    let reading = Reading::parse(first).ok_or_else(|| unreadable("", "it was never asked"))?;
    let id = reading.order();
    let mut page = Page { next: others(rest), ..Page::default() };
    match read_one(account, reading, reply) {
        Ok(Reply::Whole(told, again)) => {
            page.told.push(told);
            page.again.extend(again.then_some(id));
        }
        Ok(Reply::NotYet) => page.missing.push(id.as_str().to_owned()),
        Ok(Reply::More(reading)) => return Ok(on(&reading, rest)),
        Err(error) => page.unreadable.push((id, error)),
    }
    Ok(page)
}

enum Reply {
    /// And whether it may still change without its version saying so.
    Whole(Told, bool),
    /// The shopper has not finished: there is no order.
    NotYet,
    More(Reading),
}

fn read_one(account: &Account, reading: Reading, reply: &Replied<'_>) -> Result<Reply, Unreadable> {
    let Reading { id, known } = reading;
    match known {
        None => head(account, id, None, reply),
        Some(known) => match known.stage {
            Stage::Head => head(account, id, Some(known), reply),
            Stage::Lines { page } => lines(id, page, known, reply.body).map(Reply::More),
            Stage::Refunds => refunds(id, known, reply.body).map(Reply::More),
        },
    }
}

fn head(account: &Account, id: u64, known: Option<Known>, reply: &Replied<'_>) -> Result<Reply, Unreadable> {
    let order: Order = parse(reply.body)?;
    if order.id.to_string() != id.to_string() {
        return Err(unreadable("id", "is not that of the order asked for"));
    }
    if Status::of(&order) == Status::Incomplete {
        return Ok(Reply::NotYet);
    }
    // It tells whether the second was over, too: what was read beside the order before that may be of another moment.
    let moment = translate::version("", &order, &[], reply.now)?;
    let tries = known.as_ref().map_or(0, |known| known.tries);
    let same = known.filter(|known| known.moment == moment);
    if same.is_none() && tries >= TRIES_MAX {
        return Err(unreadable("date_modified", "changes faster than the order can be read"));
    }
    let (fetched, refunds) = same.map_or((None, None), |known| (known.lines, known.refunds));
    let lines = match (translate::included("", &order)?, &fetched) {
        (Some(lines), _) => Some(lines),
        (None, Some(fetched)) => Some(Placed::beside("", &order, fetched)?),
        (None, None) => None,
    };
    let refunded = translate::refunded(&order, lines.as_deref());
    let on = |stage| {
        let known =
            Known { stage, moment, tries: tries + 1, refunded, lines: fetched.clone(), refunds: refunds.clone() };
        Ok(Reply::More(Reading { id, known: Some(known) }))
    };
    match (lines, &refunds) {
        (None, _) => on(Stage::Lines { page: 1 }),
        (Some(_), None) if refunded => on(Stage::Refunds),
        (Some(lines), refunds) => {
            let refunds = refunds.as_deref().unwrap_or_default();
            let seen = translate::order("", &order, lines, refunds, account, reply.now)?;
            let again = translate::may_change("", &order, reply.now)?;
            Ok(Reply::Whole(Told::Order(Box::new(seen)), again))
        }
    }
}

fn lines(id: u64, page: u64, mut known: Known, body: &[u8]) -> Result<Reading, Unreadable> {
    let elements = parse_list(body)?;
    let lines = known.lines.get_or_insert_default();
    for (index, element) in elements.iter().enumerate() {
        lines.push(parse_at(&format!("products[{index}]"), element)?);
    }
    known.stage = match (elements.len() >= PAGE_MAX, known.refunded) {
        (true, _) => Stage::Lines { page: page.saturating_add(1) },
        (false, true) => Stage::Refunds,
        (false, false) => Stage::Head,
    };
    Ok(Reading { id, known: Some(known) })
}

fn refunds(id: u64, mut known: Known, body: &[u8]) -> Result<Reading, Unreadable> {
    let collection: Collection = parse(body)?;
    let refunds = collection.data.iter().enumerate();
    let refunds = refunds.map(|(index, element)| parse_at(&format!("refunds[{index}]"), element));
    known.refunds = Some(refunds.collect::<Result<_, _>>()?);
    known.stage = Stage::Head;
    Ok(Reading { id, known: Some(known) })
}
