//! The retailer's own books: what was rung up inside the platform, and what is in stock.
//!
//! The acts write [`Entry`] after entry; the control API reads the whole. Writes through the API are not in here, since
//! the books are what an application is compared with.

use super::LightspeedX;
use super::consignments::{Consignment, Kind, Parcel};
use super::decimal::Decimal;
use super::sales::{Line, Sale, State};
use crate::machine::{BookDocument, BookLevel, BookLine, BookListing, Books, Millis};

/// One document of the books.
#[derive(Debug)]
pub enum Entry {
    /// A sale, web order, return or exchange: its lines are read from the sale as it is now.
    Sale {
        /// `sale` or `web_order`, for lines that leave; what comes back is a `return`.
        kind: &'static str,
        /// The tester's name.
        reference: String,
        /// Index of the sale.
        sale: usize,
    },
    /// A sale was called off or voided.
    Cancel {
        /// The tester's name of the sale.
        reference: String,
        /// Index of the sale.
        sale: usize,
        /// When.
        at: Millis,
    },
    /// A count, a change by hand, or one end of a transfer.
    Change {
        /// `count` or `adjust`.
        kind: &'static str,
        /// The tester's name, or the id when none was given.
        reference: String,
        /// The vendor's id: of the adjustment, of the stock record that was counted, or of the consignment.
        document: String,
        /// Of a consignment, the product's id; of a count, the version that its record got; otherwise empty.
        line: String,
        /// Index of the product.
        product: usize,
        /// Index of the outlet.
        outlet: usize,
        /// Signed.
        quantity: Decimal,
        /// When.
        at: Millis,
    },
}

impl LightspeedX {
    /// Every product, every tracked product at every outlet, and every line of every document in the order of the acts.
    pub(crate) fn read_books(&self) -> Books {
        let mut books = Books::default();
        for index in 0..self.goods.count() {
            let product = self.goods.get(index);
            if product.deleted_at.is_some() {
                continue;
            }
            books.listings.push(BookListing {
                sku: product.sku.clone(),
                title: product.full_name(),
                price_minor: self.money.to_minor(product.price),
                barcode: product.codes.first().map(|(_, code)| code.clone()).unwrap_or_default(),
            });
            for record in self.records_of(index) {
                books.levels.push(BookLevel {
                    sku: product.sku.clone(),
                    location: self.account.outlet(record.outlet as usize).name.clone(),
                    quantity: record.level.to_string(),
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
        let sales = self.sales.each().iter().filter_map(|sale| self.sale_document(sale));
        let people = self.people.each().iter().filter(|one| one.deleted_at.is_none()).map(|one| {
            let [first, last, email, mobile] =
                ["first_name", "last_name", "email", "mobile"].map(|name| one.text(name));
            BookDocument {
                kind: "customer".to_owned(),
                document: one.id.to_string(),
                reference: one.text("customer_code").to_owned(),
                person: format!("{first} {last} {email} {mobile}"),
                ..BookDocument::default()
            }
        });
        let consignments = self.consignments.living().filter_map(|one| self.consignment_document(one));
        sales.chain(people).chain(consignments).collect()
    }

    /// A sale, or a return that was closed. One that was only begun gives nothing back.
    fn sale_document(&self, sale: &Sale) -> Option<BookDocument> {
        let kind = match (sale.return_for, sale.state) {
            (Some(_), State::Closed) => "refund",
            (Some(_), _) => return None,
            (None, _) => "order",
        };
        let size = |quantity: Decimal| if quantity.is_negative() { -quantity } else { quantity };
        let line = |line: &Line| (self.goods.get(line.product as usize).sku.clone(), size(line.quantity).to_string());
        let paid: Decimal = sale.payments.iter().map(|payment| payment.amount).sum();
        Some(BookDocument {
            kind: kind.to_owned(),
            document: sale.id.to_string(),
            reference: sale.source_id.clone(),
            state: sale.state.name().to_owned(),
            location: self.account.outlet(sale.outlet).name.clone(),
            lines: sale.lines.iter().map(line).collect(),
            amount_minor: self.money.to_minor(size(paid)),
            ..BookDocument::default()
        })
    }

    fn consignment_document(&self, one: &Consignment) -> Option<BookDocument> {
        let kind = match one.kind {
            Kind::Outlet => "transfer",
            Kind::Supplier => "purchase",
            Kind::Stocktake | Kind::Return => return None,
        };
        let line = |parcel: &Parcel| (self.goods.get(parcel.product).sku.clone(), parcel.count.to_string());
        Some(BookDocument {
            kind: kind.to_owned(),
            document: one.id.to_string(),
            reference: one.reference.clone().unwrap_or_default(),
            state: one.status.name().to_owned(),
            location: self.account.outlet(one.outlet).name.clone(),
            lines: one.goods.iter().map(line).collect(),
            ..BookDocument::default()
        })
    }

    fn read_entry(&self, entry: &Entry, lines: &mut Vec<BookLine>) {
        match entry {
            Entry::Sale { kind, reference, sale } => {
                let sale = self.sales.get(*sale);
                // What was called off stands for nothing; calling it off has lines of its own.
                let gone = sale.state == State::Voided;
                for line in &sale.lines {
                    let comes_back = line.quantity.is_negative();
                    let kind = if comes_back { "return" } else { *kind };
                    let stands = if comes_back { -line.quantity } else { line.quantity };
                    let stands = if gone { Decimal::ZERO } else { stands };
                    lines.push(self.book_line(kind, reference, sale, line, stands, sale.date));
                }
            }
            Entry::Cancel { reference, sale, at } => {
                let sale = self.sales.get(*sale);
                for line in &sale.lines {
                    lines.push(self.book_line("cancel", reference, sale, line, line.quantity, *at));
                }
            }
            Entry::Change { kind, reference, document, line, product, outlet, quantity, at } => lines.push(BookLine {
                kind: (*kind).to_owned(),
                reference: reference.clone(),
                document: document.clone(),
                line: line.clone(),
                sku: self.goods.get(*product).sku.clone(),
                location: self.account.outlet(*outlet).name.clone(),
                quantity: quantity.to_string(),
                at: *at,
            }),
        }
    }

    fn book_line(
        &self,
        kind: &str,
        reference: &str,
        sale: &Sale,
        line: &Line,
        quantity: Decimal,
        at: Millis,
    ) -> BookLine {
        BookLine {
            kind: kind.to_owned(),
            reference: reference.to_owned(),
            document: sale.id.to_string(),
            line: line.id.to_string(),
            sku: self.goods.get(line.product as usize).sku.clone(),
            location: self.account.outlet(sale.outlet).name.clone(),
            quantity: quantity.to_string(),
            at,
        }
    }
}
