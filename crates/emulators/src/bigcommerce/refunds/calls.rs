//! `/v3/orders/…/payment_actions` and `/v3/orders/{id}/transactions`.
//!
//! Called by the routes; the acts make their refunds here as well.

use super::super::Store;
use super::super::amount::Amount;
use super::super::books::Entry;
use super::super::clock;
use super::super::draw;
use super::super::orders::Status;
use super::super::wire::{Answer, Call, Page, Refused, Reply, path_id};
use super::{Event, FIRST_REFUND, FIRST_TRANSACTION, Quote, Refund, Transaction};
use crate::machine::World;
use serde_json::{Value, json};

/// How a refund is paid.
struct Paid {
    total: Amount,
    tax: Amount,
    provider: String,
    offline: bool,
    merchant_override: bool,
}

impl Store {
    /// `orders/…` of v3.
    pub(in super::super) fn route_payments(
        &mut self,
        method: &str,
        rest: &[&str],
        call: &Call,
        world: &mut World<'_>,
    ) -> Answer {
        match (method, rest) {
            ("GET", ["payment_actions", "refunds"]) => self.list_refunds(call),
            ("GET", ["payment_actions", "refunds", id]) => {
                let id = path_id(id)?;
                let found = self.refunds.all.iter().find(|refund| refund.id == id);
                Ok(Reply::data(self.render_refund(found.ok_or_else(Refused::not_found)?)))
            }
            (_, [id, rest @ ..]) => {
                let order = self.orders.find(path_id(id)?).ok_or_else(Refused::not_found)?;
                self.route_order_payments(method, order, rest, call, world)
            }
            _ => Err(Refused::not_found()),
        }
    }

    fn route_order_payments(
        &mut self,
        method: &str,
        order: usize,
        rest: &[&str],
        call: &Call,
        world: &mut World<'_>,
    ) -> Answer {
        match (method, rest) {
            ("POST", ["payment_actions", "refund_quotes"]) => {
                let quote = self.quote(order, &call.body)?;
                Ok(Reply::created(json!({"data": self.render_quote(order, &quote), "meta": {}})))
            }
            ("POST", ["payment_actions", "refunds"]) => self.create_refund(order, call, world),
            ("GET", ["payment_actions", "refunds"]) => {
                let refunds = self.orders.get(order).refunds.iter().map(|index| self.refunds.get(*index));
                Ok(Reply::data(refunds.map(|refund| self.render_refund(refund)).collect()))
            }
            ("GET", ["transactions"]) => {
                let rows = self.refunds.transactions(order);
                if rows.is_empty() {
                    return Ok(Reply::empty());
                }
                let page = Page::read(&call.query, 250)?;
                let some = rows.iter().skip(page.skip()).take(page.limit);
                let data = some.map(|row| self.render_transaction(order, row)).collect();
                Ok(page.reply(data, rows.len(), &call.query))
            }
            _ => Err(Refused::not_found()),
        }
    }

    fn list_refunds(&self, call: &Call) -> Answer {
        let query = &call.query;
        let page = Page::read(query, 250)?;
        let (orders, ids) = (query.numbers("order_id:in")?, query.numbers("id:in")?);
        let (from, until) = (query.time("created:min")?, query.time("created:max")?);
        // Refunds are kept in the order of their times, so a poll begins at the first one that is new enough.
        let first = self.refunds.all.partition_point(|refund| from.is_some_and(|f| clock::seconds(refund.at) < f));
        let found: Vec<&Refund> = self.refunds.all[first..]
            .iter()
            .filter(|refund| until.is_none_or(|until| clock::seconds(refund.at) <= until))
            .filter(|refund| ids.as_ref().is_none_or(|ids| ids.contains(&refund.id)))
            .filter(|refund| orders.as_ref().is_none_or(|ids| ids.contains(&self.orders.get(refund.order).id)))
            .collect();
        let data = page.cut(&found).into_iter().map(|refund| self.render_refund(refund)).collect();
        Ok(page.reply(data, found.len(), query))
    }

    fn create_refund(&mut self, order: usize, call: &Call, world: &mut World<'_>) -> Answer {
        let wrap = |refused: Refused| Refused { status: 422, ..refused };
        let quote = self.quote(order, &call.body)?;
        let paid = self.read_payments(order, &call.body, &quote).map_err(wrap)?;
        let index = self.keep_refund(order, quote, paid, world);
        let refund = self.refunds.get(index);
        let reference = refund.items.first().map(|item| item.reason.clone()).unwrap_or_default();
        self.log.push(Entry::Return { refund: index, reference });
        Ok(Reply::created(json!({"data": self.render_refund(self.refunds.get(index)), "meta": {}})))
    }

