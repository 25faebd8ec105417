//! Which endpoint answers which path.
//!
//! Called by the door with the path behind the version; the endpoints are beside what they serve.

use super::Store;
use super::wire::{Answer, Call, Refused, Reply};
use crate::machine::World;
use serde_json::json;

impl Store {
    /// v2. What v3 would call unprocessable is a bad request here.
    pub(super) fn route_v2(&mut self, method: &str, path: &[&str], call: &Call, world: &mut World<'_>) -> Answer {
        let answer = match (method, path) {
            (_, ["orders", rest @ ..]) => self.route_orders(method, rest, call, world),
            (_, ["order_statuses", rest @ ..]) => self.route_statuses(method, rest),
            ("GET", ["store"]) => Ok(Reply::ok(self.store_information(world.now))),
            ("GET", ["time"]) => Ok(Reply::ok(json!({"time": world.now.div_euclid(1_000)}))),
            _ => Err(Refused::not_found()),
        };
        answer.map_err(|refused| if refused.status == 422 { Refused { status: 400, ..refused } } else { refused })
    }

    /// v3.
    pub(super) fn route_v3(&mut self, method: &str, path: &[&str], call: &Call, world: &mut World<'_>) -> Answer {
        match path {
            ["hooks", rest @ ..] => self.route_hooks(method, rest, call, world),
            ["inventory", rest @ ..] => self.route_inventory(method, rest, call, world),
            ["catalog", "products", rest @ ..] => self.route_products(method, rest, call, world),
            ["catalog", "variants"] => self.route_variants(method, call, world),
            ["pricelists", rest @ ..] => self.route_prices(method, rest, call, world),
            ["customers", rest @ ..] => self.route_customers(method, rest, call, world),
            ["pickup", "methods"] if method == "GET" => self.list_pickup_methods(call),
            ["channels", rest @ ..] => self.route_channels(method, rest, call),
            ["orders", rest @ ..] => self.route_payments(method, rest, call, world),
            _ => Err(Refused::not_found()),
        }
    }
}
