//! Words, model codes and measures in product texts of any language. Called by the corpus and the checks; knows no
//! product.

/// Units whose number belongs to them, as written and as kept.
const UNITS: [(&str, &str); 44] = [
    ("gb", "gb"),
    ("go", "gb"),
    ("tb", "tb"),
    ("to", "tb"),
    ("mb", "mb"),
    ("kb", "kb"),
    ("ghz", "ghz"),
    ("mhz", "mhz"),
    ("hz", "hz"),
    ("mm", "mm"),
    ("cm", "cm"),
    ("m", "m"),
    ("inch", "inch"),
    ("inches", "inch"),
    ("in", "inch"),
    ("ft", "ft"),
    ("mp", "mp"),
    ("megapixel", "mp"),
    ("megapixels", "mp"),
    ("w", "w"),
    ("watt", "w"),
    ("watts", "w"),
    ("v", "v"),
    ("mah", "mah"),
    ("oz", "oz"),
    ("ml", "ml"),
    ("cl", "cl"),
    ("l", "l"),
    ("kg", "kg"),
    ("g", "g"),
    ("mg", "mg"),
    ("lb", "lb"),
    ("lbs", "lb"),
    ("rpm", "rpm"),
    ("pin", "pin"),
    ("p", "p"),
    ("x", "x"),
    ("port", "port"),
    ("ports", "port"),
    ("pack", "pack"),
    ("packs", "pack"),
    ("pk", "pack"),
    ("ct", "pack"),
    ("count", "pack"),
];
const COLOURS: [&str; 38] = [
    "amarillo", "azul", "beige", "bianco", "black", "blanc", "blanco", "blau", "bleu", "blue", "bronze", "brown",
    "chrome", "gold", "graphite", "gray", "green", "grey", "negro", "nero", "noir", "orange", "pink", "plata",
    "purple", "red", "rojo", "rosa", "rot", "schwarz", "silver", "titanium", "weiss", "white", "wit", "yellow",
    "zilver", "zwart",
];
/// Longest model code; what is longer is an address or a sentence without spaces.
const CODE_LONGEST: usize = 20;
/// Most characters of a text that are read.
const TEXT_LONGEST: usize = 20_000;

/// Lower case, without markup: character references read, language tags (`"…"@en`) and the word `null` left out.
pub fn plain(text: &str) -> String {
    let lower: String = text.chars().take(TEXT_LONGEST).collect::<String>().to_lowercase();
    let mut out = String::with_capacity(lower.len());
    let mut rest = lower.as_str();
    while let Some(next) = rest.chars().next() {
        if let Some((read, length)) = reference(rest) {
            out.push(read);
            rest = &rest[length..];
        } else if let Some(length) = language_tag(rest) {
            out.push(' ');
            rest = &rest[length..];
        } else {
            out.push(next);
            rest = &rest[next.len_utf8()..];
        }
    }
    out
}

/// A character reference of HTML at the beginning of a text, and its length.
fn reference(text: &str) -> Option<(char, usize)> {
    let body = text.strip_prefix('&')?;
    let end = body.bytes().take(8).position(|byte| byte == b';')?;
    let name = body.get(..end)?;
    let read = match name {
        "amp" => '&',
        "quot" => '"',
        "lt" => '<',
        "gt" => '>',
        "nbsp" => ' ',
        number => char::from_u32(number.strip_prefix('#')?.parse().ok()?)?,
    };
    Some((read, end + 2))
}

/// `"@en` or `"@en-us` at the beginning of a text: its length.
fn language_tag(text: &str) -> Option<usize> {
    let body = text.strip_prefix("\"@")?;
    let letters = |text: &str| text.bytes().take_while(u8::is_ascii_lowercase).count();
    let language = letters(body);
    if language != 2 {
        return None;
    }
    let region = body[2..].strip_prefix('-').map_or(0, |region| if letters(region) == 2 { 3 } else { 0 });
    Some(2 + language + region)
}

/// A word and whether only white space stands before it.
struct Piece {
    word: String,
    follows: bool,
}

