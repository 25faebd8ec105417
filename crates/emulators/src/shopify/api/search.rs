//! The vendor's search syntax, as far as a hub uses it: `field:value` terms with `:>=`, `:>`, `:<=`, `:<`, joined by
//! nothing or `AND`, and alternatives by `OR`. A field that the vendor does not search by is ignored, as the vendor
//! does. Records know which fields they have; this module only reads and compares.

use crate::machine::Millis;

/// How a term compares.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Compare {
    Is,
    AtLeast,
    Above,
    AtMost,
    Below,
}

/// One `field:value`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Term {
    pub(super) field: String,
    pub(super) compare: Compare,
    pub(super) value: String,
}

/// Alternatives, each a list of terms that must all hold.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Search(pub(super) Vec<Vec<Term>>);

impl Search {
    /// Reads a query text. No text finds everything.
    pub(super) fn parse(text: Option<&str>) -> Self {
        let mut alternatives = vec![Vec::new()];
        for word in words(text.unwrap_or("")) {
            match word.as_str() {
                "OR" => alternatives.push(Vec::new()),
                "AND" => {}
                _ => {
                    if let (Some(term), Some(last)) = (term(&word), alternatives.last_mut()) {
                        last.push(term);
                    }
                }
            }
        }
        Self(alternatives)
    }

    /// Whether a record is found. `holds` says whether a term holds for it.
    pub(super) fn finds(&self, holds: impl Fn(&Term) -> bool) -> bool {
        self.0.iter().any(|terms| terms.iter().all(&holds))
    }

    /// The earliest time that `field` may have, when every alternative says one.
    pub(super) fn earliest(&self, field: &str) -> Option<Millis> {
        let lower =
            |terms: &Vec<Term>| terms.iter().filter(|term| term.field == field).filter_map(Term::earliest).max();
        self.0.iter().map(lower).collect::<Option<Vec<_>>>()?.into_iter().min()
    }

    /// The only value that `field` may have.
    pub(super) fn only(&self, field: &str) -> Option<&str> {
        let [terms] = self.0.as_slice() else { return None };
        let term = terms.iter().find(|term| term.field == field && term.compare == Compare::Is)?;
        Some(&term.value)
    }
}

impl Term {
    /// Whether a time holds. The vendor compares whole seconds.
    pub(super) fn time(&self, at: Millis) -> bool {
        let Some(limit) = parse_time(&self.value) else { return false };
        let (at, limit) = (at.div_euclid(1000), limit.div_euclid(1000));
        match self.compare {
            Compare::Is => at == limit,
            Compare::AtLeast => at >= limit,
            Compare::Above => at > limit,
            Compare::AtMost => at <= limit,
            Compare::Below => at < limit,
        }
    }

    /// Whether a text is the value, whatever its case.
    pub(super) fn text(&self, text: &str) -> bool {
        self.value.eq_ignore_ascii_case(text)
    }

    /// Whether an id is the value, which may be a number or a `gid`.
    pub(super) fn id(&self, id: u64) -> bool {
        let number = self.value.rsplit('/').next().unwrap_or("").parse::<u64>();
        number.is_ok_and(|limit| match self.compare {
            Compare::Is => id == limit,
            Compare::AtLeast => id >= limit,
            Compare::Above => id > limit,
            Compare::AtMost => id <= limit,
            Compare::Below => id < limit,
        })
    }

    fn earliest(&self) -> Option<Millis> {
        let at = parse_time(&self.value)?.div_euclid(1000) * 1000;
        match self.compare {
            Compare::Is | Compare::AtLeast => Some(at),
            Compare::Above => Some(at + 1000),
            Compare::AtMost | Compare::Below => None,
        }
    }
}

/// An instant with `Z` or an offset, or a day, which begins at midnight UTC.
fn parse_time(text: &str) -> Option<Millis> {
    if let Ok(instant) = text.parse::<jiff::Timestamp>() {
        return Some(instant.as_millisecond());
    }
    let day: jiff::civil::Date = text.parse().ok()?;
    format!("{day}T00:00:00Z").parse::<jiff::Timestamp>().ok().map(jiff::Timestamp::as_millisecond)
}

/// Words apart by spaces that are not in quotes; parentheses are not words.
fn words(text: &str) -> Vec<String> {
    let mut words = vec![String::new()];
    let mut quote = None;
    for letter in text.chars() {
        match (letter, quote) {
            ('\'' | '"', None) => quote = Some(letter),
            (_, Some(open)) if letter == open => quote = None,
            (' ' | '(' | ')', None) => words.push(String::new()),
            _ => {
                if let Some(word) = words.last_mut() {
                    word.push(letter);
                }
            }
        }
    }
    words.retain(|word| !word.is_empty());
    words
}

fn term(word: &str) -> Option<Term> {
    let (field, rest) = word.split_once(':')?;
    let signs = [
        (">=", Compare::AtLeast),
        ("<=", Compare::AtMost),
        (">", Compare::Above),
        ("<", Compare::Below),
        ("", Compare::Is),
    ];
    let (value, compare) = signs.iter().find_map(|(sign, compare)| Some((rest.strip_prefix(sign)?, *compare)))?;
    Some(Term { field: field.to_owned(), compare, value: value.to_owned() })
}

#[cfg(test)]
mod tests {
    use super::{Compare, Search};

    #[test]
    fn a_time_in_quotes_keeps_its_colons() {
        let search = Search::parse(Some("updated_at:>='2026-11-23T10:15:02+01:00' AND status:any"));
        let terms = &search.0[0];
        assert_eq!(terms[0].compare, Compare::AtLeast);
        assert_eq!(terms[0].value, "2026-11-23T10:15:02+01:00");
        assert_eq!((terms[1].field.as_str(), terms[1].value.as_str()), ("status", "any"));
    }

    #[test]
    fn times_are_compared_by_the_second() {
        let search = Search::parse(Some("updated_at:>2026-11-23T10:15:02Z"));
        let second = jiff::Timestamp::from_second(1_795_428_902).expect("in range").as_millisecond();
        assert!(!search.finds(|term| term.time(second + 999)));
        assert!(search.finds(|term| term.time(second + 1000)));
        assert_eq!(search.earliest("updated_at"), Some(second + 1000));
    }

    #[test]
    fn alternatives_have_no_common_lower_bound_unless_each_says_one() {
        let open = Search::parse(Some("updated_at:>=2026-01-01 OR name:'#1001'"));
        assert_eq!(open.earliest("updated_at"), None);
        assert!(open.finds(|term| term.field == "name" && term.text("#1001")));
    }
}
