//! The retailer of the tests, and the one place that calls `decide` and `evolve`.

use engine::{Position, State, check, decide, evolve};
use model::{
    Action, Actor, Basis, ChannelId, Command, Component, Entry, ExternalItem, ExternalLocation, Fact, Instant, ItemId,
    ItemSeen, Level, LocationId, LocationKind, LocationSeen, Note, Platform, Quantity, Refusal, Unit,
};

/// Shows what can be promised; home of the DC and of A. Sells from everywhere, the DC first.
pub const WEB: ChannelId = ChannelId(0);
/// Shows what lies there; home of B and C.
pub const TILLS: ChannelId = ChannelId(1);

/// The distribution centre.
pub const DC: LocationId = LocationId(0);
/// A store whose home is the web channel.
pub const A: LocationId = LocationId(1);
/// A store whose home is the tills' channel.
pub const B: LocationId = LocationId(2);
/// Another store of the tills' channel.
pub const C: LocationId = LocationId(3);
/// All of them, by id.
pub const LOCATIONS: [LocationId; 4] = [DC, A, B, C];

/// Sold by the piece.
pub const CAP: ItemId = ItemId(0);
/// Sold by the piece.
pub const MUG: ItemId = ItemId(1);
/// Sold by weight.
pub const TEA: ItemId = ItemId(2);
/// A bundle: one cap and two mugs.
pub const SET: ItemId = ItemId(3);
/// A service without stock.
pub const WRAP: ItemId = ItemId(4);

const NAMES: [&str; 4] = ["DC", "A", "B", "C"];
const SKUS: [&str; 5] = ["cap", "mug", "tea", "set", "wrap"];

/// The engine with its journal in memory.
#[derive(Clone)]
pub struct Hub {
    /// What the engine knows.
    pub state: State,
    /// Every fact so far.
    pub entries: Vec<Entry>,
    /// The time that the next command comes in.
    pub now: Instant,
}

impl Hub {
    /// The retailer with its catalogue mapped on both channels, and no stock.
    pub fn new() -> Self {
        let mut hub = Self { state: State::default(), entries: Vec::new(), now: Instant(1_800_000_000_000) };
        hub.must(channel(WEB, &[], Quantity::ZERO, false));
        hub.must(channel(TILLS, &[], Quantity::ZERO, false));
        for location in LOCATIONS {
            let home = if location == DC || location == A { "web" } else { "tills" };
            hub.must(Action::PutLocation {
                name: NAMES[location.0 as usize].into(),
                kind: if location == DC { LocationKind::DistributionCentre } else { LocationKind::Store },
                zone: Note::new("Europe/Berlin"),
                home: Some(home.into()),
            });
        }
        hub.must(channel(WEB, &LOCATIONS, Quantity::ZERO, false));
        hub.must(channel(TILLS, &[B, C], Quantity::ZERO, false));
        hub.stock_list();
        hub
    }

    /// The retailer with so many caps at B, known to both channels: the stage of every quarrel over the last unit.
    pub fn with_caps_at_b(caps: i32) -> Self {
        let mut hub = Self::new();
        hub.must(super::shows(&hub, TILLS, CAP, B, Level::units(caps)));
        hub.must(super::shows(&hub, WEB, CAP, B, Level::units(caps)));
        hub
    }

    fn stock_list(&mut self) {
        let set = vec![
            Component { item: CAP, quantity: Quantity::units(1) },
            Component { item: MUG, quantity: Quantity::units(2) },
        ];
        self.must(put_item("cap", Unit::Piece, Vec::new()));
        self.must(put_item("mug", Unit::Piece, Vec::new()));
        self.must(put_item("tea", Unit::Kilogram, Vec::new()));
        self.must(put_item("set", Unit::Piece, set));
        for channel in [WEB, TILLS] {
            for (item, sku) in SKUS.iter().enumerate() {
                self.must(Action::ItemSeen(ItemSeen {
                    channel,
                    external: external(channel, ItemId(item as u32)),
                    aliases: Vec::new(),
                    sku: (*sku).into(),
                    title: (*sku).into(),
                    barcodes: Vec::new(),
                    price: None,
                    tax_inclusive: true,
                    tracked: *sku != "wrap",
                    deleted: false,
                }));
            }
            for location in LOCATIONS {
                let name = NAMES[location.0 as usize].into();
                let external = external_location(channel, location);
                self.must(Action::LocationSeen(LocationSeen { channel, external, name, active: true }));
            }
        }
    }

