//! How often the API was called, for the question how many calls a scenario took.
//!
//! Told of every call of the API by the door, after it was answered. Calls for tokens are not counted. It judges
//! nothing.

use super::cost;
use crate::machine::Calls;
use serde_json::Value;

/// Counts one call that was answered with `status`; `resource` is what it was about.
pub fn note(calls: &mut Calls, reads: bool, resource: &str, body: &Value, status: u16) {
    if reads {
        calls.reads += 1;
    } else {
        calls.writes += 1;
    }
    match status {
        429 => calls.throttled += 1,
        400.. => calls.errors += 1,
        _ if !reads => {
            let mut count = |name: &str| *calls.rows.entry(name.to_owned()).or_default() += 1;
            count(resource);
            cost::count_rows(body, &mut |name| count(name));
        }
        _ => {}
    }
}
