//! The emulators' books joined to the facts, by channel, document and line.

use std::collections::{BTreeMap, HashMap};
use std::path::Path;

use emulators::machine::{BookLine, Books};
use engine::State;
use journal::{Head, Journal, Options, RealDisk, SegmentJournal};
use model::{
    Cause, ChannelId, ChannelName, DocumentKey, Entry, Fact, Level, LineKey, LocationName, OrderId, Quantity, Sku,
};

use super::propagation::{Propagation, RungUp};
use super::retailer::Account;

/// What the journal says, gathered for the join.
pub(super) struct Facts {
    pub state: State,
    pub facts: u64,
    pub writes: BTreeMap<ChannelId, u64>,
    pub oversold: Vec<model::Oversold>,
    pub propagation: Propagation,
    orders: HashMap<(ChannelId, DocumentKey), OrderId>,
    /// Lines that were told of, by order.
    lines: HashMap<(OrderId, LineKey), bool>,
    /// Promised plus gone of an order line.
    taken: HashMap<(OrderId, LineKey), i64>,
    /// Returned per return line, and how often.
    returned: HashMap<(ChannelId, LineKey), (i64, u32)>,
    channel_of: HashMap<OrderId, ChannelId>,
}

/// Reads the whole journal of a hub that has ended, and follows the sales of which it is told when they were rung up.
///
/// # Errors
/// When the journal is damaged.
pub(super) fn read(data: &Path, rung_up: RungUp) -> anyhow::Result<Facts> {
    let disk = std::sync::Arc::new(RealDisk::at(data));
    let (journal, _) = SegmentJournal::open_from(disk, Options::default(), Head::START)?;
    let mut cursor = journal.reader().read(journal::Seq(1))?;
    let mut facts = Facts {
        state: State::default(),
        facts: 0,
        writes: BTreeMap::new(),
        oversold: Vec::new(),
        propagation: Propagation::of(rung_up),
        orders: HashMap::new(),
        lines: HashMap::new(),
        taken: HashMap::new(),
        returned: HashMap::new(),
        channel_of: HashMap::new(),
    };
    while let Some(batch) = cursor.next()? {
        for entry in Entry::decode_all(batch.body)? {
            facts.propagation.before(&facts.state, &entry);
            engine::evolve(&mut facts.state, &entry);
            facts.propagation.after(&facts.state, &entry);
            facts.facts += 1;
            facts.take(entry.fact);
        }
    }
    Ok(facts)
}

impl Facts {
    fn take(&mut self, fact: Fact) {
        match fact {
            Fact::OrderPut(put) => {
                self.orders.insert((put.channel, put.document.clone()), put.order);
                self.channel_of.insert(put.order, put.channel);
                for line in &put.lines {
                    self.lines.insert((put.order, LineKey::of(line.line.as_str())), line.item.is_some());
                }
            }
            Fact::Moved(moved) => {
                if let (Some((order, line)), Cause::Sale | Cause::Order) = (moved.order, moved.cause) {
                    *self.taken.entry((order, line)).or_default() += moved.reserved.parts() - moved.on_hand.parts();
                }
            }
            Fact::Returned(returned) => {
                if let Some(channel) = self.channel_of.get(&returned.order) {
                    let entry = self.returned.entry((*channel, returned.line)).or_default();
                    entry.0 += returned.quantity.parts();
                    entry.1 += 1;
                }
            }
            Fact::WritesSettled(settled) => {
                let done = settled.outcomes.iter().filter(|o| matches!(o, model::Outcome::Done { .. })).count() as u64;
                *self.writes.entry(settled.channel).or_default() += done;
            }
            Fact::Oversold(oversold) => self.oversold.push(oversold),
            _ => {}
        }
    }
}

/// What the join found on one platform.
#[derive(Debug, Default)]
pub(super) struct Join {
    pub lines: u64,
    pub lost: u64,
    pub doubled: u64,
    pub mismatched: u64,
    /// The first few, for people.
    pub examples: Vec<String>,
}

impl Join {
    fn example(&mut self, text: String) {
        if self.examples.len() < 20 {
            self.examples.push(text);
        }
    }
}

