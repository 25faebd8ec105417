//! The merchant's own books: what was rung up inside the platform, and what is in stock.
//!
//! The acts write [`Entry`] after entry; the control API reads the whole. The levels that the hub writes are not in
//! here, since the books are what the hub is compared with; the documents that it makes are (`documents`). Every piece is a line, as it is in the API.

use super::Clover;
use super::orders::{Line, Order};
use super::quantity::Quantity;
use crate::machine::{BookDocument, BookLevel, BookLine, BookListing, Books, Millis};

/// One document of the books.
#[derive(Debug)]
pub enum Entry {
    /// A sale: its lines are read from the order as it is now.
    Sale {
        /// Index of the order.
        order: usize,
        /// The tester's name of it.
        reference: String,
    },
    /// Lines of an order came back.
    Return {
        /// Index of the refund.
        refund: usize,
        /// The tester's name of it.
        reference: String,
    },
    /// An open order was deleted, or a paid one voided.
    Cancel {
        /// Index of the order.
        order: usize,
        /// The tester's name of the order.
        reference: String,
        /// When.
        at: Millis,
    },
    /// Stock changed by hand, or came back with a credit, which has no lines.
    Stock {
        /// `count`, `adjust` or `return`.
        kind: &'static str,
        /// The tester's name, or one that was made up.
        reference: String,
        /// Id of the item, since a stock edit has none; of the credit, when there is one.
        document: String,
        /// Index of the item.
        item: usize,
        /// Signed.
        quantity: Quantity,
        /// When.
        at: Millis,
    },
}

impl Clover {
    /// Every item that is sold, every one whose stock is managed, and every line of every document.
    pub(super) fn read_books(&self) -> Books {
        let mut books = Books::default();
        let location = self.merchant.name.clone().unwrap_or_default();
        for item in self.catalog.items().iter().filter(|item| item.deleted.is_none()) {
            books.listings.push(BookListing {
                sku: item.sku.clone(),
                title: item.name.to_string(),
                price_minor: item.price,
                barcode: item.code.clone(),
            });
            if item.auto_manage {
                let quantity = item.quantity.to_string();
                books.levels.push(BookLevel { sku: item.sku.clone(), location: location.clone(), quantity });
            }
        }
        for entry in &self.log {
            self.read_entry(entry, &location, &mut books.lines);
        }
        books.documents = self.read_documents(&location);
        books
    }

    /// Orders and customers that are not deleted, whoever made them, each kind oldest first.
    fn read_documents(&self, location: &str) -> Vec<BookDocument> {
        let orders = self.orders.all().filter(|order| order.deleted.is_none()).map(|order| BookDocument {
            kind: "order".into(),
            document: order.id.to_string(),
            reference: order.note.clone(),
            state: order.state.clone().unwrap_or_default(),
            location: location.to_owned(),
            lines: self.goods(order),
            amount_minor: order.total,
            ..BookDocument::default()
        });
        orders.chain(self.customer_documents()).collect()
    }

    /// Every SKU of an order once, in the order in which it was rung up.
    fn goods(&self, order: &Order) -> Vec<(String, String)> {
        let mut goods: Vec<(usize, Quantity)> = Vec::new();
        for line in &order.lines {
            let Some(item) = line.item else { continue };
            match goods.iter_mut().find(|(known, _)| *known == item) {
                Some((_, quantity)) => *quantity += line.quantity(),
                None => goods.push((item, line.quantity())),
            }
        }
        goods.into_iter().map(|(item, much)| (self.catalog.item(item).sku.clone(), much.to_string())).collect()
    }

    fn read_entry(&self, entry: &Entry, location: &str, lines: &mut Vec<BookLine>) {
        match entry {
            Entry::Sale { order, reference } => {
                let order = self.orders.get(*order);
                let stands = order.deleted.is_none() && !order.voided;
                let shown = order.lines.iter().map(|line| {
                    let quantity = if stands { line.quantity() } else { Quantity::ZERO };
                    self.book_line("sale", reference, (order.id, line), (location, quantity), order.client_created)
                });
                lines.extend(shown);
            }
            Entry::Return { refund, reference } => {
                let refund = self.payments.refund(*refund);
                let order = self.orders.get(refund.order);
                let shown = order.lines.iter().filter(|line| refund.lines.contains(&line.id)).map(|line| {
                    let place = (location, line.quantity());
                    self.book_line("return", reference, (refund.id, line), place, refund.created)
                });
                lines.extend(shown);
            }
            Entry::Cancel { order, reference, at } => {
                let order = self.orders.get(*order);
                let shown = order.lines.iter().map(|line| {
                    self.book_line("cancel", reference, (order.id, line), (location, line.quantity()), *at)
                });
                lines.extend(shown);
            }
            Entry::Stock { kind, reference, document, item, quantity, at } => lines.push(BookLine {
                kind: (*kind).to_owned(),
                reference: reference.clone(),
                document: document.clone(),
                line: String::new(),
                sku: self.catalog.item(*item).sku.clone(),
                location: location.to_owned(),
                quantity: quantity.to_string(),
                at: *at,
            }),
        }
    }

    fn book_line(
        &self,
        kind: &str,
        reference: &str,
        (document, line): (super::id::Id, &Line),
        (location, quantity): (&str, Quantity),
        at: Millis,
    ) -> BookLine {
        BookLine {
            kind: kind.to_owned(),
            reference: reference.to_owned(),
            document: document.to_string(),
            line: line.id.to_string(),
            sku: line.item.map_or_else(String::new, |item| self.catalog.item(item).sku.clone()),
            location: location.to_owned(),
            quantity: quantity.to_string(),
            at,
        }
    }
}
