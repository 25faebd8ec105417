//! Every request Lightspeed X-Series's dictionary can make, and every fixture its tests are fed with, against the
//! vendor's own schemas.
//!
//! Runs when `LOCKSTEP_REFERENCE` names the folder of the vendor's files; otherwise it says that it did not. The document
//! of 2026-07 is a part of the whole; outlets and the retailer are looked up in that of API 2.0. Fields that no schema
//! knows are refused, so that a misspelt one does not pass.

#[path = "lightspeed_x/desk.rs"]
#[expect(dead_code, reason = "the contract needs only a part of the tests' language")]
mod desk;

#[path = "lightspeed_x/papers.rs"]
#[expect(dead_code, reason = "the contract needs only its documents and answers")]
mod papers;

use connectors::{Batch, ListingRow, Question, Reply, Request};
use desk::{BOWL, MAIN, MARTA, MUG, SALE, SIDE, TEA, asked, batch, documents, fixture, item, place, reply, sent};
use model::{Barcode, CustomerKey, Instant, Listing, Money, Title, WriteMode};
use serde_json::{Value, json};

/// One of the vendor's documents.
struct Document {
    paths: Value,
    schemas: Value,
}

impl Document {
    fn read(folder: &str, name: &str) -> Self {
        let path = format!("{folder}/specs/lightspeed-x/{name}");
        let bytes = std::fs::read(&path).unwrap_or_else(|error| panic!("{path}: {error}"));
        let mut openapi: Value = serde_json::from_slice(&bytes).expect("the reference is JSON");
        let mut schemas = openapi["components"]["schemas"].take();
        let mut paths = openapi["paths"].take();
        lay_together(&mut schemas);
        close(&mut schemas);
        close(&mut paths);
        Self { paths, schemas }
    }

    /// The operation at a path, whose template may have parameters.
    fn operation(&self, method: &str, path: &str) -> Option<&Value> {
        let parts = |text: &str| text.split('/').map(str::to_owned).collect::<Vec<_>>();
        let own = parts(path);
        let fits = |template: &str| {
            let template = parts(template);
            template.len() == own.len()
                && template.iter().zip(&own).all(|(part, own)| part.starts_with('{') || part == own)
        };
        let mut found = self.paths.as_object().expect("operations by path").iter().filter(|(name, _)| fits(name));
        found.find_map(|(_, operations)| operations.get(method))
    }

    fn faults(&self, schema: &Value, value: &Value) -> Vec<String> {
        let mut whole = schema.clone();
        whole["components"] = json!({"schemas": self.schemas});
        let validator = jsonschema::validator_for(&whole).expect("the schemas are usable");
        validator.iter_errors(value).map(|fault| format!("{}: {fault}", fault.instance_path())).collect()
    }
}

/// Both documents, the newer one first.
struct Contract {
    documents: [Document; 2],
}

impl Contract {
    /// `None`, said aloud, when the reference is not there.
    fn load() -> Option<Self> {
        #[expect(clippy::disallowed_methods, reason = "the reference is outside the repository")]
        let Ok(folder) = std::env::var("LOCKSTEP_REFERENCE") else {
            println!("skipped: LOCKSTEP_REFERENCE is not set");
            return None;
        };
        let names = ["api-2026-07.hub-subset.openapi.json", "api-2.0.openapi.json"];
        Some(Self { documents: names.map(|name| Document::read(&folder, name)) })
    }

    fn operation(&self, method: &str, path: &str) -> (&Document, &Value) {
        let mut found = self.documents.iter().filter_map(|own| Some((own, own.operation(method, path)?)));
        found.next().unwrap_or_else(|| panic!("there is no {method} {path}"))
    }

    fn accept(&self, request: &Request) {
        let uri = request.http.uri();
        let path = uri.path().strip_prefix("/api/2026-07").expect("the version is in the path");
        let method = request.http.method().as_str().to_lowercase();
        let (document, operation) = self.operation(&method, path);
        let known: Vec<&str> =
            operation["parameters"].as_array().into_iter().flatten().filter_map(|own| own["name"].as_str()).collect();
        for pair in uri.query().into_iter().flat_map(|query| query.split('&')) {
            let name = pair.split('=').next().expect("split gives one part at least");
            assert!(known.contains(&name), "{method} {path} has no parameter {name}");
        }
        let schema = &operation["requestBody"]["content"]["application/json"]["schema"];
        if schema.is_null() {
            assert!(request.http.body().is_empty(), "{method} {path} takes no body");
            return;
        }
        let body = serde_json::from_slice(request.http.body()).expect("the body is JSON");
        let faults = document.faults(schema, &body);
        assert!(faults.is_empty(), "{method} {path}: {faults:#?}");
    }

    /// A fixture as an answer of an operation.
    fn answers(&self, name: &str, method: &str, path: &str, status: &str) {
        let (document, operation) = self.operation(method, path);
        let schema = &operation["responses"][status]["content"]["application/json"]["schema"];
        assert!(!schema.is_null(), "{method} {path} does not answer {status}");
        let value = serde_json::from_slice(&fixture(name)).expect("a fixture is JSON");
        let faults = document.faults(schema, &value);
        assert!(faults.is_empty(), "{name}: {faults:#?}");
    }
}

