//! Keys made over the API, their limits, how often they may call, and how long a request's head may take.

use serde_json::{Value, json};
use server::{DoorSettings, Forwarding, Options, Proxies};
use tokio::io::{AsyncReadExt, AsyncWriteExt};

use crate::hub::{self, HEAD, Reply, TestHub, problem};

async fn make(hub: &TestHub, key: Value) -> String {
    hub.done("POST", "/v1/keys", key).await["key"].as_str().expect("a text").to_owned()
}

async fn with(hub: &TestHub, key: &str, method: &str, path: &str, body: Value) -> Reply {
    let mut request = hub.request(method, path).bearer_auth(key);
    if !body.is_null() {
        request = request.header("content-type", "application/json").body(body.to_string());
    }
    hub.send(request).await
}

fn count(store: &str, counted: &str) -> Value {
    let at = model::Instant(hub::START).to_string();
    json!({ "sku": "TEA", "location": store, "counted": counted, "counted_at": at })
}

#[tokio::test]
async fn a_key_for_stock_writes_reads_no_orders_and_a_key_for_orders_writes_no_stock() {
    let hub = hub::start().await;
    let writes = make(&hub, json!({ "name": "counter", "scopes": ["stock:write"] })).await;
    let orders = make(&hub, json!({ "name": "orders", "scopes": ["orders:read"] })).await;
    assert_eq!(with(&hub, &writes, "POST", "/v1/counts", count("Store 1", "3")).await.status, 200);
    assert_eq!(with(&hub, &writes, "GET", "/v1/orders", Value::Null).await.status, 403);
    assert_eq!(with(&hub, &orders, "GET", "/v1/orders", Value::Null).await.status, 200);
    assert_eq!(with(&hub, &orders, "POST", "/v1/counts", count("Store 1", "3")).await.status, 403);
}

#[tokio::test]
async fn a_key_limited_to_one_address_calls_no_other_of_its_scope() {
    let hub = hub::start().await;
    let only = json!({ "name": "counter", "scopes": ["stock:write"], "endpoints": ["POST /v1/counts"], "days": 1 });
    let key = make(&hub, only).await;
    assert_eq!(with(&hub, &key, "POST", "/v1/counts", count("Store 1", "3")).await.status, 200);
    let adjust = json!({ "sku": "TEA", "location": "Store 1", "change": "1", "reason": "found" });
    let refused = with(&hub, &key, "POST", "/v1/adjustments", adjust).await;
    let told = problem(&refused);
    assert_eq!((refused.status, &told["type"]), (403, &json!("urn:lockstep:problem:rule-forbids")));
    hub.clock.pass(86_400_000);
    assert_eq!(with(&hub, &key, "POST", "/v1/counts", count("Store 1", "3")).await.status, 401, "it has ended");
}

#[tokio::test]
async fn a_key_for_one_store_changes_nothing_at_another_by_any_call() {
    let hub = hub::start().await;
    let scopes = json!(["stock:write", "reservations:write", "stock:read"]);
    let key = make(&hub, json!({ "name": "store one", "scopes": scopes, "stores": ["Store 1"] })).await;
    let line = |store: &str| json!({ "lines": [{ "sku": "TEA", "location": store, "quantity": "1" }] });
    let change = |store: &str| json!({ "sku": "TEA", "location": store, "change": "1", "reason": "found" });
    let receipt = |store: &str| json!({ "sku": "TEA", "location": store, "quantity": "1" });
    let safety = |store: &str| json!({ "sku": "TEA", "location": store, "quantity": "1" });
    let transfer =
        |from: &str, to: &str| json!({ "from": from, "to": to, "lines": [{ "sku": "TEA", "quantity": "1" }] });
    let calls = |store: &str, other: &str| {
        [
            ("POST", "/v1/counts", count(store, "5")),
            ("POST", "/v1/adjustments", change(store)),
            ("POST", "/v1/receipts", receipt(store)),
            ("POST", "/v1/reservations", line(store)),
            ("PUT", "/v1/rules/safety", safety(store)),
            ("POST", "/v1/transfers", transfer(store, other)),
            ("POST", "/v1/commands", json!({ "commands": [{ "adjust": change(store) }] })),
        ]
    };
    for (method, path, body) in calls("Store 1", "Store 2") {
        let reply = with(&hub, &key, method, path, body).await;
        assert!((200..300).contains(&reply.status), "{path}: {}", String::from_utf8_lossy(&reply.body));
    }
    let head = hub.hub.flow.head();
    for (method, path, body) in calls("Store 2", "Store 1") {
        let reply = with(&hub, &key, method, path, body).await;
        assert_eq!(reply.status, 403, "{path}: {}", String::from_utf8_lossy(&reply.body));
        assert_eq!(problem(&reply)["type"], "urn:lockstep:problem:other-store", "{path}");
    }
    let everywhere = json!({ "title": "Tea" });
    assert_eq!(with(&hub, &key, "PUT", "/v1/items/TEA", everywhere).await.status, 403, "an item is everywhere");
    let theirs = hub.done("POST", "/v1/reservations", line("Store 2")).await["id"].clone();
    let release = format!("/v1/reservations/{}/release", theirs.as_str().expect("an id"));
    let before = hub.hub.flow.head();
    assert_eq!(with(&hub, &key, "POST", &release, json!({})).await.status, 403);
    assert_eq!(hub.hub.flow.head(), before);
    assert!(before > head);
}

