//! Which path and method goes to which endpoint.
//!
//! Called by the door once a call has been judged. Nothing is decided here but where it goes.

use super::LightspeedR;
use super::query::Query;
use super::resources::{self, ORDER_SHIPMENT, TRANSFER, TRANSFER_ITEM};
use super::table::Id;
use super::wire::{Answer, Refused};
use crate::machine::Millis;
use serde_json::Value;

/// A call that has been let in.
pub struct Call<'c> {
    /// Method.
    pub method: &'c str,
    /// Query.
    pub query: &'c Query,
    /// Body, an object.
    pub body: &'c Value,
    /// Full address without the query, for links.
    pub address: &'c str,
    /// When.
    pub now: Millis,
}

impl LightspeedR {
    /// Carries out a call. `path` is what follows the account.
    ///
    /// # Errors
    /// The endpoint's own, 404 for an unknown path or row, 405 for a method that a known path does not have.
    pub(crate) fn route(&mut self, path: &[&str], call: &Call<'_>) -> Answer {
        match path {
            ["Item", rest @ ..] => self.route_item(rest, call),
            ["ItemShop", rest @ ..] => self.route_item_shop(rest, call),
            ["InventoryLog"] if call.method == "GET" => self.list_inventory_log(call.query, call.address),
            ["InventoryLog", ..] => Err(Refused::no_such_method()),
            ["InventoryCountReconcile"] if call.method == "POST" => self.reconcile_call(call.body, call.now),
            ["Sale", rest @ ..] => self.route_sale(rest, call),
            ["SaleLine", rest @ ..] => self.route_line(None, rest, call),
            ["SalePayment", rest @ ..] => self.route_payment(rest, call),
            ["Customer", rest @ ..] => self.route_customer(rest, call),
            ["Inventory", "Transfer", rest @ ..] => self.route_transfer(rest, call),
            ["Order", order, "Shipment", rest @ ..] => self.route_shipment(order, rest, call),
            ["Transfer" | "OrderShipment", ..] => Err(lost()),
            [name, rest @ ..] => self.route_record(name, rest, call),
            [] => Err(lost()),
        }
    }

    fn route_item(&mut self, rest: &[&str], call: &Call<'_>) -> Answer {
        match (call.method, rest) {
            ("GET", []) => self.list_items(call.query, call.address),
            ("POST", []) => self.create_item(call.body, call.now),
            ("GET", [id]) => self.read_item(number(id)?, call.query),
            ("PUT", [id]) => self.update_item(number(id)?, call.body, call.now),
            ("DELETE", [id]) => self.archive_item_call(number(id)?, call.now),
            _ => no_method(rest),
        }
    }

    fn route_item_shop(&mut self, rest: &[&str], call: &Call<'_>) -> Answer {
        match (call.method, rest) {
            ("GET", []) => self.list_item_shops(call.query, call.address),
            ("GET", [id]) => self.read_item_shop(number(id)?),
            ("PUT", [id]) => self.put_item_shop(number(id)?, call.body, call.now),
            _ => no_method(rest),
        }
    }

    fn route_sale(&mut self, rest: &[&str], call: &Call<'_>) -> Answer {
        match (call.method, rest) {
            (_, [sale, "SaleLine", rest @ ..]) => self.route_line(Some(number(sale)?), rest, call),
            ("POST", [sale, "refund"]) => self.refund_call(number(sale)?, call.body, call.now),
            ("GET", []) => self.list_sales(call.query, call.address),
            ("POST", []) => self.create_sale(call.body, call.now),
            ("GET", [id]) => self.read_sale(number(id)?, call.query),
            ("PUT", [id]) => self.update_sale(number(id)?, call.body, call.now),
            ("DELETE", [id]) => self.archive_sale(number(id)?, call.now),
            (_, [_, "refund"]) => Err(Refused::no_such_method()),
            _ => no_method(rest),
        }
    }

    fn route_line(&mut self, sale: Option<Id>, rest: &[&str], call: &Call<'_>) -> Answer {
        match (call.method, rest) {
            ("GET", []) => self.list_lines(call.query, call.address, sale),
            ("POST", []) => self.create_line(sale, call.body, call.now),
            (_, [id]) if sale.is_some_and(|sale| !self.sales.holds(sale, number(id).unwrap_or(0))) => Err(lost()),
            ("GET", [id]) => self.read_line_call(number(id)?, call.query),
            ("PUT", [id]) => self.update_line(number(id)?, call.body, call.now),
            ("DELETE", [id]) => self.delete_line(number(id)?, call.now),
            _ => no_method(rest),
        }
    }

