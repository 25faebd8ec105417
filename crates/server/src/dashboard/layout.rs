//! The frame around every page: landmarks, navigation, search, messages.

use maud::{DOCTYPE, Markup, html};

use super::access::Visitor;
use super::assets::ADDRESSES;
use super::fields::encoded;
use super::html::Html;
use super::words::Tone;
use crate::Scope;

/// The part of the site a page is in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Section {
    /// What is happening now.
    Live,
    /// Items and positions.
    Stock,
    /// Orders and sales.
    Orders,
    /// What agents ask for.
    Approvals,
    /// Where channels are out of step.
    Gaps,
    /// Which of our items is which of theirs.
    Mappings,
    /// Connected accounts.
    Channels,
    /// Inputs set aside.
    Quarantine,
    /// Who may come in.
    People,
    /// Who did what.
    Audit,
    /// None of them.
    None,
}

const SECTIONS: [(Section, &str, &str); 9] = [
    (Section::Live, "/", "Live"),
    (Section::Stock, "/stock", "Stock"),
    (Section::Orders, "/orders", "Orders"),
    (Section::Approvals, "/approvals", "Approvals"),
    (Section::Gaps, "/gaps", "Gaps"),
    (Section::Mappings, "/mappings", "Mappings"),
    (Section::Channels, "/channels", "Channels"),
    (Section::Quarantine, "/quarantine", "Questions"),
    (Section::Audit, "/audit", "Audit"),
];

/// A message after something was done.
#[derive(Clone, Debug)]
pub(super) struct Notice {
    /// How it went.
    pub(super) tone: Tone,
    /// What was done, or why it was not.
    pub(super) text: String,
    /// The opposite adjustment, when there is one.
    pub(super) undo: Option<Undo>,
}

/// An adjustment that takes another one back.
#[derive(Clone, Debug)]
pub(super) struct Undo {
    /// SKU.
    pub(super) sku: String,
    /// Location number.
    pub(super) location: u32,
    /// The opposite change.
    pub(super) change: String,
    /// Whether units go between for sale and not for sale.
    pub(super) unsellable: bool,
    /// So that taking it back twice takes it back once.
    pub(super) key: String,
}

/// What a page looks like around its content.
#[derive(Clone, Debug)]
pub(super) struct Frame {
    /// Title of the page.
    pub(super) title: String,
    /// Which part is marked in the navigation.
    pub(super) section: Section,
    /// Who looks.
    pub(super) visitor: Visitor,
    /// Address of the page, with its query, when parts of it change by themselves.
    pub(super) live: Option<String>,
    /// What the last form did.
    pub(super) notice: Option<Notice>,
    /// Text in the search box.
    pub(super) query: String,
}

impl Frame {
    /// A page that stands still.
    pub(super) fn new(title: impl Into<String>, section: Section, visitor: &Visitor) -> Self {
        let title = title.into();
        Self { title, section, visitor: visitor.clone(), live: None, notice: None, query: String::new() }
    }

    /// A page whose parts change by themselves.
    pub(super) fn live(mut self, at: impl Into<String>) -> Self {
        self.live = Some(at.into());
        self
    }

    /// With what the last form did.
    pub(super) fn noticing(mut self, notice: Option<Notice>) -> Self {
        self.notice = notice;
        self
    }

    /// The whole page.
    pub(super) fn page(&self, content: Markup) -> Html {
        Html(html! {
            (DOCTYPE)
            html lang="en" {
                head {
                    meta charset="utf-8";
                    meta name="viewport" content="width=device-width, initial-scale=1";
                    meta name="color-scheme" content="light dark";
                    title { (self.title) " · Lockstep" }
                    link rel="icon" type="image/svg+xml" href=(ADDRESSES.icon);
                    link rel="stylesheet" href=(ADDRESSES.style);
                    script type="module" src=(ADDRESSES.script) {}
                }
                body data-live=[self.live.as_deref()] {
                    a class="skip" href="#content" { "Skip to content" }
                    (self.header())
                    main id="content" tabindex="-1" {
                        @if let Some(notice) = &self.notice { (self.notice(notice)) }
                        (content)
                    }
                    footer { p { "Lockstep keeps one truth of stock." @if self.live.is_some() {
                        " " span id="link-state" class="quiet" { "This page shows the moment it was opened." }
                    } } }
                }
            }
        })
    }

    fn header(&self) -> Markup {
        html! {
            header class="top" {
                a class="brand" href="/" {
                    img src=(ADDRESSES.icon) alt="" width="28" height="28";
                    span { "Lockstep" }
                }
                @if self.visitor.signed_in || self.visitor.open {
                    form class="search" role="search" action="/search" method="get" {
                        label class="hidden" for="q" { "Search items and orders" }
                        input id="q" type="search" name="q" value=(self.query) placeholder="Find item or order" autocomplete="off";
                        button type="submit" { "Search" }
                    }
                    nav aria-label="Pages" {
                        ul {
                            @for (section, address, name) in SECTIONS {
                                li { a href=(address) aria-current=[(section == self.section).then_some("page")] { (name) } }
                            }
                            @if self.visitor.may(Scope::Admin) {
                                li { a href="/people" aria-current=[(self.section == Section::People).then_some("page")] { "People" } }
                            }
                        }
                    }
                    @if let Some(person) = &self.visitor.person { a class="quiet" href="/account" { (person.name) } }
                    @if self.visitor.signed_in {
                        form class="leave" method="post" action="/sign-out" {
                            (self.visitor.token_field())
                            button type="submit" class="plain" { "Sign out" }
                        }
                    }
                }
            }
        }
    }

    fn notice(&self, notice: &Notice) -> Markup {
        html! {
            div class={ "notice " (notice.tone.class()) } role="status" {
                (notice.tone.icon())
                p { (notice.text) }
                @if let Some(undo) = &notice.undo {
                    form method="post" action={ "/stock/" (encoded(&undo.sku)) "/adjust" } {
                        (self.visitor.token_field())
                        (hidden("location", &undo.location.to_string()))
                        (hidden("change", &undo.change))
                        (hidden("reason", "taken back"))
                        (hidden("key", &undo.key))
                        @if undo.unsellable { (hidden("unsellable", "yes")) }
                        button type="submit" { "Undo" }
                    }
                }
            }
        }
    }
}

/// A hidden field.
pub(super) fn hidden(name: &str, value: &str) -> Markup {
    html! { input type="hidden" name=(name) value=(value); }
}

/// A part that the script may replace while the page is open.
pub(super) fn part(id: &str, content: &Html) -> Markup {
    html! { div id=(id) data-part { (content.0) } }
}

/// A small label with icon and colour.
pub(super) fn badge(tone: Tone, word: &str) -> Markup {
    html! { span class={ "badge " (tone.class()) } { (tone.icon()) (word) } }
}

/// What stands where nothing is to be shown.
pub(super) fn empty(sentence: &str) -> Markup {
    html! { p class="empty" { (sentence) } }
}

/// The way to the page before and the page after.
pub(super) fn pager(first: Option<&str>, next: Option<&str>, next_words: &str) -> Markup {
    html! {
        @if first.is_some() || next.is_some() {
            nav class="pager" aria-label="More" {
                @if let Some(address) = first { a href=(address) rel="first" { "Back to the beginning" } }
                @if let Some(address) = next { a class="button" href=(address) rel="next" { (next_words) } }
            }
        }
    }
}
