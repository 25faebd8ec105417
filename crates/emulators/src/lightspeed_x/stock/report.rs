//! Stock as a report: levels per product and location, without versions.
//!
//! Called by `routes`.

use super::Record;
use crate::lightspeed_x::LightspeedX;
use crate::lightspeed_x::ids::Id;
use crate::lightspeed_x::wire::{self, Answer, Call, Refused, Reply};
use serde_json::{Map, Value, json};
use std::collections::HashSet;

const SIZE_MAX: u64 = 10_000;

impl LightspeedX {
    /// `POST /inventory_levels`.
    pub(crate) fn report_levels(&self, call: &Call) -> Answer {
        let empty = Map::new();
        let body = if call.body.is_null() { &empty } else { call.object()? };
        let number = |name: &str, otherwise: u64| match body.get(name) {
            None | Some(Value::Null) => Ok(otherwise),
            Some(value) => value.as_u64().ok_or_else(|| Refused::unreadable(format!("{name} must be a whole number"))),
        };
        let (size, offset) = (number("size", SIZE_MAX)?.min(SIZE_MAX), number("offset", 0)?);
        let (products, roots, places) =
            (read_ids(body, "product_ids")?, read_ids(body, "root_product_ids")?, read_ids(body, "location_ids")?);
        let inactive = wire::truth(body, "include_inactive")?.unwrap_or(false);
        let short_only = wire::truth(body, "to_be_procured_only")?.unwrap_or(false);
        let wanted = |ids: &Option<HashSet<Id>>, id: Id| ids.as_ref().is_none_or(|ids| ids.contains(&id));
        let mut meant: Vec<usize> = match &products {
            Some(ids) => ids.iter().filter_map(|id| self.goods.find(*id)).collect(),
            None => (0..self.goods.count()).collect(),
        };
        meant.sort_unstable();
        let root = |product: usize| self.goods.get(self.goods.get(product).parent).id;
        let meant = meant.into_iter().filter(|index| wanted(&roots, root(*index)));
        let mut found: Vec<&Record> = self.records_meant(meant, inactive).collect();
        found.retain(|record| wanted(&places, self.account.outlet(record.outlet as usize).id));
        found.retain(|record| !short_only || record.to_procure().is_positive());
        self.sort(&mut found, wire::text(body, "sort_type")?, wire::text(body, "sort_direction")?);
        let (offset, size) = (usize::try_from(offset).unwrap_or(usize::MAX), size as usize);
        Ok(Reply::ok(found.into_iter().skip(offset).take(size).map(|record| self.render_level(record)).collect()))
    }

    /// `GET /inventory_levels/{product_id}`.
    pub(crate) fn report_levels_of(&self, product: &str) -> Answer {
        let product = self.product_named(product)?;
        let records = self.records_of(product);
        Ok(Reply::ok(records.map(|record| self.render_level(record)).collect()))
    }

    fn records_meant(&self, products: impl Iterator<Item = usize>, inactive: bool) -> impl Iterator<Item = &Record> {
        let meant = products.filter(move |product| inactive || self.goods.get(*product).active);
        meant.flat_map(|product| self.records_of(product))
    }

    fn sort(&self, records: &mut [&Record], by: Option<&str>, direction: Option<&str>) {
        match by {
            Some("total_count") => records.sort_by_key(|record| record.level),
            Some("reorder_point") => records.sort_by_key(|record| record.reorder_point),
            Some("reorder_amount") => records.sort_by_key(|record| record.reorder_amount),
            Some("created_at") => {}
            _ => records.sort_by(|one, other| self.name_of(one).cmp(self.name_of(other))),
        }
        if direction == Some("desc") {
            records.reverse();
        }
    }

    fn name_of(&self, record: &Record) -> &str {
        &self.goods.get(record.product as usize).name
    }

    fn render_level(&self, record: &Record) -> Value {
        let product = self.goods.get(record.product as usize);
        let id = |id: Option<Id>| id.map(|id| id.to_string());
        let mut shown = json!({
            "product_id": product.id.to_string(),
            "root_product_id": self.goods.get(product.parent).id.to_string(),
            "location_id": self.account.outlet(record.outlet as usize).id.to_string(),
            "name": product.full_name(),
            "current_inventory_level": record.level.number(),
            "average_cost": product.supply_price.number(),
            "total_cost": product.supply_price.times(record.level).number(),
            "quantity_to_procure": record.to_procure().number(),
            "reorder_threshold": record.reorder_point.unwrap_or_default().number(),
            "reorder_amount": record.reorder_amount.unwrap_or_default().number(),
            "reorder_target": 0,
            "reorder_method": record.reorder_point.map(|_| "FIXED"),
        });
        for (name, value) in [("brand_id", id(product.brand)), ("supplier_id", id(product.supplier))] {
            if let Some(value) = value {
                shown[name] = Value::from(value);
            }
        }
        shown
    }
}

/// A list of ids; `None` when it is not there or empty.
fn read_ids(body: &Map<String, Value>, name: &str) -> Result<Option<HashSet<Id>>, Refused> {
    let wrong = || Refused::unreadable(format!("{name} must be a list of UUIDs"));
    match body.get(name) {
        None | Some(Value::Null) => Ok(None),
        Some(Value::Array(all)) if all.is_empty() => Ok(None),
        Some(Value::Array(all)) => {
            let read = |value: &Value| value.as_str().and_then(Id::parse).ok_or_else(wrong);
            all.iter().map(read).collect::<Result<HashSet<Id>, Refused>>().map(Some)
        }
        Some(_) => Err(wrong()),
    }
}
