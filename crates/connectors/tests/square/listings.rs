//! Writes of listings: price, name, barcode.

use connectors::{Batch, Effect, Reply, Request, Step, Trouble, Unsendable};
use model::{Barcode, Currency, Listing, Money, Note, Outcome, Title};
use serde_json::{Value, json};

use crate::desk::{fixture, item, reply, square};
use crate::shelf::{batch, eur, listing, read, sent, step};

fn settled(batch: &Batch, replies: &[Reply]) -> Vec<Outcome> {
    match step(batch, true, replies).expect("no trouble") {
        Step::Settled(outcomes) => outcomes,
        Step::Send(request) => panic!("sent: {request:?}"),
    }
}

fn body(request: &Request) -> Value {
    serde_json::from_slice(request.http.body()).expect("JSON")
}

/// The objects that are written, batch by batch.
fn objects(batch: &Batch) -> Vec<Value> {
    let request = body(&sent(batch, &[read()]));
    let batches = request["batches"].as_array().expect("batches").clone();
    batches.into_iter().map(|mut batch| batch["objects"][0].take()).collect()
}

fn never(change: impl Fn(&mut [Listing; 3])) -> String {
    let outcomes = settled(&batch(change), &[read()]);
    let reasons = outcomes.iter().filter_map(|outcome| match outcome {
        Outcome::Never { because } => Some(because.to_string()),
        _ => None,
    });
    reasons.collect::<Vec<_>>().join("; ")
}

fn done() -> Outcome {
    Outcome::Done { after: None }
}

fn error(code: &str, field: &str) -> Value {
    json!({"category": "INVALID_REQUEST_ERROR", "code": code, "detail": "why", "field": field})
}

fn refused(status: u16, errors: &[Value]) -> Reply {
    reply(status, json!({ "errors": errors }).to_string().as_bytes())
}

#[test]
fn every_object_is_read_with_its_item_and_then_sent_back_with_only_what_differs_changed() {
    let batch = batch(|wanted| {
        wanted[0].price = eur(550);
        wanted[0].barcodes = vec![Barcode::new("4006381333931")];
    });
    let look = sent(&batch, &[]);
    assert_eq!((look.effect, look.http.uri().path()), (Effect::Read, "/v2/catalog/batch-retrieve"));
    let expected = json!({"object_ids": ["VARCUPBLUE", "VARTEA", "VARBAG"], "include_related_objects": true});
    assert_eq!(body(&look), expected);

    let write = sent(&batch, &[read()]);
    assert_eq!((write.effect, write.http.uri().path()), (Effect::Write, "/v2/catalog/batch-upsert"));
    let read_back: Value = serde_json::from_slice(&fixture("catalog_batch")).expect("JSON");
    let mut expected = read_back["objects"][0].clone();
    expected["item_variation_data"]["price_money"]["amount"] = json!(550);
    expected["item_variation_data"]["upc"] = json!("4006381333931");
    assert_eq!(objects(&batch), [expected]);
    assert_eq!(settled(&batch, &[read(), reply(200, b"{\"objects\": []}")]), [done(), done(), done()]);
}

#[test]
fn a_run_begun_anew_writes_the_same_body_under_the_same_key_and_another_body_under_another() {
    let batch = batch(|wanted| wanted[0].price = eur(550));
    let first = body(&sent(&batch, &[read()]));
    let Step::Send(again) = step(&batch, false, &[read()]).expect("no trouble") else { panic!("it is sent") };
    assert_eq!(body(&again), first);
    let key = first["idempotency_key"].as_str().expect("a key");
    assert!(key.starts_with("write-7-") && key.len() == "write-7-".len() + 16, "{key}");
    let text = String::from_utf8(fixture("catalog_batch")).expect("text");
    let since = reply(200, text.replace("\"version\": 11", "\"version\": 15").as_bytes());
    let later = body(&sent(&batch, &[since]));
    assert_ne!(later["idempotency_key"], first["idempotency_key"]);
    assert_eq!(later["batches"][0]["objects"][0]["version"], 15);
}

