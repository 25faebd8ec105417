//! What a variation lists now, and the object that lists what is wanted. Called by `listing`; knows no requests.
//!
//! Objects are kept as they were read, because an upsert replaces them whole: a field that we do not know must come back
//! as it was.

use std::collections::BTreeMap;

use model::{Barcode, Currency, Listing, Note, Outcome};
use serde_json::{Value, json};

use crate::ListingRow;
use crate::square::translate;
use crate::square::wire::{CatalogObject, RawCatalog, parse_at};

/// Whether the price, or whether it includes tax, is another.
pub(super) fn prices_differ(from: &Listing, to: &Listing) -> bool {
    from.price != to.price || from.tax_inclusive != to.tax_inclusive
}

/// Everything that was read, by id.
pub(super) struct Shelf<'a>(BTreeMap<&'a str, &'a Value>);

/// What has to be written of a listing.
pub(super) enum Wanted {
    /// It is listed already.
    Nothing,
    /// This object, in the place of the one with its id.
    Object(Value),
}

impl<'a> Shelf<'a> {
    /// From a reply.
    pub(super) fn of(page: &'a RawCatalog) -> Self {
        let all = page.related_objects.iter().chain(&page.objects);
        Self(all.filter_map(|object| Some((object["id"].as_str()?, object))).collect())
    }

    /// What has to be written.
    ///
    /// # Errors
    /// The outcome instead: a field shows neither what was believed nor what is wanted ([`Outcome::Stale`]), or cannot
    /// be said on Square.
    pub(super) fn judge(&self, row: &ListingRow, currency: Currency) -> Result<Wanted, Outcome> {
        let unknown = || never("Square does not know this variation any more");
        let object = *self.0.get(row.external.as_str()).ok_or_else(unknown)?;
        let known: CatalogObject = parse_at("object", object).map_err(|error| never(&error.to_string()))?;
        let whole = object["item_variation_data"].is_object();
        if !whole || known.kind != "ITEM_VARIATION" || known.is_deleted == Some(true) {
            return Err(unknown());
        }
        let mut variation = object.clone();
        let priced = write_price(row, &mut variation, currency)?;
        let coded = write_upc(row, &mut variation)?;
        match self.write_title(row, &mut variation)? {
            Titled::Item(item) => Ok(Wanted::Object(item)),
            Titled::Variation => Ok(Wanted::Object(variation)),
            Titled::Not if priced || coded => Ok(Wanted::Object(variation)),
            Titled::Not => Ok(Wanted::Nothing),
        }
    }

    fn parent(&self, variation: &Value) -> Option<&'a Value> {
        let id = variation["item_variation_data"]["item_id"].as_str()?;
        self.0.get(id).copied()
    }

    /// A variation is called by its item's name and its own, in brackets. The item's name is written where it has no
    /// other variation; among several the own name is, and the item's must stay.
    fn write_title(&self, row: &ListingRow, variation: &mut Value) -> Result<Titled, Outcome> {
        if row.from.title == row.to.title {
            return Ok(Titled::Not);
        }
        let untold = || never("Square did not tell the item of this variation");
        let item = self.parent(variation).filter(|item| item["item_data"].is_object()).ok_or_else(untold)?;
        let read = |object| parse_at::<CatalogObject>("object", object).map_err(|error| never(&error.to_string()));
        let (known_item, known) = (read(item)?, read(variation)?);
        let shown = translate::title(Some(&known_item), known.item_variation_data.as_ref().ok_or_else(untold)?);
        if !wanting(&shown, &row.from.title, &row.to.title)? {
            return Ok(Titled::Not);
        }
        let variations = item["item_data"]["variations"].as_array().ok_or_else(untold)?;
        let name = item["item_data"]["name"].as_str().unwrap_or_default().trim();
        let own = variation["item_variation_data"]["name"].as_str().unwrap_or_default().trim().to_owned();
        if let [_] = variations.as_slice() {
            return Ok(Titled::Item(renamed(item, variation, row.to.title.as_str(), &own)?));
        }
        let inner = row.to.title.as_str().strip_prefix(name).and_then(|rest| rest.strip_prefix(" ("));
        let inner = inner.and_then(|rest| rest.strip_suffix(')')).map(str::trim).filter(|inner| !inner.is_empty());
        let inner = inner.ok_or_else(|| never("the item's name belongs to all its variations"))?;
        variation["item_variation_data"]["name"] = json!(inner);
        Ok(Titled::Variation)
    }
}

