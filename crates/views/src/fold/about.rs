//! What a fact is about: the columns by which `facts` can be filtered. Called for every fact kept.

use model::{Act, Actor, ChannelId, Entry, Fact, ItemId, LocationId, OrderId, ReservationId};

#[derive(Clone, Copy, Default)]
pub(super) struct About {
    pub(super) item: Option<ItemId>,
    pub(super) location: Option<LocationId>,
    pub(super) channel: Option<ChannelId>,
    pub(super) order: Option<OrderId>,
    pub(super) reservation: Option<ReservationId>,
}

impl About {
    /// A fact that names no channel belongs to the channel that told it.
    pub(super) fn of(entry: &Entry) -> Self {
        let about = fact(&entry.fact);
        let told_by = match &entry.by {
            Actor::Channel(channel) => Some(*channel),
            Actor::Key(_) | Actor::System | Actor::Operator | Actor::Person(_) | Actor::Agent { .. } => None,
        };
        Self { channel: about.channel.or(told_by), ..about }
    }
}

fn at(item: ItemId, location: LocationId) -> About {
    About { item: Some(item), location: Some(location), ..About::default() }
}

fn channel(channel: ChannelId) -> About {
    About { channel: Some(channel), ..About::default() }
}

fn order(order: OrderId) -> About {
    About { order: Some(order), ..About::default() }
}

fn reservation(reservation: ReservationId) -> About {
    About { reservation: Some(reservation), ..About::default() }
}

fn fact(fact: &Fact) -> About {
    match fact {
        Fact::ChannelPut(put) => channel(put.channel),
        Fact::LocationPut(put) => About { location: Some(put.location), ..About::default() },
        Fact::ItemPut(put) => About { item: Some(put.item), ..About::default() },
        Fact::ItemMapped { channel: at, item, .. } => About { item: *item, ..channel(*at) },
        Fact::LocationMapped { channel: at, location, .. } => About { location: *location, ..channel(*at) },
        Fact::SafetySet { item, location, .. } => at(*item, *location),
        Fact::BufferSet { item, channel: at, .. } => About { item: Some(*item), ..channel(*at) },
        Fact::CustomerPut(put) => channel(put.channel),
        Fact::Delivered { channel: at, .. }
        | Fact::Noticed { channel: at, .. }
        | Fact::NoticeDone { channel: at, .. }
        | Fact::CursorMoved { channel: at, .. }
        | Fact::MappingUnclear { channel: at, .. }
        | Fact::LocationUnclear { channel: at, .. }
        | Fact::LocationGone { channel: at, .. } => channel(*at),
        Fact::QuestionDismissed { question } | Fact::QuestionReopened { question } => channel(question.channel()),
        Fact::CustomersLinked { one, .. } | Fact::CustomersUnlinked { one, .. } => channel(one.channel),
        Fact::ReturnPutRight(put) => About { item: put.item, location: put.restocked, ..order(put.order) },
        Fact::OrderPut(put) => About { order: Some(put.order), ..channel(put.channel) },
        Fact::OrderReopened { order: id } => order(*id),
        // Found by item through `lines`.
        Fact::Moved(moved) => About {
            location: Some(moved.location),
            channel: moved.shown.map(|(channel, _)| channel),
            order: moved.order.map(|(order, _)| order),
            ..About::default()
        },
        Fact::Counted(counted) => About { location: Some(counted.location), ..About::default() },
        Fact::Returned(put) => About { item: put.item, location: put.restocked, ..order(put.order) },
        Fact::Reserved(put) => {
            About { location: put.lines.first().map(|line| line.location), ..reservation(put.reservation) }
        }
        Fact::Extended { reservation: id, .. }
        | Fact::Committed { reservation: id }
        | Fact::Released { reservation: id, .. }
        | Fact::Expired { reservation: id } => reservation(*id),
        Fact::Shorted(put) => About { order: put.order, reservation: put.reservation, ..at(put.item, put.location) },
        Fact::Oversold(put) => About { channel: put.channel, order: put.order, ..at(put.item, put.location) },
        Fact::LevelRead(put) => About { channel: Some(put.channel), ..at(put.item, put.location) },
        Fact::Held(put) => About { channel: Some(put.channel), ..at(put.item, put.location) },
        Fact::Unblocked { channel, item, location } => About { channel: Some(*channel), ..at(*item, *location) },
        Fact::Listed { channel: at, item, .. } | Fact::ListingUnblocked { channel: at, item } => {
            About { item: Some(*item), ..channel(*at) }
        }
        Fact::WritesIntended(put) => channel(put.channel),
        Fact::WritesSettled(put) => channel(put.channel),
        Fact::Quarantined(put) => channel(put.channel),
        Fact::Instructed(put) => channel(put.channel),
        Fact::InstructionSettled { channel: at, .. } => channel(*at),
        Fact::Erased(erased) => channel(erased.channel),
        Fact::TransferPut(put) => About { location: Some(put.from), ..About::default() },
        Fact::Decided(put) => About { channel: Some(put.channel), ..at(put.item, put.location) },
        Fact::Categorised { item, .. } => About { item: Some(*item), ..About::default() },
        Fact::Proposed(put) => put.proposal.acts.first().map(act).unwrap_or_default(),
        Fact::Acted { acts, .. } => acts.first().map(|done| act(&done.act)).unwrap_or_default(),
        Fact::PolicyPut(_)
        | Fact::BrakePut(_)
        | Fact::BrakeLifted { .. }
        | Fact::Answered { .. }
        | Fact::ActsUndone { .. }
        | Fact::Snoozed { .. }
        | Fact::KeyUsed { .. }
        | Fact::QuarantineClosed { .. }
        | Fact::InstructionSent(_) => About::default(),
    }
}

/// What an act is about; the first line of one with several.
pub(super) fn act(act: &Act) -> About {
    match act {
        Act::SetBuffer { item, channel: on, .. } => About { item: Some(*item), ..channel(*on) },
        Act::SetSafety { item, location, .. } | Act::OverrideCount { item, location, .. } => at(*item, *location),
        Act::Purchase { channel: on, purchase, .. } => About {
            item: purchase.lines.first().map(|line| line.item),
            location: Some(purchase.location),
            ..channel(*on)
        },
        Act::Transfer { to, lines, .. } => {
            About { item: lines.first().map(|(item, _)| *item), location: Some(*to), ..About::default() }
        }
        Act::LinkCustomers { one, .. } => channel(one.channel),
        Act::MapItem { channel: on, was, to, .. } => About { item: to.or(*was), ..channel(*on) },
        Act::SetPrice { item, .. } => About { item: Some(*item), ..About::default() },
        Act::WriteHeld { channel: on, item, location, .. } => About { channel: Some(*on), ..at(*item, *location) },
    }
}
