//! What each channel should show, to writes, until it shows that.
//!
//! One sender per channel. It asks what differs, has the writes intended (durable, with their exact body and key),
//! sends them, and settles what became of them. A batch whose outcome is unknown is sent again, unchanged, before any
//! other.

mod documents;

use std::collections::BTreeSet;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use connectors::{Batch, ListingRow, Reply, Row, Run, Step, Trouble};
use dispatch::{Belief, Bisection, Gap, Lane, Plan};
use engine::{State, Trust};
use model::{Action, Actor, Command, IdempotencyKey, ListingWrite, Note, Outcome, WriteId, WritesIntended};
use tokio::sync::watch;

pub use documents::Clerk;

use crate::{Flow, FlowError, Link, Lost, Settings};

/// Shortest pause after a batch of which nothing was done, in milliseconds; doubled each time, eight times at most.
const FRUITLESS_MS: u64 = 50;
/// How long the same request may be sent again, in milliseconds. No platform says how long it remembers a key; after an
/// hour a reading tells more safely what became of it.
const RESEND_MS: i64 = 3_600_000;
/// Requests that one run of a batch may take.
const STEPS_MAX: usize = 1_000;
/// Longest time for which changes are gathered when the rate budget is nearly spent, in milliseconds.
const THRIFT_MS: u64 = 2_000;
/// Positions looked at in one job.
const LOOK: usize = 4_096;

/// Writes to one channel.
pub struct Sender {
    flow: Flow,
    link: Arc<Link>,
    settings: Settings,
    bisection: Bisection,
    /// Batches in a row of which nothing was done though the platform answered.
    fruitless: u32,
    /// The batch that was intended and has not been sent yet.
    fresh: Option<WriteId>,
    /// Where the next look at dirty positions begins.
    look_from: Arc<AtomicU32>,
}

impl std::fmt::Debug for Sender {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Sender({:?})", self.link)
    }
}

impl Sender {
    /// A sender with nothing under suspicion.
    pub fn new(flow: Flow, link: Arc<Link>, settings: Settings) -> Self {
        Self {
            flow,
            link,
            settings,
            bisection: Bisection::default(),
            fruitless: 0,
            fresh: None,
            look_from: Arc::default(),
        }
    }

    /// Works until `stop` turns true.
    pub async fn run(mut self, mut stop: watch::Receiver<bool>) {
        let mut head = self.flow.watch();
        while !*stop.borrow() {
            match self.round().await {
                Ok(true) => {}
                Ok(false) => {
                    tokio::select! {
                        biased;
                        // Whoever could stop us is gone: nobody needs us any more.
                        changed = stop.changed() => if changed.is_err() { return },
                        changed = head.changed() => {
                            if changed.is_err() {
                                return;
                            }
                            // Changes come in bursts: many become one write.
                            tokio::time::sleep(Duration::from_millis(self.settings.gather_ms)).await;
                        }
                        () = tokio::time::sleep(Duration::from_secs(1)) => {}
                    }
                }
                Err(FlowError::Stopped) => return,
                Err(error) => {
                    tracing::debug!(channel = %self.link.settings.name, %error, "writing is put off");
                    tokio::time::sleep(self.link.backoff()).await;
                }
            }
        }
    }

    /// One batch. Answers whether there was anything to write.
    async fn round(&mut self) -> Result<bool, FlowError> {
        if let Some(batch) = self.unsettled().await? {
            self.deliver(batch).await?;
            return Ok(true);
        }
        let thrift_ms = self.link.thrift_ms(THRIFT_MS);
        if thrift_ms > 0 {
            tokio::time::sleep(Duration::from_millis(thrift_ms)).await;
        }
        match self.intend().await? {
            Some(batch) => {
                self.fresh = Some(batch.id);
                self.deliver(batch).await?;
                Ok(true)
            }
            None => Ok(false),
        }
    }

