//! The store's own books: what was ordered, returned and counted in it, and what it shows.
//!
//! The acts write [`Entry`] after entry; the control API reads the whole. The hub's own writes are not in here, since
//! the books are what the hub is compared with.

use super::Store;
use super::orders::{Line, Order, Status};
use crate::machine::{BookLevel, BookLine, BookListing, Books, Millis};

/// One document of the books.
#[derive(Debug)]
pub enum Entry {
    /// A web order: its lines are read from the order as it is now.
    Order {
        /// Index of the order.
        order: usize,
        /// The tester's name.
        reference: String,
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
    /// Goods came back: a refund, which moves no stock by itself.
    Return {
        /// Index of the refund.
        refund: usize,
        /// The tester's name.
        reference: String,
    },
    /// A count or a change by hand, or the goods of a return that are put back on the shelf.
    Change {
        /// `count` or `adjust`.
        kind: &'static str,
        /// The tester's name, or the number when none was given.
        reference: String,
        /// Number of the change; a hub hears of the stock and not of this.
        number: u64,
        /// Index of the variant.
        variant: usize,
        /// Index of the location.
        location: usize,
        /// The count, or a signed change.
        quantity: i64,
        /// When.
        at: Millis,
    },
}

impl Store {
    /// Every counted variant at every location, every line of every document, every item.
    pub(super) fn read_books(&self) -> Books {
        let mut books = Books::default();
        for variant in self.catalog.live_variants() {
            let known = self.catalog.variant(variant);
            books.listings.push(BookListing {
                sku: known.sku.to_string(),
                title: self.catalog.title(variant),
                price_minor: self.catalog.price(variant).to_minor(self.settings.places()),
                barcode: known.upc.to_string(),
            });
            let Some(shelf) = self.catalog.shelf(variant) else { continue };
            for location in 0..self.locations.count() {
                books.levels.push(BookLevel {
                    sku: known.sku.to_string(),
                    location: self.locations.get(location).name.clone(),
                    quantity: self.stock.get(shelf, location).available().to_string(),
                });
            }
        }
        for entry in &self.log {
            self.read_entry(entry, &mut books.lines);
        }
        books
    }

    fn read_entry(&self, entry: &Entry, lines: &mut Vec<BookLine>) {
        match entry {
            Entry::Order { order, reference } => {
                let order = self.orders.get(*order);
                let off = order.status == Status::Cancelled;
                for line in &order.lines {
                    let quantity = if off { 0 } else { line.quantity };
                    let shown = self.order_line("web_order", order, line, quantity);
                    lines.push(BookLine { reference: reference.clone(), ..shown });
                }
            }
            Entry::Cancel { order, reference, at } => {
                let order = self.orders.get(*order);
                for line in order.lines.iter().filter(|line| line.quantity > 0) {
                    let shown = self.order_line("cancel", order, line, line.quantity);
                    lines.push(BookLine { reference: reference.clone(), at: *at, ..shown });
                }
            }
            Entry::Return { refund, reference } => {
                let refund = self.refunds.get(*refund);
                let order = self.orders.get(refund.order);
                for item in &refund.items {
                    let Some(line) = item.line.map(|line| &order.lines[line]) else { continue };
                    lines.push(BookLine {
                        reference: reference.clone(),
                        document: refund.id.to_string(),
                        location: String::new(),
                        at: refund.at,
                        ..self.order_line("return", order, line, item.quantity)
                    });
                }
            }
            Entry::Change { kind, reference, number, variant, location, quantity, at } => lines.push(BookLine {
                kind: (*kind).to_owned(),
                reference: reference.clone(),
                document: number.to_string(),
                line: String::new(),
                sku: self.catalog.variant(*variant).sku.to_string(),
                location: self.locations.get(*location).name.clone(),
                quantity: quantity.to_string(),
                at: *at,
            }),
        }
    }

    fn order_line(&self, kind: &str, order: &Order, line: &Line, quantity: i64) -> BookLine {
        BookLine {
            kind: kind.to_owned(),
            reference: String::new(),
            document: order.id.to_string(),
            line: line.id.to_string(),
            sku: line.sku.to_string(),
            location: self.locations.get(order.location).name.clone(),
            quantity: quantity.to_string(),
            at: order.created_at,
        }
    }
}