#[test]
fn what_is_listed_already_is_not_written_again() {
    assert_eq!(settled(&batch(|_| {}), &[]), [done(), done(), done()]);
    let mut again = batch(|_| {});
    again.listings[0].from = listing("Mug (Blue)", eur(1), "");
    assert_eq!(settled(&again, &[read()]), [done(), done(), done()]);
}

#[test]
fn what_somebody_else_changed_is_read_before_it_is_overwritten() {
    let mut batch = batch(|wanted| wanted[0].price = eur(550));
    batch.listings[0].from.price = eur(480);
    assert_eq!(settled(&batch, &[read()]), [Outcome::Stale, done(), done()]);
}

#[test]
fn a_price_may_begin_and_end() {
    let begun = objects(&batch(|wanted| wanted[1].price = eur(300)));
    let data = &begun[0]["item_variation_data"];
    assert_eq!(
        (&data["pricing_type"], &data["price_money"]),
        (&json!("FIXED_PRICING"), &json!({"amount": 300, "currency": "EUR"}))
    );
    let ended = objects(&batch(|wanted| wanted[0].price = None));
    let data = &ended[0]["item_variation_data"];
    assert_eq!((&data["pricing_type"], data.get("price_money")), (&json!("VARIABLE_PRICING"), None));
    let bare = objects(&batch(|wanted| wanted[0].barcodes = Vec::new()));
    assert_eq!(bare[0]["item_variation_data"].get("upc"), None);
}

#[test]
fn the_item_is_renamed_where_it_has_no_other_variation() {
    let tea = objects(&batch(|wanted| wanted[1].title = Title::new("Green tea")));
    assert_eq!((&tea[0]["id"], &tea[0]["version"]), (&json!("ITEMTEA"), &json!(12)));
    assert_eq!(tea[0]["item_data"]["name"], "Green tea");
    assert_eq!(tea[0]["item_data"]["description"], "Loose leaf", "what we do not know stays");
    assert_eq!(tea[0]["item_data"]["variations"][0]["item_variation_data"]["sku"], "TEA");
    let sack = objects(&batch(|wanted| wanted[2].title = Title::new("Sack (Green)")));
    let names = |object: &Value| {
        let own = object["item_data"]["variations"][0]["item_variation_data"]["name"].clone();
        (object["item_data"]["name"].clone(), own)
    };
    assert_eq!(names(&sack[0]), (json!("Sack"), json!("Green")));
    let plain = objects(&batch(|wanted| wanted[2].title = Title::new("Sack")));
    assert_eq!(names(&plain[0]), (json!("Sack"), json!("Regular")));
}

#[test]
fn a_name_and_a_price_are_written_in_one_object() {
    let written = objects(&batch(|wanted| wanted[2] = listing("Sack (Green)", eur(950), "")));
    assert_eq!(written.len(), 1);
    let variations = &written[0]["item_data"]["variations"];
    assert_eq!(variations.as_array().map(Vec::len), Some(1));
    assert_eq!(variations[0]["item_variation_data"]["price_money"]["amount"], 950);
}

#[test]
fn among_several_variations_only_the_own_name_is_written() {
    let sky = objects(&batch(|wanted| wanted[0].title = Title::new("Cup (Sky)")));
    assert_eq!((&sky[0]["id"], &sky[0]["item_variation_data"]["name"]), (&json!("VARCUPBLUE"), &json!("Sky")));
    for title in ["Mug (Blue)", "Cup", "Cup ()"] {
        assert_eq!(
            never(|it| it[0].title = Title::new(title)),
            "the item's name belongs to all its variations",
            "{title}"
        );
    }
}

