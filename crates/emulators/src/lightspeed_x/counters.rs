//! Counts the calls of the public API, by kind.
//!
//! Told by the door after every call; it does not judge any.

use crate::machine::Calls;
use serde_json::Value;

/// Adds one call. `path` begins after the version, for example `sales`.
pub fn note(calls: &mut Calls, method: &str, path: &str, body: &[u8], status: u16) {
    // Stock is read with POST, since its filters do not fit into an address.
    let reads = method == "GET" || matches!(path, "inventory" | "inventory_levels");
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

fn note_rows(calls: &mut Calls, path: &str, body: &[u8]) {
    let mut segments = path.split('/');
    let (head, tail) = (segments.next().unwrap_or_default(), segments.nth(1));
    // The call was carried out, so its body is JSON, if it has one.
    let body: Value = serde_json::from_slice(body).unwrap_or_default();
    let count = |value: &Value| value.as_array().map_or(0, Vec::len) as u64;
    let (name, rows) = match (head, tail) {
        ("stock_adjustments", _) => ("stock_adjustments", count(&body["stock_adjustments"])),
        ("sales", None) => ("line_items", count(&body["line_items"])),
        ("products", None) => ("inventory", count(&body["details"]["inventory"]) + count(&body["inventory"])),
        ("consignments", Some("products")) => ("consignment_products", 1),
        ("consignments", Some("bulk")) => ("consignment_products", count(&body).max(count(&body["data"]))),
        _ => return,
    };
    if rows > 0 {
        *calls.rows.entry(name.to_owned()).or_default() += rows;
    }
}
