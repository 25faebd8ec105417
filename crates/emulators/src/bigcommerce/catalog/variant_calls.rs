//! `/v3/catalog/variants` for all variants, and `/v3/catalog/products/{id}/variants` for those of one product.
//!
//! Called by the routes.

use super::super::Store;
use super::super::amount::Amount;
use super::super::wire::{Answer, Call, Page, Query, Refused, Reply, batch, path_id, text};
use super::calls::{judge_amount, repeated};
use super::render::pick_fields;
use super::{NewVariant, Tracking};
use crate::machine::World;
use serde_json::Value;

const LIMIT_MAX: usize = 250;
const BATCH_MAX: usize = 50;

/// Fields of a variant that the emulator only repeats.
const REPEATED: [&str; 12] = [
    "cost_price",
    "retail_price",
    "map_price",
    "weight",
    "width",
    "height",
    "depth",
    "is_free_shipping",
    "fixed_cost_shipping_price",
    "purchasing_disabled",
    "purchasing_disabled_message",
    "mpn",
];

impl Store {
    /// `catalog/variants`.
    pub(in super::super) fn route_variants(&mut self, method: &str, call: &Call, world: &mut World<'_>) -> Answer {
        match method {
            "GET" => self.list_variants(call),
            "PUT" => self.update_variants(call, world),
            _ => Err(Refused::not_found()),
        }
    }

    fn list_variants(&self, call: &Call) -> Answer {
        let query = &call.query;
        let page = Page::read(query, LIMIT_MAX)?;
        let (ids, products) = (query.numbers("id")?, query.numbers("product_id:in")?);
        let wanted = |index: &usize| {
            let variant = self.catalog.variant(*index);
            ids.as_ref().is_none_or(|ids| ids.contains(&variant.id))
                && products.as_ref().is_none_or(|ids| ids.contains(&self.catalog.product(variant.product).id))
                && query.get("upc").is_none_or(|upc| *variant.upc == *upc)
        };
        let found: Vec<usize> = match query.get("sku") {
            Some(sku) => self.catalog.find_sku(sku).into_iter().filter(wanted).collect(),
            None => self.catalog.live_variants().filter(wanted).collect(),
        };
        let show = |index| pick_fields(self.render_variant(index), query);
        let data = page.cut(&found).into_iter().map(show).collect();
        Ok(page.reply(data, found.len(), query))
    }

    fn update_variants(&mut self, call: &Call, world: &mut World<'_>) -> Answer {
        let forms = batch(&call.body, BATCH_MAX)?;
        let mut indices = Vec::with_capacity(forms.len());
        let mut refused = Vec::new();
        for form in forms {
            match self.judge_row(form) {
                Ok(index) => indices.push(index),
                Err(why) => refused.push(why.body(super::super::wire::Dialect::V3)),
            }
        }
        if !refused.is_empty() {
            let mut whole = Refused::new(422, "One or more variants could not be updated.");
            whole.errors.insert("batch_errors".into(), Value::Array(refused));
            return Err(whole);
        }
        for (index, form) in indices.iter().zip(forms) {
            self.write_variant(*index, form, world);
        }
        let data = indices.iter().map(|index| self.render_variant(*index)).collect();
        Ok(Page { number: 1, limit: BATCH_MAX }.reply(data, indices.len(), &Query::default()))
    }

    fn judge_row(&self, form: &Value) -> Result<usize, Refused> {
        let id = form["id"].as_u64().ok_or_else(|| Refused::field("id", "is required"))?;
        let index = self.catalog.find_variant(id).ok_or_else(|| Refused::field("id", "variant was not found"))?;
        self.judge_variant(form, Some(index))?;
        Ok(index)
    }

    /// `catalog/products/{id}/variants`, and a single variant below it.
    pub(super) fn route_product_variants(
        &mut self,
        method: &str,
        product: usize,
        rest: &[&str],
        call: &Call,
        world: &mut World<'_>,
    ) -> Answer {
        match (method, rest) {
            ("GET", []) => {
                let page = Page::read(&call.query, LIMIT_MAX)?;
                let all = &self.catalog.product(product).variants;
                let show = |index| pick_fields(self.render_variant(index), &call.query);
                let data = page.cut(all).into_iter().map(show).collect();
                Ok(page.reply(data, all.len(), &call.query))
            }
            ("POST", []) => self.create_variant(product, &call.body, world),
            (_, [id]) => {
                let found = self.catalog.find_variant(path_id(id)?);
                let index = found.filter(|index| self.catalog.variant(*index).product == product);
                self.one_variant(method, index.ok_or_else(Refused::not_found)?, call, world)
            }
            _ => Err(Refused::not_found()),
        }
    }

