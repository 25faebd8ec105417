//! How a channel's news arrives, in words: pushed or asked for, silent, missed, and the code that its platform wants.
//! Works on what it is given.

use flow::LinkHealth;
use jiff::tz::TimeZone;
use maud::{Markup, html};
use model::Instant;

use crate::dashboard::layout::badge;
use crate::dashboard::words::{self, Tone, counted};

/// Clocks that differ by more than this are told, in milliseconds.
const SKEW_MS: i64 = 30_000;

/// How news arrives and how far the reading is.
#[derive(Clone, Debug, Default)]
pub(in super::super) struct News {
    /// What the link knows.
    pub(in super::super) health: LinkHealth,
    /// Whether the subscription is ours to keep.
    pub(in super::super) ours: bool,
    /// Where the platform sends to.
    pub(in super::super) address: String,
    /// Levels that were never read.
    pub(in super::super) unknown: usize,
    /// How far its clock is ahead of ours, in milliseconds.
    pub(in super::super) skew_ms: Option<i64>,
}

impl News {
    /// How the push is, in a tone, a word and a sentence.
    fn push(&self, now: Instant) -> (Tone, &'static str, &'static str) {
        match (self.health.subscribed, self.ours) {
            (Some(false), _) => (
                Tone::Warn,
                "Not there",
                "It does not tell its news by itself; what happens is found by asking, which takes up to a minute or two.",
            ),
            (Some(true), _) if self.health.is_silent(now) => (
                Tone::Warn,
                "Silent",
                "The subscription is there, but nothing has come for far longer than usual. What happens is found by asking meanwhile.",
            ),
            (None, false) if self.health.is_silent(now) => (
                Tone::Warn,
                "Silent",
                "Nothing has come for far longer than usual. Look over there whether the subscription is still switched on.",
            ),
            (Some(true), _) => (Tone::Good, "There", "It tells its news by itself."),
            (None, true) => (Tone::Calm, "Not known yet", "The subscription is looked for with the first reading."),
            (None, false) => (
                Tone::Calm,
                "Kept by hand",
                "Its subscription is kept over there by somebody else; the hub only listens.",
            ),
        }
    }

    /// The first reading, in words.
    fn reading(&self) -> String {
        let words = self.health.progress_words();
        let mut letters = words.chars();
        let first: String = letters.next().into_iter().flat_map(char::to_uppercase).collect();
        match self.health.ready {
            true => "done".to_owned(),
            false => format!("{first}{}", letters.as_str()),
        }
    }

    /// As it stands on the channel's page.
    pub(super) fn render(&self, now: Instant, zone: &TimeZone) -> Markup {
        let (tone, word, sentence) = self.push(now);
        html! {
            section aria-labelledby="news-head" {
                h2 id="news-head" { "Its news " (badge(tone, word)) }
                p { (sentence) }
                @if let Some(code) = &self.health.greeting { (greeting(code)) }
                dl class="pairs" {
                    div { dt { "Last news by itself" } dd { (words::when_or(self.health.heard_at, now, zone, "not yet")) } }
                    div { dt { "Orders asked for" } dd { (words::when_or(self.health.polled_at, now, zone, "not yet")) } }
                    div { dt { "Missed news" } dd { (self.missed(now, zone)) } }
                    div { dt { "Sent to" } dd { span class="sku" { (self.address) } } }
                }
                @if self.health.missed > 0 { p class="quiet" { "Missed news were found by asking, so nothing is lost; they only came later." } }
                h2 { "How fresh its numbers are" }
                dl class="pairs" {
                    div { dt { "First reading" } dd { (self.reading()) } }
                    div { dt { "All levels read" } dd { (words::when_or(self.health.read_at, now, zone, "not yet")) } }
                    div { dt { "What moves most read" } dd { (words::when_or(self.health.hot_read_at, now, zone, "not yet")) } }
                    div { dt { "Unknown levels" } dd { @if self.unknown == 0 { "none" } @else { (counted(self.unknown as u64, "level", "levels")) span class="sku" { "never read; unknown is not zero" } } } }
                    div { dt { "Its clock" } dd { (skew(self.skew_ms)) } }
                }
            }
        }
    }

    fn missed(&self, now: Instant, zone: &TimeZone) -> Markup {
        html! {
            @if self.health.missed == 0 { "none since the start" }
            @else { (words::grouped(&self.health.missed.to_string())) @if let Some(at) = self.health.missed_at { ", last " (words::when(at, now, zone)) } }
        }
    }
}

/// The code by which a platform makes sure that our address is ours.
fn greeting(code: &str) -> Markup {
    html! {
        div class="hint" {
            p { "Verification code: " b class="code" { (code) } }
            p { "The platform has sent this code to our address, to see that it is ours. Type it in over there, on the page where the webhook address is set; it sends nothing before." }
        }
    }
}

/// Clocks that differ put sales before counts they came after.
fn skew(skew_ms: Option<i64>) -> Markup {
    html! {
        @match skew_ms {
            None => { span class="quiet" { "not known yet" } }
            Some(skew) if skew.abs() <= 2_000 => { "as ours" }
            Some(skew) => {
                @let by = words::duration(skew.unsigned_abs());
                (by) @if skew > 0 { " ahead of ours" } @else { " behind ours" }
                @if skew.abs() > SKEW_MS { " " (badge(Tone::Warn, "Set our clock by NTP")) }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn silence_missed_news_the_code_and_another_clock_are_told_in_words() {
        let health = LinkHealth {
            subscribed: Some(true),
            heard_at: Some(Instant(0)),
            pause_ms: Some(1_000),
            greeting: Some("c0de-77".into()),
            missed: 3,
            missed_at: Some(Instant(500_000)),
            ready: true,
            ..LinkHealth::default()
        };
        let news = News { health, ours: true, unknown: 12, skew_ms: Some(-45_000), ..News::default() };
        let text = news.render(Instant(700_000), &TimeZone::UTC).into_string();
        for words in [
            "Silent",
            "c0de-77",
            "Type it in over there",
            "12 levels",
            "unknown is not zero",
            "45 s behind ours",
            "NTP",
        ] {
            assert!(text.contains(words), "{words} is missing in {text}");
        }
        let early = news.render(Instant(10_000), &TimeZone::UTC).into_string();
        assert!(!early.contains("Silent") && early.contains("It tells its news by itself."), "{early}");
    }

    #[test]
    fn a_channel_that_is_being_read_says_how_far_it_is() {
        let health = LinkHealth { reading: Some(("items", 1_200)), ..LinkHealth::default() };
        let text = News { health, ..News::default() }.render(Instant(0), &TimeZone::UTC).into_string();
        assert!(text.contains("Reading items: 1200") && text.contains("Kept by hand"), "{text}");
    }
}
