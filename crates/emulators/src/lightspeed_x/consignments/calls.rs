//! The consignment endpoints but those of its goods.
//!
//! Called by `routes`. Bodies are taken bare and wrapped in `data`, since the vendor's documents and its published
//! collections differ.

use super::{Consignment, Kind, Status};
use crate::lightspeed_x::LightspeedX;
use crate::lightspeed_x::clock::{self, iso, iso_or_null};
use crate::lightspeed_x::decimal::Decimal;
use crate::lightspeed_x::ids::Id;
use crate::lightspeed_x::paging::Page;
use crate::lightspeed_x::wire::{self, Answer, Call, Refused, Reply};
use crate::machine::World;
use serde_json::{Map, Value, json};

impl LightspeedX {
    /// `GET /consignments`.
    pub(crate) fn list_consignments(&self, call: &Call) -> Answer {
        let (kind, status) = (call.parameter("type"), call.parameter("status"));
        let outlet = call.parameter("outlet_id").and_then(Id::parse);
        let shown = |index: usize| {
            let one = self.consignments.get(index);
            one.deleted_at.is_none()
                && kind.is_none_or(|kind| one.kind.name() == kind)
                && status.is_none_or(|status| one.status.name() == status)
                && outlet.is_none_or(|id| self.account.outlet(one.outlet).id == id)
        };
        Ok(Page::read(call)?.of(&self.consignments.feed, shown, |index| self.render_consignment(index)))
    }

    /// `GET /consignments/{id}`.
    pub(crate) fn show_consignment(&self, id: &str) -> Answer {
        Ok(Reply::data(self.render_consignment(self.consignment_named(id)?)))
    }

    /// `POST /consignments`.
    pub(crate) fn create_consignment(&mut self, call: &Call, world: &mut World<'_>) -> Answer {
        let body = call.unwrapped()?;
        let kind = wire::text(body, "type")?.and_then(Kind::read).ok_or_else(|| Refused::against("type is unknown"))?;
        call.needs(kind.scope())?;
        let outlet = self.read_outlet(body, "outlet_id")?.ok_or_else(|| Refused::against("outlet_id is required"))?;
        let mut made = Consignment::begin(kind, "", outlet, world);
        self.lay_over_consignment(&mut made, body)?;
        if let Some(status) = read_status(body)? {
            if !kind.may_begin(status) {
                return Err(Refused::against(format!(
                    "a {} consignment does not begin as {}",
                    kind.name(),
                    status.name()
                )));
            }
            made.status = status;
        }
        let index = self.put_consignment(made, world);
        Ok(Reply::created(self.render_consignment(index)))
    }

    /// `PUT /consignments/{id}`.
    pub(crate) fn update_consignment(&mut self, id: &str, call: &Call, world: &mut World<'_>) -> Answer {
        let index = self.consignment_named(id)?;
        let mut changed = self.consignments.get(index).clone();
        call.needs(changed.kind.scope())?;
        let body = call.unwrapped()?;
        if changed.status.is_final() {
            return Err(Refused::against(format!("the consignment is {}", changed.status.name())));
        }
        if wire::text(body, "type")?.is_some_and(|kind| kind != changed.kind.name()) {
            return Err(Refused::against("the type of a consignment does not change"));
        }
        self.lay_over_consignment(&mut changed, body)?;
        if let Some(status) = read_status(body)? {
            judge_step(&changed, status)?;
            changed.status = status;
        }
        self.put_consignment(changed, world);
        Ok(Reply::data(self.render_consignment(index)))
    }

    /// `DELETE /consignments/{id}`: what has moved nothing may go.
    pub(crate) fn delete_consignment(&mut self, id: &str, call: &Call, world: &mut World<'_>) -> Answer {
        let index = self.consignment_named(id)?;
        let mut gone = self.consignments.get(index).clone();
        call.needs(gone.kind.scope())?;
        if !gone.moved().is_empty() {
            return Err(Refused::against("goods of this consignment have moved"));
        }
        gone.deleted_at = Some(world.now);
        self.put_consignment(gone, world);
        Ok(Reply::nothing())
    }

    /// A consignment by the id in an address.
    ///
    /// # Errors
    /// 404.
    pub(super) fn consignment_named(&self, id: &str) -> Result<usize, Refused> {
        let found = Id::parse(id).and_then(|id| self.consignments.by_id.get(&id)).map(|index| *index as usize);
        found.filter(|index| self.consignments.get(*index).deleted_at.is_none()).ok_or_else(Refused::not_found)
    }

