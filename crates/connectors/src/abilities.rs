//! What a platform can do, as data: dispatch, docs and the dashboard read it.

use model::{Basis, Platform};

/// Something the hub may want of a platform.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Surface {
    /// Hear of sales and returns as they happen.
    HearSales,
    /// Hear of stock changes made inside the platform.
    HearStock,
    /// Hear of changes to items and prices.
    HearItems,
    /// Hear of customers.
    HearCustomers,
    /// Hear that access was taken away.
    HearRevoked,
    /// Read orders that changed since a time.
    PollOrders,
    /// Read levels that changed since a time.
    PollLevels,
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
    /// Change an item's price.
    WritePrice,
    /// Change an item's title.
    WriteTitle,
    /// Change an item's barcode.
    WriteBarcode,
    /// Create webhook subscriptions by API.
    Subscribe,
    /// Take a return that is tied to no sale.
    UnlinkedReturn,
    /// Quantities that are not whole.
    Fractions,
    /// More than one location.
    Locations,
    /// Make an order or sale there.
    MakeOrder,
    /// Make a refund there.
    MakeRefund,
    /// Create or change a customer there.
    WriteCustomer,
    /// Merge two customers there.
    MergeCustomers,
    /// Move stock between two locations with a document of its own.
    Transfer,
    /// Keep purchase orders.
    PurchaseOrder,
    /// Draw on the till's screen or act during a sale.
    TillScreen,
}

impl Surface {
    /// What it means, in words for people.
    pub fn words(self) -> &'static str {
        match self {
            Self::HearSales => "Tells of sales and returns as they happen",
            Self::HearStock => "Tells of stock changes made inside it",
            Self::HearItems => "Tells of changes to items and prices",
            Self::HearCustomers => "Tells of customers",
            Self::HearRevoked => "Tells when access is taken away",
            Self::PollOrders => "Can be asked for orders since a time",
            Self::PollLevels => "Can be asked for levels since a time",
            Self::ReadLevels => "Stock levels can be read",
            Self::ReadCatalogue => "The catalogue can be read",
            Self::ReadCustomers => "Customers can be read",
            Self::WriteRelative => "A level can be changed by a difference",
            Self::WriteCompared => "A level can be changed only if it still shows what is believed",
            Self::WriteDated => "A level can be set as of a moment in the past",
            Self::WritePrice => "A price can be changed",
            Self::WriteTitle => "A title can be changed",
            Self::WriteBarcode => "A barcode can be changed",
            Self::Subscribe => "Its news can be subscribed to by program",
            Self::UnlinkedReturn => "Takes returns that belong to no sale",
            Self::Fractions => "Counts quantities that are not whole",
            Self::Locations => "Has several locations in one account",
            Self::MakeOrder => "Orders and sales can be made by program",
            Self::MakeRefund => "Refunds can be made by program",
            Self::WriteCustomer => "Customers can be created and changed",
            Self::MergeCustomers => "Two customers can be merged",
            Self::Transfer => "Keeps transfers as documents",
            Self::PurchaseOrder => "Keeps purchase orders",
            Self::TillScreen => "Lets others draw on the till's screen",
        }
    }
}

/// Whether the platform can, and whether we do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ability {
    /// It can, and it is used.
    Yes,
    /// It cannot, and why, in words for people.
    No(&'static str),
    /// It can, but the hub does not use it: what is missing, in words for people.
    Unused(&'static str),
}

/// The platform's own rate algorithm: a bucket that refills steadily and from which every request takes its cost.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct BudgetRule {
    /// Points in a full bucket. What a point is, the connector chooses: it need not be one request.
    pub capacity: u32,
    /// Points that come back in a second.
    pub restore_per_s: u32,
    /// Most requests in any one second, whatever they cost; 0 = the platform does not say.
    pub requests_per_s: u32,
}

/// How a poll knows how far it has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mark {
    /// By the time of change, in milliseconds on the platform's clock.
    Clock,
    /// By a number of the platform's that rises with every change; the first is above 0.
    Version,
}

/// How it shows that an item was deleted when no delivery said so.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Deletions {
    /// A poll of the catalogue tells of it, or items are kept for ever.
    Polled,
    /// Polls say nothing of it; a question about one of its levels does (`Question::LevelsOf`).
    AskedLevel,
    /// Only a reading of the whole catalogue shows it: the item is not there.
    WholeCatalogue,
}

/// When a scope of access is needed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Phase {
    /// To look only.
    Read,
    /// To write stock and listings as well.
    Write,
    /// To make documents as well: orders, refunds, customers, transfers.
    Make,
}

/// A scope of access by the platform's own name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Scope {
    /// As the platform writes it.
    pub name: &'static str,
    /// When it is needed.
    pub phase: Phase,
    /// What for, in words for people.
    pub what_for: &'static str,
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
    /// Whether it takes no number below zero, not even at a location's home.
    pub never_below_zero: bool,
    /// How it shows that an item was deleted there when no delivery said so.
    pub deletions: Deletions,
    /// Most rows in one write request.
    pub batch_max: usize,
    /// Most listings in one write request; 0 when listings cannot be written.
    pub listings_max: usize,
    /// Most documents or levels in one question.
    pub ask_max: usize,
    /// Whether a level that a reading of everything does not list is zero; otherwise the item is not stocked there.
    pub absent_is_zero: bool,
    /// Assumed until the platform tells its own figures.
    pub budget: BudgetRule,
    /// How far back the poll of orders must overlap, in milliseconds: news may become visible late. Nothing with
    /// [`Mark::Version`].
    pub overlap_ms: i64,
    /// How long after its answer an accepted change of a level may not show in a reading yet, in milliseconds; nothing
    /// where a change shows at once.
    pub shows_after_ms: i64,
    /// How polls are marked.
    pub mark: Mark,
    /// Scopes it needs.
    pub scopes: &'static [Scope],
    /// One row per surface.
    pub surfaces: &'static [(Surface, Ability)],
}

impl Abilities {
    /// Whether the platform can; a surface that is not listed is one that nobody has looked into.
    pub fn can(&self, surface: Surface) -> bool {
        self.surfaces.iter().any(|(listed, ability)| *listed == surface && *ability == Ability::Yes)
    }
}
