//! The policy, its versions and the brakes. Only shows them.

use jiff::tz::TimeZone;
use maud::{Markup, html};
use model::{Agent, Instant, Phase};

use crate::Scope;
use crate::dashboard::access::Visitor;
use crate::dashboard::html::Html;
use crate::dashboard::layout::{Frame, Notice, Section, badge, empty, hidden};
use crate::dashboard::words::{self, Tone};

/// A text in the making.
#[derive(Clone, Debug, Default)]
pub(in super::super) struct Draft {
    /// The text.
    pub(in super::super) text: String,
    /// Why it should come into force.
    pub(in super::super) reason: String,
    /// Why it cannot.
    pub(in super::super) flaws: Vec<String>,
    /// What is sound but probably not meant.
    pub(in super::super) warnings: Vec<String>,
    /// What it would change.
    pub(in super::super) changes: Vec<String>,
    /// Whether it was looked at.
    pub(in super::super) checked: bool,
}

impl Draft {
    /// A text that nobody has looked at.
    pub(in super::super) fn of(text: String) -> Self {
        Self { text, ..Self::default() }
    }
}

/// A version there was.
#[derive(Clone, Debug)]
pub(in super::super) struct VersionLine {
    /// Its number.
    pub(in super::super) version: u32,
    /// Its text.
    pub(in super::super) text: String,
    /// Why.
    pub(in super::super) reason: String,
    /// By whom.
    pub(in super::super) by: String,
    /// Since when.
    pub(in super::super) at: Instant,
}

/// A brake that holds.
#[derive(Clone, Debug)]
pub(in super::super) struct BrakeLine {
    /// Its number.
    pub(in super::super) id: u32,
    /// What it covers, in words.
    pub(in super::super) covers: String,
    /// How far at most.
    pub(in super::super) phase: Phase,
    /// Why.
    pub(in super::super) reason: String,
}

/// The page.
#[derive(Clone, Debug)]
pub(in super::super) struct PolicyPage {
    /// When it was looked at.
    pub(in super::super) now: Instant,
    /// Zone of exact times.
    pub(in super::super) zone: TimeZone,
    /// Version in force; 0 before the first.
    pub(in super::super) version: u32,
    /// What is probably not meant in the one in force.
    pub(in super::super) warnings: Vec<String>,
    /// What stands in the field.
    pub(in super::super) draft: Draft,
    /// Newest first.
    pub(in super::super) versions: Vec<VersionLine>,
    /// In the order in which they were pulled.
    pub(in super::super) brakes: Vec<BrakeLine>,
}

impl PolicyPage {
    /// The page.
    pub(in super::super) fn render(&self, visitor: &Visitor, notice: Option<Notice>) -> Html {
        let frame = Frame::new("Policy", Section::Approvals, visitor).noticing(notice);
        frame.page(html! {
            nav class="crumbs" aria-label="Where you are" { a href="/approvals" { "Approvals" } }
            h1 { "Policy" }
            p {
                "Which agent may do what, where, and how far: " strong { "observe" } " records what it would do, "
                strong { "assist" } " asks a person, " strong { "automate" } " lets it act within limits. "
                "The strictest rule wins; where none matches, agents observe."
            }
            (self.brakes(visitor))
            (self.text(visitor))
            (self.versions())
        })
    }

    fn brakes(&self, visitor: &Visitor) -> Markup {
        html! {
            h2 { "Brakes" }
            @if self.brakes.is_empty() { (empty("Nothing is stopped.")) }
            ul class="stuck" { @for brake in &self.brakes { li {
                p {
                    @if brake.phase == Phase::Off { (badge(Tone::Bad, "Stopped")) } @else { (badge(Tone::Warn, brake.phase.name())) }
                    " " (words::sentence(&brake.covers)) " " (words::sentence(&brake.reason))
                }
                @if visitor.may(Scope::Admin) {
                    form method="post" action={ "/policy/brake/" (brake.id) "/lift" } class="row" {
                        (visitor.token_field())
                        label for={ "lift-" (brake.id) } { "Why" }
                        input id={ "lift-" (brake.id) } name="reason" maxlength="500" required autocomplete="off";
                        button type="submit" class="plain" { "Lift" }
                    }
                }
            } } }
            @if visitor.may(Scope::ApprovalsWrite) {
                form method="post" action="/policy/brake" class="row" {
                    (visitor.token_field())
                    label for="brake-agent" { "Stop" }
                    select id="brake-agent" name="agent" {
                        option value="" { "all agents" }
                        @for agent in Agent::ALL { option value=(agent.name()) { (agent.name()) } }
                    }
                    label for="brake-store" { "at" }
                    input id="brake-store" name="store" maxlength="200" placeholder="every store" autocomplete="off";
                    label for="brake-reason" { "Why" }
                    input id="brake-reason" name="reason" maxlength="500" required autocomplete="off";
                    button type="submit" { "Stop at once" }
                }
            }
        }
    }

    fn text(&self, visitor: &Visitor) -> Markup {
        let draft = &self.draft;
        html! {
            h2 { "Rules" }
            @if self.version == 0 { (empty("There is no policy yet: every agent observes.")) }
            @else { p { "Version " (self.version) " is in force." } }
            (list("notice bad", "This cannot come into force", &draft.flaws))
            (list("notice warn", "Probably not meant", if draft.checked { &draft.warnings } else { &self.warnings }))
            @if draft.checked {
                @if draft.changes.is_empty() { p { "Nothing would change." } }
                @else { h3 { "What would change" } @for change in &draft.changes { pre { (change) } } }
            }
            @if visitor.may(Scope::Admin) {
                form method="post" action="/policy" {
                    (visitor.token_field())
                    (hidden("base", &self.version.to_string()))
                    label for="policy-text" { "Policy" }
                    textarea class="code" id="policy-text" name="text" rows="24" spellcheck="false" autocomplete="off" { (draft.text) }
                    div class="row" {
                        button type="submit" name="do" value="check" class="plain" { "Check" }
                        label for="policy-reason" { "Why" }
                        input id="policy-reason" name="reason" maxlength="500" value=(draft.reason) autocomplete="off";
                        button type="submit" name="do" value="put" { "Put into force" }
                    }
                }
            } @else { pre { (draft.text) } }
        }
    }

    fn versions(&self) -> Markup {
        html! {
            h2 { "Versions" }
            ul class="stuck" { @for line in &self.versions { li {
                p {
                    @if line.version == self.version { (badge(Tone::Good, "In force")) " " }
                    "Version " (line.version) " by " (line.by) " "
                    (words::when_or(Some(line.at), self.now, &self.zone, "")) ". " (words::sentence(&line.reason))
                }
                @if line.version != self.version {
                    p { a href={ "/policy?version=" (line.version) } { "Take this text, to bring it back" } }
                }
            } } }
        }
    }
}

fn list(class: &str, title: &str, lines: &[String]) -> Markup {
    html! {
        @if !lines.is_empty() {
            div class=(class) role="status" {
                div { p { strong { (title) } } ul { @for line in lines { li { (words::sentence(line)) } } } }
            }
        }
    }
}
