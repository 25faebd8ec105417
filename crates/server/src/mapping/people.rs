//! Customer records of different channels that may be one person: those with an equal e-mail address or telephone number.
//!
//! Personal fields are opened for a moment in the keeper's thread and kept only as keyed hashes, in memory, under a key
//! that is drawn when the hub starts: nothing of them reaches the journal, the tables or a log, and whoever was erased
//! cannot be found again after the next start. It compares what is equal; what is only alike is no business of it.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use model::{CustomerAt, Instant, MappingQuestion, Person, Seq};
use tokio::sync::Mutex;
use views::CustomerRow;

use super::finder::views;
use crate::{Hub, ReadError};

/// Records opened in one job, so that the keeper is never held up for long.
const LOOK: usize = 250;
/// The index is brought up to date at most so often, in milliseconds.
const FRESH_MS: i64 = 5_000;
/// It is made anew after so long, so that erased people leave it.
const WHOLE_MS: i64 = 3_600_000;
/// A number that more records than this have is the shop's own, not a person's.
const SHARED_MAX: usize = 10;
/// Pairs found at most.
const PAIRS_MAX: usize = 10_000;
/// An e-mail address is nearly always one person's.
const EMAIL: u32 = 60;
/// A telephone is shared by a household.
const PHONE: u32 = 30;
/// Names alone tell little.
const NAME: u32 = 10;

/// What a record is found by, hashed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct Keys {
    email: Option<u64>,
    phone: Option<u64>,
    name: Option<u64>,
}

/// Records that may be one person.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Pair {
    /// The lesser record.
    pub one: CustomerAt,
    /// The greater.
    pub other: CustomerAt,
    /// How sure that is, 0 to 100.
    pub percent: u32,
    /// Why, in words without anything personal.
    pub why: Vec<(u32, &'static str)>,
}

/// A customer record for people who may read people's fields.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Record {
    /// Full name.
    pub name: String,
    /// E-mail address.
    pub email: String,
    /// Telephone number.
    pub phone: String,
}

#[derive(Debug, Default)]
struct Index {
    built: Instant,
    looked: Instant,
    upto: Seq,
    records: BTreeMap<CustomerAt, Keys>,
}

/// Finds pairs.
pub(crate) struct People {
    secret: [u8; 32],
    index: Mutex<Index>,
}

impl std::fmt::Debug for People {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("People(…)")
    }
}

impl People {
    /// Under a key of its own.
    ///
    /// # Errors
    /// When the system gives no random bytes.
    pub(crate) fn new() -> Result<Self, aws_lc_rs::error::Unspecified> {
        let mut secret = [0; 32];
        aws_lc_rs::rand::fill(&mut secret)?;
        Ok(Self { secret, index: Mutex::default() })
    }

    /// Pairs that wait, best first; with `dismissed`, those put away.
    ///
    /// # Errors
    /// When the hub has stopped or its tables cannot be read.
    pub(crate) async fn pairs(&self, hub: &Hub, dismissed: bool) -> Result<Vec<Pair>, ReadError> {
        let found = {
            let mut index = self.index.lock().await;
            self.follow(hub, &mut index).await?;
            pairs(&index.records)
        };
        let kept = hub.flow.read(move |state| {
            let wanted = |pair: &Pair| {
                let question = MappingQuestion::same_customer(pair.one.clone(), pair.other.clone());
                state.is_dismissed(&question) == dismissed && !state.links().are_one(&pair.one, &pair.other)
            };
            found.into_iter().filter(wanted).collect()
        });
        Ok(kept.await?)
    }

    /// Takes in what was told since the last time.
    async fn follow(&self, hub: &Hub, index: &mut Index) -> Result<(), ReadError> {
        let now = hub.clock.now();
        if !(0..WHOLE_MS).contains(&now.since(index.built)) {
            *index = Index { built: now, ..Index::default() };
        }
        if (0..FRESH_MS).contains(&now.since(index.looked)) && index.upto >= *hub.shown.borrow() {
            return Ok(());
        }
        index.looked = now;
        loop {
            let after = index.upto;
            let rows = views(hub, move |views| views.customers_after(after, LOOK)).await?;
            let (Some(last), full) = (rows.last().map(|row| row.seq), rows.len() == LOOK) else { break };
            let secret = self.secret;
            let opened = hub.flow.look(move |desk| {
                let open = |row: CustomerRow| {
                    let at = CustomerAt { channel: row.put.channel, customer: row.put.customer };
                    let person = row.put.person.as_ref().and_then(|sealed| desk.unseal(sealed));
                    (at, person.map(|person| keys(&secret, &person)))
                };
                rows.into_iter().map(open).collect::<Vec<_>>()
            });
            for (at, keys) in opened.await? {
                match keys {
                    Some(keys) => index.records.insert(at, keys),
                    None => index.records.remove(&at),
                };
            }
            index.upto = last;
            if !full {
                break;
            }
        }
        Ok(())
    }

    /// What stands in these records, for somebody who may read it. Erased or deleted ones are left out.
    ///
    /// # Errors
    /// When the hub has stopped or its tables cannot be read.
    pub(crate) async fn open(hub: &Hub, at: BTreeSet<CustomerAt>) -> Result<BTreeMap<CustomerAt, Record>, ReadError> {
        let rows = views(hub, move |views| {
            at.into_iter().map(|at| Ok(views.customer(at.channel, &at.customer)?.map(|row| (at, row)))).collect()
        });
        let rows: Vec<Option<(CustomerAt, CustomerRow)>> = rows.await?;
        let opened = hub.flow.look(move |desk| {
            let open = |(at, row): (CustomerAt, CustomerRow)| {
                let person = desk.unseal(row.put.person.as_ref()?)?;
                let name = format!("{} {}", person.given_name, person.family_name).trim().to_owned();
                Some((at, Record { name, email: person.email, phone: person.phone }))
            };
            rows.into_iter().flatten().filter_map(open).collect()
        });
        Ok(opened.await?)
    }
}

