//! Replies and events held against the vendor's OpenAPI document, when a copy of it is at hand.
//!
//! The document is not part of this repository: `LOCKSTEP_REFERENCE` names the folder that holds
//! `specs/square/square-openapi-2025-08-20.subset.json`. What version 2026-09-16 added is allowed beside it.

use super::{Bench, till_sale, web_order};
use serde_json::{Value, json};
use std::path::PathBuf;

const DOCUMENT: &str = "specs/square/square-openapi-2025-08-20.subset.json";

/// The vendor's schemas as one JSON Schema document.
struct Contract {
    definitions: Value,
}

impl Contract {
    fn load() -> Option<Self> {
        let folder = PathBuf::from(std::env::var_os("LOCKSTEP_REFERENCE")?);
        let text = std::fs::read_to_string(folder.join(DOCUMENT)).expect("the vendor's document");
        let text = text.replace("#/components/schemas/", "#/$defs/");
        let document: Value = serde_json::from_str(&text).expect("JSON");
        let mut definitions = document["components"]["schemas"].clone();
        for schema in definitions.as_object_mut().expect("schemas").values_mut() {
            strict(schema);
        }
        amend(&mut definitions);
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
}

/// OpenAPI's `nullable`, and no fields that the vendor does not have.
fn strict(schema: &mut Value) {
    let Value::Object(fields) = schema else { return };
    if fields.get("nullable") == Some(&json!(true))
        && let Some(Value::String(kind)) = fields.get("type").cloned()
    {
        fields.insert("type".into(), json!([kind, "null"]));
    }
    if fields.contains_key("properties") {
        fields.insert("additionalProperties".into(), json!(false));
    }
    for name in ["properties", "items"] {
        match fields.get_mut(name) {
            Some(Value::Object(nested)) if name == "properties" => nested.values_mut().for_each(strict),
            Some(nested) if name == "items" => strict(nested),
            _ => {}
        }
    }
}

/// What version 2026-09-16 has otherwise, what events are seen to carry beside the document, and one
/// code that the vendor answers without listing it.
fn amend(definitions: &mut Value) {
    for event in ["OrderCreatedEvent", "OrderUpdatedEvent", "OrderFulfillmentUpdatedEvent"] {
        definitions[event]["properties"]["location_id"] = json!({"type": "string"});
    }
    definitions["CatalogVersionUpdatedEventData"]["properties"]["id"] = json!({"const": ""});
    let adjustment = &mut definitions["InventoryAdjustment"]["properties"];
    for name in ["from_location_id", "to_location_id"] {
        adjustment[name] = json!({"type": "string"});
    }
    adjustment["reason_id"] = json!({"type": "object", "required": ["type"]});
    // Not in the schema of this event, but in its samples.
    definitions["CustomerDeletedEventData"]["properties"]["deleted"] = json!({"type": "boolean"});
    let codes = definitions["ErrorCode"]["enum"].as_array_mut().expect("codes");
    codes.push(json!("VERSION_MISMATCH"));
}

/// A seller on whom everything has happened once.
fn busy() -> Bench {
    let mut bench = Bench::stocked("10");
    let mut sale = till_sale("S1", "MUG", "0.33333", 60_000);
    sale["customer"] =
        json!({"reference": "C1", "given_name": "Ana", "email": "ana@example.com", "phone": "+351900000000"});
    bench.act(sale);
    bench.act(web_order("W1", "MUG", "2"));
    bench.act(web_order("W2", "TEA", "1"));
    bench.act(json!({"act": "fulfil", "reference": "W1"}));
    bench.act(json!({"act": "cancel", "reference": "W2"}));
    let line = json!({"sku": "MUG", "quantity": "1", "unit_price_minor": 700});
    bench.act(json!({"act": "return", "reference": "R1", "of": "W1", "location": "Harbour", "lines": [line]}));
    bench.act(json!({"act": "return", "reference": "R2", "location": "Harbour", "lines": [line]}));
    bench.act(json!({"act": "put_item", "sku": "POT", "title": "Pot", "barcode": "5012345678900"}));
    bench.act(json!({"act": "put_location", "name": "Depot"}));
    bench.now += 60_000;
    bench.tick();
    let line = json!({"sku": "TEA", "quantity": "1", "unit_price_minor": 900});
    bench.act(json!({"act": "till_sale", "reference": "S9", "location": "Harbour", "lines": [line]}));
    bench.act(
        json!({"act": "exchange", "reference": "X9", "of": "S9", "location": "Harbour", "back": [line], "out": [line]}),
    );
    for reference in ["mia", "mo"] {
        bench.act(json!({"act": "put_customer", "customer": {"reference": reference, "given_name": "Mia"}}));
    }
    bench.act(json!({"act": "merge_customers", "into": "mia", "from": "mo"}));
    bench
}

fn check_replies(contract: &Contract, bench: &mut Bench) {
    let place = bench.location("High Street");
    let orders = bench.ok("POST", "/v2/orders/search", json!({"location_ids": [place]}));
    contract.holds("SearchOrdersResponse", &orders);
    let entries = json!({"location_ids": [place], "return_entries": true, "limit": 1});
    contract.holds("SearchOrdersResponse", &bench.ok("POST", "/v2/orders/search", entries));
    let ids: Vec<Value> = bench.square_documents().into_iter().map(Value::from).collect();
    let all = bench.ok("POST", "/v2/orders/batch-retrieve", json!({"order_ids": ids}));
    contract.holds("BatchRetrieveOrdersResponse", &all);
    for (schema, path) in [
        ("ListLocationsResponse", "/v2/locations".to_owned()),
        ("RetrieveLocationResponse", format!("/v2/locations/{place}")),
        ("ListCatalogResponse", "/v2/catalog/list".to_owned()),
        ("ListPaymentsResponse", "/v2/payments".to_owned()),
        ("ListPaymentRefundsResponse", "/v2/refunds".to_owned()),
    ] {
        contract.holds(schema, &bench.ok("GET", &path, json!({})));
    }
    for (schema, path, body) in [
        ("SearchCatalogObjectsResponse", "/v2/catalog/search", json!({"include_deleted_objects": true})),
        ("BatchRetrieveInventoryCountsResponse", "/v2/inventory/counts/batch-retrieve", json!({})),
        ("BatchRetrieveInventoryChangesResponse", "/v2/inventory/changes/batch-retrieve", json!({"limit": 5})),
        ("SearchCustomersResponse", "/v2/customers/search", json!({"count": true})),
        ("RetrieveTokenStatusResponse", "/oauth2/token/status", json!({})),
    ] {
        contract.holds(schema, &bench.ok("POST", path, body));
    }
}

fn check_writes(contract: &Contract, bench: &mut Bench) {
    let (place, mug) = (bench.location("Harbour"), bench.variation("MUG"));
    let at = crate::square::clock::rfc3339(bench.now);
    let write = json!({"idempotency_key": "w", "changes": [
        {"type": "PHYSICAL_COUNT", "physical_count": {"catalog_object_id": mug, "state": "IN_STOCK",
            "location_id": place, "quantity": "3", "occurred_at": at}},
        {"type": "ADJUSTMENT", "adjustment": {"catalog_object_id": mug, "from_state": "IN_STOCK", "to_state": "WASTE",
            "from_location_id": place, "to_location_id": place, "quantity": "1", "occurred_at": at,
            "reason_id": {"type": "DAMAGED"}}},
    ]});
    let written = bench.ok("POST", "/v2/inventory/changes/batch-create", write);
    contract.holds("BatchChangeInventoryResponse", &written);
    let object = bench.ok("GET", &format!("/v2/catalog/object/{mug}"), json!({}));
    contract.holds("RetrieveCatalogObjectResponse", &object);
    let upsert = json!({"idempotency_key": "u", "batches": [{"objects": [object["object"]]}]});
    contract.holds("BatchUpsertCatalogObjectsResponse", &bench.ok("POST", "/v2/catalog/batch-upsert", upsert));
    let order = json!({"idempotency_key": "o", "order": {"location_id": place, "metadata": {"hub": "1"},
        "line_items": [{"quantity": "1", "catalog_object_id": mug}], "fulfillments": [{"type": "PICKUP",
            "pickup_details": {"schedule_type": "ASAP", "recipient": {"display_name": "Ana"}}}]}});
    let made = bench.ok("POST", "/v2/orders", order);
    contract.holds("CreateOrderResponse", &made);
    let pay = json!({"idempotency_key": "p", "source_id": "EXTERNAL", "order_id": made["order"]["id"],
        "external_details": {"type": "OTHER", "source": "web"}, "amount_money": made["order"]["total_money"]});
    let paid = bench.ok("POST", "/v2/payments", pay);
    contract.holds("CreatePaymentResponse", &paid);
    let refund = json!({"idempotency_key": "r", "payment_id": paid["payment"]["id"],
        "amount_money": {"amount": 1, "currency": "GBP"}});
    contract.holds("RefundPaymentResponse", &bench.ok("POST", "/v2/refunds", refund));
    let customer = json!({"idempotency_key": "c", "given_name": "Bea"});
    contract.holds("CreateCustomerResponse", &bench.ok("POST", "/v2/customers", customer));
    let (_, refused) = bench.call("POST", "/v2/inventory/changes/batch-create", json!({"idempotency_key": "x"}));
    contract.holds("BatchChangeInventoryResponse", &refused);
}

fn check_application(contract: &Contract, bench: &mut Bench) {
    let renewal = json!({"client_id": "sq0idp-emulated", "client_secret": "square-application-secret",
        "grant_type": "refresh_token", "refresh_token": "square-refresh-token"});
    let (_, renewed) = bench.send("", "POST", "/oauth2/token", &renewal);
    contract.holds("ObtainTokenResponse", &renewed);
    let (_, listed) = bench.as_application("GET", "/v2/webhooks/subscriptions", json!({}));
    contract.holds("ListWebhookSubscriptionsResponse", &listed);
    let (_, events) = bench.as_application("POST", "/v2/events", json!({"limit": 3}));
    contract.holds("SearchEventsResponse", &events);
    let (_, types) = bench.as_application("GET", "/v2/webhooks/event-types", json!({}));
    contract.holds("ListWebhookEventTypesResponse", &types);
}

fn check_events(contract: &Contract, bench: &Bench) {
    let schemas = [
        ("order.created", "OrderCreatedEvent"),
        ("order.updated", "OrderUpdatedEvent"),
        ("order.fulfillment.updated", "OrderFulfillmentUpdatedEvent"),
        ("payment.created", "PaymentCreatedEvent"),
        ("payment.updated", "PaymentUpdatedEvent"),
        ("refund.created", "RefundCreatedEvent"),
        ("refund.updated", "RefundUpdatedEvent"),
        ("inventory.count.updated", "InventoryCountUpdatedEvent"),
        ("catalog.version.updated", "CatalogVersionUpdatedEvent"),
        ("customer.created", "CustomerCreatedEvent"),
        ("customer.deleted", "CustomerDeletedEvent"),
        ("location.created", "LocationCreatedEvent"),
    ];
    for (topic, schema) in schemas {
        let found = bench.outbox.iter().find(|delivery| delivery.topic == topic);
        let body = &found.unwrap_or_else(|| panic!("{topic} was sent")).body;
        contract.holds(schema, &serde_json::from_slice(body).expect("JSON"));
    }
}

#[test]
fn replies_and_events_have_the_vendors_shapes() {
    let Some(contract) = Contract::load() else {
        println!("skipped: LOCKSTEP_REFERENCE does not name a folder with {DOCUMENT}");
        return;
    };
    let mut bench = busy();
    check_events(&contract, &bench);
    check_replies(&contract, &mut bench);
    check_writes(&contract, &mut bench);
    check_application(&contract, &mut bench);
}

impl Bench {
    /// Ids of all orders in the books.
    fn square_documents(&self) -> Vec<String> {
        use crate::machine::Machine;
        let mut ids: Vec<String> = self.square.books().lines.into_iter().map(|line| line.document).collect();
        ids.sort();
        ids.dedup();
        ids
    }
}
