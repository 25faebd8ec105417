//! Two products compared: the features of a pair. The same in learning and in answering.

use super::corpus::{View, Weighted, apart, distance};
use super::text::jaro_winkler;

/// Features of every pair.
pub(super) const BASE: usize = 40;
/// What each feature is, in a person's words. Those of the fields follow, two each.
const NAMES: [&str; BASE] = [
    "titles are alike in their rare words",
    "all texts are alike in their rare words",
    "titles are alike in pieces of three characters",
    "titles are alike in pieces of four characters",
    "share of the one title within the other, smaller",
    "share of the one title within the other, larger",
    "share of a title within the other's texts, smaller",
    "share of a title within the other's texts, larger",
    "common words of all words of the titles",
    "model codes in both titles",
    "rareness of the common model code of the titles",
    "model codes in both texts",
    "rareness of the common model code of the texts",
    "model codes of the titles contradict",
    "model codes of the texts contradict",
    "model codes of the left title",
    "model codes of the right title",
    "likeness of the nearest model codes",
    "one model code within the other",
    "left model codes found in the right title",
    "right model codes found in the left title",
    "rareness of the rarest common word",
    "rareness of the rarest word of one only, smaller",
    "rareness of the rarest word of one only, larger",
    "rareness of all words the left has alone",
    "rareness of all words the right has alone",
    "rarest model code of one only, smaller",
    "rarest model code of one only, larger",
    "common numbers",
    "numbers the left has alone",
    "numbers the right has alone",
    "sizes or packs that contradict",
    "sizes or packs that agree",
    "colours contradict",
    "colours of one only",
    "prices apart",
    "titles begin with the same word",
    "titles differ in length",
    "length of the shorter title",
    "trade item numbers are the same",
];
/// Place of the feature that tells contradicting sizes.
pub(super) const SIZES_CONTRADICT: usize = 31;
/// Place of the feature that tells contradicting colours.
pub(super) const COLOURS_CONTRADICT: usize = 33;
/// Place of the feature that tells equal trade item numbers.
pub(super) const SAME_GTIN: usize = 39;

/// What a feature is, in a person's words.
pub fn name(feature: usize) -> &'static str {
    const FIELDS: [&str; 6] = [
        "titles are alike as fields",
        "numbers in the titles are apart",
        "brands are alike",
        "numbers in the brands are apart",
        "descriptions are alike",
        "numbers in the descriptions are apart",
    ];
    match feature.checked_sub(BASE) {
        None => NAMES[feature],
        Some(field) if field < FIELDS.len() => FIELDS[field],
        Some(field) if field % 2 == 0 => "a further field is alike",
        Some(_) => "numbers in a further field are apart",
    }
}

fn cosine(a: &Weighted, b: &Weighted) -> f64 {
    common(a, b).map(|(one, other)| one * other).sum()
}

/// Weights of what both have, in order.
fn common<'a>(a: &'a Weighted, b: &'a Weighted) -> impl Iterator<Item = (f64, f64)> {
    let find = |key: u64| b.binary_search_by_key(&key, |(key, _)| *key).ok().map(|place| b[place].1);
    a.iter().filter_map(move |(key, weight)| find(*key).map(|other| (*weight, other)))
}

/// Weights of what only the first has, in order.
fn alone<'a>(a: &'a Weighted, b: &'a Weighted) -> impl Iterator<Item = f64> {
    let has = |key: u64| b.binary_search_by_key(&key, |(key, _)| *key).is_ok();
    a.iter().filter(move |(key, _)| !has(*key)).map(|(_, weight)| *weight)
}

fn total(weighted: &Weighted) -> f64 {
    weighted.iter().map(|(_, weight)| weight).sum()
}

fn largest(values: impl Iterator<Item = f64>) -> f64 {
    values.fold(0.0, f64::max)
}

fn share(part: f64, whole: f64) -> f64 {
    if whole > 0.0 { part / whole } else { 0.0 }
}

type Codes = [(String, f64)];

fn common_codes<'a>(a: &'a Codes, b: &'a Codes) -> impl Iterator<Item = f64> {
    a.iter().filter(|(code, _)| b.iter().any(|(other, _)| other == code)).map(|(_, rare)| *rare)
}

fn codes_alone<'a>(a: &'a Codes, b: &'a Codes) -> impl Iterator<Item = f64> {
    a.iter().filter(|(code, _)| !b.iter().any(|(other, _)| other == code)).map(|(_, rare)| *rare)
}

fn flag(value: bool) -> f64 {
    f64::from(u8::from(value))
}

/// The features of a pair, two more for each field; not a number where one side says nothing.
pub(super) fn features(a: &View, b: &View) -> Vec<f32> {
    let mut all = Vec::with_capacity(BASE + 2 * a.fields.len());
    words(a, b, &mut all);
    model_codes(a, b, &mut all);
    differences(a, b, &mut all);
    debug_assert_eq!(all.len(), BASE);
    for ((one, one_number), (other, other_number)) in a.fields.iter().zip(&b.fields) {
        let both = !one.is_empty() && !other.is_empty();
        all.push(if both { cosine(one, other) } else { f64::NAN });
        all.push(one_number.zip(*other_number).map_or(f64::NAN, |(x, y)| distance(x, y)));
    }
    all.into_iter().map(|value| value as f32).collect()
}

