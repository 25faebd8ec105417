//! One account's connection, step by step: access, what was found, the first reading, writing.

use flow::Scope as Right;
use jiff::tz::TimeZone;
use maud::{Markup, html};
use model::Instant;

use crate::Scope;
use crate::access_check::Grant;
use crate::connect::{Progress, Section as Written};
use crate::dashboard::access::Visitor;
use crate::dashboard::channels::{self, AccessPart};
use crate::dashboard::fields::encoded;
use crate::dashboard::html::Html;
use crate::dashboard::layout::{Frame, Notice, Section, badge, empty, hidden, part};
use crate::dashboard::words::{self, Tone, counted, grouped};

/// The page.
#[derive(Clone, Debug)]
pub(in super::super) struct ConnectPage {
    /// The channel.
    pub(in super::super) name: String,
    /// Its platform, for people.
    pub(in super::super) platform: &'static str,
    /// When it was looked at.
    pub(in super::super) now: Instant,
    /// Zone of exact times.
    pub(in super::super) zone: TimeZone,
    /// How it is configured.
    pub(in super::super) section: Option<Written>,
    /// Whether its platform has a page for consent.
    pub(in super::super) has_consent: bool,
    /// Whether there is a token.
    pub(in super::super) has_token: bool,
    /// Scopes needed to read.
    pub(in super::super) reading: Vec<&'static Right>,
    /// Scopes needed to write besides.
    pub(in super::super) writing: Vec<&'static Right>,
    /// Scopes needed to make documents besides.
    pub(in super::super) making: Vec<&'static Right>,
    /// Where the platform sends a person back to.
    pub(in super::super) redirect_uri: String,
    /// What the platform said of our access, and its locations.
    pub(in super::super) access: AccessPart,
    /// How far the first reading has come.
    pub(in super::super) progress: Progress,
}

impl ConnectPage {
    /// The page.
    pub(in super::super) fn render(&self, visitor: &Visitor, notice: Option<Notice>) -> Html {
        let address = format!("/connect/{}", encoded(&self.name));
        let may = visitor.may(Scope::Admin);
        Frame::new(format!("Connect {}", self.name), Section::Channels, visitor).live(address.clone()).noticing(notice).page(
            html! {
                nav class="crumbs" aria-label="Where you are" {
                    a href="/channels" { "Channels" } " › " a href={ "/channels/" (encoded(&self.name)) } { (self.name) }
                }
                h1 { "Connect " (self.name) }
                p { (self.platform) ". " (self.stands()) }
                (self.access_step(visitor, &address, may))
                (self.found_step(visitor, &address, may))
                @for (id, content) in self.parts(visitor) { (part(id, &content)) }
            },
        )
    }

    /// The parts that change by themselves.
    pub(in super::super) fn parts(&self, visitor: &Visitor) -> Vec<(&'static str, Html)> {
        let address = format!("/connect/{}", encoded(&self.name));
        let may = visitor.may(Scope::Admin);
        vec![
            ("reading", Html(self.read_step(visitor, &address, may))),
            ("writing", Html(self.write_step(visitor, &address, may))),
        ]
    }

    fn read_step(&self, visitor: &Visitor, address: &str, may: bool) -> Markup {
        html! {
            section aria-labelledby="step-read" {
                h2 id="step-read" { "3. Reading " (self.reading_badge()) }
                @if !self.progress.started && may { (self.start_form(visitor, address)) }
                (self.progress())
            }
        }
    }

    fn stands(&self) -> Markup {
        html! { @match &self.section {
            None => { "It is configured apart from this page." }
            Some(section) if section.own => { "Its settings stand in " code { (section.file) } ", without any secret." }
            Some(section) => { "Its settings stand in " code { (section.file) } ", which people write." }
        } }
    }

