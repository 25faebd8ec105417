//! Bulk operations: a query without pages, run in the background, whose result is a file of JSON lines. Children of
//! nested connections are lines of their own that name their parent.

use std::cell::Cell;

use apollo_compiler::ExecutableDocument;
use apollo_compiler::executable::{Field, Operation, Selection, SelectionSet};
use bytes::Bytes;
use serde_json::{Map, Value};

use super::arguments::Variables;
use super::execute::Run;
use super::node::Node;
use crate::machine::Millis;
use crate::shopify::hooks::Hooks;
use crate::shopify::shop::Shop;

/// One bulk operation.
#[derive(Debug)]
pub(in crate::shopify) struct Bulk {
    pub(super) id: u64,
    pub(super) query: String,
    pub(super) created: Millis,
    due: Millis,
    base_url: String,
    outcome: Option<Outcome>,
}

#[derive(Debug)]
struct Outcome {
    at: Millis,
    file: Result<Bytes, String>,
    objects: u64,
    roots: u64,
}

impl Bulk {
    /// The vendor's status word.
    pub(super) fn status(&self) -> &'static str {
        match &self.outcome {
            None => "RUNNING",
            Some(Outcome { file: Ok(_), .. }) => "COMPLETED",
            Some(Outcome { file: Err(_), .. }) => "FAILED",
        }
    }

    /// Why it failed, if it did.
    pub(super) fn failed(&self) -> Option<&str> {
        self.outcome.as_ref()?.file.as_ref().err().map(String::as_str)
    }

    /// When it was done.
    pub(super) fn completed(&self) -> Option<Millis> {
        self.outcome.as_ref().map(|outcome| outcome.at)
    }

    /// Lines of the file.
    pub(super) fn objects(&self) -> u64 {
        self.outcome.as_ref().map_or(0, |outcome| outcome.objects)
    }

    /// Lines without a parent.
    pub(super) fn roots(&self) -> u64 {
        self.outcome.as_ref().map_or(0, |outcome| outcome.roots)
    }

    /// The result, once there is one.
    pub(super) fn file(&self) -> Option<&Bytes> {
        self.outcome.as_ref()?.file.as_ref().ok()
    }

    /// Where the result is fetched, without a token; null when it is empty, as the vendor does.
    pub(super) fn url(&self) -> Option<String> {
        self.file().filter(|file| !file.is_empty())?;
        Some(format!("{}/_bulk/{}.jsonl", self.base_url, self.id))
    }
}

/// All bulk operations, oldest first.
#[derive(Debug, Default)]
pub(in crate::shopify) struct Bulks {
    all: Vec<Bulk>,
}

impl Bulks {
    /// Starts one, unless one is running.
    ///
    /// # Errors
    ///
    /// The number of the one that is running.
    pub(super) fn start(&mut self, id: u64, query: &str, base_url: &str, now: Millis, due: Millis) -> Result<(), u64> {
        if let Some(running) = self.all.iter().find(|bulk| bulk.outcome.is_none()) {
            return Err(running.id);
        }
        let (query, base_url) = (query.to_owned(), base_url.to_owned());
        self.all.push(Bulk { id, query, created: now, due, base_url, outcome: None });
        Ok(())
    }

    /// The one with this number.
    pub(super) fn find(&self, id: u64) -> Option<&Bulk> {
        self.all.iter().find(|bulk| bulk.id == id)
    }

    /// Number of the newest one.
    pub(super) fn newest(&self) -> Option<u64> {
        self.all.last().map(|bulk| bulk.id)
    }

    /// When the running one is done.
    pub(in crate::shopify) fn next_due(&self) -> Option<Millis> {
        self.all.iter().find(|bulk| bulk.outcome.is_none()).map(|bulk| bulk.due)
    }

    /// Number and query of the one that is to be run now.
    pub(in crate::shopify) fn due(&self, now: Millis) -> Option<(u64, String)> {
        let bulk = self.all.iter().find(|bulk| bulk.outcome.is_none() && bulk.due <= now)?;
        Some((bulk.id, bulk.query.clone()))
    }

    /// Keeps the result of one.
    pub(in crate::shopify) fn finish(&mut self, id: u64, lines: Result<Vec<Value>, String>, at: Millis) {
        let Some(bulk) = self.all.iter_mut().find(|bulk| bulk.id == id) else { return };
        let all = lines.as_deref().unwrap_or_default();
        let objects = all.len() as u64;
        let roots = all.iter().filter(|line| line.get("__parentId").is_none()).count() as u64;
        let file = lines.map(|lines| {
            let text: Vec<String> = lines.iter().map(|line| format!("{line}\n")).collect();
            Bytes::from(text.concat())
        });
        bulk.outcome = Some(Outcome { at, file, objects, roots });
    }

