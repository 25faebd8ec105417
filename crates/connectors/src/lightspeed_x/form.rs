//! `application/x-www-form-urlencoded`, both ways, and text as part of a path. Used by `webhook`, `grants` and
//! `requests`; knows no field's meaning.

/// Text as part of a path or query: everything but letters, digits and `-._~` in its `%XX` form (RFC 3986).
pub(super) fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) {
            out.push(char::from(byte));
        } else {
            out.push_str(&format!("%{byte:02X}"));
        }
    }
    out
}

/// Fields as a form or query.
pub(super) fn encode(fields: &[(&str, &str)]) -> String {
    let fields: Vec<String> = fields.iter().map(|(name, value)| format!("{name}={}", escaped(value))).collect();
    fields.join("&")
}

/// The fields of a form, in order. `None` when a percent sign is not followed by two hexadecimal digits, or the text is
/// not UTF-8.
pub(super) fn decode(body: &[u8]) -> Option<Vec<(String, String)>> {
    let fields = body.split(|byte| *byte == b'&').filter(|field| !field.is_empty());
    fields
        .map(|field| {
            let split = field.iter().position(|byte| *byte == b'=').unwrap_or(field.len());
            let (name, value) = field.split_at(split);
            Some((plain(name)?, plain(value.get(1..).unwrap_or_default())?))
        })
        .collect()
}

fn plain(bytes: &[u8]) -> Option<String> {
    let mut out = Vec::with_capacity(bytes.len());
    let mut rest = bytes;
    while let Some((byte, tail)) = rest.split_first() {
        rest = tail;
        match byte {
            b'+' => out.push(b' '),
            b'%' => {
                let digits = rest.split_at_checked(2)?;
                out.push(hex(digits.0)?);
                rest = digits.1;
            }
            _ => out.push(*byte),
        }
    }
    String::from_utf8(out).ok()
}

/// One byte from two hexadecimal digits.
fn hex(digits: &[u8]) -> Option<u8> {
    let digit = |byte: u8| char::from(byte).to_digit(16).and_then(|digit| u8::try_from(digit).ok());
    match digits {
        [high, low] => Some(digit(*high)? * 16 + digit(*low)?),
        _ => None,
    }
}

/// Bytes from hexadecimal digits of either case. `None` when there is anything else.
pub(super) fn unhex(text: &[u8]) -> Option<Vec<u8>> {
    if text.len().is_multiple_of(2) { text.chunks(2).map(hex).collect() } else { None }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a_plus_is_a_space_and_a_broken_escape_is_refused() {
        let decoded = decode(b"a=1+2%2B&b&&c=%C3%A9=").expect("a form");
        let pair = |name: &str, value: &str| (name.to_owned(), value.to_owned());
        assert_eq!(decoded, [pair("a", "1 2+"), pair("b", ""), pair("c", "\u{e9}=")]);
        assert_eq!(decode(b"a=%4"), None);
        assert_eq!(decode(b"a=%+1"), None);
        assert_eq!(decode(b"a=%FF"), None);
    }

    proptest! {
        #[test]
        fn what_is_encoded_decodes_to_the_same(value in ".*") {
            let body = encode(&[("payload", &value), ("other", "x")]);
            let expected = vec![("payload".to_owned(), value), ("other".to_owned(), "x".to_owned())];
            prop_assert_eq!(decode(body.as_bytes()), Some(expected));
        }

        #[test]
        fn no_bytes_make_it_panic(bytes in proptest::collection::vec(any::<u8>(), 0..80)) {
            let decoded = decode(&bytes);
            prop_assert!(decoded.is_none_or(|fields| fields.len() <= bytes.len() + 1));
        }
    }
}