    fn read_payments(&self, order: usize, body: &Value, quote: &Quote) -> Result<Paid, Refused> {
        let payments = body["payments"].as_array().filter(|payments| !payments.is_empty());
        let payments = payments.ok_or_else(|| Refused::field("payments", "is required"))?;
        let (provider, offline) = self.provider(order);
        let forced = &body["merchant_calculated_override"];
        let total = Amount::read(&forced["total_amount"]).unwrap_or(quote.total);
        let tax = Amount::read(&forced["total_tax"]).unwrap_or(quote.tax);
        let mut sum = Amount::ZERO;
        for payment in payments {
            sum = sum + Amount::read(&payment["amount"]).ok_or_else(|| Refused::field("amount", "is required"))?;
            if payment["offline"] != json!(true) && (offline || payment["provider_id"] != json!(provider)) {
                return Err(Refused::field("provider_id", "is not a payment provider of this order"));
            }
        }
        let places = self.settings.places();
        if sum.to_minor(places) != total.to_minor(places) {
            return Err(Refused::new(422, "The payments do not add up to the refund amount."));
        }
        let given = payments[0]["provider_id"].as_str().unwrap_or(provider).to_owned();
        let offline = payments[0]["offline"].as_bool().unwrap_or(offline);
        Ok(Paid { total, tax, provider: given, offline, merchant_override: forced.is_object() })
    }

    /// Refunds so many units of lines of an order, to where the money came from. Answers the refund's index.
    ///
    /// # Errors
    /// A sentence, when the refund may not be.
    pub(in super::super) fn refund_lines(
        &mut self,
        order: usize,
        lines: &[(usize, i64)],
        world: &mut World<'_>,
    ) -> Result<usize, String> {
        let known = self.orders.get(order);
        let item = |(line, quantity): &(usize, i64)| json!({"item_type": "PRODUCT", "item_id": known.lines[*line].id, "quantity": quantity});
        let body = json!({"items": lines.iter().map(item).collect::<Vec<Value>>()});
        let quote = self.quote(order, &body).map_err(|refused| refused.title)?;
        let (provider, offline) = self.provider(order);
        let paid =
            Paid { total: quote.total, tax: quote.tax, provider: provider.into(), offline, merchant_override: false };
        Ok(self.keep_refund(order, quote, paid, world))
    }

    fn keep_refund(&mut self, order: usize, quote: Quote, paid: Paid, world: &mut World<'_>) -> usize {
        let index = self.refunds.all.len();
        let id = FIRST_REFUND + index as u64;
        let offline = paid.offline;
        let total = paid.total;
        self.orders.change(order, world.now, |known| {
            known.refunds.push(index);
            known.refunded = known.refunded + total;
            for item in &quote.items {
                if let Some(line) = item.line {
                    known.lines[line].refunded += item.quantity;
                    known.lines[line].refund_amount = known.lines[line].refund_amount + item.amount;
                }
            }
        });
        self.refunds.all.push(Refund {
            id,
            order,
            items: quote.items,
            total,
            tax: paid.tax,
            at: world.now,
            provider: paid.provider,
            offline,
            merchant_override: paid.merchant_override,
        });
        let order_id = self.orders.get(order).id;
        let data = json!({"type": "order", "id": order_id, "refund": {"refund_id": id}});
        self.hooks.emit(world, "store/order/refund/created", data);
        if !offline {
            self.keep_transaction(order, Event::Refund, total, world);
        }
        let known = self.orders.get(order);
        let everything = known.lines.iter().all(|line| line.refunded >= line.quantity);
        let whole = known.refunded >= known.total_inc() && (everything || known.total_inc() > Amount::ZERO);
        self.mark_status(order, if whole { Status::Refunded } else { Status::PartiallyRefunded }, world);
        index
    }

    /// Writes a money row and tells of it.
    pub(in super::super) fn keep_transaction(
        &mut self,
        order: usize,
        event: Event,
        amount: Amount,
        world: &mut World<'_>,
    ) {
        let id = FIRST_TRANSACTION + self.refunds.transactions_made;
        self.refunds.transactions_made += 1;
        let gateway_id = draw::hex(world.dice, 16);
        let rows = self.refunds.transactions.entry(order).or_default();
        let of = rows.iter().find(|row| row.event == Event::Purchase).map(|row| row.id);
        let row = Transaction { id, event, amount, at: world.now, gateway_id: gateway_id.clone(), of };
        rows.push(row);
        let (kind, code, message) = match event {
            Event::Purchase => ("purchase", "captured", "Captured"),
            Event::Refund => ("refund", "refunded", "Refunded"),
        };
        let data = json!({
            "type": "transaction", "order_id": self.orders.get(order).id.to_string(),
            "transaction_id": id.to_string(), "transaction_type": kind, "transaction_status": "complete",
            "result": {"code": code, "message": message, "type": "success"},
            "platform_transaction_id": format!("p-{id}"), "provider_transaction_id": gateway_id,
        });
        self.hooks.emit(world, "store/order/transaction/created", data);
    }
}
