//! What answers say, and what is asked next.

use connectors::{BudgetReport, Question, Told, Trouble};
use insta::assert_snapshot;
use model::{DocumentKey, Instant};

use super::play::{account, fixture, learn, learned, reply, say_page, shopify};

fn orders() -> Question {
    Question::Orders { since: Instant(1_795_161_600_000), cursor: None }
}

fn documents(numbers: &[&str]) -> Question {
    Question::OrdersOf { documents: numbers.iter().map(|number| DocumentKey::new(number)).collect() }
}

/// The five orders of `orders_of.json`, the last of which does not exist.
pub fn five() -> Question {
    documents(&["9007199254740993", "55120002", "55120007", "55120008", "55120009"])
}

#[test]
fn changed_orders_are_listed_with_the_least_version_they_can_have() {
    let page = learn(&orders(), "orders_page.json").expect("readable");
    let changed = |document: &str, version| (DocumentKey::new(document), version);
    assert_eq!(
        page.changed,
        [changed("9007199254740993", 1_795_161_605_000_000_006), changed("55120002", 1_795_161_609_000_000_005)]
    );
    assert_eq!(page.until, Some(Instant(1_795_161_609_000)));
    let cursor = Some("cursor-orders".to_owned());
    assert_eq!(page.next, Some(Question::Orders { since: Instant(1_795_161_600_000), cursor }));
    assert!(page.told.is_empty());
}

