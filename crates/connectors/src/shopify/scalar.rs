//! The small values in Shopify's JSON, each checked when it is read, and the one place where JSON is parsed.
//!
//! Called by this folder's `rest`, `graph`, `reply` and `webhook`. Knows nothing of orders or stock. A number that
//! should be whole and is not, is below zero or is absurdly large is refused here, with the path of its field.

use model::{Currency, Instant, Level, Money, Quantity};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Deserializer, Serialize};

use crate::Unreadable;

/// The largest quantity Shopify itself accepts in one place (`INVALID_QUANTITY_TOO_HIGH`, Admin API 2026-10).
const UNITS_MAX: i64 = 1_000_000_000;

/// A numeric id of the REST shapes: a positive integer of up to 64 bits, never a double.
/// <https://shopify.dev/docs/api/admin-rest#ids>
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(try_from = "u64")]
pub(super) struct Id(u64);

impl TryFrom<u64> for Id {
    type Error = &'static str;

    fn try_from(number: u64) -> Result<Self, Self::Error> {
        if number == 0 { Err("zero is not an id") } else { Ok(Self(number)) }
    }
}

impl Id {
    /// As text, the form in which the hub keeps ids.
    pub(super) fn text(self) -> String {
        self.0.to_string()
    }
}

/// A global id of the GraphQL shapes, `gid://shopify/Order/5512`, possibly with a query part.
/// <https://shopify.dev/docs/api/usage/gids>
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub(super) struct Gid {
    text: String,
    start: usize,
    end: usize,
}

impl TryFrom<String> for Gid {
    type Error = &'static str;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        const NOT_ONE: &str = "not an id like gid://shopify/Order/1";
        let tail = text.strip_prefix("gid://shopify/").ok_or(NOT_ONE)?;
        let (_, number) = tail.split_once('/').ok_or(NOT_ONE)?;
        let digits = number.bytes().take_while(u8::is_ascii_digit).count();
        if digits == 0 || !matches!(number.as_bytes().get(digits), None | Some(b'?')) {
            return Err(NOT_ONE);
        }
        let start = text.len() - number.len();
        Ok(Self { start, end: start + digits, text })
    }
}

impl From<Gid> for String {
    fn from(gid: Gid) -> Self {
        gid.text
    }
}

impl Gid {
    /// The whole id, for asking about it again.
    pub(super) fn whole(&self) -> &str {
        &self.text
    }

    /// Only its number, the form in which the hub keeps ids.
    pub(super) fn number(&self) -> &str {
        &self.text[self.start..self.end]
    }
}

/// A count of units: whole, zero or more.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "i64")]
pub(super) struct Count(pub(super) u32);

impl TryFrom<i64> for Count {
    type Error = &'static str;

    fn try_from(number: i64) -> Result<Self, Self::Error> {
        match u32::try_from(number) {
            Ok(units) if number <= UNITS_MAX => Ok(Self(units)),
            Ok(_) => Err("more than a thousand million units"),
            Err(_) if number < 0 => Err("below zero"),
            Err(_) => Err("more than a thousand million units"),
        }
    }
}

impl Count {
    /// In our words.
    pub(super) fn quantity(self) -> Quantity {
        Quantity::units(self.0)
    }
}

/// A level: whole units, below zero when more was sold than was known.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(try_from = "i64")]
pub(super) struct Units(i32);

impl TryFrom<i64> for Units {
    type Error = &'static str;

    fn try_from(number: i64) -> Result<Self, Self::Error> {
        match i32::try_from(number) {
            Ok(units) if number.abs() <= UNITS_MAX => Ok(Self(units)),
            Ok(_) | Err(_) => Err("more than a thousand million units"),
        }
    }
}

impl Units {
    /// In our words.
    pub(super) fn level(self) -> Level {
        Level::units(self.0)
    }
}

/// A moment: ISO 8601 with an offset. Kept as text so that a cursor gives back what was read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(try_from = "String")]
pub(super) struct Stamp(pub(super) Instant);

impl TryFrom<String> for Stamp {
    type Error = &'static str;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        Instant::parse(&text).map(Self).map_err(|_| "not an ISO 8601 time with an offset")
    }
}

impl Serialize for Stamp {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(&self.0)
    }
}

/// An amount of money: a decimal in a string, for example `"41.90"`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub(super) struct Amount(String);

impl Amount {
    /// # Errors
    /// When it is no exact amount of that currency; `field` is its path.
    pub(super) fn money(&self, currency: Currency, field: impl FnOnce() -> String) -> Result<Money, Unreadable> {
        Money::parse(&self.0, currency)
            .ok_or_else(|| unreadable(field(), "not an exact decimal amount in its currency".to_owned()))
    }
}

