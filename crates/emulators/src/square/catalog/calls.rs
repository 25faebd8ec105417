//! Reading the catalogue: `/v2/catalog/{list,search,object,batch-retrieve,info}`.
//!
//! Called by the routes. The order of every listing is the order of change, so that a page is never torn by a write
//! that comes between two pages.

use super::super::clock::rfc3339;
use super::super::cursor;
use super::super::wire::{self, Answer, Call, Refused};
use super::Catalog;
use crate::machine::Millis;
use serde_json::{Value, json};
use std::ops::Bound;

struct Wanted {
    kinds: Vec<String>,
    /// Only what changed after this.
    after: Millis,
    deleted: bool,
}

impl Catalog {
    /// `GET /v2/catalog/list?types=ITEM,ITEM_VARIATION&cursor=…`, 100 a page.
    ///
    /// # Errors
    /// A bad cursor.
    pub fn list(&self, call: &Call<'_>) -> Answer {
        let kinds = wire::text(&call.body, "/types").unwrap_or_default();
        let kinds = kinds.split(',').filter(|kind| !kind.is_empty()).map(str::to_uppercase).collect();
        self.page(call, &Wanted { kinds, after: Millis::MIN, deleted: false }, 100)
    }

    /// `POST /v2/catalog/search`, by type and time of change.
    ///
    /// # Errors
    /// A bad cursor, limit or time; a `query`, which this emulator does not have.
    pub fn search(&self, call: &Call<'_>) -> Answer {
        if call.body.get("query").is_some_and(|query| !query.is_null()) {
            return Err(Refused::field("INVALID_VALUE", "query", "This emulator searches by type and time only."));
        }
        let wanted = Wanted {
            kinds: wire::texts(&call.body, "/object_types")?,
            after: wire::time(&call.body, "/begin_time")?.unwrap_or(Millis::MIN),
            deleted: call.body["include_deleted_objects"].as_bool() == Some(true),
        };
        let limit = wire::limit(&call.body, 100, 1_000)?;
        let mut answer = self.page(call, &wanted, limit)?;
        if call.body["include_related_objects"].as_bool() == Some(true) {
            answer["related_objects"] = self.related(&answer["objects"]);
        }
        answer["latest_time"] = json!(rfc3339(self.last_version));
        Ok(answer)
    }

    fn page(&self, call: &Call<'_>, wanted: &Wanted, limit: usize) -> Answer {
        let from = match cursor::read(&call.body)? {
            Some((version, index)) => (version, usize::try_from(index).unwrap_or(usize::MAX)),
            None => (wanted.after, usize::MAX),
        };
        let admitted = |place: &&(Millis, usize)| {
            let object = &self.objects[place.1];
            let kind = wanted.kinds.is_empty() || wanted.kinds.contains(&object.kind);
            kind && (wanted.deleted || !object.deleted)
        };
        let later = self.by_change.range((Bound::Excluded(from), Bound::Unbounded));
        let mut found: Vec<(Millis, usize)> = later.filter(admitted).take(limit + 1).copied().collect();
        let more = found.len() > limit;
        found.truncate(limit);
        let objects: Vec<Value> = found.iter().map(|(_, index)| self.render(*index)).collect();
        let mut answer = json!({"objects": objects});
        if let Some((version, index)) = found.last().filter(|_| more) {
            answer["cursor"] = json!(cursor::write(&call.body, (*version, *index as u64)));
        }
        Ok(answer)
    }

    /// The items of the variations found, and the taxes of the items found: one step from what was asked for.
    fn related(&self, objects: &Value) -> Value {
        let named = wire::array(objects, "").iter().flat_map(|object| {
            let item = object.pointer("/item_variation_data/item_id").and_then(Value::as_str);
            let taxes = wire::array(object, "/item_data/tax_ids").iter().filter_map(Value::as_str);
            item.into_iter().chain(taxes)
        });
        let mut related: Vec<usize> = named.filter_map(|id| self.by_id.get(id).copied()).collect();
        related.sort_unstable();
        related.dedup();
        related.into_iter().map(|index| self.render(index)).collect()
    }

    /// `GET /v2/catalog/object/{id}`.
    ///
    /// # Errors
    /// Not found, also when it is deleted.
    pub fn retrieve(&self, id: &str) -> Answer {
        let found = self.by_id.get(id).filter(|index| !self.objects[**index].deleted);
        let index = found.ok_or_else(|| Refused::not_found(format!("Catalog object `{id}` not found.")))?;
        Ok(json!({"object": self.render(*index)}))
    }

    /// `POST /v2/catalog/batch-retrieve`: unknown ids are left out.
    ///
    /// # Errors
    /// No ids, or more than 1,000.
    pub fn batch_retrieve(&self, call: &Call<'_>) -> Answer {
        let ids = wire::texts(&call.body, "/object_ids")?;
        if ids.is_empty() {
            return Err(Refused::missing("object_ids"));
        }
        if ids.len() > 1_000 {
            return Err(Refused::field("ARRAY_LENGTH_TOO_LONG", "object_ids", "At most 1,000 ids."));
        }
        let deleted = call.body["include_deleted_objects"].as_bool() == Some(true);
        let found = ids.iter().filter_map(|id| self.by_id.get(id).copied());
        let shown = found.filter(|index| deleted || !self.objects[*index].deleted);
        let objects: Value = shown.map(|index| self.render(index)).collect();
        let mut answer = json!({"objects": objects});
        if call.body["include_related_objects"].as_bool() == Some(true) {
            answer["related_objects"] = self.related(&answer["objects"]);
        }
        Ok(answer)
    }
}
