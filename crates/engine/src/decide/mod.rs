//! May this happen? Reads, never writes. A refusal is an answer, not a failure; doing a thing twice is an ordinary
//! outcome with no facts.

mod catalogue;
mod govern;
mod inputs;
mod instructions;
mod late;
mod levels;
mod mapping;
mod orders;
mod oversell;
mod people;
mod places;
mod reservations;
mod returns;
mod stock;
mod telling;
mod writes;

use model::{Action, Actor, ChannelPut, Command, Fact, IdempotencyKey, Refusal};

use crate::state::State;

/// What follows from a command, given the state.
///
/// # Errors
/// A [`Refusal`] says why nothing follows and what would help.
pub fn decide(state: &State, command: &Command) -> Result<Vec<Fact>, Refusal> {
    // An agent can only propose: nothing else it asks for is even looked at.
    if let (Actor::Agent { agent, .. }, false) = (&command.by, matches!(command.action, Action::Propose { .. })) {
        return Err(Refusal::Forbidden { what: format!("{} can only propose", agent.name()) });
    }
    match &command.action {
        Action::PutChannel {
            name,
            platform,
            basis,
            sells_from,
            buffer,
            whole_units,
            never_below_zero,
            writes,
            leads,
            follows,
            hold,
        } => {
            let put = |channel, sells_from| ChannelPut {
                channel,
                name: name.clone(),
                platform: *platform,
                basis: *basis,
                sells_from,
                buffer: *buffer,
                whole_units: *whole_units,
                writes: *writes,
                leads: *leads,
                follows: *follows,
                hold: *hold,
                never_below_zero: *never_below_zero,
            };
            catalogue::put_channel(state, name, sells_from, put)
        }
        Action::PutLocation { name, kind, zone, home } => {
            catalogue::put_location(state, name, *kind, zone, home.as_ref())
        }
        Action::PutItem { sku, title, barcodes, unit, components, price, tax_inclusive } => {
            let new = catalogue::NewItem {
                sku,
                title,
                barcodes,
                unit: *unit,
                components,
                price: *price,
                tax_inclusive: *tax_inclusive,
            };
            catalogue::put_item(state, &new)
        }
        Action::PutRule(rule) => catalogue::put_rule(state, rule),
        Action::ItemSeen(seen) => catalogue::item_seen(state, seen),
        Action::MapItem { channel, external, item } => mapping::map_item(state, command.at, *channel, external, *item),
        Action::LocationSeen(seen) => places::location_seen(state, seen),
        Action::MapLocation { channel, external, location } => {
            places::map_location(state, command.at, *channel, external, *location)
        }
        Action::LinkCustomers { one, other } => people::link(state, one, other),
        Action::UnlinkCustomers { one, other } => Ok(people::unlink(state, one, other)),
        Action::DismissQuestion(question) => people::dismiss(state, question),
        Action::ReopenQuestion(question) => Ok(people::reopen(state, question)),
        Action::OrderSeen(seen) => orders::order_seen(state, command, seen, None),
        Action::OrderRead { seen, asked_at } => orders::order_seen(state, command, seen, Some(*asked_at)),
        Action::CustomerSeen(seen) => inputs::customer_seen(state, seen),
        Action::LevelsSeen { channel, since, read_at, levels, .. } => {
            levels::levels_seen(state, *channel, *since, *read_at, levels)
        }
        Action::Delivered { channel, delivery, raw, notices } => {
            inputs::delivered(state, *channel, *delivery, *raw, notices)
        }
        Action::Notice { channel, about } => Ok(inputs::notice(state, *channel, about)),
        Action::NoticeDone { channel, about } => Ok(inputs::notice_done(state, *channel, about)),
        Action::MoveCursor { channel, cursor } => Ok(inputs::move_cursor(state, *channel, cursor)),
        Action::Quarantine { channel, delivery, raw, kind, reason } => {
            Ok(inputs::quarantine(state, *channel, *delivery, *raw, kind, reason))
        }
        Action::CloseQuarantine { id, reason } => inputs::close_quarantine(state, *id, reason),
        Action::Reserve(ask) => reservations::reserve(state, command, ask),
        Action::Extend { reservation, expires_at } => reservations::extend(state, command, *reservation, *expires_at),
        Action::Commit { reservation } => reservations::commit(state, command, *reservation),
        Action::Release { reservation, reason } => reservations::release(state, *reservation, reason),
        Action::Expire { max } => Ok(reservations::expire(state, command, *max)),
        Action::Adjust { key, adjustment } => {
            once(state, key.as_ref(), &command.action, || stock::adjust(state, command, adjustment))
        }
        Action::Count { key, count } => {
            once(state, key.as_ref(), &command.action, || stock::count(state, command, count))
        }
        Action::Receive { key, receipt } => {
            once(state, key.as_ref(), &command.action, || stock::receive(state, command, receipt))
        }
        Action::Transfer { key, step } => {
            once(state, key.as_ref(), &command.action, || stock::transfer(state, command, key.as_ref(), step))
        }
        Action::Decide(ask) => inputs::decision(state, ask),
        Action::IntendWrites { channel, mode, dated, writes, listings, key, body } => {
            let asked = writes::Asked { channel: *channel, mode: *mode, dated: *dated, writes, listings, key, body };
            writes::intend(state, &asked)
        }
        Action::SettleWrites { id, outcomes } => writes::settle(state, *id, outcomes),
        Action::Instruct { channel, key, deed } => {
            once(state, key.as_ref(), &command.action, || instructions::instruct(state, *channel, key.as_ref(), deed))
        }
        Action::SendInstruction { id, body, sealed } => instructions::send(state, *id, body, sealed.as_ref()),
        Action::SettleInstruction { id, end } => instructions::settle(state, *id, end),
        Action::Categorise { item, category } => govern::categorise(state, *item, category),
        Action::PutPolicy { base, policy, text, reason } => {
            govern::put_policy(state, command, *base, policy, text, reason)
        }
        Action::PutBrake { agents, acts, scope, phase, reason } => {
            govern::put_brake(state, command, agents, acts, scope, *phase, reason)
        }
        Action::LiftBrake { id, reason } => govern::lift_brake(state, command, *id, reason),
        Action::Propose { proposal, local_minute } => govern::propose(state, command, proposal, *local_minute),
        Action::Answer { id, answer } => govern::answer(state, command, *id, answer),
        Action::Snooze { id, until } => govern::snooze(state, command, *id, *until),
        Action::Lapse { max } => Ok(govern::lapse(state, command, *max)),
        Action::Watch => Ok(govern::watch(state)),
        Action::Undo { id, reason } => govern::undo(state, command, *id, reason),
        Action::Erase(erased) => people::erase(state, erased),
        Action::UnblockListing { channel, item } => writes::unblock_listing(state, *channel, *item),
        Action::Unblock { channel, item, location } => writes::unblock(state, *channel, *item, *location),
    }
}

/// Does it once per idempotency key: the same request again changes nothing, another one under the key is refused.
fn once(
    state: &State,
    key: Option<&IdempotencyKey>,
    action: &Action,
    make: impl FnOnce() -> Result<Vec<Fact>, Refusal>,
) -> Result<Vec<Fact>, Refusal> {
    let Some(key) = key else { return make() };
    let asked = fingerprint(action);
    match state.keys.get(key) {
        Some(known) if *known == asked => Ok(Vec::new()),
        Some(_) => Err(Refusal::KeyReused),
        None => {
            let mut facts = make()?;
            facts.push(Fact::KeyUsed { key: key.clone(), asked });
            Ok(facts)
        }
    }
}

/// What was asked, as a number to compare with.
fn fingerprint(action: &Action) -> u64 {
    model::stable_hash(&[format!("{action:?}").as_bytes()])
}
