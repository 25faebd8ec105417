//! E-mail, telephone, postcode and birth date in one form each. Called when a record is read. What it cannot read it
//! keeps as it stands: a strange value is still equal to itself.

use super::text::squeeze;

/// Providers that deliver "a.b+shop@" and "ab@" to the same person.
const IGNORE_DOTS: &[&str] = &["gmail.com", "googlemail.com"];
/// Providers that ignore what stands after a plus.
const IGNORE_PLUS: &[&str] = &[
    "gmail.com",
    "googlemail.com",
    "outlook.com",
    "hotmail.com",
    "live.com",
    "icloud.com",
    "me.com",
    "fastmail.com",
    "proton.me",
    "protonmail.com",
];

/// An address in lower case; dots and plus are removed only for providers known to ignore them. Empty when there is
/// no `@` with something on both sides.
pub fn email(text: &str) -> String {
    let text: String = text.chars().filter(|letter| !letter.is_whitespace()).take(128).collect();
    let text = text.to_lowercase();
    let Some((local, domain)) = text.rsplit_once('@') else {
        return String::new();
    };
    let domain = if domain == "googlemail.com" { "gmail.com" } else { domain.trim_end_matches('.') };
    let mut local = local.to_owned();
    if IGNORE_PLUS.contains(&domain)
        && let Some(plus) = local.find('+')
    {
        local.truncate(plus);
    }
    if IGNORE_DOTS.contains(&domain) {
        local.retain(|letter| letter != '.');
    }
    if local.is_empty() || domain.is_empty() { String::new() } else { format!("{local}@{domain}") }
}

/// What stands before the `@`.
pub fn local(email: &str) -> &str {
    email.split('@').next().unwrap_or_default()
}

/// Calling codes that are taken off, longest first among those with the same beginning.
const CALLING: &[&str] = &[
    "351", "353", "358", "420", "421", "30", "31", "32", "33", "34", "36", "39", "40", "41", "43", "44", "45", "46",
    "47", "48", "49", "52", "54", "55", "56", "57", "60", "61", "62", "63", "64", "65", "66", "81", "82", "84", "86",
    "90", "91", "1", "7",
];

/// The national digits of a number: "+44 20 7946 0018", "0044 (0)20 7946 0018" and "020 7946 0018" are one. Empty
/// when there are fewer than five digits.
pub fn phone(text: &str) -> String {
    let text = text.trim();
    let mut digits: String = text
        .chars()
        .filter_map(|letter| letter.to_digit(10))
        .filter_map(|d| char::from_digit(d, 10))
        .take(20)
        .collect();
    let international = text.starts_with('+') || digits.starts_with("00");
    if international {
        let plain = digits.trim_start_matches('0');
        let code = CALLING.iter().find(|code| plain.starts_with(**code));
        digits = plain[code.map_or(0, |code| code.len())..].to_owned();
    } else if digits.len() == 11 && digits.starts_with('1') {
        digits.remove(0);
    }
    let national = digits.trim_start_matches('0');
    if national.len() < 5 { String::new() } else { national.to_owned() }
}

/// A postcode without spaces; of a ZIP+4 the first five digits.
pub fn postcode(text: &str) -> String {
    let digits = |part: &str, count: usize| part.len() == count && part.bytes().all(|byte| byte.is_ascii_digit());
    let text = text.trim();
    match text.split_once('-') {
        Some((zip, four)) if digits(zip, 5) && digits(four, 4) => zip.to_owned(),
        _ if digits(text, 9) => text[..5].to_owned(),
        // A table program made a number of it.
        _ => squeeze(text.strip_suffix(".0").unwrap_or(text)),
    }
}

/// The part of a normalised postcode that neighbouring ones share: without the last three of six or more signs, the last
/// two of fewer. Empty when nothing is left.
pub fn area(postcode: &str) -> &str {
    let last = if postcode.len() > 5 { 2 } else { 1 };
    let end = postcode.char_indices().rev().nth(last).map_or(0, |(at, _)| at);
    &postcode[..end]
}

/// A birth date as `YYYYMMDD`, from `YYYY-MM-DD`, `YYYYMMDD`, `DD.MM.YYYY`, `DD/MM/YYYY` or `MM/DD/YYYY` (where both
/// can be, day first: the comparison forgives the swap). The digits as they stand when it is none of these.
pub fn birth_date(text: &str) -> String {
    let text = text.split(['T', ' ']).next().unwrap_or_default();
    let parts: Vec<&str> =
        text.split(|letter: char| !letter.is_ascii_digit()).filter(|part| !part.is_empty()).collect();
    match parts[..] {
        [year, month, day] if year.len() == 4 && month.len() <= 2 && day.len() <= 2 => {
            format!("{year}{month:0>2}{day:0>2}")
        }
        [a, b, year] if year.len() == 4 && a.len() <= 2 && b.len() <= 2 => {
            let month_first = b.parse::<u32>().is_ok_and(|b| b > 12);
            let (day, month) = if month_first { (b, a) } else { (a, b) };
            format!("{year}{month:0>2}{day:0>2}")
        }
        _ => parts.concat().chars().take(16).collect(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn dots_and_plus_are_ignored_only_where_the_provider_does() {
        assert_eq!(email(" A.B+shop@GoogleMail.com "), "ab@gmail.com");
        assert_eq!(email("a.b+shop@Example.com"), "a.b+shop@example.com");
        assert_eq!(email("a.b+x@outlook.com"), "a.b@outlook.com");
        assert_eq!((email("nobody"), email("@x.de"), email("a@"), email("+@gmail.com")), Default::default());
    }

    #[test]
    fn one_number_has_one_form() {
        for text in ["+44 20 7946 0018", "0044 (0)20 7946 0018", "020 7946 0018", "020-7946-0018"] {
            assert_eq!(phone(text), "2079460018", "{text}");
        }
        assert_eq!(phone("+1 (312) 386-5286"), phone("1-312-386-5286"));
        assert_eq!((phone("n/a"), phone("0000")), Default::default());
    }

    #[test]
    fn postcodes_and_dates_are_read_as_they_are_written() {
        assert_eq!(
            (postcode("60302-1234"), postcode("bs2 0EL"), postcode("3241.0")),
            ("60302".into(), "bs20el".into(), "3241".into())
        );
        for text in ["1971-06-24", "19710624", "24.06.1971", "06/24/1971", "24/6/1971", "1971-06-24T00:00:00Z"] {
            assert_eq!(birth_date(text), "19710624", "{text}");
        }
        assert_eq!(
            (birth_date("1856-86-18"), birth_date("1971"), birth_date("unknown")),
            ("18568618".into(), "1971".into(), "".into())
        );
    }

    #[test]
    fn neighbouring_postcodes_share_their_area() {
        assert_eq!((area("bs20el"), area("60302"), area("4107"), area("ab"), area("")), ("bs2", "603", "41", "", ""));
    }

    proptest! {
        #[test]
        fn no_text_is_too_odd(text in "\\PC{0,60}") {
            let _ = (area(&text), email(&text), phone(&text), postcode(&text), birth_date(&text));
        }
    }
}
