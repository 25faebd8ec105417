//! Every request BigCommerce's dictionary can make, and every fixture its tests are fed with, against the vendor's own
//! OpenAPI files.
//!
//! Runs when `LOCKSTEP_REFERENCE` names the folder of the vendors' files and Python can read YAML; otherwise it says
//! that it did not. Fields that no schema of a request knows are refused, so that a misspelt one does not pass. The
//! store's own page (`/v2/store`) is described in prose only and is not checked.

#[path = "bigcommerce/desk.rs"]
#[expect(dead_code, reason = "the contract needs only a part of the tests' language")]
mod desk;

#[path = "bigcommerce/papers.rs"]
#[expect(dead_code, reason = "the contract needs only its documents and answers")]
mod papers;

use std::sync::OnceLock;

use connectors::{Account, ListingRow, Question, Request, Secret};
use desk::{account, ask, at, batch, bigcommerce, documents, fixture, item, place, reply, stock, value, wanted};
use model::{CustomerKey, Instant, Listing, Title, WriteMode};
use serde_json::{Map, Value, json};

const FILES: [(&str, &str); 8] = [
    ("v2", "orders.v2.oas2.yml"),
    ("v3", "orders.v3.yml"),
    ("v3", "inventory.v3.yml"),
    ("v3", "locations.v3.yml"),
    ("v3", "products_catalog.v3.yml"),
    ("v3", "product-variants_catalog.v3.yml"),
    ("v3", "customers.v3.yml"),
    ("v3", "webhooks.v3.yml"),
];
const TO_JSON: &str = "import yaml,json,sys; json.dump(yaml.safe_load(open(sys.argv[1])), sys.stdout, default=str)";

/// A YAML file as JSON; `None` when Python cannot read YAML.
fn yaml(path: &str) -> Option<Value> {
    let output = std::process::Command::new("python3").args(["-c", TO_JSON, path]).output().ok()?;
    output.status.success().then(|| serde_json::from_slice(&output.stdout).expect("Python writes JSON"))
}

fn folder() -> Option<String> {
    #[expect(clippy::disallowed_methods, reason = "the reference is outside the repository")]
    let folder = std::env::var("LOCKSTEP_REFERENCE").ok();
    if folder.is_none() {
        println!("skipped: LOCKSTEP_REFERENCE is not set");
    }
    folder.map(|folder| format!("{folder}/specs/bigcommerce"))
}

/// The vendor's files.
struct Contract {
    files: Vec<(&'static str, Value)>,
}

static CONTRACT: OnceLock<Option<Contract>> = OnceLock::new();

impl Contract {
    /// Read once. `None`, said aloud, when the reference or Python's YAML is not there.
    fn load() -> Option<&'static Self> {
        CONTRACT.get_or_init(Self::read).as_ref()
    }

    fn read() -> Option<Self> {
        let folder = folder()?;
        let files = FILES.iter().map(|(version, name)| Some((*version, yaml(&format!("{folder}/{name}"))?)));
        let files: Option<Vec<_>> = files.collect();
        if files.is_none() {
            println!("skipped: python3 with yaml is not there");
        }
        Some(Self { files: files? })
    }

    /// The operation that a request is made to, with the file it stands in.
    fn operation(&self, method: &str, path: &str) -> (&Value, &Value) {
        let path = path.strip_prefix("/stores/k3lnw0rk/").expect("the store's address");
        let (version, path) = path.split_once('/').expect("a version");
        let fits = |template: &str| {
            let (template, path): (Vec<&str>, Vec<&str>) =
                (template.trim_start_matches('/').split('/').collect(), path.split('/').collect());
            let same =
                |(part, own): (&&str, &&str)| part == own || (part.starts_with('{') && own.parse::<u64>().is_ok());
            template.len() == path.len() && template.iter().zip(&path).all(same)
        };
        let files = self.files.iter().filter(|(own, _)| *own == version);
        let mut found = files.filter_map(|(_, file)| {
            let paths = file["paths"].as_object().expect("operations by path");
            let (_, operations) = paths.iter().find(|(template, _)| fits(template))?;
            operations.get(method).map(|operation| (file, operation))
        });
        found.next_back().unwrap_or_else(|| panic!("there is no {method} {version} {path}"))
    }

