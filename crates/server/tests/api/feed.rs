//! Facts, page by page and as they come.

use std::time::Duration;

use serde_json::json;

use crate::hub::{self, TestHub};

/// Reads events until there are so many, and gives their numbers and kinds.
async fn events(mut response: reqwest::Response, count: usize) -> Vec<(u64, String)> {
    let mut text = String::new();
    let reading = async {
        while text.matches("\n\n").count() < count {
            let chunk = response.chunk().await.expect("the feed goes on").expect("it does not end");
            text.push_str(&String::from_utf8_lossy(&chunk));
        }
    };
    tokio::time::timeout(Duration::from_secs(20), reading).await.expect("events in time");
    let field = |event: &str, name: &str| {
        event.lines().find_map(|line| line.strip_prefix(name)).map(|value| value.trim().to_owned()).unwrap_or_default()
    };
    text.split("\n\n")
        .take(count)
        .map(|event| (field(event, "id:").parse().expect("a number"), field(event, "event:")))
        .collect()
}

async fn feed(hub: &TestHub, query: &str, last: Option<u64>) -> reqwest::Response {
    let mut request = hub.request("GET", &format!("/v1/facts/feed{query}")).bearer_auth("lk_audit:read");
    if let Some(last) = last {
        request = request.header("last-event-id", last.to_string());
    }
    let response = request.send().await.expect("the hub answers");
    assert_eq!(response.status().as_u16(), 200);
    assert_eq!(response.headers()["content-type"], "text/event-stream");
    response
}

async fn receive(hub: &TestHub, quantity: u32) {
    let body = json!({ "sku": "CUP", "location": "Store 1", "quantity": quantity.to_string() });
    hub.done("POST", "/v1/receipts", body).await;
}

#[tokio::test]
async fn a_page_of_facts_ends_where_the_next_begins() {
    let hub = hub::start().await;
    let (mut after, mut seen) = ("0".to_owned(), Vec::new());
    loop {
        let page = hub.get(&format!("/v1/facts?after={after}&limit=7")).await;
        seen.extend(page["items"].as_array().expect("a list").iter().filter_map(|fact| fact["seq"].as_u64()));
        match page["next"].as_str() {
            Some(next) => after = next.to_owned(),
            None => break,
        }
    }
    assert_eq!(seen, (1..=hub.hub.flow.head().0).collect::<Vec<_>>());
}

#[tokio::test]
async fn a_fact_tells_who_what_and_when() {
    let hub = hub::start().await;
    receive(&hub, 1).await;
    let seq = hub.hub.flow.head().0;
    let mut shown = hub.hub.shown.clone();
    shown.wait_for(|shown| shown.0 >= seq).await.expect("the tables follow");
    let fact = hub.get(&format!("/v1/facts?after={}", seq - 1)).await["items"][0].clone();
    assert_eq!(
        (&fact["seq"], &fact["kind"], &fact["at"]),
        (&json!(seq), &json!("moved"), &json!("2026-11-24T10:00:00.000Z"))
    );
    assert_eq!(fact["by"], json!({ "key": "everything" }));
    assert_eq!((&fact["fact"]["cause"], &fact["fact"]["on_hand"]), (&json!("receipt"), &json!("1")));
}

#[tokio::test]
async fn the_feed_resumes_after_the_last_event_that_was_seen() {
    let hub = hub::start().await;
    let first = events(feed(&hub, "?after=0", None).await, 5).await;
    assert_eq!(first.iter().map(|(id, _)| *id).collect::<Vec<_>>(), [1, 2, 3, 4, 5]);
    // The header that a browser sends when it connects again goes before the address.
    let resumed = events(feed(&hub, "?after=0", Some(5)).await, 3).await;
    assert_eq!(resumed.iter().map(|(id, _)| *id).collect::<Vec<_>>(), [6, 7, 8]);
}

#[tokio::test]
async fn the_feed_goes_on_with_what_happens_next() {
    let hub = hub::start().await;
    let head = hub.hub.flow.head().0;
    let listening = feed(&hub, &format!("?after={head}"), None).await;
    receive(&hub, 1).await;
    receive(&hub, 2).await;
    let told = events(listening, 2).await;
    assert_eq!(told, [(head + 1, "moved".to_owned()), (head + 2, "moved".to_owned())]);
}

#[tokio::test]
async fn a_feed_without_a_beginning_starts_now() {
    let hub = hub::start().await;
    let head = hub.hub.flow.head();
    let mut shown = hub.hub.shown.clone();
    shown.wait_for(|shown| *shown >= head).await.expect("the tables follow");
    let listening = feed(&hub, "", None).await;
    receive(&hub, 1).await;
    assert_eq!(events(listening, 1).await[0].0, head.0 + 1);
}
