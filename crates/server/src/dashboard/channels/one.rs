//! One channel: its health, what its platform can do, what was written to it, what it asks a person.

use jiff::tz::TimeZone;
use maud::{Markup, html};
use model::Instant;

use super::access::AccessPart;
use super::news::News;
use crate::Scope;
use crate::dashboard::access::Visitor;
use crate::dashboard::fields::encoded;
use crate::dashboard::html::Html;
use crate::dashboard::layout::{Frame, Notice, Section, badge, empty, hidden, part};
use crate::dashboard::live::ChannelCard;
use crate::dashboard::words::{self, Tone};

/// Something its platform can or cannot do.
#[derive(Clone, Debug)]
pub(in super::super) struct AbilityRow {
    /// In words.
    pub(in super::super) what: &'static str,
    /// Good when it can, calm when it cannot, a warning when only we do not.
    pub(in super::super) tone: Tone,
    /// Why not; `None` when it can.
    pub(in super::super) why_not: Option<&'static str>,
}

/// A batch of writes.
#[derive(Clone, Debug)]
pub(in super::super) struct WriteLine {
    /// When it was meant to be sent.
    pub(in super::super) at: Instant,
    /// Levels in it.
    pub(in super::super) rows: u64,
    /// How it ended, in words.
    pub(in super::super) end: String,
    /// How serious that is.
    pub(in super::super) tone: Tone,
}

/// An item of the platform that fits none or several of ours.
#[derive(Clone, Debug)]
pub(in super::super) struct MappingLine {
    /// The platform's id.
    pub(in super::super) external: String,
    /// As printed; may be empty.
    pub(in super::super) sku: String,
    /// What is unclear.
    pub(in super::super) reason: String,
    /// Numbers and names of items it may be.
    pub(in super::super) candidates: Vec<(u32, String)>,
}

/// One channel.
#[derive(Clone, Debug)]
pub(in super::super) struct ChannelPage {
    /// When it was looked at.
    pub(in super::super) now: Instant,
    /// Zone of exact times.
    pub(in super::super) zone: TimeZone,
    /// At a glance.
    pub(in super::super) card: ChannelCard,
    /// When it last answered.
    pub(in super::super) answered_at: Option<Instant>,
    /// How its news arrives, and how fresh its numbers are.
    pub(in super::super) news: News,
    /// What we may do there, and its locations.
    pub(in super::super) access: AccessPart,
    /// What its platform can do.
    pub(in super::super) abilities: Vec<AbilityRow>,
    /// Newest first.
    pub(in super::super) writes: Vec<WriteLine>,
    /// Questions about what is what.
    pub(in super::super) mappings: Vec<MappingLine>,
}

impl ChannelPage {
    /// The page.
    pub(in super::super) fn render(&self, visitor: &Visitor, notice: Option<Notice>) -> Html {
        let name = &self.card.name;
        let address = format!("/channels/{}", encoded(name));
        Frame::new(name.clone(), Section::Channels, visitor).live(address.clone()).noticing(notice).page(html! {
            nav class="crumbs" aria-label="Where you are" { a href="/channels" { "Channels" } }
            h1 { (name) }
            @if visitor.may(Scope::OperationsWrite) {
                form method="post" action={ (address) "/read" } class="row" {
                    (visitor.token_field())
                    button type="submit" { "Read everything now" }
                    span class="quiet" { "Compares every number it shows with what it should show." }
                }
            }
            p { a href={ "/connect/" (encoded(name)) } { "How it is connected: token, first reading, writing" } }
            @for (id, content) in self.parts() { (part(id, &content)) }
            (self.questions(visitor, &address))
            (self.access.render(visitor, name, self.now, &self.zone))
            (self.abilities())
        })
    }

    /// The parts that change by themselves.
    pub(in super::super) fn parts(&self) -> Vec<(&'static str, Html)> {
        vec![
            ("health", Html(self.health())),
            ("news", Html(self.news.render(self.now, &self.zone))),
            ("writes", Html(self.writes())),
        ]
    }

