//! The journal read back from its first byte: the state it gives, and what it tells of orders, returns and oversells.

use std::collections::BTreeMap;

use engine::State;
use journal::{Chain, Seq};
use model::{Cause, ChannelId, DocumentKey, Entry, Fact, LineKey, OrderId, Outcome, Oversold, Quantity};

use crate::{Hub, SimError};

/// Facts between two checks of the whole state.
const CHECK_EVERY: u64 = 100;

/// What the journal tells.
#[derive(Debug, Default)]
pub struct Replayed {
    /// The state after the last fact.
    pub state: State,
    /// How many facts there are.
    pub facts: u64,
    /// They, oldest first.
    pub entries: Vec<Entry>,
    /// Writes that were intended.
    pub writes: u64,
    /// Oversells.
    pub oversold: Vec<Oversold>,
    /// Promises that were broken: order or reservation, and units in hundred-thousandths.
    pub shorted: Vec<model::Shorted>,
    /// Writes that an account refused for good, with its words.
    pub refused: Vec<(ChannelId, String)>,
    /// What `engine::check` found on the way.
    pub wrong: Vec<String>,
    pub(super) orders: BTreeMap<(ChannelId, DocumentKey), OrderId>,
    /// Lines that were told of.
    pub(super) lines: BTreeMap<(OrderId, LineKey), ()>,
    /// Promised plus gone of a line, in hundred-thousandths.
    pub(super) taken: BTreeMap<(OrderId, LineKey), i64>,
    /// Returned on a line in hundred-thousandths, and how often.
    pub(super) returned: BTreeMap<(ChannelId, LineKey), (i64, u32)>,
    channel_of: BTreeMap<OrderId, ChannelId>,
}

/// Reads the whole journal of a running hub, and checks the state every hundred facts.
///
/// # Errors
/// When the journal or a fact cannot be read.
pub fn replay(hub: &Hub) -> Result<(Replayed, Chain), SimError> {
    let mut told = Replayed::default();
    let mut cursor = hub.reader().read(Seq(1))?;
    while let Some(batch) = cursor.next()? {
        for entry in Entry::decode_all(batch.body)? {
            engine::evolve(&mut told.state, &entry);
            told.facts += 1;
            told.take(entry.fact.clone());
            told.entries.push(entry);
            if told.facts.is_multiple_of(CHECK_EVERY) {
                told.check();
            }
        }
    }
    told.check();
    Ok((told, hub.reader().head().chain))
}

/// Every fact in the journal of a running hub, oldest first.
///
/// # Errors
/// When the journal or a fact cannot be read.
pub fn facts(hub: &Hub) -> Result<Vec<Fact>, SimError> {
    let mut facts = Vec::new();
    let mut cursor = hub.reader().read(Seq(1))?;
    while let Some(batch) = cursor.next()? {
        facts.extend(Entry::decode_all(batch.body)?.into_iter().map(|entry| entry.fact));
    }
    Ok(facts)
}

impl Replayed {
    fn check(&mut self) {
        let facts = self.facts;
        self.wrong.extend(engine::check(&self.state).into_iter().map(|wrong| format!("after fact {facts}: {wrong}")));
    }

    fn take(&mut self, fact: Fact) {
        match fact {
            Fact::OrderPut(put) => {
                self.orders.insert((put.channel, put.document.clone()), put.order);
                self.channel_of.insert(put.order, put.channel);
                for line in &put.lines {
                    self.lines.insert((put.order, LineKey::of(line.line.as_str())), ());
                }
            }
            Fact::Moved(moved) => {
                if let (Some(line), Cause::Sale | Cause::Order) = (moved.order, moved.cause) {
                    *self.taken.entry(line).or_default() += moved.reserved.parts() - moved.on_hand.parts();
                }
            }
            Fact::Returned(returned) => {
                if let Some(channel) = self.channel_of.get(&returned.order) {
                    let entry = self.returned.entry((*channel, returned.line)).or_default();
                    entry.0 += Quantity::parts(returned.quantity);
                    entry.1 += 1;
                }
            }
            Fact::WritesIntended(intended) => self.writes += intended.writes.len() as u64,
            Fact::WritesSettled(settled) => {
                let never = settled.outcomes.iter().filter_map(|outcome| match outcome {
                    Outcome::Never { because } => Some((settled.channel, because.to_string())),
                    Outcome::Done { .. } | Outcome::Stale | Outcome::Again | Outcome::Unknown => None,
                });
                self.refused.extend(never);
            }
            Fact::Oversold(oversold) => self.oversold.push(oversold),
            Fact::Shorted(shorted) => self.shorted.push(shorted),
            // What is left tells nothing of orders and is in the state.
            _ => {}
        }
    }
}
