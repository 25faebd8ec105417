//! `Item`: list, read, create, change, archive.
//!
//! Sent here by the routes.

use super::super::LightspeedR;
use super::super::query::Query;
use super::super::query::page::List;
use super::super::records::{Record, missing, to_one};
use super::super::resources::ITEM;
use super::super::stock::{Cause, reason};
use super::super::table::{Id, Row};
use super::super::wire::{self, Answer, Fields, Refused};
use super::{Item, PRICE_LEVELS};
use crate::machine::Millis;
use serde_json::{Value, json};

const TYPES: [&str; 6] = ["default", "non_inventory", "serialized", "box", "serialized_assembly", "assembly"];

impl LightspeedR {
    /// `GET /Item.json`
    pub(crate) fn list_items(&self, query: &Query, address: &str) -> Answer {
        let among = query.exact("customSku").map(|skus| skus.iter().flat_map(|sku| self.items.of_sku(sku)).collect());
        let list = List { resource: &ITEM, table: self.items.table(), query, address, among };
        list.answer(&|id, _| self.show_item(id, query).unwrap_or_default())
    }

    /// `GET /Item/{id}.json`
    pub(crate) fn read_item(&self, id: Id, query: &Query) -> Answer {
        Ok(wire::single("Item", self.show_item(id, query).ok_or_else(|| missing(&ITEM, id))?))
    }

    /// `POST /Item.json`
    pub(crate) fn create_item(&mut self, body: &Value, now: Millis) -> Answer {
        let mut item = Item { record: Record::new(&ITEM, now), prices: Default::default(), attribute: String::new() };
        for (name, value) in [("itemType", "default"), ("tax", "true"), ("discountable", "true"), ("taxClassID", "1")] {
            item.record.set(name, value);
        }
        self.apply_item(&mut item, body)?;
        let opening = self.read_opening(&item, body)?;
        let id = self.items.add(item);
        self.stock_new_items(now);
        for (shop, qoh) in opening {
            self.stock.set(id, shop, qoh, &Cause { reason: reason::CREATED, ..Cause::default() }, now);
        }
        self.read_item(id, &written())
    }

    /// Opening stock of a new item by shop.
    fn read_opening(&self, item: &Item, body: &Value) -> Result<Vec<(Id, i64)>, Refused> {
        let mut opening = Vec::new();
        for row in wire::rows(body, "ItemShops", "ItemShop") {
            let shop = wire::id(row, "shopID")?.unwrap_or(0);
            self.check_reference("shopID", shop)?;
            let Some(qoh) = wire::whole(row, "qoh")?.filter(|qoh| *qoh != 0) else { continue };
            if shop == 0 || !item.is_tracked() {
                return Err(Refused::rule("qoh needs a shopID other than 0 and an item whose inventory is tracked."));
            }
            opening.push((shop, qoh));
        }
        Ok(opening)
    }

    /// `PUT /Item/{id}.json`. Stock alone does not move the item's own time of change.
    pub(crate) fn update_item(&mut self, id: Id, body: &Value, now: Millis) -> Answer {
        let mut item = self.items.table().get(id).ok_or_else(|| missing(&ITEM, id))?.clone();
        let wanted = self.read_item_shops(id, body)?;
        if self.apply_item(&mut item, body)? {
            item.record.touch(now);
            self.items.change(id, |kept| *kept = item);
        }
        self.put_stock(&wanted, now);
        self.read_item(id, &written())
    }

    /// `DELETE /Item/{id}.json`: archives, and zeroes the stock.
    pub(crate) fn archive_item_call(&mut self, id: Id, now: Millis) -> Answer {
        if self.items.table().get(id).is_none() {
            return Err(missing(&ITEM, id));
        }
        self.archive_item(id, now);
        self.read_item(id, &Query::default())
    }

    /// Archives an item and zeroes its stock, for good.
    pub(crate) fn archive_item(&mut self, id: Id, now: Millis) {
        self.items.change(id, |item| {
            item.record.set("archived", "true");
            item.record.touch(now);
        });
        let cause = Cause { reason: reason::ARCHIVED, automated: true, ..Cause::default() };
        for shop in 1..self.stock.of_item(id).len() as Id {
            self.stock.set(id, shop, 0, &cause, now);
        }
    }

