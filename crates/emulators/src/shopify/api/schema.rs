//! The served schema, and queries checked against it, with the vendor's words for what does not exist. Checked
//! queries are kept by their text: a hub asks the same few questions for ever.

use std::collections::HashMap;
use std::sync::{Arc, OnceLock};

use apollo_compiler::ast::{Definition, Document, Selection};
use apollo_compiler::validation::Valid;
use apollo_compiler::{ExecutableDocument, Schema};
use serde_json::{Value, json};

/// How many checked queries are kept.
const KEPT_MAX: usize = 512;

/// The part of the vendor's schema that the emulator serves.
pub(in crate::shopify) fn served() -> &'static Valid<Schema> {
    static SERVED: OnceLock<Valid<Schema>> = OnceLock::new();
    SERVED.get_or_init(|| {
        Schema::parse_and_validate(include_str!("../schema.graphql"), "schema.graphql")
            .expect("the schema is part of the program and tests read it")
    })
}

/// Queries that were found valid before.
#[derive(Debug, Default)]
pub(in crate::shopify) struct Documents {
    kept: HashMap<String, Arc<Valid<ExecutableDocument>>>,
}

impl Documents {
    /// Parses and checks a query.
    ///
    /// # Errors
    ///
    /// The `errors` array of the reply.
    pub(in crate::shopify) fn check(&mut self, text: &str) -> Result<Arc<Valid<ExecutableDocument>>, Vec<Value>> {
        if let Some(known) = self.kept.get(text) {
            return Ok(Arc::clone(known));
        }
        let document = Arc::new(check(text)?);
        if self.kept.len() >= KEPT_MAX {
            self.kept.clear();
        }
        self.kept.insert(text.to_owned(), Arc::clone(&document));
        Ok(document)
    }
}

fn check(text: &str) -> Result<Valid<ExecutableDocument>, Vec<Value>> {
    let document = Document::parse(text, "query.graphql")
        .map_err(|wrong| wrong.errors.iter().map(|error| message(&error.to_string())).collect::<Vec<_>>())?;
    let unknown = unknown_names(&document);
    if !unknown.is_empty() {
        return Err(unknown);
    }
    document.to_executable_validate(served()).map_err(|wrong| {
        let text = |error: &apollo_compiler::validation::DiagnosticData| {
            error.unstable_compat_message().unwrap_or_else(|| error.to_string())
        };
        wrong.errors.iter().map(|error| message(&text(error.error))).collect()
    })
}

fn message(text: &str) -> Value {
    json!({ "message": text })
}

/// Everything that the served schema does not have, in the vendor's words.
fn unknown_names(document: &Document) -> Vec<Value> {
    let mut found = Vec::new();
    for definition in &document.definitions {
        match definition {
            Definition::OperationDefinition(operation) => {
                if let Some(root) = served().root_operation(operation.operation_type) {
                    walk(root, &operation.selection_set, &mut found);
                }
            }
            Definition::FragmentDefinition(fragment) => {
                walk(&fragment.type_condition, &fragment.selection_set, &mut found);
            }
            _ => found.push(message("only operations and fragments can be executed")),
        }
    }
    found
}

fn walk(ty: &str, selections: &[Selection], found: &mut Vec<Value>) {
    for selection in selections {
        match selection {
            Selection::Field(field) => walk_field(ty, field, found),
            Selection::InlineFragment(fragment) => {
                let inner = fragment.type_condition.as_ref().map_or(ty, |name| name.as_str());
                walk(inner, &fragment.selection_set, found);
            }
            Selection::FragmentSpread(_) => {}
        }
    }
}

fn walk_field(ty: &str, field: &apollo_compiler::ast::Field, found: &mut Vec<Value>) {
    if served().types.get(ty).is_none() {
        return;
    }
    let introspection = field.name.starts_with("__") && field.name != "__typename";
    let Some(definition) = served().type_field(ty, &field.name).ok().filter(|_| !introspection) else {
        found.push(json!({
            "message": format!("Field '{}' doesn't exist on type '{ty}'", field.name),
            "extensions": {"code": "undefinedField", "typeName": ty, "fieldName": field.name.as_str()},
        }));
        return;
    };
    for argument in &field.arguments {
        if definition.argument_by_name(&argument.name).is_none() {
            found.push(json!({
                "message": format!("Field '{}' doesn't accept argument '{}'", field.name, argument.name),
                "extensions": {"code": "argumentNotAccepted", "name": field.name.as_str(), "typeName": "Field",
                    "argumentName": argument.name.as_str()},
            }));
        }
    }
    walk(definition.ty.inner_named_type(), &field.selection_set, found);
}
