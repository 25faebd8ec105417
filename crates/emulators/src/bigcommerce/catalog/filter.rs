//! Which products a list asks for, and in which order.
//!
//! Called by the catalogue's endpoints. A poll by `date_modified:min` walks the index from there on.

use super::super::Store;
use super::super::clock::seconds;
use super::super::wire::{Query, Refused};

impl Store {
    /// Indices of the products that the query asks for, sorted as it asks.
    ///
    /// # Errors
    /// 422 when a filter cannot be read or the order is unknown.
    pub(super) fn find_products(&self, query: &Query) -> Result<Vec<usize>, Refused> {
        let (ids, skus) = (query.numbers("id:in")?, query.list("sku:in"));
        let (id, min, max) = (query.number("id")?, query.number("id:min")?, query.number("id:max")?);
        let (greater, less) = (query.number("id:greater")?, query.number("id:less")?);
        let until = query.time("date_modified:max")?;
        let keyword = query.get("keyword").map(str::to_lowercase);
        let wanted = |index: &usize| {
            let product = self.catalog.product(*index);
            let variants = || product.variants.iter().map(|variant| self.catalog.variant(*variant));
            !product.deleted
                && ids.as_ref().is_none_or(|ids| ids.contains(&product.id))
                && id.is_none_or(|id| id == product.id)
                && min.is_none_or(|min| product.id >= min)
                && max.is_none_or(|max| product.id <= max)
                && greater.is_none_or(|greater| product.id > greater)
                && less.is_none_or(|less| product.id < less)
                && until.is_none_or(|until| seconds(product.modified_at) <= until)
                && query.get("name").is_none_or(|name| *product.name == *name)
                && query.get("sku").is_none_or(|sku| variants().any(|variant| *variant.sku == *sku))
                && query.get("upc").is_none_or(|upc| variants().any(|variant| *variant.upc == *upc))
                && skus.as_ref().is_none_or(|skus| variants().any(|variant| skus.contains(&&*variant.sku)))
                && keyword.as_ref().is_none_or(|word| product.name.to_lowercase().contains(word))
        };
        let from = query.time("date_modified:min")?;
        let mut found: Vec<usize> = match from {
            Some(from) => self.catalog.by_modified.range((from, 0)..).map(|(_, index)| *index).filter(wanted).collect(),
            None => (0..self.catalog.products.len()).filter(wanted).collect(),
        };
        self.sort_products(&mut found, query)?;
        Ok(found)
    }

    fn sort_products(&self, found: &mut [usize], query: &Query) -> Result<(), Refused> {
        let product = |index: &usize| self.catalog.product(*index);
        match query.get("sort").unwrap_or("id") {
            "id" => found.sort_unstable(),
            "name" => found.sort_by(|left, right| product(left).name.cmp(&product(right).name)),
            "price" | "calculated_price" => found.sort_by_key(|index| product(index).price),
            "date_modified" => found.sort_by_key(|index| (seconds(product(index).modified_at), *index)),
            "sku" | "date_last_imported" | "inventory_level" | "is_visible" | "total_sold" => found.sort_unstable(),
            _ => return Err(Refused::field("sort", "is not a field that can be sorted by")),
        }
        match query.get("direction") {
            None | Some("asc") => Ok(()),
            Some("desc") => {
                found.reverse();
                Ok(())
            }
            Some(_) => Err(Refused::field("direction", "must be asc or desc")),
        }
    }
}
