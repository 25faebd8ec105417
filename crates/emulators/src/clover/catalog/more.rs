//! Item groups, categories and what belongs to which.
//!
//! Called by `routes`.

use super::super::Clover;
use super::super::filter::Field;
use super::super::hooks::Kind;
use super::super::id::Id;
use super::super::query::Expand;
use super::super::shelf::Plan;
use super::super::wire::{Answer, Call, Refused, by_id, elements, set_text, whole};
use super::{Category, Group};
use crate::machine::World;
use serde_json::{Value, json};

const GROUP_FIELDS: [&str; 2] = ["id", "name"];
const CATEGORY_FIELDS: [&str; 5] = ["modifiedTime", "deleted", "sortOrder", "name", "id"];

impl Category {
    /// With its items' ids, when they are given.
    pub(super) fn render(&self, items: Option<Vec<Value>>) -> Value {
        let mut shown = json!({
            "id": self.id.as_str(), "name": self.name, "sortOrder": self.sort_order,
            "deleted": self.deleted.is_some(), "modifiedTime": self.modified,
        });
        if let Some(items) = items {
            shown["items"] = elements(items);
        }
        shown
    }
}

impl Clover {
    /// `GET item_groups`.
    pub(in super::super) fn list_groups(&self, call: &Call<'_>) -> Answer {
        let field = |group: &Group, name: &str| match name {
            "id" => Field::Text(group.id.to_string()),
            "name" => Field::Text(group.name.clone()),
            _ => Field::None,
        };
        let plan = Plan {
            fields: &GROUP_FIELDS,
            field: &field,
            shown: &|_, _| true,
            render: &|group, expand| self.render_group(group, expand),
            newest_first: false,
        };
        self.catalog.groups.list(call, &self.settings.api_base, &plan)
    }

    /// `GET item_groups/{id}`.
    pub(in super::super) fn read_group(&self, id: &str, call: &Call<'_>) -> Answer {
        let group = self.catalog.groups.find(id).ok_or_else(Refused::not_found)?;
        Ok(self.render_group(self.catalog.groups.get(group), &Expand::read(call)))
    }

    /// `POST item_groups`.
    pub(in super::super) fn create_group(&mut self, call: &Call<'_>, world: &mut World<'_>) -> Answer {
        let name = named(&call.body)?;
        let group = Group { id: Id::draw(world.dice), name, created: world.now, modified: world.now };
        let index = self.catalog.groups.add(group);
        Ok(self.render_group(self.catalog.groups.get(index), &Expand::default()))
    }

    fn render_group(&self, group: &Group, expand: &Expand) -> Value {
        let mut shown = json!({"id": group.id.as_str(), "name": group.name});
        if expand.has("items") {
            let index = self.catalog.groups.find(group.id.as_str());
            let items = self.catalog.items().iter().filter(|item| item.group == index && item.deleted.is_none());
            shown["items"] = elements(items.map(|item| by_id(item.id)).collect());
        }
        shown
    }

    /// `GET categories`.
    pub(in super::super) fn list_categories(&self, call: &Call<'_>) -> Answer {
        let field = |category: &Category, name: &str| match name {
            "modifiedTime" => Field::Whole(category.modified),
            "deleted" => Field::Flag(category.deleted.is_some()),
            "sortOrder" => Field::Whole(category.sort_order),
            "name" => Field::Text(category.name.clone()),
            "id" => Field::Text(category.id.to_string()),
            _ => Field::None,
        };
        let plan = Plan {
            fields: &CATEGORY_FIELDS,
            field: &field,
            shown: &|category: &Category, query| category.deleted.is_none() || query.asks_for("deleted"),
            render: &|category, expand| self.render_category(category, expand),
            newest_first: false,
        };
        self.catalog.categories.list(call, &self.settings.api_base, &plan)
    }

    /// `GET categories/{id}`.
    pub(in super::super) fn read_category(&self, id: &str, call: &Call<'_>) -> Answer {
        let index = self.category(id)?;
        Ok(self.render_category(self.catalog.categories.get(index), &Expand::read(call)))
    }

    /// `POST categories`.
    pub(in super::super) fn create_category(&mut self, call: &Call<'_>, world: &mut World<'_>) -> Answer {
        let (id, now) = (Id::draw(world.dice), world.now);
        let sort_order = whole(&call.body, "sortOrder")?.unwrap_or(0);
        let category =
            Category { id, name: named(&call.body)?, sort_order, created: now, modified: now, deleted: None };
        self.hooks.note("IC", id, Kind::Create);
        let index = self.catalog.categories.add(category);
        Ok(self.render_category(self.catalog.categories.get(index), &Expand::default()))
    }

    /// `POST categories/{id}`.
    pub(in super::super) fn update_category(&mut self, id: &str, call: &Call<'_>, world: &World<'_>) -> Answer {
        let index = self.category(id)?;
        let known = self.catalog.categories.get(index);
        let (mut name, sort_order) = (known.name.clone(), whole(&call.body, "sortOrder")?.unwrap_or(known.sort_order));
        set_text(&call.body, "name", &mut name)?;
        self.catalog.categories.change(index, world.now, |category| {
            category.name = name;
            category.sort_order = sort_order;
        });
        self.hooks.note("IC", id, Kind::Update);
        Ok(self.render_category(self.catalog.categories.get(index), &Expand::default()))
    }

    /// `DELETE categories/{id}`.
    pub(in super::super) fn remove_category(&mut self, id: &str, world: &World<'_>) -> Answer {
        let index = self.category(id)?;
        self.catalog.categories.change(index, world.now, |category| category.deleted = Some(world.now));
        self.hooks.note("IC", id, Kind::Delete);
        Ok(self.render_category(self.catalog.categories.get(index), &Expand::default()))
    }

    /// `POST category_items`: `{elements: [{category{id}, item{id}}]}`.
    pub(in super::super) fn sort_items(&mut self, call: &Call<'_>, world: &World<'_>) -> Answer {
        let pairs = call.body["elements"].as_array().ok_or_else(|| Refused::invalid("elements is required"))?;
        let mut found = Vec::with_capacity(pairs.len());
        for pair in pairs {
            let category = self.category(pair["category"]["id"].as_str().unwrap_or_default())?;
            let item = self.catalog.find(pair["item"]["id"].as_str().unwrap_or_default());
            found.push((category, item.ok_or_else(Refused::not_found)?));
        }
        for (category, index) in found {
            let mut item = self.catalog.item(index).clone();
            if !item.categories.contains(&category) {
                item.categories.push(category);
                self.keep_change(index, item, world);
            }
        }
        Ok(json!({"elements": pairs}))
    }

    fn category(&self, id: &str) -> Result<usize, Refused> {
        let found = self.catalog.categories.find(id);
        found.filter(|index| self.catalog.categories.get(*index).deleted.is_none()).ok_or_else(Refused::not_found)
    }

    fn render_category(&self, category: &Category, expand: &Expand) -> Value {
        let items = expand.has("items").then(|| {
            let index = self.catalog.categories.find(category.id.as_str());
            let items =
                self.catalog.items().iter().filter(|item| {
                    item.deleted.is_none() && index.is_some_and(|index| item.categories.contains(&index))
                });
            items.map(|item| by_id(item.id)).collect()
        });
        category.render(items)
    }
}

fn named(body: &Value) -> Result<String, Refused> {
    let name = body["name"].as_str().filter(|name| !name.is_empty());
    name.map(str::to_owned).ok_or_else(|| Refused::invalid("name is required"))
}
