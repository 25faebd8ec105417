//! Every request the dictionary can make, held against the vendor's own schema.
//!
//! The schema is not part of this project. When `LOCKSTEP_REFERENCE` names a folder that holds
//! `specs/shopify/admin_2026-10.introspection.json.gz`, each query is validated with its variables, its cost is counted
//! anew, and no deprecated field may be in it; otherwise these tests say that they were skipped.

#[path = "shopify_contract/cost.rs"]
mod cost;
#[path = "shopify/desk.rs"]
#[expect(dead_code, reason = "these tests need only its documents and answers")]
mod desk;
#[path = "shopify/play.rs"]
#[expect(dead_code, reason = "these tests need only its account, fixtures and replies")]
mod play;
#[path = "shopify_contract/schema.rs"]
mod schema;
#[path = "shopify/shelf.rs"]
mod shelf;

use apollo_compiler::response::JsonMap;
use apollo_compiler::validation::Valid;
use apollo_compiler::{ExecutableDocument, Schema};
use connectors::{Batch, Question, Request, Row, Trouble};
use model::{DocumentKey, Instant, Level, WriteMode};
use play::{account, carry, fixture, hear, reply, shopify};
use serde_json::Value;

fn skipped() -> Option<schema::Reference> {
    let reference = schema::Reference::read();
    if reference.is_none() {
        println!("skipped: LOCKSTEP_REFERENCE is not set");
    }
    reference
}

fn learned(question: &Question, name: &str) -> Question {
    let page = shopify().learn(question, &account(), &reply(200, &fixture(name))).expect("readable");
    page.next.expect("there is more")
}

fn questions() -> Vec<Question> {
    let cursor = |text: &str| Some(text.to_owned());
    let numbers = |count: usize| (1..=count).map(|number| number.to_string());
    let documents = |count| Question::OrdersOf { documents: numbers(count).map(|it| DocumentKey::new(&it)).collect() };
    let row = |it: String| (it.as_str().into(), "70010001".into());
    let five = Question::OrdersOf { documents: ["1", "2", "3", "4", "5"].into_iter().map(DocumentKey::new).collect() };
    let details = learned(&five, "orders_of.json");
    let more_details = learned(&details, "orders_detail_1.json");
    let mut questions = vec![
        Question::Locations { cursor: None },
        Question::Locations { cursor: cursor("x") },
        Question::Catalogue { since: None, cursor: None },
        Question::Catalogue { since: Some(Instant(1_795_161_600_123)), cursor: cursor("x") },
        Question::Levels { cursor: None },
        Question::Levels { cursor: cursor("op:gid://shopify/BulkOperation/31") },
        Question::LevelsOf { rows: numbers(50).map(row).collect() },
        Question::Orders { since: Instant(1_795_161_600_123), cursor: None },
        Question::Orders { since: Instant(0), cursor: cursor("x") },
        documents(1),
        documents(3),
        documents(21),
        documents(50),
        details,
        more_details,
        Question::Customers { since: None, cursor: None },
        Question::Customers { since: Some(Instant(0)), cursor: cursor("x") },
        Question::CustomersOf { customers: numbers(50).map(|it| it.as_str().into()).collect() },
        Question::Access,
        Question::Subscriptions { cursor: cursor("x") },
    ];
    let mut present = Vec::new();
    loop {
        let subscribe = Question::Subscribe {
            url: "https://hub.example.test/a".to_owned(),
            present: present.clone(),
            since: model::Instant(0),
        };
        let request = shopify().ask(&subscribe, &account()).expect("sendable");
        questions.push(subscribe);
        match json(&request).pointer("/variables/topic").and_then(Value::as_str) {
            Some(topic) => present.push(topic.to_owned()),
            None => return questions,
        }
    }
}

fn json(request: &Request) -> Value {
    serde_json::from_slice(request.http.body()).expect("a JSON body")
}

