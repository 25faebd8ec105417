//! What the platform can do, as data.

use connectors::{Ability, Phase, Surface};

use crate::desk::square;

/// Every surface there is.
const ALL: [Surface; 27] = [
    Surface::HearSales,
    Surface::HearStock,
    Surface::HearItems,
    Surface::HearCustomers,
    Surface::HearRevoked,
    Surface::PollOrders,
    Surface::PollLevels,
    Surface::ReadLevels,
    Surface::ReadCatalogue,
    Surface::ReadCustomers,
    Surface::WriteRelative,
    Surface::WriteCompared,
    Surface::WriteDated,
    Surface::WritePrice,
    Surface::WriteTitle,
    Surface::WriteBarcode,
    Surface::Subscribe,
    Surface::UnlinkedReturn,
    Surface::Fractions,
    Surface::Locations,
    Surface::MakeOrder,
    Surface::MakeRefund,
    Surface::WriteCustomer,
    Surface::MergeCustomers,
    Surface::Transfer,
    Surface::PurchaseOrder,
    Surface::TillScreen,
];

#[test]
fn every_surface_is_listed_once_with_words_where_it_is_not_used() {
    let surfaces = square().abilities().surfaces;
    for surface in ALL {
        assert_eq!(surfaces.iter().filter(|(listed, _)| *listed == surface).count(), 1, "{surface:?}");
    }
    assert_eq!(surfaces.len(), ALL.len());
    for (surface, ability) in surfaces {
        let words = match ability {
            Ability::Yes => continue,
            Ability::No(words) | Ability::Unused(words) => words,
        };
        assert!(words.len() > 15 && !words.ends_with('.'), "{surface:?}: {words}");
    }
}

#[test]
fn reading_asks_for_no_scope_that_writes_and_keeping_in_step_for_none_that_makes_documents() {
    let abilities = square().abilities();
    for scope in abilities.scopes {
        let of_levels = ["INVENTORY_WRITE", "ITEMS_WRITE"].contains(&scope.name);
        let phase = match scope.name.ends_with("_WRITE") {
            false => Phase::Read,
            true if of_levels => Phase::Write,
            true => Phase::Make,
        };
        assert_eq!(scope.phase, phase, "{}", scope.name);
    }
}
