//! What Clover can do, as data. Read through `abilities`.

use model::{Basis, Platform};

use super::documents;
use super::trouble::PER_TOKEN;
use super::write::{LISTINGS_MAX, ROWS_MAX};
use crate::{Abilities, Ability, BudgetRule, Deletions, Mark, Phase, Scope, Surface};

/// Clover, as this folder speaks to it.
pub(super) const ABILITIES: Abilities = Abilities {
    platform: Platform::Clover,
    basis: Basis::OnHand,
    whole_units: false,
    never_below_zero: false,
    deletions: Deletions::Polled,
    batch_max: ROWS_MAX,
    listings_max: LISTINGS_MAX,
    // They are asked one after the other, so more would only make a long chain.
    ask_max: 20,
    absent_is_zero: false,
    // A point is a request. The app's own limit over all merchants (50 a second) is not in it.
    budget: BudgetRule { capacity: PER_TOKEN, restore_per_s: PER_TOKEN, requests_per_s: PER_TOKEN },
    overlap_ms: 120_000,
    shows_after_ms: 0,
    mark: Mark::Clock,
    scopes: SCOPES,
    surfaces: SURFACES,
};

const SCOPES: &[Scope] = &[
    Scope { name: "MERCHANT_R", phase: Phase::Read, what_for: "the shop's name" },
    Scope { name: "INVENTORY_R", phase: Phase::Read, what_for: "items, prices, barcodes and stock levels" },
    Scope { name: "ORDERS_R", phase: Phase::Read, what_for: "sales" },
    Scope { name: "PAYMENTS_R", phase: Phase::Read, what_for: "which sales are paid and refunded" },
    Scope { name: "CUSTOMERS_R", phase: Phase::Read, what_for: "customers" },
    Scope {
        name: "INVENTORY_W",
        phase: Phase::Write,
        what_for: "keeping stock levels, prices, titles and barcodes in step",
    },
    Scope { name: "ORDERS_W", phase: Phase::Make, what_for: "making orders that wait to be paid at the till" },
    Scope { name: "CUSTOMERS_W", phase: Phase::Make, what_for: "making and changing customers" },
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
        Ability::No(
            "Clover does not promise that a stock change marks its item as changed; all levels are read instead",
        ),
    ),
    (Surface::ReadLevels, Ability::Yes),
    (Surface::ReadCatalogue, Ability::Yes),
    (Surface::ReadCustomers, Ability::Yes),
    (
        Surface::WriteRelative,
        Ability::No("Clover only sets levels; the hub reads first, and afterwards mends what was sold meanwhile"),
    ),
    (
        Surface::WriteCompared,
        Ability::No("Clover compares nothing; the hub reads before it writes and looks at the sales afterwards"),
    ),
    (Surface::WriteDated, Ability::No("Clover sets a level as of now")),
    (Surface::WritePrice, Ability::Yes),
    (Surface::WriteTitle, Ability::Yes),
    (Surface::WriteBarcode, Ability::Yes),
    (
        Surface::Subscribe,
        Ability::No("the address for its news is typed into the app's page in the developer dashboard"),
    ),
    (Surface::UnlinkedReturn, Ability::No("a refund without its sale carries money only, no goods")),
    (Surface::Fractions, Ability::Yes),
    (Surface::Locations, Ability::No("a Clover merchant is one location; another shop is another account")),
    (Surface::MakeOrder, Ability::Yes),
    (Surface::MakeRefund, Ability::No(documents::NO_REFUNDS)),
    (Surface::WriteCustomer, Ability::Yes),
    (Surface::MergeCustomers, Ability::No("Clover cannot merge two customers")),
    (Surface::Transfer, Ability::No(documents::NO_TRANSFERS)),
    (Surface::PurchaseOrder, Ability::No(documents::NO_PURCHASES)),
    (Surface::TillScreen, Ability::No("only an app installed on the till itself can draw there")),
];
