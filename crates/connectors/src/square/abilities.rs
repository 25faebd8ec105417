//! What Square can do, its scopes and its pace, as data. Called by `mod` alone; knows no request.
//!
//! <https://developer.squareup.com/docs/oauth-api/square-permissions>, read 2026-11-24.

use model::{Basis, Platform};

use super::{documents, requests, writes};
use crate::{Abilities, Ability, BudgetReport, BudgetRule, Deletions, Mark, Phase, Reply, Scope, Surface};

/// Square publishes no rates; this is assumed until its headers say otherwise.
const BUDGET: BudgetRule = BudgetRule { capacity: 20, restore_per_s: 10, requests_per_s: 0 };

const SCOPES: &[Scope] = &[
    Scope { name: "MERCHANT_PROFILE_READ", phase: Phase::Read, what_for: "locations" },
    Scope { name: "ITEMS_READ", phase: Phase::Read, what_for: "items, SKUs, barcodes and prices" },
    Scope { name: "INVENTORY_READ", phase: Phase::Read, what_for: "stock levels" },
    Scope { name: "ORDERS_READ", phase: Phase::Read, what_for: "sales, orders and returns" },
    Scope { name: "PAYMENTS_READ", phase: Phase::Read, what_for: "which orders are paid and refunded" },
    Scope { name: "CUSTOMERS_READ", phase: Phase::Read, what_for: "customers" },
    Scope { name: "INVENTORY_WRITE", phase: Phase::Write, what_for: "keeping stock levels in step" },
    Scope { name: "ITEMS_WRITE", phase: Phase::Write, what_for: "keeping prices, titles and barcodes in step" },
    Scope { name: "ORDERS_WRITE", phase: Phase::Make, what_for: "making orders that wait to be picked up" },
    Scope { name: "PAYMENTS_WRITE", phase: Phase::Make, what_for: "giving money back" },
    Scope { name: "CUSTOMERS_WRITE", phase: Phase::Make, what_for: "making and changing customers" },
];

const SURFACES: &[(Surface, Ability)] = &[
    (Surface::HearSales, Ability::Yes),
    (Surface::HearStock, Ability::Yes),
    (Surface::HearItems, Ability::Yes),
    (Surface::HearCustomers, Ability::Yes),
    (Surface::HearRevoked, Ability::Yes),
    (Surface::PollOrders, Ability::Yes),
    (
        Surface::PollLevels,
        Ability::Unused(
            "changed counts can be listed; they are told by webhook, and lost ones are found by reading everything",
        ),
    ),
    (Surface::ReadLevels, Ability::Yes),
    (Surface::ReadCatalogue, Ability::Yes),
    (Surface::ReadCustomers, Ability::Yes),
    (Surface::WriteRelative, Ability::Yes),
    (
        Surface::WriteCompared,
        Ability::No("Square has no compare-and-set: an adjustment is taken whatever the level is"),
    ),
    (Surface::WriteDated, Ability::Yes),
    (Surface::WritePrice, Ability::Yes),
    (Surface::WriteTitle, Ability::Yes),
    (Surface::WriteBarcode, Ability::Yes),
    (Surface::Subscribe, Ability::Yes),
    // Made at the till. The hub sees an order of returns alone, without a source order, and puts the goods on the shelf.
    (Surface::UnlinkedReturn, Ability::Yes),
    (Surface::Fractions, Ability::Yes),
    (Surface::Locations, Ability::Yes),
    (Surface::MakeOrder, Ability::Yes),
    (Surface::MakeRefund, Ability::Yes),
    (Surface::WriteCustomer, Ability::Yes),
    (Surface::MergeCustomers, Ability::No("customers are merged by hand in Square's dashboard, which is heard")),
    // With INVENTORY_WRITE, which is there for the levels.
    (Surface::Transfer, Ability::Yes),
    (Surface::PurchaseOrder, Ability::No(documents::NO_PURCHASES)),
    (Surface::TillScreen, Ability::No("Square lets nobody else draw on the till's screen")),
];

/// The abilities. Goods leave the level when they are paid for, so the level is what lies in the shop or waits there to
/// be handed over. A variation without a count at a location has none there.
pub(super) fn abilities() -> Abilities {
    Abilities {
        platform: Platform::Square,
        basis: Basis::OnHand,
        whole_units: false,
        never_below_zero: false,
        deletions: Deletions::Polled,
        batch_max: writes::ROWS_MAX,
        listings_max: writes::LISTINGS_MAX,
        ask_max: requests::DOCUMENTS_MAX,
        absent_is_zero: true,
        budget: BUDGET,
        overlap_ms: 120_000,
        shows_after_ms: 0,
        mark: Mark::Clock,
        scopes: SCOPES,
        surfaces: SURFACES,
    }
}

/// Square does not document rate headers; they are believed when they are there. The pace of refilling is ours.
pub(super) fn budget(reply: &Reply) -> Option<BudgetReport> {
    let header = |name: &str| reply.headers.get(name)?.to_str().ok()?.trim().parse::<u32>().ok();
    Some(BudgetReport {
        capacity: header("x-ratelimit-limit")?,
        available: header("x-ratelimit-remaining")?,
        restore_per_s: BUDGET.restore_per_s,
        requests_per_s: None,
    })
}
