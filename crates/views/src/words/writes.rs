//! Sentences about what channels show and are told.

use model::{
    ChannelId, Held, ItemId, LevelRead, Listing, ListingWrite, Outcome, WriteMode, WritesIntended, WritesSettled,
};

use super::{Names, Told, remark};

pub(super) fn level_read(names: &Names<'_>, told: Told, read: &LevelRead) -> String {
    let (channel, at) = (names.channel(read.channel), names.location(read.location));
    format!("{channel} shows {}{} at {at}", read.level, names.of(told, read.item))
}

pub(super) fn held(names: &Names<'_>, told: Told, held: &Held) -> String {
    let (channel, at) = (names.channel(held.channel), names.location(held.location));
    let (of, shown, wanted) = (names.of(told, held.item), held.shown, held.wanted);
    if let Some(doubt) = held.doubt {
        return format!(
            "{channel} shows {shown}{of} at {at} instead of {wanted}: a change of {doubt} may or may not have been taken, \
             and somebody changed it by hand meanwhile; waiting for a count"
        );
    }
    format!(
        "{channel} shows {shown}{of} at {at} and should show {wanted}: too large a difference, waiting for a person"
    )
}

pub(super) fn intended(names: &Names<'_>, intended: &WritesIntended) -> String {
    let channel = names.channel(intended.channel);
    let why = match intended.mode {
        WriteMode::Lower => "less stock",
        WriteMode::Raise => "more stock",
        WriteMode::Correct => "correction",
        WriteMode::List => return listings(names, &channel, &intended.listings),
    };
    match intended.writes.as_slice() {
        [write] => {
            let (item, at) = (names.item(write.item), names.location(write.location));
            format!("Telling {channel} to show {} of {item} at {at} instead of {} ({why})", write.to, write.from)
        }
        writes => format!("Telling {channel} {} new numbers ({why})", writes.len()),
    }
}

fn listings(names: &Names<'_>, channel: &str, listings: &[ListingWrite]) -> String {
    match listings {
        [write] => format!("Telling {channel} to list {}: {}", names.item(write.item), changes(&write.from, &write.to)),
        writes => format!("Telling {channel} to list {} items as we have them", writes.len()),
    }
}

/// What differs between two listings, for people.
pub(super) fn changes(from: &Listing, to: &Listing) -> String {
    let mut parts = Vec::new();
    if from.title != to.title {
        parts.push(format!("title “{}” instead of “{}”", to.title, from.title));
    }
    if (from.price, from.tax_inclusive) != (to.price, to.tax_inclusive) {
        parts.push(format!("price {} instead of {}", price(to), price(from)));
    }
    if from.barcodes != to.barcodes {
        parts.push(format!("barcode {} instead of {}", barcodes(to), barcodes(from)));
    }
    parts.join(", ")
}

fn price(listing: &Listing) -> String {
    listing.price.map_or_else(|| "none".into(), |price| price.to_string())
}

fn barcodes(listing: &Listing) -> String {
    let codes: Vec<&str> = listing.barcodes.iter().map(|code| code.as_str()).collect();
    if codes.is_empty() { "none".into() } else { codes.join(" and ") }
}

pub(super) fn listed(names: &Names<'_>, channel: ChannelId, item: ItemId, listing: Option<&Listing>) -> String {
    let (channel, item) = (names.channel(channel), names.item(item));
    match listing {
        Some(listing) => format!("{channel} lists {item} as “{}” for {}", listing.title, price(listing)),
        None => format!("What {channel} lists of {item} is not known yet"),
    }
}

pub(super) fn settled(names: &Names<'_>, settled: &WritesSettled) -> String {
    let channel = names.channel(settled.channel);
    if let [outcome] = settled.outcomes.as_slice() {
        return format!("{channel} {}", one(outcome));
    }
    let done = settled.outcomes.iter().filter(|outcome| matches!(outcome, Outcome::Done { .. })).count();
    format!("{channel} took {done} of {} new numbers", settled.outcomes.len())
}

fn one(outcome: &Outcome) -> String {
    match outcome {
        Outcome::Done { after: Some(after) } => format!("took the new number and shows {after}"),
        Outcome::Done { after: None } => "took the new number".into(),
        Outcome::Stale => "showed something else than was believed; nothing was changed".into(),
        Outcome::Again => "could not take the new number now".into(),
        Outcome::Never { because } => format!("refused the new number{}", remark(because.as_str())),
        Outcome::Unknown => "may or may not have taken the new number".into(),
    }
}
