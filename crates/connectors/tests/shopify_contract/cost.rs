//! What a query costs by the vendor's rules, counted from the query itself: an object 1, a scalar 0, a connection and
//! a list by their `first`, a mutation 10.

use apollo_compiler::executable::{Field, Operation, Selection, SelectionSet};
use apollo_compiler::{ExecutableDocument, Schema};
use serde_json::Value;

pub struct Counter<'a> {
    pub schema: &'a Schema,
    pub document: &'a ExecutableDocument,
    pub variables: &'a Value,
}

impl Counter<'_> {
    pub fn operation(&self, operation: &Operation) -> u32 {
        if operation.is_mutation() { 10 } else { self.selections(&operation.selection_set, 1) }
    }

    /// `elements` is how many `nodes` stand for, when this is a connection's selection.
    fn selections(&self, set: &SelectionSet, elements: u32) -> u32 {
        let one = |selection: &Selection| match selection {
            Selection::Field(field) => self.field(field, elements),
            Selection::InlineFragment(fragment) => self.selections(&fragment.selection_set, elements),
            Selection::FragmentSpread(spread) => {
                let fragment = spread.fragment_def(self.document).expect("validated");
                self.selections(&fragment.selection_set, elements)
            }
        };
        set.selections.iter().map(one).sum()
    }

    fn field(&self, field: &Field, elements: u32) -> u32 {
        if field.selection_set.selections.is_empty() {
            return 0;
        }
        let is_connection = |name: &str| name.ends_with("Connection");
        let inside_connection = is_connection(field_parent(field));
        let first = self.argument(field, "first").and_then(|value| value.as_u64());
        let ids = self.argument(field, "ids").and_then(|value| value.as_array().map(|ids| ids.len() as u64));
        let named = u32::try_from(first.or(ids).unwrap_or(1)).expect("small");
        let type_name = field.ty().inner_named_type().as_str();
        assert!(self.schema.types.contains_key(type_name), "{type_name} is in the schema");
        match (is_connection(type_name), inside_connection && matches!(field.name.as_str(), "nodes" | "edges")) {
            (true, _) => 1 + self.selections(&field.selection_set, named),
            (false, true) => elements * (1 + self.selections(&field.selection_set, 1)),
            (false, false) => named * (1 + self.selections(&field.selection_set, 1)),
        }
    }

    fn argument(&self, field: &Field, name: &str) -> Option<Value> {
        let value = &field.arguments.iter().find(|argument| argument.name == name)?.value;
        if let Some(variable) = value.as_variable() {
            return self.variables.get(variable.as_str()).cloned();
        }
        value.to_i32().map(Value::from)
    }
}

/// Where `nodes` and `edges` stand decides what they mean: only a connection's are counted by its `first`.
fn field_parent(field: &Field) -> &str {
    match field.name.as_str() {
        // The root's `nodes(ids:)` has arguments, a connection's has none.
        "nodes" | "edges" if field.arguments.is_empty() => "Connection",
        _ => "",
    }
}
