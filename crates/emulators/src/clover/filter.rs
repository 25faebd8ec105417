//! Filters of a list: one comparison each, of a field with a value.
//!
//! Used by `query` and `shelf`. It knows no record; a record shows it [`Field`]s.

use super::quantity::Quantity;
use super::wire::Refused;
use std::cmp::Ordering;

/// One value of a record, as a filter or an order sees it.
#[derive(Clone, Debug, PartialEq)]
pub enum Field {
    /// The record has none.
    None,
    /// Money, times, counts.
    Whole(i64),
    /// Names and ids; compared without regard to case.
    Text(String),
    /// Yes or no.
    Flag(bool),
    /// Stock.
    Decimal(Quantity),
    /// Several, one of which has to match.
    Many(Vec<Field>),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Sign {
    Equal,
    Unequal,
    AtLeast,
    AtMost,
    Above,
    Below,
    Like,
    In,
}

const SIGNS: [(&str, Sign); 8] = [
    (">=", Sign::AtLeast),
    ("<=", Sign::AtMost),
    ("!=", Sign::Unequal),
    ("=", Sign::Equal),
    (">", Sign::Above),
    ("<", Sign::Below),
    ("LIKE ", Sign::Like),
    ("IN ", Sign::In),
];

/// One `filter`.
#[derive(Clone, Debug)]
pub struct Filter {
    /// The field's name.
    pub field: String,
    sign: Sign,
    value: String,
}

impl Filter {
    /// Reads `field>=value` and its like; `fields` are those that may be named.
    ///
    /// # Errors
    /// 400 for another field, or for what is no comparison.
    pub fn read(text: &str, fields: &[&str]) -> Result<Self, Refused> {
        let broken = || Refused::invalid(format!("Invalid filter: {text}"));
        let end = text.find(|sign: char| !(sign.is_ascii_alphanumeric() || sign == '.' || sign == '_'));
        let (field, rest) = text.split_at(end.ok_or_else(broken)?);
        if !fields.contains(&field) {
            return Err(Refused::invalid(format!("Unsupported filter field: {field}")));
        }
        let rest = rest.trim_start();
        let found = SIGNS.iter().find_map(|(sign, meaning)| rest.strip_prefix(sign).map(|value| (*meaning, value)));
        let (sign, value) = found.ok_or_else(broken)?;
        Ok(Self { field: field.to_owned(), sign, value: unquoted(value).to_owned() })
    }

    /// The least and the greatest whole number that it lets its field be; `None` when it is no bound.
    pub fn bounds(&self) -> Option<(i64, i64)> {
        let value = self.value.parse::<i64>().ok()?;
        match self.sign {
            Sign::Equal => Some((value, value)),
            Sign::AtLeast => Some((value, i64::MAX)),
            Sign::Above => Some((value.saturating_add(1), i64::MAX)),
            Sign::AtMost => Some((i64::MIN, value)),
            Sign::Below => Some((i64::MIN, value.saturating_sub(1))),
            Sign::Unequal | Sign::Like | Sign::In => None,
        }
    }

    /// The one value that it lets its field be.
    pub fn exactly(&self) -> Option<&str> {
        (self.sign == Sign::Equal).then_some(self.value.as_str())
    }

