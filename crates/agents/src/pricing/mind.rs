//! The mind: prices, listings and sales by item and week, and the proposals that follow from them.
//!
//! Costs, categories and home channels are not facts yet; they come by [`Pricing::costs`], [`Pricing::belongs`] and
//! [`Pricing::at_home`].

use std::collections::{BTreeMap, VecDeque};

use minicbor::{Decode, Encode};
use model::{ChannelId, Currency, Entry, Fact, Instant, ItemId, Listing, Money, OrderPut, OrderState, Seq};

use super::discrepancy::{Mend, Shown, find};
use super::rails::{Rails, Standing};
use super::regular::{Kept, Reprice, regular};
use super::{Demand, Learnt, Week, learn};
use crate::{Mind, Proposal};

const DAY_MS: i64 = 86_400_000;
const WEEK_MS: i64 = 7 * DAY_MS;
/// Weeks of an item that are kept.
const WEEKS: usize = 104;
/// Days that a change of price is remembered: the legal window, and one before it to know the price at its start.
const REMEMBERED_MS: i64 = 30 * DAY_MS;
/// Parts of the price of now that are looked at.
const LADDER: [f64; 15] = [0.7, 0.75, 0.8, 0.85, 0.9, 0.925, 0.95, 0.975, 1.0, 1.025, 1.05, 1.1, 1.15, 1.2, 1.25];

/// One week of an item: number, units, minor units taken.
#[derive(Clone, Copy, Debug, PartialEq, Encode, Decode)]
struct Sold {
    #[n(0)]
    week: i64,
    #[n(1)]
    units: f64,
    #[n(2)]
    taken: f64,
}

#[derive(Clone, Debug, Default, PartialEq, Encode, Decode)]
struct Item {
    #[n(0)]
    price: Option<Money>,
    #[n(1)]
    weeks: VecDeque<Sold>,
    /// When the price changed, and to what; the first one began before the window.
    #[n(2)]
    changes: VecDeque<(Instant, i64)>,
    /// By channel: price, and whether it includes tax.
    #[n(3)]
    listed: BTreeMap<ChannelId, (Money, bool)>,
    #[n(4)]
    cost: Option<i64>,
    #[n(5)]
    category: u32,
}

/// What prices do and are.
#[derive(Clone, Debug, Default, PartialEq, Encode, Decode)]
pub struct Pricing {
    #[n(0)]
    items: BTreeMap<ItemId, Item>,
    #[n(1)]
    home: Option<ChannelId>,
    /// Orders are numbered as they are heard of; those below were seen.
    #[n(2)]
    orders: u32,
    #[n(3)]
    now: i64,
}

impl Pricing {
    /// The form in which it is stored.
    pub const FORM: u32 = 1;

    /// What a unit of an item costs, in minor units of its price's currency; `None` takes it away.
    pub fn costs(&mut self, item: ItemId, cost: Option<i64>) {
        self.items.entry(item).or_default().cost = cost;
    }

    /// The category whose items answer prices alike.
    pub fn belongs(&mut self, item: ItemId, category: u32) {
        self.items.entry(item).or_default().category = category;
    }

    /// The channel whose price wins.
    pub fn at_home(&mut self, channel: ChannelId) {
        self.home = Some(channel);
    }

    /// What all weeks kept say of prices: the whole of them is read, so once a day is often enough.
    pub fn learn(&self) -> Learnt {
        let week = |item: &ItemId, known: &Item, sold: &Sold| Week {
            item: item.0,
            category: known.category,
            week: sold.week as i32,
            units: sold.units,
            price: sold.taken / sold.units,
            promotion: 0.0,
        };
        let all = self.items.iter().flat_map(|(item, known)| {
            known.weeks.iter().filter(|sold| sold.units > 0.0).map(move |sold| week(item, known, sold))
        });
        learn(&all.collect::<Vec<_>>())
    }

