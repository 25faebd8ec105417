//! What every channel is believed to show: for each channel and position the level as the platform must have it,
//! given all we wrote, all we read and all it sold itself as far as we have heard.

use hashbrown::HashTable;
use minicbor::{Decode, Encode};
use model::{Change, ChannelId, Instant, Level, Note, Seq, WriteId};

use super::Map;

/// How far a believed level may be used.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode)]
#[cbor(index_only)]
pub enum Trust {
    /// Never read or written.
    #[n(0)]
    Unread,
    /// As good as we know.
    #[n(1)]
    Known,
    /// The platform shows something else: something is unheard of. Lowering it is still right, raising it waits for
    /// a reading.
    #[n(2)]
    Stale,
    /// A write may or may not have been taken. Nothing is written before a reading.
    #[n(3)]
    Doubtful,
}

/// A believed level.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode)]
pub struct ShownLevel {
    /// Channel.
    #[n(0)]
    pub channel: ChannelId,
    /// Row in the positions.
    #[n(1)]
    pub position: u32,
    /// What it shows.
    #[n(2)]
    pub level: Level,
    /// How far this may be used.
    #[n(3)]
    pub trust: Trust,
    /// The write in flight.
    #[n(4)]
    pub in_flight: Option<WriteId>,
    /// Refused by the platform or held back for a person.
    #[n(5)]
    pub blocked: bool,
    /// The last reading did not agree: the next write sets the level instead of changing it.
    #[n(6)]
    pub drifted: bool,
    /// The last fact that changed the level.
    #[n(7)]
    pub moved: Seq,
    /// When that was.
    #[n(8)]
    pub at: Instant,
    /// The change of a write that may or may not have been taken; zero when there is none.
    #[n(9)]
    pub doubt: Change,
    /// What readings taught about stock where this channel's word is the truth, since the present mapping and the last
    /// count: taken back when the mapping turns out to be wrong.
    #[n(10)]
    pub learnt: Change,
}

/// All believed levels.
#[derive(Clone, Debug, Default)]
pub struct Shown {
    rows: Vec<ShownLevel>,
    index: HashTable<u32>,
    reasons: Map<(ChannelId, u32), (Note, Option<Level>)>,
}

fn hash(channel: ChannelId, position: u32) -> u64 {
    model::stable_hash(&[&channel.0.to_le_bytes(), &position.to_le_bytes()])
}

impl Shown {
    /// What a channel is believed to show of a position.
    pub fn get(&self, channel: ChannelId, position: u32) -> Option<&ShownLevel> {
        let row = self.index.find(hash(channel, position), |row| self.is(*row, channel, position))?;
        self.rows.get(*row as usize)
    }

    /// Everything believed, in the order in which it was first heard of.
    pub fn iter(&self) -> impl Iterator<Item = &ShownLevel> {
        self.rows.iter()
    }

    /// Why a level is blocked.
    pub fn reason(&self, channel: ChannelId, position: u32) -> Option<&Note> {
        self.reasons.get(&(channel, position)).map(|(why, _)| why)
    }

    /// Channels on which a level of this position was refused by the platform, and which level: another one may be
    /// tried.
    pub(crate) fn refused(&self, channels: usize, position: u32) -> Vec<(ChannelId, Level)> {
        if self.reasons.is_empty() {
            return Vec::new();
        }
        let channels = (0..channels as u32).map(ChannelId);
        channels.filter_map(|channel| Some((channel, self.reasons.get(&(channel, position))?.1?))).collect()
    }

    fn is(&self, row: u32, channel: ChannelId, position: u32) -> bool {
        let row = &self.rows[row as usize];
        row.channel == channel && row.position == position
    }

    pub(crate) fn row_mut(&mut self, channel: ChannelId, position: u32) -> &mut ShownLevel {
        let found = self.index.find(hash(channel, position), |row| self.is(*row, channel, position)).copied();
        let row = found.unwrap_or_else(|| {
            let row = self.rows.len() as u32;
            self.rows.push(ShownLevel {
                channel,
                position,
                level: Level::ZERO,
                trust: Trust::Unread,
                in_flight: None,
                blocked: false,
                drifted: false,
                moved: Seq(0),
                at: Instant(0),
                doubt: Change::ZERO,
                learnt: Change::ZERO,
            });
            let rows = &self.rows;
            self.index.insert_unique(hash(channel, position), row, |other| {
                let other = &rows[*other as usize];
                hash(other.channel, other.position)
            });
            row
        });
        &mut self.rows[row as usize]
    }

    /// The channel's own event changed its number.
    pub(crate) fn shift(&mut self, channel: ChannelId, position: u32, change: Change, seq: Seq, at: Instant) {
        let row = self.row_mut(channel, position);
        row.level = row.level.after(change);
        row.moved = seq;
        row.at = at;
    }

    /// A reading taught so much about the stock.
    pub(crate) fn learn(&mut self, channel: ChannelId, position: u32, change: Change) {
        let row = self.row_mut(channel, position);
        row.learnt = row.learnt.plus(change);
    }

    /// What readings taught is the stock's own from now on: it was counted, or stands under another id.
    pub(crate) fn settle_learnt(&mut self, channel: ChannelId, position: u32) {
        if self.get(channel, position).is_some() {
            self.row_mut(channel, position).learnt = Change::ZERO;
        }
    }

    /// Another id stands for this position: nothing is believed of it any more, as before it was first read, and a
    /// reading that has begun was of the old id. A write in flight still comes to its end.
    pub(crate) fn forget(&mut self, channel: ChannelId, position: u32, seq: Seq) {
        if self.get(channel, position).is_some() {
            self.unblock(channel, position);
            let row = self.row_mut(channel, position);
            (row.trust, row.moved, row.drifted) = (Trust::Unread, seq, false);
            (row.doubt, row.learnt) = (Change::ZERO, Change::ZERO);
        }
    }

    /// `refused` is the level that the platform would not take; `None` = a person must look at it.
    pub(crate) fn block(&mut self, channel: ChannelId, position: u32, reason: Note, refused: Option<Level>) {
        self.row_mut(channel, position).blocked = true;
        self.reasons.insert((channel, position), (reason, refused));
    }

    pub(crate) fn unblock(&mut self, channel: ChannelId, position: u32) {
        self.row_mut(channel, position).blocked = false;
        self.reasons.remove(&(channel, position));
    }

    pub(crate) fn encode(&self, out: &mut Vec<u8>) {
        let mut reasons: Vec<(ChannelId, u32, &Note, Option<Level>)> = self
            .reasons
            .iter()
            .map(|((channel, position), (note, refused))| (*channel, *position, note, *refused))
            .collect();
        reasons.sort_unstable();
        // Writing to a vector cannot fail.
        let _ = minicbor::encode(&self.rows, &mut *out);
        let _ = minicbor::encode(&reasons, &mut *out);
    }

    pub(crate) fn decode(decoder: &mut minicbor::Decoder<'_>) -> Result<Self, minicbor::decode::Error> {
        let rows: Vec<ShownLevel> = decoder.decode()?;
        let reasons: Vec<(ChannelId, u32, Note, Option<Level>)> = decoder.decode()?;
        let mut index = HashTable::with_capacity(rows.len());
        for (number, row) in rows.iter().enumerate() {
            let rehash = |other: &u32| hash(rows[*other as usize].channel, rows[*other as usize].position);
            index.insert_unique(hash(row.channel, row.position), number as u32, rehash);
        }
        let reasons = reasons
            .into_iter()
            .map(|(channel, position, note, refused)| ((channel, position), (note, refused)))
            .collect();
        Ok(Self { rows, index, reasons })
    }
}
