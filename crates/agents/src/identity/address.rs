//! A street line taken apart: house number, other numbers, and the words that name the street. Called when a record is
//! read. It knows how streets are written in several countries; it knows no map, so it refuses to say what exists.

use super::text::fold;

/// Numbers and words of a street line.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Street {
    /// The house number first, then unit and other numbers, with a space between; empty when there is none.
    pub numbers: String,
    /// Words that tell streets apart, in order, with a space between.
    pub words: String,
}

/// What comes before the number of a flat or floor.
const UNITS: &[&str] = &[
    "apt",
    "apartment",
    "apmnt",
    "appt",
    "unit",
    "flat",
    "suite",
    "ste",
    "no",
    "nr",
    "floor",
    "fl",
    "level",
    "room",
    "rm",
    "lot",
    "block",
    "building",
    "bldg",
    "shop",
    "villa",
    "site",
    "etage",
    "stock",
    "top",
    "piso",
];

/// Words that say what kind of road it is: nearly every line has one, so they tell nothing apart.
const KINDS: &[&str] = &[
    "street",
    "st",
    "avenue",
    "ave",
    "av",
    "road",
    "rd",
    "place",
    "pl",
    "drive",
    "dr",
    "court",
    "ct",
    "crescent",
    "cres",
    "cr",
    "close",
    "cl",
    "lane",
    "ln",
    "circuit",
    "cct",
    "way",
    "terrace",
    "tce",
    "ter",
    "parade",
    "pde",
    "boulevard",
    "blvd",
    "square",
    "sq",
    "highway",
    "hwy",
    "parkway",
    "pkwy",
    "circle",
    "cir",
    "grove",
    "gr",
    "rise",
    "trail",
    "trl",
    "plaza",
    "row",
    "walk",
    "strasse",
    "str",
    "weg",
    "gasse",
    "platz",
    "allee",
    "rue",
    "chemin",
    "place",
    "via",
    "viale",
    "piazza",
    "calle",
    "avenida",
    "rua",
    "straat",
    "laan",
    "gatan",
    "ulica",
    "ul",
];

/// Takes a street line apart. "Unit 4, 12B Main St." becomes "12b 4" and "main".
pub fn street(line: &str) -> Street {
    let folded = fold(line);
    let (mut house, mut units, mut words, mut kinds) = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
    let mut of_unit = false;
    for token in folded.split(' ').filter(|token| !token.is_empty()) {
        if UNITS.contains(&token) {
            of_unit = true;
            continue;
        }
        match (number(token), of_unit) {
            (true, true) => units.push(token),
            (true, false) => house.push(token),
            (false, _) if KINDS.contains(&token) => kinds.push(token),
            (false, _) => words.push(without_kind(token)),
        }
        of_unit = false;
    }
    // "The Avenue" and "Park Place" have nothing but kinds.
    let words = if words.is_empty() { kinds } else { words };
    house.extend(units);
    Street { numbers: house.join(" "), words: words.join(" ") }
}

/// A house number: "12", "12b", but neither "51st" nor a long code.
fn number(token: &str) -> bool {
    let digits = token.bytes().take_while(u8::is_ascii_digit).count();
    let rest = &token[digits..];
    (1..=6).contains(&digits) && rest.len() <= 1 && rest.is_ascii()
}

/// German and Dutch write the kind onto the name.
fn without_kind(token: &str) -> &str {
    for kind in ["strasse", "straat", "str", "gasse", "weg"] {
        if let Some(name) = token.strip_suffix(kind)
            && name.len() >= 4
        {
            return name;
        }
    }
    token
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn parts(line: &str) -> (String, String) {
        let street = street(line);
        (street.numbers, street.words)
    }

    #[test]
    fn a_line_is_taken_apart_however_it_is_written() {
        let known = |numbers: &str, words: &str| (numbers.to_owned(), words.to_owned());
        assert_eq!(parts("Unit 4, 12B Main St."), known("12b 4", "main"));
        assert_eq!(parts("12b MAIN STREET Apt 4"), known("12b 4", "main"));
        assert_eq!(parts("Bahnhofstraße 7"), known("7", "bahnhof"));
        assert_eq!(parts("221 E. 51st St."), known("221", "e 51st"));
        assert_eq!(parts("2/98 The Avenue"), known("2 98", "the"));
        assert_eq!(parts("Park Place"), known("", "park"));
        assert_eq!(parts("Place Road"), known("", "place road"));
        assert_eq!(parts(""), known("", ""));
    }

    proptest! {
        #[test]
        fn no_line_is_too_odd(line in "\\PC{0,200}") {
            let street = street(&line);
            prop_assert!(street.numbers.split(' ').all(|token| token.is_empty() || number(token)));
        }
    }
}
