//! What agents ask for, at a glance. Only shows it.

use jiff::tz::TimeZone;
use maud::{Markup, html};
use model::Instant;
use views::{ProposalRow, ProposalState};

use crate::Scope;
use crate::dashboard::access::Visitor;
use crate::dashboard::html::Html;
use crate::dashboard::layout::{Frame, Notice, Section, badge, empty, hidden, pager, part};
use crate::dashboard::words::{self, Tone};

/// One way to look at proposals.
#[derive(Debug)]
pub(in super::super) struct Tab {
    /// Word in the address.
    pub(super) word: &'static str,
    /// The address.
    pub(super) address: &'static str,
    name: &'static str,
    /// In which state; `None` = in any.
    pub(super) state: Option<ProposalState>,
    /// Among those that wait: whether those that were put off, or the others.
    pub(super) put_off: Option<bool>,
    empty: &'static str,
}

const fn tab(
    word: &'static str,
    address: &'static str,
    name: &'static str,
    state: Option<ProposalState>,
    put_off: Option<bool>,
    empty: &'static str,
) -> Tab {
    Tab { word, address, name, state, put_off, empty }
}

/// All of them; the first is shown first.
pub(super) const TABS: [Tab; 6] = [
    tab("", "/approvals", "Waiting", Some(ProposalState::Waiting), Some(false), "Nothing waits for your answer."),
    tab("later", "/approvals?show=later", "Put off", Some(ProposalState::Waiting), Some(true), "Nothing was put off."),
    tab("done", "/approvals?show=done", "Done", Some(ProposalState::Done), None, "No agent has done anything yet."),
    tab("undone", "/approvals?show=undone", "Taken back", Some(ProposalState::Undone), None, "Nothing was taken back."),
    tab(
        "recorded",
        "/approvals?show=recorded",
        "Only recorded",
        Some(ProposalState::Observed),
        None,
        "No agent has proposed anything that the policy only records.",
    ),
    tab("all", "/approvals?show=all", "All", None, None, "No agent has proposed anything yet."),
];

/// Proposals in one state, or all.
#[derive(Debug)]
pub(in super::super) struct ApprovalsPage {
    /// When they were looked at.
    pub(in super::super) now: Instant,
    /// Zone of exact times.
    pub(in super::super) zone: TimeZone,
    /// Which are shown.
    pub(in super::super) tab: &'static Tab,
    /// Newest first.
    pub(in super::super) rows: Vec<ProposalRow>,
    /// How many were put off.
    pub(in super::super) off: usize,
    /// Further ones begin before this number.
    pub(in super::super) before: Option<u64>,
    /// Whether this is not the first page.
    pub(in super::super) later: bool,
}

impl ApprovalsPage {
    /// Those that wait, as a sample.
    #[cfg(test)]
    pub(in super::super) fn waiting(now: Instant, zone: TimeZone, rows: Vec<ProposalRow>) -> Self {
        Self { now, zone, tab: &TABS[0], rows, off: 2, before: Some(1), later: false }
    }

    /// The page.
    pub(in super::super) fn render(&self, visitor: &Visitor, notice: Option<Notice>) -> Html {
        let frame = Frame::new("Approvals", Section::Approvals, visitor).noticing(notice);
        let join = if self.tab.address.contains('?') { '&' } else { '?' };
        let next = self.before.map(|before| format!("{}{join}before={before}", self.tab.address));
        let first = self.later.then_some(self.tab.address);
        frame.page(html! {
            h1 { "Approvals" }
            p { "What agents ask for, and what became of it. How far each may go is in the " a href="/policy" { "policy" } "." }
            nav class="tabs" aria-label="Which" {
                @for tab in &TABS {
                    a href=(tab.address) aria-current=[(tab.word == self.tab.word).then_some("true")] {
                        (tab.name) @if tab.put_off == Some(true) && self.off > 0 { " (" (self.off) ")" }
                    }
                }
            }
            @for (id, content) in self.parts(visitor) { (part(id, &content)) }
            (pager(first, next.as_deref(), "Earlier"))
        })
    }

