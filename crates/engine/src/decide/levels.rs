//! Levels read from a channel.
//!
//! A reading is bracketed: the channel's orders were polled to the end before it and again after it, and `since` is
//! the journal's head when the first poll had been taken in. If anything moved the believed level after `since`, the
//! reading may or may not contain it and is thrown away. Otherwise every sale in the reading has been heard of, and a
//! difference is what somebody did inside the platform: at its home it is the truth, elsewhere it is drift to mend.

use std::collections::BTreeMap;

use model::{
    Cause, Change, ChannelId, ExternalItem, ExternalLocation, Fact, Instant, LevelRead, LevelSeen, Moved, NoticeAbout,
    Refusal, Seq,
};

use crate::state::{State, Trust};

pub(super) fn levels_seen(
    state: &State,
    channel: ChannelId,
    since: Seq,
    read_at: Instant,
    levels: &[LevelSeen],
) -> Result<Vec<Fact>, Refusal> {
    if state.catalogue.channel(channel).is_none() {
        return Err(Refusal::Unknown { what: channel.to_string() });
    }
    // Pages of a list that changes while it is read may name a row twice: the one read last counts, and once.
    let mut last: BTreeMap<(&ExternalItem, &ExternalLocation), &LevelSeen> = BTreeMap::new();
    last.extend(levels.iter().map(|seen| ((&seen.external, &seen.location), seen)));
    let counts =
        |seen: &&LevelSeen| last.get(&(&seen.external, &seen.location)).is_some_and(|kept| std::ptr::eq(*kept, *seen));
    let rows = levels.iter().filter(counts);
    Ok(rows.flat_map(|seen| level_seen(state, channel, since, read_at, seen)).collect())
}

fn level_seen(state: &State, channel: ChannelId, since: Seq, read_at: Instant, seen: &LevelSeen) -> Vec<Fact> {
    let about = NoticeAbout::Level(seen.external.clone(), seen.location.clone());
    let item = state.catalogue.mapped_item(channel, &seen.external);
    let location = state.catalogue.mapped_location(channel, &seen.location);
    let (Some(item), Some(location)) = (item, location) else {
        // A level of something unknown tells nothing; its item is asked for by whoever heard of it.
        return super::inputs::notice_done(state, channel, &about);
    };
    let Some(wanted) = state.as_far_as_known(channel, item, location) else {
        return super::inputs::notice_done(state, channel, &about);
    };
    let row = state.positions.find(item, location).and_then(|row| state.shown.get(channel, row));
    if row.is_some_and(|row| row.in_flight.is_some() || row.moved > since) {
        // Overtaken. A notice about it stays, so that it is read again.
        return Vec::new();
    }
    let mut facts = super::inputs::notice_done(state, channel, &about);
    let believed = row.filter(|row| row.trust != Trust::Unread).map(|row| row.level);
    let trusted = row.is_some_and(|row| row.trust == Trust::Known);
    if trusted && believed == Some(seen.level) {
        return facts;
    }
    let home = state.catalogue.location(location).is_some_and(|l| l.home == Some(channel));
    facts.push(Fact::LevelRead(LevelRead { channel, item, location, level: seen.level, read_at }));
    if home {
        // Before the first reading the wanted level holds all that was heard of, and the reading contains it too.
        let on_hand = unexplained(believed.unwrap_or(wanted).to(seen.level), row.map(|row| row.doubt));
        let first = believed.is_none();
        if first || !on_hand.is_zero() {
            facts.push(Fact::Moved(Moved {
                item,
                location,
                cause: if first { Cause::Opening } else { Cause::Platform },
                on_hand,
                reserved: Default::default(),
                in_transit: Default::default(),
                unsellable: Default::default(),
                happened_at: read_at,
                order: None,
                shown: None,
                note: None,
            }));
        }
    }
    facts
}

/// What a difference says about the shelf. A write of ours whose outcome is unknown explains its own change, whether
/// it was taken or not; beside other changes, the reading that leaves less unexplained is believed.
fn unexplained(difference: Change, doubt: Option<Change>) -> Change {
    let without = difference.plus(doubt.unwrap_or_default().undo());
    if without.size() < difference.size() { without } else { difference }
}
