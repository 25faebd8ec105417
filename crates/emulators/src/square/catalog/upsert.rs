//! Writing the catalogue: upserts and deletions, each batch all or nothing, one write at a time.
//!
//! Called by the routes and by the acts. An upsert replaces the whole object; it is refused when the object has been
//! changed since the version that the caller read.

use super::super::clock::rfc3339;
use super::super::settings::Settings;
use super::super::wire::{self, Answer, Call, Refused};
use super::Catalog;
use crate::machine::{Millis, World};
use serde_json::{Map, Value, json};
use std::collections::HashMap;

const KINDS: [&str; 9] =
    ["ITEM", "ITEM_VARIATION", "CATEGORY", "TAX", "DISCOUNT", "MODIFIER_LIST", "MODIFIER", "IMAGE", "MEASUREMENT_UNIT"];
const PER_BATCH: usize = 1_000;
const PER_CALL: usize = 10_000;

/// What is known while one write is being carried out.
struct Writing<'w, 'a> {
    world: &'w mut World<'a>,
    version: Millis,
    /// `#temporary` → id.
    ids: HashMap<String, String>,
    mappings: Vec<Value>,
}

impl Catalog {
    /// `POST /v2/catalog/object`.
    ///
    /// # Errors
    /// See [`Catalog::batch_upsert`].
    pub fn upsert(&mut self, call: &Call<'_>, settings: &Settings, world: &mut World<'_>) -> Answer {
        wire::object(&call.body, "/object")?;
        self.lock(settings, world.now)?;
        let object = call.body["object"].clone();
        let (indices, mappings) = self.write(std::slice::from_ref(&object), &["object".to_owned()], world)?;
        let shown: Vec<Value> = indices.into_iter().map(|index| self.render(index)).collect();
        Ok(json!({"catalog_object": shown.first(), "id_mappings": mappings}))
    }

    /// `POST /v2/catalog/batch-upsert`. Every batch is written whole or not at all, whatever becomes of the others. How the
    /// vendor answers when some are written and some are not is not documented: here with 200, the objects and the errors.
    ///
    /// # Errors
    /// No batch could be written: too many objects, an unknown type or id, a stale version (`VERSION_MISMATCH`). 429
    /// while another catalogue write holds the lock.
    pub fn batch_upsert(&mut self, call: &Call<'_>, settings: &Settings, world: &mut World<'_>) -> Answer {
        let batches = wire::array(&call.body, "/batches");
        let count: usize = batches.iter().map(|batch| wire::array(batch, "/objects").len()).sum();
        if count == 0 {
            return Err(Refused::missing("batches"));
        }
        if count > PER_CALL {
            return Err(too_long("batches", PER_CALL));
        }
        self.lock(settings, world.now)?;
        let (mut shown, mut mappings, mut refusals) = (Vec::new(), Vec::new(), Vec::new());
        for (place, batch) in batches.iter().enumerate() {
            match self.write_batch(place, wire::array(batch, "/objects"), world) {
                Ok((indices, named)) => {
                    shown.extend(indices.into_iter().map(|index| self.render(index)));
                    mappings.extend(named);
                }
                Err(refused) => refusals.push(refused),
            }
        }
        let mut answer = json!({"objects": shown, "updated_at": rfc3339(self.last_version), "id_mappings": mappings});
        match Refused::together(refusals) {
            None => Ok(answer),
            Some(refused) if shown.is_empty() => Err(refused),
            Some(refused) => {
                answer["errors"] = refused.body()["errors"].take();
                Ok(answer)
            }
        }
    }

    fn write_batch(
        &mut self,
        place: usize,
        objects: &[Value],
        world: &mut World<'_>,
    ) -> Result<(Vec<usize>, Vec<Value>), Refused> {
        if objects.len() > PER_BATCH {
            return Err(too_long(&format!("batches[{place}].objects"), PER_BATCH));
        }
        let fields: Vec<String> =
            (0..objects.len()).map(|index| format!("batches[{place}].objects[{index}]")).collect();
        self.write(objects, &fields, world)
    }

    /// `DELETE /v2/catalog/object/{id}` and `POST /v2/catalog/batch-delete`: unknown ids are left out.
    ///
    /// # Errors
    /// 429 while another catalogue write holds the lock.
    pub fn delete_all(&mut self, ids: &[String], settings: &Settings, now: Millis) -> Answer {
        self.lock(settings, now)?;
        Ok(json!({"deleted_object_ids": self.remove(ids, now), "deleted_at": rfc3339(now)}))
    }

    /// Deletes what there is of these; answers the ids that are gone.
    pub fn remove(&mut self, ids: &[String], now: Millis) -> Vec<String> {
        let found: Vec<usize> = ids.iter().filter_map(|id| self.by_id.get(id).copied()).collect();
        let version = self.next_version(now);
        found.into_iter().flat_map(|index| self.delete(index, version)).collect()
    }

    fn lock(&mut self, settings: &Settings, now: Millis) -> Result<(), Refused> {
        if now < self.locked_until {
            return Err(Refused::rate_limited());
        }
        self.locked_until = now + settings.catalog_write_ms;
        Ok(())
    }

