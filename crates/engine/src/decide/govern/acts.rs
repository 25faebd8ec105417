//! Acts: whether what they were worked out from still holds, what follows when they are done, and how each is taken
//! back. One arm for each act in each of the three. Called by proposals alone.

use model::{
    Act, Adjustment, ChannelId, Command, Count, Deed, DoneAct, Fact, Instant, InstructionEnd, InstructionId, ItemId,
    Level, LocationId, Made, MakePurchase, Money, Note, ProposalId, Quantity, Refusal, StockRule, TransferId,
    TransferState, TransferStep, Undone,
};

use crate::decide::{catalogue, instructions, mapping, people, stock, writes};
use crate::state::State;

/// Largest price that is set, in minor units.
const PRICE_MAX: i64 = 1_000_000_000_000;

/// Says what has changed since it was worked out, if anything that matters has.
pub(super) fn still(state: &State, act: &Act) -> Result<(), String> {
    match act {
        Act::SetBuffer { item, channel, was, .. } => same("the buffer", *was, state.catalogue.buffer(*channel, *item)),
        Act::SetSafety { item, location, was, .. } => {
            same("the safety stock", was.level(), state.positions.get(*item, *location).safety())
        }
        Act::Purchase { purchase, cover, .. } => {
            let lines = purchase.lines.iter().map(|line| (line.item, line.quantity));
            still_needed(state, purchase.location, lines, cover)
        }
        Act::Transfer { from, to, lines, cover } => {
            still_needed(state, *to, lines.iter().copied(), cover)?;
            for (item, quantity) in lines {
                let free = state.available_at(*item, *from);
                if free < *quantity {
                    return Err(format!("only {free} of {} can be spared", sku(state, *item)));
                }
            }
            Ok(())
        }
        Act::LinkCustomers { one, other } => match state.links().are_one(one, other) {
            true => Err("they are one person already".to_owned()),
            false => Ok(()),
        },
        Act::MapItem { channel, external, was, .. } => {
            let now = state.catalogue.mapped_item(*channel, external);
            if now == *was { Ok(()) } else { Err(format!("{external} was mapped by somebody meanwhile")) }
        }
        Act::SetPrice { item, was, .. } => {
            let now = state.catalogue.item(*item).and_then(|item| item.price);
            if now == *was { Ok(()) } else { Err(format!("the price is {} now", price(now))) }
        }
        Act::OverrideCount { item, location, was, .. } => {
            same("stock on hand", *was, state.positions.get(*item, *location).on_hand())
        }
        Act::WriteHeld { channel, item, location, shown, wanted } => {
            let row = state.positions.find(*item, *location).and_then(|row| state.shown.get(*channel, row));
            let Some(row) = row.filter(|row| row.blocked) else {
                return Err("it is not held back any more".to_owned());
            };
            same("the level shown", *shown, row.level)?;
            same("the level wanted", Some(*wanted), state.wanted(*channel, *item, *location))
        }
    }
}

fn same<T: PartialEq + std::fmt::Debug>(what: &str, was: T, now: T) -> Result<(), String> {
    if was == now { Ok(()) } else { Err(format!("{what} was {was:?} and is {now:?} now")) }
}

/// A document about stock is needed no more when as much as it would bring has come from elsewhere.
fn still_needed(
    state: &State,
    at: LocationId,
    lines: impl Iterator<Item = (ItemId, Quantity)>,
    cover: &[Level],
) -> Result<(), String> {
    for (place, (item, quantity)) in lines.enumerate() {
        let Some(seen) = cover.get(place) else { return Err("a line does not say what covered demand".to_owned()) };
        let position = state.positions.get(item, at);
        let now = position.on_hand().parts().saturating_add(position.in_transit().parts());
        let now = Level::from_parts(now.saturating_sub(position.reserved().parts()));
        let risen = seen.to(now);
        if !risen.is_loss() && risen.size() >= quantity && !quantity.is_zero() {
            return Err(format!("{} more of {} are there or on their way", risen.size(), sku(state, item)));
        }
    }
    Ok(())
}

