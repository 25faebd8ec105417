//! Levels read from a channel.
//!
//! A reading is bracketed: the channel's orders were polled to the end before it and again after it, and `since` is
//! the journal's head when the first poll had been taken in. If anything moved the believed level after `since`, the
//! reading may or may not contain it and is thrown away. Otherwise every sale in the reading has been heard of, and a
//! difference is what somebody did inside the platform: at its home it is the truth, elsewhere it is drift to mend.

use std::collections::BTreeMap;

use model::{
    Cause, Change, ChannelId, ExternalItem, ExternalLocation, Fact, Held, Instant, ItemId, Level, LevelRead, LevelSeen,
    LocationId, Moved, NoticeAbout, Quantity, Refusal, Seq,
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
    if !home {
        facts.extend(held(state, channel, (item, location), seen.level));
    }
    if home {
        // Before the first reading the wanted level holds all that was heard of, and the reading contains it too.
        let doubt = row.map_or(Change::ZERO, |row| row.doubt);
        let on_hand = unexplained(believed.unwrap_or(wanted).to(seen.level), doubt);
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
        if let Some(wanted) = believed.filter(|_| !on_hand.is_zero() && !doubt.is_zero()) {
            facts.push(Fact::Held(Held { channel, item, location, shown: seen.level, wanted, doubt: Some(doubt) }));
        }
    }
    facts
}

/// A difference too large to be written before somebody has looked at it.
fn held(state: &State, channel: ChannelId, (item, location): (ItemId, LocationId), shown: Level) -> Option<Fact> {
    let hold = state.catalogue.channel(channel)?.hold;
    let wanted = state.wanted(channel, item, location)?;
    let off = i128::from(shown.parts().abs_diff(wanted.parts()));
    let price = state.catalogue.item(item)?.price.map_or(0, |price| i128::from(price.minor));
    let unit = i128::from(Quantity::units(1).parts());
    let larger = i128::from(shown.parts().max(wanted.parts()));
    let too_many = !hold.units.is_zero() && off > i128::from(hold.units.parts());
    let too_dear = hold.value_minor > 0 && off * price > i128::from(hold.value_minor) * unit;
    let too_large = hold.percent > 0 && off >= 10 * unit && off * 100 > larger * i128::from(hold.percent);
    (too_many || too_dear || too_large).then_some(Fact::Held(Held {
        channel,
        item,
        location,
        shown,
        wanted,
        doubt: None,
    }))
}

/// What a difference says about the shelf. A write of ours whose outcome is unknown explains its own change, whether
/// it was taken or not. Beside another change nobody can tell: what leaves less unexplained is believed until a person
/// has counted.
fn unexplained(difference: Change, doubt: Change) -> Change {
    let without = difference.plus(doubt.undo());
    if without.size() < difference.size() { without } else { difference }
}
