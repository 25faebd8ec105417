//! How much to order of one item for one location. Called for each item on a review day, and by the supplier's basket.

use model::{Currency, Money};
use stats::dist::Count;

use super::{Demand, Stock};
use crate::{Confidence, Flip, Proposal, Reasons, RunnerUp, Term};

/// What is known of an item, its costs and its supplier; money in any one unit, minor units in the product.
#[derive(Clone, Debug, PartialEq)]
pub struct Terms {
    /// What a unit costs to buy; `None` = nobody knows.
    pub unit_cost: Option<f64>,
    /// What is lost with a unit that cannot be sold: margin and good will; `None` = nobody knows.
    pub shortage: Option<f64>,
    /// Holding a unit for a day.
    pub holding: f64,
    /// Days between two chances to order.
    pub review_days: u32,
    /// Days from order to arrival, with their probabilities.
    pub lead: Lead,
    /// Least that may be ordered, when anything is.
    pub minimum: f64,
    /// Ordered in multiples of this.
    pub pack: f64,
    /// Units are thrown away after so many days.
    pub shelf_life_days: Option<u32>,
    /// Cost of placing an order at all.
    pub order_cost: f64,
    /// Least share of days without a stock-out that policy asks for.
    pub service_floor: f64,
    /// Currency of the amounts, when they are minor units of one.
    pub currency: Option<Currency>,
}

/// Days from order to arrival.
#[derive(Clone, Debug, PartialEq)]
pub struct Lead(Vec<(u32, f64)>);

impl Lead {
    /// Always so many.
    pub fn exactly(days: u32) -> Self {
        Self(vec![(days, 1.0)])
    }

    /// As seen at past receipts; with fewer than three, the supplier's usual days with a deviation of half of them.
    pub fn seen(days: &[u32], usual: u32) -> Self {
        if days.len() >= 3 {
            let mut days: Vec<u32> = days.to_vec();
            days.sort_unstable();
            let weight = 1.0 / days.len() as f64;
            let mut lead: Vec<(u32, f64)> = Vec::new();
            for day in days {
                match lead.last_mut() {
                    Some((last, chance)) if *last == day => *chance += weight,
                    _ => lead.push((day, weight)),
                }
            }
            return Self(lead);
        }
        // Three points with that mean and deviation.
        let far = (0.75 * f64::from(usual)).round() as u32;
        let side = 2.0 / 9.0;
        Self(vec![(usual - far.min(usual), side), (usual, 1.0 - 2.0 * side), (usual.saturating_add(far), side)])
    }

    fn mean(&self) -> f64 {
        stats::num::sum(self.0.iter().map(|(days, chance)| f64::from(*days) * chance))
    }
}

/// What is there and on its way, in units: `(days from today, units)`.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Position {
    /// On hand and not promised.
    pub free: f64,
    /// On its way.
    pub arrivals: Vec<(u32, f64)>,
}

/// An order for one item.
#[derive(Clone, Debug, PartialEq)]
pub struct Order {
    /// Units.
    pub quantity: f64,
    /// Money for it; 0 while nobody knows the cost.
    pub spend: f64,
    /// Expected stock when it arrives.
    pub stock_at_arrival: f64,
    /// Stock that is kept against more demand than expected: in words for people, not the rule.
    pub safety_stock: f64,
    /// Expected demand until the order after this one arrives, and the safety stock: in words, not the rule.
    pub reorder_point: f64,
    /// Days that the stock then lasts.
    pub cover_days: f64,
    /// Chance of running out before the order after this one arrives, with and without it.
    pub stock_out: (f64, f64),
}

/// The cost of what is ordered now, between its arrival and the next one's.
pub(super) struct Question<'a> {
    pub(super) terms: &'a Terms,
    shortage: f64,
    /// For each lead time: its chance, stock at arrival, what a unit more saves at each stock.
    cases: Vec<(f64, Stock, Gains)>,
    shelf_cap: f64,
}

/// What one unit more saves between two arrivals, at a stock of 0, 1, 2 … units.
struct Gains {
    /// Units between two values.
    stride: f64,
    values: Vec<f64>,
}

/// Most stocks for which the saving is worked out.
const GAINS_MAX: f64 = 2_048.0;

