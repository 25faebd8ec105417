//! Listings: price, title and first barcode of variants, each looked at before it is written.
//!
//! Called through `Connector::compose` and `Connector::step`; knows no levels. Shopify changes variants product by
//! product, so the first request of a run asks which products they belong to and what they list now. What is listed
//! already is not written, so a run may be begun anew at any point.
//! <https://shopify.dev/docs/api/admin-graphql/2026-10/mutations/productVariantsBulkUpdate>,
//! <https://shopify.dev/docs/api/admin-graphql/2026-10/mutations/productUpdate>

mod act;
mod differs;

use std::collections::BTreeSet;

use model::{Barcode, Outcome};
use serde_json::{Map, Value, json};

use self::act::Act;
use self::differs::{Differs, Look, Shown};
use super::write::never;
use super::{queries, reply, requests};
use crate::{Account, Batch, Effect, ListingRow, Reply, Step, Trouble, Unsendable};

/// Most listings in one batch: in the worst case each takes two requests of its own.
pub(super) const LISTINGS_MAX: usize = 50;

/// What the batch will change, for the record; the requests are made from the batch and from what is listed now. The
/// same batch gives the same bytes.
///
/// # Errors
/// When there are no or too many listings, one is named twice, or an id is not Shopify's.
pub(super) fn compose(batch: &Batch) -> Result<Vec<u8>, Unsendable> {
    if batch.listings.is_empty() {
        return Err(Unsendable::Impossible("carry a batch of no listings"));
    }
    let mut named = BTreeSet::new();
    let mut said = Vec::with_capacity(batch.listings.len());
    for (row, listing) in batch.listings.iter().enumerate() {
        let refuse = |problem: &str| Err(Unsendable::Row { row, problem: problem.to_owned() });
        if row >= LISTINGS_MAX {
            return refuse("more listings than one batch may have");
        }
        if requests::gid("InventoryItem", listing.external.as_str()).is_none() {
            return refuse("the item is not a number of this platform");
        }
        if !named.insert(&listing.external) {
            return refuse("the same listing twice");
        }
        let variant =
            variant(listing).ok_or(Unsendable::Row { row, problem: "its variant is not known".to_owned() })?;
        said.push(differing(&variant, listing));
    }
    Ok(json!({ "listings": said }).to_string().into_bytes())
}

/// The global id of the listing's variant, which is one of its other names.
fn variant(listing: &ListingRow) -> Option<String> {
    let number = listing.aliases.iter().find_map(|alias| alias.as_str().strip_prefix("variant:"))?;
    requests::gid("ProductVariant", number)
}

fn differing(variant: &str, listing: &ListingRow) -> Value {
    let (from, to) = (&listing.from, &listing.to);
    let mut fields = Map::new();
    fields.insert("variant".to_owned(), json!(variant));
    if from.title != to.title {
        fields.insert("title".to_owned(), json!(to.title.as_str()));
    }
    if from.price != to.price || from.tax_inclusive != to.tax_inclusive {
        let price = to.price.map(|price| format!("{} {}", price.to_decimal(), price.currency.code()));
        fields.insert("price".to_owned(), json!({ "amount": price, "taxInclusive": to.tax_inclusive }));
    }
    if from.barcodes.first() != to.barcodes.first() {
        fields.insert("barcode".to_owned(), json!(to.barcodes.first().map(Barcode::as_str)));
    }
    Value::Object(fields)
}

/// The next request of a batch, or what became of each listing. First what is listed is read, then each product is
/// written.
///
/// # Errors
/// When a reply denies, puts off or fails the request it answers.
pub(super) fn step(batch: &Batch, account: &Account, replies: &[Reply]) -> Result<Step, Trouble> {
    if batch.listings.iter().all(|row| row.from == row.to) {
        return Ok(Step::Settled(vec![Outcome::Done { after: None }; batch.listings.len()]));
    }
    let mut replies = replies.iter();
    let Some(looked) = replies.next() else { return send(look(batch, account)?) };
    let (mut outcomes, acts) = plan(batch, looked)?;
    for act in &acts {
        match replies.next() {
            None => return send(act.request(account)?),
            Some(reply) => act.hear(reply, &mut outcomes)?,
        }
    }
    Ok(Step::Settled(outcomes))
}

fn send(request: crate::Request) -> Result<Step, Trouble> {
    Ok(Step::Send(Box::new(request)))
}

/// Asks what the variants list and which product each belongs to.
fn look(batch: &Batch, account: &Account) -> Result<crate::Request, Unsendable> {
    let unknown = |row| Unsendable::Row { row, problem: "its variant is not known".to_owned() };
    let ids = batch.listings.iter().enumerate().map(|(row, listing)| variant(listing).ok_or_else(|| unknown(row)));
    let ids: Vec<String> = ids.collect::<Result<_, _>>()?;
    let cost = queries::listings_cost(ids.len());
    requests::graphql(queries::LISTINGS_QUERY, &json!({ "ids": ids }), account, cost, Effect::Read)
}

/// What is to be written, product by product in the order of the batch, and the outcomes of what is not.
fn plan(batch: &Batch, looked: &Reply) -> Result<(Vec<Outcome>, Vec<Act>), Trouble> {
    let look: Look = reply::data(looked)?;
    let (shop, shown) = look.shown(batch.listings.len())?;
    let mut outcomes = Vec::with_capacity(shown.len());
    let (mut prices, mut titles): (Vec<Act>, Vec<Act>) = (Vec::new(), Vec::new());
    for (row, (listing, shown)) in batch.listings.iter().zip(&shown).enumerate() {
        let judged = match shown {
            None => Err(never("Shopify does not know this variant any more")),
            Some(shown) => Differs::of(listing, shown, &shop),
        };
        match (judged, shown) {
            (Ok(differs), Some(shown)) => {
                outcomes.push(Outcome::Done { after: None });
                titles.extend(differs.title.map(|title| Act::title(shown, row, title)));
                if !differs.fields.is_empty() {
                    add(&mut prices, shown, row, differs.fields);
                }
            }
            (Ok(_), None) => outcomes.push(Outcome::Again),
            (Err(outcome), _) => outcomes.push(outcome),
        }
    }
    prices.extend(titles);
    Ok((outcomes, prices))
}

fn add(acts: &mut Vec<Act>, shown: &Shown, row: usize, fields: Map<String, Value>) {
    let taken = acts.iter_mut().find_map(|act| act.variants_of(shown.product.id.whole()));
    match taken {
        Some(rows) => rows.push((row, fields)),
        None => acts.push(Act::variants(shown, row, fields)),
    }
}
