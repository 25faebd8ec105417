//! Orders as levels: what has left, what came back, and in which version.

use connectors::{Question, Told};
use model::{
    CustomerKey, DocumentKey, ExternalItem, Instant, LineSeen, Money, Note, OrderKind, OrderSeen, OrderState, PartSeen,
    PartState, Quantity, Restock, ReturnSeen, Sku,
};
use serde_json::{Value, json};

use crate::desk::{CHANNEL, account, asked, clover, eur, fixture, learned, reply, shop};

fn of(ids: &[&str]) -> Question {
    Question::OrdersOf { documents: ids.iter().map(|id| DocumentKey::new(id)).collect() }
}

fn only(told: Vec<Told>) -> OrderSeen {
    match <[Told; 1]>::try_from(told) {
        Ok([Told::Order(order)]) => *order,
        other => panic!("not one order: {other:?}"),
    }
}

/// An order read back by itself.
fn seen(id: &str, body: &[u8]) -> OrderSeen {
    only(learned(&of(&[id]), body).expect("it can be read").told)
}

/// A fixture with some fields changed.
fn changed(name: &str, change: impl FnOnce(&mut Value)) -> Vec<u8> {
    let mut value: Value = serde_json::from_slice(&fixture(name)).expect("JSON");
    change(&mut value);
    value.to_string().into_bytes()
}

fn line(id: &str, item: Option<&str>, sku: &str, quantity: &str, price: i64) -> LineSeen {
    let quantity = Quantity::parse(quantity).expect("a quantity");
    let part = PartSeen { location: Some(shop()), quantity, state: PartState::Gone };
    LineSeen {
        line: Note::new(id),
        item: item.map(ExternalItem::new),
        sku: Sku::new(sku),
        quantity,
        price: Some(Money { minor: price, currency: eur() }),
        parts: item.map(|_| part).into_iter().collect(),
    }
}

fn returned(document: &str, line: &str, at: i64) -> ReturnSeen {
    ReturnSeen {
        document: DocumentKey::new(document),
        line: Note::new(line),
        item: Some(ExternalItem::new("ITILEBLUE0001")),
        sku: Sku::new("TILE-B"),
        quantity: Quantity::units(1),
        restock: Restock::Nowhere,
        at: Instant(at),
    }
}

#[test]
fn a_paid_order_has_left_piece_by_piece() {
    let expected = OrderSeen {
        channel: CHANNEL,
        document: DocumentKey::new("OSALE00000001"),
        reference: Note::new("Table 4 hub-17"),
        version: 1_795_428_000_000_001,
        // By the till, which is before the server heard of it.
        placed_at: Instant(1_795_427_989_000),
        kind: OrderKind::Till,
        customer: Some(CustomerKey::new("CAMALIA000001")),
        contact: None,
        currency: eur(),
        tax_inclusive: true,
        total: Money { minor: 3_045, currency: eur() },
        state: OrderState::Completed,
        lines: Some(vec![
            line("LTILE00000001", Some("ITILEBLUE0001"), "TILE-B", "1", 995),
            line("LTILE00000002", Some("ITILEBLUE0001"), "TILE-B", "1", 995),
            line("LSALT00000001", Some("ISALTLOOSE001"), "", "1.25", 840),
            line("LWRAP00000001", None, "", "1", 5),
        ]),
        returns: vec![],
    };
    assert_eq!(seen("OSALE00000001", &fixture("order_paid")), expected);
}

#[test]
fn an_unpaid_order_and_one_paid_in_part_have_moved_nothing() {
    for state in ["OPEN", "PARTIALLY_PAID"] {
        let body = changed("order_open", |order| order["paymentState"] = json!(state));
        let order = seen("OOPEN00000001", &body);
        assert_eq!(order.state, OrderState::Open);
        let lines = order.lines.expect("it tells its lines");
        assert_eq!((lines.len(), lines[0].parts.len(), lines[0].quantity), (1, 0, Quantity::units(1)));
    }
}

#[test]
fn refunded_lines_stay_gone_and_come_back_nowhere() {
    let order = seen("OBACK00000001", &fixture("order_refunded"));
    assert_eq!(order.state, OrderState::Completed);
    assert!(order.lines.expect("it tells its lines").iter().all(|line| line.parts[0].state == PartState::Gone));
    let expected = [
        // Named by a refund.
        returned("refund:RBACK00000001", "LTILE00000011", 1_795_428_199_000),
        // Only marked as refunded.
        returned("refund:OBACK00000001", "LTILE00000012", 1_795_428_200_000),
    ];
    assert_eq!(order.returns, expected);
}

#[test]
fn a_sale_that_a_person_voided_is_cancelled_but_its_goods_stay_gone_as_in_clovers_own_number() {
    for state in ["OPEN", "PAID"] {
        let body = changed("order_voided", |order| order["paymentState"] = json!(state));
        let order = seen("OVOID00000001", &body);
        assert_eq!(order.state, OrderState::Cancelled);
        assert_eq!(order.lines.expect("it tells its lines")[0].parts[0].state, PartState::Gone);
    }
}

#[test]
fn a_payment_that_never_went_through_sold_nothing() {
    for reason in ["NOT_APPROVED", "TIMEOUT", "TRANSPORT_ERROR"] {
        let body = changed("order_voided", |order| order["payments"]["elements"][0]["voidReason"] = json!(reason));
        let order = seen("OVOID00000001", &body);
        assert_eq!((order.state, order.lines.expect("lines")[0].parts.len()), (OrderState::Open, 0), "{reason}");
    }
}

