//! Orders as levels: what is gone, what is not yet, what came back.

use connectors::{Question, Told};
use model::{
    CustomerKey, DocumentKey, Instant, Money, Note, OrderKind, OrderSeen, OrderState, PartSeen, PartState, Personal,
    Quantity, Restock,
};

use crate::desk::{account, at, fixture, item, learned, place};

fn question() -> Question {
    Question::Orders { since: Instant(0), cursor: None }
}

fn orders(body: &[u8]) -> Vec<OrderSeen> {
    let page = learned(&question(), body).expect("the page is readable");
    let order = |told| match told {
        Told::Order(order) => Some(*order),
        _ => None,
    };
    page.told.into_iter().filter_map(order).collect()
}

fn seen(id: &str) -> OrderSeen {
    let orders = orders(&fixture("orders_search"));
    orders.into_iter().find(|order| order.document.as_str() == id).expect("the fixture has the order")
}

/// The fixture's page with one text put for another.
fn changed(from: &str, to: &str) -> Vec<u8> {
    let text = String::from_utf8(fixture("orders_search")).expect("text");
    assert!(text.contains(from), "the fixture has no {from}");
    text.replace(from, to).into_bytes()
}

/// `line item parts` of every line.
fn lines(order: &OrderSeen) -> Vec<String> {
    let lines = order.lines.iter().flatten();
    lines.map(|line| format!("{} {:?} {} {:?}", line.line, line.item, line.quantity, line.parts)).collect()
}

fn gone(location: &str, quantity: &str) -> Vec<PartSeen> {
    let quantity = Quantity::parse(quantity).expect("a quantity");
    vec![PartSeen { location: Some(place(location)), quantity, state: PartState::Gone }]
}

#[test]
fn a_completed_till_sale_has_left_the_shop_line_by_line() {
    let sale = seen("oRdSale001");
    let lines = sale.lines.as_ref().expect("a sale has lines");
    assert_eq!(lines[0].item, Some(item("VARCUPBLUE")));
    assert_eq!(lines[0].parts, gone("LPORTO1", "2"));
    assert_eq!(lines[1].parts, gone("LPORTO1", "0.125"));
    assert_eq!(lines[1].price, Some(Money { minor: 3000, currency: account().currency }));
    assert_eq!((sale.state, sale.kind), (OrderState::Completed, OrderKind::Till));
    assert_eq!((sale.total.minor, sale.tax_inclusive), (1375, true));
    assert_eq!(sale.placed_at, at("2026-11-20T16:41:55.020Z"));
    assert_eq!(sale.customer, Some(CustomerKey::new("CUSTELVIRA")), "who paid, when the order itself names nobody");
}

#[test]
fn an_amount_typed_by_hand_and_a_gift_card_have_no_stock() {
    assert_eq!(lines(&seen("oRdSale001"))[2..], ["lInE3 None 1 []", "lInE4 None 1 []"]);
}

#[test]
fn an_order_without_a_version_takes_its_time_of_change_for_one() {
    let changed = at("2026-11-20T16:42:06.900Z");
    assert_eq!(Some(seen("oRdSale001").version), u64::try_from(changed.0).ok());
    assert_eq!(seen("oRdWeb0002").version, 9);
}

#[test]
fn a_paid_web_order_has_left_the_stock_though_it_waits_to_be_picked_up() {
    let order = seen("oRdWeb0002");
    assert_eq!(order.lines.as_ref().map(|lines| lines[0].parts.clone()), Some(gone("LBRAGA2", "1")));
    assert_eq!((order.state, order.kind), (OrderState::Open, OrderKind::Web));
    assert_eq!(order.reference, Note::new("Rui shop-4411"));
    let Some(Personal::Plain(contact)) = order.contact else {
        panic!("the guest's contact is plain until it is sealed")
    };
    assert_eq!((contact.given_name.as_str(), contact.email.as_str()), ("Rui Vasques", "rui@example.net"));
}

#[test]
fn a_pick_up_arranged_at_the_counter_is_a_till_order() {
    let orders = orders(&changed("Square Online", "Square Point of Sale"));
    assert!(orders.iter().all(|order| order.kind == OrderKind::Till));
}

#[test]
fn an_open_order_that_is_not_paid_in_full_holds_no_stock() {
    assert_eq!(lines(&seen("oRdOpen0004")), ["b1 Some(\"VARCUPBLUE\") 3 []"]);
    assert_eq!(seen("oRdOpen0004").state, OrderState::Open);
}

#[test]
fn an_open_order_without_an_amount_due_is_paid_when_it_has_a_payment() {
    let body = br#"{"orders":[
        {"id":"o1","location_id":"L","state":"OPEN","version":1,"created_at":"2026-11-20T00:00:00Z",
         "tenders":[{"type":"CASH"}],"line_items":[{"uid":"a","quantity":"1","catalog_object_id":"V"}]},
        {"id":"o2","location_id":"L","state":"OPEN","version":1,"created_at":"2026-11-20T00:00:00Z",
         "line_items":[{"uid":"a","quantity":"1","catalog_object_id":"V"}]},
        {"id":"o3","location_id":"L","state":"OPEN","version":1,"created_at":"2026-11-20T00:00:00Z",
         "net_amount_due_money":{"amount":0},"line_items":[{"uid":"a","quantity":"1","catalog_object_id":"V"}]}]}"#;
    let parts = |order: &OrderSeen| order.lines.as_ref().map(|lines| lines[0].parts.len());
    assert_eq!(orders(body).iter().map(parts).collect::<Vec<_>>(), [Some(1), Some(0), Some(0)]);
}

