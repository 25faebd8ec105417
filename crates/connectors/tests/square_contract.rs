//! Every request Square's dictionary can make, and every fixture its tests are fed with, against Square's own schemas.
//!
//! Runs when `LOCKSTEP_REFERENCE` names the folder of the vendors' files; otherwise it says that it did not. The OpenAPI
//! file is of 2025-08-20; where the field lists of 2026-09-16 differ, they win. Fields that no schema knows are refused,
//! so that a misspelt one does not pass.

#[path = "square/desk.rs"]
#[expect(dead_code, reason = "the contract needs only a part of the tests' language")]
mod desk;
#[path = "square/papers.rs"]
#[expect(dead_code, reason = "the contract needs only a part of the documents' language")]
mod papers;
#[path = "square/shelf.rs"]
mod shelf;

use connectors::{Question, Request, Trouble};
use desk::{account, app, at, batch, carry, fixture, item, place, reply, square};
use model::{CustomerKey, DocumentKey, WriteMode};
use serde_json::{Map, Value, json};

/// Square's schemas, the later version laid over the earlier one.
struct Contract {
    paths: Value,
    later_paths: Value,
    schemas: Value,
}

impl Contract {
    /// `None`, said aloud, when the reference is not there.
    fn load() -> Option<Self> {
        #[expect(clippy::disallowed_methods, reason = "the reference is outside the repository")]
        let Ok(folder) = std::env::var("LOCKSTEP_REFERENCE") else {
            println!("skipped: LOCKSTEP_REFERENCE is not set");
            return None;
        };
        let read = |name: &str| -> Value {
            let path = format!("{folder}/specs/square/{name}");
            let bytes = std::fs::read(&path).unwrap_or_else(|error| panic!("{path}: {error}"));
            serde_json::from_slice(&bytes).expect("the reference is JSON")
        };
        let mut openapi = read("square-openapi-2025-08-20.subset.json");
        let later = read("square-2026-09-16.delta.json");
        let mut schemas = openapi["components"]["schemas"].take();
        let fields = schemas.as_object_mut().expect("schemas by name");
        for (name, fresh) in later["types"].as_object().expect("types by name") {
            let known = fields.get(name).cloned().unwrap_or(Value::Null);
            let schema = newer(&known, fresh);
            fields.insert(name.clone(), schema);
        }
        for (name, fresh) in later["requests"].as_object().expect("requests by name") {
            if !fields.contains_key(name) {
                fields.insert(name.clone(), newer(&Value::Null, fresh));
            }
        }
        let names: Vec<String> = fields.keys().cloned().collect();
        close(&mut schemas, &names);
        Some(Self { paths: openapi["paths"].take(), later_paths: later["endpoints"].clone(), schemas })
    }

    fn check(&self, schema: &str, value: &Value, what: &str) {
        let faults = self.faults(schema, value);
        assert!(faults.is_empty(), "{what} against {schema}: {faults:#?}");
    }

    fn faults(&self, schema: &str, value: &Value) -> Vec<String> {
        assert!(self.schemas.get(schema).is_some(), "there is no schema {schema}");
        let whole = json!({"$ref": format!("#/components/schemas/{schema}"), "components": {"schemas": self.schemas}});
        let validator = jsonschema::validator_for(&whole).expect("the schemas are usable");
        validator.iter_errors(value).map(|fault| format!("{}: {fault}", fault.instance_path())).collect()
    }

    /// The operation a request is made to; its path may have parameters, its query only known names.
    fn operation(&self, request: &Request) -> &Value {
        let (path, method) = (request.http.uri().path(), request.http.method().as_str().to_lowercase());
        let fits = |template: &str| {
            let parts = |text: &str| text.split('/').map(str::to_owned).collect::<Vec<_>>();
            let (template, path) = (parts(template), parts(path));
            template.len() == path.len()
                && template.iter().zip(&path).all(|(part, own)| part.starts_with('{') || part == own)
        };
        let paths = self.paths.as_object().expect("operations by path");
        let found = paths.iter().find(|(template, _)| fits(template)).map(|(_, found)| found);
        let operation = &found.unwrap_or_else(|| panic!("there is no path {path}"))[&method];
        assert!(operation.is_object(), "there is no {method} {path}");
        let known: Vec<&str> =
            operation["parameters"].as_array().into_iter().flatten().filter_map(|own| own["name"].as_str()).collect();
        for pair in request.http.uri().query().into_iter().flat_map(|query| query.split('&')) {
            let name = pair.split('=').next().expect("split gives one part at least");
            assert!(known.contains(&name), "{method} {path} has no parameter {name}");
        }
        operation
    }

