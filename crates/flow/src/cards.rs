//! Card numbers never enter: they are found in whatever comes in at a door, and blacked out before anything is read.
//!
//! Every door calls it: deliveries, replies of platforms, the API, forms, files. A card number is 13 to 19 digits, alone or
//! in groups, that begin as an issuer's numbers do and end with the right check digit (ISO/IEC 7812-1). Numbers of goods
//! and orders look much alike, so what is 13 or 14 digits long is left alone where it is a trade item number (GTIN), stands
//! bare in JSON, in a path, or behind a plus: that is how goods, ids and telephones are written, and cards of this length
//! are hardly issued any more.

/// The bytes with every card number blacked out but for its last four digits; `None` when there is none, which is
/// nearly always. The length stays the same, unless digits were written as JSON escapes.
pub fn black_out(bytes: &[u8]) -> Option<Vec<u8>> {
    let plain = unescaped(bytes);
    let bytes = plain.as_deref().unwrap_or(bytes);
    let mut out: Option<Vec<u8>> = None;
    let mut at = 0;
    while let Some(run) = next_run(bytes, at) {
        at = run.end;
        for card in cards_in(bytes, &run) {
            let out = out.get_or_insert_with(|| bytes.to_vec());
            let bare = is_bare(bytes, &card);
            for place in &card.digits[..card.digits.len() - 4] {
                // A bare JSON number must stay one: nines begin no card number.
                out[*place] = if bare { b'9' } else { b'*' };
            }
        }
    }
    out
}

/// Whether there is a card number in a text.
pub fn holds_one(text: &str) -> bool {
    black_out(text.as_bytes()).is_some()
}

/// Digits that belong together: places of the digits, and where the run begins and ends.
struct Run {
    start: usize,
    end: usize,
    digits: Vec<usize>,
}

/// The card numbers in a run: the whole of it, or groups of it that stand side by side, since another number may stand
/// before or behind them with nothing but a blank between.
fn cards_in(bytes: &[u8], run: &Run) -> Vec<Run> {
    let whole = Run { start: run.start, end: run.end, digits: run.digits.clone() };
    if is_card(bytes, &whole) {
        return vec![whole];
    }
    let groups: Vec<&[usize]> = run.digits.chunk_by(|one, next| one + 1 == *next).collect();
    let (mut cards, mut from) = (Vec::new(), 0);
    while from < groups.len() {
        // The longest first; no card number has more groups than five.
        let found = (from + 1..=groups.len().min(from + 5)).rev().find_map(|to| {
            let some = &groups[from..to];
            let usual = some.len() == 1 || some.iter().all(|group| (3..=6).contains(&group.len()));
            let digits = some.concat();
            let (start, end) = (*digits.first()?, *digits.last()? + 1);
            let card = Run { start, end, digits };
            (usual && is_card(bytes, &card)).then_some((to, card))
        });
        match found {
            Some((to, card)) => {
                cards.push(card);
                from = to;
            }
            None => from += 1,
        }
    }
    cards
}

/// The next digits from `from` on, with at most one separator between two of them.
fn next_run(bytes: &[u8], from: usize) -> Option<Run> {
    let start = from + bytes.get(from..)?.iter().position(u8::is_ascii_digit)?;
    let (mut digits, mut at) = (vec![start], start + 1);
    loop {
        let rest = bytes.get(at..).unwrap_or_default();
        let gap = separator(rest);
        match rest.get(gap) {
            Some(byte) if byte.is_ascii_digit() => {
                digits.push(at + gap);
                at += gap + 1;
            }
            _ => return Some(Run { start, end: at, digits }),
        }
    }
}

/// Length of the separator that the bytes begin with: blank, dash, dot, the plus and the escapes of forms, and their
/// longer cousins of Unicode.
fn separator(rest: &[u8]) -> usize {
    const LONG: [&[u8]; 6] = [b"%20", b"%2D", b"\xc2\xa0", b"\xe2\x80\x91", b"\xe2\x80\x93", b"\xe2\x80\xaf"];
    match rest.first() {
        Some(b' ' | b'-' | b'.' | b'+') => 1,
        _ => LONG.iter().find(|long| rest.starts_with(long)).map_or(0, |long| long.len()),
    }
}

fn is_card(bytes: &[u8], run: &Run) -> bool {
    let digits: Vec<u8> = run.digits.iter().map(|place| bytes[*place] - b'0').collect();
    if !(13..=19).contains(&digits.len()) || !is_issued(&digits) || !luhn(&digits) {
        return false;
    }
    let before = run.start.checked_sub(1).and_then(|place| bytes.get(place));
    let after = bytes.get(run.end);
    // Letters on either side make it a part of some other name.
    let apart = |byte: Option<&u8>| byte.is_none_or(|byte| !byte.is_ascii_alphanumeric() && *byte != b'_');
    if !apart(before) || !apart(after) {
        return false;
    }
    if digits.len() > 14 {
        return true;
    }
    !is_trade_item(&digits) && !matches!(before, Some(b'+' | b'/')) && !is_bare(bytes, run)
}

/// A number of its own in JSON: after a colon, comma or bracket, and before one.
fn is_bare(bytes: &[u8], run: &Run) -> bool {
    if run.digits.len() != run.end - run.start {
        return false;
    }
    let before = bytes[..run.start].iter().rev().find(|byte| !byte.is_ascii_whitespace());
    let after = bytes[run.end..].iter().find(|byte| !byte.is_ascii_whitespace());
    matches!(before, Some(b':' | b',' | b'[')) && matches!(after, Some(b',' | b'}' | b']'))
}

