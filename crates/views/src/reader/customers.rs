//! Customers as channels know them. Their personal fields stay sealed: who may open them is decided elsewhere.

use model::{ChannelId, CustomerKey, CustomerPut, Fact, Instant, Seq};
use rusqlite::params;
use serde::Serialize;

use super::{
    ViewsReader,
    kept::{self, Kept},
    page,
};
use crate::{ViewsError, fold::stored, words::Names};

/// A customer record as last heard of.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct CustomerRow {
    /// The fact that told it.
    pub seq: Seq,
    /// When that was.
    pub at: Instant,
    /// The channel's name.
    pub channel_name: String,
    /// The record, sealed; without a person when it was deleted there.
    pub put: CustomerPut,
}

impl ViewsReader {
    /// Customer records told after this fact, in the order in which they were told last.
    ///
    /// # Errors
    /// SQLite's, or a kept fact that cannot be read.
    pub fn customers_after(&self, after: Seq, limit: usize) -> Result<Vec<CustomerRow>, ViewsError> {
        let sql = "SELECT f.seq, f.body FROM customers c JOIN facts f ON f.seq = c.seq \
                   WHERE c.seq > ?1 ORDER BY c.seq LIMIT ?2";
        self.read(|tables, names| {
            kept::rows(tables, sql, params![stored(after.0), page(limit)], |row| Ok(told(names, kept::kept(row)?)))
        })
    }

    /// The customer a channel knows under this key.
    ///
    /// # Errors
    /// SQLite's, or a kept fact that cannot be read.
    pub fn customer(&self, channel: ChannelId, customer: &CustomerKey) -> Result<Option<CustomerRow>, ViewsError> {
        self.read(|tables, names| {
            let sql = "SELECT f.seq, f.body FROM customers c JOIN facts f ON f.seq = c.seq \
                       WHERE c.channel = ?1 AND c.customer = ?2";
            let rows =
                kept::rows(tables, sql, params![channel.0, customer.as_str()], |row| Ok(told(names, kept::kept(row)?)));
            Ok(rows?.pop())
        })
    }
}

fn told(names: &Names<'_>, kept: Kept) -> Option<CustomerRow> {
    let (seq, at) = (kept.seq, kept.at());
    let Fact::CustomerPut(put) = kept.entry.fact else { return None };
    Some(CustomerRow { seq, at, channel_name: names.channel(put.channel), put })
}
