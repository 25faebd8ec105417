//! Filters of a list: `field=operator,value`.
//!
//! Read with the query, asked by pages of each row as it is shown. They know that every value is a string.

use super::super::clock;
use super::super::resources::{Kind, Resource};
use super::super::wire::{self, Fields, Refused};
use serde_json::Value;
use std::cmp::Ordering;

/// The longest list of `IN`.
const IN_MAX: usize = 100;

/// How a value is compared.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Op {
    /// `=`
    Equal,
    /// `!=`
    Unequal,
    /// `>`
    Above,
    /// `>=`
    AtLeast,
    /// `<`
    Below,
    /// `<=`
    AtMost,
    /// `><`, both ends included
    Between,
    /// `~`
    Like,
    /// `!~`
    Unlike,
    /// `IN`
    In,
}

impl Op {
    /// Whether it asks for a stretch of values rather than for single ones.
    pub fn is_range(self) -> bool {
        matches!(self, Self::Above | Self::AtLeast | Self::Below | Self::AtMost | Self::Between)
    }
}

/// Longer signs first, since `>` begins three of them.
const SIGNS: [(&str, Op); 10] = [
    ("><", Op::Between),
    (">=", Op::AtLeast),
    ("<=", Op::AtMost),
    ("!=", Op::Unequal),
    ("!~", Op::Unlike),
    ("IN", Op::In),
    (">", Op::Above),
    ("<", Op::Below),
    ("~", Op::Like),
    ("=", Op::Equal),
];

/// One condition.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Filter {
    /// Member of the row, or `Relation.member`.
    pub field: String,
    /// How it is compared.
    pub op: Op,
    /// With what: two for `><`, up to a hundred for `IN`, one otherwise.
    pub values: Vec<String>,
    /// Whether the member holds words, in which `007` and `7` are two.
    words: bool,
}

impl Filter {
    /// Reads one parameter.
    ///
    /// # Errors
    /// 400 for an unknown member, a list that is too long, a time that is none.
    pub fn read(field: &str, value: &str, resource: &Resource) -> Result<Self, Refused> {
        let related = field.split_once('.').map(|(relation, _)| relation);
        let known = match related {
            Some(relation) => resource.relations.iter().any(|known| known.path == relation),
            None => resource.knows(field),
        };
        if !known {
            return Err(Refused::malformed(format!("{field} is not a field of {}.", resource.name)));
        }
        let signed = |(sign, op): &(&str, Op)| Some((*op, value.strip_prefix(sign)?.strip_prefix(',')?));
        let (op, operand) = SIGNS.iter().find_map(signed).unwrap_or((Op::Equal, value));
        let mut values = read_values(op, operand)?;
        let kind = resource.position(field).map(|position| resource.fields[position].kind);
        let words = kind == Some(Kind::Text);
        if kind.is_some_and(Kind::is_time) && !matches!(op, Op::Like | Op::Unlike) {
            values = values.iter().map(|value| read_time(field, value)).collect::<Result<_, _>>()?;
        }
        // The reference page spells it small, the answers do not.
        let field = if field == "updatetime" { "updateTime" } else { field };
        Ok(Self { field: field.to_owned(), op, values, words })
    }

    /// Whether a row, as it is shown, meets the condition. A member that a row lacks meets none but the negative ones.
    pub fn holds(&self, row: &Fields) -> bool {
        match self.field.split_once('.') {
            None => self.admits(row.get(&self.field).and_then(Value::as_str)),
            Some((relation, member)) => {
                let related = row.get(relation);
                let rows = related.into_iter().flat_map(related_rows);
                rows.into_iter().any(|row| self.admits(row.get(member).and_then(Value::as_str)))
            }
        }
    }

    fn admits(&self, shown: Option<&str>) -> bool {
        let Some(shown) = shown else { return matches!(self.op, Op::Unequal | Op::Unlike) };
        let first = self.values.first().map_or("", String::as_str);
        let order = |value: &str| {
            if self.words { shown.to_lowercase().cmp(&value.to_lowercase()) } else { compare(shown, value) }
        };
        match self.op {
            Op::Equal => order(first) == Ordering::Equal,
            Op::Unequal => order(first) != Ordering::Equal,
            Op::Above => order(first) == Ordering::Greater,
            Op::AtLeast => order(first) != Ordering::Less,
            Op::Below => order(first) == Ordering::Less,
            Op::AtMost => order(first) != Ordering::Greater,
            Op::Between => {
                let last = self.values.last().map_or("", String::as_str);
                order(first) != Ordering::Less && order(last) != Ordering::Greater
            }
            Op::Like => like(shown, first),
            Op::Unlike => !like(shown, first),
            Op::In => self.values.iter().any(|value| order(value) == Ordering::Equal),
        }
    }
}

