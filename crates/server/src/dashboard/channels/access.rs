//! What a platform says of our access: asked when a person presses the button, kept until asked again. And the
//! locations over there that are none of ours by name, which a person may map.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use axum::Extension;
use axum::body::Body;
use axum::extract::{Path, State};
use axum::response::Response;
use flow::{Link, Phase};
use http::Request;
use maud::{Markup, html};
use model::{Action, ChannelId, ExternalLocation, Instant, LocationId};

use super::actions::{begin, decide, tell};
use crate::Scope;
use crate::access_check::{self, AccessFound, Grant, ScopeFound, SubscriptionFound};
use crate::dashboard::Pages;
use crate::dashboard::access::Visitor;
use crate::dashboard::error::PageError;
use crate::dashboard::fields::encoded;
use crate::dashboard::layout::{badge, empty, hidden};
use crate::dashboard::words::{self, Tone};

/// How long a person waits for a platform.
const PATIENCE: Duration = Duration::from_secs(20);

/// The last check of each channel.
#[derive(Debug, Default)]
pub(in super::super) struct Accesses(Mutex<BTreeMap<ChannelId, Arc<Checked>>>);

/// A check and when it was made.
#[derive(Clone, Debug)]
pub(in super::super) struct Checked {
    /// When.
    pub(in super::super) at: Instant,
    /// What was found.
    pub(in super::super) found: AccessFound,
    /// The scopes that came with the token, where the platform tells them only then.
    pub(in super::super) told: Option<Vec<String>>,
}

impl Accesses {
    /// The last check of a channel.
    pub(in super::super) fn last(&self, channel: ChannelId) -> Option<Arc<Checked>> {
        self.0.lock().ok()?.get(&channel).cloned()
    }

    /// The channel has another token: what was said of the old one is of no worth.
    pub(in super::super) fn forget(&self, channel: ChannelId) {
        if let Ok(mut kept) = self.0.lock() {
            kept.remove(&channel);
        }
    }

    fn keep(&self, channel: ChannelId, checked: Checked) {
        if let Ok(mut kept) = self.0.lock() {
            kept.insert(channel, Arc::new(checked));
        }
    }
}

/// A location over there that is none of ours.
#[derive(Clone, Debug)]
pub(in super::super) struct StrangePlace {
    /// The platform's id.
    pub(in super::super) external: String,
    /// The platform's name.
    pub(in super::super) name: String,
    /// Whether it is open there.
    pub(in super::super) active: bool,
}

/// What is known of the access and of the locations.
#[derive(Clone, Debug, Default)]
pub(in super::super) struct AccessPart {
    /// The last check, when there was one.
    pub(in super::super) checked: Option<Arc<Checked>>,
    /// Locations over there that are none of ours.
    pub(in super::super) strange: Vec<StrangePlace>,
    /// Our locations that the channel does not have yet: number and name.
    pub(in super::super) free: Vec<(u32, String)>,
    /// Our locations that it has.
    pub(in super::super) mapped: Vec<String>,
}

impl AccessPart {
    /// Reads it.
    pub(in super::super) async fn load(pages: &Pages, channel: ChannelId) -> Result<Self, PageError> {
        let checked = pages.accesses.last(channel);
        let places = checked.as_ref().map(|checked| checked.found.places.clone()).unwrap_or_default();
        pages
            .read(move |state| {
                let catalogue = state.catalogue();
                let strange =
                    places.into_iter().filter(|place| catalogue.mapped_location(channel, &place.external).is_none());
                let strange = strange.map(|place| StrangePlace {
                    external: place.external.to_string(),
                    name: place.name.to_string(),
                    active: place.active,
                });
                let (mapped, free): (Vec<_>, Vec<_>) = catalogue
                    .locations()
                    .iter()
                    .partition(|place| catalogue.external_location(channel, place.location).is_some());
                Self {
                    checked,
                    strange: strange.collect(),
                    free: free.into_iter().map(|place| (place.location.0, place.name.to_string())).collect(),
                    mapped: mapped.into_iter().map(|place| place.name.to_string()).collect(),
                }
            })
            .await
    }

