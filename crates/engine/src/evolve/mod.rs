//! It happened. Cannot fail: the past is not up for debate. What a fact names but the state does not know is ignored.

mod listings;
mod mapping;
mod stock;
mod writes;

use model::{Entry, Fact, Seq};

use crate::state::{OpenInstruction, Order, State, StrangePlace};

/// Takes the next fact in. Entries come in the journal's order, each once.
pub fn evolve(state: &mut State, entry: &Entry) {
    state.now = state.now.max(entry.at);
    state.seq = Seq(state.seq.0 + 1);
    match &entry.fact {
        Fact::ChannelPut(put) => {
            state.catalogue.put_channel(put.clone());
            listings::settle_all(state);
            state.touched.all = true;
        }
        Fact::LocationPut(put) => {
            state.catalogue.put_location(put.clone());
            state.touched.all = true;
        }
        Fact::ItemPut(put) => {
            listings::item_changed(state, put);
            state.catalogue.put_item(put.clone());
            listings::settle_item(state, put.item);
        }
        Fact::Listed { channel, item, listing } => {
            listings::listed(state, *channel, *item, listing.as_deref().cloned());
        }
        Fact::ListingUnblocked { channel, item } => listings::unblocked(state, *channel, *item),
        Fact::ItemMapped { channel, external, item, counted } => {
            mapping::item(state, *channel, external, *item, *counted);
        }
        Fact::LocationMapped { channel, external, location } => {
            mapping::location(state, *channel, external, *location);
        }
        Fact::LocationUnclear { channel, external, name, reason, candidates, by_hand } => {
            let place = StrangePlace {
                name: name.clone(),
                reason: reason.clone(),
                candidates: candidates.clone(),
                by_hand: *by_hand,
            };
            state.catalogue.put_strange(*channel, external.clone(), place);
        }
        Fact::LocationGone { channel, external } => state.catalogue.forget_strange(*channel, external),
        Fact::QuestionDismissed { question } => {
            state.dismissed.insert(question.clone());
        }
        Fact::QuestionReopened { question } => {
            state.dismissed.remove(question);
        }
        Fact::CustomersLinked { one, other } => {
            state.links.link(one, other);
            let question = model::MappingQuestion::same_customer(one.clone(), other.clone());
            state.dismissed.remove(&question);
        }
        Fact::CustomersUnlinked { one, other } => state.links.unlink(one, other),
        Fact::SafetySet { item, location, quantity } => {
            if let Some(row) = state.positions.open(*item, *location) {
                state.positions.set_safety(row, *quantity);
                stock::touch(state, row);
            }
        }
        Fact::BufferSet { item, channel, quantity } => {
            state.catalogue.set_buffer(*channel, *item, *quantity);
            stock::touch_item(state, *item);
        }
        Fact::CustomerPut(put) => {
            state.customers.insert((put.channel, put.customer.clone()), put.version);
        }
        Fact::Delivered { delivery, .. } => state.remember_delivery(*delivery),
        Fact::Noticed { channel, about } => {
            let now = state.now;
            state.notices.insert((*channel, about.clone()), now);
            state.touched.noticed.insert(*channel);
        }
        Fact::NoticeDone { channel, about } => {
            state.notices.remove(&(*channel, about.clone()));
        }
        Fact::CursorMoved { channel, cursor } => {
            state.cursors.insert(*channel, cursor.clone());
        }
        Fact::OrderPut(put) => {
            let bundles = state.catalogue.bundle_lines(put);
            state.orders.put(
                put.order,
                Order {
                    channel: put.channel,
                    document: put.document.clone(),
                    version: put.version,
                    kind: put.kind,
                    state: put.state,
                    placed_at: put.placed_at,
                    holdings: Vec::new(),
                    returns: Vec::new(),
                    raised: state.seq,
                    bundles,
                    telling: put.telling,
                },
            );
        }
        Fact::Instructed(instructed) => {
            state.instruction_last = state.instruction_last.max(instructed.id.0);
            let open = OpenInstruction { asked_at: entry.at, instructed: (**instructed).clone(), sent: None };
            state.instructions.insert(instructed.id, open);
        }
        Fact::InstructionSent(sent) => {
            if let Some(open) = state.instructions.get_mut(&sent.id) {
                open.sent = Some((**sent).clone());
            }
        }
        Fact::InstructionSettled { id, .. } => {
            state.instructions.remove(id);
        }
        Fact::Categorised { item, category } => state.governance.categorise(*item, category.clone()),
        Fact::PolicyPut(put) => state.governance.put_policy((**put).clone()),
        Fact::BrakePut(brake) => state.governance.put_brake((**brake).clone()),
        Fact::BrakeLifted { id, .. } => state.governance.lift_brake(*id),
        Fact::Proposed(proposed) => state.governance.propose(proposed, entry.at, &entry.by),
        Fact::Answered { id, answer } => state.governance.answered(*id, answer),
        Fact::Acted { id, acts } => state.governance.acted(*id, entry.at, acts),
        Fact::ActsUndone { id, .. } => state.governance.undone(*id),
        Fact::Snoozed { id, until } => state.governance.snooze(*id, *until),
        Fact::OrderReopened { order } => state.orders.reopen(*order),
        Fact::Moved(moved) => stock::moved(state, moved),
        Fact::Returned(returned) => state.orders.take_return(returned),
        Fact::ReturnPutRight(right) => state.orders.put_return_right(right),
        Fact::Counted(counted) => {
            if let Some(row) = state.positions.open(counted.item, counted.location) {
                state.positions.set_counted(row, counted.counted_at);
                stock::counted(state, counted.location, row);
                state.positions.set_opened(row);
            }
        }
        Fact::KeyUsed { key, asked } => state.remember_key(key.clone(), *asked),
        Fact::Reserved(reserved) => stock::reserved(state, reserved),
        Fact::Extended { reservation, expires_at } => state.reservations.extend(*reservation, *expires_at),
        Fact::Committed { reservation } => stock::ended(state, *reservation, stock::End::Left),
        Fact::Released { reservation, .. } => stock::ended(state, *reservation, stock::End::GivenBack),
        Fact::Expired { reservation } => {
            stock::ended(state, *reservation, stock::End::GivenBack);
            let now = state.now;
            state.reservations.forget_lapsed(now);
        }
        // For people and figures; they move nothing.
        Fact::Oversold(oversold) => state.governance.oversold(oversold.item, entry.at),
        Fact::Shorted(_) | Fact::MappingUnclear { .. } | Fact::Erased(_) => {}
        Fact::LevelRead(read) => writes::level_read(state, read),
        Fact::Held(held) => writes::held(state, held),
        Fact::Unblocked { channel, item, location } => {
            if let Some(row) = state.positions.find(*item, *location) {
                state.shown.unblock(*channel, row);
                stock::touch(state, row);
            }
        }
        Fact::WritesIntended(intended) => writes::intended(state, intended),
        Fact::WritesSettled(settled) => writes::settled(state, settled),
        Fact::Quarantined(put) => {
            state.quarantine_last = state.quarantine_last.max(put.id.0);
            state.quarantine.insert(put.id, put.clone());
        }
        Fact::QuarantineClosed { id, .. } => {
            state.quarantine.remove(id);
        }
        Fact::TransferPut(put) => {
            state.transfer_last = state.transfer_last.max(put.transfer.0);
            match put.state {
                model::TransferState::Draft | model::TransferState::InTransit => {
                    state.transfers.insert(put.transfer, put.clone());
                }
                model::TransferState::Received | model::TransferState::Closed => {
                    state.transfers.remove(&put.transfer);
                }
            }
        }
        Fact::Decided(decided) => {
            if let Some(key) = &decided.key {
                let known = state.keys.get(key).copied().unwrap_or_default();
                state.decisions.insert(key.clone(), (known, decided.action, decided.answer.clone()));
            }
        }
    }
}
