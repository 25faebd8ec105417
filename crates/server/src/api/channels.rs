//! Channels: how each does, what it can, and a reading of everything when asked.

use std::collections::BTreeMap;
use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use flow::{Link, OnTheWay, connector};
use http::StatusCode;
use model::{Basis, ChannelPut, Instant};
use serde::Serialize;
use utoipa::ToSchema;

use super::input::Place;
use super::page::Page;
use super::problem::ApiError;
use super::{Door, ask, names};
use crate::Hub;

/// Counters shown per channel, as `/metrics` names them.
const COUNTERS: [&str; 4] =
    ["lockstep_requests_total", "lockstep_throttled_total", "lockstep_write_requests_total", "lockstep_writes_total"];
/// Outcomes of deliveries.
const OUTCOMES: [&str; 5] = ["new", "duplicate", "nothing", "quarantined", "forged"];

/// A channel.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct ChannelOut {
    /// Name.
    name: String,
    /// Platform.
    platform: &'static str,
    /// What its number means at a location's home: `available` or `on_hand`.
    basis: &'static str,
    /// False in the read-only phase.
    writes: bool,
    /// Locations it sells from, best first.
    sells_from: Vec<String>,
    /// Units of every item it must leave unsold.
    buffer: String,
    /// How it does.
    health: HealthOut,
    /// Its rate budget.
    budget: BudgetOut,
    /// Counters since the start.
    counters: BTreeMap<&'static str, u64>,
    /// Deliveries since the start, by outcome.
    deliveries: BTreeMap<&'static str, u64>,
    /// What is still open: nothing, when the channel shows all it should.
    unsettled: UnsettledOut,
    /// What its platform can do.
    abilities: AbilitiesOut,
}

/// How a channel does.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct HealthOut {
    /// Whether the first reading is done.
    ready: bool,
    /// When the platform last answered.
    answered_at: Option<String>,
    /// When it last told something by itself.
    heard_at: Option<String>,
    /// When its orders were last polled to the end.
    polled_at: Option<String>,
    /// When all its levels were last read.
    read_at: Option<String>,
    /// Age of that reading in milliseconds.
    read_age_ms: Option<i64>,
    /// Whether its subscription was there when last looked.
    subscribed: Option<bool>,
    /// True when deliveries should have come by now, judged by how often they came before.
    silent: bool,
    /// News of orders that a poll found although a delivery should have told them, since the start.
    missed: u64,
    /// When that was last.
    missed_at: Option<String>,
    /// When the levels that move most were last read.
    hot_read_at: Option<String>,
    /// The code by which the platform checks the hook address; to be typed in over there.
    verification_code: Option<String>,
    /// The last trouble, in words.
    trouble: Option<String>,
}

/// What is still open on a channel.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct UnsettledOut {
    /// Things to be fetched.
    notices: usize,
    /// Levels with a write in flight.
    in_flight: usize,
    /// Levels that differ from what they should be.
    differences: usize,
    /// Of these, refused or held back for a person.
    blocked: usize,
    /// Levels that must be read before they may be written.
    doubtful: usize,
    /// Levels known in all.
    levels: usize,
    /// Changes of levels and listings that are on their way: being written, or waiting to be. None when the channel is
    /// in step; where nothing is written to it, what would be.
    on_the_way: u64,
    /// Since when the oldest of these levels differs; `null` when none does, or all have since before the hub was started.
    on_the_way_since: Option<String>,
    /// How long that is, in milliseconds.
    on_the_way_ms: Option<i64>,
    /// Documents that it was told to make, and nobody knows yet what became of them.
    documents: usize,
}

impl UnsettledOut {
    fn of(open: flow::Unsettled, way: OnTheWay, now: Instant) -> Self {
        let flow::Unsettled { notices, in_flight, differences, blocked, doubtful, levels, documents } = open;
        Self {
            notices,
            in_flight,
            differences,
            blocked,
            doubtful,
            levels,
            documents,
            on_the_way: way.changes,
            on_the_way_since: way.since.map(|since| since.to_string()),
            on_the_way_ms: way.since.map(|since| now.since(since).max(0)),
        }
    }
}

/// A rate budget in the platform's points.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct BudgetOut {
    /// Left now.
    left: u32,
    /// When full.
    capacity: u32,
}

/// What a platform can do.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct AbilitiesOut {
    /// Whether it counts whole units only.
    whole_units: bool,
    /// Most rows in one write.
    batch_max: usize,
    /// Most documents or levels in one question.
    ask_max: usize,
    /// How far back a poll of orders overlaps, in milliseconds.
    overlap_ms: i64,
}

