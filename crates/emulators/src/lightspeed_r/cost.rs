//! What a call costs in drips, from what it asks for alone.
//!
//! Worked out by the door before anything is looked up, as the vendor does.

use super::limits::Cost;
use super::query::{Filter, Query};
use super::resources::{RELATED, Resource};
use serde_json::Value;

/// What a call is, as far as its price goes.
pub struct Priced<'c> {
    /// Resource.
    pub resource: &'c Resource,
    /// Whether it writes.
    pub writes: bool,
    /// Whether it reads many rows rather than one.
    pub lists: bool,
    /// Last word of the path, `refund` and the like.
    pub action: &'c str,
    /// Query.
    pub query: &'c Query,
    /// Body.
    pub body: &'c Value,
}

/// Hundredths of a drip.
const DRIP: i64 = 100;
const COUNT: i64 = 10 * DRIP;
const REFUND: i64 = 10 * DRIP;
const COMPLETES: i64 = 3 * DRIP;
const NESTED_ROW: i64 = DRIP / 2;

/// The price of a call.
pub fn of(call: &Priced<'_>) -> Cost {
    if call.query.count {
        return Cost(COUNT);
    }
    let relations: i64 = call.query.relations.iter().map(|path| relation(call, path)).sum();
    let base = match (call.writes, call.action) {
        (true, "refund") => REFUND,
        (true, _) => call.resource.write_drips * DRIP,
        (false, _) => DRIP,
    };
    let completes = call.resource.name == "Sale" && call.writes && is_true(&call.body["completed"]);
    let completes = if completes && call.action != "refund" { COMPLETES } else { 0 };
    let rows = if call.writes { count_rows(call.body, &mut |_| {}) * NESTED_ROW } else { 0 };
    Cost(base + relations + completes + rows + alternatives(&call.query.any))
}

fn is_true(value: &Value) -> bool {
    matches!(value, Value::Bool(true)) || matches!(value.as_str(), Some("true" | "1")) || value == 1
}

/// 0.1 for one row, 0.2 for many; twice as much on lists and below a relation with many rows.
fn relation(call: &Priced<'_>, path: &str) -> i64 {
    let many = |path: &str| call.resource.relations.iter().any(|known| known.path == path && known.many);
    let base = if many(path) { DRIP / 5 } else { DRIP / 10 };
    let below_many = path.split_once('.').is_some_and(|(above, _)| many(above));
    if call.lists || below_many { 2 * base } else { base }
}

/// Alternatives of one field are free; of one row a drip each; with several ranges or rows, much more.
fn alternatives(any: &[Filter]) -> i64 {
    let (Some(first), more) = (any.first(), any.len() as i64 - 1) else { return 0 };
    if any.iter().all(|filter| filter.field == first.field) {
        return 0;
    }
    let mut rows: Vec<&str> =
        any.iter().map(|filter| filter.field.split_once('.').map_or("", |(row, _)| row)).collect();
    rows.sort_unstable();
    rows.dedup();
    let ranges = any.iter().filter(|filter| filter.op.is_range()).count();
    if rows.len() == 1 && ranges <= 1 {
        return any.len() as i64 * DRIP;
    }
    let rows = rows.len() as i64;
    rows * 10 * DRIP + (more + 1 - rows) * DRIP
}

/// Rows inside the body of a write, told one by one by their name.
pub fn count_rows<'b>(body: &'b Value, tell: &mut dyn FnMut(&'b str)) -> i64 {
    let Value::Object(members) = body else { return 0 };
    let mut count = 0;
    for (name, value) in members {
        let rows = match value {
            Value::Array(rows) => rows.iter().collect(),
            Value::Object(_) => vec![value],
            _ => continue,
        };
        // A wrapper such as `SaleLines` is not a row; what is in it is. A bare list names its rows by the wrapper.
        let wrapper = RELATED.iter().find(|(wrapper, _)| wrapper == name);
        for row in rows {
            match (wrapper, value) {
                (Some(_), Value::Object(_)) => count += count_rows(row, tell),
                (Some((_, row_name)), _) => {
                    tell(row_name);
                    count += 1 + count_rows(row, tell);
                }
                (None, _) => {
                    tell(name);
                    count += 1 + count_rows(row, tell);
                }
            }
        }
    }
    count
}
