//! One external id: what it may be, what it is, and what it was. Works on what it is given, and asks nobody.

use jiff::tz::TimeZone;
use maud::{Markup, html};
use model::Instant;

use super::list::QuestionCard;
use crate::Scope;
use crate::dashboard::access::Visitor;
use crate::dashboard::fields::encoded;
use crate::dashboard::html::Html;
use crate::dashboard::layout::{Frame, Notice, Section, empty, hidden};
use crate::dashboard::words;
use crate::mapping::Step;

/// An item that was searched for.
#[derive(Clone, Debug)]
pub(in super::super) struct HitLine {
    /// Its number.
    pub(in super::super) item: u32,
    /// Its SKU.
    pub(in super::super) sku: String,
    /// What people call it.
    pub(in super::super) title: String,
    /// The external id that it is on the channel already.
    pub(in super::super) taken: Option<String>,
}

/// A change of the mapping.
#[derive(Clone, Debug)]
pub(in super::super) struct StepLine {
    /// When.
    pub(in super::super) at: Instant,
    /// Who.
    pub(in super::super) by: String,
    /// `mapped`, `linked`, `unlinked`, `dismissed` or `reopened`.
    pub(in super::super) what: &'static str,
    /// SKU or name before.
    pub(in super::super) from: Option<String>,
    /// SKU or name since.
    pub(in super::super) to: Option<String>,
}

impl From<Step> for StepLine {
    fn from(step: Step) -> Self {
        Self { at: step.at, by: step.by, what: step.what, from: step.from, to: step.to }
    }
}

/// One external id.
#[derive(Clone, Debug)]
pub(in super::super) struct MappingPage {
    /// When it was looked at.
    pub(in super::super) now: Instant,
    /// Zone of exact times.
    pub(in super::super) zone: TimeZone,
    /// Channel.
    pub(in super::super) channel: String,
    /// The platform's id.
    pub(in super::super) external: String,
    /// The question, while there is one.
    pub(in super::super) card: Option<QuestionCard>,
    /// Whether the question was put away.
    pub(in super::super) dismissed: bool,
    /// SKU and title of the item that it is.
    pub(in super::super) mapped: Option<(String, String)>,
    /// SKU for a new item; empty when none can be suggested.
    pub(in super::super) suggested: String,
    /// What was searched for.
    pub(in super::super) query: String,
    /// What was found.
    pub(in super::super) hits: Vec<HitLine>,
    /// Newest first.
    pub(in super::super) steps: Vec<StepLine>,
}

impl MappingPage {
    fn address(&self) -> String {
        format!("/mappings/{}/{}", encoded(&self.channel), encoded(&self.external))
    }

    /// The page.
    pub(in super::super) fn render(&self, visitor: &Visitor, notice: Option<Notice>) -> Html {
        let title = self.card.as_ref().map(|card| card.title.as_str()).filter(|title| !title.is_empty());
        let known = self.mapped.as_ref().map(|(_, title)| title.as_str()).filter(|title| !title.is_empty());
        let title = title.or(known).unwrap_or(&self.external);
        let may = visitor.may(Scope::OperationsWrite);
        Frame::new(title, Section::Mappings, visitor).noticing(notice).page(html! {
            nav class="crumbs" aria-label="Where you are" {
                a href="/mappings" { "Mappings" } " / " a href={ "/channels/" (encoded(&self.channel)) } { (self.channel) }
            }
            h1 { (title) }
            @match (&self.mapped, &self.card) {
                (Some((sku, title)), _) => {
                    p { "On " (self.channel) " the id " span class="sku" { (self.external) } " is our item "
                        a href={ "/stock/" (encoded(sku)) } { @if title.is_empty() { (sku) } @else { (title) } } " " span class="sku" { (sku) } "." }
                }
                (None, None) => { p { "On " (self.channel) " the id " span class="sku" { (self.external) } " is none of our items at present." } }
                (None, Some(card)) => {
                    section class="card" aria-label="What the channel lists" { (card.head(true)) }
                    section aria-labelledby="may-head" {
                        h2 id="may-head" { "It may be" }
                        (card.candidates(visitor, "one"))
                    }
                }
            }
            @if may { (self.others(visitor)) }
            (self.history(visitor))
        })
    }

