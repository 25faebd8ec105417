//! A return begun, and a waiting sale handed over.
//!
//! Called by `routes`. A return is a second sale, parked, with everything of the first that has not come back yet; the
//! caller then closes it with what really came back.

use super::{Line, Sale, State};
use crate::lightspeed_x::LightspeedX;
use crate::lightspeed_x::clock::iso;
use crate::lightspeed_x::decimal::Decimal;
use crate::lightspeed_x::ids::Id;
use crate::lightspeed_x::wire::{self, Answer, Call, Refused, Reply};
use crate::machine::World;
use serde_json::{Value, json};

impl LightspeedX {
    /// `POST /sales/{id}/actions/return`.
    pub(crate) fn begin_return(&mut self, id: &str, world: &mut World<'_>) -> Answer {
        let of = self.sale_named(id)?;
        if self.sales.get(of).state != State::Closed {
            return Err(Refused::against("only a closed sale can be returned"));
        }
        let lines: Vec<Line> =
            self.open_lines(of).into_iter().map(|(at, left)| self.line_back(of, at, left, world)).collect();
        if lines.is_empty() {
            return Err(Refused::against("everything of this sale has come back"));
        }
        let (outlet, customer) = (self.sales.get(of).outlet, self.sales.get(of).customer);
        let invoice = self.account.next_invoice(outlet);
        let sale = Sale { lines, customer, return_for: Some(of as u32), ..Sale::begin(outlet, invoice, world) };
        let back = self.put_sale(sale, world);
        self.link_return(of, back, world);
        Ok(Reply::data(self.render_sale(back)))
    }

    /// Lines of a sale with units that have not come back, by their index, and how many. Units in closed returns that
    /// were made through the API are found by product, since their lines name no line of the first sale.
    pub(crate) fn open_lines(&self, of: usize) -> Vec<(usize, Decimal)> {
        let sale = self.sales.get(of);
        let closed = sale.returns.iter().map(|back| self.sales.get(*back as usize));
        let mut back: Vec<(u32, Decimal)> = Vec::new();
        for line in closed.filter(|back| back.state == State::Closed).flat_map(|back| &back.lines) {
            if line.quantity.is_negative() {
                back.push((line.product, -line.quantity));
            }
        }
        // First the lines that a return at the till named, then the rest in order.
        for line in &sale.lines {
            take(&mut back, line.product, line.returned);
        }
        let mut open = Vec::new();
        for (at, line) in sale.lines.iter().enumerate().filter(|(_, line)| line.quantity.is_positive()) {
            let left = line.quantity - line.returned;
            let left = left - take(&mut back, line.product, left);
            if left.is_positive() {
                open.push((at, left));
            }
        }
        open
    }

    /// So many units of a line as the line of a return.
    pub(crate) fn line_back(&self, of: usize, at: usize, quantity: Decimal, world: &mut World<'_>) -> Line {
        let line = self.sales.get(of).lines[at].clone();
        Line { id: Id::draw(world.dice), quantity: -quantity, is_return: true, returned: Decimal::ZERO, ..line }
    }

    /// `POST /sales/{id}/fulfill`.
    pub(crate) fn fulfil_sale(&mut self, id: &str, call: &Call, world: &mut World<'_>) -> Answer {
        let index = self.sale_named(id)?;
        let how = wire::text(call.unwrapped()?, "fulfillment_type")?;
        let how = how.filter(|how| matches!(*how, "SHIPPED" | "PICKED_UP")).map(str::to_owned);
        let how = how.ok_or_else(|| Refused::against("fulfillment_type must be SHIPPED or PICKED_UP"))?;
        self.hand_over_sale(index, world).map_err(Refused::against)?;
        let sale = self.sales.get(index);
        let lines = sale.lines.iter().map(|line| {
            json!({
                "id": line.id.to_string(),
                "product_id": self.goods.get(line.product as usize).id.to_string(),
                "quantity": line.quantity.number(),
            })
        });
        Ok(Reply::data(json!({
            "id": Id::draw(world.dice).to_string(),
            "sale_id": sale.id.to_string(),
            "outlet_id": self.account.outlet(sale.outlet).id.to_string(),
            "user_id": self.account.user_id.to_string(),
            "status": how,
            "created_at": iso(world.now),
            "line_items": lines.collect::<Vec<Value>>(),
        })))
    }

    /// A waiting sale is handed over: closed, and its goods leave.
    ///
    /// # Errors
    /// A sentence when it does not wait for that.
    pub(crate) fn hand_over_sale(&mut self, index: usize, world: &mut World<'_>) -> Result<(), String> {
        let sale = self.sales.get(index);
        if sale.state != State::Pending || sale.fulfilment.is_none() {
            return Err("the sale does not wait to be handed over".into());
        }
        let done = Sale { state: State::Closed, ..sale.clone() };
        self.put_sale(done, world);
        Ok(())
    }
}

/// Takes up to `wanted` units of a product from what came back; answers how many there were.
fn take(back: &mut [(u32, Decimal)], product: u32, wanted: Decimal) -> Decimal {
    let mut taken = Decimal::ZERO;
    for (_, left) in back.iter_mut().filter(|(known, _)| *known == product) {
        let part = (*left).min(wanted - taken);
        *left = *left - part;
        taken += part;
    }
    taken
}
