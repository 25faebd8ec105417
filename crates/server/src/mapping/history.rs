//! What an external id was before, and the way back.

use model::{Action, Actor, ChannelId, Command, ExternalItem, Instant, ItemId, Seq};
use views::MappingStep;

use super::finder::views;
use crate::{Hub, ReadError};

/// One change of a mapping.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Step {
    /// The fact.
    pub seq: Seq,
    /// When.
    pub at: Instant,
    /// Who.
    pub by: String,
    /// SKU before; `None` = it was nothing.
    pub from: Option<String>,
    /// SKU since; `None` = nothing.
    pub to: Option<String>,
}

/// The changes of a mapping, newest first, at most this many.
///
/// # Errors
/// When the tables cannot be read.
pub(crate) async fn history(
    hub: &Hub,
    channel: ChannelId,
    external: &ExternalItem,
    limit: usize,
) -> Result<Vec<Step>, ReadError> {
    let wanted = external.clone();
    // One more than is shown: it tells what the oldest that is shown began from.
    let facts = views(hub, move |views| views.mapping_history(channel, &wanted, limit.saturating_add(1))).await?;
    let mut steps: Vec<Step> = (0..facts.len()).filter_map(|place| step(&facts, place)).collect();
    steps.truncate(limit);
    Ok(steps)
}

fn step(facts: &[MappingStep], place: usize) -> Option<Step> {
    let sku = |place: usize| facts.get(place).and_then(|fact| fact.item.as_ref()).map(|(_, sku)| sku.clone());
    let fact = facts.get(place)?;
    Some(Step { seq: fact.seq, at: fact.at, by: fact.by.clone(), from: sku(place + 1), to: sku(place) })
}

/// What the way back leads to.
struct Way {
    now: Option<ItemId>,
    before: Option<ItemId>,
    /// Another id of the channel that lost the item by the change that is taken back.
    other: Option<(ExternalItem, ItemId)>,
}

/// Takes the last change of a mapping back, and gives the item back to the id that lost it by that change. Answers
/// what the id is from now on; `None` when there is nothing to take back, or somebody was quicker.
///
/// # Errors
/// When the hub has stopped, refuses, or its tables cannot be read.
pub(crate) async fn undo(
    hub: &Hub,
    by: Actor,
    channel: ChannelId,
    external: &ExternalItem,
) -> Result<Option<Option<ItemId>>, ReadError> {
    let wanted = external.clone();
    let Some(way) = views(hub, move |views| way(views, channel, &wanted)).await? else { return Ok(None) };
    let (at, external, before) = (hub.clock.now(), external.clone(), way.before);
    let answer = hub.flow.decide(move |desk| {
        if desk.state().catalogue().mapped_item(channel, &external) != way.now {
            return Ok(Vec::new());
        }
        let command =
            |external, item| Command { at, by: by.clone(), action: Action::MapItem { channel, external, item } };
        let mut commands = vec![command(external, way.before)];
        commands.extend(way.other.map(|(other, item)| command(other, Some(item))));
        Ok(commands)
    });
    let answer = answer.await?;
    let mut done = false;
    for result in answer.results {
        done |= !result.map_err(flow::FlowError::Refused)?.is_empty();
    }
    if done && before.is_none() {
        // What is no item of ours any more is asked about again with the next reading.
        hub.links.ask_reading(channel);
    }
    Ok(done.then_some(before))
}

fn way(
    views: &views::ViewsReader,
    channel: ChannelId,
    external: &ExternalItem,
) -> Result<Option<Way>, views::ViewsError> {
    let facts = views.mapping_history(channel, external, 2)?;
    let item = |place: usize| facts.get(place).and_then(|fact| fact.item.as_ref()).map(|(item, _)| *item);
    let Some(last) = facts.first() else { return Ok(None) };
    let (now, before) = (item(0), item(1));
    let mut other = None;
    if let (Some(now), Some(loser)) = (now, views.unmapped_for(channel, last)?) {
        let lost = views.mapping_history(channel, &loser, 2)?;
        let was = lost.get(1).and_then(|fact| fact.item.as_ref()).map(|(item, _)| *item);
        let still_lost = lost.first().is_some_and(|fact| fact.item.is_none() && fact.at == last.at);
        other = (still_lost && was == Some(now)).then_some((loser, now));
    }
    Ok(Some(Way { now, before, other }))
}