/// What follows, and what undoing it will need.
pub(super) fn perform(
    state: &State,
    command: &Command,
    id: ProposalId,
    act: &Act,
) -> Result<(Vec<Fact>, Made), Refusal> {
    let note = Note::new(&id.to_string());
    let facts = match act {
        Act::SetBuffer { item, channel, to, .. } => {
            catalogue::put_rule(state, &StockRule::Buffer { item: *item, channel: *channel, quantity: *to })?
        }
        Act::SetSafety { item, location, to, .. } => {
            catalogue::put_rule(state, &StockRule::Safety { item: *item, location: *location, quantity: *to })?
        }
        Act::Purchase { channel, purchase, .. } => return buy(state, *channel, purchase),
        Act::Transfer { from, to, lines, .. } => {
            let step = TransferStep::Draft { from: *from, to: *to, lines: lines.clone(), note };
            let facts = stock::transfer(state, command, None, &step)?;
            let made = facts.iter().find_map(|fact| match fact {
                Fact::TransferPut(put) => Some(Made::Transfer(put.transfer)),
                _ => None,
            });
            return Ok((facts, made.unwrap_or(Made::Set)));
        }
        Act::LinkCustomers { one, other } => people::link(state, one, other)?,
        Act::MapItem { channel, external, to, .. } => mapping::map_item(state, command.at, *channel, external, *to)?,
        Act::SetPrice { item, to, .. } => set_price(state, *item, *to)?,
        Act::OverrideCount { item, location, to, .. } => {
            let count = Count { item: *item, location: *location, counted: *to, counted_at: command.at, reason: note };
            stock::count(state, command, &count)?
        }
        Act::WriteHeld { channel, item, location, .. } => writes::unblock(state, *channel, *item, *location)?,
    };
    Ok((facts, Made::Set))
}

fn buy(state: &State, channel: ChannelId, purchase: &MakePurchase) -> Result<(Vec<Fact>, Made), Refusal> {
    let facts = instructions::instruct(state, channel, None, &Deed::MakePurchase(purchase.clone()))?;
    let made = facts.iter().find_map(|fact| match fact {
        Fact::Instructed(instructed) => Some(Made::Instruction(instructed.id)),
        _ => None,
    });
    Ok((facts, made.unwrap_or(Made::Set)))
}

fn set_price(state: &State, item: ItemId, to: Money) -> Result<Vec<Fact>, Refusal> {
    let Some(known) = state.catalogue.item(item) else { return Err(Refusal::Unknown { what: item.to_string() }) };
    if !(1..=PRICE_MAX).contains(&to.minor) {
        let problem = "is not above zero, or larger than any price there is".into();
        return Err(Refusal::Invalid { field: "price", problem });
    }
    if let Some(now) = known.price.filter(|now| now.currency != to.currency) {
        let problem = format!("is in {}, and the item's price is in {}", to.currency.code(), now.currency.code());
        return Err(Refusal::Invalid { field: "price", problem });
    }
    if let Some(leader) = state.catalogue.channels().iter().find(|channel| channel.leads.price) {
        let what = format!("prices are led by channel {}; they are changed there", leader.name);
        return Err(Refusal::NotNow { what });
    }
    let new = catalogue::NewItem {
        sku: &known.sku,
        title: &known.title,
        barcodes: &known.barcodes,
        unit: known.unit,
        components: &known.components,
        price: Some(to),
        tax_inclusive: known.tax_inclusive,
    };
    catalogue::put_item(state, &new)
}

/// What taking it back brings, and what became of that. What somebody has changed since is theirs and stays.
pub(super) fn undo(
    state: &State,
    command: &Command,
    done_at: Instant,
    done: &DoneAct,
    reason: &Note,
) -> (Vec<Fact>, Undone) {
    let attempt = match &done.made {
        Made::Nothing(_) => return (Vec::new(), Undone::Nothing),
        Made::Transfer(transfer) => close(state, command, *transfer),
        Made::Instruction(instruction) => call_off(state, *instruction, reason),
        Made::Set => reverse(state, command, done_at, &done.act, reason),
    };
    match attempt {
        Ok(facts) => (facts, Undone::Reversed),
        Err(result) => (Vec::new(), result),
    }
}

