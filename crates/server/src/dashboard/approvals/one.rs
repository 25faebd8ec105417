//! One proposal: why, how sure, what else, who may answer, and what became of it. Only shows it.

use jiff::tz::TimeZone;
use maud::{Markup, html};
use model::{Answer, Instant, Made, Undone};
use views::{ProposalRow, ProposalState};

use super::amounts;
use super::page::{summary, sure, told};
use crate::Scope;
use crate::dashboard::access::Visitor;
use crate::dashboard::html::Html;
use crate::dashboard::layout::{Frame, Notice, Section, badge};
use crate::dashboard::words;

/// One proposal.
#[derive(Debug)]
pub(in super::super) struct ApprovalPage {
    /// When it was looked at.
    pub(in super::super) now: Instant,
    /// Zone of exact times.
    pub(in super::super) zone: TimeZone,
    /// The proposal.
    pub(in super::super) row: ProposalRow,
}

impl ApprovalPage {
    /// The page.
    pub(in super::super) fn render(&self, visitor: &Visitor, notice: Option<Notice>) -> Html {
        let id = self.row.proposed.id.0;
        let (tone, word) = told(self.row.state);
        let frame = Frame::new(format!("Proposal {id}"), Section::Approvals, visitor).noticing(notice);
        frame.page(html! {
            nav class="crumbs" aria-label="Where you are" { a href="/approvals" { "Approvals" } }
            h1 { (words::sentence(&summary(&self.row))) }
            p { (badge(tone, word)) " " (words::sentence(self.row.proposed.proposal.why.as_str())) }
            (self.answers(visitor))
            (self.parts())
            (self.reasons())
            (self.gate())
            (self.past())
        })
    }

    fn when(&self, at: Instant) -> Markup {
        words::when_or(Some(at), self.now, &self.zone, "")
    }

    fn answers(&self, visitor: &Visitor) -> Markup {
        let id = self.row.proposed.id.0;
        let may = visitor.may(Scope::ApprovalsWrite);
        let reason = |id: &str, needed: bool| {
            html! {
                label for=(id) { "Why" }
                input id=(id) name="reason" maxlength="500" autocomplete="off" required[needed];
            }
        };
        html! {
            @if may && self.row.state == ProposalState::Waiting {
                div class="row" {
                    form method="post" action={ "/approvals/" (id) "/approve" } {
                        (visitor.token_field())
                        button type="submit" { "Approve" }
                    }
                    form method="post" action={ "/approvals/" (id) "/later" } {
                        (visitor.token_field())
                        button type="submit" class="plain" { "Tomorrow" }
                    }
                }
                form method="post" action={ "/approvals/" (id) "/reject" } class="row" {
                    (visitor.token_field())
                    (reason("reject-reason", true))
                    button type="submit" class="plain" { "Reject" }
                }
                (self.change(visitor))
            }
            @if may && self.row.state == ProposalState::Done {
                form method="post" action={ "/approvals/" (id) "/undo" } class="row" {
                    (visitor.token_field())
                    (reason("undo-reason", true))
                    button type="submit" { "Take it back" }
                }
            }
        }
    }

    /// Other amounts, approved in the same step.
    fn change(&self, visitor: &Visitor) -> Markup {
        let acts = &self.row.proposed.proposal.acts;
        let any = acts.iter().any(|act| !amounts::of(act).is_empty());
        html! {
            @if any {
                details {
                    summary { "Approve with other amounts" }
                    form method="post" action={ "/approvals/" (self.row.proposed.id.0) "/change" } {
                        (visitor.token_field())
                        @for (number, act) in acts.iter().enumerate() {
                            @if let Some(words) = self.row.acts_words.get(number) { p { (words::sentence(words)) } }
                            @for (place, (what, now)) in amounts::of(act).into_iter().enumerate() {
                                div class="row" {
                                    label for={ "amount-" (number) "-" (place) } { (what) }
                                    input id={ "amount-" (number) "-" (place) } name={ "amount-" (number) "-" (place) }
                                        value=(now) inputmode="decimal" autocomplete="off";
                                }
                            }
                        }
                        div class="row" {
                            label for="change-reason" { "Why" }
                            input id="change-reason" name="reason" maxlength="500" autocomplete="off" required;
                            button type="submit" { "Approve these amounts" }
                        }
                    }
                }
            }
        }
    }

