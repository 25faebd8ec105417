//! What R-Series can do, as data. Read through the `Connector` trait; knows no request.

use model::{Basis, Platform};

use super::documents;
use super::requests::IDS_MAX;
use crate::{Abilities, Ability, BudgetRule, Deletions, Mark, Phase, Scope, Surface};

/// Most rows of one batch. Each item takes a request of its own, and what a till sells between our reading and our write
/// has to be mended afterwards: the longer a batch, the longer that takes.
pub(super) const ROWS_MAX: usize = 10;

/// Names are of <https://developers.lightspeedhq.com/retail/authentication/scopes/> and of the pages of the endpoints
/// (that of InventoryLog names a scope which the list leaves out), read 2026-11-24.
pub(super) const SCOPES: &[Scope] = &[
    Scope {
        name: "employee:inventory_read",
        phase: Phase::Read,
        what_for: "items, SKUs, barcodes, prices and stock levels",
    },
    Scope { name: "employee:register_read", phase: Phase::Read, what_for: "sales, refunds and shops" },
    Scope { name: "employee:customers_read", phase: Phase::Read, what_for: "customers" },
    Scope {
        name: "employee:inventory",
        phase: Phase::Write,
        what_for: "keeping stock, prices, titles and barcodes in step",
    },
    Scope {
        name: "employee:inventory_log",
        phase: Phase::Write,
        what_for: "seeing whether the till sold something while a level was being written",
    },
    Scope { name: documents::SALES, phase: Phase::Make, what_for: "making orders and giving money back" },
    Scope { name: documents::CUSTOMERS, phase: Phase::Make, what_for: "making and changing customers" },
    Scope { name: documents::TRANSFERS, phase: Phase::Make, what_for: "making transfers that people send" },
    Scope { name: documents::PURCHASES, phase: Phase::Make, what_for: "making purchase orders that people receive" },
];

const NO_HOOKS: Ability = Ability::No("Lightspeed R-Series has no webhooks; it is asked every few seconds");

const SURFACES: &[(Surface, Ability)] = &[
    (Surface::HearSales, NO_HOOKS),
    (Surface::HearStock, NO_HOOKS),
    (Surface::HearItems, NO_HOOKS),
    (Surface::HearCustomers, NO_HOOKS),
    (Surface::HearRevoked, NO_HOOKS),
    (Surface::PollOrders, Ability::Yes),
    (Surface::PollLevels, Ability::Yes),
    (Surface::ReadLevels, Ability::Yes),
    (Surface::ReadCatalogue, Ability::Yes),
    (Surface::ReadCustomers, Ability::Yes),
    (
        Surface::WriteRelative,
        Ability::No(
            "a level can only be set; the hub reads it, sets it, and looks in the inventory log what it missed",
        ),
    ),
    (
        Surface::WriteCompared,
        Ability::No(
            "a level that is set wins over anything; the hub compares before and looks in the inventory log after",
        ),
    ),
    (Surface::WriteDated, Ability::No("a level is set as of now, never as of a moment in the past")),
    (Surface::WritePrice, Ability::Yes),
    (Surface::WriteTitle, Ability::Yes),
    (Surface::WriteBarcode, Ability::Yes),
    (Surface::Subscribe, Ability::No("there is nothing to subscribe to: Lightspeed R-Series has no webhooks")),
    (
        Surface::UnlinkedReturn,
        Ability::Unused("a sale with a negative quantity could be made; the hub gives back what was sold only"),
    ),
    (Surface::Fractions, Ability::No("quantities on hand and on sale lines are whole numbers")),
    (Surface::Locations, Ability::Yes),
    (Surface::MakeOrder, Ability::Yes),
    (Surface::MakeRefund, Ability::Yes),
    (Surface::WriteCustomer, Ability::Yes),
    (Surface::MergeCustomers, Ability::No("there is no call that merges two customers")),
    // Only people receive what was transferred or ordered: the hub makes the document and leaves it at that.
    (Surface::Transfer, Ability::Yes),
    (Surface::PurchaseOrder, Ability::Yes),
    (
        Surface::TillScreen,
        Ability::Unused("a button on the register can open a page of the hub; the hub has no such page yet"),
    ),
];

/// Points of the budget are tenths of the platform's drips, because relations cost less than one.
pub(super) const ABILITIES: Abilities = Abilities {
    platform: Platform::LightspeedR,
    basis: Basis::OnHand,
    whole_units: true,
    never_below_zero: false,
    deletions: Deletions::Polled,
    batch_max: ROWS_MAX,
    listings_max: ROWS_MAX,
    ask_max: IDS_MAX,
    absent_is_zero: false,
    budget: BudgetRule { capacity: 900, restore_per_s: 10, requests_per_s: 20 },
    overlap_ms: 60_000,
    shows_after_ms: 0,
    mark: Mark::Clock,
    scopes: SCOPES,
    surfaces: SURFACES,
};
