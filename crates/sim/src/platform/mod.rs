//! One emulated account on virtual time: its machine, its deliveries, and what goes wrong with both.
//!
//! The carrier calls it, traffic acts in it, its deliveries knock at the hub's door. It knows nothing of the hub.

mod connect;
mod deliver;

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use bytes::Bytes;
use emulators::machine::{Act, Books, Calls, Dice, Keys, Machine, Opened, Outgoing, World};
use emulators::shell::{CallFault, Faults, Outbox, OutboxCounts};
use tokio::sync::Notify;

use crate::{AccountPlan, SimClock, SimWallet};

/// Vendors' pauses between attempts are divided by this, so that the last retry is not hours away.
const RETRY_SCALE: u32 = 60;
/// Deliveries under way at the same time.
const IN_FLIGHT_MAX: usize = 16;

/// How an account answers calls.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mood {
    /// As its contract says.
    Answers,
    /// Not at all; callers give up after their own time limit.
    Silent,
    /// Not at all, and callers wait for ever.
    Hangs,
}

/// One emulated account.
pub struct Platform {
    /// Its number, which is its channel's too.
    pub number: usize,
    /// How it was opened.
    pub plan: AccountPlan,
    /// The keys to it, as they were when it was opened.
    pub keys: Keys,
    /// Newer ones, which outlive a crash of the hub.
    pub wallet: Arc<SimWallet>,
    inner: Mutex<Inner>,
    wake: Notify,
    clock: SimClock,
}

struct Inner {
    machine: Box<dyn Machine>,
    outbox: Outbox,
    dice: Dice,
    fault_dice: Dice,
    way_dice: Dice,
    faults: Faults,
    skew: i64,
    mood: Mood,
    held: bool,
    /// Whether the answer to the next call that makes a document is lost.
    forgets: bool,
    /// Calls with this text in address or body are counted.
    watched: Option<(String, u64)>,
    /// How many of a million answers to deliveries are lost on the way back.
    deaf_per_million: u32,
}

impl std::fmt::Debug for Platform {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Platform({})", self.name())
    }
}

impl Platform {
    /// An account without faults. Everything that happens by chance is drawn from the seed.
    pub fn new(number: usize, plan: AccountPlan, opened: Opened, seed: u64, clock: SimClock) -> Self {
        let seed = seed.wrapping_add(number as u64);
        let Opened { machine, keys, .. } = opened;
        let outbox = Outbox::new(Faults::none(), machine.retry_pauses(), RETRY_SCALE, IN_FLIGHT_MAX);
        let inner = Inner {
            machine,
            outbox,
            dice: Dice::new(seed),
            fault_dice: Dice::new(seed ^ 0x00FA_0175),
            way_dice: Dice::new(seed ^ 0x0011_AE5C),
            faults: Faults::none(),
            skew: plan.skew_ms,
            mood: Mood::Answers,
            held: false,
            forgets: false,
            watched: None,
            deaf_per_million: 0,
        };
        let wallet = Arc::new(SimWallet::default());
        Self { number, plan, keys, wallet, inner: Mutex::new(inner), wake: Notify::new(), clock }
    }