#[tokio::test]
async fn a_rotated_keys_old_text_opens_for_as_long_as_was_said_and_a_revoked_key_not_at_all() {
    let hub = hub::start().await;
    let old = make(&hub, json!({ "name": "reader", "scopes": ["stock:read"] })).await;
    let next = hub.done("POST", "/v1/keys/reader/rotate", json!({ "old_for_hours": 1 })).await;
    let next = next["key"].as_str().expect("a text").to_owned();
    let status = async |key: &str| with(&hub, key, "GET", "/v1/items", Value::Null).await.status;
    assert_eq!((status(&old).await, status(&next).await), (200, 200));
    hub.clock.pass(3_600_000);
    assert_eq!((status(&old).await, status(&next).await), (401, 200));
    let listed = hub.get("/v1/keys").await;
    assert_eq!(listed["items"][0]["used_at"], model::Instant(hub::START + 3_600_000).to_string());
    assert!(!listed.to_string().contains(&next));
    hub.done("POST", "/v1/keys/reader/revoke", json!({})).await;
    assert_eq!(status(&next).await, 401);
    let changes = hub.get("/v1/access-changes").await;
    let told: Vec<&str> =
        changes["items"].as_array().expect("a list").iter().filter_map(|row| row["what"].as_str()).collect();
    assert_eq!(told, ["key revoked", "key rotated", "key made"]);
    assert_eq!(changes["items"][0]["by"], "everything");
}

#[tokio::test]
async fn a_secret_told_once_is_not_told_again_under_the_same_idempotency_key() {
    let hub = hub::start().await;
    let body = json!({ "name": "reader", "scopes": ["stock:read"] });
    let first = hub.keyed("POST", "/v1/keys", Some(body.clone()), Some("k1")).await;
    assert_eq!((first.status, first.header("cache-control")), (200, "no-store"));
    let second = hub.keyed("POST", "/v1/keys", Some(body), Some("k1")).await;
    assert_eq!(second.status, 409);
    assert!(!String::from_utf8_lossy(&second.body).contains("lk_"));
}

#[tokio::test]
async fn staff_are_added_given_roles_and_kept_out_over_the_api() {
    let hub = hub::start().await;
    let ann = hub.done("POST", "/v1/staff", json!({ "name": "ann", "roles": ["admin"] })).await;
    assert_eq!(ann["password"].as_str().map(str::len), Some(20));
    hub.done("POST", "/v1/staff", json!({ "name": "bob", "roles": ["clerk"], "stores": ["Store 1"] })).await;
    let wrong = hub.refused("POST", "/v1/staff", json!({ "name": "cid", "roles": ["king"] }), 422).await;
    assert_eq!(wrong["field"], "roles");
    hub.refused("POST", "/v1/staff", json!({ "name": "BOB", "roles": ["clerk"] }), 409).await;
    hub.refused("POST", "/v1/staff/ann/disable", json!({}), 409).await;
    hub.refused("POST", "/v1/staff/nobody/disable", json!({}), 404).await;
    let bob = hub.done("PUT", "/v1/staff/bob", json!({ "roles": ["manager"], "stores": ["Store 2"] })).await;
    assert_eq!((&bob["roles"], &bob["stores"]), (&json!(["manager"]), &json!(["Store 2"])));
    assert_eq!(hub.done("POST", "/v1/staff/bob/disable", json!({})).await["disabled"], true);
    let all = hub.get("/v1/staff").await;
    assert_eq!(all["items"].as_array().map(Vec::len), Some(2));
    assert!(!all.to_string().contains("argon2"));
}

