//! The rows of one resource: dense ids, and an index by the second of the last change.
//!
//! Every resource of the account keeps its rows in one. It does not know what a row is.

use super::clock;
use super::wire::Fields;
use crate::machine::Millis;
use std::collections::BTreeSet;
use std::ops::{Bound, RangeInclusive};

/// The platform's number of a row, from 1; 0 stands for none.
pub type Id = u64;

/// What a table has to know of its rows.
pub trait Row {
    /// When it was last changed.
    fn stamp(&self) -> Millis;

    /// Whether it is hidden from lists that do not ask for archived rows.
    fn archived(&self) -> bool;

    /// Writes its own members, without relations.
    fn fill(&self, id: Id, fields: &mut Fields);
}

/// A place in the order by last change: second, then id.
pub type Place = (i64, Id);

/// Rows by id and by last change.
#[derive(Debug)]
pub struct Table<R> {
    rows: Vec<Option<R>>,
    stamps: BTreeSet<Place>,
}

impl<R> Default for Table<R> {
    fn default() -> Self {
        Self { rows: Vec::new(), stamps: BTreeSet::new() }
    }
}

impl<R: Row> Table<R> {
    /// Adds a row and tells its id.
    pub fn add(&mut self, row: R) -> Id {
        let id = self.next_id();
        self.stamps.insert((clock::seconds(row.stamp()), id));
        self.rows.push(Some(row));
        id
    }

    /// The id that the next row will have.
    pub fn next_id(&self) -> Id {
        self.rows.len() as Id + 1
    }

    /// The row with this id.
    pub fn get(&self, id: Id) -> Option<&R> {
        self.rows.get(slot(id)?)?.as_ref()
    }

    /// Changes a row and keeps the index right; `None` when there is no such row.
    pub fn change<T>(&mut self, id: Id, change: impl FnOnce(&mut R) -> T) -> Option<T> {
        let row = self.rows.get_mut(slot(id)?)?.as_mut()?;
        let before = clock::seconds(row.stamp());
        let told = change(row);
        let after = clock::seconds(row.stamp());
        if before != after {
            self.stamps.remove(&(before, id));
            self.stamps.insert((after, id));
        }
        Some(told)
    }

    /// Takes a row away for good.
    pub fn remove(&mut self, id: Id) -> Option<R> {
        let row = self.rows.get_mut(slot(id)?)?.take()?;
        self.stamps.remove(&(clock::seconds(row.stamp()), id));
        Some(row)
    }

    /// All rows by id.
    pub fn all(&self) -> impl DoubleEndedIterator<Item = (Id, &R)> {
        let numbered = self.rows.iter().enumerate();
        numbered.filter_map(|(slot, row)| Some((slot as Id + 1, row.as_ref()?)))
    }

    /// Ids in this range that have ever been given, in order.
    pub fn ids(&self, range: RangeInclusive<Id>) -> RangeInclusive<Id> {
        (*range.start()).max(1)..=(*range.end()).min(self.rows.len() as Id)
    }

    /// Places in the order by last change.
    pub fn changed(&self, from: Bound<Place>, to: Bound<Place>) -> impl DoubleEndedIterator<Item = Place> {
        let empty = match (from, to) {
            (Bound::Included(from), Bound::Included(to)) => from > to,
            (Bound::Included(from) | Bound::Excluded(from), Bound::Excluded(to) | Bound::Included(to)) => from >= to,
            _ => false,
        };
        // A range that ends before it begins would be a panic in the set.
        let range = (!empty).then(|| self.stamps.range((from, to)));
        range.into_iter().flatten().copied()
    }
}

fn slot(id: Id) -> Option<usize> {
    usize::try_from(id.checked_sub(1)?).ok()
}
