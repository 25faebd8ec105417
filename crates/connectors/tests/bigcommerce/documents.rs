//! Documents that the store is told to make: what is asked first, what is sent, and what answers mean.

use connectors::{Made, Making, Trouble, Unsendable};
use model::Person;
use serde_json::json;

use super::desk::{bigcommerce, body, line, place, reply};
use super::papers::{
    REFERENCE, ada, before_order, card, compose, customer, document, done, made_order, methods, money, nothing, ok,
    order, quote, refund, refunds, refusal, row, sent, step, variants,
};

#[test]
fn an_order_awaits_its_payment_at_the_pick_up_of_its_location() {
    let document = order("3", None);
    assert_eq!(line(&sent(&document, true, &[])), "GET /v3/catalog/variants?id=7004&page=1&limit=250");
    assert_eq!(line(&sent(&document, true, &before_order()[..1])), "GET /v3/pickup/methods?page=1&limit=250");
    let request = sent(&document, true, &before_order());
    assert_eq!(line(&request), "POST /v2/orders");
    assert_eq!(
        body(&request),
        json!({
            "status_id": 7, "external_order_id": REFERENCE, "staff_notes": "by phone", "billing_address": {"zip": ""},
            "consignments": {"pickups": [{"pickup_method_id": 41, "line_items": [
                {"product_id": 311, "variant_id": 7010, "quantity": 2},
                {"product_id": 312, "variant_id": 7004, "quantity": 2}
            ]}]}
        })
    );
    let [first, second] = before_order();
    assert_eq!(done(&document, true, &[first, second, ok(made_order(7))]), "2301");
}

#[test]
fn only_the_default_location_hands_out_without_a_pick_up_method() {
    let request = sent(&order("1", None), true, &before_order());
    assert_eq!(body(&request)["products"].as_array().map(Vec::len), Some(2));
    assert!(body(&request).get("consignments").is_none());
    assert!(refusal(&order("2", None), true, &before_order()).contains("no pick-up method"));
}

#[test]
fn the_bill_goes_to_the_customer_as_the_store_knows_them() {
    let document = order("3", Some("54"));
    let asking = sent(&document, true, &before_order()[..1]);
    assert_eq!(line(&asking), "GET /v3/customers?include=addresses&id:in=54&page=1&limit=250");
    let known = ok(json!({"data": [{"id": 54, "first_name": "Ada", "last_name": "Byron", "email": "ada@example.com",
        "phone": "", "addresses": [{"address1": "12 Kiln Lane", "city": "Stoke", "postal_code": "ST1", "country_code": "GB"}]}],
        "meta": {}}));
    let request = sent(&document, true, &[variants(), known, methods()]);
    let told = body(&request);
    assert_eq!(told["customer_id"], 54);
    assert_eq!(
        told["billing_address"],
        json!({"first_name": "Ada", "last_name": "Byron", "email": "ada@example.com", "street_1": "12 Kiln Lane",
            "city": "Stoke", "zip": "ST1", "country_iso2": "GB"})
    );
    let nobody = ok(json!({"data": [], "meta": {}}));
    assert!(refusal(&document, true, &[variants(), nobody]).contains("does not know this customer"));
}

#[test]
fn an_order_that_may_have_been_made_is_looked_for_by_its_outside_number() {
    let document = order("3", None);
    let look = sent(&document, false, &[]);
    assert_eq!(line(&look), "GET /v2/orders?external_order_id=kiln-doc-7&page=1&limit=250");
    assert_eq!(done(&document, false, &[ok(json!([made_order(7)]))]), "2301");
    assert!(refusal(&document, false, &[ok(json!([made_order(5)]))]).contains("cancelled again"));
    let [first, second] = before_order();
    assert_eq!(line(&sent(&document, false, &[nothing(), first, second])), "POST /v2/orders");
}

#[test]
fn an_item_that_left_the_catalogue_and_a_price_of_its_own_are_refused() {
    let none = ok(json!({"data": [], "meta": {}}));
    assert!(refusal(&order("3", None), true, &[none]).contains("line 2"));
    let mut priced = order("3", None);
    if let Making::Order { lines, .. } = &mut priced.making {
        lines[1].each = Some(money(100));
    }
    assert!(matches!(compose(&priced), Err(Unsendable::Row { row: 1, .. })));
}

