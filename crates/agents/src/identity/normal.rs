//! A record's fields in the form they are compared in. Called when a record is put or asked about; keeps nothing.

use super::field::{FIELDS, Field};
use super::record::Record;
use super::{address, contact, text};

/// A record's fields in the form they are compared in.
pub fn normalised(record: &Record) -> [String; FIELDS] {
    let mut texts: [String; FIELDS] = Default::default();
    let given = without_titles(&text::fold(&record.given_name));
    let (first, further) = given.split_once(' ').unwrap_or((&given, ""));
    texts[Field::Given.place()] = first.to_owned();
    texts[Field::Middle.place()] = further.to_owned();
    let family = text::fold(&record.family_name);
    // Lord and Ing are family names too, when nothing else is given.
    texts[Field::Family.place()] = Some(without_titles(&family)).filter(|name| !name.is_empty()).unwrap_or(family);
    if given.is_empty() && texts[Field::Family.place()].is_empty() {
        texts[Field::Given.place()] = text::fold(&record.whole_name);
    }
    let street = address::street(&record.street);
    texts[Field::Number.place()] = street.numbers;
    texts[Field::Street.place()] = street.words;
    texts[Field::Email.place()] = contact::email(&record.email);
    texts[Field::Phone.place()] = contact::phone(&record.phone);
    texts[Field::City.place()] = text::fold(&record.city);
    texts[Field::Postcode.place()] = contact::postcode(&record.postcode);
    texts[Field::Region.place()] = text::fold(&record.region);
    texts[Field::Birth.place()] = contact::birth_date(&record.birth_date);
    texts[Field::Loyalty.place()] = text::squeeze(&record.loyalty_id);
    texts[Field::Token.place()] = record.payment_token.trim().chars().take(96).collect();
    texts
}

/// Words before and after names that are nobody's name.
const TITLES: &[&str] = &[
    "mr",
    "mrs",
    "ms",
    "miss",
    "mx",
    "dr",
    "prof",
    "professor",
    "rev",
    "reverend",
    "sir",
    "dame",
    "lord",
    "lady",
    "hon",
    "bt",
    "baronet",
    "esq",
    "jr",
    "sr",
    "jnr",
    "snr",
    "phd",
    "md",
    "herr",
    "frau",
    "dipl",
    "mme",
    "mlle",
    "monsieur",
    "madame",
    "senor",
    "senora",
    "signor",
    "signora",
    "dott",
    "1st",
    "2nd",
    "3rd",
    "4th",
    "5th",
];

fn without_titles(name: &str) -> String {
    let kept: Vec<&str> = name.split(' ').filter(|word| !TITLES.contains(word)).collect();
    kept.join(" ")
}