/// Whether an issuer's numbers begin so and are that long. Read in the issuers' own tables of ranges, November 2026.
fn is_issued(digits: &[u8]) -> bool {
    let first = |count: usize| digits[..count].iter().fold(0_u32, |number, digit| number * 10 + u32::from(*digit));
    let (two, three, four) = (first(2), first(3), first(4));
    match digits.len() {
        13 => two / 10 == 4,
        14 => matches!(two, 36 | 38 | 39) || matches!(three, 300..=305 | 309),
        15 => matches!(two, 34 | 37),
        16 => {
            two / 10 == 4
                || matches!(two, 51..=55 | 62 | 65 | 81)
                || matches!(three, 644..=649)
                || matches!(four, 2200..=2204 | 2221..=2720 | 3528..=3589 | 6011)
                || is_maestro(four)
        }
        17 | 18 => two == 62 || is_maestro(four),
        19 => two / 10 == 4 || matches!(two, 62 | 65) || is_maestro(four),
        _ => false,
    }
}

fn is_maestro(four: u32) -> bool {
    matches!(four, 5018 | 5020 | 5038 | 5893 | 6304 | 6759 | 6761..=6763)
}

fn luhn(digits: &[u8]) -> bool {
    let sum: u32 = digits
        .iter()
        .rev()
        .enumerate()
        .map(|(place, digit)| {
            let digit = u32::from(*digit);
            if place % 2 == 0 {
                digit
            } else if digit > 4 {
                digit * 2 - 9
            } else {
                digit * 2
            }
        })
        .sum();
    sum.is_multiple_of(10)
}

/// Whether the check digit is that of a trade item number.
fn is_trade_item(digits: &[u8]) -> bool {
    let weighted = digits.iter().rev().enumerate();
    weighted
        .map(|(place, digit)| u32::from(*digit) * if place % 2 == 0 { 1 } else { 3 })
        .sum::<u32>()
        .is_multiple_of(10)
}

/// The bytes with digits in place of their JSON escapes (`\u0034` is a 4); `None` when there are none. It says the same.
fn unescaped(bytes: &[u8]) -> Option<Vec<u8>> {
    const ESCAPE: &[u8] = b"\\u003";
    bytes.windows(ESCAPE.len()).any(|window| window == ESCAPE).then(|| {
        let mut out = Vec::with_capacity(bytes.len());
        let mut at = 0;
        while let Some(byte) = bytes.get(at) {
            let digit = bytes.get(at + 5).filter(|digit| digit.is_ascii_digit());
            match (bytes[at..].starts_with(ESCAPE), digit) {
                (true, Some(digit)) => {
                    out.push(*digit);
                    at += 6;
                }
                // What follows a backslash belongs to it.
                _ if *byte == b'\\' => {
                    out.extend(bytes[at..].iter().take(2));
                    at += 2;
                }
                _ => {
                    out.push(*byte);
                    at += 1;
                }
            }
        }
        out
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn said(text: &str) -> String {
        let out = black_out(text.as_bytes()).unwrap_or_else(|| text.as_bytes().to_vec());
        String::from_utf8(out).expect("it was text and stays text")
    }

    /// Numbers that the networks and gateways publish for tests.
    const CARDS: [&str; 14] = [
        "4111111111111111",
        "4012888888881881",
        "4222222222222",
        "5555555555554444",
        "5105105105105100",
        "2223003122003222",
        "378282246310005",
        "371449635398431",
        "30569309025904",
        "38520000023237",
        "6011111111111117",
        "3530111333300000",
        "6200000000000005",
        "6759649826438453",
    ];

    #[test]
    fn card_numbers_are_blacked_out_but_for_their_last_four_digits_however_they_are_written() {
        assert_eq!(said("paid with 4111 1111 1111 1111, thanks"), "paid with **** **** **** 1111, thanks");
        assert_eq!(said("{\"note\":\"4111-1111-1111-1111\"}"), "{\"note\":\"****-****-****-1111\"}");
        assert_eq!(said("note=4111+1111+1111+1111&x=1"), "note=****+****+****+1111&x=1");
        assert_eq!(said("note=4111%201111%201111%201111"), "note=****%20****%20****%201111");
        assert_eq!(said("4111\u{a0}1111\u{a0}1111\u{a0}1111"), "****\u{a0}****\u{a0}****\u{a0}1111");
        assert_eq!(said("order 80020001 4111111111111111 2"), "order 80020001 ************1111 2");
        assert_eq!(said("7 4111 1111 1111 1111 9"), "7 **** **** **** 1111 9");
        assert_eq!(said("[4111111111111111]"), "[9999999999991111]");
        assert_eq!(said("\"\\u0034111111111111111\""), "\"************1111\"");
        for card in CARDS {
            let out = said(&format!("\"{card}\""));
            assert!(!out.contains(card) && out.contains('*'), "{card}: {out}");
            assert!(!holds_one(&out), "what is blacked out holds none: {out}");
        }
    }

    #[test]
    fn numbers_of_goods_ids_telephones_and_dates_stay_as_they_are() {
        for text in [
            // Trade item numbers of Germany and Japan begin with 4 as well; the first of them passes the Luhn check too.
            "\"4006381333931\"",
            "\"4901234567894\"",
            "{\"id\":4111111111119}",
            "gid://shop/Order/4222222222222",
            "+4222222222222",
            "4111111111111112",
            "2026-11-24 15:47:33.123456",
            "1764000000000000",
            "a4111111111111111",
            "4111111111111111z",
            "d2719e4c-4111-1111-1111-111111111111",
            "9999999999991111",
        ] {
            assert_eq!(said(text), text);
        }
    }

    #[test]
    fn an_escaped_backslash_before_the_letters_of_an_escape_is_not_an_escape() {
        let text = r#""\\u0034111111111111111""#;
        assert_eq!(unescaped(text.as_bytes()), Some(text.as_bytes().to_vec()));
    }
}
