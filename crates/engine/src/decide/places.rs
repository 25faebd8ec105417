//! What a channel's locations are: found by name, else asked; said, changed and taken away by a person. Stock of a
//! location that is none of ours is never guessed.

use model::{
    ChannelId, ExternalLocation, Fact, Instant, LocationId, LocationName, LocationSeen, MappingQuestion, Note,
    NoticeAbout, Refusal,
};

use super::mapping::{must_know_channel, read_again, taken_back};
use crate::state::{State, StrangePlace};

/// A location of a channel is one of ours when it has its name, when that one is not another of the channel's already,
/// and when nobody took this very mapping away. Everything else is a question for a person.
pub(super) fn location_seen(state: &State, seen: &LocationSeen) -> Result<Vec<Fact>, Refusal> {
    let (channel, external) = (seen.channel, &seen.external);
    let known = state.catalogue.mapped_location(channel, external);
    let strange = state.catalogue.strange_place(channel, external);
    if !seen.active {
        let gone = strange.map(|_| Fact::LocationGone { channel, external: external.clone() });
        return Ok(known.map(|_| unmap(channel, external)).or(gone).into_iter().collect());
    }
    if known.is_some() {
        return Ok(Vec::new());
    }
    let by_hand = strange.is_some_and(|strange| strange.by_hand);
    let named = state.catalogue.location_named(&seen.name).map(|location| location.location);
    let taken = named.and_then(|named| state.catalogue.external_location(channel, named));
    match (named, taken) {
        (Some(named), None) if !by_hand => Ok(located(state, channel, external, named)),
        (_, taken) => Ok(asked(state, seen, by_hand, named, taken)),
    }
}

/// The question, when it is not asked already in these words and nobody put it away.
fn asked(
    state: &State,
    seen: &LocationSeen,
    by_hand: bool,
    named: Option<LocationId>,
    taken: Option<&ExternalLocation>,
) -> Vec<Fact> {
    let question = MappingQuestion::Location { channel: seen.channel, external: seen.external.clone() };
    if state.is_dismissed(&question) {
        return Vec::new();
    }
    let reason = match taken {
        Some(other) => format!("{} is already {other} on this channel; say which of the two it is", seen.name),
        None if by_hand => TAKEN_AWAY.to_owned(),
        None => format!("no location of ours is called {}; say which it is", seen.name),
    };
    let place = StrangePlace {
        name: seen.name.clone(),
        reason: Note::new(&reason),
        candidates: named.into_iter().collect(),
        by_hand,
    };
    let same = state.catalogue.strange_place(seen.channel, &seen.external) == Some(&place);
    if same { Vec::new() } else { vec![unclear(seen.channel, &seen.external, place)] }
}

const TAKEN_AWAY: &str = "somebody took its mapping away; say which it is";

fn unclear(channel: ChannelId, external: &ExternalLocation, place: StrangePlace) -> Fact {
    let StrangePlace { name, reason, candidates, by_hand } = place;
    Fact::LocationUnclear { channel, external: external.clone(), name, reason, candidates, by_hand }
}

pub(super) fn map_location(
    state: &State,
    at: Instant,
    channel: ChannelId,
    external: &ExternalLocation,
    location: Option<LocationId>,
) -> Result<Vec<Fact>, Refusal> {
    must_know_channel(state, channel)?;
    if let Some(location) = location.filter(|location| state.catalogue.location(*location).is_none()) {
        return Err(Refusal::Unknown { what: location.to_string() });
    }
    let before = state.catalogue.mapped_location(channel, external);
    if before == location {
        return Ok(Vec::new());
    }
    let mut facts = Vec::new();
    if let Some(before) = before {
        facts.extend(unlearnt(state, at, channel, before));
    }
    let Some(location) = location else {
        facts.extend(taken_away(state, channel, external, before));
        facts.extend(attributed_anew(state, channel, before.into_iter().collect()));
        return Ok(facts);
    };
    let loser = state.catalogue.external_location(channel, location).cloned();
    if let Some(loser) = &loser {
        facts.extend(taken_away(state, channel, loser, Some(location)));
    }
    facts.extend(located(state, channel, external, location));
    facts.extend(attributed_anew(state, channel, before.into_iter().chain(loser.map(|_| location)).collect()));
    Ok(facts)
}

/// It is no location of ours from now on, and a question again. Its name over there is heard with the next reading; until
/// then it goes by ours.
fn taken_away(state: &State, channel: ChannelId, external: &ExternalLocation, before: Option<LocationId>) -> Vec<Fact> {
    let ours = before.and_then(|before| state.catalogue.location(before));
    let name = ours.map_or_else(|| LocationName::new(external.as_str()), |location| location.name.clone());
    let place =
        StrangePlace { name, reason: Note::new(TAKEN_AWAY), candidates: before.into_iter().collect(), by_hand: true };
    let mut facts = vec![unmap(channel, external), unclear(channel, external, place)];
    facts.extend(super::inputs::notice(state, channel, &NoticeAbout::Locations));
    facts
}

fn unmap(channel: ChannelId, external: &ExternalLocation) -> Fact {
    Fact::LocationMapped { channel, external: external.clone(), location: None }
}

/// The mapping, and the documents that waited for it.
fn located(state: &State, channel: ChannelId, external: &ExternalLocation, location: LocationId) -> Vec<Fact> {
    let mut facts = vec![Fact::LocationMapped { channel, external: external.clone(), location: Some(location) }];
    // What was set aside before the place was written down with it waits for any.
    let waits = |q: &&model::Quarantined| match &q.waits_at {
        Some(place) => place == external,
        None => q.waits_for.is_none() && q.document.is_some(),
    };
    for waiting in state.quarantine.values().filter(|q| q.channel == channel).filter(waits) {
        let reason = Note::new("the location is mapped now; fetched again");
        facts.push(Fact::QuarantineClosed { id: waiting.id, reason });
        let about = waiting.document.clone().map(NoticeAbout::Order);
        facts.extend(about.map(|about| Fact::Noticed { channel, about }));
    }
    facts
}

/// Sales, orders and returns of a channel that were taken to have happened there are read again.
fn attributed_anew(state: &State, channel: ChannelId, places: Vec<LocationId>) -> Vec<Fact> {
    read_again(state, state.orders.of_channel(channel, |order| places.iter().any(|place| order.touches_place(*place))))
}

/// What the channel's own numbers taught about this place was about another one.
fn unlearnt(state: &State, at: Instant, channel: ChannelId, location: LocationId) -> Vec<Fact> {
    let shown = state.shown.iter().filter(|row| row.channel == channel);
    let here = shown.filter(|row| state.positions.row(row.position).location == location);
    here.filter_map(|row| taken_back(state, at, channel, row.position)).collect()
}
