//! The seller's catalogue: every object with its version, and the variations in the form that sales need.
//!
//! `calls` reads it for the API, `upsert` writes it, the acts put and delete items. Stock and prices of sales are not
//! here. The version of an object is the time of its last change, made unique, as in the vendor's own catalogue.

pub mod calls;
pub mod upsert;

use super::clock::rfc3339;
use super::draw;
use crate::machine::{Dice, Millis};
use serde_json::{Map, Value, json};
use std::collections::{BTreeSet, HashMap};

/// One catalogue object of any type.
#[derive(Clone, Debug)]
pub struct Object {
    /// The vendor's id.
    pub id: String,
    /// `ITEM`, `ITEM_VARIATION`, `CATEGORY`, …
    pub kind: String,
    /// Also the time of the last change.
    pub version: Millis,
    /// Deleted objects stay, and are shown to those who ask for them.
    pub deleted: bool,
    /// Everything else as it was written, without nested variations.
    fields: Map<String, Value>,
    /// For an item: its variations, as indices of objects.
    children: Vec<usize>,
    /// For a variation: its index in the table of variations.
    pub variation: Option<usize>,
}

/// What a sale needs to know of a variation.
#[derive(Clone, Debug)]
pub struct Variation {
    /// Index of its object.
    pub object: usize,
    /// Index of the object of its item, once it is known.
    pub item: Option<usize>,
    /// The vendor's id, the same as its object's.
    pub id: String,
    /// May be empty, may repeat.
    pub sku: String,
    /// Minor units.
    pub price_minor: i64,
    /// False for services.
    pub tracked: bool,
    /// Its object is deleted.
    pub deleted: bool,
}

/// The whole catalogue.
#[derive(Debug, Default)]
pub struct Catalog {
    objects: Vec<Object>,
    variations: Vec<Variation>,
    by_id: HashMap<String, usize>,
    by_sku: HashMap<String, Vec<usize>>,
    /// Items with several variations, by the name under which they were put.
    by_product: HashMap<String, String>,
    by_change: BTreeSet<(Millis, usize)>,
    last_version: Millis,
    /// A second write before this moment is answered 429.
    locked_until: Millis,
}

impl Catalog {
    /// How many variations there ever were; indices run below it.
    pub fn variation_count(&self) -> usize {
        self.variations.len()
    }

    /// The variation at an index of this table.
    pub fn variation(&self, index: usize) -> &Variation {
        &self.variations[index]
    }

    /// By the vendor's id; deleted ones too.
    pub fn find_variation(&self, id: &str) -> Option<usize> {
        self.objects[*self.by_id.get(id)?].variation
    }

    /// The first variation with this SKU that is not deleted.
    ///
    /// # Errors
    /// A sentence when there is none.
    pub fn with_sku(&self, sku: &str) -> Result<usize, String> {
        let found = self.by_sku.get(sku).and_then(|all| all.iter().find(|index| !self.variations[**index].deleted));
        found.copied().ok_or_else(|| format!("there is no item with the SKU {sku}"))
    }

    /// The item's name and the variation's own, as order lines show them.
    pub fn names(&self, variation: usize) -> (&str, &str) {
        let variation = &self.variations[variation];
        let of = |object: usize, pointer: &str, name: &str| -> Option<&str> {
            self.objects[object].fields.get(pointer)?.get(name)?.as_str()
        };
        let item = variation.item.and_then(|item| of(item, "item_data", "name")).unwrap_or_default();
        (item, of(variation.object, "item_variation_data", "name").unwrap_or_default())
    }

    /// The id of the seller's tax, when there is one.
    pub fn tax(&self) -> Option<&str> {
        let living = self.objects.iter().find(|object| object.kind == "TAX" && !object.deleted);
        living.map(|tax| tax.id.as_str())
    }

    /// Whether the item of a variation bears the seller's tax.
    pub fn is_taxed(&self, variation: usize) -> bool {
        let Some(item) = self.variations[variation].item else { return false };
        let taxes = self.objects[item].fields.get("item_data").map(|data| &data["tax_ids"]);
        let taxes = taxes.and_then(Value::as_array);
        taxes.is_some_and(|taxes| taxes.iter().any(|tax| tax.as_str().is_some_and(|tax| self.is_living(tax))))
    }

    fn is_living(&self, id: &str) -> bool {
        self.by_id.get(id).is_some_and(|index| !self.objects[*index].deleted)
    }

    /// The barcode of a variation; empty when it has none.
    pub fn upc(&self, variation: usize) -> &str {
        let fields = &self.objects[self.variations[variation].object].fields;
        fields.get("item_variation_data").and_then(|data| data["upc"].as_str()).unwrap_or_default()
    }

    /// The id of the living item that was put under this name.
    pub fn item_named(&self, product: &str) -> Option<String> {
        let id = self.by_product.get(product)?;
        self.is_living(id).then(|| id.clone())
    }

    /// Remembers the name under which an item was put.
    pub fn name_item(&mut self, product: &str, id: &str) {
        self.by_product.insert(product.to_owned(), id.to_owned());
    }

    /// The vendor's id of the object at an index.
    pub fn id_of(&self, object: usize) -> &str {
        &self.objects[object].id
    }

