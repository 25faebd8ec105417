//! What BigCommerce can do and what it asks for, as data. Read by `mod` alone; knows no request.
//!
//! OAuth scopes: <https://developer.bigcommerce.com/docs/start/authentication/api-accounts>.

use crate::{Ability, Phase, Scope, Surface};

/// Least privilege: the read-only forms to look, the full ones only where we write.
pub(super) const SCOPES: &[Scope] = &[
    Scope { name: "store_v2_information_read_only", phase: Phase::Read, what_for: "which store this is" },
    Scope { name: "store_v2_orders_read_only", phase: Phase::Read, what_for: "orders and refunds" },
    Scope { name: "store_v2_products_read_only", phase: Phase::Read, what_for: "items, SKUs, barcodes and prices" },
    Scope { name: "store_inventory_read_only", phase: Phase::Read, what_for: "stock levels" },
    Scope { name: "store_locations_read_only", phase: Phase::Read, what_for: "locations" },
    Scope { name: "store_v2_customers_read_only", phase: Phase::Read, what_for: "customers" },
    Scope { name: "store_inventory", phase: Phase::Write, what_for: "keeping stock levels in step" },
    Scope { name: "store_v2_products", phase: Phase::Write, what_for: "keeping prices, titles and barcodes in step" },
    Scope { name: "store_v2_orders", phase: Phase::Make, what_for: "making orders" },
    Scope { name: "store_v2_transactions", phase: Phase::Make, what_for: "giving money back" },
    Scope {
        name: "store_fulfillment_methods_read_only",
        phase: Phase::Make,
        what_for: "by which pick-up method an order is handed out",
    },
    Scope { name: "store_v2_customers", phase: Phase::Make, what_for: "making and changing customers" },
];

/// Why no transfer is made.
pub(super) const NO_TRANSFERS: &str = "BigCommerce keeps no transfers between locations";
/// Why no purchase order is made.
pub(super) const NO_PURCHASES: &str = "BigCommerce keeps no purchase orders";

/// One row for every surface.
pub(super) const SURFACES: &[(Surface, Ability)] = &[
    (Surface::HearSales, Ability::Yes),
    (Surface::HearStock, Ability::Yes),
    (Surface::HearItems, Ability::Yes),
    (Surface::HearCustomers, Ability::Yes),
    (Surface::HearRevoked, Ability::Yes),
    (Surface::PollOrders, Ability::Yes),
    (
        Surface::PollLevels,
        Ability::No("BigCommerce cannot be asked which levels changed; it tells them, and all of them can be read"),
    ),
    (Surface::ReadLevels, Ability::Yes),
    (Surface::ReadCatalogue, Ability::Yes),
    (Surface::ReadCustomers, Ability::Yes),
    (Surface::WriteRelative, Ability::Yes),
    (
        Surface::WriteCompared,
        Ability::No("BigCommerce takes a change whatever its number is; the hub reads the number just before"),
    ),
    (Surface::WriteDated, Ability::No("BigCommerce takes a count as of now, not as of a moment in the past")),
    (Surface::WritePrice, Ability::Yes),
    (Surface::WriteTitle, Ability::Yes),
    (Surface::WriteBarcode, Ability::Yes),
    (Surface::Subscribe, Ability::Yes),
    (Surface::UnlinkedReturn, Ability::No("a refund in BigCommerce always belongs to an order")),
    (Surface::Fractions, Ability::No("BigCommerce counts whole units only")),
    (Surface::Locations, Ability::Yes),
    (Surface::MakeOrder, Ability::Yes),
    (Surface::MakeRefund, Ability::Yes),
    (Surface::WriteCustomer, Ability::Yes),
    (Surface::MergeCustomers, Ability::No("BigCommerce cannot merge two customers")),
    (Surface::Transfer, Ability::No(NO_TRANSFERS)),
    (Surface::PurchaseOrder, Ability::No(NO_PURCHASES)),
    (Surface::TillScreen, Ability::No("BigCommerce is a web shop and has no till")),
];
