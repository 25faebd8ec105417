//! Writes of listings: price, title, barcode.

use connectors::{Batch, Effect, ListingRow, Reply, Trouble, Unsendable};
use model::{Barcode, Listing, Money, Outcome, Title, WriteMode};
use serde_json::{Value, json};

use crate::desk::{BOWL, MUG, altered, batch, eur, fixture, item, lightspeed, reply, said, sent, settled, step};

fn listing(title: &str, price: i64, tax_inclusive: bool, barcodes: &[&str]) -> Listing {
    Listing {
        title: Title::new(title),
        price: Some(Money { minor: price, currency: eur() }),
        tax_inclusive,
        barcodes: barcodes.iter().map(|code| Barcode::new(code)).collect(),
    }
}

/// What `product.json` lists.
fn mug() -> Listing {
    listing("Mug", 1250, false, &["4006381333931"])
}

/// What `product_variant.json` lists.
fn bowl() -> Listing {
    listing("Bowl / Blue", 2400, true, &["036000291452", "5901234123457"])
}

fn list(rows: &[(&str, Listing, Listing)]) -> Batch {
    let listings = rows.iter().map(|(id, from, to)| ListingRow {
        external: item(id),
        aliases: vec![],
        from: from.clone(),
        to: to.clone(),
    });
    Batch { listings: listings.collect(), ..batch(WriteMode::List, &[]) }
}

fn read(name: &str) -> Reply {
    reply(200, &fixture(name))
}

/// The body of the write after the product was read.
fn written(batch: &Batch, product: &Reply) -> Value {
    let request = sent(batch, true, std::slice::from_ref(product));
    let (method, path, body) = said(&request);
    assert_eq!((method.as_str(), request.effect), ("PUT", Effect::Write));
    assert!(path.starts_with("/api/2026-07/products/"));
    serde_json::from_str(&body).expect("JSON")
}

fn never(batch: &Batch, product: &Reply) -> String {
    match &settled(batch, true, std::slice::from_ref(product))[0] {
        Outcome::Never { because } => because.to_string(),
        other => panic!("it is {other:?}"),
    }
}

fn done() -> Outcome {
    Outcome::Done { after: None }
}

#[test]
fn a_price_is_written_without_tax_where_the_store_keeps_it_so() {
    let batch = list(&[(MUG, mug(), Listing { price: listing("", 1399, false, &[]).price, ..mug() })]);
    let request = sent(&batch, true, &[]);
    assert_eq!(said(&request).1, format!("/api/2026-07/products/{MUG}"));
    assert_eq!(request.effect, Effect::Read);
    assert_eq!(written(&batch, &read("product")), json!({"details": {"price_excluding_tax": 13.99}}));
    assert_eq!(settled(&batch, true, &[read("product"), reply(200, b"{}")]), [done()]);
}

