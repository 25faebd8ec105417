//! Writes of listings: prices, barcodes and titles.

use connectors::{Account, Batch, Effect, ListingRow, Run, Step, Trouble, Unsendable};
use model::{Barcode, Currency, Listing, Money, Outcome, Title, WriteMode};
use serde_json::{Value, json};

use crate::desk::{
    account, at, batch, bigcommerce, body, done, fixture, item, line, never, reply, settled, step, wanted,
};

const VARIANTS: &str = "PUT /v3/catalog/variants";
const PRODUCTS: &str = "PUT /v3/catalog/products";

fn listing(title: &str, minor: Option<i64>, barcodes: &[&str]) -> Listing {
    let currency = Currency::parse("EUR").expect("three letters");
    Listing {
        title: Title::new(title),
        price: minor.map(|minor| Money { minor, currency }),
        tax_inclusive: false,
        barcodes: barcodes.iter().copied().map(Barcode::new).collect(),
    }
}

fn row(variant: &str, aliases: &[&str], from: Listing, to: Listing) -> ListingRow {
    ListingRow { external: item(variant), aliases: aliases.iter().map(|alias| item(alias)).collect(), from, to }
}

fn list(listings: Vec<ListingRow>) -> Batch {
    Batch { listings, dated: at("2026-11-20T16:40:00Z"), ..batch(WriteMode::List, &[]) }
}

fn old() -> Listing {
    listing("Mug", Some(1850), &["560"])
}

