//! Short words for the commands that tests use most.

use model::{
    Action, Adjustment, Change, ChannelId, Count, Demand, IdempotencyKey, Instant, ItemId, Level, LevelSeen,
    LocationId, Note, Outcome, Quantity, Receipt, ReservationId, Reserve, Seq, StockRule, TransferId, TransferStep,
    Write, WriteId, WriteMode,
};

use super::hub::{Hub, external, external_location};

pub use super::hub::{channel, put_item, read_only};

/// Stock is changed by hand.
pub fn adjust(item: ItemId, location: LocationId, units: i32) -> Action {
    adjust_by(item, location, Change::units(units))
}

/// Stock is changed by hand, by any amount.
pub fn adjust_by(item: ItemId, location: LocationId, change: Change) -> Action {
    let adjustment = Adjustment { item, location, change, unsellable: false, reason: Note::new("") };
    Action::Adjust { key: None, adjustment }
}

/// Units stay but cannot be sold.
pub fn set_apart(item: ItemId, location: LocationId, units: i32) -> Action {
    let change = Change::units(-units);
    let adjustment = Adjustment { item, location, change, unsellable: true, reason: Note::new("damaged") };
    Action::Adjust { key: None, adjustment }
}

/// Stock was counted.
pub fn count(item: ItemId, location: LocationId, units: u32, counted_at: Instant) -> Action {
    let count = Count { item, location, counted: Quantity::units(units), counted_at, reason: Note::new("") };
    Action::Count { key: None, count }
}

/// Goods came in.
pub fn receive(item: ItemId, location: LocationId, units: u32) -> Action {
    let receipt = Receipt { item, location, quantity: Quantity::units(units), reference: Note::new("") };
    Action::Receive { key: None, receipt }
}

/// The same command under an idempotency key.
pub fn keyed(key: &str, action: Action) -> Action {
    let key = Some(IdempotencyKey::new(key));
    match action {
        Action::Adjust { adjustment, .. } => Action::Adjust { key, adjustment },
        Action::Count { count, .. } => Action::Count { key, count },
        Action::Receive { receipt, .. } => Action::Receive { key, receipt },
        Action::Transfer { step, .. } => Action::Transfer { key, step },
        Action::Reserve(ask) => Action::Reserve(Reserve { key, ..ask }),
        other => other,
    }
}

/// A promise of whole units for ten minutes.
pub fn reserve(hub: &Hub, lines: &[(ItemId, LocationId, u32)]) -> Action {
    let lines: Vec<_> =
        lines.iter().map(|(item, location, units)| (*item, *location, Quantity::units(*units))).collect();
    reserve_of(hub, &lines)
}

/// A promise of any amounts for ten minutes.
pub fn reserve_of(hub: &Hub, lines: &[(ItemId, LocationId, Quantity)]) -> Action {
    reserve_until(hub.now.plus_ms(600_000), lines)
}

/// A promise with its end.
pub fn reserve_until(expires_at: Instant, lines: &[(ItemId, LocationId, Quantity)]) -> Action {
    let demand = |(item, location, quantity): &(ItemId, LocationId, Quantity)| Demand {
        item: *item,
        location: *location,
        quantity: *quantity,
    };
    Action::Reserve(Reserve { key: None, lines: lines.iter().map(demand).collect(), expires_at, note: Note::new("") })
}

/// A promise is kept longer.
pub fn extend(reservation: u64, expires_at: Instant) -> Action {
    Action::Extend { reservation: ReservationId(reservation), expires_at }
}

/// The goods of a promise leave.
pub fn commit(reservation: u64) -> Action {
    Action::Commit { reservation: ReservationId(reservation) }
}

/// A promise is given back.
pub fn release(reservation: u64) -> Action {
    Action::Release { reservation: ReservationId(reservation), reason: Note::new("changed mind") }
}

/// Safety stock.
pub fn safety(item: ItemId, location: LocationId, units: u32) -> Action {
    Action::PutRule(StockRule::Safety { item, location, quantity: Quantity::units(units) })
}

/// A channel's buffer for an item.
pub fn buffer(item: ItemId, channel: ChannelId, units: u32) -> Action {
    Action::PutRule(StockRule::Buffer { item, channel, quantity: Quantity::units(units) })
}

/// A reading with nothing moved since the polls around it.
pub fn shows(hub: &Hub, channel: ChannelId, item: ItemId, location: LocationId, level: Level) -> Action {
    showed(channel, item, location, level, hub.state.seq(), hub.now)
}

/// A reading whose first poll had been taken in at `since`.
pub fn showed(
    channel: ChannelId,
    item: ItemId,
    location: LocationId,
    level: Level,
    since: Seq,
    read_at: Instant,
) -> Action {
    let external = external(channel, item);
    let levels = vec![LevelSeen { external, location: external_location(channel, location), level }];
    Action::LevelsSeen { channel, since, read_at, levels, whole: false }
}

/// A transfer is planned.
pub fn draft(from: LocationId, to: LocationId, lines: &[(ItemId, u32)]) -> Action {
    let lines = lines.iter().map(|(item, units)| (*item, Quantity::units(*units))).collect();
    Action::Transfer { key: None, step: TransferStep::Draft { from, to, lines, note: Note::new("") } }
}

/// A transfer leaves.
pub fn ship(transfer: u32) -> Action {
    Action::Transfer { key: None, step: TransferStep::Ship { transfer: TransferId(transfer) } }
}

/// Part of a transfer arrives; no lines = all of it.
pub fn arrive(transfer: u32, lines: &[(ItemId, u32)]) -> Action {
    let lines = lines.iter().map(|(item, units)| (*item, Quantity::units(*units))).collect();
    Action::Transfer { key: None, step: TransferStep::Receive { transfer: TransferId(transfer), lines } }
}

/// A transfer ends as it is.
pub fn close(transfer: u32) -> Action {
    Action::Transfer { key: None, step: TransferStep::Close { transfer: TransferId(transfer) } }
}

/// One level is about to be written.
pub fn intend(mode: WriteMode, channel: ChannelId, item: ItemId, location: LocationId, from: i32, to: i32) -> Action {
    let write = Write { item, location, from: Level::units(from), to: Level::units(to) };
    Action::IntendWrites {
        channel,
        mode,
        dated: Instant(1_800_000_000_000),
        writes: vec![write],
        listings: Vec::new(),
        key: IdempotencyKey::new("batch"),
        body: b"{}".to_vec(),
    }
}

/// What became of it.
pub fn settle(write: u64, outcome: Outcome) -> Action {
    Action::SettleWrites { id: WriteId(write), outcomes: vec![outcome] }
}
