//! Orders: of each, only what comparing levels needs. Heads, prices and people are in the views.

use std::collections::BTreeMap;

use minicbor::{Decode, Encode};
use model::{
    ChannelId, DocumentKey, Instant, ItemId, LineKey, LocationId, OrderId, OrderKind, OrderState, Quantity,
    ReturnPutRight, Returned, Seq, Telling,
};

use super::Map;

/// How much of a line is promised and gone at a location, in hundred-thousandths of a unit.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Encode, Decode)]
pub struct Holding {
    /// Line.
    #[n(0)]
    pub line: LineKey,
    /// Item; a bundle's component.
    #[n(1)]
    pub item: ItemId,
    /// Location.
    #[n(2)]
    pub location: LocationId,
    /// Promised and still there.
    #[n(3)]
    pub promised: i64,
    /// Left.
    #[n(4)]
    pub gone: i64,
}

/// How much a returned line put back where, in hundred-thousandths of a unit.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode)]
pub struct PutBack {
    /// Item; a bundle's component.
    #[n(0)]
    pub item: ItemId,
    /// Location.
    #[n(1)]
    pub location: LocationId,
    /// How much.
    #[n(2)]
    pub quantity: i64,
}

/// A returned line that was taken in, so that it is not taken in twice, and can be put right.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
pub struct TakenBack {
    /// Hash of document and line.
    #[n(0)]
    pub line: LineKey,
    /// What it was taken for.
    #[n(1)]
    pub item: Option<ItemId>,
    /// Where it was put back.
    #[n(2)]
    pub restocked: Option<LocationId>,
    /// How much came back.
    #[n(3)]
    pub quantity: Quantity,
    /// When.
    #[n(4)]
    pub happened_at: Instant,
    /// Its stock.
    #[n(5)]
    pub stock: Vec<PutBack>,
}

/// An order as the engine keeps it.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
pub struct Order {
    /// Where.
    #[n(0)]
    pub channel: ChannelId,
    /// The platform's id.
    #[n(1)]
    pub document: DocumentKey,
    /// The platform's version.
    #[n(2)]
    pub version: u64,
    /// Till or web.
    #[n(3)]
    pub kind: OrderKind,
    /// How far.
    #[n(4)]
    pub state: OrderState,
    /// When made.
    #[n(5)]
    pub placed_at: Instant,
    /// Its stock.
    #[n(6)]
    pub holdings: Vec<Holding>,
    /// Return lines already taken in, by line.
    #[n(7)]
    pub returns: Vec<TakenBack>,
    /// The last fact that promised more to it: the age of its promises.
    #[n(8)]
    pub raised: Seq,
    /// Lines that sold a bundle: the channel's own numbers of its parts did not move.
    #[n(9)]
    pub bundles: Vec<LineKey>,
    /// Which telling of the version is known.
    #[n(10)]
    pub telling: Option<Telling>,
}

/// The version of an order that is to be worked out anew: below every version of a platform.
const REOPENED: u64 = 0;

impl Order {
    /// Whether it is to be worked out anew because a mapping was put right.
    pub fn is_reopened(&self) -> bool {
        self.version == REOPENED
    }

    /// A returned line, when it was taken in.
    pub fn taken_back(&self, line: LineKey) -> Option<&TakenBack> {
        self.returns.binary_search_by_key(&line, |back| back.line).ok().map(|place| &self.returns[place])
    }

    /// Whether any of its stock or returns is of this item.
    pub(crate) fn touches_item(&self, item: ItemId) -> bool {
        let back = |back: &TakenBack| back.item == Some(item) || back.stock.iter().any(|put| put.item == item);
        self.holdings.iter().any(|holding| holding.item == item) || self.returns.iter().any(back)
    }

    /// Whether any of its stock or returns is at this location.
    pub(crate) fn touches_place(&self, location: LocationId) -> bool {
        let back = |back: &TakenBack| back.restocked == Some(location);
        self.holdings.iter().any(|holding| holding.location == location) || self.returns.iter().any(back)
    }

    fn taken_back_mut(&mut self, line: LineKey) -> Option<&mut TakenBack> {
        self.returns.iter_mut().find(|back| back.line == line)
    }
}

/// All orders.
#[derive(Clone, Debug, Default)]
pub struct Orders {
    rows: Vec<Order>,
    by_document: Map<(ChannelId, DocumentKey), OrderId>,
    /// Orders with something promised.
    open: BTreeMap<OrderId, ()>,
}

impl Orders {
    /// How many are known.
    pub fn len(&self) -> usize {
        self.rows.len()
    }

    /// Whether none is known.
    pub fn is_empty(&self) -> bool {
        self.rows.is_empty()
    }

    /// The id the next new order will get.
    pub fn next(&self) -> OrderId {
        OrderId(self.rows.len() as u32)
    }

