//! The queue of questions, and what is mapped. Works on what it is given, and asks nobody.

use maud::{Markup, html};

use super::head::{Counts, Kind, Place, Show, files};
use crate::Scope;
use crate::dashboard::access::Visitor;
use crate::dashboard::fields::encoded;
use crate::dashboard::html::Html;
use crate::dashboard::layout::{Frame, Notice, Section, empty, hidden, pager};

/// An item that it may be.
#[derive(Clone, Debug)]
pub(in super::super) struct CandidateLine {
    /// Its number.
    pub(in super::super) item: u32,
    /// Its SKU.
    pub(in super::super) sku: String,
    /// What people call it.
    pub(in super::super) title: String,
    /// How well it fits, 0 to 100.
    pub(in super::super) percent: u32,
    /// What that is made of: points and words.
    pub(in super::super) why: Vec<(u32, String)>,
    /// The external id that it is on the channel already.
    pub(in super::super) taken: Option<String>,
}

/// An open question.
#[derive(Clone, Debug)]
pub(in super::super) struct QuestionCard {
    /// Channel.
    pub(in super::super) channel: String,
    /// The platform's id.
    pub(in super::super) external: String,
    /// As printed; may be empty.
    pub(in super::super) sku: String,
    /// What is unclear.
    pub(in super::super) reason: String,
    /// As listed there; may be empty.
    pub(in super::super) title: String,
    /// As listed there.
    pub(in super::super) price: Option<String>,
    /// As listed there.
    pub(in super::super) barcodes: Vec<String>,
    /// Best first.
    pub(in super::super) candidates: Vec<CandidateLine>,
}

/// A mapping.
#[derive(Clone, Debug)]
pub(in super::super) struct MappedLine {
    /// The platform's id.
    pub(in super::super) external: String,
    /// Our SKU.
    pub(in super::super) sku: String,
    /// Our title.
    pub(in super::super) title: String,
}

/// What is listed.
#[derive(Clone, Debug)]
pub(in super::super) enum Rows {
    /// Questions that wait.
    Open(Vec<QuestionCard>),
    /// Questions put away.
    Dismissed(Vec<QuestionCard>),
    /// Mappings of this channel.
    Mapped(String, Vec<MappedLine>),
}

/// The queue.
#[derive(Clone, Debug)]
pub(in super::super) struct MappingsPage {
    /// All channels.
    pub(in super::super) channels: Vec<String>,
    /// The chosen one; empty = all.
    pub(in super::super) channel: String,
    /// What was searched for.
    pub(in super::super) query: String,
    /// Questions that wait and that were put away.
    pub(in super::super) counts: Counts,
    /// What is listed.
    pub(in super::super) rows: Rows,
    /// Query part by which the next page begins.
    pub(in super::super) more: Option<String>,
    /// Whether this is not the first page.
    pub(in super::super) later: bool,
}

impl MappingsPage {
    /// The page.
    pub(in super::super) fn render(&self, visitor: &Visitor, notice: Option<Notice>) -> Html {
        let place = Place { kind: Kind::Items, show: self.shown(), channel: self.chosen(), query: &self.query };
        let here = place.address();
        let next = self.more.as_ref().map(|more| format!("{here}&{more}"));
        Frame::new("Mappings", Section::Mappings, visitor).noticing(notice).page(html! {
            (place.head(&self.channels, &self.counts))
            p { "Items that a channel lists and that fit none or several of ours. Until somebody says which it is, its stock is not kept." }
            @match &self.rows {
                Rows::Open(cards) => { (self.cards(cards, visitor, "No open questions here: every item that was read is known.")) }
                Rows::Dismissed(cards) => { (self.cards(cards, visitor, "Nothing was put away.")) }
                Rows::Mapped(channel, rows) => { (self.mapped(channel, rows)) }
            }
            (pager(self.later.then_some(here.as_str()), next.as_deref(), "Further ones"))
            (files(Kind::Items, &self.channels, visitor))
        })
    }

    fn shown(&self) -> Show {
        match self.rows {
            Rows::Open(_) => Show::Open,
            Rows::Dismissed(_) => Show::Dismissed,
            Rows::Mapped(..) => Show::Done,
        }
    }

