//! One item: where it is, what every channel shows of it, and the forms that change it.

use jiff::tz::TimeZone;
use maud::{Markup, html};
use model::{Instant, Level};

use crate::Scope;
use crate::dashboard::access::Visitor;
use crate::dashboard::fields::encoded;
use crate::dashboard::html::Html;
use crate::dashboard::layout::{Frame, Notice, Section, empty, hidden, part};
use crate::dashboard::words;

/// An item at a location.
#[derive(Clone, Debug)]
pub(in super::super) struct Place {
    /// Number, for addresses.
    pub(in super::super) location: u32,
    /// Name.
    pub(in super::super) name: String,
    /// Its home channel's name; `None` when the hub itself counts.
    pub(in super::super) home: Option<String>,
    /// The location's zone.
    pub(in super::super) zone: TimeZone,
    /// On hand.
    pub(in super::super) on_hand: Level,
    /// Promised.
    pub(in super::super) promised: Level,
    /// On its way here.
    pub(in super::super) in_transit: Level,
    /// There, not for sale.
    pub(in super::super) unsellable: Level,
    /// To be left unsold.
    pub(in super::super) safety: Level,
    /// Available to sell.
    pub(in super::super) available: Level,
    /// When it was last counted through us.
    pub(in super::super) counted_at: Option<Instant>,
    /// One per channel that counts it here.
    pub(in super::super) shown: Vec<ShownAt>,
}

/// What a channel shows of an item at a location.
#[derive(Clone, Debug)]
pub(in super::super) struct ShownAt {
    /// Channel.
    pub(in super::super) channel: String,
    /// What it shows; `None` when nothing was read or written yet.
    pub(in super::super) shown: Option<Level>,
    /// What it should show.
    pub(in super::super) wanted: Level,
    /// Since when.
    pub(in super::super) at: Option<Instant>,
    /// Whether a write is under way.
    pub(in super::super) writing: bool,
    /// Why nothing is written, when it is stuck.
    pub(in super::super) stuck: Option<String>,
}

/// One item.
#[derive(Clone, Debug)]
pub(in super::super) struct ItemPage {
    /// When it was looked at.
    pub(in super::super) now: Instant,
    /// SKU.
    pub(in super::super) sku: String,
    /// For people.
    pub(in super::super) title: String,
    /// GTINs.
    pub(in super::super) barcodes: Vec<String>,
    /// List price in words.
    pub(in super::super) price: Option<String>,
    /// Components in words, for a bundle.
    pub(in super::super) components: Vec<String>,
    /// Whether stock of it is counted.
    pub(in super::super) tracked: bool,
    /// Where it is.
    pub(in super::super) places: Vec<Place>,
    /// A fresh key, so that a form sent twice does its work once.
    pub(in super::super) key: String,
}

impl ItemPage {
    /// The page.
    pub(in super::super) fn render(&self, visitor: &Visitor, notice: Option<Notice>) -> Html {
        let address = format!("/stock/{}", encoded(&self.sku));
        let frame = Frame::new(self.title.clone(), Section::Stock, visitor).live(address).noticing(notice);
        frame.page(html! {
            nav class="crumbs" aria-label="Where you are" { a href="/stock" { "Stock" } }
            h1 { (self.title) }
            p class="facts" {
                span class="sku" { (self.sku) }
                @for barcode in &self.barcodes { " · " span { (barcode) } }
                @if let Some(price) = &self.price { " · " span { (price) } }
            }
            @for (id, content) in self.parts() { (part(id, &content)) }
            @if visitor.may(Scope::StockWrite) && self.has_stock() && !self.places.is_empty() { (self.forms(visitor)) }
        })
    }

    /// The part that changes by itself.
    pub(in super::super) fn parts(&self) -> Vec<(&'static str, Html)> {
        vec![("places", Html(self.places()))]
    }

    fn has_stock(&self) -> bool {
        self.tracked && self.components.is_empty()
    }

    fn places(&self) -> Markup {
        html! {
            @if !self.tracked { p class="hint" { "This is a service: no stock of it is counted." } }
            @if !self.components.is_empty() {
                p class="hint" { "This is a bundle. It has no stock of its own; it is as available as its scarcest part:" }
                ul { @for part in &self.components { li { (part) } } }
            }
            @if self.places.is_empty() && self.has_stock() {
                (empty("It is at no location yet. Its home channel’s first reading, a count or a delivery puts it there."))
            }
            @for place in &self.places { (self.place(place)) }
        }
    }

    fn place(&self, place: &Place) -> Markup {
        let id = format!("place-{}", place.location);
        html! {
            section class="place" aria-labelledby=(id) {
                header {
                    h2 id=(id) { (place.name) }
                    p class="quiet" {
                        @match &place.home { Some(home) => { "Counted in " (home) }, None => { "Counted here" } }
                        @if let Some(at) = place.counted_at { ", last " (words::when(at, self.now, &place.zone)) }
                    }
                }
                dl class="levels" {
                    (level(&id, "On hand", place.on_hand, true))
                    (level(&id, "Promised", place.promised, false))
                    (level(&id, "Available", place.available, true))
                    (level(&id, "On its way", place.in_transit, false))
                    (level(&id, "Not for sale", place.unsellable, false))
                    (level(&id, "Safety stock", place.safety, false))
                }
                p { a href={ "/stock/" (encoded(&self.sku)) "/" (place.location) } { "Why is this " (words::level(place.on_hand)) "?" } }
                @if place.shown.is_empty() { p class="quiet" { "No channel counts it here." } }
                @else { (self.shown(place)) }
            }
        }
    }