    /// Decides and takes in what follows. Every state on the way must pass the checker.
    pub fn run(&mut self, action: Action) -> Result<Vec<Fact>, Refusal> {
        let facts = self.run_unchecked(action)?;
        assert_eq!(check(&self.state), Vec::<String>::new(), "after {facts:?}");
        Ok(facts)
    }

    /// The same for numbers that are meant to run into the bounds, where sums no longer add up.
    pub fn run_unchecked(&mut self, action: Action) -> Result<Vec<Fact>, Refusal> {
        self.run_by(Actor::System, action)
    }

    /// The same by somebody.
    pub fn run_by(&mut self, by: Actor, action: Action) -> Result<Vec<Fact>, Refusal> {
        let command = Command { at: self.now, by: by.clone(), action };
        let facts = decide(&self.state, &command)?;
        for fact in &facts {
            let entry = Entry { at: self.now, by: by.clone(), fact: fact.clone() };
            evolve(&mut self.state, &entry);
            self.entries.push(entry);
        }
        Ok(facts)
    }

    /// Runs what the story needs to go on.
    pub fn must(&mut self, action: Action) -> Vec<Fact> {
        self.run(action).expect("a step of the story is not refused")
    }

    /// Runs a command and tells what followed, a line for each fact.
    pub fn say(&mut self, action: Action) -> String {
        let answer = self.run(action);
        self.tell(&answer)
    }

    /// Lets time pass.
    pub fn wait_minutes(&mut self, minutes: i64) {
        self.now = self.now.plus_ms(minutes * 60_000);
    }

    /// A position.
    pub fn at(&self, item: ItemId, location: LocationId) -> Position {
        self.state.positions().get(item, location)
    }

    /// On hand and reserved, as `3-1`.
    pub fn books(&self, item: ItemId, location: LocationId) -> String {
        let position = self.at(item, location);
        format!("{} on hand, {} reserved", position.on_hand(), position.reserved())
    }

    /// What a channel is believed to show.
    pub fn believed(&self, channel: ChannelId, item: ItemId, location: LocationId) -> Level {
        self.shown(channel, item, location).level
    }

    /// What a channel is believed to show, with how far that may be used.
    pub fn shown(&self, channel: ChannelId, item: ItemId, location: LocationId) -> &engine::ShownLevel {
        let row = self.state.positions().find(item, location).expect("the position was heard of");
        self.state.shown().get(channel, row).expect("the channel's level was heard of")
    }

    /// What a channel should show.
    pub fn wanted(&self, channel: ChannelId, item: ItemId, location: LocationId) -> Level {
        self.state.wanted(channel, item, location).expect("the channel counts the item there")
    }
}

/// The configuration of one of the two channels.
pub fn channel(channel: ChannelId, sells_from: &[LocationId], buffer: Quantity, whole_units: bool) -> Action {
    let web = channel == WEB;
    Action::PutChannel {
        name: if web { "web" } else { "tills" }.into(),
        platform: Platform::ALL[usize::from(!web)],
        basis: if web { Basis::Available } else { Basis::OnHand },
        sells_from: sells_from.iter().map(|location| NAMES[location.0 as usize].into()).collect(),
        buffer,
        whole_units,
        never_below_zero: false,
        writes: true,
        leads: model::Fields::NONE,
        follows: model::Fields::NONE,
        hold: model::Hold::default(),
    }
}

/// The same configuration of a channel, but nothing is written to it.
pub fn read_only(mut put: Action) -> Action {
    let Action::PutChannel { writes, .. } = &mut put else { panic!("it configures a channel") };
    *writes = false;
    put
}

/// An item from a person.
pub fn put_item(sku: &str, unit: Unit, components: Vec<Component>) -> Action {
    Action::PutItem {
        sku: sku.into(),
        title: sku.into(),
        barcodes: Vec::new(),
        unit,
        components,
        price: None,
        tax_inclusive: true,
    }
}

/// A channel's own id of an item.
pub fn external(channel: ChannelId, item: ItemId) -> ExternalItem {
    ExternalItem::new(&format!("{}-{}", channel.0, item.0))
}

/// A channel's own id of a location.
pub fn external_location(channel: ChannelId, location: LocationId) -> ExternalLocation {
    ExternalLocation::new(&format!("{}-{}", channel.0, NAMES[location.0 as usize]))
}