    /// A batch from before the last stop, or one whose outcome is unknown.
    async fn unsettled(&self) -> Result<Option<WritesIntended>, FlowError> {
        let channel = self.link.channel;
        self.flow.read(move |state| state.in_flight().find(|batch| batch.channel == channel).cloned()).await
    }

    /// Plans the next batch and has it intended, in one step, so that it is right when it is durable.
    async fn intend(&self) -> Result<Option<WritesIntended>, FlowError> {
        let (link, bisection) = (Arc::clone(&self.link), self.bisection.clone());
        let look_from = Arc::clone(&self.look_from);
        let Some(dated) = self.link.present_there() else { return Ok(None) };
        let (channel, at) = (self.link.channel, self.link.clock.now());
        let answer = self
            .flow
            .decide(move |desk| {
                let plan = {
                    let Some((state, dirty)) = desk.dirty(channel) else { return Ok(Vec::new()) };
                    let (looked, next) = window(dirty, look_from.load(Ordering::Relaxed), LOOK);
                    look_from.store(next, Ordering::Relaxed);
                    plan(state, dirty, &looked, &link, &bisection)
                };
                let Some(plan) = plan else { return Ok(Vec::new()) };
                let state = desk.state();
                let key = format!("{}-{}", link.settings.name, state.next_write().0);
                let Some(batch) = in_their_words(state, &link, &plan, &key, dated) else { return Ok(Vec::new()) };
                let action = match link.connector.compose(&batch) {
                    Ok(body) => Action::IntendWrites {
                        channel,
                        mode: plan.mode,
                        dated,
                        writes: plan.writes,
                        listings: plan.listings,
                        key: IdempotencyKey::new(&batch.key),
                        body,
                    },
                    Err(error) => {
                        tracing::warn!(channel = %link.settings.name, %error, "a batch cannot be said on this platform");
                        return Ok(Vec::new());
                    }
                };
                Ok(vec![Command { at, by: Actor::System, action }])
            })
            .await?;
        let Some(Ok(facts)) = answer.results.into_iter().next() else { return Ok(None) };
        Ok(facts.into_iter().find_map(|fact| match fact {
            model::Fact::WritesIntended(batch) => Some(*batch),
            _ => None,
        }))
    }

    /// Carries a batch out, request by request, until what became of it is known.
    async fn deliver(&mut self, intended: WritesIntended) -> Result<(), FlowError> {
        let (link, id) = (Arc::clone(&self.link), intended.id);
        if self.link.clock.now().since(intended.dated) > RESEND_MS {
            return self.settle_unknown(id).await;
        }
        let batch = self.flow.read(move |state| again_in_their_words(state, &link, &intended)).await?;
        let Some((intended, batch)) = batch else { return self.settle_unknown(id).await };
        // Only a batch that this very round intended has surely never been sent.
        let first = self.fresh.take() == Some(id);
        match self.carry_out(&intended, &batch, first).await {
            Some(outcomes) => self.settle(id, &intended, outcomes).await,
            None => {
                tokio::time::sleep(self.link.backoff()).await;
                Ok(())
            }
        }
    }

    /// One run of a batch. `None` = it broke off; the next run begins anew, knowing that it is not the first.
    async fn carry_out(&self, intended: &WritesIntended, batch: &Batch, first: bool) -> Option<Vec<Outcome>> {
        let mut replies: Vec<Reply> = Vec::new();
        let mut renewed = false;
        loop {
            if replies.len() > STEPS_MAX {
                self.link.note(|health| health.trouble = Some("a batch of writes came to no end".into()));
                return Some(vec![Outcome::Unknown; batch.len()]);
            }
            let account = self.link.account(Vec::new()).await;
            let run = Run { first, replies: &replies };
            match self.link.connector.step(batch, &intended.body, &account, &run) {
                Ok(Step::Settled(outcomes)) => {
                    self.link.well();
                    return Some(outcomes);
                }
                Ok(Step::Send(request)) => match self.link.request(*request, Lane::Write).await {
                    Ok(reply) => replies.push(reply),
                    // It never left: the same step is still to be taken.
                    Err(Lost::NotSent(_)) if !replies.is_empty() => tokio::time::sleep(self.link.backoff()).await,
                    Err(Lost::NotSent(_) | Lost::NoReply(_)) => return None,
                },
                Err(trouble) => {
                    self.link.trouble(&trouble);
                    match trouble {
                        Trouble::Refused { reason } => {
                            return Some(vec![Outcome::Never { because: Note::new(&reason) }; batch.len()]);
                        }
                        // Nothing was done: the same step again, when there is budget.
                        Trouble::Throttled { .. } => drop(replies.pop()),
                        Trouble::Denied { .. } if !renewed && self.link.renew(&account.token).await => {
                            renewed = true;
                            replies.pop();
                        }
                        Trouble::Failed { .. } | Trouble::Garbled { .. } | Trouble::Denied { .. } => return None,
                    }
                }
            }
        }
    }