fn pieces(plain: &str) -> Vec<Piece> {
    let chars: Vec<char> = plain.chars().collect();
    let mut pieces: Vec<Piece> = Vec::new();
    let (mut word, mut follows, mut gap) = (String::new(), false, false);
    for (place, this) in chars.iter().enumerate() {
        let digit = |place: Option<usize>| place.and_then(|p| chars.get(p)).is_some_and(char::is_ascii_digit);
        let inner =
            matches!(this, '.' | ',') && digit(place.checked_sub(1)) && digit(Some(place + 1)) && !word.is_empty();
        if this.is_alphanumeric() || inner {
            if word.is_empty() {
                follows = gap;
            }
            word.push(if *this == ',' { '.' } else { *this });
        } else {
            if !word.is_empty() {
                pieces.push(Piece { word: std::mem::take(&mut word), follows });
                gap = true;
            }
            gap &= this.is_whitespace();
        }
    }
    if !word.is_empty() {
        pieces.push(Piece { word, follows });
    }
    pieces
}

fn is_number(word: &str) -> bool {
    word.starts_with(|c: char| c.is_ascii_digit()) && word.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.')
}

fn unit(word: &str) -> Option<&'static str> {
    UNITS.iter().find(|(written, _)| *written == word).map(|(_, kept)| *kept)
}

/// Words in order; a number and the unit behind it are one word ("16 GB" is `16gb`).
pub fn words(plain: &str) -> Vec<String> {
    let mut words: Vec<String> = Vec::new();
    for piece in pieces(plain) {
        match (unit(&piece.word), words.last_mut()) {
            (Some(unit), Some(number)) if piece.follows && is_number(number) => number.push_str(unit),
            _ => words.push(match measure(&piece.word) {
                Some((number, unit)) => format!("{number}{unit}"),
                None => piece.word,
            }),
        }
    }
    words
}

/// Number and unit of a word such as `16gb`.
pub fn measure(word: &str) -> Option<(&str, &'static str)> {
    let end = word.find(|c: char| !c.is_ascii_digit() && c != '.')?;
    let (number, rest) = word.split_at(end);
    if !is_number(number) {
        return None;
    }
    unit(rest).map(|unit| (number, unit))
}

/// Whether a word is a plain number.
pub fn number(word: &str) -> bool {
    is_number(word)
}

/// Whether a word is a colour.
pub fn colour(word: &str) -> bool {
    COLOURS.binary_search(&word).is_ok()
}

/// Model codes: at least four characters with a letter and a digit, or five digits; with the hyphens inside left out, and
/// each part by itself. Measures are none. Sorted.
pub fn codes(plain: &str) -> Vec<String> {
    let mut codes: Vec<String> = Vec::new();
    let joint = |c: char| matches!(c, '-' | '/' | '.');
    for run in plain.split(|c: char| !c.is_alphanumeric() && !joint(c)) {
        let run = run.trim_matches(joint);
        let joined: String = run.chars().filter(|c| !joint(*c)).collect();
        let parts = run.split(joint).map(str::to_owned);
        codes.extend(std::iter::once(joined).chain(parts).filter(|word| is_code(word)));
    }
    codes.sort_unstable();
    codes.dedup();
    codes
}

fn is_code(word: &str) -> bool {
    let length = word.chars().count();
    let digits = word.chars().filter(char::is_ascii_digit).count();
    let letters = word.chars().any(char::is_alphabetic);
    let mixed = length >= 4 && digits > 0 && letters && measure(word).is_none();
    (mixed || (length >= 5 && digits == length)) && length <= CODE_LONGEST
}

/// Letters and digits only.
pub fn squashed(plain: &str) -> String {
    plain.chars().filter(|c| c.is_alphanumeric()).collect()
}

/// The first number in a text: a price, a strength, a duration ("$ 1,299.00" is 1299, "6:30" is 6).
pub fn first_number(text: &str) -> Option<f64> {
    let start = text.find(|c: char| c.is_ascii_digit())?;
    let run: String = text[start..].chars().take_while(|c| c.is_ascii_digit() || matches!(c, '.' | ',')).collect();
    let run = run.trim_end_matches(['.', ',']);
    // A comma before one or two last digits is a decimal one; others part thousands.
    let decimal = run.rfind(',').filter(|place| run.len() - place <= 3 && !run[*place..].contains('.'));
    let clean: String = match decimal {
        Some(place) => {
            run.char_indices().map(|(at, c)| if at == place { '.' } else { c }).filter(|c| *c != ',').collect()
        }
        None => run.chars().filter(|c| *c != ',').collect(),
    };
    clean.parse().ok().filter(|number: &f64| number.is_finite())
}

