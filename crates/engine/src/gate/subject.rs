//! What an act is about, in the words that policies are written in. Called by the gate alone.

use model::{Act, ChannelId, ItemId, LocationId};
use policy::Matter;

use crate::state::State;

/// Each thing that an act is about: every one of them must be allowed.
pub(super) fn matters<'s>(state: &'s State, act: &Act) -> Vec<Matter<'s>> {
    let kind = act.kind();
    let about = |store: Option<LocationId>, channel: Option<ChannelId>, item: Option<ItemId>| Matter {
        act: kind,
        store: store.and_then(|id| state.catalogue.location(id)).map(|location| location.name.as_str()),
        channel: channel.and_then(|id| state.catalogue.channel(id)).map(|channel| channel.name.as_str()),
        category: item.and_then(|id| state.governance().category(id)).map(|category| category.as_str()),
        sku: item.and_then(|id| state.catalogue.item(id)).map(|item| item.sku.as_str()),
    };
    match act {
        Act::SetBuffer { item, channel, .. } => vec![about(None, Some(*channel), Some(*item))],
        Act::SetSafety { item, location, .. } | Act::OverrideCount { item, location, .. } => {
            vec![about(Some(*location), None, Some(*item))]
        }
        Act::Purchase { channel, purchase, .. } => {
            let lines = purchase.lines.iter();
            lines.map(|line| about(Some(purchase.location), Some(*channel), Some(line.item))).collect()
        }
        Act::Transfer { from, to, lines, .. } => {
            // Both stores must have agreed: one gives, the other takes.
            lines.iter().flat_map(|(item, _)| [*from, *to].map(|at| about(Some(at), None, Some(*item)))).collect()
        }
        Act::LinkCustomers { one, other } => {
            vec![about(None, Some(one.channel), None), about(None, Some(other.channel), None)]
        }
        Act::MapItem { channel, was, to, .. } => vec![about(None, Some(*channel), to.or(*was))],
        Act::SetPrice { item, .. } => vec![about(None, None, Some(*item))],
        Act::WriteHeld { channel, item, location, .. } => vec![about(Some(*location), Some(*channel), Some(*item))],
    }
}

/// Whether two acts are about the same thing, so that only one of them can be meant.
pub(crate) fn overlap(one: &Act, other: &Act) -> bool {
    match (one, other) {
        (Act::SetBuffer { item, channel, .. }, Act::SetBuffer { item: i, channel: c, .. }) => (item, channel) == (i, c),
        (Act::SetSafety { item, location, .. }, Act::SetSafety { item: i, location: l, .. })
        | (Act::OverrideCount { item, location, .. }, Act::OverrideCount { item: i, location: l, .. }) => {
            (item, location) == (i, l)
        }
        (Act::Purchase { purchase, .. }, Act::Purchase { purchase: p, .. }) => {
            purchase.location == p.location
                && purchase.lines.iter().any(|line| p.lines.iter().any(|other| other.item == line.item))
        }
        (Act::Transfer { to, lines, .. }, Act::Transfer { to: t, lines: l, .. }) => {
            to == t && lines.iter().any(|(item, _)| l.iter().any(|(other, _)| other == item))
        }
        (Act::LinkCustomers { one, other }, Act::LinkCustomers { one: o, other: t }) => {
            (one, other) == (o, t) || (one, other) == (t, o)
        }
        (Act::MapItem { channel, external, .. }, Act::MapItem { channel: c, external: e, .. }) => {
            (channel, external) == (c, e)
        }
        (Act::SetPrice { item, .. }, Act::SetPrice { item: i, .. }) => item == i,
        (Act::WriteHeld { channel, item, location, .. }, Act::WriteHeld { channel: c, item: i, location: l, .. }) => {
            (channel, item, location) == (c, i, l)
        }
        _ => false,
    }
}
