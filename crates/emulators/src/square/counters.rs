//! How often the API was called, for the question how many calls a scenario took.
//!
//! Told of every call by the door, after it was answered. It judges nothing.

use crate::machine::Calls;
use serde_json::Value;

/// POSTs that only read.
const READING: [&str; 4] = ["/search", "/batch-retrieve", "/v2/events", "/oauth2/token/status"];

/// Counts one call that was answered with `status`.
pub fn note(calls: &mut Calls, method: &str, path: &str, body: &[u8], status: u16) {
    let reads = method == "GET" || READING.iter().any(|ending| path.ends_with(ending));
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

/// Stock by the type of the change, catalogue objects by the type of the object.
fn note_rows(calls: &mut Calls, path: &str, body: &[u8]) {
    let rows: fn(&Value) -> Vec<&Value> = match path {
        "/v2/inventory/changes/batch-create" => |body| elements(&body["changes"]).collect(),
        "/v2/catalog/batch-upsert" => {
            |body| elements(&body["batches"]).flat_map(|batch| elements(&batch["objects"])).collect()
        }
        "/v2/catalog/object" => |body| vec![&body["object"]],
        _ => return,
    };
    // The call was carried out, so its body is JSON.
    let body: Value = serde_json::from_slice(body).unwrap_or_default();
    for kind in rows(&body).into_iter().filter_map(|row| row["type"].as_str()) {
        *calls.rows.entry(kind.to_owned()).or_default() += 1;
    }
}

fn elements(value: &Value) -> impl Iterator<Item = &Value> {
    value.as_array().into_iter().flatten()
}
