//! Customers as channels know them. Their personal fields stay sealed: who may open them is decided elsewhere.

use model::{ChannelId, CustomerKey, CustomerPut, Fact, Instant, Seq};
use rusqlite::params;
use serde::Serialize;

use super::{ViewsReader, kept};
use crate::ViewsError;

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
    /// The customer a channel knows under this key.
    ///
    /// # Errors
    /// SQLite's, or a kept fact that cannot be read.
    pub fn customer(&self, channel: ChannelId, customer: &CustomerKey) -> Result<Option<CustomerRow>, ViewsError> {
        self.read(|tables, names| {
            let sql = "SELECT f.seq, f.body FROM customers c JOIN facts f ON f.seq = c.seq \
                       WHERE c.channel = ?1 AND c.customer = ?2";
            let rows = kept::rows(tables, sql, params![channel.0, customer.as_str()], |row| {
                let kept = kept::kept(row)?;
                let (seq, at) = (kept.seq, kept.at());
                let Fact::CustomerPut(put) = kept.entry.fact else { return Ok(None) };
                Ok(Some(CustomerRow { seq, at, channel_name: names.channel(put.channel), put }))
            });
            Ok(rows?.pop())
        })
    }
}
