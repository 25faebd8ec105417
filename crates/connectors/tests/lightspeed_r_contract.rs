//! Every request R-Series's dictionary can make, and every fixture its tests are fed with, against the vendor's own
//! lists of endpoints, fields, relations and sort fields.
//!
//! Runs when `LOCKSTEP_REFERENCE` names the folder of the vendors' files; otherwise it says that it did not. The vendor
//! publishes no machine-readable contract: the file is made of the reference pages. What is known from samples on those
//! pages but missing in their tables is listed here by name, so that a misspelt field does not pass.

#[path = "lightspeed_r/desk.rs"]
#[expect(dead_code, reason = "the contract needs only a part of the tests' language")]
mod desk;
#[path = "lightspeed_r/papers.rs"]
#[expect(dead_code, reason = "the contract needs only a part of the documents' language")]
mod papers;

use connectors::{Effect, Question, Reply, Request};
use desk::{account, at, batch, fixture, item, listing, listing_batch, r_series, reply, sent, shop, step};
use model::{CustomerKey, DocumentKey, WriteMode};
use serde_json::{Value, json};

/// Parameters of every list.
const PARAMETERS: [&str; 4] = ["limit", "archived", "sort", "load_relations"];

/// Fields that only samples show: resource and name.
const SAMPLED: [(&str, &str); 12] = [
    ("Sale", "isTaxInclusive"),
    ("Sale", "ticketNumber"),
    ("Sale", "updateTime"),
    ("Item", "Prices"),
    ("ItemShop", "onWorkorder"),
    ("Contact", "custom"),
    ("Contact", "Addresses"),
    ("Contact", "Phones"),
    ("Contact", "Emails"),
    ("Contact", "Websites"),
    ("Account", "accountID"),
    ("Account", "name"),
];

/// What holds a relation, and the rows in it.
const RELATIONS: [(&str, &str); 8] = [
    ("SalePayments", "SalePayment"),
    ("SaleLines", "SaleLine"),
    ("ItemShops", "ItemShop"),
    ("Prices", "ItemPrice"),
    ("Contact", "Contact"),
    ("Addresses", "ContactAddress"),
    ("Phones", "ContactPhone"),
    ("Emails", "ContactEmail"),
];

/// Fields of e-mail addresses, telephone numbers and postal addresses, which the pages describe in words.
const CONTACT_PARTS: [&str; 9] =
    ["address", "number", "useType", "address1", "address2", "city", "state", "zip", "country"];

struct Contract(Value);

impl Contract {
    /// `None`, said aloud, when the reference is not there.
    fn load() -> Option<Self> {
        #[expect(clippy::disallowed_methods, reason = "the reference is outside the repository")]
        let Ok(folder) = std::env::var("LOCKSTEP_REFERENCE") else {
            println!("skipped: LOCKSTEP_REFERENCE is not set");
            return None;
        };
        let path = format!("{folder}/specs/lightspeed-r/r-series-v3.endpoints.json");
        let bytes = std::fs::read(&path).unwrap_or_else(|error| panic!("{path}: {error}"));
        let whole: Value = serde_json::from_slice(&bytes).expect("the reference is JSON");
        Some(Self(whole["endpoints"].clone()))
    }

    fn endpoint(&self, resource: &str) -> &Value {
        let endpoint = &self.0[resource.to_lowercase()];
        assert!(endpoint.is_object(), "there is no endpoint {resource}");
        endpoint
    }

    /// What the reference says of a field of a resource, wherever it describes that resource.
    fn field(&self, resource: &str, name: &str) -> Option<&Value> {
        let endpoints = self.0.as_object().expect("endpoints by name").values();
        endpoints.map(|endpoint| &endpoint["fields"][resource][name]).find(|field| field.is_object())
    }

    fn knows(&self, resource: &str, name: &str) -> bool {
        let sampled = SAMPLED.contains(&(resource, name));
        // The parts of a contact are described in words only.
        sampled || resource.starts_with("Contact") || self.field(resource, name).is_some()
    }

