//! `/v3/inventory/adjustments`: accepted whole or refused whole, and carried out a moment later.
//!
//! Called by the routes.

use super::super::Store;
use super::super::catalog::Tracking;
use super::super::locations::transaction;
use super::super::wire::{Answer, Call, Refused};
use super::{Adjustment, Change, QUANTITY_MAX};
use crate::machine::{Millis, World};
use serde_json::{Value, json};

const ITEMS_MAX: usize = 2_000;

/// The two adjustments.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    Absolute,
    Relative,
}

/// How an item is named.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Identity {
    Sku,
    Variant,
    Product,
}

impl Store {
    /// `inventory/adjustments/…`.
    pub(in super::super) fn route_adjustments(
        &mut self,
        method: &str,
        kind: &str,
        call: &Call,
        world: &mut World<'_>,
    ) -> Answer {
        let kind = match (method, kind) {
            ("PUT", "absolute") => Kind::Absolute,
            ("POST", "relative") => Kind::Relative,
            _ => return Err(Refused::not_found()),
        };
        let changes = self.judge_items(kind, &call.body)?;
        let most = u64::try_from(self.settings.apply_ms).unwrap_or(0);
        // Each call draws its own delay, so two calls in flight may show in either order.
        let delay = if most == 0 { 0 } else { world.dice.below(most + 1) };
        let at = world.now.saturating_add(Millis::try_from(delay).unwrap_or(0));
        self.stock.accept(changes, at);
        if delay == 0 {
            self.apply_due(world);
        }
        Ok(transaction(world))
    }

    fn judge_items(&self, kind: Kind, body: &Value) -> Result<Vec<Adjustment>, Refused> {
        let items = body["items"].as_array().filter(|items| !items.is_empty());
        let items = items.ok_or_else(|| invalid("items", "This value should not be blank."))?;
        if items.len() > ITEMS_MAX {
            return Err(invalid("items", "This collection should contain 2000 elements or less."));
        }
        let mut changes: Vec<Adjustment> = Vec::with_capacity(items.len());
        for (row, item) in items.iter().enumerate() {
            let identity = identity_of(item).map_err(|why| invalid(&format!("items.{row}"), why))?;
            changes.push(self.judge_item(kind, identity, row, item)?);
        }
        if kind == Kind::Relative {
            self.judge_stock(&changes)?;
        }
        Ok(changes)
    }

    fn judge_item(&self, kind: Kind, identity: Identity, row: usize, item: &Value) -> Result<Adjustment, Refused> {
        let at = |field: &str| format!("items.{row}.{field}");
        let location = item["location_id"].as_u64().ok_or_else(|| invalid(&at("location_id"), "must be a number"))?;
        let location = self.locations.with_id(location);
        let location = location.ok_or_else(|| Refused::problem("The location does not exist."))?;
        let quantity = item["quantity"].as_i64();
        let quantity = quantity.ok_or_else(|| invalid(&at("quantity"), "must be a whole number"))?;
        let shelf = self.shelf_named(identity, item)?;
        let change = match kind {
            Kind::Absolute if !(0..=QUANTITY_MAX).contains(&quantity) => {
                return Err(invalid(&at("quantity"), "must be from 0 to 2147483647"));
            }
            Kind::Relative if quantity.abs() > QUANTITY_MAX => {
                return Err(invalid(&at("quantity"), "must be at most 2147483647"));
            }
            Kind::Absolute => Change::Absolute(quantity),
            Kind::Relative => Change::Relative(quantity),
        };
        Ok(Adjustment { shelf, location, change })
    }

    /// The shelf of an item, which must be named by what it is counted as.
    fn shelf_named(&self, identity: Identity, item: &Value) -> Result<usize, Refused> {
        let name = shown_identity(identity, item);
        let gone = || Refused::problem(format!("Items with identity: [{name}] do not exist"));
        let wrong = |tracking: Tracking| {
            let how = tracking.word();
            Refused::problem(format!("[Item with {name} is tracked by {how}, please update stock by {how} id]"))
        };
        let variant = match identity {
            Identity::Sku => item["sku"].as_str().and_then(|sku| self.catalog.find_sku(sku)),
            Identity::Variant => item["variant_id"].as_u64().and_then(|id| self.catalog.find_variant(id)),
            Identity::Product => {
                let product = item["product_id"].as_u64().and_then(|id| self.catalog.find_product(id));
                product.and_then(|product| self.catalog.product(product).variants.first().copied())
            }
        };
        let variant = variant.ok_or_else(gone)?;
        match (identity, self.catalog.product_of(variant).tracking) {
            (_, Tracking::None) => Err(Refused::problem(format!("[Item with {name} is not tracked]"))),
            (Identity::Variant, Tracking::Product) => Err(wrong(Tracking::Product)),
            (Identity::Product, Tracking::Variant) => Err(wrong(Tracking::Variant)),
            (Identity::Sku, Tracking::Product | Tracking::Variant)
            | (Identity::Variant, Tracking::Variant)
            | (Identity::Product, Tracking::Product) => Ok(self.catalog.shelf(variant).unwrap_or(variant)),
        }
    }

