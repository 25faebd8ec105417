//! Questions to a person: which item or location of ours is this? And what it was before.

use model::{
    ChannelId, CustomerAt, ExternalItem, ExternalLocation, Fact, Instant, ItemId, Listing, LocationId, LocationName,
    MappingQuestion as Asked, Note, Seq, Sku,
};
use rusqlite::params;
use serde::Serialize;

use super::{ViewsReader, kept, page};
use crate::{FactKind, MappingKind, ViewsError, fold::stored, words};

/// Which questions. All conditions must hold.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct QuestionFilter {
    /// Of this channel.
    pub channel: Option<ChannelId>,
    /// Those put away for good instead of those that wait.
    pub dismissed: bool,
    /// With this text in id, SKU, title, barcode or name, in any case; empty = any.
    pub text: String,
}

/// A question about an item that nobody has answered yet.
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

/// A question about a location that nobody has answered yet.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct LocationQuestion {
    /// The fact that asked it last.
    pub seq: Seq,
    /// When that was.
    pub at: Instant,
    /// Whose location it is.
    pub channel: ChannelId,
    /// The channel's name.
    pub channel_name: String,
    /// The platform's id of it.
    pub external: ExternalLocation,
    /// What the platform calls it.
    pub name: LocationName,
    /// What is unclear.
    pub reason: Note,
    /// Locations that the engine named.
    pub candidates: Vec<LocationId>,
}

/// What a step of a history did.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum MappingChange {
    /// It is this item from then on, with its SKU; `None` = none.
    Item(Option<(ItemId, String)>),
    /// It is this location from then on, with its name; `None` = none.
    Location(Option<(LocationId, String)>),
    /// It is one person with this record.
    Linked(CustomerAt),
    /// It is no longer held to be one person with this record.
    Unlinked(CustomerAt),
    /// Its question was put away; of two customers, with the other record.
    Dismissed(Option<CustomerAt>),
    /// Its question may be asked again.
    Reopened(Option<CustomerAt>),
}

/// A step in the history of what something is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct MappingStep {
    /// The fact.
    pub seq: Seq,
    /// When it was decided.
    pub at: Instant,
    /// Who caused it.
    pub by: String,
    /// What it did.
    pub change: MappingChange,
}

impl MappingStep {
    /// The item it was from then on, with its SKU; the outer `None` when the step mapped nothing.
    pub fn item(&self) -> Option<Option<&(ItemId, String)>> {
        if let MappingChange::Item(item) = &self.change { Some(item.as_ref()) } else { None }
    }

    /// The location it was from then on, with its name; the outer `None` when the step mapped nothing.
    pub fn location(&self) -> Option<Option<&(LocationId, String)>> {
        if let MappingChange::Location(location) = &self.change { Some(location.as_ref()) } else { None }
    }
}

/// Facts of one command that are looked at: it takes one mapping away before it makes another.
const TOGETHER: u64 = 200;

impl ViewsReader {
    /// What happened to an external id, newest first.
    ///
    /// # Errors
    /// SQLite's, or a kept fact that cannot be read.
    pub fn mapping_history(
        &self,
        kind: MappingKind,
        channel: ChannelId,
        external: &str,
        limit: usize,
    ) -> Result<Vec<MappingStep>, ViewsError> {
        let sql = "SELECT f.seq, f.body FROM mapped m JOIN facts f ON f.seq = m.seq \
                   WHERE m.kind = ?1 AND m.channel = ?2 AND m.external = ?3 ORDER BY m.seq DESC LIMIT ?4";
        self.read(|tables, names| {
            kept::rows(tables, sql, params![kind.number(), channel.0, external, page(limit)], |row| {
                let kept = kept::kept(row)?;
                let (seq, at, by) = (kept.seq, kept.at(), words::author(names, &kept.entry.by));
                let change = change(names, channel, external, kept.entry.fact);
                Ok(change.map(|change| MappingStep { seq, at, by, change }))
            })
        })
    }

