//! Everything that is only looked at, once each.

use model::{
    Action, ChannelId, Currency, CustomerKey, DocumentKey, Instant, LevelSeen, LineSeen, Money, OrderKind, OrderSeen,
    OrderState, PartSeen, PartState, Person, Personal, Quantity, Subject,
};
use serde_json::{Value, json};

use crate::hub::{self, START, TestHub, command};

async fn sold(hub: &TestHub, document: &str, units: u32) {
    sold_as(hub, document, units, "21").await;
}

/// A till sale of what the platform calls `external`.
async fn sold_as(hub: &TestHub, document: &str, units: u32, external: &str) {
    // After the opening count, which would hold it otherwise.
    hub.clock.pass(1_000);
    let now = hub.hub.clock.now();
    let eur = Currency::parse("EUR").expect("a code");
    let person = Person { given_name: "Ada".into(), email: "ada@example.org".into(), ..Person::default() };
    let (subject, plain) = (Subject::of(ChannelId(1), "order", document), Personal::Plain(Box::new(person)));
    let part = PartSeen { location: Some("11".into()), quantity: Quantity::units(units), state: PartState::Gone };
    let line = LineSeen {
        line: "1".into(),
        item: Some(external.into()),
        sku: "TEA".into(),
        quantity: Quantity::units(units),
        price: Some(Money { minor: 500, currency: eur }),
        parts: vec![part],
    };
    let order = OrderSeen {
        channel: ChannelId(1),
        document: DocumentKey::new(document),
        reference: format!("#{document}").as_str().into(),
        version: 1,
        placed_at: now,
        kind: OrderKind::Till,
        customer: Some(CustomerKey::new("c1")),
        contact: None,
        currency: eur,
        tax_inclusive: true,
        total: Money { minor: 500 * i64::from(units), currency: eur },
        state: OrderState::Completed,
        lines: Some(vec![line]),
        returns: Vec::new(),
    };
    let told = hub.hub.flow.decide(move |desk| {
        let contact = desk.seal(subject, &plain)?;
        let action = Action::OrderSeen(Box::new(OrderSeen { contact: Some(contact), ..order }));
        Ok(vec![model::Command { at: now, by: model::Actor::Channel(ChannelId(1)), action }])
    });
    told.await.expect("decided").only().expect("taken in");
}

#[tokio::test]
async fn an_order_is_listed_and_its_person_is_shown_to_who_may_see_people() {
    let hub = hub::start().await;
    sold(&hub, "1001", 2).await;
    sold(&hub, "1002", 1).await;
    let page = hub.get("/v1/orders?channel=till&limit=1").await;
    assert_eq!(page["items"][0]["reference"], "#1002");
    let next = page["next"].as_str().expect("one more").to_owned();
    let page = hub.get(&format!("/v1/orders?channel=till&limit=1&cursor={next}")).await;
    assert_eq!((&page["items"][0]["reference"], &page["items"][0]["state"]), (&json!("#1001"), &json!("completed")));
    assert_eq!(page["items"][0]["total"], json!({ "minor": 1000, "currency": "EUR" }));
    assert_eq!(hub.get("/v1/orders?kind=web").await["items"], json!([]));
    assert_eq!(hub.get("/v1/orders?reference=1001&state=completed").await["items"][0]["id"], "order_0");
    let order = hub.get("/v1/orders/order_0").await;
    assert_eq!((&order["lines"][0]["sku"], &order["lines"][0]["quantity"]), (&json!("TEA"), &json!("2")));
    assert_eq!(order["person"]["email"], "ada@example.org");
    let reply = hub.send(hub.request("GET", "/v1/orders/order_0").bearer_auth("lk_orders:read")).await;
    assert_eq!((reply.status, &reply.json()["person"]), (200, &Value::Null));
    assert!(!String::from_utf8_lossy(&reply.body).contains("ada@"));
}

