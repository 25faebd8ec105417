//! What Shopify can do, its scopes and its pace, as data. Called by `mod` alone; knows no request.
//!
//! Scopes as the Admin API 2026-10 names them beside each object and webhook topic:
//! <https://shopify.dev/docs/api/usage/access-scopes>.

use model::{Basis, Platform};

use super::{documents, listing, write};
use crate::{Abilities, Ability, BudgetRule, Deletions, Mark, Phase, Scope, Surface};

const SCOPES: &[Scope] = &[
    Scope { name: "read_products", phase: Phase::Read, what_for: "items, SKUs, barcodes and prices" },
    Scope { name: "read_inventory", phase: Phase::Read, what_for: "stock levels" },
    Scope { name: "read_locations", phase: Phase::Read, what_for: "locations" },
    Scope { name: "read_orders", phase: Phase::Read, what_for: "sales, orders and returns" },
    Scope {
        name: "read_merchant_managed_fulfillment_orders",
        phase: Phase::Read,
        what_for: "which location hands over what of an order",
    },
    Scope {
        name: "read_third_party_fulfillment_orders",
        phase: Phase::Read,
        what_for: "what a fulfilment service hands over of an order",
    },
    Scope { name: "read_customer_merge", phase: Phase::Read, what_for: "hearing that two customers became one" },
    Scope { name: "read_customers", phase: Phase::Read, what_for: "customers" },
    Scope { name: "write_inventory", phase: Phase::Write, what_for: "keeping stock levels in step" },
    Scope { name: "write_products", phase: Phase::Write, what_for: "keeping prices, titles and barcodes in step" },
    Scope { name: "write_orders", phase: Phase::Make, what_for: "making orders and refunds" },
    Scope {
        name: "write_merchant_managed_fulfillment_orders",
        phase: Phase::Make,
        what_for: "bringing an order to the location that hands it out",
    },
    Scope { name: "write_customers", phase: Phase::Make, what_for: "making and changing customers" },
    Scope { name: "read_inventory_transfers", phase: Phase::Make, what_for: "what became of a transfer" },
    Scope { name: "write_inventory_transfers", phase: Phase::Make, what_for: "making transfers" },
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
        Ability::Unused("levels can be asked for by time only place by place; those that move most are read instead"),
    ),
    (Surface::ReadLevels, Ability::Yes),
    (Surface::ReadCatalogue, Ability::Yes),
    (Surface::ReadCustomers, Ability::Yes),
    (Surface::WriteRelative, Ability::Yes),
    (Surface::WriteCompared, Ability::Yes),
    (Surface::WriteDated, Ability::No("a level is set as of now; a comparison with the level believed stands in")),
    (Surface::WritePrice, Ability::Yes),
    (Surface::WriteTitle, Ability::Yes),
    (Surface::WriteBarcode, Ability::Yes),
    (Surface::Subscribe, Ability::Yes),
    (Surface::UnlinkedReturn, Ability::No("every refund belongs to an order")),
    (Surface::Fractions, Ability::No("inventory counts whole units")),
    (Surface::Locations, Ability::Yes),
    (Surface::MakeOrder, Ability::Yes),
    (Surface::MakeRefund, Ability::Yes),
    (Surface::WriteCustomer, Ability::Yes),
    (Surface::MergeCustomers, Ability::Unused("merges made in Shopify are heard, none is made")),
    (Surface::Transfer, Ability::Yes),
    (Surface::PurchaseOrder, Ability::No(documents::NO_PURCHASES)),
    (Surface::TillScreen, Ability::Unused("extensions of the till's screen are not offered")),
];

/// The abilities. Goods that are promised are off the level at once, so the level is what can be sold.
pub(super) fn abilities() -> Abilities {
    Abilities {
        platform: Platform::Shopify,
        basis: Basis::Available,
        whole_units: true,
        never_below_zero: false,
        deletions: Deletions::AskedLevel,
        batch_max: write::ROWS_MAX,
        listings_max: listing::LISTINGS_MAX,
        ask_max: 50,
        absent_is_zero: false,
        // The standard plan; larger plans refill faster and say so in every answer.
        budget: BudgetRule { capacity: 2_000, restore_per_s: 100, requests_per_s: 0 },
        // Search runs behind the store of orders by seconds; two minutes are ample.
        overlap_ms: 120_000,
        shows_after_ms: 0,
        mark: Mark::Clock,
        scopes: SCOPES,
        surfaces: SURFACES,
    }
}