fn words(a: &View, b: &View, all: &mut Vec<f64>) {
    all.extend([
        cosine(&a.title, &b.title),
        cosine(&a.all, &b.all),
        cosine(&a.thirds, &b.thirds),
        cosine(&a.fourths, &b.fourths),
    ]);
    let shared: f64 = common(&a.title_words, &b.title_words).map(|(rare, _)| rare).sum();
    let within = (share(shared, total(&a.title_words)), share(shared, total(&b.title_words)));
    let found = |one: &View, other: &View| {
        let shared: f64 = common(&one.title_words, &other.all_words).map(|(rare, _)| rare).sum();
        share(shared, total(&one.title_words))
    };
    let texts = (found(a, b), found(b, a));
    let both = common(&a.title_words, &b.title_words).count() as f64;
    let either = (a.title_words.len() + b.title_words.len()) as f64 - both;
    all.extend([
        within.0.min(within.1),
        within.0.max(within.1),
        texts.0.min(texts.1),
        texts.0.max(texts.1),
        share(both, either),
    ]);
}

fn model_codes(a: &View, b: &View, all: &mut Vec<f64>) {
    let titles = (common_codes(&a.codes, &b.codes).count(), largest(common_codes(&a.codes, &b.codes)));
    let texts = (common_codes(&a.all_codes, &b.all_codes).count(), largest(common_codes(&a.all_codes, &b.all_codes)));
    let pairs = || a.codes.iter().flat_map(|(one, _)| b.codes.iter().map(move |(other, _)| (one, other)));
    let within = pairs().any(|(one, other)| one.contains(other.as_str()) || other.contains(one.as_str()));
    all.extend([
        titles.0 as f64,
        titles.1,
        texts.0 as f64,
        texts.1,
        flag(!a.codes.is_empty() && !b.codes.is_empty() && titles.0 == 0),
        flag(!a.all_codes.is_empty() && !b.all_codes.is_empty() && texts.0 == 0),
        a.codes.len() as f64,
        b.codes.len() as f64,
        largest(pairs().take(1_000).map(|(one, other)| jaro_winkler(one, other))),
        flag(within),
        a.codes.iter().filter(|(code, _)| b.squashed.contains(code.as_str())).count() as f64,
        b.codes.iter().filter(|(code, _)| a.squashed.contains(code.as_str())).count() as f64,
    ]);
}

fn differences(a: &View, b: &View, all: &mut Vec<f64>) {
    let rarest = (largest(alone(&a.title_words, &b.all_words)), largest(alone(&b.title_words, &a.all_words)));
    let codes = (largest(codes_alone(&a.codes, &b.all_codes)), largest(codes_alone(&b.codes, &a.all_codes)));
    let numbers = common(&a.numbers, &b.numbers).count() as f64;
    let either = (a.numbers.len() + b.numbers.len()) as f64 - numbers;
    let (contradict, agree) = sizes(a, b);
    let colours = a.colours.iter().filter(|colour| b.colours.contains(colour)).count();
    all.extend([
        largest(common(&a.title_words, &b.title_words).map(|(rare, _)| rare)),
        rarest.0.min(rarest.1),
        rarest.0.max(rarest.1),
        alone(&a.title_words, &b.all_words).sum(),
        alone(&b.title_words, &a.all_words).sum(),
        codes.0.min(codes.1),
        codes.0.max(codes.1),
        if either > 0.0 { numbers / either } else { f64::NAN },
        alone(&a.numbers, &b.all_words).count() as f64,
        alone(&b.numbers, &a.all_words).count() as f64,
        contradict,
        agree,
        flag(!a.colours.is_empty() && !b.colours.is_empty() && colours == 0),
        (a.colours.len() + b.colours.len() - 2 * colours) as f64,
        a.price.zip(b.price).map_or(f64::NAN, |(one, other)| apart(one, other)),
        flag(a.first.is_some() && a.first == b.first),
        a.title_words.len().abs_diff(b.title_words.len()) as f64,
        a.title_words.len().min(b.title_words.len()) as f64,
        a.gtin.zip(b.gtin).map_or(f64::NAN, |(one, other)| flag(one == other)),
    ]);
}

/// Units that both name: with no common value, and with one.
fn sizes(a: &View, b: &View) -> (f64, f64) {
    let (mut contradict, mut agree) = (0.0, 0.0);
    for same in a.measures.chunk_by(|one, other| one.0 == other.0) {
        let others: Vec<&(&str, String)> = b.measures.iter().filter(|other| other.0 == same[0].0).collect();
        if others.is_empty() {
            continue;
        }
        if same.iter().any(|one| others.iter().any(|other| other.1 == one.1)) {
            agree += 1.0;
        } else {
            contradict += 1.0;
        }
    }
    (contradict, agree)
}