/// Makes one object of a schema that is several laid over each other: closed one by one they would refuse each other.
fn lay_together(schemas: &mut Value) {
    let all = schemas.clone();
    for schema in schemas.as_object_mut().expect("schemas by name").values_mut() {
        let Some(parts) = schema["allOf"].as_array().cloned() else { continue };
        let mut whole = json!({"type": "object", "properties": {}, "required": []});
        for part in parts.iter().chain([&*schema]) {
            let name = part["$ref"].as_str().and_then(|name| name.rsplit('/').next());
            let part = name.map_or(part, |name| &all[name]);
            for (name, field) in part["properties"].as_object().into_iter().flatten() {
                whole["properties"][name] = field.clone();
            }
            for name in part["required"].as_array().into_iter().flatten() {
                whole["required"].as_array_mut().expect("just made").push(name.clone());
            }
        }
        *schema = whole;
    }
}

/// Closes every object with known fields, and says `nullable` in the words of a JSON schema.
fn close(value: &mut Value) {
    match value {
        Value::Object(fields) => {
            for name in ["example", "examples", "x-examples"] {
                fields.remove(name);
            }
            let kind = fields.get("type").and_then(Value::as_str).map(str::to_owned);
            let named = fields.get("properties").is_some_and(|own| own.as_object().is_some_and(|own| !own.is_empty()));
            if named && kind.as_deref() == Some("object") && !fields.contains_key("additionalProperties") {
                fields.insert("additionalProperties".to_owned(), json!(false));
            }
            if fields.get("nullable") == Some(&json!(true)) {
                if let Some(kind) = kind {
                    fields.insert("type".to_owned(), json!([kind, "null"]));
                }
                if let Some(Value::Array(names)) = fields.get_mut("enum") {
                    names.push(Value::Null);
                }
            }
            fields.values_mut().for_each(close);
        }
        Value::Array(elements) => elements.iter_mut().for_each(close),
        _ => {}
    }
}

#[test]
fn every_document_is_a_request_that_lightspeed_documents() {
    use papers::{
        ada, before_order, before_refund, customer, order, purchase, refund, sent as made, suppliers, transfer,
    };
    let Some(contract) = Contract::load() else { return };
    for known in 0..=before_order().len() {
        contract.accept(&made(&order(), true, &before_order()[..known]));
    }
    for known in 0..=before_refund().len() {
        contract.accept(&made(&refund(1_000), true, &before_refund()[..known]));
    }
    contract.accept(&made(&order(), false, &[]));
    contract.accept(&made(&customer(None, ada()), true, &[]));
    contract.accept(&made(&customer(None, ada()), false, &[]));
    contract.accept(&made(&customer(Some(MARTA), ada()), true, &[]));
    contract.accept(&made(&transfer(), true, &[]));
    contract.accept(&made(&transfer(), false, &[]));
    contract.accept(&made(&purchase(), true, &[]));
    // The goods of a consignment are sent bare, as the published collections have them; the older document wraps them.
    contract.accept(&made(&purchase(), true, &[suppliers()]));
}

/// Every question in all its shapes.
fn questions() -> Vec<Question> {
    let since = Instant(9000);
    let cursor = || Some("9020".to_owned());
    let url = desk::URL.to_owned();
    let present = vec!["sale.update".to_owned(), "product.update".to_owned()];
    vec![
        Question::Locations { cursor: None },
        Question::Locations { cursor: cursor() },
        Question::Catalogue { since: None, cursor: None },
        Question::Catalogue { since: Some(since), cursor: cursor() },
        Question::Levels { cursor: None },
        Question::Levels { cursor: cursor() },
        Question::LevelsSince { since, cursor: None },
        Question::LevelsOf { rows: vec![(item(MUG), place(MAIN)), (item(BOWL), place(SIDE))] },
        Question::Orders { since, cursor: None },
        Question::Orders { since, cursor: cursor() },
        Question::OrdersOf { documents: documents(&[SALE]) },
        Question::Customers { since: None, cursor: None },
        Question::Customers { since: Some(since), cursor: cursor() },
        Question::CustomersOf { customers: vec![CustomerKey::new(MARTA)] },
        Question::Access,
        Question::Subscriptions { cursor: None },
        Question::Subscribe { url: url.clone(), present: vec![], since },
        Question::Subscribe { url, present, since },
    ]
}

#[test]
fn every_question_is_a_request_that_lightspeed_documents() {
    let Some(contract) = Contract::load() else { return };
    for question in questions() {
        contract.accept(&asked(&question));
    }
}

