//! What stands above and below every list of mappings: which kind, how far, which channel, which words; and the files.

use maud::{Markup, html};

use crate::Scope;
use crate::dashboard::access::Visitor;
use crate::dashboard::fields::encoded;
use crate::dashboard::layout::{empty, hidden};
use crate::dashboard::words::grouped;

/// What is listed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in super::super) enum Kind {
    /// Items.
    Items,
    /// Locations.
    Locations,
    /// Customers.
    Customers,
}

impl Kind {
    const ALL: [(Self, &'static str); 3] =
        [(Self::Items, "Items"), (Self::Locations, "Locations"), (Self::Customers, "Customers")];

    /// As it stands in an address.
    pub(super) fn word(self) -> &'static str {
        match self {
            Self::Items => "items",
            Self::Locations => "locations",
            Self::Customers => "customers",
        }
    }

    /// Reads what [`word`](Self::word) gives; anything else is items.
    pub(super) fn parse(word: &str) -> Self {
        Self::ALL.into_iter().map(|(kind, _)| kind).find(|kind| kind.word() == word).unwrap_or(Self::Items)
    }
}

/// How far the listed ones are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in super::super) enum Show {
    /// Questions that wait.
    Open,
    /// Questions put away.
    Dismissed,
    /// Answered.
    Done,
}

impl Show {
    /// As it stands in an address.
    pub(super) fn word(self) -> &'static str {
        match self {
            Self::Open => "",
            Self::Dismissed => "dismissed",
            Self::Done => "mapped",
        }
    }

    /// Reads what [`word`](Self::word) gives; anything else is the open ones.
    pub(super) fn parse(word: &str) -> Self {
        [Self::Dismissed, Self::Done].into_iter().find(|show| show.word() == word).unwrap_or(Self::Open)
    }
}

/// Questions that wait and questions put away, of each kind; of customers nobody counts before looking.
#[derive(Clone, Copy, Debug, Default)]
pub(in super::super) struct Counts {
    /// About items.
    pub(in super::super) items: (u64, u64),
    /// About locations.
    pub(in super::super) locations: (u64, u64),
}

impl Counts {
    fn of(&self, kind: Kind) -> Option<(u64, u64)> {
        match kind {
            Kind::Items => Some(self.items),
            Kind::Locations => Some(self.locations),
            Kind::Customers => None,
        }
    }
}

/// Where somebody is among the lists.
#[derive(Clone, Copy, Debug)]
pub(super) struct Place<'p> {
    pub(super) kind: Kind,
    pub(super) show: Show,
    pub(super) channel: &'p str,
    pub(super) query: &'p str,
}

impl Place<'_> {
    /// The address of the first page here.
    pub(super) fn address(&self) -> String {
        let search = if self.query.is_empty() { String::new() } else { format!("&q={}", encoded(self.query)) };
        let (kind, show) = (self.kind.word(), self.show.word());
        format!("/mappings?kind={kind}&show={show}&channel={}{search}", encoded(self.channel))
    }

    /// Title, tabs, channels and search.
    pub(super) fn head(&self, channels: &[String], counts: &Counts) -> Markup {
        let with =
            |count: Option<u64>| count.map_or(String::new(), |count| format!(" ({})", grouped(&count.to_string())));
        let count = counts.of(self.kind);
        let shows = [
            (Show::Open, "Open", with(count.map(|(open, _)| open))),
            (Show::Dismissed, "Put away", with(count.map(|(_, away)| away))),
            (Show::Done, if self.kind == Kind::Customers { "Linked" } else { "Mapped" }, String::new()),
        ];
        let any = !(self.show == Show::Done && self.kind == Kind::Items);
        html! {
            h1 { "What is what?" }
            nav class="tabs" aria-label="Kind" { @for (kind, word) in Kind::ALL {
                a href=(Place { kind, show: Show::Open, query: "", ..*self }.address()) aria-current=[(kind == self.kind).then_some("true")] {
                    (word) (with(counts.of(kind).map(|(open, _)| open).filter(|open| *open > 0)))
                }
            } }
            nav class="tabs" aria-label="Which" { @for (show, word, count) in shows {
                a href=(Place { show, query: "", ..*self }.address()) aria-current=[(show == self.show).then_some("true")] { (word) (count) }
            } }
            @if channels.len() > 1 {
                nav class="tabs" aria-label="Channel" {
                    @if any { a href=(Place { channel: "", ..*self }.address()) aria-current=[self.channel.is_empty().then_some("true")] { "All channels" } }
                    @for channel in channels {
                        a href=(Place { channel, ..*self }.address()) aria-current=[(self.channel == channel).then_some("true")] { (channel) }
                    }
                }
            }
            @if self.kind != Kind::Customers {
                form class="filter" method="get" action="/mappings" role="search" {
                    (hidden("kind", self.kind.word()))
                    (hidden("show", self.show.word()))
                    (hidden("channel", self.channel))
                    label for="find" { "Find" }
                    input id="find" type="search" name="q" value=(self.query) placeholder="Name, SKU or id over there" autocomplete="off";
                    button type="submit" { "Find" }
                }
            }
        }
    }
}

/// All of a kind as a table, and a corrected one back.
pub(super) fn files(kind: Kind, channels: &[String], visitor: &Visitor) -> Markup {
    let (of, column) = match kind {
        Kind::Items => ("all mappings and open questions of a channel", "sku"),
        Kind::Locations => ("all locations of a channel", "location"),
        Kind::Customers => ("all links and open pairs", "same"),
    };
    html! {
        section aria-labelledby="files-head" {
            h2 id="files-head" { "Many at once" }
            p { "Save " (of) " as a table, correct the column “" (column) "” in a spreadsheet, and send the table back. Nothing is changed before you have seen what would happen." }
            @if channels.is_empty() { (empty("There is no channel yet.")) }
            p class="row" {
                @if kind == Kind::Customers {
                    a class="button" href="/mappings.csv?kind=customers" { "Save customers (CSV)" }
                } @else { @for channel in channels {
                    a class="button" href={ "/mappings.csv?kind=" (kind.word()) "&channel=" (encoded(channel)) } { "Save " (channel) " (CSV)" }
                } }
            }
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