    /// A relative adjustment needs a count before it, and leaves the safety stock alone. Earlier accepted deductions
    /// and the other items of the same call are reckoned in.
    fn judge_stock(&self, changes: &[Adjustment]) -> Result<(), Refused> {
        let mut sums: std::collections::BTreeMap<(usize, usize), i64> = std::collections::BTreeMap::new();
        for one in changes {
            if let Change::Relative(delta) = one.change {
                *sums.entry((one.shelf, one.location)).or_default() += delta;
            }
        }
        for ((shelf, location), delta) in sums {
            let (variant, product) = (self.catalog.variant(shelf), self.catalog.product_of(shelf));
            let name = match product.tracking {
                Tracking::Variant => format!("variant_id {}", variant.id),
                Tracking::Product | Tracking::None => format!("product_id {}", product.id),
            };
            if !self.stock.get(shelf, location).counted {
                let title = format!("Items with identity: [{name}] requires absolute adjustment before relative");
                return Err(Refused::problem(title));
            }
            if delta < 0 && self.stock.left_after(shelf, location, delta) < 0 {
                return Err(Refused::problem(format!("Items with identity: [{name}] have insufficient stock")));
            }
        }
        Ok(())
    }

    /// `PUT inventory/locations/{id}/items`: settings of items at a location, whole or not at all.
    pub(in super::super) fn put_settings(&mut self, location: usize, call: &Call, world: &mut World<'_>) -> Answer {
        let rows = call.body["settings"].as_array().filter(|rows| !rows.is_empty());
        let rows = rows.ok_or_else(|| invalid("settings", "This value should not be blank."))?;
        if rows.len() > ITEMS_MAX {
            return Err(invalid("settings", "This collection should contain 2000 elements or less."));
        }
        let mut shelves = Vec::with_capacity(rows.len());
        for (row, form) in rows.iter().enumerate() {
            let identity = identity_of(&form["identity"]);
            let identity = identity.map_err(|why| invalid(&format!("setting.{row}.identity"), why))?;
            judge_settings(row, form)?;
            shelves.push(self.shelf_named(identity, &form["identity"])?);
        }
        for (shelf, form) in shelves.into_iter().zip(rows) {
            let known = self.stock.get_mut(shelf, location);
            known.safety = form["safety_stock"].as_i64().unwrap_or(known.safety);
            known.warning = form["warning_level"].as_i64().unwrap_or(known.warning);
            known.in_stock = form["is_in_stock"].as_bool().unwrap_or(known.in_stock);
            if let Some(bin) = form["bin_picking_number"].as_str() {
                known.bin = Some(bin.into());
            }
            self.tell_channel(shelf, location, "settings_changed", world);
        }
        Ok(transaction(world))
    }
}

fn judge_settings(row: usize, form: &Value) -> Result<(), Refused> {
    let names = ["safety_stock", "is_in_stock", "warning_level", "bin_picking_number"];
    if names.iter().all(|name| form.get(name).is_none()) {
        let why = "At least one setting must be specified: warning_level, is_in_stock or safety_stock";
        return Err(invalid(&format!("setting.{row}.settings"), why));
    }
    for name in ["safety_stock", "warning_level"] {
        let given = form.get(name).filter(|value| !value.is_null());
        if given.is_some_and(|value| value.as_i64().is_none_or(|number| !(0..=QUANTITY_MAX).contains(&number))) {
            return Err(invalid(&format!("setting.{row}.{name}"), "must be a whole number of 0 or more"));
        }
    }
    Ok(())
}

/// Exactly one of the three names must be there.
fn identity_of(item: &Value) -> Result<Identity, &'static str> {
    let given = |name: &str| item.get(name).is_some_and(|value| !value.is_null());
    match (given("sku"), given("variant_id"), given("product_id")) {
        (true, false, false) => Ok(Identity::Sku),
        (false, true, false) => Ok(Identity::Variant),
        (false, false, true) => Ok(Identity::Product),
        _ => Err("exactly one of sku, variant_id and product_id is required"),
    }
}

fn shown_identity(identity: Identity, item: &Value) -> String {
    let name = match identity {
        Identity::Sku => "sku",
        Identity::Variant => "variant_id",
        Identity::Product => "product_id",
    };
    format!("{name} {}", item[name].as_str().map_or_else(|| item[name].to_string(), str::to_owned))
}

fn invalid(field: &str, why: &str) -> Refused {
    let mut refused = Refused::problem("Payload contains invalid fields");
    refused.errors.insert(field.to_owned(), json!(why));
    refused
}
