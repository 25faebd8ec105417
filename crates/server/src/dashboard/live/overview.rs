//! What only a walk over everything can tell: sums, stuck levels, writes under way. One walk serves every open page.

use std::sync::{Arc, Mutex};

use flow::{Desk, FlowError, OnTheWay, State};
use jiff::tz::TimeZone;
use model::{ChannelId, Instant, ItemId, Level, LocationId};

use super::page::{StuckLine, WritingLine};
use crate::Hub;

/// A walk is used for this long, in milliseconds.
const FRESH_MS: i64 = 1_000;
/// Stuck levels and writes that are listed; the rest is counted.
const LISTED: usize = 20;
/// A write that has been under way for longer is called stuck, in milliseconds.
const SLOW_MS: i64 = 30_000;

/// What the walk found.
#[derive(Clone, Debug)]
pub(in super::super) struct Overview {
    /// When.
    pub(in super::super) at: Instant,
    /// Zone of exact times: the first location's.
    pub(in super::super) zone: TimeZone,
    /// Items known.
    pub(in super::super) items: u64,
    /// Units on hand.
    pub(in super::super) on_hand: Level,
    /// Units promised.
    pub(in super::super) promised: Level,
    /// Inputs that wait for a person.
    pub(in super::super) questions: u64,
    /// Per channel, by number: what it is yet to be told.
    pub(in super::super) on_the_way: Vec<OnTheWay>,
    /// Per channel, by number: whether anything is written to it.
    pub(in super::super) writes: Vec<bool>,
    /// Writes under way.
    pub(in super::super) writing: Vec<WritingLine>,
    /// Levels that do not get there by themselves, oldest first.
    pub(in super::super) stuck: Vec<StuckLine>,
    /// Further ones.
    pub(in super::super) stuck_more: u64,
}

impl Overview {
    fn empty(at: Instant) -> Self {
        Self {
            at,
            zone: TimeZone::UTC,
            items: 0,
            on_hand: Level::ZERO,
            promised: Level::ZERO,
            questions: 0,
            on_the_way: Vec::new(),
            writes: Vec::new(),
            writing: Vec::new(),
            stuck: Vec::new(),
            stuck_more: 0,
        }
    }
}

/// The last walk.
#[derive(Debug, Default)]
pub(in super::super) struct Overviews(Mutex<Option<Arc<Overview>>>);

impl Overviews {
    /// The last walk when it is fresh, or a new one.
    ///
    /// # Errors
    /// When the hub has stopped or is busy.
    pub(in super::super) async fn get(&self, hub: &Hub) -> Result<Arc<Overview>, FlowError> {
        let now = hub.clock.now();
        let known = self.0.lock().ok().and_then(|known| known.clone());
        if let Some(known) = known.filter(|known| (0..FRESH_MS).contains(&now.since(known.at))) {
            return Ok(known);
        }
        let walked = Arc::new(hub.flow.look(move |desk| walk(desk, now)).await?);
        if let Ok(mut known) = self.0.lock() {
            *known = Some(Arc::clone(&walked));
        }
        Ok(walked)
    }

    /// The next page walks anew: something was changed by hand.
    pub(in super::super) fn forget(&self) {
        if let Ok(mut known) = self.0.lock() {
            *known = None;
        }
    }
}

fn walk(desk: &mut Desk<'_>, now: Instant) -> Overview {
    let mut seen = Overview::empty(now);
    seen.on_the_way = flow::on_the_way(desk);
    let state = desk.state();
    seen.writes = state.catalogue().channels().iter().map(|put| put.writes).collect();
    seen.zone = super::super::first_zone(state);
    seen.items = state.catalogue().items().len() as u64;
    seen.questions = state.quarantine().count() as u64;
    sums(state, &mut seen);
    writing(state, now, &mut seen);
    stuck(state, &mut seen);
    seen
}

fn sums(state: &State, seen: &mut Overview) {
    let (mut on_hand, mut promised) = (0_i64, 0_i64);
    for row in 0..state.positions().len() as u32 {
        let position = state.positions().row(row);
        on_hand = on_hand.saturating_add(position.on_hand().parts());
        promised = promised.saturating_add(position.reserved().parts());
    }
    (seen.on_hand, seen.promised) = (Level::from_parts(on_hand), Level::from_parts(promised));
}

fn writing(state: &State, now: Instant, seen: &mut Overview) {
    for batch in state.in_flight() {
        let Some(first) = batch.writes.first() else { continue };
        if now.since(batch.dated) > SLOW_MS {
            let shown = StuckLine {
                shown: first.from,
                wanted: Some(first.to),
                reason: format!(
                    "The platform has not said for more than 30 seconds whether it took this write ({} in all); it is sent again until it does.",
                    super::super::words::counted(batch.writes.len() as u64, "level", "levels")
                ),
                since: batch.dated,
                ..line(state, batch.channel, first.item, first.location)
            };
            keep(seen, shown);
        }
        if seen.writing.len() < LISTED {
            let known = line(state, batch.channel, first.item, first.location);
            seen.writing.push(WritingLine {
                channel: known.channel,
                sku: known.sku,
                location: known.location_name,
                from: first.from,
                to: first.to,
                more: batch.writes.len() - 1,
                since: batch.dated,
            });
        }
    }
}

fn stuck(state: &State, seen: &mut Overview) {
    for shown in state.shown().iter().filter(|shown| shown.blocked) {
        let position = state.positions().row(shown.position);
        let reason = state.shown().reason(shown.channel, shown.position);
        let found = StuckLine {
            shown: shown.level,
            wanted: state.wanted(shown.channel, position.item, position.location),
            reason: reason.map_or_else(|| "The platform refused it.".to_owned(), |note| note.as_str().to_owned()),
            since: shown.at,
            blocked: true,
            ..line(state, shown.channel, position.item, position.location)
        };
        keep(seen, found);
    }
    seen.stuck.sort_by_key(|line| line.since);
}

fn keep(seen: &mut Overview, found: StuckLine) {
    if seen.stuck.len() < LISTED {
        seen.stuck.push(found);
    } else {
        seen.stuck_more += 1;
    }
}

/// The names around a level; its figures are for the caller to fill in.
fn line(state: &State, channel: ChannelId, item: ItemId, location: LocationId) -> StuckLine {
    let catalogue = state.catalogue();
    let known = catalogue.item(item);
    StuckLine {
        channel: catalogue.channel(channel).map_or_else(|| channel.to_string(), |put| put.name.to_string()),
        sku: known.map_or_else(|| item.to_string(), |put| put.sku.to_string()),
        title: known.map_or_else(|| item.to_string(), super::super::stock::title),
        location: location.0,
        location_name: catalogue.location(location).map_or_else(|| location.to_string(), |put| put.name.to_string()),
        shown: Level::ZERO,
        wanted: None,
        reason: String::new(),
        since: Instant(0),
        blocked: false,
    }
}