impl Gains {
    /// `demands` are those of 1, 2 … days, as `checkpoints` has them.
    fn of(shortage: f64, holding: f64, demands: &[(u32, Count)]) -> Self {
        // Beyond this nothing is short any more, and all is held.
        let most = demands.last().map_or(0, |(_, demand)| demand.quantile(1.0 - 1e-7)).min(1 << 40) as f64 + 2.0;
        let stride = (most / GAINS_MAX).ceil();
        let value = |there: f64| {
            let (mut held, mut last, mut short) = (0.0, 0, 0.0);
            for (span, demand) in demands {
                let enough = demand.cdf(there as u64);
                held += f64::from(span - last) * enough;
                (last, short) = (*span, 1.0 - enough);
            }
            shortage * short - holding * held
        };
        let values = (0..(most / stride).ceil() as u32).map(|at| value(f64::from(at) * stride)).collect();
        Self { stride, values }
    }

    fn at(&self, there: f64) -> f64 {
        let at = (there / self.stride) as usize;
        self.values.get(at).or(self.values.last()).copied().unwrap_or(0.0)
    }
}

impl<'a> Question<'a> {
    /// `None` when what a missing unit costs is not known.
    pub(super) fn of(terms: &'a Terms, position: &Position, demand: &dyn Demand) -> Option<Self> {
        let sound = |value: f64| if value.is_finite() { value.max(0.0) } else { 0.0 };
        let holding = sound(terms.holding).max(1e-9);
        let review = terms.review_days.clamp(1, 365);
        // A floor for the service is a dearer shortage: the critical ratio is the share of periods without a stock-out.
        let floor = sound(terms.service_floor).min(0.999);
        let least = holding * f64::from(review) * floor / (1.0 - floor);
        let shortage = sound(terms.shortage?).max(least);
        let case = |(days, chance): &(u32, f64)| {
            let days = (*days).min(365);
            let stock = Stock::ahead(position.free, &position.arrivals, days, demand);
            let demands: Vec<(u32, Count)> = checkpoints(review).map(|span| (span, demand.over(days, span))).collect();
            (*chance, stock, Gains::of(shortage, holding, &demands))
        };
        let cases = terms.lead.0.iter().map(case).collect();
        let shelf_cap = terms.shelf_life_days.map_or(f64::INFINITY, |days| {
            let lead = terms.lead.mean().round() as u32;
            let ratio = shortage / (shortage + holding * f64::from(review));
            demand.over(lead, days.clamp(1, 3_650)).quantile(ratio) as f64
        });
        Some(Self { terms, shortage, cases, shelf_cap })
    }

    /// What one unit more saves at a quantity: shortage that it meets, less holding it until it is sold.
    pub(super) fn marginal(&self, quantity: f64) -> f64 {
        let mut saved = 0.0;
        for (weight, stock, gains) in &self.cases {
            for (steps, chance) in stock.chance.iter().enumerate().filter(|(_, chance)| **chance > 1e-9) {
                saved += weight * chance * gains.at(steps as f64 * stock.step + quantity);
            }
        }
        saved
    }

    /// The best quantity without packs and minimum.
    fn ideal(&self) -> f64 {
        if self.marginal(0.0) <= 0.0 {
            return 0.0;
        }
        let mut high = 1.0;
        while self.marginal(high) > 0.0 && high < 1e9 {
            high *= 2.0;
        }
        let mut low = 0.0;
        while high - low > 1.0 {
            let middle = ((low + high) / 2.0).floor();
            if self.marginal(middle) > 0.0 { low = middle } else { high = middle }
        }
        // Units low + 1 = high still gain when the one after `low` does.
        high
    }

    /// Saved by a quantity over nothing.
    pub(super) fn saved(&self, quantity: f64) -> f64 {
        // Concave: a dozen strips are exact enough for large numbers, small ones are summed unit by unit.
        let strips = quantity.clamp(0.0, 64.0).ceil();
        if strips <= 0.0 {
            return 0.0;
        }
        let width = quantity / strips;
        let middle = |strip: f64| self.marginal(((strip + 0.5) * width - 0.5).max(0.0).round());
        stats::num::sum((0..strips as u32).map(|strip| width * middle(f64::from(strip))))
    }

