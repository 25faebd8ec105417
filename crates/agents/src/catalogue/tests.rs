//! What the catalogue mind promises.

use model::{
    Actor, Barcode, ChannelId, Currency, Entry, Fact, Gtin, Instant, ItemId, ItemPut, Listing, Money, Seq, Sku,
};
use proptest::prelude::*;

use super::*;
use crate::{Mind, restore, snapshot};

fn product(title: &str) -> Product {
    Product { title: title.to_owned(), ..Product::default() }
}

/// Products of a line of cameras that differ in their model code, told twice in different words.
fn twins(count: usize) -> (Vec<Product>, Vec<Product>) {
    let lines = ["alpha", "boston", "carat", "delta", "ember"];
    let left = (0..count).map(|n| product(&format!("Acme {} camera AX{}Q black", lines[n % 5], 1000 + 37 * n)));
    let right = (0..count).map(|n| product(&format!("{} digital by Acme, AX-{}Q", lines[n % 5], 1000 + 37 * n)));
    (left.collect(), right.collect())
}

fn views(products: &[Product], corpus: &Corpus) -> Vec<View> {
    products.iter().map(|product| corpus.view(product)).collect()
}

fn learnt(seed: u64) -> (Matcher, Vec<View>, Vec<View>) {
    let (left, right) = twins(60);
    let mut corpus = Corpus::default();
    left.iter().chain(&right).for_each(|product| corpus.add(product));
    let (left, right) = (views(&left, &corpus), views(&right, &corpus));
    let pair = |l: usize, r: usize| Pair {
        left: l as u32,
        right: r as u32,
        left_view: &left[l],
        right_view: &right[r],
        same: l == r,
    };
    let pairs: Vec<Pair> = (0..60).flat_map(|l| [pair(l, l), pair(l, (l + 5) % 60), pair(l, (l + 1) % 60)]).collect();
    let matcher = Matcher::learn(&pairs, seed);
    (matcher, left, right)
}

#[test]
fn products_told_in_other_words_are_found_by_their_model_code() {
    let (matcher, left, right) = learnt(1);
    for l in 0..60 {
        assert!(matcher.score(&left[l], &right[l]) >= matcher.threshold(), "{l}");
        assert!(matcher.score(&left[l], &right[(l + 10) % 60]) < matcher.threshold(), "{l}");
    }
    assert!(matcher.one_to_one());
}

#[test]
fn the_terms_of_an_answer_add_up_to_its_score() {
    let (matcher, left, right) = learnt(1);
    for matcher in [matcher, Matcher::believed()] {
        let answer = matcher.answer(&left[3], &right[3]);
        let sum: f64 = answer.reasons.terms.iter().map(|term| term.adds).sum();
        assert!((sum - matcher.score(&left[3], &right[3])).abs() < 1e-9);
        assert!(answer.reasons.sentence(2).starts_with("because "));
    }
}

#[test]
fn without_any_pair_told_fixed_weights_still_tell_same_from_other() {
    let (left, right) = twins(60);
    let mut corpus = Corpus::default();
    left.iter().chain(&right).for_each(|product| corpus.add(product));
    let matcher = Matcher::learn(&[], 1);
    assert_eq!(matcher, Matcher::believed());
    let score = |l: usize, r: usize| matcher.score(&corpus.view(&left[l]), &corpus.view(&right[r]));
    assert!(score(4, 4) > 0.0 && score(4, 9) < 0.0, "{} {}", score(4, 4), score(4, 9));
    assert_ne!(matcher.mapping(&corpus.view(&left[4]), &corpus.view(&right[4])), Mapping::Map, "a person is asked");
}

#[test]
fn an_equal_trade_item_number_maps_unless_the_packs_contradict() {
    let gtin = Gtin::parse("036000291452");
    let with = |title: &str| Product { gtin, ..product(title) };
    let mut corpus = Corpus::default();
    let (one, same, six) = (with("Tissues 1 pack"), with("Kleenex paper"), with("Tissues 6 pack"));
    [&one, &same, &six].into_iter().for_each(|product| corpus.add(product));
    let matcher = Matcher::believed();
    assert_eq!(matcher.mapping(&corpus.view(&one), &corpus.view(&same)), Mapping::Map);
    assert_eq!(matcher.mapping(&corpus.view(&one), &corpus.view(&six)), Mapping::Ask);
}