/// The query of a body, and its cost as the platform would count it.
fn checked(schema: &Valid<Schema>, body: &Value) -> u32 {
    let query = body["query"].as_str().expect("a query");
    let document = ExecutableDocument::parse_and_validate(schema, query, "query.graphql")
        .unwrap_or_else(|error| panic!("{query}\n{}", error.errors));
    let variables: JsonMap = serde_json::from_value(body["variables"].clone()).expect("an object");
    let operation = document.operations.get(None).expect("one operation");
    let declared: Vec<&str> = operation.variables.iter().map(|variable| variable.name.as_str()).collect();
    for name in variables.keys() {
        assert!(declared.contains(&name.as_str()), "{} is not declared in {query}", name.as_str());
    }
    apollo_compiler::request::coerce_variable_values(schema, operation, &variables)
        .unwrap_or_else(|error| panic!("{query}\n{body}\n{}", error.message()));
    cost::Counter { schema, document: &document, variables: &body["variables"] }.operation(operation)
}

#[test]
fn every_question_fits_the_schema_and_costs_what_it_says() {
    let Some(reference) = skipped() else { return };
    for question in questions() {
        let request = shopify().ask(&question, &account()).expect("sendable");
        let counted = checked(&reference.schema, &json(&request));
        assert_eq!(request.cost, counted, "{question:?}");
        assert!(counted <= 1000, "{question:?} costs {counted}");
    }
}

#[test]
fn the_bulk_operation_reads_what_the_schema_has() {
    let Some(reference) = skipped() else { return };
    let request = shopify().ask(&Question::Levels { cursor: None }, &account()).expect("sendable");
    let body = serde_json::json!({ "query": json(&request)["variables"]["query"], "variables": {} });
    assert!(checked(&reference.schema, &body) > 0);
}

fn batch(mode: WriteMode) -> Batch {
    let row = |item: &str| Row {
        external: item.into(),
        aliases: Vec::new(),
        location: "70010001".into(),
        from: Level::units(-2),
        to: Level::units(5),
    };
    Batch { mode, key: "w-1".to_owned(), dated: Instant(0), rows: vec![row("1"), row("2")], listings: Vec::new() }
}

#[test]
fn every_write_fits_the_schema_and_what_is_demanded_at_run_time() {
    let Some(reference) = skipped() else { return };
    for mode in [WriteMode::Lower, WriteMode::Raise, WriteMode::Correct] {
        let body = shopify().compose(&batch(mode)).expect("sendable");
        let request = carry(&body, &account()).expect("sendable");
        let body = json(&request);
        assert_eq!(checked(&reference.schema, &body), request.cost);
        // Not in the schema: the directive is required, and so is the comparison, be it null.
        assert!(body["query"].as_str().is_some_and(|query| query.contains("@idempotent(key: $key)")));
        let input = &body["variables"]["input"];
        let rows = input.get("changes").or_else(|| input.get("quantities")).and_then(Value::as_array);
        assert!(
            rows.is_some_and(|rows| rows.len() == 2 && rows.iter().all(|it| it.get("changeFromQuantity").is_some()))
        );
    }
}

