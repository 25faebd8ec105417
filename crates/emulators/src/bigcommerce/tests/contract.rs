//! Replies and notices held against the vendor's OpenAPI documents, when a copy of them is at hand.
//!
//! They are not part of this repository: `LOCKSTEP_REFERENCE` names the folder that holds `specs/bigcommerce/`. They
//! are YAML, which `python3` with PyYAML turns into JSON; without either the test is skipped, and says so.

use super::{Bench, web_order};
use serde_json::{Map, Value, json};
use std::cell::RefCell;
use std::path::{Path, PathBuf};
use std::process::Command;

const TO_JSON: &str = "import json, sys, yaml; json.dump(yaml.safe_load(open(sys.argv[1])), sys.stdout, default=str)";

/// The vendor's documents, and what does not hold against them.
struct Documents {
    folder: PathBuf,
    faults: RefCell<Vec<String>>,
}

fn documents() -> Option<Documents> {
    let folder = PathBuf::from(std::env::var_os("LOCKSTEP_REFERENCE")?).join("specs/bigcommerce");
    let python = Command::new("python3").args(["-c", "import yaml"]).output().ok()?;
    let found = python.status.success() && folder.is_dir();
    found.then_some(Documents { folder, faults: RefCell::default() })
}

impl Documents {
    fn check(&self, what: &str, mut schema: Value, instance: &Value) {
        modernise(&mut schema);
        let validator = jsonschema::validator_for(&schema).unwrap_or_else(|why| panic!("{what}: {why}"));
        let faults = validator.iter_errors(instance).map(|fault| format!("{what}: {}: {fault}", fault.instance_path()));
        self.faults.borrow_mut().extend(faults);
    }
}

fn load(file: &Path) -> Value {
    let output = Command::new("python3").args(["-c", TO_JSON]).arg(file).output().expect("python3 runs");
    assert!(output.status.success(), "{}: {}", file.display(), String::from_utf8_lossy(&output.stderr));
    serde_json::from_slice(&output.stdout).expect("JSON")
}

/// One of the vendor's documents.
struct Contract<'d> {
    documents: &'d Documents,
    document: Value,
}

impl<'d> Contract<'d> {
    fn load(documents: &'d Documents, name: &str) -> Self {
        Self { documents, document: load(&documents.folder.join(name)) }
    }

    /// Follows references until there is none.
    fn resolve<'v>(&'v self, mut value: &'v Value) -> &'v Value {
        while let Some(reference) = value["$ref"].as_str() {
            let pointer = reference.strip_prefix('#').expect("a reference within the document");
            value = self.document.pointer(pointer).expect("the reference leads somewhere");
        }
        value
    }

    /// Holds a body against what a path answers to a method with a status.
    fn holds(&self, method: &str, path: &str, status: &str, instance: &Value) {
        let response = self.resolve(&self.document["paths"][path][method]["responses"][status]);
        let contents = response["content"].as_object();
        let content = contents.and_then(|contents| contents.values().next());
        let content = content.unwrap_or_else(|| panic!("{method} {path} {status} is in the document"));
        let mut schema = self.resolve(&content["schema"]).clone();
        schema["components"] = self.document["components"].clone();
        self.documents.check(&format!("{method} {path} {status}"), schema, instance);
    }
}

/// OpenAPI 3.0 has its own words where JSON Schema has others, and these documents have a few that are neither.
fn modernise(value: &mut Value) {
    match value {
        Value::Array(elements) => elements.iter_mut().for_each(modernise),
        Value::Object(fields) => {
            modernise_schema(fields);
            fields.values_mut().for_each(modernise);
        }
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
    }
}

