//! Brings a new order to the location that is to hand it out, or calls it off.
//!
//! Called by `order`, with the replies that came after the order was made. Shopify chooses locations by its own rules;
//! it is asked what it chose, and everything that is elsewhere is moved. Where that is refused the order would stand at
//! a wrong place, so it is cancelled and its stock put back.

use model::ExternalLocation;
use serde::Deserialize;
use serde_json::json;

use super::super::graph::Connection;
use super::super::graph_order::FulfillmentOrder;
use super::super::scalar::{Stamp, present};
use super::super::{queries as common, reply, requests};
use super::{answer, named, queries, send};
use crate::{Account, Effect, Made, Reply, Request, Trouble, Unsendable};

/// Why nothing is left of an order of ours that is found cancelled.
pub(super) const CALLED_OFF: &str = "the order was made, and cancelled again";

#[derive(Deserialize)]
struct Answer {
    #[serde(deserialize_with = "present")]
    order: Option<Whereabouts>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Whereabouts {
    #[serde(deserialize_with = "present")]
    cancelled_at: Option<Stamp>,
    fulfillment_orders: Connection<FulfillmentOrder>,
}

/// What comes next for the order with this number, or that it is done.
///
/// # Errors
/// What the last reply says; [`Trouble::Refused`] when the location cannot hand it out.
pub(super) fn step(
    order: &str,
    location: &ExternalLocation,
    account: &Account,
    replies: &[Reply],
) -> Result<Made, Trouble> {
    let mut replies = replies.iter();
    let gid = named(0, "Order", order, "order")?;
    let Some(asked) = replies.next() else {
        let variables = json!({ "id": gid });
        let cost = queries::ORDER_WHERE_COST;
        return send(requests::graphql(queries::ORDER_WHERE, &variables, account, cost, Effect::Read)?);
    };
    for part in elsewhere(location, asked)? {
        let Some(reply) = replies.next() else { return send(move_to(&part, location, account)?) };
        match answer::done(reply) {
            Ok(()) => {}
            Err(Trouble::Refused { reason }) => return call_off((order, &gid), &reason, account, replies.next()),
            Err(trouble) => return Err(trouble),
        }
    }
    Ok(Made::Done(order.to_owned()))
}

/// Parts of the order that are still to be handed out, and somewhere else.
fn elsewhere(location: &ExternalLocation, reply: &Reply) -> Result<Vec<String>, Trouble> {
    let refused = |reason: &str| Trouble::Refused { reason: reason.to_owned() };
    let order = reply::data::<Answer>(reply)?.order.ok_or_else(|| refused("the order was made, and deleted again"))?;
    if order.cancelled_at.is_some() {
        return Err(refused(CALLED_OFF));
    }
    if order.fulfillment_orders.nodes.is_empty() {
        // Shopify assigns a new order a moment after it is made.
        return Err(Trouble::Failed { reason: "the order is not assigned to a location yet".to_owned() });
    }
    let is_open = |part: &FulfillmentOrder| !matches!(part.status.as_str(), "CLOSED" | "CANCELLED" | "INCOMPLETE");
    let is_there = |part: &FulfillmentOrder| {
        part.assigned_location.location.as_ref().is_some_and(|it| it.id.number() == location.as_str())
    };
    let parts = order.fulfillment_orders.nodes.into_iter().filter(|part| is_open(part) && !is_there(part));
    Ok(parts.map(|part| part.id.whole().to_owned()).collect())
}

fn move_to(part: &str, location: &ExternalLocation, account: &Account) -> Result<Request, Unsendable> {
    let location = named(0, "Location", location.as_str(), "location")?;
    let variables = json!({ "id": part, "location": location });
    requests::graphql(queries::ORDER_MOVE, &variables, account, common::MUTATION_COST, Effect::Write)
}

/// The location refused the order, so it is taken back.
fn call_off(
    (order, gid): (&str, &str),
    words: &str,
    account: &Account,
    reply: Option<&Reply>,
) -> Result<Made, Trouble> {
    let Some(reply) = reply else {
        let variables = json!({ "id": gid, "why": "the location cannot hand it out" });
        let cost = common::MUTATION_COST;
        return send(requests::graphql(queries::ORDER_CANCEL, &variables, account, cost, Effect::Write)?);
    };
    match answer::done(reply) {
        Ok(()) => Err(Trouble::Refused { reason: format!("the location cannot hand it out: {words}") }),
        Err(Trouble::Refused { reason }) => {
            let reason = format!(
                "order {order} was made, but the location cannot hand it out ({words}) and it cannot be cancelled \
                 ({reason}): a person must see to it"
            );
            Err(Trouble::Refused { reason })
        }
        Err(trouble) => Err(trouble),
    }
}
