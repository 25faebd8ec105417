//! What a batch asks, in the platform's terms: the body that is journaled. Made by `compose`, read by every step.

use std::collections::BTreeSet;

use model::{Barcode, Change, Instant, Level, Listing, Money, WriteMode};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};

use crate::lightspeed_r::abilities::ROWS_MAX;
use crate::lightspeed_r::wire::is_id;
use crate::{Batch, ListingRow, Row, Unsendable};

/// How levels are brought over.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Mode {
    /// Take away from whatever it shows.
    Lower,
    /// Only if it still shows what is believed.
    Compared,
    /// Not levels but listings.
    List,
}

/// A whole batch.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct Plan {
    /// How.
    pub(super) mode: Mode,
    /// When the levels were worked out, in milliseconds since 1970.
    dated_ms: i64,
    /// Levels.
    pub(super) rows: Vec<PlanRow>,
    /// Listings.
    pub(super) listings: Vec<PlanListing>,
}

/// A level to be changed.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct PlanRow {
    /// Item.
    pub(super) item: String,
    /// Shop.
    pub(super) shop: String,
    /// In parts of a unit, as [`Level::parts`] has them.
    from_parts: i64,
    to_parts: i64,
}

/// A listing to be changed.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct PlanListing {
    /// Item.
    pub(super) item: String,
    /// The fields to be written, as they are sent; empty when nothing differs.
    pub(super) fields: Map<String, Value>,
    /// Currency of the price in it; empty without one.
    pub(super) currency: String,
}

impl PlanRow {
    /// What it is believed to show.
    pub(super) fn from(&self) -> Level {
        Level::from_parts(self.from_parts)
    }

    /// What it should show.
    pub(super) fn to(&self) -> Level {
        Level::from_parts(self.to_parts)
    }

    /// The difference.
    pub(super) fn delta(&self) -> Change {
        self.from().to(self.to())
    }
}

impl Plan {
    /// The plan of a batch.
    ///
    /// # Errors
    /// When it is empty or too large, or a row cannot be said.
    pub(super) fn of(batch: &Batch) -> Result<Self, Unsendable> {
        let listing = batch.mode == WriteMode::List;
        let (wanted, other) = (batch.rows.len(), batch.listings.len());
        let (wanted, other) = if listing { (other, wanted) } else { (wanted, other) };
        if wanted == 0 || wanted > ROWS_MAX || other != 0 {
            return Err(Unsendable::Impossible(
                "take a batch of no or more than ten rows, or of levels and listings at once",
            ));
        }
        let mode = match batch.mode {
            WriteMode::Lower => Mode::Lower,
            WriteMode::Raise | WriteMode::Correct => Mode::Compared,
            WriteMode::List => Mode::List,
        };
        let mut seen = BTreeSet::new();
        let rows = batch.rows.iter().enumerate().map(|(row, wanted)| {
            let fresh = seen.insert((&wanted.external, &wanted.location));
            let plan = if fresh { level(batch.mode, wanted) } else { Err("it is in the batch twice") };
            plan.map_err(|problem| Unsendable::Row { row, problem: problem.to_owned() })
        });
        let rows = rows.collect::<Result<_, _>>()?;
        let listings = batch.listings.iter().enumerate().map(|(row, wanted)| {
            self::listing(wanted).map_err(|problem| Unsendable::Row { row, problem: problem.to_owned() })
        });
        Ok(Self { mode, dated_ms: batch.dated.0, rows, listings: listings.collect::<Result<_, _>>()? })
    }

    /// When the levels were worked out.
    pub(super) fn dated(&self) -> Instant {
        Instant(self.dated_ms)
    }

    /// Whether it has an outcome for each row of the batch.
    pub(super) fn fits(&self, batch: &Batch) -> bool {
        self.rows.len() == batch.rows.len() && self.listings.len() == batch.listings.len()
    }
}

fn level(mode: WriteMode, row: &Row) -> Result<PlanRow, &'static str> {
    if !is_id(row.external.as_str()) || !is_id(row.location.as_str()) {
        return Err("an id is not a number of this platform's");
    }
    if !row.from.is_whole() || !row.to.is_whole() {
        return Err("it counts whole units only");
    }
    match mode {
        WriteMode::Lower if row.to >= row.from => Err("it does not lower the level"),
        WriteMode::Raise if row.to <= row.from => Err("it does not raise the level"),
        WriteMode::List => Err("a level is no listing"),
        WriteMode::Lower | WriteMode::Raise | WriteMode::Correct => Ok(PlanRow {
            item: row.external.as_str().to_owned(),
            shop: row.location.as_str().to_owned(),
            from_parts: row.from.parts(),
            to_parts: row.to.parts(),
        }),
    }
}

fn listing(row: &ListingRow) -> Result<PlanListing, &'static str> {
    if !is_id(row.external.as_str()) {
        return Err("an id is not a number of this platform's");
    }
    let (from, to) = (&row.from, &row.to);
    let mut fields = Map::new();
    if from.title != to.title {
        if to.title.is_empty() {
            return Err("an item must have a title");
        }
        fields.insert("description".to_owned(), json!(to.title.as_str()));
    }
    let priced = price(from, to)?;
    if let Some(price) = priced {
        let row = json!({"amount": price.to_decimal(), "useType": "Default"});
        fields.insert("Prices".to_owned(), json!({"ItemPrice": [row]}));
    }
    fields.extend(barcode(from.barcodes.first(), to.barcodes.first())?);
    Ok(PlanListing {
        item: row.external.as_str().to_owned(),
        fields,
        currency: priced.map(|price| price.currency.code().to_owned()).unwrap_or_default(),
    })
}

/// The price to be written; `None` when it stays.
fn price(from: &Listing, to: &Listing) -> Result<Option<Money>, &'static str> {
    if from.price == to.price {
        return Ok(None);
    }
    match to.price {
        None => Err("a price cannot be taken away"),
        Some(price) if price.minor < 0 => Err("a price cannot be below zero"),
        Some(price) => Ok(Some(price)),
    }
}

/// The field that holds a barcode: 11 to 14 digits by <https://developers.lightspeedhq.com/retail/endpoints/Item/>, read
/// 2026-11-24; twelve and less are a UPC.
fn barcode_field(code: &Barcode) -> Option<&'static str> {
    let digits = code.as_str();
    match digits.len() {
        _ if !digits.bytes().all(|byte| byte.is_ascii_digit()) => None,
        11 | 12 => Some("upc"),
        13 | 14 => Some("ean"),
        _ => None,
    }
}

/// The first barcode. We read the UPC first, so one that gives way to an EAN is emptied.
fn barcode(from: Option<&Barcode>, to: Option<&Barcode>) -> Result<Vec<(String, Value)>, &'static str> {
    if from == to {
        return Ok(Vec::new());
    }
    let old = from.and_then(barcode_field);
    let Some(code) = to else {
        return Ok(old.map(|field| (field.to_owned(), json!(""))).into_iter().collect());
    };
    let field = barcode_field(code).ok_or("a barcode must have 11 to 14 digits")?;
    let emptied = old.filter(|old| *old == "upc" && field == "ean").map(|old| (old.to_owned(), json!("")));
    Ok(emptied.into_iter().chain([(field.to_owned(), json!(code.as_str()))]).collect())
}
