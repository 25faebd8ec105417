//! Questions to a person: which item of ours is this?

use model::{ChannelId, ExternalItem, Fact, Instant, ItemId, Listing, Note, Seq, Sku};
use rusqlite::params;
use serde::Serialize;

use super::{ViewsReader, kept, page};
use crate::{FactKind, ViewsError, fold::stored, words};

/// A question that nobody has answered yet.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct MappingQuestion {
    /// The fact that asked it last.
    pub seq: Seq,
    /// When that was.
    pub at: Instant,
    /// Where the item is.
    pub channel: ChannelId,
    /// The channel's name.
    pub channel_name: String,
    /// The platform's id of it.
    pub external: ExternalItem,
    /// As printed; may be empty.
    pub sku: Sku,
    /// What is unclear.
    pub reason: Note,
    /// Items it may be, with their SKUs.
    pub candidates: Vec<(ItemId, String)>,
    /// What the channel lists under it.
    pub listing: Option<Box<Listing>>,
}

/// A step in the history of a mapping.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct MappingStep {
    /// The fact.
    pub seq: Seq,
    /// When it was decided.
    pub at: Instant,
    /// Who caused it.
    pub by: String,
    /// The item it was from then on, with its SKU; `None` = none.
    pub item: Option<(ItemId, String)>,
}

/// Facts of one command that are looked at: it takes one mapping away before it makes another.
const TOGETHER: u64 = 200;

impl ViewsReader {
    /// What an external id was, newest first.
    ///
    /// # Errors
    /// SQLite's, or a kept fact that cannot be read.
    pub fn mapping_history(
        &self,
        channel: ChannelId,
        external: &ExternalItem,
        limit: usize,
    ) -> Result<Vec<MappingStep>, ViewsError> {
        let sql = "SELECT f.seq, f.body FROM mapped m JOIN facts f ON f.seq = m.seq \
                   WHERE m.channel = ?1 AND m.external = ?2 ORDER BY m.seq DESC LIMIT ?3";
        self.read(|tables, names| {
            kept::rows(tables, sql, params![channel.0, external.as_str(), page(limit)], |row| {
                let kept = kept::kept(row)?;
                let (seq, at, by) = (kept.seq, kept.at(), words::author(names, &kept.entry.by));
                let Fact::ItemMapped { item, .. } = kept.entry.fact else { return Ok(None) };
                Ok(Some(MappingStep { seq, at, by, item: item.map(|item| (item, names.item(item))) }))
            })
        })
    }

    /// The other external id of the channel that lost its item by the command which made this mapping.
    ///
    /// # Errors
    /// SQLite's, or a kept fact that cannot be read.
    pub fn unmapped_for(&self, channel: ChannelId, step: &MappingStep) -> Result<Option<ExternalItem>, ViewsError> {
        let sql = "SELECT seq, body FROM facts WHERE kind = ?1 AND seq < ?2 AND seq >= ?3 ORDER BY seq DESC LIMIT 1";
        let kind = FactKind::ItemMapped.number();
        let seq = step.seq.0;
        let parameters = params![kind, stored(seq), stored(seq.saturating_sub(TOGETHER))];
        let before = self.read(|tables, _| kept::rows(tables, sql, parameters, |row| Ok(Some(kept::kept(row)?))))?;
        Ok(before.into_iter().find_map(|kept| {
            let together = kept.at() == step.at;
            match kept.entry.fact {
                Fact::ItemMapped { channel: at, external, item: None, .. } if at == channel && together => {
                    Some(external)
                }
                _ => None,
            }
        }))
    }

    /// Open questions of one channel or of all, by channel and external id, after the one given.
    ///
    /// # Errors
    /// SQLite's, or a kept fact that cannot be read.
    pub fn mapping_questions(
        &self,
        channel: Option<ChannelId>,
        after: Option<(ChannelId, &ExternalItem)>,
        limit: usize,
    ) -> Result<Vec<MappingQuestion>, ViewsError> {
        let sql = "SELECT f.seq, f.body FROM questions q JOIN facts f ON f.seq = q.seq \
                   WHERE (?1 IS NULL OR q.channel = ?1) AND (q.channel, q.external) > (?2, ?3) \
                   ORDER BY q.channel, q.external LIMIT ?4";
        let (after_channel, after_external) =
            after.map_or((-1, ""), |(id, external)| (i64::from(id.0), external.as_str()));
        let parameters = params![channel.map(|id| id.0), after_channel, after_external, page(limit)];
        self.read(|tables, names| kept::rows(tables, sql, parameters, |row| question(names, row)))
    }

    /// The open question about one external id.
    ///
    /// # Errors
    /// SQLite's, or a kept fact that cannot be read.
    pub fn mapping_question(
        &self,
        channel: ChannelId,
        external: &ExternalItem,
    ) -> Result<Option<MappingQuestion>, ViewsError> {
        let sql = "SELECT f.seq, f.body FROM questions q JOIN facts f ON f.seq = q.seq \
                   WHERE q.channel = ?1 AND q.external = ?2";
        let parameters = params![channel.0, external.as_str()];
        let found = self.read(|tables, names| kept::rows(tables, sql, parameters, |row| question(names, row)))?;
        Ok(found.into_iter().next())
    }
}

fn question(names: &words::Names<'_>, row: &rusqlite::Row<'_>) -> Result<Option<MappingQuestion>, ViewsError> {
    let kept = kept::kept(row)?;
    let (seq, at) = (kept.seq, kept.at());
    let Fact::MappingUnclear { channel, external, sku, reason, candidates, listing } = kept.entry.fact else {
        return Ok(None);
    };
    let candidates = candidates.into_iter().map(|item| (item, names.item(item))).collect();
    let channel_name = names.channel(channel);
    Ok(Some(MappingQuestion { seq, at, channel, channel_name, external, sku, reason, candidates, listing }))
}