    fn read_outlet(&self, body: &Map<String, Value>, name: &str) -> Result<Option<usize>, Refused> {
        let Some(id) = wire::id(body, name)? else { return Ok(None) };
        self.account.outlet_of(id).map(Some).ok_or_else(|| Refused::against(format!("{name} is unknown")))
    }

    fn lay_over_consignment(&self, one: &mut Consignment, body: &Map<String, Value>) -> Result<(), Refused> {
        one.outlet = self.read_outlet(body, "outlet_id")?.unwrap_or(one.outlet);
        one.source = self.read_outlet(body, "source_outlet_id")?.or(one.source);
        if one.kind == Kind::Outlet && one.source.is_none() {
            return Err(Refused::against("source_outlet_id is required"));
        }
        if let Some(supplier) = wire::id(body, "supplier_id")? {
            let known = self.account.supplier_of(supplier).ok_or_else(|| Refused::against("supplier_id is unknown"))?;
            one.supplier = Some(known.id);
        }
        one.name = wire::text(body, "name")?.unwrap_or(&one.name).to_owned();
        let texts = [("reference", &mut one.reference), ("supplier_invoice", &mut one.supplier_invoice)];
        for (name, field) in texts {
            if let Some(text) = wire::text(body, name)? {
                *field = Some(text.to_owned());
            }
        }
        let time = |name: &str| match wire::text(body, name)?.filter(|text| !text.is_empty()) {
            None => Ok(None),
            Some(text) => {
                clock::read(text).map(Some).ok_or_else(|| Refused::unreadable(format!("{name} is not a time")))
            }
        };
        one.due_at = time("due_at")?.or(one.due_at);
        one.date = time("consignment_date")?.unwrap_or(one.date);
        Ok(())
    }

    fn render_consignment(&self, index: usize) -> Value {
        let one = self.consignments.get(index);
        let done = one.status == Status::Complete;
        let cost = |product: usize| self.goods.get(product).supply_price;
        let sum = |gain: bool, with_cost: bool| {
            if !done {
                return Value::Null;
            }
            let counted = one.goods.iter().filter(|parcel| parcel.corrected.is_positive() == gain);
            let sum: Decimal = counted
                .map(|parcel| if with_cost { parcel.corrected.times(cost(parcel.product)) } else { parcel.corrected })
                .sum();
            sum.number()
        };
        json!({
            "id": one.id.to_string(),
            "name": one.name,
            "type": one.kind.name(),
            "status": one.status.name(),
            "outlet_id": self.account.outlet(one.outlet).id.to_string(),
            "source_outlet_id": one.source.map(|index| self.account.outlet(index).id.to_string()),
            "supplier_id": one.supplier.map(|id| id.to_string()),
            "supplier_invoice": one.supplier_invoice,
            "reference": one.reference,
            "consignment_date": iso(one.date),
            "due_at": iso_or_null(one.due_at),
            "received_at": iso_or_null(one.received_at),
            "total_count_gain": sum(true, false),
            "total_count_loss": sum(false, false),
            "total_cost_gain": sum(true, true),
            "total_cost_loss": sum(false, true),
            "created_at": iso(one.created_at),
            "updated_at": iso(one.updated_at),
            "deleted_at": iso_or_null(one.deleted_at),
            "version": one.version,
        })
    }
}

fn read_status(body: &Map<String, Value>) -> Result<Option<Status>, Refused> {
    match wire::text(body, "status")? {
        None => Ok(None),
        Some(text) => Status::read(text).map(Some).ok_or_else(|| Refused::against("status is unknown")),
    }
}

/// A step must be one of its kind's, and an order needs goods before it takes any.
fn judge_step(one: &Consignment, next: Status) -> Result<(), Refused> {
    if !one.status.may_become(next, one.kind) {
        return Err(Refused::against(format!(
            "{} does not go from {} to {}",
            one.kind.name(),
            one.status.name(),
            next.name()
        )));
    }
    let is_order = one.kind == Kind::Supplier && next != Status::Cancelled && next != one.status;
    if is_order && one.goods.is_empty() {
        return Err(Refused::against("the order has no products"));
    }
    let arrives = is_order && next == Status::Received;
    let seen = |parcel: &super::Parcel| parcel.received.is_some_and(|seen| !seen.is_zero());
    if arrives && !one.goods.iter().any(seen) {
        return Err(Refused::against("no product of the order was received"));
    }
    Ok(())
}
