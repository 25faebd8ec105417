//! The feed: facts by what they are about.

use model::{ChannelId, Instant, ItemId, LocationId, OrderId, Seq};
use rusqlite::{Connection, OptionalExtension, params};
use serde::Serialize;

use super::{
    ViewsReader,
    kept::{self, Kept},
    page,
};
use crate::{
    FactKind, ViewsError,
    fold::stored,
    words::{self, Names},
};

/// Which end of the journal a page begins at.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Direction {
    /// For pages: continue with `before_seq`.
    #[default]
    NewestFirst,
    /// For followers: continue with `after_seq`.
    OldestFirst,
}

/// Which facts; an empty filter is all of them. All conditions must hold.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct FactFilter {
    /// Only later facts.
    pub after_seq: Option<Seq>,
    /// Only earlier facts.
    pub before_seq: Option<Seq>,
    /// Only facts about this item. Batches of writes are found by channel instead.
    pub item: Option<ItemId>,
    /// Only facts at this location. Together with `item` every line of a promise counts, else its first.
    pub location: Option<LocationId>,
    /// Only facts about, or told by, this channel.
    pub channel: Option<ChannelId>,
    /// Only facts about this order.
    pub order: Option<OrderId>,
    /// Only these kinds; empty = all.
    pub kinds: Vec<FactKind>,
    /// Newest or oldest first.
    pub direction: Direction,
}

/// A fact for people and programs.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct FactRow {
    /// Its number.
    pub seq: Seq,
    /// When it was decided.
    pub at: Instant,
    /// Who caused it: a channel's name, an API key's name, the hub or the operator.
    pub by: String,
    /// What kind.
    pub kind: FactKind,
    /// One sentence without a full stop.
    pub words: String,
    /// The entry as JSON: `{"at", "by", "fact": {"kind", …}}`. Sealed fields stay out.
    pub json: String,
}

impl ViewsReader {
    /// Facts that pass the filter.
    ///
    /// # Errors
    /// SQLite's, or a kept fact that cannot be read.
    pub fn facts(&self, filter: &FactFilter, limit: usize) -> Result<Vec<FactRow>, ViewsError> {
        self.read(|tables, names| {
            let found = first_page(tables, filter, limit)?;
            let kept = found.into_iter().filter_map(|seq| one(tables, seq).transpose());
            kept.map(|kept| fact_row(names, kept?)).collect()
        })
    }

    /// One fact by its number.
    ///
    /// # Errors
    /// SQLite's, or a kept fact that cannot be read.
    pub fn fact(&self, seq: Seq) -> Result<Option<FactRow>, ViewsError> {
        self.read(|tables, names| one(tables, stored(seq.0))?.map(|kept| fact_row(names, kept)).transpose())
    }
}

/// The numbers of the first facts that pass the filter, in its direction.
pub(super) fn first_page(tables: &Connection, filter: &FactFilter, limit: usize) -> Result<Vec<i64>, ViewsError> {
    let mut found = Vec::new();
    for source in sources(tables, filter)? {
        found.extend(seqs(tables, &source, filter, page(limit))?);
    }
    // Each source gave its first page: the first page of all is among them.
    match filter.direction {
        Direction::NewestFirst => found.sort_unstable_by_key(|seq| std::cmp::Reverse(*seq)),
        Direction::OldestFirst => found.sort_unstable(),
    }
    found.dedup();
    found.truncate(limit.clamp(1, super::PAGE_MAX));
    Ok(found)
}

pub(super) fn fact_row(names: &Names<'_>, kept: Kept) -> Result<FactRow, ViewsError> {
    Ok(FactRow {
        seq: kept.seq,
        at: kept.at(),
        by: words::author(names, &kept.entry.by),
        kind: FactKind::of(&kept.entry.fact),
        words: kept.words(names),
        json: serde_json::to_string(&kept.entry)?,
    })
}

