//! Orders that are not paid yet and are handed out at a location.
//!
//! Called by the folder's `mod`. Shopify has no key for orders and assigns their lines to locations by itself: an order
//! is looked for by its reference when it may have been made, and what was assigned elsewhere is moved by `placing`.

use model::{CustomerKey, ExternalLocation, Money};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::super::scalar::{Gid, Stamp, present};
use super::super::{reply, requests};
use super::placing::{self, CALLED_OFF};
use super::{answer, bytes, named, queries, send, units};
use crate::{Account, Document, DocumentLine, Effect, Made, Reply, Request, Run, Trouble, Unsendable};

/// What is wanted.
pub(super) struct Wanted<'a> {
    pub(super) location: &'a ExternalLocation,
    pub(super) lines: &'a [DocumentLine],
    pub(super) customer: Option<&'a CustomerKey>,
}

#[derive(Serialize)]
struct Variables<'a> {
    order: Order<'a>,
    options: Options,
}

/// <https://shopify.dev/docs/api/admin-graphql/2026-10/input-objects/OrderCreateOrderInput>
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Order<'a> {
    line_items: Vec<Line>,
    #[serde(skip_serializing_if = "Option::is_none")]
    customer: Option<Value>,
    financial_status: &'static str,
    note: &'a str,
    /// Where it is found again.
    source_identifier: &'a str,
}

/// <https://shopify.dev/docs/api/admin-graphql/2026-10/input-objects/OrderCreateLineItemInput>. Without a price the
/// variant's own is taken.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Line {
    variant_id: String,
    quantity: i64,
    /// What needs no handing over is not assigned to a location.
    requires_shipping: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    price_set: Option<Value>,
}

/// <https://shopify.dev/docs/api/admin-graphql/2026-10/input-objects/OrderCreateOptionsInput>. If nothing is said, the
/// order takes no stock.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Options {
    inventory_behaviour: &'static str,
    send_receipt: bool,
    send_fulfillment_receipt: bool,
}

/// The mutation.
///
/// # Errors
/// When an id is not Shopify's, a quantity not whole, or a price in another currency than the account's.
pub(super) fn compose(document: &Document, wanted: &Wanted<'_>, account: &Account) -> Result<Vec<u8>, Unsendable> {
    named(0, "Location", wanted.location.as_str(), "location")?;
    let customer = match wanted.customer {
        None => None,
        Some(key) => Some(json!({ "toAssociate": { "id": named(0, "Customer", key.as_str(), "customer")? } })),
    };
    let lines = wanted.lines.iter().enumerate().map(|(row, line)| order_line(row, line, account));
    let order = Order {
        line_items: lines.collect::<Result<_, _>>()?,
        customer,
        financial_status: "PENDING",
        note: &document.note,
        source_identifier: &document.reference,
    };
    let options = Options {
        inventory_behaviour: "DECREMENT_OBEYING_POLICY",
        send_receipt: false,
        send_fulfillment_receipt: false,
    };
    Ok(bytes(queries::ORDER_MAKE, Variables { order, options }))
}

fn order_line(row: usize, line: &DocumentLine, account: &Account) -> Result<Line, Unsendable> {
    let refuse = |problem: String| Unsendable::Row { row, problem };
    let variant = line.aliases.iter().find_map(|alias| alias.as_str().strip_prefix("variant:"));
    let variant = variant.ok_or_else(|| refuse("its variant is not known".to_owned()))?;
    let price = |each: Money| {
        if each.currency != account.currency {
            return Err(refuse(format!("a price of {each} in an account that sells in {}", account.currency.code())));
        }
        Ok(json!({ "shopMoney": { "amount": each.to_decimal(), "currencyCode": each.currency.code() } }))
    };
    Ok(Line {
        variant_id: named(row, "ProductVariant", variant, "variant")?,
        quantity: units(row, line.quantity)?,
        requires_shipping: true,
        price_set: line.each.map(price).transpose()?,
    })
}

/// Look for it, unless it cannot have been made; make it; bring it to its location.
///
/// # Errors
/// What the last reply says; [`Trouble::Refused`] also when it was made and called off.
pub(super) fn step(
    reference: &str,
    location: &ExternalLocation,
    body: &[u8],
    account: &Account,
    run: &Run<'_>,
) -> Result<Made, Trouble> {
    let mut replies = run.replies.iter();
    let known = match (run.first, replies.as_slice()) {
        (true, _) => None,
        (false, []) => return send(look(reference, account)?),
        (false, [looked, ..]) => {
            replies.next();
            found(reference, looked)?
        }
    };
    let order = match known {
        Some(order) => order,
        None => match replies.next() {
            None => return send(requests::carry(body, account)?),
            Some(reply) => answer::made(reply)?,
        },
    };
    placing::step(&order, location, account, replies.as_slice())
}

fn look(reference: &str, account: &Account) -> Result<Request, Unsendable> {
    let query = format!("source_identifier:'{reference}'");
    let variables = json!({ "query": query, "recent": queries::RECENT });
    requests::graphql(queries::ORDER_LOOK, &variables, account, queries::ORDER_LOOK_COST, Effect::Read)
}

#[derive(Deserialize)]
struct Looked {
    found: Nodes,
    recent: Nodes,
}

#[derive(Deserialize)]
struct Nodes {
    nodes: Vec<Sought>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Sought {
    id: Gid,
    source_identifier: Option<String>,
    #[serde(deserialize_with = "present")]
    cancelled_at: Option<Stamp>,
}

/// The order with our reference. The search runs seconds behind; the list of the newest shows what it does not yet.
fn found(reference: &str, reply: &Reply) -> Result<Option<String>, Trouble> {
    let looked: Looked = reply::data(reply)?;
    let mut orders = looked.found.nodes.into_iter().chain(looked.recent.nodes);
    match orders.find(|order| order.source_identifier.as_deref() == Some(reference)) {
        None => Ok(None),
        Some(order) if order.cancelled_at.is_some() => Err(Trouble::Refused { reason: CALLED_OFF.to_owned() }),
        Some(order) => Ok(Some(order.id.number().to_owned())),
    }
}
