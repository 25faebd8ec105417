//! Documents that channels are told to make: each is asked for once, sent, and ends once.

use model::{
    ChannelId, Deed, Fact, IdempotencyKey, Instructed, InstructionEnd, InstructionId, InstructionLine, InstructionSent,
    ItemId, LocationId, Refusal, Sealed,
};

use crate::state::State;

/// Lines of one document.
const LINES_MAX: usize = 500;

pub(super) fn instruct(
    state: &State,
    channel: ChannelId,
    key: Option<&IdempotencyKey>,
    deed: &Deed,
) -> Result<Vec<Fact>, Refusal> {
    let Some(known) = state.catalogue.channel(channel) else {
        return Err(Refusal::Unknown { what: channel.to_string() });
    };
    if !known.writes {
        return Err(Refusal::NotNow { what: format!("channel {} is read-only", known.name) });
    }
    match deed {
        Deed::MakeOrder(order) => {
            known_there(state, channel, "location", order.location)?;
            lines(state, channel, &order.lines)?;
        }
        Deed::MakeRefund(refund) => {
            if refund.amount.minor < 0 || (refund.amount.minor == 0 && refund.lines.is_empty()) {
                return Err(invalid("amount", "there must be money or lines to give back"));
            }
            if refund.lines.len() > LINES_MAX || refund.lines.iter().any(|(_, quantity)| quantity.is_zero()) {
                return Err(invalid("lines", &format!("at most {LINES_MAX}, each of more than nothing")));
            }
            refund.restock_at.map_or(Ok(()), |at| known_there(state, channel, "restock_at", at))?;
        }
        Deed::PutCustomer(_) => {}
        Deed::MakeTransfer(transfer) => {
            known_there(state, channel, "from", transfer.from)?;
            known_there(state, channel, "to", transfer.to)?;
            if transfer.from == transfer.to {
                return Err(invalid("to", "is where the goods are already"));
            }
            lines(state, channel, &transfer.lines)?;
        }
        Deed::MakePurchase(purchase) => {
            if purchase.supplier.as_str().is_empty() {
                return Err(invalid("supplier", "must be named"));
            }
            known_there(state, channel, "location", purchase.location)?;
            lines(state, channel, &purchase.lines)?;
        }
    }
    Ok(vec![Fact::Instructed(Box::new(Instructed {
        id: InstructionId(state.instruction_last + 1),
        channel,
        key: key.cloned(),
        deed: deed.clone(),
    }))])
}

fn invalid(field: &'static str, problem: &str) -> Refusal {
    Refusal::Invalid { field, problem: problem.to_owned() }
}

fn lines(state: &State, channel: ChannelId, lines: &[InstructionLine]) -> Result<(), Refusal> {
    if lines.is_empty() || lines.len() > LINES_MAX {
        return Err(invalid("lines", &format!("one to {LINES_MAX} lines are possible")));
    }
    for line in lines {
        super::reservations::check_quantity(state, line.item, line.quantity)?;
        sold_there(state, channel, line.item)?;
        if line.each.is_some_and(|each| each.minor < 0) {
            return Err(invalid("lines", "a price is zero or more"));
        }
    }
    Ok(())
}

fn sold_there(state: &State, channel: ChannelId, item: ItemId) -> Result<(), Refusal> {
    match state.catalogue.external_item(channel, item) {
        Some(_) => Ok(()),
        None => Err(Refusal::Unknown { what: format!("{item} on {channel}") }),
    }
}

fn known_there(state: &State, channel: ChannelId, field: &'static str, at: LocationId) -> Result<(), Refusal> {
    match state.catalogue.external_location(channel, at) {
        Some(_) => Ok(()),
        None => Err(invalid(field, &format!("{at} is not a location of {channel}"))),
    }
}

/// What is sent is durable first; from then on it cannot be called off.
pub(super) fn send(
    state: &State,
    id: InstructionId,
    body: &[u8],
    sealed: Option<&Sealed>,
) -> Result<Vec<Fact>, Refusal> {
    let open = open(state, id)?;
    if open.sent.is_some() {
        return Ok(Vec::new());
    }
    let sent = InstructionSent { id, body: body.to_vec(), sealed: sealed.cloned() };
    Ok(vec![Fact::InstructionSent(Box::new(sent))])
}

pub(super) fn settle(state: &State, id: InstructionId, end: &InstructionEnd) -> Result<Vec<Fact>, Refusal> {
    let open = open(state, id)?;
    if matches!(end, InstructionEnd::Withdrawn { .. }) && open.sent.is_some() {
        return Err(Refusal::NotNow { what: format!("{id} is on its way and cannot be called off") });
    }
    Ok(vec![Fact::InstructionSettled { id, channel: open.instructed.channel, end: end.clone() }])
}

fn open(state: &State, id: InstructionId) -> Result<&crate::state::OpenInstruction, Refusal> {
    match state.instructions.get(&id) {
        Some(open) => Ok(open),
        None if id.0 > 0 && id.0 <= state.instruction_last => Err(Refusal::NotNow { what: format!("{id} has ended") }),
        None => Err(Refusal::Unknown { what: id.to_string() }),
    }
}
