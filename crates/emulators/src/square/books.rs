//! The seller's own books: what was rung up inside the platform, and what is in stock.
//!
//! The acts write [`Entry`] after entry; the control API reads the whole. The levels that the hub writes are not in here,
//! since the books are what the hub is compared with; the documents that it makes are (`documents`).

use super::Square;
use super::orders::Order;
use super::quantity::Quantity;
use crate::machine::{BookLevel, BookLine, BookListing, Books, Millis};

/// One document of the books.
#[derive(Debug)]
pub enum Entry {
    /// A sale, web order or return: its lines are read from the order as it is now.
    Order {
        /// `sale`, `web_order` or `return`.
        kind: &'static str,
        /// Index of the order.
        order: usize,
    },
    /// An order was cancelled.
    Cancel {
        /// Index of the order.
        order: usize,
        /// The tester's name of the order.
        reference: String,
        /// When.
        at: Millis,
    },
    /// A count or change by hand.
    Change {
        /// `count` or `adjust`.
        kind: &'static str,
        /// The tester's name, or the id when none was given.
        reference: String,
        /// The vendor's id.
        id: String,
        /// Index of the variation.
        variation: usize,
        /// Index of the location.
        location: usize,
        /// Signed.
        quantity: Quantity,
        /// When.
        at: Millis,
    },
}

impl Square {
    /// Every variation, each tracked one at every location, and every line of every document in the order of the acts.
    pub(crate) fn read_books(&self) -> Books {
        let mut books = Books::default();
        for variation in 0..self.catalog.variation_count() {
            let known = self.catalog.variation(variation);
            if known.deleted {
                continue;
            }
            books.listings.push(self.listing(variation));
            if !known.tracked {
                continue;
            }
            for location in 0..self.locations.count() {
                books.levels.push(BookLevel {
                    sku: known.sku.clone(),
                    location: self.locations.get(location).name.clone(),
                    quantity: self.stock.level(variation, location).to_string(),
                });
            }
        }
        for entry in &self.log {
            self.read_entry(entry, &mut books.lines);
        }
        books.documents = self.read_documents();
        books
    }

    /// The item's name, with the variation's own in brackets where it says anything.
    fn listing(&self, variation: usize) -> BookListing {
        let known = self.catalog.variation(variation);
        let title = match self.catalog.names(variation) {
            (item, "" | "Regular") => item.to_owned(),
            (item, own) => format!("{item} ({own})"),
        };
        let barcode = self.catalog.upc(variation).to_owned();
        BookListing { sku: known.sku.clone(), title, price_minor: known.price_minor, barcode }
    }

    fn read_entry(&self, entry: &Entry, lines: &mut Vec<BookLine>) {
        match entry {
            Entry::Order { kind, order } => self.read_order(kind, self.orders.get(*order), lines),
            Entry::Cancel { order, reference, at } => {
                for line in &self.orders.get(*order).lines {
                    let open = line.quantity - line.returned;
                    let Some(variation) = line.variation.filter(|_| !open.is_zero()) else { continue };
                    let order = self.orders.get(*order);
                    let mut shown = self.line("cancel", order, &line.uid, variation, open);
                    shown.reference.clone_from(reference);
                    shown.at = *at;
                    lines.push(shown);
                }
            }
            Entry::Change { kind, reference, id, variation, location, quantity, at } => lines.push(BookLine {
                kind: (*kind).to_owned(),
                reference: reference.clone(),
                document: id.clone(),
                line: String::new(),
                sku: self.catalog.variation(*variation).sku.clone(),
                location: self.locations.get(*location).name.clone(),
                quantity: quantity.to_string(),
                at: *at,
            }),
        }
    }

    /// What came back with a document is a return, whatever else the document is. A cancelled order's lines stand only for what had already come back; the cancellation has lines of its own.
    fn read_order(&self, kind: &str, order: &Order, lines: &mut Vec<BookLine>) {
        let canceled = order.state == super::orders::OrderState::Canceled;
        for line in &order.lines {
            let Some(variation) = line.variation else { continue };
            let quantity = if canceled { line.returned } else { line.quantity };
            lines.push(self.line(kind, order, &line.uid, variation, quantity));
        }
        for line in order.returned.iter().flat_map(|returned| &returned.lines) {
            lines.push(self.line("return", order, &line.uid, line.variation, line.quantity));
        }
    }

    fn line(&self, kind: &str, order: &Order, uid: &str, variation: usize, quantity: Quantity) -> BookLine {
        BookLine {
            kind: kind.to_owned(),
            reference: order.reference.clone(),
            document: order.id.clone(),
            line: uid.to_owned(),
            sku: self.catalog.variation(variation).sku.clone(),
            location: self.locations.get(order.location).name.clone(),
            quantity: quantity.to_string(),
            at: order.created_at,
        }
    }
}