    fn accept(&self, request: &Request) {
        let (method, path) = (request.http.method().as_str(), request.http.uri().path());
        let own =
            path.strip_prefix("/API/V3/Account").and_then(|rest| rest.strip_suffix(".json")).expect("V3 and JSON");
        let parts: Vec<&str> = own.trim_start_matches('/').split('/').collect();
        let (page, resource) = match parts[..] {
            [_, "Inventory", "Transfer", _, "AddItems"] => ("inventory-transfer-transferitems", "TransferItem"),
            [_, "Inventory", "Transfer"] => ("inventory-transfer", "Transfer"),
            [_, "Sale", _, "refund"] => ("sale-refund", "Sale"),
            [_, resource, ..] => (resource, resource),
            _ => ("Account", "Account"),
        };
        let endpoint = self.endpoint(page);
        self.defined(endpoint, method, path);
        for pair in request.http.uri().query().into_iter().flat_map(|query| query.split('&')) {
            let (name, value) = pair.split_once('=').expect("a name and a value");
            self.parameter(endpoint, resource, name, &decoded(value));
        }
        assert_eq!(request.effect == Effect::Read, method == "GET", "{method} {path}");
        if method == "GET" {
            assert!(request.http.body().is_empty());
        } else {
            let body = serde_json::from_slice(request.http.body()).expect("the body is JSON");
            // A list of rows by itself stands for each of them.
            match body {
                Value::Object(whole) if resource == "TransferItem" => {
                    whole["TransferItems"].as_array().expect("rows").iter().for_each(|row| self.written(resource, row));
                }
                body => self.written(resource, &body),
            }
        }
    }

    fn defined(&self, endpoint: &Value, method: &str, path: &str) {
        let fits = |definition: &str| {
            let Some((own, template)) = definition.split_once(' ') else { return false };
            let (template, path): (Vec<&str>, Vec<&str>) = (template.split('/').collect(), path.split('/').collect());
            let same = |(part, own): (&&str, &&str)| part.starts_with('{') || part == own;
            own == method && template.len() == path.len() && template.iter().zip(&path).all(same)
        };
        let definitions = endpoint["definitions"].as_array().expect("definitions");
        assert!(definitions.iter().filter_map(Value::as_str).any(fits), "there is no {method} {path}");
        let action = match method {
            "PUT" => "PUT/Update",
            "POST" => "POST/Create",
            _ => "GET/Read (query)",
        };
        // The pages of transfers list their definitions only.
        let silent = endpoint["actions"].as_object().is_some_and(serde_json::Map::is_empty);
        assert!(silent || endpoint["actions"][action] == json!(true), "{action} of {path}");
    }

    fn parameter(&self, endpoint: &Value, resource: &str, name: &str, value: &str) {
        let listed = |list: &str, name: &str| {
            endpoint[list].as_array().into_iter().flatten().any(|own| own.as_str() == Some(name))
        };
        match name {
            "sort" => assert!(listed("sortable", value.trim_start_matches('-')), "{resource} is not sorted by {value}"),
            "load_relations" => {
                let relations: Vec<String> = serde_json::from_str(value).expect("relations are a JSON array");
                assert!(relations.iter().all(|own| listed("relations", own)), "{resource} has no {value}");
            }
            "limit" => assert!(value.parse::<u32>().is_ok_and(|limit| limit <= 100)),
            "archived" => assert!(["true", "false", "only"].contains(&value)),
            _ => {
                assert!(self.field(resource, name).is_some(), "{resource} has no field {name} to filter by");
                filter(value);
            }
        }
        assert!(PARAMETERS.contains(&name) || self.field(resource, name).is_some());
    }

    /// What is written must be known, of the right type, and not read-only.
    fn written(&self, resource: &str, body: &Value) {
        for (name, value) in body.as_object().expect("an object") {
            assert!(self.knows(resource, name), "{resource} has no field {name}");
            if let Some((_, inner)) = RELATIONS.iter().find(|(holder, _)| holder == name) {
                if inner == name {
                    self.written(inner, value);
                    continue;
                }
                for row in value[inner].as_array().expect("rows") {
                    self.written(inner, row);
                }
                continue;
            }
            if resource.starts_with("Contact") && value.is_string() {
                assert!(CONTACT_PARTS.contains(&name.as_str()), "{resource} has no field {name}");
                continue;
            }
            let field = self.field(resource, name).expect("a scalar is in the tables");
            assert_ne!(field["read_only"], json!(true), "{resource}.{name} is read-only");
            let text = value.as_str().expect("scalars are sent as text");
            let fits = match field["type"].as_str().expect("a type") {
                "integer" => text.parse::<i64>().is_ok(),
                "float" => text.parse::<f64>().is_ok(),
                "string" => true,
                "boolean" => ["true", "false"].contains(&text),
                "datetime" => model::Instant::parse(text).is_ok(),
                other => panic!("{resource}.{name} is a {other}"),
            };
            assert!(fits, "{resource}.{name} is {text}");
        }
    }

