//! One order to a supplier over many items: a budget, a least order value, shortages shared by what they cost. Called on a
//! supplier's review day.

use std::cmp::Ordering;
use std::collections::BinaryHeap;

use super::order::{Question, propose};
use super::{Demand, Order, Position, Terms};
use crate::Proposal;

/// A line changes in at most so many steps: in packs, or in several at a time where it takes more of them.
const STEPS: f64 = 2_048.0;

/// One item that could be ordered.
pub struct Want<'a> {
    /// Its terms; the pack is the step of everything below.
    pub terms: &'a Terms,
    /// What is there.
    pub position: &'a Position,
    /// What is asked for.
    pub demand: &'a dyn Demand,
}

/// What the whole order must keep.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Limits {
    /// Most money for it.
    pub budget: f64,
    /// Least money for it, when anything is ordered.
    pub least: f64,
}

/// Decides all items of one supplier together, in the order given.
///
/// Within the budget, packs go where a unit of money saves most; below the least value, packs are added where they cost
/// least, and nothing is ordered when even so nothing is gained.
pub fn basket(wants: &[Want<'_>], limits: Limits) -> Vec<Proposal<Order>> {
    let mut lines: Vec<Line<'_>> = wants.iter().map(Line::of).collect();
    let spend = |lines: &[Line<'_>]| stats::num::sum(lines.iter().map(|line| line.quantity * line.cost));
    let mut total = spend(&lines);
    if limits.budget.is_finite() && total > limits.budget {
        shrink(&mut lines, limits.budget.max(0.0));
        total = spend(&lines);
    }
    if total > 0.0 && total < limits.least {
        grow(&mut lines, limits.least, limits.budget, total);
        let gained = stats::num::sum(lines.iter().map(Line::saved));
        if spend(&lines) < limits.least || gained <= 0.0 {
            lines.iter_mut().for_each(|line| line.quantity = 0.0);
        }
    }
    let one = |(line, want): (&Line<'_>, &Want<'_>)| {
        propose(want.terms, want.position, want.demand, line.question.as_ref(), line.quantity)
    };
    lines.iter().zip(wants).map(one).collect()
}

struct Line<'a> {
    question: Option<Question<'a>>,
    quantity: f64,
    cost: f64,
    pack: f64,
}

impl<'a> Line<'a> {
    fn of(want: &Want<'a>) -> Self {
        let cost = want.terms.unit_cost.filter(|cost| cost.is_finite() && *cost >= 0.0);
        let question = Question::of(want.terms, want.position, want.demand).filter(|_| cost.is_some());
        let pack = if want.terms.pack.is_finite() { want.terms.pack.max(1.0) } else { 1.0 };
        Self { quantity: question.as_ref().map_or(0.0, Question::best), question, cost: cost.unwrap_or(0.0), pack }
    }

    fn saved(&self) -> f64 {
        self.question.as_ref().map_or(0.0, |question| question.saved(self.quantity))
    }

    fn minimum(&self) -> f64 {
        self.question.as_ref().map_or(0.0, |question| question.terms.minimum.max(0.0))
    }

    /// Saved for each unit of money by one pack more than a quantity.
    fn rate(&self, quantity: f64) -> f64 {
        let question = self.question.as_ref();
        question
            .map_or(f64::NEG_INFINITY, |question| question.marginal(quantity + self.pack / 2.0) / self.cost.max(1e-9))
    }
}

/// A line in a heap: largest rate first, then the first line.
#[derive(PartialEq)]
struct Ranked(f64, usize);

impl Eq for Ranked {}

impl PartialOrd for Ranked {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Ranked {
    fn cmp(&self, other: &Self) -> Ordering {
        self.0.total_cmp(&other.0).then(other.1.cmp(&self.1))
    }
}

/// A number of packs in which `packs` of them are reached in at most [`STEPS`].
fn stride(pack: f64, packs: f64) -> f64 {
    pack * (packs / STEPS).ceil().max(1.0)
}

/// From nothing, pack by pack where money saves most, until the budget is gone.
fn shrink(lines: &mut [Line<'_>], budget: f64) {
    let most: Vec<f64> = lines.iter().map(|line| line.quantity).collect();
    let strides: Vec<f64> = lines.iter().map(|line| stride(line.pack, line.quantity / line.pack)).collect();
    lines.iter_mut().for_each(|line| line.quantity = 0.0);
    let mut heap: BinaryHeap<Ranked> = lines
        .iter()
        .enumerate()
        .filter(|(at, _)| most[*at] > 0.0)
        .map(|(at, line)| Ranked(line.rate(0.0), at))
        .collect();
    let mut left = budget;
    while let Some(Ranked(_, at)) = heap.pop() {
        let line = &mut lines[at];
        // A first step is at least the minimum.
        let step = if line.quantity == 0.0 {
            line.pack.max((line.minimum() / line.pack).ceil() * line.pack)
        } else {
            strides[at]
        };
        if line.quantity + step > most[at] + 1e-9 || step * line.cost > left {
            continue;
        }
        line.quantity += step;
        left -= step * line.cost;
        heap.push(Ranked(line.rate(line.quantity), at));
    }
}

/// Packs of items that are ordered anyway, where they cost least, up to the least value and never above the budget.
fn grow(lines: &mut [Line<'_>], least: f64, budget: f64, mut total: f64) {
    if !least.is_finite() || least > budget {
        return;
    }
    let missing = least - total;
    let open = |line: &Line<'_>| line.quantity > 0.0 && line.cost > 0.0;
    let mut heap: BinaryHeap<Ranked> = lines
        .iter()
        .enumerate()
        .filter(|(_, line)| open(line))
        .map(|(at, line)| Ranked(line.rate(line.quantity), at))
        .collect();
    while total < least {
        let Some(Ranked(_, at)) = heap.pop() else { break };
        let line = &mut lines[at];
        let step = stride(line.pack, missing / (line.pack * line.cost));
        let price = step * line.cost;
        // What cannot be told apart from nothing leads nowhere.
        if !price.is_finite() || total + price > budget || total + price <= total {
            continue;
        }
        line.quantity += step;
        total += price;
        heap.push(Ranked(line.rate(line.quantity), at));
    }
}