fn reverse(state: &State, command: &Command, done_at: Instant, act: &Act, reason: &Note) -> Result<Vec<Fact>, Undone> {
    match act {
        Act::SetBuffer { item, channel, was, to } => {
            mine("the buffer", *to, state.catalogue.buffer(*channel, *item))?;
            done(catalogue::put_rule(state, &StockRule::Buffer { item: *item, channel: *channel, quantity: *was }))
        }
        Act::SetSafety { item, location, was, to } => {
            mine("the safety stock", to.level(), state.positions.get(*item, *location).safety())?;
            done(catalogue::put_rule(state, &StockRule::Safety { item: *item, location: *location, quantity: *was }))
        }
        Act::LinkCustomers { one, other } => match people::unlink(state, one, other) {
            facts if facts.is_empty() => Err(kept("somebody has taken the link away already")),
            facts => Ok(facts),
        },
        Act::MapItem { channel, external, was, to } => {
            if state.catalogue.mapped_item(*channel, external) != *to {
                return Err(kept(&format!("{external} was mapped anew since")));
            }
            done(mapping::map_item(state, command.at, *channel, external, *was))
        }
        Act::SetPrice { item, was, to } => {
            let now = state.catalogue.item(*item).and_then(|item| item.price);
            if now != Some(*to) {
                return Err(kept(&format!("the price was changed since, to {}", price(now))));
            }
            match was {
                Some(was) => done(set_price(state, *item, *was)),
                None => Err(impossible("there was no price before; give it one")),
            }
        }
        Act::OverrideCount { item, location, was, to } => {
            let counted = state.positions.get(*item, *location).counted_at();
            if counted.is_some_and(|at| at > done_at) {
                return Err(kept("it was counted since"));
            }
            let change = to.level().to(*was);
            if change.is_zero() {
                return Ok(Vec::new());
            }
            // What moved since stays moved: the step itself is taken back, not the level of then.
            let reason = reason.clone();
            let adjustment = Adjustment { item: *item, location: *location, change, unsellable: false, reason };
            done(stock::adjust(state, command, &adjustment))
        }
        Act::WriteHeld { .. } => {
            Err(impossible("the level was written; count or adjust the stock, and the channel follows"))
        }
        Act::Purchase { .. } | Act::Transfer { .. } => Err(impossible("nothing is known of what it made")),
    }
}

fn mine<T: PartialEq + std::fmt::Debug>(what: &str, to: T, now: T) -> Result<(), Undone> {
    if to == now { Ok(()) } else { Err(kept(&format!("{what} was changed since and is {now:?} now"))) }
}

fn done(facts: Result<Vec<Fact>, Refusal>) -> Result<Vec<Fact>, Undone> {
    facts.map_err(|refusal| impossible(&refusal.to_string()))
}

fn close(state: &State, command: &Command, transfer: TransferId) -> Result<Vec<Fact>, Undone> {
    match state.transfers.get(&transfer).map(|put| put.state) {
        Some(TransferState::Draft) => done(stock::transfer(state, command, None, &TransferStep::Close { transfer })),
        Some(_) => Err(impossible(&format!("{transfer} has left; receive it and send it back"))),
        None => Err(kept(&format!("{transfer} was closed or received since"))),
    }
}

fn call_off(state: &State, id: InstructionId, reason: &Note) -> Result<Vec<Fact>, Undone> {
    match state.instructions.get(&id) {
        Some(open) if open.sent.is_none() => {
            let end = InstructionEnd::Withdrawn { because: reason.clone() };
            done(instructions::settle(state, id, &end))
        }
        Some(_) => Err(impossible(&format!("{id} is on its way; cancel the document where it is made"))),
        None => {
            Err(impossible(&format!("{id} has ended; cancel the document where it was made, and tell the supplier")))
        }
    }
}

fn kept(because: &str) -> Undone {
    Undone::Kept { because: Note::new(because) }
}

fn impossible(because: &str) -> Undone {
    Undone::Impossible { because: Note::new(because) }
}

fn sku(state: &State, item: ItemId) -> String {
    state.catalogue.item(item).map_or_else(|| item.to_string(), |item| item.sku.to_string())
}

fn price(money: Option<Money>) -> String {
    money.map_or_else(|| "unknown".to_owned(), |money| format!("{} {}", money.to_decimal(), money.currency.code()))
}