#[test]
fn an_order_that_does_not_say_whether_it_is_paid_is_judged_by_its_payments() {
    let judged = |amount: i64, result: &str| {
        let body = changed("order_paid", |order| {
            order.as_object_mut().expect("an object").remove("paymentState");
            order["payments"]["elements"][0]["amount"] = json!(amount);
            order["payments"]["elements"][0]["result"] = json!(result);
        });
        seen("OSALE00000001", &body).state
    };
    assert_eq!(judged(3_045, "SUCCESS"), OrderState::Completed);
    assert_eq!(judged(3_044, "SUCCESS"), OrderState::Open);
    assert_eq!(judged(3_045, "FAIL"), OrderState::Open);
    assert_eq!(judged(i64::MAX, "SUCCESS"), OrderState::Completed);
}

#[test]
fn an_order_that_is_marked_deleted_is_cancelled() {
    let body = changed("order_open", |order| order["deletedTimestamp"] = json!(1_795_428_200_000_i64));
    assert_eq!(seen("OOPEN00000001", &body).state, OrderState::Cancelled);
}

#[test]
fn a_refund_a_void_and_a_payment_in_the_same_millisecond_raise_the_version() {
    let version = |change: &dyn Fn(&mut Value)| seen("OSALE00000001", &changed("order_paid", change)).version;
    let plain = version(&|_| {});
    assert_eq!(version(&|order| order["lineItems"]["elements"][0]["refunded"] = json!(true)), plain + 1);
    assert_eq!(version(&|order| order["refunds"]["elements"] = json!([{"id": "R", "createdTime": 5}])), plain + 1);
    assert_eq!(version(&|order| order["payments"]["elements"][0]["voidReason"] = json!("USER_CANCEL")), plain + 1);
    let later = version(&|order| order["modifiedTime"] = json!(1_795_428_000_001_i64));
    assert!(later > plain + 900, "a later change is above any progress within the millisecond");
    assert_eq!(version(&|order| order["refunds"]["elements"] = json!(vec![json!({"id": "R"}); 5_000])), plain + 998);
}

#[test]
fn the_same_sale_by_webhook_and_by_poll_is_the_same_order() {
    let since = Question::Orders { since: Instant(1_795_000_000_000), cursor: None };
    let listed = learned(&since, &fixture("orders")).expect("it can be read");
    let polled: Vec<OrderSeen> = listed.told.into_iter().map(|told| only(vec![told])).collect();
    let fetched = [
        ("OSALE00000001", "order_paid"),
        ("OOPEN00000001", "order_open"),
        ("OBACK00000001", "order_refunded"),
        ("OVOID00000001", "order_voided"),
    ]
    .map(|(id, name)| seen(id, &fixture(name)));
    assert_eq!(polled, fetched);
    // What is read with an order is the same on both ways.
    let parts = |question: &Question| {
        asked(question).split("expand=").nth(1).map(|rest| rest.split('&').next().map(str::to_owned))
    };
    assert_eq!(parts(&since), parts(&of(&["OSALE00000001"])));
}

#[test]
fn one_order_that_cannot_be_read_does_not_stop_the_page() {
    let page =
        learned(&Question::Orders { since: Instant(0), cursor: None }, &fixture("orders")).expect("it can be read");
    assert_eq!(page.told.len(), 4);
    let (document, error) = &page.unreadable[0];
    assert_eq!((document.as_str(), page.unreadable.len()), ("OBADLINE00001", 1));
    assert_eq!(error.to_string(), "elements[4].lineItems.elements[0].unitQty: is below zero");
    assert_eq!(page.until, Some(Instant(1_795_428_400_000)));
}

#[test]
fn a_payment_leads_to_its_order_and_its_own_name_is_done() {
    let question = of(&["payment:PCASH00000001", "OOPEN00000001"]);
    assert_eq!(asked(&question), "GET /v3/merchants/MKIOSKLISBOA1/payments/PCASH00000001?expand=order");
    let page = learned(&question, &fixture("payment")).expect("it can be read");
    assert_eq!(page.missing, ["payment:PCASH00000001"]);
    assert_eq!(page.told, []);
    assert_eq!(page.next, Some(of(&["OOPEN00000001", "OSALE00000001"])));
    let again = learned(&of(&["payment:PCASH00000001", "OSALE00000001"]), &fixture("payment")).expect("it can be read");
    assert_eq!(again.next, Some(of(&["OSALE00000001"])), "it is asked for once");
    let without = learned(&of(&["payment:P"]), b"{\"id\":\"P\"}").expect("it can be read");
    assert_eq!((without.missing.len(), without.next), (1, None));
    let strange = learned(&of(&["payment:P", "O"]), b"{\"order\":5}").expect("the rest goes on");
    assert_eq!((strange.unreadable.len(), strange.missing.len(), strange.next), (1, 0, Some(of(&["O"]))));
}

#[test]
fn documents_are_read_one_by_one_to_the_end_and_missing_or_strange_ones_are_named() {
    let question = of(&["OGONE00000009", "OSALE00000001"]);
    let page =
        clover().learn(&question, &account(), &reply(404, b"{\"message\":\"Not found\"}")).expect("it is an answer");
    assert_eq!(page.missing, ["OGONE00000009"]);
    assert_eq!(page.next, Some(of(&["OSALE00000001"])));
    let page = learned(&of(&["OOTHER0000001"]), &fixture("order_paid")).expect("the rest goes on");
    assert_eq!(page.unreadable[0].1.to_string(), "id: is not the document that was asked for");
    let page = learned(&of(&["OSALE00000001"]), b"<html>").expect("the rest goes on");
    assert_eq!((page.unreadable.len(), page.told.len(), page.next), (1, 0, None));
}
