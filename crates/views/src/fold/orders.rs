//! The index of orders. Heads and lines stay in the fact; movements, returns and shortages are found by its order.

use std::collections::{HashMap, hash_map};

use model::{ChannelId, OrderId, OrderKind, OrderPut, OrderState, Seq};
use rusqlite::{Connection, OptionalExtension, params};

use super::stored;
use crate::ViewsError;

pub(super) fn put(tables: &Connection, seq: Seq, put: &OrderPut) -> Result<(), ViewsError> {
    // Channel and document are what the order is known by: they never change, so their indexes are left alone.
    let sql = "INSERT INTO orders VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10) ON CONFLICT DO UPDATE SET \
               seq = excluded.seq, reference = excluded.reference, reference_folded = excluded.reference_folded, \
               placed_at = excluded.placed_at, kind = excluded.kind, state = excluded.state, \
               customer = excluded.customer";
    tables.prepare_cached(sql)?.execute(params![
        put.order.0,
        stored(seq.0),
        put.channel.0,
        put.document.as_str(),
        put.reference.as_str(),
        put.reference.as_str().to_lowercase(),
        put.placed_at.0,
        kind_number(put.kind),
        state_number(put.state),
        put.customer.as_ref().map(|customer| customer.as_str()),
    ])?;
    Ok(())
}

pub(crate) fn kind_number(kind: OrderKind) -> i64 {
    match kind {
        OrderKind::Till => 0,
        OrderKind::Web => 1,
    }
}

/// 0 is open: an index depends on it.
pub(crate) fn state_number(state: OrderState) -> i64 {
    match state {
        OrderState::Open => 0,
        OrderState::Completed => 1,
        OrderState::Cancelled => 2,
    }
}

/// Which channel an order is of. A sale's order comes just before its movements, so the tables are rarely asked.
#[derive(Default)]
pub(super) struct OrderChannels(HashMap<OrderId, Option<ChannelId>>);

impl OrderChannels {
    pub(super) fn learn(&mut self, order: OrderId, channel: ChannelId) {
        self.0.insert(order, Some(channel));
    }

    /// `None` when the order was never put.
    pub(super) fn of(&mut self, tables: &Connection, order: OrderId) -> Result<Option<ChannelId>, ViewsError> {
        match self.0.entry(order) {
            hash_map::Entry::Occupied(known) => Ok(*known.get()),
            hash_map::Entry::Vacant(place) => {
                let mut statement = tables.prepare_cached("SELECT channel FROM orders WHERE id = ?1")?;
                let channel = statement.query_row([order.0], |row| row.get(0).map(ChannelId)).optional()?;
                Ok(*place.insert(channel))
            }
        }
    }
}
