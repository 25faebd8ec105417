//! The retailer of a simulation: accounts, places, goods. Pure data; worlds are built from it, traffic and toy read it.
//!
//! Scenarios use [`Retailer::two_shops`], drawn runs [`Retailer::every_platform`]. It knows no hub and no machine.

use connectors::{Ability, Surface, connector};
use emulators::machine::{Act, Dice};
use model::{Fields, Platform as Dictionary};

/// Number of the Shopify account in every retailer of this module: a web shop over all places.
pub const SHOPIFY: usize = 0;
/// A supplier that every account knows that keeps suppliers at all.
pub const SUPPLIER: &str = "Stoneware Ltd";
/// Number of the Square account in every retailer of this module: tills of a store of its own.
pub const SQUARE: usize = 1;

/// An account as it is opened and as the hub is told of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AccountPlan {
    /// On which platform.
    pub platform: Dictionary,
    /// Its name, and that of its channel; `None` = the platform's, where there is one account on each.
    pub called: Option<&'static str>,
    /// Places from which its web shop sells, by number, best first.
    pub sells_from: Vec<usize>,
    /// ISO 4217 currency of its prices.
    pub currency: &'static str,
    /// Whether its prices include tax.
    pub tax_inclusive: bool,
    /// Fields that the hub copies from it.
    pub leads: Fields,
    /// Fields that the hub copies to it.
    pub follows: Fields,
    /// How far its clock is off, in milliseconds.
    pub skew_ms: i64,
    /// Locations that it has before its own ones and that nobody told the hub of.
    pub strange_locations: usize,
}

impl AccountPlan {
    /// An account in pounds with tax inside its prices, with a right clock and without a web shop.
    pub fn on(platform: Dictionary) -> Self {
        Self {
            platform,
            called: None,
            sells_from: Vec::new(),
            currency: "GBP",
            tax_inclusive: true,
            leads: Fields::NONE,
            follows: Fields::NONE,
            skew_ms: 0,
            strange_locations: 0,
        }
    }

    /// With a web shop that sells from these places.
    #[must_use]
    pub fn selling_from(mut self, places: impl Into<Vec<usize>>) -> Self {
        self.sells_from = places.into();
        self
    }

    /// Its name, and that of its channel.
    pub fn name(&self) -> &'static str {
        self.called.unwrap_or(self.platform.name())
    }

    /// Under a name of its own, beside others of its platform.
    #[must_use]
    pub fn called(mut self, name: &'static str) -> Self {
        self.called = Some(name);
        self
    }
}

/// Whether a platform has no such thing; that the hub does not use one is another matter.
pub fn cannot(platform: Dictionary, surface: Surface) -> bool {
    let surfaces = connector(platform).abilities().surfaces;
    surfaces.iter().any(|(listed, ability)| *listed == surface && matches!(ability, Ability::No(_)))
}

/// A place where goods are.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Place {
    /// Unique.
    pub name: String,
    /// Number of the account in which it is counted; `None` when the hub itself is.
    pub home: Option<usize>,
    /// Whether there are tills.
    pub tills: bool,
}

impl Place {
    /// A place that is counted in an account, with tills or without.
    pub fn new(name: &str, home: usize, tills: bool) -> Self {
        Self { name: name.to_owned(), home: Some(home), tills }
    }

    /// A place that is counted in the hub: every account mirrors it.
    pub fn of_hub(name: &str) -> Self {
        Self { name: name.to_owned(), home: None, tills: false }
    }
}

/// How an item is sold.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Sold {
    /// By the piece.
    ByPiece,
    /// By weight, where the platform can.
    ByWeight,
    /// As so many pieces of other items, by SKU; it has no stock of its own.
    AsBundle(Vec<(String, u32)>),
}

/// An item and its opening stock.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Goods {
    /// Unique.
    pub sku: String,
    /// Whole units, in the order of the places.
    pub opening: Vec<i64>,
    /// How it is sold.
    pub sold: Sold,
}

impl Goods {
    /// An item that is sold by the piece.
    pub fn pieces(sku: &str, opening: impl Into<Vec<i64>>) -> Self {
        Self { sku: sku.to_owned(), opening: opening.into(), sold: Sold::ByPiece }
    }

    /// How it is typed into an account.
    fn put_act(&self) -> Act {
        Act::PutItem {
            sku: self.sku.clone(),
            title: format!("Item {}", self.sku),
            barcode: None,
            price_minor: 1_000,
            tracked: self.parts().is_empty(),
            force_new: false,
            product: None,
            option: None,
        }
    }

    /// Its parts, when it is a bundle.
    pub fn parts(&self) -> &[(String, u32)] {
        match &self.sold {
            Sold::AsBundle(parts) => parts,
            Sold::ByPiece | Sold::ByWeight => &[],
        }
    }
}

/// Everything there is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Retailer {
    /// Accounts; their numbers are their channels' numbers.
    pub accounts: Vec<AccountPlan>,
    /// Places; web shops sell from them in the order that their account names.
    pub places: Vec<Place>,
    /// Items.
    pub goods: Vec<Goods>,
}