fn modernise_schema(fields: &mut Map<String, Value>) {
    for name in [
        "example",
        "examples",
        "default",
        "pattern",
        "x-examples",
        "discriminator",
        "exclusiveMinimum",
        "exclusiveMaximum",
    ] {
        if fields.get(name).is_some_and(|value| value.get("type").is_none() && value.get("$ref").is_none()) {
            fields.remove(name);
        }
    }
    for name in ["required", "uniqueItems", "minItems"] {
        let kept = |value: &Value| value.is_object() || name == "required" && value.is_array();
        if fields.get(name).is_some_and(|value| !kept(value)) {
            fields.remove(name);
        }
    }
    if fields.get("$ref").and_then(Value::as_str).is_some_and(|reference| !reference.starts_with('#')) {
        fields.remove("$ref");
    }
    // An address of a part and the part itself look alike where no field is required.
    if let Some(kinds) = fields.remove("oneOf") {
        fields.insert("anyOf".into(), kinds);
    }
    if fields.get("nullable") == Some(&json!(true))
        && let Some(Value::String(kind)) = fields.get("type").cloned()
    {
        fields.insert("type".into(), json!([kind, "null"]));
    }
}

/// A store in which everything has happened once.
fn busy() -> (Bench, u64, u64) {
    let mut bench = Bench::stocked(20);
    let mut first = web_order("W1", &[("MUG", 2), ("SHIRT-L", 1)]);
    first["customer"] = json!({"reference": "C1", "given_name": "Ana", "family_name": "Reis",
        "email": "ana@example.com", "phone": "+351900000000"});
    let sent = bench.act(first)["order_id"].as_u64().expect("an id");
    let mut second = web_order("W2", &[("TEA", 1)]);
    second["pickup"] = json!("Harbour");
    let collected = bench.act(second)["order_id"].as_u64().expect("an id");
    bench.act(json!({"act": "fulfil", "reference": "W1"}));
    let lines = json!([{"sku": "MUG", "quantity": "1"}]);
    bench.act(json!({"act": "return", "reference": "R1", "of": "W1", "location": "Harbour", "lines": lines}));
    bench.act(json!({"act": "put_location", "name": "Depot"}));
    bench.act(json!({"act": "put_item", "sku": "CAP", "title": "Cap", "product": "Cap", "option": "Red"}));
    bench.act(json!({"act": "put_item", "sku": "CAP-B", "title": "Cap", "product": "Cap", "option": "Blue"}));
    bench.act(json!({"act": "delete_item", "sku": "CAP"}));
    bench.count("SHIRT-S", "Harbour", 3);
    (bench, sent, collected)
}

fn check_orders(documents: &Documents, bench: &mut Bench, sent: u64, collected: u64) {
    let v2 = Contract::load(documents, "orders.v2.oas2.yml");
    v2.holds("get", "/orders", "200", &bench.get("/v2/orders"));
    for id in [sent, collected] {
        let whole = format!("/v2/orders/{id}?include=consignments.line_items&consignment_structure=object");
        v2.holds("get", "/orders/{order_id}", "200", &bench.get(&whole));
        v2.holds("get", "/orders/{order_id}/products", "200", &bench.get(&format!("/v2/orders/{id}/products")));
        let consignments = bench.get(&format!("/v2/orders/{id}/consignments"));
        v2.holds("get", "/orders/{order_id}/consignments", "200", &consignments);
    }
    let addresses = bench.get(&format!("/v2/orders/{sent}/shipping_addresses"));
    v2.holds("get", "/orders/{order_id}/shipping_addresses", "200", &addresses);
    let shipments = bench.get(&format!("/v2/orders/{sent}/shipments"));
    v2.holds("get", "/orders/{order_id}/shipments", "200", &shipments);
    v2.holds("get", "/orders/count", "200", &bench.get("/v2/orders/count"));
    v2.holds("get", "/order_statuses", "200", &bench.get("/v2/order_statuses"));
    let (mug, _) = bench.ids("MUG");
    let form = json!({"billing_address": {"zip": "1"}, "products": [{"product_id": mug, "quantity": 1}],
        "status_id": 11, "external_id": "H-1"});
    let made = bench.ok("POST", "/v2/orders", form);
    v2.holds("post", "/orders", "200", &made);
    let path = format!("/v2/orders/{}", made["id"]);
    v2.holds("put", "/orders/{order_id}", "200", &bench.ok("PUT", &path, json!({"staff_notes": "n"})));
    let line = bench.get(&format!("{path}/products"))[0].clone();
    let items = json!([{"order_product_id": line["id"], "quantity": 1}]);
    let ship = json!({"order_address_id": line["order_address_id"], "items": items});
    let shipped = bench.ok("POST", &format!("{path}/shipments"), ship);
    v2.holds("post", "/orders/{order_id}/shipments", "201", &shipped);
}

