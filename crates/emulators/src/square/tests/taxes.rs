//! The tax inside a seller's prices: on items, on orders of the tills, and nowhere on those of the API.

use super::{Bench, order};
use crate::square::Settings;
use serde_json::{Value, json};

/// A seller with a mug at 12.00 of which 2.00 are tax.
fn bench(tax_inclusive: bool) -> Bench {
    let settings = Settings { tax_inclusive, rate_per_s: 1_000, burst: 10_000, ..Settings::example() };
    let mut bench = Bench::empty(settings);
    bench.act(json!({"act": "put_location", "name": "High Street"}));
    bench.act(json!({"act": "put_item", "sku": "MUG", "title": "Mug", "price_minor": 1_200}));
    bench
}

fn sold(bench: &mut Bench) -> Value {
    let line = json!({"sku": "MUG", "quantity": "2", "unit_price_minor": 1_200});
    let sale = bench.act(json!({"act": "till_sale", "reference": "S1", "location": "High Street", "lines": [line]}));
    order(bench, &sale["order_id"])
}

#[test]
fn an_item_names_the_tax_and_the_search_brings_it_along() {
    let mut bench = bench(true);
    let asked = json!({"object_types": ["ITEM"], "include_related_objects": true});
    let found = bench.ok("POST", "/v2/catalog/search", asked);
    let tax = &found["related_objects"][0];
    assert_eq!((&tax["type"], &tax["tax_data"]["inclusion_type"]), (&json!("TAX"), &json!("INCLUSIVE")));
    assert_eq!(found["objects"][0]["item_data"]["tax_ids"], json!([tax["id"]]));
}

#[test]
fn a_till_sale_tells_the_tax_inside_its_prices_and_costs_no_more() {
    let shown = sold(&mut bench(true));
    assert_eq!(shown["total_money"]["amount"], 2_400);
    assert_eq!(shown["total_tax_money"]["amount"], 400);
    assert_eq!((&shown["taxes"][0]["type"], &shown["taxes"][0]["percentage"]), (&json!("INCLUSIVE"), &json!("20")));
    let line = &shown["line_items"][0];
    assert_eq!((&line["base_price_money"]["amount"], &line["total_tax_money"]["amount"]), (&json!(1_200), &json!(400)));
    assert_eq!(line["applied_taxes"][0]["tax_uid"], shown["taxes"][0]["uid"]);
    assert_eq!(shown["net_amounts"]["tax_money"]["amount"], 400);
}

#[test]
fn a_seller_without_tax_tells_none() {
    let shown = sold(&mut bench(false));
    assert_eq!((shown.get("taxes"), &shown["total_tax_money"]["amount"]), (None, &json!(0)));
}

#[test]
fn an_order_of_the_api_bears_the_taxes_that_it_brings() {
    let mut bench = bench(true);
    let (location_id, variation, key) = (bench.location("High Street"), bench.variation("MUG"), bench.key());
    let lines = json!([{"catalog_object_id": variation, "quantity": "1"}]);
    let asked = json!({"idempotency_key": key, "order": {"location_id": location_id, "line_items": lines}});
    let shown = bench.ok("POST", "/v2/orders", asked);
    assert_eq!((shown["order"].get("taxes"), &shown["order"]["total_money"]["amount"]), (None, &json!(1_200)));
}
