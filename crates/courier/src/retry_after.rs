//! Reads `Retry-After`. Called by `flow` and by nobody else; refuses to know a clock: now is passed in.

use http::{HeaderMap, header};
use std::time::{Duration, SystemTime};

/// The longest wait a platform can ask of us: a mistaken header must not silence a channel for a year.
pub const RETRY_AFTER_MAX: Duration = Duration::from_secs(60 * 60);

/// How long the platform asks to be left alone, counted from `now`: seconds, also with a fraction as some platforms
/// send, or an HTTP date (RFC 9110, section 10.2.3). A date that has passed is no wait. `None` when the header is
/// absent or unreadable. Never above [`RETRY_AFTER_MAX`].
#[must_use]
pub fn retry_after(headers: &HeaderMap, now: SystemTime) -> Option<Duration> {
    let text = headers.get(header::RETRY_AFTER)?.to_str().ok()?.trim();
    let wait = seconds(text).or_else(|| until(text, now))?;
    Some(wait.min(RETRY_AFTER_MAX))
}

fn seconds(text: &str) -> Option<Duration> {
    let (whole, fraction) = text.split_once('.').unwrap_or((text, ""));
    let digits = |part: &str| part.bytes().all(|byte| byte.is_ascii_digit());
    if whole.is_empty() || !digits(whole) || !digits(fraction) {
        return None;
    }
    // More digits than fit can only mean longer than the limit.
    let whole = Duration::from_secs(whole.parse().unwrap_or(u64::MAX));
    // Any fraction is rounded up to the next second: coming late is polite, coming early costs another refusal.
    let partly = fraction.bytes().any(|byte| byte != b'0');
    Some(whole.saturating_add(Duration::from_secs(u64::from(partly))))
}

fn until(text: &str, now: SystemTime) -> Option<Duration> {
    let date = httpdate::parse_http_date(text).ok()?;
    Some(date.duration_since(now).unwrap_or(Duration::ZERO))
}

#[cfg(test)]
mod tests {
    use super::*;
    use http::HeaderValue;
    use proptest::prelude::*;

    fn read(text: &str) -> Option<u64> {
        let mut headers = HeaderMap::new();
        headers.insert(header::RETRY_AFTER, HeaderValue::from_str(text).ok()?);
        // 1994-11-06 08:49:37 UTC, the date of the RFC's own examples.
        let now = SystemTime::UNIX_EPOCH + Duration::from_secs(784_111_777);
        retry_after(&headers, now).map(|wait| wait.as_secs())
    }

    #[test]
    fn seconds_and_all_three_forms_of_date_are_read() {
        for (text, wait) in [
            ("0", 0),
            ("120", 120),
            (" 7 ", 7),
            ("2.0", 2),
            ("1.2", 2),
            ("Sun, 06 Nov 1994 08:50:37 GMT", 60),
            ("Sunday, 06-Nov-94 08:50:37 GMT", 60),
            ("Sun Nov  6 08:50:37 1994", 60),
            ("Sun, 06 Nov 1994 08:00:00 GMT", 0),
        ] {
            assert_eq!(read(text), Some(wait), "{text:?}");
        }
    }

    #[test]
    fn an_absurd_wait_is_cut_to_an_hour() {
        for text in ["99999", "99999999999999999999999999", "Sat, 06 Nov 2094 08:49:37 GMT"] {
            assert_eq!(read(text), Some(3600), "{text:?}");
        }
    }

    #[test]
    fn what_cannot_be_read_is_no_wait_at_all() {
        for text in ["", "-1", "soon", "1,5", ".", "+3", "1.x", "1e3"] {
            assert_eq!(read(text), None, "{text:?}");
        }
        assert_eq!(retry_after(&HeaderMap::new(), SystemTime::UNIX_EPOCH), None);
    }

    proptest! {
        #[test]
        fn no_header_can_panic_or_ask_for_more_than_the_limit(text in "\\PC{0,40}") {
            prop_assert!(read(&text).is_none_or(|wait| wait <= RETRY_AFTER_MAX.as_secs()));
        }
    }
}
