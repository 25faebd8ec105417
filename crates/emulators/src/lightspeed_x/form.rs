//! `application/x-www-form-urlencoded`, both ways: queries and the token endpoint are read, hook bodies are written.
//!
//! Used by the door, `oauth` and `hooks`; it does not know the fields.

const HEX: &[u8; 16] = b"0123456789ABCDEF";

/// The pairs of a query or form body, decoded, in their order.
pub fn read(text: &str) -> Vec<(String, String)> {
    let pairs = text.split('&').filter(|pair| !pair.is_empty());
    pairs
        .map(|pair| {
            let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
            (decode(name), decode(value))
        })
        .collect()
}

/// The pairs as one text: spaces become `+`, everything but letters, digits and `*-._` is percent-encoded.
pub fn write(pairs: &[(&str, &str)]) -> String {
    let mut text = String::with_capacity(pairs.iter().map(|(_, value)| value.len() * 2 + 16).sum());
    for (name, value) in pairs {
        if !text.is_empty() {
            text.push('&');
        }
        encode(name, &mut text);
        text.push('=');
        encode(value, &mut text);
    }
    text
}

fn encode(value: &str, text: &mut String) {
    for byte in value.bytes() {
        match byte {
            b' ' => text.push('+'),
            b'*' | b'-' | b'.' | b'_' | b'0'..=b'9' | b'A'..=b'Z' | b'a'..=b'z' => text.push(char::from(byte)),
            other => {
                text.push('%');
                text.push(char::from(HEX[usize::from(other >> 4)]));
                text.push(char::from(HEX[usize::from(other & 0xF)]));
            }
        }
    }
}

/// A broken escape stays as it is.
fn decode(text: &str) -> String {
    let bytes = text.as_bytes();
    let mut decoded = Vec::with_capacity(bytes.len());
    let mut at = 0;
    while at < bytes.len() {
        let digits = bytes.get(at + 1..at + 3).filter(|_| bytes[at] == b'%');
        let escaped =
            digits.and_then(|hex| std::str::from_utf8(hex).ok()).and_then(|hex| u8::from_str_radix(hex, 16).ok());
        match escaped {
            Some(byte) => {
                decoded.push(byte);
                at += 3;
            }
            None => {
                decoded.push(if bytes[at] == b'+' { b' ' } else { bytes[at] });
                at += 1;
            }
        }
    }
    String::from_utf8_lossy(&decoded).into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_is_read_back() {
        let value = r#"{"name":"Mug / Blue", "note":"50 % & more = ü+"}"#;
        let text = write(&[("payload", value), ("domain_prefix", "emulated-x")]);
        assert!(text.starts_with("payload=%7B%22name%22%3A%22Mug+%2F+Blue%22"));
        let pairs = read(&text);
        assert_eq!(pairs[0], ("payload".to_owned(), value.to_owned()));
        assert_eq!(pairs[1].1, "emulated-x");
    }

    #[test]
    fn a_broken_escape_is_left_alone() {
        assert_eq!(read("a=%zz&b&c=%4"), [("a", "%zz"), ("b", ""), ("c", "%4")].map(|(n, v)| (n.into(), v.into())));
    }
}
