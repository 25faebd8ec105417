//! A part of a longer list.

use serde::Serialize;
use utoipa::ToSchema;

/// A part of a longer list.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Page<T> {
    /// This part.
    pub items: Vec<T>,
    /// `cursor` of the next part, which may turn out to be empty; missing on the last.
    pub next: Option<String>,
}

impl<T> Page<T> {
    /// Cuts a list that was read one longer than asked. `cursor` is that of the last element that stays.
    pub(crate) fn cut(mut items: Vec<T>, limit: usize, cursor: impl FnOnce(&T) -> String) -> Self {
        let more = items.len() > limit;
        items.truncate(limit);
        let next = if more { items.last().map(cursor) } else { None };
        Self { items, next }
    }

    /// A list that was read as long as asked: when it is full there may be more.
    pub(crate) fn of(items: Vec<T>, limit: usize, cursor: impl FnOnce(&T) -> String) -> Self {
        let next = if items.len() >= limit { items.last().map(cursor) } else { None };
        Self { items, next }
    }
}
