//! Which endpoint a call is for, and which scope it needs.
//!
//! Called by the door with the address after the version. It knows every path and what none of them does.

use super::LightspeedX;
use super::wire::{Answer, Call, Refused};
use crate::machine::World;

/// First segments of all paths.
const HEADS: [&str; 17] = [
    "brands",
    "consignments",
    "customers",
    "inventory",
    "inventory_levels",
    "outlets",
    "payment_types",
    "price_books",
    "products",
    "registers",
    "retailer",
    "sales",
    "stock_adjustments",
    "suppliers",
    "taxes",
    "users",
    "webhooks",
];

impl LightspeedX {
    /// Sends a call to its endpoint.
    pub(crate) fn route(&mut self, method: &str, segments: &[&str], call: &Call, world: &mut World<'_>) -> Answer {
        for scope in scopes(method, segments) {
            call.needs(scope)?;
        }
        match segments[0] {
            "sales" => self.route_sales(method, &segments[1..], call, world),
            "products" => self.route_products(method, &segments[1..], call, world),
            "customers" => self.route_customers(method, &segments[1..], call, world),
            "consignments" => self.route_consignments(method, &segments[1..], call, world),
            "webhooks" => self.route_webhooks(method, &segments[1..], call, world),
            "workflows" => self.route_workflows(method, &segments[1..], call, world),
            _ => self.route_stock_and_account(method, segments, call, world),
        }
    }

    fn route_stock_and_account(
        &mut self,
        method: &str,
        segments: &[&str],
        call: &Call,
        world: &mut World<'_>,
    ) -> Answer {
        match (method, segments) {
            ("POST", ["inventory"]) => self.list_inventory(call),
            ("POST", ["inventory", "reorder_points"]) => self.set_reorder_points(call, world),
            ("GET", ["inventory", product]) => self.list_inventory_of(product, call),
            ("POST", ["inventory_levels"]) => self.report_levels(call),
            ("GET", ["inventory_levels", product]) => self.report_levels_of(product),
            ("GET", ["stock_adjustments"]) => self.list_adjustments(call),
            ("POST", ["stock_adjustments"]) => self.create_adjustments(call, world),
            ("GET", _) => self.route_account(segments, call),
            ("POST" | "PUT" | "DELETE", ["brands" | "suppliers", ..]) => {
                self.change_named(method, segments, call, world)
            }
            _ => Err(no_route(segments)),
        }
    }

    fn route_sales(&mut self, method: &str, rest: &[&str], call: &Call, world: &mut World<'_>) -> Answer {
        match (method, rest) {
            ("GET", []) => self.list_sales(call),
            ("POST", []) => self.create_sale(call, world),
            ("GET", [sale]) => self.show_sale(sale),
            ("PUT", [sale]) => self.update_sale(sale, call, world),
            // POST in the date versions, PUT in 2.0.
            ("POST" | "PUT", [sale, "actions", "return"]) => self.begin_return(sale, world),
            ("POST", [sale, "fulfill"]) => self.fulfil_sale(sale, call, world),
            _ => Err(no_route_in(rest)),
        }
    }

    fn route_products(&mut self, method: &str, rest: &[&str], call: &Call, world: &mut World<'_>) -> Answer {
        match (method, rest) {
            ("GET", []) => self.list_products(call),
            ("POST", []) => self.create_products(call, world),
            ("GET", [product]) => self.show_product(product),
            ("PUT", [product]) => self.update_product(product, call, world),
            ("DELETE", [product]) => self.delete_product_call(product, world),
            _ => Err(no_route_in(rest)),
        }
    }

    fn route_customers(&mut self, method: &str, rest: &[&str], call: &Call, world: &mut World<'_>) -> Answer {
        match (method, rest) {
            ("GET", []) => self.list_customers(call),
            ("POST", []) => self.create_customer(call, world),
            ("GET", [customer]) => self.show_customer(customer),
            ("PUT", [customer]) => self.update_customer(customer, call, world),
            ("DELETE", [customer]) => self.delete_customer_call(customer, world),
            _ => Err(no_route_in(rest)),
        }
    }

    fn route_consignments(&mut self, method: &str, rest: &[&str], call: &Call, world: &mut World<'_>) -> Answer {
        match (method, rest) {
            ("GET", []) => self.list_consignments(call),
            ("POST", []) => self.create_consignment(call, world),
            ("GET", [consignment]) => self.show_consignment(consignment),
            ("PUT", [consignment]) => self.update_consignment(consignment, call, world),
            ("DELETE", [consignment]) => self.delete_consignment(consignment, call, world),
            ("GET", [consignment, "products"]) => self.list_consignment_products(consignment, call),
            ("POST", [consignment, "products"]) => self.add_consignment_product(consignment, call, world),
            ("POST", [consignment, "bulk"]) => self.bulk_consignment_products(consignment, call, world),
            ("PUT", [consignment, "products", product]) => {
                self.update_consignment_product(consignment, product, call, world)
            }
            ("DELETE", [consignment, "products", product]) => {
                self.delete_consignment_product(consignment, product, call, world)
            }
            _ => Err(no_route_in(rest)),
        }
    }

    fn route_webhooks(&mut self, method: &str, rest: &[&str], call: &Call, world: &mut World<'_>) -> Answer {
        match (method, rest) {
            ("GET", []) => Ok(self.list_webhooks()),
            ("POST", []) => self.create_webhook(call, world),
            ("GET", [webhook]) => self.show_webhook(webhook),
            ("PUT", [webhook]) => self.update_webhook(webhook, call),
            ("DELETE", [webhook]) => self.delete_webhook(webhook),
            _ => Err(no_route_in(rest)),
        }
    }
}

/// The scopes that a call needs whatever it is about. Outlets, registers, taxes and the like name none in the
/// documents at hand and take any token; writes of consignments depend on the consignment and are judged there.
fn scopes(method: &str, segments: &[&str]) -> &'static [&'static str] {
    let reads = method == "GET";
    match segments {
        ["sales", _, "actions", "return"] => &["sales:write", "users:read"],
        ["sales", ..] => {
            if reads {
                &["sales:read"]
            } else {
                &["sales:write"]
            }
        }
        ["products", ..] => {
            if reads {
                &["products:read"]
            } else {
                &["products:write"]
            }
        }
        ["brands" | "suppliers", ..] if !reads => &["products:write"],
        ["customers", ..] => {
            if reads {
                &["customers:read"]
            } else {
                &["customers:write"]
            }
        }
        ["inventory", "reorder_points"] | ["stock_adjustments", ..] => &["inventory:write"],
        ["inventory" | "inventory_levels", ..] => &["inventory:read"],
        ["consignments", ..] if reads => &["consignments:read"],
        ["users", ..] => &["users:read"],
        ["webhooks", ..] => &["webhooks"],
        ["workflows", "remote_rules", ..] => {
            if reads {
                &["remote_rules:read"]
            } else {
                &["remote_rules:write"]
            }
        }
        ["workflows", "rules", ..] => {
            if reads {
                &["business_rules:read"]
            } else {
                &["business_rules:write"]
            }
        }
        _ => &[],
    }
}

fn no_route(segments: &[&str]) -> Refused {
    if segments.len() <= 2 && HEADS.contains(&segments[0]) { Refused::no_such_method() } else { Refused::not_found() }
}

/// Behind a known first segment.
fn no_route_in(rest: &[&str]) -> Refused {
    if rest.len() <= 1 { Refused::no_such_method() } else { Refused::not_found() }
}
