//! Tests of the breaker, as walks on a clock of whole seconds. Called by `cargo test` only.

use super::*;
use proptest::prelude::*;

fn breaker() -> Breaker {
    Breaker::new(BreakerConfig { failures_max: 3, open_for: at(10), open_for_max: at(35) })
}

fn at(seconds: u64) -> Duration {
    Duration::from_secs(seconds)
}

fn opened() -> Breaker {
    let mut breaker = breaker();
    for _ in 0..3 {
        breaker.failed(at(0));
    }
    breaker
}

#[test]
fn it_opens_at_the_third_failure_in_a_row_and_not_before() {
    let mut breaker = breaker();
    breaker.failed(at(0));
    breaker.failed(at(0));
    breaker.succeeded();
    breaker.failed(at(0));
    breaker.failed(at(0));
    assert_eq!(breaker.ask(at(0)), Permit::Go);
    breaker.failed(at(1));
    assert_eq!(breaker.state(at(1)), BreakerState::Open);
    assert_eq!(breaker.ask(at(1)), Permit::Wait { until: at(11) });
}

#[test]
fn one_trial_is_let_through_when_the_time_is_over() {
    let mut breaker = opened();
    assert_eq!(breaker.state(at(10)), BreakerState::HalfOpen);
    assert_eq!(breaker.ask(at(10)), Permit::Trial);
    assert_eq!(breaker.ask(at(10)), Permit::Wait { until: at(20) });
    breaker.succeeded();
    assert_eq!(breaker.ask(at(10)), Permit::Go);
    assert_eq!(breaker.state(at(10)), BreakerState::Closed);
}

#[test]
fn each_failed_trial_doubles_the_wait_up_to_its_limit() {
    let mut breaker = opened();
    let mut now = 10;
    for wait in [20, 35, 35] {
        assert_eq!(breaker.ask(at(now)), Permit::Trial);
        breaker.failed(at(now));
        assert_eq!(breaker.ask(at(now)), Permit::Wait { until: at(now + wait) });
        now += wait;
    }
}

#[test]
fn a_trial_that_is_never_reported_does_not_shut_the_breaker_for_ever() {
    let mut breaker = opened();
    assert_eq!(breaker.ask(at(10)), Permit::Trial);
    assert_eq!(breaker.ask(at(19)), Permit::Wait { until: at(20) });
    assert_eq!(breaker.ask(at(20)), Permit::Trial);
}

#[test]
fn late_news_of_requests_sent_before_it_opened_changes_nothing() {
    let mut breaker = opened();
    let before = breaker.clone();
    breaker.succeeded();
    breaker.failed(at(5));
    assert_eq!(breaker, before);
}

proptest! {
    #[test]
    fn whatever_happens_a_permit_comes_within_the_longest_wait(
        steps in prop::collection::vec((0_u64..50, 0_u8..3), 0..60)
    ) {
        let mut breaker = breaker();
        let mut now = 0;
        for (pause, event) in steps {
            now += pause;
            match event {
                0 => breaker.succeeded(),
                1 => breaker.failed(at(now)),
                _ => {
                    let permit = breaker.ask(at(now));
                    let waits_for_the_past = matches!(permit, Permit::Wait { until } if until <= at(now));
                    prop_assert!(!waits_for_the_past);
                }
            }
        }
        let waits = matches!(breaker.ask(at(now + 35)), Permit::Wait { .. });
        prop_assert!(!waits);
    }
}
