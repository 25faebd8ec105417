//! Lists of people with their forms, and the page that tells a secret once. Only shows them.

use access::{Change, Person, Role};
use jiff::tz::TimeZone;
use maud::{Markup, html};
use model::Instant;

use super::act;
use crate::dashboard::access::Visitor;
use crate::dashboard::html::Html;
use crate::dashboard::layout::{Frame, Notice, Section, badge, empty};
use crate::dashboard::words::{self, Tone};

/// Everybody who may come in.
#[derive(Clone, Debug)]
pub(in super::super) struct PeopleMayPage {
    /// When they were looked at.
    pub(in super::super) now: Instant,
    /// Zone of exact times.
    pub(in super::super) zone: TimeZone,
    /// By name.
    pub(in super::super) people: Vec<Person>,
    /// Newest first.
    pub(in super::super) changes: Vec<Change>,
    /// Names of all stores.
    pub(in super::super) stores: Vec<String>,
}

impl PeopleMayPage {
    /// The page.
    pub(in super::super) fn render(&self, visitor: &Visitor, notice: Option<Notice>) -> Html {
        Frame::new("People", Section::People, visitor).noticing(notice).page(html! {
            h1 { "People" }
            nav class="tabs" aria-label="Which" { a href="/people" aria-current="true" { "People" } a href="/keys" { "Keys" } }
            @if self.people.is_empty() {
                (empty("Nobody was added yet: whoever sits at this machine sees everything, and others come in with a key. As soon as somebody is added, everybody signs in."))
            }
            ul class="stuck" { @for person in &self.people { li { (self.person(person, visitor)) } } }
            (self.add(visitor))
            (self.roles())
            h2 { "What was changed" }
            @if self.changes.is_empty() { p class="quiet" { "Nothing yet." } }
            ul { @for change in &self.changes { li {
                (words::when(Instant(change.at_ms), self.now, &self.zone)) " · " (change.by) ": " (change.what) ", " (change.about)
                @if !change.detail.is_empty() { " (" (change.detail) ")" }
            } } }
        })
    }

    fn person(&self, person: &Person, visitor: &Visitor) -> Markup {
        let roles = person.roles.iter().map(|role| role.name()).collect::<Vec<_>>().join(", ");
        html! {
            h2 { (person.name) " " @if person.disabled { (badge(Tone::Bad, "kept out")) } }
            p { (roles)
                @if !person.stores.is_empty() { " · stores: " (joined(&person.stores)) }
                @if !person.channels.is_empty() { " · channels: " (joined(&person.channels)) }
            }
            p class="quiet" {
                @if person.second_factor { "With a second factor. " } @else { "Without a second factor. " }
                "Signed in " (words::when_or(person.signed_in_ms.map(Instant), self.now, &self.zone, "never")) "."
            }
            details {
                summary { "Change " (person.name) }
                form method="post" action=(act(&person.name, "roles")) class="stack" {
                    (visitor.token_field())
                    (fields(&format!("p{}", person.id.0), &roles, &joined(&person.stores), &joined(&person.channels)))
                    button type="submit" { "Keep these roles" }
                }
                div class="row" {
                    (button(visitor, &act(&person.name, "password"), "Make a new password"))
                    (button(visitor, &act(&person.name, "sign-out"), "Sign out everywhere"))
                    @if person.second_factor { (button(visitor, &act(&person.name, "second-factor"), "Drop the second factor")) }
                    @if person.disabled { (button(visitor, &act(&person.name, "enable"), "Let in again")) }
                    @else { (button(visitor, &act(&person.name, "disable"), "Keep out")) }
                }
            }
        }
    }

    fn add(&self, visitor: &Visitor) -> Markup {
        html! {
            h2 { "Add somebody" }
            form method="post" action="/people" class="stack" {
                (visitor.token_field())
                label for="name" { "Name to sign in with" }
                input id="name" name="name" required maxlength="60" autocomplete="off";
                (fields("new", "", "", ""))
                @if !self.stores.is_empty() { p class="quiet" { "Stores: " (self.stores.join(", ")) "." } }
                button type="submit" class="main" { "Add" }
            }
        }
    }

    fn roles(&self) -> Markup {
        html! { details { summary { "What each role may do" } ul {
            @for role in Role::ALL { li { code { (role.name()) } ": " (role.says()) } }
        } } }
    }
}

fn fields(id: &str, roles: &str, stores: &str, channels: &str) -> Markup {
    html! {
        label for={ "roles-" (id) } { "Roles, with commas between" }
        input id={ "roles-" (id) } name="roles" value=(roles) required autocomplete="off";
        label for={ "stores-" (id) } { "Stores they are for, with commas between; empty = all" }
        input id={ "stores-" (id) } name="stores" value=(stores) autocomplete="off";
        label for={ "channels-" (id) } { "Channels whose orders they see; empty = all" }
        input id={ "channels-" (id) } name="channels" value=(channels) autocomplete="off";
    }
}

/// A form that is one button.
pub(in super::super) fn button(visitor: &Visitor, action: &str, words: &str) -> Markup {
    html! { form method="post" action=(action) { (visitor.token_field()) button type="submit" { (words) } } }
}

pub(in super::super) fn joined<'a>(names: impl IntoIterator<Item = &'a String>) -> String {
    names.into_iter().map(String::as_str).collect::<Vec<_>>().join(", ")
}

/// Secrets that are told this once.
pub(in super::super) struct ToldOncePage {
    /// What they are.
    pub(in super::super) title: String,
    /// The secrets.
    pub(in super::super) secrets: Vec<String>,
    /// What to do with them.
    pub(in super::super) says: &'static str,
    /// Where to go on.
    pub(in super::super) back: &'static str,
}

impl ToldOncePage {
    /// The page; browsers keep none of it.
    pub(in super::super) fn render(&self, visitor: &Visitor) -> Html {
        Frame::new(self.title.clone(), Section::People, visitor).page(html! {
            section class="narrow" {
                h1 { (self.title) }
                p { strong { "This is shown once." } " Nobody can read it again, here or anywhere." }
                ul { @for secret in &self.secrets { li { code { (secret) } } } }
                p { (self.says) }
                p { a class="button" href=(self.back) { "Go on" } }
            }
        })
    }
}
