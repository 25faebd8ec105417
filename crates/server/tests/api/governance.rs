//! Who may act, over the API: a program proposes, the policy says how far that goes, somebody else answers.

use serde_json::{Value, json};
use server::Scope;

use crate::hub::{self, TestHub, key_of};

fn buffer(to: &str) -> Value {
    let act = json!({ "act": "set_buffer", "sku": "TEA", "channel": "web", "to": to });
    json!({ "acts": [act], "why": "the web oversold it twice", "confidence": 0.93, "version": "7",
        "value": { "minor": 900, "currency": "EUR" },
        "reasons": [{ "name": "oversold this week", "input": "2", "adds": "+1.4" }], "flip": "none oversold" })
}

fn rule(phase: &str, more: &str) -> String {
    format!("[[rule]]\nname = \"r\"\nagents = [\"copilot\"]\nphase = \"{phase}\"\n{more}\n")
}

/// Puts a policy into force that was made from a version.
async fn policy(hub: &TestHub, base: u32, text: &str) -> Value {
    hub.done("PUT", "/v1/policy", json!({ "base": base, "text": text, "reason": "to try" })).await
}

async fn propose(hub: &TestHub, key: &str, body: Value) -> Value {
    let reply = hub.call_as("POST", "/v1/proposals", Some(body), Some(key), &key_of(Scope::ProposalsWrite)).await;
    assert_eq!(reply.status, 202, "{}", reply.json());
    reply.json()
}

async fn buffer_now(hub: &TestHub) -> Value {
    let told = hub.get("/v1/availability?sku=TEA&channel=web").await;
    told["channels"][0]["buffer"].clone()
}

#[tokio::test]
async fn without_a_rule_a_programs_proposal_is_recorded_and_nothing_follows() {
    let hub = hub::start().await;
    let before = buffer_now(&hub).await;
    let told = propose(&hub, "a", buffer("3")).await;
    assert_eq!(
        (&told["state"], &told["phase"], &told["agent"]),
        (&json!("observed"), &json!("observe"), &json!("copilot"))
    );
    assert_eq!(told["held_by"], json!(["no rule lets copilot set_buffer for TEA on web"]));
    assert_eq!(told["acts"][0]["words"], json!("let web leave 3 of TEA unsold (now 0)"));
    assert_eq!((told["confidence"].as_f64(), &told["reasons"][0]["adds"]), (Some(0.93), &json!("+1.4")));
    assert_eq!(buffer_now(&hub).await, before);
    let waiting = hub.get("/v1/proposals?state=waiting").await;
    assert_eq!(waiting["items"], json!([]));
}

#[tokio::test]
async fn a_yes_does_what_was_proposed_and_it_can_be_taken_back() {
    let hub = hub::start().await;
    policy(&hub, 0, &rule("assist", "")).await;
    let before = buffer_now(&hub).await;
    let told = propose(&hub, "a", buffer("3")).await;
    assert_eq!(told["state"], "waiting");
    assert_eq!(propose(&hub, "a", buffer("3")).await["id"], told["id"], "the same key is the same proposal");
    assert_eq!(buffer_now(&hub).await, before, "nothing before the yes");
    let id = told["id"].as_str().expect("an id");
    let done = hub.done("POST", &format!("/v1/proposals/{id}/approve"), json!({ "reason": "yes" })).await;
    assert_eq!((&done["state"], &done["acts"][0]["outcome"]), (&json!("done"), &json!("done")));
    assert_eq!((&done["answer"]["answer"], &done["answer"]["role"]), (&json!("approved"), &json!("admin")));
    assert_ne!(buffer_now(&hub).await, before);
    hub.refused("POST", &format!("/v1/proposals/{id}/reject"), json!({ "reason": "late" }), 409).await;
    let undone = hub.done("POST", &format!("/v1/proposals/{id}/undo"), json!({ "reason": "too many" })).await;
    assert_eq!((&undone["state"], &undone["acts"][0]["undone"]), (&json!("undone"), &json!("reversed")));
    assert_eq!(buffer_now(&hub).await, before);
}

#[tokio::test]
async fn who_proposes_cannot_approve_and_other_keys_cannot_answer() {
    let hub = hub::start().await;
    policy(&hub, 0, &rule("assist", "approvers = [\"ops\", \"manager\"]")).await;
    // The key "everything" proposes and tries to answer.
    let told = hub.call_as("POST", "/v1/proposals", Some(buffer("3")), Some("a"), "lk_all").await.json();
    let id = told["id"].as_str().expect("an id").to_owned();
    let answer = |key: String| {
        let (hub, path) = (&hub, format!("/v1/proposals/{id}/approve"));
        async move { hub.call_as("POST", &path, Some(json!({})), None, &key).await }
    };
    let own = answer("lk_all".into()).await;
    assert_eq!((own.status, own.json()["detail"].as_str().is_some_and(|d| d.contains("somebody else"))), (403, true));
    assert_eq!(answer(key_of(Scope::OrdersRead)).await.status, 403, "the scope is missing");
    assert_eq!(answer(key_of(Scope::ProposalsWrite)).await.status, 403);
    assert_eq!(answer(key_of(Scope::ApprovalsWrite)).await.status, 200);
}