    fn shown(&self, place: &Place) -> Markup {
        html! {
            table class="plain-table" {
                caption class="hidden" { "What each channel shows at " (place.name) }
                thead { tr {
                    th scope="col" { "Channel" } th scope="col" class="number" { "Shows" }
                    th scope="col" class="number" { "Should show" }
                } }
                tbody { @for row in &place.shown {
                    tr {
                        th scope="row" { a href={ "/channels/" (encoded(&row.channel)) } { (row.channel) } }
                        td class="number" {
                            @match row.shown {
                                Some(shown) => { span class={ "shown" @if shown != row.wanted { " differs" } } { (words::level(shown)) } }
                                None => { span class="quiet" { "not read" } }
                            }
                            @if row.writing { span class="mark calm" { "being written" } }
                            @if let Some(at) = row.at { span class="age" { (words::when(at, self.now, &place.zone)) } }
                        }
                        td class="number" { (words::level(row.wanted)) }
                    }
                    @if let Some(reason) = &row.stuck {
                        tr class="reason-row" { td colspan="3" { span class="mark" { "Stuck: " (reason) } } }
                    }
                } }
            }
        }
    }

    fn forms(&self, visitor: &Visitor) -> Markup {
        html! {
            section class="forms" aria-labelledby="change-head" {
                h2 id="change-head" { "Change it" }
                div class="columns" {
                    (self.form(visitor, "count", "Count", "What lies there now", "counted", "number", "Say what was counted. What was sold meanwhile is taken into account."))
                    (self.form(visitor, "adjust", "Adjust", "More or less, such as −2 or 3", "change", "text", "Say by how much it changes, and why."))
                    (self.form(visitor, "safety", "Safety stock", "Units that stay unsold", "quantity", "number", "Channels other than the location’s own show this much less."))
                }
            }
        }
    }

    #[expect(clippy::too_many_arguments, reason = "the words of three forms that are otherwise the same")]
    fn form(
        &self,
        visitor: &Visitor,
        verb: &str,
        head: &str,
        label: &str,
        field: &str,
        kind: &str,
        help: &str,
    ) -> Markup {
        html! {
            form class="stack card" method="post" action={ "/stock/" (encoded(&self.sku)) "/" (verb) } {
                h3 { (head) }
                p class="quiet" { (help) }
                (visitor.token_field())
                (hidden("key", &format!("{}-{verb}", self.key)))
                label for={ (verb) "-location" } { "Location" }
                select id={ (verb) "-location" } name="location" {
                    @for place in &self.places { option value=(place.location) { (place.name) } }
                }
                label for={ (verb) "-value" } { (label) }
                input id={ (verb) "-value" } name=(field) type=(kind) inputmode=(if kind == "number" { "decimal" } else { "text" })
                    step=[(kind == "number").then_some("any")] min=[(kind == "number").then_some("0")] required autocomplete="off";
                @if verb != "safety" {
                    label for={ (verb) "-reason" } { "Why" }
                    input id={ (verb) "-reason" } name="reason" type="text" maxlength="200" autocomplete="off" required[verb == "adjust"];
                }
                @if verb == "adjust" {
                    label class="check" { input type="checkbox" name="unsellable" value="yes"; " The units stay, but cannot be sold" }
                }
                button type="submit" class="main" { (head) }
            }
        }
    }
}

fn level(place: &str, label: &str, value: Level, large: bool) -> Markup {
    html! {
        div class=[large.then_some("large")] {
            dt { (label) }
            dd data-value={ (place) "-" (label) } { (words::level(value)) }
        }
    }
}

/// A question before promised units are taken away.
#[derive(Clone, Debug)]
pub(in super::super) struct ConfirmPage {
    /// Item.
    pub(in super::super) title: String,
    /// SKU.
    pub(in super::super) sku: String,
    /// `count`, `adjust` or `safety`.
    pub(in super::super) verb: &'static str,
    /// What would happen.
    pub(in super::super) sentence: String,
    /// The form as it was sent.
    pub(in super::super) fields: Vec<(&'static str, String)>,
}

impl ConfirmPage {
    /// The page.
    pub(in super::super) fn render(&self, visitor: &Visitor) -> Html {
        Frame::new(self.title.clone(), Section::Stock, visitor).page(html! {
            section class="narrow" {
                h1 { "Are you sure?" }
                p { b { (self.title) } " " span class="sku" { (self.sku) } }
                p class="problem" { (self.sentence) }
                form method="post" action={ "/stock/" (encoded(&self.sku)) "/" (self.verb) } class="row" {
                    (visitor.token_field())
                    @for (name, value) in &self.fields { (hidden(name, value)) }
                    (hidden("confirm", "yes"))
                    button type="submit" class="main" { "Yes, do it" }
                    a class="button" href={ "/stock/" (encoded(&self.sku)) } { "No, go back" }
                }
            }
        })
    }
}
