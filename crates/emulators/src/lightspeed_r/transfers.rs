//! `Inventory/Transfer`: goods on their way between shops.
//!
//! Made, filled and sent by calls; received in the user interface only, which the acts stand for. Goods leave the
//! sending shop when they are sent and are on hand in the other one when they are received.

use super::LightspeedR;
use super::clock;
use super::query::Query;
use super::records::{Record, missing};
use super::resources::{TRANSFER, TRANSFER_ITEM};
use super::stock::{Cause, reason};
use super::table::{Id, Row};
use super::wire::{self, Answer, Fields, Refused};
use crate::machine::Millis;
use serde_json::{Value, json};

/// The most items of one call.
const ITEMS_MAX: usize = 100;

impl LightspeedR {
    /// `POST /Inventory/Transfer.json`
    pub(crate) fn create_transfer_call(&mut self, body: &Value, now: Millis) -> Answer {
        let mut record = Record::new(&TRANSFER, now);
        record.apply(body)?;
        self.judge_transfer(&record)?;
        let id = self.create_transfer(record);
        self.read_transfer(id)
    }

    /// Keeps a transfer that nothing has been put on.
    pub(crate) fn create_transfer(&mut self, mut record: Record) -> Id {
        record.set("status", "open");
        record.set("createdByEmployeeID", "1");
        self.records.table_mut(&TRANSFER).add(record)
    }

    fn judge_transfer(&self, record: &Record) -> Result<(), Refused> {
        let (from, to) = (record.id("sendingShopID"), record.id("receivingShopID"));
        if from == 0 || to == 0 || from == to {
            return Err(Refused::rule("sendingShopID and receivingShopID must be two different shops."));
        }
        self.check_reference("sendingShopID", from)?;
        self.check_reference("receivingShopID", to)
    }

    /// `PUT /Inventory/Transfer/{id}.json`, before it is sent.
    pub(crate) fn update_transfer(&mut self, id: Id, body: &Value, now: Millis) -> Answer {
        let mut record = self.open_transfer(id)?.clone();
        record.apply(body)?;
        self.judge_transfer(&record)?;
        record.touch(now);
        self.records.table_mut(&TRANSFER).change(id, |kept| *kept = record);
        self.read_transfer(id)
    }

    /// `POST /Inventory/Transfer/{id}/Archive.json` and `/Restore.json`
    pub(crate) fn hide_transfer(&mut self, id: Id, hidden: bool, now: Millis) -> Answer {
        self.records.get(&TRANSFER, id).ok_or_else(|| missing(&TRANSFER, id))?;
        self.records.set(&TRANSFER, id, &[("archived", if hidden { "true" } else { "false" })], now);
        self.read_transfer(id)
    }

    /// `POST /Inventory/Transfer/{id}/Send.json`
    pub(crate) fn send_transfer_call(&mut self, id: Id, now: Millis) -> Answer {
        self.open_transfer(id)?;
        if self.transfer_items(id).is_empty() {
            return Err(Refused::rule("A transfer without items cannot be sent."));
        }
        self.send_transfer(id, now);
        self.read_transfer(id)
    }

    fn read_transfer(&self, id: Id) -> Answer {
        let relations = ["SendingShop", "ReceivingShop", "CreatedByEmployee"].map(str::to_owned).to_vec();
        self.read_record(&TRANSFER, id, &Query { relations, ..Query::default() })
    }

    fn open_transfer(&self, id: Id) -> Result<&Record, Refused> {
        let record = self.records.get(&TRANSFER, id).ok_or_else(|| missing(&TRANSFER, id))?;
        if record.get("status") != "open" {
            return Err(Refused::rule("A transfer cannot be modified after it has been sent."));
        }
        Ok(record)
    }

    fn transfer_items(&self, transfer: Id) -> Vec<Id> {
        self.records.of(&TRANSFER_ITEM, "transferID", transfer)
    }

    /// Puts units of an item on a transfer.
    pub(crate) fn add_transfer_item(&mut self, transfer: Id, item: Id, units: i64, now: Millis) -> Id {
        let (transfer, item, units) = (transfer.to_string(), item.to_string(), units.to_string());
        let members = [("transferID", transfer.as_str()), ("itemID", item.as_str()), ("toSend", units.as_str())];
        self.records.add(&TRANSFER_ITEM, &members, now)
    }

    /// The goods leave. Answers rows of the inventory log.
    pub(crate) fn send_transfer(&mut self, id: Id, now: Millis) -> Vec<Id> {
        let logged = self.move_transfer(id, false, now);
        let members = [("status", "sent"), ("sentOn", &clock::iso(now)), ("sentByEmployeeID", "1")];
        self.records.set(&TRANSFER, id, &members, now);
        logged
    }