    fn chosen(&self) -> &str {
        match &self.rows {
            Rows::Mapped(channel, _) => channel,
            Rows::Open(_) | Rows::Dismissed(_) => &self.channel,
        }
    }

    fn cards(&self, cards: &[QuestionCard], visitor: &Visitor, nothing: &str) -> Markup {
        html! {
            @if cards.is_empty() && self.more.is_none() { (empty(nothing)) }
            ul class="stuck questions" { @for card in cards { li {
                (card.head(true))
                (card.candidates(visitor, "list"))
                div class="row" {
                    a class="button" href={ "/mappings/" (encoded(&card.channel)) "/" (encoded(&card.external)) } { "Another, or a new item" }
                    @if visitor.may(Scope::OperationsWrite) { (card.dismiss_form(visitor, self.shown() == Show::Dismissed)) }
                }
            } } }
        }
    }

    fn mapped(&self, channel: &str, rows: &[MappedLine]) -> Markup {
        html! {
            @if rows.is_empty() { (empty("No mapping fits.")) }
            ul class="stream" { @for row in rows { li {
                span class="said" {
                    a href={ "/mappings/" (encoded(channel)) "/" (encoded(&row.external)) } { @if row.title.is_empty() { (row.sku) } @else { (row.title) } }
                    span class="sku" { (row.sku) }
                }
                span class="sku" { (row.external) }
            } } }
        }
    }
}

impl QuestionCard {
    /// What the channel lists, and what is unclear.
    pub(super) fn head(&self, with_channel: bool) -> Markup {
        html! {
            p {
                b { @if self.title.is_empty() { "An item without a title" } @else { (self.title) } }
                @if let Some(price) = &self.price { " · " (price) }
                @if with_channel { " " span class="quiet" { "on " (self.channel) } }
            }
            p class="sku" {
                @if self.sku.is_empty() { "no SKU" } @else { "SKU " (self.sku) }
                @for code in self.barcodes.iter().take(3) { " · barcode " (code) }
                @if self.barcodes.len() > 3 { " · " (self.barcodes.len() - 3) " more barcodes" }
                " · " (self.external)
            }
            p class="reason" { (self.reason) }
        }
    }

    /// The items it may be, each one tap away.
    pub(super) fn candidates(&self, visitor: &Visitor, back: &str) -> Markup {
        let action = format!("/mappings/{}/{}/map", encoded(&self.channel), encoded(&self.external));
        html! {
            @if self.candidates.is_empty() { p class="quiet" { "No item of ours looks like it." } }
            ul class="candidates" { @for candidate in &self.candidates { li {
                div class="candidate" {
                    span class="said" {
                        a href={ "/stock/" (encoded(&candidate.sku)) } { @if candidate.title.is_empty() { (candidate.sku) } @else { (candidate.title) } }
                        span class="sku" { (candidate.sku) }
                        @if let Some(taken) = &candidate.taken { span class="mark" { "is " (taken) " there already, and would no longer be" } }
                    }
                    span class="fit" { (candidate.percent) " of 100" }
                    @if visitor.may(Scope::OperationsWrite) {
                        form method="post" action=(action) {
                            (visitor.token_field())
                            (hidden("item", &candidate.item.to_string()))
                            (hidden("back", back))
                            button type="submit" { "It is this" span class="hidden" { ": " (candidate.title) " " (candidate.sku) } }
                        }
                    }
                }
                @if !candidate.why.is_empty() {
                    details {
                        summary { "Why " (candidate.percent) "?" }
                        ul class="why" { @for (points, words) in &candidate.why { li { b { "+" (points) } " " (words) } } }
                    }
                }
            } } }
        }
    }

    /// Out of the way for good, or back.
    pub(super) fn dismiss_form(&self, visitor: &Visitor, dismissed: bool) -> Markup {
        let (act, words) = if dismissed { ("reopen", "Ask again") } else { ("dismiss", "Do not ask again") };
        html! {
            form method="post" action={ "/mappings/" (encoded(&self.channel)) "/" (encoded(&self.external)) "/" (act) } {
                (visitor.token_field())
                (hidden("back", "list"))
                button type="submit" class="plain" { (words) }
            }
        }
    }
}
