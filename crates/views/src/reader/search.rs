//! One box to find items and orders.

use model::{ChannelId, ItemId, OrderId};
use rusqlite::{Connection, params, params_from_iter};
use serde::Serialize;

use super::{PAGE_MAX, ViewsReader, kept, page, prefix_end};
use crate::{ViewsError, words::Names};

/// Words of a title that are looked for; more are ignored.
const WORDS_MAX: usize = 8;
/// Letters that are looked at; nobody types more.
const LETTERS_MAX: usize = 200;

/// Something that was found.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(tag = "found", rename_all = "snake_case")]
pub enum Found {
    /// By its barcode, the beginning of its SKU, or words of its title.
    Item {
        /// Which.
        item: ItemId,
        /// Its SKU.
        sku: String,
        /// What people call it.
        title: String,
    },
    /// By the beginning of its reference or of the platform's id of it.
    Order {
        /// Which.
        order: OrderId,
        /// Where.
        channel: ChannelId,
        /// The channel's name.
        channel_name: String,
        /// For people.
        reference: String,
        /// The platform's id.
        document: String,
    },
}

impl ViewsReader {
    /// What the text may mean: items by barcode, then by SKU, then by title, then orders; up to `limit` of all. Every
    /// character means itself, in upper or lower case. An empty text finds nothing.
    ///
    /// # Errors
    /// SQLite's.
    pub fn search(&self, text: &str, limit: usize) -> Result<Vec<Found>, ViewsError> {
        let text: String = text.trim().chars().take(LETTERS_MAX).collect();
        if text.is_empty() {
            return Ok(Vec::new());
        }
        self.read(|tables, names| {
            let mut found = by_barcode(tables, &text, limit)?;
            for more in [by_sku, by_title] {
                let known = found.len();
                let items = more(tables, &text, limit)?;
                let new: Vec<_> = items.into_iter().filter(|item| !found[..known].contains(item)).collect();
                found.extend(new);
            }
            found.extend(orders(tables, names, &text, limit)?);
            found.truncate(limit.clamp(1, PAGE_MAX));
            Ok(found)
        })
    }
}

fn item(row: &rusqlite::Row<'_>) -> Result<Option<Found>, ViewsError> {
    Ok(Some(Found::Item { item: ItemId(row.get(0)?), sku: row.get(1)?, title: row.get(2)? }))
}

fn by_barcode(tables: &Connection, text: &str, limit: usize) -> Result<Vec<Found>, ViewsError> {
    let sql = "SELECT i.id, i.sku, i.title FROM barcodes b JOIN items i ON i.id = b.item WHERE b.barcode = ?1 \
               ORDER BY i.id LIMIT ?2";
    kept::rows(tables, sql, params![text, page(limit)], item)
}

fn by_sku(tables: &Connection, text: &str, limit: usize) -> Result<Vec<Found>, ViewsError> {
    let sql = "SELECT id, sku, title FROM items WHERE sku_folded >= ?1 AND sku_folded < ?2 \
               ORDER BY sku_folded, id LIMIT ?3";
    let folded = text.to_lowercase();
    kept::rows(tables, sql, params![folded, prefix_end(&folded), page(limit)], item)
}

/// Reads every title: a hundred thousand of them in some ten milliseconds. `instr` knows no wildcards, so that `%` and
/// `_` are letters like any other.
fn by_title(tables: &Connection, text: &str, limit: usize) -> Result<Vec<Found>, ViewsError> {
    let folded = text.to_lowercase();
    let words: Vec<&str> = folded.split_whitespace().take(WORDS_MAX).collect();
    let conditions: Vec<_> = (1..=words.len()).map(|word| format!("instr(title_folded, ?{word}) > 0")).collect();
    let sql = format!(
        "SELECT id, sku, title FROM items WHERE {} ORDER BY title_folded, id LIMIT {}",
        conditions.join(" AND "),
        page(limit)
    );
    kept::rows(tables, &sql, params_from_iter(words), item)
}

fn orders(tables: &Connection, names: &Names<'_>, text: &str, limit: usize) -> Result<Vec<Found>, ViewsError> {
    let sql = "SELECT id, channel, reference, document FROM orders WHERE id IN (\
               SELECT * FROM (SELECT id FROM orders WHERE reference_folded >= ?1 AND reference_folded < ?2 LIMIT ?5) \
               UNION SELECT * FROM (SELECT id FROM orders WHERE document >= ?3 AND document < ?4 LIMIT ?5)) \
               ORDER BY placed_at DESC, id DESC LIMIT ?5";
    let folded = text.to_lowercase();
    let parameters = params![folded, prefix_end(&folded), text, prefix_end(text), page(limit)];
    kept::rows(tables, sql, parameters, |row| {
        let channel = ChannelId(row.get(1)?);
        Ok(Some(Found::Order {
            order: OrderId(row.get(0)?),
            channel,
            channel_name: names.channel(channel),
            reference: row.get(2)?,
            document: row.get(3)?,
        }))
    })
}
