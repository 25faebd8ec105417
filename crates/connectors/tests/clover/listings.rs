//! Batches of listings: only what differs is written, and what cannot be is said.

use connectors::{Batch, Effect, ListingRow, Reply, Step, Trouble};
use model::{Barcode, Currency, Listing, Money, Note, Outcome, Title, WriteMode};

use crate::desk::{batch, clover, eur, fixture, item, reply, step};

fn listing(title: &str, price: Option<i64>, code: &str) -> Listing {
    Listing {
        title: Title::new(title),
        price: price.map(|minor| Money { minor, currency: eur() }),
        tax_inclusive: true,
        barcodes: Some(Barcode::new(code)).filter(|code| !code.is_empty()).into_iter().collect(),
    }
}

fn old() -> Listing {
    listing("Tile, blue", Some(995), "5601234500016")
}

fn listings(rows: &[(&str, Listing)]) -> Batch {
    let row =
        |(id, to): &(&str, Listing)| ListingRow { external: item(id), aliases: vec![], from: old(), to: to.clone() };
    Batch { listings: rows.iter().map(row).collect(), ..batch(WriteMode::List, &[]) }
}

fn one(to: Listing) -> Batch {
    listings(&[("ITILEBLUE0001", to)])
}

fn sent(batch: &Batch, first: bool, replies: &[Reply]) -> String {
    match step(batch, first, replies) {
        Ok(Step::Send(request)) => {
            let effect = if request.http.method() == "POST" { Effect::Write } else { Effect::Read };
            assert_eq!(request.effect, effect);
            let path = request.http.uri().path().trim_start_matches("/v3/merchants/MKIOSKLISBOA1").to_owned();
            format!("{} {path} {}", request.http.method(), String::from_utf8_lossy(request.http.body()))
        }
        other => panic!("nothing is sent: {other:?}"),
    }
}

fn settled(batch: &Batch, first: bool, replies: &[Reply]) -> Vec<Outcome> {
    match step(batch, first, replies) {
        Ok(Step::Settled(outcomes)) => outcomes,
        other => panic!("it is not settled: {other:?}"),
    }
}

fn never(because: &str) -> Outcome {
    Outcome::Never { because: Note::new(because) }
}

#[test]
fn only_the_fields_that_differ_are_written() {
    let cases = [
        (listing("Tile, azure", Some(995), "5601234500016"), r#"{"name":"Tile, azure"}"#),
        (listing("Tile, blue", Some(1_095), "5601234500016"), r#"{"price":1095}"#),
        (listing("Tile, blue", Some(995), "5601234500023"), r#"{"code":"5601234500023"}"#),
        (listing("Tile, blue", Some(995), ""), r#"{"code":""}"#),
        (listing("A \"B\"", Some(0), "1"), r#"{"name":"A \"B\"","price":0,"code":"1"}"#),
    ];
    for (to, body) in cases {
        assert_eq!(sent(&one(to), true, &[]), format!("POST /items/ITILEBLUE0001 {body}"));
    }
}

#[test]
fn each_listing_gets_its_own_outcome() {
    let dear = listing("Tile, blue", Some(1_095), "5601234500016");
    let batch = listings(&[("I1", dear.clone()), ("I2", dear.clone()), ("I3", dear.clone()), ("I4", dear)]);
    let replies = [
        reply(200, &fixture("item")),
        reply(404, b"{\"message\":\"No such item\"}"),
        reply(409, b""),
        reply(400, b"{\"message\":\"Price too high\"}"),
    ];
    let done = Outcome::Done { after: None };
    let expected = [done, never("HTTP 404: No such item"), Outcome::Again, never("HTTP 400: Price too high")];
    assert_eq!(settled(&batch, true, &replies), expected);
    assert_eq!(sent(&batch, true, &replies[..2]), "POST /items/I3 {\"price\":1095}");
    let lost = [reply(200, b""), reply(401, b"")];
    assert_eq!(settled(&batch, true, &lost)[1..], [Outcome::Again, Outcome::Again, Outcome::Again]);
    assert!(matches!(step(&batch, true, &lost[1..]), Err(Trouble::Denied { .. })));
    assert!(matches!(step(&batch, true, &[reply(429, b"")]), Err(Trouble::Throttled { .. })));
}

#[test]
fn what_clover_cannot_list_is_said_without_a_request() {
    let foreign = Money { minor: 5, currency: Currency::parse("USD").expect("three letters") };
    let cases = [
        (listing("", Some(995), ""), "an item must have a name at Clover"),
        (listing("Tile, blue", None, ""), "an item must have a price at Clover"),
        (listing("Tile, blue", Some(-1), ""), "a price cannot be below zero at Clover"),
        (
            Listing { tax_inclusive: false, ..listing("Tile", Some(995), "") },
            "whether prices include tax cannot be changed item by item",
        ),
        (Listing { price: Some(foreign), ..old() }, "the price is in another currency than the merchant's"),
    ];
    for (to, because) in cases {
        assert_eq!(settled(&one(to), true, &[]), [never(because)]);
    }
}

#[test]
fn a_listing_that_changes_nothing_or_names_nothing_is_not_said() {
    let unsayable = |batch: &Batch| clover().compose(batch).expect_err("it cannot be said").to_string();
    let mut second_code = old();
    second_code.barcodes.push(Barcode::new("5601234500099"));
    assert_eq!(unsayable(&one(second_code)), "row 0: nothing of it differs that Clover lists");
    let nameless = listings(&[("", listing("X", Some(1), ""))]);
    assert_eq!(unsayable(&nameless), "row 0: an id is empty or longer than 100 characters");
    let sizes = "this platform cannot: change fewer than 1 or more than 10 listings at once";
    assert_eq!(unsayable(&listings(&[])), sizes);
    assert_eq!(unsayable(&listings(&vec![("I", listing("X", Some(1), "")); 11])), sizes);
}

#[test]
fn after_an_unknown_run_it_is_looked_up_first() {
    let dear = one(listing("Tile, blue", Some(1_095), "5601234500016"));
    assert_eq!(sent(&dear, false, &[]), "GET /items/ITILEBLUE0001 ");
    let shows = |price: i64| reply(200, format!(r#"{{"id":"ITILEBLUE0001","price":{price}}}"#).as_bytes());
    assert_eq!(settled(&dear, false, &[shows(1_095)]), [Outcome::Done { after: None }]);
    assert_eq!(settled(&dear, false, &[shows(1_000)]), [Outcome::Stale]);
    assert_eq!(sent(&dear, false, &[shows(995)]), "POST /items/ITILEBLUE0001 {\"price\":1095}");
    assert_eq!(settled(&dear, false, &[shows(995), reply(200, b"{}")]), [Outcome::Done { after: None }]);
    assert_eq!(settled(&dear, false, &[reply(404, b"")]), [never("HTTP 404 without a reason")]);
    assert_eq!(settled(&dear, false, &[reply(200, b"<html>")]), [Outcome::Unknown]);
}
