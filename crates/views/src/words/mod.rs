//! Facts in plain English, one sentence each, composed when read: names are today's. Readers call it for pages and the
//! feed; it refuses to know tables other than those of names.

mod instructions;
mod mapping;
mod names;
mod proposals;
mod stock;
mod writes;

use model::{Actor, Fact, LocationKind, NoticeAbout, OrderKind, OrderPut, OrderState, TransferPut, TransferState};

pub(crate) use self::names::Names;
pub(crate) use self::proposals::act;

/// Tells facts. `Place` leaves out what the reader of a position's story knows already.
#[derive(Clone, Copy)]
pub(crate) enum Told {
    /// For a feed: says which item and everything else.
    Whole,
    /// For the story of one position: the item is known, and only its share of a promise is told.
    Place(model::ItemId, model::LocationId),
}

/// Who it was.
pub(crate) fn author(names: &Names<'_>, by: &Actor) -> String {
    match by {
        Actor::Channel(channel) => names.channel(*channel),
        Actor::Key(name) => name.to_string(),
        Actor::System => "the hub".into(),
        Actor::Operator => "the operator".into(),
        Actor::Person(name) => name.to_string(),
        Actor::Agent { agent, through: None } => format!("the {} agent", agent.name()),
        Actor::Agent { agent, through: Some(through) } => format!("the {} agent for {through}", agent.name()),
    }
}

/// The sentence, without a full stop.
pub(crate) fn sentence(names: &Names<'_>, told: Told, fact: &Fact) -> String {
    match fact {
        Fact::ChannelPut(put) => {
            let mode = if put.writes { "" } else { ", read only" };
            format!("Channel {} was set up ({}{mode})", put.name, put.platform.name())
        }
        Fact::LocationPut(put) => format!("Location {} was set up ({})", put.name, location_kind(put.kind)),
        Fact::ItemPut(put) => format!("Item {} is \"{}\"", put.sku, put.title),
        Fact::ItemMapped { channel, external, item, counted } => {
            let channel = names.channel(*channel);
            match item {
                Some(item) if *counted => format!("Item {external} on {channel} is {}", names.item(*item)),
                Some(item) => format!("Item {external} on {channel} is another name of {}", names.item(*item)),
                None => format!("Item {external} on {channel} is no longer an item of ours"),
            }
        }
        Fact::LocationMapped { channel, external, location } => {
            let channel = names.channel(*channel);
            match location {
                Some(location) => format!("Location {external} on {channel} is {}", names.location(*location)),
                None => format!("Location {external} on {channel} is no longer a location of ours"),
            }
        }
        Fact::SafetySet { item, location, quantity } => {
            format!("Safety stock{} at {} was set to {quantity}", names.of(told, *item), names.location(*location))
        }
        Fact::BufferSet { item, channel, quantity } => {
            format!("{} must leave {quantity}{} unsold", names.channel(*channel), names.of(told, *item))
        }
        Fact::CustomerPut(put) => {
            let channel = names.channel(put.channel);
            match put.person {
                Some(_) => format!("Customer {} of {channel} was created or changed", put.customer),
                None => format!("Customer {} of {channel} was deleted there", put.customer),
            }
        }
        Fact::Delivered { channel, .. } => format!("A message from {} was taken in", names.channel(*channel)),
        Fact::Noticed { channel, about } => {
            format!("{} told of {}, which is to be fetched", names.channel(*channel), notice(about))
        }
        Fact::NoticeDone { channel, about } => {
            format!("Nothing is left to fetch from {} about {}", names.channel(*channel), notice(about))
        }
        Fact::CursorMoved { channel, cursor } => {
            format!("Orders of {} are known up to {}", names.channel(*channel), cursor.orders_until)
        }
        Fact::OrderPut(put) => order(names, put),
        Fact::Moved(moved) => stock::moved(names, told, moved),
        Fact::Returned(returned) => stock::returned(names, told, returned),
        Fact::Counted(counted) => stock::counted(names, told, counted),
        Fact::KeyUsed { key, .. } => format!("The key {key} was used"),
        Fact::Reserved(reserved) => stock::reserved(names, told, reserved),
        Fact::Extended { reservation, expires_at } => {
            format!("Reservation {} now lasts until {expires_at}", reservation.0)
        }
        Fact::Committed { reservation } => format!("The goods of reservation {} left", reservation.0),
        Fact::Released { reservation, reason } => {
            format!("Reservation {} was given back{}", reservation.0, remark(reason.as_str()))
        }
        Fact::Expired { reservation } => format!("Reservation {} lapsed", reservation.0),
        Fact::Shorted(shorted) => stock::shorted(names, told, shorted),
        Fact::Oversold(oversold) => stock::oversold(names, told, oversold),
        Fact::LevelRead(read) => writes::level_read(names, told, read),
        Fact::Held(held) => writes::held(names, told, held),
        Fact::Unblocked { channel, item, location } => {
            let (channel, location) = (names.channel(*channel), names.location(*location));
            format!("{channel} may be told the number{} at {location} again", names.of(told, *item))
        }
        Fact::WritesIntended(intended) => writes::intended(names, intended),
        Fact::WritesSettled(settled) => writes::settled(names, settled),
        Fact::Quarantined(put) => {
            format!(
                "An input of {} ({}) was set aside{}",
                names.channel(put.channel),
                put.kind,
                remark(put.reason.as_str())
            )
        }
        Fact::QuarantineClosed { id, reason } => {
            format!("Input {}, set aside before, was closed{}", id.0, remark(reason.as_str()))
        }
        Fact::TransferPut(put) => transfer(names, put),
        Fact::Instructed(put) => instructions::asked(names, put),
        Fact::InstructionSent(sent) => format!("Instruction {} is on its way", sent.id.0),
        Fact::InstructionSettled { id, channel, end } => instructions::ended(names, *id, *channel, end),
        Fact::Categorised { item, category } if category.is_empty() => {
            format!("{} is in no category any more", names.item(*item))
        }
        Fact::Categorised { item, category } => format!("{} is in category {category}", names.item(*item)),
        Fact::PolicyPut(put) => {
            format!("Policy version {} came into force{}", put.version, remark(put.reason.as_str()))
        }
        Fact::BrakePut(brake) => proposals::braked(brake),
        Fact::BrakeLifted { id, reason } => format!("Brake {id} was lifted{}", remark(reason.as_str())),
        Fact::Proposed(put) => proposals::made(names, put),
        Fact::Answered { id, answer } => proposals::answered(*id, answer),
        Fact::Acted { id, acts } => proposals::acted(*id, acts),
        Fact::ActsUndone { id, acts, reason } => proposals::undone(*id, acts, reason),
        Fact::Snoozed { id, until } => format!("Proposal {} was put off until {until}", id.0),
        Fact::Decided(decided) => stock::decided(names, told, decided),
        Fact::Listed { channel, item, listing } => writes::listed(names, *channel, *item, listing.as_deref()),
        Fact::OrderReopened { order } => {
            format!("{} is worked out anew: a mapping of its channel was put right", names.order(*order))
        }
        Fact::ListingUnblocked { channel, item } => {
            format!("{} may be told what to list of {} again", names.channel(*channel), names.item(*item))
        }
        Fact::LocationUnclear { channel, external, name, reason, .. } => {
            let channel = names.channel(*channel);
            format!("Which location is {external} on {channel} ({name})?{}", reason_after(reason.as_str()))
        }
        Fact::LocationGone { channel, external } => {
            format!("Location {external} of {} is closed there and was none of ours", names.channel(*channel))
        }
        Fact::QuestionDismissed { question } => format!("Not to be asked again: {}", mapping::asked(names, question)),
        Fact::QuestionReopened { question } => format!("To be asked again: {}", mapping::asked(names, question)),
        Fact::CustomersLinked { one, other } => format!("{} are one person", mapping::pair(names, one, other)),
        Fact::CustomersUnlinked { one, other } => {
            format!("{} are no longer held to be one person", mapping::pair(names, one, other))
        }
        Fact::Erased(erased) => {
            let who = match &erased.customer {
                Some(customer) => format!("Customer {customer}"),
                None => "Everybody".to_owned(),
            };
            let channel = names.channel(erased.channel);
            format!(
                "{who} of {channel} was forgotten: what named them cannot be read any more{}",
                remark(erased.reason.as_str())
            )
        }
        Fact::ReturnPutRight(right) => stock::return_put_right(names, right),
        Fact::MappingUnclear { channel, external, sku, reason, .. } => {
            let sku = if sku.is_empty() { "no SKU".to_owned() } else { format!("SKU {sku}") };
            let channel = names.channel(*channel);
            format!("Which item is {external} on {channel} ({sku})?{}", reason_after(reason.as_str()))
        }
    }
}

