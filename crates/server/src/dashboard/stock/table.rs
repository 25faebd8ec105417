//! The stock table: items by channels, with a mark wherever a channel shows something else than it should.

use maud::{Markup, html};
use model::{Instant, Level};

use crate::dashboard::access::Visitor;
use crate::dashboard::fields::encoded;
use crate::dashboard::html::Html;
use crate::dashboard::layout::{Frame, Section, empty, pager, part};
use crate::dashboard::words;
use jiff::tz::TimeZone;

/// Which rows are shown.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(in super::super) enum Show {
    /// All.
    #[default]
    All,
    /// Where a channel shows something else than it should.
    Different,
    /// Below zero somewhere.
    Below,
    /// Little left to sell.
    Low,
}

impl Show {
    /// Every filter with its name in addresses and its words.
    pub(in super::super) const ALL: [(Self, &'static str, &'static str); 4] = [
        (Self::All, "all", "All items"),
        (Self::Different, "different", "Differences only"),
        (Self::Below, "below", "Below zero"),
        (Self::Low, "low", "Low"),
    ];

    /// Reads the name; anything else is all.
    pub(in super::super) fn parse(name: &str) -> Self {
        Self::ALL.into_iter().find(|(_, known, _)| *known == name).map_or(Self::All, |(show, _, _)| show)
    }

    /// The name in addresses.
    pub(in super::super) fn name(self) -> &'static str {
        Self::ALL.into_iter().find(|(show, _, _)| *show == self).map_or("all", |(_, name, _)| name)
    }
}

/// What is asked of the table.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(in super::super) struct Asked {
    /// Text to be found in SKU, title or barcode.
    pub(in super::super) text: String,
    /// Which rows.
    pub(in super::super) show: Show,
    /// First item number looked at.
    pub(in super::super) from: u32,
}

impl Asked {
    /// The address that asks this of a page.
    pub(in super::super) fn address(&self, path: &str) -> String {
        let mut address = format!("{path}?q={}&show={}", encoded(&self.text), self.show.name());
        if self.from > 0 {
            address.push_str(&format!("&from={}", self.from));
        }
        address
    }
}

/// What a channel shows of an item, over all locations.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in super::super) struct Cell {
    /// Shown now; `None` when nothing was read or written yet.
    pub(in super::super) shown: Option<Level>,
    /// Should be shown.
    pub(in super::super) wanted: Level,
    /// Whether it differs at any location.
    pub(in super::super) differs: bool,
    /// Whether a write is under way.
    pub(in super::super) writing: bool,
    /// Since when it shows this.
    pub(in super::super) at: Option<Instant>,
}

/// An item.
#[derive(Clone, Debug)]
pub(in super::super) struct StockRow {
    /// SKU.
    pub(in super::super) sku: String,
    /// For people.
    pub(in super::super) title: String,
    /// Over all locations.
    pub(in super::super) on_hand: Level,
    /// Over all locations.
    pub(in super::super) promised: Level,
    /// Over all locations.
    pub(in super::super) available: Level,
    /// One per channel, `None` where the channel does not count it.
    pub(in super::super) cells: Vec<Option<Cell>>,
}

/// The table.
#[derive(Clone, Debug)]
pub(in super::super) struct StockPage {
    /// When it was looked at.
    pub(in super::super) now: Instant,
    /// Zone of exact times.
    pub(in super::super) zone: TimeZone,
    /// What was asked.
    pub(in super::super) asked: Asked,
    /// Channels, in the order of the cells.
    pub(in super::super) channels: Vec<String>,
    /// Items.
    pub(in super::super) rows: Vec<StockRow>,
    /// Item number at which the next page begins.
    pub(in super::super) next: Option<u32>,
    /// Whether the look ended because it had gone far enough for one request.
    pub(in super::super) cut: bool,
    /// Items known.
    pub(in super::super) items: u64,
}

impl StockPage {
    /// The frame it stands in.
    pub(in super::super) fn frame(&self, visitor: &Visitor) -> Frame {
        Frame::new("Stock", Section::Stock, visitor).live(self.asked.address("/stock"))
    }

