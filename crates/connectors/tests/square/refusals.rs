//! Replies that are no answers, for questions and writes alike, and the rate budget.

use connectors::{BudgetReport, Question, Trouble};
use http::HeaderValue;
use model::WriteMode;

use crate::desk::{account, batch, fixture, hear, reply, square};

fn troubles(status: u16, body: &[u8]) -> [Trouble; 2] {
    let question = Question::Levels { cursor: None };
    let batch = batch(WriteMode::Lower, &[("A", "L", "2", "1")]);
    [
        square().learn(&question, &account(), &reply(status, body)).expect_err("it is no answer"),
        hear(&batch, &reply(status, body)).expect_err("it is no answer"),
    ]
}

fn code(code: &str) -> Vec<u8> {
    format!(r#"{{"errors":[{{"category":"API_ERROR","code":"{code}","detail":"why"}}]}}"#).into_bytes()
}

#[test]
fn lost_access_is_denied_by_status_or_by_code() {
    for trouble in troubles(401, b"").into_iter().chain(troubles(403, b"{}")) {
        assert!(matches!(trouble, Trouble::Denied { .. }), "{trouble:?}");
    }
    let denied = Trouble::Denied { reason: "HTTP 400: ACCESS_TOKEN_REVOKED: why".to_owned() };
    assert_eq!(troubles(400, &code("ACCESS_TOKEN_REVOKED")), [denied.clone(), denied]);
}

#[test]
fn too_fast_is_throttled_by_status_or_by_code() {
    let throttled = Trouble::Throttled { after_ms: None };
    assert_eq!(troubles(429, b""), [throttled.clone(), throttled.clone()]);
    assert_eq!(troubles(400, &fixture("error_rate")), [throttled.clone(), throttled]);
}

#[test]
fn the_wait_is_taken_from_retry_after_or_from_the_moment_of_reset() {
    let waits = |name: &'static str, value: &'static str| {
        let mut reply = reply(429, b"");
        reply.headers.insert(name, HeaderValue::from_static(value));
        square().learn(&Question::Levels { cursor: None }, &account(), &reply).expect_err("it is no answer")
    };
    let after = |after_ms| Trouble::Throttled { after_ms };
    assert_eq!(waits("retry-after", "3"), after(Some(3_000)));
    assert_eq!(waits("retry-after", "Fri, 20 Nov 2026 16:42:07 GMT"), after(None));
    assert_eq!(waits("retry-after", "-3"), after(None));
    assert_eq!(waits("x-ratelimit-reset", "1763656005"), after(Some(5_000)));
    assert_eq!(waits("x-ratelimit-reset", "7"), after(Some(0)), "a moment that has passed");
}

#[test]
fn squares_own_failures_leave_the_outcome_open() {
    for status in [408, 500, 502, 503, 504] {
        for trouble in troubles(status, b"<html>down</html>") {
            assert_eq!(trouble, Trouble::Failed { reason: format!("HTTP {status} without a reason") });
        }
    }
    for trouble in troubles(400, &code("TEMPORARY_ERROR")) {
        assert!(matches!(trouble, Trouble::Failed { .. }), "{trouble:?}");
    }
}

#[test]
fn errors_under_a_status_of_success_are_still_errors() {
    for trouble in troubles(200, &code("UNAUTHORIZED")) {
        assert!(matches!(trouble, Trouble::Denied { .. }), "{trouble:?}");
    }
}

#[test]
fn a_code_newer_than_our_list_is_refused_and_said_to_be_new() {
    let refused = Trouble::Refused { reason: "HTTP 400: SOMETHING_NEW (undocumented): why".to_owned() };
    assert_eq!(troubles(400, &code("SOMETHING_NEW")), [refused.clone(), refused]);
    for trouble in troubles(302, b"") {
        assert!(matches!(trouble, Trouble::Refused { .. }), "{trouble:?}");
    }
}

#[test]
fn a_question_that_meets_contention_is_asked_again_later() {
    let reply = reply(409, &code("CONFLICT"));
    let trouble = square().learn(&Question::Levels { cursor: None }, &account(), &reply);
    assert_eq!(trouble, Err(Trouble::Throttled { after_ms: None }));
}

#[test]
fn a_long_reason_is_cut() {
    let long = code(&"X".repeat(5_000));
    for trouble in troubles(400, &long) {
        assert!(trouble.to_string().len() < 400);
    }
}

#[test]
fn the_budget_is_told_only_when_its_headers_are_there() {
    let mut reply = reply(200, b"{}");
    assert_eq!(square().budget(&reply), None);
    reply.headers.insert("x-ratelimit-limit", HeaderValue::from_static("40"));
    assert_eq!(square().budget(&reply), None);
    reply.headers.insert("x-ratelimit-remaining", HeaderValue::from_static("39"));
    let told = BudgetReport { capacity: 40, available: 39, restore_per_s: 10, requests_per_s: None };
    assert_eq!(square().budget(&reply), Some(told));
}