    /// What is read must be known.
    fn read(&self, resource: &str, value: &Value) {
        for (name, value) in value.as_object().expect("an object") {
            if name == "link" {
                continue;
            }
            assert!(self.knows(resource, name), "{resource} has no field {name}");
            let Some((_, inner)) = RELATIONS.iter().find(|(holder, _)| holder == name) else { continue };
            let rows = if inner == name { value } else { &value[inner] };
            match rows {
                Value::Array(rows) => rows.iter().for_each(|row| self.read(inner, row)),
                Value::Object(_) => self.read(inner, rows),
                _ => assert_eq!(value, "", "{resource}.{name}"),
            }
        }
    }
}

/// `>=,2026-…`, `>,17` or `IN,[1,2]`.
fn filter(value: &str) {
    // Without an operator the field has to be equal.
    let Some((operator, operand)) = value.split_once(',') else { return assert!(!value.is_empty()) };
    match operator {
        "IN" => {
            let ids: Vec<u64> = serde_json::from_str(operand).expect("ids are a JSON array");
            assert!(!ids.is_empty() && ids.len() <= 100);
        }
        ">" => assert!(operand.parse::<u64>().is_ok(), "{operand}"),
        ">=" => assert!(model::Instant::parse(operand).is_ok(), "{operand}"),
        other => panic!("there is no operator {other}"),
    }
}

fn decoded(text: &str) -> String {
    let mut parts = text.split('%');
    let mut bytes = parts.next().unwrap_or_default().as_bytes().to_vec();
    for part in parts {
        bytes.push(u8::from_str_radix(&part[..2], 16).expect("two digits"));
        bytes.extend_from_slice(&part.as_bytes()[2..]);
    }
    String::from_utf8(bytes).expect("text")
}

fn questions() -> Vec<Question> {
    let since = at("2026-11-21T17:04:11Z");
    vec![
        Question::Locations { cursor: None },
        Question::Catalogue { since: None, cursor: None },
        Question::Catalogue { since: Some(since), cursor: None },
        Question::Levels { cursor: None },
        Question::LevelsSince { since, cursor: None },
        Question::LevelsOf { rows: vec![(item("401"), shop("1")), (item("405"), shop("2"))] },
        Question::Orders { since, cursor: None },
        Question::OrdersOf { documents: vec![DocumentKey::new("8101"), DocumentKey::new("8102")] },
        Question::Customers { since: None, cursor: None },
        Question::Customers { since: Some(since), cursor: None },
        Question::CustomersOf { customers: vec![CustomerKey::new("55")] },
        Question::Access,
    ]
}

#[test]
fn every_question_is_one_that_the_vendor_defines() {
    let Some(contract) = Contract::load() else { return };
    for question in questions() {
        contract.accept(&r_series().ask(&question, &account()).expect("the question can be asked"));
    }
}

#[test]
fn every_request_of_a_write_is_one_that_the_vendor_defines() {
    let Some(contract) = Contract::load() else { return };
    let wanted = batch(WriteMode::Lower, &[("401", "1", 13, 11), ("401", "2", -2, -3)]);
    let replies: [Reply; 4] = [
        reply(200, &fixture("inventory_log")),
        reply(200, &fixture("item_shops").replacing_next()),
        reply(200, &fixture("item_put")),
        reply(200, &fixture("nothing")),
    ];
    for length in 0..replies.len() {
        contract.accept(&sent(step(&wanted, true, &replies[..length])));
    }
    let from = listing("Apron", Some(100), &["036000291452"]);
    let wanted = listing_batch(vec![("401", from, listing("Apron, long", Some(250), &["4006381333931"]))]);
    contract.accept(&sent(step(&wanted, true, &[])));
}

/// Every request of a document whose requests are answered with these.
fn accept_all(contract: &Contract, document: &connectors::Document, first: bool, replies: &[Reply]) {
    for known in 0..replies.len() {
        contract.accept(&papers::sent(document, first, &replies[..known]));
    }
}

