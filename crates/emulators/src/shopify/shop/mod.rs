//! The shop's state and its verbs: what is in it, how stock moves, and what people and the API can do to it.
//! Pure: no clock, no dice, no JSON. Called by `acts` (people) and `api::change` (the hub); what a verb changed is
//! left in [`Happened`].

mod amend;
mod by_hand;
mod catalogue;
mod people;
mod place;
mod sell;
mod till;
mod transfers;

use std::collections::{BTreeSet, HashMap};

use super::happened::Happened;
use super::ids::{Ids, Kind};
use super::records::{Article, Customer, Level, Location, Note, Order, Product, SET_ASIDE, Transfer};
use super::settings::Settings;
use crate::machine::Millis;

pub(super) use amend::{FulfilPart, Giving, RefundPart};
pub(super) use catalogue::ArticleForm;
pub(super) use people::CustomerForm;
pub(super) use place::{Claim, OrderForm};
pub(super) use sell::{Basket, BasketLine};
pub(super) use transfers::TransferForm;

/// The first order of a shop has this number.
pub(super) const FIRST_ORDER_NUMBER: u64 = 1001;

/// Everything one shop knows.
#[derive(Debug)]
pub(super) struct Shop {
    pub(super) settings: Settings,
    pub(super) zone: jiff::tz::TimeZone,
    pub(super) minor_digits: u32,
    pub(super) ids: Ids,
    pub(super) opened: Millis,
    /// Scopes that the app was given.
    pub(super) scopes: Vec<String>,
    pub(super) locations: Vec<Location>,
    /// What the variants below belong to.
    pub(super) products: Vec<Product>,
    pub(super) articles: Vec<Article>,
    pub(super) orders: Vec<Order>,
    pub(super) customers: Vec<Customer>,
    pub(super) transfers: Vec<Transfer>,
    pub(super) notes: Vec<Note>,
    /// Only products that were named as such, so that others may share a title.
    products_by_name: HashMap<String, usize>,
    articles_by_sku: HashMap<String, usize>,
    orders_by_reference: HashMap<String, usize>,
    customers_by_reference: HashMap<String, usize>,
    /// Orders by time of last change, for the incremental poll.
    pub(super) orders_by_updated: BTreeSet<(Millis, usize)>,
    /// Orders by the time they were rung up, the vendor's default order.
    pub(super) orders_by_processed: BTreeSet<(Millis, usize)>,
}

/// A signed change of one level.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Movement {
    pub(super) available: i64,
    pub(super) committed: i64,
}

impl Shop {
    /// An empty shop.
    pub(super) fn new(settings: Settings, zone: jiff::tz::TimeZone) -> Self {
        Self {
            minor_digits: settings.minor_digits(),
            settings,
            zone,
            ids: Ids::default(),
            opened: 0,
            scopes: Vec::new(),
            locations: Vec::new(),
            products: Vec::new(),
            articles: Vec::new(),
            orders: Vec::new(),
            customers: Vec::new(),
            transfers: Vec::new(),
            notes: Vec::new(),
            products_by_name: HashMap::new(),
            articles_by_sku: HashMap::new(),
            orders_by_reference: HashMap::new(),
            customers_by_reference: HashMap::new(),
            orders_by_updated: BTreeSet::new(),
            orders_by_processed: BTreeSet::new(),
        }
    }

    /// Index of the location with this name.
    pub(super) fn location_named(&self, name: &str) -> Result<usize, String> {
        self.locations
            .iter()
            .position(|location| location.name == name)
            .ok_or_else(|| format!("there is no location '{name}'"))
    }

    /// Index of the live article with this SKU, the first one when several share it.
    pub(super) fn article_with_sku(&self, sku: &str) -> Result<usize, String> {
        self.articles_by_sku.get(sku).copied().ok_or_else(|| format!("there is no item with SKU '{sku}'"))
    }

    /// Index of the order with this tester's name.
    pub(super) fn order_with_reference(&self, reference: &str) -> Result<usize, String> {
        self.orders_by_reference.get(reference).copied().ok_or_else(|| format!("there is no order '{reference}'"))
    }

    /// The level of an article at a location; `None` when it is not stocked there.
    pub(super) fn level(&self, article: usize, location: usize) -> Option<&Level> {
        self.articles.get(article)?.levels.get(location)
    }

    /// Moves stock. Untracked articles have no levels, and moving them changes nothing.
    pub(super) fn move_stock(
        &mut self,
        (article, location): (usize, usize),
        by: Movement,
        now: Millis,
        happened: &mut Happened,
    ) {
        let Some(level) = self.articles[article].levels.get_mut(location) else { return };
        level.available += by.available;
        level.committed += by.committed;
        level.updated = now;
        if by.available != 0 {
            happened.levels.insert((article, location));
        }
    }

    /// Moves units of a level between two states, each `available` or one that is set aside; the caller has checked that.
    pub(super) fn move_between(
        &mut self,
        (article, location): (usize, usize),
        (from, to): (&str, &str),
        quantity: i64,
        now: Millis,
        happened: &mut Happened,
    ) {
        let Some(level) = self.articles[article].levels.get_mut(location) else { return };
        for (name, by) in [(from, -quantity), (to, quantity)] {
            match SET_ASIDE.iter().position(|state| *state == name) {
                Some(at) => level.set_aside[at] += by,
                None => {
                    level.available += by;
                    happened.levels.insert((article, location));
                }
            }
        }
        level.updated = now;
    }

    /// Records that an order changed.
    pub(super) fn touch_order(&mut self, order: usize, now: Millis) {
        let before = self.orders[order].updated;
        self.orders_by_updated.remove(&(before, order));
        self.orders[order].updated = now;
        self.orders_by_updated.insert((now, order));
    }

    /// Locations that serve web orders, first choice first.
    pub(super) fn web_locations(&self) -> Vec<usize> {
        let named: Vec<usize> =
            self.settings.web_locations.iter().filter_map(|name| self.location_named(name).ok()).collect();
        if named.is_empty() { (0..self.locations.len()).collect() } else { named }
    }

    /// A new id.
    fn give(&mut self, kind: Kind, home: [usize; 3]) -> u64 {
        self.ids.give(kind, home)
    }
}

/// A whole number from an act's decimal string; the vendor counts in whole units.
pub(super) fn whole(text: &str) -> Result<i64, String> {
    let (number, fraction) = text.split_once('.').unwrap_or((text, ""));
    if fraction.bytes().any(|digit| digit != b'0') {
        return Err(format!("'{text}' is not a whole number: the shop counts in whole units"));
    }
    let count: i64 = number.parse().map_err(|_| format!("'{text}' is not a quantity"))?;
    if count.abs() > 1_000_000_000 {
        return Err(format!("'{text}' is beyond 1,000,000,000"));
    }
    Ok(count)
}
