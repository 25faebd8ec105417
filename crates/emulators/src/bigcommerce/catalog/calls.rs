//! `/v3/catalog/products`: read, made, changed one by one or ten at a time, and deleted.
//!
//! Called by the routes.

use super::super::Store;
use super::super::amount::Amount;
use super::super::wire::{Answer, Call, Page, Query, Refused, Reply, batch, path_id, text};
use super::{NewProduct, NewVariant, Tracking};
use crate::machine::World;
use serde_json::{Map, Value, json};

const LIMIT_MAX: usize = 250;
const BATCH_MAX: usize = 10;
const NAME_MAX: usize = 250;

/// Fields of a product that the emulator only repeats.
const REPEATED: [&str; 21] = [
    "type",
    "description",
    "weight",
    "width",
    "depth",
    "height",
    "cost_price",
    "retail_price",
    "sale_price",
    "map_price",
    "tax_class_id",
    "categories",
    "brand_id",
    "is_visible",
    "is_featured",
    "availability",
    "condition",
    "sort_order",
    "mpn",
    "gtin",
    "search_keywords",
];

impl Store {
    /// `catalog/products`, and a single product below it.
    pub(in super::super) fn route_products(
        &mut self,
        method: &str,
        rest: &[&str],
        call: &Call,
        world: &mut World<'_>,
    ) -> Answer {
        match (method, rest) {
            ("GET", []) => self.list_products(call),
            ("POST", []) => self.create_product(call, world),
            ("PUT", []) => self.update_products(call, world),
            ("DELETE", []) => self.delete_products(call, world),
            ("GET", [id]) => Ok(Reply::data(self.render_product(self.product_at(id)?, &call.query))),
            ("PUT", [id]) => {
                let index = self.product_at(id)?;
                self.judge_product(&call.body, Some(index))?;
                self.write_product(index, &call.body, world);
                Ok(Reply::data(self.render_product(index, &call.query)))
            }
            ("DELETE", [id]) => {
                // A product that is not there is deleted all the same: the vendor lists no 404 here.
                if let Ok(index) = self.product_at(id) {
                    self.take_product_away(index, world);
                }
                Ok(Reply::empty())
            }
            (_, [id, "variants", rest @ ..]) => {
                let product = self.product_at(id)?;
                self.route_product_variants(method, product, rest, call, world)
            }
            _ => Err(Refused::not_found()),
        }
    }

    /// The live product of an id in a path.
    ///
    /// # Errors
    /// 404.
    pub(super) fn product_at(&self, id: &str) -> Result<usize, Refused> {
        self.catalog.find_product(path_id(id)?).ok_or_else(Refused::not_found)
    }

    fn list_products(&self, call: &Call) -> Answer {
        let query = &call.query;
        let included = query.list("include").unwrap_or_default();
        let max = if included.contains(&"options") || included.contains(&"modifiers") { 10 } else { LIMIT_MAX };
        let page = Page::read(query, max)?;
        let found = self.find_products(query)?;
        let data = page.cut(&found).into_iter().map(|index| self.render_product(index, query)).collect();
        Ok(page.reply(data, found.len(), query))
    }

    fn create_product(&mut self, call: &Call, world: &mut World<'_>) -> Answer {
        let form = &call.body;
        for name in ["name", "type", "weight", "price"] {
            if form.get(name).is_none_or(Value::is_null) {
                return Err(Refused::field(name, format!("The required field '{name}' was not supplied.")));
            }
        }
        self.judge_product(form, None)?;
        let variants = form["variants"].as_array().filter(|variants| !variants.is_empty());
        let option = variants.and_then(|variants| option_name(&variants[0]));
        for variant in variants.into_iter().flatten() {
            self.judge_variant(variant, None)?;
        }
        let product = NewProduct {
            name: text(form, "name").unwrap_or_default(),
            price: Amount::read(&form["price"]).unwrap_or_default(),
            tracking: text(form, "inventory_tracking").and_then(Tracking::read).unwrap_or(Tracking::None),
            option,
            extra: repeated(form, &REPEATED),
        };
        let index = self.catalog.add_product(product, world.now);
        match variants {
            Some(variants) => variants.iter().for_each(|variant| self.add_variant(index, variant, world)),
            None => self.add_base(index, form, world),
        }
        self.tell_product(index, "created", world);
        self.tell_new_variants(index, world);
        self.write_level(index, form, world);
        Ok(Reply::data(self.render_product(index, &Query::read("include=variants"))))
    }

    fn add_base(&mut self, product: usize, form: &Value, world: &mut World<'_>) {
        let base = NewVariant {
            sku: text(form, "sku").unwrap_or_default(),
            upc: text(form, "upc").unwrap_or_default(),
            price: None,
            label: "",
            extra: Map::new(),
        };
        self.catalog.add_variant(product, base, world.now);
        self.grow_stock();
    }

    fn update_products(&mut self, call: &Call, world: &mut World<'_>) -> Answer {
        let forms = batch(&call.body, BATCH_MAX)?;
        let mut indices = Vec::with_capacity(forms.len());
        for form in forms {
            let id = form["id"].as_u64().ok_or_else(|| Refused::field("id", "is required"))?;
            let index = self.catalog.find_product(id).ok_or_else(Refused::not_found)?;
            self.judge_product(form, Some(index))?;
            indices.push(index);
        }
        for (index, form) in indices.iter().zip(forms) {
            self.write_product(*index, form, world);
        }
        let data = indices.iter().map(|index| self.render_product(*index, &call.query)).collect();
        let page = Page { number: 1, limit: LIMIT_MAX };
        Ok(page.reply(data, indices.len(), &Query::default()))
    }

