//! The documents of the books that programs can make too: sales, refunds, customers, transfers, purchase orders.
//!
//! Read when the books are; nothing is kept here.

use super::LightspeedR;
use super::resources::{ORDER, ORDER_LINE, Resource, SHOP, TRANSFER, TRANSFER_ITEM};
use super::sales::Sale;
use super::table::{Id, Row};
use crate::machine::BookDocument;

impl LightspeedR {
    /// All of them that are not archived, whoever made them, kind by kind and each kind oldest first.
    pub(super) fn read_documents(&self) -> Vec<BookDocument> {
        let sales = self.sales.sales.all().filter(|(_, sale)| !sale.archived);
        let sales = sales.map(|(id, sale)| self.read_sale_document(id, sale));
        let transfers = self.records.table(&TRANSFER).all();
        let transfers = transfers.map(|(id, record)| BookDocument {
            kind: "transfer".into(),
            document: id.to_string(),
            reference: record.get("note").to_owned(),
            state: record.get("status").to_owned(),
            location: self.place(record.id("receivingShopID")),
            lines: self.goods_of(&TRANSFER_ITEM, ("transferID", id), "toSend"),
            ..BookDocument::default()
        });
        let orders = self.records.table(&ORDER).all().filter(|(_, record)| !record.archived());
        let orders = orders.map(|(id, record)| BookDocument {
            kind: "purchase".into(),
            document: id.to_string(),
            reference: record.get("refNum").to_owned(),
            state: if record.flag("complete") { "complete" } else { "open" }.into(),
            location: self.place(record.id("shopID")),
            lines: self.goods_of(&ORDER_LINE, ("orderID", id), "quantity"),
            ..BookDocument::default()
        });
        sales.chain(self.customers.documents()).chain(transfers).chain(orders).collect()
    }

    /// A sale with a line that comes back is a refund; its money and its units are what goes back.
    fn read_sale_document(&self, id: Id, sale: &Sale) -> BookDocument {
        let back = self.sales.lines_of(sale).any(|(_, line)| line.quantity < 0);
        let total = self.sales.total(sale, self.taxing(), &self.settings.currency).to_minor(&self.settings.currency);
        let lines = self.sales.lines_of(sale).map(|(_, line)| (self.sku(line.item), line.quantity.abs().to_string()));
        BookDocument {
            kind: if back { "refund" } else { "order" }.into(),
            document: id.to_string(),
            reference: sale.reference.clone(),
            state: if sale.completed { "completed" } else { "open" }.into(),
            location: self.place(sale.shop),
            lines: lines.collect(),
            amount_minor: if back { -total } else { total },
            ..BookDocument::default()
        }
    }

    fn goods_of(&self, lines: &'static Resource, owner: (&str, Id), units: &str) -> Vec<(String, String)> {
        let ids = self.records.of(lines, owner.0, owner.1);
        let known = ids.into_iter().filter_map(|id| self.records.get(lines, id));
        known.map(|line| (self.sku(line.id("itemID")), line.get(units).to_owned())).collect()
    }

    fn place(&self, shop: Id) -> String {
        self.records.get(&SHOP, shop).map_or_else(String::new, |shop| shop.get("name").to_owned())
    }
}
