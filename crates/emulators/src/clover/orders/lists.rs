//! Lists of orders and of their parts.
//!
//! Called by `routes`.

use super::super::Clover;
use super::super::query::{Expand, Query};
use super::super::shelf::{Plan, listed};
use super::super::wire::{Answer, Call, Refused};
use super::Order;
use super::render::{FIELDS, RECENT_ONLY, field};
use crate::machine::{Millis, World};
use serde_json::Value;

const RECENT_MS: Millis = 90 * 24 * 3_600_000;

impl Clover {
    /// `GET orders`. Deleted ones are listed only for a filter on `deletedTime`; a filter on anything but ids, clients'
    /// and change times sees the last ninety days only.
    pub(in super::super) fn list_orders(&self, call: &Call<'_>, world: &World<'_>) -> Answer {
        let since = world.now - RECENT_MS;
        let shown = |order: &Order, query: &Query| {
            let recent_only = RECENT_ONLY.iter().any(|field| query.asks_for(field));
            (order.deleted.is_none() || query.asks_for("deletedTime")) && (!recent_only || order.created >= since)
        };
        if let Some(answer) = self.orders_of_reference(call, &shown)? {
            return Ok(answer);
        }
        let plan = Plan {
            fields: &FIELDS,
            field: &field,
            shown: &shown,
            render: &|order, expand| self.render_order(order, expand),
            newest_first: true,
        };
        self.orders.shelf.list(call, &self.settings.api_base, &plan)
    }

    /// The hub looks its reference up before it creates an order, so this has an index of its own.
    fn orders_of_reference(
        &self,
        call: &Call<'_>,
        shown: &dyn Fn(&Order, &Query) -> bool,
    ) -> Result<Option<Value>, Refused> {
        let query = Query::read(call, &FIELDS)?;
        let Some(reference) =
            query.exactly("externalReferenceId").filter(|_| query.filters.len() == 1 && query.order.is_none())
        else {
            return Ok(None);
        };
        let found = self.orders.with_reference(reference).map(|index| self.orders.get(index));
        let expand = Expand::read(call);
        let found = found.filter(|order| shown(order, &query)).skip(query.offset).take(query.limit);
        let page = found.map(|order| self.render_order(order, &expand)).collect();
        Ok(Some(listed(call, &self.settings.api_base, &query, page)))
    }

    /// `GET orders/{id}`.
    pub(in super::super) fn read_order(&self, id: &str, call: &Call<'_>) -> Answer {
        let order = self.orders.find(id).ok_or_else(Refused::not_found)?;
        Ok(self.render_order(self.orders.get(order), &Expand::read(call)))
    }

    /// `GET orders/{id}/line_items`, `…/payments`, `…/discounts`: one part of an order as a list.
    pub(in super::super) fn list_order_part(&self, id: &str, part: &str, key: &str, call: &Call<'_>) -> Answer {
        let order = self.orders.find(id).ok_or_else(Refused::not_found)?;
        let query = Query::read(call, &[])?;
        let mut shown = self.render_order(self.orders.get(order), &Expand::of(&[part]));
        let all = match shown[key]["elements"].take() {
            Value::Array(all) => all,
            _ => Vec::new(),
        };
        let page = all.into_iter().skip(query.offset).take(query.limit).collect();
        Ok(listed(call, &self.settings.api_base, &query, page))
    }

    /// `GET orders/{id}/line_items/{lineId}`.
    pub(in super::super) fn read_line(&self, id: &str, line: &str) -> Answer {
        let order = self.orders.find(id).ok_or_else(Refused::not_found)?;
        let order = self.orders.get(order);
        let line = order.lines.iter().find(|one| one.id.as_str() == line).ok_or_else(Refused::not_found)?;
        Ok(self.render_line(order, line))
    }
}
