//! How like two texts are: Jaro–Winkler, one typing error, and the sound of a name. Called by the comparison and the
//! blocks; knows no field.

/// Jaro–Winkler likeness in 0..=1 (Winkler 1990): 1 is equal, a common beginning of up to four letters counts more.
pub fn jaro_winkler(a: &str, b: &str) -> f64 {
    if a.is_ascii() && b.is_ascii() && a.len() <= 64 && b.len() <= 64 {
        winkler(a.as_bytes(), b.as_bytes(), jaro_bytes(a.as_bytes(), b.as_bytes()))
    } else {
        let (a, b): (Vec<char>, Vec<char>) = (a.chars().take(64).collect(), b.chars().take(64).collect());
        winkler(&a, &b, jaro(&a, &b))
    }
}

fn winkler<T: PartialEq>(a: &[T], b: &[T], jaro: f64) -> f64 {
    let begin = a.iter().zip(b).take(4).take_while(|(x, y)| x == y).count();
    jaro + begin as f64 * 0.1 * (1.0 - jaro)
}

/// Jaro's likeness of at most 64 letters each: matched places are bits of a word.
fn jaro<T: PartialEq + Copy>(a: &[T], b: &[T]) -> f64 {
    matched(a, b, |letter, from, to, taken| (from..to).find(|place| taken & (1 << place) == 0 && b[*place] == letter))
}

/// The same for bytes, where the places of every letter are known beforehand.
fn jaro_bytes(a: &[u8], b: &[u8]) -> f64 {
    let mut places = [0_u64; 128];
    for (place, letter) in b.iter().enumerate() {
        places[usize::from(letter & 127)] |= 1 << place;
    }
    matched(a, b, |letter: u8, from, to, taken| {
        let window = mask(to) & !mask(from);
        let free = places[usize::from(letter & 127)] & window & !taken;
        (free != 0).then(|| free.trailing_zeros() as usize)
    })
}

/// The lowest `count` bits.
fn mask(count: usize) -> u64 {
    if count >= 64 { u64::MAX } else { (1 << count) - 1 }
}

fn matched<T: PartialEq + Copy>(a: &[T], b: &[T], find: impl Fn(T, usize, usize, u64) -> Option<usize>) -> f64 {
    if a.is_empty() || b.is_empty() {
        return if a.is_empty() && b.is_empty() { 1.0 } else { 0.0 };
    }
    let reach = (a.len().max(b.len()) / 2).saturating_sub(1);
    let (mut of_a, mut of_b) = (0_u64, 0_u64);
    for (place, letter) in a.iter().enumerate() {
        let (from, to) = (place.saturating_sub(reach), (place + reach + 1).min(b.len()));
        if from < to
            && let Some(found) = find(*letter, from, to, of_b)
        {
            of_a |= 1 << place;
            of_b |= 1 << found;
        }
    }
    let common = of_a.count_ones();
    if common == 0 {
        return 0.0;
    }
    let mut crossed = 0_u32;
    let (mut left, mut right) = (of_a, of_b);
    while left != 0 {
        crossed += u32::from(a[left.trailing_zeros() as usize] != b[right.trailing_zeros() as usize]);
        left &= left - 1;
        right &= right - 1;
    }
    let m = f64::from(common);
    (m / a.len() as f64 + m / b.len() as f64 + (m - f64::from(crossed / 2)) / m) / 3.0
}

/// Whether one typing error explains the difference: a letter more, less, another, or two neighbours swapped.
pub fn one_error(a: &str, b: &str) -> bool {
    let (a, b) = if a.len() <= b.len() { (a.as_bytes(), b.as_bytes()) } else { (b.as_bytes(), a.as_bytes()) };
    let begin = a.iter().zip(b).take_while(|(x, y)| x == y).count();
    let (a, b) = (&a[begin..], &b[begin..]);
    let end = a.iter().rev().zip(b.iter().rev()).take_while(|(x, y)| x == y).count();
    match (&a[..a.len() - end], &b[..b.len() - end]) {
        ([], [] | [_]) | ([_], [_]) => true,
        ([p, q], [r, s]) => p == s && q == r,
        _ => false,
    }
}

