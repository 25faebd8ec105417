//! Sales: what has left, what came back, and in which order news of them counts.

use connectors::{Question, Told};
use model::{
    CustomerKey, DocumentKey, Instant, LineSeen, Money, Note, OrderKind, OrderSeen, OrderState, PartSeen, PartState,
    Quantity, Restock, ReturnSeen, Sku,
};
use serde_json::{Value, json};

use crate::desk::{CHANNEL, asked, at, euro, fixture, item, learned, line, shop};

fn orders() -> Question {
    Question::Orders { since: Instant(0), cursor: None }
}

fn seen(body: &Value) -> Vec<OrderSeen> {
    let page = learned(&orders(), body.to_string().as_bytes()).expect("the list can be read");
    assert_eq!(page.unreadable, []);
    page.told.into_iter().map(order).collect()
}

fn order(told: Told) -> OrderSeen {
    match told {
        Told::Order(order) => *order,
        other => panic!("not an order: {other:?}"),
    }
}

fn sales() -> Vec<OrderSeen> {
    seen(&serde_json::from_slice(&fixture("sales")).expect("the fixture is JSON"))
}

fn money(minor: i64) -> Money {
    Money { minor, currency: euro() }
}

fn sold(line: &str, external: Option<&str>, quantity: u32, cents: Option<i64>, gone_from: Option<&str>) -> LineSeen {
    let quantity = Quantity::units(quantity);
    let part = |location| PartSeen { location: Some(shop(location)), quantity, state: PartState::Gone };
    LineSeen {
        line: Note::new(line),
        item: external.map(item),
        sku: Sku::new(""),
        quantity,
        price: cents.map(money),
        parts: gone_from.map(part).into_iter().collect(),
    }
}

#[test]
fn a_completed_sale_has_left_the_shop_of_its_lines() {
    let expected = OrderSeen {
        channel: CHANNEL,
        document: DocumentKey::new("8101"),
        reference: Note::new("220000008101"),
        version: 1_795_280_651 * 1_000_000 + 400_002,
        placed_at: at("2026-11-21T17:04:10Z"),
        kind: OrderKind::Till,
        customer: Some(CustomerKey::new("55")),
        contact: None,
        currency: euro(),
        tax_inclusive: true,
        total: money(7850),
        state: OrderState::Completed,
        lines: Some(vec![sold("9301", Some("401"), 2, Some(3450), Some("1")), sold("9302", None, 1, Some(950), None)]),
        returns: vec![],
    };
    assert_eq!(at("2026-11-21T17:04:11Z").0, 1_795_280_651_000);
    assert_eq!(sales()[0], expected);
}

#[test]
fn a_negative_line_is_a_return_to_the_shelf_of_its_shop() {
    let refund = &sales()[1];
    let expected = ReturnSeen {
        document: DocumentKey::new("8102"),
        line: Note::new("9303"),
        item: Some(item("401")),
        sku: Sku::new(""),
        quantity: Quantity::units(1),
        restock: Restock::At(shop("2")),
        at: at("2026-11-21T17:20:00Z"),
    };
    assert_eq!(refund.returns, [expected]);
    assert_eq!(refund.total, money(-2250));
    // The line of no shop of its own is sold from the shop of the sale.
    assert_eq!(refund.lines, Some(vec![sold("9304", Some("405"), 1, Some(1200), Some("2"))]));
}

#[test]
fn an_open_basket_has_moved_nothing_and_one_of_another_system_is_of_the_web() {
    let basket = &sales()[2];
    assert_eq!((basket.state, basket.kind), (OrderState::Open, OrderKind::Web));
    // Somebody waits for it: its goods are promised, and lie where they lay.
    let mut line = sold("9305", Some("405"), 1, Some(1200), Some("1"));
    line.parts[0].state = PartState::Promised;
    assert_eq!(basket.lines, Some(vec![line]));
    assert_eq!(basket.reference, Note::new("220000008103 webstore W-5512"));
    assert_eq!(basket.placed_at, at("2026-11-21T17:24:00Z"));
    assert_eq!(basket.customer, None);
}

#[test]
fn a_voided_sale_is_called_off_and_moves_nothing_in_either_direction() {
    let voided = &sales()[3];
    assert_eq!(voided.state, OrderState::Cancelled);
    assert_eq!(voided.lines, Some(vec![sold("9306", Some("401"), 1, None, None)]));
    assert_eq!(voided.returns, []);
    assert!(!voided.tax_inclusive);
    // Its time stamp is still that of its completion: the later of both times counts.
    assert_eq!(voided.version / 1_000_000, 1_795_282_260);
    assert_eq!(at("2026-11-21T17:31:00Z").0, 1_795_282_260_000);
}

#[test]
fn a_basket_that_was_thrown_away_is_called_off() {
    assert_eq!((sales()[4].state, &sales()[4].lines), (OrderState::Cancelled, &Some(vec![])));
}