    /// Path, method, names in the query and body are as documented.
    fn accept(&self, request: &Request) {
        let (method, uri) = (request.http.method().as_str().to_lowercase(), request.http.uri());
        let (file, operation) = self.operation(&method, uri.path());
        let parameters = operation["parameters"].as_array().cloned().unwrap_or_default();
        let known: Vec<Value> = parameters.iter().map(|own| resolved(file, own)["name"].clone()).collect();
        for pair in uri.query().into_iter().flat_map(|query| query.split('&')) {
            let name = pair.split('=').next().expect("split gives one part at least").replace("%3A", ":");
            assert!(known.contains(&json!(name)), "{method} {uri} has no parameter {name}: {known:?}");
        }
        let schema = &operation["requestBody"]["content"]["application/json"]["schema"];
        if schema.is_null() {
            assert!(request.http.body().is_empty(), "{uri} takes no body");
            return;
        }
        let body = serde_json::from_slice(request.http.body()).expect("the body is JSON");
        let faults = faults(&plain(file, schema, true, 0), &body);
        assert!(faults.is_empty(), "{method} {uri} {body}: {faults:#?}");
    }

    /// A fixture is of the shape that an operation answers with.
    fn answers(&self, method: &str, path: &str, fixture: &str) {
        let (file, operation) = self.operation(method, &format!("/stores/k3lnw0rk{path}"));
        let response = resolved(file, &operation["responses"]["200"]);
        let schema = &response["content"]["application/json"]["schema"];
        assert!(schema.is_object(), "{method} {path} has no documented answer");
        let faults = faults(&plain(file, schema, false, 0), &value(fixture));
        assert!(faults.is_empty(), "{fixture}: {faults:#?}");
    }
}

fn faults(schema: &Value, value: &Value) -> Vec<String> {
    let validator = jsonschema::validator_for(schema).expect("the schema is usable");
    validator.iter_errors(value).map(|fault| format!("{}: {fault}", fault.instance_path())).collect()
}

fn resolved<'f>(file: &'f Value, value: &'f Value) -> &'f Value {
    match value.get("$ref").and_then(Value::as_str) {
        Some(name) => resolved(file, file.pointer(name.trim_start_matches('#')).expect("a reference leads somewhere")),
        None => value,
    }
}

/// A schema without references and with its `allOf` laid over each other; `closed` refuses unknown fields. Fields that
/// may be null, by a mark or in prose, may be so.
fn plain(file: &Value, schema: &Value, closed: bool, depth: usize) -> Value {
    let schema = resolved(file, schema);
    let Some(fields) = schema.as_object().filter(|_| depth < 12) else { return json!({}) };
    let mut out = Map::new();
    for part in schema["allOf"].as_array().into_iter().flatten() {
        let part = plain(file, part, false, depth + 1);
        merge(&mut out, part);
    }
    for (name, inner) in fields {
        match name.as_str() {
            "type" | "enum" | "required" | "minimum" | "maximum" | "minLength" | "maxLength" => {
                merge(&mut out, json!({name: inner}));
            }
            "properties" => {
                let inner = inner.as_object().into_iter().flatten();
                let inner: Map<String, Value> =
                    inner.map(|(name, own)| (name.clone(), plain(file, own, closed, depth + 1))).collect();
                merge(&mut out, json!({"properties": inner}));
            }
            "items" => merge(&mut out, json!({"items": plain(file, inner, closed, depth + 1)})),
            "oneOf" | "anyOf" => {
                let inner = inner.as_array().into_iter().flatten();
                let inner: Vec<Value> = inner.map(|own| plain(file, own, closed, depth + 1)).collect();
                merge(&mut out, json!({"anyOf": inner}));
            }
            _ => {}
        }
    }
    let said = fields.get("description").and_then(Value::as_str).is_some_and(|text| text.contains("`null`"));
    let nullable = said || ["nullable", "x-nullable"].iter().any(|name| fields.get(*name) == Some(&json!(true)));
    if let (true, Some(kind)) = (nullable, out.get("type").cloned()) {
        out.insert("type".to_owned(), json!([kind, "null"]));
    }
    let named = out.get("properties").and_then(Value::as_object).is_some_and(|own| !own.is_empty());
    if closed && named {
        out.insert("additionalProperties".to_owned(), json!(false));
    }
    Value::Object(out)
}

