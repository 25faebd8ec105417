//! Orders, customers and transfer orders that Square is told to make.

use connectors::{Ability, Document, Effect, Surface, Trouble, Unsendable};
use model::{Currency, Money, Person};
use serde_json::json;

use crate::desk::{reply, square};
use crate::papers::{
    REFERENCE, answer, body, call, composed, customer, done, elvira, line, order, purchase, refusal, sent, step,
    transfer,
};

#[test]
fn an_order_waits_unpaid_at_its_location_for_whoever_picks_it_up() {
    let request = sent(&order(Some("CUSTELVIRA")), true, &[]);
    assert_eq!((call(&request).as_str(), request.effect), ("POST /v2/orders", Effect::Write));
    let expected = json!({"idempotency_key": REFERENCE, "order": {
        "location_id": "LPORTO1", "reference_id": REFERENCE, "customer_id": "CUSTELVIRA",
        "pricing_options": {"auto_apply_taxes": true},
        "line_items": [
            {"catalog_object_id": "VARCUPBLUE", "quantity": "2"},
            {"catalog_object_id": "VARTEA", "quantity": "0.33333",
                "base_price_money": {"amount": 300, "currency": "EUR"}}],
        "fulfillments": [{"type": "PICKUP", "state": "PROPOSED", "pickup_details": {"schedule_type": "ASAP",
            "recipient": {"customer_id": "CUSTELVIRA"}, "note": "by phone"}}]}});
    assert_eq!(body(&request), expected);
    assert_eq!(done(&order(None), true, &[answer(&json!({"order": {"id": "oRdNew"}}))]), "oRdNew");
}

#[test]
fn of_an_order_for_nobody_the_reference_is_the_name_to_call_out() {
    let written = body(&sent(&order(None), true, &[]));
    let details = &written["order"]["fulfillments"][0]["pickup_details"];
    assert_eq!(details["recipient"], json!({"display_name": REFERENCE}));
    assert_eq!(written["order"].get("customer_id"), None);
}

#[test]
fn a_run_begun_anew_sends_the_same_body_under_the_same_key() {
    for document in [order(None), transfer(vec![line("VARTEA", "2", None)]), customer(None, elvira())] {
        let first = sent(&document, true, &[]);
        assert_eq!(body(&sent(&document, false, &[])), body(&first));
        assert_eq!(body(&first)["idempotency_key"], REFERENCE);
    }
}

#[test]
fn a_customer_is_made_of_what_is_said_and_changed_by_it() {
    let made = sent(&customer(None, elvira()), true, &[]);
    assert_eq!(call(&made), "POST /v2/customers");
    let expected = json!({"idempotency_key": REFERENCE, "given_name": "Elvira", "email_address": "elvira@example.net"});
    assert_eq!(body(&made), expected);
    let moved = Person { address: " Rua 1, Porto ".into(), ..Person::default() };
    let changed = sent(&customer(Some("CUST/1"), moved), true, &[]);
    assert_eq!(call(&changed), "PUT /v2/customers/CUST%2F1");
    let address = json!({"address_line_1": "Rua 1, Porto", "address_line_2": null, "address_line_3": null,
        "locality": null, "administrative_district_level_1": null, "postal_code": null});
    assert_eq!(body(&changed), json!({ "address": address }));
    let reply = answer(&json!({"customer": {"id": "CUSTNEW"}}));
    assert_eq!(done(&customer(None, elvira()), true, &[reply]), "CUSTNEW");
}

#[test]
fn a_transfer_is_a_draft_that_says_why() {
    let request = sent(&transfer(vec![line("VARTEA", "2.5", None)]), true, &[]);
    assert_eq!(call(&request), "POST /v2/transfer-orders");
    let expected = json!({"idempotency_key": REFERENCE, "transfer_order": {
        "source_location_id": "LPORTO1", "destination_location_id": "LBRAGA2",
        "notes": "by phone (square-doc-7)",
        "line_items": [{"item_variation_id": "VARTEA", "quantity_ordered": "2.5"}]}});
    assert_eq!(body(&request), expected);
}

fn unsendable(document: &Document) -> String {
    composed(document).expect_err("it cannot be said").to_string()
}

#[test]
fn what_cannot_be_said_is_refused_in_words_before_anything_is_sent() {
    let pounds = Money { minor: 1, currency: Currency::parse("GBP").expect("three letters") };
    let mut foreign = line("VARTEA", "1", None);
    foreign.each = Some(pounds);
    let with = |lines| {
        let mut document = order(None);
        if let connectors::Making::Order { lines: known, .. } = &mut document.making {
            *known = lines;
        }
        document
    };
    assert_eq!(unsendable(&with(vec![foreign])), "row 0: the price is in another currency than the account's");
    assert_eq!(unsendable(&with(vec![line("", "1", None)])), "row 0: an id is empty");
    let nothing = "row 0: the quantity is nothing or longer than 12 characters";
    assert_eq!(unsendable(&with(vec![line("VARTEA", "0", None)])), nothing);
    assert_eq!(unsendable(&with(vec![line("VARTEA", "1234567.12345", None)])), nothing);
    assert!(matches!(composed(&customer(None, Person::default())), Err(Unsendable::Impossible(_))));
    let long = Document { reference: "r".repeat(46), ..order(None) };
    assert!(matches!(composed(&long), Err(Unsendable::Impossible(_))));
}

#[test]
fn a_purchase_order_is_refused_in_the_words_of_the_matrix() {
    let surfaces = square().abilities().surfaces;
    let listed = surfaces.iter().find(|(surface, _)| *surface == Surface::PurchaseOrder).map(|(_, ability)| *ability);
    let Some(Ability::No(words)) = listed else { panic!("{listed:?}") };
    assert_eq!(composed(&purchase()), Err(Unsendable::Impossible(words)));
}

#[test]
fn every_reply_that_is_no_answer_has_its_meaning() {
    let trouble = |reply| step(&order(None), true, &[reply]).expect_err("it is no answer");
    assert!(matches!(trouble(reply(429, b"")), Trouble::Throttled { .. }));
    assert!(matches!(trouble(reply(401, b"")), Trouble::Denied { .. }));
    assert!(matches!(trouble(refusal(403, "INSUFFICIENT_SCOPES")), Trouble::Denied { .. }));
    assert!(matches!(trouble(reply(503, b"")), Trouble::Failed { .. }));
    assert!(matches!(trouble(refusal(400, "INVALID_VALUE")), Trouble::Refused { reason } if reason.contains("why")));
    assert!(matches!(trouble(answer(&json!({"order": {}}))), Trouble::Garbled { .. }));
    assert!(matches!(trouble(reply(200, b"[")), Trouble::Garbled { .. }));
}
