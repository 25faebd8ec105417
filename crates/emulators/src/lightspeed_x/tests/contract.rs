//! Replies held against the vendor's OpenAPI documents, when a copy of them is at hand.
//!
//! The documents are not part of this repository: `LOCKSTEP_REFERENCE` names the folder that holds
//! `specs/lightspeed-x/`. The date version's shapes are held strictly; where its document is silent, those of API 2.0
//! stand in, and there more fields than listed are allowed.

use super::{Bench, text, till_sale};
use serde_json::{Value, json};
use std::path::PathBuf;

/// One document's schemas as one JSON Schema document.
struct Contract {
    definitions: Value,
}

impl Contract {
    fn load(name: &str, is_strict: bool) -> Option<Self> {
        let Some(folder) = std::env::var_os("LOCKSTEP_REFERENCE") else {
            println!("skipped: LOCKSTEP_REFERENCE names no folder with the vendor's documents");
            return None;
        };
        let path = PathBuf::from(folder).join("specs/lightspeed-x").join(name);
        let text = std::fs::read_to_string(path).expect("the vendor's document");
        let text = text.replace("#/components/schemas/", "#/$defs/");
        let document: Value = serde_json::from_str(&text).expect("JSON");
        let mut definitions = document["components"]["schemas"].clone();
        for schema in definitions.as_object_mut().expect("schemas").values_mut() {
            translate(schema, is_strict);
        }
        Some(Self { definitions })
    }

    fn holds(&self, schema: &str, instance: &Value) {
        assert!(!self.definitions[schema].is_null(), "{schema} is in the document");
        let whole = json!({"$ref": format!("#/$defs/{schema}"), "$defs": self.definitions});
        let validator = jsonschema::validator_for(&whole).expect("a schema");
        let faults: Vec<String> =
            validator.iter_errors(instance).map(|fault| format!("{}: {fault}", fault.instance_path())).collect();
        assert!(faults.is_empty(), "{schema}: {faults:#?}\n{instance:#}");
    }

    fn holds_each(&self, schema: &str, rows: &Value) {
        let rows = rows.as_array().expect("rows");
        assert!(!rows.is_empty(), "there is a {schema} to look at");
        rows.iter().for_each(|row| self.holds(schema, row));
    }
}

/// OpenAPI's `nullable`; and, strictly, no fields that the vendor does not have.
fn translate(schema: &mut Value, is_strict: bool) {
    let Value::Object(fields) = schema else { return };
    if is_strict && fields.contains_key("properties") && !fields.contains_key("additionalProperties") {
        fields.insert("additionalProperties".into(), json!(false));
    }
    if let Some(Value::Object(properties)) = fields.get_mut("properties") {
        properties.values_mut().for_each(|nested| translate(nested, is_strict));
    }
    for name in ["items", "additionalProperties"] {
        if let Some(nested) = fields.get_mut(name) {
            translate(nested, is_strict);
        }
    }
    if fields.get("nullable") == Some(&json!(true)) {
        fields.remove("nullable");
        let plain = Value::Object(fields.clone());
        *schema = json!({"anyOf": [plain, {"type": "null"}]});
    }
}

/// A retailer to whom everything has happened once.
fn busy() -> Bench {
    let mut bench = Bench::stocked("10");
    let mut sale = till_sale("S1", &[("MUG", "2.33333"), ("WRAP", "1")]);
    sale["customer"] = json!({"reference": "C1", "given_name": "Ana", "email": "ana@example.com"});
    bench.act(sale);
    let line = json!({"sku": "MUG", "quantity": "1", "unit_price_minor": 1_200});
    bench.act(json!({"act": "web_order", "reference": "W1", "lines": [line]}));
    bench.act(json!({"act": "web_order", "reference": "W2", "lines": [line]}));
    bench.act(json!({"act": "cancel", "reference": "W2"}));
    bench.act(json!({"act": "return", "reference": "R1", "of": "S1", "location": "Harbour", "lines": [line], "restock": false}));
    bench.act(json!({"act": "return", "reference": "R2", "location": "Harbour", "lines": [line]}));
    bench.act(json!({"act": "transfer", "reference": "T1", "from": "High Street", "to": "Harbour", "lines": [line]}));
    for colour in ["Blue", "Red"] {
        let sku = format!("CUP-{colour}");
        bench.act(json!({"act": "put_item", "sku": sku, "title": colour, "product": "Cup", "option": colour, "barcode": "5012345678900"}));
    }
    let brand = bench.ok("POST", "brands", json!({"name": "House"}))["data"].clone();
    let supplier = bench.ok("POST", "suppliers", json!({"name": "Kiln Ltd"}))["data"].clone();
    let pot =
        json!({"name": "Pot", "sku": "POT", "brand_id": brand, "supplier_id": supplier, "price_including_tax": 24});
    bench.ok("POST", "products", pot);
    bench.act(json!({"act": "delete_item", "sku": "TEA"}));
    bench
}

