//! Reading and creating orders: `GET /v2/orders/{id}`, `batch-retrieve`, `POST /v2/orders`.
//!
//! Called by the routes. A new order moves no stock: goods leave when it is paid.

use super::super::quantity::Quantity;
use super::super::wire::{self, Answer, Call, Refused};
use super::super::{Square, draw};
use super::{Fulfilment, Line, Order, OrderState, Origin};
use crate::machine::World;
use serde_json::{Map, Value, json};

const IDS_MAX: usize = 100;
/// Longest `reference_id`.
const REFERENCE_MAX: usize = 40;
/// Longest note of a pick-up.
const NOTE_MAX: usize = 500;
/// Fields that are kept and shown as they were sent.
pub(super) const KEPT: [&str; 3] = ["metadata", "ticket_name", "pricing_options"];
const FULFILMENT_STATES: [&str; 6] = ["PROPOSED", "RESERVED", "PREPARED", "COMPLETED", "CANCELED", "FAILED"];

impl Square {
    /// `GET /v2/orders/{id}`.
    ///
    /// # Errors
    /// Not found.
    pub(crate) fn retrieve_order(&self, id: &str) -> Answer {
        Ok(json!({"order": self.show_order(self.order_index(id)?)}))
    }

    /// `POST /v2/orders/batch-retrieve`: unknown ids are left out.
    ///
    /// # Errors
    /// No ids, or more than 100.
    pub(crate) fn batch_retrieve_orders(&self, call: &Call<'_>) -> Answer {
        let ids = wire::texts(&call.body, "/order_ids")?;
        if ids.is_empty() {
            return Err(Refused::missing("order_ids"));
        }
        if ids.len() > IDS_MAX {
            return Err(Refused::field("ARRAY_LENGTH_TOO_LONG", "order_ids", "At most 100 ids."));
        }
        let at = wire::text(&call.body, "/location_id").and_then(|id| self.locations.find(id));
        let found = ids.iter().filter_map(|id| self.orders.find(id));
        let shown = found.filter(|index| at.is_none_or(|at| self.orders.get(*index).location == at));
        Ok(json!({"orders": shown.map(|index| self.show_order(index)).collect::<Value>()}))
    }

    /// The index of the order with this id.
    ///
    /// # Errors
    /// Not found.
    pub(super) fn order_index(&self, id: &str) -> Result<usize, Refused> {
        self.orders.find(id).ok_or_else(|| Refused::not_found(format!("Order `{id}` not found.")))
    }

    /// `POST /v2/orders`.
    ///
    /// # Errors
    /// No location, a line without a known variation or a name and a price.
    pub(crate) fn create_order(&mut self, call: &Call<'_>, world: &mut World<'_>) -> Answer {
        let asked = &call.body["order"];
        let id = wire::required(&call.body, "/order/location_id")?;
        let location = self
            .locations
            .find(id)
            .ok_or_else(|| Refused::field("INVALID_VALUE", "order.location_id", format!("Unknown location `{id}`.")))?;
        let mut lines = Vec::new();
        for (index, line) in wire::array(asked, "/line_items").iter().enumerate() {
            lines.push(self.read_line(line, &format!("order.line_items[{index}]"), world)?);
        }
        let mut fulfilments = Vec::new();
        for (index, one) in wire::array(asked, "/fulfillments").iter().enumerate() {
            fulfilments.push(read_fulfilment(one, &format!("order.fulfillments[{index}]"), world)?);
        }
        judge_reference(asked)?;
        let draft = wire::text(asked, "/state") == Some("DRAFT");
        let source = wire::text(asked, "/source/name").unwrap_or(&self.settings.application_id).to_owned();
        let order = Order {
            id: draw::id(world.dice, 13),
            location,
            reference: wire::text(asked, "/reference_id").unwrap_or_default().to_owned(),
            source,
            origin: Origin::Api,
            customer: wire::text(asked, "/customer_id").map(str::to_owned),
            state: if draft { OrderState::Draft } else { OrderState::Open },
            version: 1,
            lines,
            fulfilments,
            returned: None,
            payments: Vec::new(),
            refunds: Vec::new(),
            goods_left: false,
            created_at: world.now,
            updated_at: world.now,
            closed_at: None,
            extra: kept(asked),
        };
        let index = self.orders.add(order);
        self.announce_order_created(index, world);
        Ok(json!({"order": self.show_order(index)}))
    }

