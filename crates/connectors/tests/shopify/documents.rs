//! Documents that the shop is told to make: what is sent, what is looked for first, and what answers mean.

use connectors::{Effect, Trouble, Unsendable};
use model::{Person, Quantity};
use serde_json::json as value;

use super::desk::{
    CANCELLED, CUSTOMER_MADE, ELSEWHERE, MOVED, NOT_FOUND, NOT_MOVED, ORDER_MADE, REFERENCE, REFUND_MADE,
    TRANSFER_MADE, ada, compose, customer, done, json, line, ok, operation, order, paid, purchase, refund, refusal,
    sent, step, transfer,
};
use super::play::reply;

fn lines(units: u32) -> Vec<(String, Quantity)> {
    vec![("14001".to_owned(), Quantity::units(units))]
}

#[test]
fn an_order_is_open_claims_its_stock_and_carries_its_reference() {
    let request = sent(&order(), true, &[]);
    assert_eq!(request.effect, Effect::Write);
    assert_eq!(
        json(&request)["variables"],
        value!({
            "order": {
                "lineItems": [
                    {"variantId": "gid://shopify/ProductVariant/43001", "quantity": 2, "requiresShipping": true,
                     "priceSet": {"shopMoney": {"amount": "19.95", "currencyCode": "GBP"}}},
                    {"variantId": "gid://shopify/ProductVariant/43001", "quantity": 1, "requiresShipping": true}
                ],
                "customer": {"toAssociate": {"id": "gid://shopify/Customer/7011"}},
                "financialStatus": "PENDING",
                "note": "by phone",
                "sourceIdentifier": REFERENCE
            },
            "options": {"inventoryBehaviour": "DECREMENT_OBEYING_POLICY", "sendReceipt": false,
                "sendFulfillmentReceipt": false}
        })
    );
}

#[test]
fn what_shopify_assigned_elsewhere_is_moved_to_the_location_that_was_meant() {
    let replies = [ok(ORDER_MADE), ok(ELSEWHERE), ok(MOVED)];
    assert_eq!(operation(&sent(&order(), true, &replies[..1])), "OrderWhere");
    let moving = sent(&order(), true, &replies[..2]);
    let wanted = value!({"id": "gid://shopify/FulfillmentOrder/31", "location": "gid://shopify/Location/70010001"});
    assert_eq!(json(&moving)["variables"], wanted);
    assert_eq!(done(&order(), true, &replies), "9001");
}

#[test]
fn an_order_that_the_location_cannot_hand_out_is_called_off_and_refused() {
    let replies = [ok(ORDER_MADE), ok(ELSEWHERE), ok(NOT_MOVED), ok(CANCELLED)];
    assert_eq!(operation(&sent(&order(), true, &replies[..3])), "OrderCancel");
    match step(&order(), true, &replies) {
        Err(Trouble::Refused { reason }) => {
            assert_eq!(reason, "the location cannot hand it out: No such shelf there");
        }
        other => panic!("{other:?}"),
    }
}

#[test]
fn an_order_that_may_have_been_made_is_looked_for_before_it_is_made_again() {
    let look = sent(&order(), false, &[]);
    assert_eq!((operation(&look).as_str(), look.effect), ("OrderLook", Effect::Read));
    assert_eq!(json(&look)["variables"]["query"], format!("source_identifier:'{REFERENCE}'"));
    assert_eq!(operation(&sent(&order(), false, &[ok(NOT_FOUND)])), "OrderMake");
    let found = ok(&value!({"data": {"found": {"nodes": []}, "recent": {"nodes": [
        {"id": "gid://shopify/Order/9002", "sourceIdentifier": "somebody-else", "cancelledAt": null},
        {"id": "gid://shopify/Order/9001", "sourceIdentifier": REFERENCE, "cancelledAt": null}]}}})
    .to_string());
    assert_eq!(operation(&sent(&order(), false, std::slice::from_ref(&found))), "OrderWhere");
    assert_eq!(done(&order(), false, &[found, ok(ELSEWHERE), ok(MOVED)]), "9001");
}

#[test]
fn an_order_that_is_found_cancelled_is_not_made_again() {
    let found = ok(&value!({"data": {"found": {"nodes": [{"id": "gid://shopify/Order/9001",
        "sourceIdentifier": REFERENCE, "cancelledAt": "2026-11-24T09:00:00Z"}]}, "recent": {"nodes": []}}})
    .to_string());
    assert!(matches!(step(&order(), false, &[found]), Err(Trouble::Refused { .. })));
}

#[test]
fn an_order_without_a_known_variant_or_in_another_currency_is_not_composed() {
    let mut nameless = order();
    let mut foreign = order();
    if let connectors::Making::Order { lines, .. } = &mut nameless.making {
        lines[1].aliases.clear();
    }
    if let connectors::Making::Order { lines, .. } = &mut foreign.making {
        let euro = model::Currency::parse("EUR").expect("a code");
        lines[0] = line(1, Some(model::Money { minor: 100, currency: euro }));
    }
    assert!(matches!(compose(&nameless), Err(Unsendable::Row { row: 1, .. })));
    assert!(matches!(compose(&foreign), Err(Unsendable::Row { row: 0, .. })));
}

