//! Today's names of items, locations, channels and orders, looked up once per query.

use std::{cell::RefCell, collections::HashMap, fmt::Display, hash::Hash};

use model::{ChannelId, ItemId, LocationId, OrderId};
use rusqlite::{Connection, OptionalExtension};

use super::Told;
use crate::ViewsError;

type Known<K> = RefCell<HashMap<K, String>>;

/// Looks names up and remembers them. What has no name yet goes by its id; SQLite's first failure is kept for
/// [`done`](Self::done), so that composing a sentence needs no error handling.
pub(crate) struct Names<'c> {
    tables: &'c Connection,
    items: Known<ItemId>,
    locations: Known<LocationId>,
    channels: Known<ChannelId>,
    orders: Known<OrderId>,
    failed: RefCell<Option<rusqlite::Error>>,
}

impl<'c> Names<'c> {
    pub(crate) fn new(tables: &'c Connection) -> Self {
        Self {
            tables,
            items: Known::default(),
            locations: Known::default(),
            channels: Known::default(),
            orders: Known::default(),
            failed: RefCell::default(),
        }
    }

    /// The SKU.
    pub(crate) fn item(&self, id: ItemId) -> String {
        self.look(&self.items, "SELECT sku FROM items WHERE id = ?1", id, id.0)
    }

    /// `" of SKU"`, or nothing when the reader knows which item it is about.
    pub(super) fn of(&self, told: Told, id: ItemId) -> String {
        match told {
            Told::Place(item, _) if item == id => String::new(),
            Told::Place(..) | Told::Whole => format!(" of {}", self.item(id)),
        }
    }

    pub(crate) fn location(&self, id: LocationId) -> String {
        self.look(&self.locations, "SELECT name FROM locations WHERE id = ?1", id, id.0)
    }

    pub(crate) fn channel(&self, id: ChannelId) -> String {
        self.look(&self.channels, "SELECT name FROM channels WHERE id = ?1", id, id.0)
    }

    /// The order's reference, or the platform's id of it.
    pub(crate) fn order(&self, id: OrderId) -> String {
        let sql = "SELECT CASE reference WHEN '' THEN document ELSE reference END FROM orders WHERE id = ?1";
        self.look(&self.orders, sql, id, id.0)
    }

    /// `" (order #1042)"`.
    pub(super) fn for_order(&self, id: OrderId) -> String {
        format!(" (order {})", self.order(id))
    }

    /// Ends a query.
    ///
    /// # Errors
    /// The first failed look-up's.
    pub(crate) fn done(&self) -> Result<(), ViewsError> {
        self.failed.take().map_or(Ok(()), |error| Err(error.into()))
    }

    fn look<K: Copy + Eq + Hash + Display>(&self, known: &Known<K>, sql: &str, id: K, number: u32) -> String {
        if let Some(name) = known.borrow().get(&id) {
            return name.clone();
        }
        let found = self
            .tables
            .prepare_cached(sql)
            .and_then(|mut statement| statement.query_row([number], |row| row.get::<_, String>(0)).optional());
        let name = found.unwrap_or_else(|error| {
            self.failed.borrow_mut().get_or_insert(error);
            None
        });
        let name = name.filter(|name| !name.is_empty()).unwrap_or_else(|| id.to_string());
        known.borrow_mut().insert(id, name.clone());
        name
    }
}