    /// Whether a record with this value of the field passes.
    pub fn admits(&self, field: &Field) -> bool {
        match (self.sign, field) {
            (Sign::Unequal, Field::Many(all)) => all.iter().all(|one| self.admits(one)),
            (_, Field::Many(all)) => all.iter().any(|one| self.admits(one)),
            (Sign::In, _) => in_list(&self.value).any(|value| compare(field, value) == Some(Ordering::Equal)),
            (Sign::Like, Field::Text(text)) => is_like(text, &self.value),
            (Sign::Like, _) => false,
            (Sign::Unequal, _) => compare(field, &self.value) != Some(Ordering::Equal),
            (Sign::Equal, Field::None) => self.value.is_empty() || self.value.eq_ignore_ascii_case("null"),
            (sign, _) => compare(field, &self.value).is_some_and(|ordering| match sign {
                Sign::Equal => ordering.is_eq(),
                Sign::AtLeast => ordering.is_ge(),
                Sign::AtMost => ordering.is_le(),
                Sign::Above => ordering.is_gt(),
                Sign::Below => ordering.is_lt(),
                Sign::Unequal | Sign::Like | Sign::In => false,
            }),
        }
    }
}

/// `None` when the two have nothing to do with each other.
fn compare(field: &Field, value: &str) -> Option<Ordering> {
    match field {
        Field::None | Field::Many(_) => None,
        Field::Whole(own) => value.parse::<i64>().ok().map(|value| own.cmp(&value)),
        Field::Text(own) => Some(own.to_lowercase().cmp(&value.to_lowercase())),
        Field::Flag(own) => value.parse::<bool>().ok().map(|value| own.cmp(&value)),
        Field::Decimal(own) => Quantity::parse(value).map(|value| own.cmp(&value)),
    }
}

/// Orders two records by one of their fields; what has none comes first.
pub fn rank(one: &Field, other: &Field) -> Ordering {
    match (one, other) {
        (Field::Whole(one), Field::Whole(other)) => one.cmp(other),
        (Field::Text(one), Field::Text(other)) => one.cmp(other),
        (Field::Flag(one), Field::Flag(other)) => one.cmp(other),
        (Field::Decimal(one), Field::Decimal(other)) => one.cmp(other),
        (Field::None, Field::None) => Ordering::Equal,
        (Field::None, _) => Ordering::Less,
        (_, Field::None) => Ordering::Greater,
        _ => Ordering::Equal,
    }
}

/// `%` stands for anything, at either end.
fn is_like(text: &str, pattern: &str) -> bool {
    let (text, pattern) = (text.to_lowercase(), pattern.to_lowercase());
    let inner = pattern.trim_matches('%');
    match (pattern.starts_with('%'), pattern.ends_with('%')) {
        (true, true) => text.contains(inner),
        (true, false) => text.ends_with(inner),
        (false, true) => text.starts_with(inner),
        (false, false) => text == inner,
    }
}

fn in_list(value: &str) -> impl Iterator<Item = &str> {
    value.trim().trim_start_matches('(').trim_end_matches(')').split(',').map(|one| unquoted(one.trim()))
}

fn unquoted(value: &str) -> &str {
    ['\'', '"'].iter().find_map(|sign| value.strip_prefix(*sign)?.strip_suffix(*sign)).unwrap_or(value)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn filter(text: &str) -> Filter {
        Filter::read(text, &["modifiedTime", "name", "id", "itemStock.quantity"]).expect("a filter")
    }

    #[test]
    fn filters_compare_as_the_field_does() {
        assert!(filter("modifiedTime>=100").admits(&Field::Whole(100)));
        assert!(!filter("modifiedTime<100").admits(&Field::Whole(100)));
        assert!(filter("modifiedTime<=100").admits(&Field::Whole(100)));
        assert!(!filter("modifiedTime>100").admits(&Field::Whole(100)));
        assert!(filter("itemStock.quantity<2.5").admits(&Field::Decimal(Quantity::ONE)));
        assert!(filter("name LIKE %ug%").admits(&Field::Text("Mug".into())));
        assert!(filter("id IN (\"A\",\"B\")").admits(&Field::Text("B".into())));
        assert!(!filter("id!=B").admits(&Field::Text("B".into())));
        assert!(!filter("modifiedTime=abc").admits(&Field::Whole(100)));
    }

    #[test]
    fn a_field_that_is_not_on_the_vendors_list_is_refused() {
        assert!(Filter::read("touched=1", &["modifiedTime"]).is_err());
        assert!(Filter::read("modifiedTime", &["modifiedTime"]).is_err());
    }
}