    async fn settle(
        &mut self,
        id: WriteId,
        intended: &WritesIntended,
        mut outcomes: Vec<Outcome>,
    ) -> Result<(), FlowError> {
        let plan = Plan { mode: intended.mode, writes: intended.writes.clone(), listings: intended.listings.clone() };
        let rows = plan.targets();
        let refused_whole = rows.len() > 1 && outcomes.iter().all(|o| matches!(o, Outcome::Never { .. }));
        if refused_whole {
            // Nobody said which row is to blame: halves of it are tried.
            self.bisection.refused(&rows);
            outcomes = vec![Outcome::Again; rows.len()];
        } else if outcomes.iter().all(|o| matches!(o, Outcome::Done { .. } | Outcome::Never { .. })) {
            self.bisection.taken(&rows);
        }
        let done = outcomes.iter().filter(|o| matches!(o, Outcome::Done { .. })).count() as u64;
        let label = self.link.label();
        self.link.meter.count("lockstep_writes_total", label, done);
        self.link.meter.count("lockstep_write_requests_total", label, 1);
        let fruitless = !refused_whole && done == 0 && !outcomes.iter().any(|o| matches!(o, Outcome::Never { .. }));
        self.fruitless = if fruitless { self.fruitless.saturating_add(1) } else { 0 };
        self.settled(id, outcomes).await?;
        if fruitless {
            // Whatever the reason is, asking faster does not remove it.
            let pause_ms = FRUITLESS_MS << self.fruitless.min(8);
            tokio::time::sleep(Duration::from_millis(pause_ms)).await;
        }
        Ok(())
    }

    async fn settled(&self, id: WriteId, outcomes: Vec<Outcome>) -> Result<(), FlowError> {
        let action = Action::SettleWrites { id, outcomes };
        let command = Command { at: self.link.clock.now(), by: Actor::System, action };
        self.flow.command(command).await.map(drop)
    }

    /// It cannot be sent again (a mapping is gone, or the key is too old): only a reading can tell.
    async fn settle_unknown(&self, id: WriteId) -> Result<(), FlowError> {
        let count = self.flow.read(move |state| state.in_flight_batch(id).map_or(0, WritesIntended::len)).await?;
        self.settled(id, vec![Outcome::Unknown; count]).await
    }
}

/// At most so many dirty positions, and where the next look begins: where more are dirty than one look takes in, each look
/// goes on where the last one ended, so that none waits for ever behind those that stand first.
fn window(dirty: &BTreeSet<u32>, from: u32, most: usize) -> (Vec<u32>, u32) {
    let looked: Vec<u32> = dirty.range(from..).chain(dirty.range(..from)).copied().take(most).collect();
    let next = if looked.len() < dirty.len() { looked.last().map_or(0, |last| last.saturating_add(1)) } else { 0 };
    (looked, next)
}