#[test]
fn only_what_differs_is_written_titles_by_product_and_the_rest_by_variant() {
    let batch = list(vec![
        row("7004", &[], old(), listing("Mug", Some(1999), &["560"])),
        row("7010", &["product:311"], old(), listing("Towel", Some(1850), &["777", "888"])),
        row("7011", &[], old(), listing("Mug", Some(1850), &["560", "999"])),
    ]);
    let first = wanted(&batch, true, &[]);
    assert_eq!((line(&first).as_str(), first.effect), (PRODUCTS, Effect::Write));
    assert_eq!(body(&first), json!([{"id": 311, "name": "Towel"}]));
    let second = wanted(&batch, true, &[reply(200, b"{}")]);
    assert_eq!(line(&second), VARIANTS);
    assert_eq!(String::from_utf8_lossy(second.http.body()), r#"[{"id":7004,"price":19.99},{"id":7010,"upc":"777"}]"#);
    let end = settled(&batch, true, &[reply(200, b"{}"), reply(200, b"{}")]);
    assert_eq!(end, [done(None), done(None), done(None)], "the second barcode is not kept there");
}

#[test]
fn an_earlier_run_does_no_harm_and_is_repeated() {
    let batch = list(vec![row("7004", &[], old(), listing("Mug", Some(1999), &[]))]);
    let request = wanted(&batch, false, &[]);
    assert_eq!(body(&request), json!([{"id": 7004, "price": 19.99, "upc": ""}]));
}

#[test]
fn a_listing_that_cannot_be_written_whole_is_not_written_at_all() {
    let long = "x".repeat(251);
    let cases = [
        (listing("Other", Some(1), &["560"]), "the title belongs to the product, which has other variants too"),
        (listing("Mug", None, &["560"]), "a price can be changed but not taken away"),
        (
            listing("Mug", Some(-1), &["560"]),
            "a price below zero or with more than fifteen digits cannot be told exactly",
        ),
        (
            listing("Mug", Some(1_000_000_000_000_000), &["560"]),
            "a price below zero or with more than fifteen digits cannot be told exactly",
        ),
        (listing("Mug", Some(1850), &["123456789012345"]), "a barcode there has at most 14 characters"),
    ];
    for (to, because) in cases {
        let batch = list(vec![row("7004", &[], old(), to)]);
        assert_eq!(settled(&batch, true, &[]), [never(because)]);
    }
    for title in ["", long.as_str()] {
        let to = listing(title, Some(1), &["560"]);
        let batch = list(vec![row("7010", &["product:311"], old(), to)]);
        assert_eq!(settled(&batch, true, &[]), [never("a title there has 1 to 250 characters")]);
    }
}

#[test]
fn a_price_in_another_currency_is_not_written() {
    let batch = list(vec![row("7004", &[], old(), listing("Mug", Some(1999), &["560"]))]);
    let pounds = Account { currency: Currency::parse("GBP").expect("three letters"), ..account() };
    let body = bigcommerce().compose(&batch).expect("it can be said");
    let step = bigcommerce().step(&batch, &body, &pounds, &Run { first: true, replies: &[] }).expect("it goes on");
    let Step::Settled(outcomes) = step else { panic!("it writes {step:?}") };
    assert_eq!(outcomes, [never("the store's prices are in GBP, not in EUR")]);
}

#[test]
fn every_price_is_written_by_its_own_digits() {
    for (minor, digits) in [(1, "0.01"), (10, "0.1"), (999_999_999_999_999, "9999999999999.99"), (1_230, "12.3")] {
        let batch = list(vec![row("7004", &[], old(), listing("Mug", Some(minor), &["560"]))]);
        let request = wanted(&batch, true, &[]);
        assert_eq!(String::from_utf8_lossy(request.http.body()), format!("[{{\"id\":7004,\"price\":{digits}}}]"));
    }
}

fn prices(count: u64) -> Batch {
    let rows = (0..count).map(|at| row(&(7000 + at).to_string(), &[], old(), listing("Mug", Some(1999), &["560"])));
    list(rows.collect())
}

#[test]
fn a_refusal_that_names_a_listing_leaves_the_others() {
    let refused = reply(422, &fixture("refused_variants"));
    let request = wanted(&prices(3), true, std::slice::from_ref(&refused));
    let ids: Vec<u64> =
        body(&request).as_array().expect("a list").iter().filter_map(|own| own["id"].as_u64()).collect();
    assert_eq!(ids, [7001, 7002]);
    let end = settled(&prices(3), true, &[refused, reply(200, b"{}")]);
    assert_eq!(end, [never("must be at least 0"), done(None), done(None)]);
}

#[test]
fn a_refusal_that_names_nothing_is_narrowed_down() {
    let unnamed = || reply(422, &fixture("refused_unnamed"));
    let replies = [unnamed(), reply(200, b"{}"), unnamed(), reply(200, b"{}"), unnamed()];
    let because = never("HTTP 422: Payload contains invalid fields");
    assert_eq!(settled(&prices(3), true, &replies), [done(None), done(None), because]);
}

#[test]
fn titles_go_ten_at_a_time_and_lost_access_leaves_the_rest_for_later() {
    let rows = (0..12_u64).map(|at| {
        let alias = format!("product:{}", 300 + at);
        row(&(7000 + at).to_string(), &[&alias], old(), listing("New", Some(1850), &["560"]))
    });
    let batch = list(rows.collect());
    assert_eq!(body(&wanted(&batch, true, &[])).as_array().map(Vec::len), Some(10));
    assert_eq!(body(&wanted(&batch, true, &[reply(200, b"{}")])).as_array().map(Vec::len), Some(2));
    let end = settled(&batch, true, &[reply(200, b"{}"), reply(401, b"")]);
    assert_eq!(end.iter().filter(|outcome| **outcome == Outcome::Again).count(), 2);
    let trouble = step(&batch, true, &[reply(401, b"")]).expect_err("nothing was done");
    assert!(matches!(trouble, Trouble::Denied { .. }), "{trouble:?}");
}

#[test]
fn a_batch_of_listings_is_neither_empty_nor_too_large_nor_mixed() {
    let told = |batch: &Batch| bigcommerce().compose(batch).expect_err("it cannot be said");
    let impossible = Unsendable::Impossible("change nothing, more than fits one batch, or levels and listings at once");
    assert_eq!(told(&list(vec![])), impossible);
    assert_eq!(told(&prices(51)), impossible);
    let mixed = Batch { rows: batch(WriteMode::Lower, &[("1", "1", 2, 1)]).rows, ..prices(1) };
    assert_eq!(told(&mixed), impossible);
    let stray = list(vec![row("mug", &[], old(), old())]);
    assert_eq!(told(&stray), Unsendable::Row { row: 0, problem: "the item's id is not a number".to_owned() });
    assert_eq!(bigcommerce().compose(&prices(2)).ok(), bigcommerce().compose(&prices(2)).ok());
    let journaled: Value =
        serde_json::from_slice(&bigcommerce().compose(&prices(1)).expect("it can be said")).expect("JSON");
    assert_eq!(journaled["listings"][0], json!({"variant_id": 7000, "price": 19.99, "currency": "EUR"}));
}
