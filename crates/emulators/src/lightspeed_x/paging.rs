//! The version cursor: `after`, `before`, `page_size` in, `{data, version: {min, max}}` out.
//!
//! Used by every list that pages; it does not know what is listed. The vendor leaves the default and the greatest page
//! size unpublished for most lists; here they are 200 and 1,000, and more is cut to that.

use super::feed::Feed;
use super::wire::{Call, Refused, Reply};
use serde_json::{Value, json};

const SIZE_DEFAULT: usize = 200;
const SIZE_MAX: usize = 1_000;

/// What part of a feed is asked for.
#[derive(Clone, Copy, Debug)]
pub struct Page {
    after: u64,
    before: Option<u64>,
    size: usize,
}

impl Page {
    /// Reads the three parameters of the query.
    ///
    /// # Errors
    /// 400 when one of them is no whole number.
    pub fn read(call: &Call) -> Result<Self, Refused> {
        let size = whole(call, "page_size")?.unwrap_or(SIZE_DEFAULT as u64);
        let size = usize::try_from(size).unwrap_or(SIZE_MAX).clamp(1, SIZE_MAX);
        Ok(Self { after: whole(call, "after")?.unwrap_or(0), before: whole(call, "before")?, size })
    }

    /// The page of a feed: records that `shown` does not hide, as `render` shows them.
    pub fn of(&self, feed: &Feed, shown: impl Fn(usize) -> bool, render: impl Fn(usize) -> Value) -> Reply {
        let found = feed.between(self.after, self.before).filter(|(_, index)| shown(*index)).take(self.size);
        let rows: Vec<(u64, Value)> = found.map(|(version, index)| (version, render(index))).collect();
        envelope(rows)
    }
}

/// Rows, oldest version first, in the vendor's envelope.
pub fn envelope(rows: Vec<(u64, Value)>) -> Reply {
    let (min, max) = (rows.first().map(|row| row.0), rows.last().map(|row| row.0));
    let data: Vec<Value> = rows.into_iter().map(|row| row.1).collect();
    Reply::ok(json!({"data": data, "version": {"min": min, "max": max}}))
}

/// A whole number of the query.
///
/// # Errors
/// 400 when it is something else.
pub fn whole(call: &Call, name: &str) -> Result<Option<u64>, Refused> {
    match call.parameter(name) {
        None => Ok(None),
        Some(text) => text.parse().map(Some).map_err(|_| Refused::unreadable(format!("{name} must be a whole number"))),
    }
}