#[test]
fn a_refund_takes_money_from_what_is_left_of_each_payment_and_goods_by_how_they_left() {
    let document = refund(lines(5), true, 1_200);
    let look = sent(&document, true, &[]);
    assert_eq!((operation(&look).as_str(), look.effect), ("RefundLook", Effect::Read));
    let request = sent(&document, true, &[ok(&paid("broken"))]);
    let (line, place) = ("gid://shopify/LineItem/14001", "gid://shopify/Location/70010001");
    let transaction = |parent: u32, gateway: &str, amount: &str| {
        value!({"orderId": "gid://shopify/Order/5512", "kind": "REFUND", "gateway": gateway, "amount": amount,
            "parentId": format!("gid://shopify/OrderTransaction/{parent}")})
    };
    assert_eq!(
        json(&request)["variables"],
        value!({"key": REFERENCE, "input": {
            "orderId": "gid://shopify/Order/5512", "currency": "GBP", "note": format!("by phone [{REFERENCE}]"),
            "notify": false,
            "refundLineItems": [
                {"lineItemId": line, "quantity": 4, "restockType": "RETURN", "locationId": place},
                {"lineItemId": line, "quantity": 1, "restockType": "CANCEL", "locationId": place}
            ],
            "transactions": [transaction(1, "card", "5.00"), transaction(2, "cash", "7.00")]
        }})
    );
    assert_eq!(done(&document, true, &[ok(&paid("broken")), ok(REFUND_MADE)]), "refund:77");
}

#[test]
fn a_refund_that_puts_nothing_back_says_so_and_one_of_money_only_names_no_line() {
    let request = sent(&refund(lines(2), false, 100), true, &[ok(&paid(""))]);
    let wanted = value!([{"lineItemId": "gid://shopify/LineItem/14001", "quantity": 2, "restockType": "NO_RESTOCK"}]);
    assert_eq!(json(&request)["variables"]["input"]["refundLineItems"], wanted);
    let request = sent(&refund(Vec::new(), false, 100), true, &[ok(&paid(""))]);
    assert_eq!(json(&request)["variables"]["input"]["refundLineItems"], value!([]));
}

#[test]
fn more_money_than_was_paid_is_refused_before_anything_is_sent() {
    match step(&refund(Vec::new(), false, 1_501), true, &[ok(&paid(""))]) {
        Err(Trouble::Refused { reason }) => assert!(reason.contains("15.00"), "{reason}"),
        other => panic!("{other:?}"),
    }
}

#[test]
fn a_refund_that_an_earlier_run_made_is_found_by_its_note() {
    let made = paid(&format!("by phone [{REFERENCE}]"));
    assert_eq!(done(&refund(lines(1), true, 100), false, &[ok(&made)]), "refund:61");
    let other = paid(&format!("by phone [{REFERENCE}1]"));
    assert_eq!(operation(&sent(&refund(lines(1), true, 100), false, &[ok(&other)])), "RefundMake");
}

#[test]
fn a_refusal_in_a_later_run_is_believed_only_after_the_refunds_were_looked_through_again() {
    let document = refund(lines(1), true, 100);
    let refused = refusal("IDEMPOTENCY_KEY_PARAMETER_MISMATCH", "The key was used before");
    let replies = [ok(&paid("")), refused];
    assert_eq!(operation(&sent(&document, false, &replies)), "RefundLook");
    let again = [&replies[..], &[ok(&paid(&format!("[{REFERENCE}]")))]].concat();
    assert_eq!(done(&document, false, &again), "refund:61");
    let never = [&replies[..], &[ok(&paid(""))]].concat();
    assert!(matches!(step(&document, false, &never), Err(Trouble::Refused { .. })));
}

