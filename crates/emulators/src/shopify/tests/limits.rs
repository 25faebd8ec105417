//! Cost, throttling, pages.

use serde_json::{Value, json};

use super::Bench;

#[test]
fn every_answer_says_what_it_cost() {
    let mut bench = Bench::new();
    let answer = bench.ask("{ locations(first: 10) { nodes { id name } pageInfo { hasNextPage } } }", json!({}));
    let cost = &answer["extensions"]["cost"];
    assert_eq!(cost["requestedQueryCost"], 11, "ten nodes and the page info");
    assert_eq!(cost["actualQueryCost"], 3, "two locations exist");
    let status = &cost["throttleStatus"];
    assert_eq!(status["currentlyAvailable"], 1997, "the difference flowed back");
    assert_eq!((&status["maximumAvailable"], &status["restoreRate"]), (&json!(2000), &json!(100)));
}

#[test]
fn nested_connections_multiply_and_a_mutation_costs_ten() {
    let mut bench = Bench::new();
    let query = "{ inventoryItems(first: 5) { nodes { id inventoryLevels(first: 4) { nodes {
        location { id } quantities(names: [\"available\"]) { quantity } } } } } }";
    let answer = bench.ask(query, json!({}));
    assert_eq!(answer["extensions"]["cost"]["requestedQueryCost"], 5 * (1 + 4 * 3));
    let query = "mutation { webhookSubscriptionDelete(id: \"gid://shopify/WebhookSubscription/1\") { userErrors { message } } }";
    assert_eq!(bench.ask(query, json!({}))["extensions"]["cost"]["requestedQueryCost"], 10);
}

#[test]
fn a_query_beyond_a_thousand_points_is_refused() {
    let mut bench = Bench::new();
    let query = "{ orders(first: 250) { nodes { id lineItems(first: 10) { nodes { id } } } } }";
    let answer = bench.ask(query, json!({}));
    assert_eq!(answer["errors"][0]["extensions"]["code"], "MAX_COST_EXCEEDED");
    assert_eq!(answer["errors"][0]["extensions"]["cost"], 250 * 11);
}

#[test]
fn an_empty_bucket_throttles_with_status_200_and_fills_again() {
    let mut bench = Bench::new();
    for number in 0..20_u32 {
        let sku = format!("X-{number}");
        bench.ok(json!({"act": "put_item", "sku": sku, "title": sku}));
    }
    let query = "{ inventoryItems(first: 22) { nodes { id inventoryLevels(first: 2) { nodes { id item { id } location { id } } } } } }";
    let mut throttled = None;
    for _ in 0..20 {
        let answer = bench.ask(query, json!({}));
        if answer["errors"][0]["extensions"]["code"] == "THROTTLED" {
            throttled = Some(answer);
            break;
        }
    }
    let throttled = throttled.expect("154 points each, without rest");
    assert_eq!(throttled["data"], Value::Null);
    let cost = &throttled["extensions"]["cost"];
    let missing = cost["requestedQueryCost"].as_i64().expect("points")
        - cost["throttleStatus"]["currentlyAvailable"].as_i64().expect("points");
    assert!(missing > 0);
    bench.now += missing * 10;
    assert_eq!(bench.ask(query, json!({}))["errors"], Value::Null, "after the wait that was asked for");
    assert_eq!(bench.shop.calls.throttled, 1);
}

#[test]
fn a_page_holds_at_most_250_and_needs_a_size() {
    let mut bench = Bench::new();
    for (query, why) in [
        ("{ locations(first: 251) { nodes { id } } }", "first cannot exceed 250"),
        ("{ locations { nodes { id } } }", "you must provide one of first or last"),
        ("{ locations(first: 1, after: \"?\") { nodes { id } } }", "Invalid cursor '?'"),
    ] {
        assert_eq!(bench.ask(query, json!({}))["errors"][0]["message"], why);
    }
}

#[test]
fn what_the_schema_does_not_have_is_refused_in_the_vendors_words() {
    let mut bench = Bench::new();
    for (query, why) in [
        ("{ shop { colour } }", "Field 'colour' doesn't exist on type 'Shop'"),
        ("{ order(id: \"x\", colour: 1) { id } }", "Field 'order' doesn't accept argument 'colour'"),
    ] {
        assert_eq!(bench.ask(query, json!({}))["errors"][0]["message"], why);
    }
    assert!(bench.ask("{ shop {", json!({}))["errors"][0]["message"].is_string());
    let wrong = bench.ask("query($id: ID!) { order(id: $id) { id } }", json!({}));
    assert!(wrong["errors"][0]["message"].as_str().expect("text").contains("id"));
}

#[test]
fn a_zone_that_does_not_exist_is_refused_when_the_shop_is_made() {
    let settings = crate::shopify::Settings { zone: "Europe/Atlantis".to_owned(), ..Default::default() };
    let error = crate::shopify::Shopify::new(settings).expect_err("there is no such zone");
    assert!(error.to_string().contains("Atlantis"), "{error}");
}
