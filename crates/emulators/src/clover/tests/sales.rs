//! Sales at the till: documents, stock, offline, weighed, voided.

use super::{Bench, HOUR, Settings, generous, lines, text, till_sale};
use serde_json::{Value, json};

#[test]
fn a_sale_is_a_locked_paid_order_with_a_line_for_every_piece() {
    let mut bench = Bench::stocked();
    let sale = bench.act(till_sale("S1", &[("MUG", "2", 700), ("TEA", "1", 1_250)]));
    let order = bench.get(&format!("/orders/{}?expand=lineItems,payments", text(&sale["order_id"])));
    assert_eq!((&order["state"], &order["paymentState"]), (&json!("locked"), &json!("PAID")));
    assert_eq!((&order["total"], &order["currency"]), (&json!(2_650), &json!("EUR")));
    assert_eq!(order["externalReferenceId"], "S1");
    let pieces = order["lineItems"]["elements"].as_array().expect("lines");
    let shown: Vec<(&Value, &Value, &Value)> =
        pieces.iter().map(|line| (&line["name"], &line["price"], &line["unitQty"])).collect();
    let (mug, tea, none) = (json!("MUG"), json!("TEA"), Value::Null);
    assert_eq!(shown, [(&mug, &json!(700), &none), (&mug, &json!(700), &none), (&tea, &json!(1_250), &none)]);
    let payments = order["payments"]["elements"].as_array().expect("payments");
    assert_eq!(payments.len(), 1);
    assert_eq!((&payments[0]["amount"], &payments[0]["result"]), (&json!(2_650), &json!("SUCCESS")));
    assert_eq!((&payments[0]["tender"]["label"], &payments[0]["offline"]), (&json!("Cash"), &json!(false)));
    assert_eq!((bench.level("MUG"), bench.level("TEA")), ("8".into(), "9".into()));
}

#[test]
fn the_books_list_every_piece_under_the_ids_of_the_api() {
    let mut bench = Bench::stocked();
    let sale = bench.act(till_sale("S1", &[("MUG", "2", 700)]));
    let sold: Vec<_> = bench.books().lines.into_iter().filter(|line| line.kind == "sale").collect();
    let ids: Vec<Value> = sold.iter().map(|line| json!(line.line)).collect();
    assert_eq!(json!(ids), sale["line_ids"]);
    for line in &sold {
        assert_eq!((line.reference.as_str(), line.sku.as_str(), line.quantity.as_str()), ("S1", "MUG", "1"));
        assert_eq!((json!(line.document), line.location.as_str()), (sale["order_id"].clone(), "High Street"));
    }
}

#[test]
fn a_fraction_is_one_weighed_line_in_thousandths_and_nothing_finer_can_be_rung_up() {
    let mut bench = Bench::stocked();
    let order = bench.sell("S1", "TEA", "0.333");
    let order = bench.get(&format!("/orders/{order}?expand=lineItems"));
    let line = &order["lineItems"]["elements"][0];
    assert_eq!((&line["unitQty"], &line["price"]), (&json!(333), &json!(700)));
    assert_eq!(order["total"], json!(233), "0.333 of 7.00 is 2.331");
    assert_eq!(bench.level("TEA"), "9.667");
    let why = bench.refused(till_sale("S2", &[("TEA", "0.3333", 700)]));
    assert!(why.contains("thousandths"), "{why}");
}

#[test]
fn an_item_priced_per_unit_is_one_line_even_for_a_whole_quantity() {
    let mut bench = Bench::stocked();
    let tea = bench.item("TEA");
    bench.ok("POST", &format!("/items/{tea}"), json!({"priceType": "PER_UNIT", "unitName": "kg"}));
    let order = bench.sell("S1", "TEA", "3");
    let lines = bench.list(&format!("/orders/{order}/line_items"));
    assert_eq!(lines.len(), 1);
    assert_eq!((&lines[0]["unitQty"], &lines[0]["unitName"]), (&json!(3_000), &json!("kg")));
    assert_eq!(bench.level("TEA"), "7");
}

