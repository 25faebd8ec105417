//! The queue of questions, and what is mapped. Works on what it is given, and asks nobody.

use maud::{Markup, html};

use crate::Scope;
use crate::dashboard::access::Visitor;
use crate::dashboard::fields::encoded;
use crate::dashboard::html::Html;
use crate::dashboard::layout::{Frame, Notice, Section, empty, hidden, pager};
use crate::dashboard::words::grouped;

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
    /// Questions put aside.
    Aside(Vec<QuestionCard>),
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
    /// What was searched for among mappings.
    pub(in super::super) query: String,
    /// Open questions of all channels.
    pub(in super::super) open: u64,
    /// Questions put aside.
    pub(in super::super) aside: u64,
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
        let here = self.address(self.shown(), &self.channel);
        let search = if self.query.is_empty() { String::new() } else { format!("&q={}", encoded(&self.query)) };
        let next = self.more.as_ref().map(|more| format!("{here}{search}&{more}"));
        Frame::new("Mappings", Section::Mappings, visitor).noticing(notice).page(html! {
            h1 { "What is what?" }
            p { "Items that a channel lists and that fit none or several of ours. Until somebody says which it is, its stock is not kept." }
            nav class="tabs" aria-label="Which" {
                (self.tab("", &format!("Open ({})", grouped(&self.open.to_string()))))
                @if self.aside > 0 { (self.tab("aside", &format!("Put aside ({})", grouped(&self.aside.to_string())))) }
                (self.tab("mapped", "Mapped"))
            }
            @if self.channels.len() > 1 { (self.channel_filter()) }
            @match &self.rows {
                Rows::Open(cards) => { (self.cards(cards, visitor, "No open questions: every item of every channel that was read is known.")) }
                Rows::Aside(cards) => {
                    p class="quiet" { "They come back among the open ones when the hub is started again." }
                    (self.cards(cards, visitor, "Nothing is put aside."))
                }
                Rows::Mapped(channel, rows) => { (self.mapped(channel, rows)) }
            }
            (pager(self.later.then_some(here.as_str()), next.as_deref(), "Further ones"))
            (self.files(visitor))
        })
    }

    fn shown(&self) -> &'static str {
        match self.rows {
            Rows::Open(_) => "",
            Rows::Aside(_) => "aside",
            Rows::Mapped(..) => "mapped",
        }
    }

    fn address(&self, show: &str, channel: &str) -> String {
        format!("/mappings?show={show}&channel={}", encoded(channel))
    }

    fn tab(&self, show: &str, words: &str) -> Markup {
        html! { a href=(self.address(show, &self.channel)) aria-current=[(self.shown() == show).then_some("true")] { (words) } }
    }

    fn channel_filter(&self) -> Markup {
        let shown = match &self.rows {
            Rows::Mapped(channel, _) => channel,
            Rows::Open(_) | Rows::Aside(_) => &self.channel,
        };
        html! {
            nav class="tabs" aria-label="Channel" {
                @if !matches!(self.rows, Rows::Mapped(..)) {
                    a href=(self.address(self.shown(), "")) aria-current=[shown.is_empty().then_some("true")] { "All channels" }
                }
                @for channel in &self.channels {
                    a href=(self.address(self.shown(), channel)) aria-current=[(shown == channel).then_some("true")] { (channel) }
                }
            }
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
                    @if visitor.may(Scope::OperationsWrite) && matches!(self.rows, Rows::Open(_)) { (card.aside_form(visitor)) }
                }
            } } }
        }
    }

    fn mapped(&self, channel: &str, rows: &[MappedLine]) -> Markup {
        html! {
            form class="filter" method="get" action="/mappings" role="search" {
                (hidden("show", "mapped"))
                (hidden("channel", channel))
                label for="find" { "Find" }
                input id="find" type="search" name="q" value=(self.query) placeholder="SKU, title or id over there" autocomplete="off";
                button type="submit" { "Find" }
            }
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

    fn files(&self, visitor: &Visitor) -> Markup {
        html! {
            section aria-labelledby="files-head" {
                h2 id="files-head" { "Many at once" }
                p { "Save all mappings and open questions of a channel as a table, correct the column “sku” in a spreadsheet, and send the table back. Nothing is changed before you have seen what would happen." }
                @if self.channels.is_empty() { (empty("There is no channel yet.")) }
                p class="row" { @for channel in &self.channels {
                    a class="button" href={ "/mappings.csv?channel=" (encoded(channel)) } { "Save " (channel) " (CSV)" }
                } }
                @if visitor.may(Scope::OperationsWrite) {
                    form class="stack narrow card" method="post" action="/mappings-file" enctype="multipart/form-data" {
                        (visitor.token_field())
                        label for="file" { "Corrected table" }
                        input id="file" type="file" name="file" accept=".csv,.tsv,text/csv" required;
                        button type="submit" class="main" { "See what it would change" }
                    }
                }
            }
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

    /// Out of the way for now.
    pub(super) fn aside_form(&self, visitor: &Visitor) -> Markup {
        html! {
            form method="post" action={ "/mappings/" (encoded(&self.channel)) "/" (encoded(&self.external)) "/aside" } {
                (visitor.token_field())
                button type="submit" class="plain" { "Put aside" }
            }
        }
    }
}
