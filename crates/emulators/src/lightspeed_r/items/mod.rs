//! Items: what is sold, with prices and, for variants, the matrix they belong to.
//!
//! Items are archived, never deleted. Their time of change does not move when only stock moves.

mod calls;

use super::amount::Amount;
use super::records::Record;
use super::table::{Id, Row, Table};
use super::wire::Fields;
use crate::machine::Millis;
use serde_json::{Value, json};
use std::collections::HashMap;

/// Names of the price levels, in the order of their ids.
pub const PRICE_LEVELS: [&str; 3] = ["Default", "MSRP", "Online"];

/// Something that is sold.
#[derive(Clone, Debug)]
pub struct Item {
    /// Scalar members.
    pub record: Record,
    /// One price for each of [`PRICE_LEVELS`].
    pub prices: [Amount; 3],
    /// The value of its one attribute, when it belongs to a matrix.
    pub attribute: String,
}

impl Item {
    /// Whether stock is kept of it.
    pub fn is_tracked(&self) -> bool {
        self.record.get("itemType") != "non_inventory"
    }

    /// SKU of the business.
    pub fn sku(&self) -> &str {
        self.record.get("customSku")
    }
}

impl Row for Item {
    fn stamp(&self) -> Millis {
        self.record.stamp()
    }

    fn archived(&self) -> bool {
        self.record.archived()
    }

    fn fill(&self, id: Id, fields: &mut Fields) {
        self.record.fill(id, fields);
        fields.insert("systemSku".into(), format!("21{id:010}").into());
        let price = |(position, amount): (usize, &Amount)| {
            json!({
                "amount": amount.to_string(),
                "useTypeID": (position + 1).to_string(),
                "useType": PRICE_LEVELS[position],
            })
        };
        let prices: Vec<Value> = self.prices.iter().enumerate().map(price).collect();
        fields.insert("Prices".into(), json!({"ItemPrice": prices}));
    }
}

/// All items.
#[derive(Debug, Default)]
pub struct Items {
    table: Table<Item>,
    /// SKU of the business → items, since a SKU may repeat.
    by_sku: HashMap<String, Vec<Id>>,
    /// Matrix → its items.
    by_matrix: HashMap<Id, Vec<Id>>,
}

impl Items {
    /// Items by id.
    pub fn table(&self) -> &Table<Item> {
        &self.table
    }

    /// Adds an item.
    pub fn add(&mut self, item: Item) -> Id {
        let id = self.table.add(item);
        self.index(id);
        id
    }

    /// Changes an item and keeps the indexes right.
    pub fn change(&mut self, id: Id, change: impl FnOnce(&mut Item)) {
        let Some((sku, matrix)) = self.keys(id) else { return };
        if let Some(ids) = self.by_sku.get_mut(&sku) {
            ids.retain(|known| *known != id);
        }
        if let Some(ids) = self.by_matrix.get_mut(&matrix) {
            ids.retain(|known| *known != id);
        }
        self.table.change(id, change);
        self.index(id);
    }

    fn keys(&self, id: Id) -> Option<(String, Id)> {
        let item = self.table.get(id)?;
        Some((item.sku().to_owned(), item.record.id("itemMatrixID")))
    }

    fn index(&mut self, id: Id) {
        let Some((sku, matrix)) = self.keys(id) else { return };
        self.by_sku.entry(sku).or_default().push(id);
        if matrix != 0 {
            self.by_matrix.entry(matrix).or_default().push(id);
        }
    }

    /// Items with this SKU, archived ones among them, oldest first.
    pub fn of_sku(&self, sku: &str) -> Vec<Id> {
        let mut ids = self.by_sku.get(sku).cloned().unwrap_or_default();
        ids.sort_unstable();
        ids
    }

    /// The live item with this SKU; the oldest, when it repeats.
    pub fn live(&self, sku: &str) -> Option<Id> {
        let ids = self.by_sku.get(sku)?;
        ids.iter().copied().filter(|id| self.table.get(*id).is_some_and(|item| !item.archived())).min()
    }

    /// Items of a matrix.
    pub fn of_matrix(&self, matrix: Id) -> Vec<Id> {
        self.by_matrix.get(&matrix).cloned().unwrap_or_default()
    }

    /// Whether stock is kept of an item; false for one that does not exist.
    pub fn is_tracked(&self, id: Id) -> bool {
        self.table.get(id).is_some_and(Item::is_tracked)
    }

    /// How many items there have ever been.
    pub fn count(&self) -> usize {
        usize::try_from(self.table.next_id() - 1).unwrap_or(usize::MAX)
    }
}
