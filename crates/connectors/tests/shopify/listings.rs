//! Writes of listings: price, title, barcode.

use connectors::{Account, Batch, Effect, ListingRow, Reply, Request, Run, Step, Trouble, Unsendable};
use model::{Barcode, Currency, Listing, Money, Outcome, Title};
use serde_json::{Value, json};

use super::play::{account, fixture, reply, shopify};
use super::shelf::{batch, gbp, listing, looked, sent, step};

fn settled(batch: &Batch, replies: &[Reply]) -> Vec<Outcome> {
    match step(batch, true, replies).expect("no trouble") {
        Step::Settled(outcomes) => outcomes,
        Step::Send(request) => panic!("sent: {request:?}"),
    }
}

fn variables(request: &Request) -> Value {
    serde_json::from_slice::<Value>(request.http.body()).expect("JSON")["variables"].take()
}

fn taken(mutation: &str, errors: &Value) -> Reply {
    reply(200, json!({ "data": { mutation: { "userErrors": errors } } }).to_string().as_bytes())
}

fn done() -> Outcome {
    Outcome::Done { after: None }
}

/// Changes the first row; what its outcome says.
fn never(change: impl Fn(&mut Listing)) -> String {
    match &settled(&batch(|wanted| change(&mut wanted[0])), &[looked()])[0] {
        Outcome::Never { because } => because.to_string(),
        other => panic!("it is {other:?}"),
    }
}

#[test]
fn what_is_listed_is_read_first_and_then_each_product_is_written_once() {
    let batch = batch(|wanted| {
        wanted[0].title = Title::new("Big teapot");
        wanted[1].price = Some(Money { minor: 500, currency: gbp() });
        wanted[2].barcodes = vec![Barcode::new("4006381333931")];
    });
    let look = sent(&batch, &[]);
    assert_eq!((look.effect, look.cost), (Effect::Read, 17));
    let gid = |number| format!("gid://shopify/ProductVariant/4309000{number}");
    assert_eq!(variables(&look), json!({ "ids": [gid(1), gid(2), gid(3), gid(4)] }));

    let variants = sent(&batch, &[looked()]);
    assert_eq!((variants.effect, variants.cost), (Effect::Write, 10));
    let expected = json!({
        "product": "gid://shopify/Product/41090002",
        "variants": [{ "id": gid(2), "price": "5.00" }, { "id": gid(3), "barcode": "4006381333931" }],
    });
    assert_eq!(variables(&variants), expected);

    let ok = taken("productVariantsBulkUpdate", &json!([]));
    let title = sent(&batch, &[looked(), ok.clone()]);
    let product = json!({ "product": { "id": "gid://shopify/Product/41090001", "title": "Big teapot" } });
    assert_eq!((title.effect, variables(&title)), (Effect::Write, product));
    let replies = [looked(), ok, taken("productUpdate", &json!([]))];
    assert_eq!(settled(&batch, &replies), [done(), done(), done(), done()]);
}

#[test]
fn what_is_listed_already_is_not_written_again() {
    let nothing = batch(|_| {});
    assert_eq!(settled(&nothing, &[]), [done(), done(), done(), done()]);
    let mut again = batch(|_| {});
    again.listings[0].from = listing("Kettle", 1, "");
    assert_eq!(settled(&again, &[looked()]), [done(), done(), done(), done()]);
    let begun_anew = step(&again, false, &[looked()]).expect("no trouble");
    assert!(matches!(begun_anew, Step::Settled(outcomes) if outcomes[0] == done()));
}

#[test]
fn what_somebody_else_changed_is_read_before_it_is_overwritten() {
    let mut batch = batch(|wanted| wanted[0].price = Some(Money { minor: 1300, currency: gbp() }));
    batch.listings[0].from.price = Some(Money { minor: 1100, currency: gbp() });
    assert_eq!(settled(&batch, &[looked()])[0], Outcome::Stale);
}

#[test]
fn a_barcode_is_taken_away_with_a_null() {
    let batch = batch(|wanted| wanted[0].barcodes = Vec::new());
    assert_eq!(variables(&sent(&batch, &[looked()]))["variants"][0]["barcode"], Value::Null);
    assert!(variables(&sent(&batch, &[looked()]))["variants"][0].get("barcode").is_some());
}

#[test]
fn a_title_is_written_only_where_the_product_has_one_variant_and_in_front_of_its_option() {
    let several = batch(|wanted| wanted[1].title = Title::new("Cup - Sky"));
    let Outcome::Never { because } = &settled(&several, &[looked()])[1] else { panic!("it is never") };
    assert_eq!(because.to_string(), "the title belongs to the product, which has several variants");
    let option = batch(|wanted| wanted[3].title = Title::new("Paper - Gold"));
    assert_eq!(variables(&sent(&option, &[looked()]))["product"]["title"], "Paper");
    let lost = batch(|wanted| wanted[3].title = Title::new("Paper"));
    let Outcome::Never { because } = &settled(&lost, &[looked()])[3] else { panic!("it is never") };
    assert_eq!(because.to_string(), "the variant's option is a part of its title");
}

