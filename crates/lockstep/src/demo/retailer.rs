//! The retailer of the demo: three stores, a distribution centre, a web shop; its tills spread over the platforms.

use emulators::machine::Dice;

use super::sales::Plan;

/// A connected account.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Account {
    /// Web shop and the tills of the first store.
    Shopify,
    /// The tills of the other stores.
    Square,
}

impl Account {
    pub(super) const ALL: [Self; 2] = [Self::Shopify, Self::Square];

    /// Name of the platform, and of the channel.
    pub(super) fn platform(self) -> &'static str {
        match self {
            Self::Shopify => "shopify",
            Self::Square => "square",
        }
    }

    /// Whether a return may be taken that is tied to no sale.
    pub(super) fn unlinked_returns(self) -> bool {
        match self {
            Self::Shopify => false,
            Self::Square => true,
        }
    }
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

/// Locations with their home; the web shop sells from them in this order.
pub(super) const LOCATIONS: [(&str, &str, Account); 4] = [
    ("DC", "dc", Account::Shopify),
    ("Store 1", "store", Account::Shopify),
    ("Store 2", "store", Account::Square),
    ("Store 3", "store", Account::Square),
];

/// In configuration order: the web shop, then two registers in each store.
pub(super) fn outlets() -> Vec<Outlet> {
    let mut outlets = vec![Outlet { account: Account::Shopify, kind: OutletKind::Web, location: "DC" }];
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
    pub opening: [i64; 4],
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
    let opening = |needed: &[i64; 4]| needed.map(|units| units * percent / 100);
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
                    opening: [
                        20 + stock(&mut dice, 60),
                        2 + stock(&mut dice, 12),
                        2 + stock(&mut dice, 12),
                        2 + stock(&mut dice, 12),
                    ],
                });
            }
        }
    }
    Retailer { currency: "EUR", outlets: outlets(), items }
}