    fn health(&self) -> Markup {
        let budget = format!("{} of {} requests left", self.card.budget.0, self.card.budget.1);
        html! {
            section aria-labelledby="health-head" {
                h2 id="health-head" { "Health " (badge(self.card.health.tone, self.card.health.word)) }
                p { (self.card.health.sentence) }
                dl class="pairs" {
                    div { dt { "Platform" } dd { (self.card.platform) } }
                    div { dt { "Last answer" } dd { (words::when_or(self.answered_at, self.now, &self.zone, "not yet")) } }
                    div { dt { "Budget" } dd { (crate::dashboard::chart::meter(&budget, self.card.budget.0, self.card.budget.1)) span class="quiet" { (budget) } } }
                    div { dt { "Writes waiting" } dd { (words::grouped(&self.card.waiting.to_string())) } }
                }
            }
        }
    }

    fn writes(&self) -> Markup {
        html! {
            section aria-labelledby="writes-head" {
                h2 id="writes-head" { "Recent writes" }
                @if self.writes.is_empty() { (empty("Nothing has been written to it yet.")) }
                ul class="stream" { @for line in &self.writes {
                    li {
                        span class="said" { (badge(line.tone, &line.end)) " " (words::counted(line.rows, "level", "levels")) }
                        (words::when(line.at, self.now, &self.zone))
                    }
                } }
            }
        }
    }

    fn questions(&self, visitor: &Visitor, address: &str) -> Markup {
        html! {
            section aria-labelledby="mappings-head" {
                h2 id="mappings-head" { "What is what?" }
                p class="row" {
                    a href={ "/mappings?channel=" (encoded(&self.card.name)) } { "Its open questions, with candidates" }
                    a href={ "/mappings?show=mapped&channel=" (encoded(&self.card.name)) } { "What is mapped" }
                    a href={ "/gaps?channel=" (encoded(&self.card.name)) } { "Its gaps" }
                }
                @if self.mappings.is_empty() { (empty("Every item of this channel is known.")) }
                ul class="stuck" { @for line in &self.mappings { li {
                    p { b { @if line.sku.is_empty() { "An item without SKU" } @else { (line.sku) } } " " span class="sku" { (line.external) } }
                    p class="reason" { (line.reason) }
                    @if visitor.may(Scope::OperationsWrite) {
                        form method="post" action={ (address) "/map" } class="row" {
                            (visitor.token_field())
                            (hidden("external", &line.external))
                            label class="hidden" for={ "item-" (line.external) } { "It is" }
                            @if line.candidates.is_empty() {
                                input id={ "item-" (line.external) } name="sku" placeholder="SKU it is" required;
                            } @else {
                                select id={ "item-" (line.external) } name="item" {
                                    @for (item, name) in &line.candidates { option value=(item) { (name) } }
                                }
                            }
                            button type="submit" { "It is this" }
                        }
                    }
                } } }
            }
        }
    }

    fn abilities(&self) -> Markup {
        html! {
            section aria-labelledby="abilities-head" {
                h2 id="abilities-head" { "What " (self.card.platform) " can do" }
                p { a href="/platforms" { "All platforms side by side" } }
                table class="plain-table" {
                    caption class="hidden" { "Abilities of the platform" }
                    thead { tr { th scope="col" { "Ability" } th scope="col" { "Can it?" } } }
                    tbody { @for row in &self.abilities { tr {
                        th scope="row" { (row.what) }
                        td { @match row.why_not {
                            None => { (badge(Tone::Good, "Yes")) }
                            Some(why) => {
                                (badge(row.tone, if row.tone == Tone::Calm { "No" } else { "Not used" })) " "
                                span class="quiet" { (why) }
                            }
                        } }
                    } } }
                }
            }
        }
    }
}