    /// A line as a caller writes it.
    pub(super) fn read_line(&self, line: &Value, field: &str, world: &mut World<'_>) -> Result<Line, Refused> {
        let quantity = wire::quantity(line, "/quantity").map_err(|refused| refused.at(format!("{field}.quantity")))?;
        if !quantity.is_positive() {
            return Err(Refused::field("VALUE_TOO_LOW", format!("{field}.quantity"), "More than nothing."));
        }
        let variation = match wire::text(line, "/catalog_object_id") {
            None => None,
            Some(id) => Some(self.catalog.find_variation(id).ok_or_else(|| {
                Refused::field("NOT_FOUND", format!("{field}.catalog_object_id"), format!("`{id}` not found."))
            })?),
        };
        let asked = line.pointer("/base_price_money/amount").and_then(Value::as_i64);
        let listed = variation.map(|index| self.catalog.variation(index).price_minor);
        let price_minor = asked.or(listed).ok_or_else(|| Refused::missing(&format!("{field}.base_price_money")))?;
        let uid = wire::text(line, "/uid").map_or_else(|| draw::id(world.dice, 22), str::to_owned);
        let name = if variation.is_none() { wire::text(line, "/name").unwrap_or_default() } else { "" };
        let (name, returned) = (name.to_owned(), Quantity::ZERO);
        Ok(Line { uid, variation, name, quantity, price_minor, returned, owed: Quantity::ZERO })
    }
}

/// A fulfilment as a caller writes it.
pub(super) fn read_fulfilment(one: &Value, field: &str, world: &mut World<'_>) -> Result<Fulfilment, Refused> {
    let kind = wire::text(one, "/type").unwrap_or("PICKUP");
    let state = wire::text(one, "/state").unwrap_or("PROPOSED");
    known_state(state, field)?;
    if kind == "PICKUP" {
        judge_pickup(&one["pickup_details"]).map_err(|refused| refused.within(field))?;
    }
    let uid = wire::text(one, "/uid").map_or_else(|| draw::id(world.dice, 22), str::to_owned);
    let mut fields = one.as_object().cloned().unwrap_or_default();
    for own in ["uid", "type", "state"] {
        fields.remove(own);
    }
    Ok(Fulfilment { uid, kind: kind.to_owned(), state: state.to_owned(), fields })
}

/// Who picks up, and when.
///
/// # Errors
/// Nobody is named, no time where one is wanted, a note that is too long.
fn judge_pickup(details: &Value) -> Result<(), Refused> {
    let said = |pointer: &str| wire::text(details, pointer).is_some_and(|text| !text.is_empty());
    if !said("/recipient/display_name") && !said("/recipient/customer_id") {
        return Err(Refused::missing("pickup_details.recipient.display_name"));
    }
    if wire::text(details, "/schedule_type").unwrap_or("SCHEDULED") == "SCHEDULED" && !said("/pickup_at") {
        return Err(Refused::missing("pickup_details.pickup_at"));
    }
    if wire::text(details, "/note").is_some_and(|note| note.chars().count() > NOTE_MAX) {
        return Err(Refused::field("VALUE_TOO_LONG", "pickup_details.note", "At most 500 characters."));
    }
    Ok(())
}

fn judge_reference(asked: &Value) -> Result<(), Refused> {
    if wire::text(asked, "/reference_id").is_some_and(|text| text.chars().count() > REFERENCE_MAX) {
        return Err(Refused::field("VALUE_TOO_LONG", "order.reference_id", "At most 40 characters."));
    }
    Ok(())
}

/// Whether the vendor has such a state of fulfilment.
///
/// # Errors
/// `INVALID_ENUM_VALUE`.
pub(super) fn known_state(state: &str, field: &str) -> Result<(), Refused> {
    if FULFILMENT_STATES.contains(&state) {
        return Ok(());
    }
    Err(Refused::field("INVALID_ENUM_VALUE", format!("{field}.state"), format!("Unknown state `{state}`.")))
}

fn kept(asked: &Value) -> Map<String, Value> {
    let field = |name: &&str| Some(((*name).to_owned(), asked.get(*name)?.clone()));
    KEPT.iter().filter_map(field).collect()
}
