//! Which path and method goes to which endpoint.
//!
//! Called by the door once a call has been judged. Nothing is decided here but where it goes.

use super::Clover;
use super::wire::{Answer, Call, Refused};
use crate::machine::World;

impl Clover {
    /// Carries out a call below `/v3/merchants/{mId}`; `segments` is the path below it.
    ///
    /// # Errors
    /// The endpoint's own, 404 for an unknown path, 405 for a method that a known path does not have.
    pub(super) fn route(&mut self, method: &str, segments: &[&str], call: &Call<'_>, world: &mut World<'_>) -> Answer {
        match segments {
            [] | ["address" | "properties" | "tax_rates"] => self.route_merchant(method, segments, call),
            ["items" | "bulk_items", ..] => self.route_items(method, segments, call, world),
            ["item_stocks" | "item_groups" | "categories" | "category_items", ..] => {
                self.route_catalog(method, segments, call, world)
            }
            ["orders" | "atomic_order", ..] => self.route_orders(method, segments, call, world),
            ["payments" | "refunds" | "credits" | "tenders" | "employees" | "shifts", ..] => {
                self.route_money(method, segments, call)
            }
            ["customers", ..] => self.route_customers(method, segments, call, world),
            _ => Err(Refused::not_found()),
        }
    }

    fn route_merchant(&self, method: &str, segments: &[&str], call: &Call<'_>) -> Answer {
        match (method, segments) {
            ("GET", []) => self.read_merchant(call),
            ("GET", ["address"]) => Ok(self.render_address()),
            ("GET", ["properties"]) => Ok(self.render_properties()),
            ("GET", ["tax_rates"]) => Ok(self.read_tax_rates()),
            _ => Err(Refused::no_such_method()),
        }
    }

    fn route_items(&mut self, method: &str, segments: &[&str], call: &Call<'_>, world: &mut World<'_>) -> Answer {
        match (method, segments) {
            ("GET", ["items"]) => self.list_items(call),
            ("POST", ["items"]) => self.create_item(call, world),
            ("GET", ["items", id]) => self.read_item(id, call),
            ("POST" | "PUT", ["items", id]) => self.update_item(id, call, world),
            ("DELETE", ["items", id]) => self.remove_item(id, world),
            ("POST", ["bulk_items"]) => self.create_items(call, world),
            ("PUT", ["bulk_items"]) => self.update_items(call, world),
            (_, ["items"] | ["items", _] | ["bulk_items"]) => Err(Refused::no_such_method()),
            _ => Err(Refused::not_found()),
        }
    }

    fn route_catalog(&mut self, method: &str, segments: &[&str], call: &Call<'_>, world: &mut World<'_>) -> Answer {
        match (method, segments) {
            ("GET", ["item_stocks"]) => self.list_stocks(call),
            ("GET", ["item_stocks", id]) => self.read_stock(id),
            ("POST", ["item_stocks", id]) => self.write_stock(id, call, world),
            ("GET", ["item_groups"]) => self.list_groups(call),
            ("POST", ["item_groups"]) => self.create_group(call, world),
            ("GET", ["item_groups", id]) => self.read_group(id, call),
            ("GET", ["categories"]) => self.list_categories(call),
            ("POST", ["categories"]) => self.create_category(call, world),
            ("GET", ["categories", id]) => self.read_category(id, call),
            ("POST", ["categories", id]) => self.update_category(id, call, world),
            ("DELETE", ["categories", id]) => self.remove_category(id, world),
            ("POST", ["category_items"]) => self.sort_items(call, world),
            (_, ["item_stocks" | "item_groups" | "categories"] | ["category_items"] | [_, _]) => {
                Err(Refused::no_such_method())
            }
            _ => Err(Refused::not_found()),
        }
    }

