//! Documents that programs make: what is taken, what is refused, and what the books show of them.

use super::Bench;
use crate::machine::{BookDocument, Machine};
use serde_json::{Value, json};

fn books(bench: &Bench, kind: &str) -> Vec<BookDocument> {
    bench.square.books().documents.into_iter().filter(|document| document.kind == kind).collect()
}

fn transfer(bench: &mut Bench, quantity: &str) -> Value {
    let (from, to, mug) = (bench.location("High Street"), bench.location("Harbour"), bench.variation("MUG"));
    json!({"idempotency_key": "t", "transfer_order": {"source_location_id": from, "destination_location_id": to,
        "notes": "for the fair", "line_items": [{"item_variation_id": mug, "quantity_ordered": quantity}]}})
}

#[test]
fn a_transfer_order_is_a_draft_of_which_no_goods_move() {
    let mut bench = Bench::stocked("10");
    let asked = transfer(&mut bench, "2.5");
    let made = bench.ok("POST", "/v2/transfer-orders", asked.clone())["transfer_order"].clone();
    assert_eq!((&made["status"], &made["version"]), (&json!("DRAFT"), &json!(1)));
    assert_eq!(made["line_items"][0]["quantity_pending"], "2.5");
    assert_eq!(bench.last("transfer_order.created")["transfer_order"], made);
    let path = format!("/v2/transfer-orders/{}", made["id"].as_str().expect("an id"));
    assert_eq!(bench.ok("GET", &path, json!({}))["transfer_order"], made);
    assert_eq!(bench.ok("POST", "/v2/transfer-orders", asked)["transfer_order"], made, "one key, one document");
    let listed = books(&bench, "transfer");
    assert_eq!(listed.len(), 1);
    assert_eq!((listed[0].reference.as_str(), listed[0].location.as_str()), ("for the fair", "Harbour"));
    assert_eq!(listed[0].lines, [("MUG".to_owned(), "2.5".to_owned())]);
    assert_eq!((bench.level("MUG", "High Street"), bench.level("MUG", "Harbour")), ("10".into(), "10".into()));
}

#[test]
fn a_transfer_order_that_cannot_be_is_refused_with_its_field() {
    let mut bench = Bench::stocked("10");
    let mut refused = |change: &dyn Fn(&mut Value)| {
        let mut asked = transfer(&mut bench, "1");
        change(&mut asked);
        let (status, code, field) = bench.refused("POST", "/v2/transfer-orders", asked);
        assert_eq!(status, 400);
        (code, field.replace("transfer_order.", ""))
    };
    let told = |code: &str, field: &str| (code.to_owned(), field.to_owned());
    let keyless = refused(&|asked| asked["idempotency_key"] = json!(""));
    assert_eq!(keyless, told("MISSING_REQUIRED_PARAMETER", "idempotency_key"));
    let nowhere = refused(&|asked| asked["transfer_order"]["source_location_id"] = json!("L0"));
    assert_eq!(nowhere, told("NOT_FOUND", "source_location_id"));
    let same = refused(&|asked| {
        let from = asked["transfer_order"]["source_location_id"].clone();
        asked["transfer_order"]["destination_location_id"] = from;
    });
    assert_eq!(same, told("INVALID_VALUE", "destination_location_id"));
    let line = |name: &'static str, value: &'static str| {
        move |asked: &mut Value| asked["transfer_order"]["line_items"][0][name] = json!(value)
    };
    assert_eq!(refused(&line("quantity_ordered", "0")), told("VALUE_TOO_LOW", "line_items[0].quantity_ordered"));
    assert_eq!(refused(&line("item_variation_id", "V0")), told("NOT_FOUND", "line_items[0].item_variation_id"));
    assert_eq!(books(&bench, "transfer"), []);
}