fn check_payments(documents: &Documents, bench: &mut Bench, sent: u64) {
    let v3 = Contract::load(documents, "orders.v3.yml");
    let actions = format!("/v3/orders/{sent}/payment_actions");
    let line = bench.get(&format!("/v2/orders/{sent}/products"))[0]["id"].clone();
    let items = json!([{"item_type": "PRODUCT", "item_id": line, "quantity": 1}]);
    let quote = bench.ok("POST", &format!("{actions}/refund_quotes"), json!({"items": items}));
    v3.holds("post", "/orders/{order_id}/payment_actions/refund_quotes", "201", &quote);
    let payments = quote["data"]["refund_methods"][0].clone();
    let refund = bench.ok("POST", &format!("{actions}/refunds"), json!({"items": items, "payments": payments}));
    v3.holds("post", "/orders/{order_id}/payment_actions/refunds", "201", &refund);
    let refunds = bench.get(&format!("{actions}/refunds"));
    v3.holds("get", "/orders/{order_id}/payment_actions/refunds", "200", &refunds);
    let all = bench.get("/v3/orders/payment_actions/refunds");
    v3.holds("get", "/orders/payment_actions/refunds", "200", &all);
    let rows = bench.get(&format!("/v3/orders/{sent}/transactions"));
    v3.holds("get", "/orders/{order_id}/transactions", "200", &rows);
}

fn check_stock(documents: &Documents, bench: &mut Bench) {
    let stock = Contract::load(documents, "inventory.v3.yml");
    let mut items = bench.get("/v3/inventory/items");
    for item in items["data"].as_array_mut().expect("items") {
        without_null(&mut item["identity"], "sku_id");
    }
    stock.holds("get", "/inventory/items", "200", &items);
    let at = bench.get("/v3/inventory/locations/1/items");
    stock.holds("get", "/inventory/locations/{location_id}/items", "200", &at);
    let body = json!({"items": [{"location_id": 1, "sku": "MUG", "quantity": 7}]});
    let done = bench.ok("PUT", "/v3/inventory/adjustments/absolute", body);
    stock.holds("put", "/inventory/adjustments/absolute", "200", &done);
    let body = json!({"items": [{"location_id": 1, "sku": "NONE", "quantity": 7}]});
    let (_, refused) = bench.call("POST", "/v3/inventory/adjustments/relative", body);
    stock.holds("post", "/inventory/adjustments/relative", "422", &refused);
    let places = Contract::load(documents, "locations.v3.yml");
    places.holds("get", "/inventory/locations", "200", &bench.get("/v3/inventory/locations"));
}

/// The prose of the documents says that some ids may be null, and their types forget to.
fn without_null(object: &mut Value, field: &str) {
    object.as_object_mut().expect("an object").retain(|name, value| name != field || !value.is_null());
}

