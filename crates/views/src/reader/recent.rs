//! What moved last.

use std::collections::BTreeSet;

use model::{Change, Fact, Instant, ItemId, Level, LocationId, Seq};
use rusqlite::params;
use serde::Serialize;

use super::{PAGE_MAX, ViewsReader, kept};
use crate::{FactKind, ViewsError};

/// Movements looked through for one page: enough when every position moved eight times.
const LOOKED_THROUGH: i64 = 4_000;

/// A position and the last movement of its stock.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct MovedRow {
    /// The movement's fact.
    pub seq: Seq,
    /// When it was decided.
    pub at: Instant,
    /// One sentence without a full stop.
    pub words: String,
    /// Item.
    pub item: ItemId,
    /// Its SKU.
    pub sku: String,
    /// Location.
    pub location: LocationId,
    /// Its name.
    pub location_name: String,
    /// What the movement did to on hand.
    pub on_hand_change: Change,
    /// On hand after it.
    pub on_hand_after: Level,
}

impl ViewsReader {
    /// The positions that moved last, each once, newest first; among the last 4,000 movements.
    ///
    /// # Errors
    /// SQLite's, or a kept fact that cannot be read.
    pub fn moved_recently(&self, limit: usize) -> Result<Vec<MovedRow>, ViewsError> {
        let sql = "SELECT seq, body FROM facts WHERE kind = ?1 ORDER BY seq DESC LIMIT ?2";
        let after = "SELECT on_hand_after FROM lines WHERE item = ?1 AND location = ?2 AND seq = ?3";
        let limit = limit.clamp(1, PAGE_MAX);
        self.read(|tables, names| {
            let (mut seen, mut recent) = (BTreeSet::new(), Vec::new());
            let mut statement = tables.prepare_cached(sql)?;
            let mut rows = statement.query([FactKind::Moved.number(), LOOKED_THROUGH])?;
            while let Some(row) = rows.next()? {
                if recent.len() == limit {
                    break;
                }
                let kept = kept::kept(row)?;
                let Fact::Moved(moved) = &kept.entry.fact else { continue };
                if !seen.insert((moved.item, moved.location)) {
                    continue;
                }
                let key = params![moved.item.0, moved.location.0, row.get::<_, i64>(0)?];
                let on_hand = tables.prepare_cached(after)?.query_row(key, |row| row.get(0))?;
                recent.push(MovedRow {
                    seq: kept.seq,
                    at: kept.at(),
                    words: kept.words(names),
                    item: moved.item,
                    sku: names.item(moved.item),
                    location: moved.location,
                    location_name: names.location(moved.location),
                    on_hand_change: moved.on_hand,
                    on_hand_after: Level::from_parts(on_hand),
                });
            }
            Ok(recent)
        })
    }
}
