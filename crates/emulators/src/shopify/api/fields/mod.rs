//! What the fields of the API's objects give. One file per group of objects; every field of the served schema has
//! its arm here, and a test asks for all of them.

mod catalogue;
mod order;
mod parcel;
mod products;
mod root;
mod service;
mod stock;
mod transfer;

use serde_json::Value;

use super::arguments::Arguments;
use super::execute::Run;
use super::node::{Node, Out};
use crate::machine::Millis;
use crate::shopify::body::{money, utc_seconds};
use crate::shopify::ids::{Kind, gid};
use crate::shopify::shop::Shop;

pub(super) use service::address;

/// The value of one field of one object.
///
/// # Errors
///
/// The entry of the reply's `errors`: the arguments do not make sense.
pub(super) fn resolve(run: &Run<'_>, node: &Node, field: &str, arguments: &Arguments) -> Result<Out, Value> {
    match *node {
        Node::Root => root::root(run, field, arguments),
        Node::Shop => Ok(service::shop(run, field)),
        Node::Location(index) => stock::location(run, index, field, arguments),
        Node::Item(index) => stock::item(run, index, field, arguments),
        Node::Level(article, location) => Ok(stock::level(run.shop, article, location, field, arguments)),
        Node::Product(index) => catalogue::product(run, index, field, arguments),
        Node::Variant(index) => Ok(catalogue::variant(run.shop, index, field)),
        Node::Customer(index) => Ok(service::customer(run.shop, index, field)),
        Node::Order(index) => order::order(run, index, field, arguments),
        Node::Line(order, line) => Ok(order::line(run.shop, order, line, field)),
        Node::FulfilmentOrder(order, place) => parcel::fulfilment_order(run, order, place, field, arguments),
        Node::FulfilmentOrderLine(order, place, row) => {
            Ok(parcel::fulfilment_order_line(run.shop, (order, place, row), field))
        }
        Node::Fulfilment(order, number) => parcel::fulfilment(run, order, number, field, arguments),
        Node::Refund(order, number) => parcel::refund(run, order, number, field, arguments),
        Node::RefundLine(order, refund, row) => Ok(parcel::refund_line(run.shop, (order, refund, row), field)),
        Node::Transfer(index) => transfer::transfer(run, index, field, arguments),
        Node::Subscription(id) => Ok(service::subscription(run, id, field)),
        Node::Bulk(id) => Ok(service::bulk(run, id, field)),
        Node::Record(_, ref fields) => {
            let known = fields.iter().find(|(name, _)| *name == field).map(|(_, out)| out.clone());
            Ok(match known {
                Some(Out::List(changes)) if field == "changes" => Out::List(wanted_changes(changes, arguments)),
                Some(out) => out,
                None => Out::NULL,
            })
        }
    }
}

/// The changes of an adjustment group in the states that were asked for.
fn wanted_changes(changes: Vec<Out>, arguments: &Arguments) -> Vec<Out> {
    let names = arguments.list("quantityNames");
    let wanted = |change: &Out| match change {
        Out::Node(Node::Record(_, fields)) => {
            let name = fields.iter().find(|(name, _)| *name == "name");
            matches!(name, Some((_, Out::Value(name))) if names.contains(name))
        }
        Out::Node(_) | Out::Value(_) | Out::List(_) | Out::Page(_) => false,
    };
    changes.into_iter().filter(|change| names.is_empty() || wanted(change)).collect()
}

/// A `gid` as a field value.
fn id(kind: Kind, number: u64) -> Out {
    Out::from(gid(kind, number))
}

/// An `UnsignedInt64`, which the vendor writes as a string.
fn legacy(number: u64) -> Out {
    Out::from(number.to_string())
}

/// A `DateTime`.
fn time(at: Millis) -> Out {
    Out::from(utc_seconds(at))
}

/// A `MoneyBag`: the shop sells in its own currency only, so both sides are the same.
fn bag(shop: &Shop, minor: i64) -> Out {
    let side = Node::record(
        "MoneyV2",
        vec![("amount", Out::from(money(shop, minor))), ("currencyCode", Out::from(shop.settings.currency.as_str()))],
    );
    Out::Node(Node::record(
        "MoneyBag",
        vec![("shopMoney", Out::Node(side.clone())), ("presentmentMoney", Out::Node(side))],
    ))
}

/// A text, null when it is empty.
fn text(text: &str) -> Out {
    if text.is_empty() { Out::NULL } else { Out::from(text) }
}

/// An empty list.
const NONE: Out = Out::List(Vec::new());