    /// The best quantity that can be ordered; 0 when waiting for the next chance costs less.
    pub(super) fn best(&self) -> f64 {
        let pack = if self.terms.pack.is_finite() { self.terms.pack.max(1.0) } else { 1.0 };
        let minimum = if self.terms.minimum.is_finite() { self.terms.minimum.max(0.0) } else { 0.0 };
        let on_hand = self.cases.iter().map(|(chance, stock, _)| chance * stock.mean()).sum::<f64>();
        let ideal = self.ideal().min((self.shelf_cap - on_hand).max(0.0));
        if ideal <= 0.0 {
            return 0.0;
        }
        let least = (minimum / pack).ceil() * pack;
        let (down, up) = ((ideal / pack).floor() * pack, (ideal / pack).ceil() * pack);
        let mut best = (0.0, 0.0);
        for quantity in [down, up].map(|quantity| quantity.max(least)) {
            let saved = self.saved(quantity) - self.terms.order_cost.max(0.0);
            if quantity > 0.0 && saved > best.1 {
                best = (quantity, saved);
            }
        }
        best.0
    }
}

/// Days at whose ends holding is counted: each day of a week or two, then coarser, always the last.
fn checkpoints(review: u32) -> impl Iterator<Item = u32> {
    let stride = review.div_ceil(14);
    (1..=review).filter(move |day| day % stride == 0 || *day == review)
}

/// Decides one item's order.
///
/// Without a cost or a margin nothing is invented: the quantity is 0 and the confidence is none.
pub fn order(terms: &Terms, position: &Position, demand: &dyn Demand) -> Proposal<Order> {
    let question = Question::of(terms, position, demand).filter(|_| terms.unit_cost.is_some());
    let quantity = question.as_ref().map_or(0.0, Question::best);
    propose(terms, position, demand, question.as_ref(), quantity)
}

pub(super) fn propose(
    terms: &Terms,
    position: &Position,
    demand: &dyn Demand,
    question: Option<&Question<'_>>,
    quantity: f64,
) -> Proposal<Order> {
    let review = terms.review_days.clamp(1, 365);
    let lead = terms.lead.mean().round().clamp(0.0, 365.0) as u32;
    let at_arrival = Stock::ahead(position.free, &position.arrivals, lead, demand).mean();
    let span = demand.over(lead, review);
    let whole = demand.over(0, lead + review);
    let target = question.map_or(at_arrival, |question| at_arrival + question.ideal());
    let safety_stock = if question.is_some() { (target - span.mean()).max(0.0) } else { 0.0 };
    let daily = whole.mean() / f64::from(lead + review);
    let out = |quantity: f64| 1.0 - span.cdf((at_arrival + quantity).max(0.0) as u64);
    let order = Order {
        quantity,
        spend: quantity * terms.unit_cost.unwrap_or(0.0),
        stock_at_arrival: at_arrival,
        safety_stock,
        reorder_point: whole.mean() + safety_stock,
        cover_days: if daily > 0.0 { (at_arrival + quantity) / daily } else { f64::INFINITY },
        stock_out: (out(quantity), out(0.0)),
    };
    let Some(question) = question else {
        let terms = vec![Term { name: "cost or margin is not known", input: 0.0, adds: 0.0 }];
        return Proposal { action: order, reasons: Reasons::of(terms, Confidence::NONE), undo: UNDO };
    };
    let met = question.shortage * (span.lost(at_arrival) - span.lost(at_arrival + quantity));
    let saved = question.saved(quantity);
    let placing = if quantity > 0.0 { terms.order_cost.max(0.0) } else { 0.0 };
    // Of an order: that it is needed before the next can come. Of none: that nothing runs out.
    let confidence = Confidence::new(if quantity > 0.0 { order.stock_out.1 } else { 1.0 - order.stock_out.1 });
    let mut reasons = Reasons::of(
        vec![
            Term { name: "sales not lost", input: span.mean(), adds: met },
            Term { name: "holding", input: order.cover_days, adds: saved - met },
            Term { name: "placing the order", input: placing, adds: -placing },
        ],
        confidence,
    );
    reasons.runner_up = Some(RunnerUp { what: "order nothing and wait for the next chance".into(), score: 0.0 });
    if quantity > 0.0 {
        let (from, to) = (position.free, position.free + question.ideal());
        reasons.flip = Some(Flip { input: "on hand", from, to });
    }
    reasons.value = terms.currency.map(|currency| Money { minor: (saved - placing).round() as i64, currency });
    Proposal { action: order, reasons, undo: UNDO }
}

const UNDO: &str = "cancel the draft before it is sent";
