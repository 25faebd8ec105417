//! `GET /v2/orders` and `/v2/orders/count`: which orders a query asks for.
//!
//! Called by the order endpoints. A poll by `min_date_modified` walks the index from there on, an outside reference
//! is looked up; archived orders are left out unless they are asked for.

use super::super::Store;
use super::super::amount::Amount;
use super::super::clock::seconds;
use super::super::wire::{Answer, Call, Page, Query, Refused, Reply};
use super::status::ALL;
use super::{Order, Status};
use serde_json::{Value, json};

const LIMIT_MAX: usize = 250;

/// What a list is narrowed by, read once.
struct Filter<'q> {
    query: &'q Query,
    ids: (Option<u64>, Option<u64>),
    customer: Option<u64>,
    channel: Option<u64>,
    status: Option<u64>,
    created: (Option<i64>, Option<i64>),
    modified: (Option<i64>, Option<i64>),
    totals: (Option<Amount>, Option<Amount>),
    archived: bool,
}

impl<'q> Filter<'q> {
    fn read(query: &'q Query) -> Result<Self, Refused> {
        let amount = |name: &str| query.get(name).and_then(|text| Amount::read(&json!(text)));
        Ok(Self {
            query,
            ids: (query.number("min_id")?, query.number("max_id")?),
            customer: query.number("customer_id")?,
            channel: query.number("channel_id")?,
            status: query.number("status_id")?,
            created: (query.time("min_date_created")?, query.time("max_date_created")?),
            modified: (query.time("min_date_modified")?, query.time("max_date_modified")?),
            totals: (amount("min_total"), amount("max_total")),
            archived: query.get("is_deleted") == Some("true"),
        })
    }

    fn wants(&self, order: &Order) -> bool {
        let text = |name: &str, value: &str| self.query.get(name).is_none_or(|asked| asked == value);
        let email = order.billing.get("email").and_then(Value::as_str).unwrap_or_default();
        let channel = order.fields.get("channel_id").and_then(Value::as_u64).unwrap_or(1);
        order.deleted == self.archived
            && within(order.id, self.ids)
            && self.customer.is_none_or(|asked| asked == order.customer)
            && self.channel.is_none_or(|asked| asked == channel)
            && self.status.is_none_or(|asked| asked == u64::from(order.status.number()))
            && within(seconds(order.created_at), self.created)
            && within(seconds(order.modified_at), self.modified)
            && (self.totals == (None, None) || within(order.total_inc(), self.totals))
            && text("email", email)
            && text("payment_method", order.field("payment_method"))
            && text("external_order_id", order.field("external_order_id"))
    }
}

fn within<T: PartialOrd>(value: T, (min, max): (Option<T>, Option<T>)) -> bool {
    min.is_none_or(|min| value >= min) && max.is_none_or(|max| value <= max)
}

impl Store {
    /// A page of orders, or 204.
    pub(super) fn list_orders(&self, call: &Call) -> Answer {
        let page = Page::read(&call.query, LIMIT_MAX)?;
        let found = self.find_orders(&call.query)?;
        Ok(Reply::list(page.cut(&found).into_iter().map(|index| self.render_order(index, &call.query)).collect()))
    }

    fn find_orders(&self, query: &Query) -> Result<Vec<usize>, Refused> {
        let filter = Filter::read(query)?;
        let orders = &self.orders;
        let wanted = |index: &usize| filter.wants(orders.get(*index));
        let mut found: Vec<usize> = match (query.get("external_order_id"), filter.modified.0) {
            (Some(outside), _) => {
                orders.by_external.get(outside).into_iter().flatten().copied().filter(wanted).collect()
            }
            (None, Some(from)) => {
                orders.by_modified.range((from, 0)..).map(|(_, index)| *index).filter(wanted).collect()
            }
            (None, None) => (0..orders.all.len()).filter(wanted).collect(),
        };
        let (field, direction) = match query.get("sort").unwrap_or("id").split_once(':') {
            Some((field, direction)) => (field, direction),
            None => (query.get("sort").unwrap_or("id"), "asc"),
        };
        let order = |index: &usize| orders.get(*index);
        match field {
            "id" | "date_created" => found.sort_unstable(),
            "date_modified" => found.sort_by_key(|index| (seconds(order(index).modified_at), *index)),
            "customer_id" => found.sort_by_key(|index| (order(index).customer, *index)),
            "status_id" => found.sort_by_key(|index| (order(index).status.number(), *index)),
            "channel_id" | "external_id" => {
                found.sort_by(|left, right| order(left).field("external_id").cmp(order(right).field("external_id")));
            }
            _ => return Err(Refused::field("sort", "is not a field that can be sorted by")),
        }
        match direction {
            "asc" => {}
            "desc" => found.reverse(),
            _ => return Err(Refused::field("sort", "must end in :asc or :desc")),
        }
        Ok(found)
    }

    /// How many orders a query asks for, by status.
    pub(super) fn count_orders(&self, call: &Call) -> Answer {
        let found = self.find_orders(&call.query)?;
        let of = |status: Status| found.iter().filter(|index| self.orders.get(**index).status == status).count();
        let statuses: Vec<Value> = ALL
            .iter()
            .map(|(status, _)| {
                let mut shown = render_status(*status);
                shown["count"] = json!(of(*status));
                shown["sort_order"] = json!(status.number());
                shown
            })
            .collect();
        Ok(Reply::ok(json!({"statuses": statuses, "count": found.len()})))
    }
}

/// A status as `/v2/order_statuses` shows it.
pub(super) fn render_status(status: Status) -> Value {
    json!({
        "id": status.number(), "name": status.word(), "system_label": status.word(), "custom_label": status.word(),
        "system_description": "",
    })
}