#[test]
fn every_step_of_a_write_of_levels_is_a_request_that_lightspeed_documents() {
    let Some(contract) = Contract::load() else { return };
    let rows = [(MUG, MAIN, "14", "12"), (BOWL, SIDE, "-2", "1.5"), (TEA, MAIN, "-1000000000000", "1000000000000")];
    let shown = || reply(200, &fixture("inventory_levels"));
    let none = || reply(200, &fixture("sales_end"));
    let lower = batch(WriteMode::Lower, &[(MUG, MAIN, "14", "12"), (TEA, MAIN, "3", "2.66667")]);
    let raise = batch(WriteMode::Raise, &rows[1..]);
    let correct = batch(WriteMode::Correct, &rows);
    let steps: [(&Batch, bool, Vec<Reply>); 8] = [
        (&lower, true, vec![]),
        (&lower, false, vec![]),
        (&lower, false, vec![none()]),
        (&raise, true, vec![]),
        (&raise, true, vec![shown()]),
        (&raise, true, vec![reply(404, b"")]),
        (&correct, false, vec![none()]),
        (&correct, true, vec![shown()]),
    ];
    for (batch, first, replies) in steps {
        contract.accept(&sent(batch, first, &replies));
    }
}

fn listed(from: Listing, to: Listing, id: &str) -> Batch {
    let row = ListingRow { external: item(id), aliases: vec![], from, to };
    Batch { listings: vec![row], ..batch(WriteMode::List, &[]) }
}

#[test]
fn every_step_of_a_write_of_listings_is_a_request_that_lightspeed_documents() {
    let Some(contract) = Contract::load() else { return };
    let listing = |title: &str, minor: i64, tax_inclusive: bool, barcode: &str| Listing {
        title: Title::new(title),
        price: Some(Money { minor, currency: desk::eur() }),
        tax_inclusive,
        barcodes: vec![Barcode::new(barcode)],
    };
    let from = listing("Mug", 1250, false, "4006381333931");
    let mug = listed(from, listing("Cup", 1399, false, "036000291452"), MUG);
    let from = listing("Bowl / Blue", 2400, true, "036000291452");
    let bowl = listed(from, listing("Bowl / Blue", 2599, true, "036000291452"), BOWL);
    for (batch, product) in [(mug, "product"), (bowl, "product_variant")] {
        contract.accept(&sent(&batch, true, &[]));
        contract.accept(&sent(&batch, true, &[reply(200, &fixture(product))]));
    }
}

#[test]
fn a_misspelt_field_an_unknown_reason_and_a_number_for_a_quantity_break_the_contract() {
    let Some(contract) = Contract::load() else { return };
    let request = sent(&batch(WriteMode::Lower, &[(MUG, MAIN, "2", "1")]), true, &[]);
    let body = String::from_utf8(request.http.body().clone()).expect("text");
    let (document, operation) = contract.operation("post", "/stock_adjustments");
    let schema = &operation["requestBody"]["content"]["application/json"]["schema"];
    let changes = [("\"outlet_id\"", "\"location_id\""), ("INTERNAL_USE", "SOLD"), ("\"-1\"", "-1")];
    for (from, to) in changes {
        let broken = body.replace(from, to);
        assert_ne!(broken, body);
        let broken = serde_json::from_str(&broken).expect("still JSON");
        assert!(!document.faults(schema, &broken).is_empty(), "{to}");
    }
}

#[test]
fn every_fixture_is_of_the_shape_that_lightspeed_documents() {
    let Some(contract) = Contract::load() else { return };
    let fixtures = [
        ("sales", "get", "/sales", "200"),
        ("sales_end", "get", "/sales", "200"),
        ("sale", "get", "/sales/x", "200"),
        ("sale_layby", "get", "/sales/x", "200"),
        ("sale_voided", "get", "/sales/x", "200"),
        ("sale_tax_inclusive", "get", "/sales/x", "200"),
        ("inventory", "post", "/inventory", "200"),
        ("inventory_product", "get", "/inventory/x", "200"),
        ("inventory_levels", "post", "/inventory_levels", "200"),
        ("products", "get", "/products", "200"),
        ("product", "get", "/products/x", "200"),
        ("product_variant", "get", "/products/x", "200"),
        ("customers", "get", "/customers", "200"),
        ("customer", "get", "/customers/x", "200"),
        ("outlets", "get", "/outlets", "200"),
        ("retailer", "get", "/retailer", "200"),
        ("webhooks", "get", "/webhooks", "200"),
        ("webhook_made", "post", "/webhooks", "201"),
        ("adjustments_made", "post", "/stock_adjustments", "201"),
        ("adjustments_listed", "get", "/stock_adjustments", "200"),
        ("throttled", "get", "/sales", "429"),
    ];
    for (name, method, path, status) in fixtures {
        contract.answers(name, method, path, status);
    }
}

#[test]
fn every_type_of_webhook_that_lightspeed_documents_is_understood_at_its_address() {
    let Some(contract) = Contract::load() else { return };
    let types = contract.documents[0].schemas["WebhookRequest"]["properties"]["type"]["enum"].as_array();
    let types = types.expect("a list of types");
    assert_eq!(types.len(), 7);
    for name in types {
        let topic = name.as_str().expect("text");
        let payload = br#"{"id":"i","product_id":"p","outlet_id":"o"}"#;
        assert!(desk::heard(topic, payload).is_ok(), "{topic}");
    }
}