#[test]
fn a_till_sells_below_zero_and_the_item_is_unavailable_from_zero_on() {
    let mut bench = Bench::stocked();
    bench.sell("S1", "MUG", "12");
    assert_eq!(bench.level("MUG"), "-2");
    let mug = bench.item("MUG");
    assert_eq!(bench.get(&format!("/items/{mug}"))["available"], json!(false));
    bench.count("MUG", "1");
    assert_eq!(bench.get(&format!("/items/{mug}"))["available"], json!(true));
}

#[test]
fn an_offline_sale_is_the_tills_in_the_past_and_the_servers_now() {
    let mut bench = Bench::stocked();
    let mut act = till_sale("S1", &[("MUG", "1", 700)]);
    act["offline_ms"] = json!(3 * HOUR);
    let order = text(&bench.act(act)["order_id"]);
    let order = bench.get(&format!("/orders/{order}?expand=payments"));
    let payment = &order["payments"]["elements"][0];
    assert_eq!(order["createdTime"], json!(bench.now));
    assert_eq!(order["clientCreatedTime"], json!(bench.now - 3 * HOUR));
    assert_eq!(payment["offline"], json!(true));
    assert_eq!(payment["clientCreatedTime"], json!(bench.now - 3 * HOUR));
    assert_eq!(bench.level("MUG"), "9");
    let since = bench.now - 1;
    assert_eq!(bench.list(&format!("/orders?filter=modifiedTime%3E{since}")).len(), 1, "a poll sees it now");
}

#[test]
fn a_service_is_sold_and_has_no_stock() {
    let mut bench = Bench::stocked();
    bench.sell("S1", "WRAP", "1");
    let wrap = bench.item("WRAP");
    assert_eq!(bench.get(&format!("/item_stocks/{wrap}"))["quantity"].to_string(), "0.0");
    assert_eq!(bench.list("/item_stocks").len(), 2);
    assert!(bench.books().levels.iter().all(|level| level.sku != "WRAP"));
}

#[test]
fn tax_is_in_the_price_or_on_top_of_it_as_the_merchant_has_it() {
    for (inclusive, total, tax) in [(true, 4_190, 669), (false, 4_986, 796)] {
        let settings = Settings { tax_rate: 1_900_000, tax_inclusive: inclusive, ..generous() };
        let mut bench = Bench::open_with(settings);
        let sale = bench.act(till_sale("S1", &[("MUG", "2", 2_095)]));
        let order = bench.get(&format!("/orders/{}?expand=payments", text(&sale["order_id"])));
        assert_eq!((&order["total"], &order["isVat"]), (&json!(total), &json!(inclusive)));
        assert_eq!(order["payments"]["elements"][0]["taxAmount"], json!(tax));
    }
}

#[test]
fn a_voided_sale_is_open_again_its_payment_is_a_void_and_its_goods_are_back() {
    let mut bench = Bench::stocked();
    let order = bench.sell("S1", "MUG", "2");
    bench.outbox.clear();
    bench.now += 1_000;
    bench.act(json!({"act": "void", "reference": "S1"}));
    let shown = bench.get(&format!("/orders/{order}?expand=payments,voids"));
    assert_eq!((&shown["state"], &shown["paymentState"]), (&json!("open"), &json!("OPEN")));
    assert_eq!(shown["payments"]["elements"], json!([]));
    let void = &shown["voids"]["elements"][0];
    assert_eq!((&void["result"], &void["voidReason"]), (&json!("VOIDED"), &json!("USER_CANCEL")));
    assert_eq!(bench.level("MUG"), "10");
    assert_eq!(bench.events(), ["P UPDATE", "O UPDATE", "I UPDATE"]);
    let books = bench.books().lines;
    let quantities = |kind: &str| -> Vec<String> {
        books.iter().filter(|line| line.kind == kind).map(|line| line.quantity.clone()).collect()
    };
    assert_eq!((quantities("sale"), quantities("cancel")), (vec!["0".into(); 2], vec!["1".into(); 2]));
    assert!(bench.refused(json!({"act": "void", "reference": "S1"})).contains("not a finished sale"));
}

