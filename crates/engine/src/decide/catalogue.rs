//! Configuration, and items as people and channels tell of them.

use model::{
    Barcode, ChannelId, ChannelName, ChannelPut, Component, Fact, ItemId, ItemPut, ItemSeen, Listing, LocationId,
    LocationKind, LocationName, LocationPut, MappingQuestion, Money, Note, Refusal, Sku, StockRule, Title, Unit,
};

use super::mapping;
use crate::state::State;

pub(super) fn put_channel(
    state: &State,
    name: &ChannelName,
    sells_from: &[LocationName],
    put: impl FnOnce(ChannelId, Vec<LocationId>) -> ChannelPut,
) -> Result<Vec<Fact>, Refusal> {
    if name.is_empty() {
        return Err(Refusal::Invalid { field: "name", problem: "is empty; give the channel a name".into() });
    }
    let known = state.catalogue.channel_named(name);
    let channel = known.map_or(ChannelId(state.catalogue.channels().len() as u32), |known| known.channel);
    let sells_from: Result<Vec<LocationId>, Refusal> = sells_from
        .iter()
        .map(|location| {
            let found = state.catalogue.location_named(location).map(|location| location.location);
            found.ok_or_else(|| Refusal::Unknown { what: format!("location {location}") })
        })
        .collect();
    let put = put(channel, sells_from?);
    if !put.leads.is_empty() && put.leads == put.follows {
        return Err(Refusal::Invalid {
            field: "follows",
            problem: format!("channel {name} cannot follow in the fields in which it leads"),
        });
    }
    Ok(if known == Some(&put) { Vec::new() } else { vec![Fact::ChannelPut(put)] })
}

pub(super) fn put_location(
    state: &State,
    name: &LocationName,
    kind: LocationKind,
    zone: &Note,
    home: Option<&ChannelName>,
) -> Result<Vec<Fact>, Refusal> {
    if name.is_empty() {
        return Err(Refusal::Invalid { field: "name", problem: "is empty; give the location a name".into() });
    }
    let home = match home {
        None => None,
        Some(channel) => match state.catalogue.channel_named(channel) {
            Some(channel) => Some(channel.channel),
            None => return Err(Refusal::Unknown { what: format!("channel {channel}") }),
        },
    };
    let known = state.catalogue.location_named(name);
    let next = state.catalogue.locations().len() as u32;
    if known.is_none() && next > u32::from(u16::MAX) {
        return Err(Refusal::Invalid { field: "name", problem: "65,536 locations is the most there can be".into() });
    }
    let location = known.map_or(LocationId(next), |known| known.location);
    let put = LocationPut { location, name: name.clone(), kind, zone: zone.clone(), home };
    Ok(if known == Some(&put) { Vec::new() } else { vec![Fact::LocationPut(put)] })
}

pub(super) struct NewItem<'a> {
    pub sku: &'a Sku,
    pub title: &'a Title,
    pub barcodes: &'a [Barcode],
    pub unit: Unit,
    pub components: &'a [Component],
    pub price: Option<Money>,
    pub tax_inclusive: bool,
}

pub(super) fn put_item(state: &State, new: &NewItem<'_>) -> Result<Vec<Fact>, Refusal> {
    if new.sku.is_empty() {
        return Err(Refusal::Invalid { field: "sku", problem: "is empty; every item needs one".into() });
    }
    let known = state.catalogue.sku(new.sku);
    let item = known.map_or(state.catalogue.next_item(), |known| known.item);
    for part in new.components {
        let Some(component) = state.catalogue.item(part.item) else {
            return Err(Refusal::Unknown { what: format!("component {}", part.item) });
        };
        if !component.components.is_empty() || part.item == item {
            return Err(Refusal::Invalid {
                field: "components",
                problem: format!("{} is a bundle itself; list what it is made of", component.sku),
            });
        }
        if part.quantity.is_zero() {
            return Err(Refusal::Invalid { field: "components", problem: "a quantity is zero".into() });
        }
    }
    if let Some(known) = known.filter(|known| known.components.is_empty() && !new.components.is_empty()) {
        may_become_bundle(state, known)?;
    }
    let put = ItemPut {
        item,
        sku: new.sku.clone(),
        title: new.title.clone(),
        barcodes: new.barcodes.to_vec(),
        unit: new.unit,
        components: new.components.to_vec(),
        price: new.price,
        tax_inclusive: new.tax_inclusive,
        tracked: known.is_none_or(|known| known.tracked),
    };
    Ok(if known == Some(&put) { Vec::new() } else { vec![Fact::ItemPut(put)] })
}