    /// The version of the variation's object, for order lines.
    pub fn version_of(&self, variation: usize) -> Millis {
        self.objects[self.variations[variation].object].version
    }

    /// The `data` of `catalog.version.updated`: only the time.
    pub fn version_event(&self) -> Value {
        let at = rfc3339(self.last_version);
        json!({"type": "catalog_version", "id": "", "object": {"catalog_version": {"updated_at": at}}})
    }

    /// A version for the next write: now, or just after the last one.
    fn next_version(&mut self, now: Millis) -> Millis {
        self.last_version = now.max(self.last_version + 1);
        self.last_version
    }

    /// Adds an object without fields; answers its index.
    fn add(&mut self, kind: &str, version: Millis, dice: &mut Dice) -> usize {
        let index = self.objects.len();
        let id = draw::id(dice, 24);
        self.by_id.insert(id.clone(), index);
        self.by_change.insert((version, index));
        let variation = (kind == "ITEM_VARIATION").then(|| self.add_variation(index, &id));
        self.objects.push(Object {
            id,
            kind: kind.to_owned(),
            version,
            deleted: false,
            fields: Map::new(),
            children: Vec::new(),
            variation,
        });
        index
    }

    fn add_variation(&mut self, object: usize, id: &str) -> usize {
        self.variations.push(Variation {
            object,
            item: None,
            id: id.to_owned(),
            sku: String::new(),
            price_minor: 0,
            tracked: false,
            deleted: false,
        });
        self.variations.len() - 1
    }

    /// Replaces the fields of an object and what is derived from them.
    fn replace(&mut self, index: usize, fields: Map<String, Value>, version: Millis) {
        self.touch(index, version);
        self.objects[index].fields = fields;
        if let Some(variation) = self.objects[index].variation {
            self.derive(variation);
        }
    }

    /// Moves an object to a new version in the order of changes.
    fn touch(&mut self, index: usize, version: Millis) {
        self.by_change.remove(&(self.objects[index].version, index));
        self.objects[index].version = version;
        self.by_change.insert((version, index));
    }

    /// Reads SKU, price, tracking and item out of a variation's fields.
    fn derive(&mut self, index: usize) {
        let object = self.variations[index].object;
        let data = self.objects[object].fields.get("item_variation_data").cloned().unwrap_or_default();
        let sku = data["sku"].as_str().unwrap_or_default().to_owned();
        let item = data["item_id"].as_str().and_then(|id| self.by_id.get(id).copied());
        // Only an item has variations, whatever the caller wrote: a variation of itself could not be rendered.
        let item = item.filter(|item| self.objects[*item].kind == "ITEM");
        let flag = |value: &Value| value["track_inventory"].as_bool() == Some(true);
        let overridden = data["location_overrides"].as_array().is_some_and(|all| all.iter().any(flag));
        let variation = &mut self.variations[index];
        variation.price_minor = data.pointer("/price_money/amount").and_then(Value::as_i64).unwrap_or(0);
        variation.tracked = flag(&data) || overridden;
        let old = std::mem::replace(&mut variation.sku, sku.clone());
        let known = self.by_sku.get(&sku).is_some_and(|all| all.contains(&index));
        if old != sku
            && let Some(all) = self.by_sku.get_mut(&old)
        {
            all.retain(|other| *other != index);
        }
        if !known {
            self.by_sku.entry(sku).or_default().push(index);
        }
        if let Some(item) = item {
            self.variations[index].item = Some(item);
            if !self.objects[item].children.contains(&object) {
                self.objects[item].children.push(object);
            }
        }
    }

    /// Deletes an object, with its variations when it is an item, and an item that has lost its last variation.
    /// Answers the ids of all that were deleted.
    fn delete(&mut self, index: usize, version: Millis) -> Vec<String> {
        if self.objects[index].deleted {
            return Vec::new();
        }
        self.touch(index, version);
        self.objects[index].deleted = true;
        let mut gone = vec![self.objects[index].id.clone()];
        if let Some(variation) = self.objects[index].variation {
            self.variations[variation].deleted = true;
            if let Some(item) = self.variations[variation].item {
                let left = self.objects[item].children.iter().any(|child| !self.objects[*child].deleted);
                if left {
                    self.touch(item, version);
                } else {
                    gone.extend(self.delete(item, version));
                }
            }
        }
        for child in self.objects[index].children.clone() {
            gone.extend(self.delete(child, version));
        }
        gone
    }

    /// An object as the API shows it; an item carries its living variations.
    pub(super) fn render(&self, index: usize) -> Value {
        let object = &self.objects[index];
        let mut shown = object.fields.clone();
        shown.insert("type".into(), json!(object.kind));
        shown.insert("id".into(), json!(object.id));
        shown.insert("version".into(), json!(object.version));
        shown.insert("updated_at".into(), json!(rfc3339(object.version)));
        shown.insert("is_deleted".into(), json!(object.deleted));
        if let Some(Value::Object(data)) = shown.get_mut("item_data") {
            let shown = |child: &&usize| object.deleted || !self.objects[**child].deleted;
            let nested = object.children.iter().filter(shown).map(|child| self.render(*child)).collect();
            data.insert("variations".into(), Value::Array(nested));
        }
        Value::Object(shown)
    }
}
