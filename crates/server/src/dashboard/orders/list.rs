//! The list of orders and sales, newest first.

use jiff::tz::TimeZone;
use maud::{Markup, html};
use model::{Instant, OrderKind, OrderState};

use crate::dashboard::access::Visitor;
use crate::dashboard::fields::encoded;
use crate::dashboard::html::Html;
use crate::dashboard::layout::{Frame, Section, badge, empty, pager, part};
use crate::dashboard::words;

/// What is asked of the list.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(in super::super) struct Asked {
    /// Text to be found in the reference.
    pub(in super::super) text: String,
    /// Channel by name; empty = all.
    pub(in super::super) channel: String,
    /// Only orders that are this far.
    pub(in super::super) state: Option<OrderState>,
    /// Only orders made there.
    pub(in super::super) kind: Option<OrderKind>,
    /// Where the page begins, as the page before said.
    pub(in super::super) from: String,
}

const STATES: [(&str, OrderState); 3] =
    [("open", OrderState::Open), ("completed", OrderState::Completed), ("cancelled", OrderState::Cancelled)];
const KINDS: [(&str, OrderKind); 2] = [("till", OrderKind::Till), ("web", OrderKind::Web)];

impl Asked {
    /// Reads a query's fields.
    pub(in super::super) fn parse(fields: &crate::dashboard::fields::Fields) -> Self {
        let (state, kind) = (fields.get("state"), fields.get("kind"));
        Self {
            text: fields.get("q").to_owned(),
            channel: fields.get("channel").to_owned(),
            state: STATES.into_iter().find(|(name, _)| *name == state).map(|(_, state)| state),
            kind: KINDS.into_iter().find(|(name, _)| *name == kind).map(|(_, kind)| kind),
            from: fields.get("from").to_owned(),
        }
    }

    fn state_name(&self) -> &'static str {
        STATES.into_iter().find(|(_, state)| Some(*state) == self.state).map_or("", |(name, _)| name)
    }

    fn kind_name(&self) -> &'static str {
        KINDS.into_iter().find(|(_, kind)| Some(*kind) == self.kind).map_or("", |(name, _)| name)
    }

    /// The address that asks this.
    pub(in super::super) fn address(&self) -> String {
        let mut address = format!(
            "/orders?q={}&channel={}&state={}&kind={}",
            encoded(&self.text),
            encoded(&self.channel),
            self.state_name(),
            self.kind_name()
        );
        if !self.from.is_empty() {
            address.push_str(&format!("&from={}", encoded(&self.from)));
        }
        address
    }
}

/// An order at a glance.
#[derive(Clone, Debug)]
pub(in super::super) struct OrderLine {
    /// Number, for addresses.
    pub(in super::super) order: u32,
    /// For people.
    pub(in super::super) reference: String,
    /// Channel.
    pub(in super::super) channel: String,
    /// Where made.
    pub(in super::super) kind: OrderKind,
    /// How far.
    pub(in super::super) state: OrderState,
    /// When made.
    pub(in super::super) placed_at: Instant,
    /// What is paid, in words.
    pub(in super::super) total: String,
}

/// The list.
#[derive(Clone, Debug)]
pub(in super::super) struct OrdersPage {
    /// When it was looked at.
    pub(in super::super) now: Instant,
    /// Zone of exact times.
    pub(in super::super) zone: TimeZone,
    /// What was asked.
    pub(in super::super) asked: Asked,
    /// Names of all channels.
    pub(in super::super) channels: Vec<String>,
    /// Newest first.
    pub(in super::super) rows: Vec<OrderLine>,
    /// Where the next page begins.
    pub(in super::super) next: Option<String>,
}

impl OrdersPage {
    /// The page.
    pub(in super::super) fn render(&self, visitor: &Visitor) -> Html {
        Frame::new("Orders", Section::Orders, visitor).live(self.asked.address()).page(html! {
            h1 { "Orders and sales" }
            p class="quiet" { a href="/documents" { "Documents that channels were told to make" } }
            (self.filter())
            @for (id, content) in self.parts() { (part(id, &content)) }
            (self.onward())
        })
    }

    /// The part that changes by itself.
    pub(in super::super) fn parts(&self) -> Vec<(&'static str, Html)> {
        vec![("orders", Html(self.table()))]
    }

    fn filter(&self) -> Markup {
        html! {
            form class="filter" method="get" action="/orders" role="search" aria-label="Filter orders" {
                label for="text" { "Number" }
                input id="text" type="search" name="q" value=(self.asked.text);
                label for="channel" { "Channel" }
                select id="channel" name="channel" {
                    option value="" { "All channels" }
                    @for name in &self.channels { option value=(name) selected[*name == self.asked.channel] { (name) } }
                }
                label for="state" { "State" }
                select id="state" name="state" {
                    option value="" { "All states" }
                    @for (name, state) in STATES { option value=(name) selected[Some(state) == self.asked.state] { (words::order_state(state).0) } }
                }
                label for="kind" { "Made" }
                select id="kind" name="kind" {
                    option value="" { "Anywhere" }
                    @for (name, kind) in KINDS { option value=(name) selected[Some(kind) == self.asked.kind] { (words::order_kind(kind)) } }
                }
                button type="submit" class="main" { "Show" }
            }
        }
    }

    fn table(&self) -> Markup {
        if self.rows.is_empty() {
            let asked = Asked { from: String::new(), ..self.asked.clone() };
            return empty(if asked == Asked::default() {
                "No orders yet. The first sale at a till or on the web shows here."
            } else {
                "No order fits. Try a part of its number, or fewer filters."
            });
        }
        html! {
            table class="folds" role="table" {
                caption class="hidden" { "Orders and sales, newest first" }
                thead role="rowgroup" { tr role="row" {
                    @for head in ["Order", "State", "Channel", "Made"] { th scope="col" role="columnheader" { (head) } }
                    th scope="col" role="columnheader" class="number" { "Total" }
                    th scope="col" role="columnheader" { "When" }
                } }
                tbody role="rowgroup" { @for row in &self.rows { (self.row(row)) } }
            }
        }
    }

    fn row(&self, row: &OrderLine) -> Markup {
        let (word, tone) = words::order_state(row.state);
        html! {
            tr role="row" {
                th scope="row" role="rowheader" { a href={ "/orders/" (row.order) } { (row.reference) } }
                td role="cell" data-label="State" { (badge(tone, word)) }
                td role="cell" data-label="Channel" { (row.channel) }
                td role="cell" data-label="Made" { (words::order_kind(row.kind)) }
                td role="cell" class="number" data-label="Total" { (row.total) }
                td role="cell" data-label="When" { (words::when(row.placed_at, self.now, &self.zone)) }
            }
        }
    }

    fn onward(&self) -> Markup {
        let first =
            (!self.asked.from.is_empty()).then(|| Asked { from: String::new(), ..self.asked.clone() }.address());
        let next = self.next.as_ref().map(|from| Asked { from: from.clone(), ..self.asked.clone() }.address());
        pager(first.as_deref(), next.as_deref(), "Earlier orders")
    }
}