/// # Errors
/// When the code is not three letters; `field` is its path.
pub(super) fn currency(code: &str, field: &str) -> Result<Currency, Unreadable> {
    Currency::parse(code).ok_or_else(|| unreadable(field.to_owned(), "not a currency code of three letters".to_owned()))
}

/// For a field that may be null and must be there: if it could be left out, its absence would be read as news, for
/// example that an item is not counted.
///
/// # Errors
/// When the value is not what it should be.
pub(super) fn present<'de, D: Deserializer<'de>, T: Deserialize<'de>>(reader: D) -> Result<Option<T>, D::Error> {
    Option::deserialize(reader)
}

/// The reason with its path.
pub(super) fn unreadable(field: String, problem: String) -> Unreadable {
    Unreadable { field, problem }
}

/// Reads a whole body.
///
/// # Errors
/// With the path of the first field that is not what we need.
pub(super) fn parse<T: DeserializeOwned>(body: &[u8]) -> Result<T, Unreadable> {
    // Noting the path at every field takes as long again as the reading: it is done only when there is an error to tell.
    serde_json::from_slice(body).or_else(|_| parse_noting_paths(body))
}

fn parse_noting_paths<T: DeserializeOwned>(body: &[u8]) -> Result<T, Unreadable> {
    let mut reader = serde_json::Deserializer::from_slice(body);
    let value = serde_path_to_error::deserialize(&mut reader).map_err(|error| told(&error, ""))?;
    match reader.end() {
        Ok(()) => Ok(value),
        Err(_) => Err(unreadable(String::new(), "something follows the JSON value".to_owned())),
    }
}

/// Reads a part of a body that was kept as a value; `root` is the path to it.
///
/// # Errors
/// With the path of the first field that is not what we need.
pub(super) fn parse_part<T: DeserializeOwned>(part: serde_json::Value, root: &str) -> Result<T, Unreadable> {
    serde_path_to_error::deserialize(part).map_err(|error| told(&error, root))
}

fn told(error: &serde_path_to_error::Error<serde_json::Error>, root: &str) -> Unreadable {
    let path = error.path().to_string();
    let field = match (root.is_empty(), path == ".") {
        (true, true) => String::new(),
        (true, false) => path,
        (false, true) => root.to_owned(),
        (false, false) if path.starts_with('[') => format!("{root}{path}"),
        (false, false) => format!("{root}.{path}"),
    };
    unreadable(field, without_values(&error.inner().to_string()))
}

/// Parser messages quote what they found, and what they found may be somebody's name or address: only its kind stays.
fn without_values(message: &str) -> String {
    let message = message.rfind(" at line ").map_or(message, |at| &message[..at]);
    let Some(at) = message.rfind(", expected ") else {
        return message.to_owned();
    };
    let (found, wanted) = message.split_at(at);
    let kind = found.find(['"', '`']).map_or(found, |quote| &found[..quote]);
    format!("{}{wanted}", kind.trim_end())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_gid_gives_its_number_and_keeps_its_query_part() {
        let gid = Gid::try_from("gid://shopify/InventoryLevel/9911?inventory_item_id=45100".to_owned()).expect("gid");
        assert_eq!((gid.number(), gid.whole().len()), ("9911", 57));
        for wrong in [
            "",
            "9911",
            "gid://shopify/Order/",
            "gid://shopify/Order/x1",
            "gid://shopify/Order/1x",
            "gid://other/Order/1",
        ] {
            assert!(Gid::try_from(wrong.to_owned()).is_err(), "{wrong}");
        }
    }

    #[test]
    fn counts_are_whole_and_not_below_zero() {
        let read = |text: &str| parse::<Count>(text.as_bytes()).map(|count| count.0).map_err(|error| error.problem);
        assert_eq!(read("3"), Ok(3));
        assert_eq!(read("-1"), Err("below zero".to_owned()));
        assert_eq!(read("1000000001"), Err("more than a thousand million units".to_owned()));
        assert_eq!(read("1.0"), Err("invalid type: floating point, expected i64".to_owned()));
        assert_eq!(read("99999999999999999999999"), Err("invalid type: floating point, expected i64".to_owned()));
        assert_eq!(read("null"), Err("invalid type: null, expected i64".to_owned()));
    }

    #[test]
    fn what_was_found_is_not_repeated_in_the_reason() {
        let error = parse::<Id>(br#""somebody@example.test, expected nothing""#).expect_err("no id");
        assert_eq!(error.problem, "invalid type: string, expected u64");
    }
}