#[tokio::test]
async fn calls_are_counted_by_key_and_strangers_by_address() {
    let settings = DoorSettings { key_per_minute: 3, address_per_minute: 2, ..DoorSettings::default() };
    let hub = hub::start_kept(Options::default(), settings).await;
    let mut left = Vec::new();
    for _ in 0..3 {
        let reply = hub.call("GET", "/v1/items", None).await;
        assert_eq!((reply.status, reply.header("ratelimit-policy")), (200, "\"key\";q=3;w=60"));
        left.push(reply.header("ratelimit").to_owned());
    }
    assert_eq!(left, ["\"key\";r=2;t=20", "\"key\";r=1;t=40", "\"key\";r=0;t=60"]);
    let over = hub.call("GET", "/v1/items", None).await;
    assert_eq!((over.status, over.header("retry-after")), (429, "20"));
    assert_eq!(problem(&over)["type"], "urn:lockstep:problem:too-many-calls");
    assert_eq!(with(&hub, "lk_stock:read", "GET", "/v1/items", Value::Null).await.status, 200, "another key");
    hub.clock.pass(20_000);
    assert_eq!(hub.call("GET", "/v1/items", None).await.status, 200);
    let stranger = async || with(&hub, "lk_wrong", "GET", "/v1/items", Value::Null).await.status;
    assert_eq!((stranger().await, stranger().await, stranger().await), (401, 401, 429));
    assert_eq!(hub.call("GET", "/healthz", None).await.status, 200, "health is told to everybody");
}

#[tokio::test]
async fn strangers_behind_a_trusted_proxy_are_counted_apart_and_an_untrusted_one_cannot_lie() {
    let proxies = Proxies::parse(&["127.0.0.1"], Forwarding::XForwarded).expect("an address");
    for (proxies, third) in [(proxies, 401), (Proxies::default(), 429)] {
        let settings = DoorSettings { address_per_minute: 2, proxies, ..DoorSettings::default() };
        let hub = hub::start_kept(Options::default(), settings).await;
        let mut statuses = Vec::new();
        for from in ["203.0.113.1", "203.0.113.2", "203.0.113.3"] {
            let request = hub.request("GET", "/v1/items").bearer_auth("lk_wrong").header("x-forwarded-for", from);
            statuses.push(hub.send(request).await.status);
        }
        assert_eq!(statuses, [401, 401, third]);
    }
}

#[tokio::test]
async fn a_request_whose_head_does_not_come_is_not_waited_for() {
    let hub = hub::start().await;
    let mut slow = tokio::net::TcpStream::connect(hub.base.trim_start_matches("http://")).await.expect("connected");
    slow.write_all(b"GET /healthz HTTP/1.1\r\nHost: loc").await.expect("sent");
    let mut answer = Vec::new();
    let ended = tokio::time::timeout(HEAD * 20, slow.read_to_end(&mut answer)).await;
    assert!(ended.is_ok(), "the connection was kept open");
    assert!(!answer.starts_with(b"HTTP/1.1 200"), "{}", String::from_utf8_lossy(&answer));
    assert_eq!(hub.call("GET", "/healthz", None).await.status, 200, "others are answered");
}

#[tokio::test]
async fn a_rule_of_the_retailers_holds_over_http() {
    let rules =
        r#"@id("orders are for nobody at night") forbid (principal, action in Action::"orders:read", resource);"#;
    let settings = DoorSettings { rules: rules.to_owned(), ..DoorSettings::default() };
    let hub = hub::start_kept(Options::default(), settings).await;
    let told = hub.refused("GET", "/v1/orders", Value::Null, 403).await;
    assert_eq!(told["detail"], "a rule forbids this: orders are for nobody at night");
    hub.get("/v1/items").await;
}

#[tokio::test]
async fn an_agents_key_reads_and_proposes_and_can_be_given_nothing_else() {
    let hub = hub::start().await;
    for scope in ["admin", "approvals:write", "stock:write", "documents:write"] {
        let wanted = json!({ "name": "robot", "kind": "agent", "scopes": ["proposals:write", scope] });
        let refused = hub.call("POST", "/v1/keys", Some(wanted)).await;
        assert_eq!(refused.status, 422, "{scope}: {}", refused.json());
    }
    let scopes = json!(["proposals:write", "operations:read", "stock:read"]);
    let key = make(&hub, json!({ "name": "robot", "kind": "agent", "scopes": scopes })).await;
    let act = json!({ "act": "set_buffer", "sku": "TEA", "channel": "web", "to": "3" });
    let request = hub.request("POST", "/v1/proposals").bearer_auth(&key).header("idempotency-key", "one");
    let body = json!({ "acts": [act], "why": "it is oversold", "confidence": 0.9 });
    let proposed = hub.send(request.header("content-type", "application/json").body(body.to_string())).await;
    assert_eq!((proposed.status, &proposed.json()["made_by"]), (202, &json!("the copilot agent for robot")));
    let path = format!("/v1/proposals/{}", proposed.json()["id"].as_str().expect("an id"));
    assert_eq!(with(&hub, &key, "GET", &path, Value::Null).await.status, 200);
    for (method, path, body) in [
        ("POST", format!("{path}/approve"), json!({})),
        ("POST", "/v1/counts".to_owned(), count("Store 1", "3")),
        ("POST", "/v1/staff".to_owned(), json!({ "name": "evil", "roles": ["admin"] })),
    ] {
        assert_eq!(with(&hub, &key, method, &path, body).await.status, 403, "{path}");
    }
}
