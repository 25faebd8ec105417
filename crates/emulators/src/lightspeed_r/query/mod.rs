//! What a list is asked for: filters, order, page, relations.
//!
//! Read from the query string by the door, carried out by [`page`]. It knows the words of the contract, not the rows.

mod cursor;
mod filter;
pub mod page;

pub use cursor::Cursor;
pub use filter::{Filter, Op};

use super::resources::Resource;
use super::wire::{self, Refused};
use serde_json::Value;

/// The longest page, and the usual one.
pub const LIMIT_MAX: usize = 100;

/// Which rows a list shows.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Shown {
    /// Those that are not archived.
    #[default]
    Live,
    /// All.
    All,
    /// Archived ones only.
    Archived,
}

/// A query string, read.
#[derive(Clone, Debug, Default)]
pub struct Query {
    /// As it was sent, for the links to other pages.
    pub pairs: Vec<(String, String)>,
    /// All of these must hold.
    pub filters: Vec<Filter>,
    /// One of these must hold, when there are any.
    pub any: Vec<Filter>,
    /// Member, and whether downwards.
    pub sort: Option<(String, bool)>,
    /// Rows of a page.
    pub limit: Option<usize>,
    /// Where the page begins.
    pub cursor: Option<Cursor>,
    /// Which rows.
    pub shown: Shown,
    /// Only the number of rows is asked for.
    pub count: bool,
    /// Relations to load.
    pub relations: Vec<String>,
}

impl Query {
    /// Reads a query for a list or row of this resource.
    ///
    /// # Errors
    /// 400 for everything that the vendor does not know.
    pub fn read(query: &str, resource: &Resource) -> Result<Self, Refused> {
        let mut read = Self { pairs: wire::pairs(query), ..Self::default() };
        for (position, (name, value)) in read.pairs.clone().iter().enumerate() {
            if read.pairs[..position].iter().any(|(earlier, _)| earlier == name) {
                return Err(Refused::malformed(format!("The parameter {name} was given twice.")));
            }
            read.take(name, value, resource)?;
        }
        let paging = read.sort.is_some() || read.limit.is_some() || read.cursor.is_some();
        if read.count && paging {
            return Err(Refused::malformed("count cannot be combined with after, before, limit or sort."));
        }
        Ok(read)
    }

    fn take(&mut self, name: &str, value: &str, resource: &Resource) -> Result<(), Refused> {
        match name {
            "limit" => self.limit = Some(read_limit(value)?),
            "sort" => self.sort = Some(read_sort(value, resource)?),
            "after" | "before" if self.cursor.is_some() => {
                return Err(Refused::malformed("after and before cannot be combined."));
            }
            "after" => self.cursor = Some(Cursor::decode(value, true)?),
            "before" => self.cursor = Some(Cursor::decode(value, false)?),
            "archived" | "archive" => self.shown = read_shown(value)?,
            "count" => self.count = value == "1",
            "load_relations" => self.relations = read_relations(value, resource)?,
            "or" => self.any = filter::read_any(value, resource)?,
            "offset" | "orderby" | "orderby_desc" => {
                return Err(Refused::malformed(format!("The parameter {name} was removed in V3.")));
            }
            _ => self.filters.push(Filter::read(name, value, resource)?),
        }
        Ok(())
    }

    /// Whether a relation is loaded.
    pub fn loads(&self, path: &str) -> bool {
        self.relations.iter().any(|loaded| loaded == path)
    }

    /// The values that this member must have one of, when a filter says so.
    pub fn exact(&self, field: &str) -> Option<&[String]> {
        let exact = |filter: &&Filter| filter.field == field && matches!(filter.op, Op::Equal | Op::In);
        Some(&self.filters.iter().find(exact)?.values)
    }
}

fn read_limit(value: &str) -> Result<usize, Refused> {
    let limit = value.parse().ok().filter(|limit| *limit <= LIMIT_MAX);
    limit.ok_or_else(|| Refused::malformed("limit must be between 0 and 100."))
}

fn read_sort(value: &str, resource: &Resource) -> Result<(String, bool), Refused> {
    let (field, down) = match value.strip_prefix('-') {
        Some(field) => (field, true),
        None => (value, false),
    };
    if !resource.sortable.contains(&field) {
        let allowed = resource.sortable.join(", ");
        return Err(Refused::malformed(format!("Cannot sort by {field}. Allowed sort parameters: {allowed}.")));
    }
    Ok((field.to_owned(), down))
}

fn read_shown(value: &str) -> Result<Shown, Refused> {
    match value {
        "true" | "1" => Ok(Shown::All),
        "false" | "0" => Ok(Shown::Live),
        "only" => Ok(Shown::Archived),
        _ => Err(Refused::malformed("archived must be true, false or only.")),
    }
}

fn read_relations(value: &str, resource: &Resource) -> Result<Vec<String>, Refused> {
    let known: Vec<&str> = resource.relations.iter().map(|relation| relation.path).collect();
    if value == "all" {
        // Custom fields are loaded by name only.
        let all = known.into_iter().filter(|path| !path.starts_with("CustomFieldValues"));
        return Ok(all.map(str::to_owned).collect());
    }
    let malformed = || Refused::malformed("load_relations must be a JSON array of relations, or all.");
    let Ok(Value::Array(asked)) = serde_json::from_str(value) else { return Err(malformed()) };
    let mut paths = Vec::new();
    for path in asked {
        let path = path.as_str().ok_or_else(malformed)?;
        if !known.contains(&path) {
            return Err(Refused::malformed(format!("{path} is not a relation of {}.", resource.name)));
        }
        paths.push(path.to_owned());
    }
    Ok(paths)
}