#[test]
fn an_order_by_api_names_who_picks_it_up_and_moves_nothing_before_it_is_paid() {
    let mut bench = Bench::stocked("10");
    let (place, mug) = (bench.location("Harbour"), bench.variation("MUG"));
    let order = |details: Value, reference: &str| {
        json!({"idempotency_key": reference, "order": {"location_id": place, "reference_id": reference,
            "line_items": [{"quantity": "2", "catalog_object_id": mug}],
            "fulfillments": [{"type": "PICKUP", "pickup_details": details}]}})
    };
    let nobody = bench.refused("POST", "/v2/orders", order(json!({"schedule_type": "ASAP"}), "a"));
    let field = "order.fulfillments[0].pickup_details.recipient.display_name";
    assert_eq!((nobody.1.as_str(), nobody.2.as_str()), ("MISSING_REQUIRED_PARAMETER", field));
    let somebody = json!({"recipient": {"display_name": "Ana"}});
    let never = bench.refused("POST", "/v2/orders", order(somebody, "a"));
    assert_eq!(never.2, "order.fulfillments[0].pickup_details.pickup_at");
    let soon = json!({"schedule_type": "ASAP", "recipient": {"display_name": "Ana"}});
    let long = bench.refused("POST", "/v2/orders", order(soon.clone(), &"r".repeat(41)));
    assert_eq!((long.1.as_str(), long.2.as_str()), ("VALUE_TOO_LONG", "order.reference_id"));
    let made = bench.ok("POST", "/v2/orders", order(soon, "hub-1"))["order"].clone();
    let listed = books(&bench, "order");
    assert_eq!(listed.len(), 1);
    assert_eq!((&json!(listed[0].document), listed[0].reference.as_str()), (&made["id"], "hub-1"));
    assert_eq!((listed[0].state.as_str(), listed[0].amount_minor), ("OPEN", 1_400));
    assert_eq!(bench.level("MUG", "Harbour"), "10");
}

#[test]
fn a_customer_whose_address_or_number_is_none_is_refused() {
    let mut bench = Bench::stocked("10");
    let wrong = [
        (json!({"email_address": "nobody"}), "INVALID_EMAIL_ADDRESS"),
        (json!({"phone_number": "12"}), "INVALID_PHONE_NUMBER"),
        (json!({"given_name": "A".repeat(301)}), "VALUE_TOO_LONG"),
    ];
    for (person, code) in wrong {
        assert_eq!(bench.refused("POST", "/v2/customers", person).1, code);
    }
    let made = bench.ok("POST", "/v2/customers", json!({"given_name": "Ana", "phone_number": "+351900000000"}));
    let listed = books(&bench, "customer");
    assert_eq!(listed.len(), 1);
    assert_eq!(json!(listed[0].document), made["customer"]["id"]);
    assert_eq!(listed[0].person, "Ana +351900000000");
}

#[test]
fn of_an_address_only_what_is_named_changes_and_null_takes_it_away() {
    let mut bench = Bench::stocked("10");
    let address = json!({"address_line_1": "Rua 1", "locality": "Porto", "country": "PT"});
    let made = bench.ok("POST", "/v2/customers", json!({"given_name": "Ana", "address": address}));
    let path = format!("/v2/customers/{}", made["customer"]["id"].as_str().expect("an id"));
    let changed = json!({"address": {"address_line_1": "Rua 2", "locality": null}});
    let shown = bench.ok("PUT", &path, changed)["customer"]["address"].clone();
    assert_eq!(shown, json!({"address_line_1": "Rua 2", "country": "PT"}));
}

#[test]
fn the_books_list_a_refund_by_api_with_its_reason() {
    let mut bench = Bench::stocked("10");
    let sale = bench.sell("S1", "MUG", "2");
    let mut refund = json!({"idempotency_key": "a", "payment_id": sale["payment_ids"][0], "reason": "x".repeat(193),
        "amount_money": {"amount": 700, "currency": "GBP"}});
    assert_eq!(bench.refused("POST", "/v2/refunds", refund.clone()).2, "reason");
    refund["reason"] = json!("broken");
    let made = bench.ok("POST", "/v2/refunds", refund);
    let listed = books(&bench, "refund");
    assert_eq!(listed.len(), 1);
    assert_eq!((&json!(listed[0].document), listed[0].amount_minor), (&made["refund"]["id"], 700));
    assert_eq!((listed[0].reference.as_str(), listed[0].state.as_str()), ("broken", "PENDING"));
}