#[test]
fn what_cannot_be_listed_is_said_in_words() {
    assert_eq!(never(|it| it.price = None), "Shopify takes no variant without a price");
    assert_eq!(never(|it| it.tax_inclusive = false), "the shop keeps its prices including tax");
    let euro = Currency::parse("EUR").expect("code");
    assert_eq!(never(|it| it.price = Some(Money { minor: 1, currency: euro })), "the shop has another currency");
    assert_eq!(never(|it| it.title = Title::new(" ")), "Shopify takes no product without a title");
    let gone = reply(
        200,
        &json!({ "data": { "shop": { "taxesIncluded": true, "currencyCode": "GBP" },
        "nodes": [null, null, null, null] } })
        .to_string()
        .into_bytes(),
    );
    let batch = batch(|wanted| wanted[0].title = Title::new("Pot"));
    assert!(settled(&batch, &[gone]).iter().all(|outcome| matches!(outcome, Outcome::Never { .. })));
}

#[test]
fn a_refused_variant_is_told_and_the_others_of_its_product_are_looked_at_again() {
    let batch = batch(|wanted| {
        wanted[1].price = Some(Money { minor: -5, currency: gbp() });
        wanted[2].price = Some(Money { minor: 500, currency: gbp() });
    });
    let errors = json!([{ "code": "NEGATIVE_PRICE_VALUE", "field": ["variants", "0", "price"], "message": "Below 0" }]);
    let outcomes = settled(&batch, &[looked(), taken("productVariantsBulkUpdate", &errors)]);
    let never = |words: &str| Outcome::Never { because: model::Note::new(words) };
    assert_eq!(outcomes, [done(), never("Below 0"), Outcome::Again, done()]);
    let whole = json!([{ "code": "PRODUCT_SUSPENDED", "field": ["productId"], "message": "Suspended" }]);
    let outcomes = settled(&batch, &[looked(), taken("productVariantsBulkUpdate", &whole)]);
    assert_eq!(outcomes, [done(), never("Suspended"), never("Suspended"), done()]);
}

#[test]
fn being_asked_to_slow_down_is_for_the_whole_run() {
    let batch = batch(|wanted| wanted[0].title = Title::new("Pot"));
    let slow = reply(200, &fixture("throttled.json"));
    assert!(matches!(step(&batch, true, std::slice::from_ref(&slow)), Err(Trouble::Throttled { .. })));
    assert!(matches!(step(&batch, true, &[looked(), slow]), Err(Trouble::Throttled { .. })));
    let denied = reply(200, &fixture("access_denied.json"));
    assert!(matches!(step(&batch, true, &[looked(), denied]), Err(Trouble::Denied { .. })));
}

#[test]
fn listings_that_cannot_be_named_are_refused_before_anything_is_sent() {
    let refused = |batch: &Batch| match shopify().compose(batch) {
        Err(Unsendable::Row { row, problem }) => format!("{row}: {problem}"),
        other => format!("{other:?}"),
    };
    let mut nameless = batch(|_| {});
    nameless.listings[1].aliases.clear();
    assert_eq!(refused(&nameless), "1: its variant is not known");
    let mut foreign = batch(|_| {});
    foreign.listings[0].external = "sku".into();
    assert_eq!(refused(&foreign), "0: the item is not a number of this platform");
    let mut twice = batch(|_| {});
    twice.listings[3] = twice.listings[2].clone();
    assert_eq!(refused(&twice), "3: the same listing twice");
    let mut many = batch(|_| {});
    let first = many.listings[0].clone();
    many.listings =
        (0..51).map(|n| ListingRow { external: format!("{}", 100 + n).as_str().into(), ..first.clone() }).collect();
    assert_eq!(refused(&many), "50: more listings than one batch may have");
    assert_eq!(shopify().abilities().listings_max, 50);
    many.listings.clear();
    assert!(matches!(shopify().compose(&many), Err(Unsendable::Impossible(_))));
}

#[test]
fn the_same_batch_is_said_in_the_same_bytes_with_only_what_differs() {
    let batch = batch(|wanted| wanted[3].price = Some(Money { minor: 250, currency: gbp() }));
    let body = shopify().compose(&batch).expect("it can be said");
    assert_eq!(shopify().compose(&batch), Ok(body.clone()));
    let said: Value = serde_json::from_slice(&body).expect("JSON");
    let gid = |number| json!({ "variant": format!("gid://shopify/ProductVariant/4309000{number}") });
    assert_eq!(said["listings"][0], gid(1));
    assert_eq!(said["listings"][3]["price"], json!({ "amount": "2.50 GBP", "taxInclusive": true }));
}

#[test]
fn no_look_that_is_cut_short_is_believed() {
    let batch = batch(|wanted| wanted[0].title = Title::new("Pot"));
    let body = String::from_utf8(fixture("listings.json")).expect("text");
    for (from, to) in
        [("\"variantsCount\":{\"count\":1}", "\"variantsCount\":{\"count\":-1}"), ("\"nodes\":[", "\"nodes\":[null,")]
    {
        let broken = reply(200, body.replacen(from, to, 1).as_bytes());
        assert!(matches!(step(&batch, true, &[broken]), Err(Trouble::Garbled { .. })), "{to}");
    }
    let unusable = Account { base_url: "kiln".to_owned(), ..account() };
    let run = Run { first: true, replies: &[] };
    let refused = shopify().step(&batch, b"{}", &unusable, &run).map(|_| ());
    assert_eq!(refused, Err(Unsendable::Account("address").into()));
}