    fn accept(&self, request: &Request) {
        let operation = self.operation(request);
        let schema = &operation["requestBody"]["content"]["application/json"]["schema"]["$ref"];
        let what = request.http.uri().to_string();
        match schema.as_str() {
            Some(name) => {
                let body = serde_json::from_slice(request.http.body()).expect("the body is JSON");
                self.check(name.rsplit('/').next().expect("a reference ends in a name"), &body, &what);
            }
            None => assert!(request.http.body().is_empty(), "{what} takes no body"),
        }
    }
}

/// The later field list as a schema; what the earlier one says of a field that is still there is kept.
fn newer(known: &Value, fresh: &Value) -> Value {
    if fresh.get("enum").is_some_and(Value::is_array) {
        return json!({"type": "string", "enum": fresh["enum"]});
    }
    let mut properties = Map::new();
    let mut required = Vec::new();
    for (name, kind) in fresh.as_object().expect("fields by name") {
        let text = kind.as_str().expect("a field's type is text");
        if text.ends_with(" (required)") {
            required.push(json!(name));
        }
        let known = known["properties"].get(name).cloned();
        properties.insert(name.clone(), known.unwrap_or_else(|| field(text.trim_end_matches(" (required)"))));
    }
    json!({"type": "object", "properties": properties, "required": required})
}

fn field(kind: &str) -> Value {
    match kind {
        "string" | "boolean" => json!({"type": kind}),
        "int64" | "number" => json!({"type": "integer"}),
        "unknown" => json!({}),
        _ => match kind.strip_suffix("[]") {
            Some(element) => json!({"type": "array", "items": field(element)}),
            None if kind.starts_with("Record<") => json!({"type": "object"}),
            None => json!({"$ref": format!("#/components/schemas/{kind}")}),
        },
    }
}

/// Closes every object with known fields, opens references to types that neither file holds, and lets fields that may be
/// null be null.
fn close(value: &mut Value, names: &[String]) {
    match value {
        Value::Object(fields) => {
            let dangling = fields.get("$ref").and_then(Value::as_str).is_some_and(|reference| {
                let name = reference.rsplit('/').next().unwrap_or_default();
                !names.iter().any(|known| known == name)
            });
            if dangling {
                fields.remove("$ref");
            }
            let closed = fields.get("properties").is_some_and(|own| own.as_object().is_some_and(|own| !own.is_empty()))
                && fields.get("type") == Some(&json!("object"));
            if closed && !fields.contains_key("additionalProperties") {
                fields.insert("additionalProperties".to_owned(), json!(false));
            }
            if fields.get("nullable") == Some(&json!(true))
                && let Some(kind) = fields.get("type").filter(|kind| kind.is_string()).cloned()
            {
                fields.insert("type".to_owned(), json!([kind, "null"]));
            }
            fields.remove("examples");
            fields.remove("example");
            fields.values_mut().for_each(|inner| close(inner, names));
        }
        Value::Array(elements) => elements.iter_mut().for_each(|inner| close(inner, names)),
        _ => {}
    }
}

/// Every question in all its shapes.
fn questions() -> Vec<Question> {
    let since = at("2026-11-20T16:00:00Z");
    let cursor = || Some("cUrSoR".to_owned());
    let url = desk::URL.to_owned();
    vec![
        Question::Locations { cursor: None },
        Question::Catalogue { since: None, cursor: None },
        Question::Catalogue { since: Some(since), cursor: cursor() },
        Question::Levels { cursor: None },
        Question::Levels { cursor: cursor() },
        Question::LevelsOf {
            rows: vec![(item("VARCUPBLUE"), place("LPORTO1")), (item("VARCUPRED"), place("LBRAGA2"))],
        },
        Question::Orders { since, cursor: None },
        Question::Orders { since, cursor: Some("0:cUrSoR".to_owned()) },
        Question::OrdersOf { documents: vec![DocumentKey::new("oRdSale001")] },
        Question::Customers { since: None, cursor: None },
        Question::Customers { since: Some(since), cursor: cursor() },
        Question::CustomersOf { customers: vec![CustomerKey::new("CUSTELVIRA")] },
        Question::Access,
        Question::Subscriptions { cursor: None },
        Question::Subscriptions { cursor: cursor() },
        Question::Subscribe { url: url.clone(), present: vec![], since: model::Instant(0) },
        Question::Subscribe { url, present: vec!["order.created".to_owned()], since: model::Instant(0) },
    ]
}

