//! Listings: only what differs is written.

use connectors::{Account, Effect, Run, Step, Trouble, Unsendable};
use model::{Currency, Level, Note, Outcome, WriteMode};
use serde_json::{Value, json};

use crate::desk::{account, batch, body, fixture, line, listing, listing_batch, r_series, reply, sent, settled, step};

fn apron() -> model::Listing {
    listing("Linen Apron, Indigo", Some(3450), &["036000291452", "4006381333931"])
}

/// What is written to bring one listing to another.
fn written(from: model::Listing, to: model::Listing) -> Value {
    let request = sent(step(&listing_batch(vec![("401", from, to)]), true, &[]));
    assert_eq!(line(&request), "PUT https://api.example.com/API/V3/Account/7788/Item/401.json");
    assert_eq!(request.effect, Effect::Write);
    body(&request)
}

#[test]
fn only_fields_that_differ_are_written() {
    let mut to = apron();
    to.price = listing("", Some(2999), &[]).price;
    assert_eq!(written(apron(), to), json!({"Prices": {"ItemPrice": [{"amount": "29.99", "useType": "Default"}]}}));
    let mut to = apron();
    to.title = model::Title::new("Apron \"Índigo\"");
    assert_eq!(written(apron(), to), json!({"description": "Apron \"Índigo\""}));
}

#[test]
fn a_barcode_goes_where_its_length_says_and_an_emptied_upc_gives_way() {
    let with = |codes: &[&str]| listing("Linen Apron, Indigo", Some(3450), codes);
    assert_eq!(written(with(&[]), with(&["036000291452"])), json!({"upc": "036000291452"}));
    assert_eq!(written(with(&[]), with(&["4006381333931"])), json!({"ean": "4006381333931"}));
    assert_eq!(written(apron(), with(&["4006381333948"])), json!({"upc": "", "ean": "4006381333948"}));
    assert_eq!(written(with(&["4006381333931"]), with(&[])), json!({"ean": ""}));
    assert_eq!(written(with(&["4006381333931"]), with(&["036000291452"])), json!({"upc": "036000291452"}));
}

#[test]
fn listings_are_written_one_after_the_other_and_each_is_judged_alone() {
    let priced = |cents| listing("Apron", Some(cents), &[]);
    let batch = listing_batch(vec![
        ("401", priced(100), priced(200)),
        ("402", priced(100), priced(100)),
        ("403", priced(100), priced(300)),
        ("404", priced(100), priced(400)),
        ("405", priced(100), priced(500)),
    ]);
    let mut replies = vec![];
    let expect = |replies: &[connectors::Reply], id: &str| {
        let request = sent(step(&batch, true, replies));
        assert!(request.http.uri().path().ends_with(&format!("/Item/{id}.json")));
        assert_eq!(request.cost, 15);
    };
    expect(&replies, "401");
    replies.push(reply(200, &fixture("item_put")));
    expect(&replies, "403");
    replies.push(reply(422, &fixture("error_unprocessable")));
    expect(&replies, "404");
    replies.push(reply(409, &fixture("error_conflict")));
    expect(&replies, "405");
    replies.push(reply(302, b""));
    let done = Outcome::Done { after: None };
    let never = Outcome::Never { because: Note::new("HTTP 422: UPC is not valid.") };
    assert_eq!(settled(step(&batch, true, &replies)), [done.clone(), done, never, Outcome::Again, Outcome::Unknown]);
}

#[test]
fn a_run_that_is_begun_anew_writes_the_same_again() {
    let batch = listing_batch(vec![("401", apron(), listing("Apron", Some(3450), &["036000291452"]))]);
    let (first, anew) = (sent(step(&batch, true, &[])), sent(step(&batch, false, &[])));
    assert_eq!((line(&first), first.http.body()), (line(&anew), anew.http.body()));
}

#[test]
fn what_stops_the_run_is_told_as_such() {
    let batch = listing_batch(vec![("401", apron(), listing("Apron", None, &[]))]);
    assert!(matches!(r_series().compose(&batch), Err(Unsendable::Row { row: 0, .. })));
    let batch = listing_batch(vec![("401", apron(), listing("Apron", Some(1), &["036000291452"]))]);
    let trouble = |status| step(&batch, true, &[reply(status, b"{}")]).map(|_| ()).expect_err("it stops");
    assert!(matches!(trouble(429), Trouble::Throttled { .. }));
    assert!(matches!(trouble(403), Trouble::Denied { .. }));
    assert!(matches!(trouble(500), Trouble::Failed { .. }));
}

#[test]
fn a_price_in_another_currency_is_never_written() {
    let batch = listing_batch(vec![("401", apron(), listing("Linen Apron, Indigo", Some(1), &["036000291452"]))]);
    let plan = r_series().compose(&batch).expect("the batch can be said");
    let pounds = Account { currency: Currency::parse("GBP").expect("three letters"), ..account() };
    let step = r_series().step(&batch, &plan, &pounds, &Run { first: true, replies: &[] });
    let Ok(Step::Settled(outcomes)) = step else { panic!("nothing is to be sent: {step:?}") };
    assert_eq!(outcomes, [Outcome::Never { because: Note::new("it is priced in EUR, this account in GBP") }]);
}

#[test]
fn what_cannot_be_said_is_refused_before_it_is_journaled() {
    let composed = |from, to| r_series().compose(&listing_batch(vec![("401", apron(), apron()), ("402", from, to)]));
    for to in [
        listing("", Some(3450), &["036000291452"]),
        listing("Apron", None, &[]),
        listing("Apron", Some(-1), &[]),
        listing("Apron", Some(3450), &["12345"]),
        listing("Apron", Some(3450), &["03600029145X"]),
    ] {
        assert!(matches!(composed(apron(), to.clone()), Err(Unsendable::Row { row: 1, .. })), "{to:?}");
    }
    let odd = listing_batch(vec![("4o1", apron(), apron())]);
    assert!(matches!(r_series().compose(&odd), Err(Unsendable::Row { row: 0, .. })));
    let many = listing_batch(vec![("401", apron(), apron()); 11]);
    assert!(matches!(r_series().compose(&many), Err(Unsendable::Impossible(_))));
    let mut mixed = batch(WriteMode::List, &[("401", "1", 5, 3)]);
    assert!(matches!(r_series().compose(&mixed), Err(Unsendable::Impossible(_))));
    mixed.rows[0].to = Level::units(4);
    mixed.listings = listing_batch(vec![("401", apron(), apron())]).listings;
    assert!(matches!(r_series().compose(&mixed), Err(Unsendable::Impossible(_))));
}
