//! A channel at a glance: on the live page, in the list of channels, and at the head of its own page.

use jiff::tz::TimeZone;
use maud::{Markup, html};
use model::Instant;

use crate::dashboard::chart;
use crate::dashboard::fields::encoded;
use crate::dashboard::layout::badge;
use crate::dashboard::words::{self, Health, Tone, grouped};

/// A channel at a glance.
#[derive(Clone, Debug)]
pub(in super::super) struct ChannelCard {
    /// The merchant's name of it.
    pub(in super::super) name: String,
    /// Platform in words.
    pub(in super::super) platform: String,
    /// How it does.
    pub(in super::super) health: Health,
    /// When it last told us something.
    pub(in super::super) heard_at: Option<Instant>,
    /// When all its levels were last read.
    pub(in super::super) read_at: Option<Instant>,
    /// Requests it still allows, and how many at most.
    pub(in super::super) budget: (u32, u32),
    /// Changes being written or waiting to be.
    pub(in super::super) waiting: u64,
}

impl ChannelCard {
    /// The card.
    pub(in super::super) fn render(&self, now: Instant, zone: &TimeZone) -> Markup {
        let budget = format!("{} of {} requests left", self.budget.0, self.budget.1);
        html! {
            article class={ "card " (self.health.tone.class()) } {
                header {
                    h3 { a href={ "/channels/" (encoded(&self.name)) } { (self.name) } }
                    (badge(self.health.tone, self.health.word))
                }
                p class="quiet" { (self.platform) }
                @if self.health.tone > Tone::Good { p { (self.health.sentence) } }
                dl class="pairs" {
                    div { dt { "Last heard" } dd { (words::when_or(self.heard_at, now, zone, "not yet")) } }
                    div { dt { "All levels read" } dd { (words::when_or(self.read_at, now, zone, "not yet")) } }
                    div { dt { "Writes waiting" } dd { (grouped(&self.waiting.to_string())) } }
                    div { dt { "Budget" } dd { (chart::meter(&budget, self.budget.0, self.budget.1)) span class="quiet" { (grouped(&self.budget.0.to_string())) " left" } } }
                }
            }
        }
    }
}