fn keys(secret: &[u8; 32], person: &Person) -> Keys {
    let hashed = |kind: &str, text: String| {
        (!text.is_empty()).then(|| {
            let hash = blake3::keyed_hash(secret, format!("{kind}:{text}").as_bytes());
            let bytes: [u8; 8] = hash.as_bytes()[..8].try_into().unwrap_or_default();
            u64::from_le_bytes(bytes)
        })
    };
    let name = format!("{} {}", person.given_name, person.family_name);
    Keys {
        email: hashed("email", email(&person.email)),
        phone: hashed("phone", phone(&person.phone)),
        name: hashed("name", super::tokens::words(&name).into_keys().collect::<Vec<_>>().join(" ")),
    }
}

/// In lower case; empty when it is none.
fn email(text: &str) -> String {
    let text = text.trim().to_lowercase();
    let whole = text.split_once('@').is_some_and(|(who, host)| !who.is_empty() && host.contains('.'));
    if whole { text } else { String::new() }
}

/// The last nine digits, by which a number with and without its country code is the same; empty when it is too short.
fn phone(text: &str) -> String {
    let digits: Vec<char> = text.chars().filter(char::is_ascii_digit).collect();
    if digits.len() < 7 { String::new() } else { digits[digits.len().saturating_sub(9)..].iter().collect() }
}

/// Every two records of different channels with something in common, best first.
fn pairs(records: &BTreeMap<CustomerAt, Keys>) -> Vec<Pair> {
    let mut groups: HashMap<(bool, u64), Vec<&CustomerAt>> = HashMap::new();
    for (at, keys) in records {
        for (is_email, key) in [(true, keys.email), (false, keys.phone)] {
            if let Some(key) = key {
                groups.entry((is_email, key)).or_default().push(at);
            }
        }
    }
    let mut both: BTreeSet<(&CustomerAt, &CustomerAt)> = BTreeSet::new();
    for group in groups.values().filter(|group| (2..=SHARED_MAX).contains(&group.len())) {
        for (place, one) in group.iter().enumerate() {
            let others = group.iter().skip(place + 1).filter(|other| other.channel != one.channel);
            // Records come in order, so the first of two is the lesser.
            both.extend(others.map(|other| (*one, *other)));
        }
    }
    let mut found: Vec<Pair> = both.into_iter().map(|(one, other)| pair(records, one, other)).collect();
    found.sort_by(|a, b| b.percent.cmp(&a.percent).then_with(|| (&a.one, &a.other).cmp(&(&b.one, &b.other))));
    found.truncate(PAIRS_MAX);
    found
}

fn pair(records: &BTreeMap<CustomerAt, Keys>, one: &CustomerAt, other: &CustomerAt) -> Pair {
    let keys = |at: &CustomerAt| records.get(at).copied().unwrap_or_default();
    let (a, b) = (keys(one), keys(other));
    let same = |x: Option<u64>, y: Option<u64>| x.is_some() && x == y;
    let signals = [
        (same(a.email, b.email), EMAIL, "the e-mail address is the same"),
        (same(a.phone, b.phone), PHONE, "the telephone number is the same"),
        (same(a.name, b.name), NAME, "the name is the same"),
    ];
    let why: Vec<(u32, &'static str)> =
        signals.into_iter().filter(|(holds, ..)| *holds).map(|(_, points, words)| (points, words)).collect();
    let percent = why.iter().map(|(points, _)| points).sum();
    Pair { one: one.clone(), other: other.clone(), percent, why }
}

#[cfg(test)]
mod tests {
    use super::*;
    use model::ChannelId;

    fn at(channel: u32, key: &str) -> CustomerAt {
        CustomerAt { channel: ChannelId(channel), customer: key.into() }
    }

    fn person(name: &str, email: &str, phone: &str) -> Person {
        Person { given_name: name.into(), email: email.into(), phone: phone.into(), ..Person::default() }
    }

    fn found(people: &[(CustomerAt, Person)]) -> Vec<(CustomerAt, CustomerAt, u32)> {
        let records = people.iter().map(|(at, person)| (at.clone(), keys(&[7; 32], person))).collect();
        pairs(&records).into_iter().map(|pair| (pair.one, pair.other, pair.percent)).collect()
    }

    #[test]
    fn records_of_two_channels_with_the_same_address_or_number_in_any_form_are_a_pair() {
        let people = [
            (at(0, "a"), person("Ann", "Ann@Example.org", "+49 170 1234567")),
            (at(1, "b"), person("ann", "ann@example.org ", "0170/1234567")),
            (at(1, "c"), person("Bea", "", "170 1234567")),
            (at(1, "d"), person("Ann", "other@example.org", "")),
        ];
        let expected = [(at(0, "a"), at(1, "b"), 100), (at(0, "a"), at(1, "c"), 30)];
        assert_eq!(found(&people), expected);
    }

    #[test]
    fn nothing_and_the_shops_own_number_are_nothing_in_common() {
        let mut people = vec![(at(0, "a"), person("", "", "12")), (at(1, "b"), person("", "", "12"))];
        assert_eq!(found(&people), []);
        people.extend((0..12).map(|number| (at(number, "till"), person("", "", "030 5555555"))));
        assert_eq!(found(&people), []);
    }
}