/// American Soundex (letter and three digits) packed into a number; for other scripts a hash of the first letters.
/// 0 for nothing.
pub fn soundex(text: &str) -> u32 {
    let Some(first) = text.chars().find(|letter| letter.is_alphanumeric()) else {
        return 0;
    };
    if !first.is_ascii_alphabetic() {
        let begin: Vec<u8> = text.chars().take(4).collect::<String>().into_bytes();
        return (model::stable_hash(&[&begin]) as u32) | 1 << 31;
    }
    let mut code = u32::from(first.to_ascii_lowercase() as u8);
    let (mut digits, mut last) = (0, digit(first));
    for letter in text.chars().skip(1) {
        let now = digit(letter);
        if now != 0 && now != last {
            code = code << 4 | now;
            digits += 1;
            if digits == 3 {
                return code;
            }
        }
        // Of equal sounds around h and w only one counts.
        if !matches!(letter, 'h' | 'w') {
            last = now;
        }
    }
    code << (4 * (3 - digits))
}

fn digit(letter: char) -> u32 {
    match letter.to_ascii_lowercase() {
        'b' | 'f' | 'p' | 'v' => 1,
        'c' | 'g' | 'j' | 'k' | 'q' | 's' | 'x' | 'z' => 2,
        'd' | 't' => 3,
        'l' => 4,
        'm' | 'n' => 5,
        'r' => 6,
        _ => 0,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn the_published_examples_of_jaro_and_winkler_come_out() {
        // Winkler (1990), and the examples of Cohen, Ravikumar and Fienberg (2003).
        for (a, b, known) in [
            ("martha", "marhta", 0.9611),
            ("dwayne", "duane", 0.84),
            ("dixon", "dicksonx", 0.8133),
            ("jones", "johnson", 0.8324),
            ("abc", "xyz", 0.0),
        ] {
            assert!((jaro_winkler(a, b) - known).abs() < 5e-5, "{a} {b} {}", jaro_winkler(a, b));
        }
    }

    #[test]
    fn the_published_examples_of_soundex_come_out() {
        // The National Archives' rules and examples.
        let known = |letter: u8, digits: [u32; 3]| digits.iter().fold(u32::from(letter), |code, d| code << 4 | d);
        for (name, code) in [
            ("washington", known(b'w', [2, 5, 2])),
            ("lee", known(b'l', [0, 0, 0])),
            ("gutierrez", known(b'g', [3, 6, 2])),
            ("pfister", known(b'p', [2, 3, 6])),
            ("jackson", known(b'j', [2, 5, 0])),
            ("ashcraft", known(b'a', [2, 6, 1])),
        ] {
            assert_eq!(soundex(name), code, "{name}");
        }
        assert_eq!(soundex("robert"), soundex("rupert"));
        assert_eq!(soundex(""), 0);
    }

    #[test]
    fn one_typing_error_is_seen_and_two_are_not() {
        for (a, b) in [("allen", "alen"), ("allen", "allan"), ("allen", "allne"), ("allen", "allen"), ("a", "")] {
            assert!(one_error(a, b) && one_error(b, a), "{a} {b}");
        }
        for (a, b) in [("allen", "aen"), ("allen", "ollan"), ("abcd", "badc"), ("", "ab")] {
            assert!(!one_error(a, b) && !one_error(b, a), "{a} {b}");
        }
    }

    proptest! {
        #[test]
        fn likeness_is_in_its_range_and_quick_and_plain_ways_agree(a in "[a-e]{0,20}", b in "[a-e]{0,20}") {
            let quick = jaro_winkler(&a, &b);
            prop_assert!((0.0..=1.0).contains(&quick));
            prop_assert_eq!(quick == 1.0, a == b);
            let (p, q): (Vec<char>, Vec<char>) = (a.chars().collect(), b.chars().collect());
            prop_assert_eq!(quick, winkler(&p, &q, jaro(&p, &q)));
        }

        #[test]
        fn no_text_is_too_odd(a in "\\PC{0,200}", b in "\\PC{0,200}") {
            let likeness = jaro_winkler(&a, &b);
            prop_assert!((0.0..=1.0).contains(&likeness), "{likeness}");
            let _ = (one_error(&a, &b), soundex(&a));
        }
    }
}
