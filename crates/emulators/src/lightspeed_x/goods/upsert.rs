//! Products created and changed through the API.
//!
//! Called by `routes`. Prices are set with tax where the store's prices include it, and without in the other; giving
//! both is refused.

use super::Draft;
use crate::lightspeed_x::LightspeedX;
use crate::lightspeed_x::decimal::Decimal;
use crate::lightspeed_x::ids::Id;
use crate::lightspeed_x::wire::{self, Answer, Call, Refused, Reply};
use crate::machine::World;
use serde_json::{Map, Value};

type Object = Map<String, Value>;

/// A stock level that a product call sets.
struct Wanted {
    outlet: usize,
    amount: Option<Decimal>,
    reorder_point: Option<Decimal>,
    reorder_amount: Option<Decimal>,
}

impl LightspeedX {
    /// `POST /products`: one product, or a family of `variants`; answers their ids.
    pub(crate) fn create_products(&mut self, call: &Call, world: &mut World<'_>) -> Answer {
        let body = call.object()?;
        let shared = self.read_draft(body)?;
        let variants = wire::objects(body, "variants")?;
        let mut planned = Vec::new();
        for variant in &variants {
            planned.push((self.read_variant(&shared, variant)?, self.read_levels(variant)?));
        }
        if planned.is_empty() {
            planned.push((shared, self.read_levels(body)?));
        }
        let mut ids = Vec::new();
        let mut parent = None;
        for (draft, levels) in planned {
            let index = self.add_product(Draft { parent, ..draft }, world);
            parent.get_or_insert(index);
            ids.push(Value::from(self.goods.get(index).id.to_string()));
            self.tell_product(index, world);
            self.set_levels(index, &levels, world);
        }
        Ok(Reply::data(Value::Array(ids)))
    }

    /// `PUT /products/{id}`: `common` for the family, `details` for this one.
    pub(crate) fn update_product(&mut self, id: &str, call: &Call, world: &mut World<'_>) -> Answer {
        let index = self.living_product(id)?;
        let body = call.object()?;
        let empty = Object::new();
        let part = |name: &str| body.get(name).and_then(Value::as_object).unwrap_or(&empty);
        let (common, details) = (part("common"), part("details"));
        let price = self.read_price(details)?;
        let levels = self.read_levels(details)?;
        let codes = read_codes(details)?;
        let active = wire::truth(details, "is_active")?;
        let (name, description) = (wire::text(common, "name")?, wire::text(common, "description")?);
        let tracked = wire::truth(common, "track_inventory")?;
        for member in self.goods.family(self.goods.get(index).parent) {
            let product = self.goods.get_mut(member);
            if let Some(name) = name {
                product.name = name.to_owned();
            }
            if let Some(description) = description {
                product.description = description.to_owned();
            }
            if let Some(tracked) = tracked {
                self.track(member, tracked, world);
            }
        }
        let product = self.goods.get_mut(index);
        product.price = price.unwrap_or(product.price);
        product.active = active.unwrap_or(product.active);
        if let Some(codes) = codes {
            self.goods.set_codes(index, codes);
        }
        // A call that only sets stock changes the stock's records and not the product.
        let only_stock = common.is_empty() && details.keys().all(|key| key == "inventory");
        if !only_stock {
            let changed = if common.is_empty() { vec![index] } else { self.goods.family(self.goods.get(index).parent) };
            for member in changed {
                self.touch_product(member, world);
                self.tell_product(member, world);
            }
        }
        self.set_levels(index, &levels, world);
        Ok(Reply::data(self.render_product(index)))
    }

    fn read_draft(&self, body: &Object) -> Result<Draft, Refused> {
        let text = |name: &str| wire::text(body, name).map(|text| text.unwrap_or_default().to_owned());
        let name = text("name")?;
        if name.is_empty() {
            return Err(Refused::against("name is required"));
        }
        let (brand, supplier) = (wire::id(body, "brand_id")?, wire::id(body, "supplier_id")?);
        if brand.is_some_and(|id| self.account.brand_of(id).is_none()) {
            return Err(Refused::against("brand_id is unknown"));
        }
        if supplier.is_some_and(|id| self.account.supplier_of(id).is_none()) {
            return Err(Refused::against("supplier_id is unknown"));
        }
        Ok(Draft {
            name,
            sku: text("sku")?,
            handle: text("handle")?,
            description: text("description")?,
            codes: read_codes(body)?.unwrap_or_default(),
            price: self.read_price(body)?.unwrap_or_default(),
            supply_price: wire::decimal(body, "supply_price")?.unwrap_or_default(),
            brand,
            supplier,
            inactive: wire::truth(body, "is_active")? == Some(false),
            source: text("source")?,
            source_id: wire::text(body, "source_id")?.map(str::to_owned),
            source_variant_id: wire::text(body, "source_variant_id")?.map(str::to_owned),
            ..Draft::default()
        })
    }

