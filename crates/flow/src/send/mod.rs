//! What each channel should show, to writes, until it shows that.
//!
//! One sender per channel. It asks what differs, has the writes intended (durable, with their exact body and key),
//! sends them, and settles what became of them. A batch whose outcome is unknown is sent again, unchanged, before any
//! other.

use std::sync::Arc;
use std::time::Duration;

use connectors::{Batch, Reply, Row, Trouble};
use dispatch::{Belief, Bisection, Gap, Plan};
use engine::{State, Trust};
use model::{Action, Actor, Command, IdempotencyKey, ItemId, LocationId, Note, Outcome, WriteId, WritesIntended};
use tokio::sync::watch;

use crate::link::Lane;
use crate::{Flow, FlowError, Link, Lost, Settings};

/// Shortest pause after a batch of which nothing was done, in milliseconds; doubled each time, eight times at most.
const FRUITLESS_MS: u64 = 50;
/// How long the same request may be sent again, in milliseconds. No platform says how long it remembers a key; after an
/// hour a reading tells more safely what became of it.
const RESEND_MS: i64 = 3_600_000;
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
}

impl std::fmt::Debug for Sender {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Sender({:?})", self.link)
    }
}

impl Sender {
    /// A sender with nothing under suspicion.
    pub fn new(flow: Flow, link: Arc<Link>, settings: Settings) -> Self {
        Self { flow, link, settings, bisection: Bisection::default(), fruitless: 0 }
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
        match self.intend().await? {
            Some(batch) => {
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
        let Some(dated) = self.link.present_there() else { return Ok(None) };
        let (channel, at) = (self.link.channel, self.link.clock.now());
        let answer = self
            .flow
            .decide(move |desk| {
                let plan = {
                    let Some((state, dirty)) = desk.dirty(channel) else { return Ok(Vec::new()) };
                    plan(state, dirty, &link, &bisection)
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

    /// Sends a batch until its outcome is known.
    async fn deliver(&mut self, intended: WritesIntended) -> Result<(), FlowError> {
        let (link, id) = (Arc::clone(&self.link), intended.id);
        if self.link.clock.now().since(intended.dated) > RESEND_MS {
            return self.settle_unknown(id).await;
        }
        let batch = self.flow.read(move |state| again_in_their_words(state, &link, &intended)).await?;
        let Some((intended, batch)) = batch else { return self.settle_unknown(id).await };
        let account = self.link.account(Vec::new());
        let Ok(request) = self.link.connector.carry(&intended.body, &account) else {
            return self.settle_unknown(id).await;
        };
        let outcome = match self.link.request(request, Lane::Write).await {
            Ok(reply) => self.hear(&batch, &reply),
            Err(Lost::NotSent(_)) | Err(Lost::NoReply(_)) => None,
        };
        match outcome {
            Some(outcomes) => self.settle(id, &intended, outcomes).await,
            None => {
                tokio::time::sleep(self.link.backoff()).await;
                Ok(())
            }
        }
    }

    /// The outcome of each write; `None` = the same request must be sent again.
    fn hear(&mut self, batch: &Batch, reply: &Reply) -> Option<Vec<Outcome>> {
        match self.link.connector.hear(batch, reply) {
            Ok(outcomes) => {
                self.link.well();
                Some(outcomes)
            }
            Err(trouble) => {
                self.link.trouble(&trouble);
                match trouble {
                    Trouble::Refused { reason } => {
                        Some(vec![Outcome::Never { because: Note::new(&reason) }; batch.rows.len()])
                    }
                    Trouble::Throttled { .. }
                    | Trouble::Failed { .. }
                    | Trouble::Garbled { .. }
                    | Trouble::Denied { .. } => None,
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
        let rows: Vec<(ItemId, LocationId)> = intended.writes.iter().map(|w| (w.item, w.location)).collect();
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
        let count =
            self.flow.read(move |state| state.in_flight_batch(id).map_or(0, |batch| batch.writes.len())).await?;
        self.settled(id, vec![Outcome::Unknown; count]).await
    }
}

/// Looks at dirty positions, forgets those that are right, and plans the most urgent batch of the rest.
fn plan(
    state: &State,
    dirty: &mut std::collections::BTreeSet<u32>,
    link: &Link,
    bisection: &Bisection,
) -> Option<Plan> {
    let mut gaps: Vec<Gap> = Vec::new();
    let looked: Vec<u32> = dirty.iter().copied().take(LOOK).collect();
    for row in looked {
        match gap_of(state, link, row) {
            Some(gap) => gaps.push(gap),
            // A write in flight, a reading or a person will touch it again.
            None => {
                dirty.remove(&row);
            }
        }
    }
    let mut plan = dispatch::plan(gaps, link.connector.abilities().batch_max)?;
    let rows: Vec<(ItemId, LocationId)> = plan.writes.iter().map(|w| (w.item, w.location)).collect();
    plan.writes.truncate(bisection.prefix(&rows));
    Some(plan)
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
    Some(Batch { mode: plan.mode, key: key.to_owned(), dated, rows: rows? })
}

fn row(state: &State, link: &Link, write: &model::Write) -> Option<Row> {
    Some(Row {
        external: state.catalogue().external_item(link.channel, write.item)?.clone(),
        location: state.catalogue().external_location(link.channel, write.location)?.clone(),
        from: write.from,
        to: write.to,
    })
}

fn again_in_their_words(state: &State, link: &Link, intended: &WritesIntended) -> Option<(WritesIntended, Batch)> {
    let plan = Plan { mode: intended.mode, writes: intended.writes.clone() };
    let batch = in_their_words(state, link, &plan, intended.key.as_str(), intended.dated)?;
    Some((intended.clone(), batch))
}
