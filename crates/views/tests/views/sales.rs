//! Sales per local day, and the days on which there was nothing to sell.

use model::*;
use views::{Day, SalesFilter};

use crate::play::*;

fn at(hours: i64, movement: Moved) -> Fact {
    Fact::Moved(Moved { happened_at: MORNING.plus_ms(hours * HOUR), ..movement })
}

fn filter() -> SalesFilter {
    let day = |text| Day::parse(text).unwrap();
    SalesFilter { item: SHIRT, location: Some(STORE), channel: None, from: day("2026-11-22"), to: day("2026-11-26") }
}

fn days(facts: Vec<Fact>, filter: SalesFilter) -> Vec<String> {
    let mut all = shop();
    all.extend(facts);
    let days = play(&entries(all)).reader.sales_by_day(&filter).unwrap();
    days.iter()
        .map(|day| format!("{} {} {}{}", day.day, day.sold, day.returned, if day.stock_out { " out" } else { "" }))
        .collect()
}

fn sold_by(order: u32, units: i32) -> Moved {
    Moved { order: Some((OrderId(order), LineKey::of("1"))), ..moved(SHIRT, STORE, Cause::Sale, -units) }
}

fn sales() -> Vec<Fact> {
    let back = Returned {
        order: OrderId(1),
        document: "refund".into(),
        line: LineKey::of("refund/1"),
        item: Some(SHIRT),
        quantity: Quantity::units(1),
        restocked: Some(STORE),
        happened_at: MORNING.plus_ms(73 * HOUR),
    };
    vec![
        at(0, moved(SHIRT, STORE, Cause::Opening, 5)),
        Fact::OrderPut(Box::new(order_put(1, TILL, "#1", OrderState::Completed))),
        Fact::OrderPut(Box::new(order_put(2, SHOP, "#2", OrderState::Completed))),
        at(1, sold_by(1, 2)),
        // 23:30 UTC on Monday is Tuesday in Berlin.
        at(14, Moved { happened_at: MORNING.plus_ms(14 * HOUR + HOUR / 2), ..sold_by(2, 3) }),
        at(72, moved(SHIRT, STORE, Cause::Receipt, 1)),
        Fact::Returned(back),
        at(73, Moved { order: Some((OrderId(1), LineKey::of("1"))), ..moved(SHIRT, STORE, Cause::Return, 1) }),
    ]
}

#[test]
fn units_are_counted_on_the_locations_own_day_and_stock_outs_are_marked() {
    let fifteen_thirty = days(sales(), filter());
    assert_eq!(
        fifteen_thirty,
        ["2026-11-22 0 0", "2026-11-23 2 0", "2026-11-24 3 0 out", "2026-11-25 0 0 out", "2026-11-26 0 1"]
    );
}

#[test]
fn one_channels_sales_are_its_own_but_a_stock_out_is_the_locations() {
    let shop = days(sales(), SalesFilter { channel: Some(SHOP), ..filter() });
    assert_eq!(
        shop,
        ["2026-11-22 0 0", "2026-11-23 0 0", "2026-11-24 3 0 out", "2026-11-25 0 0 out", "2026-11-26 0 0"]
    );
}

#[test]
fn an_item_is_out_of_stock_when_no_location_has_any() {
    let mut facts = sales();
    facts.push(at(40, moved(SHIRT, DEPOT, Cause::Opening, 1)));
    let all = days(facts, SalesFilter { location: None, ..filter() });
    assert_eq!(all[2..], ["2026-11-24 3 0 out", "2026-11-25 0 0", "2026-11-26 0 1"]);
}

#[test]
fn a_sale_heard_of_late_counts_on_the_day_it_happened() {
    let mut facts = vec![at(0, moved(SHIRT, STORE, Cause::Opening, 1)), at(72, moved(SHIRT, STORE, Cause::Receipt, 4))];
    facts.push(at(1, moved(SHIRT, STORE, Cause::Sale, -1)));
    let late = days(facts, filter());
    assert_eq!(late[1..], ["2026-11-23 1 0 out", "2026-11-24 0 0 out", "2026-11-25 0 0 out", "2026-11-26 0 0"]);
}

#[test]
fn goods_of_a_promise_that_left_are_sold_and_returns_without_a_shelf_still_count() {
    let mut facts = vec![at(0, moved(SHIRT, STORE, Cause::Opening, 9)), reserved(1, vec![line(SHIRT, STORE, 4)])];
    facts.push(Fact::Committed { reservation: ReservationId(1) });
    facts.push(Fact::Returned(Returned {
        order: OrderId(1),
        document: "refund".into(),
        line: LineKey::of("refund/1"),
        item: Some(SHIRT),
        quantity: Quantity::units(2),
        restocked: None,
        happened_at: MORNING,
    }));
    assert_eq!(days(facts.clone(), filter())[1], "2026-11-23 4 0");
    assert_eq!(days(facts, SalesFilter { location: None, ..filter() })[1], "2026-11-23 4 2");
}

#[test]
fn a_range_is_held_at_five_hundred_days_and_may_be_empty() {
    let played = play(&[]);
    let reader = &played.reader;
    let long = SalesFilter { from: Day(0), to: Day(i32::MAX), ..filter() };
    assert_eq!(reader.sales_by_day(&long).unwrap().len(), 500);
    let backwards = SalesFilter { from: Day(5), to: Day(4), ..filter() };
    assert_eq!(reader.sales_by_day(&backwards).unwrap(), Vec::new());
}
