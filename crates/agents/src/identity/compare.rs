//! Two records side by side: how alike each field is. Called for every candidate pair, so it is written to be quick;
//! knows no weights.

use super::contact;
use super::field::{Field, Level, Pattern};
use super::similar::{jaro_winkler, one_error};
use super::values::{Slots, Value, ValueId, Values};

/// Values by number: those of the mind, and those of a record that is only asked about.
#[derive(Clone, Copy, Debug)]
pub struct Look<'a> {
    /// Of the mind.
    pub values: &'a Values,
    /// Beside them, numbered on.
    pub strangers: &'a [Value],
}

impl<'a> Look<'a> {
    /// One value.
    pub fn get(&self, id: ValueId) -> &'a Value {
        let beside = id.checked_sub(self.values.len()).and_then(|place| self.strangers.get(place as usize));
        beside.unwrap_or_else(|| self.values.get(id))
    }
}

/// Likeness from which two texts are the same but for an error, and from which they have something in common.
const CLOSE: f64 = 0.92;
const WEAK: f64 = 0.8;

/// The levels of two records.
pub fn compare(look: Look<'_>, a: &Slots, b: &Slots) -> Pattern {
    let mut pattern = names(look, a, b);
    for field in &Field::ALL[Field::Email.place()..] {
        pattern = pattern.with(*field, level(look, *field, a[field.place()], b[field.place()]));
    }
    pattern.with(Field::Middle, level(look, Field::Middle, a[Field::Middle.place()], b[Field::Middle.place()]))
}

/// The level of one field.
pub fn level(look: Look<'_>, field: Field, a: ValueId, b: ValueId) -> Level {
    if a == 0 || b == 0 {
        return Level::Missing;
    }
    if a == b {
        return if look.values.is_hub(a) { Level::Missing } else { Level::Exact };
    }
    let (x, y) = (look.get(a), look.get(b));
    let (a, b) = (x.text.as_str(), y.text.as_str());
    match field {
        Field::Given => given(x, y),
        Field::Family => name(x, y),
        Field::Middle => middle(x, y),
        Field::Email => email(a, b),
        Field::Phone => either(tail(a, 7) == tail(b, 7) || one_error(a, b), Level::Close),
        Field::Number => number(x, y),
        Field::Street => words(x, y),
        Field::City => name(x, y),
        Field::Postcode => postcode(a, b),
        Field::Region => either(a.len() > 3 && one_error(a, b), Level::Close),
        Field::Birth => birth(a, b),
        Field::Loyalty => either(a.len() > 4 && one_error(a, b), Level::Close),
        Field::Token | Field::Swap => Level::Else,
    }
}

fn either(is: bool, level: Level) -> Level {
    if is { level } else { Level::Else }
}

/// Given and family name as they stand, or changed places when that explains them and they do not as they stand.
fn names(look: Look<'_>, a: &Slots, b: &Slots) -> Pattern {
    let (given, family) = (Field::Given.place(), Field::Family.place());
    let straight = [level(look, Field::Given, a[given], b[given]), level(look, Field::Family, a[family], b[family])];
    let set = |levels: [Level; 2], swap: Level| {
        Pattern::default().with(Field::Given, levels[0]).with(Field::Family, levels[1]).with(Field::Swap, swap)
    };
    if straight.iter().all(|level| *level <= Level::Weak)
        && (may_be_one(look, a[given], b[family]) || may_be_one(look, a[family], b[given]))
    {
        let swapped =
            [level(look, Field::Family, a[given], b[family]), level(look, Field::Family, a[family], b[given])];
        if swapped.iter().any(|level| *level >= Level::Close) {
            return set(swapped, Level::Exact);
        }
    }
    let known = straight.iter().all(|level| *level != Level::Missing);
    set(straight, if known { Level::Else } else { Level::Missing })
}

/// A quick look before two names are compared across.
fn may_be_one(look: Look<'_>, p: ValueId, q: ValueId) -> bool {
    let alike = |x: &Value, y: &Value| x.sound == y.sound || one_error(&x.text, &y.text);
    p != 0 && q != 0 && (p == q || alike(look.get(p), look.get(q)))
}

fn given(x: &Value, y: &Value) -> Level {
    let initial = |p: &str, q: &str| p.chars().count() == 1 && q.chars().next() == p.chars().next();
    if initial(&x.text, &y.text) || initial(&y.text, &x.text) {
        Level::Weak
    } else if super::nicknames::share(x.groups, y.groups) {
        Level::Close
    } else {
        name(x, y)
    }
}

/// A name of one or several words.
fn name(x: &Value, y: &Value) -> Level {
    let (a, b) = (x.text.as_str(), y.text.as_str());
    let plain = alike(x, y, a, b);
    if plain == Level::Close || (a.len() > 3 && b.len() > 3 && one_error(a, b)) {
        Level::Close
    } else if a.contains(' ') || b.contains(' ') {
        plain.max(words(x, y))
    } else {
        plain
    }
}