/// Jaro's similarity with Winkler's bonus for a common beginning (Winkler 1990), 0 to 1.
pub fn jaro_winkler(a: &str, b: &str) -> f64 {
    let (a, b): (Vec<char>, Vec<char>) = (a.chars().take(64).collect(), b.chars().take(64).collect());
    if a.is_empty() || b.is_empty() {
        return f64::from(u8::from(a == b));
    }
    let reach = (a.len().max(b.len()) / 2).saturating_sub(1);
    let (mut in_a, mut in_b) = (vec![false; a.len()], vec![false; b.len()]);
    for (i, c) in a.iter().enumerate() {
        let near = i.saturating_sub(reach)..(i + reach + 1).min(b.len());
        if let Some(j) = near.into_iter().find(|j| !in_b[*j] && b[*j] == *c) {
            (in_a[i], in_b[j]) = (true, true);
        }
    }
    let kept = |text: &[char], kept: &[bool]| -> Vec<char> {
        text.iter().zip(kept).filter(|(_, kept)| **kept).map(|(c, _)| *c).collect()
    };
    let (same_a, same_b) = (kept(&a, &in_a), kept(&b, &in_b));
    if same_a.is_empty() {
        return 0.0;
    }
    let same = same_a.len() as f64;
    let turned = same_a.iter().zip(&same_b).filter(|(x, y)| x != y).count() as f64 / 2.0;
    let jaro = (same / a.len() as f64 + same / b.len() as f64 + (same - turned) / same) / 3.0;
    let begin = a.iter().zip(&b).take(4).take_while(|(x, y)| x == y).count() as f64;
    jaro + begin * 0.1 * (1.0 - jaro)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a_number_and_its_unit_are_one_word_however_they_are_written() {
        let one = words(&plain("SanDisk 32 GB, 22 Megapixels &amp; 10,5 cm"));
        assert_eq!(one, ["sandisk", "32gb", "22mp", "10.5cm"]);
        assert_eq!(words(&plain("32GB")), words(&plain("32 gb")));
        assert_eq!(measure("16gb"), Some(("16", "gb")));
        assert_eq!(measure("gb"), None);
    }

    #[test]
    fn model_codes_are_found_with_and_without_hyphens_and_measures_are_none() {
        assert_eq!(codes("denon dvd-2930ci 32gb 4960999 dvd"), ["2930ci", "4960999", "dvd2930ci"]);
    }

    #[test]
    fn language_tags_and_references_are_read() {
        assert_eq!(words(&plain("\"Canon 70D\"@en-US \"Body &#40;D&#41;\"@en")), ["canon", "70d", "body", "d"]);
    }

    #[test]
    fn prices_are_read_in_both_ways_of_writing() {
        let read = |text| first_number(text);
        assert_eq!(
            (read("$ 1,299.00"), read("1.29"), read("12,5 %"), read("free")),
            (Some(1299.0), Some(1.29), Some(12.5), None)
        );
    }

    #[test]
    fn jaro_winkler_has_the_values_of_its_paper() {
        // Winkler 1990, table 1.
        assert!((jaro_winkler("martha", "marhta") - 0.961_111).abs() < 1e-6);
        assert!((jaro_winkler("dwayne", "duane") - 0.84).abs() < 1e-6);
    }

    #[test]
    fn colours_are_sorted_so_that_they_are_found() {
        assert!(COLOURS.windows(2).all(|two| two[0] < two[1]));
        assert!(colour("black") && !colour("canon"));
    }

    proptest! {
        #[test]
        fn no_text_is_a_trouble(a in "\\PC{0,60}", b in "[a-z0-9 .,&#;\"@-]{0,60}") {
            for text in [&a, &b] {
                let read = plain(text);
                prop_assert!(codes(&read).iter().all(|code| code.chars().count() <= CODE_LONGEST));
                prop_assert!(words(&read).iter().all(|word| !word.is_empty()));
                prop_assert!(first_number(text).is_none_or(f64::is_finite));
            }
            let alike = jaro_winkler(&a, &b);
            prop_assert!((0.0..=1.0 + 1e-12).contains(&alike));
            prop_assert_eq!(jaro_winkler(&b, &b), 1.0);
        }
    }
}