    /// The platform's name, which is its channel's too.
    pub fn name(&self) -> &'static str {
        self.plan.name()
    }

    fn lock(&self) -> MutexGuard<'_, Inner> {
        // A machine that panicked has failed the simulation already; others may look on.
        self.inner.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// How long a message takes one way: mostly a few milliseconds, now and then seconds.
    pub fn way(&self) -> Duration {
        let dice = &mut self.lock().way_dice;
        let ms = if dice.chance(10_000) { 200 + dice.below(3_000) } else { 2 + dice.below(30) };
        Duration::from_millis(ms)
    }

    /// Now, on the account's own clock, in milliseconds.
    pub fn now_ms(&self) -> i64 {
        self.clock.ms() + self.lock().skew
    }

    /// How calls are answered at the moment.
    pub fn mood(&self) -> Mood {
        self.lock().mood
    }

    /// From now on calls are answered like this.
    pub fn set_mood(&self, mood: Mood) {
        self.lock().mood = mood;
    }

    /// From now on these faults happen, and this many of a million answers to deliveries are lost.
    pub fn set_faults(&self, faults: Faults, deaf_per_million: u32) {
        let mut inner = self.lock();
        inner.outbox.set_faults(faults.clone());
        inner.faults = faults;
        inner.deaf_per_million = deaf_per_million;
    }

    /// The answer to the next call that makes a document is lost: it is made, and the hub does not know.
    pub fn lose_next_document(&self) {
        self.lock().forgets = true;
    }

    /// One call of the public API. When the fault is a silent one there is a response that nobody gets.
    pub fn call(&self, request: &http::Request<Bytes>) -> (CallFault, http::Response<Bytes>) {
        let mut inner = self.lock();
        if let Some((text, times)) = &mut inner.watched {
            *times += u64::from(is_about(request, text));
        }
        if inner.forgets {
            let before = inner.machine.books().documents.len();
            let response = inner.in_world(self.clock.ms(), |machine, world| machine.handle(request, world));
            let is_made = inner.machine.books().documents.len() > before;
            inner.forgets = !is_made;
            drop(inner);
            self.wake.notify_one();
            return (if is_made { CallFault::SilentAfter } else { CallFault::None }, response);
        }
        let state = &mut *inner;
        let fault = state.faults.on_call(&mut state.fault_dice);
        let response = match fault {
            CallFault::None => inner.in_world(self.clock.ms(), |machine, world| machine.handle(request, world)),
            CallFault::TooMany => inner.machine.throttled(request),
            CallFault::BrokenBefore | CallFault::SilentBefore => broken(),
            CallFault::BrokenAfter | CallFault::SilentAfter => {
                inner.in_world(self.clock.ms(), |machine, world| machine.handle(request, world));
                broken()
            }
        };
        drop(inner);
        self.wake.notify_one();
        (fault, response)
    }

    /// From now on calls that have this text in their address or body are counted, whether they are answered or not.
    pub fn watch(&self, text: &str) {
        self.lock().watched = Some((text.to_owned(), 0));
    }

    /// How many were since.
    pub fn watched(&self) -> u64 {
        self.lock().watched.as_ref().map_or(0, |(_, times)| *times)
    }

    /// Something happens inside the account.
    ///
    /// # Errors
    /// Why it cannot be done; then nothing was.
    pub fn act(&self, act: &Act) -> Result<serde_json::Value, String> {
        let made = self.lock().in_world(self.clock.ms(), |machine, world| machine.act(act, world));
        self.wake.notify_one();
        made
    }

    /// Somebody removes all webhook subscriptions.
    pub fn unsubscribe(&self) {
        self.lock().in_world(self.clock.ms(), |machine, world| machine.unsubscribe(world));
    }

    /// Its news are sent to this address from now on, as a person would set it up in its pages.
    ///
    /// # Errors
    /// Why the platform would refuse.
    pub fn subscribe(&self, url: &str) -> Result<(), String> {
        let secret = (!self.keys.webhook_secret.is_empty()).then_some(self.keys.webhook_secret.as_str());
        self.lock().in_world(self.clock.ms(), |machine, world| machine.subscribe(url, &[], secret, world)).map(drop)
    }

    /// The account's own books.
    pub fn books(&self) -> Books {
        self.lock().machine.books()
    }

    /// How often its API was called. Calls that a fault answered are not counted.
    pub fn calls(&self) -> Calls {
        self.lock().machine.calls()
    }

    /// How many deliveries stand where.
    pub fn outbox(&self) -> OutboxCounts {
        self.lock().outbox.counts()
    }

    /// Keeps deliveries back, so that [`take_held`](Self::take_held) hands them out, or lets them go again.
    pub fn hold(&self, held: bool) {
        self.lock().held = held;
        self.wake.notify_one();
    }

    /// Takes all deliveries that wait; the account believes that they arrived.
    pub fn take_held(&self) -> Vec<Outgoing> {
        let now = self.clock.ms();
        let mut inner = self.lock();
        let mut taken = Vec::new();
        while let Some(flight) = inner.outbox.take(now) {
            let state = &mut *inner;
            let answered = emulators::machine::Attempt::Answered(200);
            state.outbox.settle(flight.ticket, answered, now, &*state.machine);
            taken.push(flight.delivery);
        }
        taken
    }
}

impl Inner {
    /// Lets the machine do something on its own clock, and takes the deliveries that it leaves.
    fn in_world<T>(&mut self, now: i64, what: impl FnOnce(&mut dyn Machine, &mut World<'_>) -> T) -> T {
        let mut left = Vec::new();
        let mut world = World { now: now + self.skew, dice: &mut self.dice, outbox: &mut left };
        let made = what(&mut *self.machine, &mut world);
        self.outbox.accept(left, now, &mut self.fault_dice);
        made
    }
}

fn broken() -> http::Response<Bytes> {
    let mut response = http::Response::new(Bytes::new());
    *response.status_mut() = http::StatusCode::INTERNAL_SERVER_ERROR;
    response
}

fn is_about(request: &http::Request<Bytes>, text: &str) -> bool {
    let in_body = || request.body().windows(text.len().max(1)).any(|part| part == text.as_bytes());
    request.uri().to_string().contains(text) || in_body()
}
