//! A gap report as a letter: subject, plain text with the ten worst, and the whole as a table. Pure.

use std::fmt::Write;

use jiff::tz::TimeZone;
use model::{Instant, Money};
use server::gaps::{self, Freshness, GapOut, Report, words};

/// Gaps told in the text; the table has all of them.
const WORST: usize = 10;

/// A letter.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Letter {
    /// When the report was made.
    pub at: Instant,
    /// One line.
    pub subject: String,
    /// Plain text.
    pub text: String,
    /// Name of the table.
    pub file: String,
    /// The table, as CSV.
    pub table: String,
}

impl Letter {
    /// The letter about a report, with times of this zone and the address under which the pages are reached.
    pub(crate) fn of(report: &Report, zone: &TimeZone, address: &str) -> Self {
        let day = local(report.at, zone, "%Y-%m-%d");
        Self {
            at: report.at,
            subject: format!("Lockstep: {}", sum(report)),
            text: text(report, zone, address),
            file: format!("gaps-{day}.csv"),
            table: gaps::csv(&report.gaps),
        }
    }
}

/// `12 gaps, 345.60 EUR at stake`.
fn sum(report: &Report) -> String {
    let money = gaps::money_words(&gaps::money(&report.gaps));
    let count = match report.gaps.len() {
        0 => return "nothing is out of step".to_owned(),
        1 => "1 gap".to_owned(),
        count => format!("{count} gaps"),
    };
    if money.is_empty() { count } else { format!("{count}, {money} at stake") }
}

fn text(report: &Report, zone: &TimeZone, address: &str) -> String {
    let mut out = String::new();
    let mut line = |text: String| {
        // Writing to a string cannot fail.
        let _ = writeln!(out, "{text}");
    };
    line(format!("{}, {}.", local(report.at, zone, "%A, %-d %B %Y, %H:%M"), sum(report)));
    if !report.gaps.is_empty() {
        line("\nWhat kind:".into());
        for total in gaps::totals(&report.gaps) {
            let money = gaps::money_words(&total.money);
            line(format!("  {:<24}{:>6}  {money}", words::title(total.kind), total.count).trim_end().to_owned());
        }
        line(if report.gaps.len() > WORST { "\nThe ten worst:".into() } else { "\nAll of them:".into() });
        for (place, gap) in report.gaps.iter().take(WORST).enumerate() {
            line(format!("  {}. {}", place + 1, told(gap)));
        }
        line("\nThe attached table has all of them.".into());
    }
    line("\nHow fresh this is:".into());
    for channel in &report.channels {
        line(format!("  {}", fresh(channel, zone)));
    }
    if report.channels.is_empty() {
        line("  No channel is connected.".into());
    }
    line(format!("\n{}/gaps shows it as it is now.", address.trim_end_matches('/')));
    out
}

/// One gap in a sentence.
fn told(gap: &GapOut) -> String {
    let name = match gap.title.as_deref().filter(|title| !title.is_empty()) {
        Some(title) => format!("{title} ({})", gap.sku),
        None if gap.sku.is_empty() => "An item without SKU".to_owned(),
        None => gap.sku.clone(),
    };
    let channel = gap.channel.as_deref().map_or_else(|| "in our own record".to_owned(), |name| format!("on {name}"));
    let place = gap.location.as_deref().map_or_else(String::new, |place| format!(", {place}"));
    let money = gap.money.map_or_else(String::new, |sum| {
        let sum = Money { minor: sum.minor, currency: sum.currency };
        format!(" At stake: {} {}.", sum.to_decimal(), sum.currency.code())
    });
    let kind = words::title_of(gap.kind).to_lowercase();
    one_line(&format!("{name} {channel}{place}: {kind}. There: {}; should be: {}.{money}", gap.shown, gap.wanted))
}

fn fresh(channel: &Freshness, zone: &TimeZone) -> String {
    let read = channel.read_at.map_or_else(
        || "not read to the end since the hub was started".to_owned(),
        |at| format!("all levels read {}", local(at, zone, "%-d %B, %H:%M")),
    );
    let unknown = match channel.unknown {
        0 => String::new(),
        1 => "; 1 level is unknown, which is not zero and no gap".to_owned(),
        unknown => format!("; {unknown} levels are unknown, which is not zero and no gap"),
    };
    one_line(&format!("{}: {read}{unknown}", channel.channel))
}

/// A title typed in with line breaks stays one line.
fn one_line(text: &str) -> String {
    text.chars().map(|sign| if sign.is_control() { ' ' } else { sign }).collect()
}

fn local(at: Instant, zone: &TimeZone, form: &str) -> String {
    let time = jiff::Timestamp::from_millisecond(at.0);
    time.map_or_else(|_| at.to_string(), |time| time.to_zoned_datetime(zone.clone()).strftime(form).to_string())
}

#[cfg(test)]
mod tests {
    use super::*;
    use flow::GapKind;
    use server::gaps::MoneyOut;

    fn gap(number: usize, kind: GapKind, minor: Option<i64>) -> GapOut {
        let currency = model::Currency::parse("EUR").expect("a code");
        GapOut {
            kind: kind.name(),
            channel: Some("web".into()),
            sku: format!("SKU-{number}"),
            title: Some(format!("Mug\n{number}")),
            location: Some("Store 1".into()),
            shown: "5".into(),
            wanted: "3".into(),
            money: minor.map(|minor| MoneyOut { minor, currency }),
        }
    }

    fn report(gaps: Vec<GapOut>) -> Report {
        let read_at = Instant::parse("2026-11-24T05:58:00Z").ok();
        let web = Freshness { channel: "web".into(), read_at, unknown: 12 };
        let till = Freshness { channel: "till".into(), read_at: None, unknown: 0 };
        Report { at: Instant::parse("2026-11-24T06:00:00Z").expect("a time"), gaps, channels: vec![web, till] }
    }

    fn berlin() -> TimeZone {
        TimeZone::get("Europe/Berlin").expect("a zone")
    }

    #[test]
    fn the_letter_tells_number_money_the_ten_worst_and_how_fresh_it_is() {
        let mut gaps: Vec<GapOut> = (0..11).map(|number| gap(number, GapKind::Stock, Some(1_000))).collect();
        gaps.push(gap(11, GapKind::Title, None));
        let letter = Letter::of(&report(gaps), &berlin(), "https://hub.example/");
        assert_eq!(letter.subject, "Lockstep: 12 gaps, 110.00 EUR at stake");
        assert_eq!(letter.file, "gaps-2026-11-24.csv");
        let text = &letter.text;
        for words in [
            "Tuesday, 24 November 2026, 07:00, 12 gaps",
            "Wrong stock                 11  110.00 EUR",
            "  1. Mug 0 (SKU-0) on web, Store 1: wrong stock. There: 5; should be: 3. At stake: 10.00 EUR.",
            "web: all levels read 24 November, 06:58; 12 levels are unknown, which is not zero and no gap",
            "till: not read to the end",
            "https://hub.example/gaps shows",
        ] {
            assert!(text.contains(words), "{words:?} is missing in\n{text}");
        }
        assert!(text.contains("  10. ") && !text.contains("  11. "), "{text}");
        assert_eq!(letter.table.lines().count(), 1 + 12 + 12, "a head, and each title of two lines");
    }

    #[test]
    fn a_morning_without_gaps_is_told_too() {
        let letter = Letter::of(&report(Vec::new()), &berlin(), "https://hub.example");
        assert_eq!(letter.subject, "Lockstep: nothing is out of step");
        assert!(!letter.text.contains("worst") && letter.text.contains("How fresh this is"), "{}", letter.text);
    }
}
