//! The live page: its figures and how they are shown. Works on what it is given, and asks nobody.

use jiff::tz::TimeZone;
use maud::{Markup, html};
use model::{Instant, Level};

use super::card::ChannelCard;
use crate::dashboard::access::Visitor;
use crate::dashboard::chart::{self, Bar};
use crate::dashboard::fields::encoded;
use crate::dashboard::html::Html;
use crate::dashboard::layout::{Frame, Section, empty, hidden, part};
use crate::dashboard::words::{self, Tone, counted, grouped};

/// What is happening now.
#[derive(Clone, Debug)]
pub(in super::super) struct LivePage {
    /// When this was looked at.
    pub(in super::super) now: Instant,
    /// Zone in which exact times are told: the first location's.
    pub(in super::super) zone: TimeZone,
    /// One card each.
    pub(in super::super) channels: Vec<ChannelCard>,
    /// Items known.
    pub(in super::super) items: u64,
    /// Units on hand over all locations.
    pub(in super::super) on_hand: Level,
    /// Orders and sales since midnight.
    pub(in super::super) orders_today: u64,
    /// Units promised.
    pub(in super::super) promised: Level,
    /// Oversells of this week, by cause in words.
    pub(in super::super) oversells: Vec<(&'static str, u64)>,
    /// Inputs that wait for a person.
    pub(in super::super) questions: u64,
    /// Differences between the channels and the books: how many, and what is at stake in words; `None` when unknown.
    pub(in super::super) gaps: Option<(u64, String)>,
    /// What is wrong with the daily mail, as a sentence.
    pub(in super::super) mail_trouble: Option<String>,
    /// Newest first.
    pub(in super::super) moved: Vec<MovedLine>,
    /// Writes under way.
    pub(in super::super) writing: Vec<WritingLine>,
    /// Levels that a person must look at.
    pub(in super::super) stuck: Vec<StuckLine>,
    /// Stuck levels beyond those listed.
    pub(in super::super) stuck_more: u64,
    /// How long until the last channel showed a change.
    pub(in super::super) propagation: Vec<Bar>,
    /// Half of all changes were shown everywhere within this many milliseconds, and 95 of 100 within the other.
    pub(in super::super) propagation_ms: Option<(f64, f64)>,
}

/// Something that moved.
#[derive(Clone, Debug)]
pub(in super::super) struct MovedLine {
    /// When.
    pub(in super::super) at: Instant,
    /// A sentence.
    pub(in super::super) words: String,
    /// SKU.
    pub(in super::super) sku: String,
    /// Item for people.
    pub(in super::super) title: String,
}

/// A write under way.
#[derive(Clone, Debug)]
pub(in super::super) struct WritingLine {
    /// Where to.
    pub(in super::super) channel: String,
    /// SKU of its first row.
    pub(in super::super) sku: String,
    /// Location of its first row.
    pub(in super::super) location: String,
    /// From.
    pub(in super::super) from: Level,
    /// To.
    pub(in super::super) to: Level,
    /// Further rows in the same request.
    pub(in super::super) more: usize,
    /// Since when.
    pub(in super::super) since: Instant,
}

/// A level that does not get there by itself.
#[derive(Clone, Debug)]
pub(in super::super) struct StuckLine {
    /// Channel.
    pub(in super::super) channel: String,
    /// SKU.
    pub(in super::super) sku: String,
    /// Item for people.
    pub(in super::super) title: String,
    /// Location number.
    pub(in super::super) location: u32,
    /// Location.
    pub(in super::super) location_name: String,
    /// What it shows.
    pub(in super::super) shown: Level,
    /// What it should show.
    pub(in super::super) wanted: Option<Level>,
    /// Why.
    pub(in super::super) reason: String,
    /// Since when.
    pub(in super::super) since: Instant,
    /// Whether trying again is for a person to say; otherwise it is under way and only slow.
    pub(in super::super) blocked: bool,
}

impl LivePage {
    /// The page.
    pub(in super::super) fn render(&self, visitor: &Visitor, frame: Frame) -> Html {
        frame.page(html! {
            h1 { "What is happening now" }
            @for (id, content) in self.parts(visitor) { (part(id, &content)) }
        })
    }

