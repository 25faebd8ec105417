//! `ItemShop`, `InventoryLog` and the reconciling of counts.
//!
//! Sent here by the routes. A number that is put wins over whatever happened between: there is no compare and set.

use super::super::LightspeedR;
use super::super::query::Query;
use super::super::query::page::List;
use super::super::records::missing;
use super::super::resources::{
    INVENTORY_COUNT, INVENTORY_COUNT_ITEM, INVENTORY_COUNT_RECONCILE, INVENTORY_LOG, ITEM_SHOP,
};
use super::super::table::{Id, Row};
use super::super::wire::{self, Answer, Fields, Refused};
use super::{Cause, reason};
use crate::machine::Millis;
use serde_json::{Value, json};

/// A change of one stock row that a client wants.
pub struct Wanted {
    row: Id,
    qoh: Option<i64>,
    reorder_point: Option<i64>,
    reorder_level: Option<i64>,
}

impl LightspeedR {
    /// `GET /ItemShop.json`
    pub(crate) fn list_item_shops(&self, query: &Query, address: &str) -> Answer {
        let of_item = |item: &String| self.stock.of_item(item.parse().unwrap_or(0)).to_vec();
        let among = query.exact("itemID").map(|items| items.iter().flat_map(of_item).collect());
        let list = List { resource: &ITEM_SHOP, table: self.stock.rows(), query, address, among };
        list.answer(&|id, row| filled(id, row))
    }

    /// `GET /ItemShop/{id}.json`
    pub(crate) fn read_item_shop(&self, id: Id) -> Answer {
        let row = self.stock.rows().get(id).ok_or_else(|| missing(&ITEM_SHOP, id))?;
        Ok(wire::single("ItemShop", filled(id, row)))
    }

    /// `PUT /ItemShop/{id}.json`
    pub(crate) fn put_item_shop(&mut self, id: Id, body: &Value, now: Millis) -> Answer {
        let row = self.stock.rows().get(id).ok_or_else(|| missing(&ITEM_SHOP, id))?;
        let mut wanted = body.clone();
        wanted["itemShopID"] = json!(id.to_string());
        let wanted = self.read_wanted(row.item, &wanted)?;
        self.put_stock(&[wanted], now);
        self.read_item_shop(id)
    }

    /// Reads `ItemShops` of an item call.
    ///
    /// # Errors
    /// 422 for a row that the item has not, the sum, a number that is none.
    pub(crate) fn read_item_shops(&self, item: Id, body: &Value) -> Result<Vec<Wanted>, Refused> {
        wire::rows(body, "ItemShops", "ItemShop").into_iter().map(|row| self.read_wanted(item, row)).collect()
    }

    fn read_wanted(&self, item: Id, body: &Value) -> Result<Wanted, Refused> {
        let row = match (wire::id(body, "itemShopID")?, wire::id(body, "shopID")?) {
            (Some(row), _) => row,
            (None, Some(shop)) => self.stock.row_id(item, shop),
            (None, None) => return Err(Refused::rule("Either itemShopID or shopID must be provided.")),
        };
        let known = self.stock.rows().get(row).filter(|known| known.item == item);
        let known = known.ok_or_else(|| Refused::rule("There is no such ItemShop for this item."))?;
        let qoh = wire::whole(body, "qoh")?;
        if qoh.is_some() && known.shop == 0 {
            return Err(Refused::rule("The ItemShop with shopID 0 is a summary and cannot be updated."));
        }
        if qoh.is_some() && !self.items.is_tracked(item) {
            return Err(Refused::rule("Inventory of non_inventory items is not tracked."));
        }
        let (reorder_point, reorder_level) = (wire::whole(body, "reorderPoint")?, wire::whole(body, "reorderLevel")?);
        Ok(Wanted { row, qoh, reorder_point, reorder_level })
    }