    fn delete_products(&mut self, call: &Call, world: &mut World<'_>) -> Answer {
        let filters = ["id", "id:in", "name", "sku", "sku:in", "keyword", "id:min", "id:max"];
        if !filters.iter().any(|name| call.query.get(name).is_some()) {
            return Err(Refused::new(422, "A filter is required to delete products."));
        }
        let found = self.find_products(&call.query)?;
        for index in found.into_iter().take(LIMIT_MAX) {
            self.take_product_away(index, world);
        }
        Ok(Reply::empty())
    }

    /// Name and SKU must be nobody else's.
    fn judge_product(&self, form: &Value, known: Option<usize>) -> Result<(), Refused> {
        if let Some(name) = form.get("name") {
            let name = name.as_str().filter(|name| !name.is_empty() && name.chars().count() <= NAME_MAX);
            let name = name.ok_or_else(|| Refused::field("name", "must be a text of 1 to 250 characters"))?;
            if self.catalog.with_name(name).is_some_and(|taken| Some(taken) != known) {
                return Err(Refused::new(409, "The product name is a duplicate"));
            }
        }
        judge_amount(form, "price")?;
        if text(form, "inventory_tracking").is_some_and(|word| Tracking::read(word).is_none()) {
            return Err(Refused::field("inventory_tracking", "must be none, product or variant"));
        }
        let own = |variant: usize| known == Some(self.catalog.variant(variant).product);
        match text(form, "sku").filter(|sku| !sku.is_empty()).and_then(|sku| self.catalog.find_sku(sku)) {
            Some(taken) if !own(taken) => Err(Refused::new(409, "The product SKU is a duplicate")),
            _ => Ok(()),
        }
    }

    fn write_product(&mut self, index: usize, form: &Value, world: &mut World<'_>) {
        if let Some(name) = text(form, "name") {
            self.catalog.rename(index, name);
        }
        self.catalog.change_product(index, world.now, |product| {
            product.price = Amount::read(&form["price"]).unwrap_or(product.price);
            product.tracking = text(form, "inventory_tracking").and_then(Tracking::read).unwrap_or(product.tracking);
            product.keep(repeated(form, &REPEATED));
        });
        let product = self.catalog.product(index);
        if let (None, Some(&base)) = (&product.option, product.variants.first()) {
            if let Some(sku) = text(form, "sku") {
                self.catalog.change_sku(base, sku);
            }
            if let Some(upc) = text(form, "upc") {
                self.catalog.change_variant(base, world.now, |variant| variant.upc = upc.into());
            }
        }
        self.tell_product(index, "updated", world);
        self.write_level(index, form, world);
    }

    /// The old way to write stock: the default location of a product that is counted as one.
    fn write_level(&mut self, index: usize, form: &Value, world: &mut World<'_>) {
        let product = self.catalog.product(index);
        if let (Some(level), Tracking::Product, Some(&base)) =
            (form["inventory_level"].as_i64(), product.tracking, product.variants.first())
        {
            self.set_stock(base, 0, level, world);
        }
    }

    /// Deletes a product with its variants and tells of all of them.
    pub(in super::super) fn take_product_away(&mut self, index: usize, world: &mut World<'_>) {
        let variants = self.catalog.remove_product(index, world.now);
        for variant in variants {
            self.tell_variant(variant, "deleted", world);
        }
        self.tell_product(index, "deleted", world);
    }

    /// `store/product/…`.
    pub(in super::super) fn tell_product(&self, index: usize, what: &str, world: &mut World<'_>) {
        let data = json!({"type": "product", "id": self.catalog.product(index).id});
        self.hooks.emit(world, &format!("store/product/{what}"), data);
    }

    /// `store/sku/…`; a base variant is no SKU of its own.
    pub(in super::super) fn tell_variant(&self, index: usize, what: &str, world: &mut World<'_>) {
        let variant = self.catalog.variant(index);
        if let Some(sku_id) = variant.sku_id {
            let product_id = self.catalog.product(variant.product).id;
            let data = json!({"type": "sku", "id": sku_id,
                "sku": {"product_id": product_id, "variant_id": variant.id}});
            self.hooks.emit(world, &format!("store/sku/{what}"), data);
        }
    }

    fn tell_new_variants(&self, product: usize, world: &mut World<'_>) {
        for variant in &self.catalog.product(product).variants {
            self.tell_variant(*variant, "created", world);
        }
    }
}

/// The fields of a form that are only repeated.
pub(super) fn repeated(form: &Value, names: &[&str]) -> Map<String, Value> {
    let given = names.iter().filter_map(|name| Some(((*name).to_owned(), form.get(*name)?.clone())));
    given.filter(|(_, value)| !value.is_null()).collect()
}

/// The option that a new variant's first value belongs to.
pub(super) fn option_name(variant: &Value) -> Option<String> {
    variant.pointer("/option_values/0/option_display_name").and_then(Value::as_str).map(str::to_owned)
}

/// A price, when there is one, is a number from zero.
///
/// # Errors
/// 422.
pub(super) fn judge_amount(form: &Value, name: &str) -> Result<(), Refused> {
    let Some(value) = form.get(name).filter(|value| !value.is_null()) else { return Ok(()) };
    let amount = Amount::read(value).filter(|amount| *amount >= Amount::ZERO);
    amount.map(|_| ()).ok_or_else(|| Refused::field(name, "must be a number of 0 or more"))
}
