//! What is what: the history of mappings and links, and the questions that wait. The fold calls it with each such fact;
//! it knows nothing of people's fields.

use model::{ChannelId, CustomerAt, Listing, MappingQuestion, Seq, Sku};
use rusqlite::{Connection, params};

use super::stored;
use crate::ViewsError;

/// What a row of `mapped` or `questions` is about; the numbers are those of the tables.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MappingKind {
    /// Items.
    Item = 0,
    /// Locations.
    Location = 1,
    /// Customers.
    Customer = 2,
}

impl MappingKind {
    pub(crate) fn number(self) -> i64 {
        self as i64
    }
}

/// A step of the history.
pub(super) fn step(
    tables: &Connection,
    seq: Seq,
    kind: MappingKind,
    channel: ChannelId,
    external: &str,
) -> Result<(), ViewsError> {
    let sql = "INSERT INTO mapped VALUES (?1, ?2, ?3, ?4)";
    tables.prepare_cached(sql)?.execute(params![kind.number(), channel.0, external, stored(seq.0)])?;
    Ok(())
}

/// A step of both records.
pub(super) fn link(tables: &Connection, seq: Seq, one: &CustomerAt, other: &CustomerAt) -> Result<(), ViewsError> {
    for at in [one, other] {
        step(tables, seq, MappingKind::Customer, at.channel, at.customer.as_str())?;
    }
    Ok(())
}

/// A question waits, in these words.
pub(super) fn asked(
    tables: &Connection,
    seq: Seq,
    kind: MappingKind,
    channel: ChannelId,
    external: &str,
    words: &str,
) -> Result<(), ViewsError> {
    let sql = "INSERT OR REPLACE INTO questions VALUES (?1, ?2, ?3, ?4, ?5, 0)";
    let words = words.to_lowercase();
    tables.prepare_cached(sql)?.execute(params![kind.number(), channel.0, external, stored(seq.0), words])?;
    Ok(())
}

/// By which words a question about an item is found.
pub(super) fn words_of_item(external: &str, sku: &Sku, listing: Option<&Listing>) -> String {
    let title = listing.map_or("", |listing| listing.title.as_str());
    let codes = listing.map(|listing| listing.barcodes.as_slice()).unwrap_or_default();
    let codes: Vec<&str> = codes.iter().map(model::Barcode::as_str).collect();
    format!("{external}\n{sku}\n{title}\n{}", codes.join("\n"))
}

/// Nobody needs to be asked any more.
pub(super) fn answered(
    tables: &Connection,
    kind: MappingKind,
    channel: ChannelId,
    external: &str,
) -> Result<(), ViewsError> {
    let sql = "DELETE FROM questions WHERE kind = ?1 AND channel = ?2 AND external = ?3";
    tables.prepare_cached(sql)?.execute(params![kind.number(), channel.0, external])?;
    Ok(())
}

/// A question was put away, or brought back.
pub(super) fn put_away(
    tables: &Connection,
    seq: Seq,
    question: &MappingQuestion,
    dismissed: bool,
) -> Result<(), ViewsError> {
    let (kind, channel, external) = match question {
        MappingQuestion::Item { channel, external } => (MappingKind::Item, *channel, external.as_str()),
        MappingQuestion::Location { channel, external } => (MappingKind::Location, *channel, external.as_str()),
        MappingQuestion::SameCustomer { one, other } => return link(tables, seq, one, other),
    };
    let sql = "UPDATE questions SET dismissed = ?4 WHERE kind = ?1 AND channel = ?2 AND external = ?3";
    tables.prepare_cached(sql)?.execute(params![kind.number(), channel.0, external, i64::from(dismissed)])?;
    step(tables, seq, kind, channel, external)
}
