//! One page of a list: walks an index from the cursor, keeps the rows that the filters admit, and links both ways.
//!
//! Called by every endpoint that lists. By id and by last change it never looks at a row that it need not; by another
//! member it sorts what the filters leave.

use super::super::clock;
use super::super::resources::Resource;
use super::super::table::{Id, Place, Row, Table};
use super::super::wire::{self, Answer, Fields, Refused};
use super::filter::compare;
use super::{Cursor, Filter, LIMIT_MAX, Op, Query, Shown};
use serde_json::{Value, json};
use std::cmp::Ordering;
use std::ops::Bound;

/// A list to be answered.
pub struct List<'l, R> {
    /// What is listed.
    pub resource: &'static Resource,
    /// Its rows.
    pub table: &'l Table<R>,
    /// What was asked for.
    pub query: &'l Query,
    /// Full address of the list, without the query.
    pub address: &'l str,
    /// Rows that come into question at all, when an index knows; all otherwise.
    pub among: Option<Vec<Id>>,
}

/// A row with its place.
struct Found {
    id: Id,
    row: Fields,
}

impl<R: Row> List<'_, R> {
    /// Answers the list; `render` shows a row with its relations.
    ///
    /// # Errors
    /// 400 when the cursor belongs to another order.
    pub fn answer(&self, render: &dyn Fn(Id, &R) -> Fields) -> Answer {
        if self.query.count {
            let found = self.gathered().into_iter().filter(|id| self.admitted(*id, render).is_some()).count();
            return Ok(json!({"@attributes": {"count": found.to_string()}}));
        }
        let (field, down) = self.order();
        let by_id = field == self.resource.key;
        if let Some(cursor) = &self.query.cursor
            && cursor.value.is_none() != by_id
        {
            return Err(Refused::malformed("The after or before parameter belongs to another sort order."));
        }
        let limit = self.query.limit.unwrap_or(LIMIT_MAX);
        let forward = self.query.cursor.as_ref().is_none_or(|cursor| cursor.forward);
        let mut found = match self.narrowed(&field) {
            Some(ids) => self.sorted(ids, &field, down, limit, render),
            None => self.walked(by_id, down, limit, render)?,
        };
        let more = found.len() > limit;
        found.truncate(limit);
        if !forward {
            found.reverse();
        }
        let (before, after) = match (&self.query.cursor, forward) {
            (None, _) => (false, more),
            (Some(_), true) => (true, more),
            (Some(_), false) => (more, true),
        };
        let link = |there: bool, name: &str, end: Option<&Found>| match end {
            Some(end) if there => self.link(name, (&field, down), end),
            _ => String::new(),
        };
        let mut answer = json!({"@attributes": {
            "next": link(after, "after", found.last()),
            "previous": link(before, "before", found.first()),
        }});
        if let Some(rows) = wire::fold(found.into_iter().map(|found| Value::Object(found.row)).collect()) {
            answer[self.resource.name] = rows;
        }
        Ok(answer)
    }

    fn order(&self) -> (String, bool) {
        self.query.sort.clone().unwrap_or_else(|| (self.resource.key.to_owned(), false))
    }

    /// The row when filters and archive admit it.
    fn admitted(&self, id: Id, render: &dyn Fn(Id, &R) -> Fields) -> Option<Fields> {
        let row = self.table.get(id)?;
        let shown = match self.query.shown {
            Shown::All => true,
            Shown::Live => !row.archived(),
            Shown::Archived => row.archived(),
        };
        if !shown {
            return None;
        }
        let fields = render(id, row);
        let all = self.query.filters.iter().all(|filter| filter.holds(&fields));
        let any = self.query.any.is_empty() || self.query.any.iter().any(|filter| filter.holds(&fields));
        (all && any).then_some(fields)
    }

    /// Ids that an index leaves over, in no order; `None` when the order itself is the better index.
    fn narrowed(&self, field: &str) -> Option<Vec<Id>> {
        if let Some(among) = &self.among {
            return Some(among.clone());
        }
        if let Some(exact) = self.query.exact(self.resource.key) {
            return Some(exact.iter().filter_map(|id| id.parse().ok()).collect());
        }
        if is_stamp(field) {
            return None;
        }
        let since = self.query.filters.iter().any(|filter| is_stamp(&filter.field) && filter.op.is_range());
        let by_key = field == self.resource.key;
        match (since, by_key) {
            (true, _) => {
                let (from, to) = self.stamp_bounds();
                Some(self.table.changed(from, to).map(|(_, id)| id).collect())
            }
            (false, true) => None,
            (false, false) => Some(self.table.all().map(|(id, _)| id).collect()),
        }
    }

    fn gathered(&self) -> Vec<Id> {
        let all = || self.table.all().map(|(id, _)| id).collect();
        self.narrowed(self.resource.key).unwrap_or_else(all)
    }

    /// Sorts what an index left over and cuts the page out; one row more than the limit tells of a next page.
    fn sorted(
        &self,
        mut ids: Vec<Id>,
        field: &str,
        down: bool,
        limit: usize,
        render: &dyn Fn(Id, &R) -> Fields,
    ) -> Vec<Found> {
        ids.sort_unstable();
        ids.dedup();
        let mut found: Vec<Found> =
            ids.into_iter().filter_map(|id| Some(Found { id, row: self.admitted(id, render)? })).collect();
        let backward = self.query.cursor.as_ref().is_some_and(|cursor| !cursor.forward);
        let turned = down != backward;
        let key = self.resource.key;
        let in_order = |a: (&str, Id), b: (&str, Id)| {
            let order = if field == key { Ordering::Equal } else { compare(a.0, b.0) };
            let order = order.then(a.1.cmp(&b.1));
            if turned { order.reverse() } else { order }
        };
        found.sort_by(|a, b| in_order((value_of(a, field), a.id), (value_of(b, field), b.id)));
        if let Some(cursor) = &self.query.cursor {
            let place = (cursor.value.as_deref().unwrap_or_default(), cursor.id);
            found.retain(|row| in_order((value_of(row, field), row.id), place) == Ordering::Greater);
        }
        found.truncate(limit + 1);
        found
    }

    /// Walks ids or last changes from the cursor.
    fn walked(
        &self,
        by_id: bool,
        down: bool,
        limit: usize,
        render: &dyn Fn(Id, &R) -> Fields,
    ) -> Result<Vec<Found>, Refused> {
        let backward = self.query.cursor.as_ref().is_some_and(|cursor| !cursor.forward);
        let turned = down != backward;
        let take = |id: Id| Some(Found { id, row: self.admitted(id, render)? });
        let enough = limit + 1;
        if by_id {
            let ids = self.id_range(turned);
            return Ok(if turned {
                ids.rev().filter_map(take).take(enough).collect()
            } else {
                ids.filter_map(take).take(enough).collect()
            });
        }
        let (mut from, mut to) = self.stamp_bounds();
        if let Some(place) = self.stamp_cursor()? {
            if turned { to = Bound::Excluded(place) } else { from = Bound::Excluded(place) }
        }
        let places = self.table.changed(from, to).map(|(_, id)| id);
        Ok(if turned {
            places.rev().filter_map(take).take(enough).collect()
        } else {
            places.filter_map(take).take(enough).collect()
        })
    }

    /// Ids that the filters on the id and the cursor leave.
    fn id_range(&self, turned: bool) -> std::ops::RangeInclusive<Id> {
        let (mut low, mut high) = (1, Id::MAX);
        for filter in self.query.filters.iter().filter(|filter| filter.field == self.resource.key) {
            let value = |position: usize| filter.values.get(position).and_then(|value| value.parse::<Id>().ok());
            match (filter.op, value(0)) {
                (Op::Above, Some(value)) => low = low.max(value.saturating_add(1)),
                (Op::AtLeast, Some(value)) => low = low.max(value),
                (Op::Below, Some(value)) => high = high.min(value.saturating_sub(1)),
                (Op::AtMost, Some(value)) => high = high.min(value),
                (Op::Between, Some(from)) => (low, high) = (low.max(from), high.min(value(1).unwrap_or(Id::MAX))),
                _ => {}
            }
        }
        if let Some(cursor) = &self.query.cursor {
            if turned {
                high = high.min(cursor.id.saturating_sub(1));
            } else {
                low = low.max(cursor.id.saturating_add(1));
            }
        }
        self.table.ids(low..=high)
    }

    /// The stretch of last changes that the filters leave.
    fn stamp_bounds(&self) -> (Bound<Place>, Bound<Place>) {
        let (mut low, mut high) = (i64::MIN, i64::MAX);
        for filter in self.query.filters.iter().filter(|filter| is_stamp(&filter.field)) {
            let second = |filter: &Filter, position: usize| {
                filter.values.get(position).and_then(|value| clock::read(value)).map(clock::seconds)
            };
            match (filter.op, second(filter, 0)) {
                (Op::Above, Some(at)) => low = low.max(at + 1),
                (Op::AtLeast, Some(at)) => low = low.max(at),
                (Op::Below, Some(at)) => high = high.min(at - 1),
                (Op::AtMost, Some(at)) => high = high.min(at),
                (Op::Equal, Some(at)) => (low, high) = (low.max(at), high.min(at)),
                (Op::Between, Some(from)) => (low, high) = (low.max(from), high.min(second(filter, 1).unwrap_or(high))),
                _ => {}
            }
        }
        (Bound::Included((low, 0)), Bound::Included((high, Id::MAX)))
    }

    fn stamp_cursor(&self) -> Result<Option<Place>, Refused> {
        let Some(cursor) = &self.query.cursor else { return Ok(None) };
        let at = cursor.value.as_deref().and_then(clock::read);
        let at = at.ok_or_else(|| Refused::malformed("The after or before parameter is not valid."))?;
        Ok(Some((clock::seconds(at), cursor.id)))
    }

    /// The full address of the page beside a row: the same query with its defaults written out.
    fn link(&self, name: &str, (field, down): (&str, bool), end: &Found) -> String {
        let by_id = field == self.resource.key;
        let stamp = is_stamp(field).then(|| clock::iso(self.table.get(end.id).map_or(0, Row::stamp)));
        let value = stamp.as_deref().unwrap_or_else(|| value_of(end, field));
        let cursor = Cursor::encode((!by_id).then_some(value), end.id);
        let sort = if down { format!("-{field}") } else { field.to_owned() };
        let limit = self.query.limit.unwrap_or(LIMIT_MAX).to_string();
        let kept =
            self.query.pairs.iter().filter(|(name, _)| !matches!(name.as_str(), "after" | "before" | "sort" | "limit"));
        let mut pairs: Vec<String> =
            kept.map(|(name, value)| format!("{}={}", wire::encode(name), wire::encode(value))).collect();
        pairs.push(format!("sort={}", wire::encode(&sort)));
        pairs.push(format!("limit={limit}"));
        pairs.push(format!("{name}={}", wire::encode(&cursor)));
        format!("{}?{}", self.address, pairs.join("&"))
    }
}

/// Members that hold the time of the last change.
fn is_stamp(field: &str) -> bool {
    matches!(field, "timeStamp" | "updateTime" | "updatetime")
}

fn value_of<'f>(found: &'f Found, field: &str) -> &'f str {
    found.row.get(field).and_then(Value::as_str).unwrap_or_default()
}