    /// Search, new item, do not ask again.
    fn others(&self, visitor: &Visitor) -> Markup {
        html! {
            section aria-labelledby="other-head" {
                h2 id="other-head" { @if self.mapped.is_some() { "It is another item" } @else { "Another item of ours" } }
                form class="filter" method="get" action=(self.address()) role="search" {
                    label for="find" { "Find an item" }
                    input id="find" type="search" name="q" value=(self.query) placeholder="Title, SKU or barcode" autocomplete="off";
                    button type="submit" { "Find" }
                }
                @if !self.query.is_empty() && self.hits.is_empty() { (empty("No item fits.")) }
                ul class="candidates" { @for hit in &self.hits { li { div class="candidate" {
                    span class="said" {
                        (hit.title) span class="sku" { (hit.sku) }
                        @if let Some(taken) = &hit.taken { span class="mark" { @if *taken == self.external { "is what it is now" } @else { "is " (taken) " there already, and would no longer be" } } }
                    }
                    form method="post" action={ (self.address()) "/map" } {
                        (visitor.token_field())
                        (hidden("item", &hit.item.to_string()))
                        (hidden("back", "one"))
                        button type="submit" { "It is this" span class="hidden" { ": " (hit.title) " " (hit.sku) } }
                    }
                } } } }
            }
            @if let Some(card) = self.card.as_ref().filter(|_| self.mapped.is_none()) {
                div class="columns" {
                    @if visitor.may(Scope::StockWrite) { (self.new_item(visitor)) }
                    div class="stack card" {
                        @if self.dismissed {
                            h2 { "Put away" }
                            p class="quiet" { "It is not asked again. Its stock is not kept." }
                        } @else {
                            h2 { "Not ours" }
                            p class="quiet" { "It leaves the open questions for good. Its stock is not kept." }
                        }
                        (card.dismiss_form(visitor, self.dismissed))
                    }
                }
            }
        }
    }

    fn new_item(&self, visitor: &Visitor) -> Markup {
        html! {
            form method="post" action={ (self.address()) "/new" } class="stack card" {
                (visitor.token_field())
                h2 { "It is a new item" }
                p class="quiet" { "Title, price and barcodes are taken from what the channel lists." }
                label for="sku" { "Its SKU" }
                input id="sku" name="sku" value=(self.suggested) required maxlength="100" autocomplete="off";
                button type="submit" class="main" { "Make it an item of ours" }
            }
        }
    }

    fn history(&self, visitor: &Visitor) -> Markup {
        html! {
            section aria-labelledby="history-head" {
                h2 id="history-head" { "What it was" }
                @if self.steps.is_empty() { (empty("It never was an item of ours.")) }
                (steps(&self.steps, self.now, &self.zone, visitor, &self.address()))
                @if !self.steps.is_empty() { p class="quiet" { "Undo makes it again what it was before. Sales and returns that were taken for the other item are read again and counted for the right one." } }
            }
        }
    }
}

/// A history, newest first; the last step has a way back.
pub(super) fn steps(steps: &[StepLine], now: Instant, zone: &TimeZone, visitor: &Visitor, address: &str) -> Markup {
    let name = |name: &Option<String>| name.clone().unwrap_or_else(|| "nothing".to_owned());
    html! {
        ul class="stream" { @for (place, step) in steps.iter().enumerate() { li {
            span class="said" {
                @match step.what {
                    "dismissed" => { b { "not to be asked again" } }
                    "reopened" => { b { "to be asked again" } }
                    _ => { (name(&step.from)) " → " b { (name(&step.to)) } }
                }
                span class="sku" { "by " (step.by) }
            }
            (words::when(step.at, now, zone))
            @if place == 0 && visitor.may(Scope::OperationsWrite) {
                form method="post" action={ (address) "/undo" } {
                    (visitor.token_field())
                    button type="submit" { "Undo" }
                }
            }
        } } }
    }
}
