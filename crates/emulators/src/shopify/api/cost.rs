//! What a query costs before it runs: scalars and enums nothing, objects 1, connections as many nodes as they ask
//! for, interfaces the dearest of their choices, mutations 10. Plain lists count once, except `nodes(ids:)`.

use apollo_compiler::ExecutableDocument;
use apollo_compiler::executable::{Field, Operation, Selection, SelectionSet};

use super::arguments::{Arguments, Variables};
use super::schema::served;

/// No query may ask for more.
pub(in crate::shopify) const COST_MAX: i64 = 1000;
/// What every mutation costs.
pub(super) const MUTATION_COST: i64 = 10;

/// Requested cost of an operation.
pub(super) fn requested(document: &ExecutableDocument, operation: &Operation, variables: &Variables) -> i64 {
    if operation.is_mutation() {
        return operation.root_fields(document).count() as i64 * MUTATION_COST;
    }
    Costs { document, variables }.set(&operation.selection_set)
}

struct Costs<'a> {
    document: &'a ExecutableDocument,
    variables: &'a Variables,
}

impl Costs<'_> {
    fn set(&self, set: &SelectionSet) -> i64 {
        let mut sum: i64 = 0;
        let mut dearest: i64 = 0;
        for selection in &set.selections {
            let (inner, narrows) = match selection {
                Selection::Field(field) => {
                    sum = sum.saturating_add(self.field(field));
                    continue;
                }
                Selection::InlineFragment(fragment) => {
                    (&fragment.selection_set, fragment.type_condition.as_ref() != Some(&set.ty))
                }
                Selection::FragmentSpread(spread) => match spread.fragment_def(self.document) {
                    Some(fragment) => (&fragment.selection_set, fragment.selection_set.ty != set.ty),
                    None => continue,
                },
            };
            let cost = self.set(inner);
            if narrows {
                dearest = dearest.max(cost);
            } else {
                sum = sum.saturating_add(cost);
            }
        }
        sum.saturating_add(dearest)
    }

    fn field(&self, field: &Field) -> i64 {
        let ty = field.ty().inner_named_type();
        let is_leaf = served().types.get(ty).is_none_or(|ty| ty.is_scalar() || ty.is_enum());
        if is_leaf || matches!(field.name.as_str(), "edges" | "nodes") && field.arguments.is_empty() {
            // The wrappers of a connection cost nothing themselves.
            return if is_leaf { 0 } else { self.set(&field.selection_set) };
        }
        let arguments = Arguments::of(field, self.variables);
        if ty.ends_with("Connection") {
            let first = arguments.int("first").unwrap_or(0).max(0);
            return self.connection(&field.selection_set, first);
        }
        let times = arguments.list("ids").len().max(1) as i64;
        self.set(&field.selection_set).saturating_add(1).saturating_mul(times)
    }

    fn connection(&self, set: &SelectionSet, first: i64) -> i64 {
        let mut per_node: i64 = 0;
        let mut once: i64 = 0;
        for field in set.selections.iter().filter_map(Selection::as_field) {
            match field.name.as_str() {
                "nodes" => per_node = per_node.saturating_add(1 + self.set(&field.selection_set)),
                "edges" => per_node = per_node.saturating_add(self.set(&field.selection_set)),
                "pageInfo" => once += 1,
                _ => {}
            }
        }
        first.saturating_mul(per_node).saturating_add(once)
    }
}
