//! Stock changed by hand: adjustments, counts, receipts, transfers.

use model::{
    Adjustment, Cause, Change, Command, Count, Counted, Fact, IdempotencyKey, Instant, ItemId, LocationId, Moved, Note,
    Quantity, Receipt, Refusal, TransferId, TransferPut, TransferState, TransferStep,
};

use super::catalogue::must_know;
use super::oversell::{Ledger, Taken, by_hand};
use super::reservations::check_quantity;
use crate::state::State;

/// Most lines of one transfer.
const LINES_MAX: usize = 1_000;

/// A movement of one kind of stock; the rest stays.
fn moved(item: ItemId, location: LocationId, cause: Cause, happened_at: Instant, note: &Note) -> Moved {
    Moved {
        item,
        location,
        cause,
        on_hand: Change::ZERO,
        reserved: Change::ZERO,
        in_transit: Change::ZERO,
        unsellable: Change::ZERO,
        happened_at,
        order: None,
        shown: None,
        note: (!note.is_empty()).then(|| note.clone()),
    }
}

fn must_have_stock(state: &State, item: ItemId, location: LocationId) -> Result<(), Refusal> {
    must_know(state, item, Some(location))?;
    match state.catalogue.item(item) {
        Some(known) if !known.tracked || !known.components.is_empty() => Err(Refusal::Invalid {
            field: "sku",
            problem: format!("{} has no stock of its own (a service, or a bundle)", known.sku),
        }),
        _ => Ok(()),
    }
}

/// Whose promises break when stock goes that was promised.
fn consequences(state: &State, command: &Command, item: ItemId, location: LocationId, change: Change) -> Vec<Fact> {
    let taker = by_hand(command.at, None);
    let position = state.positions.get(item, location);
    if position.reserved().is_negative() || position.reserved().is_zero() {
        // Nobody was promised anything: books below zero are a matter for the next count.
        return Vec::new();
    }
    let taken = Taken { item, location, free: change, left: true, kept: Quantity::ZERO };
    Ledger::default().take(state, &taker, &taken)
}

pub(super) fn adjust(state: &State, command: &Command, ask: &Adjustment) -> Result<Vec<Fact>, Refusal> {
    must_have_stock(state, ask.item, ask.location)?;
    if ask.change.is_zero() {
        return Err(Refusal::Invalid { field: "change", problem: "is zero; nothing would change".into() });
    }
    check_quantity(state, ask.item, ask.change.size())?;
    let mut movement = moved(ask.item, ask.location, Cause::Adjustment, command.at, &ask.reason);
    movement.on_hand = ask.change;
    if ask.unsellable {
        let position = state.positions.get(ask.item, ask.location);
        let there = if ask.change.is_loss() { position.on_hand() } else { position.unsellable() };
        if ask.change.size() > there.positive() {
            let problem = format!("only {} are there to be set apart or put back", there.positive());
            return Err(Refusal::Invalid { field: "change", problem });
        }
        // Units change between 'for sale' and 'not for sale'; none leaves.
        movement.unsellable = ask.change.undo();
    }
    let mut facts = vec![Fact::Moved(movement)];
    facts.extend(consequences(state, command, ask.item, ask.location, ask.change));
    Ok(facts)
}

/// A count is compared with what was known at its time: what moved since stays moved.
pub(super) fn count(state: &State, command: &Command, ask: &Count) -> Result<Vec<Fact>, Refusal> {
    must_have_stock(state, ask.item, ask.location)?;
    if !ask.counted.is_zero() {
        check_quantity(state, ask.item, ask.counted)?;
    }
    if ask.counted_at.since(command.at) > 5 * 60_000 {
        return Err(Refusal::Invalid { field: "counted_at", problem: format!("{} is in the future", ask.counted_at) });
    }
    if command.at.since(ask.counted_at) > 72 * 3_600_000 {
        return Err(Refusal::Invalid {
            field: "counted_at",
            problem: "is more than 72 hours ago, which is as far as movements are kept for counts; count again".into(),
        });
    }
    let position = state.positions.get(ask.item, ask.location);
    if position.counted_at().is_some_and(|known| known > ask.counted_at) {
        return Err(Refusal::NotNow {
            what: format!(
                "a later count of this item is known already ({})",
                position.counted_at().unwrap_or_default()
            ),
        });
    }
    let expected = match state.positions.find(ask.item, ask.location) {
        Some(row) => state.on_hand_at(row, ask.counted_at),
        None => position.on_hand(),
    };
    let change = expected.to(ask.counted.level());
    let mut facts = vec![Fact::Counted(Counted {
        item: ask.item,
        location: ask.location,
        counted: ask.counted,
        expected,
        counted_at: ask.counted_at,
    })];
    if !change.is_zero() {
        let mut movement = moved(ask.item, ask.location, Cause::Count, ask.counted_at, &ask.reason);
        movement.on_hand = change;
        facts.push(Fact::Moved(movement));
        facts.extend(consequences(state, command, ask.item, ask.location, change));
    }
    Ok(facts)
}

pub(super) fn receive(state: &State, command: &Command, ask: &Receipt) -> Result<Vec<Fact>, Refusal> {
    must_have_stock(state, ask.item, ask.location)?;
    check_quantity(state, ask.item, ask.quantity)?;
    let mut movement = moved(ask.item, ask.location, Cause::Receipt, command.at, &ask.reference);
    movement.on_hand = ask.quantity.gain();
    Ok(vec![Fact::Moved(movement)])
}