#[test]
fn an_order_or_line_that_shopify_does_not_know_is_refused_in_words() {
    let nobody = ok(r#"{"data":{"order":null,"nodes":[null]}}"#);
    match step(&refund(lines(1), true, 100), true, &[nobody]) {
        Err(Trouble::Refused { reason }) => assert_eq!(reason, "Shopify does not know this order"),
        other => panic!("{other:?}"),
    }
    let lineless = paid("")
        .replace(r#"{"id":"gid://shopify/LineItem/14001","unfulfilledQuantity":1,"refundableQuantity":5}"#, "null");
    match step(&refund(lines(1), true, 100), true, &[ok(&lineless)]) {
        Err(Trouble::Refused { reason }) => assert!(reason.contains("line 1"), "{reason}"),
        other => panic!("{other:?}"),
    }
}

#[test]
fn a_new_customer_carries_the_reference_as_a_tag_and_is_looked_for_by_address() {
    let document = customer(None, ada());
    let input = json(&sent(&document, true, &[]))["variables"]["input"].clone();
    assert_eq!(
        input,
        value!({"firstName": "Ada", "lastName": "Byron", "email": "ada@example.com", "phone": "+441632960001",
            "addresses": [{"address1": "12 Kiln Lane"}], "tags": [REFERENCE]})
    );
    let look = json(&sent(&document, false, &[]));
    assert_eq!(look["variables"], value!({"identifier": {"emailAddress": "ada@example.com"}}));
    let ours = value!({"data": {"known": {"id": "gid://shopify/Customer/7011", "tags": ["vip", REFERENCE]}}});
    assert_eq!(done(&document, false, &[ok(&ours.to_string())]), "7011");
    let theirs = value!({"data": {"known": {"id": "gid://shopify/Customer/7011", "tags": ["vip"]}}});
    assert_eq!(operation(&sent(&document, false, &[ok(&theirs.to_string())])), "CustomerMake");
    assert_eq!(done(&document, true, &[ok(CUSTOMER_MADE)]), "7011");
}

#[test]
fn a_changed_customer_keeps_every_field_that_is_not_named() {
    let person = Person { family_name: "Lovelace".into(), ..Person::default() };
    let document = customer(Some("7011"), person);
    let input = json(&sent(&document, true, &[]))["variables"]["input"].clone();
    assert_eq!(input, value!({"id": "gid://shopify/Customer/7011", "lastName": "Lovelace"}));
    assert_eq!(done(&document, true, &[ok(CUSTOMER_MADE)]), "7011");
    assert!(compose(&customer(Some("7011"), Person::default())).is_err());
}

#[test]
fn an_address_is_added_only_where_the_customer_does_not_live_there_already() {
    let document = customer(Some("7011"), ada());
    let at = |street: &str| {
        let address = value!({"address1": street, "address2": null, "zip": null, "city": null, "countryCodeV2": null});
        ok(&value!({"data": {"customer": {"defaultAddress": address}}}).to_string())
    };
    let changed = ok(CUSTOMER_MADE);
    assert_eq!(operation(&sent(&document, true, std::slice::from_ref(&changed))), "AddressLook");
    assert_eq!(done(&document, true, &[changed.clone(), at("12 Kiln Lane")]), "7011");
    let making = sent(&document, true, &[changed, at("Elsewhere 1")]);
    assert_eq!(json(&making)["variables"]["address"], value!({"address1": "12 Kiln Lane"}));
}

#[test]
fn a_transfer_is_a_draft_under_its_key() {
    let request = sent(&transfer(), false, &[]);
    assert_eq!(
        json(&request)["variables"],
        value!({"key": REFERENCE, "input": {
            "originLocationId": "gid://shopify/Location/70010001",
            "destinationLocationId": "gid://shopify/Location/70010002",
            "lineItems": [{"inventoryItemId": "gid://shopify/InventoryItem/45100", "quantity": 2}],
            "referenceName": REFERENCE, "note": "by phone"}})
    );
    assert_eq!(done(&transfer(), false, &[ok(TRANSFER_MADE)]), "88");
}

#[test]
fn there_are_no_purchase_orders_and_no_fractions() {
    assert!(matches!(compose(&purchase()), Err(Unsendable::Impossible(_))));
    let half = Quantity::parse("0.5").expect("a quantity");
    let document = refund(vec![("14001".to_owned(), half)], true, 100);
    assert!(matches!(compose(&document), Err(Unsendable::Row { row: 0, .. })));
}

#[test]
fn answers_that_make_nothing_are_told_apart() {
    let of = |answer| step(&transfer(), true, &[answer]);
    assert!(matches!(of(refusal("ITEM_NOT_FOUND", "The item was not found.")), Err(Trouble::Refused { .. })));
    let busy = refusal("IDEMPOTENCY_CONCURRENT_REQUEST", "This request is currently in progress, please try again.");
    assert!(matches!(of(busy), Err(Trouble::Failed { .. })));
    assert!(matches!(of(reply(500, b"")), Err(Trouble::Failed { .. })));
    assert!(matches!(of(reply(401, b"{}")), Err(Trouble::Denied { .. })));
    let throttled = ok(r#"{"errors":[{"message":"Throttled","extensions":{"code":"THROTTLED"}}]}"#);
    assert!(matches!(of(throttled), Err(Trouble::Throttled { .. })));
    let denied = ok(r#"{"errors":[{"message":"Access denied","extensions":{"code":"ACCESS_DENIED"}}]}"#);
    assert!(matches!(of(denied), Err(Trouble::Denied { .. })));
    assert!(matches!(of(ok(r#"{"data":{"made":null}}"#)), Err(Trouble::Garbled { .. })));
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
    let with_order = [ok(ORDER_MADE), ok(ELSEWHERE), ok(NOT_MOVED)];
    let with_refund = [ok(&paid(""))];
    let cases = [
        (order(), &with_order[..]),
        (refund(lines(1), true, 100), &with_refund[..]),
        (customer(None, ada()), &[][..]),
        (customer(Some("7011"), ada()), &[][..]),
        (transfer(), &[][..]),
    ];
    for (document, before) in cases {
        for (known, body) in (0..=before.len()).flat_map(|known| GARBAGE.map(|body| (known, body))) {
            for first in [true, false] {
                let replies = [&before[..known], &[reply(200, body)]].concat();
                let taken = step(&document, first, &replies);
                assert!(!matches!(taken, Ok(connectors::Made::Done(_))), "{document:?} {known} {taken:?}");
            }
        }
    }
}
