//! What the rules may speak of, so that a misspelt role or address is found when the rules are read.

use std::fmt::Write;

use super::Endpoint;
use crate::Scope;

/// The schema in Cedar's own words: kinds of principals, one kind of resource, every address with its group.
pub(super) fn text(endpoints: &[Endpoint]) -> String {
    let limits = "of_stores: Bool, stores: Set<String>, of_channels: Bool, channels: Set<String>";
    let mut out = format!(
        "entity Role;\nentity Scope;\nentity Person in [Role] {{ {limits} }};\n\
         entity Machine in [Scope] {{ {limits}, limited: Bool, endpoints: Set<String> }};\n\
         entity Thing {{ store?: String, channel?: String }};\n"
    );
    let applies = "appliesTo { principal: [Person, Machine], resource: [Thing], context: { endpoint?: String } }";
    for group in Scope::ALL.iter().map(|scope| scope.name()).chain(["own"]) {
        // Writing to a string cannot fail.
        let _ = writeln!(out, "action {group:?} {applies};");
    }
    for endpoint in endpoints {
        let group = endpoint.group.map_or("own", Scope::name);
        let _ = writeln!(out, "action {:?} in [{group:?}] {applies};", endpoint.name);
    }
    out
}