/// How many items a drawn retailer has besides a weighed one and a bundle.
const DRAWN_ITEMS: usize = 6;

impl Retailer {
    /// A distribution centre and a store that are counted in Shopify, a store that is counted in Square, and one item
    /// with this stock.
    pub fn two_shops(opening: [i64; 3]) -> Self {
        let everywhere = [0, 1, 2];
        Self {
            accounts: vec![
                AccountPlan::on(Dictionary::Shopify).selling_from(everywhere),
                AccountPlan::on(Dictionary::Square).selling_from(everywhere),
            ],
            places: vec![
                Place::new("DC", SHOPIFY, false),
                Place::new("Store 1", SHOPIFY, true),
                Place::new("Store 2", SQUARE, true),
            ],
            goods: vec![Goods::pieces("SKU-0", opening)],
        }
    }

    /// The same two shops with little stock of some items, drawn from the seed: shortages are the interesting part.
    pub fn two_shops_drawn(seed: u64, items: usize) -> Self {
        let mut retailer = Self::two_shops([0; 3]);
        retailer.goods = drawn(seed, items, retailer.places.len());
        retailer
    }

    /// An account on every platform: the distribution centre is counted where there are no tills, and every other
    /// account has a store. Little stock, drawn from the seed, one item by weight, one bundle.
    pub fn every_platform(seed: u64) -> Self {
        let shops = |platform: Dictionary| {
            // A shop that takes all goods from its first location sells from that alone.
            let everywhere = if platform == Dictionary::BigCommerce { vec![0] } else { (0..6).collect() };
            let has_shop = crate::habits(platform).web;
            AccountPlan::on(platform).selling_from(if has_shop { everywhere } else { Vec::new() })
        };
        let accounts: Vec<AccountPlan> = Dictionary::ALL.into_iter().map(shops).collect();
        let (with, without): (Vec<usize>, Vec<usize>) =
            (0..accounts.len()).partition(|account| crate::habits(accounts[*account].platform).tills);
        let centre = without.iter().map(|home| Place::new("DC", *home, false));
        let stores = with.iter().enumerate().map(|(n, home)| Place::new(&format!("Store {}", n + 1), *home, true));
        let places: Vec<Place> = centre.chain(stores).collect();
        let mut goods = drawn(seed, DRAWN_ITEMS, places.len());
        let weighed = vec![20; places.len()];
        goods.push(Goods { sku: "WEIGHED".into(), opening: weighed, sold: Sold::ByWeight });
        let parts = vec![("SKU-0".to_owned(), 1), ("SKU-1".to_owned(), 2)];
        goods.push(Goods { sku: "SET".into(), opening: vec![0; places.len()], sold: Sold::AsBundle(parts) });
        Self { accounts, places, goods }
    }

    /// The account in which a place is counted; `None` for one that is counted in none.
    pub fn home_of(&self, place: &str) -> Option<usize> {
        self.places.iter().find(|known| known.name == place)?.home
    }

    /// Whether an account knows a place: all do, except that an account with one location knows its own only.
    pub fn knows(&self, account: usize, place: usize) -> bool {
        !cannot(self.accounts[account].platform, Surface::Locations) || self.places[place].home == Some(account)
    }

    /// The item with this SKU.
    pub fn item(&self, sku: &str) -> Option<&Goods> {
        self.goods.iter().find(|goods| goods.sku == sku)
    }

    /// What is typed into an account before the hub is connected.
    pub fn opening_acts(&self, account: usize) -> Vec<Act> {
        let known: Vec<usize> = (0..self.places.len()).filter(|place| self.knows(account, *place)).collect();
        let name = |place: usize| self.places[place].name.clone();
        let strange = (0..self.accounts[account].strange_locations).map(|number| format!("Branch {number}"));
        let names = strange.chain(known.iter().map(|place| name(*place)));
        let mut acts: Vec<Act> = names.map(|name| Act::PutLocation { name, zone: None }).collect();
        for goods in &self.goods {
            acts.push(goods.put_act());
            let counted = known.iter().filter(|place| goods.opening.get(**place).is_some_and(|units| *units != 0));
            acts.extend(counted.map(|place| Act::Count {
                sku: goods.sku.clone(),
                location: name(*place),
                quantity: goods.opening[*place].to_string(),
            }));
        }
        acts
    }
}

/// Items with little stock; the first place has the most.
fn drawn(seed: u64, items: usize, places: usize) -> Vec<Goods> {
    let mut dice = Dice::new(seed ^ 0x0005_70C4);
    let mut opening = || {
        let most = |place: usize| if place == 0 { 80 } else { 40 };
        (0..places).map(|place| i64::try_from(dice.below(most(place))).unwrap_or(0)).collect::<Vec<i64>>()
    };
    (0..items).map(|n| Goods::pieces(&format!("SKU-{n}"), opening())).collect()
}
