//! An account's books joined to the facts: every line of every document must have been applied exactly once.

use std::collections::BTreeMap;

use emulators::machine::{BookLine, Books};
use model::{ChannelId, ChannelName, DocumentKey, LineKey, Quantity, Sku};

use super::Replayed;

/// Findings: lines that were lost, and lines that were taken in more than once.
pub fn check_books(told: &Replayed, name: &str, books: &Books) -> Vec<String> {
    let Some(channel) = told.state.catalogue().channel_named(&ChannelName::new(name)).map(|c| c.channel) else {
        return vec![format!("the hub knows no channel {name}")];
    };
    let mut found = Vec::new();
    // A web order's line may be listed once per location: what counts is the line.
    let mut sold: BTreeMap<(&str, &str), (i64, &BookLine)> = BTreeMap::new();
    for line in &books.lines {
        match line.kind.as_str() {
            "sale" | "web_order" => sold.entry((&line.document, &line.line)).or_insert((0, line)).0 += parts(line),
            "return" => found.extend(returned(told, channel, line)),
            // Made without a document: the levels tell.
            _ => {}
        }
    }
    found.extend(sold.values().filter_map(|(units, line)| sale(told, channel, *units, line)));
    found.iter().map(|finding| format!("{name}: {finding}")).collect()
}

fn parts(line: &BookLine) -> i64 {
    Quantity::parse(&line.quantity).map_or(0, Quantity::parts)
}

fn sale(told: &Replayed, channel: ChannelId, units: i64, book: &BookLine) -> Option<String> {
    let key = LineKey::of(&book.line);
    let order = told.orders.get(&(channel, DocumentKey::new(&book.document)));
    let Some(order) = order.filter(|order| told.lines.contains_key(&(**order, key))) else {
        // A line that was taken off before anybody asked is not told any more.
        if units == 0 {
            return None;
        }
        return Some(format!("lost: {} line {} of {} ({})", book.kind, book.line, book.reference, book.sku));
    };
    let taken = told.taken.get(&(*order, key)).copied().unwrap_or(0);
    let units = units * stock_of_one(told, &book.sku);
    (taken != units).then(|| {
        let word = if taken > units { "doubled" } else { "lost units" };
        format!("{word}: {} of {} ({}): {taken} for {units} parts", book.kind, book.reference, book.sku)
    })
}

/// Pieces of stock that one of an item takes: of a bundle all its components, of a service none.
fn stock_of_one(told: &Replayed, sku: &str) -> i64 {
    match told.state.catalogue().sku(&Sku::new(sku)) {
        Some(item) if !item.components.is_empty() => {
            item.components.iter().map(|part| part.quantity.floor_units()).sum()
        }
        Some(item) if !item.tracked => 0,
        Some(_) | None => 1,
    }
}

/// A return line is known by the return's document and its line; platforms name the document in their own way.
fn returned(told: &Replayed, channel: ChannelId, book: &BookLine) -> Option<String> {
    let names = [book.document.clone(), format!("refund:{}", book.document)];
    let known = names.iter().find_map(|document| {
        let key = LineKey(model::stable_hash(&[document.as_bytes(), book.line.as_bytes()]));
        told.returned.get(&(channel, key))
    });
    match known {
        None => Some(format!("lost: return {} ({})", book.reference, book.sku)),
        Some((taken, times)) if *times != 1 || *taken != parts(book) => {
            Some(format!("return {} ({}) was taken back {times} times: {taken} parts", book.reference, book.sku))
        }
        Some(_) => None,
    }
}
