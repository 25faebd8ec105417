//! A shelf of records of one kind, found by id, by when they were made and by when they changed, and listed as the
//! vendor lists.
//!
//! Every kind of record stands on one. A poll walks the part of an index that its bounds name, never everything.

use super::filter::{Field, rank};
use super::id::Id;
use super::query::{Expand, Query};
use super::wire::{Answer, Call};
use crate::machine::Millis;
use serde_json::{Value, json};
use std::collections::{BTreeSet, HashMap};

/// What a record tells its shelf.
pub trait Kept {
    /// Its id.
    fn id(&self) -> Id;
    /// When the server first saw it.
    fn made(&self) -> Millis;
    /// When it last changed.
    fn changed(&self) -> Millis;
    /// It changes now.
    fn touch(&mut self, now: Millis);
}

/// All records of one kind.
#[derive(Debug)]
pub struct Shelf<T> {
    all: Vec<T>,
    by_id: HashMap<Id, u32>,
    by_made: BTreeSet<(Millis, u32)>,
    by_changed: BTreeSet<(Millis, u32)>,
}

impl<T> Default for Shelf<T> {
    fn default() -> Self {
        Self { all: Vec::new(), by_id: HashMap::new(), by_made: BTreeSet::new(), by_changed: BTreeSet::new() }
    }
}

/// How one kind of record is listed.
pub struct Plan<'p, T> {
    /// The fields that filters and orders may name.
    pub fields: &'static [&'static str],
    /// The value of such a field.
    pub field: &'p dyn Fn(&T, &str) -> Field,
    /// Whether a record is in this list at all.
    pub shown: &'p dyn Fn(&T, &Query) -> bool,
    /// The record as JSON.
    pub render: &'p dyn Fn(&T, &Expand) -> Value,
    /// Newest first when no order is asked for.
    pub newest_first: bool,
}

impl<T: Kept> Shelf<T> {
    /// Puts a record there; answers its index.
    pub fn add(&mut self, record: T) -> usize {
        let index = u32::try_from(self.all.len()).expect("fewer than four billion records fit in memory");
        self.by_id.insert(record.id(), index);
        self.by_made.insert((record.made(), index));
        self.by_changed.insert((record.changed(), index));
        self.all.push(record);
        index as usize
    }

    /// The record at an index that [`Shelf::add`] or [`Shelf::find`] gave.
    pub fn get(&self, index: usize) -> &T {
        &self.all[index]
    }

    /// All of them, in the order in which they came.
    pub fn all(&self) -> &[T] {
        &self.all
    }

    /// The index of the record with this id.
    pub fn find(&self, id: &str) -> Option<usize> {
        self.by_id.get(&Id::parse(id)?).map(|index| *index as usize)
    }

    /// Changes a record and moves it to the end of the index by change.
    pub fn change<R>(&mut self, index: usize, now: Millis, change: impl FnOnce(&mut T) -> R) -> R {
        let key = u32::try_from(index).expect("an index came from this shelf");
        let record = &mut self.all[index];
        self.by_changed.remove(&(record.changed(), key));
        let answer = change(record);
        record.touch(now);
        self.by_changed.insert((record.changed(), key));
        answer
    }

    /// One page of a list.
    ///
    /// # Errors
    /// 400 when the query breaks a rule.
    pub fn list(&self, call: &Call<'_>, base: &str, plan: &Plan<'_, T>) -> Answer {
        let query = Query::read(call, plan.fields)?;
        let expand = Expand::read(call);
        let page = self.page(&query, plan);
        let rendered: Vec<Value> = page.into_iter().map(|index| (plan.render)(self.get(index), &expand)).collect();
        Ok(listed(call, base, &query, rendered))
    }

    fn page(&self, query: &Query, plan: &Plan<'_, T>) -> Vec<usize> {
        let admits = |index: &usize| {
            let record = self.get(*index);
            (plan.shown)(record, query)
                && query.filters.iter().all(|filter| filter.admits(&(plan.field)(record, &filter.field)))
        };
        if let Some(id) = query.exactly("id") {
            return self.find(id).filter(admits).into_iter().skip(query.offset).collect();
        }
        let (index, own_order, (low, high)) = self.walk(query);
        let walked = index.range((low, 0)..=(high, u32::MAX)).map(|(_, index)| *index as usize);
        let (skip, take) = (query.offset, query.limit);
        match &query.order {
            None if plan.newest_first => walked.rev().filter(admits).skip(skip).take(take).collect(),
            None => walked.filter(admits).skip(skip).take(take).collect(),
            Some((field, true)) if field == own_order => walked.rev().filter(admits).skip(skip).take(take).collect(),
            Some((field, false)) if field == own_order => walked.filter(admits).skip(skip).take(take).collect(),
            Some((field, downwards)) => {
                let mut all: Vec<usize> = walked.filter(admits).collect();
                all.sort_by(|one, other| {
                    let (one, other) = ((plan.field)(self.get(*one), field), (plan.field)(self.get(*other), field));
                    if *downwards { rank(&other, &one) } else { rank(&one, &other) }
                });
                all.into_iter().skip(skip).take(take).collect()
            }
        }
    }

    /// The index that leaves least to look at, the field it is ordered by, and the part of it that can match.
    fn walk(&self, query: &Query) -> (&BTreeSet<(Millis, u32)>, &'static str, (Millis, Millis)) {
        let everything = (Millis::MIN, Millis::MAX);
        let (changed, made) = (query.bounds("modifiedTime"), query.bounds("createdTime"));
        let by_change = query.order.as_ref().is_some_and(|(field, _)| field == "modifiedTime");
        let (index, field, (low, high)) = match (changed, made) {
            (Some(bounds), _) => (&self.by_changed, "modifiedTime", bounds),
            (None, Some(bounds)) => (&self.by_made, "createdTime", bounds),
            (None, None) if by_change => (&self.by_changed, "modifiedTime", everything),
            (None, None) => (&self.by_made, "createdTime", everything),
        };
        // A range that ends before it begins is empty, and the index would not take it as one.
        (index, field, if low > high { (Millis::MAX, Millis::MAX) } else { (low, high) })
    }
}

/// The envelope of a list.
pub fn listed(call: &Call<'_>, base: &str, query: &Query, rendered: Vec<Value>) -> Value {
    let sent = if call.query.is_empty() { format!("limit={}", query.limit) } else { call.query.to_owned() };
    json!({"elements": rendered, "href": format!("{base}{}?{sent}", call.path)})
}