    /// Judges all, then writes all; answers the indices of the objects and the mappings of temporary ids.
    ///
    /// # Errors
    /// The first object that cannot be written, with its field.
    pub fn write(
        &mut self,
        objects: &[Value],
        fields: &[String],
        world: &mut World<'_>,
    ) -> Result<(Vec<usize>, Vec<Value>), Refused> {
        for (object, field) in objects.iter().zip(fields) {
            self.judge(object, field)?;
        }
        let version = self.next_version(world.now);
        let mut writing = Writing { world, version, ids: HashMap::new(), mappings: Vec::new() };
        let mut written = Vec::with_capacity(objects.len());
        for object in objects {
            written.push(self.put(object, None, &mut writing));
        }
        Ok((written, writing.mappings))
    }

    fn judge(&self, object: &Value, field: &str) -> Result<(), Refused> {
        let kind = wire::text(object, "/type").unwrap_or_default();
        if !KINDS.contains(&kind) {
            return Err(Refused::field(
                "INVALID_ENUM_VALUE",
                format!("{field}.type"),
                format!("Unknown type `{kind}`."),
            ));
        }
        let id = wire::required(object, "/id").map_err(|refused| refused.at(format!("{field}.id")))?;
        if !id.starts_with('#') {
            self.judge_version(object, id, kind, field)?;
        }
        if kind == "ITEM_VARIATION" {
            let item = wire::text(object, "/item_variation_data/item_id").unwrap_or("#");
            if !item.starts_with('#') && !self.by_id.contains_key(item) {
                let field = format!("{field}.item_variation_data.item_id");
                return Err(Refused::field("NOT_FOUND", field, format!("Item `{item}` not found.")));
            }
        }
        for (index, nested) in wire::array(object, "/item_data/variations").iter().enumerate() {
            self.judge(nested, &format!("{field}.item_data.variations[{index}]"))?;
        }
        Ok(())
    }

    fn judge_version(&self, object: &Value, id: &str, kind: &str, field: &str) -> Result<(), Refused> {
        let found = self.by_id.get(id).map(|index| &self.objects[*index]);
        let Some(found) = found.filter(|found| !found.deleted && found.kind == kind) else {
            return Err(Refused::field(
                "NOT_FOUND",
                format!("{field}.id"),
                format!("Catalog object `{id}` not found."),
            ));
        };
        if object["version"].as_i64() == Some(found.version) {
            Ok(())
        } else {
            Err(Refused::version_mismatch(&format!("{field}.version")))
        }
    }

    /// Writes one judged object and the variations nested in it.
    fn put(&mut self, object: &Value, item: Option<&str>, writing: &mut Writing<'_, '_>) -> usize {
        let asked = wire::text(object, "/id").unwrap_or("#");
        let kind = wire::text(object, "/type").unwrap_or_default();
        let index = self.resolve(asked, kind, writing);
        let mut fields = object.as_object().cloned().unwrap_or_default();
        for own in ["id", "type", "version", "updated_at", "is_deleted"] {
            fields.remove(own);
        }
        fields.entry("present_at_all_locations").or_insert(json!(true));
        let nested = fields.get_mut("item_data").and_then(Value::as_object_mut).and_then(|d| d.remove("variations"));
        settle_item(&mut fields, item, &writing.ids);
        self.replace(index, fields, writing.version);
        if let Some(variation) = self.objects[index].variation
            && let Some(item) = self.variations[variation].item.filter(|_| item.is_none())
        {
            self.touch(item, writing.version);
        }
        if let Some(Value::Array(nested)) = nested {
            self.put_nested(index, &nested, writing);
        }
        index
    }

    /// Variations that an item no longer lists are deleted: the whole item is replaced.
    fn put_nested(&mut self, item: usize, nested: &[Value], writing: &mut Writing<'_, '_>) {
        let id = self.objects[item].id.clone();
        let kept: Vec<usize> = nested.iter().map(|one| self.put(one, Some(&id), writing)).collect();
        for child in self.objects[item].children.clone() {
            if !kept.contains(&child) {
                self.delete(child, writing.version);
            }
        }
    }

    fn resolve(&mut self, asked: &str, kind: &str, writing: &mut Writing<'_, '_>) -> usize {
        let id = writing.ids.get(asked).map_or(asked, String::as_str);
        if let Some(&index) = self.by_id.get(id) {
            return index;
        }
        let index = self.add(kind, writing.version, writing.world.dice);
        let id = self.objects[index].id.clone();
        writing.mappings.push(json!({"client_object_id": asked, "object_id": id}));
        writing.ids.insert(asked.to_owned(), id);
        index
    }
}

/// Puts the real id of its item into a variation.
fn settle_item(fields: &mut Map<String, Value>, item: Option<&str>, ids: &HashMap<String, String>) {
    let Some(Value::Object(data)) = fields.get_mut("item_variation_data") else { return };
    let named = data.get("item_id").and_then(Value::as_str).and_then(|id| ids.get(id)).cloned();
    if let Some(id) = named.or_else(|| item.map(str::to_owned)) {
        data.insert("item_id".into(), json!(id));
    }
}

fn too_long(field: &str, max: usize) -> Refused {
    Refused::field("ARRAY_LENGTH_TOO_LONG", field, format!("At most {max} objects."))
}
