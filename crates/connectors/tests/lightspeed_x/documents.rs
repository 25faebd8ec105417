//! Documents that the store is told to make: what is asked first, what is sent, and what answers mean.

use connectors::{Document, Made, Making, Trouble, Unsendable};
use model::Person;
use serde_json::{Value, json};

use super::desk::{BOWL, MAIN, MARTA, MUG, SALE, SIDE, reply};
use super::papers::{
    BACK, CARD, KILN, MADE, OWNER, REFERENCE, TILL, VAT, ada, ask, before_order, before_refund, body, compose,
    consignment, customer, done, end, first_sale, gone, line, mug, ok, order, page, purchase, refund, refusal,
    registers, sent, step, suppliers, transfer, users,
};

#[test]
fn a_sale_waits_to_be_picked_up_and_has_the_store_s_price_and_tax() {
    let document = order();
    let asked: Vec<String> = (0..4).map(|known| ask(&sent(&document, true, &before_order()[..known]))).collect();
    let users = "GET /users?after=0&page_size=200".to_owned();
    let tills = "GET /registers?after=0&page_size=200".to_owned();
    assert_eq!(asked, [users, tills, format!("GET /products/{MUG}"), "POST /sales".to_owned()]);
    let told = body(&sent(&document, true, &before_order()));
    assert_eq!((&told["state"], &told["attributes"]), (&json!("pending"), &json!(["pickup"])));
    assert_eq!(told["source"], json!({"id": REFERENCE, "author_id": OWNER, "register_id": TILL}));
    assert_eq!((&told["customer_id"], &told["fulfillment_outlet_id"]), (&json!(MARTA), &json!(MAIN)));
    assert_eq!(told["fulfillment_details"], json!([{"type": "PICKUP"}]));
    let row = &told["line_items"][0];
    assert_eq!((&row["product"]["id"], row["quantity"].as_f64()), (&json!(MUG), Some(2.0)));
    assert_eq!((row["pricing"]["price"].as_f64(), row["tax"]["amount"].as_f64()), (Some(10.0), Some(2.0)));
    assert_eq!(row["tax"]["id"], VAT);
    let [first, second, third] = before_order();
    assert_eq!(done(&document, true, &[first, second, third, ok(json!({"id": MADE}))]), MADE);
}

#[test]
fn where_prices_are_kept_without_tax_it_is_worked_out_by_its_rate() {
    let rates = page(json!([{"id": VAT, "rates": [{"rate": 0.15}, {"rate": 0.04}]}]));
    let request = sent(&order(), true, &[users(), registers(), mug(Value::Null), rates]);
    assert_eq!(body(&request)["line_items"][0]["tax"]["amount"].as_f64(), Some(1.9));
}

#[test]
fn the_same_reference_gives_the_same_id_and_another_gives_another() {
    let id = |reference: &str| {
        let document = Document { reference: reference.into(), ..order() };
        let told: Value = serde_json::from_slice(&compose(&document).expect("it can be said")).expect("JSON");
        told["id"].as_str().expect("an id").to_owned()
    };
    assert_eq!(id("a"), id("a"));
    assert_ne!(id("a"), id("b"));
    let parts: Vec<usize> = id("a").split('-').map(str::len).collect();
    assert_eq!((parts, &id("a")[14..15]), (vec![8, 4, 4, 4, 12], "8"));
}

#[test]
fn a_sale_that_may_have_been_made_is_looked_for_by_its_id() {
    let document = order();
    let look = ask(&sent(&document, false, &[]));
    let own = body(&sent(&document, true, &before_order()))["id"].as_str().expect("an id").to_owned();
    assert_eq!(look, format!("GET /sales/{own}"));
    assert_eq!(done(&document, false, &[ok(json!({"id": own, "state": "closed"}))]), own);
    assert!(refusal(&document, false, &[ok(json!({"id": own, "state": "voided"}))]).contains("called off"));
    assert_eq!(ask(&sent(&document, false, &[gone()])), "GET /users?after=0&page_size=200");
}

#[test]
fn without_an_owner_a_till_or_the_item_a_sale_is_refused_in_words() {
    assert!(refusal(&order(), true, &[end()]).contains("owner"));
    assert!(refusal(&order(), true, &[users(), end()]).contains("register"));
    assert!(refusal(&order(), true, &[users(), registers(), gone()]).contains("catalogue"));
    let mut priced = order();
    if let Making::Order { lines, .. } = &mut priced.making {
        lines[0] = line(MUG, Some(100));
    }
    assert!(matches!(compose(&priced), Err(Unsendable::Row { row: 0, .. })));
}

