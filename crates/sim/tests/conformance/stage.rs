//! The stage of a scenario: a world with the platform's account, at home in a place, and another account that mirrors
//! it; and the small language in which scenarios are told.

use connectors::{Ability, Surface, connector};
use emulators::machine::{Act, ActLine};
use model::{ChannelId, Fact, ItemPut, Level, LocationName, Platform, Sku};
use sim::{
    AccountPlan, Goods, Place, Retailer, Setup, World, cannot, check_books, check_levels, facts, habits, replay,
};

use crate::run::{Broken, Played, equal, hold};

/// Number of the account that the scenario is about, and of the other one.
pub const IT: usize = 0;
/// The account that mirrors it.
pub const OTHER: usize = 1;
/// Where everything happens; counted in the account that the scenario is about.
pub const HOME: &str = "Home";
/// A second place that is counted there, where an account has several.
pub const SECOND: &str = "Second";
/// A place that is counted in the other account.
pub const AWAY: &str = "Away";
/// Opening stock at every place, in units.
pub const OPENING: i64 = 20;
/// Time in which everything must have settled, in milliseconds.
const SETTLES_MS: u64 = 3_600_000;

/// Two accounts, two or three places, two items.
pub fn retailer(platform: Platform) -> Retailer {
    let other = if platform == Platform::Shopify { Platform::Square } else { Platform::Shopify };
    let tills = habits(platform).tills;
    let mut places = vec![Place::new(HOME, IT, tills), Place::new(AWAY, OTHER, true)];
    if !cannot(platform, Surface::Locations) {
        places.push(Place::new(SECOND, IT, tills));
    }
    let opening = vec![OPENING; places.len()];
    let shop = |platform, places: Vec<usize>| {
        AccountPlan::on(platform).selling_from(if habits(platform).web { places } else { Vec::new() })
    };
    Retailer {
        accounts: vec![shop(platform, vec![0]), shop(other, vec![1, 0])],
        places,
        goods: vec![Goods::pieces("MUG", opening.clone()), Goods::pieces("CUP", opening)],
    }
}

/// A world in step, and what happens in it.
pub struct Stage {
    /// The world.
    pub world: World,
}

fn broken(error: impl std::fmt::Display + std::fmt::Debug) -> Broken {
    Broken::Wrong(format!("{error:?}"))
}

impl Stage {
    /// Opens both accounts and the hub, and waits until they are in step.
    pub async fn open(setup: Setup) -> Result<Self, Broken> {
        // An account that cannot be set up is one that cannot do what the scenario is about.
        let mut world = World::build(setup).map_err(|error| match error {
            sim::SimError::Platform { reason, .. } => Broken::Refused(reason),
            other => broken(other),
        })?;
        world.open_hub().await.map_err(broken)?;
        hold(world.until_ready().await.map_err(broken)?, || "the hub never became ready".into())?;
        let stage = Self { world };
        stage.settle().await?;
        Ok(stage)
    }

    /// The platform that the scenario is about.
    pub fn platform(&self) -> Platform {
        self.world.platforms[IT].plan.platform
    }

    /// Goes on only where the platform can, and we do; otherwise the scenario is refused in the matrix's words.
    pub fn needs(&self, surface: Surface) -> Played {
        let surfaces = connector(self.platform()).abilities().surfaces;
        match surfaces.iter().find(|(listed, _)| *listed == surface) {
            Some((_, Ability::Yes)) => Ok(()),
            Some((_, Ability::No(why) | Ability::Unused(why))) => Err(Broken::Refused((*why).to_owned())),
            // That every surface is listed is a scenario of its own.
            None => Ok(()),
        }
    }

    /// Something happens in the account, or is refused in its words.
    pub fn act(&self, act: &Act) -> Result<serde_json::Value, Broken> {
        // What an emulator does not imitate is no refusal of the vendor's.
        let words =
            |why: String| if why.starts_with("not written") { Broken::Wrong(why) } else { Broken::Refused(why) };
        self.world.platforms[IT].act(act).map_err(words)
    }

    /// The same in the other account, where it must be possible.
    pub fn act_there(&self, act: &Act) -> Result<serde_json::Value, Broken> {
        self.world.platforms[OTHER].act(act).map_err(Broken::Wrong)
    }

    /// The platform's own way of letting goods go at home: at a till, or ordered on the web and handed over.
    pub async fn sell(&self, reference: &str, sku: &str, quantity: &str) -> Played {
        if habits(self.platform()).tills {
            self.act(&till_sale(reference, sku, quantity))?;
        } else {
            self.act(&web_order(reference, sku, quantity))?;
            self.world.pass(1_000).await;
            self.act(&Act::Fulfil { reference: reference.into() })?;
        }
        Ok(())
    }

    /// Goods of a document come back at home.
    pub fn give_back(&self, reference: &str, of: &str, quantity: &str, restock: bool) -> Played {
        let line = ActLine { of_line: Some(0), ..line("MUG", quantity) };
        let (reference, of) = (reference.into(), Some(of.into()));
        self.act(&Act::Return { reference, of, location: HOME.into(), lines: vec![line], restock }).map(drop)
    }

    /// Waits until nothing is open and everything was read once more.
    pub async fn settle(&self) -> Played {
        match self.world.settle(SETTLES_MS).await.map_err(broken)? {
            None => Ok(()),
            Some(open) => Err(Broken::Wrong(format!("it does not settle: {open}; {}", self.troubles()))),
        }
    }

