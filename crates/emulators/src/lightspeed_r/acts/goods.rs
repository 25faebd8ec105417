//! Shops, items, counts, changes by hand and transfers, as the back office does them.
//!
//! Called by the acts.

use super::super::LightspeedR;
use super::super::amount::Amount;
use super::super::books::Entry;
use super::super::items::Item;
use super::super::records::Record;
use super::super::resources::{INVENTORY_COUNT, INVENTORY_COUNT_ITEM, ITEM, ITEM_MATRIX, REGISTER, SHOP, TRANSFER};
use super::super::stock::Cause;
use super::super::table::Id;
use super::units;
use crate::machine::{ActLine, Millis};
use serde_json::{Value, json};
use std::collections::BTreeMap;

/// An item as it was typed.
pub(super) struct Typed<'t> {
    /// SKU of the business, may be empty.
    pub sku: &'t str,
    /// Title.
    pub title: &'t str,
    /// GTIN.
    pub barcode: Option<&'t str>,
    /// Price in minor units.
    pub price_minor: i64,
    /// Whether stock is kept.
    pub tracked: bool,
    /// Name of the matrix.
    pub product: Option<&'t str>,
    /// Value of its attribute.
    pub option: Option<&'t str>,
}

impl LightspeedR {
    /// Opens a shop with a register; the same name again is the same shop.
    pub(super) fn put_location(&mut self, name: &str, zone: Option<&str>, now: Millis) -> Result<Value, String> {
        if name.is_empty() {
            return Err("a location needs a name".into());
        }
        if let Ok(known) = self.shop(name) {
            return Ok(json!({"shop_id": known.to_string()}));
        }
        let zone = zone.unwrap_or(&self.settings.zone).to_owned();
        let members = [
            ("name", name),
            ("timeZone", &zone),
            ("labelTitle", "Shop Name"),
            ("taxCategoryID", "1"),
            ("priceLevelID", "1"),
        ];
        let shop = self.records.add(&SHOP, &members, now);
        self.stock_new_shops(now);
        Ok(json!({"shop_id": shop.to_string()}))
    }

    /// Stock rows for shops that are new, and a register for each that has none.
    pub(crate) fn stock_new_shops(&mut self, now: Millis) {
        let shops: Vec<Id> = self.records.table(&SHOP).all().map(|(id, _)| id).collect();
        for shop in &shops {
            if self.register_of(*shop).is_none() {
                let owner = shop.to_string();
                let members = [("name", "Register 1"), ("open", "true"), ("openEmployeeID", "1"), ("shopID", &owner)];
                self.records.add(&REGISTER, &members, now);
            }
        }
        self.stock.grow(self.items.count(), shops.len(), now);
    }

    /// Stock rows for items that are new.
    pub(crate) fn stock_new_items(&mut self, now: Millis) {
        let shops = self.records.table(&SHOP).all().count();
        self.stock.grow(self.items.count(), shops, now);
    }

    /// The first register of a shop.
    pub(super) fn register_of(&self, shop: Id) -> Option<Id> {
        self.records.table(&REGISTER).all().find(|(_, register)| register.id("shopID") == shop).map(|(id, _)| id)
    }

    /// Makes an item, or changes the live one with this SKU.
    pub(super) fn put_item(&mut self, typed: &Typed<'_>, force_new: bool, now: Millis) -> Result<Value, String> {
        let known = self.items.live(typed.sku).filter(|_| !force_new && !typed.sku.is_empty());
        let mut item = match known.and_then(|id| self.items.table().get(id)) {
            Some(item) => item.clone(),
            None => new_item(now),
        };
        item.record.set("customSku", typed.sku);
        item.record.set("description", typed.title);
        item.record.set("itemType", if typed.tracked { "default" } else { "non_inventory" });
        item.prices[0] = Amount::from_minor(typed.price_minor, &self.settings.currency);
        if let Some(code) = typed.barcode {
            put_code(&mut item.record, code);
        }
        if let Some(product) = typed.product {
            item.record.set("itemMatrixID", self.put_matrix(product, now).to_string());
            item.attribute = typed.option.unwrap_or_default().to_owned();
        }
        item.record.touch(now);
        let id = match known {
            Some(id) => {
                self.items.change(id, |kept| *kept = item);
                id
            }
            None => self.items.add(item),
        };
        self.stock_new_items(now);
        Ok(json!({"item_id": id.to_string()}))
    }

    /// The matrix of this name.
    fn put_matrix(&mut self, name: &str, now: Millis) -> Id {
        if let Some(known) = self.matrices.get(name) {
            return *known;
        }
        let members = [
            ("description", name),
            ("itemType", "default"),
            ("tax", "true"),
            ("taxClassID", "1"),
            ("itemAttributeSetID", "2"),
        ];
        let id = self.records.add(&ITEM_MATRIX, &members, now);
        self.matrices.insert(name.to_owned(), id);
        id
    }