    /// The result file under this path, for example `/_bulk/123.jsonl`.
    pub(in crate::shopify) fn served(&self, path: &str) -> Option<&Bytes> {
        let id = path.strip_prefix("/_bulk/")?.strip_suffix(".jsonl")?.parse().ok()?;
        self.find(id)?.file()
    }
}

/// Runs a query to its lines.
///
/// # Errors
///
/// What a field said, as JSON text.
pub(in crate::shopify) fn lines(
    document: &ExecutableDocument,
    (shop, hooks, bulks): (&Shop, &Hooks, &Bulks),
) -> Result<Vec<Value>, String> {
    let operation = document.operations.iter().next().ok_or("there is no operation")?;
    let variables = Variables::new();
    let objects = Cell::new(0);
    let run = Run { document, variables: &variables, shop, hooks, bulks, everything: true, objects };
    let root = run.object(&Node::Root, &[&operation.selection_set]).map_err(|e| e.to_string())?;
    let mut lines = Vec::new();
    flatten(&run, &operation.selection_set, root, None, &mut lines);
    Ok(lines)
}

/// Whether an operation can be run in bulk: it reads, and it has a connection.
pub(super) fn check(document: &ExecutableDocument) -> Result<(), &'static str> {
    let mut operations = document.operations.iter();
    let operation: Option<&Operation> = operations.next().map(|node| &**node);
    match (operation, operations.next()) {
        (Some(operation), None) if operation.is_query() => {
            let mut fields = operation.all_fields(document);
            let any = fields.any(|field| is_connection(field));
            if any { Ok(()) } else { Err("Bulk queries must contain at least one connection.") }
        }
        (Some(_), None) => Err("Bulk queries must be queries."),
        _ => Err("Bulk queries must contain exactly one operation."),
    }
}

/// Takes the connections out of an object: what is left is one line, and every node of a connection is a line that
/// names the line it was found in.
fn flatten(
    run: &Run<'_>,
    set: &SelectionSet,
    mut object: Map<String, Value>,
    parent: Option<&Value>,
    lines: &mut Vec<Value>,
) {
    let is_root = set.ty == "QueryRoot";
    let own_id = object.get("id").cloned();
    let mut children = Vec::new();
    take_connections(run, set, &mut object, &mut children);
    if !is_root {
        if let Some(parent) = parent {
            object.insert("__parentId".to_owned(), parent.clone());
        }
        lines.push(Value::Object(object));
    }
    for (set, child) in children {
        flatten(run, set, child, own_id.as_ref().or(parent), lines);
    }
}

fn take_connections<'a>(
    run: &Run<'a>,
    set: &'a SelectionSet,
    object: &mut Map<String, Value>,
    children: &mut Vec<(&'a SelectionSet, Map<String, Value>)>,
) {
    for (key, fields) in run.asked(&set.ty, &[set]) {
        let field: &'a Field = fields[0];
        if is_connection(field) {
            if let Some(Value::Object(connection)) = object.remove(key) {
                children.extend(nodes(&field.selection_set, connection));
            }
        } else if let Some(Value::Object(inner)) = object.get_mut(key) {
            take_connections(run, &field.selection_set, inner, children);
        }
    }
}

/// The nodes of a connection, whether they were asked for as `nodes` or as `edges { node }`.
fn nodes(set: &SelectionSet, mut connection: Map<String, Value>) -> Vec<(&SelectionSet, Map<String, Value>)> {
    let mut found = Vec::new();
    for field in set.selections.iter().filter_map(Selection::as_field) {
        let Some(Value::Array(values)) = connection.remove(field.response_key().as_str()) else {
            continue;
        };
        let node = field.selection_set.fields().find(|inner| inner.name == "node");
        for value in values {
            match (value, node) {
                (Value::Object(mut edge), Some(node)) if field.name == "edges" => {
                    if let Some(Value::Object(inner)) = edge.remove(node.response_key().as_str()) {
                        found.push((&node.selection_set, inner));
                    }
                }
                (Value::Object(inner), _) => found.push((&field.selection_set, inner)),
                _ => {}
            }
        }
    }
    found
}

fn is_connection(field: &Field) -> bool {
    field.ty().inner_named_type().ends_with("Connection")
}
