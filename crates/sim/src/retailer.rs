//! The retailer of every simulation: a distribution centre and a store that live in Shopify, a store that lives in
//! Square, a few items. Pure data.

use emulators::machine::{Act, Dice};

/// Number of the Shopify account: a web shop over all locations, and the tills of the first store.
pub const SHOPIFY: usize = 0;
/// Number of the Square account: the tills of the second store.
pub const SQUARE: usize = 1;
/// Names of the channels, by number.
pub const CHANNELS: [&str; 2] = ["shopify", "square"];
/// Locations with the number of their home account; the web shops sell from them in this order.
pub const LOCATIONS: [(&str, usize); 3] = [("DC", SHOPIFY), ("Store 1", SHOPIFY), ("Store 2", SQUARE)];

/// The account in which a location is counted; `None` for a location that does not exist.
pub fn home_of(location: &str) -> Option<usize> {
    LOCATIONS.iter().find(|(name, _)| *name == location).map(|(_, home)| *home)
}

/// An item and its opening stock.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Goods {
    /// Unique.
    pub sku: String,
    /// Units, in the order of [`LOCATIONS`].
    pub opening: [i64; 3],
}

/// All items.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Retailer {
    /// Items.
    pub goods: Vec<Goods>,
}

impl Retailer {
    /// Items with little stock, drawn from the seed: shortages are the interesting part.
    pub fn drawn(seed: u64, items: usize) -> Self {
        let mut dice = Dice::new(seed ^ 0x0005_70C4);
        let mut opening = || [80, 40, 40].map(|most| i64::try_from(dice.below(most)).unwrap_or(0));
        let goods = (0..items).map(|n| Goods { sku: format!("SKU-{n}"), opening: opening() }).collect();
        Self { goods }
    }

    /// One item with this stock.
    pub fn one_item(opening: [i64; 3]) -> Self {
        Self { goods: vec![Goods { sku: "SKU-0".into(), opening }] }
    }

    /// What is typed into every account before the hub is connected.
    pub fn opening_acts(&self) -> Vec<Act> {
        let places = LOCATIONS.iter();
        let mut acts: Vec<Act> =
            places.map(|(name, _)| Act::PutLocation { name: (*name).into(), zone: None }).collect();
        for goods in &self.goods {
            acts.push(Act::PutItem {
                sku: goods.sku.clone(),
                title: format!("Item {}", goods.sku),
                barcode: None,
                price_minor: 1_000,
                tracked: true,
                force_new: false,
                product: None,
                option: None,
            });
            let counted = goods.opening.iter().zip(LOCATIONS).filter(|(units, _)| **units != 0);
            acts.extend(counted.map(|(units, (location, _))| Act::Count {
                sku: goods.sku.clone(),
                location: location.into(),
                quantity: units.to_string(),
            }));
        }
        acts
    }
}
