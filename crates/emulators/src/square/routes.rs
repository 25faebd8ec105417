//! Which path and method goes to which endpoint.
//!
//! Called by the door once a call has been judged. Nothing is decided here but where it goes.

use super::Square;
use super::hooks::Hooks;
use super::wire::{self, Answer, Call, Refused};
use crate::machine::World;

impl Square {
    /// Carries out a call under `/v2`. `segments` is the path without `/v2`.
    ///
    /// # Errors
    /// The endpoint's own, 404 for an unknown path, 405 for a method that a known path does not have.
    pub(crate) fn route(&mut self, method: &str, segments: &[&str], call: &Call<'_>, world: &mut World<'_>) -> Answer {
        match segments {
            ["webhooks", ..] | ["events", ..] => self.route_hooks(method, segments, call, world),
            ["locations", ..] => self.route_locations(method, segments),
            ["catalog", ..] => self.route_catalog(method, segments, call, world),
            ["inventory", ..] => self.route_inventory(method, segments, call, world),
            ["orders", ..] => self.route_orders(method, segments, call, world),
            ["payments", ..] | ["refunds", ..] => self.route_money(method, segments, call, world),
            ["customers", ..] => self.route_customers(method, segments, call, world),
            ["transfer-orders", ..] => self.route_transfers(method, segments, call, world),
            _ => unknown(),
        }
    }

    fn route_hooks(&mut self, method: &str, segments: &[&str], call: &Call<'_>, world: &mut World<'_>) -> Answer {
        match (method, segments) {
            ("GET", ["webhooks", "event-types"] | ["events", "types"]) => Ok(Hooks::event_types()),
            ("GET", ["webhooks", "subscriptions"]) => self.hooks.list(call),
            ("POST", ["webhooks", "subscriptions"]) => self.hooks.create(call, world),
            ("GET", ["webhooks", "subscriptions", id]) => self.hooks.retrieve(id),
            ("PUT", ["webhooks", "subscriptions", id]) => self.hooks.update(id, call, world),
            ("DELETE", ["webhooks", "subscriptions", id]) => self.hooks.delete(id),
            ("POST", ["webhooks", "subscriptions", id, "signature-key"]) => self.hooks.rotate(id, world),
            ("POST", ["webhooks", "subscriptions", id, "test"]) => self.hooks.test(id, call, world),
            ("POST", ["events"]) => self.hooks.search(call, world),
            ("PUT", ["events", "enable"]) => self.hooks.remember_events(true),
            ("PUT", ["events", "disable"]) => self.hooks.remember_events(false),
            (_, ["webhooks", "event-types"] | ["webhooks", "subscriptions", ..] | ["events", ..]) => wrong_method(),
            _ => unknown(),
        }
    }

    fn route_locations(&self, method: &str, segments: &[&str]) -> Answer {
        match (method, segments) {
            ("GET", ["locations"]) => self.locations.list(&self.settings),
            ("GET", ["locations", id]) => self.locations.retrieve(id, &self.settings),
            (_, ["locations"] | ["locations", _]) => wrong_method(),
            _ => unknown(),
        }
    }

    fn route_catalog(&mut self, method: &str, segments: &[&str], call: &Call<'_>, world: &mut World<'_>) -> Answer {
        match (method, segments) {
            ("GET", ["catalog", "list"]) => self.catalog.list(call),
            ("POST", ["catalog", "search"]) => self.catalog.search(call),
            ("POST", ["catalog", "batch-retrieve"]) => self.catalog.batch_retrieve(call),
            ("GET", ["catalog", "object", id]) => self.catalog.retrieve(id),
            ("POST", ["catalog", "object"]) => {
                let answer = self.catalog.upsert(call, &self.settings, world);
                self.catalog_written(answer, world)
            }
            ("POST", ["catalog", "batch-upsert"]) => {
                let answer = self.catalog.batch_upsert(call, &self.settings, world);
                self.catalog_written(answer, world)
            }
            ("DELETE", ["catalog", "object", id]) => {
                let answer = self.catalog.delete_all(&[(*id).to_owned()], &self.settings, world.now);
                self.catalog_written(answer, world)
            }
            ("POST", ["catalog", "batch-delete"]) => {
                let ids = wire::texts(&call.body, "/object_ids")?;
                let answer = self.catalog.delete_all(&ids, &self.settings, world.now);
                self.catalog_written(answer, world)
            }
            (_, ["catalog", "list" | "search" | "batch-retrieve" | "batch-upsert" | "batch-delete" | "object", ..]) => {
                wrong_method()
            }
            _ => unknown(),
        }
    }

