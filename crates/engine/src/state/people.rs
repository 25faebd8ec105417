//! Which customer records are one person: links between pairs, and who is reached through them. A link can be taken away
//! again, so the pairs are kept and not what they add up to.

use std::collections::BTreeSet;
use std::ops::Bound;

use model::{ChannelId, CustomerAt, CustomerKey};

/// Links between customer records.
#[derive(Clone, Debug, Default)]
pub struct Links {
    /// Each link in both directions.
    pairs: BTreeSet<(CustomerAt, CustomerAt)>,
}

impl Links {
    /// Whether these two are linked with each other, not through others.
    pub fn holds(&self, one: &CustomerAt, other: &CustomerAt) -> bool {
        self.pairs.contains(&(one.clone(), other.clone()))
    }

    /// Records linked with this one directly.
    pub fn of<'s>(&'s self, at: &CustomerAt) -> impl Iterator<Item = &'s CustomerAt> + use<'s> {
        let first = CustomerAt { channel: ChannelId(0), customer: CustomerKey::new("") };
        let from = Bound::Included((at.clone(), first));
        let at = at.clone();
        self.pairs.range((from, Bound::Unbounded)).take_while(move |(one, _)| *one == at).map(|(_, other)| other)
    }

    /// All records of the person behind this one, itself included.
    pub fn person(&self, at: &CustomerAt) -> BTreeSet<CustomerAt> {
        let mut found = BTreeSet::from([at.clone()]);
        let mut next = vec![at.clone()];
        while let Some(at) = next.pop() {
            next.extend(self.of(&at).filter(|other| found.insert((*other).clone())).cloned().collect::<Vec<_>>());
        }
        found
    }

    /// Whether these two are one person, directly or through others.
    pub fn are_one(&self, one: &CustomerAt, other: &CustomerAt) -> bool {
        self.person(one).contains(other)
    }

    /// Every link once, the lesser record first.
    pub fn iter(&self) -> impl Iterator<Item = (&CustomerAt, &CustomerAt)> {
        self.pairs.iter().filter(|(one, other)| one < other).map(|(one, other)| (one, other))
    }

    pub(crate) fn link(&mut self, one: &CustomerAt, other: &CustomerAt) {
        self.pairs.insert((one.clone(), other.clone()));
        self.pairs.insert((other.clone(), one.clone()));
    }

    pub(crate) fn unlink(&mut self, one: &CustomerAt, other: &CustomerAt) {
        self.pairs.remove(&(one.clone(), other.clone()));
        self.pairs.remove(&(other.clone(), one.clone()));
    }

    pub(crate) fn encode(&self, out: &mut Vec<u8>) {
        // Writing to a vector cannot fail.
        let _ = minicbor::encode(self.iter().collect::<Vec<_>>(), out);
    }

    pub(crate) fn decode(decoder: &mut minicbor::Decoder<'_>) -> Result<Self, minicbor::decode::Error> {
        let mut links = Self::default();
        for (one, other) in decoder.decode::<Vec<(CustomerAt, CustomerAt)>>()? {
            links.link(&one, &other);
        }
        Ok(links)
    }
}
