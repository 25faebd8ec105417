//! Everything that is kept of a person: to be handed out when they ask, and to be made unreadable when they want to be
//! forgotten.
//!
//! The doors, the command line and the platforms' own privacy requests call it. It reads the whole journal, since nothing
//! is indexed by person: an index would be one more place that knows them. It refuses to know who may ask.

use std::collections::BTreeSet;

use model::{
    Action, Actor, ChannelId, Command, CustomerKey, Deed, DocumentKey, Entry, Erased, Fact, Instant, Note, OrderId,
    Person, RawName, Sealed, Subject,
};

use crate::{Desk, Flow, FlowError, RawInput};

/// Raw bodies and sealed fields looked at in one go, so that the keeper waits for moments only.
const PORTION: usize = 200;

/// Who is meant.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Whom {
    /// One customer record of a channel.
    Customer {
        /// Whose.
        channel: ChannelId,
        /// The platform's id.
        customer: CustomerKey,
        /// Orders known to be theirs, besides those that name them.
        documents: Vec<DocumentKey>,
    },
    /// Everybody that a channel told of.
    Everybody {
        /// Which.
        channel: ChannelId,
    },
}

/// What is kept of them.
#[derive(Clone, Debug, Default)]
pub struct Left {
    /// What is known of them, each different version once, oldest first.
    pub people: Vec<Person>,
    /// Their orders.
    pub documents: BTreeSet<DocumentKey>,
    /// Facts about them, with their numbers.
    pub facts: Vec<(u64, Entry)>,
    /// What platforms sent about them, as it came.
    pub raw: Vec<RawInput>,
    /// Whose keys seal all this.
    pub subjects: BTreeSet<Subject>,
}

impl Whom {
    fn channel(&self) -> ChannelId {
        match self {
            Self::Customer { channel, .. } | Self::Everybody { channel } => *channel,
        }
    }

    fn is(&self, channel: ChannelId, customer: Option<&CustomerKey>) -> bool {
        match self {
            Self::Customer { channel: of, customer: known, .. } => *of == channel && customer == Some(known),
            Self::Everybody { channel: of } => *of == channel,
        }
    }
}

/// Destroys the keys of everything that is kept of them, and says so in the journal. Answers how many keys that were.
///
/// # Errors
/// When the hub has stopped or is busy, or a store fails. Done again, it goes on where it stopped.
pub async fn erase(flow: &Flow, whom: &Whom, reason: Note, by: Actor, at: Instant) -> Result<usize, FlowError> {
    let left = left(flow, whom).await?;
    let count = left.subjects.len();
    let customer = match whom {
        Whom::Customer { customer, .. } => Some(customer.clone()),
        Whom::Everybody { .. } => None,
    };
    let subjects = left.subjects.iter().copied().collect();
    let erased = Erased { channel: whom.channel(), customer, subjects, reason };
    let answer = flow.decide(move |desk| {
        desk.bury(&left.subjects)?;
        Ok(vec![Command { at, by, action: Action::Erase(Box::new(erased)) }])
    });
    answer.await?.only()?;
    Ok(count)
}

/// Gathers everything that is kept of them.
///
/// # Errors
/// When the hub has stopped or is busy, or a store cannot be read.
pub async fn left(flow: &Flow, whom: &Whom) -> Result<Left, FlowError> {
    let mut search = Search::of(whom);
    let reader = flow.look(|desk| desk.reader()).await?;
    // Twice: what names nobody can only be known by what the first reading found out about them.
    for reading in [Reading::Named, Reading::Nameless] {
        let mut cursor = reader.read(journal::Seq(1))?;
        while let Some((first, entries)) = next(&mut *cursor)? {
            for (place, entry) in entries.into_iter().enumerate() {
                search.look_at(reading, first + place as u64, entry);
            }
            if search.waiting() >= PORTION {
                search = search.settle(flow).await?;
            }
            tokio::task::yield_now().await;
        }
        search = search.settle(flow).await?;
    }
    Ok(search.left)
}

