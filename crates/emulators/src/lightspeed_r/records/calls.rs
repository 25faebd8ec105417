//! The calls that every simple resource has: list, read, create, change, archive or delete.
//!
//! Sent here by the routes. What a resource allows stands in its description.

use super::super::LightspeedR;
use super::super::query::Query;
use super::super::query::page::List;
use super::super::resources::{self, Resource, Verb};
use super::super::table::{Id, Row};
use super::super::wire::{self, Answer, Fields, Refused};
use super::Record;
use crate::machine::Millis;
use serde_json::Value;

impl LightspeedR {
    /// `GET /{Resource}.json`
    pub(crate) fn list_records(
        &self,
        resource: &'static Resource,
        query: &Query,
        address: &str,
        among: Option<Vec<Id>>,
    ) -> Answer {
        let list = List { resource, table: self.records.table(resource), query, address, among };
        list.answer(&|id, record| self.show_record(resource, id, record, query))
    }

    /// `GET /{Resource}/{id}.json`
    pub(crate) fn read_record(&self, resource: &'static Resource, id: Id, query: &Query) -> Answer {
        let record = self.records.get(resource, id).ok_or_else(|| missing(resource, id))?;
        Ok(wire::single(resource.name, self.show_record(resource, id, record, query)))
    }

    /// `POST /{Resource}.json`
    pub(crate) fn create_record(&mut self, resource: &'static Resource, body: &Value, now: Millis) -> Answer {
        allow(resource, Verb::Create)?;
        for name in resource.required {
            if wire::text(body, name)?.is_none_or(|text| text.is_empty()) {
                return Err(Refused::rule(format!("{name} is required.")));
            }
        }
        let mut record = Record::new(resource, now);
        record.apply(body)?;
        self.check_references(resource, &record)?;
        let id = self.records.table_mut(resource).add(record);
        self.after_record(resource, id, now);
        self.read_record(resource, id, &Query::default())
    }

    /// `PUT /{Resource}/{id}.json`
    pub(crate) fn update_record(&mut self, resource: &'static Resource, id: Id, body: &Value, now: Millis) -> Answer {
        allow(resource, Verb::Update)?;
        let mut record = self.records.get(resource, id).ok_or_else(|| missing(resource, id))?.clone();
        record.apply(body)?;
        if wire::flag(body, "archived")? == Some(false) {
            record.set("archived", "false");
        }
        record.touch(now);
        self.check_references(resource, &record)?;
        self.records.table_mut(resource).change(id, |kept| *kept = record);
        self.after_record(resource, id, now);
        self.read_record(resource, id, &Query::default())
    }

    /// `DELETE /{Resource}/{id}.json`: hides or ends, whichever the resource has.
    pub(crate) fn delete_record(&mut self, resource: &'static Resource, id: Id, now: Millis) -> Answer {
        let ends = resource.verbs.contains(&Verb::Delete);
        if !ends {
            allow(resource, Verb::Archive)?;
        }
        if self.records.get(resource, id).is_none() {
            return Err(missing(resource, id));
        }
        if !ends {
            self.records.set(resource, id, &[("archived", "true")], now);
            return self.read_record(resource, id, &Query::default());
        }
        let last = self.read_record(resource, id, &Query::default());
        self.records.table_mut(resource).remove(id);
        last
    }

    /// 422 when a member names a row that does not exist.
    fn check_references(&self, resource: &Resource, record: &Record) -> Result<(), Refused> {
        for field in resource.fields.iter().filter(|field| field.writable && field.kind == resources::Kind::Id) {
            self.check_reference(field.name, record.id(field.name))?;
        }
        Ok(())
    }

    /// 422 when there is no such row; 0 names none.
    pub(crate) fn check_reference(&self, field: &str, id: Id) -> Result<(), Refused> {
        let resource = match field {
            "shopID" | "sendingShopID" | "receivingShopID" => &resources::SHOP,
            "registerID" => &resources::REGISTER,
            "employeeID" => &resources::EMPLOYEE,
            "vendorID" | "defaultVendorID" => &resources::VENDOR,
            "orderID" => &resources::ORDER,
            "inventoryCountID" => &resources::INVENTORY_COUNT,
            "categoryID" | "parentID" => &resources::CATEGORY,
            "manufacturerID" => &resources::MANUFACTURER,
            "taxClassID" => &resources::TAX_CLASS,
            "taxCategoryID" => &resources::TAX_CATEGORY,
            "itemMatrixID" => &resources::ITEM_MATRIX,
            "paymentTypeID" | "refundAsPaymentTypeID" => &resources::PAYMENT_TYPE,
            "itemID" => return known(field, id, self.items.table().get(id).is_some()),
            "customerID" => return known(field, id, self.customers.table().get(id).is_some()),
            _ => return Ok(()),
        };
        known(field, id, self.records.get(resource, id).is_some())
    }

