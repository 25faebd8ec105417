//! The blocks a record belongs to: what two records must share to be compared at all. Called by the index.
//!
//! Wide on purpose: what no block joins can never be found (blocking recall is the ceiling of every linkage). A cell
//! that grows too large is divided by further attributes ([`attributes`]), never dropped.

use super::compare::Look;
use super::contact;
use super::field::Field;
use super::values::{Slots, ValueId, mix};

/// A block: its hash, and the fields (as bits) that its members share by construction.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Key {
    /// Hash of the rule and the shared values.
    pub hash: u64,
    /// Fields it is made of.
    pub fields: u32,
    /// Records above which its cell is divided.
    pub full: u32,
    /// Whether it is a name alone: then the rules that join the name with something else divide it already.
    pub alone: bool,
}

/// Records in a cell above which it is divided; of names alone, which join many who have nothing else in common.
const FULL: u32 = 100;
const FULL_OF_NAME: u32 = 40;

/// How many attributes divide a large cell.
pub const ATTRIBUTES: usize = 7;

/// Attributes that divide large cells, as hashes, 0 for not known; with the field of each.
pub fn attributes(look: Look<'_>, slots: &Slots) -> [(u64, Field); ATTRIBUTES] {
    let value = |field: Field| slots[field.place()];
    let whole = |field: Field| (if value(field) == 0 { 0 } else { text(look, value(field)) }, field);
    [
        whole(Field::Birth),
        whole(Field::Street),
        whole(Field::Postcode),
        whole(Field::Email),
        (u64::from(look.get(value(Field::Family)).sound), Field::Family),
        (u64::from(look.get(value(Field::Given)).sound), Field::Given),
        whole(Field::City),
    ]
}

/// Hash of a value's text: the same for a value that is only asked about.
fn text(look: Look<'_>, id: ValueId) -> u64 {
    model::stable_hash(&[look.get(id).text.as_bytes()])
}

/// Parts of the fields that the rules are made of; 0 is not known.
struct Parts {
    given: u64,
    given_sound: u64,
    family: u64,
    family_sound: u64,
    first_family: u64,
    house: u64,
    street: u64,
    street_sound: u64,
    city: u64,
    postcode: u64,
    area: u64,
}

/// The blocks of a record, without repetition of a rule.
pub fn keys(look: Look<'_>, slots: &Slots, into: &mut Vec<Key>) {
    into.clear();
    let known = |field: Field| look.get(slots[field.place()]);
    let hash = |field: Field| if slots[field.place()] == 0 { 0 } else { text(look, slots[field.place()]) };
    let part = |text: &str| if text.is_empty() { 0 } else { model::stable_hash(&[text.as_bytes()]) };
    let parts = Parts {
        given: hash(Field::Given),
        given_sound: u64::from(known(Field::Given).sound),
        family: hash(Field::Family),
        family_sound: u64::from(known(Field::Family).sound),
        first_family: u64::from(known(Field::Family).text.bytes().next().unwrap_or(0)),
        house: part(known(Field::Number).words().next().unwrap_or_default()),
        street: hash(Field::Street),
        street_sound: u64::from(known(Field::Street).sound),
        city: u64::from(known(Field::City).sound),
        postcode: hash(Field::Postcode),
        area: part(contact::area(&known(Field::Postcode).text)),
    };
    people(&parts, into);
    places(&parts, into);
    identifiers(look, slots, &parts, into);
}

fn rule(into: &mut Vec<Key>, number: u64, fields: &[Field], parts: &[u64]) {
    if parts.iter().all(|part| *part != 0) {
        let hash = parts.iter().fold(mix(0, number), |hash, part| mix(hash, *part));
        let full = if matches!(number, 1 | 2 | 14) { FULL_OF_NAME } else { FULL };
        let fields = fields.iter().fold(0, |bits, field| bits | field.bit());
        into.push(Key { hash, fields, full, alone: number <= 2 });
    }
}

fn people(parts: &Parts, into: &mut Vec<Key>) {
    use Field::{Family, Given, Postcode, Swap};
    rule(into, 1, &[Family], &[parts.family_sound]);
    rule(into, 2, &[Given], &[parts.given]);
    // The two names in either order.
    let (low, high) = (parts.given_sound.min(parts.family_sound), parts.given_sound.max(parts.family_sound));
    rule(into, 14, &[Given, Family, Swap], &[low, high]);
    rule(into, 3, &[Given, Postcode], &[parts.given, parts.postcode]);
    rule(into, 4, &[Given, Field::City], &[parts.given_sound, parts.city]);
    rule(into, 5, &[Family, Field::City], &[parts.family_sound, parts.city]);
    rule(into, 16, &[Given, Postcode], &[parts.given_sound, parts.area]);
    rule(into, 17, &[Family, Postcode], &[parts.family_sound, parts.area]);
    // One name in the place of the other.
    for (number, name) in [(15, parts.given), (15, parts.family)] {
        rule(into, number, &[Given, Family, Swap], &[name, parts.postcode]);
    }
    rule(into, 6, &[Family, Postcode], &[parts.first_family, parts.postcode]);
    rule(into, 7, &[Given, Field::Street], &[parts.given_sound, parts.street_sound]);
    rule(into, 8, &[Family, Field::Street], &[parts.family_sound, parts.street_sound]);
    rule(into, 9, &[Given, Field::Number], &[parts.given, parts.house]);
}

fn places(parts: &Parts, into: &mut Vec<Key>) {
    use Field::{Number, Postcode, Street};
    rule(into, 10, &[Street], &[parts.street]);
    rule(into, 11, &[Number, Street], &[parts.house, parts.street_sound]);
    rule(into, 12, &[Number, Postcode], &[parts.house, parts.postcode]);
    rule(into, 13, &[Street, Postcode], &[parts.street_sound, parts.postcode]);
}

fn identifiers(look: Look<'_>, slots: &Slots, parts: &Parts, into: &mut Vec<Key>) {
    let part = |text: &str| if text.is_empty() { 0 } else { model::stable_hash(&[text.as_bytes()]) };
    let known = |field: Field| look.get(slots[field.place()]).text.as_str();
    let email = known(Field::Email);
    rule(into, 20, &[Field::Email], &[part(email)]);
    let local = contact::local(email);
    rule(into, 21, &[Field::Email], &[if local.len() > 4 { part(local) } else { 0 }]);
    let phone = known(Field::Phone);
    rule(into, 22, &[Field::Phone], &[part(phone.get(phone.len().saturating_sub(7)..).unwrap_or(phone))]);
    rule(into, 23, &[Field::Loyalty], &[part(known(Field::Loyalty))]);
    rule(into, 24, &[Field::Token], &[part(known(Field::Token))]);
    let birth = known(Field::Birth);
    rule(into, 25, &[Field::Birth], &[part(birth)]);
    if birth.len() == 8 && birth.is_ascii() {
        let (year, day) = (part(&birth[..4]), part(&birth[4..]));
        rule(into, 26, &[Field::Birth, Field::Given], &[year, parts.given_sound]);
        rule(into, 27, &[Field::Birth, Field::Family], &[year, parts.family_sound]);
        rule(into, 28, &[Field::Birth, Field::Given], &[day, parts.given_sound]);
        rule(into, 29, &[Field::Birth, Field::Family], &[day, parts.family_sound]);
    }
}
