//! What is not an answer, what is not a delivery, and what the platform can do.

use std::collections::BTreeSet;

use connectors::{Ability, BudgetReport, Delivery, Forged, Mark, Phase, Question, Surface, Trouble};
use http::HeaderMap;
use model::Basis;

use crate::desk::{account, fixture, r_series, reply, with_header};

fn refused(status: u16, body: &[u8]) -> Trouble {
    let question = Question::Orders { since: model::Instant(0), cursor: None };
    r_series().learn(&question, &account(), &reply(status, body)).expect_err("it is no answer")
}

#[test]
fn no_delivery_is_ever_believed_because_the_platform_sends_none() {
    let headers = HeaderMap::new();
    let delivery = Delivery { headers: &headers, url: "", topic: "", at: model::Instant(0), body: b"{}" };
    for secrets in [vec![], vec![connectors::Secret::new("key")]] {
        let judged = r_series().verify(delivery, &secrets).map(|_| ());
        let Err(Forged::Missing { header }) = judged else { panic!("it was believed: {judged:?}") };
        assert!(header.contains("no webhooks"));
    }
}

#[test]
fn a_missing_scope_is_named() {
    let reason = "HTTP 403: You do not have the right employee:register_read.; \
                  the call takes the scope employee:register_read";
    assert_eq!(refused(403, &fixture("error_denied")), Trouble::Denied { reason: reason.to_owned() });
}

#[test]
fn a_token_that_has_run_out_is_denied() {
    let body = br#"{"error":"access_denied","hint":"Access token could not be verified"}"#;
    let reason = "HTTP 401: access_denied; Access token could not be verified".to_owned();
    assert_eq!(refused(401, body), Trouble::Denied { reason });
}

#[test]
fn being_too_fast_tells_how_long_to_wait_when_the_platform_says_so() {
    let question = Question::Levels { cursor: None };
    let throttled = reply(429, &fixture("error_throttled"));
    let learn = |reply: &connectors::Reply| r_series().learn(&question, &account(), reply);
    assert_eq!(learn(&throttled), Err(Trouble::Throttled { after_ms: None }));
    let told = with_header(throttled.clone(), "retry-after", "3");
    assert_eq!(learn(&told), Err(Trouble::Throttled { after_ms: Some(3_000) }));
    let odd = with_header(throttled, "retry-after", "soon");
    assert_eq!(learn(&odd), Err(Trouble::Throttled { after_ms: None }));
}

#[test]
fn every_other_status_says_whether_it_may_have_been_done() {
    let page = b"<html>sorry</html>";
    assert_eq!(refused(502, page), Trouble::Failed { reason: "HTTP 502 without a reason".to_owned() });
    assert!(matches!(refused(408, page), Trouble::Failed { .. }));
    assert!(matches!(refused(501, page), Trouble::Refused { .. }));
    assert!(matches!(refused(404, page), Trouble::Refused { .. }));
    let reason = "HTTP 422: UPC is not valid.".to_owned();
    assert_eq!(refused(422, &fixture("error_unprocessable")), Trouble::Refused { reason });
    assert!(matches!(refused(302, page), Trouble::Garbled { .. }));
    assert!(matches!(refused(200, page), Trouble::Garbled { .. }));
}

#[test]
fn a_long_reason_is_cut() {
    let body = format!(r#"{{"message":"{}"}}"#, "ä".repeat(1_000));
    let Trouble::Refused { reason } = refused(400, body.as_bytes()) else { panic!("it is a refusal") };
    assert_eq!(reason.chars().count(), 300);
}

#[test]
fn the_budget_is_what_is_left_in_the_bucket_in_tenths_of_a_drip() {
    let headers = |level: &str, drip: &str| {
        let reply = with_header(reply(200, b"{}"), "x-ls-api-bucket-level", level);
        r_series().budget(&with_header(reply, "x-ls-api-drip-rate", drip))
    };
    let report = |capacity, available, restore_per_s| {
        Some(BudgetReport { capacity, available, restore_per_s, requests_per_s: None })
    };
    let burst = with_header(reply(200, b"{}"), "x-ls-api-bucket-level", "0/90");
    let burst = r_series().budget(&with_header(burst, "x-ls-api-burst-level", "4/20"));
    assert_eq!(burst.map(|told| told.requests_per_s), Some(Some(20)));
    assert_eq!(headers("12.4/90", "1"), report(900, 776, 10));
    assert_eq!(headers("0/110", "2.0"), report(1_100, 1_100, 20));
    assert_eq!(headers("92.57/90", "1"), report(900, 0, 10));
    assert_eq!(headers("12/90", "unknown"), report(900, 780, 10));
    assert_eq!(headers("many", "1"), None);
    assert_eq!(headers("-1/90", "1"), None);
    assert_eq!(headers("1e2/90", "1"), None);
    assert_eq!(r_series().budget(&reply(200, b"{}")), None);
}

#[test]
fn every_surface_is_answered_once_and_every_no_has_a_reason() {
    let abilities = r_series().abilities();
    let names: BTreeSet<Surface> = abilities.surfaces.iter().map(|(surface, _)| *surface).collect();
    assert_eq!(names.len(), abilities.surfaces.len());
    // The last of the list and their number: a new surface has to be answered.
    assert_eq!(names.len(), 27);
    assert!(names.contains(&Surface::HearSales) && names.contains(&Surface::TillScreen));
    for (surface, ability) in abilities.surfaces {
        match ability {
            Ability::Yes => {}
            Ability::No(reason) | Ability::Unused(reason) => assert!(reason.len() > 20, "{surface:?}"),
        }
    }
    for heard in
        [Surface::HearSales, Surface::HearStock, Surface::HearItems, Surface::HearCustomers, Surface::Subscribe]
    {
        assert!(!abilities.can(heard), "{heard:?}");
    }
    assert_eq!((abilities.basis, abilities.mark, abilities.overlap_ms), (Basis::OnHand, Mark::Clock, 60_000));
}

#[test]
fn looking_only_takes_scopes_that_only_look() {
    let scopes = r_series().abilities().scopes;
    for scope in scopes.iter().filter(|scope| scope.phase == Phase::Read) {
        assert!(scope.name.starts_with("employee:") && scope.name.ends_with("_read"), "{}", scope.name);
    }
    assert!(scopes.iter().any(|scope| scope.name == "employee:inventory" && scope.phase == Phase::Write));
}