#[test]
fn every_request_of_a_document_is_one_that_the_vendor_defines() {
    let Some(contract) = Contract::load() else { return };
    let lines = || vec![papers::line("401", "2", Some(199))];
    let made = papers::made;
    let sale = || made("Sale", "saleID", "8200");
    let order = papers::order(lines(), Some("55"));
    accept_all(&contract, &order, false, &[papers::nothing(), papers::registers(), papers::employees(), sale()]);
    let refund = papers::refund(2_399, &[("9001", "2")], true);
    let back = json!({"saleLineID": "9100", "saleID": "8300", "parentSaleLineID": "9001", "unitQuantity": "-1",
        "createTime": "2026-11-21T18:00:03+00:00"});
    let other = json!({"saleID": "8300", "referenceNumber": "till-5", "voided": "false"});
    let looked = [papers::list("SaleLine", &[back]), papers::list("Sale", &[other])];
    let paid = [papers::sold(), papers::paid_by("1"), papers::registers(), sale()];
    accept_all(&contract, &refund, false, &[&looked[..], &paid[..]].concat());
    let customer = || made("Customer", "customerID", "91");
    accept_all(&contract, &papers::customer(None, papers::ines()), false, &[papers::nothing(), customer()]);
    accept_all(&contract, &papers::customer(Some("55"), papers::ines()), true, &[customer()]);
    let known = json!({"transferID": "31", "note": papers::REFERENCE});
    let transfer = papers::transfer(lines());
    let found = papers::list("Transfer", &[known]);
    let item = || made("TransferItem", "transferItemID", "1");
    accept_all(&contract, &transfer, false, &[found.clone(), found, item()]);
    accept_all(&contract, &transfer, true, &[made("Transfer", "transferID", "31"), item()]);
    let purchase = papers::purchase(lines());
    let vendor = papers::list("Vendor", &[json!({"vendorID": "9", "name": "Potter & Sons"})]);
    let line = || made("OrderLine", "orderLineID", "1");
    let order = || made("Order", "orderID", "71");
    accept_all(&contract, &purchase, false, &[papers::nothing(), vendor, order(), line()]);
    let known = papers::list("Order", &[json!({"orderID": "71", "refNum": papers::REFERENCE})]);
    accept_all(&contract, &purchase, false, &[known, papers::nothing(), line()]);
}

trait ReplacingNext {
    /// The same list as its last page.
    fn replacing_next(&self) -> Vec<u8>;
}

impl ReplacingNext for Vec<u8> {
    fn replacing_next(&self) -> Vec<u8> {
        let mut body: Value = serde_json::from_slice(self).expect("the fixture is JSON");
        body["@attributes"]["next"] = json!("");
        body.to_string().into_bytes()
    }
}

#[test]
fn every_fixture_has_only_fields_that_the_vendor_knows() {
    let Some(contract) = Contract::load() else { return };
    let fixtures = [
        ("shops", "Shop"),
        ("items", "Item"),
        ("items_end", "Item"),
        ("item_shops", "ItemShop"),
        ("item_shops_end", "ItemShop"),
        ("sales", "Sale"),
        ("sales_page_1", "Sale"),
        ("customers", "Customer"),
        ("account", "Account"),
        ("inventory_log", "InventoryLog"),
        ("item_put", "Item"),
    ];
    for (name, resource) in fixtures {
        let body: Value = serde_json::from_slice(&fixture(name)).expect("the fixture is JSON");
        match &body[resource] {
            Value::Array(rows) => rows.iter().for_each(|row| contract.read(resource, row)),
            one => contract.read(resource, one),
        }
    }
}

#[test]
fn a_misspelt_field_and_one_that_is_read_only_break_the_contract() {
    let Some(contract) = Contract::load() else { return };
    assert!(contract.knows("ItemShop", "qoh") && !contract.knows("ItemShop", "qho"));
    assert!(contract.knows("Item", "ean") && !contract.knows("Item", "barcode"));
    assert_eq!(contract.field("Item", "systemSku").map(|field| &field["read_only"]), Some(&json!(true)));
    let stamped = contract.field("Sale", "timeStamp").expect("it is in the tables");
    assert_eq!(stamped["type"], "datetime");
}

#[test]
fn the_log_is_read_with_the_scope_that_its_page_names() {
    let Some(contract) = Contract::load() else { return };
    let named = |resource: &str, scope: &str| {
        let ours = r_series().abilities().scopes.iter().any(|own| own.name == scope);
        let theirs = contract.endpoint(resource)["scopes"].as_array().expect("scopes");
        assert!(ours && theirs.iter().any(|own| own.as_str() == Some(scope)), "{resource}: {scope}");
    };
    named("InventoryLog", "employee:inventory_log");
    named("ItemShop", "employee:inventory_read");
    named("ItemShop", "employee:inventory");
}
