//! Facts that move stock.

use model::{Cause, Change, ChannelId, ItemId, LocationId, Moved, ReservationId, Reserved};

use crate::state::{Holding, PositionChange, PutBack, Reservation, State};

/// How a promise ended.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum End {
    /// The goods left.
    Left,
    /// The units are free again.
    GivenBack,
}

/// Marks what may have to be shown anew. A channel's buffer ties the places of an item together.
pub(super) fn touch(state: &mut State, row: u32) {
    free_refused(state, row);
    let item = state.positions.row(row).item;
    if state.has_buffer(item) {
        touch_item(state, item);
    } else {
        state.touched.positions.insert(row);
    }
}

/// A platform refused a level; when another one is wanted, that one is tried.
fn free_refused(state: &mut State, row: u32) {
    let position = state.positions.row(row);
    for (channel, refused) in state.shown.refused(state.catalogue.channels().len(), row) {
        if state.wanted(channel, position.item, position.location) != Some(refused) {
            state.shown.unblock(channel, row);
        }
    }
}

pub(super) fn touch_item(state: &mut State, item: ItemId) {
    let rows = state.positions.of_item(item, state.catalogue.locations().len());
    state.touched.positions.extend(rows);
}

/// An item is counted under another id from now on: what was believed of its number there was that of the old one.
pub(super) fn number_unknown(state: &mut State, channel: ChannelId, item: ItemId) {
    for row in state.positions.of_item(item, state.catalogue.locations().len()) {
        state.shown.forget(channel, row, state.seq);
    }
}

pub(super) fn moved(state: &mut State, moved: &Moved) {
    let Some(row) = state.positions.open(moved.item, moved.location) else { return };
    state.positions.change(
        row,
        PositionChange {
            on_hand: moved.on_hand,
            reserved: moved.reserved,
            in_transit: moved.in_transit,
            unsellable: moved.unsellable,
        },
    );
    if moved.cause == Cause::Opening || moved.cause == Cause::Receipt || moved.cause == Cause::Adjustment {
        state.positions.set_opened(row);
    }
    state.remember_movement(moved.happened_at, row, moved.on_hand, moved.reserved);
    if let Some((order, line)) = moved.order
        && matches!(moved.cause, Cause::Sale | Cause::Order)
    {
        let holding = Holding {
            line,
            item: moved.item,
            location: moved.location,
            promised: moved.reserved.parts(),
            gone: moved.on_hand.undo().parts(),
        };
        state.orders.move_holding(order, holding, state.seq);
    }
    if let Some((order, line)) = moved.order.filter(|_| moved.cause == Cause::Return) {
        let put = PutBack { item: moved.item, location: moved.location, quantity: moved.on_hand.parts() };
        state.orders.move_return(order, line, put);
    }
    if let Some(home) = home(state, moved.location).filter(|_| matches!(moved.cause, Cause::Opening | Cause::Platform))
    {
        state.shown.learn(home, row, moved.on_hand);
    }
    if let Some((channel, change)) = moved.shown {
        let (seq, now) = (state.seq, state.now);
        state.shown.shift(channel, row, change, seq, now);
    }
    touch(state, row);
}

/// Somebody looked: what readings had taught is nobody's belief any more.
pub(super) fn counted(state: &mut State, location: LocationId, row: u32) {
    if let Some(home) = home(state, location) {
        state.shown.settle_learnt(home, row);
    }
}

fn home(state: &State, location: LocationId) -> Option<ChannelId> {
    state.catalogue.location(location)?.home
}

pub(super) fn reserved(state: &mut State, reserved: &Reserved) {
    for line in &reserved.lines {
        let Some(row) = state.positions.open(line.item, line.location) else { continue };
        let change = PositionChange { reserved: line.quantity.gain(), ..PositionChange::default() };
        state.positions.change(row, change);
        let now = state.now;
        state.remember_movement(now, row, Change::ZERO, line.quantity.gain());
        touch(state, row);
    }
    let live = Reservation {
        lines: reserved.lines.clone(),
        expires_at: reserved.expires_at,
        note: reserved.note.clone(),
        made: state.seq,
    };
    if let Some(key) = &reserved.key {
        state.remember_key(key.clone(), reserved.asked());
    }
    state.reservations.insert(reserved.reservation, live, reserved.key.clone());
}

pub(super) fn ended(state: &mut State, reservation: ReservationId, end: End) {
    let Some(ended) = state.reservations.remove(reservation) else { return };
    for line in &ended.lines {
        let Some(row) = state.positions.find(line.item, line.location) else { continue };
        let on_hand = if end == End::Left { line.quantity.loss() } else { Change::ZERO };
        let change = PositionChange { reserved: line.quantity.loss(), on_hand, ..PositionChange::default() };
        state.positions.change(row, change);
        let now = state.now;
        state.remember_movement(now, row, on_hand, line.quantity.loss());
        touch(state, row);
    }
}