#[test]
fn what_cannot_be_listed_is_said_in_words() {
    let pound = Currency::parse("GBP").expect("three letters");
    assert_eq!(never(|it| it[0].price = Some(Money { minor: 1, currency: pound })), "the seller has another currency");
    let taxed = never(|it| it[0].tax_inclusive = true);
    assert_eq!(taxed, "whether a price includes tax is decided by the item's taxes in Square");
    assert_eq!(never(|it| it[1].title = Title::new("")), "Square takes no item without a name");
    let batch = batch(|wanted| wanted[0].price = eur(550));
    let gone = settled(&batch, &[reply(200, b"{\"objects\": []}")]);
    let unknown = Outcome::Never { because: Note::new("Square does not know this variation any more") };
    assert_eq!(gone, [unknown.clone(), unknown.clone(), unknown]);
}

#[test]
fn an_object_that_has_changed_since_it_was_read_is_read_again() {
    let batch = batch(|wanted| {
        wanted[0].price = eur(550);
        wanted[2].price = eur(950);
    });
    for (status, code) in [(400, "VERSION_MISMATCH"), (409, "CONFLICT")] {
        let reply = refused(status, &[error(code, "object.version")]);
        assert_eq!(settled(&batch, &[read(), reply]), [Outcome::Again, done(), Outcome::Again], "{code}");
    }
    let named = refused(400, &[error("VERSION_MISMATCH", "batches[1].objects[0].version")]);
    assert_eq!(settled(&batch, &[read(), named]), [Outcome::Again, done(), Outcome::Again]);
}

#[test]
fn a_listing_that_is_refused_is_told_and_the_others_are_looked_at_again() {
    let batch = batch(|wanted| {
        wanted[0].price = eur(550);
        wanted[2].price = eur(-950);
    });
    let reply = refused(400, &[error("VALUE_TOO_LOW", "batches[1].objects[0].item_variation_data.price_money.amount")]);
    let outcomes = settled(&batch, &[read(), reply]);
    assert!(matches!(&outcomes[2], Outcome::Never { because } if because.to_string().starts_with("VALUE_TOO_LOW")));
    assert_eq!(outcomes[..2], [Outcome::Again, done()]);
    let whole = refused(400, &[error("INVALID_VALUE", "batches")]);
    assert!(matches!(step(&batch, true, &[read(), whole]), Err(Trouble::Refused { .. })));
    let reused = refused(400, &[error("IDEMPOTENCY_KEY_REUSED", "idempotency_key")]);
    assert_eq!(settled(&batch, &[read(), reused]), [Outcome::Unknown, done(), Outcome::Unknown]);
}

#[test]
fn another_write_at_the_same_time_is_a_request_to_slow_down() {
    let batch = batch(|wanted| wanted[0].price = eur(550));
    let busy = refused(429, &[error("RATE_LIMITED", "")]);
    assert!(matches!(step(&batch, true, &[read(), busy.clone()]), Err(Trouble::Throttled { .. })));
    assert!(matches!(step(&batch, true, &[busy]), Err(Trouble::Throttled { .. })));
    assert!(matches!(step(&batch, true, &[read(), reply(503, b"")]), Err(Trouble::Failed { .. })));
}

#[test]
fn listings_that_cannot_be_named_are_refused_before_anything_is_sent() {
    let refused = |batch: &Batch| square().compose(batch).expect_err("it cannot be said");
    let mut twice = batch(|_| {});
    twice.listings[2] = twice.listings[1].clone();
    assert_eq!(refused(&twice).to_string(), "row 2: the same listing is named twice");
    let mut nameless = batch(|_| {});
    nameless.listings[0].external = item("");
    assert_eq!(refused(&nameless).to_string(), "row 0: the id is empty");
    let long = Batch { key: "k".repeat(112), ..batch(|_| {}) };
    assert!(matches!(refused(&long), Unsendable::Impossible(_)));
    let none = Batch { listings: Vec::new(), ..batch(|_| {}) };
    assert!(matches!(refused(&none), Unsendable::Impossible(_)));
    assert_eq!(square().abilities().listings_max, 100);
}
