//! The keeper's thread, and the handle by which everybody else reaches it.
//!
//! Jobs wait in one bounded queue. The thread takes all that wait, decides them one after another, commits once, and
//! answers. So a batch grows by itself when a sync is slow, and a lone job waits for nobody.

use std::sync::{Arc, Mutex};

use crossbeam_channel::{Receiver, Sender};
use engine::State;
use model::{Command, Refusal, Seq};
use tokio::sync::{oneshot, watch};

use super::{Answer, Border, Desk, Keeper};

/// Jobs that may wait; more are refused with [`FlowError::Busy`].
const QUEUE: usize = 16_384;
/// Jobs in one commit.
const BATCH: usize = 8_192;
/// Facts after which a snapshot is written.
const SNAPSHOT_EVERY: u64 = 2_000_000;

/// Why a job was not done.
#[derive(Debug, thiserror::Error)]
pub enum FlowError {
    /// The disk failed or the hub is shutting down: nothing is taken until it is started again.
    #[error("the hub has stopped taking anything; nothing was done that was not acknowledged")]
    Stopped,
    /// Too much is waiting.
    #[error("the hub is busy; try again in a moment")]
    Busy,
    /// The engine's answer.
    #[error(transparent)]
    Refused(#[from] Refusal),
    /// Keys or raw bodies could not be used.
    #[error("keep raw bodies and keys")]
    Store(#[from] journal::JournalError),
}

/// What a job wants decided.
pub type Make = Box<dyn FnOnce(&mut Desk<'_>) -> Result<Vec<Command>, FlowError> + Send>;
/// A look at the desk; what it returns is run after the commit.
type Look = Box<dyn FnOnce(&mut Desk<'_>) -> Box<dyn FnOnce() + Send> + Send>;

enum Job {
    Decide { make: Make, reply: oneshot::Sender<Result<Answer, FlowError>> },
    Look(Look),
    Snapshot(oneshot::Sender<Result<(), FlowError>>),
    Border(oneshot::Sender<Result<Border, FlowError>>),
    Stop(oneshot::Sender<()>),
}

/// The way to the keeper. Cheap to clone.
#[derive(Clone)]
pub struct Flow {
    way: Way,
    head: watch::Receiver<Seq>,
    /// Closes when the keeper's thread has ended: a job that was sent too late is answered by that.
    ended: watch::Receiver<Option<String>>,
}

#[derive(Clone)]
enum Way {
    /// To a thread of its own.
    Thread(Sender<Job>),
    /// Right here, one job at a time: for simulations on a virtual clock.
    Here(Arc<Mutex<Keeper>>, Arc<Heads>),
}

/// Who is told of new facts when every job is done right here. Each has a channel of its own and they are told in the
/// order in which they came: one shared channel wakes its receivers in an order that differs from run to run.
struct Heads {
    all: watch::Sender<Seq>,
    each: Mutex<Vec<watch::Sender<Seq>>>,
}

impl Heads {
    fn watch(&self) -> watch::Receiver<Seq> {
        let (told, head) = watch::channel(*self.all.borrow());
        if let Ok(mut each) = self.each.lock() {
            each.retain(|told| !told.is_closed());
            each.push(told);
        }
        head
    }

    fn tell(&self, seq: Seq) {
        tell(&self.all, seq);
        if let Ok(each) = self.each.lock() {
            each.iter().for_each(|told| tell(told, seq));
        }
    }
}

impl std::fmt::Debug for Flow {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Flow({})", self.head().0)
    }
}

impl Flow {
    /// A flow that does every job at once in the caller's thread.
    pub fn here(keeper: Keeper) -> Self {
        let (told, head) = watch::channel(keeper.state().seq());
        let (_, ended) = watch::channel(None);
        let heads = Heads { all: told, each: Mutex::default() };
        Self { way: Way::Here(Arc::new(Mutex::new(keeper)), Arc::new(heads)), head, ended }
    }

    /// The keeper's answer, or that it has ended.
    async fn answer<T>(&self, answer: oneshot::Receiver<T>) -> Result<T, FlowError> {
        let mut ended = self.ended.clone();
        tokio::select! {
            biased;
            answer = answer => answer.map_err(|_| FlowError::Stopped),
            _ = ended.changed() => Err(FlowError::Stopped),
        }
    }

    /// Waits until the keeper has ended because it could not go on, and says why.
    pub async fn failed(&self) -> String {
        let mut ended = self.ended.clone();
        loop {
            if let Some(reason) = ended.borrow_and_update().clone() {
                return reason;
            }
            if ended.changed().await.is_err() {
                // It was asked to end.
                return std::future::pending().await;
            }
        }
    }

    /// The number of the last durable fact.
    pub fn head(&self) -> Seq {
        *self.head.borrow()
    }

    /// Changes whenever facts have become durable.
    pub fn watch(&self) -> watch::Receiver<Seq> {
        match &self.way {
            Way::Thread(_) => self.head.clone(),
            Way::Here(_, heads) => heads.watch(),
        }
    }

    /// Has commands decided that are made from the state as it is when their turn comes.
    ///
    /// # Errors
    /// When the hub has stopped or is busy, or the job could not be made. Refusals are in the answer.
    pub async fn decide(
        &self,
        make: impl FnOnce(&mut Desk<'_>) -> Result<Vec<Command>, FlowError> + Send + 'static,
    ) -> Result<Answer, FlowError> {
        match &self.way {
            Way::Thread(jobs) => {
                let (reply, answer) = oneshot::channel();
                send(jobs, Job::Decide { make: Box::new(make), reply })?;
                self.answer(answer).await?
            }
            Way::Here(keeper, heads) => {
                let mut keeper = keeper.lock().map_err(|_| FlowError::Stopped)?;
                let made = run(&mut keeper, Box::new(make));
                finish(&mut keeper, |seq| heads.tell(seq))?;
                made.map(|results| Answer { results, seq: keeper.state.seq() })
            }
        }
    }

    /// Has one command decided.
    ///
    /// # Errors
    /// As [`decide`](Self::decide), and the engine's refusal.
    pub async fn command(&self, command: Command) -> Result<Vec<model::Fact>, FlowError> {
        Ok(self.decide(move |_| Ok(vec![command])).await?.only()?)
    }

    /// Looks at the desk. What was seen is durable when it is returned.
    ///
    /// # Errors
    /// When the hub has stopped or is busy.
    pub async fn look<T: Send + 'static>(
        &self,
        look: impl FnOnce(&mut Desk<'_>) -> T + Send + 'static,
    ) -> Result<T, FlowError> {
        match &self.way {
            Way::Thread(jobs) => {
                let (reply, answer) = oneshot::channel();
                let look: Look = Box::new(move |desk| {
                    let seen = look(desk);
                    Box::new(move || drop(reply.send(seen)))
                });
                send(jobs, Job::Look(look))?;
                self.answer(answer).await
            }
            Way::Here(keeper, _) => {
                let mut keeper = keeper.lock().map_err(|_| FlowError::Stopped)?;
                if keeper.stopped {
                    return Err(FlowError::Stopped);
                }
                Ok(look(&mut Desk::of(&mut keeper)))
            }
        }
    }

    /// Reads the state. What was seen is durable when it is returned.
    ///
    /// # Errors
    /// When the hub has stopped or is busy.
    pub async fn read<T: Send + 'static>(
        &self,
        read: impl FnOnce(&State) -> T + Send + 'static,
    ) -> Result<T, FlowError> {
        self.look(move |desk| read(desk.state())).await
    }

    /// Writes a snapshot now.
    ///
    /// # Errors
    /// When the hub has stopped, or the disk's.
    pub async fn snapshot(&self) -> Result<(), FlowError> {
        match &self.way {
            Way::Thread(jobs) => {
                let (reply, answer) = oneshot::channel();
                send(jobs, Job::Snapshot(reply))?;
                self.answer(answer).await?
            }
            Way::Here(keeper, _) => Ok(keeper.lock().map_err(|_| FlowError::Stopped)?.snapshot()?),
        }
    }

    /// The durable head and the state that it gives, both of one moment. Writing the state out costs the keeper a moment
    /// that grows with the state.
    ///
    /// # Errors
    /// When the hub has stopped or is busy.
    pub async fn border(&self) -> Result<Border, FlowError> {
        match &self.way {
            Way::Thread(jobs) => {
                let (reply, answer) = oneshot::channel();
                send(jobs, Job::Border(reply))?;
                self.answer(answer).await?
            }
            Way::Here(keeper, _) => Ok(keeper.lock().map_err(|_| FlowError::Stopped)?.border()),
        }
    }

    /// Finishes what waits, writes a snapshot, and ends the thread.
    pub async fn stop(&self) {
        if let Way::Thread(jobs) = &self.way {
            let (reply, done) = oneshot::channel();
            if jobs.send(Job::Stop(reply)).is_ok() {
                let _ = done.await;
            }
        }
    }
}

fn send(jobs: &Sender<Job>, job: Job) -> Result<(), FlowError> {
    jobs.try_send(job).map_err(|error| match error {
        crossbeam_channel::TrySendError::Full(_) => FlowError::Busy,
        crossbeam_channel::TrySendError::Disconnected(_) => FlowError::Stopped,
    })
}

/// Starts the keeper's thread.
///
/// # Errors
/// When the system gives no thread.
pub fn start(keeper: Keeper) -> std::io::Result<Flow> {
    let (jobs, waiting) = crossbeam_channel::bounded(QUEUE);
    let (told, head) = watch::channel(keeper.state().seq());
    let (ending, ended) = watch::channel(None);
    std::thread::Builder::new().name("keeper".into()).spawn(move || {
        let failed = work(keeper, &waiting, &told);
        ending.send_replace(failed);
        // In this order: what is still sent while the queue goes is answered by the second.
        drop(waiting);
        drop(ending);
    })?;
    Ok(Flow { way: Way::Thread(jobs), head, ended })
}

fn run(keeper: &mut Keeper, make: Make) -> Result<Vec<Result<Vec<model::Fact>, Refusal>>, FlowError> {
    if keeper.stopped {
        return Err(FlowError::Stopped);
    }
    let commands = make(&mut Desk::of(keeper))?;
    Ok(keeper.decide(&commands))
}

/// Commits, and tells the followers. After a failed append the state holds what is not durable, so that nobody may
/// look at it any more.
fn finish(keeper: &mut Keeper, told: impl Fn(Seq)) -> Result<(), FlowError> {
    if keeper.stopped {
        return Err(FlowError::Stopped);
    }
    keeper.commit()?;
    told(keeper.state.seq());
    Ok(())
}

fn tell(told: &watch::Sender<Seq>, seq: Seq) {
    told.send_if_modified(|known| {
        let news = *known != seq;
        *known = seq;
        news
    });
}

type Waiting = (oneshot::Sender<Result<Answer, FlowError>>, Result<Vec<Result<Vec<model::Fact>, Refusal>>, FlowError>);

/// Works until it is asked to stop, or cannot go on: then it says why.
fn work(mut keeper: Keeper, waiting: &Receiver<Job>, told: &watch::Sender<Seq>) -> Option<String> {
    let mut replies: Vec<Waiting> = Vec::new();
    let mut seen: Vec<Box<dyn FnOnce() + Send>> = Vec::new();
    let mut stop = None;
    let mut failed = None;
    while stop.is_none() && failed.is_none() {
        let Ok(first) = waiting.recv() else { break };
        let mut next = Some(first);
        let mut taken = 0;
        while let Some(job) = next {
            match job {
                Job::Decide { make, reply } => {
                    let made = run(&mut keeper, make);
                    replies.push((reply, made));
                }
                Job::Look(look) => seen.push(look(&mut Desk::of(&mut keeper))),
                Job::Snapshot(reply) => {
                    let done = finish(&mut keeper, |seq| tell(told, seq)).and_then(|()| Ok(keeper.snapshot()?));
                    let _ = reply.send(done);
                }
                Job::Border(reply) => {
                    let done = finish(&mut keeper, |seq| tell(told, seq)).map(|()| keeper.border());
                    let _ = reply.send(done);
                }
                Job::Stop(reply) => stop = Some(reply),
            }
            taken += 1;
            next = if taken < BATCH && stop.is_none() { waiting.try_recv().ok() } else { None };
        }
        match finish(&mut keeper, |seq| tell(told, seq)) {
            Ok(()) => answer(&keeper, &mut replies, &mut seen),
            Err(error) => {
                let reason = with_causes(&error);
                tracing::error!(%reason, "the journal cannot be written; the hub takes nothing more until it is restarted");
                failed = Some(reason);
                // Nobody is answered as if it were kept: what waits is told that the hub has stopped.
                replies.drain(..).for_each(|(reply, _)| drop(reply.send(Err(FlowError::Stopped))));
                seen.clear();
            }
        }
        if keeper.facts_since_snapshot >= SNAPSHOT_EVERY
            && let Err(error) = keeper.snapshot()
        {
            tracing::warn!(%error, "the snapshot was not written; the journal is complete without it");
            keeper.facts_since_snapshot = 0;
        }
    }
    if let Err(error) = keeper.snapshot() {
        tracing::warn!(%error, "the last snapshot was not written; the next start replays more");
    }
    drop(keeper);
    if let Some(reply) = stop {
        let _ = reply.send(());
    }
    failed
}

/// An error and what caused it, on one line.
pub(crate) fn with_causes(error: &dyn std::error::Error) -> String {
    let mut text = error.to_string();
    let mut cause = error.source();
    while let Some(error) = cause {
        text = format!("{text}: {error}");
        cause = error.source();
    }
    text
}

fn answer(keeper: &Keeper, replies: &mut Vec<Waiting>, seen: &mut Vec<Box<dyn FnOnce() + Send>>) {
    let seq = keeper.state.seq();
    for (reply, made) in replies.drain(..) {
        let _ = reply.send(made.map(|results| Answer { results, seq }));
    }
    seen.drain(..).for_each(|tell| tell());
}
