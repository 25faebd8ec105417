//! The account's own books: what was rung up inside the platform, and what is on hand.
//!
//! The acts write [`Entry`] after entry; the control API reads the whole. The levels and lines of what a client did
//! by calls are not in here, since the books are what the client is compared with; its documents are (`documents`). The number of a level is `qoh`, which the platform shows.

use super::LightspeedR;
use super::resources::SHOP;
use super::table::{Id, Row};
use crate::machine::{BookLevel, BookLine, BookListing, Books, Millis};

/// One document of the books.
#[derive(Debug)]
pub enum Entry {
    /// A sale, return or exchange: its lines are read from the sale as it is now.
    Sale {
        /// The tester's name of it.
        reference: String,
        /// Its id.
        sale: Id,
    },
    /// A count or change by hand, known to the API by its row of the inventory log.
    Change {
        /// `count` or `adjust`.
        kind: &'static str,
        /// The tester's name, or the id when none was given.
        reference: String,
        /// Row of the inventory log.
        logged: Id,
        /// Item.
        item: Id,
        /// Shop.
        shop: Id,
        /// What was counted, or the signed change.
        quantity: i64,
        /// When.
        at: Millis,
    },
}

impl LightspeedR {
    /// Every live item, every tracked one in every shop, and every line of every document in the order of the acts.
    pub(crate) fn read_books(&self) -> Books {
        let mut books = Books::default();
        for (id, item) in self.items.table().all().filter(|(_, item)| !item.archived()) {
            let code = ["ean", "upc"].map(|name| item.record.get(name)).into_iter().find(|code| !code.is_empty());
            books.listings.push(BookListing {
                sku: item.sku().to_owned(),
                title: item.record.get("description").to_owned(),
                price_minor: item.prices[0].to_minor(&self.settings.currency),
                barcode: code.unwrap_or_default().to_owned(),
            });
            if !item.is_tracked() {
                continue;
            }
            for (shop, record) in self.records.table(&SHOP).all() {
                books.levels.push(BookLevel {
                    sku: item.sku().to_owned(),
                    location: record.get("name").to_owned(),
                    quantity: self.stock.level(id, shop).to_string(),
                });
            }
        }
        for entry in &self.log {
            self.read_entry(entry, &mut books.lines);
        }
        books.documents = self.read_documents();
        books
    }

    fn read_entry(&self, entry: &Entry, lines: &mut Vec<BookLine>) {
        match entry {
            Entry::Sale { reference, sale } => self.read_sale_lines(reference, *sale, lines),
            Entry::Change { kind, reference, logged, item, shop, quantity, at } => lines.push(BookLine {
                kind: (*kind).to_owned(),
                reference: reference.clone(),
                document: logged.to_string(),
                line: String::new(),
                sku: self.sku(*item),
                location: self.shop_name(*shop),
                quantity: quantity.to_string(),
                at: *at,
            }),
        }
    }

    /// A line that came back is a return; a line of a voided sale stands for nothing.
    fn read_sale_lines(&self, reference: &str, id: Id, lines: &mut Vec<BookLine>) {
        let Some(sale) = self.sales.sales.get(id) else { return };
        for (line_id, line) in self.sales.lines_of(sale) {
            let units = if sale.voided { 0 } else { line.quantity.abs() };
            lines.push(BookLine {
                kind: if line.quantity < 0 { "return" } else { "sale" }.to_owned(),
                reference: reference.to_owned(),
                document: id.to_string(),
                line: line_id.to_string(),
                sku: self.sku(line.item),
                location: self.shop_name(line.shop),
                quantity: units.to_string(),
                at: sale.created,
            });
        }
    }

    /// SKU of an item; empty for a line that names none.
    pub(crate) fn sku(&self, item: Id) -> String {
        self.items.table().get(item).map_or_else(String::new, |item| item.sku().to_owned())
    }

    fn shop_name(&self, shop: Id) -> String {
        self.records.get(&SHOP, shop).map_or_else(String::new, |shop| shop.get("name").to_owned())
    }
}
