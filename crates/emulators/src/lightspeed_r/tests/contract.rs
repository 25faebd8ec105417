//! Answers held against the members and kinds of the vendor's reference, when a copy of it is at hand.
//!
//! The list is not part of this repository: `LOCKSTEP_REFERENCE` names the folder that holds
//! `specs/lightspeed-r/r-series-v3.endpoints.json`. From its member lists a JSON Schema is made, in which every scalar
//! is a string of its kind. What is seen to be answered beside the reference is allowed by name.

use super::{Bench, line, rows, till_sale};
use crate::lightspeed_r::resources::ALL;
use serde_json::{Map, Value, json};
use std::path::PathBuf;

const DOCUMENT: &str = "specs/lightspeed-r/r-series-v3.endpoints.json";

/// Endpoint of the list, object in it, path to read, members answered beside the reference.
const CHECKED: [(&str, &str, &str, &[&str]); 19] = [
    ("item", "Item", "Item.json?load_relations=%5B%22ItemShops%22%2C%22Category%22%2C%22TaxClass%22%5D", &["Prices"]),
    ("itemshop", "ItemShop", "ItemShop.json", &["onWorkorder"]),
    ("itemmatrix", "ItemMatrix", "ItemMatrix.json", &[]),
    (
        "sale",
        "Sale",
        "Sale.json?load_relations=%5B%22SaleLines%22%2C%22SalePayments%22%2C%22Customer%22%2C%22TaxCategory%22%5D",
        &["isTaxInclusive", "updateTime", "receiptPreference", "displayableSubtotal", "ticketNumber", "taxTotal"],
    ),
    ("saleline", "SaleLine", "SaleLine.json?load_relations=%5B%22Item%22%2C%22TaxClass%22%5D", &[]),
    ("salepayment", "SalePayment", "SalePayment.json?load_relations=%5B%22PaymentType%22%5D", &[]),
    ("salevoid", "SaleVoid", "SaleVoid.json", &[]),
    ("customer", "Customer", "Customer.json?load_relations=%5B%22Contact%22%5D", &[]),
    ("inventorylog", "InventoryLog", "InventoryLog.json", &[]),
    ("inventorycount", "InventoryCount", "InventoryCount.json", &[]),
    ("inventorycountitem", "InventoryCountItem", "InventoryCountItem.json", &[]),
    ("inventorycountreconcile", "InventoryCountReconcile", "InventoryCountReconcile.json", &[]),
    ("inventory-transfer", "Transfer", "Inventory/Transfer.json?archived=true", &["createdByEmployeeID"]),
    ("inventory-transfer-transferitems", "TransferItem", "Inventory/Transfer/1/TransferItems.json", &[]),
    ("vendor", "Vendor", "Vendor.json", &[]),
    (
        "shop",
        "Shop",
        "Shop.json?load_relations=%5B%22Registers%22%5D",
        &["timeStamp", "companyRegistrationNumber", "vatNumber"],
    ),
    ("register", "Register", "Register.json", &["archived"]),
    ("paymenttype", "PaymentType", "PaymentType.json", &[]),
    ("taxcategory", "TaxCategory", "TaxCategory.json", &[]),
];

/// The schema of one object: known members only, strings of their kind, relations as objects or empty.
fn schema(fields: &Map<String, Value>, beside: &[&str]) -> Value {
    let mut properties = Map::new();
    for (name, field) in fields {
        let kind = match field["type"].as_str().unwrap_or_default() {
            "integer" => json!({"type": "string", "pattern": "^-?[0-9]+$"}),
            "float" => json!({"type": "string", "pattern": "^-?[0-9]+(\\.[0-9]+)?$"}),
            "boolean" | "bool" => json!({"enum": ["true", "false"]}),
            "datetime" => json!({"type": "string", "pattern": "^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9:]{8}\\+00:00$"}),
            "enum" => json!({"type": "string", "enum": field["enum"]}),
            "object" | "reference" | "collection" => json!({"type": ["object", "string"]}),
            _ => json!({"type": "string"}),
        };
        properties.insert(name.clone(), kind);
    }
    for name in beside {
        properties.insert((*name).to_owned(), json!({}));
    }
    json!({"type": "object", "properties": properties, "additionalProperties": false})
}