    fn route_orders(&mut self, method: &str, segments: &[&str], call: &Call<'_>, world: &mut World<'_>) -> Answer {
        match (method, segments) {
            ("GET", ["orders"]) => self.list_orders(call, world),
            ("POST", ["orders"]) => self.create_order(call, world),
            ("GET", ["orders", id]) => self.read_order(id, call),
            ("POST", ["orders", id]) => self.update_order(id, call, world),
            ("DELETE", ["orders", id]) => self.remove_order(id, world),
            ("GET", ["orders", id, "line_items"]) => self.list_order_part(id, "lineItems", "lineItems", call),
            ("POST", ["orders", id, "line_items"]) => self.create_line(id, call, world),
            ("POST", ["orders", id, "bulk_line_items"]) => self.create_lines(id, call, world),
            ("GET", ["orders", id, "line_items", line]) => self.read_line(id, line),
            ("DELETE", ["orders", id, "line_items", line]) => self.remove_line(id, line, world),
            ("GET", ["orders", id, "payments"]) => self.list_order_part(id, "payments", "payments", call),
            ("POST", ["orders", id, "payments"]) => self.create_payment(id, call, world),
            ("POST", ["orders", id, "discounts"]) => self.create_discount(id, call, world),
            ("DELETE", ["orders", id, "discounts", one]) => self.remove_discount(id, one, world),
            ("GET", ["orders", id, "discounts"]) => self.list_order_part(id, "discounts", "discounts", call),
            ("POST", ["atomic_order", "orders"]) => self.create_cart(call, world),
            ("POST", ["atomic_order", "checkouts"]) => self.preview_cart(call, world),
            (_, ["orders"] | ["orders", _] | ["orders", _, "line_items" | "bulk_line_items" | "payments"]) => {
                Err(Refused::no_such_method())
            }
            (_, ["orders", _, "line_items", _] | ["atomic_order", "orders" | "checkouts"]) => {
                Err(Refused::no_such_method())
            }
            _ => Err(Refused::not_found()),
        }
    }

    fn route_money(&self, method: &str, segments: &[&str], call: &Call<'_>) -> Answer {
        let base = &self.settings.api_base;
        match (method, segments) {
            ("GET", ["payments"]) => self.list_payments(call),
            ("GET", ["payments", id]) => self.read_payment(id, call),
            ("GET", ["refunds"]) => self.list_refunds(call),
            ("GET", ["refunds", id]) => self.read_refund(id),
            ("GET", ["credits"]) => self.list_credits(call),
            ("GET", ["credits", id]) => self.read_credit(id),
            ("GET", ["tenders"]) => self.staff.tenders(call, base),
            ("GET", ["tenders", id]) => self.staff.one_tender(id),
            ("GET", ["employees"]) => self.staff.employees(call, base),
            ("GET", ["employees", id]) => self.staff.one_employee(id),
            ("GET", ["shifts"]) => self.staff.shifts(call, base),
            (_, [_] | [_, _]) => Err(Refused::no_such_method()),
            _ => Err(Refused::not_found()),
        }
    }

    fn route_customers(&mut self, method: &str, segments: &[&str], call: &Call<'_>, world: &mut World<'_>) -> Answer {
        match (method, segments) {
            ("GET", ["customers"]) => self.list_customers(call),
            ("POST", ["customers"]) => self.create_customer(call, world),
            ("GET", ["customers", id]) => self.read_customer(id, call),
            ("POST", ["customers", id]) => self.update_customer(id, call, world),
            ("DELETE", ["customers", id]) => self.remove_customer(id, world),
            ("POST", ["customers", id, kind]) => self.put_contact(id, kind, None, call, world),
            ("POST", ["customers", id, kind, contact]) => self.put_contact(id, kind, Some(contact), call, world),
            ("DELETE", ["customers", id, kind, contact]) => self.remove_contact(id, kind, contact, world),
            (_, ["customers"] | ["customers", _]) => Err(Refused::no_such_method()),
            _ => Err(Refused::not_found()),
        }
    }
}
