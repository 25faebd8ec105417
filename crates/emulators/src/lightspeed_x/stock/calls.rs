//! Stock as it is polled: records by version, without an envelope.
//!
//! Called by `routes`.

use super::Record;
use crate::lightspeed_x::LightspeedX;
use crate::lightspeed_x::clock::iso_or_null;
use crate::lightspeed_x::decimal::Decimal;
use crate::lightspeed_x::ids::Id;
use crate::lightspeed_x::paging::whole;
use crate::lightspeed_x::wire::{self, Answer, Call, Refused, Reply};
use crate::machine::World;
use serde_json::{Map, Value, json};

const SIZE_DEFAULT: u64 = 1_000;
const SIZE_MAX: u64 = 5_000;

/// What part of the records is asked for.
struct Wanted {
    after: u64,
    before: Option<u64>,
    size: usize,
    products: Option<Vec<usize>>,
    deleted: bool,
    oldest_first: bool,
}

impl LightspeedX {
    /// `POST /inventory`.
    pub(crate) fn list_inventory(&self, call: &Call) -> Answer {
        let empty = Map::new();
        let body = if call.body.is_null() { &empty } else { call.object()? };
        let number = |name: &str| read_number(body, name);
        let product = wire::id(body, "product_id")?;
        let variants = wire::truth(body, "variants")?.unwrap_or(false);
        let direction = wire::text(body, "sort_direction")?;
        let wanted = Wanted {
            after: number("after")?.unwrap_or(0),
            before: number("before")?,
            size: number("size")?.unwrap_or(SIZE_DEFAULT).clamp(1, SIZE_MAX) as usize,
            products: product.map(|id| self.products_meant(id, variants)),
            deleted: wire::truth(body, "include_deleted")?.unwrap_or(false),
            oldest_first: read_direction(direction)?,
        };
        Ok(self.inventory(&wanted))
    }

    /// `GET /inventory/{product_id}`.
    pub(crate) fn list_inventory_of(&self, product: &str, call: &Call) -> Answer {
        let product = self.product_named(product)?;
        let wanted = Wanted {
            after: whole(call, "after")?.unwrap_or(0),
            before: whole(call, "before")?,
            size: whole(call, "page_size")?.unwrap_or(SIZE_DEFAULT).clamp(1, SIZE_MAX) as usize,
            products: Some(self.products_meant(self.goods.get(product).id, call.flag("variants"))),
            deleted: call.flag("include_deleted"),
            oldest_first: read_direction(call.parameter("order_direction"))?,
        };
        Ok(self.inventory(&wanted))
    }

    /// `POST /inventory/reorder_points`. The vendor's shape of the body was not at hand: rows with `product_id`,
    /// `outlet_id`, `reorder_point`, `reorder_amount` are taken as a bare list, or in `data` or `reorder_points`.
    pub(crate) fn set_reorder_points(&mut self, call: &Call, world: &mut World<'_>) -> Answer {
        let rows = [&call.body, &call.body["data"], &call.body["reorder_points"]].into_iter().find_map(Value::as_array);
        let rows = rows.ok_or_else(|| Refused::unreadable("The request body holds no list of reorder points"))?;
        let mut planned = Vec::new();
        for row in rows {
            let row = row.as_object().ok_or_else(|| Refused::unreadable("A reorder point must be an object"))?;
            let product = wire::id(row, "product_id")?.and_then(|id| self.goods.find(id));
            let outlet = wire::id(row, "outlet_id")?.and_then(|id| self.account.outlet_of(id));
            let record = product.zip(outlet).and_then(|(product, outlet)| self.record_at(product, outlet));
            let record = record.ok_or_else(|| Refused::against("The product is not counted at this outlet"))?;
            planned.push((record, wire::decimal(row, "reorder_point")?, wire::decimal(row, "reorder_amount")?));
        }
        let mut shown = Vec::new();
        for (record, point, amount) in planned {
            self.set_thresholds(record, point, amount);
            self.touch_record(record, world);
            self.tell_record(record, world);
            shown.push(render(self.stock.get(record), self));
        }
        Ok(Reply::data(Value::Array(shown)))
    }

    /// The product with this id, or its whole family; none when it is unknown.
    fn products_meant(&self, id: Id, variants: bool) -> Vec<usize> {
        match self.goods.find(id) {
            None => Vec::new(),
            Some(product) if variants => self.goods.family(self.goods.get(product).parent),
            Some(product) => vec![product],
        }
    }

    /// Records of a few products are looked up by product, all others by version.
    fn inventory(&self, wanted: &Wanted) -> Reply {
        let before = wanted.before.unwrap_or(u64::MAX);
        let shown = |index: &usize| wanted.deleted || self.stock.get(*index).deleted_at.is_none();
        let found: Vec<usize> = match &wanted.products {
            Some(products) => {
                let held = products.iter().flat_map(|product| &self.goods.get(*product).records);
                let mut held: Vec<usize> = held.map(|index| *index as usize).collect();
                let inside = |version: u64| version > wanted.after && version < before;
                held.retain(|index| inside(self.stock.get(*index).version) && shown(index));
                held.sort_by_key(|index| self.stock.get(*index).version);
                if !wanted.oldest_first {
                    held.reverse();
                }
                held.truncate(wanted.size);
                held
            }
            None => {
                let between = self.stock.feed.between(wanted.after, wanted.before).map(|(_, index)| index);
                if wanted.oldest_first {
                    between.filter(shown).take(wanted.size).collect()
                } else {
                    between.rev().filter(shown).take(wanted.size).collect()
                }
            }
        };
        Reply::ok(found.into_iter().map(|index| render(self.stock.get(index), self)).collect())
    }
}

/// A record as the API shows it.
fn render(record: &Record, shop: &LightspeedX) -> Value {
    let product = shop.goods.get(record.product as usize);
    let number = |value: Option<Decimal>| value.map_or(Value::Null, Decimal::number);
    json!({
        "id": record.id.to_string(),
        "product_id": product.id.to_string(),
        "outlet_id": shop.account.outlet(record.outlet as usize).id.to_string(),
        "current_inventory_level": record.level.number(),
        "average_cost": product.supply_price.number(),
        "reorder_point": number(record.reorder_point),
        "reorder_amount": number(record.reorder_amount),
        "reorder_target": null,
        "reorder_method": record.reorder_point.map(|_| "FIXED"),
        "quantity_to_procure": record.to_procure().number(),
        "deleted_at": iso_or_null(record.deleted_at),
        "version": record.version,
    })
}

impl Record {
    /// What should be ordered: the reorder amount once the count is at the reorder point or below.
    pub fn to_procure(&self) -> Decimal {
        match (self.reorder_point, self.reorder_amount) {
            (Some(point), Some(amount)) if self.level <= point => amount,
            _ => Decimal::ZERO,
        }
    }
}

/// A whole number of the body.
fn read_number(body: &Map<String, Value>, name: &str) -> Result<Option<u64>, Refused> {
    match body.get(name) {
        None | Some(Value::Null) => Ok(None),
        Some(value) => {
            let read = value.as_u64();
            read.map(Some).ok_or_else(|| Refused::unreadable(format!("{name} must be a whole number")))
        }
    }
}

/// True for oldest first; newest first is the vendor's default.
fn read_direction(text: Option<&str>) -> Result<bool, Refused> {
    match text {
        None | Some("desc") => Ok(false),
        Some("asc") => Ok(true),
        Some(_) => Err(Refused::unreadable("The sort direction must be asc or desc")),
    }
}
