//! Price lists: another price for a variant in a currency.
//!
//! Serves `/v3/pricelists`, as far as a hub that writes prices needs it. Storefront prices do not follow them here,
//! since no customer group is assigned to one.

use super::Store;
use super::amount::Amount;
use super::clock::iso;
use super::wire::{Answer, Call, Page, Refused, Reply, batch, path_id, text};
use crate::machine::{Millis, World};
use serde_json::{Value, json};
use std::collections::BTreeMap;

const LIMIT_MAX: usize = 250;
const ROWS_MAX: usize = 1_000;
const FIRST_LIST: u64 = 3;

#[derive(Clone, Debug)]
struct Record {
    price: Amount,
    sale_price: Option<Amount>,
    created_at: Millis,
    modified_at: Millis,
}

#[derive(Debug)]
struct List {
    name: String,
    active: bool,
    modified_at: Millis,
    /// By variant and currency.
    records: BTreeMap<(usize, String), Record>,
}

/// All price lists.
#[derive(Debug, Default)]
pub struct Prices(Vec<List>);

impl Store {
    /// `pricelists/…`.
    pub(super) fn route_prices(&mut self, method: &str, rest: &[&str], call: &Call, world: &mut World<'_>) -> Answer {
        match (method, rest) {
            ("GET", []) => {
                let page = Page::read(&call.query, LIMIT_MAX)?;
                let all: Vec<Value> = (0..self.prices.0.len()).map(|index| self.render_list(index)).collect();
                Ok(page.reply(page.cut(&all), all.len(), &call.query))
            }
            ("POST", []) => {
                let name = text(&call.body, "name").ok_or_else(|| Refused::field("name", "is required"))?.to_owned();
                let active = call.body["active"].as_bool().unwrap_or(true);
                self.prices.0.push(List { name, active, modified_at: world.now, records: BTreeMap::new() });
                let index = self.prices.0.len() - 1;
                let data = json!({"price_list_id": FIRST_LIST + index as u64});
                self.hooks.emit(world, "store/priceList/created", data);
                Ok(Reply::data(self.render_list(index)))
            }
            (_, [id, rest @ ..]) => {
                let index = path_id(id)?.checked_sub(FIRST_LIST).and_then(|index| usize::try_from(index).ok());
                let index = index.filter(|index| *index < self.prices.0.len()).ok_or_else(Refused::not_found)?;
                self.route_records(method, index, rest, call, world)
            }
            _ => Err(Refused::not_found()),
        }
    }

    fn route_records(
        &mut self,
        method: &str,
        list: usize,
        rest: &[&str],
        call: &Call,
        world: &mut World<'_>,
    ) -> Answer {
        match (method, rest) {
            ("GET", []) => Ok(Reply::data(self.render_list(list))),
            ("GET", ["records"]) => self.list_records(list, call),
            ("PUT" | "POST", ["records"]) => self.write_records(list, call, world),
            ("DELETE", ["records"]) => self.delete_records(list, call, world),
            ("GET", ["records", variant, currency]) => {
                let variant = self.catalog.find_variant(path_id(variant)?).ok_or_else(Refused::not_found)?;
                let key = (variant, currency.to_lowercase());
                let record = self.prices.0[list].records.get(&key).ok_or_else(Refused::not_found)?;
                Ok(Reply::data(self.render_record(list, &key, record)))
            }
            ("PUT", ["records", variant, currency]) => {
                let variant = self.catalog.find_variant(path_id(variant)?).ok_or_else(Refused::not_found)?;
                let key = (variant, currency.to_lowercase());
                let price = Amount::read(&call.body["price"]).ok_or_else(|| Refused::field("price", "is required"))?;
                self.put_record(list, &key, price, &call.body, world);
                Ok(Reply::data(self.render_record(list, &key, &self.prices.0[list].records[&key])))
            }
            _ => Err(Refused::not_found()),
        }
    }