#[test]
fn every_question_is_a_request_that_square_documents() {
    let Some(contract) = Contract::load() else { return };
    for question in questions() {
        contract.accept(&square().ask(&question, &account()).expect("it can be asked"));
    }
}

#[test]
fn every_batch_is_a_request_that_square_documents() {
    let Some(contract) = Contract::load() else { return };
    let drift = [("A", "L", "7", "5"), ("B", "L", "1", "-2.00001"), ("C", "L", "-5", "-2"), ("D", "L", "0", "0.33333")];
    let batches = [
        batch(WriteMode::Lower, &[("VARCUPBLUE", "LPORTO1", "11", "9")]),
        batch(WriteMode::Raise, &[("VARCUPBLUE", "LPORTO1", "-1000000000000", "1000000000000")]),
        batch(WriteMode::Correct, &drift),
    ];
    for batch in batches {
        let body = square().compose(&batch).expect("it can be said");
        contract.accept(&carry(&body, &account()).expect("it can be carried"));
    }
}

#[test]
fn every_write_of_listings_and_every_token_request_is_one_that_square_documents() {
    let Some(contract) = Contract::load() else { return };
    let batch = shelf::batch(|wanted| {
        wanted[0].price = None;
        wanted[1].title = model::Title::new("Green tea");
        wanted[2].price = wanted[0].price;
    });
    contract.accept(&shelf::sent(&batch, &[]));
    contract.accept(&shelf::sent(&batch, &[shelf::read()]));
    let grants = square().grants().expect("it has OAuth");
    let came = [("code".to_owned(), "sq0cgp-1".to_owned())];
    contract.accept(&grants.exchange(&app(), "https://hub.example.com/back", &came).expect("usable"));
    contract.accept(&grants.refresh(&app(), &connectors::Secret::new("EQAA")).expect("usable"));
}

#[test]
fn every_document_is_a_request_that_square_documents() {
    let Some(contract) = Contract::load() else { return };
    let person = model::Person { address: "Rua 1, Porto".into(), phone: "+351900000000".into(), ..papers::elvira() };
    let order = [papers::order(None), papers::order(Some("CUSTELVIRA"))];
    let people = [papers::customer(None, person.clone()), papers::customer(Some("CUSTELVIRA"), person)];
    for document in order.iter().chain(&people) {
        contract.accept(&papers::sent(document, true, &[]));
    }
    let refund = papers::refund(500, &[("cup", "1")], true);
    let replies =
        [papers::sold(&["pAy1"]), papers::paid("pAy1", 500, &["rF0"]), papers::refunded("rF0", "COMPLETED", "other")];
    for known in 0..=replies.len() {
        contract.accept(&papers::sent(&refund, false, &replies[..known]));
    }
    let mut made = replies.to_vec();
    made.push(papers::refunded("rF1", "PENDING", "by phone"));
    contract.accept(&papers::sent(&refund, false, &made));
    // Newer than the OpenAPI file: its path is in the list of what was added since.
    let transfer = papers::sent(&papers::transfer(vec![papers::line("VARTEA", "2", None)]), true, &[]);
    let path = json!({"m": transfer.http.method().as_str(), "p": transfer.http.uri().path()});
    assert!(contract.later_paths.as_array().is_some_and(|paths| paths.contains(&path)));
    contract.check("CreateTransferOrderRequest", &papers::body(&transfer), "the transfer order");
}

