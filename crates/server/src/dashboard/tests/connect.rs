//! The pages of a connection in every state: what they offer, to whom, and that hostile text stays text.

use std::sync::Arc;

use flow::Phase;
use jiff::tz::TimeZone;
use model::{Instant, Platform};

use super::markup::faults;
use super::samples::{HOSTILE, Size};
use super::{samples, visitor};
use crate::Scope;
use crate::access_check::Grant;
use crate::connect::{Hint, Progress, Section};
use crate::dashboard::access::Visitor;
use crate::dashboard::connect::{ChoosePage, ConnectPage, Form, PlatformLine};

/// A connection of which everything was read, that may not write yet.
fn read(size: Size) -> ConnectPage {
    let scopes = |phase| {
        let all = Platform::ALL.into_iter().flat_map(|platform| flow::connector(platform).abilities().scopes.iter());
        all.filter(|scope| scope.phase == phase).take(3).collect()
    };
    let section = Section {
        file: samples::text(size, "/data/channels/mall.toml"),
        own: true,
        reads: true,
        writes: false,
        app: Ok(()),
    };
    ConnectPage {
        name: samples::text(size, "mall"),
        platform: Platform::ALL[0].title(),
        now: Instant(1_000_000),
        zone: TimeZone::UTC,
        section: Some(section),
        has_consent: true,
        has_token: true,
        reading: scopes(Phase::Read),
        writing: scopes(Phase::Write),
        making: scopes(Phase::Make),
        redirect_uri: "http://127.0.0.1:8080/connect/callback".into(),
        access: samples::access(size),
        progress: Progress { started: true, done: true, words: "read".into(), ..Progress::default() },
    }
}

fn states(size: Size) -> Vec<ConnectPage> {
    let whole = read(size);
    let fresh = ConnectPage { has_token: false, progress: Progress::default(), ..whole.clone() };
    let app = Err(samples::text(size, "Set client_id first."));
    let no_app = ConnectPage { section: whole.section.clone().map(|s| Section { app, ..s }), ..fresh.clone() };
    let trouble = Some(samples::text(size, "access denied"));
    let progress = Progress { started: true, words: "reading items: 12".into(), trouble, ..Progress::default() };
    let under_way = ConnectPage { progress: Progress { left_ms: Some(90_000), ..progress }, ..whole.clone() };
    let theirs = ConnectPage { section: whole.section.clone().map(|s| Section { own: false, ..s }), ..whole.clone() };
    let writes = ConnectPage { section: whole.section.clone().map(|s| Section { writes: true, ..s }), ..whole.clone() };
    let nowhere = ConnectPage { section: None, has_consent: false, ..whole.clone() };
    vec![whole, fresh, no_app, under_way, theirs, writes, nowhere]
}

#[test]
fn every_state_is_well_formed_and_hostile_text_stays_text() {
    for size in [Size::Empty, Size::Ordinary, Size::Extreme] {
        for page in states(size) {
            let html = page.render(&visitor(), None);
            assert_eq!(faults(html.as_str()), Vec::<String>::new(), "{page:?}");
            assert!(!html.as_str().contains("<script>alert"), "{HOSTILE}");
        }
    }
}

#[test]
fn every_form_carries_the_token_and_who_may_not_gets_none() {
    let reader = Visitor::with_key(
        access::Principal::machine("reader", [Scope::OperationsRead]),
        vec![Scope::OperationsRead],
        "t".to_owned(),
    );
    for page in states(Size::Ordinary) {
        let html = page.render(&visitor(), None);
        for form in html.as_str().split("<form").skip(1).filter(|form| form.contains("method=\"post\"")) {
            let form = form.split("</form>").next().unwrap_or_default();
            assert!(form.contains("name=\"token\" value=\"0123456789abcdef\""), "{form}");
        }
        assert!(!page.render(&reader, None).as_str().contains("method=\"post\" action=\"/connect"), "{page:?}");
    }
}

#[test]
fn writing_is_offered_when_all_was_read_and_more_is_asked_for_only_while_a_scope_is_not_known_to_be_there() {
    let offers = |page: &ConnectPage, what: &str| page.render(&visitor(), None).as_str().contains(what);
    let (write, ask) = ("/connect/mall/write", "name=\"phase\" value=\"write\"");
    let page = read(Size::Ordinary);
    assert!(offers(&page, write) && offers(&page, ask));
    let [_, fresh, _, under_way, theirs, writes, _] = &states(Size::Ordinary)[..] else { panic!("seven states") };
    for page in [fresh, under_way, theirs, writes] {
        assert!(!offers(page, write), "{page:?}");
    }
    let mut granted = page.clone();
    let mut checked = granted.access.checked.as_deref().cloned().expect("it was checked");
    let scope = checked.found.scopes[0].clone();
    let there = page.writing.iter().map(|right| crate::access_check::ScopeFound {
        name: right.name,
        grant: Grant::Granted,
        ..scope.clone()
    });
    checked.found.scopes = there.collect();
    granted.access.checked = Some(Arc::new(checked));
    assert!(offers(&granted, write) && !offers(&granted, ask));
}

#[test]
fn the_form_keeps_what_was_typed_in_and_says_what_is_wrong() {
    let platform = Platform::ALL[0];
    let hint =
        Hint { base_url: "https://api.example".into(), base_words: "", account_words: "", app: Err("Set it.".into()) };
    let form = Form {
        platform,
        hint,
        locations: vec![(3, HOSTILE.to_owned(), true)],
        typed: [HOSTILE.to_owned(), String::new(), "acme".into(), String::new()],
        problem: Some(HOSTILE.to_owned()),
    };
    assert_eq!(form.sells_from(), [HOSTILE]);
    let line = PlatformLine { name: platform.name(), title: platform.title(), ready: true };
    for form in [None, Some(form)] {
        let page = ChoosePage { platforms: vec![line.clone()], form }.render(&visitor());
        assert_eq!(faults(page.as_str()), Vec::<String>::new());
        assert!(!page.as_str().contains("<script>alert"));
        if page.as_str().contains("role=\"alert\"") {
            assert!(
                page.as_str().contains("value=\"acme\"") && page.as_str().contains("value=\"https://api.example\"")
            );
        }
    }
}