    pub(super) fn delete_item(&mut self, sku: &str, now: Millis) -> Result<Value, String> {
        let item = self.item(sku)?;
        self.archive_item(item, now);
        Ok(json!({"item_id": item.to_string(), "archived": true}))
    }

    /// A count of one item: a whole inventory count, reconciled at once.
    pub(super) fn count_by_hand(&mut self, sku: &str, place: &str, text: &str, now: Millis) -> Result<Value, String> {
        let (item, shop, found) = (self.stocked(sku)?, self.shop(place)?, units(text)?);
        let (name, shop_text) = (format!("Count of {sku}"), shop.to_string());
        let count = self.records.add(&INVENTORY_COUNT, &[("name", &name), ("shopID", &shop_text)], now);
        let (count_text, item_text, units) = (count.to_string(), item.to_string(), found.to_string());
        let members =
            [("inventoryCountID", count_text.as_str()), ("itemID", &item_text), ("qty", &units), ("employeeID", "1")];
        self.records.add(&INVENTORY_COUNT_ITEM, &members, now);
        let (_, logged) = self.settle_count(count, shop, (item, found), now);
        // A count that finds what is known changes nothing, and nobody outside hears of it.
        if let Some(logged) = logged {
            let (reference, quantity) = (count_text.clone(), found);
            self.log.push(Entry::Change { kind: "count", reference, logged, item, shop, quantity, at: now });
        }
        Ok(json!({"inventory_count_id": count_text, "qoh": self.stock.level(item, shop).to_string()}))
    }

    pub(super) fn adjust_by_hand(
        &mut self,
        sku: &str,
        place: &str,
        text: &str,
        reference: &str,
        now: Millis,
    ) -> Result<Value, String> {
        let (item, shop, delta) = (self.stocked(sku)?, self.shop(place)?, units(text)?);
        let logged = self.stock.shift(item, shop, delta, &Cause::by_hand(), now);
        let logged = logged.ok_or_else(|| "a change of nothing is not a change".to_owned())?;
        self.note_change(reference, logged, (item, shop, delta), now);
        Ok(json!({"inventory_log_id": logged.to_string(), "qoh": self.stock.level(item, shop).to_string()}))
    }

    /// Writes a change of stock into the books.
    pub(super) fn note_change(
        &mut self,
        reference: &str,
        logged: Id,
        (item, shop, quantity): (Id, Id, i64),
        at: Millis,
    ) {
        let reference = if reference.is_empty() { logged.to_string() } else { reference.to_owned() };
        self.log.push(Entry::Change { kind: "adjust", reference, logged, item, shop, quantity, at });
    }

    /// Goods go from one shop to the other, sent and received at once.
    pub(super) fn transfer_by_hand(
        &mut self,
        reference: &str,
        from: &str,
        to: &str,
        lines: &[ActLine],
        now: Millis,
    ) -> Result<Value, String> {
        let (from, to) = (self.shop(from)?, self.shop(to)?);
        if from == to {
            return Err("a transfer needs two different locations".into());
        }
        // An item can stand on a transfer only once.
        let mut goods = BTreeMap::<Id, i64>::new();
        for (line, (item, units)) in lines.iter().zip(self.read_goods(lines)?) {
            self.stocked(&line.sku)?;
            *goods.entry(item).or_default() += units;
        }
        let mut record = Record::new(&TRANSFER, now);
        record.set("note", reference);
        record.set("sendingShopID", from.to_string());
        record.set("receivingShopID", to.to_string());
        let transfer = self.create_transfer(record);
        for (item, units) in goods {
            self.add_transfer_item(transfer, item, units, now);
        }
        let mut logged = self.send_transfer(transfer, now);
        logged.extend(self.receive_transfer(transfer, now));
        for id in logged {
            if let Some(row) = self.stock.log().get(id) {
                self.note_change(reference, id, (row.item, row.shop, row.delta), now);
            }
        }
        Ok(json!({"transfer_id": transfer.to_string()}))
    }
}

fn new_item(now: Millis) -> Item {
    let mut record = Record::new(&ITEM, now);
    for (name, value) in [("tax", "true"), ("discountable", "true"), ("taxClassID", "1")] {
        record.set(name, value);
    }
    Item { record, prices: Default::default(), attribute: String::new() }
}

/// Twelve digits are a UPC, 11, 13 and 14 an EAN; what is neither is kept as the maker's number.
fn put_code(record: &mut Record, code: &str) {
    let digits = code.bytes().all(|byte| byte.is_ascii_digit());
    let field = match code.len() {
        12 if digits => "upc",
        11 | 13 | 14 if digits => "ean",
        _ => "manufacturerSku",
    };
    record.set(field, code);
}
