//! Writes to channels: checked against now when they are intended, settled once.

use model::{
    ChannelId, Fact, IdempotencyKey, Instant, ItemId, ListingWrite, LocationId, NoticeAbout, Outcome, Refusal, Write,
    WriteId, WriteMode, WritesIntended, WritesSettled,
};

use crate::state::{State, Trust};

/// A batch as asked for.
pub(super) struct Asked<'a> {
    pub channel: ChannelId,
    pub mode: WriteMode,
    pub dated: Instant,
    pub writes: &'a [Write],
    pub listings: &'a [ListingWrite],
    pub key: &'a IdempotencyKey,
    pub body: &'a [u8],
}

/// A batch is sent only if every write in it is still exactly what is missing: what is believed, what is wanted,
/// nothing in flight, nothing blocked.
pub(super) fn intend(state: &State, asked: &Asked<'_>) -> Result<Vec<Fact>, Refusal> {
    let Some(known) = state.catalogue.channel(asked.channel) else {
        return Err(Refusal::Unknown { what: asked.channel.to_string() });
    };
    if !known.writes {
        return Err(Refusal::NotNow { what: format!("channel {} is read-only", known.name) });
    }
    let (wanted, other) = match asked.mode {
        WriteMode::List => (asked.listings.len(), asked.writes.len()),
        WriteMode::Lower | WriteMode::Raise | WriteMode::Correct => (asked.writes.len(), asked.listings.len()),
    };
    if wanted == 0 || other > 0 {
        return Err(Refusal::Invalid {
            field: "writes",
            problem: "must be levels or listings, as the mode says".into(),
        });
    }
    levels_still_missing(state, asked)?;
    listings_still_missing(state, asked)?;
    Ok(vec![Fact::WritesIntended(Box::new(WritesIntended {
        id: state.next_write(),
        channel: asked.channel,
        mode: asked.mode,
        key: asked.key.clone(),
        dated: asked.dated,
        writes: asked.writes.to_vec(),
        body: asked.body.to_vec(),
        listings: asked.listings.to_vec(),
    }))])
}

fn levels_still_missing(state: &State, asked: &Asked<'_>) -> Result<(), Refusal> {
    for (place, write) in asked.writes.iter().enumerate() {
        let row = state.positions.find(write.item, write.location).and_then(|row| state.shown.get(asked.channel, row));
        let Some(row) = row else { return Err(Refusal::Stale { shown: write.from }) };
        let wanted = state.wanted(asked.channel, write.item, write.location);
        let trusted = match asked.mode {
            WriteMode::Lower => matches!(row.trust, Trust::Known | Trust::Stale),
            WriteMode::Raise | WriteMode::Correct => row.trust == Trust::Known,
            WriteMode::List => false,
        };
        let twice = asked.writes[..place].iter().any(|w| w.item == write.item && w.location == write.location);
        let now = row.level == write.from && wanted == Some(write.to) && write.from != write.to;
        if !trusted || !now || twice || row.in_flight.is_some() || row.blocked {
            return Err(Refusal::Stale { shown: row.level });
        }
    }
    Ok(())
}

fn listings_still_missing(state: &State, asked: &Asked<'_>) -> Result<(), Refusal> {
    for (place, write) in asked.listings.iter().enumerate() {
        let due = state.listing_due(asked.channel, write.item);
        let now = state.listing(asked.channel, write.item).as_ref() == Some(&write.from)
            && state.wanted_listing(asked.channel, write.item).as_ref() == Some(&write.to);
        let twice = asked.listings[..place].iter().any(|other| other.item == write.item);
        if !due || !now || twice {
            let what = format!("what {} should list of {} has changed meanwhile", asked.channel, write.item);
            return Err(Refusal::NotNow { what });
        }
    }
    Ok(())
}

pub(super) fn unblock_listing(state: &State, channel: ChannelId, item: ItemId) -> Result<Vec<Fact>, Refusal> {
    match state.listings.get(channel, item) {
        Some(listed) if listed.refused.is_some() => Ok(vec![Fact::ListingUnblocked { channel, item }]),
        Some(_) => Ok(Vec::new()),
        None if state.catalogue.external_item(channel, item).is_some() => Ok(Vec::new()),
        None => Err(Refusal::Unknown { what: format!("{item} on {channel}") }),
    }
}

pub(super) fn settle(state: &State, id: WriteId, outcomes: &[Outcome]) -> Result<Vec<Fact>, Refusal> {
    let Some(batch) = state.in_flight.get(&id) else { return Ok(Vec::new()) };
    if outcomes.len() != batch.len() {
        return Err(Refusal::Invalid { field: "outcomes", problem: "there must be one for each write".into() });
    }
    let mut facts = Vec::new();
    for (write, outcome) in batch.writes.iter().zip(outcomes) {
        if needs_reading(state, batch.channel, write, outcome) {
            let item = state.catalogue.external_item(batch.channel, write.item);
            let location = state.catalogue.external_location(batch.channel, write.location);
            if let (Some(item), Some(location)) = (item, location) {
                let about = NoticeAbout::Level(item.clone(), location.clone());
                facts.extend(super::inputs::notice(state, batch.channel, &about));
            }
        }
    }
    facts.insert(
        0,
        Fact::WritesSettled(Box::new(WritesSettled { id, channel: batch.channel, outcomes: outcomes.to_vec() })),
    );
    Ok(facts)
}

/// Whether the platform shows, or may show, something else than the write would explain.
fn needs_reading(state: &State, channel: ChannelId, write: &Write, outcome: &Outcome) -> bool {
    match outcome {
        Outcome::Stale | Outcome::Unknown => true,
        Outcome::Again | Outcome::Never { .. } | Outcome::Done { after: None } => false,
        Outcome::Done { after: Some(after) } => {
            let row = state.positions.find(write.item, write.location);
            let believed = row.and_then(|row| state.shown.get(channel, row)).map(|row| row.level);
            believed.is_none_or(|believed| believed.after(write.change()) != *after)
        }
    }
}

pub(super) fn unblock(
    state: &State,
    channel: ChannelId,
    item: ItemId,
    location: LocationId,
) -> Result<Vec<Fact>, Refusal> {
    let row = state.positions.find(item, location).and_then(|row| state.shown.get(channel, row));
    match row {
        Some(row) if row.blocked => Ok(vec![Fact::Unblocked { channel, item, location }]),
        Some(_) => Ok(Vec::new()),
        None => Err(Refusal::Unknown { what: format!("{item} at {location} on {channel}") }),
    }
}
