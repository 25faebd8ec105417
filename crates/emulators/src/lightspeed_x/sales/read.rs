//! A sale as a caller sends it, held against the rules, and laid over the known one.
//!
//! Called by `calls`. Fields that are not given keep their value; lists that are given replace the old ones.

use super::{Fulfilment, Line, Payment, Sale, State};
use crate::lightspeed_x::LightspeedX;
use crate::lightspeed_x::clock;
use crate::lightspeed_x::decimal::Decimal;
use crate::lightspeed_x::ids::Id;
use crate::lightspeed_x::wire::{self, Refused};
use crate::machine::World;
use serde_json::{Map, Value};

type Object = Map<String, Value>;

impl LightspeedX {
    /// The state that a body asks for, and the outlet that it is for, if it names one.
    pub(super) fn read_head(&self, body: &Object) -> Result<(State, Option<usize>), Refused> {
        let state = wire::text(body, "state")?.ok_or_else(|| Refused::against("state is required"))?;
        let state = State::read(state).ok_or_else(|| Refused::against("state is unknown"))?;
        let source =
            body.get("source").and_then(Value::as_object).ok_or_else(|| Refused::against("source is required"))?;
        let author = wire::id(source, "author_id")?.ok_or_else(|| Refused::against("source.author_id is required"))?;
        if author != self.account.user_id {
            return Err(Refused::against("source.author_id is unknown"));
        }
        let outlet = match wire::id(source, "register_id")? {
            None => None,
            Some(id) => {
                let outlet = self.account.outlet_of_register(id);
                Some(outlet.ok_or_else(|| Refused::against("source.register_id is unknown"))?)
            }
        };
        Ok((state, outlet))
    }

    /// Lays a body over a sale.
    pub(super) fn lay_over(&self, sale: &mut Sale, body: &Object, world: &mut World<'_>) -> Result<(), Refused> {
        let (state, outlet) = self.read_head(body)?;
        if !sale.state.may_become(state) {
            return Err(Refused::against(format!("a {} sale cannot become {}", sale.state.name(), state.name())));
        }
        sale.state = state;
        sale.outlet = outlet.unwrap_or(sale.outlet);
        if let Some(source) = body.get("source").and_then(Value::as_object) {
            sale.source_id = wire::text(source, "id")?.unwrap_or(&sale.source_id).to_owned();
            sale.source =
                wire::text(source, "type")?.filter(|kind| !kind.is_empty()).unwrap_or(&sale.source).to_owned();
        }
        if let Some(customer) = wire::id(body, "customer_id")? {
            let found = self.people.find(customer).ok_or_else(|| Refused::against("customer_id is unknown"))?;
            sale.customer = Some(found as u32);
        }
        if let Some(date) = wire::text(body, "date")? {
            sale.date = clock::read(date).ok_or_else(|| Refused::unreadable("date is not a time"))?;
        }
        sale.note = wire::text(body, "note")?.unwrap_or(&sale.note).to_owned();
        sale.invoice = wire::text(body, "invoice_number")?.unwrap_or(&sale.invoice).to_owned();
        sale.short_code = wire::text(body, "short_code")?.unwrap_or(&sale.short_code).to_owned();
        if let Some(words) = body.get("attributes").and_then(Value::as_array) {
            sale.attributes = words.iter().filter_map(Value::as_str).map(str::to_owned).collect();
        }
        self.lay_fulfilment(sale, body)?;
        if body.contains_key("line_items") {
            let old = std::mem::take(&mut sale.lines);
            let rows = wire::objects(body, "line_items")?;
            sale.lines = rows.into_iter().map(|row| self.read_line(row, &old, world)).collect::<Result<_, _>>()?;
        }
        if body.contains_key("payments") {
            let rows = wire::objects(body, "payments")?;
            sale.payments = rows.into_iter().map(|row| self.read_payment(row, world)).collect::<Result<_, _>>()?;
        }
        Ok(())
    }

    fn lay_fulfilment(&self, sale: &mut Sale, body: &Object) -> Result<(), Refused> {
        for detail in wire::objects(body, "fulfillment_details")? {
            sale.fulfilment = match wire::text(detail, "type")? {
                Some("DISPATCH") => Some(Fulfilment::Dispatch),
                Some("PICKUP") => Some(Fulfilment::Pickup),
                _ => return Err(Refused::against("a fulfillment detail is DISPATCH or PICKUP")),
            };
        }
        if let Some(id) = wire::id(body, "fulfillment_outlet_id")? {
            sale.outlet =
                self.account.outlet_of(id).ok_or_else(|| Refused::against("fulfillment_outlet_id is unknown"))?;
        }
        Ok(())
    }

    /// A line; one with a known id keeps what was returned of it.
    fn read_line(&self, row: &Object, old: &[Line], world: &mut World<'_>) -> Result<Line, Refused> {
        let part = |name: &str| {
            row.get(name)
                .and_then(Value::as_object)
                .ok_or_else(|| Refused::against(format!("a line item needs {name}")))
        };
        let (product, pricing, tax) = (part("product")?, part("pricing")?, part("tax")?);
        let need = |name: &str| Refused::against(format!("a line item needs {name}"));
        let found = wire::id(product, "id")?.ok_or_else(|| need("product.id"))?;
        let found = self.goods.find(found).ok_or_else(|| Refused::against("product.id is unknown"))?;
        let tax_id = wire::id(tax, "id")?.ok_or_else(|| need("tax.id"))?;
        let tax_index = self.account.tax_of(tax_id).ok_or_else(|| Refused::against("tax.id is unknown"))?;
        let quantity = wire::decimal(row, "quantity")?.filter(|quantity| !quantity.is_zero());
        let id = wire::id(row, "id")?;
        let known = old.iter().find(|line| Some(line.id) == id);
        Ok(Line {
            id: id.unwrap_or_else(|| Id::draw(world.dice)),
            product: found as u32,
            quantity: quantity.ok_or_else(|| need("quantity"))?,
            price: wire::decimal(pricing, "price")?.ok_or_else(|| need("pricing.price"))?,
            discount: wire::decimal(pricing, "discount")?.unwrap_or_default(),
            tax: tax_index as u8,
            tax_amount: wire::decimal(tax, "amount")?.ok_or_else(|| need("tax.amount"))?,
            is_return: known.is_some_and(|line| line.is_return),
            returned: known.map_or(Decimal::ZERO, |line| line.returned),
        })
    }

    fn read_payment(&self, row: &Object, world: &mut World<'_>) -> Result<Payment, Refused> {
        let amount = wire::decimal(row, "amount")?.ok_or_else(|| Refused::against("a payment needs amount"))?;
        let kind =
            row.get("type").and_then(Value::as_object).ok_or_else(|| Refused::against("a payment needs type"))?;
        let config = wire::id(kind, "config_id")?.ok_or_else(|| Refused::against("a payment needs type.config_id"))?;
        let kind = self.account.payment_type_of(config).ok_or_else(|| Refused::against("type.config_id is unknown"))?;
        let date = match wire::text(row, "date")? {
            None => world.now,
            Some(text) => clock::read(text).ok_or_else(|| Refused::unreadable("date is not a time"))?,
        };
        let id = wire::id(row, "id")?.unwrap_or_else(|| Id::draw(world.dice));
        Ok(Payment { id, kind: kind as u8, amount, date })
    }
}