    /// An order by id.
    pub fn get(&self, id: OrderId) -> Option<&Order> {
        self.rows.get(id.0 as usize)
    }

    /// An order by the platform's id.
    pub fn find(&self, channel: ChannelId, document: &DocumentKey) -> Option<OrderId> {
        self.by_document.get(&(channel, document.clone())).copied()
    }

    /// Orders with something promised, newest first.
    pub fn open_newest_first(&self) -> impl Iterator<Item = (OrderId, &Order)> {
        self.open.keys().rev().filter_map(|id| self.get(*id).map(|order| (*id, order)))
    }

    pub(crate) fn put(&mut self, id: OrderId, order: Order) {
        match self.rows.get_mut(id.0 as usize) {
            Some(known) => {
                known.version = order.version;
                known.kind = order.kind;
                known.state = order.state;
                known.placed_at = order.placed_at;
                known.bundles = order.bundles;
                known.telling = order.telling;
            }
            None => {
                debug_assert_eq!(id, self.next(), "ids count up");
                self.by_document.insert((order.channel, order.document.clone()), id);
                self.rows.push(order);
            }
        }
    }

    /// Whatever is heard of it next is news.
    pub(crate) fn reopen(&mut self, id: OrderId) {
        if let Some(order) = self.rows.get_mut(id.0 as usize) {
            order.version = REOPENED;
        }
    }

    /// Orders of a channel that this holds of.
    pub(crate) fn of_channel(
        &self,
        channel: ChannelId,
        wanted: impl Fn(&Order) -> bool,
    ) -> impl Iterator<Item = (OrderId, &Order)> {
        let rows = self.rows.iter().enumerate().map(|(number, order)| (OrderId(number as u32), order));
        rows.filter(move |(_, order)| order.channel == channel && wanted(order))
    }

    pub(crate) fn move_holding(&mut self, id: OrderId, moved: Holding, seq: Seq) {
        let Some(order) = self.rows.get_mut(id.0 as usize) else { return };
        if moved.promised > 0 {
            order.raised = seq;
        }
        let same = |h: &Holding| h.line == moved.line && h.item == moved.item && h.location == moved.location;
        match order.holdings.iter_mut().find(|holding| same(holding)) {
            Some(holding) => {
                holding.promised = holding.promised.saturating_add(moved.promised);
                holding.gone = holding.gone.saturating_add(moved.gone);
            }
            None => order.holdings.push(moved),
        }
        order.holdings.retain(|holding| holding.promised != 0 || holding.gone != 0);
        if order.holdings.iter().any(|holding| holding.promised > 0) {
            self.open.insert(id, ());
        } else {
            self.open.remove(&id);
        }
    }

    pub(crate) fn take_return(&mut self, returned: &Returned) {
        let Some(order) = self.rows.get_mut(returned.order.0 as usize) else { return };
        if let Err(place) = order.returns.binary_search_by_key(&returned.line, |back| back.line) {
            let taken = TakenBack {
                line: returned.line,
                item: returned.item,
                restocked: returned.restocked,
                quantity: returned.quantity,
                happened_at: returned.happened_at,
                stock: Vec::new(),
            };
            order.returns.insert(place, taken);
        }
    }

    pub(crate) fn put_return_right(&mut self, right: &ReturnPutRight) {
        let order = self.rows.get_mut(right.order.0 as usize);
        if let Some(back) = order.and_then(|order| order.taken_back_mut(right.line)) {
            (back.item, back.restocked) = (right.item, right.restocked);
        }
    }

    /// A returned line put this much back, or takes it away again.
    pub(crate) fn move_return(&mut self, id: OrderId, line: LineKey, moved: PutBack) {
        let order = self.rows.get_mut(id.0 as usize);
        let Some(back) = order.and_then(|order| order.taken_back_mut(line)) else { return };
        let same = |put: &&mut PutBack| put.item == moved.item && put.location == moved.location;
        match back.stock.iter_mut().find(same) {
            Some(put) => put.quantity = put.quantity.saturating_add(moved.quantity),
            None => back.stock.push(moved),
        }
        back.stock.retain(|put| put.quantity != 0);
    }

    pub(crate) fn encode(&self, out: &mut Vec<u8>) {
        // Writing to a vector cannot fail.
        let _ = minicbor::encode(&self.rows, &mut *out);
    }

    pub(crate) fn decode(decoder: &mut minicbor::Decoder<'_>) -> Result<Self, minicbor::decode::Error> {
        let rows: Vec<Order> = decoder.decode()?;
        let mut by_document = Map::default();
        let mut open = BTreeMap::new();
        for (number, order) in rows.iter().enumerate() {
            let id = OrderId(number as u32);
            by_document.insert((order.channel, order.document.clone()), id);
            if order.holdings.iter().any(|holding| holding.promised > 0) {
                open.insert(id, ());
            }
        }
        Ok(Self { rows, by_document, open })
    }
}