#[test]
fn a_price_is_written_with_tax_where_the_store_keeps_it_so() {
    let batch = list(&[(BOWL, bowl(), Listing { price: listing("", 2600, true, &[]).price, ..bowl() })]);
    let request = sent(&batch, true, &[read("product_variant")]);
    assert_eq!(said(&request).2, r#"{"details":{"price_including_tax":26.00}}"#.replace("26.00", "26.0"));
}

#[test]
fn only_what_differs_is_written_in_one_request() {
    let to = listing("Big mug", 1250, false, &["036000291452"]);
    let expected = json!({
        "common": {"name": "Big mug"},
        "details": {"product_codes": [{"code": "MUG-W", "type": "CUSTOM"}, {"code": "036000291452", "type": "UPC"}]},
    });
    assert_eq!(written(&list(&[(MUG, mug(), to)]), &read("product")), expected);
}

#[test]
fn a_barcode_is_added_or_taken_away_and_the_other_codes_stay() {
    let without = Listing { barcodes: vec![], ..mug() };
    let bare = reply(200, &altered("product", "\"EAN\"", "\"CUSTOM\""));
    let added = written(
        &list(&[(MUG, without.clone(), Listing { barcodes: vec![Barcode::new("5901234123457")], ..mug() })]),
        &bare,
    );
    let custom = json!({"code": "MUG-W", "type": "CUSTOM"});
    let codes = json!([custom, {"code": "4006381333931", "type": "CUSTOM"}, {"code": "5901234123457", "type": "EAN"}]);
    assert_eq!(added, json!({"details": {"product_codes": codes}}));
    let gone = written(&list(&[(MUG, mug(), without)]), &read("product"));
    assert_eq!(gone, json!({"details": {"product_codes": [custom]}}));
}

#[test]
fn what_is_listed_already_is_not_written_again() {
    let batch = list(&[(MUG, listing("Old", 1, false, &[]), mug())]);
    assert_eq!(settled(&batch, true, &[read("product")]), [done()]);
    assert_eq!(settled(&batch, false, &[read("product")]), [done()]);
    assert_eq!(settled(&list(&[(MUG, mug(), mug())]), true, &[]), [done()]);
}

#[test]
fn what_somebody_else_changed_is_read_before_it_is_overwritten() {
    let price = |minor| listing("", minor, false, &[]).price;
    let batch = list(&[(MUG, Listing { price: price(1100), ..mug() }, Listing { price: price(1399), ..mug() })]);
    assert_eq!(settled(&batch, true, &[read("product")]), [Outcome::Stale]);
}

#[test]
fn what_cannot_be_listed_is_said_in_words() {
    let to = |change: fn(&mut Listing)| {
        let mut to = mug();
        change(&mut to);
        list(&[(MUG, mug(), to)])
    };
    let mug_says = |batch: Batch| never(&batch, &read("product"));
    assert_eq!(mug_says(to(|to| to.tax_inclusive = true)), "the store keeps its prices excluding tax");
    assert_eq!(mug_says(to(|to| to.price = None)), "Lightspeed takes no product without a price");
    assert_eq!(mug_says(to(|to| to.title = Title::new(""))), "Lightspeed takes no product without a name");
    let odd = mug_says(to(|to| to.barcodes = vec![Barcode::new("MUG")]));
    assert_eq!(odd, "it is no barcode of 8, 10, 12, 13 or 14 digits");
    let foreign = mug_says(to(|to| {
        to.price = Some(Money { minor: 5, currency: model::Currency::parse("USD").expect("three letters") });
    }));
    assert_eq!(foreign, "the store has another currency");
    let large = mug_says(to(|to| to.price = Some(Money { minor: 9_007_199_254_740_993, currency: eur() })));
    assert_eq!(large, "the price is too large to be written exactly");
    let renamed = list(&[(BOWL, bowl(), Listing { title: Title::new("Bowl"), ..bowl() })]);
    assert!(never(&renamed, &read("product_variant")).starts_with("a variant is called by the name it shares"));
    let sku = reply(200, &altered("product", "\"sku\": \"MUG-W\"", "\"sku\": \"4006381333931\""));
    assert_eq!(never(&to(|to| to.barcodes = vec![]), &sku), "the barcode is also the product's SKU");
    let deleted = reply(200, &altered("product", "\"deleted_at\": null", "\"deleted_at\": \"2026-11-20T16:00:00Z\""));
    assert_eq!(never(&to(|to| to.title = Title::new("Cup")), &deleted), "the product is deleted in Lightspeed");
}

#[test]
fn a_refused_listing_does_not_fail_the_others() {
    let renamed = Listing { title: Title::new("Cup"), ..mug() };
    let dearer = Listing { price: listing("", 2600, true, &[]).price, ..bowl() };
    let batch = list(&[("gone", mug(), renamed.clone()), (MUG, mug(), renamed), (BOWL, bowl(), dearer)]);
    let taken = reply(200, b"{}");
    let replies = [
        reply(404, b""),
        read("product"),
        reply(422, b"{\"error\":\"name is taken\"}"),
        read("product_variant"),
        taken.clone(),
    ];
    let outcomes = settled(&batch, true, &replies);
    let because = |text: &str| Outcome::Never { because: text.into() };
    assert_eq!(outcomes, [because("HTTP 404 without a reason"), because("HTTP 422: name is taken"), done()]);
    let busy = [reply(404, b""), read("product"), reply(409, b""), read("product_variant"), taken];
    assert_eq!(settled(&batch, true, &busy)[1], Outcome::Again);
}

#[test]
fn a_listing_that_is_put_off_stops_the_batch() {
    let batch = list(&[(MUG, mug(), Listing { title: Title::new("Cup"), ..mug() })]);
    assert!(matches!(step(&batch, true, &[reply(429, b"")]), Err(Trouble::Throttled { .. })));
    let failed = [read("product"), reply(500, b"")];
    assert!(matches!(step(&batch, true, &failed), Err(Trouble::Failed { .. })));
    assert!(matches!(step(&batch, true, &[reply(200, b"{}")]), Err(Trouble::Garbled { .. })));
}

#[test]
fn the_journaled_body_says_what_differs_and_is_the_same_each_time() {
    let to = Listing { price: listing("", 1399, false, &[]).price, ..mug() };
    let batch = list(&[(MUG, mug(), to.clone())]);
    let body = lightspeed().compose(&batch).expect("it can be said");
    assert_eq!(body, lightspeed().compose(&batch).expect("it can be said"));
    let body: Value = serde_json::from_slice(&body).expect("JSON");
    let price = json!({"amount": "13.99 EUR", "tax_inclusive": false});
    assert_eq!(body, json!({"listings": [{"product_id": MUG, "price": price}]}));
    let twice = lightspeed().compose(&list(&[(MUG, mug(), to.clone()), (MUG, mug(), to.clone())]));
    let problem = "the same listing is named twice".to_owned();
    assert_eq!(twice, Err(Unsendable::Row { row: 1, problem }));
    let nameless = lightspeed().compose(&list(&[("", mug(), to)]));
    assert!(matches!(nameless, Err(Unsendable::Row { row: 0, .. })));
    assert!(lightspeed().compose(&list(&[])).is_err());
}
