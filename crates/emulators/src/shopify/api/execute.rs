//! Runs a checked query over the shop: aliases, fragments, `@skip` and `@include`, pages. What a field of an object
//! gives is in `fields`.

use std::cell::Cell;

use apollo_compiler::ExecutableDocument;
use apollo_compiler::executable::{DirectiveList, Field, Selection, SelectionSet};
use serde_json::{Map, Value};

use super::arguments::{Arguments, Variables, read};
use super::bulk::Bulks;
use super::fields;
use super::node::{Node, Out, Page};
use super::page::cursor;
use super::schema::served;
use crate::shopify::hooks::Hooks;
use crate::shopify::shop::Shop;

/// One run of one query.
pub(in crate::shopify) struct Run<'a> {
    pub(super) document: &'a ExecutableDocument,
    pub(super) variables: &'a Variables,
    pub(super) shop: &'a Shop,
    pub(super) hooks: &'a Hooks,
    pub(super) bulks: &'a Bulks,
    /// A bulk operation: connections are not cut into pages.
    pub(super) everything: bool,
    /// Objects that were given, for the actual cost.
    pub(super) objects: Cell<i64>,
}

/// A response key and the fields that ask for it; their selections are merged.
type Asked<'a> = (&'a str, Vec<&'a Field>);

impl<'a> Run<'a> {
    /// The fields of an object.
    ///
    /// # Errors
    ///
    /// The entry of the reply's `errors` for the first field that cannot be given.
    pub(super) fn object(&self, node: &Node, sets: &[&'a SelectionSet]) -> Result<Map<String, Value>, Value> {
        let mut object = Map::new();
        for (key, fields) in self.asked(node.type_name(), sets) {
            let field = fields[0];
            let value = if field.name == "__typename" {
                Value::from(node.type_name())
            } else {
                let arguments = Arguments::of(field, self.variables);
                let out = fields::resolve(self, node, &field.name, &arguments)?;
                self.complete(out, &sets_of(&fields))?
            };
            object.insert(key.to_owned(), value);
        }
        Ok(object)
    }

    /// What a field gave, with the selections under it.
    pub(super) fn complete(&self, out: Out, sets: &[&'a SelectionSet]) -> Result<Value, Value> {
        Ok(match out {
            Out::Value(value) => value,
            Out::Node(node) => {
                self.objects.set(self.objects.get() + 1);
                Value::Object(self.object(&node, sets)?)
            }
            Out::List(outs) => {
                let values = outs.into_iter().map(|out| self.complete(out, sets));
                Value::Array(values.collect::<Result<_, _>>()?)
            }
            Out::Page(page) => Value::Object(self.page(&page, sets)?),
        })
    }

    fn page(&self, page: &Page, sets: &[&'a SelectionSet]) -> Result<Map<String, Value>, Value> {
        let ty = sets.first().map_or("", |set| set.ty.as_str());
        let mut object = Map::new();
        for (key, fields) in self.asked(ty, sets) {
            let inner = sets_of(&fields);
            let value = match fields[0].name.as_str() {
                "nodes" => self.complete(Out::List(page.nodes.iter().cloned().map(Out::Node).collect()), &inner)?,
                "edges" => self.edges(page, &inner)?,
                "pageInfo" => self.page_info(page, &inner),
                _ => Value::from(ty),
            };
            object.insert(key.to_owned(), value);
        }
        Ok(object)
    }

    fn edges(&self, page: &Page, sets: &[&'a SelectionSet]) -> Result<Value, Value> {
        let ty = sets.first().map_or("", |set| set.ty.as_str());
        let asked = self.asked(ty, sets);
        let mut edges = Vec::with_capacity(page.nodes.len());
        for (at, node) in page.keys.iter().zip(&page.nodes) {
            let mut edge = Map::new();
            for (key, fields) in &asked {
                let value = match fields[0].name.as_str() {
                    "cursor" => Value::from(cursor(*at)),
                    "node" => self.complete(Out::Node(node.clone()), &sets_of(fields))?,
                    _ => Value::from(ty),
                };
                edge.insert((*key).to_owned(), value);
            }
            edges.push(Value::Object(edge));
        }
        Ok(Value::Array(edges))
    }

    fn page_info(&self, page: &Page, sets: &[&'a SelectionSet]) -> Value {
        self.objects.set(self.objects.get() + 1);
        let at = |key: Option<&_>| key.map_or(Value::Null, |key| Value::from(cursor(*key)));
        let mut info = Map::new();
        for (key, fields) in self.asked("PageInfo", sets) {
            let value = match fields[0].name.as_str() {
                "hasNextPage" => Value::from(page.has_next),
                "hasPreviousPage" => Value::from(page.has_previous),
                "startCursor" => at(page.keys.first()),
                "endCursor" => at(page.keys.last()),
                _ => Value::from("PageInfo"),
            };
            info.insert(key.to_owned(), value);
        }
        Value::Object(info)
    }

    /// The fields that these selections ask of an object of type `ty`, merged by response key.
    pub(super) fn asked(&self, ty: &str, sets: &[&'a SelectionSet]) -> Vec<Asked<'a>> {
        let mut asked = Vec::new();
        for set in sets {
            self.gather(ty, set, &mut asked);
        }
        asked
    }

    fn gather(&self, ty: &str, set: &'a SelectionSet, asked: &mut Vec<Asked<'a>>) {
        for selection in &set.selections {
            if !self.wanted(selection.directives()) {
                continue;
            }
            match selection {
                Selection::Field(field) => {
                    let key = field.response_key().as_str();
                    match asked.iter_mut().find(|(known, _)| *known == key) {
                        Some((_, fields)) => fields.push(field),
                        None => asked.push((key, vec![field])),
                    }
                }
                Selection::InlineFragment(fragment) => {
                    if fragment.type_condition.as_ref().is_none_or(|name| is_a(ty, name)) {
                        self.gather(ty, &fragment.selection_set, asked);
                    }
                }
                Selection::FragmentSpread(spread) => {
                    let fragment = self.document.fragments.get(&spread.fragment_name);
                    if let Some(fragment) = fragment.filter(|f| is_a(ty, f.type_condition())) {
                        self.gather(ty, &fragment.selection_set, asked);
                    }
                }
            }
        }
    }

    fn wanted(&self, directives: &DirectiveList) -> bool {
        let says = |name: &str| {
            let condition = directives.get(name)?.specified_argument_by_name("if")?;
            read(condition, self.variables)?.as_bool()
        };
        says("skip") != Some(true) && says("include") != Some(false)
    }
}

fn sets_of<'a>(fields: &[&'a Field]) -> Vec<&'a SelectionSet> {
    fields.iter().map(|field| &field.selection_set).collect()
}

fn is_a(ty: &str, condition: &str) -> bool {
    ty == condition || served().is_subtype(condition, ty)
}
