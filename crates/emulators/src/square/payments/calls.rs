//! `/v2/payments` and `/v2/refunds`.
//!
//! Called by the routes. The lists walk an index of time and leave out what is not yet listed.

use super::super::Square;
use super::super::cursor;
use super::super::orders::pay::read_amount;
use super::super::wire::{self, Answer, Call, Refused};
use super::NewPayment;
use super::refunds::NewRefund;
use crate::machine::{Millis, World};
use serde_json::{Value, json};
use std::collections::BTreeSet;
use std::ops::Bound;

/// Longest reason of a refund.
const REASON_MAX: usize = 192;

/// What a list asks for.
struct Listing {
    by_update: bool,
    descending: bool,
    created: (Millis, Millis),
    updated: (Millis, Millis),
    location: Option<usize>,
    limit: usize,
    after: Option<(Millis, usize)>,
}

impl Listing {
    fn read(call: &Call<'_>, square: &Square) -> Result<Self, Refused> {
        let body = &call.body;
        let range = |from: &str, until: &str| -> Result<(Millis, Millis), Refused> {
            let from = wire::time(body, from)?.unwrap_or(Millis::MIN);
            Ok((from, wire::time(body, until)?.unwrap_or(Millis::MAX)))
        };
        let by_update = match wire::text(body, "/sort_field") {
            None | Some("CREATED_AT") => false,
            Some("UPDATED_AT") => true,
            Some(_) => return Err(Refused::field("INVALID_ENUM_VALUE", "sort_field", "Unknown field to sort by.")),
        };
        let location = match wire::text(body, "/location_id") {
            None => None,
            Some(id) => Some(square.locations.all_of(&[id.to_owned()], "location_id")?[0]),
        };
        let created = range("/begin_time", "/end_time")?;
        let updated = range("/updated_at_begin_time", "/updated_at_end_time")?;
        let walked = if by_update { updated } else { created };
        Ok(Self {
            by_update,
            descending: wire::text(body, "/sort_order") != Some("ASC"),
            created,
            updated,
            location,
            limit: wire::limit(body, 100, 100)?,
            after: cursor::read_between(body, walked.0, walked.1)?,
        })
    }

    fn admits(&self, created: Millis, updated: Millis, location: usize) -> bool {
        (self.created.0..=self.created.1).contains(&created)
            && (self.updated.0..=self.updated.1).contains(&updated)
            && self.location.is_none_or(|wanted| wanted == location)
    }

    /// Up to one more than a page of the records along an index.
    fn walk(&self, index: &BTreeSet<(Millis, usize)>, admitted: impl Fn(usize) -> bool) -> Vec<(Millis, usize)> {
        let (from, until) = if self.by_update { self.updated } else { self.created };
        let (low, high) = (Bound::Included((from, 0)), Bound::Included((until, usize::MAX)));
        if from > until {
            return Vec::new();
        }
        let fits = |place: &&(Millis, usize)| admitted(place.1);
        if self.descending {
            let high = self.after.map_or(high, Bound::Excluded);
            index.range((low, high)).rev().filter(fits).take(self.limit + 1).copied().collect()
        } else {
            let low = self.after.map_or(low, Bound::Excluded);
            index.range((low, high)).filter(fits).take(self.limit + 1).copied().collect()
        }
    }

    fn page(&self, name: &str, body: &Value, mut found: Vec<(Millis, usize)>, show: impl Fn(usize) -> Value) -> Value {
        let more = found.len() > self.limit;
        found.truncate(self.limit);
        let mut answer = json!({ name: found.iter().map(|(_, index)| show(*index)).collect::<Value>() });
        if let Some((at, index)) = found.last().filter(|_| more) {
            answer["cursor"] = json!(cursor::write(body, (*at, *index as u64)));
        }
        answer
    }
}

impl Square {
    /// `GET /v2/payments`.
    ///
    /// # Errors
    /// An unknown location or sort field, a bad cursor, limit or time.
    pub(crate) fn list_payments(&self, call: &Call<'_>, world: &World<'_>) -> Answer {
        let listing = Listing::read(call, self)?;
        let all = &self.payments;
        let index = if listing.by_update { &all.payments_updated } else { &all.payments_created };
        let found = listing.walk(index, |index| {
            let one = &all.payments[index];
            one.listed_at <= world.now && listing.admits(one.created_at, one.updated_at, one.location)
        });
        Ok(listing.page("payments", &call.body, found, |index| self.show_payment(index)))
    }

    /// `GET /v2/refunds`.
    ///
    /// # Errors
    /// As for payments.
    pub(crate) fn list_refunds(&self, call: &Call<'_>, world: &World<'_>) -> Answer {
        let listing = Listing::read(call, self)?;
        let all = &self.payments;
        let index = if listing.by_update { &all.refunds_updated } else { &all.refunds_created };
        let found = listing.walk(index, |index| {
            let one = &all.refunds[index];
            one.listed_at <= world.now && listing.admits(one.created_at, one.updated_at, one.location)
        });
        Ok(listing.page("refunds", &call.body, found, |index| self.show_refund(index)))
    }

