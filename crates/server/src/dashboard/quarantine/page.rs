//! Inputs that could not be used, and what a person can do about each.

use jiff::tz::TimeZone;
use maud::{Markup, html};
use model::Instant;

use crate::Scope;
use crate::dashboard::access::Visitor;
use crate::dashboard::html::Html;
use crate::dashboard::layout::{Frame, Notice, Section, badge, empty, pager, part};
use crate::dashboard::words::{self, Tone};

/// An input set aside.
#[derive(Clone, Debug)]
pub(in super::super) struct QuestionLine {
    /// Number, for addresses.
    pub(in super::super) id: u32,
    /// Channel.
    pub(in super::super) channel: String,
    /// What kind of input.
    pub(in super::super) kind: String,
    /// What was wrong and how to mend it.
    pub(in super::super) reason: String,
    /// When it was set aside.
    pub(in super::super) at: Option<Instant>,
    /// How it was settled; `None` while it waits.
    pub(in super::super) closed: Option<String>,
}

/// All of them.
#[derive(Clone, Debug)]
pub(in super::super) struct QuarantinePage {
    /// When they were looked at.
    pub(in super::super) now: Instant,
    /// Zone of exact times.
    pub(in super::super) zone: TimeZone,
    /// Whether those that are settled are shown.
    pub(in super::super) closed: bool,
    /// Newest first.
    pub(in super::super) rows: Vec<QuestionLine>,
    /// Further ones begin before this number.
    pub(in super::super) before: Option<u32>,
    /// Whether this is not the first page.
    pub(in super::super) later: bool,
}

impl QuarantinePage {
    fn address(&self) -> &'static str {
        if self.closed { "/quarantine?show=closed" } else { "/quarantine?show=open" }
    }

    /// The page.
    pub(in super::super) fn render(&self, visitor: &Visitor, notice: Option<Notice>) -> Html {
        let mut frame = Frame::new("Questions", Section::Quarantine, visitor).noticing(notice);
        if !self.later {
            frame = frame.live(self.address());
        }
        let next = self.before.map(|before| format!("{}&before={before}", self.address()));
        frame.page(html! {
            h1 { "Questions" }
            p { "What a channel told and the hub could not use. Nothing of it is lost, and nothing was guessed." }
            nav class="tabs" aria-label="Which" {
                a href="/quarantine" aria-current=[(!self.closed).then_some("true")] { "Open" }
                a href="/quarantine?show=closed" aria-current=[self.closed.then_some("true")] { "Settled" }
            }
            @for (id, content) in self.parts() { (part(id, &content)) }
            (pager(self.later.then_some(self.address()), next.as_deref(), "Earlier"))
        })
    }

    /// The part that changes by itself.
    pub(in super::super) fn parts(&self) -> Vec<(&'static str, Html)> {
        vec![("questions", Html(self.list()))]
    }

    fn list(&self) -> Markup {
        html! {
            @if self.rows.is_empty() {
                (empty(if self.closed { "Nothing has been settled yet." } else { "No open questions: everything that was heard could be used." }))
            }
            ul class="stuck" { @for row in &self.rows { li {
                p {
                    a href={ "/quarantine/" (row.id) } { (row.kind) } " from " b { (row.channel) } " "
                    span class="quiet" { (words::when_or(row.at, self.now, &self.zone, "")) }
                }
                p class="reason" { (row.reason) }
                @if let Some(how) = &row.closed { p { (badge(Tone::Good, "Settled")) " " (how) } }
            } } }
        }
    }
}

/// One of them.
#[derive(Clone, Debug)]
pub(in super::super) struct QuestionPage {
    /// When it was looked at.
    pub(in super::super) now: Instant,
    /// Zone of exact times.
    pub(in super::super) zone: TimeZone,
    /// At a glance.
    pub(in super::super) line: QuestionLine,
    /// The document it is about.
    pub(in super::super) document: Option<String>,
    /// The external item it waits for.
    pub(in super::super) waits_for: Option<String>,
    /// What was sent.
    pub(in super::super) raw: Raw,
}

/// The body as it came.
#[derive(Clone, Debug)]
pub(in super::super) enum Raw {
    /// None was kept.
    None,
    /// The visitor may not see people's data, which may be in it.
    NotAllowed,
    /// It was erased.
    Erased,
    /// The text, and whether it was cut.
    Text(String, bool),
}

impl QuestionPage {
    /// The page.
    pub(in super::super) fn render(&self, visitor: &Visitor) -> Html {
        Frame::new(format!("Question {}", self.line.id), Section::Quarantine, visitor).page(html! {
            nav class="crumbs" aria-label="Where you are" { a href="/quarantine" { "Questions" } }
            h1 { (self.line.kind) " from " (self.line.channel) }
            p class="problem" { (self.line.reason) }
            dl class="pairs" {
                div { dt { "Set aside" } dd { (words::when_or(self.line.at, self.now, &self.zone, "at an unknown time")) } }
                @if let Some(document) = &self.document { div { dt { "About" } dd { (document) } } }
                @if let Some(item) = &self.waits_for { div { dt { "Waits for item" } dd { (item) } } }
                @if let Some(how) = &self.line.closed { div { dt { "Settled" } dd { (how) } } }
            }
            @if self.line.closed.is_none() && visitor.may(Scope::OperationsWrite) { (self.forms(visitor)) }
            (self.raw())
        })
    }

    fn forms(&self, visitor: &Visitor) -> Markup {
        html! {
            div class="columns" {
                form method="post" action={ "/quarantine/" (self.line.id) "/again" } class="stack card" {
                    (visitor.token_field())
                    h2 { "Drive it again" }
                    p class="quiet" {
                        "Once its cause is mended. "
                        @match self.document {
                            Some(_) => { "The document is fetched anew from the channel." }
                            None => { "It names no document that could be fetched, so this only marks it as seen to." }
                        }
                    }
                    button type="submit" class="main" { "Drive again" }
                }
                form method="post" action={ "/quarantine/" (self.line.id) "/aside" } class="stack card" {
                    (visitor.token_field())
                    h2 { "Set it aside" }
                    label for="reason" { "Why it needs nothing more" }
                    input id="reason" name="reason" required maxlength="200" autocomplete="off";
                    button type="submit" { "Set aside" }
                }
            }
        }
    }

    fn raw(&self) -> Markup {
        html! {
            section aria-labelledby="raw" {
                h2 id="raw" { "As it came" }
                @match &self.raw {
                    Raw::None => { (empty("No body was kept.")) }
                    Raw::NotAllowed => { (empty("It may hold people’s data, which your key may not see.")) }
                    Raw::Erased => { (empty("It was erased with the data of the person it is about.")) }
                    Raw::Text(text, cut) => {
                        pre tabindex="0" { (text) }
                        @if *cut { p class="quiet" { "The rest is not shown." } }
                    }
                }
            }
        }
    }
}
