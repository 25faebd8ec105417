//! Which elements of a refused request the refusal names. It knows no batch: elements are known by their place in the
//! request and by their ids.
//!
//! The platform refuses a request as a whole and names the culprits in its text ("Item with variant_id 106 is tracked by
//! product…", "Items with identity: [product_id 113] requires absolute adjustment…") or in the path of a field
//! (`items.0.quantity`).

use std::collections::BTreeMap;

use crate::bigcommerce::trouble::Refusal;

/// An element of a request.
#[derive(Clone, Debug)]
pub(super) struct Element {
    /// The field by which it is named, and the id.
    pub(super) name: (&'static str, u64),
}

/// The places of the elements that are named, each with what is said of it.
pub(super) fn named(refusal: &Refusal, elements: &[Element]) -> BTreeMap<usize, String> {
    let mut found = BTreeMap::new();
    for (field, text) in &refusal.texts {
        let by_id = ids(text);
        let by_field = ids(field);
        for (place, element) in elements.iter().enumerate() {
            let (name, id) = element.name;
            if by_id.contains(&(name, id)) || by_field.contains(&(name, id)) || place_in(field) == Some(place) {
                found.entry(place).or_insert_with(|| text.clone());
            }
        }
    }
    found
}

/// Ids in a text, by the word before each: `variant_id 106`, `product_id: [113, 114]`.
fn ids(text: &str) -> Vec<(&'static str, u64)> {
    let mut found = Vec::new();
    let mut name = None;
    for word in text.split(|c: char| !c.is_alphanumeric() && c != '_').filter(|word| !word.is_empty()) {
        name = match (word, word.parse::<u64>(), name) {
            ("variant_id", _, _) => Some("variant_id"),
            ("product_id", _, _) => Some("product_id"),
            (_, Ok(id), Some(name)) => {
                found.push((name, id));
                Some(name)
            }
            _ => None,
        };
    }
    found
}

/// The place in a field's path: `items.3.quantity`, `items[3]`, `3.price`.
fn place_in(field: &str) -> Option<usize> {
    let mut parts = field.split(|c: char| !c.is_alphanumeric() && c != '_').filter(|part| !part.is_empty());
    parts.find_map(|part| part.parse().ok())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_are_read_from_the_platforms_own_sentences() {
        let tracked = "[Item with variant_id 106 is tracked by product, please update stock by product id]";
        assert_eq!(ids(tracked), [("variant_id", 106)]);
        let first =
            "Items with identity: [product_id 113, product_id 114] requires absolute adjustment before relative";
        assert_eq!(ids(first), [("product_id", 113), ("product_id", 114)]);
        assert_eq!(ids("variant_id: [7, 8] of 9"), [("variant_id", 7), ("variant_id", 8)]);
        assert_eq!(ids("106 is wrong"), []);
    }

    #[test]
    fn places_are_read_from_paths() {
        assert_eq!(place_in("items.3.quantity"), Some(3));
        assert_eq!(place_in("items[12]"), Some(12));
        assert_eq!(place_in("quantity"), None);
        assert_eq!(place_in("items.99999999999999999999999"), None);
    }
}
