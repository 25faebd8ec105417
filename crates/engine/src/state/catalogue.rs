//! Items, locations and channels, and what outsiders call them.

use std::collections::{BTreeMap, BTreeSet};

use minicbor::{Decode, Encode};
use model::{
    Barcode, ChannelId, ChannelName, ChannelPut, ExternalItem, ExternalLocation, ItemId, ItemPut, LineKey, LocationId,
    LocationName, LocationPut, Note, OrderPut, Quantity, Sku,
};

use super::Map;

/// Configuration and mappings.
#[derive(Clone, Debug, Default)]
pub struct Catalogue {
    channels: Vec<ChannelPut>,
    locations: Vec<LocationPut>,
    items: Vec<ItemPut>,
    channel_names: BTreeMap<ChannelName, ChannelId>,
    location_names: BTreeMap<LocationName, LocationId>,
    skus: Map<Sku, ItemId>,
    /// In order of arrival; nearly always one.
    barcodes: Map<Barcode, Vec<ItemId>>,
    item_of: Map<(ChannelId, ExternalItem), Mapped>,
    external_item: Map<(ChannelId, ItemId), ExternalItem>,
    aliases: BTreeMap<(ChannelId, ItemId), BTreeSet<ExternalItem>>,
    location_of: BTreeMap<(ChannelId, ExternalLocation), LocationId>,
    external_location: BTreeMap<(ChannelId, LocationId), ExternalLocation>,
    /// Locations of channels that are none of ours, as they were asked about.
    strange: BTreeMap<(ChannelId, ExternalLocation), StrangePlace>,
    buffers: BTreeMap<(ChannelId, ItemId), Quantity>,
}

/// A location of a channel that is none of ours.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
pub struct StrangePlace {
    /// What the platform calls it.
    #[n(0)]
    pub name: LocationName,
    /// What is unclear.
    #[n(1)]
    pub reason: Note,
    /// Locations it may be.
    #[n(2)]
    pub candidates: Vec<LocationId>,
    /// Whether a person took its mapping away: its name alone does not give it back.
    #[n(3)]
    pub by_hand: bool,
}

/// What an external id stands for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode)]
struct Mapped {
    #[n(0)]
    item: ItemId,
    /// Stock is counted under this id; otherwise it is an alias.
    #[n(1)]
    counted: bool,
}

impl Catalogue {
    /// Every channel, by id.
    pub fn channels(&self) -> &[ChannelPut] {
        &self.channels
    }

    /// One channel.
    pub fn channel(&self, id: ChannelId) -> Option<&ChannelPut> {
        self.channels.get(id.0 as usize)
    }

    /// A channel by name.
    pub fn channel_named(&self, name: &ChannelName) -> Option<&ChannelPut> {
        self.channel(*self.channel_names.get(name)?)
    }

    /// Every location, by id.
    pub fn locations(&self) -> &[LocationPut] {
        &self.locations
    }

    /// One location.
    pub fn location(&self, id: LocationId) -> Option<&LocationPut> {
        self.locations.get(id.0 as usize)
    }

    /// A location by name.
    pub fn location_named(&self, name: &LocationName) -> Option<&LocationPut> {
        self.location(*self.location_names.get(name)?)
    }

    /// Every item, by id.
    pub fn items(&self) -> &[ItemPut] {
        &self.items
    }

    /// One item.
    pub fn item(&self, id: ItemId) -> Option<&ItemPut> {
        self.items.get(id.0 as usize)
    }

    /// Whether an item is made of others.
    pub(crate) fn is_bundle(&self, id: ItemId) -> bool {
        self.item(id).is_some_and(|item| !item.components.is_empty())
    }

    /// The lines of an order that sold a bundle.
    pub(crate) fn bundle_lines(&self, put: &OrderPut) -> Vec<LineKey> {
        let bundles = put.lines.iter().filter(|line| line.item.is_some_and(|item| self.is_bundle(item)));
        bundles.map(|line| LineKey::of(line.line.as_str())).collect()
    }

    /// An item by SKU.
    pub fn sku(&self, sku: &Sku) -> Option<&ItemPut> {
        self.item(*self.skus.get(sku)?)
    }

    /// An item by GTIN.
    pub fn barcode(&self, barcode: &Barcode) -> Option<&ItemPut> {
        self.item(*self.barcodes.get(&canonical(barcode))?.first()?)
    }

