//! The audit as a clerk reads it: a sentence for each fact, who did it, and when.

use jiff::tz::TimeZone;
use maud::{Markup, html};
use model::Instant;

use crate::dashboard::access::Visitor;
use crate::dashboard::fields::{Fields, encoded};
use crate::dashboard::html::Html;
use crate::dashboard::layout::{Frame, Section, empty, pager};
use crate::dashboard::words;

/// What is asked of the audit.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(in super::super) struct Asked {
    /// Number of an order, as people know it.
    pub(in super::super) order: String,
    /// SKU.
    pub(in super::super) sku: String,
    /// Channel by name; empty = all.
    pub(in super::super) channel: String,
    /// A customer of that channel, by the platform's id.
    pub(in super::super) customer: String,
    /// A part of the author's name.
    pub(in super::super) actor: String,
    /// First day, as `2026-11-24`; empty = from the beginning.
    pub(in super::super) since: String,
    /// Last day.
    pub(in super::super) until: String,
    /// Where the page begins.
    pub(in super::super) before: Option<u64>,
}

/// A fact in words.
#[derive(Clone, Debug)]
pub(in super::super) struct AuditLine {
    /// Its number.
    pub(in super::super) seq: u64,
    /// When.
    pub(in super::super) at: Instant,
    /// Who.
    pub(in super::super) by: String,
    /// What, and why.
    pub(in super::super) words: String,
}

/// A page of the audit.
#[derive(Clone, Debug)]
pub(in super::super) struct AuditPage {
    /// When it was looked at.
    pub(in super::super) now: Instant,
    /// Zone of exact times.
    pub(in super::super) zone: TimeZone,
    /// What was asked.
    pub(in super::super) asked: Asked,
    /// Names of all channels.
    pub(in super::super) channels: Vec<String>,
    /// Newest first.
    pub(in super::super) rows: Vec<AuditLine>,
    /// Where the next page begins.
    pub(in super::super) next: Option<u64>,
    /// Why nothing could be looked for.
    pub(in super::super) trouble: Option<&'static str>,
}

impl Asked {
    /// Reads a query's fields.
    pub(in super::super) fn parse(fields: &Fields) -> Self {
        let text = |name| fields.get(name).to_owned();
        Self {
            order: text("order"),
            sku: text("sku"),
            channel: text("channel"),
            customer: text("customer"),
            actor: text("actor"),
            since: text("since"),
            until: text("until"),
            before: fields.number("before"),
        }
    }

    fn address(&self, before: Option<u64>) -> String {
        let pairs = [
            ("order", &self.order),
            ("sku", &self.sku),
            ("channel", &self.channel),
            ("customer", &self.customer),
            ("actor", &self.actor),
            ("since", &self.since),
            ("until", &self.until),
        ];
        let mut query: Vec<String> = pairs
            .into_iter()
            .filter(|(_, value)| !value.is_empty())
            .map(|(name, value)| format!("{name}={}", encoded(value)))
            .collect();
        query.extend(before.map(|before| format!("before={before}")));
        format!("/audit?{}", query.join("&"))
    }
}

impl AuditPage {
    /// The page.
    pub(in super::super) fn render(&self, visitor: &Visitor) -> Html {
        Frame::new("Audit", Section::Audit, visitor).page(html! {
            h1 { "What happened, and who did it" }
            (self.filter())
            (self.table())
            (self.onward())
            (self.export())
        })
    }

    fn filter(&self) -> Markup {
        let asked = &self.asked;
        html! {
            form class="filter" method="get" action="/audit" role="search" aria-label="Filter the audit" {
                label for="order" { "Order" }
                input id="order" type="search" name="order" value=(asked.order);
                label for="sku" { "SKU" }
                input id="sku" type="search" name="sku" value=(asked.sku);
                label for="channel" { "Channel" }
                select id="channel" name="channel" {
                    option value="" { "All channels" }
                    @for name in &self.channels { option value=(name) selected[*name == asked.channel] { (name) } }
                }
                label for="customer" { "Customer number" }
                input id="customer" type="search" name="customer" value=(asked.customer);
                label for="actor" { "Who" }
                input id="actor" type="search" name="actor" value=(asked.actor);
                label for="since" { "From" }
                input id="since" type="date" name="since" value=(asked.since);
                label for="until" { "To" }
                input id="until" type="date" name="until" value=(asked.until);
                button type="submit" class="main" { "Show" }
            }
        }
    }

    fn table(&self) -> Markup {
        if let Some(trouble) = self.trouble {
            return empty(trouble);
        }
        if self.rows.is_empty() {
            return empty(match self.next {
                Some(_) => "Nothing fits among the facts looked at so far. Earlier ones may.",
                None => "Nothing fits. Try fewer filters.",
            });
        }
        html! {
            table class="folds" role="table" {
                caption class="hidden" { "Facts, newest first" }
                thead role="rowgroup" { tr role="row" {
                    @for head in ["What happened", "Who", "When", "Number"] {
                        th scope="col" role="columnheader" { (head) }
                    }
                } }
                tbody role="rowgroup" { @for row in &self.rows { (self.row(row)) } }
            }
        }
    }

    fn row(&self, row: &AuditLine) -> Markup {
        html! {
            tr role="row" {
                th scope="row" role="rowheader" { (words::sentence(&row.words)) }
                td role="cell" data-label="Who" { (row.by) }
                td role="cell" data-label="When" { (words::when(row.at, self.now, &self.zone)) }
                td role="cell" class="number" data-label="Number" { (row.seq) }
            }
        }
    }

    fn onward(&self) -> Markup {
        let first = self.asked.before.map(|_| self.asked.address(None));
        let next = self.next.map(|next| self.asked.address(Some(next)));
        pager(first.as_deref(), next.as_deref(), "Earlier facts")
    }

    fn export(&self) -> Markup {
        html! {
            section aria-labelledby="take" {
                h2 id="take" { "Take it away" }
                p { "Everything that happened on the days above, signed, so that others can check that nothing is missing or changed." }
                form method="get" action="/audit/export" class="row" {
                    input type="hidden" name="since" value=(self.asked.since);
                    input type="hidden" name="until" value=(self.asked.until);
                    button type="submit" name="format" value="csv" { "Table (CSV)" }
                    button type="submit" name="format" value="jsonl" { "JSON lines" }
                }
            }
        }
    }
}