    /// The other external id of the channel that lost its item or location by the command which made this mapping.
    ///
    /// # Errors
    /// SQLite's, or a kept fact that cannot be read.
    pub fn unmapped_for(&self, channel: ChannelId, step: &MappingStep) -> Result<Option<String>, ViewsError> {
        let sql = "SELECT seq, body FROM facts WHERE kind = ?1 AND seq < ?2 AND seq >= ?3 ORDER BY seq DESC LIMIT 1";
        let kind = if step.location().is_some() { FactKind::LocationMapped } else { FactKind::ItemMapped };
        let seq = step.seq.0;
        let parameters = params![kind.number(), stored(seq), stored(seq.saturating_sub(TOGETHER))];
        let before = self.read(|tables, _| kept::rows(tables, sql, parameters, |row| Ok(Some(kept::kept(row)?))))?;
        Ok(before.into_iter().filter(|kept| kept.at() == step.at).find_map(|kept| match kept.entry.fact {
            Fact::ItemMapped { channel: at, external, item: None, .. } if at == channel => Some(external.to_string()),
            Fact::LocationMapped { channel: at, external, location: None } if at == channel => {
                Some(external.to_string())
            }
            _ => None,
        }))
    }

    /// Questions about items, by channel and external id, after the one given.
    ///
    /// # Errors
    /// SQLite's, or a kept fact that cannot be read.
    pub fn mapping_questions(
        &self,
        filter: &QuestionFilter,
        after: Option<(ChannelId, &ExternalItem)>,
        limit: usize,
    ) -> Result<Vec<MappingQuestion>, ViewsError> {
        let after = after.map(|(channel, external)| (channel, external.as_str()));
        self.questions(MappingKind::Item, filter, after, limit, question)
    }

    /// Questions about locations, by channel and external id, after the one given.
    ///
    /// # Errors
    /// SQLite's, or a kept fact that cannot be read.
    pub fn location_questions(
        &self,
        filter: &QuestionFilter,
        after: Option<(ChannelId, &ExternalLocation)>,
        limit: usize,
    ) -> Result<Vec<LocationQuestion>, ViewsError> {
        let after = after.map(|(channel, external)| (channel, external.as_str()));
        self.questions(MappingKind::Location, filter, after, limit, location_question)
    }

    /// How many questions about items and about locations wait, and how many of each were put away.
    ///
    /// # Errors
    /// SQLite's.
    pub fn question_counts(&self) -> Result<[(u64, u64); 2], ViewsError> {
        let sql = "SELECT COUNT(*) FILTER (WHERE dismissed = 0), COUNT(*) FILTER (WHERE dismissed = 1) \
                   FROM questions WHERE kind = ?1";
        self.read(|tables, _| {
            let counts = |kind: MappingKind| -> Result<(u64, u64), ViewsError> {
                Ok(tables.prepare_cached(sql)?.query_row([kind.number()], |row| {
                    let count = |column| row.get::<_, i64>(column).map(i64::unsigned_abs);
                    Ok((count(0)?, count(1)?))
                })?)
            };
            Ok([counts(MappingKind::Item)?, counts(MappingKind::Location)?])
        })
    }

