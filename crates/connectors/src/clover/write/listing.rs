//! Writing what an item lists: name, price, code. `POST /items/{id}` changes the fields it is given and no others
//! (<https://docs.clover.com/dev/reference/inventoryupdateitem>), so a repetition is harmless to the rest.

use model::{Listing, Money, Note, Outcome};
use serde::{Deserialize, Serialize};

use super::{ID_MAX, LISTINGS_MAX};
use crate::clover::http_request::escaped;
use crate::clover::tape::{Got, Halt, Tape};
use crate::clover::trouble;
use crate::clover::wire::{Item, parse, unreadable};
use crate::{Account, Batch, ListingRow, Trouble, Unsendable};

/// The body as journaled, and as carried out.
#[derive(Debug, Serialize, Deserialize)]
struct Body {
    items: Vec<Change>,
}

/// What is to be changed of one item.
#[derive(Debug, Serialize, Deserialize)]
struct Change {
    item: String,
    /// Sent as it is.
    set: Fields,
    /// What it shows until then.
    was: Fields,
    /// Currency of the price.
    currency: Option<String>,
    /// Why none of it can be said.
    cannot: Option<String>,
}

/// Fields that differ; the others are absent.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
struct Fields {
    #[serde(skip_serializing_if = "Option::is_none")]
    name: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    price: Option<i64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    code: Option<String>,
}

/// The body that is journaled.
///
/// # Errors
/// When the batch is empty or too large, or a row names no item or changes nothing.
pub(super) fn compose(batch: &Batch) -> Result<Vec<u8>, Unsendable> {
    if batch.listings.is_empty() || batch.listings.len() > LISTINGS_MAX {
        return Err(Unsendable::Impossible("change fewer than 1 or more than 10 listings at once"));
    }
    let rows = batch.listings.iter().enumerate();
    let items = rows
        .map(|(row, listing)| change(listing).map_err(|problem| Unsendable::Row { row, problem: problem.to_owned() }));
    let body = Body { items: items.collect::<Result<_, _>>()? };
    serde_json::to_vec(&body).map_err(|_| Unsendable::Impossible("write this batch as JSON"))
}

fn change(row: &ListingRow) -> Result<Change, &'static str> {
    let item = row.external.as_str();
    if item.is_empty() || item.len() > ID_MAX {
        return Err("an id is empty or longer than 100 characters");
    }
    let (from, to) = (&row.from, &row.to);
    let code = |listing: &Listing| listing.barcodes.first().map(|code| code.as_str().to_owned()).unwrap_or_default();
    let differs = Fields {
        name: (from.title != to.title).then(|| to.title.as_str().to_owned()),
        price: to.price.filter(|_| from.price != to.price).map(|price| price.minor),
        code: Some(code(to)).filter(|own| *own != code(from)),
    };
    let was = Fields {
        name: differs.name.as_ref().map(|_| from.title.as_str().to_owned()),
        price: differs.price.and(from.price).map(|price| price.minor),
        code: differs.code.as_ref().map(|_| code(from)),
    };
    let cannot = cannot(from, to);
    if differs == Fields::default() && cannot.is_none() {
        return Err("nothing of it differs that Clover lists");
    }
    let currency = to.price.filter(|_| differs.price.is_some()).map(|price| price.currency.code().to_owned());
    Ok(Change { item: item.to_owned(), set: differs, was, currency, cannot: cannot.map(str::to_owned) })
}

fn cannot(from: &Listing, to: &Listing) -> Option<&'static str> {
    if to.title.is_empty() && !from.title.is_empty() {
        return Some("an item must have a name at Clover");
    }
    match (from.price, to.price) {
        (Some(_), None) => return Some("an item must have a price at Clover"),
        (_, Some(Money { minor, .. })) if minor < 0 => return Some("a price cannot be below zero at Clover"),
        (_, _) => {}
    }
    // Whether prices include tax is decided by the merchant's own VAT setting.
    (from.tax_inclusive != to.tax_inclusive).then_some("whether prices include tax cannot be changed item by item")
}

/// What became of each listing, in order.
///
/// # Errors
/// When a request has still to be sent, or nothing goes on.
pub(super) fn carry(body: &[u8], account: &Account, first: bool, tape: &mut Tape<'_>) -> Result<Vec<Outcome>, Halt> {
    let body: Body = parse(body).map_err(|error| {
        let reason = format!("the journaled body: {error}");
        Halt::Trouble(Trouble::Refused { reason })
    })?;
    let mut outcomes = Vec::with_capacity(body.items.len());
    for change in &body.items {
        match one(change, account, first, tape) {
            Ok(outcome) => outcomes.push(outcome),
            // Some are done, the others can be sent again once a person has acted.
            Err(Halt::Trouble(Trouble::Denied { .. })) if tape.wrote() => break,
            Err(halt) => return Err(halt),
        }
    }
    outcomes.resize(body.items.len(), Outcome::Again);
    Ok(outcomes)
}

fn one(change: &Change, account: &Account, first: bool, tape: &mut Tape<'_>) -> Result<Outcome, Halt> {
    let never = |because: &str| Ok(Outcome::Never { because: Note::new(because) });
    if let Some(cannot) = &change.cannot {
        return never(cannot);
    }
    if change.currency.as_deref().is_some_and(|own| own != account.currency.code()) {
        return never("the price is in another currency than the merchant's");
    }
    let path = format!("/items/{}", escaped(&change.item));
    if !first && let Some(outcome) = look(change, &path, tape)? {
        return Ok(outcome);
    }
    let fields = serde_json::to_string(&change.set).map_err(|_| {
        Halt::Trouble(Trouble::Refused { reason: unreadable(&change.item, "cannot be written as JSON").to_string() })
    })?;
    match tape.post(&path, &fields)? {
        Got::Answer(_) => Ok(Outcome::Done { after: None }),
        Got::Refused(reply) if reply.status == 409 => Ok(Outcome::Again),
        Got::Refused(reply) => never(&trouble::reason(reply)),
    }
}

/// After a run of which nobody knows what it did: `None` when the item still lists what it did before.
fn look(change: &Change, path: &str, tape: &mut Tape<'_>) -> Result<Option<Outcome>, Halt> {
    let reply = match tape.get(path)? {
        Got::Answer(reply) => reply,
        Got::Refused(reply) => return Ok(Some(Outcome::Never { because: Note::new(&trouble::reason(reply)) })),
    };
    let Ok(item) = parse::<Item>(&reply.body) else { return Ok(Some(Outcome::Unknown)) };
    let shows = Fields {
        name: change.set.name.as_ref().map(|_| item.name.unwrap_or_default().trim().to_owned()),
        price: change.set.price.and(item.price),
        code: change.set.code.as_ref().map(|_| item.code.unwrap_or_default().trim().to_owned()),
    };
    if shows == change.set {
        return Ok(Some(Outcome::Done { after: None }));
    }
    // A price that was not known before is set whatever it is.
    let was = Fields { price: change.was.price.or(shows.price), ..change.was.clone() };
    Ok((shows != was).then_some(Outcome::Stale))
}
