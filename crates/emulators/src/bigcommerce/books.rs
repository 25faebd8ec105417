//! The store's own books: what was ordered, returned and counted in it, and what it shows.
//!
//! Acts, and calls that make orders and refunds, write [`Entry`] after entry; the control API reads the whole. Counts by
//! the API are not in here, since the books are what the hub is compared with.

use super::Store;
use super::orders::{Line, Order, Status};
use super::refunds::Refund;
use crate::machine::{BookDocument, BookLevel, BookLine, BookListing, Books, Millis};

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
        books.documents = self.read_documents();
        books
    }

    fn read_documents(&self) -> Vec<BookDocument> {
        let orders = self.orders.each().iter().filter(|order| !order.deleted).map(|order| self.order_document(order));
        let refunds = self.refunds.each().iter().map(|refund| self.refund_document(refund));
        let customers = self.customers.living().map(|customer| BookDocument {
            kind: "customer".to_owned(),
            document: customer.id.to_string(),
            reference: customer.notes().to_owned(),
            person: format!("{} {} {} {}", customer.first_name, customer.last_name, customer.email, customer.phone),
            ..BookDocument::default()
        });
        orders.chain(refunds).chain(customers).collect()
    }

    fn order_document(&self, order: &Order) -> BookDocument {
        let lines = order.lines.iter().map(|line| (line.sku.to_string(), line.quantity.to_string()));
        BookDocument {
            kind: "order".to_owned(),
            document: order.id.to_string(),
            reference: order.field("external_order_id").to_owned(),
            state: order.status.word().to_owned(),
            location: self.locations.get(order.location).name.clone(),
            lines: lines.collect(),
            amount_minor: order.total_inc().to_minor(self.settings.places()),
            ..BookDocument::default()
        }
    }

    fn refund_document(&self, refund: &Refund) -> BookDocument {
        let order = self.orders.get(refund.order);
        let units = refund.items.iter().filter_map(|item| Some((&order.lines[item.line?], item.quantity)));
        BookDocument {
            kind: "refund".to_owned(),
            document: format!("refund:{}", refund.id),
            reference: refund.items.first().map(|item| item.reason.clone()).unwrap_or_default(),
            lines: units.map(|(line, units)| (line.sku.to_string(), units.to_string())).collect(),
            amount_minor: refund.total.to_minor(self.settings.places()),
            ..BookDocument::default()
        }
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