    /// After a write that was done: new variations are stocked, and the event goes out.
    fn catalog_written(&mut self, answer: Answer, world: &mut World<'_>) -> Answer {
        if answer.is_ok() {
            self.stock.grow(self.catalog.variation_count(), self.locations.count(), world.now);
            self.announce_catalog(world);
        }
        answer
    }

    fn route_inventory(&mut self, method: &str, segments: &[&str], call: &Call<'_>, world: &mut World<'_>) -> Answer {
        match (method, segments) {
            ("POST", ["inventory", "changes", "batch-create"]) => self.change_stock(call, world),
            ("POST", ["inventory", "changes", "batch-retrieve"]) => self.changes(call),
            ("POST", ["inventory", "counts", "batch-retrieve"]) => self.counts(call),
            ("GET", ["inventory", "adjustments", id]) => self.change_by_id(id, "ADJUSTMENT"),
            ("GET", ["inventory", "physical-counts", id]) => self.change_by_id(id, "PHYSICAL_COUNT"),
            ("GET", ["inventory", id]) => self.counts_of(id),
            (_, ["inventory", "changes" | "counts" | "adjustments" | "physical-counts", _]) => wrong_method(),
            _ => unknown(),
        }
    }

    fn route_orders(&mut self, method: &str, segments: &[&str], call: &Call<'_>, world: &mut World<'_>) -> Answer {
        match (method, segments) {
            ("POST", ["orders"]) => self.create_order(call, world),
            ("POST", ["orders", "search"]) => self.search_orders(call),
            ("POST", ["orders", "batch-retrieve"]) => self.batch_retrieve_orders(call),
            ("GET", ["orders", id]) => self.retrieve_order(id),
            ("PUT", ["orders", id]) => self.update_order(id, call, world),
            ("POST", ["orders", id, "pay"]) => self.pay_order(id, call, world),
            (_, ["orders"] | ["orders", _] | ["orders", _, "pay"]) => wrong_method(),
            _ => unknown(),
        }
    }

    fn route_money(&mut self, method: &str, segments: &[&str], call: &Call<'_>, world: &mut World<'_>) -> Answer {
        match (method, segments) {
            ("GET", ["payments"]) => self.list_payments(call, world),
            ("POST", ["payments"]) => self.create_payment(call, world),
            ("GET", ["payments", id]) => self.retrieve_payment(id),
            ("GET", ["refunds"]) => self.list_refunds(call, world),
            ("POST", ["refunds"]) => self.create_refund(call, world),
            ("GET", ["refunds", id]) => self.retrieve_refund(id),
            (_, ["payments" | "refunds"] | ["payments" | "refunds", _]) => wrong_method(),
            _ => unknown(),
        }
    }

    fn route_customers(&mut self, method: &str, segments: &[&str], call: &Call<'_>, world: &mut World<'_>) -> Answer {
        match (method, segments) {
            ("POST", ["customers"]) => self.create_customer(call, world),
            ("POST", ["customers", "search"]) => self.search_customers(call, world),
            ("GET", ["customers", id]) => self.retrieve_customer(id),
            ("PUT", ["customers", id]) => self.update_customer(id, call, world),
            ("DELETE", ["customers", id]) => self.delete_customer(id, world),
            (_, ["customers"] | ["customers", _]) => wrong_method(),
            _ => unknown(),
        }
    }

    fn route_transfers(&mut self, method: &str, segments: &[&str], call: &Call<'_>, world: &mut World<'_>) -> Answer {
        match (method, segments) {
            ("POST", ["transfer-orders"]) => self.create_transfer(call, world),
            ("GET", ["transfer-orders", id]) => self.retrieve_transfer(id),
            (_, ["transfer-orders"] | ["transfer-orders", _]) => wrong_method(),
            _ => unknown(),
        }
    }
}

fn unknown() -> Answer {
    Err(Refused::not_found("Resource not found."))
}

fn wrong_method() -> Answer {
    Err(Refused::no_such_method())
}
