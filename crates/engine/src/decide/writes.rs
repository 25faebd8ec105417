//! Writes to channels: checked against now when they are intended, settled once.

use model::{
    ChannelId, Fact, IdempotencyKey, Instant, ItemId, LocationId, NoticeAbout, Outcome, Refusal, Write, WriteId,
    WriteMode, WritesIntended, WritesSettled,
};

use crate::state::{State, Trust};

/// A batch is sent only if every write in it is still exactly what is missing: believed level, wanted level, nothing
/// in flight, nothing blocked.
pub(super) fn intend(
    state: &State,
    channel: ChannelId,
    mode: WriteMode,
    dated: Instant,
    writes: &[Write],
    key: &IdempotencyKey,
    body: &[u8],
) -> Result<Vec<Fact>, Refusal> {
    let Some(known) = state.catalogue.channel(channel) else {
        return Err(Refusal::Unknown { what: channel.to_string() });
    };
    if !known.writes {
        return Err(Refusal::NotNow { what: format!("channel {} is read-only", known.name) });
    }
    if writes.is_empty() {
        return Err(Refusal::Invalid { field: "writes", problem: "is empty".into() });
    }
    for (place, write) in writes.iter().enumerate() {
        let row = state.positions.find(write.item, write.location).and_then(|row| state.shown.get(channel, row));
        let Some(row) = row else { return Err(Refusal::Stale { shown: write.from }) };
        let wanted = state.wanted(channel, write.item, write.location);
        let trusted = match mode {
            WriteMode::Lower => matches!(row.trust, Trust::Known | Trust::Stale),
            WriteMode::Raise | WriteMode::Correct => row.trust == Trust::Known,
        };
        let twice = writes[..place].iter().any(|w| w.item == write.item && w.location == write.location);
        let now = row.level == write.from && wanted == Some(write.to) && write.from != write.to;
        if !trusted || !now || twice || row.in_flight.is_some() || row.blocked {
            return Err(Refusal::Stale { shown: row.level });
        }
    }
    Ok(vec![Fact::WritesIntended(Box::new(WritesIntended {
        id: state.next_write(),
        channel,
        mode,
        key: key.clone(),
        dated,
        writes: writes.to_vec(),
        body: body.to_vec(),
    }))])
}

pub(super) fn settle(state: &State, id: WriteId, outcomes: &[Outcome]) -> Result<Vec<Fact>, Refusal> {
    let Some(batch) = state.in_flight.get(&id) else { return Ok(Vec::new()) };
    if outcomes.len() != batch.writes.len() {
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