enum Titled {
    /// As it should be.
    Not,
    /// By the variation's own name.
    Variation,
    /// By the name of the item, which carries the variation with it.
    Item(Value),
}

/// The item under its new name with its only variation in it. When that one's own name does not end the title, it is
/// called "Regular", as Square calls the only variation of an item, which is not shown.
fn renamed(item: &Value, variation: &mut Value, title: &str, own: &str) -> Result<Value, Outcome> {
    let silent = matches!(own, "" | "Regular");
    let outer = title.strip_suffix(&format!(" ({own})")).filter(|outer| !silent && !outer.trim().is_empty());
    if outer.is_none() && !silent {
        variation["item_variation_data"]["name"] = json!("Regular");
    }
    let name = outer.unwrap_or(title);
    if name.trim().is_empty() {
        return Err(never("Square takes no item without a name"));
    }
    let mut item = item.clone();
    item["item_data"]["name"] = json!(name);
    item["item_data"]["variations"] = json!([variation]);
    Ok(item)
}

/// `Ok(false)` when it is there already.
fn wanting<T: PartialEq>(shown: &T, from: &T, to: &T) -> Result<bool, Outcome> {
    match (shown == to, shown == from) {
        (true, _) => Ok(false),
        (false, true) => Ok(true),
        (false, false) => Err(Outcome::Stale),
    }
}

/// Answers whether there is something to write. Without a price the till asks for one.
fn write_price(row: &ListingRow, variation: &mut Value, currency: Currency) -> Result<bool, Outcome> {
    if !prices_differ(&row.from, &row.to) {
        return Ok(false);
    }
    if row.from.tax_inclusive != row.to.tax_inclusive {
        return Err(never("whether a price includes tax is decided by the item's taxes in Square"));
    }
    if row.to.price.is_some_and(|price| price.currency != currency) {
        return Err(never("the seller has another currency"));
    }
    let data = &mut variation["item_variation_data"];
    let amount = data["price_money"]["amount"].as_i64();
    let code = data["price_money"]["currency"].as_str().unwrap_or(currency.code());
    let shown = amount.map(|minor| (minor, code.to_owned()));
    let said = |listing: &Listing| listing.price.map(|price| (price.minor, price.currency.code().to_owned()));
    if !wanting(&shown, &said(&row.from), &said(&row.to))? {
        return Ok(false);
    }
    match row.to.price {
        Some(price) => {
            data["pricing_type"] = json!("FIXED_PRICING");
            data["price_money"] = json!({ "amount": price.minor, "currency": price.currency.code() });
        }
        None => {
            data["pricing_type"] = json!("VARIABLE_PRICING");
            remove(data, "price_money");
        }
    }
    Ok(true)
}

/// Answers whether there is something to write.
fn write_upc(row: &ListingRow, variation: &mut Value) -> Result<bool, Outcome> {
    let (from, to) = (row.from.barcodes.first(), row.to.barcodes.first());
    let data = &mut variation["item_variation_data"];
    let shown = data["upc"].as_str().map(Barcode::new).filter(|upc| !upc.is_empty());
    if from == to || !wanting(&shown.as_ref(), &from, &to)? {
        return Ok(false);
    }
    match to {
        Some(code) => data["upc"] = json!(code.as_str()),
        None => remove(data, "upc"),
    }
    Ok(true)
}

fn remove(data: &mut Value, field: &str) {
    if let Some(data) = data.as_object_mut() {
        data.remove(field);
    }
}

fn never(because: &str) -> Outcome {
    Outcome::Never { because: Note::new(because) }
}