#[test]
fn a_refund_is_quoted_and_paid_by_the_first_way_that_carries_it() {
    let document = refund(&[("15", 1)], 1_200);
    let quoting = sent(&document, true, &[]);
    assert_eq!(line(&quoting), "POST /v3/orders/2207/payment_actions/refund_quotes");
    let items = json!([{"item_type": "PRODUCT", "item_id": 15, "quantity": 1, "reason": "by phone [kiln-doc-7]"}]);
    assert_eq!(body(&quoting), json!({"items": items}));
    let ways = json!([
        [{"provider_id": "storecredit", "amount": 5.0, "offline": false}],
        [{"provider_id": "testgateway", "amount": 10.0, "offline": false}, {"provider_id": "custom", "amount": 2, "offline": true}]
    ]);
    let request = sent(&document, true, &[quote(12.0, ways)]);
    assert_eq!(line(&request), "POST /v3/orders/2207/payment_actions/refunds");
    assert_eq!(
        body(&request),
        json!({"items": items, "payments": [
            {"provider_id": "testgateway", "amount": 10.0, "offline": false},
            {"provider_id": "custom", "amount": 2.0, "offline": true}
        ]})
    );
    let made = reply(201, json!({"data": {"id": 77, "items": [], "payments": []}, "meta": {}}).to_string().as_bytes());
    assert_eq!(done(&document, true, &[quote(12.0, card(12.0)), made]), "refund:77");
}

#[test]
fn another_amount_than_the_quotes_is_the_merchants_own_with_its_share_of_the_tax() {
    let request = sent(&refund(&[("15", 1)], 1_000), true, &[quote(12.0, card(12.0))]);
    let told = body(&request);
    assert_eq!(told["payments"], json!([{"provider_id": "testgateway", "amount": 10.0, "offline": false}]));
    assert_eq!(told["merchant_calculated_override"], json!({"total_amount": 10.0, "total_tax": 1.67}));
    let more = refusal(&refund(&[("15", 1)], 1_201), true, &[quote(12.0, card(12.0))]);
    assert!(more.contains("12.00") && more.contains("12.01"), "{more}");
}

#[test]
fn money_without_lines_is_given_back_for_the_order() {
    let quoting = sent(&refund(&[], 350), true, &[]);
    let item = json!({"item_type": "ORDER", "item_id": 2207, "amount": 3.5, "reason": "by phone [kiln-doc-7]"});
    assert_eq!(body(&quoting)["items"], json!([item]));
}

#[test]
fn a_refund_that_may_have_been_made_is_looked_for_in_the_reasons() {
    let document = refund(&[("15", 1)], 1_200);
    assert_eq!(line(&sent(&document, false, &[])), "GET /v3/orders/2207/payment_actions/refunds");
    assert_eq!(done(&document, false, &[refunds("by phone [kiln-doc-7]", false)]), "refund:77");
    assert!(refusal(&document, false, &[refunds("by phone [kiln-doc-7]", true)]).contains("declined"));
    let other = sent(&document, false, &[refunds("by phone [kiln-doc-70]", false)]);
    assert_eq!(line(&other), "POST /v3/orders/2207/payment_actions/refund_quotes");
}

#[test]
fn goods_are_not_put_back_by_a_refund() {
    let mut document = refund(&[("15", 1)], 1_200);
    if let Making::Refund { restock_at, .. } = &mut document.making {
        *restock_at = Some(place("1"));
    }
    assert!(matches!(compose(&document), Err(Unsendable::Impossible(_))));
}