fn next(cursor: &mut dyn journal::Cursor) -> Result<Option<(u64, Vec<Entry>)>, FlowError> {
    let Some(batch) = cursor.next()? else { return Ok(None) };
    // A batch that was kept can be read: the hub read it when it opened, or wrote it itself.
    Ok(Some((batch.first.0, Entry::decode_all(batch.body).unwrap_or_default())))
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Reading {
    Named,
    Nameless,
}

struct Search {
    whom: Whom,
    left: Left,
    orders: BTreeSet<OrderId>,
    /// Customers of the channel who are somebody else: their keys are not touched, whatever their mail mentions.
    others: BTreeSet<Subject>,
    /// Theirs, still sealed.
    theirs: Vec<Sealed>,
    /// Perhaps theirs: what an order or an instruction without a customer says of a person.
    perhaps: Vec<(Option<DocumentKey>, Sealed)>,
    raw: Vec<RawName>,
}

impl Search {
    fn of(whom: &Whom) -> Self {
        let mut left = Left::default();
        if let Whom::Customer { channel, customer, documents } = whom {
            left.subjects.insert(Subject::of(*channel, "customer", customer.as_str()));
            for document in documents {
                left.subjects.insert(Subject::of(*channel, "order", document.as_str()));
                left.documents.insert(document.clone());
            }
        }
        Self {
            whom: whom.clone(),
            left,
            orders: BTreeSet::new(),
            others: BTreeSet::new(),
            theirs: Vec::new(),
            perhaps: Vec::new(),
            raw: Vec::new(),
        }
    }

    fn waiting(&self) -> usize {
        self.theirs.len() + self.perhaps.len() + self.raw.len()
    }

    fn look_at(&mut self, reading: Reading, seq: u64, entry: Entry) {
        match reading {
            Reading::Named => self.named(seq, entry),
            Reading::Nameless => self.nameless(&entry),
        }
    }

    fn named(&mut self, seq: u64, entry: Entry) {
        let about = match &entry.fact {
            Fact::CustomerPut(put) => {
                let whose = self.whom.is(put.channel, Some(&put.customer));
                match &put.person {
                    Some(sealed) if whose => self.theirs.push(sealed.clone()),
                    Some(sealed) => drop(self.others.insert(sealed.subject)),
                    None => {}
                }
                whose
            }
            Fact::OrderPut(put) => {
                let known = put.channel == self.whom.channel() && self.left.documents.contains(&put.document);
                let whose = known || self.whom.is(put.channel, put.customer.as_ref());
                if whose {
                    self.left.documents.insert(put.document.clone());
                    self.orders.insert(put.order);
                    self.theirs.extend(put.contact.clone());
                } else if let (Some(_), Some(contact)) = (&put.customer, &put.contact) {
                    self.others.insert(contact.subject);
                }
                whose
            }
            Fact::Instructed(put) => match &put.deed {
                Deed::PutCustomer(make) if self.whom.is(put.channel, make.customer.as_ref()) => {
                    self.theirs.push(make.person.clone());
                    true
                }
                _ => false,
            },
            Fact::CustomersLinked { one, other } | Fact::CustomersUnlinked { one, other } => {
                [one, other].iter().any(|at| self.whom.is(at.channel, Some(&at.customer)))
            }
            Fact::Moved(moved) => moved.order.is_some_and(|(order, _)| self.orders.contains(&order)),
            Fact::Returned(returned) => self.orders.contains(&returned.order),
            _ => false,
        };
        if about && matches!(self.whom, Whom::Customer { .. }) {
            self.left.facts.push((seq, entry));
        }
    }

    fn nameless(&mut self, entry: &Entry) {
        let channel = self.whom.channel();
        match &entry.fact {
            Fact::OrderPut(put) if put.channel == channel && put.customer.is_none() => {
                self.perhaps.extend(put.contact.clone().map(|contact| (Some(put.document.clone()), contact)));
            }
            Fact::Instructed(put) if put.channel == channel => {
                if let Deed::PutCustomer(make) = &put.deed
                    && make.customer.is_none()
                {
                    self.perhaps.push((None, make.person.clone()));
                }
            }
            Fact::Delivered { channel: of, raw: Some(raw), .. } if *of == channel => self.raw.push(*raw),
            Fact::Quarantined(put) if put.channel == channel => self.raw.extend(put.raw),
            _ => {}
        }
    }

    /// Opens what waits and decides whose it is.
    async fn settle(mut self, flow: &Flow) -> Result<Self, FlowError> {
        let settled = flow.look(move |desk| self.opened(desk).map(|()| self));
        settled.await?
    }

    fn opened(&mut self, desk: &Desk<'_>) -> Result<(), FlowError> {
        for sealed in std::mem::take(&mut self.theirs) {
            self.take(&sealed, desk.unseal(&sealed));
        }
        for (document, sealed) in std::mem::take(&mut self.perhaps) {
            let person = desk.unseal(&sealed);
            if self.everybody() || person.as_ref().is_some_and(|person| self.is_them(person)) {
                self.left.documents.extend(document);
                self.take(&sealed, person);
            }
        }
        let nobody = Subject::of(self.whom.channel(), "nobody", "");
        for name in std::mem::take(&mut self.raw) {
            let Some((subject, input)) = desk.raw_of(name)? else { continue };
            let named = self.left.subjects.contains(&subject);
            let free = subject != nobody && !self.others.contains(&subject);
            let told = || input.as_ref().is_some_and(|input| self.mentions(&input.body));
            if named || (free && (self.everybody() || told())) {
                self.left.subjects.insert(subject);
                self.left.raw.extend(input.filter(|_| !self.everybody()));
            }
        }
        Ok(())
    }

    fn everybody(&self) -> bool {
        matches!(self.whom, Whom::Everybody { .. })
    }

    fn take(&mut self, sealed: &Sealed, person: Option<Person>) {
        self.left.subjects.insert(sealed.subject);
        let new = person.filter(|person| !self.everybody() && !self.left.people.contains(person));
        self.left.people.extend(new);
    }

    /// Whether somebody without a record is the same person: by e-mail address or telephone number.
    fn is_them(&self, other: &Person) -> bool {
        let same = |one: &str, two: &str| !one.is_empty() && one.eq_ignore_ascii_case(two);
        let mut known = self.left.people.iter();
        known.any(|known| same(&known.email, &other.email) || same(&known.phone, &other.phone))
    }

    /// Whether a body tells of them: by address, number, whole name, their id, or one of their orders.
    fn mentions(&self, body: &[u8]) -> bool {
        let body = String::from_utf8_lossy(body).to_lowercase();
        let told = |text: &str| !text.is_empty() && stands_in(&body, &text.to_lowercase());
        let person = |person: &Person| {
            let whole = told(&person.given_name) && told(&person.family_name);
            whole || told(&person.email) || told(&person.phone) || told(&person.address)
        };
        let id = match &self.whom {
            Whom::Customer { customer, .. } => told(customer.as_str()),
            Whom::Everybody { .. } => false,
        };
        id || self.left.people.iter().any(person) || self.left.documents.iter().any(|document| told(document.as_str()))
    }
}

/// Whether a text stands in another as a word of its own.
fn stands_in(body: &str, text: &str) -> bool {
    body.match_indices(text).any(|(at, _)| {
        let apart = |other: Option<char>| other.is_none_or(|other| !other.is_alphanumeric());
        apart(body[..at].chars().next_back()) && apart(body[at + text.len()..].chars().next())
    })
}