#[tokio::test]
async fn a_number_is_explained_by_its_facts_page_by_page() {
    let hub = hub::start().await;
    sold(&hub, "1001", 3).await;
    let told = hub.get("/v1/positions/TEA/Store%201/facts").await;
    assert_eq!((&told["on_hand"], &told["reserved"]), (&json!("7"), &json!("0")));
    let newest = &told["facts"][0];
    assert_eq!((&newest["on_hand_change"], &newest["on_hand_after"]), (&json!("-3"), &json!("7")));
    assert!(newest["words"].as_str().is_some_and(|words| words.contains("1001")), "{newest}");
    let first = hub.get("/v1/positions/TEA/Store%201/facts?limit=1").await;
    let before = first["next"].as_str().expect("an older one").to_owned();
    let older = hub.get(&format!("/v1/positions/TEA/Store%201/facts?before={before}")).await;
    assert_eq!(older["facts"][0], told["facts"][1]);
}

#[tokio::test]
async fn more_sold_than_was_there_is_listed_as_oversold() {
    let hub = hub::start().await;
    sold(&hub, "1001", 12).await;
    let page = hub.get("/v1/oversells").await;
    let oversold = &page["items"][0];
    assert_eq!((&oversold["sku"], &oversold["location"]), (&json!("TEA"), &json!("Store 1")));
    assert_eq!(
        (&oversold["units"], &oversold["channel"], &oversold["order"]),
        (&json!("2"), &json!("till"), &json!("order_0"))
    );
}

