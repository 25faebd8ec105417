//! Orders, customers, and what happened to them.

use model::*;
use views::{OrderFilter, OrderRow};

use crate::play::*;

fn ids(rows: &[OrderRow]) -> Vec<u32> {
    rows.iter().map(|row| row.put.order.0).collect()
}

fn list(filter: OrderFilter) -> Vec<u32> {
    ids(&play(&story()).reader.orders(&filter, 10).unwrap())
}

#[test]
fn orders_are_listed_newest_first_and_filtered() {
    assert_eq!(list(OrderFilter::default()), [3, 2, 1]);
    assert_eq!(list(OrderFilter { channel: Some(TILL), ..OrderFilter::default() }), [1]);
    assert_eq!(list(OrderFilter { state: Some(OrderState::Open), ..OrderFilter::default() }), [2]);
    assert_eq!(list(OrderFilter { state: Some(OrderState::Cancelled), ..OrderFilter::default() }), [3]);
    assert_eq!(list(OrderFilter { kind: Some(OrderKind::Web), ..OrderFilter::default() }), [3, 2]);
    assert_eq!(list(OrderFilter { search: Some("#104".into()), ..OrderFilter::default() }), [2, 1]);
    assert_eq!(list(OrderFilter { search: Some("doc-3".into()), ..OrderFilter::default() }), [3]);
    assert_eq!(list(OrderFilter { search: Some("%".into()), ..OrderFilter::default() }), Vec::<u32>::new());
    assert_eq!(list(OrderFilter { search: Some(" ".into()), ..OrderFilter::default() }), [3, 2, 1]);
    let customer = Some((SHOP, "customer-7".into()));
    assert_eq!(list(OrderFilter { customer, state: Some(OrderState::Open), ..OrderFilter::default() }), [2]);
}

#[test]
fn orders_placed_at_the_same_moment_are_paged_without_loss() {
    let mut facts = shop();
    for order in 0..5 {
        let put = OrderPut { placed_at: MORNING, ..order_put(order, SHOP, "same", OrderState::Open) };
        facts.push(Fact::OrderPut(Box::new(put)));
    }
    let played = play(&entries(facts));
    let reader = &played.reader;
    let mut seen: Vec<OrderRow> = Vec::new();
    for _ in 0..3 {
        let before = seen.last().map(OrderRow::cursor);
        seen.extend(reader.orders_of_customer(SHOP, &"customer-7".into(), before, 2).unwrap());
    }
    assert_eq!(ids(&seen), [4, 3, 2, 1, 0]);
}

#[test]
fn an_order_comes_with_its_movements_returns_and_shortages() {
    let played = play(&story());
    let reader = &played.reader;
    let sale = reader.order(OrderId(1)).unwrap().unwrap();
    assert_eq!(sale.order.channel_name, "Till");
    assert_eq!(sale.order.put.contact, Some(sealed(SHOP, "doc")));
    assert_eq!(sale.order.put.lines.len(), 1);
    let moved: Vec<_> = sale.movements.iter().map(|row| row.moved.on_hand).collect();
    assert_eq!(moved, [Change::units(-2), Change::units(1), Change::units(1)]);
    assert_eq!(sale.returns.len(), 2);
    let web = reader.order(OrderId(2)).unwrap().unwrap();
    assert_eq!(web.shortages[0].words, "Order #1043 cannot be kept: 1 of SHIRT-M missing at Store 1");
    assert_eq!(reader.order(OrderId(99)).unwrap(), None);
}

#[test]
fn an_order_heard_again_shows_its_last_form_once() {
    let mut facts = shop();
    facts.push(Fact::OrderPut(Box::new(order_put(1, SHOP, "#1", OrderState::Open))));
    let again = OrderPut { version: 2, ..order_put(1, SHOP, "#1-edited", OrderState::Completed) };
    facts.push(Fact::OrderPut(Box::new(again.clone())));
    let played = play(&entries(facts));
    let reader = &played.reader;
    let rows = reader.orders(&OrderFilter::default(), 5).unwrap();
    assert_eq!(rows.len(), 1);
    assert_eq!(rows[0].put, again);
    let open = OrderFilter { state: Some(OrderState::Open), ..OrderFilter::default() };
    assert_eq!(reader.orders(&open, 5).unwrap(), Vec::new());
    assert_eq!(reader.order_of_document(SHOP, &"doc-1".into()).unwrap(), Some(OrderId(1)));
    assert_eq!(reader.order_of_document(TILL, &"doc-1".into()).unwrap(), None);
}

#[test]
fn a_customer_is_known_sealed_by_channel_and_key() {
    let played = play(&story());
    let reader = &played.reader;
    let known = reader.customer(SHOP, &"customer-7".into()).unwrap().unwrap();
    assert_eq!(known.put.person, Some(sealed(SHOP, "customer-7")));
    assert_eq!(known.channel_name, "Web shop");
    assert_eq!(reader.customer(TILL, &"customer-7".into()).unwrap(), None);
}