#[test]
fn a_return_is_begun_and_closed_with_what_really_came_back() {
    let document = refund(1_000);
    let asked: Vec<String> = (0..5).map(|known| ask(&sent(&document, true, &before_refund()[..known]))).collect();
    assert_eq!(asked[0], format!("GET /sales/{SALE}"));
    assert_eq!(asked[3], format!("POST /sales/{SALE}/actions/return"));
    assert_eq!(asked[4], format!("PUT /sales/{BACK}"));
    let told = body(&sent(&document, true, &before_refund()));
    assert_eq!((&told["state"], &told["note"]), (&json!("closed"), &json!("by phone")));
    assert_eq!(told["source"], json!({"id": REFERENCE, "author_id": OWNER, "register_id": TILL}));
    let row = &told["line_items"][0];
    assert_eq!((&row["id"], row["quantity"].as_f64()), (&json!("l"), Some(-1.0)));
    assert_eq!(told["payments"][0]["type"]["config_id"], CARD);
    assert_eq!(told["payments"][0]["amount"].as_f64(), Some(-10.0));
    let closed = [&before_refund()[..], &[ok(json!({"id": BACK, "state": "closed"}))]].concat();
    assert_eq!(done(&document, true, &closed), BACK);
}

#[test]
fn a_return_of_more_than_is_left_or_for_another_amount_is_refused_before_it_is_closed() {
    assert!(refusal(&refund(999), true, &before_refund()).contains("9.99"));
    let [first, second, third, _] = before_refund();
    let less = [first, second, third, ok(json!({"id": BACK, "line_items": []}))];
    assert!(refusal(&refund(1_000), true, &less).contains("come back already"));
    assert!(refusal(&refund(1_000), true, &[gone()]).contains("does not know this sale"));
}

#[test]
fn a_return_that_may_have_been_closed_is_found_among_those_of_the_sale() {
    let document = refund(1_000);
    let listed = first_sale(json!([BACK]));
    let back = |state: &str, reference: &str| ok(json!({"id": BACK, "state": state, "source": {"id": reference}}));
    assert_eq!(done(&document, false, &[listed.clone(), back("closed", REFERENCE)]), BACK);
    let goes_on = "GET /users?after=0&page_size=200";
    assert_eq!(ask(&sent(&document, false, &[listed.clone(), back("parked", REFERENCE)])), goes_on);
    assert_eq!(ask(&sent(&document, false, &[listed, back("closed", "")])), goes_on);
}

#[test]
fn money_for_no_goods_and_goods_for_no_shelf_are_not_composed() {
    let mut loose = refund(1_000);
    let mut empty = refund(1_000);
    if let Making::Refund { restock_at, .. } = &mut loose.making {
        *restock_at = None;
    }
    if let Making::Refund { lines, .. } = &mut empty.making {
        lines.clear();
    }
    assert!(matches!(compose(&loose), Err(Unsendable::Impossible(_))));
    assert!(matches!(compose(&empty), Err(Unsendable::Impossible(_))));
}

#[test]
fn a_new_customer_has_the_reference_as_code_and_is_looked_for_by_it() {
    let document = customer(None, ada());
    let told = body(&sent(&document, true, &[]));
    assert_eq!((&told["customer_code"], &told["mobile"]), (&json!(REFERENCE), &json!("+441632960001")));
    assert_eq!((&told["physical_address_1"], &told["physical_city"]), (&json!("12 Kiln Lane"), &json!("")));
    assert_eq!(ask(&sent(&document, false, &[])), format!("GET /customers?code={REFERENCE}"));
    let known = page(json!([{"id": MARTA, "customer_code": REFERENCE}]));
    assert_eq!(done(&document, false, &[known]), MARTA);
    assert_eq!(ask(&sent(&document, false, &[end()])), "POST /customers");
}

#[test]
fn a_change_names_only_what_is_said() {
    let lovelace = Person { family_name: "Lovelace".into(), ..Person::default() };
    let request = sent(&customer(Some(MARTA), lovelace), false, &[]);
    assert_eq!((ask(&request), body(&request)), (format!("PUT /customers/{MARTA}"), json!({"last_name": "Lovelace"})));
}

