//! Orders, refunds, customers, transfers and purchase orders that channels were told to make. Only shows them.

use jiff::tz::TimeZone;
use maud::{Markup, html};
use model::Instant;
use views::InstructionState;

use super::told;
use crate::Scope;
use crate::dashboard::access::Visitor;
use crate::dashboard::html::Html;
use crate::dashboard::layout::{Frame, Notice, Section, badge, empty, pager, part};
use crate::dashboard::words;

/// Word in the address, word on the page, what is shown.
pub(super) const TABS: [(&str, &str, Option<InstructionState>); 6] = [
    ("", "All", None),
    ("waiting", "Waiting", Some(InstructionState::Waiting)),
    ("sent", "On their way", Some(InstructionState::Sent)),
    ("made", "Made", Some(InstructionState::Made)),
    ("refused", "Refused", Some(InstructionState::Refused)),
    ("withdrawn", "Called off", Some(InstructionState::Withdrawn)),
];

/// A document at a glance.
#[derive(Clone, Debug)]
pub(in super::super) struct DocumentLine {
    /// Number, for addresses.
    pub(in super::super) id: u64,
    /// Who was told what, without a full stop.
    pub(in super::super) words: String,
    /// Who asked.
    pub(in super::super) asked_by: String,
    /// When.
    pub(in super::super) asked_at: Instant,
    /// When it ended.
    pub(in super::super) ended_at: Option<Instant>,
    /// How far it is.
    pub(in super::super) state: InstructionState,
    /// The platform's id of what was made.
    pub(in super::super) document: Option<String>,
    /// Why it was refused or called off.
    pub(in super::super) because: Option<String>,
}

/// All of them, or those in one state.
#[derive(Clone, Debug)]
pub(in super::super) struct DocumentsPage {
    /// When they were looked at.
    pub(in super::super) now: Instant,
    /// Zone of exact times.
    pub(in super::super) zone: TimeZone,
    /// Which are shown; `None` = all.
    pub(in super::super) state: Option<InstructionState>,
    /// Newest first.
    pub(in super::super) rows: Vec<DocumentLine>,
    /// Further ones begin before this number.
    pub(in super::super) before: Option<u64>,
    /// Whether this is not the first page.
    pub(in super::super) later: bool,
}

impl DocumentsPage {
    fn word(&self) -> &'static str {
        TABS.iter().find(|(.., state)| *state == self.state).map_or("", |(word, ..)| word)
    }

    fn address(&self) -> String {
        format!("/documents?show={}", self.word())
    }

    /// The page.
    pub(in super::super) fn render(&self, visitor: &Visitor, notice: Option<Notice>) -> Html {
        let mut frame = Frame::new("Documents", Section::Orders, visitor).noticing(notice);
        if !self.later {
            frame = frame.live(self.address());
        }
        let next = self.before.map(|before| format!("{}&before={before}", self.address()));
        frame.page(html! {
            nav class="crumbs" aria-label="Where you are" { a href="/orders" { "Orders" } }
            h1 { "Documents" }
            p { "Orders, refunds, customers, transfers and purchase orders that channels were told to make. Each is made once." }
            nav class="tabs" aria-label="Which" {
                @for (word, name, state) in TABS {
                    a href={ "/documents?show=" (word) } aria-current=[(state == self.state).then_some("true")] { (name) }
                }
            }
            @for (id, content) in self.parts(visitor) { (part(id, &content)) }
            (pager(self.later.then_some(self.address()).as_deref(), next.as_deref(), "Earlier"))
        })
    }

    /// The part that changes by itself.
    pub(in super::super) fn parts(&self, visitor: &Visitor) -> Vec<(&'static str, Html)> {
        vec![("documents", Html(self.list(visitor)))]
    }

    fn list(&self, visitor: &Visitor) -> Markup {
        html! {
            @if self.rows.is_empty() {
                (empty(if self.state.is_none() {
                    "No channel was told to make anything yet. Programs ask with POST /v1/instructions."
                } else { "None is in this state." }))
            }
            ul class="stuck" { @for row in &self.rows { li { (self.line(row, visitor)) } } }
        }
    }

    fn line(&self, row: &DocumentLine, visitor: &Visitor) -> Markup {
        let (tone, word) = told(row.state);
        let at = |when| words::when_or(Some(when), self.now, &self.zone, "");
        html! {
            p { (badge(tone, word)) " " (words::sentence(&row.words)) }
            p class="quiet" {
                "Asked by " (row.asked_by) " " (at(row.asked_at)) "."
                @if let Some(ended) = row.ended_at { " Ended " (at(ended)) "." }
                @if let Some(document) = &row.document { " Over there it is " code { (document) } "." }
            }
            @if let Some(because) = &row.because { @if !because.is_empty() { p class="reason" { (words::sentence(because)) } } }
            @if row.state == InstructionState::Waiting && visitor.may(Scope::DocumentsWrite) {
                form method="post" action={ "/documents/" (row.id) "/withdraw" } class="row" {
                    (visitor.token_field())
                    label for={ "reason-" (row.id) } { "Why" }
                    input id={ "reason-" (row.id) } name="reason" maxlength="200" autocomplete="off";
                    button type="submit" { "Call it off" }
                }
            }
        }
    }
}
