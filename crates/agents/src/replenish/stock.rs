//! How much will be there: the distribution of stock on a day to come. Called by the order's decision.

use stats::dist::Count;

use super::Demand;

/// Cells of the grid on which stock is counted; larger stocks are counted in larger steps.
const CELLS: usize = 256;

/// A distribution of stock: probabilities of 0, 1, 2 … steps.
#[derive(Clone, Debug, PartialEq)]
pub struct Stock {
    /// Units of a step.
    pub(super) step: f64,
    pub(super) chance: Vec<f64>,
}

impl Stock {
    /// Surely so much; `most` is what it may ever grow to.
    fn sure(units: f64, most: f64) -> Self {
        let step = (most / CELLS as f64).ceil().max(1.0);
        let mut chance = vec![0.0; (most / step).ceil() as usize + 1];
        let at = ((units / step).round() as usize).min(chance.len() - 1);
        chance[at] = 1.0;
        Self { step, chance }
    }

    /// Surely so much more.
    fn receive(&mut self, units: f64) {
        let (steps, last) = ((units / self.step).round().max(0.0) as usize, self.chance.len() - 1);
        let mut after = vec![0.0; last + 1];
        for (had, chance) in self.chance.iter().enumerate() {
            after[had.saturating_add(steps).min(last)] += chance;
        }
        self.chance = after;
    }

    /// After this demand; what is not there is not sold.
    fn sell(&mut self, demand: &Count) {
        if demand.mean() <= 0.0 {
            return;
        }
        let cells = self.chance.len();
        let below = |steps: usize| demand.cdf(((steps as f64 + 0.5) * self.step).floor() as u64);
        let mut asked = Vec::with_capacity(cells);
        let mut before = 0.0;
        for steps in 0..cells {
            let upto = below(steps);
            asked.push((upto - before).max(0.0));
            before = upto;
        }
        let mut after = vec![0.0; cells];
        for (had, chance) in self.chance.iter().enumerate().filter(|(_, chance)| **chance > 1e-12) {
            let mut left = *chance;
            for (sold, asked) in asked.iter().enumerate().take(had) {
                after[had - sold] += chance * asked;
                left -= chance * asked;
            }
            after[0] += left.max(0.0);
        }
        self.chance = after;
    }

    /// Mean units.
    pub fn mean(&self) -> f64 {
        stats::num::sum(self.chance.iter().enumerate().map(|(steps, chance)| steps as f64 * self.step * chance))
    }

    /// Stock at the start of day `until`, with its arrivals: what is there now, arrivals by day, and the demand.
    pub fn ahead(now: f64, arrivals: &[(u32, f64)], until: u32, demand: &dyn Demand) -> Self {
        let now = if now.is_finite() { now.clamp(0.0, 1e9) } else { 0.0 };
        let mut due: Vec<(u32, f64)> = arrivals
            .iter()
            .copied()
            .filter(|(day, units)| *day <= until && *units > 0.0 && units.is_finite())
            .collect();
        due.sort_by(|a, b| a.0.cmp(&b.0).then(a.1.total_cmp(&b.1)));
        let most = now + stats::num::sum(due.iter().map(|(_, units)| units.min(1e9)));
        let mut stock = Self::sure(now, most);
        let mut day = 0;
        for (at, units) in due {
            if at > day {
                stock.sell(&demand.over(day, at - day));
                day = at;
            }
            stock.receive(units);
        }
        if until > day {
            stock.sell(&demand.over(day, until - day));
        }
        stock
    }
}