fn check_catalogue(documents: &Documents, bench: &mut Bench) {
    let products = Contract::load(documents, "products_catalog.v3.yml");
    let mut listed = bench.get("/v3/catalog/products?include=variants,options");
    for product in listed["data"].as_array_mut().expect("products") {
        without_null(product, "base_variant_id");
    }
    products.holds("get", "/catalog/products", "200", &listed);
    let id = listed["data"][0]["id"].clone();
    let one = bench.get(&format!("/v3/catalog/products/{id}"));
    products.holds("get", "/catalog/products/{product_id}", "200", &one);
    let changed = bench.ok("PUT", "/v3/catalog/products", json!([{"id": id, "price": 7.5}]));
    products.holds("put", "/catalog/products", "200", &changed);
    let variants = Contract::load(documents, "product-variants_catalog.v3.yml");
    let of = bench.get(&format!("/v3/catalog/products/{id}/variants"));
    variants.holds("get", "/catalog/products/{product_id}/variants", "200", &of);
    let prices = Contract::load(documents, "price_lists.v3.yml");
    let list = bench.ok("POST", "/v3/pricelists", json!({"name": "Trade"}))["data"]["id"].clone();
    let path = format!("/v3/pricelists/{list}/records");
    let row = json!([{"sku": "MUG", "currency": "eur", "price": 6.5}]);
    prices.holds("put", "/pricelists/{price_list_id}/records", "200", &bench.ok("PUT", &path, row));
    prices.holds("get", "/pricelists/{price_list_id}/records", "200", &bench.get(&path));
}

fn check_people(documents: &Documents, bench: &mut Bench) {
    let people = Contract::load(documents, "customers.v3.yml");
    people.holds("get", "/customers", "200", &bench.get("/v3/customers?include=addresses"));
    let form = json!([{"email": "bea@example.com", "first_name": "Bea", "last_name": "Reis"}]);
    people.holds("post", "/customers", "200", &bench.ok("POST", "/v3/customers", form));
    let channels = Contract::load(documents, "channels.v3.yml");
    channels.holds("get", "/channels", "200", &bench.get("/v3/channels"));
    let hooks = Contract::load(documents, "webhooks.v3.yml");
    let form = json!({"scope": "store/order/*", "destination": "https://hub.example/x", "headers": {"a": "b"}});
    hooks.holds("post", "/hooks", "200", &bench.ok("POST", "/v3/hooks", form));
    hooks.holds("get", "/hooks", "200", &bench.get("/v3/hooks"));
    hooks.holds("get", "/hooks/admin", "200", &bench.get("/v3/hooks/admin"));
    let (_, refused) = bench.call("POST", "/v3/hooks", json!({"scope": "nothing", "destination": "x"}));
    hooks.holds("post", "/hooks", "422", &refused);
}

fn check_notices(documents: &Documents, bench: &Bench) -> usize {
    let mut checked = std::collections::BTreeSet::new();
    for delivery in &bench.outbox {
        let file = documents.folder.join("callbacks").join(format!("{}.yml", delivery.topic.replace('/', "_")));
        if !checked.contains(&delivery.topic) && file.is_file() {
            let schema = load(&file)["properties"][&delivery.topic].clone();
            let body = serde_json::from_slice(&delivery.body).expect("JSON");
            assert!(schema.is_object(), "{}", delivery.topic);
            documents.check(&delivery.topic, schema, &body);
            checked.insert(delivery.topic.clone());
        }
    }
    checked.len()
}

#[test]
fn replies_and_notices_have_the_vendors_shapes() {
    let Some(documents) = documents() else {
        println!("skipped: LOCKSTEP_REFERENCE does not name a folder with specs/bigcommerce, or PyYAML is missing");
        return;
    };
    let (mut bench, sent, collected) = busy();
    check_orders(&documents, &mut bench, sent, collected);
    check_payments(&documents, &mut bench, sent);
    check_stock(&documents, &mut bench);
    check_catalogue(&documents, &mut bench);
    check_people(&documents, &mut bench);
    bench.settle();
    let checked = check_notices(&documents, &bench);
    assert!(checked >= 18, "{checked} kinds of notices were seen");
    let faults = documents.faults.into_inner();
    assert!(faults.is_empty(), "{faults:#?}");
}