    /// `GET /v2/payments/{id}`.
    ///
    /// # Errors
    /// Not found.
    pub(crate) fn retrieve_payment(&self, id: &str) -> Answer {
        let found = self.payments.find_payment(id);
        let index = found.ok_or_else(|| Refused::not_found(format!("Payment `{id}` not found.")))?;
        Ok(json!({"payment": self.show_payment(index)}))
    }

    /// `GET /v2/refunds/{id}`.
    ///
    /// # Errors
    /// Not found.
    pub(crate) fn retrieve_refund(&self, id: &str) -> Answer {
        let found = self.payments.refund_ids.get(id).copied();
        let index = found.ok_or_else(|| Refused::not_found(format!("Refund `{id}` not found.")))?;
        Ok(json!({"refund": self.show_refund(index)}))
    }

    /// `POST /v2/payments`: money taken elsewhere (`EXTERNAL`) or over the counter (`CASH`). A payment that covers its
    /// order settles it.
    ///
    /// # Errors
    /// Another source, a bad amount, an unknown or final order.
    pub(crate) fn create_payment(&mut self, call: &Call<'_>, world: &mut World<'_>) -> Answer {
        let body = &call.body;
        let source_type = match wire::required(body, "/source_id")? {
            "EXTERNAL" => "EXTERNAL",
            "CASH" => "CASH",
            _ => return Err(Refused::field("INVALID_VALUE", "source_id", "This emulator takes EXTERNAL and CASH.")),
        };
        let external_source = match source_type {
            "EXTERNAL" => Some(wire::required(body, "/external_details/source")?.to_owned()),
            _ => None,
        };
        let amount = read_amount(body, "/amount_money", &self.settings.currency)?;
        let order = match wire::text(body, "/order_id") {
            None => None,
            Some(id) => Some(
                self.orders
                    .find(id)
                    .ok_or_else(|| Refused::field("NOT_FOUND", "order_id", format!("Order `{id}` not found.")))?,
            ),
        };
        if order.is_some_and(|order| self.orders.get(order).state.is_final()) {
            return Err(Refused::field("INVALID_VALUE", "order_id", "The order is already closed."));
        }
        let location = self.payment_location(body, order)?;
        let new = NewPayment {
            order,
            location,
            customer: wire::text(body, "/customer_id").map(str::to_owned),
            source_type,
            external_source,
            amount,
            at: world.now,
            reference: wire::text(body, "/reference_id").map(str::to_owned),
        };
        let payment = self.take_payment(new, world);
        if let Some(order) = order {
            self.put_payment(order, payment, world);
        }
        Ok(json!({"payment": self.show_payment(payment)}))
    }

    fn payment_location(&self, body: &Value, order: Option<usize>) -> Result<usize, Refused> {
        if let Some(order) = order {
            return Ok(self.orders.get(order).location);
        }
        if self.locations.count() == 0 {
            return Err(Refused::field("INVALID_LOCATION", "location_id", "The seller has no location."));
        }
        match wire::text(body, "/location_id") {
            None => Ok(0),
            Some(id) => Ok(self.locations.all_of(&[id.to_owned()], "location_id")?[0]),
        }
    }

    fn put_payment(&mut self, order: usize, payment: usize, world: &mut World<'_>) {
        let mut payments = self.orders.get(order).payments.clone();
        payments.push(payment);
        let paid: i64 =
            payments.iter().map(|index| self.payments.payment(*index).captured()).fold(0, i64::saturating_add);
        if paid >= self.orders.get(order).total() {
            self.settle_order(order, payments, world);
        } else {
            self.orders.change(order, world.now, |order| order.payments = payments);
            self.announce_order_updated(order, world);
        }
    }

    /// `POST /v2/refunds`: money only, no goods.
    ///
    /// # Errors
    /// An unknown payment, a stale version token, more than is left.
    pub(crate) fn create_refund(&mut self, call: &Call<'_>, world: &mut World<'_>) -> Answer {
        let body = &call.body;
        let amount = read_amount(body, "/amount_money", &self.settings.currency)?;
        let id = wire::required(body, "/payment_id")?;
        let payment = self.payments.find_payment(id);
        let index = payment.ok_or_else(|| Refused::field("NOT_FOUND", "payment_id", format!("`{id}` not found.")))?;
        let payment = self.payments.payment(index);
        if wire::text(body, "/payment_version_token").is_some_and(|token| token != payment.version) {
            return Err(Refused::version_mismatch("payment_version_token"));
        }
        if amount > payment.left() {
            return Err(Refused::field("REFUND_AMOUNT_INVALID", "amount_money.amount", "More than what is left."));
        }
        let order = payment.order.as_deref().and_then(|id| self.orders.find(id));
        let reason = wire::text(body, "/reason").unwrap_or("refund").to_owned();
        if reason.chars().count() > REASON_MAX {
            return Err(Refused::field("VALUE_TOO_LONG", "reason", "At most 192 characters."));
        }
        let new = NewRefund { payment: Some(index), order, location: payment.location, amount, reason };
        let refund = self.begin_refund(new, world);
        if let Some(order) = order {
            self.orders.change(order, world.now, |_| {});
            self.announce_order_updated(order, world);
        }
        Ok(json!({"refund": self.show_refund(refund)}))
    }
}