/// Stock of its own, promises of it and bundles with it would be stranded.
fn may_become_bundle(state: &State, known: &ItemPut) -> Result<(), Refusal> {
    let refuse = |why: String| Err(Refusal::NotNow { what: format!("{} cannot become a bundle: {why}", known.sku) });
    let inside =
        state.catalogue.items().iter().find(|other| other.components.iter().any(|part| part.item == known.item));
    if let Some(other) = inside {
        return refuse(format!("it is part of {}", other.sku));
    }
    let places = state.positions.of_item(known.item, state.catalogue.locations().len());
    let stocked = places.into_iter().map(|row| state.positions.row(row)).find(|position| {
        let levels = [position.on_hand(), position.reserved(), position.in_transit(), position.unsellable()];
        levels.iter().any(|level| !level.is_zero())
    });
    match stocked {
        Some(position) => {
            let place = state.catalogue.location(position.location).map_or("", |location| location.name.as_str());
            refuse(format!("it has stock at {place}; bring that to zero first, or make the bundle under another SKU"))
        }
        None => Ok(()),
    }
}

pub(super) fn put_rule(state: &State, rule: &StockRule) -> Result<Vec<Fact>, Refusal> {
    Ok(match *rule {
        StockRule::Safety { item, location, quantity } => {
            must_know(state, item, Some(location))?;
            let now = state.positions.get(item, location).safety();
            if now == quantity.level() { Vec::new() } else { vec![Fact::SafetySet { item, location, quantity }] }
        }
        StockRule::Buffer { item, channel, quantity } => {
            must_know(state, item, None)?;
            if state.catalogue.channel(channel).is_none() {
                return Err(Refusal::Unknown { what: channel.to_string() });
            }
            let same = state.catalogue.buffer(channel, item) == quantity;
            if same { Vec::new() } else { vec![Fact::BufferSet { item, channel, quantity }] }
        }
    })
}

/// Refuses items and locations that do not exist.
pub(super) fn must_know(state: &State, item: ItemId, location: Option<LocationId>) -> Result<(), Refusal> {
    if state.catalogue.item(item).is_none() {
        return Err(Refusal::Unknown { what: item.to_string() });
    }
    match location {
        Some(location) if state.catalogue.location(location).is_none() => {
            Err(Refusal::Unknown { what: location.to_string() })
        }
        _ => Ok(()),
    }
}

/// An item from a channel's catalogue is matched by what was mapped before, then by SKU. An SKU that is missing, or
/// that another external id of the same channel holds already, is a question for a person.
pub(super) fn item_seen(state: &State, seen: &ItemSeen) -> Result<Vec<Fact>, Refusal> {
    let known = state.catalogue.mapped_item(seen.channel, &seen.external);
    if seen.deleted {
        return Ok(known.map_or_else(Vec::new, |item| mapping::gone(state, seen.channel, item)));
    }
    let mut facts = Vec::new();
    let item = match known {
        Some(item) => item,
        None => match matching(state, seen) {
            Ok(Some(item)) => item,
            Ok(None) => {
                let item = state.catalogue.next_item();
                facts.push(Fact::ItemPut(ItemPut {
                    item,
                    sku: seen.sku.clone(),
                    title: seen.title.clone(),
                    barcodes: seen.barcodes.clone(),
                    unit: Unit::Piece,
                    components: Vec::new(),
                    price: seen.price,
                    tax_inclusive: seen.tax_inclusive,
                    tracked: seen.tracked,
                }));
                item
            }
            // Whoever put this question away is not asked again.
            Err(_) if is_dismissed(state, seen) => return Ok(Vec::new()),
            Err(unclear) => return Ok(unclear),
        },
    };
    facts.extend(led(state, seen, item, &facts));
    let mut told = vec![(seen.external.clone(), true)];
    told.extend(seen.aliases.iter().filter(|alias| **alias != seen.external).map(|alias| (alias.clone(), false)));
    for (external, counted) in told {
        if state.catalogue.mapped_item(seen.channel, &external) != Some(item) {
            facts.extend(mapping::reopened(state, seen.channel, &external));
            if counted && state.was_shown(seen.channel, item) {
                // It was something else there before, whose number is not this one's.
                facts.extend(mapping::levels_unknown(state, seen.channel, &external));
            }
            facts.push(Fact::ItemMapped { channel: seen.channel, external, item: Some(item), counted });
        }
    }
    facts.extend(listed(state, seen, item, &facts));
    Ok(facts)
}