#[test]
fn a_stored_matcher_answers_alike_and_equal_seeds_learn_alike() {
    let (matcher, left, right) = learnt(7);
    let back: Matcher = restore(1, &snapshot(1, &matcher)).expect("what was stored");
    assert_eq!(back, matcher);
    assert_eq!(learnt(7).0.score(&left[1], &right[2]).to_bits(), matcher.score(&left[1], &right[2]).to_bits());
}

#[test]
fn each_product_is_given_away_once_and_the_best_pair_goes_first() {
    let pairs = [(1, 1, 0.5), (1, 2, 0.9), (2, 2, 0.8), (2, 1, 0.7), (3, 3, 0.1), (4, 4, 0.9)];
    assert_eq!(one_to_one(&pairs, 0.4, &[(4, 9)]), [false, true, false, true, false, false]);
}

#[test]
fn numbers_of_a_shops_own_are_no_key_between_channels() {
    let local = |text| is_local(Gtin::parse(text).expect("a fitting check digit"));
    assert!(local("2012345000001") && local("0200000000004"));
    assert!(!local("036000291452") && !local("4006381333931"));
}

#[test]
fn sizes_are_compared_in_base_units() {
    assert_eq!((size("0.5kg"), size("500g")), (Some(("g", 500.0)), Some(("g", 500.0))));
    assert_eq!((size("75cl"), size("16gb")), (Some(("ml", 750.0)), None));
    // An ounce is a weight or a volume: it is compared with ounces only.
    assert_eq!(size("12oz"), Some(("oz", 12.0)));
}

fn entry(fact: Fact) -> Entry {
    Entry { at: Instant(0), by: Actor::System, fact }
}

fn item(id: u32, title: &str, barcode: &str, minor: i64) -> Fact {
    let price = Currency::parse("EUR").map(|currency| Money { minor, currency });
    Fact::ItemPut(ItemPut {
        item: ItemId(id),
        sku: Sku::new(&id.to_string()),
        title: model::Title::new(title),
        barcodes: if barcode.is_empty() { Vec::new() } else { vec![Barcode::new(barcode)] },
        unit: model::Unit::Piece,
        components: Vec::new(),
        price,
        tax_inclusive: true,
        tracked: true,
    })
}

fn listed(id: u32, channel: u32, title: &str, minor: i64) -> Fact {
    let price = Currency::parse("EUR").map(|currency| Money { minor, currency });
    let listing = Listing { title: model::Title::new(title), price, tax_inclusive: true, barcodes: Vec::new() };
    Fact::Listed { channel: ChannelId(channel), item: ItemId(id), listing: Some(Box::new(listing)) }
}

fn folded(facts: &[Fact]) -> Catalogue {
    let mut mind = Catalogue::default();
    for (place, fact) in facts.iter().enumerate() {
        mind.apply(Seq(place as u64 + 1), &entry(fact.clone()));
    }
    mind
}

fn troubles(mind: &Catalogue, id: u32) -> Vec<Trouble> {
    mind.findings(ItemId(id)).into_iter().map(|proposal| proposal.action.trouble).collect()
}

#[test]
fn what_channels_say_otherwise_is_found_worst_first() {
    let mind = folded(&[
        item(1, "Green tea 500 g", "036000291452", 499),
        listed(1, 1, "Green Tea 0.5 kg", 499),
        listed(1, 2, "Green tea 250 g", 599),
        listed(1, 3, "Tea, green, 500 g", 499),
    ]);
    let channel = ChannelId;
    assert_eq!(
        troubles(&mind, 1),
        [
            Trouble::SizeDiffers { channel: channel(2) },
            Trouble::PriceDiffers { channel: channel(2) },
            Trouble::TitleDiffers { channel: channel(1) },
            Trouble::TitleDiffers { channel: channel(3) },
            Trouble::BarcodeMissing { channel: channel(1) },
            Trouble::BarcodeMissing { channel: channel(2) },
            Trouble::BarcodeMissing { channel: channel(3) },
        ]
    );
}

#[test]
fn units_are_parsed_before_sizes_are_called_different() {
    let sizes = |own: &str, shown: &str| {
        let mind = folded(&[item(1, own, "", 1), listed(1, 1, shown, 1)]);
        troubles(&mind, 1).contains(&Trouble::SizeDiffers { channel: ChannelId(1) })
    };
    assert!(!sizes("Oil 0.75 l", "Oil 75 cl") && !sizes("Tea 1 lb", "Tea 454 g"));
    assert!(sizes("Oil 0.75 l", "Oil 0.7 l") && sizes("Cup 16 oz", "Cup 12 oz"));
    // Of another kind of measure, or without one, nothing can be said.
    assert!(!sizes("Cup 16 oz", "Cup 473 ml") && !sizes("Oil", "Oil 75 cl"));
}

