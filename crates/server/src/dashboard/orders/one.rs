//! One order: its lines, where their units are, and what happened to it.

use jiff::tz::TimeZone;
use maud::{Markup, html};
use model::{Instant, Level, Quantity};

use super::list::OrderLine;
use crate::dashboard::access::Visitor;
use crate::dashboard::fields::encoded;
use crate::dashboard::html::Html;
use crate::dashboard::layout::{Frame, Section, badge, empty};
use crate::dashboard::words;

/// A line.
#[derive(Clone, Debug)]
pub(in super::super) struct Line {
    /// As printed.
    pub(in super::super) sku: String,
    /// For people; `None` for something without an item.
    pub(in super::super) title: Option<String>,
    /// As ordered, after edits.
    pub(in super::super) quantity: Quantity,
    /// Price of one, in words.
    pub(in super::super) price: Option<String>,
}

/// Units of the order at a location.
#[derive(Clone, Debug)]
pub(in super::super) struct Held {
    /// SKU.
    pub(in super::super) sku: String,
    /// For people.
    pub(in super::super) title: String,
    /// Location.
    pub(in super::super) location: String,
    /// Promised and still there.
    pub(in super::super) promised: Level,
    /// Left.
    pub(in super::super) gone: Level,
}

/// Something that happened to it.
#[derive(Clone, Debug)]
pub(in super::super) struct Happened {
    /// When.
    pub(in super::super) at: Instant,
    /// A sentence.
    pub(in super::super) words: String,
}

/// One order.
#[derive(Clone, Debug)]
pub(in super::super) struct OrderPage {
    /// When it was looked at.
    pub(in super::super) now: Instant,
    /// Zone of exact times.
    pub(in super::super) zone: TimeZone,
    /// Its head.
    pub(in super::super) head: OrderLine,
    /// Who ordered, when this visitor may know.
    pub(in super::super) customer: Option<String>,
    /// Its lines.
    pub(in super::super) lines: Vec<Line>,
    /// Where its units are.
    pub(in super::super) held: Vec<Held>,
    /// Units that were promised and are not there, in sentences.
    pub(in super::super) missing: Vec<String>,
    /// Newest first.
    pub(in super::super) story: Vec<Happened>,
}

impl OrderPage {
    /// The page.
    pub(in super::super) fn render(&self, visitor: &Visitor) -> Html {
        let (word, tone) = words::order_state(self.head.state);
        Frame::new(format!("Order {}", self.head.reference), Section::Orders, visitor).page(html! {
            nav class="crumbs" aria-label="Where you are" { a href="/orders" { "Orders" } }
            h1 { "Order " (self.head.reference) }
            p class="facts" {
                (badge(tone, word)) " " (words::order_kind(self.head.kind)) ", "
                a href={ "/channels/" (encoded(&self.head.channel)) } { (self.head.channel) } ", "
                (words::when(self.head.placed_at, self.now, &self.zone)) ". " b { (self.head.total) }
            }
            @if let Some(customer) = &self.customer { p { "For " b { (customer) } } }
            @if !self.missing.is_empty() {
                section class="alarm" aria-labelledby="missing" {
                    h2 id="missing" { "Units are missing" }
                    ul { @for sentence in &self.missing { li { (sentence) } } }
                }
            }
            (self.lines())
            (self.held())
            (self.story())
        })
    }

    fn lines(&self) -> Markup {
        html! {
            section aria-labelledby="lines" {
                h2 id="lines" { "Lines" }
                @if self.lines.is_empty() { (empty("Its lines were not told: only returns of it have been heard of.")) }
                @else {
                    table class="plain-table" {
                        caption class="hidden" { "Lines of the order" }
                        thead { tr { th scope="col" { "Item" } th scope="col" class="number" { "Units" } th scope="col" class="number" { "Each" } } }
                        tbody { @for line in &self.lines { tr {
                            th scope="row" {
                                @match &line.title {
                                    Some(title) => { a href={ "/stock/" (encoded(&line.sku)) } { (title) } }
                                    None => { "Without an item" }
                                }
                                span class="sku" { (line.sku) }
                            }
                            td class="number" { (words::grouped(&line.quantity.to_string())) }
                            td class="number" { (line.price.as_deref().unwrap_or("–")) }
                        } } }
                    }
                }
            }
        }
    }

    fn held(&self) -> Markup {
        html! {
            section aria-labelledby="held" {
                h2 id="held" { "Where its units are" }
                @if self.held.is_empty() { (empty("Nothing is promised to it, and nothing has left for it.")) }
                @else {
                    table class="plain-table" {
                        caption class="hidden" { "Units of the order by location" }
                        thead { tr {
                            th scope="col" { "Item" } th scope="col" { "Location" }
                            th scope="col" class="number" { "Promised" } th scope="col" class="number" { "Handed over" }
                        } }
                        tbody { @for row in &self.held { tr {
                            th scope="row" { a href={ "/stock/" (encoded(&row.sku)) } { (row.title) } }
                            td { (row.location) }
                            td class="number" { (words::level(row.promised)) }
                            td class="number" { (words::level(row.gone)) }
                        } } }
                    }
                }
            }
        }
    }

    fn story(&self) -> Markup {
        html! {
            section aria-labelledby="story" {
                h2 id="story" { "What happened" }
                @if self.story.is_empty() { (empty("Nothing is recorded of it yet.")) }
                ol class="stream" { @for line in &self.story {
                    li { span class="said" { (line.words) } (words::when(line.at, self.now, &self.zone)) }
                } }
            }
        }
    }
}
