//! An emulated account that answers at once, on a clock that only calls move, and remembers the last calls.

use std::future::Future;
use std::pin::Pin;
use std::sync::atomic::{AtomicI64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard};

use bytes::Bytes;
use connectors::{Reply, Request};
use emulators::machine::{Act, Dice, Machine, Outgoing, World};
use flow::{Carrier, Clock, Lost};
use http::{HeaderMap, HeaderName, HeaderValue};
use model::Instant;

/// 2026-09-21T12:00:00Z.
const BEGINS_MS: i64 = 1_789_992_000_000;
/// How long a call takes.
const CALL_MS: i64 = 250;

/// The clock of everybody.
#[derive(Debug)]
pub struct HandClock(AtomicI64);

impl HandClock {
    pub fn begin() -> Arc<Self> {
        Arc::new(Self(AtomicI64::new(BEGINS_MS)))
    }

    pub fn pass(&self, ms: i64) -> i64 {
        self.0.fetch_add(ms, Ordering::Relaxed) + ms
    }
}

impl Clock for HandClock {
    fn now(&self) -> Instant {
        Instant(self.0.load(Ordering::Relaxed))
    }
}

/// A request and its reply, as they were on the wire.
#[derive(Clone, Debug)]
pub struct Call {
    pub request: http::Request<Vec<u8>>,
    pub status: u16,
    pub reply: Vec<u8>,
}

struct Inside {
    machine: Box<dyn Machine>,
    dice: Dice,
    outbox: Vec<Outgoing>,
    calls: Vec<Call>,
}

/// One emulated account.
pub struct Account {
    inside: Mutex<Inside>,
    clock: Arc<HandClock>,
}

impl Account {
    pub fn of(machine: Box<dyn Machine>, seed: u64, clock: &Arc<HandClock>) -> Arc<Self> {
        let inside = Inside { machine, dice: Dice::new(seed), outbox: Vec::new(), calls: Vec::new() };
        Arc::new(Self { inside: Mutex::new(inside), clock: Arc::clone(clock) })
    }

    fn inside(&self) -> MutexGuard<'_, Inside> {
        self.inside.lock().expect("nobody panicked with it")
    }

    /// Something happens inside the account.
    pub fn act(&self, act: &Act) {
        let mut inside = self.inside();
        let Inside { machine, dice, outbox, .. } = &mut *inside;
        let mut world = World { now: self.clock.now().0, dice, outbox };
        machine.act(act, &mut world).expect("the act is possible");
    }

    /// Deliveries made since this was last asked.
    pub fn deliveries(&self) -> Vec<Outgoing> {
        std::mem::take(&mut self.inside().outbox)
    }

    /// Calls made since this was last asked.
    pub fn calls(&self) -> Vec<Call> {
        std::mem::take(&mut self.inside().calls)
    }

    fn call(&self, request: http::Request<Vec<u8>>) -> Reply {
        let sent_at = self.clock.now();
        let now = self.clock.pass(CALL_MS);
        let mut inside = self.inside();
        let Inside { machine, dice, outbox, calls } = &mut *inside;
        let mut world = World { now, dice, outbox };
        machine.tick(&mut world);
        let (parts, body) = machine.handle(&request.clone().map(Bytes::from), &mut world).into_parts();
        let status = parts.status.as_u16();
        calls.push(Call { request, status, reply: body.to_vec() });
        Reply { status, headers: parts.headers, body: body.to_vec(), sent_at }
    }
}

impl Carrier for Account {
    fn send(&self, request: Request) -> Pin<Box<dyn Future<Output = Result<Reply, Lost>> + Send + '_>> {
        Box::pin(async move { Ok(self.call(request.http)) })
    }
}

/// The headers of a delivery as the hub's door gets them.
pub fn headers(delivery: &Outgoing) -> HeaderMap {
    let pair = |(name, value): &(String, String)| {
        let name = HeaderName::try_from(name.as_str()).expect("the emulator sends header names");
        (name, HeaderValue::try_from(value.as_str()).expect("the emulator sends header values"))
    };
    delivery.headers.iter().map(pair).collect()
}