#[test]
fn a_service_needs_no_barcode_and_another_barcode_is_told_from_none() {
    let Fact::ItemPut(goods) = item(1, "Mug", "", 1) else { panic!("an item") };
    let service = Fact::ItemPut(ItemPut { tracked: false, ..goods.clone() });
    assert_eq!(troubles(&folded(&[Fact::ItemPut(goods)]), 1), [Trouble::NoBarcode]);
    assert_eq!(troubles(&folded(&[service]), 1), []);
    let Fact::Listed { listing: Some(listing), .. } = listed(1, 1, "Mug", 1) else { panic!("a listing") };
    let listed = |channel: u32, codes: &[&str]| {
        let barcodes = codes.iter().map(|code| Barcode::new(code)).collect();
        let listing = Some(Box::new(Listing { barcodes, ..(*listing).clone() }));
        Fact::Listed { channel: ChannelId(channel), item: ItemId(1), listing }
    };
    let mind = folded(&[
        item(1, "Mug", "036000291452", 1),
        listed(1, &["4006381333931"]),
        listed(2, &["0036000291452"]),
        listed(3, &["shop's own"]),
        listed(4, &[]),
    ]);
    let channel = ChannelId;
    let told = [Trouble::BarcodeDiffers { channel: channel(1) }, Trouble::BarcodeMissing { channel: channel(4) }];
    assert_eq!(troubles(&mind, 1), told);
}

#[test]
fn missing_and_doubled_data_are_found_and_mended_data_are_not() {
    let mut facts =
        vec![item(1, "A", "036000291452", 1), item(2, "", "036000291453", 0), item(3, "C", "0036000291452", 1)];
    let mind = folded(&facts);
    assert_eq!(troubles(&mind, 1), [Trouble::SharedBarcode { gtin: "00036000291452".into(), others: vec![ItemId(3)] }]);
    let bad = Trouble::BadBarcode { code: "036000291453".into() };
    assert_eq!(troubles(&mind, 2), [Trouble::NoPrice, Trouble::NoTitle, bad]);
    facts.push(item(3, "C", "4006381333931", 1));
    assert_eq!(troubles(&folded(&facts), 1), []);
    assert_eq!(troubles(&mind, 9), []);
}

fn any_fact() -> impl Strategy<Value = Fact> {
    let title = prop::sample::select(vec!["", "Tea 500 g", "Tea 1 kg", "Cup"]);
    let code = prop::sample::select(vec!["", "036000291452", "4006381333931", "123"]);
    prop_oneof![
        (0..4_u32, title.clone(), code, -1..3_i64).prop_map(|(id, title, code, minor)| item(id, title, code, minor)),
        (0..4_u32, 0..3_u32, title, -1..3_i64).prop_map(|(id, at, title, minor)| listed(id, at, title, minor)),
    ]
}

proptest! {
    #[test]
    fn a_mind_stored_and_read_between_any_two_facts_is_the_same(
        facts in prop::collection::vec(any_fact(), 0..40),
        cut in 0..40_usize,
    ) {
        let whole = folded(&facts);
        let (before, after) = facts.split_at(cut.min(facts.len()));
        let mut mind: Catalogue =
            restore(Catalogue::FORM, &snapshot(Catalogue::FORM, &folded(before))).expect("what was stored");
        after.iter().for_each(|fact| mind.apply(Seq(1), &entry(fact.clone())));
        prop_assert_eq!(snapshot(Catalogue::FORM, &mind), snapshot(Catalogue::FORM, &whole));
    }

    #[test]
    fn any_two_products_can_be_compared(
        a in "\\PC{0,40}", b in "[A-Za-z0-9 .,&#;\"@/-]{0,40}", price in prop::num::f64::ANY,
    ) {
        let one = Product { description: b.clone(), price: Some(price), ..product(&a) };
        let other = Product { brand: a.clone(), price: Some(-price), ..product(&b) };
        let mut corpus = Corpus::default();
        corpus.add(&one);
        let matcher = Matcher::believed();
        let score = matcher.score(&corpus.view(&one), &corpus.view(&other));
        prop_assert!(score.is_finite());
        prop_assert!((0.0..=1.0).contains(&matcher.answer(&corpus.view(&one), &corpus.view(&other)).reasons.confidence.value()));
    }
}
