//! What a platform can do, as data: dispatch, docs and the dashboard read it.

use model::{Basis, Platform};

/// Something the hub may want of a platform.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Surface {
    /// Hear of sales and returns as they happen.
    HearSales,
    /// Hear of stock changes made inside the platform.
    HearStock,
    /// Hear of customers.
    HearCustomers,
    /// Read orders that changed since a time.
    PollOrders,
    /// Read stock levels.
    ReadLevels,
    /// Read the catalogue.
    ReadCatalogue,
    /// Read customers.
    ReadCustomers,
    /// Change a level by a difference.
    WriteRelative,
    /// Change a level only if it still shows what we believe.
    WriteCompared,
    /// Set a level as of a moment in the past.
    WriteDated,
    /// Create webhook subscriptions by API.
    Subscribe,
    /// Take a return that is tied to no sale.
    UnlinkedReturn,
    /// Quantities that are not whole.
    Fractions,
}

/// Whether the platform can.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ability {
    /// It can.
    Yes,
    /// It cannot, and why, in words for people.
    No(&'static str),
}

/// The platform's own rate algorithm: a bucket that refills steadily and from which every request takes its cost.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct BudgetRule {
    /// Points in a full bucket.
    pub capacity: u32,
    /// Points that come back in a second.
    pub restore_per_s: u32,
}

/// What a platform can do.
#[derive(Clone, Copy, Debug)]
pub struct Abilities {
    /// Which platform.
    pub platform: Platform,
    /// What its numbers mean at a location's home.
    pub basis: Basis,
    /// Whether it counts whole units only.
    pub whole_units: bool,
    /// Most rows in one write request.
    pub batch_max: usize,
    /// Most documents or levels in one question.
    pub ask_max: usize,
    /// Whether a level that a reading of everything does not list is zero; otherwise the item is not stocked there.
    pub absent_is_zero: bool,
    /// Assumed until the platform tells its own figures.
    pub budget: BudgetRule,
    /// How far back the poll of orders must overlap, in milliseconds: news may become visible late.
    pub overlap_ms: i64,
    /// One row per surface.
    pub surfaces: &'static [(Surface, Ability)],
}
