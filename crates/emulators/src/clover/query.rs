//! How a list is asked for: `filter`, `orderBy`, `limit`, `offset`; and `expand`, for lists and for single records.
//!
//! Used by `shelf` and by whatever writes records out. It knows no record.

use super::filter::Filter;
use super::wire::{Call, Refused};

const LIMIT_DEFAULT: usize = 100;
const LIMIT_MAX: usize = 1_000;

/// How a list is to be answered.
#[derive(Clone, Debug)]
pub struct Query {
    /// All of them have to hold.
    pub filters: Vec<Filter>,
    /// The field to order by, and whether downwards.
    pub order: Option<(String, bool)>,
    /// At most so many elements, 1 to 1,000.
    pub limit: usize,
    /// So many are left out first.
    pub offset: usize,
}

impl Query {
    /// Reads a list's query; `fields` are those that the list can be filtered by.
    ///
    /// # Errors
    /// 400 for a field that it cannot be filtered by, a filter that is none, a limit beyond 1,000.
    pub fn read(call: &Call<'_>, fields: &[&str]) -> Result<Self, Refused> {
        let mut query = Self { filters: Vec::new(), order: None, limit: LIMIT_DEFAULT, offset: 0 };
        for (name, value) in &call.pairs {
            match name.as_str() {
                "filter" => query.filters.push(Filter::read(value, fields)?),
                "orderBy" => query.order = Some(read_order(value, fields)?),
                "limit" => query.limit = read_count(name, value, 1..=LIMIT_MAX)?,
                "offset" => query.offset = read_count(name, value, 0..=usize::MAX)?,
                _ => {}
            }
        }
        Ok(query)
    }

    /// The lowest and the highest value that the filters let this field have.
    pub fn bounds(&self, field: &str) -> Option<(i64, i64)> {
        let all = self.filters.iter().filter(|filter| filter.field == field).filter_map(Filter::bounds);
        all.reduce(|(low, high), (least, most)| (low.max(least), high.min(most)))
    }

    /// The value that this field has to be equal to, when a filter says so.
    pub fn exactly(&self, field: &str) -> Option<&str> {
        self.filters.iter().filter(|filter| filter.field == field).find_map(Filter::exactly)
    }

    /// Whether one of the filters is about this field.
    pub fn asks_for(&self, field: &str) -> bool {
        self.filters.iter().any(|filter| filter.field == field)
    }
}

fn read_order(value: &str, fields: &[&str]) -> Result<(String, bool), Refused> {
    let (field, way) = value.trim().split_once(' ').unwrap_or((value.trim(), "ASC"));
    if !fields.contains(&field) {
        return Err(Refused::invalid(format!("Unsupported orderBy field: {field}")));
    }
    match way.trim().to_ascii_uppercase().as_str() {
        "ASC" => Ok((field.to_owned(), false)),
        "DESC" => Ok((field.to_owned(), true)),
        _ => Err(Refused::invalid(format!("Invalid orderBy: {value}"))),
    }
}

fn read_count(name: &str, value: &str, within: std::ops::RangeInclusive<usize>) -> Result<usize, Refused> {
    let count = value.parse::<usize>().ok().filter(|count| within.contains(count));
    count.ok_or_else(|| Refused::invalid(format!("Invalid {name}: {value}")))
}

/// Which parts of a record are to be written out: the commas of every `expand`.
#[derive(Clone, Debug, Default)]
pub struct Expand(Vec<String>);

impl Expand {
    /// Reads the query's `expand`; what a record has not is passed over.
    pub fn read(call: &Call<'_>) -> Self {
        let all = call.pairs.iter().filter(|(name, _)| name == "expand");
        let names = all.flat_map(|(_, value)| value.split(',')).map(|name| name.trim().to_owned());
        Self(names.filter(|name| !name.is_empty()).collect())
    }

    /// These and nothing else.
    pub fn of(names: &[&str]) -> Self {
        Self(names.iter().map(|name| (*name).to_owned()).collect())
    }

    /// What is asked for below one of these names.
    pub fn below(&self, names: &[&str]) -> Self {
        let inner =
            |one: &String| names.iter().find_map(|name| one.strip_prefix(name)?.strip_prefix('.').map(str::to_owned));
        Self(self.0.iter().filter_map(inner).collect())
    }

    /// Whether `name`, or something below it, is asked for.
    pub fn has(&self, name: &str) -> bool {
        self.0.iter().any(|one| one.strip_prefix(name).is_some_and(|rest| rest.is_empty() || rest.starts_with('.')))
    }
}