#[tokio::test]
async fn positions_tell_what_each_channel_shows_and_page_over_all() {
    let hub = hub::start().await;
    hub.clock.pass(5_000);
    let page = hub.get("/v1/positions?sku=TEA&location=Store%201").await;
    let shown = page["items"][0]["shown"].clone();
    assert_eq!(
        (&shown[0]["channel"], &shown[0]["state"], &shown[0]["level"]),
        (&json!("web"), &json!("unread"), &Value::Null)
    );
    assert_eq!(
        shown[1],
        json!({ "channel": "till", "level": "10", "wanted": "10", "age_ms": 5000, "state": "in_step" })
    );
    hub.done("POST", "/v1/receipts", json!({ "sku": "TEA", "location": "Store 1", "quantity": "1" })).await;
    let page = hub.get("/v1/positions?sku=TEA&location=Store%201").await;
    assert_eq!(
        (&page["items"][0]["shown"][1]["state"], &page["items"][0]["shown"][1]["wanted"]),
        (&json!("waiting"), &json!("11"))
    );
    let mut seen = Vec::new();
    let mut cursor = Some("0".to_owned());
    while let Some(from) = cursor {
        let page = hub.get(&format!("/v1/positions?limit=1&cursor={from}")).await;
        seen.extend(page["items"].as_array().expect("a list").iter().map(|row| row["location"].to_string()));
        cursor = page["next"].as_str().map(str::to_owned);
    }
    assert_eq!(seen, [r#""Store 1""#, r#""Store 2""#]);
}

#[tokio::test]
async fn availability_tells_the_age_of_what_it_is_based_on() {
    let hub = hub::start().await;
    hub.clock.pass(90_000);
    let told = hub.get("/v1/availability?sku=TEA&channel=till").await;
    assert_eq!(told["channels"].as_array().map(Vec::len), Some(1));
    let till = &told["channels"][0];
    assert_eq!((&till["ats"], &till["age_ms"]), (&json!("14"), &json!(90_000)));
    assert_eq!(till["locations"][0]["sells_from"], true);
    let web = &hub.get("/v1/availability?sku=TEA&channel=web").await["channels"][0];
    assert_eq!((&web["ats"], &web["age_ms"]), (&json!("14"), &Value::Null));
}

#[tokio::test]
async fn locations_and_channels_are_told_by_name() {
    let hub = hub::start().await;
    let locations = hub.get("/v1/locations").await;
    assert_eq!(
        locations["items"][1],
        json!({
            "name": "Store 2", "kind": "store", "zone": "Europe/Berlin", "home": null,
            "channels": [{ "channel": "web", "external": "12" }, { "channel": "till", "external": "12" }],
        })
    );
    let channels = hub.get("/v1/channels").await;
    let web = &channels["items"][0];
    assert_eq!((&web["name"], &web["health"]["ready"], &web["writes"]), (&json!("web"), &json!(false), &json!(true)));
    assert!(web["budget"]["capacity"].as_u64().is_some_and(|capacity| capacity > 0));
    assert_eq!(web["budget"]["left"], web["budget"]["capacity"]);
}

#[tokio::test]
async fn a_reading_is_asked_for_and_not_waited_for() {
    let hub = hub::start().await;
    let reply = hub.call("POST", "/v1/channels/till/reading", None).await;
    assert_eq!(reply.status, 202);
    assert_eq!(hub.hub.links.readings_asked(ChannelId(1)), 1);
    assert_eq!(hub.hub.links.readings_asked(ChannelId(0)), 0);
}

#[tokio::test]
async fn an_unclear_mapping_is_a_question_until_a_person_answers() {
    let hub = hub::start().await;
    command(&hub.hub.flow, hub::item(ChannelId(0), "gid://shop/23", "TEA", "Green tea, again")).await;
    let asked = hub.get("/v1/mappings?unclear=true&channel=web").await;
    let question = &asked["items"][0];
    assert_eq!((&question["external"], &question["sku"]), (&json!("gid://shop/23"), &Value::Null));
    let unclear = &question["unclear"];
    assert_eq!((&unclear["title"], &unclear["sku"]), (&json!("Green tea, again"), &json!("TEA")));
    let candidate = &unclear["candidates"][0];
    assert_eq!((&candidate["sku"], &candidate["taken_by"]), (&json!("TEA"), &json!("21")));
    let points: f64 =
        candidate["why"].as_array().expect("reasons").iter().filter_map(|why| why["points"].as_f64()).sum();
    let score = candidate["score"].as_f64().expect("a number");
    assert!((score - points).abs() < 0.005 && score > 0.5, "{candidate}");
    assert_eq!(hub.get("/v1/mappings?unclear=true&channel=till").await["items"], json!([]));
    let answered = hub.done("PUT", "/v1/mappings/web/gid%3A%2F%2Fshop%2F23", json!({ "sku": "CUP" })).await;
    assert_eq!((&answered["external"], &answered["sku"]), (&json!("gid://shop/23"), &json!("CUP")));
    assert_eq!(hub.get("/v1/mappings?unclear=true").await["items"], json!([]));
    let mapped = hub.get("/v1/mappings?channel=web").await;
    assert_eq!(mapped["items"][1]["external"], "gid://shop/23");
    hub.done("PUT", "/v1/mappings/web/gid%3A%2F%2Fshop%2F23", json!({ "sku": null })).await;
    assert_eq!(hub.get("/v1/mappings?channel=web").await["items"].as_array().map(Vec::len), Some(1));
    assert_eq!(hub.refused("PUT", "/v1/mappings/web/1", json!({}), 400).await["field"], "sku");
    hub.refused("PUT", "/v1/mappings/nowhere/1", json!({ "sku": "TEA" }), 404).await;
}

#[tokio::test]
async fn a_level_that_was_never_shown_cannot_be_unblocked() {
    let hub = hub::start().await;
    let till = json!({ "channel": "till", "sku": "TEA", "location": "Store 1" });
    assert_eq!(hub.done("POST", "/v1/levels/unblock", till).await["done_now"], false);
    hub.refused("POST", "/v1/levels/unblock", json!({ "channel": "web", "sku": "TEA", "location": "Store 1" }), 404)
        .await;
}

#[tokio::test]
async fn the_head_of_the_journal_moves_with_every_fact() {
    let hub = hub::start().await;
    let before = hub.get("/v1/audit/head").await;
    assert_eq!(before["seq"], hub.hub.flow.head().0);
    assert_eq!(before["seq"], before["state_seq"]);
    assert_eq!(hub.get("/v1/audit/head").await, before);
    hub.done("POST", "/v1/receipts", json!({ "sku": "CUP", "location": "Store 1", "quantity": "1" })).await;
    let after = hub.get("/v1/audit/head").await;
    assert_eq!(after["seq"].as_u64(), before["seq"].as_u64().map(|seq| seq + 1));
    assert!(after["chain"] != before["chain"] && after["state_hash"] != before["state_hash"]);
    let state = hub.hub.flow.read(|state| state.hash()).await.expect("read");
    assert_eq!(after["state_hash"], blake3::Hash::from_bytes(state).to_hex().to_string());
}

#[tokio::test]
async fn the_hub_is_not_ready_before_every_channel_was_read_and_says_which() {
    let hub = hub::start().await;
    assert_eq!(hub.get("/healthz").await["status"], "ok");
    let reply = hub.call("GET", "/readyz", None).await;
    assert_eq!(reply.status, 503);
    let reasons = reply.json()["reasons"].to_string();
    assert!(reasons.contains("channel web") && reasons.contains("channel till"), "{reasons}");
}

#[tokio::test]
async fn a_hub_that_has_stopped_says_so_and_asks_to_come_back() {
    let hub = hub::start().await;
    hub.stop().await;
    let body = json!({ "sku": "CUP", "location": "Store 1", "quantity": "1" });
    let reply = hub.call("POST", "/v1/receipts", Some(body)).await;
    assert_eq!((reply.status, reply.header("retry-after")), (503, "1"));
    assert_eq!(hub::problem(&reply)["type"], "urn:lockstep:problem:stopped");
    let ready = hub.call("GET", "/readyz", None).await;
    assert!(ready.json()["reasons"][0].as_str().is_some_and(|reason| reason.contains("stopped")));
}

#[tokio::test]
async fn figures_are_told_in_the_text_format() {
    let hub = hub::start().await;
    let reply = hub.call("GET", "/metrics", None).await;
    let text = String::from_utf8(reply.body.clone()).expect("text");
    assert!(reply.header("content-type").starts_with("text/plain"));
    let facts = format!("lockstep_facts{{}} {}", hub.hub.flow.head().0);
    for line in
        [facts.as_str(), "lockstep_positions{} 2", "lockstep_quarantine_open{} 0", "lockstep_ready{channel=\"web\"} 0"]
    {
        assert!(text.lines().any(|told| told == line), "{line} is missing in\n{text}");
    }
    for gauge in ["lockstep_writes_dirty", "lockstep_budget_left"] {
        assert_eq!(text.lines().filter(|line| line.starts_with(&format!("{gauge}{{"))).count(), 2, "{gauge}");
    }
}

#[tokio::test]
async fn a_level_that_disagrees_is_shown_as_waiting() {
    let hub = hub::start().await;
    let seen = LevelSeen { external: "21".into(), location: "11".into(), level: model::Level::units(8) };
    let action = Action::LevelsSeen {
        channel: ChannelId(0),
        since: hub.hub.flow.head(),
        read_at: Instant(START),
        levels: vec![seen],
        whole: false,
    };
    command(&hub.hub.flow, action).await;
    let web = hub.get("/v1/positions?sku=TEA&location=Store%201").await["items"][0]["shown"][0].clone();
    assert_eq!((&web["level"], &web["wanted"], &web["state"]), (&json!("8"), &json!("10"), &json!("waiting")));
    hub.clock.pass(12_000);
    let channel = &hub.get("/v1/channels").await["items"][0];
    let way = |field: &str| channel["unsettled"][field].clone();
    assert_eq!((&channel["name"], way("on_the_way"), way("on_the_way_ms")), (&json!("web"), json!(1), json!(12_000)));
    let right = LevelSeen { external: "21".into(), location: "11".into(), level: model::Level::units(10) };
    let action = Action::LevelsSeen {
        channel: ChannelId(0),
        since: hub.hub.flow.head(),
        read_at: Instant(START),
        levels: vec![right],
        whole: false,
    };
    command(&hub.hub.flow, action).await;
    let channel = &hub.get("/v1/channels").await["items"][0];
    let way = |field: &str| channel["unsettled"][field].clone();
    assert_eq!((way("on_the_way"), way("on_the_way_since")), (json!(0), Value::Null));
}

#[tokio::test]
async fn a_sale_that_waits_for_its_item_is_fetched_again_when_driven() {
    let hub = hub::start().await;
    sold_as(&hub, "1001", 1, "99").await;
    let waiting = hub.get("/v1/quarantine").await["items"][0].clone();
    assert_eq!((&waiting["document"], &waiting["waits_for"]), (&json!("1001"), &json!("99")));
    let path = format!("/v1/quarantine/{}/redrive", waiting["id"].as_str().expect("an id"));
    assert_eq!(hub.done("POST", &path, Value::Null).await["closed"], "driven again");
    hub.refused("POST", &path, Value::Null, 404).await;
    let noticed = model::NoticeAbout::Order(DocumentKey::new("1001"));
    let notices =
        hub.hub.flow.read(|state| state.notices(ChannelId(1)).map(|(about, _)| about.clone()).collect::<Vec<_>>());
    assert!(notices.await.expect("read").contains(&noticed));
}

#[tokio::test]
async fn a_mapping_tells_its_history_and_goes_back_with_what_was_lost_by_it() {
    let hub = hub::start().await;
    let path = "/v1/mappings/web/21";
    hub.done("PUT", path, json!({ "sku": "CUP" })).await;
    let steps = hub.get(&format!("{path}/history")).await["items"].clone();
    assert_eq!(
        (&steps[0]["from"], &steps[0]["to"], &steps[0]["by"]),
        (&json!("TEA"), &json!("CUP"), &json!("everything"))
    );
    assert_eq!((&steps[1]["from"], &steps[1]["to"]), (&Value::Null, &json!("TEA")));
    let lost = hub.get("/v1/mappings/web/22/history").await["items"][0].clone();
    assert_eq!((&lost["from"], &lost["to"]), (&json!("CUP"), &Value::Null));
    let undone = hub.done("POST", &format!("{path}/undo"), Value::Null).await;
    assert_eq!((&undone["external"], &undone["sku"]), (&json!("21"), &json!("TEA")));
    let mapped = hub.get("/v1/mappings?channel=web").await["items"].clone();
    assert_eq!(mapped[1], json!({ "channel": "web", "external": "22", "sku": "CUP" }));
    hub.refused("POST", "/v1/mappings/web/99/undo", Value::Null, 404).await;
    assert_eq!(hub.get("/v1/mappings/web/99/history").await["items"], json!([]));
    hub.refused("GET", "/v1/mappings/nowhere/21/history", Value::Null, 404).await;
}

#[tokio::test]
async fn all_mappings_and_open_questions_of_a_channel_are_one_table() {
    let hub = hub::start().await;
    command(&hub.hub.flow, hub::item(ChannelId(0), "gid://shop/23", "TEA", "Green tea, again")).await;
    let reply = hub.call("GET", "/v1/mappings.csv?channel=web", None).await;
    assert!(reply.header("content-type").starts_with("text/csv"));
    let text = String::from_utf8(reply.body.clone()).expect("text");
    let rows: Vec<&str> = text.lines().collect();
    assert_eq!(
        rows[..3],
        ["channel,external,sku,title,status", "web,21,TEA,Green tea,mapped", "web,22,CUP,\"Cup, blue\",mapped"]
    );
    assert!(rows[3].starts_with("web,gid://shop/23,,\"Green tea, again\",open: "), "{text}");
    let unsaid = hub.refused("GET", "/v1/mappings.csv", Value::Null, 422).await;
    assert_eq!(unsaid["field"], "channel", "customers alone are one table for all channels");
    hub.refused("GET", "/v1/mappings.csv?channel=moon", Value::Null, 422).await;
}

#[tokio::test]
async fn how_the_daily_mail_goes_is_among_the_figures_once_it_is_on() {
    let hub = hub::start().await;
    let figures = || async { String::from_utf8(hub.call("GET", "/metrics", None).await.body).expect("text") };
    assert!(!figures().await.contains("lockstep_mail"));
    hub.hub.options.mailed.is_on();
    hub.hub.options.mailed.has_failed("It could not be sent.");
    let told = figures().await;
    for line in ["lockstep_mails_sent{} 0", "lockstep_mails_failed{} 1", "lockstep_mail_trouble{} 1"] {
        assert!(told.lines().any(|known| known == line), "{line} is missing in\n{told}");
    }
}