#[test]
fn a_cancelled_order_keeps_its_lines_and_gives_back_its_stock() {
    let order = seen("oRdStop0005");
    assert_eq!(order.state, OrderState::Cancelled);
    assert_eq!(lines(&order), ["c1 Some(\"VARCUPRED\") 1 []"]);
}

#[test]
fn a_draft_is_nobodys_order() {
    let orders = orders(&fixture("orders_search"));
    assert!(orders.iter().all(|order| order.document.as_str() != "oRdDraft006"));
    assert_eq!(orders.len(), 5);
}

#[test]
fn a_return_document_tells_its_returns_under_its_own_id_and_has_no_lines() {
    let order = seen("oRdBack003");
    assert_eq!(order.lines, Some(vec![]));
    assert_eq!(order.returns.len(), 2);
    let back = &order.returns[0];
    assert_eq!((back.document.as_str(), back.line.as_str()), ("oRdBack003", "rL1"));
    assert_eq!((back.item.clone(), back.quantity), (Some(item("VARCUPBLUE")), Quantity::units(1)));
    assert_eq!(back.restock, Restock::At(place("LPORTO1")));
    assert_eq!(back.at, at("2026-11-21T09:00:03Z"));
    assert_eq!(order.returns[1].item, None);
}

#[test]
fn the_returns_of_an_exchange_wait_until_it_is_settled() {
    let text = String::from_utf8(fixture("orders_batch_retrieve")).expect("text");
    let open = text.replace("\"COMPLETED\"", "\"OPEN\"");
    assert_eq!(orders(open.as_bytes())[0].returns, vec![]);
    let cancelled = text.replace("\"COMPLETED\"", "\"CANCELED\"");
    assert_eq!(orders(cancelled.as_bytes())[0].returns, vec![]);
}

#[test]
fn the_search_goes_on_with_squares_cursor_and_then_with_the_next_ten_locations() {
    let page = learned(&question(), &fixture("orders_search")).expect("readable");
    let next = Question::Orders { since: Instant(0), cursor: Some("0:cUrSoR-next".to_owned()) };
    assert_eq!(page.next, Some(next.clone()));
    assert_eq!(learned(&next, b"{}").expect("readable").next, None);
}

#[test]
fn orders_asked_for_by_id_that_are_not_there_are_missing() {
    let documents = ["oRdBack003", "oRdNowhere"].map(DocumentKey::new).to_vec();
    let page = learned(&Question::OrdersOf { documents }, &fixture("orders_batch_retrieve")).expect("readable");
    assert_eq!((page.told.len(), page.missing, page.next), (1, vec!["oRdNowhere".to_owned()], None));
}

#[test]
fn what_does_not_fit_is_named_by_its_place_and_not_repeated() {
    let problem = |from: &str, to: &str| {
        let page = learned(&question(), &changed(from, to)).expect("the page is read all the same");
        let (_, error) = page.unreadable.first().expect("an order does not fit");
        // Drafts are neither told nor unreadable; the last example spoils every other order.
        assert!(!page.told.is_empty() || page.unreadable.len() == 5, "the other orders are told");
        error.to_string()
    };
    assert_eq!(problem("\"0.125\"", "\"-1\""), String::from("orders[0].line_items[1].quantity: is below zero"));
    assert_eq!(problem("\"0.125\"", "0.125"), String::from("orders[0].line_items[1].quantity: is not a string"));
    assert_eq!(
        problem("\"0.125\"", "\"0.1234567\""),
        String::from("orders[0].line_items[1].quantity: is not a decimal number with at most five places")
    );
    assert_eq!(
        problem("\"0.125\"", "\"9999999999999\""),
        String::from("orders[0].line_items[1].quantity: is larger than a million million units")
    );
    assert_eq!(
        problem("\"amount\": 3000", "\"amount\": 3000.5"),
        String::from("orders[0].line_items[1].base_price_money.amount: is not i64")
    );
    assert_eq!(
        problem("\"amount\": 3000", "\"amount\": 99999999999999999999"),
        String::from("orders[0].line_items[1].base_price_money.amount: is not i64")
    );
    assert_eq!(problem("\"version\": 9", "\"version\": -9"), String::from("orders[1].version: is not u64"));
    assert_eq!(
        problem("\"uid\": \"lInE2\"", "\"nouid\": \"lInE2\""),
        String::from("orders[0].line_items[1].uid: is missing")
    );
    assert_eq!(
        problem("\"currency\": \"EUR\"", "\"currency\": \"euro\""),
        String::from("orders[0].total_money.currency: is no ISO 4217 code")
    );
    assert_eq!(problem("\"DRAFT\"", "\"MELTED\""), String::from("orders[4].state: is not a state of an order"));
    assert_eq!(
        problem("\"rui@example.net\"", "[\"rui@example.net\"]"),
        String::from("orders[1].fulfillments[0].pickup_details.recipient.email_address: is not a string")
    );
}
