//! Where goods that came back are worth most: on this shelf, on another, mended, at the vendor's, or nowhere.
//!
//! On a shelf with stock $x$ and demand $D$ over the selling window, one more unit sells at full price with $P(D>x)$ and is
//! marked down otherwise: $pP(D>x)+p_{md}(1-P(D>x))$ less handling and freight. The largest value is taken; what the law or
//! hygiene forces is forced.

use model::{Currency, LocationId, Money};
use stats::dist::{Count, Normal};

use crate::{Confidence, Flip, Proposal, Reasons, RunnerUp, Term};

/// Every way out, in the order in which ties are decided.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Way {
    /// On the shelf it came to.
    Here,
    /// To another location's shelf.
    Send(LocationId),
    /// Mended, then sold as such.
    Refurbish,
    /// Back to the vendor.
    Vendor,
    /// Sold in bulk.
    Liquidate,
    /// Thrown away as the law asks.
    WriteOff,
}

/// A shelf it may be sold from. Amounts in minor units.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Shelf {
    /// Where.
    pub location: LocationId,
    /// Units there, without this one.
    pub stock: f64,
    /// Demand over the weeks in which it can be sold at full price.
    pub demand: Count,
    /// Units whose sale the demand was learnt from; says how far to trust it.
    pub learnt_from: f64,
    /// To bring it there; zero where it is.
    pub freight: f64,
}

/// What a unit brings otherwise. Amounts in minor units; `None` where there is no such way.
#[derive(Clone, Debug, PartialEq)]
pub struct Goods {
    /// Full price, without tax.
    pub price: f64,
    /// What it brings when it is not sold in the window.
    pub marked_down: f64,
    /// Putting it on a shelf: checking, cleaning, packing.
    pub handling: f64,
    /// What it sells for mended, less what mending costs.
    pub refurbished: Option<f64>,
    /// What the vendor gives back, less freight.
    pub vendor: Option<f64>,
    /// In bulk.
    pub liquidated: Option<f64>,
    /// What throwing it away costs.
    pub write_off: f64,
    /// Spoilt, recalled, opened hygiene: it must go this way.
    pub forced: Option<Way>,
    /// Whether it may go on a shelf as it is.
    pub sellable: bool,
}

/// What to do with one unit; the first shelf is the one it came to.
pub fn dispose(goods: &Goods, shelves: &[Shelf], currency: Currency) -> Proposal<Way> {
    let undo = "move the unit to where the other way leads; a unit that has left stays gone";
    let mut ways = ways(goods, shelves);
    ways.sort_by(|a, b| b.value.total_cmp(&a.value).then(a.way.cmp(&b.way)));
    let best = match goods.forced {
        Some(forced) => ways.iter().position(|outlet| outlet.way == forced).unwrap_or(0),
        None => 0,
    };
    let mut best = ways.remove(best);
    let sure = if goods.forced.is_some() { 1.0 } else { sure(&best, ways.first()) };
    let mut reasons = Reasons::of(std::mem::take(&mut best.terms), Confidence::new(sure));
    reasons.runner_up = ways.first().map(|other| RunnerUp { what: words(other.way), score: other.value });
    reasons.flip = ways.first().and_then(|other| flip(goods, &best, other));
    // Over throwing it away, which is what happens when nobody does anything.
    let gain = (best.value + goods.write_off).round();
    reasons.value = (gain.abs() < 9e15).then_some(Money { minor: gain as i64, currency });
    let action = goods.forced.unwrap_or(best.way);
    Proposal { action, reasons, undo }
}

struct Outlet {
    way: Way,
    value: f64,
    /// Standard error of the value, from what is not known of demand.
    error: f64,
    /// Chance to sell at full price, on a shelf.
    chance: Option<f64>,
    terms: Vec<Term>,
}

fn ways(goods: &Goods, shelves: &[Shelf]) -> Vec<Outlet> {
    let shelves = shelves.iter().enumerate().filter(|_| goods.sellable);
    let mut ways: Vec<Outlet> = shelves.map(|(place, shelf)| on_shelf(goods, shelf, place == 0)).collect();
    let flat = |way: Way, name: &'static str, value: Option<f64>| {
        let value = value.filter(|value| value.is_finite())?;
        Some(Outlet { way, value, error: 0.0, chance: None, terms: vec![Term { name, input: value, adds: value }] })
    };
    ways.extend(flat(Way::Refurbish, "sold mended, less the mending", goods.refurbished));
    ways.extend(flat(Way::Vendor, "given back by the vendor", goods.vendor));
    ways.extend(flat(Way::Liquidate, "sold in bulk", goods.liquidated));
    let lost = if goods.write_off.is_finite() { -goods.write_off } else { 0.0 };
    ways.extend(flat(Way::WriteOff, "thrown away", Some(lost)));
    ways.retain(|outlet| outlet.value.is_finite());
    ways
}

