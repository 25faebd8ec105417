//! What an external id was before, and the way back.

use model::{
    Action, Actor, ChannelId, Command, CustomerAt, ExternalItem, ExternalLocation, Instant, ItemId, LocationId,
    MappingQuestion, Seq,
};
use views::{MappingChange, MappingKind, MappingStep, ViewsReader};

use super::change::read_by;
use super::finder::views;
use crate::{Hub, ReadError};

/// What is, or may be, one of ours.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Subject {
    /// An item of a channel.
    Item(ChannelId, ExternalItem),
    /// A location of a channel.
    Location(ChannelId, ExternalLocation),
    /// A customer record of a channel.
    Customer(CustomerAt),
}

impl Subject {
    fn key(&self) -> (MappingKind, ChannelId, String) {
        match self {
            Self::Item(channel, external) => (MappingKind::Item, *channel, external.to_string()),
            Self::Location(channel, external) => (MappingKind::Location, *channel, external.to_string()),
            Self::Customer(at) => (MappingKind::Customer, at.channel, at.customer.to_string()),
        }
    }

    /// The question about it; of two customers, with the other one.
    fn question(&self, other: Option<&CustomerAt>) -> Option<MappingQuestion> {
        match self {
            Self::Item(channel, external) => {
                Some(MappingQuestion::Item { channel: *channel, external: external.clone() })
            }
            Self::Location(channel, external) => {
                Some(MappingQuestion::Location { channel: *channel, external: external.clone() })
            }
            Self::Customer(at) => other.map(|other| MappingQuestion::same_customer(at.clone(), other.clone())),
        }
    }
}

/// One change.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Step {
    /// The fact.
    pub seq: Seq,
    /// When.
    pub at: Instant,
    /// Who.
    pub by: String,
    /// `mapped`, `linked`, `unlinked`, `dismissed` or `reopened`.
    pub what: &'static str,
    /// SKU or name before; `None` = it was nothing. The other record of a link.
    pub from: Option<String>,
    /// SKU or name since; `None` = nothing. The other record of a link.
    pub to: Option<String>,
}

/// Facts looked at for one step and what went before it.
const BEFORE: usize = 50;

/// The changes of a mapping, newest first, at most this many.
///
/// # Errors
/// When the tables cannot be read.
pub(crate) async fn history(hub: &Hub, subject: &Subject, limit: usize) -> Result<Vec<Step>, ReadError> {
    let (kind, channel, external) = subject.key();
    // A few more than are shown: they tell what the oldest that is shown began from.
    let wanted = limit.saturating_add(BEFORE);
    let facts = views(hub, move |views| views.mapping_history(kind, channel, &external, wanted)).await?;
    let mut steps: Vec<Step> = (0..facts.len()).filter_map(|place| step(&facts, place)).collect();
    steps.truncate(limit);
    Ok(steps)
}

fn step(facts: &[MappingStep], place: usize) -> Option<Step> {
    let fact = facts.get(place)?;
    let before = || facts.iter().skip(place + 1).find_map(mapped).flatten();
    let record = |at: &CustomerAt| at.customer.to_string();
    let (what, from, to) = match &fact.change {
        MappingChange::Item(_) | MappingChange::Location(_) => ("mapped", before(), mapped(fact).flatten()),
        MappingChange::Linked(other) => ("linked", None, Some(record(other))),
        MappingChange::Unlinked(other) => ("unlinked", Some(record(other)), None),
        MappingChange::Dismissed(other) => ("dismissed", None, other.as_ref().map(record)),
        MappingChange::Reopened(other) => ("reopened", None, other.as_ref().map(record)),
    };
    Some(Step { seq: fact.seq, at: fact.at, by: fact.by.clone(), what, from, to })
}

/// What it is since a step; the outer `None` when the step mapped nothing.
fn mapped(step: &MappingStep) -> Option<Option<String>> {
    let item = step.item().map(|item| item.map(|(_, sku)| sku.clone()));
    item.or_else(|| step.location().map(|location| location.map(|(_, name)| name.clone())))
}

/// What something is now.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Now {
    /// This item, or none.
    Item(Option<ItemId>),
    /// This location, or none.
    Location(Option<LocationId>),
    /// Linked, unlinked, put away or asked again, as before.
    AsBefore,
}

/// What takes the last change back.
struct Way {
    /// In this order.
    actions: Vec<Action>,
    /// What it is then.
    then: Now,
    /// The last step as it was when the way was looked for.
    last: Now,
}

