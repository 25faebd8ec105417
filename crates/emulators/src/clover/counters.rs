//! How often the API was called, for the question how many calls a scenario took.
//!
//! Told of every call by the door, after it was answered. It judges nothing.

use crate::machine::Calls;
use serde_json::Value;

/// Counts one call that was answered with `status`. `segments` is the path below the merchant, empty for OAuth.
pub fn note(calls: &mut Calls, method: &str, segments: &[&str], body: &[u8], status: u16) {
    let reads = method == "GET" || segments == ["atomic_order", "checkouts"];
    if reads {
        calls.reads += 1;
    } else {
        calls.writes += 1;
    }
    match status {
        429 => calls.throttled += 1,
        400.. => calls.errors += 1,
        _ if !reads => note_rows(calls, segments, body),
        _ => {}
    }
}

/// Rows by the vendor's name of the collection that they change.
fn note_rows(calls: &mut Calls, segments: &[&str], body: &[u8]) {
    let Some(name) = segments.first().filter(|name| !name.is_empty()) else { return };
    let rows = match *name {
        "bulk_items" => serde_json::from_slice::<Value>(body)
            .ok()
            .and_then(|body| body["items"].as_array().map(|items| items.len() as u64))
            .unwrap_or(0),
        _ => 1,
    };
    *calls.rows.entry((*name).to_owned()).or_default() += rows;
}