#[test]
fn reads_have_the_shapes_of_the_date_version() {
    let Some(contract) = Contract::load("api-2026-07.hub-subset.openapi.json", true) else { return };
    let mut bench = busy();
    for (schema, path) in [
        ("Sale", "sales"),
        ("Product", "products?deleted=true"),
        ("Customer", "customers"),
        ("Consignment", "consignments"),
        ("StockAdjustment", "stock_adjustments"),
    ] {
        let page = bench.get(path);
        contract.holds_each(schema, &page["data"]);
        contract.holds("Version", &page["version"]);
        let past =
            bench.get(&format!("{path}{}after={}", if path.contains('?') { '&' } else { '?' }, page["version"]["max"]));
        contract.holds("Version", &past["version"]);
    }
    contract.holds_each("Webhook", &bench.get("webhooks")["data"]);
    contract.holds_each("Inventory", &bench.ok("POST", "inventory", json!({"include_deleted": true})));
    contract.holds_each("InventoryLevel", &bench.ok("POST", "inventory_levels", json!({})));
    let pot = bench.product("POT");
    contract.holds("Product", &bench.get(&format!("products/{pot}"))["data"]);
    contract.holds_each("InventoryLevel", &bench.get(&format!("inventory_levels/{pot}")));
}

#[test]
fn writes_are_taken_and_answered_in_the_shapes_of_the_date_version() {
    let Some(contract) = Contract::load("api-2026-07.hub-subset.openapi.json", true) else { return };
    let mut bench = busy();
    let body = bench.sale_body("closed", 1.25);
    contract.holds("SaleUpdateRequest", &body);
    let made = bench.ok("POST", "sales", body)["data"].clone();
    contract.holds("Sale", &made);
    let back = bench.ok("POST", &format!("sales/{}/actions/return", text(&made["id"])), Value::Null);
    contract.holds("Sale", &back["data"]);
    let (mug, place) = (bench.product("MUG"), bench.outlet("Harbour"));
    let rows =
        json!({"stock_adjustments": [{"product_id": mug, "outlet_id": place, "quantity": "-1", "reason": "DAMAGE"}]});
    contract.holds("CreateStockAdjustmentsRequest", &rows);
    contract.holds_each("StockAdjustment", &bench.ok("POST", "stock_adjustments", rows)["data"]);
    let remote = bench.ok("POST", "workflows/remote_rules", json!({"url": "https://hub.example/rules"}));
    contract.holds("RemoteRule", &remote["data"]);
    let rule = json!({"event_type": "sale.created", "remote_rule_id": remote["data"]["id"]});
    contract.holds("Rule", &bench.ok("POST", "workflows/rules", rule)["data"]);
    let customer = json!({"first_name": "Bo", "last_name": null});
    contract.holds("Customer", &bench.ok("POST", "customers", customer)["data"]);
    for (method, path, body) in
        [("GET", "sales/none", Value::Null), ("POST", "sales", json!({})), ("POST", "webhooks", json!({}))]
    {
        contract.holds("Error", &bench.call(method, path, body).1);
    }
}

#[test]
fn what_the_date_version_leaves_out_has_the_shapes_of_2_0() {
    let Some(mut contract) = Contract::load("api-2.0.openapi.json", false) else { return };
    // The document calls a zone's name an object, and lets a time of deletion that is not there be no null.
    contract.definitions["Retailer"]["properties"]["timezone"] = json!({"type": "string"});
    contract.definitions["InventoryCountItem"]["properties"]["deleted_at"] = json!({"type": ["string", "null"]});
    let mut bench = busy();
    for (schema, path) in [
        ("OutletCollection", "outlets"),
        ("RegisterCollection", "registers"),
        ("TaxCollection", "taxes"),
        ("PaymentTypeCollection", "payment_types"),
        ("UserCollection", "users"),
        ("PriceBookCollection", "price_books"),
        ("BrandCollection", "brands"),
        ("SupplierCollection", "suppliers"),
        ("RetailerResponse", "retailer"),
    ] {
        contract.holds(schema, &bench.get(path));
    }
    let id = text(&bench.get("consignments")["data"][0]["id"]);
    contract.holds("ConsignmentProductCollection", &bench.get(&format!("consignments/{id}/products")));
    let place = bench.outlet("Harbour");
    let made = bench.ok("POST", "consignments", json!({"type": "SUPPLIER", "outlet_id": place}));
    let (id, mug) = (text(&made["data"]["id"]), bench.product("MUG"));
    let row = json!({"product_id": mug, "count": "2"});
    contract.holds("InventoryCountItemResponse", &bench.ok("POST", &format!("consignments/{id}/products"), row));
    let waiting =
        bench.get("sales")["data"].as_array().expect("sales").iter().find(|sale| sale["state"] == "pending").cloned();
    let waiting = text(&waiting.expect("a waiting order")["id"]);
    let done = bench.ok("POST", &format!("sales/{waiting}/fulfill"), json!({"fulfillment_type": "SHIPPED"}));
    contract.holds("FulfillmentResponse", &done);
}
