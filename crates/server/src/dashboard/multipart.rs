//! Forms that carry a file: `multipart/form-data` (RFC 7578), read whole and strictly. Pure.
//!
//! The upload of mappings calls it. It takes no streams, no nesting and no encodings: what a browser sends for a small
//! form and nothing else.

/// Parts of a form; more are no form of ours.
const PARTS_MAX: usize = 10;

/// The fields of a form, by name, as bytes.
pub(super) struct Parts<'a>(Vec<(String, &'a [u8])>);

impl<'a> Parts<'a> {
    /// Reads a body by the boundary that its content type names. `None` when it is broken off or no such form.
    pub(super) fn of(content_type: &str, body: &'a [u8]) -> Option<Self> {
        let boundary = boundary(content_type)?;
        let opening = format!("--{boundary}");
        let between = format!("\r\n--{boundary}");
        let mut rest = body.strip_prefix(opening.as_bytes())?;
        let mut parts = Vec::new();
        loop {
            if rest.starts_with(b"--") {
                return Some(Self(parts));
            }
            rest = rest.strip_prefix(b"\r\n")?;
            let end = find(rest, between.as_bytes())?;
            let part = rest.get(..end)?;
            rest = rest.get(end + between.len()..)?;
            // A part without headers begins with the empty line itself.
            let head = find(part, b"\r\n\r\n")?;
            let name = name(std::str::from_utf8(part.get(..head)?).ok()?)?;
            parts.push((name, part.get(head + 4..)?));
            if parts.len() > PARTS_MAX {
                return None;
            }
        }
    }

    /// A field; the first of its name counts.
    pub(super) fn get(&self, name: &str) -> Option<&'a [u8]> {
        self.0.iter().find(|(known, _)| known == name).map(|(_, value)| *value)
    }

    /// A field as text, empty when it is missing or no text.
    pub(super) fn text(&self, name: &str) -> &'a str {
        self.get(name).and_then(|value| std::str::from_utf8(value).ok()).unwrap_or_default()
    }
}

fn boundary(content_type: &str) -> Option<&str> {
    let mut pieces = content_type.split(';').map(str::trim);
    if !pieces.next()?.eq_ignore_ascii_case("multipart/form-data") {
        return None;
    }
    let given = pieces.find_map(|piece| piece.split_once('=').filter(|(key, _)| key.eq_ignore_ascii_case("boundary")));
    let boundary = given?.1.trim_matches('"');
    (!boundary.is_empty() && boundary.len() <= 70).then_some(boundary)
}

/// The field's name in the headers of a part.
fn name(headers: &str) -> Option<String> {
    let disposition = headers.lines().find_map(|line| {
        let (key, value) = line.split_once(':')?;
        key.trim().eq_ignore_ascii_case("content-disposition").then_some(value)
    })?;
    disposition.split(';').map(str::trim).find_map(|piece| {
        let value = piece.strip_prefix("name=\"")?.strip_suffix('"')?;
        Some(value.to_owned())
    })
}

fn find(text: &[u8], wanted: &[u8]) -> Option<usize> {
    text.windows(wanted.len()).position(|window| window == wanted)
}

#[cfg(test)]
mod tests {
    use super::*;

    const KIND: &str = "multipart/form-data; boundary=----x1";

    fn form(file: &str) -> String {
        format!(
            "------x1\r\nContent-Disposition: form-data; name=\"token\"\r\n\r\nt0\r\n------x1\r\n\
             Content-Disposition: form-data; name=\"file\"; filename=\"a.csv\"\r\nContent-Type: text/csv\r\n\r\n\
             {file}\r\n------x1--\r\n"
        )
    }

    #[test]
    fn fields_and_the_file_are_read_as_they_were_sent() {
        for file in ["a,b\r\n1,2\r\n", "", "--\r\n\r\n------x2", "ü"] {
            let body = form(file);
            let parts = Parts::of(KIND, body.as_bytes()).expect("a form");
            assert_eq!((parts.text("token"), parts.text("file"), parts.text("other")), ("t0", file, ""));
        }
    }

    #[test]
    fn what_is_broken_off_or_no_such_form_is_refused() {
        let whole = form("a,b");
        for end in 0..whole.len() - 4 {
            assert!(Parts::of(KIND, &whole.as_bytes()[..end]).is_none(), "cut at {end}");
        }
        for kind in [
            "",
            "text/plain",
            "multipart/form-data",
            "multipart/form-data; boundary=\"\"",
            "multipart/form-data; boundary=y",
        ] {
            assert!(Parts::of(kind, whole.as_bytes()).is_none(), "{kind}");
        }
        assert!(
            Parts::of(
                KIND,
                form(&"x\r\n------x1\r\nContent-Disposition: form-data; name=\"n\"\r\n\r\n".repeat(20)).as_bytes()
            )
            .is_none()
        );
    }
}
