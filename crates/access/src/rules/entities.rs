//! A principal and a place, as Cedar sees them.

use std::collections::{BTreeSet, HashMap, HashSet};

use cedar_policy::{Entities, Entity, EntityUid, RestrictedExpression, Schema};

use super::{Place, Principal, Who, uid};

/// Who, what, and both with what is known of them. The actions' groups come from the schema.
pub(super) fn of(principal: &Principal, place: Place<'_>, schema: &Schema) -> Option<(EntityUid, EntityUid, Entities)> {
    let (kind, group, groups): (_, _, Vec<&str>) = match &principal.who {
        Who::Person(roles) => ("Person", "Role", roles.iter().map(|role| role.name()).collect()),
        Who::Machine(scopes) => ("Machine", "Scope", scopes.iter().map(|scope| scope.name()).collect()),
    };
    let who = uid(kind, &principal.name)?;
    let parents: HashSet<EntityUid> = groups.into_iter().filter_map(|name| uid(group, name)).collect();
    let mut limits = HashMap::from([
        ("of_stores".to_owned(), RestrictedExpression::new_bool(principal.of_stores())),
        ("stores".to_owned(), names(&principal.stores)),
        ("of_channels".to_owned(), RestrictedExpression::new_bool(!principal.channels.is_empty())),
        ("channels".to_owned(), names(&principal.channels)),
    ]);
    if matches!(principal.who, Who::Machine(_)) {
        limits.insert("limited".to_owned(), RestrictedExpression::new_bool(!principal.endpoints.is_empty()));
        limits.insert("endpoints".to_owned(), names(&principal.endpoints));
    }
    let what = uid("Thing", "it")?;
    let told = [("store", place.store), ("channel", place.channel)].into_iter();
    let told =
        told.filter_map(|(name, value)| Some((name.to_owned(), RestrictedExpression::new_string(value?.to_owned()))));
    let thing = Entity::new(what.clone(), told.collect(), HashSet::new()).ok()?;
    let entities = [Entity::new(who.clone(), limits, parents).ok()?, thing];
    Some((who, what, Entities::from_entities(entities, Some(schema)).ok()?))
}

fn names(names: &BTreeSet<String>) -> RestrictedExpression {
    RestrictedExpression::new_set(names.iter().map(|name| RestrictedExpression::new_string(name.clone())))
}