#[test]
fn every_write_of_listings_fits_the_schema_and_costs_what_it_says() {
    let Some(reference) = skipped() else { return };
    let batch = shelf::batch(|wanted| {
        wanted[0].title = model::Title::new("Pot");
        wanted[1].price = wanted[0].price;
        wanted[1].barcodes = wanted[0].barcodes.clone();
    });
    let taken = reply(200, br#"{"data":{"productVariantsBulkUpdate":{"userErrors":[]}}}"#);
    let replies = [shelf::looked(), taken];
    for known in 0..=replies.len() {
        let request = shelf::sent(&batch, &replies[..known]);
        assert_eq!(checked(&reference.schema, &json(&request)), request.cost);
    }
}

/// Every request by which documents are looked for and made.
fn making() -> Vec<Request> {
    let moved = [desk::ok(desk::ORDER_MADE), desk::ok(desk::ELSEWHERE), desk::ok(desk::NOT_MOVED)];
    let refund = desk::refund(vec![("14001".to_owned(), model::Quantity::units(5))], true, 1_200);
    let paid = [desk::ok(&desk::paid(""))];
    let home = [desk::ok(desk::CUSTOMER_MADE), desk::ok(r#"{"data":{"customer":{"defaultAddress":null}}}"#)];
    let nameless = model::Person { given_name: "Ada".into(), ..model::Person::default() };
    let mut requests = vec![
        desk::sent(&desk::order(), false, &[]),
        desk::sent(&refund, true, &[]),
        desk::sent(&refund, true, &paid),
        desk::sent(&desk::customer(None, desk::ada()), true, &[]),
        desk::sent(&desk::customer(None, desk::ada()), false, &[]),
        desk::sent(&desk::customer(None, nameless), false, &[]),
        desk::sent(&desk::transfer(), true, &[]),
    ];
    requests.extend((0..=moved.len()).map(|known| desk::sent(&desk::order(), true, &moved[..known])));
    let change = desk::customer(Some("7011"), desk::ada());
    requests.extend((0..=home.len()).map(|known| desk::sent(&change, true, &home[..known])));
    requests
}

#[test]
fn every_request_about_documents_fits_the_schema_and_costs_what_it_says() {
    let Some(reference) = skipped() else { return };
    for request in making() {
        let body = json(&request);
        let counted = checked(&reference.schema, &body);
        assert_eq!(request.cost, counted, "{}", body["query"]);
        assert!(counted <= 1000, "{} costs {counted}", body["query"]);
    }
}

#[test]
fn what_needs_a_key_at_run_time_has_one() {
    let Some(_) = skipped() else { return };
    let queries = making().into_iter().map(|request| json(&request)["query"].as_str().unwrap_or_default().to_owned());
    let keyed: Vec<String> =
        queries.filter(|it| it.contains("refundCreate") || it.contains("TransferCreate")).collect();
    assert_eq!(keyed.len(), 2);
    assert!(keyed.iter().all(|query| query.contains("@idempotent(key: $key)")), "{keyed:?}");
}

#[test]
fn every_code_of_the_schema_has_a_reading() {
    let Some(reference) = skipped() else { return };
    for name in ["InventoryAdjustQuantitiesUserErrorCode", "InventorySetQuantitiesUserErrorCode"] {
        let codes = reference.values_of(name);
        assert!(codes.len() >= 16, "{name}: {codes:?}");
        for code in codes {
            let body = serde_json::json!({"data": {"inventoryAdjustQuantities": {"inventoryAdjustmentGroup": null,
                "userErrors": [{"code": code, "field": ["input", "changes", "0"], "message": "m"}]}}});
            let heard = hear(&batch(WriteMode::Raise), &reply(200, body.to_string().as_bytes()));
            // A request that is wrong as a whole is refused; those codes are our own mistakes and are named here, so
            // that a code of a later version fails this test until somebody has read about it.
            let ours = [
                "COMPARE_QUANTITY_REQUIRED",
                "INVALID_NAME",
                "INVALID_QUANTITY_NAME",
                "INVALID_REASON",
                "INVALID_REFERENCE_DOCUMENT",
                "INTERNAL_LEDGER_DOCUMENT",
                "INVALID_AVAILABLE_DOCUMENT",
                "INVALID_LEDGER_DOCUMENT",
                "INVALID_QUANTITY_DOCUMENT",
                "MAX_ONE_LEDGER_DOCUMENT",
            ];
            assert_eq!(matches!(heard, Err(Trouble::Refused { .. })), ours.contains(&code.as_str()), "{code}");
        }
    }
}

#[test]
fn no_deprecated_field_is_asked_for() {
    let Some(reference) = skipped() else { return };
    for question in questions() {
        let request = shopify().ask(&question, &account()).expect("sendable");
        let body = json(&request);
        let query = body["query"].as_str().expect("a query");
        let document = ExecutableDocument::parse_and_validate(&reference.schema, query, "query.graphql");
        let document = document.unwrap_or_else(|error| panic!("{query}\n{}", error.errors));
        let operation = document.operations.get(None).expect("one operation");
        for field in operation.all_fields(&document) {
            assert!(!field.definition.directives.has("deprecated"), "{} in {query}", field.name);
        }
    }
}
