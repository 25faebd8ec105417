//! Questions to a person: which item of ours is this?

use model::{ChannelId, ExternalItem, Fact, Instant, ItemId, Listing, Note, Seq, Sku};
use rusqlite::params;
use serde::Serialize;

use super::{ViewsReader, kept, page};
use crate::ViewsError;

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

impl ViewsReader {
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
        self.read(|tables, names| {
            kept::rows(tables, sql, parameters, |row| {
                let kept = kept::kept(row)?;
                let (seq, at) = (kept.seq, kept.at());
                let Fact::MappingUnclear { channel, external, sku, reason, candidates, listing } = kept.entry.fact
                else {
                    return Ok(None);
                };
                let candidates = candidates.into_iter().map(|item| (item, names.item(item))).collect();
                let channel_name = names.channel(channel);
                Ok(Some(MappingQuestion { seq, at, channel, channel_name, external, sku, reason, candidates, listing }))
            })
        })
    }
}
