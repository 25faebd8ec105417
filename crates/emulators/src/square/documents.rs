//! The documents of the books that programs can make too: orders, refunds, customers, transfer orders.
//!
//! Read when the books are; nothing is kept here.

use super::Square;
use super::orders::Order;
use super::payments::refunds::Refund;
use super::transfers::Transfer;
use crate::machine::BookDocument;

impl Square {
    /// All of them, whoever made them, kind by kind and each kind oldest first.
    pub(super) fn read_documents(&self) -> Vec<BookDocument> {
        let orders = self.orders.all().iter().map(|order| self.read_order_document(order));
        let refunds = self.payments.refunds().iter().map(|refund| self.read_refund(refund));
        let transfers = self.transfers.all().iter().map(|transfer| self.read_transfer(transfer));
        orders.chain(refunds).chain(self.customer_documents()).chain(transfers).collect()
    }

    fn read_order_document(&self, order: &Order) -> BookDocument {
        let lines = order.lines.iter().filter_map(|line| Some((self.sku(line.variation?), line.quantity.to_string())));
        BookDocument {
            kind: "order".into(),
            document: order.id.clone(),
            reference: order.reference.clone(),
            state: order.state.word().into(),
            location: self.locations.get(order.location).name.clone(),
            lines: lines.collect(),
            amount_minor: order.total(),
            ..BookDocument::default()
        }
    }

    /// Money only: its goods are counted by themselves.
    fn read_refund(&self, refund: &Refund) -> BookDocument {
        BookDocument {
            kind: "refund".into(),
            document: refund.id.clone(),
            reference: refund.reason.clone(),
            state: if refund.completed { "COMPLETED" } else { "PENDING" }.into(),
            amount_minor: refund.amount,
            ..BookDocument::default()
        }
    }

    fn read_transfer(&self, transfer: &Transfer) -> BookDocument {
        let lines = transfer.lines.iter().map(|line| (self.sku(line.variation), line.quantity.to_string()));
        BookDocument {
            kind: "transfer".into(),
            document: transfer.id.clone(),
            reference: transfer.notes.clone(),
            state: "DRAFT".into(),
            location: self.locations.get(transfer.to).name.clone(),
            lines: lines.collect(),
            ..BookDocument::default()
        }
    }

    fn sku(&self, variation: usize) -> String {
        self.catalog.variation(variation).sku.clone()
    }
}
