//! The served schema against itself (every field is answered) and against the vendor's published one.
//!
//! The vendor's introspection file is not part of the project. With `LOCKSTEP_REFERENCE` naming the folder that holds
//! `specs/shopify/`, the comparison runs; without, it says so and passes.

use std::io::Read as _;

use apollo_compiler::schema::ExtendedType;
use apollo_compiler::{ExecutableDocument, Schema};
use serde_json::{Value, json};

use super::{Bench, QUERIES};
use crate::shopify::api::served;

fn selection(ty: &str, depth: usize) -> String {
    let Some(ExtendedType::Object(object)) = served().types.get(ty) else { return "__typename".to_owned() };
    let mut fields = vec!["__typename".to_owned()];
    for (name, definition) in &object.fields {
        let inner = definition.ty.inner_named_type();
        let arguments = match (name.as_str(), definition.argument_by_name("first")) {
            ("quantities", _) => "(names: [\"available\"])",
            ("inventoryLevel", _) => continue,
            (_, Some(_)) => "(first: 1)",
            (_, None) => "",
        };
        let leaf = served().types.get(inner).is_none_or(|ty| ty.is_scalar() || ty.is_enum());
        if leaf {
            fields.push(format!("{name}{arguments}"));
        } else if depth > 0 {
            let wrapper = inner.ends_with("Connection") || inner.ends_with("Edge");
            let depth = if wrapper { depth } else { depth - 1 };
            fields.push(format!("{name}{arguments} {{ {} }}", selection(inner, depth)));
        }
    }
    fields.join(" ")
}

/// Paths of nulls where the schema promises a value.
fn broken_promises(ty: &str, value: &Value, path: &str, broken: &mut Vec<String>) {
    match value {
        Value::Array(values) => values.iter().for_each(|value| broken_promises(ty, value, path, broken)),
        Value::Object(object) => {
            for (name, value) in object {
                let Ok(definition) = served().type_field(ty, name) else { continue };
                let path = format!("{path}.{name}");
                if value.is_null() && definition.ty.is_non_null() {
                    broken.push(path.clone());
                }
                broken_promises(definition.ty.inner_named_type(), value, &path, broken);
            }
        }
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
    }
}

#[test]
fn every_field_that_is_promised_is_answered() {
    let mut bench = Bench::new();
    bench.shop.bucket = crate::shopify::api::Bucket::new(1_000_000, 100);
    bench.ok(
        json!({"act": "till_sale", "reference": "s1", "location": "Front", "lines": [{"sku": "SKU-1", "quantity": "2"}],
        "customer": {"reference": "ana", "given_name": "Ana", "email": "ana@example.com", "phone": "+351900000000"}}),
    );
    bench.ok(json!({"act": "return", "reference": "r1", "of": "s1", "location": "Back", "lines": [{"sku": "SKU-1", "quantity": "1"}]}));
    bench.subscribe(&["orders/create"]);
    let ids = "{ orders(first: 1) { nodes { id customer { id } retailLocation { id } lineItems(first: 1) { nodes { id variant { id product { id } inventoryItem { id inventoryLevels(first: 1) { nodes { id } } } } } }
        fulfillments { id } fulfillmentOrders(first: 1) { nodes { id lineItems(first: 1) { nodes { id } } } } refunds { id refundLineItems(first: 1) { nodes { id } } } } }
        webhookSubscriptions(first: 1) { nodes { id } } }";
    let text = bench.ask(ids, json!({})).to_string();
    let mut seen = std::collections::BTreeSet::new();
    for id in text.split('"').filter(|part| part.starts_with("gid://")) {
        let query = "query($id: ID!) { node(id: $id) { __typename } }";
        let ty = bench.ask(query, json!({"id": id}))["data"]["node"]["__typename"].clone();
        // Some ids belong to parts that the vendor does not give by themselves.
        let Some(ty) = ty.as_str().map(str::to_owned) else { continue };
        let query = format!("query($id: ID!) {{ node(id: $id) {{ ... on {ty} {{ {} }} }} }}", selection(&ty, 1));
        let answer = bench.ask(&query, json!({"id": id}));
        assert_eq!(answer["errors"], Value::Null, "{ty}");
        let mut broken = Vec::new();
        broken_promises(&ty, &answer["data"]["node"], &ty, &mut broken);
        assert_eq!(broken, Vec::<String>::new());
        seen.insert(ty);
    }
    let mut broken = Vec::new();
    let query = format!(
        "{{ shop {{ {} }} currentAppInstallation {{ id accessScopes {{ handle }} }} ordersCount {{ count precision }} }}",
        selection("Shop", 1)
    );
    broken_promises("QueryRoot", &bench.ask(&query, json!({}))["data"], "", &mut broken);
    assert_eq!(broken, Vec::<String>::new());
    assert_eq!(seen.len(), 13, "{seen:?}");
}

/// The vendor's schema as introspection, when it is at hand.
fn reference() -> Option<Value> {
    #[expect(clippy::disallowed_methods, reason = "a test may be told where the vendor's file lies")]
    let Ok(folder) = std::env::var("LOCKSTEP_REFERENCE") else {
        println!("skipped: LOCKSTEP_REFERENCE does not name the folder with the vendor's schema");
        return None;
    };
    let path = format!("{folder}/specs/shopify/admin_2026-10.introspection.json.gz");
    let file = std::fs::File::open(&path).expect("the reference folder holds the vendor's schema");
    let mut text = String::new();
    flate2::read::GzDecoder::new(file).read_to_string(&mut text).expect("it is compressed text");
    let mut whole: Value = serde_json::from_str(&text).expect("it is JSON");
    Some(whole["data"]["__schema"].take())
}

