//! How often the API was called, and how many rows its writes carried.
//!
//! Told by the door after every call; it changes no answer.

use crate::machine::Calls;
use serde_json::Value;

/// Counts one call that was answered with `status`.
pub fn note(calls: &mut Calls, method: &str, path: &str, body: &[u8], status: u16) {
    let reads = method == "GET" || path.ends_with("/refund_quotes");
    if reads {
        calls.reads += 1;
    } else {
        calls.writes += 1;
    }
    match status {
        429 => calls.throttled += 1,
        400.. => calls.errors += 1,
        _ if !reads => note_rows(calls, path, body),
        _ => {}
    }
}

/// Rows by the last words of the path: items of an adjustment, elements of an array, else one.
fn note_rows(calls: &mut Calls, path: &str, body: &[u8]) {
    let words: Vec<&str> =
        path.split('/').skip(4).filter(|word| !word.is_empty() && word.parse::<u64>().is_err()).collect();
    if words.is_empty() {
        return;
    }
    // The call was carried out, so its body is JSON or absent.
    let body: Value = serde_json::from_slice(body).unwrap_or_default();
    let list = ["items", "settings"].into_iter().find_map(|name| body.get(name)).unwrap_or(&body);
    let rows = list.as_array().map_or(1, |rows| rows.len() as u64);
    *calls.rows.entry(words.join("/")).or_default() += rows;
}