    /// Each part with what became of it.
    fn parts(&self) -> Markup {
        let made = |place: usize| self.row.acted.as_ref().and_then(|(acts, _)| acts.get(place));
        let undone = |place: usize| self.row.undone.as_ref().and_then(|(acts, ..)| acts.get(place));
        html! {
            @if self.row.acts_words.len() > 1 || self.row.acted.is_some() {
                h2 { "What exactly" }
                ol { @for (place, act) in self.row.acts_words.iter().enumerate() { li {
                    (words::sentence(act))
                    @match made(place).map(|done| &done.made) {
                        Some(Made::Nothing(why)) => { " " strong { "Not done: " } (words::sentence(why.as_str())) }
                        Some(Made::Transfer(transfer)) => { " Done: it is transfer " (transfer.0) "." }
                        Some(Made::Instruction(id)) => { " Done: see " a href="/documents" { "document " (id.0) } "." }
                        Some(Made::Set) => { " Done." }
                        None => {}
                    }
                    @match undone(place) {
                        Some(Undone::Reversed) => { " Taken back." }
                        Some(Undone::Kept { because }) => { " " strong { "Kept: " } (words::sentence(because.as_str())) }
                        Some(Undone::Impossible { because }) => {
                            " " strong { "Cannot be taken back: " } (words::sentence(because.as_str()))
                        }
                        Some(Undone::Nothing) | None => {}
                    }
                } } }
            }
        }
    }

    fn reasons(&self) -> Markup {
        let proposal = &self.row.proposed.proposal;
        html! {
            h2 { "Why" }
            p {
                "The " (proposal.agent.name()) " agent (version " (proposal.version) ") is " (sure(proposal.confidence)) "."
                @if let Some(value) = proposal.value { " It expects to gain about " span class="money" { (words::money(value)) } "." }
            }
            @if !proposal.reasons.is_empty() {
                table {
                    thead { tr { th { "Because" } th { "It saw" } th { "Weighs" } } }
                    tbody { @for reason in &proposal.reasons {
                        tr { td { (reason.name) } td { (reason.input) } td { (reason.adds) } }
                    } }
                }
            }
            @if !proposal.instead.is_empty() {
                h3 { "What else could be done" }
                ul { @for other in &proposal.instead { li { (words::sentence(other.as_str())) } } }
            }
            @if let Some(flip) = &proposal.flip { p { "It would have said otherwise with: " (flip) "." } }
        }
    }

    /// What the policy says.
    fn gate(&self) -> Markup {
        let verdict = &self.row.proposed.verdict;
        let list = |notes: &[model::Note]| notes.iter().map(|note| note.as_str()).collect::<Vec<_>>().join(", ");
        html! {
            h2 { "How far it may go" }
            p {
                "Policy version " (verdict.policy) " says " strong { (verdict.phase.name()) } "."
                @if !verdict.rules.is_empty() { " Rules: " (list(&verdict.rules)) "." }
                @if !verdict.approvers.is_empty() { " It is for " (list(&verdict.approvers)) " to answer." }
            }
            @if !verdict.held_by.is_empty() {
                ul { @for held in &verdict.held_by { li { (words::sentence(held.as_str())) } } }
            }
        }
    }

    fn past(&self) -> Markup {
        html! {
            h2 { "What happened" }
            ol {
                li { "Proposed by " (self.row.by_words) " " (self.when(self.row.at)) ", from everything up to fact " (self.row.proposed.proposal.seen.0) "." }
                @if let Some((answer, at, by)) = &self.row.answer { li { (answered(answer)) " by " (by) " " (self.when(*at)) "." } }
                @if let Some((_, at)) = &self.row.acted { li { "Done " (self.when(*at)) "." } }
                @if let Some((_, at, by)) = &self.row.undone { li { "Taken back by " (by) " " (self.when(*at)) "." } }
            }
        }
    }
}

fn answered(answer: &Answer) -> Markup {
    let remark = |text: &model::Note| if text.is_empty() { String::new() } else { format!(" (“{text}”)") };
    html! {
        @match answer {
            Answer::Approved(approval) => {
                "Approved" @if approval.instead.is_some() { " with other amounts" }
                " as " (approval.role) (remark(&approval.reason))
            }
            Answer::Rejected { role, reason, .. } => { "Rejected as " (role) (remark(reason)) }
            Answer::Lapsed => { "Nobody answered in time; set down" }
            Answer::Stale { what } => { "Dropped, because what it was about had changed" (remark(what)) "; answered" }
            Answer::Replaced { by } => { "Replaced by proposal " a href={ "/approvals/" (by.0) } { (by.0) } }
        }
    }
}