#[test]
fn a_misspelt_field_an_unknown_state_and_a_number_for_a_quantity_break_the_contract() {
    let Some(contract) = Contract::load() else { return };
    let body = square().compose(&batch(WriteMode::Lower, &[("A", "L", "2", "1")])).expect("it can be said");
    let body = String::from_utf8(body).expect("text");
    let changes =
        [("to_location_id", "location_id"), ("\"SOLD\"", "\"GONE\""), ("\"quantity\":\"1\"", "\"quantity\":1")];
    for (from, to) in changes {
        let broken = body.replace(from, to);
        assert_ne!(broken, body);
        let broken = serde_json::from_str(&broken).expect("still JSON");
        assert_eq!(contract.faults("BatchChangeInventoryRequest", &broken).len(), 1, "{to}");
    }
}

#[test]
fn an_adjustment_names_two_locations_as_it_must_since_2026() {
    let Some(contract) = Contract::load() else { return };
    let fields = contract.schemas["InventoryAdjustment"]["properties"].as_object().expect("fields by name");
    assert!(fields.contains_key("from_location_id") && !fields.contains_key("location_id"));
    let kinds = &contract.schemas["InventoryChangeType"]["enum"];
    assert_eq!(kinds, &json!(["PHYSICAL_COUNT", "ADJUSTMENT"]));
    assert!(contract.later_paths.as_array().is_some_and(|paths| !paths.is_empty()));
}

#[test]
fn every_fixture_is_of_the_shape_that_square_documents() {
    let Some(contract) = Contract::load() else { return };
    let fixtures = [
        ("batch_changed", "BatchChangeInventoryResponse"),
        ("catalog_batch", "BatchRetrieveCatalogObjectsResponse"),
        ("catalog_search", "SearchCatalogObjectsResponse"),
        ("catalog_version_updated", "CatalogVersionUpdatedEvent"),
        ("counts", "BatchRetrieveInventoryCountsResponse"),
        ("customer", "RetrieveCustomerResponse"),
        ("customer_created", "CustomerCreatedEvent"),
        ("customer_deleted", "CustomerDeletedEvent"),
        ("customer_updated", "CustomerUpdatedEvent"),
        ("customers_search", "SearchCustomersResponse"),
        ("error_rate", "BatchChangeInventoryResponse"),
        ("error_row", "BatchChangeInventoryResponse"),
        ("inventory_count_updated", "InventoryCountUpdatedEvent"),
        ("location_created", "LocationCreatedEvent"),
        ("location_updated", "LocationUpdatedEvent"),
        ("locations", "ListLocationsResponse"),
        ("oauth_authorization_revoked", "OauthAuthorizationRevokedEvent"),
        ("order_created", "OrderCreatedEvent"),
        ("order_fulfillment_updated", "OrderFulfillmentUpdatedEvent"),
        ("order_updated", "OrderUpdatedEvent"),
        ("orders_batch_retrieve", "BatchRetrieveOrdersResponse"),
        ("orders_search", "SearchOrdersResponse"),
        ("payment_created", "PaymentCreatedEvent"),
        ("payment_updated", "PaymentUpdatedEvent"),
        ("refund_created", "RefundCreatedEvent"),
        ("refund_updated", "RefundUpdatedEvent"),
        ("subscription_created", "CreateWebhookSubscriptionResponse"),
        ("token", "ObtainTokenResponse"),
        ("token_status", "RetrieveTokenStatusResponse"),
        ("subscriptions", "ListWebhookSubscriptionsResponse"),
    ];
    for (name, schema) in fixtures {
        let value = serde_json::from_slice(&fixture(name)).expect("a fixture is JSON");
        contract.check(schema, &value, name);
    }
}

#[test]
fn every_documented_error_code_has_a_meaning() {
    let Some(contract) = Contract::load() else { return };
    let codes = contract.schemas["ErrorCode"]["enum"].as_array().expect("a list of codes");
    assert!(codes.len() > 100);
    for code in codes {
        let body = json!({"errors": [{"category": "API_ERROR", "code": code}]}).to_string();
        let question = Question::Levels { cursor: None };
        let trouble = square().learn(&question, &account(), &reply(400, body.as_bytes())).expect_err("it is no answer");
        let undocumented = matches!(&trouble, Trouble::Refused { reason } if reason.contains("undocumented"));
        assert!(!undocumented, "{code} is not in our list");
    }
}
