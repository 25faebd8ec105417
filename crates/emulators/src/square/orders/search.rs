//! `POST /v2/orders/search`: a walk along the index of the time that is sorted by.
//!
//! Called by the routes; it changes nothing.

use super::super::Square;
use super::super::cursor;
use super::super::wire::{self, Answer, Call, Refused};
use super::Order;
use crate::machine::Millis;
use serde_json::{Value, json};
use std::collections::BTreeSet;
use std::ops::Bound;

const LOCATIONS_MAX: usize = 10;

/// Which time an order is sorted and filtered by.
#[derive(Clone, Copy, PartialEq, Eq)]
enum By {
    Created,
    Updated,
    Closed,
}

impl By {
    fn sorted(word: Option<&str>) -> Result<Self, Refused> {
        match word {
            None | Some("CREATED_AT") => Ok(Self::Created),
            Some("UPDATED_AT") => Ok(Self::Updated),
            Some("CLOSED_AT") => Ok(Self::Closed),
            Some(_) => Err(Refused::field("INVALID_ENUM_VALUE", "query.sort.sort_field", "Unknown field to sort by.")),
        }
    }

    fn of(self, order: &Order) -> Millis {
        match self {
            Self::Created => order.created_at,
            Self::Updated => order.updated_at,
            Self::Closed => order.closed_at.unwrap_or(Millis::MIN),
        }
    }
}

struct Query {
    by: By,
    descending: bool,
    from: Millis,
    until: Millis,
    locations: Vec<usize>,
    states: Vec<String>,
    customers: Vec<String>,
    sources: Vec<String>,
}

impl Query {
    fn read(call: &Call<'_>, square: &Square) -> Result<Self, Refused> {
        let body = &call.body;
        let ids = wire::texts(body, "/location_ids")?;
        if ids.is_empty() {
            return Err(Refused::missing("location_ids"));
        }
        if ids.len() > LOCATIONS_MAX {
            return Err(Refused::field("ARRAY_LENGTH_TOO_LONG", "location_ids", "At most 10 locations."));
        }
        if body.pointer("/query/filter/fulfillment_filter").is_some_and(|filter| !filter.is_null()) {
            let field = "query.filter.fulfillment_filter";
            return Err(Refused::field("INVALID_VALUE", field, "This emulator has no filter by fulfilment."));
        }
        let by = By::sorted(wire::text(body, "/query/sort/sort_field"))?;
        let (from, until) = read_times(body, by)?;
        Ok(Self {
            by,
            descending: read_descending(body)?,
            from,
            until,
            locations: square.locations.all_of(&ids, "location_ids")?,
            states: wire::texts(body, "/query/filter/state_filter/states")?,
            customers: wire::texts(body, "/query/filter/customer_filter/customer_ids")?,
            sources: wire::texts(body, "/query/filter/source_filter/source_names")?,
        })
    }

    fn admits(&self, order: &Order) -> bool {
        let time = self.by.of(order);
        (self.from..=self.until).contains(&time)
            && (self.by != By::Closed || order.closed_at.is_some())
            && self.locations.contains(&order.location)
            && (self.states.is_empty() || self.states.iter().any(|state| state == order.state.word()))
            && (self.customers.is_empty() || order.customer.as_ref().is_some_and(|id| self.customers.contains(id)))
            && (self.sources.is_empty() || self.sources.contains(&order.source))
    }
}

/// The vendor refuses a filter on another time than the one that is sorted by.
fn read_times(body: &Value, by: By) -> Result<(Millis, Millis), Refused> {
    let path = "/query/filter/date_time_filter";
    let mut range = (Millis::MIN, Millis::MAX);
    for (name, filtered) in [("created_at", By::Created), ("updated_at", By::Updated), ("closed_at", By::Closed)] {
        if body.pointer(&format!("{path}/{name}")).is_none_or(Value::is_null) {
            continue;
        }
        if filtered != by {
            let detail = "`sort_field` must be the field that `date_time_filter` filters by.";
            return Err(Refused::field("CONFLICTING_PARAMETERS", "query.sort.sort_field", detail));
        }
        let start = wire::time(body, &format!("{path}/{name}/start_at"))?;
        let end = wire::time(body, &format!("{path}/{name}/end_at"))?;
        range = (start.unwrap_or(Millis::MIN), end.unwrap_or(Millis::MAX));
        if range.0 > range.1 {
            return Err(Refused::field(
                "INVALID_TIME_RANGE",
                format!("query.filter.date_time_filter.{name}"),
                "Empty.",
            ));
        }
    }
    Ok(range)
}

fn read_descending(body: &Value) -> Result<bool, Refused> {
    match wire::text(body, "/query/sort/sort_order") {
        None | Some("DESC") => Ok(true),
        Some("ASC") => Ok(false),
        Some(_) => Err(Refused::field("INVALID_SORT_ORDER", "query.sort.sort_order", "ASC or DESC.")),
    }
}

impl Square {
    /// A page of orders, or of their ids and versions with `return_entries`.
    ///
    /// # Errors
    /// No or too many locations, a sort that does not fit the filter, a bad cursor, limit or time.
    pub(crate) fn search_orders(&self, call: &Call<'_>) -> Answer {
        let limit = wire::limit(&call.body, 500, 1_000)?;
        let query = Query::read(call, self)?;
        let after = cursor::read_between(&call.body, query.from, query.until)?;
        let mut found = self.walk(&query, after, limit + 1);
        let more = found.len() > limit;
        found.truncate(limit);
        let (name, shown): (_, Value) = if call.body["return_entries"].as_bool() == Some(true) {
            ("order_entries", found.iter().map(|(_, index)| self.entry(*index)).collect())
        } else {
            ("orders", found.iter().map(|(_, index)| self.show_order(*index)).collect())
        };
        let mut answer = json!({});
        answer[name] = shown;
        if let Some((at, index)) = found.last().filter(|_| more) {
            answer["cursor"] = json!(cursor::write(&call.body, (*at, *index as u64)));
        }
        Ok(answer)
    }

    fn walk(&self, query: &Query, after: Option<(Millis, usize)>, wanted: usize) -> Vec<(Millis, usize)> {
        let closed: BTreeSet<(Millis, usize)>;
        let index = match query.by {
            By::Created => &self.orders.by_created,
            By::Updated => &self.orders.by_updated,
            // Nobody polls by closing time: an index for it would cost more than this scan.
            By::Closed => {
                let all = self.orders.all.iter().enumerate();
                closed = all.filter_map(|(index, order)| Some((order.closed_at?, index))).collect();
                &closed
            }
        };
        let low = Bound::Included((query.from, 0));
        let high = Bound::Included((query.until, usize::MAX));
        let admitted = |place: &&(Millis, usize)| query.admits(self.orders.get(place.1));
        if query.descending {
            let high = after.map_or(high, Bound::Excluded);
            index.range((low, high)).rev().filter(admitted).take(wanted).copied().collect()
        } else {
            let low = after.map_or(low, Bound::Excluded);
            index.range((low, high)).filter(admitted).take(wanted).copied().collect()
        }
    }

    fn entry(&self, index: usize) -> Value {
        let order = self.orders.get(index);
        let location = &self.locations.get(order.location).id;
        json!({"order_id": order.id, "version": order.version, "location_id": location})
    }
}
