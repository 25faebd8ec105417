//! Orders and what went wrong with them: lists, one order, decisions, oversells.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use model::OrderId;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::access::Caller;
use super::decision::DecisionWord;
use super::input::{self, Asked, Place};
use super::items::MoneyValue;
use super::page::Page;
use super::problem::ApiError;
use super::{Door, past};
use crate::Scope;

/// Which orders.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct OrdersQuery {
    /// Only this channel.
    pub channel: Option<String>,
    /// `open`, `completed` or `cancelled`.
    pub state: Option<String>,
    /// `till` or `web`.
    pub kind: Option<String>,
    /// Part of the number or name for people.
    pub reference: Option<String>,
    /// `next` of the page before.
    pub cursor: Option<String>,
    /// Rows, 1 to 500; 100 when missing.
    pub limit: Option<String>,
}

/// The head of an order.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct OrderOut {
    /// Its id, such as `order_7`.
    #[schema(example = "order_7")]
    pub id: String,
    /// Channel.
    pub channel: String,
    /// The platform's id.
    pub document: String,
    /// Number or name for people.
    pub reference: String,
    /// `till` or `web`.
    pub kind: String,
    /// `open`, `completed` or `cancelled`.
    pub state: String,
    /// When it was made, RFC 3339.
    pub placed_at: String,
    /// What is paid for it.
    pub total: MoneyValue,
}

/// A line of an order.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct OrderLineOut {
    /// The platform's id of the line.
    pub line: String,
    /// Our item; missing for something without stock.
    pub sku: Option<String>,
    /// SKU as printed.
    pub printed_sku: String,
    /// As ordered, after edits.
    pub quantity: String,
    /// Price of one unit.
    pub price: Option<MoneyValue>,
}

/// A return of a line.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct ReturnOut {
    /// The platform's id of the refund or return.
    pub document: String,
    /// SKU.
    pub sku: Option<String>,
    /// How much.
    pub quantity: String,
    /// Location where it was put back; missing when it was not.
    pub restocked: Option<String>,
    /// When, RFC 3339.
    pub at: String,
}

/// Personal fields; all empty when they were erased.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct PersonOut {
    /// Given name.
    pub given_name: String,
    /// Family name.
    pub family_name: String,
    /// E-mail address.
    pub email: String,
    /// Telephone number.
    pub phone: String,
    /// Postal address on one line.
    pub address: String,
}

impl From<model::Person> for PersonOut {
    fn from(person: model::Person) -> Self {
        let model::Person { given_name, family_name, email, phone, address } = person;
        Self { given_name, family_name, email, phone, address }
    }
}

/// An order with everything that is known of it.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct OrderOne {
    /// Its head.
    pub order: OrderOut,
    /// Its lines.
    pub lines: Vec<OrderLineOut>,
    /// What came back.
    pub returns: Vec<ReturnOut>,
    /// What moved because of it, for people.
    pub movements: Vec<MovementWords>,
    /// The platform's id of the customer.
    pub customer: Option<String>,
    /// Personal fields; only for keys with the scope `people:read`.
    pub person: Option<PersonOut>,
}

/// A movement behind an order.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct MovementWords {
    /// Number of the fact.
    pub seq: u64,
    /// What moved, for people.
    pub words: String,
}

/// Orders, newest first.
#[utoipa::path(get, path = "/v1/orders", tag = "orders", params(OrdersQuery),
    responses((status = 200, description = "A page of orders", body = Page<OrderOut>)))]
pub(crate) async fn list(
    State(door): State<Arc<Door>>,
    caller: Caller,
    Asked(query): Asked<OrdersQuery>,
) -> Result<Json<Page<OrderOut>>, ApiError> {
    let mut page = past::orders(&door.hub, query).await?;
    page.items.retain(|order| caller.sees_orders_of(&order.channel));
    Ok(Json(page))
}

/// One order.
#[utoipa::path(get, path = "/v1/orders/{id}", tag = "orders",
    params(("id" = String, Path, description = "Such as `order_7`")),
    responses((status = 200, description = "The order", body = OrderOne)))]
pub(crate) async fn one(
    State(door): State<Arc<Door>>,
    caller: Caller,
    Place(id): Place<String>,
) -> Result<Json<OrderOne>, ApiError> {
    let id: OrderId = input::id(&id)?;
    let found = past::order(&door.hub, id, caller.may(Scope::PeopleRead)).await?;
    let found = found.filter(|found| caller.sees_orders_of(&found.order.channel));
    found.map(Json).ok_or_else(|| ApiError::not_found(id))
}

/// A part of a list that is kept by fact number.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct PastQuery {
    /// `next` of the page before.
    cursor: Option<String>,
    /// Rows, 1 to 500; 100 when missing.
    limit: Option<String>,
}

/// More was sold or promised than was there.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct OversellOut {
    /// Number of the fact.
    pub seq: u64,
    /// When, RFC 3339.
    pub at: String,
    /// SKU.
    pub sku: String,
    /// Location.
    pub location: String,
    /// Who sold.
    pub channel: Option<String>,
    /// The order.
    pub order: Option<String>,
    /// Units beyond what was there.
    pub units: String,
    /// How it came about: `till`, `race`, `late`, `shop_setting` or `hub`.
    pub by: String,
}

/// A decision of the decision endpoint.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct DecidedOut {
    /// Number of the fact.
    pub decision: u64,
    /// When, RFC 3339.
    pub at: String,
    /// SKU.
    pub sku: String,
    /// Channel.
    pub channel: String,
    /// Location.
    pub location: String,
    /// Asked change.
    pub change: String,
    /// What was to be done.
    pub action: DecisionWord,
    /// Where the units come from.
    pub source: Option<String>,
    /// Why, in sentences with the numbers.
    pub reasons: Vec<String>,
    /// The answer as it was sent.
    #[schema(value_type = Object)]
    pub answer: serde_json::Value,
}

/// Oversells, newest first.
#[utoipa::path(get, path = "/v1/oversells", tag = "orders", params(PastQuery),
    responses((status = 200, description = "A page of oversells", body = Page<OversellOut>)))]
pub(crate) async fn oversells(
    State(door): State<Arc<Door>>,
    Asked(query): Asked<PastQuery>,
) -> Result<Json<Page<OversellOut>>, ApiError> {
    let limit = input::limit(query.limit.as_deref())?;
    let before = input::counted("cursor", query.cursor.as_deref())?;
    past::oversells(&door.hub, before.map(model::Seq), limit).await.map(Json)
}

/// Decisions of the decision endpoint, newest first.
#[utoipa::path(get, path = "/v1/decisions", tag = "decisions", params(PastQuery),
    responses((status = 200, description = "A page of decisions", body = Page<DecidedOut>)))]
pub(crate) async fn decisions(
    State(door): State<Arc<Door>>,
    Asked(query): Asked<PastQuery>,
) -> Result<Json<Page<DecidedOut>>, ApiError> {
    let limit = input::limit(query.limit.as_deref())?;
    let before = input::counted("cursor", query.cursor.as_deref())?;
    past::decisions(&door.hub, before.map(model::Seq), limit).await.map(Json)
}
