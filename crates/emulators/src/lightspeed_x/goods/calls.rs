//! Reads and deletions of the catalogue.
//!
//! Called by `routes`; `upsert` has the other writes.

use crate::lightspeed_x::LightspeedX;
use crate::lightspeed_x::ids::Id;
use crate::lightspeed_x::paging::Page;
use crate::lightspeed_x::wire::{Answer, Call, Refused, Reply};
use crate::machine::World;
use serde_json::{Value, json};

impl LightspeedX {
    /// `GET /products`.
    pub(crate) fn list_products(&self, call: &Call) -> Answer {
        if let Some(found) = self.filtered_products(call) {
            let data: Vec<Value> = found.into_iter().map(|index| self.render_product(index)).collect();
            // A filter switches the cursor off.
            return Ok(Reply::ok(json!({"data": data, "version": {"min": null, "max": null}})));
        }
        let deleted = call.flag("deleted");
        let shown = |index: usize| deleted || self.goods.get(index).deleted_at.is_none();
        Ok(Page::read(call)?.of(&self.goods.feed, shown, |index| self.render_product(index)))
    }

    /// Products that match `sku`, `name` or `family_name`; `None` without such a filter. A SKU is looked for among all
    /// codes, since the vendor keeps it as one of them.
    fn filtered_products(&self, call: &Call) -> Option<Vec<usize>> {
        let alive = |index: &usize| self.goods.get(*index).deleted_at.is_none();
        if let Some(sku) = call.parameter("sku") {
            let mut found: Vec<usize> = self.goods.with_sku(sku).collect();
            let coded = self.goods.by_code.get(sku).into_iter().flatten().map(|index| *index as usize);
            found.extend(coded.filter(alive));
            found.sort_unstable();
            found.dedup();
            return Some(found);
        }
        let by_name =
            |test: &dyn Fn(usize) -> bool| (0..self.goods.count()).filter(alive).filter(|index| test(*index)).collect();
        if let Some(name) = call.parameter("name") {
            return Some(by_name(&|index| self.goods.get(index).full_name() == name));
        }
        let family = call.parameter("family_name")?;
        Some(by_name(&|index| self.goods.get(index).name == family))
    }

    /// `GET /products/{id}`.
    pub(crate) fn show_product(&self, id: &str) -> Answer {
        Ok(Reply::data(self.render_product(self.product_named(id)?)))
    }

    /// `DELETE /products/{id}`.
    pub(crate) fn delete_product_call(&mut self, id: &str, world: &mut World<'_>) -> Answer {
        let index = self.living_product(id)?;
        self.remove_product(index, world);
        Ok(Reply::data(json!({ "id": id })))
    }

    /// A product by the id in an address, deleted or not.
    ///
    /// # Errors
    /// 404.
    pub(crate) fn product_named(&self, id: &str) -> Result<usize, Refused> {
        Id::parse(id).and_then(|id| self.goods.find(id)).ok_or_else(Refused::not_found)
    }

    /// A product that is not deleted.
    ///
    /// # Errors
    /// 404.
    pub(crate) fn living_product(&self, id: &str) -> Result<usize, Refused> {
        let index = self.product_named(id)?;
        if self.goods.get(index).deleted_at.is_some() { Err(Refused::not_found()) } else { Ok(index) }
    }
}