    /// The item's regular price, if another one would earn more for sure within these rails; the mind adds the cost.
    ///
    /// # Errors
    /// Why the price of now is kept.
    pub fn regular(&self, item: ItemId, learnt: &Learnt, rails: &Rails) -> Result<Proposal<Reprice>, Kept> {
        let known = self.items.get(&item).ok_or(Kept::Unknown)?;
        let price = known.price.filter(|price| price.minor > 0).ok_or(Kept::Unknown)?;
        let demand = self.demand(item, known, learnt, price).ok_or(Kept::Unknown)?;
        let ladder = LADDER.map(|part| part * price.minor as f64);
        let rails = Rails { cost: known.cost.or(rails.cost), ..rails.clone() };
        regular(&demand, &ladder, &self.standing(known, price.minor), &rails, price.currency)
    }

    fn demand(&self, item: ItemId, known: &Item, learnt: &Learnt, price: Money) -> Option<Demand> {
        let of = learnt.items.get(&item.0)?;
        let (elasticity, deviation, _, dispersion) = learnt.of(item.0, known.category);
        let demand = Demand { mean: of.level, at: of.price, elasticity, deviation, dispersion };
        let at = price.minor as f64;
        Some(Demand { mean: demand.mean_at(at), at, ..demand })
    }

    fn standing(&self, known: &Item, price: i64) -> Standing {
        let since = self.now - WEEK_MS;
        let changes = known.changes.iter().skip(1).filter(|(at, _)| at.0 > since).count() as u32;
        let lowest = known.changes.iter().map(|(_, price)| *price).fold(price, i64::min);
        Standing { price, changes, lowest }
    }

    /// Where channels list another price than the home channel, or than we do where no channel is at home.
    pub fn findings(&self, item: ItemId, tax: Option<f64>) -> Vec<Proposal<Mend>> {
        let Some(known) = self.items.get(&item) else { return Vec::new() };
        let shown = |(channel, (price, tax_inclusive)): (&ChannelId, &(Money, bool))| Shown {
            channel: *channel,
            price: *price,
            tax_inclusive: *tax_inclusive,
            promoted: false,
        };
        let all: Vec<Shown> = known.listed.iter().map(shown).collect();
        let home = all.iter().find(|shown| Some(shown.channel) == self.home).or(all.first());
        home.map_or_else(Vec::new, |home| find(item, home, &all, tax, known.units_per_day()))
    }

    fn priced(&mut self, item: ItemId, price: Option<Money>, at: Instant) {
        let known = self.items.entry(item).or_default();
        if let (Some(price), true) = (price, known.price != price) {
            known.changes.push_back((at, price.minor));
        }
        known.price = price;
        // One from before the window says what was asked when it began.
        while known.changes.get(1).is_some_and(|(next, _)| next.0 <= at.0 - REMEMBERED_MS) {
            known.changes.pop_front();
        }
    }

    fn listed(&mut self, channel: ChannelId, item: ItemId, listing: Option<&Listing>) {
        let known = self.items.entry(item).or_default();
        match listing.and_then(|listing| listing.price.map(|price| (price, listing.tax_inclusive))) {
            Some(listed) => {
                known.listed.insert(channel, listed);
            }
            None => {
                known.listed.remove(&channel);
            }
        }
    }

    fn ordered(&mut self, order: &OrderPut) {
        if order.order.0 < self.orders || order.state == OrderState::Cancelled {
            return;
        }
        self.orders = order.order.0.saturating_add(1);
        for line in &order.lines {
            if let (Some(item), Some(price)) = (line.item, line.price) {
                self.sold(item, line.quantity.parts() as f64 / 1e5, price, order.placed_at);
            }
        }
    }

    fn sold(&mut self, item: ItemId, units: f64, price: Money, at: Instant) {
        let known = self.items.entry(item).or_default();
        // Amounts of two currencies have no mean.
        if units <= 0.0 || known.price.is_some_and(|own| own.currency != price.currency) {
            return;
        }
        let week = at.0.div_euclid(WEEK_MS);
        let place = known.weeks.partition_point(|sold| sold.week < week);
        match known.weeks.get_mut(place).filter(|sold| sold.week == week) {
            Some(sold) => {
                sold.units += units;
                sold.taken += units * price.minor as f64;
            }
            None => known.weeks.insert(place, Sold { week, units, taken: units * price.minor as f64 }),
        }
        if known.weeks.len() > WEEKS {
            known.weeks.pop_front();
        }
    }

    /// The currency of an item's price.
    pub fn currency(&self, item: ItemId) -> Option<Currency> {
        self.items.get(&item)?.price.map(|price| price.currency)
    }
}