    /// The frame it stands in.
    pub(in super::super) fn frame(visitor: &Visitor) -> Frame {
        Frame::new("Live", Section::Live, visitor).live("/")
    }

    /// The parts that change by themselves.
    pub(in super::super) fn parts(&self, visitor: &Visitor) -> Vec<(&'static str, Html)> {
        vec![
            ("numbers", Html(self.numbers())),
            ("stuck", Html(self.stuck(visitor))),
            ("channels", Html(self.channels())),
            ("moved", Html(self.moved())),
            ("writing", Html(self.writing())),
            ("propagation", Html(self.propagation())),
        ]
    }

    fn numbers(&self) -> Markup {
        let oversold: u64 = self.oversells.iter().map(|(_, count)| count).sum();
        html! {
            @if let Some(trouble) = &self.mail_trouble { div class="notice bad" { (Tone::Bad.icon()) p { (trouble) } } }
            section aria-label="Figures" {
                dl class="figures" {
                    (figure("/stock", "items", "Items", grouped(&self.items.to_string()), None, Tone::Good))
                    (figure("/stock", "on-hand", "Units on hand", grouped(&self.on_hand.to_string()), None, Tone::Good))
                    (figure("/orders", "orders", "Orders today", grouped(&self.orders_today.to_string()), None, Tone::Good))
                    (figure("/orders?state=open", "promised", "Units promised", grouped(&self.promised.to_string()), None, Tone::Good))
                    (figure("/stock?show=below", "oversells", "Oversells this week", grouped(&oversold.to_string()),
                        Some(self.causes()), if oversold > 0 { Tone::Bad } else { Tone::Good }))
                    @if let Some((gaps, money)) = &self.gaps {
                        (figure("/gaps", "gaps", "Out of step", grouped(&gaps.to_string()),
                            Some(if money.is_empty() { "no money at stake".to_owned() } else { format!("{money} at stake") }),
                            if *gaps > 0 { Tone::Warn } else { Tone::Good }))
                    }
                    (figure("/quarantine", "questions", "Open questions", grouped(&self.questions.to_string()), None,
                        if self.questions > 0 { Tone::Warn } else { Tone::Good }))
                }
            }
        }
    }

    fn causes(&self) -> String {
        if self.oversells.is_empty() {
            return "none".to_owned();
        }
        let causes = self.oversells.iter().map(|(cause, count)| format!("{} {cause}", grouped(&count.to_string())));
        causes.collect::<Vec<_>>().join(" · ")
    }

    fn channels(&self) -> Markup {
        html! {
            section aria-labelledby="channels-head" {
                h2 id="channels-head" { "Channels" }
                @if self.channels.is_empty() { p class="empty" { "No channel is connected yet. " a href="/connect" { "Connect your first account" } ": it is only read until you let it be written to." } }
                ul class="cards" { @for card in &self.channels { li { (card.render(self.now, &self.zone)) } } }
            }
        }
    }

    fn moved(&self) -> Markup {
        html! {
            section aria-labelledby="moved-head" {
                h2 id="moved-head" { "What moved" }
                @if self.moved.is_empty() { (empty("Nothing has moved yet. The next sale, count or delivery shows here within a second.")) }
                @else {
                    // Only the newest sentence is read out; a whole list that changes would never stop talking.
                    p class="hidden" role="status" aria-live="polite" { (self.moved[0].words) }
                    ol class="stream" {
                        @for line in &self.moved {
                            li {
                                span class="said" {
                                    a href={ "/stock/" (encoded(&line.sku)) } { (line.words) }
                                    @if line.title != line.sku { " " span class="sku" { (line.title) } }
                                }
                                (words::when(line.at, self.now, &self.zone))
                            }
                        }
                    }
                }
            }
        }
    }