    fn one_variant(&mut self, method: &str, index: usize, call: &Call, world: &mut World<'_>) -> Answer {
        match method {
            "GET" => Ok(Reply::data(pick_fields(self.render_variant(index), &call.query))),
            "PUT" => {
                self.judge_variant(&call.body, Some(index))?;
                self.write_variant(index, &call.body, world);
                Ok(Reply::data(self.render_variant(index)))
            }
            "DELETE" if self.catalog.variant(index).sku_id.is_none() => {
                Err(Refused::new(422, "The base variant of a product cannot be deleted."))
            }
            "DELETE" => {
                self.catalog.remove_variant(index, world.now);
                self.tell_variant(index, "deleted", world);
                Ok(Reply::empty())
            }
            _ => Err(Refused::not_found()),
        }
    }

    fn create_variant(&mut self, product: usize, form: &Value, world: &mut World<'_>) -> Answer {
        if self.catalog.product(product).option.is_none() || form.pointer("/option_values/0").is_none() {
            return Err(Refused::field("option_values", "must name a value of each option of the product"));
        }
        self.judge_variant(form, None)?;
        self.add_variant(product, form, world);
        let index = self.catalog.variant_count() - 1;
        self.tell_variant(index, "created", world);
        self.tell_product(product, "updated", world);
        Ok(Reply::data(self.render_variant(index)))
    }

    /// A SKU must be nobody else's, a price a number.
    pub(super) fn judge_variant(&self, form: &Value, known: Option<usize>) -> Result<(), Refused> {
        judge_amount(form, "price")?;
        judge_amount(form, "sale_price")?;
        let taken = text(form, "sku").filter(|sku| !sku.is_empty()).and_then(|sku| self.catalog.find_sku(sku));
        match taken {
            Some(taken) if Some(taken) != known => Err(Refused::new(409, "The variant SKU is a duplicate")),
            _ => Ok(()),
        }
    }

    /// Adds a variant that has been judged.
    pub(super) fn add_variant(&mut self, product: usize, form: &Value, world: &mut World<'_>) {
        let label = form.pointer("/option_values/0/label").and_then(Value::as_str).unwrap_or_default();
        let new = NewVariant {
            sku: text(form, "sku").unwrap_or_default(),
            upc: text(form, "upc").unwrap_or_default(),
            price: Amount::read(&form["price"]),
            label,
            extra: repeated(form, &REPEATED),
        };
        let index = self.catalog.add_variant(product, new, world.now);
        self.grow_stock();
        self.write_variant_level(index, form, world);
    }

    fn write_variant(&mut self, index: usize, form: &Value, world: &mut World<'_>) {
        if let Some(sku) = text(form, "sku") {
            self.catalog.change_sku(index, sku);
        }
        self.catalog.change_variant(index, world.now, |variant| {
            // A null takes the variant's own price away, so that it has the product's again.
            if let Some(price) = form.get("price") {
                variant.price = Amount::read(price);
            }
            if let Some(price) = form.get("sale_price") {
                variant.sale_price = Amount::read(price).filter(|price| *price > Amount::ZERO);
            }
            if let Some(upc) = form.get("upc") {
                variant.upc = upc.as_str().unwrap_or_default().into();
            }
            variant.keep(repeated(form, &REPEATED));
        });
        self.tell_variant(index, "updated", world);
        self.tell_product(self.catalog.variant(index).product, "updated", world);
        self.write_variant_level(index, form, world);
    }

    /// The old way to write stock: the default location of a variant that is counted by itself.
    fn write_variant_level(&mut self, index: usize, form: &Value, world: &mut World<'_>) {
        if let (Some(level), Tracking::Variant) =
            (form["inventory_level"].as_i64(), self.catalog.product_of(index).tracking)
        {
            self.set_stock(index, 0, level, world);
        }
    }
}
