//! The published document against the table and the router.

use std::collections::BTreeSet;

use serde_json::Value;
use server::{Access, ROUTES};

use crate::hub;

async fn document() -> Value {
    let hub = hub::start().await;
    hub.get("/openapi.json").await
}

#[tokio::test]
async fn it_lists_exactly_the_addresses_of_the_router() {
    let document = document().await;
    let listed: BTreeSet<(String, String)> = document["paths"]
        .as_object()
        .expect("paths")
        .iter()
        .flat_map(|(path, item)| {
            let methods = item.as_object().expect("an item").keys();
            methods.map(|method| (method.to_ascii_uppercase(), path.clone())).collect::<Vec<_>>()
        })
        .collect();
    let table: BTreeSet<(String, String)> =
        ROUTES.iter().map(|route| (route.method.to_owned(), route.path.to_owned())).collect();
    assert_eq!(listed, table);
    assert_eq!(table.len(), ROUTES.len(), "an address stands in the table twice");
}

#[tokio::test]
async fn every_operation_tells_its_scope_its_problems_and_its_key() {
    let document = document().await;
    for route in ROUTES {
        let operation = &document["paths"][route.path][route.method.to_ascii_lowercase()];
        let name = format!("{} {}", route.method, route.path);
        assert!(operation["summary"].as_str().is_some_and(|text| !text.is_empty()), "{name} has no summary");
        let default = &operation["responses"]["default"]["content"]["application/problem+json"]["schema"]["$ref"];
        assert_eq!(default, "#/components/schemas/Problem", "{name}");
        match route.access {
            Access::Open => assert_eq!(operation["security"], serde_json::json!([]), "{name}"),
            Access::Own => panic!("{name} is for people, who have no key"),
            Access::Needs(scope) => assert_eq!(operation["security"][0]["key"][0], scope.name(), "{name}"),
        }
        let parameters = operation["parameters"].as_array().cloned().unwrap_or_default();
        let keyed = parameters.iter().any(|parameter| parameter["name"] == "Idempotency-Key");
        assert_eq!(keyed, route.method != "GET", "{name}");
        let filled = route.path.matches('{').count();
        assert_eq!(parameters.iter().filter(|parameter| parameter["in"] == "path").count(), filled, "{name}");
    }
}

#[tokio::test]
async fn every_reference_leads_somewhere_and_every_input_is_closed() {
    let document = document().await;
    let mut references = BTreeSet::new();
    collect(&document, &mut references);
    assert!(references.len() > 30, "{references:?}");
    for reference in &references {
        let pointer = reference.strip_prefix('#').expect("a reference into this document");
        assert!(document.pointer(pointer).is_some(), "{reference} leads nowhere");
    }
    for (name, schema) in document["components"]["schemas"].as_object().expect("schemas") {
        // A word out of a list is closed by its list.
        if name.ends_with("In") && schema["enum"].is_null() {
            assert_eq!(schema["additionalProperties"], false, "{name} is open");
        }
    }
}

fn collect(value: &Value, references: &mut BTreeSet<String>) {
    match value {
        Value::Object(fields) => {
            for (name, field) in fields {
                match field.as_str() {
                    Some(text) if name == "$ref" => {
                        references.insert(text.to_owned());
                    }
                    _ => collect(field, references),
                }
            }
        }
        Value::Array(elements) => elements.iter().for_each(|element| collect(element, references)),
        _ => {}
    }
}
