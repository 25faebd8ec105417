//! Webhooks on their way: which are due, which are being delivered, when a failed one is tried again and when it is
//! given up. Pure: the clock and the dice are passed in, so that the simulator drives it on virtual time; the
//! courier of the shell does the sending.

use std::collections::{BTreeMap, HashMap};

use serde::Serialize;

use super::faults::{Fault, Faults};
use crate::machine::{Attempt, Dice, Machine, Millis, Outgoing};

/// A delivery that is to be attempted now.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Flight {
    /// Names this attempt when it is settled.
    pub ticket: u64,
    /// What to send, cut short when a fault says so.
    pub delivery: Outgoing,
}

/// What became of a delivery when an attempt was over.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Settled {
    /// It arrived.
    Delivered,
    /// It will be tried again at this time.
    Again {
        /// Milliseconds, on the clock that was passed in.
        at: Millis,
    },
    /// It will not be tried again. The caller tells the machine.
    GaveUp {
        /// The subscription that it was for.
        subscription: String,
    },
    /// No attempt with this ticket was under way.
    Unknown,
}

/// How many deliveries stand where.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct OutboxCounts {
    /// Not delivered and not given up: waiting or in flight.
    pub undelivered: u64,
    /// Being delivered now.
    pub in_flight: u64,
    /// Answered with a 2xx status.
    pub delivered: u64,
    /// Tried for the last time without success.
    pub given_up: u64,
    /// Swallowed by the fault `drop`.
    pub dropped: u64,
    /// Attempts that were made or are being made.
    pub attempts: u64,
}

#[derive(Debug)]
struct Pending {
    delivery: Outgoing,
    failures: u32,
    cut: bool,
}

/// All deliveries of one platform.
#[derive(Debug)]
pub struct Outbox {
    faults: Faults,
    pauses: &'static [Millis],
    retry_scale: Millis,
    in_flight_max: usize,
    waiting: BTreeMap<(Millis, u64), Pending>,
    flying: HashMap<u64, Pending>,
    next_ticket: u64,
    counts: OutboxCounts,
}

impl Outbox {
    /// An empty outbox. `pauses` are the vendor's, in milliseconds; they are divided by `retry_scale` (at least 1).
    /// At most `in_flight_max` (at least 1) deliveries are attempted at the same time.
    pub fn new(faults: Faults, pauses: &'static [Millis], retry_scale: u32, in_flight_max: usize) -> Self {
        Self {
            faults,
            pauses,
            retry_scale: Millis::from(retry_scale.max(1)),
            in_flight_max: in_flight_max.max(1),
            waiting: BTreeMap::new(),
            flying: HashMap::new(),
            next_ticket: 0,
            counts: OutboxCounts::default(),
        }
    }

    /// From now on these faults happen.
    pub fn set_faults(&mut self, faults: Faults) {
        self.faults = faults;
    }

    /// Takes webhooks that a machine left.
    pub fn accept(&mut self, deliveries: Vec<Outgoing>, now: Millis, dice: &mut Dice) {
        for delivery in deliveries {
            if self.faults.hits(Fault::Drop, dice) {
                self.counts.dropped += 1;
                continue;
            }
            let again = self.faults.hits(Fault::Duplicate, dice).then(|| delivery.clone());
            let due = now + self.held_back(dice);
            self.wait(delivery, due, dice);
            if let Some(delivery) = again {
                let due = now + self.held_back(dice);
                self.wait(delivery, due, dice);
            }
        }
    }

    /// The next delivery that is due, if one more may be under way. Call until `None`.
    pub fn take(&mut self, now: Millis) -> Option<Flight> {
        if self.flying.len() >= self.in_flight_max {
            return None;
        }
        let entry = self.waiting.first_entry().filter(|entry| entry.key().0 <= now)?;
        let ((_, ticket), pending) = entry.remove_entry();
        let mut delivery = pending.delivery.clone();
        if pending.cut {
            delivery.body = delivery.body.slice(..delivery.body.len() / 2);
        }
        self.flying.insert(ticket, pending);
        self.counts.attempts += 1;
        Some(Flight { ticket, delivery })
    }

    /// When the next waiting delivery is due.
    pub fn next_due(&self) -> Option<Millis> {
        self.waiting.keys().next().map(|(due, _)| *due)
    }

    /// An attempt is over. `machine` rewrites the headers of a retry as its vendor does.
    pub fn settle(&mut self, ticket: u64, attempt: Attempt, now: Millis, machine: &dyn Machine) -> Settled {
        let Some(mut pending) = self.flying.remove(&ticket) else { return Settled::Unknown };
        if let Attempt::Answered(200..=299) = attempt {
            self.counts.delivered += 1;
            return Settled::Delivered;
        }
        let pause = self.pauses.get(pending.failures as usize).filter(|_| !machine.is_final(attempt));
        let Some(pause) = pause else {
            self.counts.given_up += 1;
            return Settled::GaveUp { subscription: pending.delivery.subscription };
        };
        pending.failures += 1;
        pending.cut = false;
        machine.on_retry(&mut pending.delivery, pending.failures, attempt);
        let at = now + pause / self.retry_scale;
        machine.dated(&mut pending.delivery, at);
        self.waiting.insert((at, ticket), pending);
        Settled::Again { at }
    }

    /// How many deliveries stand where.
    pub fn counts(&self) -> OutboxCounts {
        let in_flight = self.flying.len() as u64;
        OutboxCounts { undelivered: self.waiting.len() as u64 + in_flight, in_flight, ..self.counts }
    }

    fn wait(&mut self, delivery: Outgoing, due: Millis, dice: &mut Dice) {
        let cut = self.faults.hits(Fault::Truncate, dice);
        self.waiting.insert((due, self.next_ticket), Pending { delivery, failures: 0, cut });
        self.next_ticket += 1;
    }

    /// How long a delivery is kept so that later ones overtake it, or so that it is plainly late. Delays are the
    /// vendor's time and shrink with the retry pauses; being overtaken is a matter of order and does not.
    fn held_back(&self, dice: &mut Dice) -> Millis {
        let mut held = 0;
        if self.faults.hits(Fault::Reorder, dice) {
            held += 50 + i64::try_from(dice.below(700)).unwrap_or(0);
        }
        if self.faults.hits(Fault::Delay, dice) {
            held += (1_000 + i64::try_from(dice.below(29_000)).unwrap_or(0)) / self.retry_scale;
        }
        held
    }
}
