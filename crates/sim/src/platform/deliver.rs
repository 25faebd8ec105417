//! Deliveries on their way to the hub's door. Spawned once per account for a whole simulation: platforms go on when
//! the hub has crashed.

use std::sync::Arc;
use std::time::Duration;

use emulators::machine::Attempt;
use emulators::shell::{Flight, Settled};

use super::Platform;
use crate::Door;

impl Platform {
    /// Starts deliveries as they become due, and the machine's own background work. Never ends.
    pub async fn deliver(self: Arc<Self>, door: Door) {
        loop {
            let (due, next) = self.collect_due();
            for flight in due {
                tokio::spawn(Arc::clone(&self).fly(door.clone(), flight));
            }
            let pause = next.map(|at| Duration::from_millis((at - self.clock.ms()).max(1).unsigned_abs()));
            tokio::select! {
                biased;
                () = self.wake.notified() => {}
                () = tokio::time::sleep(pause.unwrap_or(Duration::from_secs(3_600))) => {}
            }
        }
    }

    fn collect_due(&self) -> (Vec<Flight>, Option<i64>) {
        let now = self.clock.ms();
        let mut inner = self.lock();
        if inner.machine.next_tick().is_some_and(|at| at <= now + inner.skew) {
            inner.in_world(now, |machine, world| machine.tick(world));
        }
        let mut due = Vec::new();
        while !inner.held
            && let Some(flight) = inner.outbox.take(now)
        {
            due.push(flight);
        }
        // What is due but does not fit is taken up when a flight ends.
        let later = inner.outbox.next_due().filter(|at| *at > now);
        let tick = inner.machine.next_tick().map(|at| at - inner.skew);
        (due, [later, tick].into_iter().flatten().min())
    }

    async fn fly(self: Arc<Self>, door: Door, flight: Flight) {
        tokio::time::sleep(self.way()).await;
        let attempt = door.knock(self.number, flight.delivery).await;
        let attempt = if self.answer_is_lost() {
            let patience_ms = self.lock().machine.delivery_timeout().unsigned_abs();
            tokio::time::sleep(Duration::from_millis(patience_ms)).await;
            Attempt::TimedOut
        } else {
            tokio::time::sleep(self.way()).await;
            attempt
        };
        let now = self.clock.ms();
        let mut inner = self.lock();
        let state = &mut *inner;
        if let Settled::GaveUp { subscription } = state.outbox.settle(flight.ticket, attempt, now, &*state.machine) {
            inner.in_world(now, |machine, world| machine.gave_up(&subscription, world));
        }
        drop(inner);
        self.wake.notify_one();
    }

    fn answer_is_lost(&self) -> bool {
        let mut inner = self.lock();
        let rate = inner.deaf_per_million;
        rate > 0 && inner.fault_dice.chance(rate)
    }
}
