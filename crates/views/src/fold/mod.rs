//! One fact into the tables. The writer calls it inside its transaction; it asks no clock and reads only what earlier
//! facts left in the same tables, so that any chunking of a journal gives the same rows.

mod about;
pub(crate) mod books;
mod days;
mod instructions;
pub(crate) mod mapping;
mod names;
pub(crate) mod orders;
mod positions;
mod proposals;
mod stock;
mod writes;

use model::{Entry, Fact, Seq};
use rusqlite::{Connection, params};

use self::mapping::MappingKind;
use self::{about::About, days::Days, orders::OrderChannels, positions::Positions, writes::WriteSums};
use crate::{FactKind, ViewsError, day::Zones};

/// Channel or location in a key where there is none.
pub(crate) const NONE: i64 = -1;

/// A batch being folded. What many facts of a batch change alike (positions, days, totals) is summed here and written
/// once, by [`finish`](Self::finish).
pub(crate) struct Fold<'t> {
    tables: &'t Connection,
    zones: &'t mut Zones,
    positions: Positions,
    days: Days,
    order_channels: OrderChannels,
    write_sums: WriteSums,
    buffer: Vec<u8>,
}

impl<'t> Fold<'t> {
    pub(crate) fn new(tables: &'t Connection, zones: &'t mut Zones) -> Self {
        Self {
            tables,
            zones,
            positions: Positions::default(),
            days: Days::default(),
            order_channels: OrderChannels::default(),
            write_sums: WriteSums::default(),
            buffer: Vec::new(),
        }
    }

