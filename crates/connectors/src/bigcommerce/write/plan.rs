//! What a batch changes, in the platform's terms: made once, journaled, read again for every request.

use model::{ExternalItem, Listing, WriteMode};
use serde::{Deserialize, Serialize};

use super::{LISTINGS_MAX, ROWS_MAX};
use crate::bigcommerce::requests::id;
use crate::{Batch, ListingRow, Row, Trouble, Unsendable};

/// Largest amount whose digits a JSON number certainly keeps, in minor units.
const EXACT_MAX: u64 = 999_999_999_999_999;
/// Longest title and barcode that the platform takes, in characters.
const TITLE_MAX: usize = 250;
const BARCODE_MAX: usize = 14;

/// The journaled body.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct Plan {
    /// Shown to the merchant beside the change.
    pub(super) reason: String,
    /// One per level.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(super) items: Vec<Item>,
    /// One per listing.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(super) listings: Vec<Entry>,
}

/// A change of a level.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct Item {
    /// Where.
    pub(super) location_id: u64,
    /// What.
    pub(super) variant_id: u64,
    /// Its product, when it is the only variant: such stock is counted by product, and refused by variant.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) product_id: Option<u64>,
    /// The difference in whole units; 0 when there is only something to be confirmed.
    pub(super) quantity: i64,
    /// What it should be after it, in whole units.
    pub(super) target: i64,
}

/// A change of a listing: what differs.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct Entry {
    /// What is listed.
    pub(super) variant_id: u64,
    /// The new price, exact as a JSON number.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) price: Option<serde_json::Number>,
    /// The currency of the price.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) currency: Option<String>,
    /// The new barcode; empty to take it away.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) upc: Option<String>,
    /// The new title and the product it belongs to.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) title: Option<(u64, String)>,
    /// Why it cannot be done.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) never: Option<String>,
}

impl Plan {
    /// Of a batch.
    ///
    /// # Errors
    /// When the batch is empty or too large, or a row cannot be said.
    pub(super) fn of(batch: &Batch) -> Result<Self, Unsendable> {
        let list = batch.mode == WriteMode::List;
        let (wanted, other, most) = match list {
            true => (batch.listings.len(), batch.rows.len(), LISTINGS_MAX),
            false => (batch.rows.len(), batch.listings.len(), ROWS_MAX),
        };
        if wanted == 0 || wanted > most || other != 0 {
            return Err(Unsendable::Impossible(
                "change nothing, more than fits one batch, or levels and listings at once",
            ));
        }
        let row = |row: usize| move |problem: &str| Unsendable::Row { row, problem: problem.to_owned() };
        let items = batch.rows.iter().enumerate().map(|(at, own)| item(batch.mode, own).map_err(row(at)));
        let listings = batch.listings.iter().enumerate().map(|(at, own)| entry(own).map_err(row(at)));
        Ok(Self {
            reason: format!("Lockstep {}", batch.key),
            items: items.collect::<Result<_, _>>()?,
            listings: listings.collect::<Result<_, _>>()?,
        })
    }

    /// Of a journaled body.
    ///
    /// # Errors
    /// When it is not the body of this batch.
    pub(super) fn read(body: &[u8], batch: &Batch) -> Result<Self, Trouble> {
        let plan: Option<Self> = serde_json::from_slice(body).ok();
        let fits = |plan: &Self| plan.items.len() == batch.rows.len() && plan.listings.len() == batch.listings.len();
        let reason = || "the journaled body is not that of this batch".to_owned();
        plan.filter(fits).ok_or_else(|| Trouble::Refused { reason: reason() })
    }
}

fn item(mode: WriteMode, row: &Row) -> Result<Item, &'static str> {
    let change = row.from.to(row.to);
    if !row.from.is_whole() || !row.to.is_whole() {
        return Err("BigCommerce counts whole units only");
    }
    match mode {
        WriteMode::Lower if !change.is_loss() => return Err("it does not lower the level"),
        WriteMode::Raise if change.is_loss() || change.is_zero() => return Err("it does not raise the level"),
        WriteMode::Lower | WriteMode::Raise | WriteMode::Correct | WriteMode::List => {}
    }
    Ok(Item {
        location_id: id(row.location.as_str()).ok_or("the location's id is not a number")?,
        variant_id: id(row.external.as_str()).ok_or("the item's id is not a number")?,
        product_id: product(&row.aliases),
        quantity: change.floor_units(),
        target: row.to.floor_units(),
    })
}

/// The product that an only variant goes by as well.
fn product(aliases: &[ExternalItem]) -> Option<u64> {
    aliases.iter().find_map(|alias| id(alias.as_str().strip_prefix("product:")?))
}

fn entry(row: &ListingRow) -> Result<Entry, &'static str> {
    let variant_id = id(row.external.as_str()).ok_or("the item's id is not a number")?;
    let mut entry = Entry { variant_id, price: None, currency: None, upc: None, title: None, never: None };
    let done = price(row, &mut entry).and_then(|()| barcode(row, &mut entry)).and_then(|()| title(row, &mut entry));
    // All of a listing or nothing of it: a part would be told as undone although it is done.
    entry.never = done.err().map(str::to_owned);
    Ok(entry)
}

fn price(row: &ListingRow, entry: &mut Entry) -> Result<(), &'static str> {
    if row.from.price == row.to.price {
        return Ok(());
    }
    let price = row.to.price.ok_or("a price can be changed but not taken away")?;
    if price.minor < 0 || price.minor.unsigned_abs() > EXACT_MAX {
        return Err("a price below zero or with more than fifteen digits cannot be told exactly");
    }
    entry.price = Some(price.to_decimal().parse().map_err(|_| "the price is no number")?);
    entry.currency = Some(price.currency.code().to_owned());
    Ok(())
}

/// The platform keeps one barcode; the first is that one.
fn barcode(row: &ListingRow, entry: &mut Entry) -> Result<(), &'static str> {
    let first = |listing: &Listing| listing.barcodes.first().map(|code| code.as_str().to_owned()).unwrap_or_default();
    let (from, to) = (first(&row.from), first(&row.to));
    if to.chars().count() > BARCODE_MAX {
        return Err("a barcode there has at most 14 characters");
    }
    entry.upc = (from != to).then_some(to);
    Ok(())
}

/// A title is the product's. Only where the item is the product's only variant is it the item's too.
fn title(row: &ListingRow, entry: &mut Entry) -> Result<(), &'static str> {
    if row.from.title == row.to.title {
        return Ok(());
    }
    let product = product(&row.aliases);
    let product = product.ok_or("the title belongs to the product, which has other variants too")?;
    if row.to.title.is_empty() || row.to.title.as_str().chars().count() > TITLE_MAX {
        return Err("a title there has 1 to 250 characters");
    }
    entry.title = Some((product, row.to.title.as_str().to_owned()));
    Ok(())
}
