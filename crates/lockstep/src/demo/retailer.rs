//! The retailer of the demo: five stores, a distribution centre, two web shops; one account on every platform.

use connectors::{Ability, Surface, connector};
use emulators::machine::Dice;
use model::Platform;

use super::sales::Plan;

/// A connected account: there is one on every platform.
pub(super) type Account = Platform;

/// Whether a return may be taken that is tied to no sale.
pub(super) fn unlinked_returns(account: Account) -> bool {
    !cannot(account, Surface::UnlinkedReturn)
}

/// Whether an account knows a location: all do, except that an account with one location knows its own only.
pub(super) fn knows(account: Account, location: &str) -> bool {
    !cannot(account, Surface::Locations)
        || LOCATIONS.iter().any(|(name, _, home)| *name == location && *home == account)
}

/// Whether the platform has no such thing; that the hub does not use one is another matter.
fn cannot(account: Account, surface: Surface) -> bool {
    let surfaces = connector(account).abilities().surfaces;
    surfaces.iter().any(|(listed, ability)| *listed == surface && matches!(ability, Ability::No(_)))
}

/// Where goods are sold.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum OutletKind {
    Web,
    Till,
}

/// A place where sales are rung up.
#[derive(Clone, Debug)]
pub(super) struct Outlet {
    pub account: Account,
    pub kind: OutletKind,
    /// Whose stock it sells.
    pub location: &'static str,
}

/// Locations with their home. The one that stands first is every account's default.
pub(super) const LOCATIONS: [(&str, &str, Account); PLACES] = [
    ("DC", "dc", Platform::BigCommerce),
    ("Store 1", "store", Platform::Shopify),
    ("Store 2", "store", Platform::Square),
    ("Store 3", "store", Platform::Clover),
    ("Store 4", "store", Platform::LightspeedX),
    ("Store 5", "store", Platform::LightspeedR),
];

/// How many locations there are.
pub(super) const PLACES: usize = 6;

/// Web shops, with the locations they sell from, best first.
const WEB_SHOPS: [(Account, &[&str]); 2] = [
    (Platform::Shopify, &["DC", "Store 1", "Store 2", "Store 3", "Store 4", "Store 5"]),
    // It takes the goods of an order from its default location alone.
    (Platform::BigCommerce, &["DC"]),
];

/// Where the web shop of an account sells from; nothing when it has none.
pub(super) fn sells_from(account: Account) -> &'static [&'static str] {
    WEB_SHOPS.iter().find(|(shop, _)| *shop == account).map_or(&[], |(_, places)| *places)
}

/// In configuration order: the web shops, then two registers in each store.
pub(super) fn outlets() -> Vec<Outlet> {
    let web = |(account, _): &(Account, _)| Outlet { account: *account, kind: OutletKind::Web, location: "DC" };
    let mut outlets: Vec<Outlet> = WEB_SHOPS.iter().map(web).collect();
    for (location, kind, account) in LOCATIONS {
        if kind == "store" {
            outlets.extend((0..2).map(|_| Outlet { account, kind: OutletKind::Till, location }));
        }
    }
    outlets
}

/// An item and its opening stock, in the order of [`LOCATIONS`].
#[derive(Clone, Debug)]
pub(super) struct Item {
    pub sku: String,
    pub title: String,
    pub price_minor: i64,
    pub tracked: bool,
    pub opening: [i64; PLACES],
}

/// Everything.
#[derive(Clone, Debug)]
pub(super) struct Retailer {
    pub currency: &'static str,
    pub outlets: Vec<Outlet>,
    pub items: Vec<Item>,
}

/// The items of a sales file, with just the stock that the file needs.
pub(super) fn of_sales(plan: &Plan, percent: i64) -> Retailer {
    let opening = |needed: &[i64; PLACES]| needed.map(|units| units * percent / 100);
    let items = plan
        .items
        .iter()
        .map(|item| Item {
            sku: item.sku.clone(),
            title: item.title.clone(),
            price_minor: item.price_minor,
            tracked: item.tracked,
            opening: opening(&item.needed),
        })
        .collect();
    Retailer { currency: "GBP", outlets: outlets(), items }
}

const THINGS: [&str; 12] =
    ["Mug", "T-shirt", "Lamp", "Notebook", "Scarf", "Candle", "Bowl", "Cushion", "Clock", "Tote bag", "Apron", "Vase"];
const COLOURS: [&str; 8] = ["blue", "red", "green", "black", "white", "yellow", "grey", "rose"];
const SIZES: [&str; 6] = ["small", "medium", "large", "set of two", "gift box", "classic"];

/// Some five hundred invented items.
pub(super) fn generated(seed: u64) -> Retailer {
    let mut dice = Dice::new(seed ^ 0x5EED);
    let mut items = Vec::new();
    for thing in THINGS {
        for colour in COLOURS {
            for size in SIZES {
                if items.len() == 500 {
                    break;
                }
                let number = items.len() + 1;
                let stock = |dice: &mut Dice, most: u64| i64::try_from(dice.below(most)).unwrap_or(0);
                items.push(Item {
                    sku: format!("{}-{number:04}", thing[..2].to_uppercase()),
                    title: format!("{thing}, {colour}, {size}"),
                    price_minor: 495 + 100 * stock(&mut dice, 80),
                    tracked: true,
                    opening: std::array::from_fn(|place| match place {
                        0 => 20 + stock(&mut dice, 60),
                        _ => 2 + stock(&mut dice, 12),
                    }),
                });
            }
        }
    }
    Retailer { currency: "EUR", outlets: outlets(), items }
}
