//! `/v2/orders` and what is below it.
//!
//! Called by the routes.

use super::super::Store;
use super::super::wire::{Answer, Call, Page, Refused, Reply, path_id};
use super::Status;
use super::list::render_status;
use super::status::ALL;
use crate::machine::World;

const LIMIT_MAX: usize = 250;

impl Store {
    /// `orders/…`.
    pub(in super::super) fn route_orders(
        &mut self,
        method: &str,
        rest: &[&str],
        call: &Call,
        world: &mut World<'_>,
    ) -> Answer {
        match (method, rest) {
            ("GET", []) => self.list_orders(call),
            ("POST", []) => self.create_order(call, world),
            ("DELETE", []) => {
                (0..self.orders.all.len()).for_each(|index| self.archive(index, world));
                Ok(Reply::empty())
            }
            ("GET", ["count"]) => self.count_orders(call),
            (_, [id, rest @ ..]) => {
                let index = self.orders.find(path_id(id)?).ok_or_else(Refused::not_found)?;
                match (method, rest) {
                    ("GET", []) => Ok(Reply::ok(self.render_order(index, &call.query))),
                    ("PUT", []) => self.update_order(index, call, world),
                    ("DELETE", []) => {
                        self.archive(index, world);
                        Ok(Reply::empty())
                    }
                    _ => self.route_order_parts(method, index, rest, call, world),
                }
            }
            _ => Err(Refused::not_found()),
        }
    }

    fn route_order_parts(
        &mut self,
        method: &str,
        index: usize,
        rest: &[&str],
        call: &Call,
        world: &mut World<'_>,
    ) -> Answer {
        match (method, rest) {
            ("GET", ["products"]) => self.list_lines(index, call),
            ("GET", ["products", id]) => self.get_line(index, id),
            ("GET", ["shipping_addresses" | "shippingaddresses", rest @ ..]) => self.addresses(index, rest),
            ("GET", ["consignments"]) => {
                let whole = call.query.list("include").is_some_and(|all| all.contains(&"consignments.line_items"));
                Ok(Reply::ok(self.render_consignments(self.orders.get(index), whole)))
            }
            ("GET", ["coupons" | "taxes" | "fees" | "messages"]) => Ok(Reply::empty()),
            (_, ["shipments", rest @ ..]) => self.route_shipments(method, index, rest, call, world),
            _ => Err(Refused::not_found()),
        }
    }

    fn list_lines(&self, index: usize, call: &Call) -> Answer {
        let page = Page::read(&call.query, LIMIT_MAX)?;
        let order = self.orders.get(index);
        let live = order.lines.iter().filter(|line| line.quantity > 0);
        let shown = live.skip(page.skip()).take(page.limit).map(|line| self.render_line(order, line)).collect();
        Ok(Reply::list(shown))
    }

    fn get_line(&self, index: usize, id: &str) -> Answer {
        let (order, id) = (self.orders.get(index), path_id(id)?);
        let line = order.lines.iter().find(|line| line.id == id && line.quantity > 0);
        Ok(Reply::ok(self.render_line(order, line.ok_or_else(Refused::not_found)?)))
    }

    fn addresses(&self, index: usize, rest: &[&str]) -> Answer {
        let order = self.orders.get(index);
        match rest {
            [] if order.pickup => Ok(Reply::empty()),
            [] => Ok(Reply::list(vec![self.render_shipping_address(order)])),
            [id] if !order.pickup && path_id(id)? == order.address_id() => {
                Ok(Reply::ok(self.render_shipping_address(order)))
            }
            _ => Err(Refused::not_found()),
        }
    }

    /// An archived order is not listed any more; its stock is left as it is.
    fn archive(&mut self, index: usize, world: &mut World<'_>) {
        if !self.orders.get(index).deleted {
            self.orders.change(index, world.now, |order| order.deleted = true);
            self.tell_order(index, "archived", world);
        }
    }

    /// `order_statuses`.
    pub(in super::super) fn route_statuses(&self, method: &str, rest: &[&str]) -> Answer {
        match (method, rest) {
            ("GET", []) => Ok(Reply::list(ALL.iter().map(|(status, _)| render_status(*status)).collect())),
            ("GET", [id]) => {
                let status = Status::read(path_id(id)?).ok_or_else(Refused::not_found)?;
                Ok(Reply::ok(render_status(status)))
            }
            _ => Err(Refused::not_found()),
        }
    }
}