#[test]
fn orders_whose_units_are_together_are_told_from_their_heads_and_the_others_are_gone_on_with() {
    assert_snapshot!(learned(&five(), "orders_of.json"), @r##"
    order 9007199254740993 "#2001 till-7-88" Till Completed version 1795161605000000006 total 25.00 GBP customer Some("80020001") contact false
      line 14090001 Some("variant:43090001") "POT-1" x2 at 12.50: 2 gone at 70010001
      line 14090002 None "" x1 at 3.00:
    order 55120002 "#2001" Web Open version 1795161605000000003 total 25.00 GBP customer None contact true
      line 14090003 Some("variant:43090001") "POT-1" x2 at 12.50: 1 gone at 70010001 1 promised at 70010001
    missing 55120009
    next after 0 ms: details
    "##);
}

#[test]
fn an_order_in_parts_is_told_when_its_last_part_is_read() {
    let details = learn(&five(), "orders_of.json").expect("readable").next.expect("two orders are unfinished");
    let page = learn(&details, "orders_detail_1.json").expect("readable");
    assert_snapshot!(say_page(&page), @r##"
    order 55120008 "#2001" Web Open version 1795161605000000002 total 25.00 GBP customer None contact false
      line 14090011 Some("variant:43090001") "POT-1" x1 at 12.50: 1 promised at 70010001
      line 14090012 Some("variant:43090002") "CUP-1" x1 at 4.25: 1 promised at 70010001
    next after 0 ms: details
    "##);
    let details = page.next.expect("one order is unfinished");
    assert_snapshot!(learned(&details, "orders_detail_2.json"), @r##"
    order 55120007 "#2001" Web Open version 1795161605000000008 total 25.00 GBP customer None contact false
      line 14090009 Some("variant:43090001") "POT-1" x4 at 12.50: 1 gone at 70010001 3 promised at 70010001
      line 14090010 Some("variant:43090002") "CUP-1" x2 at 4.25: 2 promised at 70010002
    "##);
}

#[test]
fn an_order_deleted_while_it_is_read_is_missing() {
    let details = learn(&five(), "orders_of.json").expect("readable").next.expect("two orders are unfinished");
    let body = br#"{"data":{"p0":null,"p1":null,"p2":null,"p3":null}}"#;
    let page = shopify().learn(&details, &account(), &reply(200, body)).expect("readable");
    assert_eq!(page.missing, ["55120007", "55120008"]);
    assert_eq!(page.next, None);
}

#[test]
fn the_same_order_has_the_same_version_in_a_webhook_and_in_an_answer() {
    let answer = learned(&five(), "orders_of.json");
    let webhook = super::play::heard("orders/create", "orders_create_till.json");
    let first = |text: &str| text.lines().find(|line| line.starts_with("order ")).map(str::to_owned);
    assert!(first(&answer).is_some_and(|line| line.contains("1795161605000000006")));
    assert_eq!(first(&answer), first(&webhook));
}

#[test]
fn documents_beyond_one_request_are_asked_for_next() {
    let numbers: Vec<String> = (0..23).map(|it| (9000 + it).to_string()).collect();
    let numbers: Vec<&str> = numbers.iter().map(String::as_str).collect();
    let nulls = format!(r#"{{"data":{{"nodes":[{}]}}}}"#, ["null"; 21].join(","));
    let page = shopify().learn(&documents(&numbers), &account(), &reply(200, nulls.as_bytes())).expect("readable");
    assert_eq!(page.missing, numbers[..21]);
    assert_eq!(page.next, Some(documents(&["9021", "9022"])));
}

#[test]
fn items_are_known_by_their_inventory_item_and_their_variant() {
    let question = Question::Catalogue { since: None, cursor: None };
    assert_snapshot!(learned(&question, "catalogue.json"), @r##"
    item 45190001 ["variant:43090001"] sku "POT-1" title "Teapot" barcodes ["5012345678900"] price 12.50 tracked true tax inclusive true
    item 45190003 ["variant:43090003"] sku "" title "Wrapping - Gold" barcodes [] price 0.00 tracked false tax inclusive true
    next after 0 ms: Catalogue { since: None, cursor: Some("cursor-variants") }
    "##);
}

#[test]
fn closed_locations_are_told_as_closed() {
    assert_snapshot!(learned(&Question::Locations { cursor: None }, "locations.json"), @r##"
    location 70010001 "Kiln Lane" active true
    location 70010002 "Harbour" active false
    "##);
}

#[test]
fn a_customer_has_the_same_version_in_an_answer_as_in_a_webhook() {
    let question = Question::Customers { since: None, cursor: None };
    let expected = "customer 80020001 version 1795161606000 person Some(Plain(Person(…)))";
    assert_eq!(learned(&question, "customers.json"), expected);
    let question = Question::CustomersOf { customers: vec!["80020001".into(), "80020002".into()] };
    let gone = "customer 80020002 version 9223372036854775807 person None";
    assert_eq!(learned(&question, "customers_of.json"), format!("{expected}\n{gone}\nmissing 80020002"));
}

#[test]
fn some_levels_are_read_in_the_order_asked_and_what_is_not_counted_there_has_none() {
    let row = |item: &str| (item.into(), "70010001".into());
    let question = Question::LevelsOf { rows: vec![row("1"), row("2"), row("3"), row("4")] };
    assert_snapshot!(learned(&question, "levels_of.json"), @r"
    level 1 at 70010001: Some(7)
    level 2 at 70010001: None
    item 3 deleted
    level 3 at 70010001: None
    level 4 at 70010001: None
    ");
}

#[test]
fn all_levels_are_read_by_a_bulk_operation_in_three_steps() {
    let levels = |cursor: Option<&str>| Question::Levels { cursor: cursor.map(str::to_owned) };
    let polled = levels(Some("op:gid://shopify/BulkOperation/31"));
    assert_snapshot!(learned(&levels(None), "bulk_started.json"), @r##"next after 300 ms: Levels { cursor: Some("op:gid://shopify/BulkOperation/31") }"##);
    assert_snapshot!(learned(&polled, "bulk_running.json"), @r##"next after 300 ms: Levels { cursor: Some("op:gid://shopify/BulkOperation/31") }"##);
    assert_snapshot!(learned(&polled, "bulk_completed.json"), @r##"next after 0 ms: Levels { cursor: Some("url:https://files.example.test/31.jsonl?signature=x") }"##);
    assert_snapshot!(learned(&levels(Some("url:https://files.example.test/31.jsonl")), "levels.jsonl"), @r"
    level 45190001 at 70010001: Some(7)
    level 45190001 at 70010002: Some(-1)
    ");
    assert_snapshot!(learned(&levels(None), "bulk_busy.json"), @"next after 2000 ms: Levels { cursor: None }");
    assert_snapshot!(learned(&polled, "bulk_failed.json"), @r##"Failed { reason: "bulk operation FAILED INTERNAL_SERVER_ERROR" }"##);
}

#[test]
fn an_order_of_an_answer_is_dated_by_when_it_was_rung_up() {
    let text = String::from_utf8(fixture("orders_of.json")).expect("text");
    let late =
        text.replacen("\"processedAt\": \"2026-11-20T08:00:00Z\"", "\"processedAt\": \"2026-11-20T06:30:00Z\"", 1);
    let page = shopify().learn(&five(), &account(), &reply(200, late.as_bytes())).expect("readable");
    let placed_at = |told: &Told| match told {
        Told::Order(order) => order.placed_at,
        other => panic!("{other:?} is no order"),
    };
    let instant = |text| Instant::parse(text).expect("a time");
    assert_eq!(placed_at(&page.told[0]), instant("2026-11-20T06:30:00Z"));
    assert_eq!(placed_at(&page.told[1]), instant("2026-11-20T08:00:00Z"));
}

#[test]
fn topics_are_subscribed_one_after_another_until_none_is_missing() {
    let url = "https://hub.example.test/hooks/shopify/a".to_owned();
    let mut present = Vec::new();
    for _ in 0..30 {
        let question = Question::Subscribe { url: url.clone(), present: present.clone(), since: model::Instant(0) };
        let Some(next) = learn(&question, "subscribed.json").expect("readable").next else { break };
        let Question::Subscribe { present: more, .. } = next else { panic!("{next:?} is another question") };
        assert_eq!(more.len(), present.len() + 1);
        present = more;
    }
    assert_eq!(present.len(), 21);
    for topic in ["REFUNDS_CREATE", "INVENTORY_ITEMS_DELETE"] {
        assert!(present.iter().any(|it| it == topic), "{topic}");
    }
}

#[test]
fn a_topic_that_is_there_already_is_passed_over_and_a_refused_address_is_told() {
    let refused = |message: &str| {
        let body = serde_json::json!({"data": {"webhookSubscriptionCreate": {"webhookSubscription": null,
            "userErrors": [{"field": ["webhookSubscription", "uri"], "message": message}]}}});
        let question =
            Question::Subscribe { url: "http://hub".to_owned(), present: Vec::new(), since: model::Instant(0) };
        shopify().learn(&question, &account(), &reply(200, body.to_string().as_bytes()))
    };
    assert!(refused("Address for this topic has already been taken").is_ok_and(|page| page.next.is_some()));
    let reason = "ORDERS_CREATE: Address must be https".to_owned();
    assert_eq!(refused("Address must be https"), Err(Trouble::Refused { reason }));
}

#[test]
fn subscriptions_are_listed_with_their_topic_and_address() {
    assert_snapshot!(learned(&Question::Subscriptions { cursor: None }, "subscriptions.json"), @r##"Subscription { id: "gid://shopify/WebhookSubscription/21", topics: ["ORDERS_CREATE"], url: "https://hub.example.test/hooks/shopify/a", enabled: true, secret: None }"##);
}

#[test]
fn a_throttled_answer_says_when_the_bucket_holds_the_cost_again() {
    // 863 points asked, 112 left, 100 come back in a second.
    assert_eq!(learn(&orders(), "throttled.json"), Err(Trouble::Throttled { after_ms: Some(7_510) }));
    let reason = "Access denied for locations field.".to_owned();
    let question = Question::Locations { cursor: None };
    assert_eq!(learn(&question, "access_denied.json"), Err(Trouble::Denied { reason }));
}

#[test]
fn the_status_decides_before_the_body() {
    let heard = |status, body: &str| shopify().learn(&orders(), &account(), &reply(status, body.as_bytes()));
    let words = |status: u16, word: &str| format!("{status}: {word}");
    let unauthorised = r#"{"errors":"[API] Invalid API key or access token"}"#;
    for status in [401, 402, 403, 404, 423] {
        let reason = words(status, "[API] Invalid API key or access token");
        assert_eq!(heard(status, unauthorised), Err(Trouble::Denied { reason }));
    }
    for status in [500, 502, 503, 504] {
        assert_eq!(heard(status, "<html>"), Err(Trouble::Failed { reason: words(status, "no words") }));
    }
    for status in [400, 406, 422] {
        assert_eq!(heard(status, "{}"), Err(Trouble::Refused { reason: words(status, "no words") }));
    }
    assert_eq!(heard(429, ""), Err(Trouble::Throttled { after_ms: None }));
    assert_eq!(heard(302, ""), Err(Trouble::Garbled { reason: words(302, "no words") }));
    let mut limited = reply(429, b"");
    limited.headers.insert("retry-after", "2.0".parse().expect("plain text"));
    let heard = shopify().learn(&orders(), &account(), &limited);
    assert_eq!(heard, Err(Trouble::Throttled { after_ms: Some(2_000) }));
}

#[test]
fn an_answer_that_cannot_be_read_names_its_field() {
    let text = String::from_utf8(fixture("orders_of.json")).expect("text");
    let spoiled = text.replacen("\"unfulfilledQuantity\": 0", "\"unfulfilledQuantity\": -1", 1);
    let heard = shopify().learn(&five(), &account(), &reply(200, spoiled.as_bytes()));
    let reason = "data.nodes[0].lineItems.nodes[0].unfulfilledQuantity: below zero".to_owned();
    assert_eq!(heard, Err(Trouble::Garbled { reason }));
    let cut = &text.as_bytes()[..text.len() / 2];
    assert!(matches!(shopify().learn(&five(), &account(), &reply(200, cut)), Err(Trouble::Garbled { .. })));
}

#[test]
fn every_answer_tells_the_rate_budget() {
    let report = |name| shopify().budget(&reply(200, &fixture(name)));
    let budget =
        |available| Some(BudgetReport { capacity: 2_000, available, restore_per_s: 100, requests_per_s: None });
    assert_eq!(report("locations.json"), budget(1_940));
    assert_eq!(report("throttled.json"), budget(112));
    assert_eq!(report("levels.jsonl"), None);
}
