//! What stock is worth at a location until the end of the horizon. Called by the exchange.

use model::{ItemId, LocationId};
use stats::dist::Count;

/// An item at a location, in whole packs as far as the exchange is concerned; money in any one unit.
#[derive(Clone, Debug, PartialEq)]
pub struct Shelf {
    /// What.
    pub item: ItemId,
    /// Where.
    pub location: LocationId,
    /// Units free, with what is on its way here.
    pub stock: u32,
    /// Of those, units that may leave: on the shelf, not promised, above the least display.
    pub movable: u32,
    /// Units asked for until the end of the horizon.
    pub demand: Count,
    /// Earned by a unit that is sold; `None` = nobody knows, and nothing of it is moved.
    pub margin: Option<f64>,
    /// Kept of a unit that is left over.
    pub salvage: f64,
    /// Earned besides by having any at all: the sizes beside it that would leave the display with it (Caro, Gallien 2010).
    pub run: f64,
}

impl Shelf {
    /// What one unit more than `stock` is worth: $v+(m-v)P(D>x)$, for the first one the run besides.
    pub fn marginal(&self, stock: u32) -> f64 {
        let sound = |value: f64| if value.is_finite() { value } else { 0.0 };
        let (margin, salvage) = (sound(self.margin.unwrap_or(0.0)), sound(self.salvage));
        // Salvage above margin would make hoarding pay.
        let over = (margin - salvage).max(0.0);
        let first = if stock == 0 { sound(self.run).max(0.0) } else { 0.0 };
        salvage + over * (1.0 - self.demand.cdf(u64::from(stock))) + first
    }

    /// What a stock is worth.
    pub fn value(&self, stock: u32) -> f64 {
        stats::num::sum((0..stock.min(UNITS_MAX)).map(|stock| self.marginal(stock)))
    }
}

/// Stocks are told apart up to here.
pub(super) const UNITS_MAX: u32 = 100_000;
