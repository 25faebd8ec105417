//! One machine behind HTTP: the platform's API, its webhooks, its faults, and a side door for the tester.
//!
//! Started by `lockstep emulate`, `lockstep demo` and by tests. The machine sits behind one mutex that is held for
//! pure calls only; [`Outbox`] and [`Faults`] are pure as well, so that the simulator uses them without the shell.

mod clock;
mod control;
mod courier;
mod door;
mod faults;
mod outbox;
#[cfg(test)]
mod tests;

use std::net::{Ipv4Addr, SocketAddr};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use bytes::Bytes;
use serde_json::Value;
use tokio::net::TcpListener;
use tokio::sync::{Notify, watch};
use tokio::task::JoinHandle;

use crate::EmulatorError;
use crate::machine::{Act, Calls, Dice, Machine, Millis, World};

pub use faults::{CallFault, Fault, Faults, PER_MILLION};
pub use outbox::{Flight, Outbox, OutboxCounts, Settled};

/// How an emulator is run.
#[derive(Clone, Debug)]
pub struct Options {
    /// Where the API is served; port 0 takes a free one.
    pub listen: SocketAddr,
    /// What goes wrong, and how often.
    pub faults: Faults,
    /// Ids, faults and whatever the vendor leaves open are drawn from it.
    pub seed: u64,
    /// The vendor's pauses between delivery attempts are divided by this.
    pub retry_scale: u32,
    /// Every API call takes at least this long, in milliseconds.
    pub api_latency_ms: u64,
    /// Webhooks that are delivered at the same time.
    pub in_flight_max: usize,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            listen: SocketAddr::from((Ipv4Addr::LOCALHOST, 0)),
            faults: Faults::none(),
            seed: 1,
            retry_scale: 1,
            api_latency_ms: 0,
            in_flight_max: 8,
        }
    }
}

/// An emulator that serves.
#[derive(Debug)]
pub struct Running {
    /// Where it is reached.
    pub addr: SocketAddr,
    /// Ends when serving fails; abort it to stop the emulator with everything in flight.
    pub handle: JoinHandle<()>,
}

impl Running {
    /// Stops serving and drops every delivery that is under way.
    pub fn stop(self) {
        self.handle.abort();
    }
}

/// Starts serving a machine. Must be called within a tokio runtime.
///
/// # Errors
///
/// [`EmulatorError::Listen`] when the address cannot be had, [`EmulatorError::Client`] when the delivery client
/// cannot be made.
pub async fn start(machine: Box<dyn Machine>, options: Options) -> Result<Running, EmulatorError> {
    let refused = |source| EmulatorError::Listen { addr: options.listen, source };
    let listener = TcpListener::bind(options.listen).await.map_err(refused)?;
    let addr = listener.local_addr().map_err(refused)?;
    let client = courier::client(machine.delivery_timeout())?;
    let shell = Arc::new(Shell::new(machine, &options));
    let router = control::routes().fallback(door::call).with_state(Arc::clone(&shell));
    let handle = tokio::spawn(async move {
        tokio::select! {
            served = axum::serve(listener, router) => {
                if let Err(error) = served {
                    tracing::error!(%error, "the emulator stopped serving");
                }
            }
            () = courier::run(shell, client) => {}
        }
    });
    Ok(Running { addr, handle })
}

/// What the doors and the courier share.
struct Shell {
    inner: Mutex<Inner>,
    /// Rung when something may have become due.
    wake: Notify,
    api_latency_ms: u64,
    /// While true, API calls are taken in and not answered. Deliveries go on: it is the API that hangs.
    stalled: watch::Sender<bool>,
}

struct Inner {
    machine: Box<dyn Machine>,
    outbox: Outbox,
    dice: Dice,
    fault_dice: Dice,
    faults: Faults,
    fault_calls: Calls,
    seed: u64,
    skew: Millis,
}

impl Shell {
    fn new(machine: Box<dyn Machine>, options: &Options) -> Self {
        let faults = options.faults.clone();
        let pauses = machine.retry_pauses();
        let inner = Inner {
            outbox: Outbox::new(faults.clone(), pauses, options.retry_scale, options.in_flight_max),
            machine,
            dice: Dice::new(options.seed),
            fault_dice: Dice::new(options.seed ^ 0x00FA_0175),
            skew: faults.skew(options.seed),
            seed: options.seed,
            faults,
            fault_calls: Calls::default(),
        };
        let stalled = watch::Sender::new(false);
        Self { inner: Mutex::new(inner), wake: Notify::new(), api_latency_ms: options.api_latency_ms, stalled }
    }

    /// The state. A thread that panicked while it held it has left whole records behind, as every change is one pure
    /// call, so the others go on.
    fn lock(&self) -> MutexGuard<'_, Inner> {
        self.inner.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Everything to be sent now, and when to look again.
    fn collect_due(&self) -> (Vec<Flight>, Option<Millis>) {
        let mut inner = self.lock();
        let now = clock::now();
        if inner.machine.next_tick().is_some_and(|at| at <= now + inner.skew) {
            inner.in_world(|machine, world| machine.tick(world));
        }
        let mut due = Vec::new();
        while let Some(flight) = inner.outbox.take(now) {
            due.push(flight);
        }
        // What is due but does not fit is taken up by the flights when they end.
        let later = inner.outbox.next_due().filter(|at| *at > now);
        let tick = inner.machine.next_tick().map(|at| at - inner.skew);
        (due, [later, tick].into_iter().flatten().min())
    }
}

impl Inner {
    /// Lets the machine do something, on its own clock, and takes the webhooks that it leaves.
    fn in_world<T>(&mut self, what: impl FnOnce(&mut dyn Machine, &mut World<'_>) -> T) -> T {
        let now = clock::now();
        let mut left = Vec::new();
        let mut world = World { now: now + self.skew, dice: &mut self.dice, outbox: &mut left };
        let made = what(&mut *self.machine, &mut world);
        self.outbox.accept(left, now, &mut self.fault_dice);
        made
    }

    fn call(&mut self, request: &http::Request<Bytes>) -> http::Response<Bytes> {
        self.in_world(|machine, world| machine.handle(request, world))
    }

    fn act(&mut self, mut act: Act) -> Result<Value, String> {
        self.faults.on_act(&mut act, &mut self.fault_dice);
        let made = self.in_world(|machine, world| machine.act(&act, world));
        if self.faults.on_subscriptions(&mut self.fault_dice) {
            self.in_world(|machine, world| machine.unsubscribe(world));
        }
        made
    }

    /// A clock that is off stays off: one that jumped back would freeze rate limits until it has caught up.
    fn set_faults(&mut self, faults: Faults) {
        if self.skew == 0 {
            self.skew = faults.skew(self.seed);
        }
        self.outbox.set_faults(faults.clone());
        self.faults = faults;
    }
}
