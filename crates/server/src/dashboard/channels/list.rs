//! All channels.

use jiff::tz::TimeZone;
use maud::html;
use model::Instant;

use crate::dashboard::access::Visitor;
use crate::dashboard::html::Html;
use crate::dashboard::layout::{Frame, Section, empty, part};
use crate::dashboard::live::ChannelCard;

/// All channels.
#[derive(Clone, Debug)]
pub(in super::super) struct ChannelsPage {
    /// When they were looked at.
    pub(in super::super) now: Instant,
    /// Zone of exact times.
    pub(in super::super) zone: TimeZone,
    /// One card each.
    pub(in super::super) cards: Vec<ChannelCard>,
}

impl ChannelsPage {
    /// The page.
    pub(in super::super) fn render(&self, visitor: &Visitor) -> Html {
        Frame::new("Channels", Section::Channels, visitor).live("/channels").page(html! {
            h1 { "Channels" }
            p class="row" {
                @if visitor.may(crate::Scope::Admin) { a class="button" href="/connect" { "Connect an account" } }
                a href="/platforms" { "What each platform can do" }
            }
            @for (id, content) in self.parts() { (part(id, &content)) }
        })
    }

    /// The part that changes by itself.
    pub(in super::super) fn parts(&self) -> Vec<(&'static str, Html)> {
        vec![(
            "channels",
            Html(html! {
                @if self.cards.is_empty() { (empty("No channel is connected yet. Connect an account, and it shows here.")) }
                ul class="cards" { @for card in &self.cards { li { (card.render(self.now, &self.zone)) } } }
            }),
        )]
    }
}