#[tokio::test]
async fn of_ten_who_answer_at_once_one_is_heard() {
    let hub = hub::start().await;
    policy(&hub, 0, &rule("assist", "")).await;
    let told = propose(&hub, "a", buffer("3")).await;
    let id = told["id"].as_str().expect("an id").to_owned();
    let mut answers = tokio::task::JoinSet::new();
    for number in 0..10 {
        let (act, body) = if number % 2 == 0 { ("approve", json!({})) } else { ("reject", json!({ "reason": "no" })) };
        let request = hub.request("POST", &format!("/v1/proposals/{id}/{act}"));
        let request = request.bearer_auth(key_of(Scope::ApprovalsWrite)).header("content-type", "application/json");
        answers.spawn(request.body(body.to_string()).send());
    }
    let answers = answers.join_all().await;
    let statuses: Vec<u16> = answers.into_iter().map(|answer| answer.expect("an answer").status().as_u16()).collect();
    assert_eq!(statuses.iter().filter(|status| **status == 200).count(), 1, "{statuses:?}");
    assert!(statuses.iter().all(|status| [200, 409].contains(status)), "{statuses:?}");
}

#[tokio::test]
async fn a_brake_stops_at_once_and_is_lifted_by_an_admin() {
    let hub = hub::start().await;
    policy(&hub, 0, &rule("automate", "confidence = 0.9")).await;
    assert_eq!(propose(&hub, "a", buffer("3")).await["state"], "done");
    let approver = key_of(Scope::ApprovalsWrite);
    let stop = json!({ "agents": ["copilot"], "reason": "it is confused" });
    assert_eq!(hub.call_as("POST", "/v1/brakes", Some(stop), None, &approver).await.status, 200);
    let refused = hub.call_as("POST", "/v1/proposals", Some(buffer("4")), Some("b"), "lk_all").await;
    assert_eq!(
        (refused.status, refused.json()["detail"].clone()),
        (403, json!("copilot may not: stopped: it is confused"))
    );
    let brakes = hub.get("/v1/brakes").await;
    assert_eq!((&brakes[0]["id"], &brakes[0]["phase"]), (&json!(1), &json!("off")));
    let lift = || Some(json!({ "reason": "mended" }));
    assert_eq!(hub.call_as("POST", "/v1/brakes/1/lift", lift(), None, &approver).await.status, 403);
    hub.done("POST", "/v1/brakes/1/lift", json!({ "reason": "mended" })).await;
    assert_eq!(propose(&hub, "c", buffer("4")).await["state"], "done");
}

#[tokio::test]
async fn a_policy_is_checked_compared_and_changed_from_the_version_that_holds() {
    let hub = hub::start().await;
    let first = policy(&hub, 0, &rule("assist", "")).await;
    assert_eq!((&first["version"], &first["rules"]), (&json!(1), &json!(1)));
    let bad =
        hub.done("POST", "/v1/policy/check", json!({ "text": "[[rule]]\nname = \"x\"\nphase = \"now\"\n" })).await;
    assert_eq!((&bad["flaws"][0]["line"], &bad["flaws"][0]["field"]), (&json!(3), &json!("phase")));
    let looser = rule("automate", "stores = [\"Atlantis\"]\nconfidence = 0.9\nacts = [\"set_buffer\"]");
    let told = hub.done("POST", "/v1/policy/check", json!({ "text": looser.clone() })).await;
    assert_eq!(told["warnings"], json!(["rule “r”: there is no store “Atlantis”"]));
    let changes = told["changes"][0].as_str().expect("words");
    assert!(changes.starts_with("~ r") && changes.contains("phase: assist → automate"), "{changes}");
    let late = json!({ "base": 0, "text": looser, "reason": "late" });
    hub.refused("PUT", "/v1/policy", late, 409).await;
    let wrong = json!({ "base": 1, "text": "rule = 3", "reason": "wrong" });
    hub.refused("PUT", "/v1/policy", wrong, 422).await;
    assert_eq!(hub.get("/v1/policy").await["version"], 1);
}

#[tokio::test]
async fn what_is_wrong_with_a_proposal_is_named() {
    let hub = hub::start().await;
    let with = |field: &str, value: Value| {
        let mut body = buffer("3");
        body[field] = value;
        body
    };
    let act = |value: Value| with("acts", json!([value]));
    for (body, field) in [
        (with("confidence", json!(2)), "confidence"),
        (with("why", json!("")), "why"),
        (with("acts", json!([])), "acts"),
        (act(json!({ "act": "set_buffer", "sku": "NO", "channel": "web", "to": "1" })), "acts[0].sku"),
        (act(json!({ "act": "set_buffer", "sku": "TEA", "channel": "web", "to": "-1" })), "acts[0].to"),
        (act(json!({ "act": "delete_everything" })), "act"),
    ] {
        let reply = hub.call_as("POST", "/v1/proposals", Some(body), Some("k"), "lk_all").await;
        assert!([400, 422].contains(&reply.status), "{field}: {}", reply.status);
        let told = reply.json().to_string();
        assert!(told.contains(field), "{field} is not in {told}");
    }
    let keyless = hub.call_as("POST", "/v1/proposals", Some(buffer("3")), None, "lk_all").await;
    assert_eq!(keyless.status, 422);
}
