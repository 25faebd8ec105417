//! Levels as read.

use connectors::{LevelHint, Page, Question, Told, Trouble};
use model::Instant;

use crate::desk::{
    BOWL, MAIN, MUG, SIDE, TEA, altered, asked, fixture, item, learned, level, lightspeed, place, reply, said,
};

fn hint(product: &str, outlet: &str, shown: Option<&str>) -> Told {
    Told::Level(LevelHint { external: item(product), location: place(outlet), level: shown.map(level) })
}

#[test]
fn every_level_is_told_exactly_and_those_of_deleted_products_are_not() {
    let page = learned(&Question::Levels { cursor: None }, &fixture("inventory")).expect("it is readable");
    let told = [hint(MUG, MAIN, Some("14")), hint(TEA, MAIN, Some("2.66667")), hint(BOWL, SIDE, Some("-2"))];
    assert_eq!(page.told, told);
    assert_eq!(page.until, Some(Instant(8231)));
    assert_eq!(page.next, Some(Question::Levels { cursor: Some("8231".to_owned()) }));
}

#[test]
fn levels_are_read_forwards_until_a_page_is_empty() {
    let next = Question::Levels { cursor: Some("8231".to_owned()) };
    let (method, path, body) = said(&asked(&next));
    assert_eq!((method.as_str(), path.as_str()), ("POST", "/api/2026-07/inventory"));
    assert_eq!(body, r#"{"after":8231,"size":5000,"sort_direction":"asc"}"#);
    assert_eq!(learned(&next, b"[]"), Ok(Page::default()));
}

#[test]
fn levels_since_a_version_begin_behind_it() {
    let question = Question::LevelsSince { since: Instant(8100), cursor: None };
    assert_eq!(said(&asked(&question)).2, r#"{"after":8100,"size":5000,"sort_direction":"asc"}"#);
    let page = learned(&question, &fixture("inventory")).expect("it is readable");
    let next = Question::LevelsSince { since: Instant(8100), cursor: Some("8231".to_owned()) };
    assert_eq!(page.next, Some(next));
}

#[test]
fn some_levels_are_asked_product_by_product_and_a_missing_one_is_zero() {
    let bowl = (item(BOWL), place(MAIN));
    let question =
        Question::LevelsOf { rows: vec![(item(MUG), place(SIDE)), bowl.clone(), (item(MUG), place("4f9a1c22-none"))] };
    let (method, path, _) = said(&asked(&question));
    assert_eq!((method.as_str(), path), ("GET", format!("/api/2026-07/inventory/{MUG}?page_size=5000")));
    let page = learned(&question, &fixture("inventory_product")).expect("it is readable");
    assert_eq!(page.told, [hint(MUG, SIDE, Some("6.5")), hint(MUG, "4f9a1c22-none", Some("0"))]);
    assert_eq!(page.next, Some(Question::LevelsOf { rows: vec![bowl] }));
}

#[test]
fn a_product_that_is_not_there_counts_nothing_and_the_others_are_asked() {
    let question = Question::LevelsOf { rows: vec![(item(MUG), place(MAIN)), (item(BOWL), place(MAIN))] };
    let page = lightspeed().learn(&question, &crate::desk::account(), &reply(404, b"")).expect("an answer");
    assert_eq!(page.told, [hint(MUG, MAIN, None)]);
    assert_eq!(page.next, Some(Question::LevelsOf { rows: vec![(item(BOWL), place(MAIN))] }));
}

#[test]
fn a_level_that_is_not_exact_is_refused_with_its_place() {
    let question = Question::Levels { cursor: None };
    let told = |text: &str| learned(&question, &altered("inventory", "2.66667", text)).expect_err("it is not exact");
    let inexact = "[1].current_inventory_level: is not a decimal number with at most five places";
    assert_eq!(told("2.666667"), Trouble::Garbled { reason: inexact.to_owned() });
    assert_eq!(told("null"), Trouble::Garbled { reason: "[1].current_inventory_level: is missing".to_owned() });
    let large = "[1].current_inventory_level: is larger than a million million units";
    assert_eq!(told("1000000000000.5"), Trouble::Garbled { reason: large.to_owned() });
}

#[test]
fn a_page_that_does_not_lead_on_is_refused() {
    let question = Question::Levels { cursor: Some("8231".to_owned()) };
    let error = learned(&question, &fixture("inventory")).expect_err("it is the page before");
    assert_eq!(error, Trouble::Garbled { reason: "version.max: is not above what was asked for".to_owned() });
    assert!(learned(&question, b"{\"data\":[]}").is_err());
}
