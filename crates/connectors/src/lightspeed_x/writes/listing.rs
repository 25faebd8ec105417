//! Listings: price, title and barcode of a product, each read before it is written.
//!
//! The update call of 2026-07 takes `common` fields, which belong to a whole family of variants, and `details` of the one
//! product. Only the price that the store keeps may be given, with or without tax, and codes only as a full list.
//! Called by `writes`; knows no levels.

use model::{Barcode, Listing, Money, Note, Outcome};
use serde_json::{Map, Value, json};

use super::{Replies, because};
use crate::lightspeed_x::http_request::{get, put};
use crate::lightspeed_x::requests::path_part;
use crate::lightspeed_x::translate::{self, given};
use crate::lightspeed_x::trouble::{self, garbled};
use crate::lightspeed_x::wire::{Product, ProductCode, Single, element, object};
use crate::{Account, Batch, ListingRow, Reply, Step, Trouble, Unsendable};

/// What is to be written, for the journal: of each product the fields that differ.
///
/// # Errors
/// When an id cannot be part of a path, or a listing is named twice.
pub(super) fn compose(batch: &Batch) -> Result<Vec<u8>, Unsendable> {
    if batch.listings.is_empty() || !batch.rows.is_empty() {
        return Err(Unsendable::Impossible("change the listings of nothing"));
    }
    let mut said = Vec::new();
    for (index, row) in batch.listings.iter().enumerate() {
        let fault = |problem: &str| Unsendable::Row { row: index, problem: problem.to_owned() };
        path_part(Some(row.external.as_str())).map_err(|_| fault("the id is empty or only dots"))?;
        if batch.listings[..index].iter().any(|other| other.external == row.external) {
            return Err(fault("the same listing is named twice"));
        }
        said.push(differing(row));
    }
    Ok(json!({"listings": said}).to_string().into_bytes())
}

fn differing(row: &ListingRow) -> Value {
    let mut fields = Map::new();
    fields.insert("product_id".to_owned(), json!(row.external.as_str()));
    if row.from.title != row.to.title {
        fields.insert("name".to_owned(), json!(row.to.title.as_str()));
    }
    if prices_differ(&row.from, &row.to) {
        let price = row.to.price.map(|price| format!("{} {}", price.to_decimal(), price.currency.code()));
        fields.insert("price".to_owned(), json!({"amount": price, "tax_inclusive": row.to.tax_inclusive}));
    }
    if row.from.barcodes.first() != row.to.barcodes.first() {
        fields.insert("barcode".to_owned(), json!(row.to.barcodes.first().map(Barcode::as_str)));
    }
    Value::Object(fields)
}

fn prices_differ(from: &Listing, to: &Listing) -> bool {
    from.price != to.price || from.tax_inclusive != to.tax_inclusive
}

/// Listing by listing: the product is read, then what differs is written. Writing the same twice does no harm, so a run
/// that is not the first is no other than the first.
///
/// # Errors
/// When a reply denies, puts off or fails.
pub(super) fn step(batch: &Batch, account: &Account, replies: &mut Replies<'_>) -> Result<Step, Trouble> {
    let mut outcomes = Vec::with_capacity(batch.listings.len());
    for row in &batch.listings {
        match one(row, account, replies)? {
            Judged::Settled(outcome) => outcomes.push(outcome),
            Judged::Send(step) => return Ok(step),
        }
    }
    Ok(Step::Settled(outcomes))
}

enum Judged {
    Settled(Outcome),
    Send(Step),
}

fn one(row: &ListingRow, account: &Account, replies: &mut Replies<'_>) -> Result<Judged, Trouble> {
    if row.from == row.to {
        return Ok(Judged::Settled(Outcome::Done { after: None }));
    }
    let path = format!("/products/{}", path_part(Some(row.external.as_str()))?);
    let Some(read) = replies.next() else {
        return Ok(Judged::Send(Step::Send(Box::new(get(account, &path)?))));
    };
    let product = match product(read)? {
        Ok(product) => product,
        Err(outcome) => return Ok(Judged::Settled(outcome)),
    };
    let body = match changes(row, &product, account) {
        Ok(body) if body.is_empty() => return Ok(Judged::Settled(Outcome::Done { after: None })),
        Ok(body) => body,
        Err(outcome) => return Ok(Judged::Settled(outcome)),
    };
    match replies.next() {
        None => Ok(Judged::Send(Step::Send(Box::new(put(account, &path, &Value::Object(body))?)))),
        Some(reply) => written(reply).map(Judged::Settled),
    }
}

/// The product, or why there is nothing to write to.
fn product(reply: &Reply) -> Result<Result<Product, Outcome>, Trouble> {
    match trouble::check(reply) {
        Ok(()) => {
            let single: Single = object(&reply.body).map_err(garbled)?;
            element("data", &single.data).map(Ok).map_err(garbled)
        }
        Err(Trouble::Refused { .. }) => Ok(Err(Outcome::Never { because: because(reply) })),
        Err(trouble) => Err(trouble),
    }
}

fn written(reply: &Reply) -> Result<Outcome, Trouble> {
    match trouble::check(reply) {
        Ok(()) => Ok(Outcome::Done { after: None }),
        // Somebody else changes the same product at this moment.
        Err(Trouble::Refused { .. }) if reply.status == 409 => Ok(Outcome::Again),
        Err(Trouble::Refused { .. }) => Ok(Outcome::Never { because: because(reply) }),
        Err(trouble) => Err(trouble),
    }
}