/// Jaro–Winkler in three steps, not computed where the letters alone rule it out.
fn alike(x: &Value, y: &Value, a: &str, b: &str) -> Level {
    if a.is_ascii() && b.is_ascii() && could_reach(x.letters, y.letters, a.len(), b.len()) < WEAK {
        return Level::Else;
    }
    let alike = jaro_winkler(a, b);
    if alike >= CLOSE { Level::Close } else { either(alike >= WEAK, Level::Weak) }
}

/// The most that Jaro–Winkler can give for two texts with these sets of letters: every letter that the other text
/// does not have is at least one place without a match.
fn could_reach(a: u32, b: u32, len_a: usize, len_b: usize) -> f64 {
    let matched = |len: usize, only: u32| len.saturating_sub(only.count_ones() as usize) as f64;
    let most = matched(len_a, a & !b).min(matched(len_b, b & !a));
    let jaro = (most / len_a.max(1) as f64 + most / len_b.max(1) as f64 + 1.0) / 3.0;
    jaro + 0.4 * (1.0 - jaro)
}

/// Several words: nearly equal when every word of the shorter is found in the longer, or when they are the same text
/// with the spaces elsewhere.
fn words(x: &Value, y: &Value) -> Level {
    // Of two equally long ones the smaller goes first, so that the order of asking does not matter.
    let (shorter, longer) = if (x.words().count(), &x.text) <= (y.words().count(), &y.text) { (x, y) } else { (y, x) };
    let (mut found, mut asked) = (0_usize, 0_usize);
    for word in shorter.words() {
        asked += 1;
        found += usize::from(longer.words().any(|other| same_word(word, other)));
    }
    if asked > 0 && found == asked {
        return Level::Close;
    }
    let some = either(2 * found >= asked.max(1), Level::Weak);
    // With the spaces of both the likeness is at most what the letters allow.
    if could_reach(x.letters, y.letters, x.text.len(), y.text.len()) < WEAK {
        return some;
    }
    some.max(alike(x, y, &x.text.replace(' ', ""), &y.text.replace(' ', "")))
}

fn same_word(a: &str, b: &str) -> bool {
    a == b || (a.len() > 3 && b.len() > 3 && a.len().abs_diff(b.len()) < 2 && one_error(a, b))
}

fn middle(x: &Value, y: &Value) -> Level {
    let shares = |same: &dyn Fn(&str, &str) -> bool| x.words().any(|word| y.words().any(|other| same(word, other)));
    if shares(&|p, q| p.len() > 1 && same_word(p, q)) {
        Level::Close
    } else {
        either(shares(&|p, q| p.chars().next() == q.chars().next()), Level::Weak)
    }
}

fn email(a: &str, b: &str) -> Level {
    let (local_a, local_b) = (contact::local(a), contact::local(b));
    if (local_a.len() > 4 && local_a == local_b) || one_error(a, b) {
        return Level::Close;
    }
    let alike = jaro_winkler(a, b);
    if alike >= 0.95 { Level::Close } else { either(alike >= 0.88, Level::Weak) }
}

/// House numbers: the unit matters less than the house.
fn number(x: &Value, y: &Value) -> Level {
    let (a, b) = (x.words().next().unwrap_or_default(), y.words().next().unwrap_or_default());
    if a == b {
        Level::Close
    } else {
        let shared = x.words().any(|number| y.words().any(|other| number == other));
        either(shared || (a.len() > 1 && b.len() > 1 && one_error(a, b)), Level::Weak)
    }
}

fn postcode(a: &str, b: &str) -> Level {
    let (p, q) = (contact::area(a), contact::area(b));
    if one_error(a, b) { Level::Close } else { either(p.len() > 1 && p == q, Level::Weak) }
}

/// Dates of eight digits; others only as text.
fn birth(a: &str, b: &str) -> Level {
    if one_error(a, b) {
        return Level::Close;
    }
    let whole = |text: &str| text.len() == 8 && text.is_ascii();
    if whole(a) && whole(b) {
        let swapped = a[..4] == b[..4] && a[4..6] == b[6..] && a[6..] == b[4..6];
        let parts = usize::from(a[..4] == b[..4]) + usize::from(a[4..6] == b[4..6]) + usize::from(a[6..] == b[6..]);
        if swapped { Level::Close } else { either(parts == 2 || a[..4] == b[..4], Level::Weak) }
    } else {
        // A year alone.
        either((a.len() == 4 && b.starts_with(a)) || (b.len() == 4 && a.starts_with(b)), Level::Weak)
    }
}

/// The last `count` bytes, of digits.
fn tail(digits: &str, count: usize) -> &str {
    digits.get(digits.len().saturating_sub(count)..).unwrap_or(digits)
}