/// Forgets those of the dirty positions looked at that are right, and plans the most urgent batch of the rest.
fn plan(state: &State, dirty: &mut BTreeSet<u32>, looked: &[u32], link: &Link, bisection: &Bisection) -> Option<Plan> {
    let mut gaps: Vec<Gap> = Vec::new();
    for row in looked {
        match gap_of(state, link, *row) {
            Some(gap) => gaps.push(gap),
            // A write in flight, a reading or a person will touch it again.
            None => {
                dirty.remove(row);
            }
        }
    }
    let abilities = link.connector.abilities();
    let levels = dispatch::plan(gaps, abilities.batch_max);
    let mut plan = levels.or_else(|| Plan::of_listings(listings(state, link.channel, abilities.listings_max)))?;
    plan.truncate(bisection.prefix(&plan.targets()));
    Some(plan)
}

fn listings(state: &State, channel: model::ChannelId, most: usize) -> Vec<ListingWrite> {
    let write = |item| {
        let (from, to) = (state.listing(channel, item)?, state.wanted_listing(channel, item)?);
        Some(ListingWrite { item, from, to })
    };
    state.listings().due(channel).filter_map(write).take(most).collect()
}

fn gap_of(state: &State, link: &Link, row: u32) -> Option<Gap> {
    let channel = state.catalogue().channel(link.channel)?;
    if !channel.writes {
        return None;
    }
    let position = state.positions().row(row);
    let shown = state.shown().get(link.channel, row)?;
    if shown.in_flight.is_some() || shown.blocked {
        return None;
    }
    let belief = match shown.trust {
        Trust::Unread | Trust::Doubtful => Belief::Unusable,
        Trust::Stale => Belief::Stale,
        Trust::Known if shown.drifted => Belief::Drifted,
        Trust::Known => Belief::Known,
    };
    let wanted = state.wanted(link.channel, position.item, position.location)?;
    dispatch::gap(position.item, position.location, shown.level, wanted, belief)
}

fn in_their_words(state: &State, link: &Link, plan: &Plan, key: &str, dated: model::Instant) -> Option<Batch> {
    let rows: Option<Vec<Row>> = plan.writes.iter().map(|write| row(state, link, write)).collect();
    let listings: Option<Vec<ListingRow>> = plan.listings.iter().map(|write| listing_row(state, link, write)).collect();
    Some(Batch { mode: plan.mode, key: key.to_owned(), dated, rows: rows?, listings: listings? })
}

fn row(state: &State, link: &Link, write: &model::Write) -> Option<Row> {
    Some(Row {
        external: state.catalogue().external_item(link.channel, write.item)?.clone(),
        aliases: state.catalogue().aliases(link.channel, write.item).cloned().collect(),
        location: state.catalogue().external_location(link.channel, write.location)?.clone(),
        from: write.from,
        to: write.to,
    })
}

fn listing_row(state: &State, link: &Link, write: &ListingWrite) -> Option<ListingRow> {
    Some(ListingRow {
        external: state.catalogue().external_item(link.channel, write.item)?.clone(),
        aliases: state.catalogue().aliases(link.channel, write.item).cloned().collect(),
        from: write.from.clone(),
        to: write.to.clone(),
    })
}

fn again_in_their_words(state: &State, link: &Link, intended: &WritesIntended) -> Option<(WritesIntended, Batch)> {
    let (writes, listings) = (intended.writes.clone(), intended.listings.clone());
    let plan = Plan { mode: intended.mode, writes, listings };
    let batch = in_their_words(state, link, &plan, intended.key.as_str(), intended.dated)?;
    Some((intended.clone(), batch))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn where_more_is_dirty_than_one_look_takes_in_every_position_gets_its_turn() {
        let dirty: BTreeSet<u32> = [2, 3, 5, 7, 11].into();
        let (first, next) = window(&dirty, 0, 2);
        assert_eq!((first, next), (vec![2, 3], 4));
        let (second, next) = window(&dirty, next, 2);
        assert_eq!((second, next), (vec![5, 7], 8));
        let (third, next) = window(&dirty, next, 2);
        assert_eq!((third, next), (vec![11, 2], 3));
        assert_eq!(window(&dirty, 8, 9), (vec![11, 2, 3, 5, 7], 0));
        assert_eq!(window(&BTreeSet::new(), 4, 2), (vec![], 0));
    }
}
