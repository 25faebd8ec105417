//! Figures, times and states in words, as every page says them.

use flow::{LinkHealth, OnTheWay};
use jiff::tz::TimeZone;
use maud::{Markup, html};
use model::{Change, Instant, Level, Money, OrderKind, OrderState};

/// A channel that has not answered for this long is called silent, in milliseconds.
const SILENT_MS: i64 = 5 * 60_000;

/// How a channel does, in one word, a sentence and a tone.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Health {
    /// Colour and icon.
    pub(super) tone: Tone,
    /// One or two words.
    pub(super) word: &'static str,
    /// A sentence that says what it means.
    pub(super) sentence: String,
}

/// How serious something is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Tone {
    /// All is well.
    Good,
    /// For information.
    Calm,
    /// Look at it today.
    Warn,
    /// Look at it now.
    Bad,
}

impl Tone {
    /// The class in the style sheet.
    pub(super) fn class(self) -> &'static str {
        match self {
            Self::Good => "good",
            Self::Calm => "calm",
            Self::Warn => "warn",
            Self::Bad => "bad",
        }
    }

    /// The icon: a shape for each tone, so that colour is never the only sign.
    pub(super) fn icon(self) -> Markup {
        let path = match self {
            Self::Good => "M3.5 8.5l3 3 6-7",
            Self::Calm => "M8 7v5M8 4v.5",
            Self::Warn => "M8 3v6M8 12v.5",
            Self::Bad => "M4 4l8 8M12 4l-8 8",
        };
        html! {
            svg class="icon" viewBox="0 0 16 16" width="16" height="16" aria-hidden="true" {
                path d=(path) fill="none" stroke="currentColor" stroke-width="2.4" stroke-linecap="round" stroke-linejoin="round" {}
            }
        }
    }
}

/// What a link's figures say about its health.
pub(super) fn health(link: &LinkHealth, writes: bool, way: &OnTheWay, now: Instant) -> Health {
    let silent = link.answered_at.is_some_and(|at| now.since(at) > SILENT_MS);
    let said = |tone, word, sentence: &str| Health { tone, word, sentence: sentence.to_owned() };
    match (&link.trouble, link.ready) {
        (Some(trouble), true) => said(Tone::Bad, "Trouble", trouble),
        (Some(trouble), false) => said(Tone::Bad, "Not connected", trouble),
        (None, false) => said(Tone::Calm, "Reading", "Everything is being read for the first time."),
        (None, true) if silent => said(Tone::Warn, "Silent", "It has not answered for more than five minutes."),
        (None, true) if link.subscribed == Some(false) => said(
            Tone::Warn,
            "No push",
            "It does not send its news by itself; changes are found by asking, which is slower.",
        ),
        (None, true) if !writes => said(Tone::Calm, "Read only", "It is read, and nothing is written to it."),
        (None, true) if way.changes > 0 => said(Tone::Calm, "Catching up", &on_the_way(way, now)),
        (None, true) => said(Tone::Good, "In step", "It answers, and its numbers are kept."),
    }
}

/// What a channel is yet to be told.
fn on_the_way(way: &OnTheWay, now: Instant) -> String {
    let changes = counted(way.changes, "change", "changes");
    let (its, waits) = if way.changes == 1 { ("its", "waiting") } else { ("their", "oldest") };
    match way.since {
        Some(since) => format!("{changes} on {its} way, {waits} {}.", duration(now.since(since).max(0).unsigned_abs())),
        None => format!("{changes} on {its} way."),
    }
}

/// How a channel does that nobody reads yet.
pub(super) fn not_started() -> Health {
    let sentence = "It is connected, and reading it has not been started.".to_owned();
    Health { tone: Tone::Calm, word: "Not started", sentence }
}

/// Upper case first letter and a full stop.
pub(super) fn sentence(text: &str) -> String {
    let mut letters = text.chars();
    let first: String = letters.next().into_iter().flat_map(char::to_uppercase).collect();
    let end = if text.ends_with('.') { "" } else { "." };
    format!("{first}{}{end}", letters.as_str())
}

/// A length of time.
pub(super) fn duration(ms: u64) -> String {
    match ms / 1_000 {
        size @ 0..=89 => format!("{size} s"),
        size @ 90..=5_399 => format!("{} min", (size + 30) / 60),
        size @ 5_400..=129_599 => format!("{} h", (size + 1_800) / 3_600),
        size => format!("{} days", (size + 43_200) / 86_400),
    }
}

/// How long ago, or how long until.
pub(super) fn ago(ms: i64) -> String {
    if ms.unsigned_abs() < 2_000 {
        return "just now".to_owned();
    }
    let amount = duration(ms.unsigned_abs());
    if ms < 0 { format!("in {amount}") } else { format!("{amount} ago") }
}

/// A time as a person at the location reads it.
pub(super) fn local(at: Instant, zone: &TimeZone) -> String {
    match jiff::Timestamp::from_millisecond(at.0) {
        Ok(time) => time.to_zoned_datetime(zone.clone()).strftime("%a %-d %b %Y, %H:%M:%S %Z").to_string(),
        Err(_) => "unknown time".to_owned(),
    }
}

/// A location's zone; UTC when its name is not known here.
pub(super) fn zone(name: &str) -> TimeZone {
    TimeZone::get(name).unwrap_or(TimeZone::UTC)
}

