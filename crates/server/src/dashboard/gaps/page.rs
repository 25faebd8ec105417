//! The gap report as a page. Works on what it is given, and asks nobody.

use flow::GapKind;
use jiff::tz::TimeZone;
use maud::{Markup, html};
use model::{Instant, Money};

use super::Asked;
use crate::dashboard::access::Visitor;
use crate::dashboard::fields::encoded;
use crate::dashboard::html::Html;
use crate::dashboard::layout::{Frame, Section, badge, empty, pager};
use crate::dashboard::words::{self, Tone, counted, grouped};
use crate::gaps::{Freshness, GapOut, Total, words as kinds};

/// A kind with how often it occurs.
#[derive(Clone, Debug)]
pub(in super::super) struct KindLine {
    /// Which.
    pub(in super::super) kind: GapKind,
    /// How many.
    pub(in super::super) count: usize,
    /// What is at stake, in words.
    pub(in super::super) money: String,
}

impl From<Total> for KindLine {
    fn from(total: Total) -> Self {
        Self { kind: total.kind, count: total.count, money: words::amounts(&total.money) }
    }
}

/// A channel with how many gaps it has and how far its numbers may be believed.
#[derive(Clone, Debug)]
pub(in super::super) struct ChannelLine {
    /// Name, last reading, levels never read.
    pub(in super::super) fresh: Freshness,
    /// Gaps of the chosen kind.
    pub(in super::super) count: usize,
}

/// The report.
#[derive(Clone, Debug)]
pub(in super::super) struct GapsPage {
    /// When it was looked at.
    pub(in super::super) now: Instant,
    /// Zone of exact times.
    pub(in super::super) zone: TimeZone,
    /// When the report was made.
    pub(in super::super) made_at: Instant,
    /// What was asked for.
    pub(in super::super) asked: Asked,
    /// Kinds that occur on the chosen channel.
    pub(in super::super) kinds: Vec<KindLine>,
    /// Gaps of all kinds on the chosen channel, and their money in words.
    pub(in super::super) all: (usize, String),
    /// Every channel.
    pub(in super::super) channels: Vec<ChannelLine>,
    /// Gaps of the chosen kind on all channels.
    pub(in super::super) everywhere: usize,
    /// Gaps that fit.
    pub(in super::super) found: usize,
    /// Those of this page, worst money first.
    pub(in super::super) rows: Vec<GapOut>,
    /// Further ones begin here.
    pub(in super::super) next: Option<usize>,
}

impl GapsPage {
    /// The page.
    pub(in super::super) fn render(&self, visitor: &Visitor) -> Html {
        let from = |from: usize| format!("{}&from={from}", self.address("/gaps", self.asked.kind, &self.asked.channel));
        let first = (self.asked.from > 0).then(|| from(0));
        let next = self.next.map(from);
        Frame::new("Gaps", Section::Gaps, visitor).page(html! {
            h1 { "Gaps" }
            p { "Every difference between what the channels show and the hub’s own books, worst money first." }
            p class="row" {
                a class="button" href=(self.address("/gaps.csv", self.asked.kind, &self.asked.channel)) { "Save as a table (CSV)" }
                span class="quiet" { "Looked through " (words::when(self.made_at, self.now, &self.zone)) "." }
            }
            (self.channel_filter())
            @if self.all.0 > 0 { (self.totals()) }
            (self.list())
            (pager(first.as_deref(), next.as_deref(), "Further gaps"))
            (self.freshness())
        })
    }

    fn address(&self, path: &str, kind: Option<GapKind>, channel: &str) -> String {
        format!("{path}?kind={}&channel={}", kind.map_or("", GapKind::name), encoded(channel))
    }

    fn channel_filter(&self) -> Markup {
        let current = |name: &str| (self.asked.channel == name).then_some("true");
        html! {
            @if self.channels.len() > 1 {
                nav class="tabs" aria-label="Channel" {
                    a href=(self.address("/gaps", self.asked.kind, "")) aria-current=[current("")] { "All channels (" (grouped(&self.everywhere.to_string())) ")" }
                    @for line in &self.channels {
                        a href=(self.address("/gaps", self.asked.kind, &line.fresh.channel)) aria-current=[current(&line.fresh.channel)] {
                            (line.fresh.channel) " (" (grouped(&line.count.to_string())) ")"
                        }
                    }
                }
            }
        }
    }