#[test]
fn a_transfer_is_open_and_gets_its_goods_one_by_one() {
    let document = transfer();
    let request = sent(&document, true, &[]);
    assert_eq!(
        body(&request),
        json!({"type": "OUTLET", "source_outlet_id": MAIN, "outlet_id": SIDE, "name": "by phone",
            "reference": REFERENCE, "status": "OPEN"})
    );
    let good = sent(&document, true, &[consignment()]);
    assert_eq!(ask(&good), format!("POST /consignments/{MADE}/products"));
    assert_eq!(body(&good), json!({"product_id": MUG, "count": "2"}));
    let added = || ok(json!({"product_id": MUG}));
    assert_eq!(body(&sent(&document, true, &[consignment(), added()]))["product_id"], BOWL);
    assert_eq!(done(&document, true, &[consignment(), added(), added()]), MADE);
}

#[test]
fn a_stock_order_goes_to_the_supplier_of_that_name_at_its_costs() {
    let document = purchase();
    assert_eq!(ask(&sent(&document, true, &[])), "GET /suppliers?after=0&page_size=200");
    let told = body(&sent(&document, true, &[suppliers()]));
    assert_eq!((&told["supplier_id"], &told["type"]), (&json!(KILN), &json!("SUPPLIER")));
    assert!(told["due_at"].as_str().is_some_and(|due| due.starts_with("2026-11-2")));
    let good = body(&sent(&document, true, &[suppliers(), consignment()]));
    assert_eq!(good, json!({"product_id": MUG, "count": "2", "cost": "9.50"}));
    assert!(refusal(&document, true, &[end()]).contains("Kiln Works"));
}

#[test]
fn a_consignment_that_was_begun_is_completed_and_one_that_went_on_is_left_alone() {
    let document = transfer();
    let look = format!("GET /consignments?type=OUTLET&outlet_id={SIDE}&after=0&page_size=200");
    assert_eq!(ask(&sent(&document, false, &[])), look);
    let listed = |status: &str| page(json!([{"id": MADE, "reference": REFERENCE, "status": status}]));
    assert_eq!(ask(&sent(&document, false, &[listed("OPEN")])), format!("POST /consignments/{MADE}/products"));
    assert_eq!(done(&document, false, &[listed("SENT")]), MADE);
    assert_eq!(ask(&sent(&document, false, &[end()])), "POST /consignments");
}

#[test]
fn goods_that_are_refused_call_the_consignment_off() {
    let refused = reply(422, br#"{"error":"a composite product cannot be ordered"}"#);
    let calling_off = sent(&transfer(), true, &[consignment(), refused.clone()]);
    assert_eq!(
        (ask(&calling_off), body(&calling_off)["status"].clone()),
        (format!("PUT /consignments/{MADE}"), json!("CANCELLED"))
    );
    let words = refusal(&transfer(), true, &[consignment(), refused, ok(json!({"id": MADE}))]);
    assert!(words.contains("composite"), "{words}");
}

#[test]
fn answers_that_make_nothing_are_told_apart() {
    let of = |answer| step(&customer(None, ada()), true, &[answer]);
    assert!(matches!(of(reply(500, b"")), Err(Trouble::Failed { .. })));
    assert!(matches!(of(reply(429, b"")), Err(Trouble::Throttled { .. })));
    assert!(matches!(of(reply(401, b"")), Err(Trouble::Denied { .. })));
    assert!(matches!(of(reply(422, b"{}")), Err(Trouble::Refused { .. })));
    assert!(matches!(of(ok(json!({}))), Err(Trouble::Garbled { .. })));
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
    let with_refund = before_refund();
    let with_consignment = [consignment()];
    let with_supplier = [suppliers(), consignment()];
    let cases = [
        (order(), &with_order[..]),
        (refund(1_000), &with_refund[..]),
        (customer(None, ada()), &[][..]),
        (customer(Some(MARTA), ada()), &[][..]),
        (transfer(), &with_consignment[..]),
        (purchase(), &with_supplier[..]),
    ];
    for (document, before) in cases {
        for (known, body) in (0..=before.len()).flat_map(|known| GARBAGE.map(|body| (known, body))) {
            for first in [true, false] {
                let replies = [&before[..known], &[reply(200, body)]].concat();
                let taken = step(&document, first, &replies);
                // Whether goods are on a consignment the status says; nothing in the answer is needed.
                let is_last = known == before.len() && matches!(document.making, Making::Purchase { .. });
                assert!(!matches!(taken, Ok(Made::Done(_))) || is_last, "{document:?} {known} {taken:?}");
            }
        }
    }
}
