//! Times: RFC 2822 in API v2, ISO 8601 in v3.

use model::Instant;

use crate::Unreadable;
use crate::bigcommerce::wire::unreadable;

const MONTHS: [&str; 12] = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];

/// Either form.
///
/// # Errors
/// Names the field; never what is in it.
pub(in crate::bigcommerce) fn instant(path: &str, text: &str) -> Result<Instant, Unreadable> {
    let iso = Instant::parse(text).ok().or_else(|| Instant::parse(&iso(text)?).ok());
    iso.ok_or_else(|| unreadable(path, "is neither an RFC 2822 nor an ISO 8601 time with an offset"))
}

/// `Mon, 23 Nov 2026 09:15:02 +0000` as `2026-11-23T09:15:02+00:00`. Only its form is checked here.
fn iso(text: &str) -> Option<String> {
    let text = text.trim();
    let text = text.split_once(',').map_or(text, |(_, rest)| rest);
    let mut parts = text.split_ascii_whitespace();
    let (day, month, year) = (parts.next()?, parts.next()?, parts.next()?);
    let (time, zone) = (parts.next()?, parts.next()?);
    let month = MONTHS.iter().position(|name| name.eq_ignore_ascii_case(month))? + 1;
    let zone = match zone {
        "GMT" | "UT" | "UTC" | "Z" => "+00:00".to_owned(),
        offset if offset.len() == 5 && offset.is_ascii() => format!("{}:{}", &offset[..3], &offset[3..]),
        _ => return None,
    };
    parts.next().is_none().then(|| format!("{year}-{month:02}-{day:0>2}T{time}{zone}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_forms_of_a_time_are_the_same_instant() {
        let told = |text: &str| instant("t", text).ok();
        let expected = Instant::parse("2026-11-03T09:15:02Z").ok();
        assert!(expected.is_some());
        for text in [
            "Tue, 03 Nov 2026 09:15:02 +0000",
            "Tue, 3 Nov 2026 10:15:02 +0100",
            "3 nov 2026 09:15:02 GMT",
            "2026-11-03T09:15:02+00:00",
            "2026-11-03T04:15:02-05:00",
        ] {
            assert_eq!(told(text), expected, "{text}");
        }
    }

    #[test]
    fn what_is_no_time_names_its_field_and_hides_its_value() {
        for text in ["", "yesterday", "Tue, 33 Nov 2026 09:15:02 +0000", "3 Nov 2026 09:15:02", "3 Nov 2026 1 +é00 x"]
        {
            let error = instant("date_modified", text).expect_err("it is no time");
            assert_eq!(error.to_string(), "date_modified: is neither an RFC 2822 nor an ISO 8601 time with an offset");
        }
    }
}