    /// Sums by kind; each leads to the gaps of that kind.
    fn totals(&self) -> Markup {
        let row = |kind: Option<GapKind>, title: &str, count: usize, money: &str| {
            let current = (self.asked.kind == kind).then_some("true");
            html! { tr {
                th scope="row" { a href=(self.address("/gaps", kind, &self.asked.channel)) aria-current=[current] { (title) } @if current.is_some() { " " span class="quiet" { "(shown)" } } }
                td class="number" { (grouped(&count.to_string())) }
                td class="number" { @if money.is_empty() { span class="quiet" { "–" } } @else { (money) } }
            } }
        };
        html! {
            section aria-labelledby="totals-head" {
                h2 id="totals-head" { "What kind" }
                table class="plain-table" {
                    caption class="hidden" { "Gaps by kind" }
                    thead { tr { th scope="col" { "Kind" } th scope="col" class="number" { "Gaps" } th scope="col" class="number" { "At stake" } } }
                    tbody {
                        (row(None, "All kinds", self.all.0, &self.all.1))
                        @for line in &self.kinds { (row(Some(line.kind), kinds::title(line.kind), line.count, &line.money)) }
                    }
                }
                @if let Some(kind) = self.asked.kind { p class="quiet" { (kinds::meaning(kind)) } }
            }
        }
    }

    fn list(&self) -> Markup {
        html! {
            section aria-labelledby="list-head" {
                h2 id="list-head" { (counted(self.found as u64, "gap", "gaps")) }
                @if self.rows.is_empty() { (empty(self.nothing())) }
                @else {
                    table class="folds gaps" {
                        caption class="hidden" { "Gaps, worst money first" }
                        thead { tr {
                            th scope="col" { "Item" } th scope="col" { "What" } th scope="col" { "Where" }
                            th scope="col" { "There" } th scope="col" { "Should be" } th scope="col" class="number" { "At stake" }
                        } }
                        tbody { @for gap in &self.rows { (row(gap)) } }
                    }
                }
            }
        }
    }

    fn nothing(&self) -> &'static str {
        let unread = self.channels.iter().any(|line| line.fresh.read_at.is_none() || line.fresh.unknown > 0);
        match (self.asked.from > 0 || self.asked.kind.is_some() || !self.asked.channel.is_empty(), unread) {
            (true, _) => "Nothing of this is out of step.",
            (false, true) => "Nothing is out of step, as far as the channels have been read.",
            (false, false) => "Nothing is out of step.",
        }
    }

    /// Unknown is not zero: how far the report may be believed.
    fn freshness(&self) -> Markup {
        html! {
            section aria-labelledby="fresh-head" {
                h2 id="fresh-head" { "How fresh this is" }
                @if self.channels.is_empty() { (empty("No channel is connected yet, so there is nothing to compare.")) }
                @else {
                    ul class="stream" { @for line in &self.channels { li {
                        span class="said" {
                            a href={ "/channels/" (encoded(&line.fresh.channel)) } { (line.fresh.channel) } " "
                            @if line.fresh.read_at.is_none() { (badge(Tone::Warn, "Not read to the end yet")) }
                            @if line.fresh.unknown > 0 {
                                " " (counted(line.fresh.unknown as u64, "level is unknown", "levels are unknown"))
                                ": never read. Unknown is not zero, so it is no gap."
                            }
                        }
                        @if let Some(at) = line.fresh.read_at { span class="quiet" { "all levels read " (words::when(at, self.now, &self.zone)) } }
                    } } }
                }
            }
        }
    }
}

fn row(gap: &GapOut) -> Markup {
    let named = gap.title.as_deref().filter(|title| !title.is_empty());
    html! { tr {
        th scope="row" {
            @match (named, gap.sku.as_str()) {
                (Some(title), sku) => { a href={ "/stock/" (encoded(sku)) } { (title) } span class="sku" { (sku) } }
                (None, "") => { a href="/mappings" { "An item without SKU" } }
                (None, sku) => { a href={ "/mappings" } { (sku) } }
            }
        }
        td data-label="What" { (kinds::title_of(gap.kind)) }
        td data-label="Where" { span { (gap.channel.as_deref().unwrap_or("our own record")) @if let Some(place) = &gap.location { span class="sku" { " " (place) } } } }
        td data-label="There" { span class="value" { (gap.shown) } }
        td data-label="Should be" { span class="value" { (gap.wanted) } }
        td data-label="At stake" class="number money" {
            @match gap.money {
                Some(money) => { (words::money(Money { minor: money.minor, currency: money.currency })) }
                None => { span class="quiet" { "–" } }
            }
        }
    } }
}