    /// What follows from a row: a new shop gets a register and stock rows, an order its sums, a category its path.
    fn after_record(&mut self, resource: &Resource, id: Id, now: Millis) {
        match resource.name {
            "Shop" => self.stock_new_shops(now),
            "OrderLine" => self.sum_order(id, now),
            "Category" => {
                let path = self.category_path(id);
                self.records.set(&resources::CATEGORY, id, &[("fullPathName", &path)], now);
            }
            _ => {}
        }
    }

    fn sum_order(&mut self, line: Id, now: Millis) {
        let order = self.records.get(&resources::ORDER_LINE, line).map_or(0, |line| line.id("orderID"));
        let lines = self.records.of(&resources::ORDER_LINE, "orderID", order);
        let units = lines.iter().filter_map(|line| self.records.get(&resources::ORDER_LINE, *line));
        let total: i64 = units.map(|line| line.number("quantity")).sum();
        self.records.set(&resources::ORDER, order, &[("totalQuantity", &total.to_string())], now);
    }

    /// `Clothing/Shirts`; a ring of parents, which nobody should make, is cut after sixteen.
    fn category_path(&self, id: Id) -> String {
        let (mut names, mut at) = (Vec::new(), id);
        while let Some(category) = self.records.get(&resources::CATEGORY, at).filter(|_| names.len() < 16) {
            names.push(category.get("name").to_owned());
            at = category.id("parentID");
        }
        names.reverse();
        names.join("/")
    }

    /// A row with the relations that were asked for.
    fn show_record(&self, resource: &Resource, id: Id, record: &Record, query: &Query) -> Fields {
        let mut fields = Fields::new();
        record.fill(id, &mut fields);
        for relation in resource.relations.iter().filter(|relation| query.loads(relation.path)) {
            match relation.path {
                "Registers" => {
                    self.relate_records(&mut fields, "Registers", &resources::REGISTER, "shopID", id);
                }
                "OrderLines" => {
                    self.relate_records(&mut fields, "OrderLines", &resources::ORDER_LINE, "orderID", id);
                }
                "TransferItems" => {
                    self.relate_records(&mut fields, "TransferItems", &resources::TRANSFER_ITEM, "transferID", id);
                }
                "Items" => {
                    let items = self.items.of_matrix(id);
                    let rows = items.into_iter().filter_map(|item| self.show_item(item, &Query::default()));
                    wire::relate(&mut fields, "Items", "Item", rows.map(Value::Object).collect());
                }
                name => {
                    if let Some((related, field)) = to_one(name)
                        && let Some(row) = self.records.show(related, record.id(field))
                    {
                        fields.insert(name.into(), Value::Object(row));
                    }
                }
            }
        }
        fields
    }

    /// Puts the rows that belong to another one into it.
    fn relate_records(&self, fields: &mut Fields, wrapper: &str, resource: &Resource, field: &str, owner: Id) {
        let ids = self.records.of(resource, field, owner);
        let rows = ids.into_iter().filter_map(|id| self.records.show(resource, id));
        wire::relate(fields, wrapper, resource.name, rows.map(Value::Object).collect());
    }
}

/// Which resource a to-one relation shows, and by which member.
pub fn to_one(relation: &str) -> Option<(&'static Resource, &'static str)> {
    Some(match relation {
        "TaxCategory" => (&resources::TAX_CATEGORY, "taxCategoryID"),
        "TaxClass" => (&resources::TAX_CLASS, "taxClassID"),
        "Category" => (&resources::CATEGORY, "categoryID"),
        "Parent" => (&resources::CATEGORY, "parentID"),
        "Manufacturer" => (&resources::MANUFACTURER, "manufacturerID"),
        "Vendor" => (&resources::VENDOR, "vendorID"),
        "Shop" => (&resources::SHOP, "shopID"),
        "SendingShop" => (&resources::SHOP, "sendingShopID"),
        "ReceivingShop" => (&resources::SHOP, "receivingShopID"),
        "CreatedByEmployee" => (&resources::EMPLOYEE, "createdByEmployeeID"),
        "SentByEmployee" => (&resources::EMPLOYEE, "sentByEmployeeID"),
        "PaymentType" => (&resources::PAYMENT_TYPE, "paymentTypeID"),
        _ => return None,
    })
}

fn allow(resource: &Resource, verb: Verb) -> Result<(), Refused> {
    if resource.verbs.contains(&verb) { Ok(()) } else { Err(Refused::no_such_method()) }
}

fn known(field: &str, id: Id, known: bool) -> Result<(), Refused> {
    if id == 0 || known { Ok(()) } else { Err(Refused::rule(format!("{field} {id} does not exist."))) }
}

/// 404 for a row.
pub fn missing(resource: &Resource, id: Id) -> Refused {
    Refused::not_found(format!("{} {id} was not found.", resource.name))
}