fn merge(out: &mut Map<String, Value>, part: Value) {
    let Value::Object(part) = part else { return };
    for (name, inner) in part {
        match (out.get_mut(&name), inner) {
            (Some(Value::Object(own)), Value::Object(inner)) => own.extend(inner),
            (Some(Value::Array(own)), Value::Array(inner)) => own.extend(inner),
            (_, inner) => {
                out.insert(name, inner);
            }
        }
    }
}

/// Every question in all its shapes.
fn questions() -> Vec<Question> {
    let since = at("2026-11-20T16:00:00Z");
    let cursor = || Some("3".to_owned());
    let known = |stage: &str| {
        format!(r#"7#{{"stage":{stage},"moment":1,"tries":1,"refunded":true,"lines":null,"refunds":null}}"#)
    };
    vec![
        Question::Locations { cursor: None },
        Question::Catalogue { since: None, cursor: None },
        Question::Catalogue { since: Some(since), cursor: cursor() },
        Question::Levels { cursor: cursor() },
        Question::LevelsOf { rows: vec![(item("7004"), place("1")), (item("7005"), place("3"))] },
        Question::LevelsOf { rows: vec![(item("product:311"), place("1"))] },
        Question::Orders { since, cursor: None },
        Question::Orders { since, cursor: Some("1795193100000:2".to_owned()) },
        documents(&["2207"]),
        documents(&[&known(r#"{"Lines":{"page":2}}"#)]),
        documents(&[&known(r#""Refunds""#)]),
        Question::Customers { since: None, cursor: None },
        Question::Customers { since: Some(since), cursor: cursor() },
        Question::CustomersOf { customers: ["54", "55"].map(CustomerKey::new).to_vec() },
        Question::Subscriptions { cursor: None },
        Question::Subscribe { url: desk::URL.to_owned(), present: vec![], since: Instant(0) },
    ]
}

#[test]
fn every_question_is_a_request_that_bigcommerce_documents() {
    let Some(contract) = Contract::load() else { return };
    for question in questions() {
        contract.accept(&ask(&question));
    }
    let with_secret = Account { hook_secret: Some(Secret::new("our-own")), ..account() };
    let subscribe = questions().pop().expect("the last one");
    contract.accept(&bigcommerce().ask(&subscribe, &with_secret).expect("it can be asked"));
}

#[test]
fn every_write_is_a_request_that_bigcommerce_documents() {
    let Some(contract) = Contract::load() else { return };
    let lower = batch(WriteMode::Lower, &[("7010", "1", 5, 4), ("7004", "3", 9, -7)]);
    contract.accept(&wanted(&lower, true, &[]));
    let tracked = [reply(422, &fixture("refused_tracked_by_product")), reply(200, &stock(&[(7010, 311, 1, 5)]))];
    contract.accept(&wanted(&lower, true, &tracked));
    let raise = batch(WriteMode::Raise, &[("7005", "3", 0, 4)]);
    let unstocked = [reply(200, &stock(&[])), reply(422, &fixture("refused_never_stocked"))];
    contract.accept(&wanted(&raise, true, &unstocked));
    let title = |text: &str, minor: i64| Listing {
        title: Title::new(text),
        price: Some(model::Money { minor, currency: account().currency }),
        ..Listing::default()
    };
    let barcodes = vec![model::Barcode::new("5600000000024")];
    let to = Listing { barcodes, ..title("New", 1999) };
    let aliases = vec![item("product:311")];
    let listings = vec![ListingRow { external: item("7010"), aliases, from: title("Old", 1), to }];
    let list = connectors::Batch { listings, ..batch(WriteMode::List, &[]) };
    contract.accept(&wanted(&list, true, &[]));
    contract.accept(&wanted(&list, true, &[reply(200, b"{}")]));
}

#[test]
fn every_document_is_a_request_that_bigcommerce_documents() {
    use papers::{ada, before_order, card, customer, order, quote, refund, sent};
    let Some(contract) = Contract::load() else { return };
    contract.accept(&sent(&order("3", None), true, &[]));
    contract.accept(&sent(&order("3", None), true, &before_order()));
    contract.accept(&sent(&order("1", None), true, &before_order()));
    contract.accept(&sent(&order("3", None), false, &[]));
    contract.accept(&sent(&order("3", Some("54")), true, &before_order()[..1]));
    for document in [refund(&[("15", 1)], 1_000), refund(&[], 350)] {
        contract.accept(&sent(&document, false, &[]));
        contract.accept(&sent(&document, true, &[]));
        contract.accept(&sent(&document, true, &[quote(12.0, card(12.0))]));
    }
    contract.accept(&sent(&customer(None, ada()), true, &[]));
    contract.accept(&sent(&customer(None, ada()), false, &[]));
    contract.accept(&sent(&customer(Some("54"), ada()), true, &[]));
}

#[test]
fn a_misspelt_field_and_a_text_for_a_number_break_the_contract() {
    let Some(contract) = Contract::load() else { return };
    let (file, operation) = contract.operation("post", "/stores/k3lnw0rk/v3/inventory/adjustments/relative");
    let schema = plain(file, &operation["requestBody"]["content"]["application/json"]["schema"], true, 0);
    let told = |item: Value| faults(&schema, &json!({"reason": "r", "items": [item]})).len();
    assert_eq!(told(json!({"location_id": 1, "variant_id": 2, "quantity": -1})), 0);
    assert_eq!(told(json!({"location": 1, "variant_id": 2, "quantity": -1})), 1);
    assert_eq!(told(json!({"location_id": 1, "variant_id": 2, "quantity": "-1"})), 1);
    assert_eq!(faults(&schema, &json!({"why": "r", "items": []})).len(), 1);
}

#[test]
fn every_reply_is_of_the_shape_that_bigcommerce_documents() {
    let Some(contract) = Contract::load() else { return };
    for (path, name) in [
        ("/v3/inventory/locations", "locations"),
        ("/v3/catalog/products", "products"),
        ("/v3/inventory/items", "stock"),
        ("/v2/orders/2207", "order"),
        ("/v2/orders/2208", "order_pickup_guest"),
        ("/v2/orders/2209", "order_refunded"),
        ("/v2/orders/2207", "order_links"),
        ("/v2/orders/2207/products", "order_lines"),
        ("/v3/orders/2209/payment_actions/refunds", "refunds"),
        ("/v3/customers", "customers"),
        ("/v3/hooks", "hooks_page"),
    ] {
        contract.answers("get", path, name);
    }
    contract.answers("post", "/v3/hooks", "hook_created");
    contract.answers("post", "/v3/inventory/adjustments/relative", "adjusted");
}

#[test]
fn every_delivery_is_of_the_shape_that_bigcommerce_documents() {
    let Some(folder) = folder() else { return };
    let hooks = format!("{}/tests/fixtures/bigcommerce/hooks", env!("CARGO_MANIFEST_DIR"));
    let mut checked = 0;
    for entry in std::fs::read_dir(&hooks).expect("the fixtures are there") {
        let name = entry.expect("a file").file_name().to_string_lossy().replace(".json", "");
        let body = value(&format!("hooks/{name}"));
        let scope = body["scope"].as_str().expect("a scope");
        let path = format!("{folder}/callbacks/{}.yml", scope.replace('/', "_"));
        if !std::path::Path::new(&path).exists() {
            println!("{scope} is described in prose only");
            continue;
        }
        let Some(file) = yaml(&path) else {
            println!("skipped: python3 with yaml is not there");
            return;
        };
        let faults = faults(&plain(&file, &file["properties"][scope], false, 0), &body);
        assert!(faults.is_empty(), "{name}: {faults:#?}");
        checked += 1;
    }
    assert!(checked > 20, "only {checked} deliveries were checked");
}