    /// Carries out what was read, absolutely.
    pub(crate) fn put_stock(&mut self, wanted: &[Wanted], now: Millis) {
        for wanted in wanted {
            let Some((item, shop)) = self.stock.rows().get(wanted.row).map(|row| (row.item, row.shop)) else {
                continue;
            };
            if wanted.reorder_point.is_some() || wanted.reorder_level.is_some() {
                self.stock.change_row(wanted.row, now, |row| {
                    row.reorder_point = wanted.reorder_point.unwrap_or(row.reorder_point);
                    row.reorder_level = wanted.reorder_level.unwrap_or(row.reorder_level);
                });
            }
            if let Some(qoh) = wanted.qoh {
                self.stock.set(item, shop, qoh, &Cause::by_hand(), now);
            }
        }
    }

    /// `GET /InventoryLog.json`
    pub(crate) fn list_inventory_log(&self, query: &Query, address: &str) -> Answer {
        let list = List { resource: &INVENTORY_LOG, table: self.stock.log(), query, address, among: None };
        list.answer(&|id, row| filled(id, row))
    }

    /// `POST /InventoryCountReconcile.json`: one item of a count, or all of them.
    pub(crate) fn reconcile_call(&mut self, body: &Value, now: Millis) -> Answer {
        let count = wire::id(body, "inventoryCountID")?.unwrap_or(0);
        let known = self.records.get(&INVENTORY_COUNT, count);
        let shop =
            known.ok_or_else(|| Refused::rule(format!("inventoryCountID {count} does not exist.")))?.id("shopID");
        let item = wire::id(body, "itemID")?.filter(|item| *item != 0);
        let made = self.reconcile(count, shop, item, now);
        if made.is_empty() {
            return Err(Refused::rule("There is nothing to reconcile."));
        }
        let rows = made.into_iter().filter_map(|id| self.records.show(&INVENTORY_COUNT_RECONCILE, id));
        let rows: Vec<Value> = rows.map(Value::Object).collect();
        let number = rows.len().to_string();
        Ok(json!({"@attributes": {"count": number}, "InventoryCountReconcile": wire::fold(rows)}))
    }

    /// Brings stock to what a count found, item by item; counts of one item are added up.
    pub(crate) fn reconcile(&mut self, count: Id, shop: Id, item: Option<Id>, now: Millis) -> Vec<Id> {
        let mut found = std::collections::BTreeMap::<Id, i64>::new();
        for id in self.records.of(&INVENTORY_COUNT_ITEM, "inventoryCountID", count) {
            let Some(counted) = self.records.get(&INVENTORY_COUNT_ITEM, id) else { continue };
            *found.entry(counted.id("itemID")).or_default() += counted.number("qty");
        }
        found.retain(|counted, _| item.is_none_or(|item| item == *counted));
        found.into_iter().map(|(item, units)| self.settle_count(count, shop, (item, units), now).0).collect()
    }

    /// Brings one item to what was counted. Answers the reconcile row and, when stock moved, the row of the log.
    pub(crate) fn settle_count(
        &mut self,
        count: Id,
        shop: Id,
        (item, units): (Id, i64),
        now: Millis,
    ) -> (Id, Option<Id>) {
        let change = units.saturating_sub(self.stock.level(item, shop));
        let reason = if change > 0 { reason::COUNTED_MORE } else { reason::COUNTED_LESS };
        let logged =
            self.stock.set(item, shop, units, &Cause { reason, automated: true, count, ..Cause::default() }, now);
        let members =
            [("qohChange", change.to_string()), ("inventoryCountID", count.to_string()), ("itemID", item.to_string())];
        let members: Vec<(&str, &str)> = members.iter().map(|(name, value)| (*name, value.as_str())).collect();
        (self.records.add(&INVENTORY_COUNT_RECONCILE, &members, now), logged)
    }
}

fn filled(id: Id, row: &impl Row) -> Fields {
    let mut fields = Fields::new();
    row.fill(id, &mut fields);
    fields
}