    /// As it stands on the channel's page.
    pub(super) fn render(&self, visitor: &Visitor, name: &str, now: Instant, zone: &jiff::tz::TimeZone) -> Markup {
        let may = visitor.may(Scope::OperationsWrite);
        let address = format!("/channels/{}", encoded(name));
        html! {
            section aria-labelledby="places-head" {
                h2 id="places-head" { "Locations" }
                @if self.mapped.is_empty() { (empty("None of our locations is known to be there.")) }
                @else { p { "Ours that it has: " (self.mapped.join(", ")) "." } }
                @for place in &self.strange { (self.strange(place, visitor, &address)) }
                @if self.checked.is_none() { p class="quiet" { "A location over there that has none of our names is not kept. “Check access” lists those." } }
                @else if self.strange.is_empty() { p class="quiet" { "Every location over there was one of ours when access was checked." } }
            }
            section aria-labelledby="access-head" {
                h2 id="access-head" { "Access" }
                @if may {
                    form method="post" action={ (address) "/access" } class="row" {
                        (visitor.token_field())
                        button type="submit" { "Check access" }
                        span class="quiet" { "Asks the platform who we are there and what we may do. Changes nothing." }
                    }
                }
                @match &self.checked {
                    None => { (empty("It has not been checked since the hub was started.")) }
                    Some(checked) => { (found(checked, now, zone)) }
                }
            }
        }
    }

    /// A location over there, and the form by which a person says which of ours it is.
    fn strange(&self, place: &StrangePlace, visitor: &Visitor, address: &str) -> Markup {
        html! {
            div class="card strange" {
                p {
                    (badge(Tone::Warn, "Not kept")) " " b { (place.name) } " " span class="sku" { (place.external) }
                    @if !place.active { " " span class="quiet" { "(closed there)" } }
                }
                p class="quiet" { "None of our locations is called so, and its stock is left alone." }
                @if visitor.may(Scope::OperationsWrite) && place.active && !self.free.is_empty() {
                    form method="post" action={ (address) "/place" } class="row" {
                        (visitor.token_field())
                        (hidden("external", &place.external))
                        label for={ "place-" (place.external) } { "It is our" }
                        select id={ "place-" (place.external) } name="location" {
                            @for (number, name) in &self.free { option value=(number) { (name) } }
                        }
                        button type="submit" { "Map" }
                    }
                }
            }
        }
    }
}

/// What the platform said of our access.
pub(in super::super) fn found(checked: &Checked, now: Instant, zone: &jiff::tz::TimeZone) -> Markup {
    let AccessFound { account, account_name, scopes, problems, subscriptions, skew_ms, .. } = &checked.found;
    html! {
        p {
            "Checked " (words::when(checked.at, now, zone)) ". "
            @match (account_name.as_str(), account.as_str()) {
                ("", "") => { "The platform does not tell which account the token opens." }
                ("", id) => { "The token opens the account " (id) "." }
                (name, id) => { "The token opens " b { (name) } " (" (id) ")." }
            }
        }
        @for problem in problems { p class="problem" { (words::sentence(problem)) } }
        @match skew_ms {
            None => {}
            Some(skew) if skew.abs() < 2_000 => { p { "Its clock and ours agree." } }
            Some(skew) => { p { "Its clock is " (words::duration(skew.unsigned_abs())) @if *skew > 0 { " ahead of ours." } @else { " behind ours." } } }
        }
        p { (deliveries(subscriptions.as_deref())) }
        @if !scopes.is_empty() { (scope_table(scopes)) }
    }
}

/// Whether its news comes by itself.
fn deliveries(subscriptions: Option<&[SubscriptionFound]>) -> String {
    let Some(ours) = subscriptions else {
        return "Its webhook subscriptions cannot be listed from here; the channel's page says how its news comes."
            .into();
    };
    let topics: usize = ours.iter().filter(|known| known.enabled).map(|known| known.topics.len()).sum();
    match (ours.len(), topics) {
        (0, _) => "There is no webhook subscription to us there. One is made when the hub may write.".into(),
        (_, 0) => "A webhook subscription to us is there, and it is switched off.".into(),
        (_, topics) => {
            format!("A webhook subscription to us is there, for {}.", words::counted(topics as u64, "topic", "topics"))
        }
    }
}

