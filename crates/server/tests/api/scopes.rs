//! Who may call what, for every address of the table.

use serde_json::Value;
use server::{Access, ROUTES, Route};

use crate::hub::{self, TestHub, key_of, problem};

fn filled(route: &Route) -> String {
    let filled = [
        ("{sku}", "TEA"),
        ("{location}", "Store%201"),
        ("{channel}", "web"),
        ("{name}", "web"),
        ("{external}", "gid%3A%2F%2F21"),
    ];
    let path = filled.iter().fold(route.path.to_owned(), |path, (from, to)| path.replace(from, to));
    path.replace("{id}", "res_1")
}

/// The status of a call; the body of an answer without end is not waited for.
async fn status(hub: &TestHub, route: &Route, key: Option<&str>) -> (u16, Option<Value>) {
    let mut request = hub.request(route.method, &filled(route)).header("content-type", "application/json");
    if route.method != "GET" {
        request = request.body("{}");
    }
    if let Some(key) = key {
        request = request.bearer_auth(key);
    }
    let response = request.send().await.expect("the hub answers");
    let status = response.status().as_u16();
    if status != 401 && status != 403 {
        return (status, None);
    }
    let headers = response.headers().clone();
    let body = response.bytes().await.expect("a body").to_vec();
    (status, Some(problem(&hub::Reply { status, headers, body })))
}

#[tokio::test]
async fn without_a_key_only_open_addresses_answer() {
    let hub = hub::start().await;
    for route in ROUTES {
        let (status, _) = status(&hub, route, None).await;
        match route.access {
            Access::Open => assert!(status == 200 || status == 503, "{} {status}", route.path),
            Access::Own => panic!("{} is for people, who have no key", route.path),
            Access::Needs(_) => assert_eq!(status, 401, "{}", route.path),
        }
    }
}

#[tokio::test]
async fn a_key_that_nobody_knows_opens_nothing() {
    let hub = hub::start().await;
    for route in ROUTES.iter().filter(|route| route.access != Access::Open) {
        for key in ["lk_al", "lk_alll", "LK_ALL", "%00"] {
            let (status, problem) = status(&hub, route, Some(key)).await;
            assert_eq!(status, 401, "{}", route.path);
            assert!(!problem.expect("a document").to_string().contains(key));
        }
    }
}

#[tokio::test]
async fn every_other_scope_together_does_not_replace_the_one_that_is_needed() {
    let hub = hub::start().await;
    for route in ROUTES {
        if let Access::Needs(scope) = route.access {
            let (status, problem) = status(&hub, route, Some(&format!("lk_not_{}", scope.name()))).await;
            assert_eq!(status, 403, "{} {}", route.method, route.path);
            let detail = problem.expect("a document")["detail"].to_string();
            assert!(detail.contains(scope.name()), "{detail}");
        }
    }
}

#[tokio::test]
async fn the_one_scope_that_is_needed_is_enough() {
    let hub = hub::start().await;
    for route in ROUTES {
        if let Access::Needs(scope) = route.access {
            let (status, _) = status(&hub, route, Some(&key_of(scope))).await;
            assert!(status != 401 && status != 403, "{} {}: {status}", route.method, route.path);
            assert!(status < 500, "{} {}: {status}", route.method, route.path);
        }
    }
}

#[tokio::test]
async fn what_is_no_address_or_no_method_is_a_problem_document_too() {
    let hub = hub::start().await;
    let nowhere = hub.refused("GET", "/v1/nowhere", Value::Null, 404).await;
    assert_eq!(nowhere["type"], "urn:lockstep:problem:no-such-address");
    let method = hub.refused("DELETE", "/v1/items", Value::Null, 405).await;
    assert_eq!(method["type"], "urn:lockstep:problem:method-not-allowed");
}

#[tokio::test]
async fn a_batch_changes_no_stock_for_a_key_that_may_only_promise() {
    let hub = hub::start().await;
    let body = serde_json::json!({ "commands": [
        { "adjust": { "sku": "TEA", "location": "Store 1", "change": "5", "reason": "found" } },
        { "reserve": { "lines": [{ "sku": "TEA", "location": "Store 1", "quantity": "1" }] } },
    ]});
    let request = hub.request("POST", "/v1/commands").bearer_auth("lk_reservations:write");
    let reply = hub.send(request.header("content-type", "application/json").body(body.to_string())).await;
    let results = reply.json()["results"].clone();
    assert_eq!(results[0]["problem"]["type"], "urn:lockstep:problem:scope-missing");
    assert_eq!(results[1]["done"], true);
    assert_eq!(hub.get("/v1/positions?sku=TEA&location=Store%201").await["items"][0]["on_hand"], "10");
}
