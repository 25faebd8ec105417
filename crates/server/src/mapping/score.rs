//! How well an item of ours fits what a channel lists: a number from 0 to 1 with its reasons. Pure.
//!
//! Four signals, each between 0 and 1 and each with a weight; what one of the two sides does not have is left out and
//! weighs nothing. Where little is known the number stays low although everything known agrees.

use model::{Barcode, Money};

use super::tokens;

/// Weight of the barcode.
const BARCODE: f64 = 0.45;
/// Weight of the title.
const TITLE: f64 = 0.30;
/// Weight of the SKU.
const SKU: f64 = 0.15;
/// Weight of the price.
const PRICE: f64 = 0.10;
/// The number is worked out as if at least this much were known, so that a title alone never makes a certainty.
const KNOWN_MIN: f64 = 0.5;
/// A barcode whose check digit does not fit is somebody's own code: it counts half.
const OWN_CODE: f64 = 0.5;

/// What is compared, of either side.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Looks<'a> {
    /// For people.
    pub title: &'a str,
    /// May be empty.
    pub sku: &'a str,
    /// May be empty.
    pub barcodes: &'a [Barcode],
    /// List price.
    pub price: Option<Money>,
    /// Whether it includes tax.
    pub tax_inclusive: bool,
}

/// One reason.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Signal {
    /// `barcode`, `title`, `sku` or `price`.
    pub what: &'static str,
    /// What it adds to the number.
    pub points: f64,
    /// In words, for the person who decides.
    pub words: String,
}

/// How well it fits.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Score {
    /// 0 to 1; the sum of the points.
    pub value: f64,
    /// What it is made of, the heaviest first; a signal that speaks against it adds nothing and is listed too.
    pub signals: Vec<Signal>,
}

impl Score {
    /// In whole hundredths.
    pub(crate) fn percent(&self) -> u32 {
        (self.value * 100.0).round().clamp(0.0, 100.0) as u32
    }
}

/// Compares what a channel lists with an item of ours.
pub(crate) fn score(theirs: &Looks<'_>, ours: &Looks<'_>) -> Score {
    let known = [
        barcodes(theirs, ours).map(|found| ("barcode", BARCODE, found)),
        titles(theirs.title, ours.title).map(|found| ("title", TITLE, found)),
        skus(theirs.sku, ours.sku).map(|found| ("sku", SKU, found)),
        prices(theirs, ours).map(|found| ("price", PRICE, found)),
    ];
    let known: Vec<_> = known.into_iter().flatten().collect();
    let weight: f64 = known.iter().map(|(_, weight, _)| weight).sum::<f64>().max(KNOWN_MIN);
    let signals: Vec<Signal> = known
        .into_iter()
        .map(|(what, share, (fit, words))| Signal { what, points: share * fit / weight, words })
        .collect();
    Score { value: signals.iter().map(|signal| signal.points).sum::<f64>().clamp(0.0, 1.0), signals }
}

fn barcodes(theirs: &Looks<'_>, ours: &Looks<'_>) -> Option<(f64, String)> {
    if theirs.barcodes.is_empty() || ours.barcodes.is_empty() {
        return None;
    }
    let pairs = || theirs.barcodes.iter().flat_map(|one| ours.barcodes.iter().map(move |other| (one, other)));
    if let Some((one, _)) = pairs().find(|(one, other)| one.gtin().is_some() && one.gtin() == other.gtin()) {
        return Some((1.0, format!("barcode {one} is the same")));
    }
    if let Some((one, _)) = pairs().find(|(one, other)| one == other) {
        return Some((OWN_CODE, format!("code {one} is the same, but it is no trade item number")));
    }
    Some((0.0, "the barcodes differ".into()))
}

/// Twice the weight of the common words over the weight of all of both.
fn titles(theirs: &str, ours: &str) -> Option<(f64, String)> {
    let (theirs, ours) = (tokens::words(theirs), tokens::words(ours));
    if theirs.is_empty() || ours.is_empty() {
        return None;
    }
    let all: f64 = theirs.values().sum::<f64>() + ours.values().sum::<f64>();
    let common: Vec<(&String, f64)> =
        theirs.iter().filter_map(|(word, weight)| Some((word, weight + ours.get(word)?))).collect();
    let fit = common.iter().map(|(_, weight)| weight).sum::<f64>() / all;
    let list = |words: Vec<&String>| words.into_iter().map(String::as_str).collect::<Vec<_>>().join(", ");
    let there = list(theirs.keys().filter(|word| !ours.contains_key(*word)).collect());
    let here = list(ours.keys().filter(|word| !theirs.contains_key(*word)).collect());
    let mut words = match common.is_empty() {
        true => "the titles have no word in common".to_owned(),
        false => format!("both titles say {}", list(common.into_iter().map(|(word, _)| word).collect())),
    };
    for (which, rest) in [("only theirs says", there), ("only ours says", here)] {
        if !rest.is_empty() {
            words.push_str(&format!("; {which} {rest}"));
        }
    }
    Some((fit, words))
}

/// How many pairs of neighbouring signs two SKUs share.
fn skus(theirs: &str, ours: &str) -> Option<(f64, String)> {
    let bare = |sku: &str| sku.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect::<Vec<_>>();
    let (one, other) = (bare(theirs), bare(ours));
    if one.is_empty() || other.is_empty() {
        return None;
    }
    if one == other {
        return Some((1.0, format!("SKU {theirs} is ours")));
    }
    let pairs = |signs: &[char]| signs.windows(2).map(|pair| (pair[0], pair[1])).collect::<Vec<_>>();
    let (all, mut left) = (pairs(&one), pairs(&other));
    let total = all.len() + left.len();
    let shared = all
        .iter()
        .filter(|pair| {
            let place = left.iter().position(|other| other == *pair);
            place.map(|place| left.swap_remove(place)).is_some()
        })
        .count();
    let fit = if total == 0 { 0.0 } else { 2.0 * shared as f64 / total as f64 };
    let words = if fit < 0.5 { "the SKUs differ".to_owned() } else { format!("SKU {theirs} is like {ours}") };
    // Numbers in a row look alike without meaning the same: only a close likeness counts.
    Some(((fit - 0.5).max(0.0), words))
}