    /// Items with one of these barcodes, each once; the forms of one trade item number are the same barcode.
    pub fn with_barcodes(&self, barcodes: &[Barcode]) -> Vec<ItemId> {
        let mut found: Vec<ItemId> =
            barcodes.iter().filter_map(|code| self.barcodes.get(&canonical(code))).flatten().copied().collect();
        found.sort_unstable();
        found.dedup();
        found
    }

    /// What a platform's item id stands for.
    pub fn mapped_item(&self, channel: ChannelId, external: &ExternalItem) -> Option<ItemId> {
        self.item_of.get(&(channel, external.clone())).map(|mapped| mapped.item)
    }

    /// What a platform's location id stands for.
    pub fn mapped_location(&self, channel: ChannelId, external: &ExternalLocation) -> Option<LocationId> {
        self.location_of.get(&(channel, external.clone())).copied()
    }

    /// Under which id a platform counts an item.
    pub fn external_item(&self, channel: ChannelId, item: ItemId) -> Option<&ExternalItem> {
        self.external_item.get(&(channel, item))
    }

    /// Other ids of an item on a platform.
    pub fn aliases(&self, channel: ChannelId, item: ItemId) -> impl Iterator<Item = &ExternalItem> {
        self.aliases.get(&(channel, item)).into_iter().flatten()
    }

    /// A platform's id of a location.
    pub fn external_location(&self, channel: ChannelId, location: LocationId) -> Option<&ExternalLocation> {
        self.external_location.get(&(channel, location))
    }

    /// Locations that exist on a channel.
    pub fn locations_on(&self, channel: ChannelId) -> impl Iterator<Item = (LocationId, &ExternalLocation)> {
        self.external_location
            .range((channel, LocationId(0))..=(channel, LocationId(u32::MAX)))
            .map(|((_, location), external)| (*location, external))
    }

    /// A location of a channel that is none of ours, as it was asked about.
    pub fn strange_place(&self, channel: ChannelId, external: &ExternalLocation) -> Option<&StrangePlace> {
        self.strange.get(&(channel, external.clone()))
    }

    /// Item mappings of a channel under which stock is counted, by item.
    pub fn items_on(&self, channel: ChannelId) -> Vec<(ItemId, &ExternalItem)> {
        let mut found: Vec<_> = self
            .items
            .iter()
            .filter_map(|item| self.external_item(channel, item.item).map(|external| (item.item, external)))
            .collect();
        found.sort_unstable_by_key(|(item, _)| *item);
        found
    }

    /// Units of an item that a channel must leave unsold.
    pub fn buffer(&self, channel: ChannelId, item: ItemId) -> Quantity {
        match self.buffers.get(&(channel, item)) {
            Some(own) => *own,
            None => self.channel(channel).map_or(Quantity::ZERO, |channel| channel.buffer),
        }
    }

    /// The id the next new item will get.
    pub fn next_item(&self) -> ItemId {
        ItemId(self.items.len() as u32)
    }

    pub(crate) fn put_channel(&mut self, put: ChannelPut) {
        self.channel_names.insert(put.name.clone(), put.channel);
        place(&mut self.channels, put.channel.0 as usize, put);
    }

    pub(crate) fn put_location(&mut self, put: LocationPut) {
        self.location_names.insert(put.name.clone(), put.location);
        place(&mut self.locations, put.location.0 as usize, put);
    }

    pub(crate) fn put_item(&mut self, put: ItemPut) {
        if let Some(old) = self.items.get(put.item.0 as usize) {
            self.skus.remove(&old.sku);
            for barcode in &old.barcodes {
                if let Some(items) = self.barcodes.get_mut(&canonical(barcode)) {
                    items.retain(|item| *item != put.item);
                }
            }
        }
        self.skus.insert(put.sku.clone(), put.item);
        for barcode in &put.barcodes {
            let items = self.barcodes.entry(canonical(barcode)).or_default();
            if !items.contains(&put.item) {
                items.push(put.item);
            }
        }
        place(&mut self.items, put.item.0 as usize, put);
    }