fn on_shelf(goods: &Goods, shelf: &Shelf, here: bool) -> Outlet {
    let stock = if shelf.stock.is_finite() { shelf.stock.max(0.0).floor() as u64 } else { 0 };
    let chance_of = |demand: Count| 1.0 - demand.cdf(stock);
    let chance = chance_of(shelf.demand);
    // A rate learnt from n units is off by about one part in √n.
    let part = 1.0 / shelf.learnt_from.max(1.0).sqrt();
    let off = |factor: f64| chance_of(Count::new(shelf.demand.mean() * factor, shelf.demand.dispersion()));
    let spread = (off(1.0 + part) - off((1.0 - part).max(0.0))) / 2.0;
    let terms = vec![
        Term { name: "sells here at full price", input: chance, adds: goods.price * chance },
        Term { name: "is marked down otherwise", input: 1.0 - chance, adds: goods.marked_down * (1.0 - chance) },
        Term { name: "is checked and put back", input: goods.handling, adds: -goods.handling },
        Term { name: "is brought there", input: shelf.freight, adds: -shelf.freight },
    ];
    Outlet {
        way: if here { Way::Here } else { Way::Send(shelf.location) },
        value: stats::num::sum(terms.iter().map(|term| term.adds)),
        error: spread * (goods.price - goods.marked_down).abs(),
        chance: Some(chance),
        terms,
    }
}

/// How surely the best is better than the second, as far as demand is known.
fn sure(best: &Outlet, second: Option<&Outlet>) -> f64 {
    let Some(second) = second else { return 1.0 };
    let error = (best.error * best.error + second.error * second.error).sqrt();
    let gap = best.value - second.value;
    if error > 0.0 { Normal::STANDARD.cdf(gap / error) } else { 1.0 }
}

/// The chance of a sale at full price at which the second would be as good.
fn flip(goods: &Goods, best: &Outlet, second: &Outlet) -> Option<Flip> {
    let gap = best.value - second.value;
    let worth = goods.price - goods.marked_down;
    let (from, to) = match (best.chance, second.chance) {
        (Some(chance), _) => (chance, chance - gap / worth),
        (None, Some(chance)) => (chance, chance + gap / worth),
        (None, None) => return None,
    };
    (0.0..=1.0).contains(&to).then_some(Flip { input: "sells here at full price", from, to })
}

fn words(way: Way) -> String {
    match way {
        Way::Here => "put it back on this shelf".to_owned(),
        Way::Send(location) => format!("send it to {location}"),
        Way::Refurbish => "have it mended".to_owned(),
        Way::Vendor => "send it to the vendor".to_owned(),
        Way::Liquidate => "sell it in bulk".to_owned(),
        Way::WriteOff => "throw it away".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn euro() -> Currency {
        Currency::parse("EUR").expect("a code")
    }

    fn goods() -> Goods {
        Goods {
            price: 5_000.0,
            marked_down: 2_000.0,
            handling: 300.0,
            refurbished: None,
            vendor: Some(2_500.0),
            liquidated: Some(800.0),
            write_off: 100.0,
            forced: None,
            sellable: true,
        }
    }

    fn shelf(location: u32, stock: f64, mean: f64, freight: f64) -> Shelf {
        Shelf { location: LocationId(location), stock, demand: Count::new(mean, 1.2), learnt_from: 100.0, freight }
    }

    #[test]
    fn a_unit_goes_where_it_sells_and_the_terms_add_up() {
        let told = dispose(&goods(), &[shelf(0, 30.0, 5.0, 0.0), shelf(1, 0.0, 20.0, 400.0)], euro());
        assert_eq!(told.action, Way::Send(LocationId(1)));
        // A chance of nearly one: 5,000 less handling and freight.
        assert!((told.reasons.score - 4_300.0).abs() < 5.0, "{}", told.reasons.score);
        let sum: f64 = told.reasons.terms.iter().map(|term| term.adds).sum();
        assert!((sum - told.reasons.score).abs() < 1e-9);
        let nowhere = dispose(&goods(), &[shelf(0, 30.0, 1.0, 0.0)], euro());
        assert_eq!(nowhere.action, Way::Vendor);
    }

    #[test]
    fn at_the_flip_both_ways_are_worth_the_same() {
        let told = dispose(&goods(), &[shelf(0, 3.0, 5.0, 0.0)], euro());
        let flip = told.reasons.flip.expect("a chance at which the vendor is as good");
        assert_eq!(told.action, Way::Here);
        assert!((5_000.0 * flip.to + 2_000.0 * (1.0 - flip.to) - 300.0 - 2_500.0).abs() < 1e-6);
    }

    #[test]
    fn what_is_forced_is_done_whatever_it_is_worth_and_what_is_unfit_is_not_shelved() {
        let forced = Goods { forced: Some(Way::WriteOff), ..goods() };
        assert_eq!(dispose(&forced, &[shelf(0, 0.0, 50.0, 0.0)], euro()).action, Way::WriteOff);
        let unfit = Goods { sellable: false, vendor: None, ..goods() };
        assert_eq!(dispose(&unfit, &[shelf(0, 0.0, 50.0, 0.0)], euro()).action, Way::Liquidate);
        let nothing = Goods { sellable: false, vendor: None, liquidated: None, ..goods() };
        assert_eq!(dispose(&nothing, &[], euro()).action, Way::WriteOff);
    }

    proptest! {
        #[test]
        fn any_numbers_get_an_answer(
            price in any::<f64>(), down in any::<f64>(), handling in any::<f64>(), vendor in prop::option::of(any::<f64>()),
            off in any::<f64>(), stock in any::<f64>(), mean in any::<f64>(), freight in any::<f64>(),
        ) {
            let goods = Goods { price, marked_down: down, handling, vendor, write_off: off, ..goods() };
            let told = dispose(&goods, &[shelf(0, stock, mean, freight)], euro());
            prop_assert!(told.reasons.score.is_finite());
            prop_assert!((0.0..=1.0).contains(&told.reasons.confidence.value()));
        }
    }
}
