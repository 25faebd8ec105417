//! What was sold beyond what was there, and which promises broke.

use model::{ChannelId, Fact, Instant, LocationId, Oversold, OversoldBy, Quantity, Seq, Shorted};
use rusqlite::{Connection, params};
use serde::Serialize;

use super::{
    ViewsReader, below,
    kept::{self, Kept},
    page,
};
use crate::{FactKind, ViewsError, Week, fold::books::oversold_from};

/// One oversell.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct OversellRow {
    /// The fact.
    pub seq: Seq,
    /// When it was decided.
    pub at: Instant,
    /// One sentence without a full stop.
    pub words: String,
    /// What, where, by whom and how.
    pub oversold: Oversold,
}

/// Oversells of one week, location, channel and cause.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct OversellWeek {
    /// ISO week of the location's own days.
    pub week: Week,
    /// Where.
    pub location: LocationId,
    /// Its name.
    pub location_name: String,
    /// Who sold, when a channel did.
    pub channel: Option<ChannelId>,
    /// Its name.
    pub channel_name: Option<String>,
    /// How they came about.
    pub by: OversoldBy,
    /// How many oversells.
    pub incidents: u64,
    /// How many units.
    pub units: Quantity,
}

/// A promise that cannot be kept in full.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct ShortageRow {
    /// The fact.
    pub seq: Seq,
    /// When it was decided.
    pub at: Instant,
    /// One sentence without a full stop.
    pub words: String,
    /// Whose promise, and what is missing.
    pub shorted: Shorted,
}

impl ViewsReader {
    /// Oversells, newest first, before `before_seq`.
    ///
    /// # Errors
    /// SQLite's, or a kept fact that cannot be read.
    pub fn oversells(&self, before_seq: Option<Seq>, limit: usize) -> Result<Vec<OversellRow>, ViewsError> {
        self.read(|tables, names| {
            let kept = of_kind(tables, FactKind::Oversold, before_seq, limit)?;
            let row = |kept: Kept| {
                let (seq, at, words) = (kept.seq, kept.at(), kept.words(names));
                let Fact::Oversold(oversold) = kept.entry.fact else { return None };
                Some(OversellRow { seq, at, words, oversold })
            };
            Ok(kept.into_iter().filter_map(row).collect())
        })
    }

    /// Counts of oversells, newest week first; within a week by location, channel and cause.
    ///
    /// # Errors
    /// SQLite's.
    pub fn oversell_weeks(&self, limit: usize) -> Result<Vec<OversellWeek>, ViewsError> {
        self.read(|tables, names| {
            let sql = "SELECT week, location, channel, cause, incidents, units FROM oversell_weeks \
                       ORDER BY week DESC, location, channel, cause LIMIT ?1";
            kept::rows(tables, sql, [page(limit)], |row| {
                let location = LocationId(row.get(1)?);
                let channel = u32::try_from(row.get::<_, i64>(2)?).ok().map(ChannelId);
                Ok(Some(OversellWeek {
                    week: Week::from_number(row.get(0)?),
                    location,
                    location_name: names.location(location),
                    channel,
                    channel_name: channel.map(|channel| names.channel(channel)),
                    by: oversold_from(row.get(3)?),
                    incidents: row.get::<_, i64>(4)?.unsigned_abs(),
                    units: Quantity::from_parts(row.get(5)?),
                }))
            })
        })
    }

    /// Broken promises, newest first, before `before_seq`.
    ///
    /// # Errors
    /// SQLite's, or a kept fact that cannot be read.
    pub fn shortages(&self, before_seq: Option<Seq>, limit: usize) -> Result<Vec<ShortageRow>, ViewsError> {
        self.read(|tables, names| {
            let kept = of_kind(tables, FactKind::Shorted, before_seq, limit)?;
            let row = |kept: Kept| {
                let (seq, at, words) = (kept.seq, kept.at(), kept.words(names));
                let Fact::Shorted(shorted) = kept.entry.fact else { return None };
                Some(ShortageRow { seq, at, words, shorted })
            };
            Ok(kept.into_iter().filter_map(row).collect())
        })
    }
}

fn of_kind(
    tables: &Connection,
    kind: FactKind,
    before_seq: Option<Seq>,
    limit: usize,
) -> Result<Vec<Kept>, ViewsError> {
    let sql = "SELECT seq, body FROM facts WHERE kind = ?1 AND seq < ?2 ORDER BY seq DESC LIMIT ?3";
    let parameters = params![kind.number(), below(before_seq.map(|seq| seq.0)), page(limit)];
    kept::rows(tables, sql, parameters, |row| kept::kept(row).map(Some))
}
