//! How usual each word is among all products, and products seen through that: what is compared. Filled product by product;
//! one more costs its own length.

use std::collections::BTreeMap;

use minicbor::{CborLen, Decode, Encode};
use model::{Gtin, stable_hash};
use stats::num::{ln, ln_1p};

use super::text::{codes, colour, first_number, measure, number, plain, squashed, words};

/// A product as any table or channel has it.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Product {
    /// Name.
    pub title: String,
    /// Brand or maker; may be empty.
    pub brand: String,
    /// Any longer text; may be empty.
    pub description: String,
    /// Price in major units; `None` when unknown. Only compared with prices of the same currency.
    pub price: Option<f64>,
    /// Trade item number, when there is one.
    pub gtin: Option<Gtin>,
    /// Values of further fields, in the same order for all products that are compared; empty = unknown.
    pub further: Vec<String>,
}

impl Product {
    fn texts(&self) -> [&str; 3] {
        [&self.title, &self.brand, &self.description]
    }
}

/// Words and pieces of words, and in how many products each is.
#[derive(Clone, Debug, Default, PartialEq, Encode, Decode, CborLen)]
pub struct Corpus {
    #[n(0)]
    products: u32,
    #[n(1)]
    seen: BTreeMap<u64, u32>,
}

/// Sorted by number, each once.
pub(super) type Weighted = Vec<(u64, f64)>;

/// A product made ready to be compared.
#[derive(Clone, Debug, PartialEq)]
pub struct View {
    pub(super) title: Weighted,
    pub(super) all: Weighted,
    /// Pieces of three and of four characters of the title.
    pub(super) thirds: Weighted,
    pub(super) fourths: Weighted,
    /// Words of the title and of all text, with how rare they are.
    pub(super) title_words: Weighted,
    pub(super) all_words: Weighted,
    pub(super) codes: Vec<(String, f64)>,
    pub(super) all_codes: Vec<(String, f64)>,
    pub(super) numbers: Weighted,
    /// Unit and value, sorted.
    pub(super) measures: Vec<(&'static str, String)>,
    pub(super) colours: Vec<String>,
    pub(super) squashed: String,
    pub(super) price: Option<f64>,
    pub(super) first: Option<u64>,
    pub(super) gtin: Option<Gtin>,
    /// Title, brand, description and further fields: words and first number of each.
    pub(super) fields: Vec<(Weighted, Option<f64>)>,
}

fn word_key(word: &str) -> u64 {
    stable_hash(&[b"w", word.as_bytes()])
}

/// Pieces of `length` characters of a title, padded by a space on both sides, with repetition.
fn pieces(words: &[String], length: usize) -> Vec<u64> {
    let padded: Vec<char> = format!(" {} ", words.join(" ")).chars().collect();
    let key = |piece: &[char]| stable_hash(&[b"p", piece.iter().collect::<String>().as_bytes()]);
    padded.windows(length).map(key).collect()
}

/// Each key once with its count, sorted.
fn counted(mut keys: Vec<u64>) -> Weighted {
    keys.sort_unstable();
    keys.chunk_by(|a, b| a == b).map(|equal| (equal[0], equal.len() as f64)).collect()
}

impl Corpus {
    /// Takes a product in.
    pub fn add(&mut self, product: &Product) {
        self.products = self.products.saturating_add(1);
        let title = words(&plain(&product.title));
        let all = product.texts().into_iter().chain(product.further.iter().map(String::as_str));
        let mut keys: Vec<u64> = all.flat_map(|text| words(&plain(text))).map(|word| word_key(&word)).collect();
        keys.extend(pieces(&title, 3));
        keys.extend(pieces(&title, 4));
        for (key, _) in counted(keys) {
            let seen = self.seen.entry(key).or_insert(0);
            *seen = seen.saturating_add(1);
        }
    }

    /// How many products.
    pub fn products(&self) -> u32 {
        self.products
    }

    /// Rareness of a word: $\ln\frac{N+1}{n+1}+0.1$.
    fn rareness(&self, key: u64) -> f64 {
        let seen = self.seen.get(&key).copied().unwrap_or(0);
        ln((f64::from(self.products) + 1.0) / (f64::from(seen) + 1.0)).max(0.0) + 0.1
    }

    /// Of length one: $(1+\ln n)\cdot$ rareness.
    fn direction(&self, keys: Vec<u64>) -> Weighted {
        let mut weighted: Weighted = counted(keys);
        for (key, weight) in &mut weighted {
            *weight = (1.0 + ln(*weight)) * self.rareness(*key);
        }
        let length = weighted.iter().map(|(_, weight)| weight * weight).sum::<f64>().sqrt();
        weighted.iter_mut().for_each(|(_, weight)| *weight /= length);
        weighted
    }

    fn rare_words(&self, words: &[String]) -> Weighted {
        let keys = counted(words.iter().map(|word| word_key(word)).collect());
        keys.into_iter().map(|(key, _)| (key, self.rareness(key))).collect()
    }

    fn rare_codes(&self, text: &str) -> Vec<(String, f64)> {
        // A text full of codes is a list of what fits the product, not its name.
        codes(text).into_iter().take(64).map(|code| (code.clone(), self.rareness(word_key(&code)))).collect()
    }

    /// A product made ready to be compared with others of this corpus.
    pub fn view(&self, product: &Product) -> View {
        let title = plain(&product.title);
        let further = product.further.iter().map(String::as_str);
        let texts: Vec<String> = product.texts().into_iter().chain(further).map(plain).collect();
        let all = texts.join(" \n ");
        let (title_words, all_words) = (words(&title), words(&all));
        let keys = |words: &[String]| words.iter().map(|word| word_key(word)).collect::<Vec<u64>>();
        let numbers: Vec<String> = title_words.iter().filter(|word| number(word)).cloned().collect();
        let mut measures: Vec<(&'static str, String)> =
            title_words.iter().filter_map(|word| measure(word)).map(|(value, unit)| (unit, value.to_owned())).collect();
        measures.sort_unstable();
        measures.dedup();
        let mut colours: Vec<String> = title_words.iter().filter(|word| colour(word)).cloned().collect();
        colours.sort_unstable();
        colours.dedup();
        View {
            title: self.direction(keys(&title_words)),
            all: self.direction(keys(&all_words)),
            thirds: self.direction(pieces(&title_words, 3)),
            fourths: self.direction(pieces(&title_words, 4)),
            first: title_words.first().map(|word| word_key(word)),
            codes: self.rare_codes(&title),
            all_codes: self.rare_codes(&all),
            numbers: self.rare_words(&numbers),
            title_words: self.rare_words(&title_words),
            all_words: self.rare_words(&all_words),
            measures,
            colours,
            squashed: squashed(&title),
            price: product.price.filter(|price| *price > 0.0 && price.is_finite()),
            gtin: product.gtin,
            fields: texts.iter().map(|text| (self.direction(keys(&words(text))), first_number(text))).collect(),
        }
    }
}

/// $|\ln(a/b)|$.
pub(super) fn apart(a: f64, b: f64) -> f64 {
    ln(a / b).abs()
}

/// Numbers of any size brought near each other.
pub(super) fn distance(a: f64, b: f64) -> f64 {
    ln_1p((a - b).abs())
}