fn scope_table(scopes: &[ScopeFound]) -> Markup {
    html! {
        table class="folds" {
            caption class="hidden" { "Scopes of access" }
            thead { tr { th scope="col" { "Scope" } th scope="col" { "For" } th scope="col" { "Needed" } th scope="col" { "Granted" } } }
            tbody { @for scope in scopes { tr {
                th scope="row" { (scope.name) }
                td data-label="For" { span { (scope.what_for) } }
                td data-label="Needed" { (match scope.phase { Phase::Read => "to look", Phase::Write => "to write", Phase::Make => "to make documents" }) }
                td data-label="Granted" { (grant(scope.grant)) }
            } } }
        }
    }
}

fn grant(grant: Grant) -> Markup {
    match grant {
        Grant::Granted => badge(Tone::Good, "Granted"),
        Grant::Missing => badge(Tone::Bad, "Missing"),
        Grant::Untold => badge(Tone::Calm, "It does not tell"),
        Grant::Extra => badge(Tone::Warn, "More than needed"),
        Grant::Later => html! { span class="quiet" { "not needed yet" } },
    }
}

/// Asks the platform what we may do there, and keeps what it says. `told` are the scopes that came with a token just
/// given; those of an earlier token count while nothing else is told. `None` when it does not answer in time.
pub(in super::super) async fn check(
    pages: &Pages,
    link: &Link,
    phase: Phase,
    told: Option<Vec<String>>,
) -> Option<AccessFound> {
    let told = told.or_else(|| pages.accesses.last(link.channel).and_then(|checked| checked.told.clone()));
    let check = access_check::check(link, phase, told.as_deref());
    let found = tokio::time::timeout(PATIENCE, check).await.ok()?;
    pages.accesses.keep(link.channel, Checked { at: pages.now(), found: found.clone(), told });
    Some(found)
}

/// What a person is told when the platform does not answer.
pub(in super::super) fn no_answer(name: &str) -> String {
    format!("{name} did not answer within {} seconds. Try again later.", PATIENCE.as_secs())
}

/// `POST /channels/{name}/access`: the platform is asked what we may do there.
pub(in super::super) async fn check_access(
    State(pages): State<Arc<Pages>>,
    Extension(visitor): Extension<Visitor>,
    Path(name): Path<String>,
    request: Request<Body>,
) -> Result<Response, PageError> {
    let (channel, _) = begin(&pages, &visitor, &name, request).await?;
    let link = super::link(&pages, &name)?;
    let writes = pages.read(move |state| state.catalogue().channel(channel).is_some_and(|put| put.writes)).await?;
    let phase = if writes { Phase::Write } else { Phase::Read };
    let Some(found) = check(&pages, &link, phase, None).await else {
        return tell(&pages, &name, Tone::Bad, no_answer(&name));
    };
    let (tone, text) = match found.problems.len() {
        0 => (
            Tone::Good,
            "Access was checked: the platform answers, and nothing is missing as far as it tells.".to_owned(),
        ),
        count => (Tone::Bad, format!("Access was checked: {}.", words::counted(count as u64, "problem", "problems"))),
    };
    tell(&pages, &name, tone, text)
}

/// `POST /channels/{name}/place`: a location over there is this one of ours.
pub(in super::super) async fn map_place(
    State(pages): State<Arc<Pages>>,
    Extension(visitor): Extension<Visitor>,
    Path(name): Path<String>,
    request: Request<Body>,
) -> Result<Response, PageError> {
    let (channel, fields) = begin(&pages, &visitor, &name, request).await?;
    let external = ExternalLocation::new(fields.get("external"));
    let number = fields.number("location").map(LocationId);
    let known = pages.accesses.last(channel);
    let there = known
        .is_some_and(|checked| checked.found.places.iter().any(|place| place.external == external && place.active));
    let wanted = external.clone();
    let ours = pages.read(move |state| {
        let catalogue = state.catalogue();
        let location = catalogue.location(number?)?;
        let free = catalogue.external_location(channel, location.location).is_none()
            && catalogue.mapped_location(channel, &wanted).is_none();
        free.then(|| location.name.clone())
    });
    let Some(ours) = ours.await?.filter(|_| there) else {
        let text = "Nothing was changed: one of the two is mapped already, or is not there. Check access again.";
        return tell(&pages, &name, Tone::Bad, text.to_owned());
    };
    let action = Action::MapLocation { channel, external, location: number };
    pages.hub.links.ask_reading(channel);
    decide(&pages, &visitor, &name, action, &format!("Noted: it is {ours}. Everything the channel shows is read now."))
        .await
}
