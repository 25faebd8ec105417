//! Listings: price, name and barcode of variations, each object read before it is written.
//!
//! <https://developer.squareup.com/reference/square/catalog-api/batch-upsert-catalog-objects>, read 2026-11-24. An upsert
//! replaces the whole object, so what was read is sent back with only the differing fields changed, under the version
//! that was read: a change by somebody else in between is refused. Each listing is a batch of its own inside the call,
//! done whole or not at all whatever becomes of the others. Called by `writes`; knows no levels.

use std::collections::BTreeSet;

use model::{Barcode, Note, Outcome, stable_hash};
use serde_json::{Map, Value, json};

use super::judge::{Shelf, Wanted, prices_differ};
use crate::square::http_request::{change, search};
use crate::square::trouble::{self, Refusal, RowFault, Verdict};
use crate::square::wire::{self, parse};
use crate::{Account, Batch, ListingRow, Reply, Step, Trouble, Unsendable};

/// Most listings in one batch.
pub(in crate::square) const LISTINGS_MAX: usize = 100;

/// Longest `idempotency_key` of catalogue calls is 128; a hash of the body is added to ours.
const KEY_MAX: usize = 111;

/// What the batch will change, for the record; the requests are made from the batch and from what is listed now.
///
/// # Errors
/// When there are no or too many listings, the key is not usable, or a listing cannot be said.
pub(super) fn compose(batch: &Batch) -> Result<Vec<u8>, Unsendable> {
    if batch.listings.is_empty() || batch.listings.len() > LISTINGS_MAX {
        return Err(Unsendable::Impossible("change fewer than 1 or more than 100 listings at once"));
    }
    if batch.key.is_empty() || batch.key.chars().count() > KEY_MAX {
        return Err(Unsendable::Impossible("take a key of no or more than 111 characters for listings"));
    }
    let mut named = BTreeSet::new();
    let mut said = Vec::with_capacity(batch.listings.len());
    for (row, listing) in batch.listings.iter().enumerate() {
        let refuse = |problem: &str| Err(Unsendable::Row { row, problem: problem.to_owned() });
        if listing.external.is_empty() {
            return refuse("the id is empty");
        }
        if !named.insert(&listing.external) {
            return refuse("the same listing is named twice");
        }
        said.push(differing(listing));
    }
    Ok(json!({ "listings": said }).to_string().into_bytes())
}

fn differing(row: &ListingRow) -> Value {
    let mut fields = Map::new();
    fields.insert("object_id".to_owned(), json!(row.external.as_str()));
    if row.from.title != row.to.title {
        fields.insert("name".to_owned(), json!(row.to.title.as_str()));
    }
    if prices_differ(&row.from, &row.to) {
        let price = row.to.price.map(|price| json!({ "amount": price.minor, "currency": price.currency.code() }));
        fields.insert("price_money".to_owned(), json!(price));
        fields.insert("tax_inclusive".to_owned(), json!(row.to.tax_inclusive));
    }
    if row.from.barcodes.first() != row.to.barcodes.first() {
        fields.insert("upc".to_owned(), json!(row.to.barcodes.first().map(Barcode::as_str)));
    }
    Value::Object(fields)
}

/// One request reads every object, one writes what differs. What is listed already is not written, so a run may be begun
/// anew at any point.
///
/// # Errors
/// When a reply denies, puts off or fails the request it answers.
pub(super) fn step(batch: &Batch, account: &Account, replies: &[Reply]) -> Result<Step, Trouble> {
    if batch.listings.iter().all(|row| row.from == row.to) {
        return Ok(Step::Settled(vec![Outcome::Done { after: None }; batch.listings.len()]));
    }
    let Some(read) = replies.first() else {
        let ids: Vec<&str> = batch.listings.iter().map(|row| row.external.as_str()).collect();
        let body = json!({ "object_ids": ids, "include_related_objects": true });
        return Ok(Step::Send(Box::new(search(account, "/v2/catalog/batch-retrieve", &body)?)));
    };
    let (mut outcomes, changes) = plan(batch, account, read)?;
    match replies.get(1) {
        _ if changes.is_empty() => {}
        None => return Ok(Step::Send(Box::new(upsert(batch, account, &changes)?))),
        Some(reply) => hear(&changes, reply, &mut outcomes)?,
    }
    Ok(Step::Settled(outcomes))
}

/// A listing that has to be written.
struct Change {
    row: usize,
    object: Value,
}

fn plan(batch: &Batch, account: &Account, read: &Reply) -> Result<(Vec<Outcome>, Vec<Change>), Trouble> {
    if let Some(refusal) = trouble::of(read)? {
        return Err(refusal.reading());
    }
    let page: wire::RawCatalog = parse(&read.body).map_err(|error| Trouble::Garbled { reason: error.to_string() })?;
    let shelf = Shelf::of(&page);
    let (mut outcomes, mut changes) = (Vec::new(), Vec::new());
    for (row, listing) in batch.listings.iter().enumerate() {
        let wanted = shelf.judge(listing, account.currency);
        outcomes.push(match wanted {
            Ok(Wanted::Nothing) => Outcome::Done { after: None },
            Ok(Wanted::Object(object)) => {
                changes.push(Change { row, object });
                Outcome::Done { after: None }
            }
            Err(outcome) => outcome,
        });
    }
    Ok((outcomes, changes))
}

/// The key is made of ours and of the body: begun anew after a crash, the same body repeats the same key, and another one
/// (the object has changed since) is another request.
fn upsert(batch: &Batch, account: &Account, changes: &[Change]) -> Result<crate::Request, Unsendable> {
    let batches: Vec<Value> = changes.iter().map(|change| json!({ "objects": [change.object] })).collect();
    let batches = Value::Array(batches);
    let key = format!("{}-{:016x}", batch.key, stable_hash(&[batches.to_string().as_bytes()]));
    let body = json!({ "idempotency_key": key, "batches": batches });
    change(account, &account.token, "/v2/catalog/batch-upsert", body.to_string().into_bytes())
}

/// Listings that an error names are judged by it. Whether the others were written is not told beside errors, so they are
/// looked at again.
fn hear(changes: &[Change], reply: &Reply, outcomes: &mut [Outcome]) -> Result<(), Trouble> {
    let Some(refusal) = trouble::of(reply)? else { return Ok(()) };
    for (change, outcome) in changes.iter().zip(refused(&refusal, changes.len())?) {
        if let Some(known) = outcomes.get_mut(change.row) {
            *known = outcome;
        }
    }
    Ok(())
}

fn refused(refusal: &Refusal, changes: usize) -> Result<Vec<Outcome>, Trouble> {
    match refusal.verdict("batches[", changes) {
        Verdict::Whole(trouble) => Err(trouble),
        // An object was changed since it was read, or is being changed.
        Verdict::Busy | Verdict::Outdated => Ok(vec![Outcome::Again; changes]),
        Verdict::KeyReused => Ok(vec![Outcome::Unknown; changes]),
        Verdict::Rows(named) => {
            let mut outcomes = vec![Outcome::Again; changes];
            for (row, fault) in named.into_iter().rev() {
                if let (RowFault::Wrong(because), Some(outcome)) = (fault, outcomes.get_mut(row)) {
                    *outcome = Outcome::Never { because: Note::new(&because) };
                }
            }
            Ok(outcomes)
        }
    }
}