    /// Takes the next fact in.
    pub(crate) fn take(&mut self, seq: Seq, entry: &Entry) -> Result<(), ViewsError> {
        self.keep(seq, entry)?;
        let tables = self.tables;
        match &entry.fact {
            Fact::ChannelPut(put) => names::channel(tables, put),
            Fact::LocationPut(put) => {
                self.zones.put(put.location, put.zone.as_str());
                names::location(tables, put)
            }
            Fact::ItemPut(put) => names::item(tables, put),
            Fact::ItemMapped { channel, external, item, .. } => {
                mapping::step(tables, seq, MappingKind::Item, *channel, external.as_str())?;
                let answered = || mapping::answered(tables, MappingKind::Item, *channel, external.as_str());
                item.map_or(Ok(()), |_| answered())
            }
            Fact::MappingUnclear { channel, external, sku, listing, .. } => {
                let words = mapping::words_of_item(external.as_str(), sku, listing.as_deref());
                mapping::asked(tables, seq, MappingKind::Item, *channel, external.as_str(), &words)
            }
            Fact::LocationMapped { channel, external, .. } => {
                mapping::step(tables, seq, MappingKind::Location, *channel, external.as_str())?;
                mapping::answered(tables, MappingKind::Location, *channel, external.as_str())
            }
            Fact::LocationUnclear { channel, external, name, .. } => {
                let words = format!("{external}\n{name}");
                mapping::asked(tables, seq, MappingKind::Location, *channel, external.as_str(), &words)
            }
            Fact::LocationGone { channel, external } => {
                mapping::answered(tables, MappingKind::Location, *channel, external.as_str())
            }
            Fact::QuestionDismissed { question } => mapping::put_away(tables, seq, question, true),
            Fact::QuestionReopened { question } => mapping::put_away(tables, seq, question, false),
            Fact::CustomersLinked { one, other } | Fact::CustomersUnlinked { one, other } => {
                mapping::link(tables, seq, one, other)
            }
            Fact::CustomerPut(put) => books::customer(tables, seq, put),
            Fact::OrderPut(put) => {
                self.order_channels.learn(put.order, put.channel);
                orders::put(tables, seq, put)
            }
            Fact::Moved(moved) => self.moved(seq, entry, moved),
            Fact::Returned(returned) => self.returned(returned),
            Fact::ReturnPutRight(right) => self.return_put_right(right),
            Fact::Counted(counted) => self.counted(seq, counted),
            Fact::Reserved(reserved) => self.reserved(seq, reserved),
            Fact::Extended { reservation, expires_at } => books::extended(tables, *reservation, *expires_at),
            Fact::Committed { reservation } => self.ended(seq, entry, *reservation, stock::End::Committed),
            Fact::Released { reservation, .. } => self.ended(seq, entry, *reservation, stock::End::Released),
            Fact::Expired { reservation } => self.ended(seq, entry, *reservation, stock::End::Expired),
            Fact::Oversold(oversold) => {
                let week = self.zones.week(oversold.location, entry.at);
                books::oversold(tables, week, oversold)
            }
            Fact::WritesIntended(intended) => self.write_sums.intended(tables, seq, intended),
            Fact::WritesSettled(settled) => self.write_sums.settled(tables, seq, settled),
            Fact::Quarantined(put) => books::quarantined(tables, seq, put),
            Fact::QuarantineClosed { id, .. } => books::quarantine_closed(tables, seq, *id),
            Fact::TransferPut(put) => books::transfer(tables, seq, put),
            Fact::Instructed(put) => instructions::asked(tables, seq, put),
            Fact::InstructionSent(sent) => instructions::sent(tables, seq, sent.id),
            Fact::InstructionSettled { id, end, .. } => instructions::ended(tables, seq, *id, end),
            Fact::Proposed(put) => proposals::made(tables, seq, put),
            Fact::Answered { id, answer } => proposals::answered(tables, seq, *id, answer),
            Fact::Acted { id, acts } => proposals::acted(tables, seq, *id, acts),
            Fact::ActsUndone { id, acts, .. } => proposals::undone(tables, seq, *id, acts),
            Fact::Decided(decided) => books::decided(tables, seq, decided),
            // Read from their own rows in `facts`, or of no interest to a page.
            Fact::Categorised { .. }
            | Fact::PolicyPut(_)
            | Fact::BrakePut(_)
            | Fact::BrakeLifted { .. }
            | Fact::Snoozed { .. }
            | Fact::SafetySet { .. }
            | Fact::BufferSet { .. }
            | Fact::Delivered { .. }
            | Fact::Noticed { .. }
            | Fact::NoticeDone { .. }
            | Fact::CursorMoved { .. }
            | Fact::KeyUsed { .. }
            | Fact::Shorted(_)
            | Fact::Erased(_)
            | Fact::LevelRead(_)
            | Fact::Held(_)
            | Fact::Unblocked { .. }
            | Fact::Listed { .. }
            | Fact::OrderReopened { .. }
            | Fact::ListingUnblocked { .. } => Ok(()),
        }
    }

    /// Writes the sums and the checkpoint.
    pub(crate) fn finish(self, checkpoint: Seq) -> Result<(), ViewsError> {
        let opened = self.positions.write(self.tables)?;
        self.days.write(self.tables)?;
        self.write_sums.write(self.tables)?;
        let sql = "UPDATE meta SET checkpoint = ?1, positions = positions + ?2";
        self.tables.prepare_cached(sql)?.execute(params![stored(checkpoint.0), opened])?;
        Ok(())
    }

    fn keep(&mut self, seq: Seq, entry: &Entry) -> Result<(), ViewsError> {
        self.buffer.clear();
        entry.encode_to(&mut self.buffer);
        let about = About::of(entry);
        let sql = "INSERT INTO facts VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)";
        self.tables.prepare_cached(sql)?.execute(params![
            stored(seq.0),
            entry.at.0,
            FactKind::of(&entry.fact).number(),
            about.item.map(|id| id.0),
            about.location.map(|id| id.0),
            about.channel.map(|id| id.0),
            about.order.map(|id| id.0),
            about.reservation.map(|id| stored(id.0)),
            self.buffer.as_slice(),
        ])?;
        Ok(())
    }
}

/// A counter as SQLite's signed integer. None reaches 2^63; one that claims to is held there.
pub(crate) fn stored(counter: u64) -> i64 {
    i64::try_from(counter).unwrap_or(i64::MAX)
}