/// An account on which everything has happened once.
fn busy() -> Bench {
    let mut bench = Bench::stocked("10");
    bench.act(json!({"act": "put_item", "sku": "CUP", "title": "Cup", "barcode": "5012345678900", "product": "Cup", "option": "Blue"}));
    let mut sale = till_sale("S1", &[line("MUG", "2"), line("WRAP", "1")]);
    sale["customer"] = json!({"reference": "C1", "given_name": "Ana", "email": "ana@example.com", "phone": "1"});
    bench.act(sale);
    bench.sell("S2", "TEA", "1");
    bench.act(json!({"act": "void", "reference": "S2"}));
    bench.act(
        json!({"act": "return", "reference": "R1", "of": "S1", "location": "Harbour", "lines": [line("MUG", "1")]}),
    );
    bench.act(json!({"act": "transfer", "reference": "T1", "from": "Harbour", "to": "High Street", "lines": [line("TEA", "1")]}));
    bench.ok("POST", "Vendor.json", json!({"name": "Acme"}));
    bench.ok("POST", "Sale.json", json!({"employeeID": 1, "registerID": 1, "shopID": 1}));
    bench
}

fn reference() -> Option<Value> {
    let Some(folder) = std::env::var_os("LOCKSTEP_REFERENCE") else {
        println!("skipped: LOCKSTEP_REFERENCE does not name a folder with {DOCUMENT}");
        return None;
    };
    let text = std::fs::read_to_string(PathBuf::from(folder).join(DOCUMENT)).expect("the vendor's reference");
    Some(serde_json::from_str(&text).expect("JSON"))
}

/// What the endpoint list calls a resource, where that is not its name in small letters.
fn endpoint_of(resource: &str) -> String {
    match resource {
        "Transfer" => "inventory-transfer".into(),
        "TransferItem" => "inventory-transfer-transferitems".into(),
        name => name.to_lowercase(),
    }
}

#[test]
fn every_relation_order_and_scalar_of_the_reference_may_be_asked_for() {
    let Some(reference) = reference() else { return };
    let mut missing = Vec::new();
    for resource in ALL {
        let endpoint = &reference["endpoints"][endpoint_of(resource.name)];
        for path in endpoint["relations"].as_array().expect("relations") {
            if !resource.relations.iter().any(|known| path == known.path) {
                missing.push(format!("{} relation {path}", resource.name));
            }
        }
        for field in endpoint["sortable"].as_array().expect("sort fields") {
            if !resource.sortable.iter().any(|known| field == known) {
                missing.push(format!("{} sort {field}", resource.name));
            }
        }
        let object = if resource.name == "OrderShipment" { "Order Shipment" } else { resource.name };
        for (name, field) in endpoint["fields"][object].as_object().expect("members") {
            let scalar = !matches!(field["type"].as_str(), Some("object" | "reference" | "collection"));
            // The reference calls these two of a tax class strings; they are lists of other rows.
            let lists = resource.name == "TaxClass" && matches!(name.as_str(), "Items" | "SaleLines");
            if scalar && !lists && !resource.knows(name) {
                missing.push(format!("{} field {name}", resource.name));
            }
        }
    }
    assert_eq!(missing, Vec::<String>::new());
}

#[test]
fn answers_have_the_members_and_kinds_of_the_reference() {
    let Some(reference) = reference() else { return };
    let mut bench = busy();
    for (endpoint, object, path, beside) in CHECKED {
        let fields = reference["endpoints"][endpoint]["fields"][object].as_object().expect("members");
        let validator = jsonschema::validator_for(&schema(fields, beside)).expect("a schema");
        let found = rows(&bench.get(path)[object]);
        assert!(!found.is_empty(), "{path} shows nothing");
        for row in &found {
            let faults: Vec<String> =
                validator.iter_errors(row).map(|fault| format!("{}: {fault}", fault.instance_path())).collect();
            assert!(faults.is_empty(), "{path}: {faults:#?}\n{row:#}");
        }
    }
}