#[test]
fn a_sale_read_by_poll_and_by_number_is_the_same() {
    let by_number = Question::OrdersOf { documents: vec![DocumentKey::new("8102"), DocumentKey::new("9999")] };
    let mut body: Value = serde_json::from_slice(&fixture("sales")).expect("the fixture is JSON");
    let one = body["Sale"][1].take();
    let body = json!({"@attributes": {"next": "", "previous": ""}, "Sale": one});
    let page = learned(&by_number, body.to_string().as_bytes()).expect("the list can be read");
    assert_eq!(page.missing, ["9999"]);
    assert_eq!(page.told.into_iter().map(order).collect::<Vec<_>>(), [sales()[1].clone()]);
}

#[test]
fn a_basket_that_is_filled_paid_hidden_and_voided_in_one_second_gets_a_higher_version_each_time() {
    let sale = |lines: usize, completed: &str, voided: &str| {
        let row = |index: usize| json!({"saleLineID": (index + 1).to_string(), "unitQuantity": "1", "itemID": "401", "shopID": "1"});
        let lines: Vec<Value> = (0..lines).map(row).collect();
        let sale = json!({"saleID": "7", "timeStamp": "2026-11-21T17:00:00+00:00", "total": "1", "shopID": "1",
            "completed": completed, "voided": voided, "SaleLines": {"SaleLine": lines}});
        seen(&json!({"Sale": sale}))[0].version
    };
    let versions = [
        sale(0, "false", "false"),
        sale(1, "false", "false"),
        sale(2, "false", "false"),
        sale(2, "true", "false"),
        sale(2, "true", "true"),
    ];
    assert!(versions.windows(2).all(|pair| pair[0] < pair[1]), "{versions:?}");
}

#[test]
fn sales_are_followed_to_the_last_page_and_tell_how_far_they_come() {
    let question = Question::Orders { since: at("2026-11-21T00:00:00Z"), cursor: None };
    let page = learned(&question, &fixture("sales_page_1")).expect("the list can be read");
    assert_eq!(page.until, Some(at("2026-11-21T17:20:00Z")));
    let next = page.next.expect("there is another page");
    assert_eq!(
        line(&asked(&next)),
        "GET https://api.example.com/API/V3/Account/7788/Sale.json?sort=timeStamp\
         &timeStamp=%3E%3D%2C2026-11-21T00%3A00%3A00%2B00%3A00&archived=true\
         &load_relations=%5B%22SaleLines%22%5D&limit=100&after=WyI4MTAyIl0%3D"
    );
    let last = learned(&next, &fixture("sales")).expect("the list can be read");
    assert_eq!((last.next, last.told.len()), (None, 5));
}

#[test]
fn one_sale_that_cannot_be_read_does_not_stop_the_others() {
    let mut body: Value = serde_json::from_slice(&fixture("sales")).expect("the fixture is JSON");
    body["Sale"][0]["SaleLines"]["SaleLine"][1]["unitQuantity"] = json!("1.0000001");
    let page = learned(&orders(), body.to_string().as_bytes()).expect("the list can be read");
    assert_eq!(page.told.len(), 4);
    let (document, error) = &page.unreadable[0];
    assert_eq!(document, &DocumentKey::new("8101"));
    let expected =
        "Sale[0].SaleLines.SaleLine[1].unitQuantity: is not a decimal number with at most five places".to_owned();
    assert_eq!(error.to_string(), expected);
}

#[test]
fn a_sale_without_what_it_must_have_is_unreadable_and_names_it() {
    let sale = json!({"saleID": "7", "timeStamp": "2026-11-21T17:00:00+00:00", "total": "1", "shopID": "1",
        "completed": "true", "SaleLines": {"SaleLine": {"saleLineID": "70", "unitQuantity": "1", "itemID": "401"}}});
    assert_eq!(seen(&json!({"Sale": sale.clone()})).len(), 1);
    let cases = [
        ("/timeStamp", json!("yesterday"), "Sale[0].timeStamp"),
        ("/total", json!("1.005"), "Sale[0].total"),
        ("/shopID", json!("0"), "Sale[0].SaleLines.SaleLine[0].shopID"),
        ("/completed", json!("perhaps"), "Sale[0].completed"),
        ("/saleID", json!("0"), "Sale[0].saleID"),
        ("/SaleLines", json!("none"), "Sale[0].SaleLines"),
        ("/SaleLines/SaleLine/saleLineID", json!(""), "Sale[0].SaleLines.SaleLine[0].saleLineID"),
        ("/SaleLines/SaleLine/itemID", json!("4o1"), "Sale[0].SaleLines.SaleLine[0].itemID"),
    ];
    for (pointer, odd, field) in cases {
        let mut sale = sale.clone();
        *sale.pointer_mut(pointer).expect("the field is there") = odd;
        let page = learned(&orders(), json!({"Sale": sale}).to_string().as_bytes()).expect("the list can be read");
        assert_eq!(page.told, [], "{pointer}");
        assert_eq!(page.unreadable[0].1.field, field);
    }
}