/// Reads `or`: alternatives divided by `|`, each escaped once more.
///
/// # Errors
/// As for a filter; and 400 when an alternative has no `=`.
pub fn read_any(text: &str, resource: &Resource) -> Result<Vec<Filter>, Refused> {
    let read = |alternative: &str| {
        let (field, value) =
            alternative.split_once('=').ok_or_else(|| Refused::malformed("or must be field=value|field=value."))?;
        Filter::read(&wire::decode(field, false), &wire::decode(value, false), resource)
    };
    text.split('|').map(read).collect()
}

fn read_values(op: Op, operand: &str) -> Result<Vec<String>, Refused> {
    match op {
        Op::In => read_list(operand),
        Op::Between => {
            let (low, high) = operand
                .split_once(',')
                .ok_or_else(|| Refused::malformed("The between operator needs two values: ><,low,high."))?;
            Ok(vec![low.to_owned(), high.to_owned()])
        }
        _ => Ok(vec![operand.to_owned()]),
    }
}

fn read_list(operand: &str) -> Result<Vec<String>, Refused> {
    let values: Vec<String> = match serde_json::from_str(operand) {
        Ok(Value::Array(values)) => {
            values.iter().map(|value| value.as_str().map_or_else(|| value.to_string(), str::to_owned)).collect()
        }
        _ => operand.split(',').map(|value| value.trim().to_owned()).collect(),
    };
    if values.len() > IN_MAX {
        return Err(Refused::malformed("A maximum of 100 values may be passed to the IN operator."));
    }
    Ok(values)
}

/// A time as it is shown, so that it can be compared as text.
fn read_time(field: &str, value: &str) -> Result<String, Refused> {
    let at = clock::read(value);
    at.map(clock::iso).ok_or_else(|| Refused::malformed(format!("{field} must be an ISO 8601 time: {value:?}.")))
}

/// By number where both are numbers, otherwise by letter without regard to case; `1` and `0` also name true and false.
pub fn compare(shown: &str, value: &str) -> Ordering {
    if let (Ok(shown), Ok(value)) = (shown.parse::<f64>(), value.parse::<f64>()) {
        return shown.total_cmp(&value);
    }
    let value = match (shown, value) {
        ("true" | "false", "1") => "true",
        ("true" | "false", "0") => "false",
        _ => value,
    };
    shown.to_lowercase().cmp(&value.to_lowercase())
}

/// `%` stands for anything; without one the value is a beginning.
fn like(shown: &str, pattern: &str) -> bool {
    let (shown, pattern) = (shown.to_lowercase(), pattern.to_lowercase());
    if !pattern.contains('%') {
        return shown.starts_with(&pattern);
    }
    let parts: Vec<&str> = pattern.split('%').collect();
    let (first, last) = (parts[0], parts[parts.len() - 1]);
    let Some(mut rest) = shown.strip_prefix(first) else { return false };
    for part in &parts[1..parts.len() - 1] {
        match rest.find(part) {
            Some(at) => rest = &rest[at + part.len()..],
            None => return false,
        }
    }
    rest.ends_with(last)
}

/// Rows of a loaded relation: one object, or one or many under the only member of a wrapper.
fn related_rows(related: &Value) -> Vec<&Fields> {
    let Value::Object(wrapper) = related else { return Vec::new() };
    match wrapper.values().next() {
        Some(Value::Array(rows)) if wrapper.len() == 1 => rows.iter().filter_map(Value::as_object).collect(),
        Some(Value::Object(row)) if wrapper.len() == 1 => vec![row],
        _ => vec![wrapper],
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pattern_stands_for_anything_where_it_has_a_per_cent_sign() {
        for (shown, pattern, holds) in [
            ("Blue mug", "%MUG", true),
            ("Blue mug", "blue%", true),
            ("Blue mug", "b%e%g", true),
            ("Blue mug", "%cup%", false),
            ("Blue mug", "blue", true),
            ("Blue mug", "mug", false),
        ] {
            assert_eq!(like(shown, pattern), holds, "{shown} ~ {pattern}");
        }
    }

    #[test]
    fn numbers_are_compared_as_numbers() {
        assert_eq!(compare("9", "10"), Ordering::Less);
        assert_eq!(compare("-2", "0"), Ordering::Less);
        assert_eq!(compare("Abc", "abc"), Ordering::Equal);
        assert_eq!(compare("true", "1"), Ordering::Equal);
    }
}