    fn access_step(&self, visitor: &Visitor, address: &str, may: bool) -> Markup {
        html! {
            section aria-labelledby="step-access" {
                h2 id="step-access" { "1. Access " @if self.has_token { (badge(Tone::Good, "Has a token")) } @else { (badge(Tone::Warn, "No token yet")) } }
                @if !may { p class="quiet" { "Giving access needs the right “" (Scope::Admin.name()) "”." } }
                @else {
                    @match (self.has_consent, self.section.as_ref().map(|section| &section.app)) {
                        (true, Some(Ok(()))) => { (self.consent(visitor, address, "read")) }
                        (true, Some(Err(words))) => { p class="quiet" { (words) } p class="quiet" { "The redirect address to register there is " code { (self.redirect_uri) } "." } }
                        _ => {}
                    }
                    details {
                        summary { "What it needs to read: " (Self::asked(self.reading.len())) }
                        ul class="scopes" { @for scope in &self.reading { li { code { (scope.name) } " " span class="quiet" { (scope.what_for) } } } }
                    }
                    details open[!self.has_token && !matches!(&self.section, Some(Written { app: Ok(()), .. }))] {
                        summary { "Give a token by hand" }
                        form method="post" action={ (address) "/token" } class="stack narrow" {
                            (visitor.token_field())
                            label for="access" { "Access token" }
                            input id="access" name="access" type="password" autocomplete="off" required;
                            label for="refresh" { "Refresh token, where the platform gives one" }
                            input id="refresh" name="refresh" type="password" autocomplete="off";
                            button type="submit" { "Keep it" }
                            p class="quiet" { "It is kept in a file that only the hub's user can read, and shown nowhere." }
                        }
                    }
                }
            }
        }
    }

    fn consent(&self, visitor: &Visitor, address: &str, phase: &str) -> Markup {
        let words = match phase {
            "read" => "To read: no more is asked for than that needs.",
            "make" => "To read, to write and to make documents.",
            _ => "To read and to write.",
        };
        html! {
            form method="post" action={ (address) "/authorize" } class="row" {
                (visitor.token_field())
                (hidden("phase", phase))
                button type="submit" class=[(!self.has_token).then_some("main")] { "Ask " (self.platform) " for access" }
                span class="quiet" { (words) }
            }
        }
    }

    fn found_step(&self, visitor: &Visitor, address: &str, may: bool) -> Markup {
        html! {
            section aria-labelledby="step-found" {
                h2 id="step-found" { "2. What was found" }
                @if may && self.has_token {
                    form method="post" action={ (address) "/check" } class="row" {
                        (visitor.token_field())
                        button type="submit" { "Check access" }
                        span class="quiet" { "Asks who we are there and what we may do. Changes nothing." }
                    }
                }
                @match &self.access.checked {
                    None => { (empty("Nothing has been asked since the hub was started.")) }
                    Some(checked) => {
                        (channels::found(checked, self.now, &self.zone))
                        h3 { "Locations" }
                        (self.places(visitor, address, may))
                    }
                }
            }
        }
    }

    fn places(&self, visitor: &Visitor, address: &str, may: bool) -> Markup {
        html! {
            @if self.access.mapped.is_empty() { p class="quiet" { "None of our locations is known to be there yet." } }
            @else { p { "Ours that it has: " (self.access.mapped.join(", ")) "." } }
            @for place in self.access.strange.iter().filter(|place| place.active) {
                div class="card strange" {
                    p { b { (place.name) } " " span class="sku" { (place.external) } }
                    @if self.access.free.iter().any(|(_, ours)| *ours == place.name) {
                        p class="quiet" { "One of ours is called so; it is found when reading begins." }
                    } @else if may {
                        form method="post" action={ (address) "/location" } class="row" {
                            (visitor.token_field())
                            (hidden("external", &place.external))
                            label for={ "kind-" (place.external) } { "It is a" }
                            select id={ "kind-" (place.external) } name="kind" {
                                option value="store" { "store" } option value="warehouse" { "warehouse" } option value="dc" { "distribution centre" }
                            }
                            label for={ "zone-" (place.external) } { "in the zone" }
                            input id={ "zone-" (place.external) } name="zone" value=(self.zone.iana_name().unwrap_or("UTC")) required;
                            button type="submit" { "Make it one of ours" }
                        }
                        p class="quiet" { "Its counts are then authoritative there. If it is one you have already under another name, say so on the channel's page instead." }
                    }
                }
            }
        }
    }

    fn reading_badge(&self) -> Markup {
        match (self.progress.started, self.progress.done) {
            (false, _) => badge(Tone::Calm, "Not started"),
            (true, false) => badge(Tone::Calm, "Under way"),
            (true, true) => badge(Tone::Good, "Read"),
        }
    }

