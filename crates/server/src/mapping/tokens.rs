//! Titles as sets of words that can be compared: lower case, without accents and plurals, letters and digits apart.

use std::collections::BTreeMap;

/// Words that say nothing about the goods.
const FILLERS: [&str; 16] =
    ["a", "an", "and", "the", "of", "for", "with", "in", "und", "mit", "de", "la", "le", "et", "con", "para"];
/// Words of a text that are looked at; a description pasted into a title says no more by being longer.
const WORDS_MAX: usize = 60;

/// The words of a text, each with how much it tells. A number, or a part of a model code such as `KX-200`, tells twice
/// as much as a word: two mugs differ by their size, not by being mugs.
pub(super) fn words(text: &str) -> BTreeMap<String, f64> {
    let folded: String = text.chars().flat_map(char::to_lowercase).map(plain).collect();
    let runs = folded.split(|c: char| !c.is_alphanumeric()).filter(|run| !run.is_empty());
    let mut found = BTreeMap::new();
    for run in runs.take(WORDS_MAX) {
        let coded = run.chars().any(|c| c.is_numeric());
        for part in parts(run) {
            let weight = weight(&part, coded);
            let known: &mut f64 = found.entry(part).or_insert(weight);
            *known = known.max(weight);
        }
    }
    found
}

fn weight(part: &str, coded: bool) -> f64 {
    match part {
        _ if coded => 2.0,
        filler if FILLERS.contains(&filler) => 0.2,
        short if short.chars().count() < 2 => 0.5,
        _ => 1.0,
    }
}

/// Digits and letters apart, so that `500ml` is what `500 ml` is.
fn parts(run: &str) -> Vec<String> {
    let mut parts: Vec<String> = Vec::new();
    let mut numeric = None;
    for letter in run.chars() {
        let is = letter.is_numeric();
        match parts.last_mut() {
            Some(last) if numeric == Some(is) => last.push(letter),
            _ => parts.push(letter.to_string()),
        }
        numeric = Some(is);
    }
    parts.into_iter().map(singular).collect()
}

/// `mugs` is `mug`; `glass` and `gas` stay.
fn singular(word: String) -> String {
    match word.strip_suffix('s') {
        Some(stem) if stem.len() > 2 && !stem.ends_with('s') => stem.to_owned(),
        _ => word,
    }
}

/// A letter without its accent.
fn plain(letter: char) -> char {
    match letter {
        'à'..='å' | 'ā' | 'ă' | 'ą' => 'a',
        'ç' | 'ć' | 'č' => 'c',
        'ď' | 'đ' => 'd',
        'è'..='ë' | 'ē' | 'ė' | 'ę' | 'ě' => 'e',
        'ğ' => 'g',
        'ì'..='ï' | 'ī' | 'į' | 'ı' => 'i',
        'ł' => 'l',
        'ñ' | 'ń' | 'ň' => 'n',
        'ò'..='ö' | 'ø' | 'ō' | 'ő' => 'o',
        'ř' => 'r',
        'ś' | 'š' | 'ş' => 's',
        'ť' => 't',
        'ù'..='ü' | 'ū' | 'ů' | 'ű' => 'u',
        'ý' | 'ÿ' => 'y',
        'ź' | 'ż' | 'ž' => 'z',
        other => other,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn texts(text: &str) -> Vec<String> {
        words(text).into_keys().collect()
    }

    #[test]
    fn order_case_accents_plurals_and_joined_units_do_not_matter() {
        assert_eq!(texts("Blue MUGS, 350ml"), texts("350 ml mug (blue)"));
        assert_eq!(texts("Crème brûlée"), ["brulee", "creme"]);
        assert_eq!(texts("KX-200"), texts("kx200"));
        assert_eq!(texts("glass"), ["glass"]);
        assert!(words("  –  ").is_empty());
    }

    #[test]
    fn numbers_and_codes_tell_more_than_words_and_fillers_next_to_nothing() {
        let found = words("The mug of KX200");
        assert_eq!((found["200"], found["kx"], found["mug"], found["the"]), (2.0, 2.0, 1.0, 0.2));
    }
}