    /// The goods arrive, all of them. Answers rows of the inventory log.
    pub(crate) fn receive_transfer(&mut self, id: Id, now: Millis) -> Vec<Id> {
        let logged = self.move_transfer(id, true, now);
        self.records.set(&TRANSFER, id, &[("status", "received"), ("archived", "true")], now);
        logged
    }

    fn move_transfer(&mut self, id: Id, arrives: bool, now: Millis) -> Vec<Id> {
        let Some(record) = self.records.get(&TRANSFER, id) else { return Vec::new() };
        let (from, to) = (record.id("sendingShopID"), record.id("receivingShopID"));
        let mut logged = Vec::new();
        for line in self.transfer_items(id) {
            let Some(known) = self.records.get(&TRANSFER_ITEM, line) else { continue };
            let (item, units) = (known.id("itemID"), known.number("toSend"));
            let reason = if arrives { reason::RECEIVED } else { reason::SENT };
            let cause = Cause { reason, automated: true, transfer: id, ..Cause::default() };
            let (shop, moved, on_way) = if arrives { (to, units, -units) } else { (from, -units, units) };
            logged.extend(self.stock.shift(item, shop, moved, &cause, now));
            self.stock.change_both(item, from, now, |row| row.on_transfer_out += on_way);
            self.stock.change_both(item, to, now, |row| row.on_transfer_in += on_way);
            let shown = units.to_string();
            let members: &[(&str, &str)] =
                if arrives { &[("toReceive", &shown), ("received", &shown)] } else { &[("sent", &shown)] };
            self.records.set(&TRANSFER_ITEM, line, members, now);
        }
        logged
    }

    /// `POST /Inventory/Transfer/{id}/AddItems.json`, `/UpdateItems.json`, `/DeleteItems.json`
    pub(crate) fn change_transfer_items(&mut self, id: Id, what: &str, body: &Value, now: Millis) -> Answer {
        self.open_transfer(id)?;
        let rows = body["TransferItems"].as_array().filter(|rows| !rows.is_empty());
        let rows = rows.ok_or_else(|| Refused::rule("TransferItems must be a list of items."))?;
        if rows.len() > ITEMS_MAX {
            return Err(Refused::rule("A maximum of 100 transfer items may be sent per request."));
        }
        let mut wanted: Vec<(Id, i64, Option<Id>)> = Vec::new();
        for row in rows {
            let item = wire::id(row, "itemID")?.unwrap_or(0);
            let units =
                if what == "DeleteItems" { Some(0) } else { wire::whole(row, "toSend")?.filter(|units| *units > 0) };
            let units = units.ok_or_else(|| Refused::rule("toSend must be above 0."))?;
            let on_it = self.transfer_items(id);
            let line = on_it.into_iter().find(|line| self.item_of_line(*line) == item);
            let twice = wanted.iter().any(|(known, ..)| *known == item);
            match (what, line) {
                ("AddItems", Some(_)) => return Err(Refused::rule(format!("Item {item} is already on the transfer."))),
                ("AddItems", None) if !self.items.is_tracked(item) => {
                    return Err(Refused::rule(format!("itemID {item} does not exist.")));
                }
                ("UpdateItems" | "DeleteItems", None) => {
                    return Err(Refused::rule(format!("Item {item} is not on the transfer.")));
                }
                _ if twice => return Err(Refused::rule(format!("Item {item} was sent twice."))),
                (_, line) => wanted.push((item, units, line)),
            }
        }
        Ok(json!({"TransferItem": wire::fold(self.put_transfer_items(id, what, &wanted, now))}))
    }

    fn item_of_line(&self, line: Id) -> Id {
        self.records.get(&TRANSFER_ITEM, line).map_or(0, |known| known.id("itemID"))
    }

    fn put_transfer_items(&mut self, id: Id, what: &str, wanted: &[(Id, i64, Option<Id>)], now: Millis) -> Vec<Value> {
        let mut shown = Vec::new();
        for (item, units, line) in wanted {
            let line = line.unwrap_or_else(|| self.add_transfer_item(id, *item, *units, now));
            if what == "UpdateItems" {
                self.records.set(&TRANSFER_ITEM, line, &[("toSend", &units.to_string())], now);
            }
            let mut fields = Fields::new();
            if let Some(record) = self.records.get(&TRANSFER_ITEM, line) {
                record.fill(line, &mut fields);
            }
            shown.push(Value::Object(fields));
            if what == "DeleteItems" {
                self.records.table_mut(&TRANSFER_ITEM).remove(line);
            }
        }
        self.records.set(&TRANSFER, id, &[], now);
        shown
    }
}