/// Compares a platform's books with the facts.
pub(super) fn join(facts: &Facts, account: Account, books: &Books) -> Join {
    let mut found = Join::default();
    let Some(channel) = facts.state.catalogue().channel_named(&ChannelName::new(account.name())) else {
        found.lost = books.lines.len() as u64;
        return found;
    };
    let channel = channel.channel;
    // A web order's line may be listed once per location: what counts is the line.
    // So may a returned line, once for each time the clerk typed it in.
    let mut sold: BTreeMap<(String, String), (i64, &BookLine)> = BTreeMap::new();
    let mut given_back: BTreeMap<(String, String), (i64, &BookLine)> = BTreeMap::new();
    for line in &books.lines {
        let lines = match line.kind.as_str() {
            "sale" | "web_order" => &mut sold,
            "return" => &mut given_back,
            // Made inside the platform without a document: the levels tell.
            _ => continue,
        };
        let units = Quantity::parse(&line.quantity).map_or(0, Quantity::parts);
        lines.entry((line.document.clone(), line.line.clone())).or_insert((0, line)).0 += units;
    }
    for (units, book) in given_back.into_values() {
        returned(facts, channel, units, book, &mut found);
    }
    for ((document, line), (units, book)) in sold {
        found.lines += 1;
        sale(facts, channel, (&document, &line), units, book, &mut found);
    }
    levels(facts, channel, books, &mut found);
    found
}

fn sale(
    facts: &Facts,
    channel: ChannelId,
    (document, line): (&str, &str),
    units: i64,
    book: &BookLine,
    found: &mut Join,
) {
    let key = LineKey::of(line);
    let order = facts.orders.get(&(channel, DocumentKey::new(document)));
    let told = order.is_some_and(|order| facts.lines.contains_key(&(*order, key)));
    if !told {
        found.lost += 1;
        return found.example(format!("lost: {} line {line} of {} ({})", book.kind, book.reference, book.sku));
    }
    let tracked = facts.state.catalogue().sku(&Sku::new(&book.sku)).is_none_or(|item| item.tracked);
    let taken = order.and_then(|order| facts.taken.get(&(*order, key))).copied().unwrap_or(0);
    let expected = if tracked { units } else { 0 };
    if taken > expected {
        found.doubled += 1;
        found.example(format!("doubled: {} ({}): {taken} for {expected} parts", book.reference, book.sku));
    } else if taken < expected {
        found.lost += 1;
        found.example(format!("lost units: {} ({}): {taken} of {expected} parts", book.reference, book.sku));
    }
}

/// A return line is known by the return's document and its line; platforms name the document in their own way.
fn returned(facts: &Facts, channel: ChannelId, units: i64, line: &BookLine, found: &mut Join) {
    found.lines += 1;
    let names = [line.document.clone(), format!("refund:{}", line.document)];
    let known = names.iter().find_map(|document| {
        let key = LineKey(model::stable_hash(&[document.as_bytes(), line.line.as_bytes()]));
        facts.returned.get(&(channel, key))
    });
    match known {
        None => {
            found.lost += 1;
            found.example(format!("lost return: {} ({})", line.reference, line.sku));
        }
        Some((_, times)) if *times > 1 => found.doubled += 1,
        Some((taken, _)) if *taken != units => {
            found.lost += 1;
            found.example(format!("return {} ({}): {taken} of {units} parts", line.reference, line.sku));
        }
        Some(_) => {}
    }
}

fn levels(facts: &Facts, channel: ChannelId, books: &Books, found: &mut Join) {
    for level in &books.levels {
        let item = facts.state.catalogue().sku(&Sku::new(&level.sku)).map(|item| item.item);
        let place = facts.state.catalogue().location_named(&LocationName::new(&level.location)).map(|l| l.location);
        let wanted = item.zip(place).and_then(|(item, place)| facts.state.wanted(channel, item, place));
        let shows = Level::parse(&level.quantity).ok();
        if wanted.is_none() || shows != wanted {
            found.mismatched += 1;
            let wanted = wanted.map_or("nothing".to_owned(), |wanted| wanted.to_string());
            found.example(format!(
                "{} at {} shows {}, the hub wants {wanted}",
                level.sku, level.location, level.quantity
            ));
        }
    }
}