    /// What the links say of themselves.
    pub fn troubles(&self) -> String {
        let links = self.world.hub().map(|hub| hub.links.as_slice()).unwrap_or_default();
        let told = links.iter().filter_map(|link| Some(format!("{}: {}", link.settings.name, link.health().trouble?)));
        told.collect::<Vec<_>>().join("; ")
    }

    /// Settles, and then journal, books and numbers must agree, nothing may be in quarantine, and the state must be
    /// sound at every hundredth fact.
    pub async fn in_step(&self) -> Played {
        self.settle().await?;
        let (told, _) = replay(self.world.hub().map_err(broken)?).map_err(broken)?;
        equal("the state", &told.wrong, &Vec::new())?;
        let aside: Vec<String> = told.state.quarantine().map(|put| format!("{}: {}", put.kind, put.reason)).collect();
        equal("quarantine", aside, Vec::new())?;
        for platform in &self.world.platforms {
            let mut books = platform.books();
            // Of places that nobody told the hub of it knows nothing.
            books.levels.retain(|level| self.world.retailer().home_of(&level.location).is_some());
            equal("levels", check_levels(&told.state, platform.name(), &books), Vec::new())?;
            equal("books", check_books(&told, platform.name(), &books), Vec::new())?;
        }
        Ok(())
    }

    /// In step, with this much of an item on hand at a place, and both accounts showing it where they know the place.
    pub async fn lies(&self, sku: &str, place: &str, quantity: &str) -> Played {
        self.in_step().await?;
        let level = Level::parse(quantity).map_err(broken)?;
        equal(&format!("on hand of {sku} at {place}"), self.on_hand(sku, place).await?, Some(level))?;
        self.shows(IT, sku, place, quantity)?;
        self.shows(OTHER, sku, place, quantity)
    }

    /// What an account shows must be this, cut to whole units where it counts nothing finer.
    pub fn shows(&self, account: usize, sku: &str, place: &str, quantity: &str) -> Played {
        let platform = &self.world.platforms[account];
        let wanted = Level::parse(quantity).map_err(broken)?;
        let whole = connector(platform.plan.platform).abilities().whole_units;
        let wanted = if whole { Level::from_units(wanted.floor_units()).map_err(broken)? } else { wanted };
        let levels = platform.books().levels;
        let shown = levels.iter().find(|level| level.sku == sku && level.location == place);
        let shown = shown.and_then(|level| Level::parse(&level.quantity).ok());
        equal(&format!("{} shows of {sku} at {place}", platform.name()), shown, Some(wanted))
    }

    /// What the hub believes to lie there.
    pub async fn on_hand(&self, sku: &str, place: &str) -> Result<Option<Level>, Broken> {
        let (sku, place) = (Sku::new(sku), LocationName::new(place));
        let read = move |state: &flow::State| {
            let item = state.catalogue().sku(&sku)?.item;
            let place = state.catalogue().location_named(&place)?.location;
            Some(state.positions().get(item, place).on_hand())
        };
        self.world.hub().map_err(broken)?.read(read).await.map_err(broken)
    }

    /// The hub's own record of an item.
    pub async fn item(&self, sku: &str) -> Result<ItemPut, Broken> {
        let (name, sku) = (sku.to_owned(), Sku::new(sku));
        let read = move |state: &flow::State| state.catalogue().sku(&sku).cloned();
        let found = self.world.hub().map_err(broken)?.read(read).await.map_err(broken)?;
        found.ok_or_else(|| Broken::Wrong(format!("the hub knows no item {name}")))
    }

    /// Every fact so far.
    pub fn facts(&self) -> Result<Vec<Fact>, Broken> {
        facts(self.world.hub().map_err(broken)?).map_err(broken)
    }

    /// Has the hub decide something for its operator.
    pub async fn command(&self, action: model::Action) -> Played {
        let asked = self.world.hub().map_err(broken)?.ask(&self.world.clock, action).await.map_err(broken)?;
        asked.map_err(|refusal| Broken::Wrong(format!("the hub refuses: {refusal:?}")))
    }

    /// Rows that were changed in an account by calls, all kinds together. A bulk reading is no change.
    pub fn rows_written(&self, account: usize) -> u64 {
        let rows = self.world.platforms[account].calls().rows;
        rows.iter().filter(|(kind, _)| *kind != "bulkOperationRunQuery").map(|(_, rows)| rows).sum()
    }

    /// The channel that the scenario is about.
    pub fn channel(&self) -> ChannelId {
        ChannelId(0)
    }
}

/// One line.
pub fn line(sku: &str, quantity: &str) -> ActLine {
    ActLine { sku: sku.into(), quantity: quantity.into(), unit_price_minor: 1_000, of_line: None }
}

/// A sale at the tills of the home place.
pub fn till_sale(reference: &str, sku: &str, quantity: &str) -> Act {
    let (reference, location) = (reference.into(), HOME.into());
    Act::TillSale { reference, location, lines: vec![line(sku, quantity)], customer: None, offline_ms: 0 }
}

/// An order of the web shop.
pub fn web_order(reference: &str, sku: &str, quantity: &str) -> Act {
    let reference = reference.into();
    Act::WebOrder { reference, lines: vec![line(sku, quantity)], customer: None, force: false, pickup: None }
}

/// An item as typed into an account.
pub fn put_item(sku: &str, title: &str, price_minor: i64) -> Act {
    Act::PutItem {
        sku: sku.into(),
        title: title.into(),
        barcode: None,
        price_minor,
        tracked: true,
        force_new: false,
        product: None,
        option: None,
    }
}

/// Somebody counts.
pub fn count(sku: &str, place: &str, quantity: &str) -> Act {
    Act::Count { sku: sku.into(), location: place.into(), quantity: quantity.into() }
}
