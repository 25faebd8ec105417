//! Why a number is what it is: the facts behind it, newest first, with the running sum.

use jiff::tz::TimeZone;
use maud::{Markup, html};
use model::{Change, Instant, Level};

use crate::dashboard::access::Visitor;
use crate::dashboard::chart::{self, Step};
use crate::dashboard::fields::encoded;
use crate::dashboard::html::Html;
use crate::dashboard::layout::{Frame, Section, empty, pager};
use crate::dashboard::words;

/// One fact.
#[derive(Clone, Debug)]
pub(in super::super) struct WhyRow {
    /// Its number in the journal.
    pub(in super::super) seq: u64,
    /// When.
    pub(in super::super) at: Instant,
    /// A sentence.
    pub(in super::super) words: String,
    /// Change of what lies there.
    pub(in super::super) on_hand: Change,
    /// Change of what is promised.
    pub(in super::super) promised: Change,
    /// On hand afterwards.
    pub(in super::super) after: Level,
}

/// The facts behind a number.
#[derive(Clone, Debug)]
pub(in super::super) struct WhyPage {
    /// When it was looked at.
    pub(in super::super) now: Instant,
    /// SKU.
    pub(in super::super) sku: String,
    /// For people.
    pub(in super::super) title: String,
    /// Location number.
    pub(in super::super) location: u32,
    /// Location.
    pub(in super::super) location_name: String,
    /// Its zone.
    pub(in super::super) zone: TimeZone,
    /// On hand now, by the same tables as the rows.
    pub(in super::super) on_hand: Level,
    /// Promised now.
    pub(in super::super) promised: Level,
    /// Newest first.
    pub(in super::super) rows: Vec<WhyRow>,
    /// Whether this is not the newest page.
    pub(in super::super) later: bool,
    /// Older rows begin before this number.
    pub(in super::super) before: Option<u64>,
}

impl WhyPage {
    /// The page.
    pub(in super::super) fn render(&self, visitor: &Visitor) -> Html {
        let item = format!("/stock/{}", encoded(&self.sku));
        let here = format!("{item}/{}", self.location);
        let next = self.before.map(|before| format!("{here}?before={before}"));
        let title = format!("Why {} at {}", self.title, self.location_name);
        Frame::new(title, Section::Stock, visitor).page(html! {
            nav class="crumbs" aria-label="Where you are" { a href="/stock" { "Stock" } " › " a href=(item) { (self.title) } }
            h1 { "Why is this " (words::level(self.on_hand)) "?" }
            p class="facts" {
                span class="sku" { (self.sku) } " at " b { (self.location_name) } ": "
                (words::level(self.on_hand)) " on hand, " (words::level(self.promised)) " promised."
            }
            @if self.rows.is_empty() {
                (empty("Nothing has happened here yet. The first count, delivery or sale is the first line of this story."))
            } @else {
                (self.chart())
                (self.story())
            }
            (pager(self.later.then_some(here.as_str()), next.as_deref(), "Earlier"))
        })
    }

    fn chart(&self) -> Markup {
        let moved = self.rows.iter().rev().filter(|row| !row.on_hand.is_zero());
        let steps: Vec<Step> = moved
            .map(|row| Step {
                label: self.short(row.at),
                value: row.after.parts() as f64 / 100_000.0,
                words: words::grouped(&row.after.to_string()),
            })
            .collect();
        html! { @if steps.len() > 1 { (chart::steps("steps", "On hand after each movement, oldest first", "On hand", &steps)) } }
    }

    fn short(&self, at: Instant) -> String {
        match jiff::Timestamp::from_millisecond(at.0) {
            Ok(time) => time.to_zoned_datetime(self.zone.clone()).strftime("%-d %b %H:%M").to_string(),
            Err(_) => "unknown time".to_owned(),
        }
    }

    fn story(&self) -> Markup {
        html! {
            table class="folds story" role="table" {
                caption class="hidden" { "Facts behind this number, newest first" }
                thead role="rowgroup" { tr role="row" {
                    th scope="col" role="columnheader" { "What happened" }
                    th scope="col" role="columnheader" class="number" { "On hand" }
                    th scope="col" role="columnheader" class="number" { "Promised" }
                    th scope="col" role="columnheader" class="number" { "On hand after" }
                    th scope="col" role="columnheader" { "When" }
                } }
                tbody role="rowgroup" { @for row in &self.rows { tr role="row" {
                    th scope="row" role="rowheader" { (row.words) span class="sku" title="Number of this fact in the journal" { "#" (row.seq) } }
                    td role="cell" class="number" data-label="On hand" { (moved(row.on_hand)) }
                    td role="cell" class="number" data-label="Promised" { (moved(row.promised)) }
                    td role="cell" class="number" data-label="On hand after" { b { (words::level(row.after)) } }
                    td role="cell" data-label="When" { (words::when(row.at, self.now, &self.zone)) }
                } } }
            }
        }
    }
}

fn moved(change: Change) -> Markup {
    html! {
        @if change.is_zero() { span class="quiet" { "–" } }
        @else { span class=(if change.is_loss() { "less" } else { "gain" }) { (words::change(change)) } }
    }
}