impl Item {
    /// Over the last eight weeks that sold.
    fn units_per_day(&self) -> f64 {
        let recent = self.weeks.iter().rev().take(8);
        let (units, weeks) = recent.fold((0.0, 0.0), |(units, weeks), sold| (units + sold.units, weeks + 1.0));
        if weeks > 0.0 { units / weeks / 7.0 } else { 0.0 }
    }
}

impl Mind for Pricing {
    fn apply(&mut self, _seq: Seq, entry: &Entry) {
        self.now = self.now.max(entry.at.0);
        match &entry.fact {
            Fact::ItemPut(item) => self.priced(item.item, item.price, entry.at),
            Fact::Listed { channel, item, listing } => self.listed(*channel, *item, listing.as_deref()),
            Fact::OrderPut(order) => self.ordered(order),
            _ => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{restore, snapshot};
    use model::{Actor, ItemPut, Sku, Title, Unit};
    use proptest::prelude::*;

    fn euros(minor: i64) -> Money {
        Money { minor, currency: Currency::parse("EUR").expect("a code") }
    }

    fn put(item: u32, minor: i64) -> Fact {
        Fact::ItemPut(ItemPut {
            item: ItemId(item),
            sku: Sku::from("mug"),
            title: Title::default(),
            barcodes: Vec::new(),
            unit: Unit::Piece,
            components: Vec::new(),
            price: Some(euros(minor)),
            tax_inclusive: true,
            tracked: true,
        })
    }

    fn listed(channel: u32, item: u32, minor: i64) -> Fact {
        let listing = Listing { price: Some(euros(minor)), tax_inclusive: true, ..Listing::default() };
        Fact::Listed { channel: ChannelId(channel), item: ItemId(item), listing: Some(Box::new(listing)) }
    }

    fn tell(mind: &mut Pricing, day: i64, fact: Fact) {
        mind.apply(Seq(0), &Entry { at: Instant(day * DAY_MS), by: Actor::System, fact });
    }

    #[test]
    fn the_lowest_price_of_thirty_days_is_remembered_and_an_older_one_is_not() {
        let mut mind = Pricing::default();
        for (day, minor) in [(0, 700), (5, 900), (40, 1_000), (41, 950), (42, 980)] {
            tell(&mut mind, day, put(1, minor));
        }
        let standing = mind.standing(&mind.items[&ItemId(1)], 980);
        assert_eq!(standing, Standing { price: 980, changes: 3, lowest: 900 });
    }

    #[test]
    fn a_channel_that_lists_another_price_than_home_is_found() {
        let mut mind = Pricing::default();
        mind.at_home(ChannelId(2));
        tell(&mut mind, 0, listed(1, 5, 1_100));
        tell(&mut mind, 0, listed(2, 5, 1_000));
        let found = mind.findings(ItemId(5), None);
        assert_eq!(found.len(), 1);
        assert_eq!((found[0].action.channel, found[0].action.to), (ChannelId(1), Some(euros(1_000))));
        assert!(mind.findings(ItemId(6), None).is_empty());
    }

    proptest! {
        #[test]
        fn stored_anywhere_and_read_again_the_same_news_end_in_the_same_bits(
            news in prop::collection::vec((0..3_u32, 0..9_i64, 1..2_000_i64, any::<bool>()), 1..40), cut in 0..40_usize,
        ) {
            let (mut whole, mut parts) = (Pricing::default(), Pricing::default());
            let mut day = 0;
            for (place, (item, days, minor, lists)) in news.iter().enumerate() {
                day += days;
                if place == cut {
                    parts = restore(Pricing::FORM, &snapshot(Pricing::FORM, &parts)).expect("what was stored");
                }
                for mind in [&mut whole, &mut parts] {
                    tell(mind, day, if *lists { listed(1, *item, *minor) } else { put(*item, *minor) });
                    mind.sold(ItemId(*item), 1.5, euros(*minor), Instant(day * DAY_MS));
                }
            }
            prop_assert_eq!(snapshot(Pricing::FORM, &whole), snapshot(Pricing::FORM, &parts));
            prop_assert_eq!(whole.learn(), parts.learn());
        }
    }
}