/// Takes the last change back, and gives the item or location back to the id that lost it by that change. Answers what
/// it is from now on; `None` when there is nothing to take back, or somebody was quicker.
///
/// # Errors
/// When the hub has stopped, refuses, or its tables cannot be read.
pub(crate) async fn undo(hub: &Hub, by: Actor, subject: &Subject) -> Result<Option<Now>, ReadError> {
    let wanted = subject.clone();
    let Some(way) = views(hub, move |views| way(views, &wanted)).await? else { return Ok(None) };
    let (at, subject, last, actions) = (hub.clock.now(), subject.clone(), way.last, way.actions.clone());
    let answer = hub.flow.decide(move |desk| {
        if !still(desk.state(), &subject, last) {
            return Ok(Vec::new());
        }
        Ok(actions.into_iter().map(|action| Command { at, by: by.clone(), action }).collect())
    });
    let mut done = false;
    for result in answer.await?.results {
        done |= !result.map_err(flow::FlowError::Refused)?.is_empty();
    }
    // What is no item of ours any more is asked about again with the next reading; a place is read anew anyway.
    let reread = match (way.then, way.actions.first()) {
        (Now::Item(None), Some(Action::MapItem { channel, .. })) => Some(*channel),
        (_, Some(action)) => read_by(action),
        (_, None) => None,
    };
    if let Some(channel) = reread.filter(|_| done) {
        hub.links.ask_reading(channel);
    }
    Ok(done.then_some(way.then))
}

fn still(state: &flow::State, subject: &Subject, last: Now) -> bool {
    match (subject, last) {
        (Subject::Item(channel, external), Now::Item(item)) => {
            state.catalogue().mapped_item(*channel, external) == item
        }
        (Subject::Location(channel, external), Now::Location(location)) => {
            state.catalogue().mapped_location(*channel, external) == location
        }
        _ => true,
    }
}

fn way(views: &ViewsReader, subject: &Subject) -> Result<Option<Way>, views::ViewsError> {
    let (kind, channel, external) = subject.key();
    let facts = views.mapping_history(kind, channel, &external, BEFORE)?;
    let Some(last) = facts.first() else { return Ok(None) };
    let plain = |action: Option<Action>| {
        action.map(|action| Way { actions: vec![action], then: Now::AsBefore, last: Now::AsBefore })
    };
    Ok(match (&last.change, subject) {
        (MappingChange::Item(now), Subject::Item(..)) => {
            let before = facts.iter().skip(1).find_map(MappingStep::item).flatten().map(|(item, _)| *item);
            let mut actions = vec![Action::MapItem { channel, external: ExternalItem::new(&external), item: before }];
            if let Some((item, _)) = now
                && let Some(loser) =
                    loser(views, channel, kind, last, |step| step.item().flatten().map(|(id, _)| id.0), item.0)?
            {
                actions.push(Action::MapItem { channel, external: ExternalItem::new(&loser), item: Some(*item) });
            }
            Some(Way { actions, then: Now::Item(before), last: Now::Item(now.as_ref().map(|(item, _)| *item)) })
        }
        (MappingChange::Location(now), Subject::Location(..)) => {
            let before = facts.iter().skip(1).find_map(MappingStep::location).flatten().map(|(id, _)| *id);
            let external = ExternalLocation::new(&external);
            let mut actions = vec![Action::MapLocation { channel, external, location: before }];
            if let Some((place, _)) = now
                && let Some(loser) =
                    loser(views, channel, kind, last, |step| step.location().flatten().map(|(id, _)| id.0), place.0)?
            {
                let external = ExternalLocation::new(&loser);
                actions.push(Action::MapLocation { channel, external, location: Some(*place) });
            }
            Some(Way { actions, then: Now::Location(before), last: Now::Location(now.as_ref().map(|(id, _)| *id)) })
        }
        (MappingChange::Linked(other), Subject::Customer(at)) => {
            plain(Some(Action::UnlinkCustomers { one: at.clone(), other: other.clone() }))
        }
        (MappingChange::Unlinked(other), Subject::Customer(at)) => {
            plain(Some(Action::LinkCustomers { one: at.clone(), other: other.clone() }))
        }
        (MappingChange::Dismissed(other), _) => plain(subject.question(other.as_ref()).map(Action::ReopenQuestion)),
        (MappingChange::Reopened(other), _) => plain(subject.question(other.as_ref()).map(Action::DismissQuestion)),
        _ => None,
    })
}

/// The other id that lost its item or location (by number) to the last step, and still is nothing since.
fn loser(
    views: &ViewsReader,
    channel: ChannelId,
    kind: MappingKind,
    last: &MappingStep,
    number: impl Fn(&MappingStep) -> Option<u32>,
    taken: u32,
) -> Result<Option<String>, views::ViewsError> {
    let Some(loser) = views.unmapped_for(channel, last)? else { return Ok(None) };
    let lost = views.mapping_history(kind, channel, &loser, 2)?;
    let was = lost.get(1).and_then(&number);
    let still_lost = lost.first().is_some_and(|step| number(step).is_none() && step.at == last.at);
    Ok((still_lost && was == Some(taken)).then_some(loser))
}
