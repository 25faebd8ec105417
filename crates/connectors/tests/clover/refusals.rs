//! Replies that are no answers, and what they say of the rate.

use connectors::{BudgetReport, Question, Reply, Trouble};
use http::{HeaderName, HeaderValue};
use model::Instant;

use crate::desk::{account, clover, fixture, learned, reply};

fn trouble(reply: &Reply) -> Trouble {
    clover().learn(&Question::Levels { cursor: None }, &account(), reply).expect_err("it is no answer")
}

fn with(mut reply: Reply, headers: &[(&'static str, &'static str)]) -> Reply {
    for (name, value) in headers {
        reply.headers.insert(HeaderName::from_static(name), HeaderValue::from_static(value));
    }
    reply
}

#[test]
fn a_refusal_for_speed_says_when_to_come_back_if_it_says_so() {
    let slow = with(reply(429, b""), &[("x-ratelimit-tokenconcurrentlimit", "5"), ("retry-after", "3")]);
    assert_eq!(trouble(&slow), Trouble::Throttled { after_ms: Some(3_000) });
    assert_eq!(trouble(&reply(429, b"")), Trouble::Throttled { after_ms: None });
    for odd in ["soon", "-1", "99999999999"] {
        assert_eq!(trouble(&with(reply(429, b""), &[("retry-after", odd)])), Trouble::Throttled { after_ms: None });
    }
}

#[test]
fn a_refusal_for_speed_empties_the_bucket_and_nothing_else_speaks_of_it() {
    let empty = |capacity| Some(BudgetReport { capacity, available: 0, restore_per_s: capacity, requests_per_s: None });
    let limit = |text| with(reply(429, b""), &[("x-ratelimit-tokenlimit", text)]);
    assert_eq!(clover().budget(&limit("8")), empty(8));
    for odd in ["0", "-3", "many", "99999999999"] {
        assert_eq!(clover().budget(&limit(odd)), empty(16));
    }
    assert_eq!(clover().budget(&reply(429, b"")), empty(16));
    assert_eq!(clover().budget(&with(reply(200, b"{}"), &[("x-ratelimit-tokenlimit", "8")])), None);
}

#[test]
fn a_missing_permission_is_named_in_the_platforms_words() {
    let denied = Trouble::Denied { reason: "HTTP 403: Not allowed to read inventory; INVENTORY_R".to_owned() };
    assert_eq!(trouble(&reply(403, &fixture("denied"))), denied);
    let unauthorized = Trouble::Denied { reason: "HTTP 401 without a reason".to_owned() };
    assert_eq!(trouble(&reply(401, b"<html>")), unauthorized);
}

#[test]
fn failures_refusals_and_what_cannot_be_read_are_told_apart() {
    for status in [500, 502, 503, 504, 408] {
        assert!(matches!(trouble(&reply(status, b"")), Trouble::Failed { .. }), "{status}");
    }
    for status in [301, 400, 404, 405, 415, 501] {
        assert!(matches!(trouble(&reply(status, b"{\"message\":\"no\"}")), Trouble::Refused { .. }), "{status}");
    }
    for body in [&b""[..], b"[]", b"{}", b"{\"elements\":5}", b"{\"elements\":[5]}", b"{\"elements\":[]} {}"] {
        assert!(matches!(trouble(&reply(200, body)), Trouble::Garbled { .. }));
    }
    let never_asked = Question::LevelsSince { since: Instant(0), cursor: None };
    assert!(matches!(learned(&never_asked, b"{}"), Err(Trouble::Garbled { .. })));
}

#[test]
fn a_long_reason_is_cut() {
    let long = format!("{{\"message\":\"{}\"}}", "ж".repeat(5_000));
    let Trouble::Refused { reason } = trouble(&reply(400, long.as_bytes())) else { panic!("it is refused") };
    assert_eq!(reason.chars().count(), 300);
}
