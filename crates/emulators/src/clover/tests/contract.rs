//! Replies held against an OpenAPI document made from the vendor's pages, when a copy of it is at hand.
//!
//! The document is not part of this repository: `LOCKSTEP_REFERENCE` names the folder that holds it. It is YAML, which
//! Python turns into JSON here; without Python the test is skipped, and says so.

use super::{Bench, lines, text, till_sale};
use serde_json::{Value, json};
use std::path::{Path, PathBuf};
use std::process::Command;

const DOCUMENT: &str = "specs/clover/clover-platform-rest-v3.derived.openapi.yml";
const TO_JSON: &str = "import json, sys, yaml; json.dump(yaml.safe_load(open(sys.argv[1])), sys.stdout)";

/// The document's schemas as one JSON Schema document.
struct Contract {
    definitions: Value,
}

impl Contract {
    fn load() -> Option<Self> {
        let Some(folder) = std::env::var_os("LOCKSTEP_REFERENCE") else {
            println!("skipped: LOCKSTEP_REFERENCE does not name a folder with {DOCUMENT}");
            return None;
        };
        let document = read_yaml(&PathBuf::from(folder).join(DOCUMENT))?;
        let mut definitions = document["components"]["schemas"].clone();
        for schema in definitions.as_object_mut().expect("schemas").values_mut() {
            amend(schema);
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

    /// A list has its envelope, something in it, and every element holds.
    fn all_hold(&self, schema: &str, bench: &mut Bench, path: &str) {
        let answer = bench.get(path);
        assert!(answer["href"].is_string(), "{path} has its own address");
        let all = answer["elements"].as_array().expect("elements");
        assert!(!all.is_empty(), "{path} lists something");
        all.iter().for_each(|one| self.holds(schema, one));
    }
}

fn read_yaml(path: &Path) -> Option<Value> {
    let python = Command::new("python3").args(["-c", TO_JSON]).arg(path).output();
    match python {
        Ok(output) if output.status.success() => Some(serde_json::from_slice(&output.stdout).expect("JSON")),
        _ => {
            println!("skipped: {} cannot be read: no python3 with PyYAML", path.display());
            None
        }
    }
}

/// No fields that the document does not have; and lists inside an object stand in `elements`, as the vendor's answers
/// show, which the document leaves out. A draft has no state.
fn amend(schema: &mut Value) {
    let Some(fields) = schema["properties"].as_object_mut() else { return };
    for field in fields.values_mut().filter(|field| field["type"] == json!("array")) {
        let list = field.take();
        *field = json!({"type": "object", "required": ["elements"], "properties": {"elements": list}});
    }
    if let Some(state) = fields.get_mut("state") {
        state["type"] = json!(["string", "null"]);
    }
    schema["additionalProperties"] = json!(false);
}

/// A merchant to whom everything has happened once.
fn busy() -> Bench {
    let mut bench = Bench::stocked();
    let mut sale = till_sale("S1", &[("MUG", "2", 700), ("TEA", "0.5", 1_250)]);
    sale["customer"] = json!({"reference": "ann", "given_name": "Ann", "email": "ann@example.com", "phone": "1"});
    bench.act(sale);
    bench.sell("S2", "MUG", "1");
    bench.act(json!({"act": "void", "reference": "S2"}));
    bench.act(json!({
        "act": "return", "reference": "R1", "of": "S1", "location": "High Street", "lines": lines(&[("MUG", "1", 0)]),
    }));
    bench.act(
        json!({"act": "return", "reference": "R2", "location": "High Street", "lines": lines(&[("TEA", "1", 9)])}),
    );
    bench
}

#[test]
fn replies_have_the_shapes_of_the_vendors_pages() {
    let Some(contract) = Contract::load() else { return };
    let mut bench = busy();
    let whole = "expand=lineItems,payments,refunds,credits,voids,customers,discounts";
    contract.all_hold("Order", &mut bench, &format!("/orders?{whole}"));
    contract.all_hold("Payment", &mut bench, "/payments?expand=refunds,tender");
    contract.all_hold("Item", &mut bench, "/items?expand=itemStock,categories,tags,taxRates,options,modifierGroups");
    contract.all_hold("Customer", &mut bench, "/customers?expand=emailAddresses,phoneNumbers,addresses,metadata");
    contract.all_hold("Employee", &mut bench, "/employees");
    let category = bench.ok("POST", "/categories", json!({"name": "Kitchen"}));
    contract.holds("Category", &category);
    contract.all_hold("Category", &mut bench, "/categories?expand=items");
}

#[test]
fn writes_are_answered_in_the_shapes_of_the_vendors_pages() {
    let Some(contract) = Contract::load() else { return };
    let mut bench = busy();
    let item =
        bench.ok("POST", "/items", json!({"name": "New", "price": 5, "priceType": "PER_UNIT", "unitName": "kg"}));
    contract.holds("Item", &item);
    let id = text(&item["id"]);
    contract.holds("Item", &bench.ok("POST", &format!("/items/{id}"), json!({"price": 6})));
    let order = bench.ok("POST", "/orders", json!({"state": "open", "total": 5}));
    contract.holds("Order", &order);
    let draft = bench.ok("POST", "/atomic_order/orders", json!({"orderCart": {"lineItems": [{"item": {"id": id}}]}}));
    contract.holds("Order", &draft);
    contract.holds("Order", &bench.ok("DELETE", &format!("/orders/{}", text(&order["id"])), Value::Null));
    contract.holds("Item", &bench.ok("DELETE", &format!("/items/{id}"), Value::Null));
    let customer =
        bench.ok("POST", "/customers", json!({"firstName": "Bo", "emailAddresses": [{"emailAddress": "b@c.d"}]}));
    contract.holds("Customer", &customer);
}