fn type_text(ty: &Value) -> String {
    match ty["kind"].as_str() {
        Some("NON_NULL") => format!("{}!", type_text(&ty["ofType"])),
        Some("LIST") => format!("[{}]", type_text(&ty["ofType"])),
        _ => ty["name"].as_str().unwrap_or("").to_owned(),
    }
}

fn named<'a>(list: &'a Value, name: &str) -> Option<&'a Value> {
    list.as_array()?.iter().find(|entry| entry["name"] == name)
}

#[test]
fn the_served_schema_is_a_part_of_the_vendors() {
    let Some(vendor) = reference() else { return };
    let mut wrong = Vec::new();
    for (name, ty) in served().types.iter().filter(|(name, _)| !name.starts_with("__")) {
        let Some(theirs) = named(&vendor["types"], name) else {
            wrong.push(format!("type {name}"));
            continue;
        };
        let fields: Vec<(&str, &apollo_compiler::ast::FieldDefinition)> = match ty {
            ExtendedType::Object(object) => object.fields.iter().map(|(n, f)| (n.as_str(), &***f)).collect(),
            _ => Vec::new(),
        };
        for (field, ours) in fields {
            let Some(their_field) = named(&theirs["fields"], field) else {
                wrong.push(format!("field {name}.{field}"));
                continue;
            };
            if ours.ty.to_string() != type_text(&their_field["type"]) {
                wrong.push(format!("type of {name}.{field}"));
            }
            for argument in &ours.arguments {
                let their_type = named(&their_field["args"], &argument.name).map(|a| type_text(&a["type"]));
                if their_type.as_deref() != Some(argument.ty.to_string().as_str()) {
                    wrong.push(format!("argument {name}.{field}({})", argument.name));
                }
            }
        }
        if let ExtendedType::InputObject(input) = ty {
            for (field, ours) in &input.fields {
                let their_type = named(&theirs["inputFields"], field).map(|f| type_text(&f["type"]));
                if their_type.as_deref() != Some(ours.ty.to_string().as_str()) {
                    wrong.push(format!("input {name}.{field}"));
                }
            }
        }
        if let ExtendedType::Enum(values) = ty {
            let unknown = values.values.keys().filter(|value| named(&theirs["enumValues"], value).is_none());
            wrong.extend(unknown.map(|value| format!("value {name}.{value}")));
        }
    }
    assert_eq!(wrong, Vec::<String>::new());
}

#[test]
fn the_queries_of_these_tests_are_valid_for_the_vendor() {
    let Some(vendor) = reference() else { return };
    let schema = Schema::parse_and_validate(definitions(&vendor), "vendor.graphql").expect("the vendor's schema");
    for query in QUERIES {
        let checked = ExecutableDocument::parse_and_validate(&schema, query, "query.graphql");
        assert!(checked.is_ok(), "{query}");
    }
}

/// The introspection as definitions, as far as queries are checked by them.
fn definitions(vendor: &Value) -> String {
    let mut text = format!(
        "schema {{ query: {} mutation: {} }} directive @idempotent(key: String!) on FIELD\n",
        vendor["queryType"]["name"].as_str().expect("a name"),
        vendor["mutationType"]["name"].as_str().expect("a name")
    );
    for ty in vendor["types"].as_array().expect("a list") {
        let name = ty["name"].as_str().expect("a name");
        let built_in = ["String", "Int", "Float", "Boolean", "ID"].contains(&name) || name.starts_with("__");
        if !built_in {
            text.push_str(&definition(name, ty));
        }
    }
    text
}

fn definition(name: &str, ty: &Value) -> String {
    let names = |list: &Value, glue: &str| {
        let names: Vec<&str> = list.as_array().into_iter().flatten().filter_map(|e| e["name"].as_str()).collect();
        names.join(glue)
    };
    let argument = |a: &Value| {
        let default = a["defaultValue"].as_str().map_or_else(String::new, |text| format!(" = {text}"));
        format!("{}: {}{default}", a["name"].as_str().unwrap_or(""), type_text(&a["type"]))
    };
    let list = |values: &Value| values.as_array().into_iter().flatten().map(argument).collect::<Vec<_>>();
    let field = |f: &Value| {
        let arguments = list(&f["args"]).join(", ");
        let arguments = if arguments.is_empty() { String::new() } else { format!("({arguments})") };
        format!("{}{arguments}: {}", f["name"].as_str().unwrap_or(""), type_text(&f["type"]))
    };
    let fields = || ty["fields"].as_array().into_iter().flatten().map(field).collect::<Vec<_>>().join("\n");
    let parents = names(&ty["interfaces"], " & ");
    let parents = if parents.is_empty() { String::new() } else { format!(" implements {parents}") };
    match ty["kind"].as_str() {
        Some("SCALAR") => format!("scalar {name}\n"),
        Some("ENUM") => format!("enum {name} {{ {} }}\n", names(&ty["enumValues"], " ")),
        Some("UNION") => format!("union {name} = {}\n", names(&ty["possibleTypes"], " | ")),
        Some("INTERFACE") => format!("interface {name}{parents} {{ {} }}\n", fields()),
        Some("INPUT_OBJECT") => format!("input {name} {{ {} }}\n", list(&ty["inputFields"]).join("\n")),
        _ => format!("type {name}{parents} {{ {} }}\n", fields()),
    }
}
