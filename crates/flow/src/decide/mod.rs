//! From what was told to commands: personal fields are sealed on the way.

use connectors::Told as Word;
use model::{Action, Actor, ChannelId, Command, Instant, LevelSeen, NoticeAbout, OrderSeen, Personal, Subject};

use crate::{Desk, FlowError};

/// What was told, sorted into commands and levels that were only mentioned.
#[derive(Debug, Default)]
pub struct Told {
    /// To be decided.
    pub commands: Vec<Command>,
    /// Mentioned without a cause.
    pub mentioned: Vec<LevelSeen>,
}

/// Turns what a channel told into commands. `asked_at` is when it was asked; `None` when it told by itself.
///
/// # Errors
/// When the keys cannot be used.
pub fn commands(
    desk: &mut Desk<'_>,
    channel: ChannelId,
    at: Instant,
    asked_at: Option<Instant>,
    words: Vec<Word>,
) -> Result<Told, FlowError> {
    let mut told = Told::default();
    for word in words {
        let action = match word {
            Word::Order(order) => {
                let seen = Box::new(sealed_order(desk, *order)?);
                match asked_at {
                    Some(asked_at) => Action::OrderRead { seen, asked_at },
                    None => Action::OrderSeen(seen),
                }
            }
            Word::Item(item) => Action::ItemSeen(*item),
            Word::Location(location) => Action::LocationSeen(location),
            Word::Customer(mut customer) => {
                let subject = Subject::of(channel, "customer", customer.customer.as_str());
                customer.person = sealed(desk, subject, customer.person)?;
                Action::CustomerSeen(customer)
            }
            Word::Level(hint) => {
                if let Some(level) = hint.level {
                    told.mentioned.push(LevelSeen { external: hint.external, location: hint.location, level });
                }
                continue;
            }
        };
        told.commands.push(Command { at, by: Actor::Channel(channel), action });
    }
    Ok(told)
}

fn sealed_order(desk: &mut Desk<'_>, mut order: OrderSeen) -> Result<OrderSeen, FlowError> {
    let subject = match &order.customer {
        Some(customer) => Subject::of(order.channel, "customer", customer.as_str()),
        None => Subject::of(order.channel, "order", order.document.as_str()),
    };
    order.contact = sealed(desk, subject, order.contact.take())?;
    Ok(order)
}

fn sealed(desk: &mut Desk<'_>, subject: Subject, personal: Option<Personal>) -> Result<Option<Personal>, FlowError> {
    personal.map(|personal| desk.seal(subject, &personal).map_err(FlowError::from)).transpose()
}

/// Whether a mentioned level says something we do not believe already, and which notice to leave then.
pub(crate) fn news(desk: &Desk<'_>, channel: ChannelId, seen: &LevelSeen) -> Option<NoticeAbout> {
    let state = desk.state();
    let item = state.catalogue().mapped_item(channel, &seen.external)?;
    let location = state.catalogue().mapped_location(channel, &seen.location)?;
    let row = state.positions().find(item, location).and_then(|row| state.shown().get(channel, row));
    let expected = row.is_some_and(|row| {
        let in_flight = row.in_flight.and_then(|id| state.in_flight_batch(id));
        let write = in_flight.and_then(|b| b.writes.iter().find(|w| w.item == item && w.location == location));
        let after = write.map(|write| row.level.after(write.change()));
        row.trust == engine::Trust::Known && (row.level == seen.level || after == Some(seen.level))
    });
    (!expected).then(|| NoticeAbout::Level(seen.external.clone(), seen.location.clone()))
}