#[test]
fn a_new_customer_carries_the_reference_in_the_notes() {
    let document = customer(None, ada());
    let request = sent(&document, true, &[]);
    assert_eq!(line(&request), "POST /v3/customers");
    assert_eq!(
        body(&request),
        json!([{"first_name": "Ada", "last_name": "Byron", "email": "ada+1@example.com", "phone": "+441632960001",
            "notes": "[kiln-doc-7]"}])
    );
    let look = sent(&document, false, &[]);
    assert_eq!(line(&look), "GET /v3/customers?email:in=ada+1%40example.com&page=1&limit=250");
    let known = |notes: &str| ok(json!({"data": [{"id": 54, "notes": notes}], "meta": {}}));
    assert_eq!(done(&document, false, &[known("[kiln-doc-7]")]), "54");
    assert_eq!(line(&sent(&document, false, &[known("a regular")])), "POST /v3/customers");
    let taken =
        reply(422, br#"{"status":422,"title":"Create customers failed.","errors":{"0.email":"already in use"}}"#);
    assert!(refusal(&document, false, &[known("a regular"), taken]).contains("already in use"));
}

#[test]
fn a_change_names_only_what_is_said_and_a_new_customer_needs_name_and_address() {
    let lovelace = Person { family_name: "Lovelace".into(), ..Person::default() };
    let request = sent(&customer(Some("54"), lovelace.clone()), false, &[]);
    assert_eq!(
        (line(&request).as_str(), body(&request)),
        ("PUT /v3/customers", json!([{"id": 54, "last_name": "Lovelace"}]))
    );
    assert!(matches!(compose(&customer(None, lovelace)), Err(Unsendable::Impossible(_))));
    let housed = Person { address: "12 Kiln Lane".into(), ..ada() };
    assert!(matches!(compose(&customer(Some("54"), housed)), Err(Unsendable::Impossible(_))));
}

#[test]
fn what_the_store_cannot_is_said_as_in_the_matrix() {
    let transfer = Making::Transfer { from: place("1"), to: place("3"), lines: vec![row("7010", &[])] };
    let purchase =
        Making::Purchase { supplier: "S".into(), location: place("1"), lines: vec![row("7010", &[])], expected: None };
    for making in [transfer, purchase] {
        let document = document(making);
        let surfaces = bigcommerce().abilities().surfaces;
        let listed = surfaces.iter().find(|(surface, _)| *surface == document.surface()).map(|(_, ability)| *ability);
        match (compose(&document), listed) {
            (Err(Unsendable::Impossible(words)), Some(connectors::Ability::No(why))) => assert_eq!(words, why),
            other => panic!("{other:?}"),
        }
    }
}

#[test]
fn answers_that_make_nothing_are_told_apart() {
    let of = |answer| step(&customer(None, ada()), true, &[answer]);
    assert!(matches!(of(reply(503, b"")), Err(Trouble::Failed { .. })));
    assert!(matches!(of(reply(429, b"")), Err(Trouble::Throttled { .. })));
    assert!(matches!(of(reply(401, b"")), Err(Trouble::Denied { .. })));
    assert!(matches!(of(reply(404, b"{}")), Err(Trouble::Refused { .. })));
    assert!(matches!(of(ok(json!({"data": []}))), Err(Trouble::Garbled { .. })));
}

const GARBAGE: [&[u8]; 10] = [
    b"",
    b"null",
    b"[]",
    b"{}",
    b"{\"data\":null}",
    b"{\"data\":[]}",
    b"{\"data\":{}}",
    b"{\"data\":[{\"id\":{}}]}",
    b"{\"data\":{\"id\":7,",
    b"\xff\xfe{}",
];

#[test]
fn garbage_is_never_taken_for_a_document_that_was_made() {
    let with_order = before_order();
    let with_refund = [quote(12.0, card(12.0))];
    let cases = [
        (order("3", Some("54")), &with_order[..]),
        (refund(&[("15", 1)], 1_000), &with_refund[..]),
        (customer(None, ada()), &[][..]),
        (customer(Some("54"), ada()), &[][..]),
    ];
    for (document, before) in cases {
        for (known, body) in (0..=before.len()).flat_map(|known| GARBAGE.map(|body| (known, body))) {
            for first in [true, false] {
                let replies = [&before[..known], &[reply(200, body)]].concat();
                let taken = step(&document, first, &replies);
                assert!(!matches!(taken, Ok(Made::Done(_))), "{document:?} {known} {taken:?}");
            }
        }
    }
}