    pub(crate) fn map_item(&mut self, channel: ChannelId, external: ExternalItem, item: Option<ItemId>, counted: bool) {
        let key = (channel, external);
        if let Some(old) = self.item_of.remove(&key) {
            if old.counted {
                self.external_item.remove(&(channel, old.item));
            } else if let Some(aliases) = self.aliases.get_mut(&(channel, old.item)) {
                aliases.remove(&key.1);
            }
        }
        if let Some(item) = item {
            if counted {
                self.external_item.insert((channel, item), key.1.clone());
            } else {
                self.aliases.entry((channel, item)).or_default().insert(key.1.clone());
            }
            self.item_of.insert(key, Mapped { item, counted });
        }
    }

    pub(crate) fn map_location(
        &mut self,
        channel: ChannelId,
        external: ExternalLocation,
        location: Option<LocationId>,
    ) {
        let key = (channel, external);
        if let Some(old) = self.location_of.remove(&key) {
            self.external_location.remove(&(channel, old));
        }
        if let Some(location) = location {
            self.strange.remove(&key);
            self.external_location.insert((channel, location), key.1.clone());
            self.location_of.insert(key, location);
        }
    }

    pub(crate) fn put_strange(&mut self, channel: ChannelId, external: ExternalLocation, place: StrangePlace) {
        self.strange.insert((channel, external), place);
    }

    pub(crate) fn forget_strange(&mut self, channel: ChannelId, external: &ExternalLocation) {
        self.strange.remove(&(channel, external.clone()));
    }

    pub(crate) fn set_buffer(&mut self, channel: ChannelId, item: ItemId, quantity: Quantity) {
        self.buffers.insert((channel, item), quantity);
    }

    pub(crate) fn encode(&self, out: &mut Vec<u8>) {
        let mut items: Vec<(&(ChannelId, ExternalItem), &Mapped)> = self.item_of.iter().collect();
        items.sort_unstable_by(|a, b| a.0.cmp(b.0));
        let mut barcodes: Vec<(&Barcode, &Vec<ItemId>)> =
            self.barcodes.iter().filter(|(_, items)| !items.is_empty()).collect();
        barcodes.sort_unstable();
        // Writing to a vector cannot fail.
        let _ = minicbor::encode(&self.channels, &mut *out);
        let _ = minicbor::encode(&self.locations, &mut *out);
        let _ = minicbor::encode(&self.items, &mut *out);
        let _ = minicbor::encode(&barcodes, &mut *out);
        let _ = minicbor::encode(&items, &mut *out);
        let _ = minicbor::encode(&self.location_of, &mut *out);
        let _ = minicbor::encode(&self.strange, &mut *out);
        let _ = minicbor::encode(&self.buffers, &mut *out);
    }

    pub(crate) fn decode(decoder: &mut minicbor::Decoder<'_>) -> Result<Self, minicbor::decode::Error> {
        let mut catalogue = Self::default();
        for channel in decoder.decode::<Vec<ChannelPut>>()? {
            catalogue.put_channel(channel);
        }
        for location in decoder.decode::<Vec<LocationPut>>()? {
            catalogue.put_location(location);
        }
        for item in decoder.decode::<Vec<ItemPut>>()? {
            catalogue.put_item(item);
        }
        catalogue.barcodes = decoder.decode::<Vec<(Barcode, Vec<ItemId>)>>()?.into_iter().collect();
        for ((channel, external), mapped) in decoder.decode::<Vec<((ChannelId, ExternalItem), Mapped)>>()? {
            catalogue.map_item(channel, external, Some(mapped.item), mapped.counted);
        }
        for ((channel, external), location) in
            decoder.decode::<BTreeMap<(ChannelId, ExternalLocation), LocationId>>()?
        {
            catalogue.map_location(channel, external, Some(location));
        }
        catalogue.strange = decoder.decode()?;
        catalogue.buffers = decoder.decode()?;
        Ok(catalogue)
    }
}

/// A trade item number in its one form; a code that is none, as it is.
fn canonical(code: &Barcode) -> Barcode {
    code.gtin().map_or_else(|| code.clone(), |gtin| Barcode::new(&gtin.to_string()))
}

/// Ids are dense: `place` is the next row or an existing one, which `decide` sees to.
fn place<T>(rows: &mut Vec<T>, place: usize, value: T) {
    match rows.get_mut(place) {
        Some(row) => *row = value,
        None => rows.push(value),
    }
}