    fn questions<T>(
        &self,
        kind: MappingKind,
        filter: &QuestionFilter,
        after: Option<(ChannelId, &str)>,
        limit: usize,
        make: impl Fn(&words::Names<'_>, kept::Kept) -> Option<T>,
    ) -> Result<Vec<T>, ViewsError> {
        let sql = "SELECT f.seq, f.body FROM questions q JOIN facts f ON f.seq = q.seq \
                   WHERE q.kind = ?1 AND (?2 IS NULL OR q.channel = ?2) AND (q.channel, q.external) > (?3, ?4) \
                   AND q.dismissed = ?5 AND (?6 = '' OR instr(q.words, ?6) > 0) \
                   ORDER BY q.channel, q.external LIMIT ?7";
        let (after_channel, after_external) = after.map_or((-1, ""), |(id, external)| (i64::from(id.0), external));
        let parameters = params![
            kind.number(),
            filter.channel.map(|id| id.0),
            after_channel,
            after_external,
            i64::from(filter.dismissed),
            filter.text.trim().to_lowercase(),
            page(limit),
        ];
        self.read(|tables, names| kept::rows(tables, sql, parameters, |row| Ok(make(names, kept::kept(row)?))))
    }

    /// The question about one item, waiting or put away.
    ///
    /// # Errors
    /// SQLite's, or a kept fact that cannot be read.
    pub fn mapping_question(
        &self,
        channel: ChannelId,
        external: &ExternalItem,
    ) -> Result<Option<MappingQuestion>, ViewsError> {
        self.one_question(MappingKind::Item, channel, external.as_str(), question)
    }

    /// The question about one location, waiting or put away.
    ///
    /// # Errors
    /// SQLite's, or a kept fact that cannot be read.
    pub fn location_question(
        &self,
        channel: ChannelId,
        external: &ExternalLocation,
    ) -> Result<Option<LocationQuestion>, ViewsError> {
        self.one_question(MappingKind::Location, channel, external.as_str(), location_question)
    }

    fn one_question<T>(
        &self,
        kind: MappingKind,
        channel: ChannelId,
        external: &str,
        make: impl Fn(&words::Names<'_>, kept::Kept) -> Option<T>,
    ) -> Result<Option<T>, ViewsError> {
        let sql = "SELECT f.seq, f.body FROM questions q JOIN facts f ON f.seq = q.seq \
                   WHERE q.kind = ?1 AND q.channel = ?2 AND q.external = ?3";
        let parameters = params![kind.number(), channel.0, external];
        let found =
            self.read(|tables, names| kept::rows(tables, sql, parameters, |row| Ok(make(names, kept::kept(row)?))))?;
        Ok(found.into_iter().next())
    }
}

fn question(names: &words::Names<'_>, kept: kept::Kept) -> Option<MappingQuestion> {
    let (seq, at) = (kept.seq, kept.at());
    let Fact::MappingUnclear { channel, external, sku, reason, candidates, listing } = kept.entry.fact else {
        return None;
    };
    let candidates = candidates.into_iter().map(|item| (item, names.item(item))).collect();
    let channel_name = names.channel(channel);
    Some(MappingQuestion { seq, at, channel, channel_name, external, sku, reason, candidates, listing })
}

fn location_question(names: &words::Names<'_>, kept: kept::Kept) -> Option<LocationQuestion> {
    let (seq, at) = (kept.seq, kept.at());
    let Fact::LocationUnclear { channel, external, name, reason, candidates, .. } = kept.entry.fact else {
        return None;
    };
    let channel_name = names.channel(channel);
    Some(LocationQuestion { seq, at, channel, channel_name, external, name, reason, candidates })
}

/// What a fact did to this external id; `None` for a fact of another kind, which has no row in `mapped`.
fn change(names: &words::Names<'_>, channel: ChannelId, external: &str, fact: Fact) -> Option<MappingChange> {
    let other_than = |one: CustomerAt, other: CustomerAt| {
        let is_one = one.channel == channel && one.customer.as_str() == external;
        if is_one { other } else { one }
    };
    let partner = |question: Asked| match question {
        Asked::Item { .. } | Asked::Location { .. } => None,
        Asked::SameCustomer { one, other } => Some(other_than(one, other)),
    };
    match fact {
        Fact::ItemMapped { item, .. } => Some(MappingChange::Item(item.map(|item| (item, names.item(item))))),
        Fact::LocationMapped { location, .. } => {
            Some(MappingChange::Location(location.map(|location| (location, names.location(location)))))
        }
        Fact::CustomersLinked { one, other } => Some(MappingChange::Linked(other_than(one, other))),
        Fact::CustomersUnlinked { one, other } => Some(MappingChange::Unlinked(other_than(one, other))),
        Fact::QuestionDismissed { question } => Some(MappingChange::Dismissed(partner(question))),
        Fact::QuestionReopened { question } => Some(MappingChange::Reopened(partner(question))),
        _ => None,
    }
}