    fn writing(&self) -> Markup {
        html! {
            section aria-labelledby="writing-head" {
                h2 id="writing-head" { "Being written now" }
                @let waiting: u64 = self.channels.iter().map(|card| card.waiting).sum();
                @if self.writing.is_empty() && waiting > 0 {
                    (empty(&format!("Nothing at this moment; {} to be written.", counted(waiting, "change waits", "changes wait"))))
                } @else if self.writing.is_empty() { (empty("Nothing: every level that can be written has been.")) }
                @else {
                    ul class="stream" {
                        @for line in &self.writing {
                            li {
                                span class="said" {
                                    b { (line.channel) } ": " a href={ "/stock/" (encoded(&line.sku)) } { (line.sku) } " at " (line.location) " "
                                    (words::level(line.from)) " → " (words::level(line.to))
                                    @if line.more > 0 { ", and " (counted(line.more as u64, "more level", "more levels")) }
                                }
                                (words::when(line.since, self.now, &self.zone))
                            }
                        }
                    }
                }
            }
        }
    }

    fn stuck(&self, visitor: &Visitor) -> Markup {
        html! {
            @if !self.stuck.is_empty() {
                section class="alarm" aria-labelledby="stuck-head" {
                    h2 id="stuck-head" { "Stuck" }
                    p { "These numbers do not get to their channel by themselves." }
                    ul class="stuck" { @for line in &self.stuck { li { (line.render(self.now, &self.zone, visitor)) } } }
                    @if self.stuck_more > 0 { p class="quiet" { "And " (counted(self.stuck_more, "more", "more")) ". The oldest are shown first." } }
                }
            }
        }
    }

    fn propagation(&self) -> Markup {
        html! {
            section aria-labelledby="propagation-head" {
                h2 id="propagation-head" { "How long until the last channel shows a change" }
                @match self.propagation_ms {
                    Some((half, most)) => {
                        p { "Half within " b { (seconds(half)) } ", 95 of 100 within " b { (seconds(most)) } "." }
                        (chart::bars("propagation-chart", "Changes by the time until the last channel showed them", "Changes", &self.propagation))
                    }
                    None => { (empty("No change has gone out to a channel since the hub was started.")) }
                }
            }
        }
    }
}

fn figure(address: &str, name: &str, label: &str, value: String, more: Option<String>, tone: Tone) -> Markup {
    html! {
        div class={ "figure " (tone.class()) } {
            dt { a href=(address) { (label) } }
            dd { span class="big" data-value=(name) { (value) } @if let Some(more) = more { small { (more) } } }
        }
    }
}

/// Milliseconds as a person says them.
pub(in super::super) fn seconds(ms: f64) -> String {
    match ms {
        ms if ms < 1_000.0 => format!("{ms:.0} ms"),
        ms if ms < 10_000.0 => format!("{:.1} s", ms / 1_000.0),
        ms if ms < 90_000.0 => format!("{:.0} s", ms / 1_000.0),
        ms => format!("{:.0} min", ms / 60_000.0),
    }
}

impl StuckLine {
    fn render(&self, now: Instant, zone: &TimeZone, visitor: &Visitor) -> Markup {
        html! {
            p {
                b { (self.channel) } " shows " (words::level(self.shown)) " of "
                a href={ "/stock/" (encoded(&self.sku)) } { (self.title) } " at " (self.location_name)
                @if let Some(wanted) = self.wanted { ", and should show " (words::level(wanted)) }
                ". " span class="quiet" { (words::when(self.since, now, zone)) }
            }
            p class="reason" { (self.reason) }
            @if self.blocked && visitor.may(crate::Scope::OperationsWrite) {
                form method="post" action={ "/channels/" (encoded(&self.channel)) "/again" } {
                    (visitor.token_field())
                    (hidden("sku", &self.sku))
                    (hidden("location", &self.location.to_string()))
                    button type="submit" { "Try again" }
                }
            }
        }
    }
}
