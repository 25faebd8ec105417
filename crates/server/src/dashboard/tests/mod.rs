//! Every page with every sample: hostile text is escaped, tags balance, and nothing is loaded from elsewhere.

mod connect;
mod governance;
mod markup;
mod samples;
mod staff;

use super::access::Visitor;
use super::error::PageError;
use super::html::Html;
use super::layout::Notice;
use super::mappings::Show;
use super::words::Tone;
use crate::Scope;
use markup::faults;
use samples::{HOSTILE, Size};

fn visitor() -> Visitor {
    Visitor::at_this_machine("0123456789abcdef".to_owned())
}

/// Every page in one size of sample.
fn pages(size: Size) -> Vec<(&'static str, Html)> {
    let who = visitor();
    let notice = Some(Notice { tone: Tone::Good, text: samples::text(size, "Done"), undo: Some(samples::undo(size)) });
    let live = samples::live(size);
    let live_page = live.render(&who, super::live::LivePage::frame(&who).noticing(notice.clone()));
    vec![
        ("live", live_page),
        ("stock", samples::stock(size).render(&who)),
        ("item", samples::item(size).render(&who, notice.clone())),
        ("confirm", samples::confirm(size).render(&who)),
        ("why", samples::why(size).render(&who)),
        ("orders", samples::orders(size).render(&who)),
        ("order", samples::order(size).render(&who)),
        ("channels", samples::channels(size).render(&who)),
        ("channel", samples::channel(size).render(&who, notice.clone())),
        ("approvals", governance::approvals(size).render(&who, notice.clone())),
        ("approval", governance::approval(size).render(&who, notice.clone())),
        ("policy", governance::policy(size).render(&who, notice.clone())),
        ("documents", samples::documents(size).render(&who, notice.clone())),
        ("audit", samples::audit(size).render(&who)),
        ("gaps", samples::gaps(size).render(&who)),
        ("mappings", samples::mappings(size, 0).render(&who, notice.clone())),
        ("mappings put away", samples::mappings(size, 1).render(&who, None)),
        ("places", samples::places(size, Show::Open).render(&who, notice.clone())),
        ("places put away", samples::places(size, Show::Dismissed).render(&who, None)),
        ("places mapped", samples::places(size, Show::Done).render(&who, None)),
        ("place", samples::place_there(size).render(&who, None)),
        ("people", samples::people(size, Show::Open).render(&who, notice.clone())),
        ("people put away", samples::people(size, Show::Dismissed).render(&who, None)),
        ("people linked", samples::people(size, Show::Done).render(&who, None)),
        ("mapped", samples::mappings(size, 2).render(&who, None)),
        ("mapping", samples::mapping(size).render(&who, notice.clone())),
        ("upload", samples::upload(size).render(&who)),
        ("quarantine", samples::quarantine(size).render(&who, notice)),
        ("question", samples::question(size).render(&who)),
        ("search", samples::search(size).render(&who)),
        ("people who may come in", staff::people(size).render(&who, None)),
        ("keys", staff::keys(size).render(&who, None)),
        ("account", staff::account(size).render(&who, None)),
        ("told once", staff::told_once(size).render(&who)),
    ]
}

#[test]
fn every_page_with_every_sample_is_well_formed_and_loads_nothing_from_elsewhere() {
    for size in [Size::Empty, Size::Ordinary, Size::Extreme] {
        for (name, page) in pages(size) {
            assert_eq!(faults(page.as_str()), Vec::<String>::new(), "{name} in size {size:?}");
        }
    }
}

#[test]
fn hostile_text_reaches_no_page_unescaped() {
    for (name, page) in pages(Size::Extreme) {
        let text = page.as_str();
        assert!(!text.contains("<script>alert"), "{name} has a foreign script");
        assert!(!text.contains("onerror=\"x"), "{name} has a foreign attribute");
        assert!(text.contains("&lt;script&gt;alert"), "{name} was given hostile text and shows none of it: {HOSTILE}");
    }
}

#[test]
fn an_empty_page_says_what_will_be_there() {
    for (name, page) in pages(Size::Empty) {
        if !["approval", "confirm", "question", "item", "account", "told once"].contains(&name) {
            assert!(page.as_str().contains("class=\"empty\""), "{name} is blank when there is nothing");
        }
    }
}

#[test]
fn every_form_that_changes_something_carries_the_token() {
    for (name, page) in pages(Size::Ordinary) {
        let forms: Vec<&str> = page.as_str().split("<form").skip(1).collect();
        for form in forms.iter().filter(|form| form.contains("method=\"post\"")) {
            let form = form.split("</form>").next().unwrap_or_default();
            assert!(form.contains("name=\"token\" value=\"0123456789abcdef\""), "{name}: {form}");
        }
    }
}

#[test]
fn who_may_only_look_gets_no_forms_that_change_stock() {
    let reader = Visitor::with_key(
        access::Principal::machine("reader", [Scope::StockRead]),
        vec![Scope::StockRead],
        "t".to_owned(),
    );
    let page = samples::item(Size::Ordinary).render(&reader, None);
    assert!(!page.as_str().contains("/adjust"));
    assert!(samples::item(Size::Ordinary).render(&visitor(), None).as_str().contains("/adjust"));
}

#[test]
fn every_error_has_a_page_in_the_same_frame() {
    let errors = [
        PageError::Missing(HOSTILE.to_owned()),
        PageError::Forbidden(Scope::StockWrite),
        PageError::Forged,
        PageError::Form,
        PageError::Host,
        PageError::Stopped,
        PageError::Inside,
    ];
    for error in errors {
        let page = error.render();
        assert_eq!(faults(page.as_str()), Vec::<String>::new(), "{error:?}");
        assert!(page.as_str().contains("<h1>") && !page.as_str().contains("<script>alert"), "{error:?}");
    }
}

#[test]
fn a_number_that_differs_is_marked_and_told() {
    let page = samples::stock(Size::Ordinary).render(&visitor());
    assert!(page.as_str().contains("<span class=\"mark\">should be 4</span>"), "{}", page.as_str());
}

#[test]
fn the_page_of_platforms_is_well_formed() {
    assert_eq!(faults(super::platforms::render(&visitor()).as_str()), Vec::<String>::new());
}

#[test]
fn a_kind_of_gap_is_said_in_words_and_never_by_its_code() {
    let page = samples::gaps(Size::Extreme).render(&visitor());
    for kind in flow::GapKind::ALL {
        assert!(page.as_str().contains(crate::gaps::words::title(kind)), "{}", kind.name());
    }
    assert!(!page.as_str().contains(">sold_but_unlisted<"));
}

#[test]
fn who_may_only_look_at_mappings_gets_no_way_to_change_them() {
    let reader = Visitor::with_key(
        access::Principal::machine("reader", [Scope::OperationsRead]),
        vec![Scope::OperationsRead],
        "t".to_owned(),
    );
    for page in [
        samples::mappings(Size::Ordinary, 0).render(&reader, None),
        samples::mapping(Size::Ordinary).render(&reader, None),
    ] {
        assert!(!page.as_str().contains("/map\"") && !page.as_str().contains("/undo\""), "{}", page.as_str());
        assert!(!page.as_str().contains("mappings-file"));
    }
}