    fn route_payment(&mut self, rest: &[&str], call: &Call<'_>) -> Answer {
        match (call.method, rest) {
            ("GET", []) => self.list_payments(call.query, call.address),
            ("GET", [id]) => self.read_payment(number(id)?, call.query),
            _ => no_method(rest),
        }
    }

    fn route_customer(&mut self, rest: &[&str], call: &Call<'_>) -> Answer {
        match (call.method, rest) {
            ("GET", []) => self.list_customers(call.query, call.address),
            ("POST", []) => self.create_customer(call.body, call.now),
            ("GET", [id]) => self.read_customer(number(id)?, call.query),
            ("PUT", [id]) => self.update_customer(number(id)?, call.body, call.now),
            ("DELETE", [id]) => self.archive_customer(number(id)?, call.now),
            ("DELETE", [id, "Anonymize"]) => self.anonymize_customer(number(id)?, call.now),
            (_, [_, "Anonymize"]) => Err(Refused::no_such_method()),
            _ => no_method(rest),
        }
    }

    fn route_transfer(&mut self, rest: &[&str], call: &Call<'_>) -> Answer {
        match (call.method, rest) {
            ("GET", []) => self.list_records(&TRANSFER, call.query, call.address, None),
            ("POST", []) => self.create_transfer_call(call.body, call.now),
            ("GET", [id]) => self.read_record(&TRANSFER, number(id)?, call.query),
            ("PUT", [id]) => self.update_transfer(number(id)?, call.body, call.now),
            ("POST", [id, "Send"]) => self.send_transfer_call(number(id)?, call.now),
            ("POST", [id, action @ ("Archive" | "Restore")]) => {
                self.hide_transfer(number(id)?, *action == "Archive", call.now)
            }
            ("POST", [id, action @ ("AddItems" | "UpdateItems" | "DeleteItems")]) => {
                self.change_transfer_items(number(id)?, action, call.body, call.now)
            }
            ("GET", [id, "TransferItems"]) => {
                let among = self.records.of(&TRANSFER_ITEM, "transferID", number(id)?);
                self.list_records(&TRANSFER_ITEM, call.query, call.address, Some(among))
            }
            ("GET", [_, "TransferItems", line]) => self.read_record(&TRANSFER_ITEM, number(line)?, call.query),
            (_, [_, "Send" | "Archive" | "Restore" | "AddItems" | "UpdateItems" | "DeleteItems" | "TransferItems"]) => {
                Err(Refused::no_such_method())
            }
            _ => no_method(rest),
        }
    }

    /// Orders are received in the user interface, which nobody uses here: the list is there and stays empty.
    fn route_shipment(&mut self, order: &str, rest: &[&str], call: &Call<'_>) -> Answer {
        let among = self.records.of(&ORDER_SHIPMENT, "orderID", number(order)?);
        match (call.method, rest) {
            ("GET", []) => self.list_records(&ORDER_SHIPMENT, call.query, call.address, Some(among)),
            ("GET", [id]) => self.read_record(&ORDER_SHIPMENT, number(id)?, call.query),
            _ => no_method(rest),
        }
    }

    fn route_record(&mut self, name: &str, rest: &[&str], call: &Call<'_>) -> Answer {
        let resource = resources::named(name).ok_or_else(lost)?;
        match (call.method, rest) {
            ("GET", []) => self.list_records(resource, call.query, call.address, None),
            ("POST", []) => self.create_record(resource, call.body, call.now),
            ("GET", [id]) => self.read_record(resource, number(id)?, call.query),
            ("PUT", [id]) => self.update_record(resource, number(id)?, call.body, call.now),
            ("DELETE", [id]) => self.delete_record(resource, number(id)?, call.now),
            _ => no_method(rest),
        }
    }
}

/// An id in a path.
fn number(text: &str) -> Result<Id, Refused> {
    text.parse().map_err(|_| lost())
}

fn lost() -> Refused {
    Refused::not_found("The requested resource could not be found.")
}

/// A list or row that is there, with a method that it has not; or a path that leads nowhere.
fn no_method(rest: &[&str]) -> Answer {
    Err(if rest.len() <= 1 { Refused::no_such_method() } else { lost() })
}