fn never(because: &str) -> Outcome {
    Outcome::Never { because: Note::new(because) }
}

/// The body of the update, empty when the product lists all of it already; or the outcome without one. A field that
/// shows neither what was believed nor what is wanted was changed by somebody: that is read first.
fn changes(row: &ListingRow, product: &Product, account: &Account) -> Result<Map<String, Value>, Outcome> {
    if given(product.deleted_at.as_deref()).is_some() {
        return Err(never("the product is deleted in Lightspeed"));
    }
    let (mut common, mut details) = (Map::new(), Map::new());
    if let Some(name) = new_name(row, product)? {
        common.insert("name".to_owned(), json!(name));
    }
    if let Some((field, amount)) = new_price(row, product, account)? {
        details.insert(field.to_owned(), amount);
    }
    if let Some(codes) = new_codes(row, product)? {
        details.insert("product_codes".to_owned(), codes);
    }
    let parts = [("common", common), ("details", details)];
    let filled = parts.into_iter().filter(|(_, fields)| !fields.is_empty());
    Ok(filled.map(|(name, fields)| (name.to_owned(), Value::Object(fields))).collect())
}

/// `Ok(false)` when it is there already.
fn wanting<T: PartialEq>(shown: &T, from: &T, to: &T) -> Result<bool, Outcome> {
    if shown == to {
        return Ok(false);
    }
    if shown == from { Ok(true) } else { Err(Outcome::Stale) }
}

fn new_name<'a>(row: &'a ListingRow, product: &Product) -> Result<Option<&'a str>, Outcome> {
    if row.from.title == row.to.title || !wanting(&translate::title(product), &row.from.title, &row.to.title)? {
        return Ok(None);
    }
    if row.to.title.is_empty() {
        return Err(never("Lightspeed takes no product without a name"));
    }
    if product.has_variants == Some(true) || given(product.variant_parent_id.as_deref()).is_some() {
        return Err(never("a variant is called by the name it shares with its family, and by its options"));
    }
    Ok(Some(row.to.title.as_str()))
}

fn new_price(row: &ListingRow, product: &Product, account: &Account) -> Result<Option<(&'static str, Value)>, Outcome> {
    if !prices_differ(&row.from, &row.to) {
        return Ok(None);
    }
    let price = row.to.price.ok_or_else(|| never("Lightspeed takes no product without a price"))?;
    if price.currency != account.currency {
        return Err(never("the store has another currency"));
    }
    let (shown, inclusive) = translate::price(product, account.currency);
    if inclusive != row.to.tax_inclusive {
        let kept = if inclusive { "including" } else { "excluding" };
        return Err(never(&format!("the store keeps its prices {kept} tax")));
    }
    if !wanting(&shown, &row.from.price, &row.to.price)? {
        return Ok(None);
    }
    let field = if inclusive { "price_including_tax" } else { "price_excluding_tax" };
    let amount = amount(price).ok_or_else(|| never("the price is too large to be written exactly"))?;
    Ok(Some((field, amount)))
}

/// An amount as a JSON number that reads back as the same text.
fn amount(price: Money) -> Option<Value> {
    let number: Value = serde_json::from_str(&price.to_decimal()).ok()?;
    (Money::parse(&number.to_string(), price.currency) == Some(price)).then_some(number)
}

/// The full list of codes with the first barcode changed and nothing else.
fn new_codes(row: &ListingRow, product: &Product) -> Result<Option<Value>, Outcome> {
    let (from, to) = (row.from.barcodes.first(), row.to.barcodes.first());
    let shown = translate::barcodes(product);
    if from == to || !wanting(&shown.first(), &from, &to)? {
        return Ok(None);
    }
    if from.is_some_and(|code| Some(code.as_str()) == product.sku.as_deref()) {
        return Err(never("the barcode is also the product's SKU"));
    }
    let new = to.map(|code| (code.as_str(), kind(code.as_str())));
    if matches!(new, Some((_, None))) {
        return Err(never("it is no barcode of 8, 10, 12, 13 or 14 digits"));
    }
    let new = new.map(|(code, kind)| json!({"code": code, "type": kind}));
    let mut codes = Vec::new();
    for code in product.product_codes.iter().flatten() {
        let old = from.is_some_and(|from| given(code.code.as_deref()) == Some(from.as_str()));
        codes.extend(if old { new.clone() } else { Some(kept(code)) });
    }
    if from.is_none() {
        codes.extend(new);
    }
    Ok(Some(Value::Array(codes)))
}

fn kept(code: &ProductCode) -> Value {
    let mut fields = Map::new();
    fields.insert("code".to_owned(), json!(code.code));
    if let Some(kind) = &code.kind {
        fields.insert("type".to_owned(), json!(kind));
    }
    Value::Object(fields)
}

/// The kind of a barcode by its length.
fn kind(code: &str) -> Option<&'static str> {
    let digits = code.bytes().all(|byte| byte.is_ascii_digit());
    match code.len() {
        8 | 13 if digits => Some("EAN"),
        10 if digits => Some("ISBN"),
        12 if digits => Some("UPC"),
        14 if digits => Some("ITF"),
        _ => None,
    }
}
