//! How R-Series writes scalars and relations in JSON, all ways of it. Used by the shapes beside it.
//!
//! The answers are made from XML: numbers and flags come as text, a relation of one row is an object, of several an
//! array, and an empty one is missing, an empty text, an empty array or an empty object.

use std::fmt;
use std::marker::PhantomData;

use serde::de::value::MapAccessDeserializer;
use serde::de::{Deserialize, Deserializer, Error, IgnoredAny, MapAccess, SeqAccess, Unexpected, Visitor};

/// Most significant digits that a JSON number may have and still mean the number that was written.
const DIGITS_MAX: usize = 15;

/// A scalar as text, trimmed; empty when there is none.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Text(String);

impl Text {
    /// The text.
    pub(crate) fn as_str(&self) -> &str {
        &self.0
    }

    /// Whether there is nothing in it.
    pub(crate) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The text, when there is something in it.
    pub(crate) fn filled(&self) -> Option<&str> {
        Some(self.as_str()).filter(|text| !text.is_empty())
    }
}

struct TextVisitor;

impl<'de> Visitor<'de> for TextVisitor {
    type Value = Text;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a text, number or flag")
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<Text, E> {
        Ok(Text(text.trim().to_owned()))
    }

    fn visit_u64<E: Error>(self, number: u64) -> Result<Text, E> {
        Ok(Text(number.to_string()))
    }

    fn visit_i64<E: Error>(self, number: i64) -> Result<Text, E> {
        Ok(Text(number.to_string()))
    }

    fn visit_f64<E: Error>(self, number: f64) -> Result<Text, E> {
        let text = number.to_string();
        if text.bytes().filter(u8::is_ascii_digit).count() > DIGITS_MAX {
            return Err(E::invalid_value(Unexpected::Float(number), &"a number of at most 15 digits"));
        }
        Ok(Text(text))
    }

    fn visit_bool<E: Error>(self, flag: bool) -> Result<Text, E> {
        Ok(Text(flag.to_string()))
    }

    fn visit_unit<E: Error>(self) -> Result<Text, E> {
        Ok(Text::default())
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Text, A::Error> {
        match seq.next_element::<IgnoredAny>()? {
            None => Ok(Text::default()),
            Some(_) => Err(A::Error::invalid_type(Unexpected::Seq, &self)),
        }
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Text, A::Error> {
        match map.next_key::<IgnoredAny>()? {
            None => Ok(Text::default()),
            Some(_) => Err(A::Error::invalid_type(Unexpected::Map, &self)),
        }
    }
}

impl<'de> Deserialize<'de> for Text {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(TextVisitor)
    }
}

/// The rows of a relation or list: one object, an array of objects, or nothing.
#[derive(Clone, Debug)]
pub(crate) struct Several<T>(pub(crate) Vec<T>);

impl<T> Default for Several<T> {
    fn default() -> Self {
        Self(Vec::new())
    }
}

/// What holds a relation: an object, or nothing.
#[derive(Clone, Debug, Default)]
pub(crate) struct Maybe<T>(pub(crate) T);

/// An object and nothing else: serde would read an array as a struct.
struct Object<T>(T);

struct ObjectVisitor<T>(PhantomData<T>);

impl<'de, T: Deserialize<'de>> Visitor<'de> for ObjectVisitor<T> {
    type Value = Object<T>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<Object<T>, A::Error> {
        T::deserialize(MapAccessDeserializer::new(map)).map(Object)
    }
}

impl<'de, T: Deserialize<'de>> Deserialize<'de> for Object<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(ObjectVisitor(PhantomData))
    }
}

struct SeveralVisitor<T>(PhantomData<T>);

impl<'de, T: Deserialize<'de>> Visitor<'de> for SeveralVisitor<T> {
    type Value = Several<T>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object, several, or nothing")
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<Several<T>, E> {
        if text.trim().is_empty() {
            return Ok(Several::default());
        }
        Err(E::invalid_type(Unexpected::Other("a text"), &self))
    }

    fn visit_unit<E: Error>(self) -> Result<Several<T>, E> {
        Ok(Several::default())
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Several<T>, A::Error> {
        let mut rows = Vec::new();
        while let Some(Object(row)) = seq.next_element()? {
            rows.push(row);
        }
        Ok(Several(rows))
    }

    fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<Several<T>, A::Error> {
        T::deserialize(MapAccessDeserializer::new(map)).map(|row| Several(vec![row]))
    }
}

impl<'de, T: Deserialize<'de>> Deserialize<'de> for Several<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(SeveralVisitor(PhantomData))
    }
}

struct MaybeVisitor<T>(PhantomData<T>);

impl<'de, T: Deserialize<'de> + Default> Visitor<'de> for MaybeVisitor<T> {
    type Value = Maybe<T>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object or nothing")
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<Maybe<T>, E> {
        if text.trim().is_empty() {
            return Ok(Maybe(T::default()));
        }
        Err(E::invalid_type(Unexpected::Other("a text"), &self))
    }

    fn visit_unit<E: Error>(self) -> Result<Maybe<T>, E> {
        Ok(Maybe(T::default()))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Maybe<T>, A::Error> {
        match seq.next_element::<IgnoredAny>()? {
            None => Ok(Maybe(T::default())),
            Some(_) => Err(A::Error::invalid_type(Unexpected::Seq, &self)),
        }
    }

    fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<Maybe<T>, A::Error> {
        T::deserialize(MapAccessDeserializer::new(map)).map(Maybe)
    }
}

impl<'de, T: Deserialize<'de> + Default> Deserialize<'de> for Maybe<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(MaybeVisitor(PhantomData))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(json: &str) -> Option<String> {
        serde_json::from_str::<Text>(json).ok().map(|text| text.0)
    }

    fn rows(json: &str) -> Option<usize> {
        serde_json::from_str::<Several<serde_json::Map<String, serde_json::Value>>>(json).ok().map(|rows| rows.0.len())
    }

    #[test]
    fn a_scalar_is_read_from_every_type_it_may_come_in() {
        let cases = [(r#"" 7 ""#, "7"), ("7", "7"), ("-7", "-7"), ("41.9", "41.9"), ("true", "true"), ("null", "")];
        for (json, expected) in cases {
            assert_eq!(text(json).as_deref(), Some(expected), "{json}");
        }
        assert_eq!(text("[]").as_deref(), Some(""));
        assert_eq!(text("{}").as_deref(), Some(""));
        assert_eq!(text("[1]"), None);
        assert_eq!(text(r#"{"a":1}"#), None);
    }

    #[test]
    fn a_number_that_json_cannot_hold_exactly_is_refused() {
        assert_eq!(text("123456789012.12345"), None);
        assert_eq!(text("1e300"), None);
    }

    #[test]
    fn a_relation_is_one_object_or_several_or_nothing() {
        assert_eq!(rows(r#"{"a":1}"#), Some(1));
        assert_eq!(rows(r#"[{"a":1},{}]"#), Some(2));
        assert_eq!(rows("[]"), Some(0));
        assert_eq!(rows(r#""""#), Some(0));
        assert_eq!(rows("null"), Some(0));
        assert_eq!(rows(r#""x""#), None);
        assert_eq!(rows("[[]]"), None);
        assert_eq!(rows("3"), None);
    }
}