    fn parts(&self, visitor: &Visitor) -> Vec<(&'static str, Html)> {
        vec![("approvals", Html(self.list(visitor)))]
    }

    fn list(&self, visitor: &Visitor) -> Markup {
        let may = visitor.may(Scope::ApprovalsWrite);
        let answering = may && self.tab.state == Some(ProposalState::Waiting);
        html! {
            @if self.rows.is_empty() { (empty(self.tab.empty)) }
            @if !self.rows.is_empty() {
                form method="post" action="/approvals/ticked/approve" {
                    (visitor.token_field())
                    (hidden("show", self.tab.word))
                    ul class="stuck" { @for row in &self.rows { li { (self.line(row, answering)) } } }
                    @if answering {
                        div class="row together" {
                            label for="reason" { "Why" }
                            input id="reason" name="reason" maxlength="500" autocomplete="off" placeholder="needed for a no";
                            button type="submit" formaction="/approvals/ticked/approve" { "Approve those ticked" }
                            button type="submit" class="plain" formaction="/approvals/ticked/reject" { "Reject those ticked" }
                        }
                    }
                }
            }
        }
    }

    fn line(&self, row: &ProposalRow, answering: bool) -> Markup {
        let proposal = &row.proposed.proposal;
        let id = row.proposed.id.0;
        let (tone, word) = told(row.state);
        html! {
            p {
                @if answering {
                    input class="tick" type="checkbox" id={ "tick-" (id) } name={ "tick-" (id) } aria-label={ "Proposal " (id) };
                    " "
                } @else { (badge(tone, word)) " " }
                a href={ "/approvals/" (id) } { strong { (words::sentence(&summary(row))) } }
            }
            p { (words::sentence(proposal.why.as_str())) }
            p class="quiet" {
                "The " (proposal.agent.name()) " agent, " (words::when_or(Some(row.at), self.now, &self.zone, "")) ", "
                (sure(proposal.confidence)) "."
                @if let Some(value) = proposal.value { " Worth about " span class="money" { (words::money(value)) } "." }
                @if row.state == ProposalState::Waiting {
                    " Lapses " (words::when_or(Some(row.proposed.verdict.lapses_at), self.now, &self.zone, "")) "."
                }
            }
            @if answering {
                div class="row" {
                    button type="submit" formaction={ "/approvals/" (id) "/approve" } { "Approve" }
                    a class="button plain" href={ "/approvals/" (id) } { "Look closer" }
                    button type="submit" class="plain" formaction={ "/approvals/" (id) "/later" } { "Tomorrow" }
                }
            }
        }
    }
}

/// The acts in a few words.
pub(super) fn summary(row: &ProposalRow) -> String {
    match row.acts_words.as_slice() {
        [] => "nothing".to_owned(),
        [only] => only.clone(),
        [first, rest @ ..] => format!("{first}, and {} more", rest.len()),
    }
}

/// How sure, in words.
pub(super) fn sure(confidence: u16) -> String {
    match confidence {
        0 => "which does not know".to_owned(),
        some => format!("{} % sure", some / 100),
    }
}

/// How far it is, in a word and a tone.
pub(super) fn told(state: ProposalState) -> (Tone, &'static str) {
    match state {
        ProposalState::Observed => (Tone::Calm, "Recorded"),
        ProposalState::Waiting => (Tone::Warn, "Waiting"),
        ProposalState::Done => (Tone::Good, "Done"),
        ProposalState::Rejected => (Tone::Calm, "Rejected"),
        ProposalState::Lapsed => (Tone::Calm, "Lapsed"),
        ProposalState::Stale => (Tone::Calm, "Out of date"),
        ProposalState::Replaced => (Tone::Calm, "Replaced"),
        ProposalState::Undone => (Tone::Calm, "Taken back"),
        ProposalState::Failed => (Tone::Bad, "Not done"),
    }
}