fn reason_after(reason: &str) -> String {
    if reason.is_empty() { String::new() } else { format!(" {reason}") }
}

/// `": why"`, or nothing.
fn remark(text: &str) -> String {
    if text.is_empty() { String::new() } else { format!(": {text}") }
}

fn location_kind(kind: LocationKind) -> &'static str {
    match kind {
        LocationKind::Store => "store",
        LocationKind::Warehouse => "warehouse",
        LocationKind::DistributionCentre => "distribution centre",
    }
}

fn notice(about: &NoticeAbout) -> String {
    match about {
        NoticeAbout::Order(document) => format!("document {document}"),
        NoticeAbout::Level(item, location) => format!("the count of {item} at {location}"),
        NoticeAbout::Catalogue => "its catalogue".into(),
        NoticeAbout::Customer(customer) => format!("customer {customer}"),
        NoticeAbout::Locations => "its locations".into(),
    }
}

fn order(names: &Names<'_>, put: &OrderPut) -> String {
    let kind = match put.kind {
        OrderKind::Till => "Sale",
        OrderKind::Web => "Order",
    };
    let name = if put.reference.is_empty() { put.document.as_str() } else { put.reference.as_str() };
    let state = match put.state {
        OrderState::Open => "is open",
        OrderState::Completed => "is complete",
        OrderState::Cancelled => "was cancelled",
    };
    let lines = match put.lines.len() {
        1 => "1 line".to_owned(),
        count => format!("{count} lines"),
    };
    let total = format!("{} {}", put.total.to_decimal(), put.total.currency.code());
    format!("{kind} {name} of {} {state} ({lines}, {total})", names.channel(put.channel))
}

fn transfer(names: &Names<'_>, put: &TransferPut) -> String {
    let state = match put.state {
        TransferState::Draft => "is planned",
        TransferState::InTransit => "is on its way",
        TransferState::Received => "has arrived",
        TransferState::Closed => "was closed",
    };
    let (from, to) = (names.location(put.from), names.location(put.to));
    format!("Transfer {} from {from} to {to} {state}{}", put.transfer.0, remark(put.note.as_str()))
}