fn is_dismissed(state: &State, seen: &ItemSeen) -> bool {
    state.is_dismissed(&MappingQuestion::Item { channel: seen.channel, external: seen.external.clone() })
}

/// Our own record, when the channel leads in a field and has it otherwise.
fn led(state: &State, seen: &ItemSeen, item: ItemId, facts: &[Fact]) -> Option<Fact> {
    let leads = state.catalogue.channel(seen.channel)?.leads;
    let ours = our_record(state, item, facts)?;
    let mut listing = ours.listing().taking(&seen.listing(), leads);
    if leads.price && seen.price.is_some() {
        // The leader may change the currency, or how tax is told.
        (listing.price, listing.tax_inclusive) = (seen.price, seen.tax_inclusive);
    }
    // What one channel counts has stock, even if another does not count it.
    let tracked = ours.tracked || seen.tracked;
    if listing == ours.listing() && tracked == ours.tracked {
        return None;
    }
    let Listing { title, price, tax_inclusive, barcodes } = listing;
    Some(Fact::ItemPut(ItemPut { title, price, tax_inclusive, barcodes, tracked, ..ours }))
}

/// What the channel lists, when that is not what is believed.
fn listed(state: &State, seen: &ItemSeen, item: ItemId, facts: &[Fact]) -> Option<Fact> {
    let mapped = state.catalogue.external_item(seen.channel, item).is_some();
    // A mapped channel is believed to list the old record until it is heard of again, which is now.
    let changed = mapped && facts.iter().any(|fact| matches!(fact, Fact::ItemPut(_)));
    let believed = match state.listings.get(seen.channel, item).filter(|_| mapped) {
        Some(listed) => listed.seen.clone(),
        None => our_record(state, item, facts).map(|ours| ours.listing()),
    };
    let now = seen.listing();
    (changed || believed.as_ref() != Some(&now)).then(|| Fact::Listed {
        channel: seen.channel,
        item,
        listing: Some(Box::new(now)),
    })
}

fn our_record(state: &State, item: ItemId, facts: &[Fact]) -> Option<ItemPut> {
    let put = facts.iter().rev().find_map(|fact| match fact {
        Fact::ItemPut(put) if put.item == item => Some(put.clone()),
        _ => None,
    });
    put.or_else(|| state.catalogue.item(item).cloned())
}

/// The item with this SKU, else with this trade item number; `None` when it is new; facts that ask a person when it is
/// unclear. Nothing is guessed: a barcode decides only if its check digit fits, one item alone has it, and that item is
/// nothing else on this channel.
fn matching(state: &State, seen: &ItemSeen) -> Result<Option<ItemId>, Vec<Fact>> {
    let unclear = |reason: &str, candidates: Vec<ItemId>| {
        vec![Fact::MappingUnclear {
            channel: seen.channel,
            external: seen.external.clone(),
            sku: seen.sku.clone(),
            reason: Note::new(reason),
            candidates,
            listing: Some(Box::new(seen.listing())),
        }]
    };
    let taken = |item| state.catalogue.external_item(seen.channel, item).filter(|other| **other != seen.external);
    if let Some(item) = state.catalogue.sku(&seen.sku).filter(|_| !seen.sku.is_empty()) {
        return match taken(item.item) {
            Some(other) => {
                let reason =
                    format!("SKU {} is already {} on this channel; give one of them another SKU", seen.sku, other);
                Err(unclear(&reason, vec![item.item]))
            }
            None => Ok(Some(item.item)),
        };
    }
    let by_barcode = state.catalogue.with_barcodes(&seen.barcodes);
    let trade_number = seen.barcodes.iter().any(|code| code.gtin().is_some());
    match (by_barcode.as_slice(), seen.sku.is_empty()) {
        ([only], _) if trade_number && taken(*only).is_none() => Ok(Some(*only)),
        ([], false) => Ok(None),
        ([], true) => Err(unclear("it has no SKU; give it one, or say which item it is", Vec::new())),
        ([_], true) => Err(unclear("it has no SKU, and its barcode alone does not settle it", by_barcode)),
        // Another SKU for a barcode that is in use: the same goods under two numbers, or a wrong barcode.
        ([only], false) if taken(*only).is_some() => Ok(None),
        ([_], false) => Ok(None),
        (_, _) => Err(unclear("several items have its barcode; say which it is", by_barcode)),
    }
}
