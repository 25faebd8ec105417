//! Replies that are no answers, for questions and for writes, and the rate budget.

use connectors::{BudgetReport, Question, Reply, Trouble};
use model::WriteMode;

use crate::desk::{account, batch, bigcommerce, done, fixture, headers, reply, settled, step};

fn troubles(reply: &Reply) -> [Trouble; 2] {
    let batch = batch(WriteMode::Lower, &[("7004", "1", 3, 2)]);
    [
        bigcommerce().learn(&Question::Access, &account(), reply).expect_err("it is no answer"),
        step(&batch, true, std::slice::from_ref(reply)).expect_err("it is no answer"),
    ]
}

#[test]
fn lost_access_is_denied_with_the_scope_that_is_missing() {
    for trouble in troubles(&reply(403, &fixture("denied"))) {
        let reason = "HTTP 403: You don't have a required scope to access the endpoint: store_inventory";
        assert_eq!(trouble, Trouble::Denied { reason: reason.to_owned() });
    }
    for trouble in troubles(&reply(401, b"<html>")) {
        assert_eq!(trouble, Trouble::Denied { reason: "HTTP 401 without a reason".to_owned() });
    }
}

#[test]
fn too_fast_waits_as_long_as_the_platform_says() {
    let told = Reply { headers: headers(&[("x-rate-limit-time-reset-ms", "15000")]), ..reply(429, b"") };
    for trouble in troubles(&told) {
        assert_eq!(trouble, Trouble::Throttled { after_ms: Some(15_000) });
    }
    let odd = Reply { headers: headers(&[("x-rate-limit-time-reset-ms", "-1")]), ..reply(429, b"") };
    for trouble in troubles(&reply(429, b"{}")).into_iter().chain(troubles(&odd)) {
        assert_eq!(trouble, Trouble::Throttled { after_ms: None }, "the platform as a whole is under load");
    }
}

#[test]
fn the_platforms_own_failures_leave_the_outcome_open() {
    for status in [408, 500, 502, 503, 504] {
        for trouble in troubles(&reply(status, b"<html>down</html>")) {
            assert_eq!(trouble, Trouble::Failed { reason: format!("HTTP {status} without a reason") });
        }
    }
    for trouble in troubles(&reply(501, b"")) {
        assert!(matches!(trouble, Trouble::Refused { .. }), "{trouble:?}");
    }
}

#[test]
fn both_forms_of_an_error_are_told_in_words_and_cut_when_long() {
    let told = |body: &[u8]| {
        bigcommerce().learn(&Question::Access, &account(), &reply(400, body)).expect_err("it is no answer").to_string()
    };
    let refuses = "the platform refuses the request: HTTP 400: ";
    let v2 = br#"[{"status":400,"message":"The field 'sort' is invalid."}]"#;
    assert_eq!(told(v2), format!("{refuses}The field 'sort' is invalid."));
    let v3 = br#"{"status":400,"title":"Bad","type":"https://x","errors":{"a":{"b":"c"}}}"#;
    let told_v3 = told(v3);
    assert!(told_v3.contains("Bad") && told_v3.contains("a.b: c") && !told_v3.contains("https"), "{told_v3}");
    let long = format!("{{\"title\":\"{}\"}}", "x".repeat(5_000));
    assert_eq!(told(long.as_bytes()).chars().count(), "the platform refuses the request: ".len() + 300);
}

#[test]
fn the_budget_is_read_from_the_four_headers() {
    let pairs = [
        ("x-rate-limit-time-window-ms", "30000"),
        ("x-rate-limit-time-reset-ms", "1200"),
        ("x-rate-limit-requests-quota", "450"),
        ("x-rate-limit-requests-left", "449"),
    ];
    let told = |pairs: &[(&str, &str)]| bigcommerce().budget(&Reply { headers: headers(pairs), ..reply(200, b"") });
    assert_eq!(
        told(&pairs),
        Some(BudgetReport { capacity: 450, available: 449, restore_per_s: 15, requests_per_s: None })
    );
    assert_eq!(told(&pairs[..3]), None);
    assert_eq!(told(&[("x-rate-limit-time-window-ms", "0"), pairs[2], pairs[3]]), None);
    assert_eq!(told(&[pairs[0], ("x-rate-limit-requests-quota", "5"), pairs[3]]).map(|own| own.restore_per_s), Some(1));
}

#[test]
fn what_was_done_before_access_was_lost_is_told_as_done() {
    let batch = batch(WriteMode::Lower, &[("7004", "1", 3, 2), ("7005", "1", 3, 2)]);
    let replies = [reply(422, &fixture("refused_unnamed")), reply(200, &fixture("adjusted")), reply(403, b"{}")];
    assert_eq!(settled(&batch, true, &replies), [done(None), model::Outcome::Again]);
    let slow = [replies[0].clone(), replies[1].clone(), reply(429, b"")];
    assert!(matches!(step(&batch, true, &slow), Err(Trouble::Throttled { .. })));
}