    fn start_form(&self, visitor: &Visitor, address: &str) -> Markup {
        html! {
            @if self.has_token {
                form method="post" action={ (address) "/start" } class="row" {
                    (visitor.token_field())
                    button type="submit" class="main" { "Start reading" }
                    span class="quiet" { "Catalogue, orders, stock levels. A restart goes on where it stopped." }
                }
            } @else { p class="quiet" { "It can begin when there is a token." } }
        }
    }

    fn progress(&self) -> Markup {
        let Progress { started, done, words, items_known, so_far, requests, left_ms, trouble } = &self.progress;
        if !started {
            return html! {};
        }
        let number = |count: u64| grouped(&count.to_string());
        html! {
            @if let Some(trouble) = trouble { p class="problem" { (words::sentence(trouble)) } }
            p {
                @if *done { "Everything has been read once; from here on it follows what changes." } @else { (words::sentence(words)) }
                @if let Some(left) = left_ms { " About " (words::duration(left.unsigned_abs())) " left." }
                @else if !done { " How long it takes shows once the stock levels are being read." }
            }
            dl class="pairs" {
                div { dt { "Items known" } dd { (number(*items_known)) } }
                div { dt { "Items read" } dd { (number(so_far.items)) } }
                div { dt { "Orders read" } dd { (number(so_far.orders)) } }
                div { dt { "Stock levels read" } dd { (number(so_far.levels)) } }
                div { dt { "Customers read" } dd { (number(so_far.customers)) } }
                div { dt { "Requests used" } dd { (number(*requests)) } }
            }
            p class="quiet" { "Counted since the hub was started; items known are from every run." }
            @if *done { p { a href="/gaps" { "Where it is out of step" } } }
        }
    }

    fn write_step(&self, visitor: &Visitor, address: &str, may: bool) -> Markup {
        let writes = self.section.as_ref().is_some_and(|section| section.writes);
        let own = self.section.as_ref().is_some_and(|section| section.own);
        html! {
            section aria-labelledby="step-write" {
                h2 id="step-write" { "4. Writing " @if writes { (badge(Tone::Good, "It is written to")) } @else { (badge(Tone::Calm, "Read only")) } }
                @if !writes {
                    p { "Nothing is changed over there now. When you let the hub write:" }
                    ul {
                        li { "stock levels that differ from what the channel should show are corrected, less stock before more;" }
                        li { "a webhook subscription is made, where the platform lets programs make one;" }
                        li { "differences larger than your limits still wait for a person." }
                    }
                    p { "It needs these scopes besides those to read:" }
                    ul class="scopes" { @for scope in &self.writing { li { code { (scope.name) } " " span class="quiet" { (scope.what_for) } } } }
                    @if !own { p class="quiet" { "To let it write, set writes = true in its section of the configuration and start the hub again." } }
                    @else if may && self.progress.done {
                        @if lacks(&self.writing, &self.access) && self.may_ask() { (self.consent(visitor, address, "write")) }
                        form method="post" action={ (address) "/write" } class="row" {
                            (visitor.token_field())
                            button type="submit" { "Let the hub write" }
                            span class="quiet" { "The scopes are checked first; if one is missing, nothing changes." }
                        }
                    } @else if may { p class="quiet" { "That can be done when everything has been read once." } }
                } @else if !self.making.is_empty() {
                    p { "To make documents over there (orders, refunds, customers, transfers, purchase orders) it needs besides:" }
                    ul class="scopes" { @for scope in &self.making { li { code { (scope.name) } " " span class="quiet" { (scope.what_for) } } } }
                    @if may && lacks(&self.making, &self.access) && self.may_ask() { (self.consent(visitor, address, "make")) }
                }
            }
        }
    }

    /// Whether a person can be asked for more at the platform's page.
    fn may_ask(&self) -> bool {
        self.has_consent && self.section.as_ref().is_some_and(|section| section.app.is_ok())
    }

    /// How many scopes are asked for, in words.
    pub(super) fn asked(scopes: usize) -> String {
        counted(scopes as u64, "scope", "scopes")
    }
}

/// Whether one of these scopes is not known to be there.
fn lacks(needed: &[&'static Right], access: &AccessPart) -> bool {
    let there = |right: &&Right| {
        let scopes = access.checked.iter().flat_map(|checked| &checked.found.scopes);
        let mut known = scopes.filter(|found| found.name == right.name);
        known.any(|found| matches!(found.grant, Grant::Granted | Grant::Extra))
    };
    !needed.iter().all(there)
}
