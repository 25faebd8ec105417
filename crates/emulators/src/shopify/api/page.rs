//! Cutting a page out of a sorted run of records. A cursor is the sort key and the index of the last node, so it
//! stays good while records are added.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value, json};

use super::arguments::Arguments;
use super::node::{Node, Out, Page};

/// The vendor's limit for one page.
const PAGE_MAX: i64 = 250;

/// Sort key and index: what a connection is sorted by, and what its cursors say.
pub(super) type Key = (i64, usize);

/// How a connection is to be cut.
#[derive(Clone, Copy, Debug)]
pub(super) struct Cut {
    pub(super) after: Option<Key>,
    pub(super) reverse: bool,
    first: usize,
}

impl Cut {
    /// Reads `first`, `after` and `reverse`. A bulk operation takes everything and needs no `first`.
    ///
    /// # Errors
    ///
    /// The error of the reply.
    pub(super) fn of(arguments: &Arguments, everything: bool) -> Result<Self, Value> {
        let reverse = arguments.is_true("reverse");
        if everything {
            return Ok(Self { after: None, reverse, first: usize::MAX });
        }
        let first = match arguments.int("first") {
            None => return Err(error("you must provide one of first or last")),
            Some(first) if first > PAGE_MAX => {
                return Err(error(&format!("first cannot exceed {PAGE_MAX}")));
            }
            Some(first) if first < 0 => return Err(error("first must be zero or more")),
            Some(first) => usize::try_from(first).unwrap_or(0),
        };
        let after = arguments.text("after").map(parse_cursor).transpose()?;
        Ok(Self { after, reverse, first })
    }

    /// The page of `keys`, which must already run in the wanted direction.
    pub(super) fn page(&self, keys: impl Iterator<Item = Key>, node: impl Fn(usize) -> Node) -> Out {
        let beyond = |key: &Key| match self.after {
            None => true,
            Some(after) if self.reverse => *key < after,
            Some(after) => *key > after,
        };
        let mut keys = keys.skip_while(|key| !beyond(key));
        let cut: Vec<Key> = keys.by_ref().take(self.first).collect();
        let nodes = cut.iter().map(|(_, index)| node(*index)).collect();
        let has_next = keys.next().is_some();
        Out::Page(Page { keys: cut, nodes, has_next, has_previous: self.after.is_some() })
    }

    /// The page of records that are sorted by their index.
    pub(super) fn by_index(
        &self,
        indices: impl DoubleEndedIterator<Item = usize>,
        node: impl Fn(usize) -> Node,
    ) -> Out {
        let key = |index: usize| (i64::try_from(index).unwrap_or(i64::MAX), index);
        if self.reverse { self.page(indices.rev().map(key), node) } else { self.page(indices.map(key), node) }
    }
}

/// The cursor of a key.
pub(super) fn cursor((key, index): Key) -> String {
    STANDARD.encode(format!("{key}:{index}"))
}

fn parse_cursor(text: &str) -> Result<Key, Value> {
    let parse = || {
        let bytes = STANDARD.decode(text).ok()?;
        let (key, index) = std::str::from_utf8(&bytes).ok()?.split_once(':')?;
        Some((key.parse().ok()?, index.parse().ok()?))
    };
    parse().ok_or_else(|| error(&format!("Invalid cursor '{text}'")))
}

/// An entry of the reply's `errors`.
pub(super) fn error(message: &str) -> Value {
    json!({ "message": message, "extensions": {"code": "BAD_USER_INPUT"} })
}