/// A relative time with the exact one on it. The script keeps it counting.
pub(super) fn when(at: Instant, now: Instant, zone: &TimeZone) -> Markup {
    html! { time datetime=(at) title=(local(at, zone)) data-ago { (ago(now.since(at))) } }
}

/// A relative time, or a word when there is none.
pub(super) fn when_or(at: Option<Instant>, now: Instant, zone: &TimeZone, otherwise: &str) -> Markup {
    match at {
        Some(at) => when(at, now, zone),
        None => html! { span class="quiet" { (otherwise) } },
    }
}

/// A decimal text with its thousands set apart and a real minus sign.
pub(super) fn grouped(decimal: &str) -> String {
    let (sign, digits) = decimal.strip_prefix('-').map_or(("", decimal), |rest| ("−", rest));
    let (whole, fraction) = digits.split_once('.').map_or((digits, None), |(whole, part)| (whole, Some(part)));
    let mut out = sign.to_owned();
    for (place, digit) in whole.chars().enumerate() {
        if place > 0 && (whole.len() - place).is_multiple_of(3) {
            out.push(',');
        }
        out.push(digit);
    }
    if let Some(fraction) = fraction {
        out.push('.');
        out.push_str(fraction);
    }
    out
}

/// A level, marked when it is below zero.
pub(super) fn level(level: Level) -> Markup {
    let text = grouped(&level.to_string());
    html! {
        @if level.is_negative() { span class="below" { (text) } } @else { (text) }
    }
}

/// A change with its sign.
pub(super) fn change(change: Change) -> String {
    let text = grouped(&change.to_string());
    if change.parts() > 0 { format!("+{text}") } else { text }
}

/// An amount with its currency.
pub(super) fn money(money: Money) -> String {
    format!("{} {}", grouped(&money.to_decimal()), money.currency.code())
}

/// Amounts of several currencies: `1,200.00 EUR and 3.50 USD`; nothing when there is none.
pub(super) fn amounts(sums: &[crate::gaps::MoneyOut]) -> String {
    let sums = sums.iter().map(|sum| money(Money { minor: sum.minor, currency: sum.currency }));
    sums.collect::<Vec<_>>().join(" and ")
}

/// `1 item`, `2 items`.
pub(super) fn counted(count: u64, one: &str, many: &str) -> String {
    format!("{} {}", grouped(&count.to_string()), if count == 1 { one } else { many })
}

/// How far an order is.
pub(super) fn order_state(state: OrderState) -> (&'static str, Tone) {
    match state {
        OrderState::Open => ("Open", Tone::Calm),
        OrderState::Completed => ("Completed", Tone::Good),
        OrderState::Cancelled => ("Cancelled", Tone::Warn),
    }
}

/// Where an order was made.
pub(super) fn order_kind(kind: OrderKind) -> &'static str {
    match kind {
        OrderKind::Till => "At the till",
        OrderKind::Web => "On the web",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn figures_and_times_read_like_words() {
        assert_eq!(grouped("-1234567.5"), "−1,234,567.5");
        assert_eq!(grouped("999"), "999");
        assert_eq!(change(Change::units(3)), "+3");
        assert_eq!(ago(0), "just now");
        assert_eq!(ago(12_000), "12 s ago");
        assert_eq!(ago(-7_200_000), "in 2 h");
        assert_eq!(ago(3 * 86_400_000), "3 days ago");
        assert_eq!(ago(i64::MIN), "in 106751991167 days");
        assert_eq!(local(Instant(1_764_000_000_000), &zone("Europe/Berlin")), "Mon 24 Nov 2025, 17:00:00 CET");
    }

    #[test]
    fn trouble_outweighs_everything_else() {
        let mut link =
            LinkHealth { trouble: Some("no".into()), ready: true, subscribed: Some(false), ..LinkHealth::default() };
        let (none, some) = (OnTheWay::default(), OnTheWay { changes: 61, since: None });
        assert_eq!(health(&link, true, &some, Instant(0)).tone, Tone::Bad);
        link.trouble = None;
        assert_eq!(health(&link, true, &some, Instant(0)).word, "No push");
        link.subscribed = Some(true);
        assert_eq!(health(&link, true, &none, Instant(0)).word, "In step");
        link.answered_at = Some(Instant(0));
        assert_eq!(health(&link, true, &some, Instant(SILENT_MS + 1)).word, "Silent");
    }

    #[test]
    fn a_channel_is_in_step_only_when_nothing_is_on_its_way_to_it() {
        let link = LinkHealth { ready: true, ..LinkHealth::default() };
        let said = |changes, since: Option<i64>| {
            let way = OnTheWay { changes, since: since.map(Instant) };
            let health = health(&link, true, &way, Instant(20_000));
            (health.word, health.sentence)
        };
        assert_eq!(said(61, Some(8_000)), ("Catching up", "61 changes on their way, oldest 12 s.".to_owned()));
        assert_eq!(said(1, Some(20_000)), ("Catching up", "1 change on its way, waiting 0 s.".to_owned()));
        assert_eq!(said(2_000, None), ("Catching up", "2,000 changes on their way.".to_owned()));
        assert_eq!(said(0, None), ("In step", "It answers, and its numbers are kept.".to_owned()));
        let way = OnTheWay { changes: 61, since: None };
        assert_eq!(health(&link, false, &way, Instant(0)).word, "Read only");
    }
}
