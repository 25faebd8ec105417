//! Items in the API: list, read, create, update, delete, in bulk.
//!
//! Called by `routes`. Stock is `stock`'s business.

use super::super::Clover;
use super::super::hooks::Kind;
use super::super::id::Id;
use super::super::query::Expand;
use super::super::shelf::Plan;
use super::super::wire::{Answer, Call, Refused, set_flag, set_text, whole};
use super::render::FIELDS;
use super::{Item, PriceType};
use crate::machine::World;
use serde_json::{Value, json};

impl Clover {
    /// `GET items`. Deleted ones are listed only for a filter that asks about them.
    pub(in super::super) fn list_items(&self, call: &Call<'_>) -> Answer {
        let plan = Plan {
            fields: &FIELDS,
            field: &|item, name| self.catalog.item_field(item, name),
            shown: &|item: &Item, query| {
                item.deleted.is_none() || query.asks_for("deleted") || query.asks_for("deletedTime")
            },
            render: &|item, expand| self.render_item(item, expand),
            newest_first: false,
        };
        self.catalog.items.list(call, &self.settings.api_base, &plan)
    }

    /// `GET items/{id}`; a deleted one is shown with its `deletedTime`.
    pub(in super::super) fn read_item(&self, id: &str, call: &Call<'_>) -> Answer {
        let item = self.catalog.items.find(id).ok_or_else(Refused::not_found)?;
        Ok(self.render_item(self.catalog.item(item), &Expand::read(call)))
    }

    /// `POST items`.
    pub(in super::super) fn create_item(&mut self, call: &Call<'_>, world: &mut World<'_>) -> Answer {
        let item = self.new_item(&call.body, world)?;
        let item = self.keep_item(item);
        Ok(self.render_item(self.catalog.item(item), &Expand::read(call)))
    }

    /// `POST items/{id}`: only what is given changes.
    pub(in super::super) fn update_item(&mut self, id: &str, call: &Call<'_>, world: &World<'_>) -> Answer {
        let (index, item) = self.changed_item(id, &call.body)?;
        self.keep_change(index, item, world);
        Ok(self.render_item(self.catalog.item(index), &Expand::read(call)))
    }

    /// `DELETE items/{id}`.
    pub(in super::super) fn remove_item(&mut self, id: &str, world: &World<'_>) -> Answer {
        let index = self.catalog.find(id).ok_or_else(Refused::not_found)?;
        self.delete_item(index, world);
        Ok(self.render_item(self.catalog.item(index), &Expand::default()))
    }

    /// Deletes an item and tells of it.
    pub(in super::super) fn delete_item(&mut self, index: usize, world: &World<'_>) {
        self.catalog.delete(index, world.now);
        self.hooks.note("I", self.catalog.item(index).id, Kind::Delete);
    }

    /// `POST bulk_items`: all are made or none.
    pub(in super::super) fn create_items(&mut self, call: &Call<'_>, world: &mut World<'_>) -> Answer {
        let mut made = Vec::new();
        for body in bulk(&call.body)? {
            made.push(self.new_item(body, world)?);
        }
        let indices: Vec<usize> = made.into_iter().map(|item| self.keep_item(item)).collect();
        Ok(self.render_bulk(&indices))
    }

    /// `PUT bulk_items`: each names its `id`; all are changed or none.
    pub(in super::super) fn update_items(&mut self, call: &Call<'_>, world: &World<'_>) -> Answer {
        let mut changed = Vec::new();
        for body in bulk(&call.body)? {
            let id = body["id"].as_str().ok_or_else(|| Refused::invalid("id is required for every item"))?;
            changed.push(self.changed_item(id, body)?);
        }
        let indices: Vec<usize> = changed.iter().map(|(index, _)| *index).collect();
        for (index, item) in changed {
            self.keep_change(index, item, world);
        }
        Ok(self.render_bulk(&indices))
    }

    fn render_bulk(&self, indices: &[usize]) -> Value {
        let all: Vec<Value> =
            indices.iter().map(|index| self.render_item(self.catalog.item(*index), &Expand::default())).collect();
        json!({"elements": all})
    }

    fn new_item(&self, body: &Value, world: &mut World<'_>) -> Result<Item, Refused> {
        let name = body["name"].as_str().filter(|name| !name.is_empty());
        let name = name.ok_or_else(|| Refused::invalid("name is required"))?;
        if whole(body, "price")?.is_none() {
            return Err(Refused::invalid("price is required"));
        }
        let mut item = Item::new(Id::draw(world.dice), name, world.now);
        self.write_onto(&mut item, body)?;
        Ok(item)
    }

    fn changed_item(&self, id: &str, body: &Value) -> Result<(usize, Item), Refused> {
        let index = self.catalog.find(id).ok_or_else(Refused::not_found)?;
        let mut item = self.catalog.item(index).clone();
        self.write_onto(&mut item, body)?;
        Ok((index, item))
    }

    /// Puts an item into the catalogue and tells of it.
    pub(in super::super) fn keep_item(&mut self, item: Item) -> usize {
        self.hooks.note("I", item.id, Kind::Create);
        self.catalog.add(item)
    }

    /// Puts a changed item in its place and tells of it.
    pub(in super::super) fn keep_change(&mut self, index: usize, item: Item, world: &World<'_>) {
        self.hooks.note("I", item.id, Kind::Update);
        self.catalog.replace(index, item, world.now);
    }

    fn write_onto(&self, item: &mut Item, body: &Value) -> Result<(), Refused> {
        let mut name = item.name.to_string();
        set_text(body, "name", &mut name)?;
        if name.is_empty() {
            return Err(Refused::invalid("name must not be empty"));
        }
        item.name = name.into();
        set_text(body, "alternateName", &mut item.alternate_name)?;
        set_text(body, "code", &mut item.code)?;
        set_text(body, "sku", &mut item.sku)?;
        set_text(body, "unitName", &mut item.unit_name)?;
        set_flag(body, "hidden", &mut item.hidden)?;
        set_flag(body, "available", &mut item.available)?;
        set_flag(body, "autoManage", &mut item.auto_manage)?;
        set_flag(body, "isRevenue", &mut item.is_revenue)?;
        set_flag(body, "defaultTaxRates", &mut item.default_tax_rates)?;
        item.price = read_money(body, "price", item.price)?;
        item.cost = read_money(body, "cost", item.cost)?;
        if let Some(kind) = body["priceType"].as_str() {
            let kind = PriceType::read(kind);
            item.price_type = kind.ok_or_else(|| Refused::invalid("priceType is FIXED, VARIABLE or PER_UNIT"))?;
        }
        if let Some(group) = body["itemGroup"]["id"].as_str() {
            let group = self.catalog.groups.find(group);
            item.group = Some(group.ok_or_else(|| Refused::invalid("itemGroup does not exist"))?);
        }
        Ok(())
    }
}

/// Money that may not be below zero.
fn read_money(body: &Value, name: &str, was: i64) -> Result<i64, Refused> {
    match whole(body, name)? {
        Some(money) if money < 0 => Err(Refused::invalid(format!("{name} must not be negative"))),
        Some(money) => Ok(money),
        None => Ok(was),
    }
}

fn bulk(body: &Value) -> Result<&Vec<Value>, Refused> {
    body["items"].as_array().ok_or_else(|| Refused::invalid("items is required"))
}
