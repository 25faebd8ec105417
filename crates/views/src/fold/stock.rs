//! Facts that move stock: positions, the lines that explain them, and the days they happened on.

use std::collections::BTreeMap;

use model::{
    Actor, Cause, Change, ChannelId, Counted, Entry, Fact, ItemId, LocationId, Moved, Quantity, ReservationId,
    Reserved, ReturnPutRight, Returned, Seq,
};
use rusqlite::{OptionalExtension, params};

use super::{Fold, days::Sums, positions::Shift, stored};
use crate::ViewsError;

/// How a promise ended; the numbers are those of the table.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum End {
    Committed = 1,
    Released = 2,
    Expired = 3,
}

impl Fold<'_> {
    pub(super) fn moved(&mut self, seq: Seq, entry: &Entry, moved: &Moved) -> Result<(), ViewsError> {
        let shift = Shift {
            on_hand: moved.on_hand,
            reserved: moved.reserved,
            in_transit: moved.in_transit,
            unsellable: moved.unsellable,
        };
        self.positions.change(self.tables, seq, (moved.item, moved.location), shift)?;
        if moved.on_hand.is_zero() {
            return Ok(());
        }
        let channel = match moved.order {
            Some((order, _)) => self.order_channels.of(self.tables, order)?,
            None => moved.shown.map(|(channel, _)| channel).or(told_by(entry)),
        };
        let sold = if moved.cause == Cause::Sale { moved.on_hand.undo().parts() } else { 0 };
        let day = self.zones.day(moved.location, moved.happened_at);
        let sums = Sums { sold, on_hand: moved.on_hand.parts(), ..Sums::default() };
        self.days.add(moved.item, Some(moved.location), day, channel, sums);
        Ok(())
    }

    /// The stock of a return is in its own movement; this is what people call returned, put back or not.
    pub(super) fn returned(&mut self, returned: &Returned) -> Result<(), ViewsError> {
        let Some(item) = returned.item else { return Ok(()) };
        let channel = self.order_channels.of(self.tables, returned.order)?;
        // Goods that went nowhere have no local day: an unknown place counts in UTC.
        let place = returned.restocked.unwrap_or(LocationId(u32::MAX));
        let day = self.zones.day(place, returned.happened_at);
        let sums = Sums { returned: returned.quantity.parts(), ..Sums::default() };
        self.days.add(item, returned.restocked, day, channel, sums);
        Ok(())
    }

    /// What was counted as returned of one item is another's.
    pub(super) fn return_put_right(&mut self, right: &ReturnPutRight) -> Result<(), ViewsError> {
        let channel = self.order_channels.of(self.tables, right.order)?;
        let parts = right.quantity.parts();
        for (item, place, returned) in
            [(right.was_item, right.was_restocked, -parts), (right.item, right.restocked, parts)]
        {
            let Some(item) = item else { continue };
            let day = self.zones.day(place.unwrap_or(LocationId(u32::MAX)), right.happened_at);
            self.days.add(item, place, day, channel, Sums { returned, ..Sums::default() });
        }
        Ok(())
    }

    /// A count moves nothing by itself, but it belongs to the story of the position.
    pub(super) fn counted(&mut self, seq: Seq, counted: &Counted) -> Result<(), ViewsError> {
        self.positions.change(self.tables, seq, (counted.item, counted.location), Shift::default())
    }

    pub(super) fn reserved(&mut self, seq: Seq, reserved: &Reserved) -> Result<(), ViewsError> {
        for (place, quantity) in per_position(reserved) {
            let shift = Shift { reserved: quantity.gain(), ..Shift::default() };
            self.positions.change(self.tables, seq, place, shift)?;
        }
        let sql = "INSERT OR REPLACE INTO reservations VALUES (?1, ?2, 0, ?3, NULL)";
        let row = params![stored(reserved.reservation.0), stored(seq.0), reserved.expires_at.0];
        self.tables.prepare_cached(sql)?.execute(row)?;
        Ok(())
    }

    /// Ends a live promise. One that is unknown or has ended already stays as it is, as in the engine.
    pub(super) fn ended(
        &mut self,
        seq: Seq,
        entry: &Entry,
        reservation: ReservationId,
        end: End,
    ) -> Result<(), ViewsError> {
        let Some(reserved) = self.live(reservation)? else { return Ok(()) };
        for ((item, location), quantity) in per_position(&reserved) {
            let on_hand = if end == End::Committed { quantity.loss() } else { Change::ZERO };
            let shift = Shift { on_hand, reserved: quantity.loss(), ..Shift::default() };
            self.positions.change(self.tables, seq, (item, location), shift)?;
            if !on_hand.is_zero() {
                let day = self.zones.day(location, entry.at);
                let sums = Sums { sold: quantity.parts(), on_hand: on_hand.parts(), ..Sums::default() };
                self.days.add(item, Some(location), day, told_by(entry), sums);
            }
        }
        let sql = "UPDATE reservations SET state = ?2, ended_seq = ?3 WHERE id = ?1";
        let row = params![stored(reservation.0), end as i64, stored(seq.0)];
        self.tables.prepare_cached(sql)?.execute(row)?;
        Ok(())
    }

    fn live(&self, reservation: ReservationId) -> Result<Option<Reserved>, ViewsError> {
        let sql = "SELECT f.body FROM reservations r JOIN facts f ON f.seq = r.seq WHERE r.id = ?1 AND r.state = 0";
        let mut statement = self.tables.prepare_cached(sql)?;
        let body: Option<Vec<u8>> = statement.query_row([stored(reservation.0)], |row| row.get(0)).optional()?;
        let entries = body.map(|body| Entry::decode_all(&body)).transpose()?.unwrap_or_default();
        let made = entries.into_iter().next().map(|entry| entry.fact);
        Ok(if let Some(Fact::Reserved(reserved)) = made { Some(reserved) } else { None })
    }
}

/// Lines summed, so that a fact changes each position once.
fn per_position(reserved: &Reserved) -> BTreeMap<(ItemId, LocationId), Quantity> {
    let mut sums: BTreeMap<_, Quantity> = BTreeMap::new();
    for line in &reserved.lines {
        let sum = sums.entry((line.item, line.location)).or_default();
        *sum = sum.plus(line.quantity);
    }
    sums
}

fn told_by(entry: &Entry) -> Option<ChannelId> {
    match &entry.by {
        Actor::Channel(channel) => Some(*channel),
        Actor::Key(_) | Actor::System | Actor::Operator | Actor::Person(_) | Actor::Agent { .. } => None,
    }
}