#[test]
fn goods_of_a_voided_sale_leave_again_when_it_is_paid_again() {
    let mut bench = Bench::stocked();
    let order = bench.sell("S1", "MUG", "2");
    bench.act(json!({"act": "void", "reference": "S1"}));
    let cash = text(&bench.list("/tenders?filter=label=Cash")[0]["id"]);
    bench.ok("POST", &format!("/orders/{order}/payments"), json!({"tender": {"id": cash}, "amount": 1_400}));
    assert_eq!(bench.get(&format!("/orders/{order}"))["paymentState"], "PAID");
    assert_eq!(bench.level("MUG"), "8");
}

#[test]
fn a_free_sale_has_no_payment_and_is_paid() {
    let mut bench = Bench::stocked();
    let sale = bench.act(till_sale("S1", &[("MUG", "1", 0)]));
    assert_eq!(sale["payment_ids"], json!([]));
    let order = bench.get(&format!("/orders/{}", text(&sale["order_id"])));
    assert_eq!((&order["paymentState"], &order["total"]), (&json!("PAID"), &json!(0)));
    assert_eq!(bench.level("MUG"), "9");
}

#[test]
fn nobody_scans_fifty_one_pieces_one_by_one() {
    let mut bench = Bench::stocked();
    let order = |bench: &mut Bench, reference: &str, quantity: &str| {
        let made = bench.act(till_sale(reference, &[("MUG", quantity, 1)]));
        let id = made["order_id"].as_str().expect("an order").to_owned();
        bench.get(&format!("/orders/{id}?expand=lineItems"))["lineItems"]["elements"].clone()
    };
    let scanned = order(&mut bench, "S1", "50");
    assert_eq!(scanned.as_array().map(Vec::len), Some(50));
    let keyed_in = order(&mut bench, "S2", "51");
    assert_eq!(keyed_in.as_array().map(Vec::len), Some(1));
    assert_eq!(keyed_in[0]["unitQty"], 51_000);
}

#[test]
fn what_clover_has_no_such_thing_for_is_refused_with_a_sentence() {
    let mut bench = Bench::stocked();
    let goods = lines(&[("MUG", "1", 700)]);
    let acts = [
        (json!({"act": "web_order", "reference": "W1", "lines": goods}), "no web shop"),
        (json!({"act": "fulfil", "reference": "W1"}), "no fulfilment"),
        (
            json!({"act": "transfer", "reference": "T1", "from": "High Street", "to": "Harbour", "lines": goods}),
            "one location",
        ),
        (json!({"act": "merge_customers", "into": "a", "from": "b"}), "cannot merge"),
        (json!({"act": "till_sale", "reference": "S1", "location": "Harbour", "lines": goods}), "no location Harbour"),
        (json!({"act": "till_sale", "reference": "S1", "location": "High Street", "lines": []}), "needs a line"),
        (till_sale("S1", &[("NONE", "1", 1)]), "no item"),
        (till_sale("S1", &[("MUG", "50", 1); 61]), "3000 lines"),
        (till_sale("S1", &[("MUG", "-1", 1)]), "not a quantity"),
    ];
    for (act, why) in acts {
        let said = bench.refused(act.clone());
        assert!(said.contains(why), "{act}: {said}");
    }
    assert!(bench.outbox.is_empty(), "nothing happened");
    bench.sell("S1", "MUG", "1");
    assert!(bench.refused(till_sale("S1", &[("MUG", "1", 1)])).contains("already"));
}
