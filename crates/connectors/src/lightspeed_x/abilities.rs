//! What X-Series can do, its scopes and its pace, as data. Called by `mod` alone; knows no request.
//!
//! <https://x-series-api.lightspeedhq.com/docs/scopes> and
//! <https://x-series-api.lightspeedhq.com/docs/rate_limiting>, read 2026-11-23.

use model::{Basis, Platform};

use super::{requests, writes};
use crate::{Abilities, Ability, BudgetReport, BudgetRule, Deletions, Mark, Phase, Reply, Scope, Surface};

/// Points of one request. A window of five minutes holds 300 requests for each register and 50 besides, so with one
/// register 350 requests in 300 seconds: 7/6 of a request in a second. Six points a request keep that exact.
pub(super) const REQUEST_POINTS: u32 = 6;

/// Requests in the limit for each point that comes back in a second: 300 seconds by six points a request.
const LIMIT_PER_POINT: u32 = 50;

/// With one register.
const BUDGET: BudgetRule =
    BudgetRule { capacity: 350 * REQUEST_POINTS, restore_per_s: 350 / LIMIT_PER_POINT, requests_per_s: 0 };

const SCOPES: &[Scope] = &[
    Scope { name: "retailer:read", phase: Phase::Read, what_for: "the store's name and address" },
    Scope { name: "outlets:read", phase: Phase::Read, what_for: "locations" },
    Scope { name: "products:read", phase: Phase::Read, what_for: "items, SKUs, barcodes and prices" },
    Scope { name: "inventory:read", phase: Phase::Read, what_for: "stock levels" },
    Scope { name: "sales:read", phase: Phase::Read, what_for: "sales, orders and returns" },
    Scope { name: "customers:read", phase: Phase::Read, what_for: "customers" },
    Scope { name: "webhooks", phase: Phase::Read, what_for: "hearing of changes as they happen" },
    Scope { name: "inventory:write", phase: Phase::Write, what_for: "keeping stock levels in step" },
    Scope { name: "products:write", phase: Phase::Write, what_for: "keeping prices, titles and barcodes in step" },
    Scope { name: "sales:write", phase: Phase::Make, what_for: "making sales to be picked up, and returns" },
    Scope { name: "users:read", phase: Phase::Make, what_for: "in whose name sales are made" },
    Scope { name: "customers:write", phase: Phase::Make, what_for: "making and changing customers" },
    Scope { name: "consignments:read", phase: Phase::Make, what_for: "what became of transfers and stock orders" },
    Scope { name: "consignments:write:stock_transfer", phase: Phase::Make, what_for: "making transfers" },
    Scope { name: "consignments:write:stock_order", phase: Phase::Make, what_for: "making stock orders" },
];

const SURFACES: &[(Surface, Ability)] = &[
    (Surface::HearSales, Ability::Yes),
    (Surface::HearStock, Ability::Yes),
    (Surface::HearItems, Ability::Yes),
    (Surface::HearCustomers, Ability::Yes),
    (
        Surface::HearRevoked,
        Ability::No("Lightspeed sends no news of it; the next call that is refused shows that access is gone"),
    ),
    (Surface::PollOrders, Ability::Yes),
    (Surface::PollLevels, Ability::Yes),
    (Surface::ReadLevels, Ability::Yes),
    (Surface::ReadCatalogue, Ability::Yes),
    (Surface::ReadCustomers, Ability::Yes),
    (Surface::WriteRelative, Ability::Yes),
    (
        Surface::WriteCompared,
        Ability::No("Lightspeed takes an adjustment whatever the level is; the hub reads the level just before"),
    ),
    (Surface::WriteDated, Ability::No("an adjustment counts from the moment it is made")),
    (Surface::WritePrice, Ability::Yes),
    (Surface::WriteTitle, Ability::Yes),
    (Surface::WriteBarcode, Ability::Yes),
    (Surface::Subscribe, Ability::Yes),
    // Made at the till: a sale with negative quantities, whose goods Lightspeed puts on the shelf.
    (Surface::UnlinkedReturn, Ability::Yes),
    (Surface::Fractions, Ability::Yes),
    (Surface::Locations, Ability::Yes),
    (Surface::MakeOrder, Ability::Yes),
    (Surface::MakeRefund, Ability::Yes),
    (Surface::WriteCustomer, Ability::Yes),
    (Surface::MergeCustomers, Ability::No("customers are merged by hand in Lightspeed")),
    (Surface::Transfer, Ability::Yes),
    (Surface::PurchaseOrder, Ability::Yes),
    (Surface::TillScreen, Ability::Unused("business rules, on the Plus and Enterprise plans, are not answered")),
];

/// The abilities. Goods that are promised for pick-up or delivery stay in the level until they are handed over, so the
/// level is what lies in the shop. A product without a record at an outlet has none there.
pub(super) fn abilities() -> Abilities {
    Abilities {
        platform: Platform::LightspeedX,
        basis: Basis::OnHand,
        whole_units: false,
        never_below_zero: false,
        deletions: Deletions::Polled,
        batch_max: writes::ROWS_MAX,
        listings_max: writes::LISTINGS_MAX,
        ask_max: requests::ASK_MAX,
        absent_is_zero: true,
        budget: BUDGET,
        overlap_ms: 0,
        shows_after_ms: 0,
        mark: Mark::Version,
        scopes: SCOPES,
        surfaces: SURFACES,
    }
}

/// From the headers of any reply that counts: limit and rest in requests, here in points.
pub(super) fn budget(reply: &Reply) -> Option<BudgetReport> {
    let header = |name: &str| reply.headers.get(name)?.to_str().ok()?.trim().parse::<u32>().ok();
    let (limit, left) = (header("x-ratelimit-limit")?, header("x-ratelimit-remaining")?);
    let capacity = limit.checked_mul(REQUEST_POINTS)?;
    let available = left.min(limit).checked_mul(REQUEST_POINTS)?;
    Some(BudgetReport { capacity, available, restore_per_s: (limit / LIMIT_PER_POINT).max(1), requests_per_s: None })
}