    /// Sets what a client sent; tells whether anything but stock was meant.
    fn apply_item(&self, item: &mut Item, body: &Value) -> Result<bool, Refused> {
        let mut any = item.record.apply(body)?;
        if wire::flag(body, "archived")? == Some(false) && item.record.flag("archived") {
            item.record.set("archived", "false");
            any = true;
        }
        for price in wire::rows(body, "Prices", "ItemPrice") {
            let position = price_level(price)?;
            item.prices[position] =
                wire::amount(price, "amount")?.ok_or_else(|| Refused::rule("amount is required in ItemPrice."))?;
            any = true;
        }
        if let Some(attribute) = wire::text(&body["ItemAttributes"], "attribute1")? {
            item.attribute = attribute;
            any = true;
        }
        check(&item.record)?;
        for field in ["categoryID", "taxClassID", "itemMatrixID", "manufacturerID", "defaultVendorID"] {
            self.check_reference(field, item.record.id(field))?;
        }
        Ok(any)
    }

    /// An item with the relations that were asked for; `None` when there is none.
    pub(crate) fn show_item(&self, id: Id, query: &Query) -> Option<Fields> {
        let item = self.items.table().get(id)?;
        let mut fields = Fields::new();
        item.fill(id, &mut fields);
        if query.loads("ItemShops") {
            wire::relate(&mut fields, "ItemShops", "ItemShop", self.show_item_shops(id));
        }
        if query.loads("ItemAttributes") && item.record.id("itemMatrixID") != 0 {
            let attributes = json!({
                "attribute1": item.attribute, "attribute2": "", "attribute3": "", "itemAttributeSetID": "2",
            });
            fields.insert("ItemAttributes".into(), attributes);
        }
        for name in ["Category", "TaxClass", "Manufacturer"] {
            if query.loads(name)
                && let Some((resource, field)) = to_one(name)
                && let Some(row) = self.records.show(resource, item.record.id(field))
            {
                fields.insert(name.into(), Value::Object(row));
            }
        }
        Some(fields)
    }

    /// Rows of the shops, and the sum last, as the vendor shows them.
    fn show_item_shops(&self, item: Id) -> Vec<Value> {
        let ids = self.stock.of_item(item);
        let turned = ids.iter().skip(1).chain(ids.first());
        let show = |id: &Id| {
            let mut fields = Fields::new();
            self.stock.rows().get(*id)?.fill(*id, &mut fields);
            Some(Value::Object(fields))
        };
        turned.filter_map(show).collect()
    }
}

/// What an item is answered with after it was written.
fn written() -> Query {
    Query { relations: vec!["ItemShops".into()], ..Query::default() }
}

fn price_level(price: &Value) -> Result<usize, Refused> {
    let by_name = wire::text(price, "useType")?;
    let by_name = by_name.and_then(|name| PRICE_LEVELS.iter().position(|level| *level == name));
    let by_id = wire::id(price, "useTypeID")?.and_then(|id| usize::try_from(id).ok()?.checked_sub(1));
    let level = by_name.or(by_id).filter(|level| *level < PRICE_LEVELS.len());
    level.ok_or_else(|| Refused::rule("ItemPrice must name a price level by useType or useTypeID."))
}

fn check(record: &Record) -> Result<(), Refused> {
    if !TYPES.contains(&record.get("itemType")) {
        return Err(Refused::rule(format!("itemType must be one of {}.", TYPES.join(", "))));
    }
    for name in ["upc", "ean"] {
        if !is_code(record.get(name)) {
            return Err(Refused::rule(format!("{name} must be 11-14 digits.")));
        }
    }
    Ok(())
}

/// Whether a UPC or EAN is one: empty, or 11 to 14 digits.
fn is_code(code: &str) -> bool {
    code.is_empty() || ((11..=14).contains(&code.len()) && code.bytes().all(|byte| byte.is_ascii_digit()))
}
