//! One box finds items and orders, and every character means itself.

use model::{Fact, OrderState};
use views::{Found, ViewsReader};

use crate::play::*;

fn found(reader: &ViewsReader, text: &str) -> String {
    let name = |found: &Found| match found {
        Found::Item { sku, .. } => sku.clone(),
        Found::Order { reference, channel_name, .. } => format!("{reference} of {channel_name}"),
    };
    reader.search(text, 10).unwrap().iter().map(name).collect::<Vec<_>>().join(", ")
}

fn reader() -> Played {
    let mut facts = shop();
    facts.extend([
        item(model::ItemId(2), "100%", "All cotton", &[]),
        item(model::ItemId(3), "1000", "A_thing", &[]),
        item(model::ItemId(4), "100X", "Athing in ÉTÉ", &["1000"]),
        Fact::OrderPut(Box::new(order_put(1, SHOP, "#Ab_1", OrderState::Open))),
        Fact::OrderPut(Box::new(order_put(2, TILL, "#Abc1", OrderState::Open))),
    ]);
    play(&entries(facts))
}

#[test]
fn items_are_found_by_barcode_then_sku_then_title() {
    let played = reader();
    let reader = &played.reader;
    assert_eq!(found(reader, "4006381333931"), "SHIRT-M");
    assert_eq!(found(reader, "shirt"), "SHIRT-M");
    assert_eq!(found(reader, " medium LINEN "), "SHIRT-M");
    assert_eq!(found(reader, "1000"), "100X, 1000");
    assert_eq!(found(reader, "été"), "100X");
    assert_eq!(found(reader, "linen socks"), "");
}

#[test]
fn orders_are_found_by_reference_or_document() {
    let played = reader();
    let reader = &played.reader;
    assert_eq!(found(reader, "#AB"), "#Abc1 of Till, #Ab_1 of Web shop");
    assert_eq!(found(reader, "doc-2"), "#Abc1 of Till");
    assert_eq!(reader.search("#ab", 1).unwrap().len(), 1);
}

#[test]
fn per_cent_and_underscore_mean_themselves() {
    let played = reader();
    let reader = &played.reader;
    assert_eq!(found(reader, "100%"), "100%");
    assert_eq!(found(reader, "%"), "");
    assert_eq!(found(reader, "a_t"), "1000");
    assert_eq!(found(reader, "_"), "1000");
    assert_eq!(found(reader, "#ab_"), "#Ab_1 of Web shop");
    assert_eq!(found(reader, "\\"), "");
    assert_eq!(found(reader, "'; DROP TABLE items; --"), "");
}

#[test]
fn an_empty_text_finds_nothing_and_a_long_one_is_cut() {
    let played = reader();
    let reader = &played.reader;
    assert_eq!(found(reader, " \t "), "");
    assert_eq!(found(reader, &"word ".repeat(10_000)), "");
}

#[test]
fn a_barcode_that_an_item_lost_finds_it_no_more() {
    let mut played = reader();
    let next = model::Seq(played.views.checkpoint().0 + 1);
    let renamed = entry(MORNING, item(model::ItemId(4), "HAT", "Hat", &["77"]));
    played.views.apply(next, &[renamed]).unwrap();
    assert_eq!(found(&played.reader, "1000"), "1000");
    assert_eq!(found(&played.reader, "77"), "HAT");
}