    /// The page.
    pub(in super::super) fn render(&self, visitor: &Visitor) -> Html {
        self.frame(visitor).page(html! {
            h1 { "Stock" }
            (self.filter())
            @for (id, content) in self.parts() { (part(id, &content)) }
            (self.onward())
        })
    }

    /// The part that changes by itself.
    pub(in super::super) fn parts(&self) -> Vec<(&'static str, Html)> {
        vec![("rows", Html(self.table()))]
    }

    fn filter(&self) -> Markup {
        html! {
            form class="filter" method="get" action="/stock" role="search" aria-label="Filter stock" {
                label for="text" { "SKU, title or barcode" }
                input id="text" type="search" name="q" value=(self.asked.text);
                label for="show" { "Show" }
                select id="show" name="show" {
                    @for (show, name, label) in Show::ALL {
                        option value=(name) selected[show == self.asked.show] { (label) }
                    }
                }
                button type="submit" class="main" { "Show" }
                a class="button" href=(Asked { from: 0, ..self.asked.clone() }.address("/stock.csv")) download { "As CSV" }
            }
        }
    }

    fn table(&self) -> Markup {
        if self.rows.is_empty() {
            return empty(self.nothing());
        }
        html! {
            table class="folds" role="table" {
                caption class="hidden" { "Items, their stock, and what each channel shows" }
                thead role="rowgroup" {
                    tr role="row" {
                        th scope="col" role="columnheader" { "Item" }
                        th scope="col" role="columnheader" class="number" { "On hand" }
                        th scope="col" role="columnheader" class="number" { "Promised" }
                        th scope="col" role="columnheader" class="number" { "Available" }
                        @for channel in &self.channels { th scope="col" role="columnheader" class="number" { (channel) } }
                    }
                }
                tbody role="rowgroup" { @for row in &self.rows { (self.row(row)) } }
            }
        }
    }

    fn row(&self, row: &StockRow) -> Markup {
        html! {
            tr role="row" {
                th scope="row" role="rowheader" {
                    a href={ "/stock/" (encoded(&row.sku)) } { (row.title) }
                    span class="sku" { (row.sku) }
                }
                td role="cell" class="number" data-label="On hand" { (words::level(row.on_hand)) }
                td role="cell" class="number" data-label="Promised" { (words::level(row.promised)) }
                td role="cell" class="number" data-label="Available" { (words::level(row.available)) }
                @for (channel, cell) in self.channels.iter().zip(&row.cells) {
                    td role="cell" class="number" data-label=(channel) { (self.cell(cell.as_ref())) }
                }
            }
        }
    }

    fn cell(&self, cell: Option<&Cell>) -> Markup {
        let Some(cell) = cell else {
            return html! { span class="quiet" title="Nothing of it is shown here yet" { "–" } };
        };
        html! {
            @match cell.shown {
                Some(shown) => span class={ "shown" @if cell.differs { " differs" } } { (words::level(shown)) },
                None => span class="quiet" { "not read" },
            }
            @if cell.differs { span class="mark" { "should be " (words::level(cell.wanted)) } }
            @if cell.writing { span class="mark calm" { "being written" } }
            @if let Some(at) = cell.at { span class="age" { (words::when(at, self.now, &self.zone)) } }
        }
    }

    fn nothing(&self) -> &'static str {
        match (self.items, self.cut, self.asked.show, self.asked.text.is_empty()) {
            (0, ..) => "No items yet. They appear when the first channel has been read, or by “lockstep import items”.",
            (_, true, ..) => "Nothing among the items looked at so far. Look further below.",
            (_, _, Show::Different, true) => "No differences: every channel shows what it should.",
            (_, _, Show::Below, true) => "Nothing is below zero.",
            (_, _, Show::Low, true) => "Nothing is running low.",
            _ => "No item fits. Try a part of its title, its SKU or its barcode.",
        }
    }

    fn onward(&self) -> Markup {
        let first = (self.asked.from > 0).then(|| Asked { from: 0, ..self.asked.clone() }.address("/stock"));
        let next = self.next.map(|from| Asked { from, ..self.asked.clone() }.address("/stock"));
        pager(first.as_deref(), next.as_deref(), if self.cut { "Look further" } else { "Next items" })
    }
}
