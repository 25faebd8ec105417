//! Replies that are no answers, and what replies say about the pace.

use connectors::{BudgetReport, Question, Trouble};
use model::Instant;

use crate::desk::{account, fixture, lightspeed, reply, reply_with};

fn trouble(reply: &connectors::Reply) -> Trouble {
    let question = Question::Orders { since: Instant(0), cursor: None };
    lightspeed().learn(&question, &account(), reply).expect_err("it is no answer")
}

fn throttled(pairs: &[(&str, &str)]) -> Option<i64> {
    match trouble(&reply_with(429, pairs, &fixture("throttled"))) {
        Trouble::Throttled { after_ms } => after_ms,
        other => panic!("it is not throttled: {other}"),
    }
}

#[test]
fn the_wait_is_counted_from_the_platforms_own_clock() {
    let until = ("Retry-After", "Sat, 21 Nov 2026 12:03:20 GMT");
    assert_eq!(throttled(&[until, ("Date", "Sat, 21 Nov 2026 12:01:00 GMT")]), Some(140_000));
    // Without its clock, from ours: the request was sent at noon.
    assert_eq!(throttled(&[until]), Some(200_000));
    assert_eq!(throttled(&[until, ("Date", "Sat, 21 Nov 2026 12:09:00 GMT")]), Some(0));
}

#[test]
fn a_wait_in_seconds_or_a_reset_is_understood_and_nonsense_is_not() {
    assert_eq!(throttled(&[("Retry-After", "7")]), Some(7_000));
    // 2026-11-21T12:00:30Z is 1 795 262 430 seconds after 1970.
    assert_eq!(throttled(&[("X-RateLimit-Reset", "1795262430")]), Some(30_000));
    assert_eq!(throttled(&[("X-RateLimit-Reset", "45")]), Some(45_000));
    assert_eq!(throttled(&[("Retry-After", "soon")]), None);
    assert_eq!(throttled(&[]), None);
}

#[test]
fn a_refused_token_or_scope_is_told_in_the_platforms_words() {
    let reason = "HTTP 403: insufficient scope; inventory:write is required".to_owned();
    assert_eq!(trouble(&reply(403, &fixture("denied"))), Trouble::Denied { reason });
    let reason = "HTTP 401 without a reason".to_owned();
    assert_eq!(trouble(&reply(401, b"<html>")), Trouble::Denied { reason });
}

#[test]
fn failures_refusals_and_nonsense_are_told_apart() {
    for status in [500, 502, 503, 504, 408] {
        assert!(matches!(trouble(&reply(status, b"")), Trouble::Failed { .. }), "{status}");
    }
    for status in [400, 404, 409, 422, 501] {
        assert!(matches!(trouble(&reply(status, b"")), Trouble::Refused { .. }), "{status}");
    }
    for (status, body) in [(302, "".as_bytes()), (200, b"<html>".as_slice()), (200, b"[]"), (200, b"{}"), (204, b"")] {
        assert!(matches!(trouble(&reply(status, body)), Trouble::Garbled { .. }), "{status}");
    }
    let nested = "HTTP 422: global: quantity must be negative for this reason".to_owned();
    assert_eq!(trouble(&reply(422, &fixture("unprocessable"))), Trouble::Refused { reason: nested });
}

#[test]
fn a_page_with_sales_but_no_version_is_garbled() {
    let reason = "version.max: is missing".to_owned();
    assert_eq!(trouble(&reply(200, b"{\"data\":[{}]}")), Trouble::Garbled { reason });
    let reason = "version.max: is larger than any version".to_owned();
    let huge = b"{\"data\":[{}],\"version\":{\"min\":1,\"max\":18446744073709551615}}";
    assert_eq!(trouble(&reply(200, huge)), Trouble::Garbled { reason });
}

#[test]
fn the_budget_is_read_from_the_headers_in_exact_points() {
    let budget = |pairs: &[(&str, &str)]| lightspeed().budget(&reply_with(200, pairs, b""));
    let two = [("X-RateLimit-Limit", "650"), ("X-RateLimit-Remaining", "649")];
    assert_eq!(
        budget(&two),
        Some(BudgetReport { capacity: 3_900, available: 3_894, restore_per_s: 13, requests_per_s: None })
    );
    let none = [("X-RateLimit-Limit", "350"), ("X-RateLimit-Remaining", "0")];
    assert_eq!(
        budget(&none),
        Some(BudgetReport { capacity: 2_100, available: 0, restore_per_s: 7, requests_per_s: None })
    );
    assert_eq!(budget(&[("X-RateLimit-Limit", "350")]), None);
    assert_eq!(budget(&[("X-RateLimit-Limit", "4294967295"), ("X-RateLimit-Remaining", "1")]), None);
}

#[test]
fn the_assumed_pace_is_350_requests_in_five_minutes() {
    let rule = lightspeed().abilities().budget;
    assert_eq!(rule.capacity, 350 * 6);
    assert_eq!(rule.restore_per_s * 300, rule.capacity);
}