pub(super) fn transfer(
    state: &State,
    command: &Command,
    key: Option<&IdempotencyKey>,
    step: &TransferStep,
) -> Result<Vec<Fact>, Refusal> {
    match step {
        TransferStep::Draft { from, to, lines, note } => draft(state, key, *from, *to, lines, note),
        TransferStep::Ship { transfer } => ship(state, command, *transfer),
        TransferStep::Receive { transfer, lines } => arrive(state, command, *transfer, lines),
        TransferStep::Close { transfer } => close(state, command, *transfer),
    }
}

fn draft(
    state: &State,
    key: Option<&IdempotencyKey>,
    from: LocationId,
    to: LocationId,
    lines: &[(ItemId, Quantity)],
    note: &Note,
) -> Result<Vec<Fact>, Refusal> {
    if from == to {
        return Err(Refusal::Invalid { field: "to", problem: "is where the goods are already".into() });
    }
    if lines.is_empty() || lines.len() > LINES_MAX {
        return Err(Refusal::Invalid { field: "lines", problem: format!("one to {LINES_MAX} lines are possible") });
    }
    for (item, quantity) in lines {
        must_have_stock(state, *item, from)?;
        must_have_stock(state, *item, to)?;
        check_quantity(state, *item, *quantity)?;
    }
    Ok(vec![Fact::TransferPut(TransferPut {
        transfer: TransferId(state.transfer_last + 1),
        from,
        to,
        state: TransferState::Draft,
        open: sum(lines),
        note: note.clone(),
        key: key.cloned(),
    })])
}

fn sum(lines: &[(ItemId, Quantity)]) -> Vec<(ItemId, Quantity)> {
    let mut sums: std::collections::BTreeMap<ItemId, Quantity> = Default::default();
    for (item, quantity) in lines {
        let sum = sums.entry(*item).or_default();
        *sum = sum.plus(*quantity);
    }
    sums.into_iter().collect()
}

fn in_state(state: &State, transfer: TransferId, wanted: &[TransferState]) -> Result<TransferPut, Refusal> {
    match state.transfers.get(&transfer) {
        Some(known) if wanted.contains(&known.state) => Ok(known.clone()),
        Some(known) => {
            Err(Refusal::NotNow { what: format!("{transfer} is {:?}, which does not allow this", known.state) })
        }
        None if transfer.0 <= state.transfer_last && transfer.0 > 0 => {
            Err(Refusal::NotNow { what: format!("{transfer} has ended") })
        }
        None => Err(Refusal::Unknown { what: transfer.to_string() }),
    }
}

/// Leaves the origin; belongs to neither end's availability while it is under way.
fn ship(state: &State, command: &Command, transfer: TransferId) -> Result<Vec<Fact>, Refusal> {
    let known = in_state(state, transfer, &[TransferState::Draft])?;
    let mut facts = Vec::new();
    for (item, quantity) in &known.open {
        let available = state.positions.get(*item, known.from).free().positive();
        if *quantity > available {
            let sku = state.catalogue.item(*item).map_or_else(|| "".into(), |item| item.sku.clone());
            return Err(Refusal::NotAvailable { sku, asked: *quantity, available });
        }
        let mut out = moved(*item, known.from, Cause::Transfer, command.at, &known.note);
        out.on_hand = quantity.loss();
        let mut under_way = moved(*item, known.to, Cause::Transfer, command.at, &known.note);
        under_way.in_transit = quantity.gain();
        facts.extend([Fact::Moved(out), Fact::Moved(under_way)]);
    }
    facts.push(Fact::TransferPut(TransferPut { state: TransferState::InTransit, key: None, ..known }));
    Ok(facts)
}

fn arrive(
    state: &State,
    command: &Command,
    transfer: TransferId,
    lines: &[(ItemId, Quantity)],
) -> Result<Vec<Fact>, Refusal> {
    let mut known = in_state(state, transfer, &[TransferState::InTransit])?;
    let arrived = if lines.is_empty() { known.open.clone() } else { sum(lines) };
    let mut facts = Vec::new();
    for (item, quantity) in &arrived {
        check_quantity(state, *item, *quantity)?;
        let Some(open) = known.open.iter_mut().find(|(open, _)| open == item) else {
            return Err(Refusal::Unknown { what: format!("{item} on {transfer}") });
        };
        if *quantity > open.1 {
            return Err(Refusal::Invalid {
                field: "lines",
                problem: format!("{quantity} arrived of {item}, but only {} are under way", open.1),
            });
        }
        open.1 = open.1.minus(*quantity);
        let mut movement = moved(*item, known.to, Cause::Transfer, command.at, &known.note);
        movement.on_hand = quantity.gain();
        movement.in_transit = quantity.loss();
        facts.push(Fact::Moved(movement));
    }
    known.open.retain(|(_, open)| !open.is_zero());
    let now = if known.open.is_empty() { TransferState::Received } else { TransferState::InTransit };
    facts.push(Fact::TransferPut(TransferPut { state: now, key: None, ..known }));
    Ok(facts)
}

/// A draft is called off; of what is under way the missing rest is written off.
fn close(state: &State, command: &Command, transfer: TransferId) -> Result<Vec<Fact>, Refusal> {
    let known = in_state(state, transfer, &[TransferState::Draft, TransferState::InTransit])?;
    let mut facts = Vec::new();
    if known.state == TransferState::InTransit {
        for (item, quantity) in &known.open {
            let mut movement = moved(*item, known.to, Cause::Transfer, command.at, &Note::new("did not arrive"));
            movement.in_transit = quantity.loss();
            facts.push(Fact::Moved(movement));
        }
    }
    facts.push(Fact::TransferPut(TransferPut { state: TransferState::Closed, key: None, ..known }));
    Ok(facts)
}