    fn read_variant(&self, shared: &Draft, variant: &Object) -> Result<Draft, Refused> {
        let mut draft = shared.clone();
        draft.sku = wire::text(variant, "sku")?.unwrap_or_default().to_owned();
        draft.codes = read_codes(variant)?.unwrap_or_default();
        draft.price = self.read_price(variant)?.unwrap_or(shared.price);
        draft.supply_price = wire::decimal(variant, "supply_price")?.unwrap_or(shared.supply_price);
        for definition in wire::objects(variant, "variant_definitions")? {
            let name = wire::text(definition, "name")?.or(wire::text(definition, "attribute_id")?);
            let value = wire::text(definition, "value")?;
            let (Some(name), Some(value)) = (name, value) else {
                return Err(Refused::against("a variant definition needs an attribute and a value"));
            };
            draft.options.push((name.to_owned(), value.to_owned()));
        }
        Ok(draft)
    }

    /// The price in the store's own way.
    fn read_price(&self, object: &Object) -> Result<Option<Decimal>, Refused> {
        let including = wire::decimal(object, "price_including_tax")?;
        let excluding = wire::decimal(object, "price_excluding_tax")?;
        let (right, wrong, name) = if self.settings.tax_inclusive {
            (including, excluding, "price_including_tax")
        } else {
            (excluding, including, "price_excluding_tax")
        };
        match (right, wrong) {
            (Some(_), Some(_)) => Err(Refused::against("give either price_including_tax or price_excluding_tax")),
            (None, Some(_)) => Err(Refused::against(format!("this store sets {name}"))),
            (Some(price), None) if price.is_negative() => Err(Refused::against(format!("{name} is below zero"))),
            (price, None) => Ok(price),
        }
    }

    fn read_levels(&self, object: &Object) -> Result<Vec<Wanted>, Refused> {
        let read = |row: &Object| {
            let outlet = wire::id(row, "outlet_id")?.and_then(|id| self.account.outlet_of(id));
            Ok(Wanted {
                outlet: outlet.ok_or_else(|| Refused::against("outlet_id is unknown"))?,
                amount: wire::decimal(row, "current_amount")?,
                reorder_point: wire::decimal(row, "reorder_point")?,
                reorder_amount: wire::decimal(row, "reorder_amount")?,
            })
        };
        wire::objects(object, "inventory")?.into_iter().map(read).collect()
    }

    fn set_levels(&mut self, product: usize, levels: &[Wanted], world: &mut World<'_>) {
        for wanted in levels {
            let Some(record) = self.record_at(product, wanted.outlet) else { continue };
            self.set_thresholds(record, wanted.reorder_point, wanted.reorder_amount);
            if let Some(amount) = wanted.amount {
                self.set_level(record, amount, world);
            } else {
                self.touch_record(record, world);
                self.tell_record(record, world);
            }
        }
    }
}

/// Codes besides the SKU; `None` when the object names none.
fn read_codes(object: &Object) -> Result<Option<Vec<(String, String)>>, Refused> {
    if !object.contains_key("product_codes") {
        return Ok(None);
    }
    let mut codes = Vec::new();
    for row in wire::objects(object, "product_codes")? {
        let code = wire::text(row, "code")?.ok_or_else(|| Refused::against("a product code needs a code"))?;
        codes.push((wire::text(row, "type")?.unwrap_or("CUSTOM").to_owned(), code.to_owned()));
    }
    Ok(Some(codes))
}

impl LightspeedX {
    /// Switches the counting of a product on or off.
    pub(crate) fn track(&mut self, index: usize, tracked: bool, world: &mut World<'_>) {
        if self.goods.get(index).tracked == tracked {
            return;
        }
        self.goods.get_mut(index).tracked = tracked;
        if tracked {
            self.keep_records(index, world);
        } else {
            self.close_records(index, world);
        }
    }
}

impl Id {
    /// As the JSON text that the API shows.
    pub fn json(self) -> Value {
        Value::from(self.to_string())
    }
}