/// The same price is 1, half or twice the price is 0. Amounts that mean different things are not compared.
fn prices(theirs: &Looks<'_>, ours: &Looks<'_>) -> Option<(f64, String)> {
    let (one, other) = (theirs.price?, ours.price?);
    if one.currency != other.currency || theirs.tax_inclusive != ours.tax_inclusive {
        return None;
    }
    let (low, high) = (one.minor.min(other.minor), one.minor.max(other.minor));
    if low == high {
        return Some((1.0, format!("the price is the same, {one}")));
    }
    if low <= 0 {
        return Some((0.0, format!("the price is {one} there and {other} here")));
    }
    let fit = (2.0 * low as f64 / high as f64 - 1.0).max(0.0);
    Some((fit, format!("the price is {one} there and {other} here")))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn euros(minor: i64) -> Option<Money> {
        Some(Money { minor, currency: model::Currency::parse("EUR").expect("a code") })
    }

    fn looks<'a>(title: &'a str, sku: &'a str, barcodes: &'a [Barcode], minor: i64) -> Looks<'a> {
        Looks { title, sku, barcodes, price: euros(minor), tax_inclusive: true }
    }

    #[test]
    fn the_same_article_under_another_word_order_beats_its_neighbour_of_another_size() {
        let theirs = looks("Enamel mug 350ml, blue", "", &[], 1_290);
        let same = score(&theirs, &looks("Mug enamel blue 350 ml", "MUG-350-B", &[], 1_290));
        let larger = score(&theirs, &looks("Mug enamel blue 500 ml", "MUG-500-B", &[], 1_490));
        let kettle = score(&theirs, &looks("Kettle, steel", "KET-1", &[], 8_900));
        assert!(same.value > larger.value && larger.value > kettle.value, "{same:?} {larger:?} {kettle:?}");
        assert!((same.value - 0.8).abs() < 1e-9, "title and price alone are no certainty: {same:?}");
        assert!(larger.signals[0].words.contains("only theirs says 350; only ours says 500"), "{larger:?}");
        assert!(kettle.value < 0.1, "{kettle:?}");
    }

    #[test]
    fn the_same_trade_number_however_it_is_printed_outweighs_another_title() {
        let (upc, ean) = ([Barcode::new("036000291452")], [Barcode::new("0036000291452")]);
        let found = score(&looks("Tissues", "", &upc, 500), &looks("Kleenex box", "K-1", &ean, 500));
        assert_eq!(found.signals[0].what, "barcode");
        assert!(found.percent() > 60, "{found:?}");
        let other = [Barcode::new("4006381333931")];
        let unlike = score(&looks("Tissues", "", &other, 500), &looks("Tissues", "K-1", &ean, 500));
        assert!(unlike.percent() < 50, "another barcode speaks against it: {unlike:?}");
        let own = [Barcode::new("12345")];
        let house = score(&looks("Tissues", "", &own, 500), &looks("Tissues", "", &own, 500));
        let proper = score(&looks("Tissues", "", &ean, 500), &looks("Tissues", "", &upc, 500));
        assert!(house.value < proper.value && (proper.value - 1.0).abs() < 1e-9, "{house:?} {proper:?}");
    }

    #[test]
    fn the_points_add_up_to_the_number_and_nothing_known_is_nothing() {
        let found = score(&looks("Mug 1", "MUG-01", &[], 900), &looks("Mug 1", "MUG-1", &[], 1_000));
        let sum: f64 = found.signals.iter().map(|signal| signal.points).sum();
        assert!((sum - found.value).abs() < 1e-9);
        assert_eq!(found.signals.iter().map(|signal| signal.what).collect::<Vec<_>>(), ["title", "sku", "price"]);
        let bare = Looks { title: "", sku: "", barcodes: &[], price: None, tax_inclusive: false };
        assert_eq!(score(&bare, &bare), Score { value: 0.0, signals: Vec::new() });
    }

    #[test]
    fn prices_of_another_currency_or_without_tax_are_not_compared() {
        let ours = looks("Mug", "", &[], 1_000);
        let net = Looks { tax_inclusive: false, ..ours };
        assert!(score(&net, &ours).signals.iter().all(|signal| signal.what != "price"));
        let dollars = Some(Money { minor: 1_000, currency: model::Currency::parse("USD").expect("a code") });
        assert!(score(&Looks { price: dollars, ..ours }, &ours).signals.iter().all(|signal| signal.what != "price"));
        let half = score(&looks("Mug", "", &[], 500), &ours);
        assert_eq!(half.signals[1].points, 0.0, "half the price is no likeness");
    }

    #[test]
    fn every_number_is_between_zero_and_one() {
        let titles = ["", "Mug", "Mug 350 ml blue", "the of and", "ß 🙂 ½"];
        let codes = [Barcode::new("4006381333931"), Barcode::new("x")];
        for theirs in titles {
            for ours in titles {
                for price in [0, 1, -5, i64::MAX, i64::MIN] {
                    let found = score(&looks(theirs, "A-1", &codes, price), &looks(ours, "a1", &codes[..1], 1_000));
                    assert!((0.0..=1.0).contains(&found.value), "{theirs:?} {ours:?} {price}: {found:?}");
                }
            }
        }
    }
}