    fn list_records(&self, list: usize, call: &Call) -> Answer {
        let query = &call.query;
        let page = Page::read(query, LIMIT_MAX)?;
        let (ids, skus) = (query.numbers("variant_id:in")?, query.list("sku:in"));
        let wanted = |(variant, currency): &(usize, String)| {
            let known = self.catalog.variant(*variant);
            ids.as_ref().is_none_or(|ids| ids.contains(&known.id))
                && skus.as_ref().is_none_or(|skus| skus.contains(&&*known.sku))
                && query.get("sku").is_none_or(|sku| *known.sku == *sku)
                && query.get("currency").is_none_or(|asked| asked.eq_ignore_ascii_case(currency))
        };
        let records = &self.prices.0[list].records;
        let found: Vec<_> = records.iter().filter(|(key, _)| wanted(key)).collect();
        let data = page.cut(&found).into_iter().map(|(key, record)| self.render_record(list, key, record)).collect();
        Ok(page.reply(data, found.len(), query))
    }

    /// All rows or none.
    fn write_records(&mut self, list: usize, call: &Call, world: &mut World<'_>) -> Answer {
        let forms = batch(&call.body, ROWS_MAX)?;
        let mut rows = Vec::with_capacity(forms.len());
        for form in forms {
            let by_sku = || text(form, "sku").and_then(|sku| self.catalog.find_sku(sku));
            let variant = form["variant_id"].as_u64().and_then(|id| self.catalog.find_variant(id)).or_else(by_sku);
            let variant = variant.ok_or_else(|| Refused::field("variant_id", "variant was not found"))?;
            let currency = text(form, "currency").ok_or_else(|| Refused::field("currency", "is required"))?;
            let price = Amount::read(&form["price"]).filter(|price| *price >= Amount::ZERO);
            let price = price.ok_or_else(|| Refused::field("price", "must be a number of 0 or more"))?;
            rows.push(((variant, currency.to_lowercase()), price));
        }
        for ((key, price), form) in rows.iter().zip(forms) {
            self.put_record(list, key, *price, form, world);
        }
        Ok(Reply::ok(json!({"data": {}, "meta": {}})))
    }

    fn put_record(&mut self, list: usize, key: &(usize, String), price: Amount, form: &Value, world: &mut World<'_>) {
        let sale_price = Amount::read(&form["sale_price"]);
        let known = self.prices.0[list].records.get(key);
        let created_at = known.map_or(world.now, |record| record.created_at);
        let what = if known.is_some() { "updated" } else { "created" };
        let record = Record { price, sale_price, created_at, modified_at: world.now };
        self.prices.0[list].records.insert(key.clone(), record);
        self.tell_record(list, key, what, world);
    }

    fn delete_records(&mut self, list: usize, call: &Call, world: &mut World<'_>) -> Answer {
        let (ids, skus) = (call.query.numbers("variant_id:in")?, call.query.list("sku:in"));
        let wanted = |variant: usize| {
            let known = self.catalog.variant(variant);
            ids.as_ref().is_none_or(|ids| ids.contains(&known.id))
                && skus.as_ref().is_none_or(|skus| skus.contains(&&*known.sku))
        };
        let gone: Vec<(usize, String)> =
            self.prices.0[list].records.keys().filter(|(variant, _)| wanted(*variant)).cloned().collect();
        for key in gone {
            self.prices.0[list].records.remove(&key);
            self.tell_record(list, &key, "deleted", world);
        }
        Ok(Reply::empty())
    }

    fn tell_record(&self, list: usize, (variant, currency): &(usize, String), what: &str, world: &mut World<'_>) {
        let variant_id = self.catalog.variant(*variant).id;
        let list = FIRST_LIST + list as u64;
        let data = json!({"price_list_id": list, "variant_id": variant_id, "currency_code": currency});
        self.hooks.emit(world, &format!("store/priceList/record/{what}"), data);
    }

    fn render_list(&self, index: usize) -> Value {
        let list = &self.prices.0[index];
        json!({
            "id": FIRST_LIST + index as u64, "name": list.name, "active": list.active,
            "date_created": iso(list.modified_at), "date_modified": iso(list.modified_at),
        })
    }

    fn render_record(&self, list: usize, (variant, currency): &(usize, String), record: &Record) -> Value {
        let known = self.catalog.variant(*variant);
        let mut shown = json!({
            "price_list_id": FIRST_LIST + list as u64, "variant_id": known.id, "sku": &*known.sku,
            "product_id": self.catalog.product(known.product).id, "currency": currency,
            "price": record.price.number(),
            "calculated_price": record.sale_price.unwrap_or(record.price).number(), "bulk_pricing_tiers": [],
            "date_created": iso(record.created_at), "date_modified": iso(record.modified_at),
        });
        if let Some(price) = record.sale_price {
            shown["sale_price"] = price.number();
        }
        shown
    }
}
