//! Keys with their forms. Only shows them.

use access::KeyRecord;
use jiff::tz::TimeZone;
use maud::{Markup, html};
use model::Instant;

use super::HERE;
use crate::Scope;
use crate::dashboard::access::Visitor;
use crate::dashboard::fields::encoded;
use crate::dashboard::html::Html;
use crate::dashboard::layout::{Frame, Notice, Section, badge, empty};
use crate::dashboard::staff::{button, joined};
use crate::dashboard::words::{self, Tone};

/// Every key.
#[derive(Clone, Debug)]
pub(in super::super) struct KeysPage {
    /// When they were looked at.
    pub(in super::super) now: Instant,
    /// Zone of exact times.
    pub(in super::super) zone: TimeZone,
    /// Those that were made here, by name.
    pub(in super::super) keys: Vec<KeyRecord>,
    /// Those of the configuration, with their scopes.
    pub(in super::super) configured: Vec<(String, Vec<Scope>)>,
}

impl KeysPage {
    /// The page.
    pub(in super::super) fn render(&self, visitor: &Visitor, notice: Option<Notice>) -> Html {
        Frame::new("Keys", Section::People, visitor).noticing(notice).page(html! {
            h1 { "Keys" }
            nav class="tabs" aria-label="Which" { a href="/people" { "People" } a href=(HERE) aria-current="true" { "Keys" } }
            @if self.keys.is_empty() { (empty("No key was made here yet.")) }
            ul class="stuck" { @for key in &self.keys { li { (self.key(key, visitor)) } } }
            @if !self.configured.is_empty() {
                h2 { "In the configuration" }
                ul { @for (name, scopes) in &self.configured { li { (name) ": " (scope_names(scopes.iter())) } } }
            }
            (add(visitor))
        })
    }

    fn key(&self, key: &KeyRecord, visitor: &Visitor) -> Markup {
        let (made, lives) = (&key.made, key.lives(self.now.0));
        let at = |at_ms: Option<i64>, otherwise| words::when_or(at_ms.map(Instant), self.now, &self.zone, otherwise);
        let act = |act: &str| format!("{HERE}/{}/{act}", encoded(&made.name));
        html! {
            h2 { (made.name) " " code { (key.shown) "…" } " " @if !lives { (badge(Tone::Bad, "ended")) } }
            @if !made.purpose.is_empty() { p { (words::sentence(&made.purpose)) } }
            p { "For " @if made.kind == access::KeyKind::Agent { "an agent" } @else { "a program" } ": " (scope_names(made.scopes.iter()))
                @if !made.endpoints.is_empty() { " · only " (joined(&made.endpoints)) }
                @if !made.stores.is_empty() { " · stores: " (joined(&made.stores)) }
                @if !made.channels.is_empty() { " · channels: " (joined(&made.channels)) }
                @if made.per_minute > 0 { " · " (made.per_minute) " calls a minute" }
            }
            p class="quiet" {
                "Made " (at(Some(key.created_ms), "")) ", last used " (at(key.used_ms, "never")) ", ends "
                (at(key.revoked_ms.or(made.expires_ms), "when it is revoked")) "."
            }
            @if lives { div class="row" {
                (button(visitor, &act("rotate"), "Give it a new text"))
                (button(visitor, &act("revoke"), "Revoke"))
            } }
        }
    }
}

fn add(visitor: &Visitor) -> Markup {
    html! {
        h2 { "Make a key" }
        form method="post" action=(HERE) class="stack" {
            (visitor.token_field())
            label for="name" { "Name" }
            input id="name" name="name" required maxlength="60" autocomplete="off";
            label for="purpose" { "What for" }
            input id="purpose" name="purpose" maxlength="200" autocomplete="off";
            label for="kind" { "Who calls with it" }
            select id="kind" name="kind" { option value="service" { "A program" } option value="agent" { "An agent" } }
            label for="scopes" { "What it may do, with commas between" }
            input id="scopes" name="scopes" required autocomplete="off" aria-describedby="scopes-help";
            p id="scopes-help" class="quiet" { (scope_names(Scope::ALL.iter())) }
            label for="endpoints" { "Only these addresses, such as POST /v1/counts; empty = what it may do" }
            input id="endpoints" name="endpoints" autocomplete="off";
            label for="stores" { "Only these stores; empty = all" }
            input id="stores" name="stores" autocomplete="off";
            label for="channels" { "Orders of these channels only; empty = all" }
            input id="channels" name="channels" autocomplete="off";
            label for="days" { "Opens for so many days; empty = until it is revoked" }
            input id="days" name="days" type="number" min="1" max="3650";
            label for="per_minute" { "Calls a minute; empty = as configured" }
            input id="per_minute" name="per_minute" type="number" min="1";
            button type="submit" class="main" { "Make the key" }
        }
    }
}

fn scope_names<'a>(scopes: impl Iterator<Item = &'a Scope>) -> String {
    scopes.map(|scope| scope.name()).collect::<Vec<_>>().join(", ")
}
