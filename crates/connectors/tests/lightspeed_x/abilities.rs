//! Abilities as data.

use connectors::{Ability, Phase, Surface};
use model::Basis;

use crate::desk::lightspeed;

#[test]
fn every_surface_has_one_row_with_words_where_it_is_not_used() {
    let surfaces = lightspeed().abilities().surfaces;
    let mut listed: Vec<Surface> = surfaces.iter().map(|(surface, _)| *surface).collect();
    listed.sort();
    listed.dedup();
    // From the first variant to the last there are this many.
    assert_eq!((listed.len(), surfaces.len()), (Surface::TillScreen as usize + 1, Surface::TillScreen as usize + 1));
    for (surface, ability) in surfaces {
        let words = match ability {
            Ability::Yes => continue,
            Ability::No(words) | Ability::Unused(words) => words,
        };
        assert!(words.len() > 10, "{surface:?}");
    }
}

#[test]
fn to_look_takes_no_scope_that_could_change_goods_or_prices() {
    let abilities = lightspeed().abilities();
    for scope in abilities.scopes {
        let writes = scope.name.contains(":write");
        assert!(!writes || scope.phase != Phase::Read, "{}", scope.name);
    }
    assert_eq!((abilities.basis, abilities.overlap_ms), (Basis::OnHand, 0));
    assert!(abilities.absent_is_zero && !abilities.whole_units);
}