pub(super) fn one(tables: &Connection, seq: i64) -> Result<Option<Kept>, ViewsError> {
    let mut statement = tables.prepare_cached("SELECT seq, body FROM facts WHERE seq = ?1")?;
    statement.query_row([seq], |row| Ok(kept::kept(row))).optional()?.transpose()
}

/// Where to look, as the `FROM` and the condition that an index answers, each in the journal's order. What is rarest
/// drives; the rest filters. Several kinds, or the locations of an item, are looked up one by one, because one look-up
/// could not be in order.
fn sources(tables: &Connection, filter: &FactFilter) -> Result<Vec<String>, ViewsError> {
    if filter.order.is_some() {
        return Ok(vec!["facts f WHERE f.order_id = ?6 AND".into()]);
    }
    if let Some(item) = filter.item {
        return item_sources(tables, item, filter.location);
    }
    if !filter.kinds.is_empty() {
        let of = |kind: &FactKind| format!("facts f WHERE f.kind = {} AND", kind.number());
        return Ok(filter.kinds.iter().map(of).collect());
    }
    let condition = if filter.location.is_some() {
        "f.location = ?4 AND"
    } else if filter.channel.is_some() {
        "f.channel = ?5 AND"
    } else {
        ""
    };
    Ok(vec![format!("facts f WHERE {condition}")])
}

fn item_sources(tables: &Connection, item: ItemId, location: Option<LocationId>) -> Result<Vec<String>, ViewsError> {
    let sql = "SELECT location FROM positions WHERE item = ?1 AND (?2 IS NULL OR location = ?2)";
    let parameters = params![item.0, location.map(|id| id.0)];
    let mut sources = kept::rows(tables, sql, parameters, |row| {
        let location: u32 = row.get(0)?;
        let at = format!("l.item = ?3 AND l.location = {location}");
        Ok(Some(format!("lines l CROSS JOIN facts f ON f.seq = l.seq WHERE {at} AND")))
    })?;
    sources.push("facts f WHERE f.item = ?3 AND (?4 IS NULL OR f.location = ?4) AND".into());
    Ok(sources)
}

fn seqs(tables: &Connection, source: &str, filter: &FactFilter, limit: i64) -> Result<Vec<i64>, ViewsError> {
    let seq = if source.starts_with("lines") { "l.seq" } else { "f.seq" };
    let direction = match filter.direction {
        Direction::NewestFirst => "DESC",
        Direction::OldestFirst => "ASC",
    };
    // The location of facts found by item is in their source already. The plus keeps an index out of it.
    let located =
        if filter.item.is_some() && filter.order.is_none() { "" } else { "AND (?4 IS NULL OR f.location = ?4)" };
    let ordered = if filter.order.is_some() {
        "AND (?3 IS NULL OR f.item = ?3 OR EXISTS (SELECT 1 FROM lines x \
                   WHERE x.item = ?3 AND x.location = f.location AND x.seq = f.seq))"
    } else {
        ""
    };
    let sql = format!(
        "SELECT DISTINCT {seq} FROM {source} {seq} > ?1 AND {seq} < ?2 {located} {ordered} \
         AND (?5 IS NULL OR f.channel = ?5) AND (?6 IS NULL OR f.order_id = ?6){} \
         ORDER BY {seq} {direction} LIMIT ?7",
        kinds(&filter.kinds)
    );
    let parameters = params![
        filter.after_seq.map_or(0, |seq| stored(seq.0)),
        super::below(filter.before_seq.map(|seq| seq.0)),
        filter.item.map(|id| id.0),
        filter.location.map(|id| id.0),
        filter.channel.map(|id| id.0),
        filter.order.map(|id| id.0),
        limit,
    ];
    kept::rows(tables, &sql, parameters, |row| Ok(Some(row.get(0)?)))
}

fn kinds(kinds: &[FactKind]) -> String {
    if kinds.is_empty() {
        return String::new();
    }
    let numbers: Vec<_> = kinds.iter().map(|kind| kind.number().to_string()).collect();
    format!(" AND +f.kind IN ({})", numbers.join(", "))
}
