//! The look at the till: which pieces were sold in the seconds around a write.
//!
//! It relies on one thing of Clover's: an order shows as paid no sooner and no later than its pieces leave the stock.

use std::collections::BTreeMap;

use model::{ExternalItem, Instant};

use crate::Reply;
use crate::clover::requests::{PAGE, at_least};
use crate::clover::tape::{Got, Halt, Tape};
use crate::clover::translate::paid_lines;
use crate::clover::wire::{Elements, List, Order, parse, parse_at};

/// What `Date` may lie behind the reading in the same reply: it counts whole seconds.
const DATE_SLACK_MS: i64 = 2_000;
/// What our clock may differ from Clover's when it sends no `Date`.
const CLOCK_SLACK_MS: i64 = 120_000;

/// Pieces of one item by line id, in hundred-thousandths of a unit.
pub(super) type Pieces = BTreeMap<String, i64>;

/// What was sold since a time, item by item.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Sales(BTreeMap<String, Pieces>);

impl Sales {
    /// Of one item.
    pub(super) fn of(&self, item: &ExternalItem) -> Pieces {
        self.0.get(item.as_str()).cloned().unwrap_or_default()
    }
}

/// A time that is surely not later than the reply's reading, on either clock. An earlier one than needed only makes the
/// list longer: what was paid before the reading is in both lists.
pub(super) fn before(reply: &Reply) -> i64 {
    match dated(reply) {
        Some(at) => at.0.min(reply.sent_at.0).saturating_sub(DATE_SLACK_MS),
        None => reply.sent_at.0.saturating_sub(CLOCK_SLACK_MS),
    }
}

/// The same for a time on our clock.
pub(super) fn before_ours(at: Instant) -> i64 {
    at.0.saturating_sub(CLOCK_SLACK_MS)
}

/// What was paid since a time. `None` when it cannot be told: the list is refused, too long or not readable.
///
/// # Errors
/// When it has still to be sent, or nothing goes on.
pub(super) fn since(tape: &mut Tape<'_>, from: i64) -> Result<Option<Sales>, Halt> {
    let from = from.max(0);
    let path = format!(
        "/orders?{}&orderBy=modifiedTime%20ASC&expand=lineItems,payments&limit={PAGE}",
        at_least("modifiedTime", from),
    );
    match tape.get(&path)? {
        Got::Answer(reply) => Ok(read(&reply.body, from)),
        Got::Refused(_) => Ok(None),
    }
}

fn read(body: &[u8], from: i64) -> Option<Sales> {
    let list: List = parse(body).ok()?;
    if list.elements.len() as u64 >= PAGE {
        return None;
    }
    let mut sales = Sales::default();
    for value in &list.elements {
        let order: Order = parse_at("", value).ok()?;
        if !paid_since(&order, from) {
            continue;
        }
        for line in paid_lines("", &order).ok()? {
            let pieces = sales.0.entry(line.item.to_owned()).or_default();
            pieces.insert(line.line.to_owned(), line.quantity.parts());
        }
    }
    Some(sales)
}

/// An order that was paid earlier and only touched since (a note, a refund) sold nothing since. One whose payments do
/// not say when they were made is taken to be new.
fn paid_since(order: &Order, from: i64) -> bool {
    let times = Elements::of(order.payments.as_ref()).iter().map(|payment| payment.created_time);
    let times: Option<Vec<i64>> = times.collect();
    times.and_then(|times| times.into_iter().max()).is_none_or(|latest| latest >= from)
}

/// The `Date` header, as `Tue, 24 Nov 2026 08:41:33 GMT` (RFC 9110, section 5.6.7).
fn dated(reply: &Reply) -> Option<Instant> {
    const MONTHS: [&str; 12] = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
    let text = reply.headers.get(http::header::DATE)?.to_str().ok()?;
    let parts: Vec<&str> = text.split_ascii_whitespace().collect();
    let [_, day, month, year, time, "GMT"] = parts.as_slice() else { return None };
    let month = MONTHS.iter().position(|name| name == month)? + 1;
    Instant::parse(&format!("{year}-{month:02}-{day:0>2}T{time}Z")).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn reply(date: &'static str) -> Reply {
        let mut headers = http::HeaderMap::new();
        headers.insert(http::header::DATE, http::HeaderValue::from_static(date));
        Reply { status: 200, headers, body: Vec::new(), sent_at: Instant(500_000) }
    }

    #[test]
    fn the_window_opens_before_the_platforms_date_or_well_before_our_clock() {
        let at = Instant::parse("2026-11-24T08:41:31Z").expect("a time");
        let late = Reply { sent_at: Instant(at.0 + 60_000), ..reply("Tue, 24 Nov 2026 08:41:33 GMT") };
        assert_eq!(before(&late), at.0);
        let early = Reply { sent_at: Instant(at.0 - 60_000), ..late };
        assert_eq!(before(&early), at.0 - 62_000);
        for odd in ["", "yesterday", "Tue, 24 Foo 2026 08:41:33 GMT", "Tue, 24 Nov 2026 08:41:33 CET"] {
            assert_eq!(before(&reply(odd)), 380_000, "{odd}");
        }
    }

    #[test]
    fn a_list_that_does_not_tell_everything_tells_nothing() {
        assert_eq!(read(b"{\"elements\":[]}", 0), Some(Sales::default()));
        let full = format!("{{\"elements\":[{}]}}", vec!["{\"id\":\"O\"}"; PAGE as usize].join(","));
        assert_eq!(read(full.as_bytes(), 0), None);
        assert_eq!(read(b"{\"elements\":[{\"id\":5}]}", 0), None);
        assert_eq!(read(b"<html>", 0), None);
    }
}
