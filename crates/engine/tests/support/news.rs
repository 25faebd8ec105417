//! What a channel tells of one document: `News::web("1001").version(2).promised(CAP, DC, 1)`.

use model::{
    Action, ChannelId, Currency, ExternalItem, Instant, ItemId, LineSeen, LocationId, Money, Note, OrderKind,
    OrderSeen, OrderState, PartSeen, PartState, Quantity, Restock, ReturnSeen, Sku,
};

use super::hub::{TILLS, WEB, external, external_location};

/// News of an order, built up line by line; parts of one item are one line.
#[derive(Clone, Debug)]
pub struct News(OrderSeen, Option<Instant>);

impl News {
    /// A till sale on the second channel.
    pub fn till(document: &str) -> Self {
        Self::of(TILLS, OrderKind::Till, document)
    }

    /// A web order on the first channel.
    pub fn web(document: &str) -> Self {
        Self::of(WEB, OrderKind::Web, document)
    }

    /// Any document.
    pub fn of(channel: ChannelId, kind: OrderKind, document: &str) -> Self {
        let currency = Currency::parse("EUR").expect("three letters");
        Self(
            OrderSeen {
                channel,
                document: document.into(),
                reference: Note::new(""),
                version: 1,
                placed_at: Instant(1_800_000_000_000),
                kind,
                customer: None,
                contact: None,
                currency,
                tax_inclusive: true,
                total: Money { minor: 0, currency },
                state: OrderState::Open,
                lines: Some(Vec::new()),
                returns: Vec::new(),
            },
            None,
        )
    }

    /// Not told by itself, but the answer to a question of this moment.
    pub fn asked(mut self, ms: i64) -> Self {
        self.1 = Some(Instant(ms));
        self
    }

    /// When it was asked for.
    pub fn asked_at(&self) -> Option<Instant> {
        self.1
    }

    /// The platform's version.
    pub fn version(mut self, version: u64) -> Self {
        self.0.version = version;
        self
    }

    /// When it was made.
    pub fn placed(mut self, at: Instant) -> Self {
        self.0.placed_at = at;
        self
    }

    /// What is paid for it, in the smallest coin.
    pub fn total(mut self, minor: i64) -> Self {
        self.0.total.minor = minor;
        self
    }

    /// Everything left.
    pub fn completed(mut self) -> Self {
        self.0.state = OrderState::Completed;
        self
    }

    /// Called off; nothing is promised or gone.
    pub fn cancelled(mut self) -> Self {
        self.0.state = OrderState::Cancelled;
        self
    }

    /// Units promised and still there.
    pub fn promised(self, item: ItemId, location: LocationId, units: u32) -> Self {
        self.part(item, location, Quantity::units(units), PartState::Promised)
    }

    /// Units that left.
    pub fn gone(self, item: ItemId, location: LocationId, units: u32) -> Self {
        self.part(item, location, Quantity::units(units), PartState::Gone)
    }

    /// Any amount in any state.
    pub fn part(self, item: ItemId, location: LocationId, quantity: Quantity, state: PartState) -> Self {
        let location = Some(external_location(self.0.channel, location));
        let known = external(self.0.channel, item);
        self.raw_part(known, PartSeen { location, quantity, state })
    }

    /// A part as the platform names it.
    pub fn raw_part(mut self, item: ExternalItem, part: PartSeen) -> Self {
        let lines = self.0.lines.get_or_insert_default();
        let quantity = part.quantity;
        match lines.iter_mut().find(|line| line.item.as_ref() == Some(&item)) {
            Some(line) => {
                line.quantity = line.quantity.plus(quantity);
                line.parts.push(part);
            }
            None => lines.push(LineSeen {
                line: Note::new(item.as_str()),
                item: Some(item),
                sku: Sku::new(""),
                quantity,
                price: None,
                parts: vec![part],
            }),
        }
        self
    }

    /// Units that came back, to a shelf or to none.
    pub fn returned(mut self, document: &str, item: ItemId, units: u32, to: Option<LocationId>) -> Self {
        let channel = self.0.channel;
        self.0.returns.push(ReturnSeen {
            document: document.into(),
            line: Note::new("1"),
            item: Some(external(channel, item)),
            sku: Sku::new(""),
            quantity: Quantity::units(units),
            restock: to.map_or(Restock::Nowhere, |to| Restock::At(external_location(channel, to))),
            at: self.0.placed_at,
        });
        self
    }

    /// Units that came back to a shelf, as the platform names them.
    pub fn raw_returned(mut self, document: &str, item: ExternalItem, units: u32, to: LocationId) -> Self {
        let channel = self.0.channel;
        self.0.returns.push(ReturnSeen {
            document: document.into(),
            line: Note::new("1"),
            item: Some(item),
            sku: Sku::new(""),
            quantity: Quantity::units(units),
            restock: Restock::At(external_location(channel, to)),
            at: self.0.placed_at,
        });
        self
    }

    /// The refund's own notice: returns and nothing about lines.
    pub fn returns_only(mut self) -> Self {
        self.0.lines = None;
        self
    }

    /// Whether it says nothing about lines.
    pub fn tells_of_returns_only(&self) -> bool {
        self.0.lines.is_none()
    }

    /// As a command.
    pub fn heard(&self) -> Action {
        let seen = Box::new(self.0.clone());
        match self.1 {
            Some(asked_at) => Action::OrderRead { seen, asked_at },
            None => Action::OrderSeen(seen),
        }
    }
}