/// Every channel, in configuration order.
#[utoipa::path(get, path = "/v1/channels", tag = "operations",
    responses((status = 200, description = "All of them", body = Page<ChannelOut>)))]
pub(crate) async fn list(State(door): State<Arc<Door>>) -> Result<Json<Page<ChannelOut>>, ApiError> {
    let ways = door.hub.flow.look(|desk| flow::on_the_way(desk)).await?;
    let mut items = Vec::new();
    for link in door.hub.links() {
        let way = ways.get(link.channel.0 as usize).copied().unwrap_or_default();
        items.push(one(&door.hub, &link, way).await?);
    }
    Ok(Json(Page { items, next: None }))
}

async fn one(hub: &Hub, link: &Link, way: OnTheWay) -> Result<ChannelOut, ApiError> {
    let id = link.channel;
    let (put, sells_from, open) = ask::read(hub, move |mind| {
        let put = mind.catalogue().channel(id).cloned().ok_or_else(|| ApiError::not_found(id))?;
        let sells_from: Vec<String> = put.sells_from.iter().map(|place| names::location_of(mind, *place)).collect();
        Ok((put, sells_from, flow::unsettled(mind, id)))
    })
    .await?;
    let ChannelPut { name, platform, basis, buffer, writes, .. } = put;
    let label = format!("channel=\"{name}\",");
    let abilities = connector(platform).abilities();
    let (left, capacity) = link.budget();
    let mut counters: BTreeMap<&'static str, u64> =
        COUNTERS.into_iter().skip(1).map(|counter| (counter, hub.meter.value(counter, &label))).collect();
    let lanes = ["lane=\"news\",", "lane=\"read\",", "lane=\"write\","];
    let requests = lanes.iter().map(|lane| hub.meter.value(COUNTERS[0], &format!("{label}{lane}"))).sum();
    counters.insert(COUNTERS[0], requests);
    let delivered = |outcome: &'static str| {
        (outcome, hub.meter.value("lockstep_hooks_total", &format!("{label}outcome=\"{outcome}\",")))
    };
    Ok(ChannelOut {
        name: name.to_string(),
        platform: platform.name(),
        basis: match basis {
            Basis::Available => "available",
            Basis::OnHand => "on_hand",
        },
        writes,
        sells_from,
        buffer: buffer.to_string(),
        health: health(link, hub.clock.now()),
        budget: BudgetOut { left, capacity },
        counters,
        deliveries: OUTCOMES.into_iter().map(delivered).collect(),
        unsettled: UnsettledOut::of(open, way, hub.clock.now()),
        abilities: AbilitiesOut {
            whole_units: abilities.whole_units,
            batch_max: abilities.batch_max,
            ask_max: abilities.ask_max,
            overlap_ms: abilities.overlap_ms,
        },
    })
}

fn health(link: &Link, now: Instant) -> HealthOut {
    let health = link.health();
    let words = |at: Option<Instant>| at.map(|at| at.to_string());
    HealthOut {
        ready: health.ready,
        answered_at: words(health.answered_at),
        heard_at: words(health.heard_at),
        polled_at: words(health.polled_at),
        read_at: words(health.read_at),
        read_age_ms: health.read_at.map(|at| now.since(at)),
        subscribed: health.subscribed,
        silent: health.is_silent(now),
        missed: health.missed,
        missed_at: words(health.missed_at),
        hot_read_at: words(health.hot_read_at),
        verification_code: health.greeting,
        trouble: health.trouble,
    }
}

/// That a reading was asked for.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct ReadingOut {
    /// Channel.
    channel: String,
    /// When all its levels were last read; the reading is done when this has become later.
    read_at: Option<String>,
}

/// Ask for a reading of everything a channel shows. Answers at once; the reading takes what the budget allows.
#[utoipa::path(post, path = "/v1/channels/{name}/reading", tag = "operations",
    params(("name" = String, Path, description = "Channel")),
    responses((status = 202, description = "Asked for", body = ReadingOut)))]
pub(crate) async fn reading(
    State(door): State<Arc<Door>>,
    Place(name): Place<String>,
) -> Result<(StatusCode, Json<ReadingOut>), ApiError> {
    let hub = &door.hub;
    let link = hub.link_named(&name).ok_or_else(|| ApiError::not_found(format!("channel {name:?}")))?;
    if !hub.links.ask_reading(link.channel) {
        return Err(ApiError::NotNow { what: format!("channel {name} is not read yet; start its reading first") });
    }
    let read_at = link.health().read_at.map(|at| at.to_string());
    Ok((StatusCode::ACCEPTED, Json(ReadingOut { channel: name, read_at })))
}
