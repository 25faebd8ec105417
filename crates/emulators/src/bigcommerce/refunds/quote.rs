//! What a refund comes to, and whether it may be.
//!
//! Called before a refund is quoted or made, by the endpoints and by the acts.

use super::super::Store;
use super::super::amount::Amount;
use super::super::orders::{Order, Status};
use super::super::wire::Refused;
use serde_json::Value;

/// What kind of thing is refunded.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Units of an order product.
    Product,
    /// An amount for something else, under the vendor's own word.
    Amount(&'static str),
}

impl Kind {
    /// The vendor's word.
    pub fn word(self) -> &'static str {
        match self {
            Self::Product => "PRODUCT",
            Self::Amount(word) => word,
        }
    }

    fn read(word: &str) -> Option<Self> {
        match word {
            "PRODUCT" => Some(Self::Product),
            "GIFT_WRAPPING" => Some(Self::Amount("GIFT_WRAPPING")),
            "SHIPPING" => Some(Self::Amount("SHIPPING")),
            "HANDLING" => Some(Self::Amount("HANDLING")),
            "ORDER" => Some(Self::Amount("ORDER")),
            "TAX" => Some(Self::Amount("TAX")),
            "FEE" => Some(Self::Amount("FEE")),
            _ => None,
        }
    }
}

/// One thing that is refunded.
#[derive(Clone, Debug)]
pub struct Item {
    /// What kind of thing.
    pub kind: Kind,
    /// Order product, address, order or fee.
    pub id: u64,
    /// Index of the line, for a product.
    pub line: Option<usize>,
    /// Units, for a product.
    pub quantity: i64,
    /// Money with tax.
    pub amount: Amount,
    /// Tax in it.
    pub tax: Amount,
    /// A few words.
    pub reason: String,
}

/// What a refund comes to.
#[derive(Debug)]
pub struct Quote {
    /// At least one.
    pub items: Vec<Item>,
    /// Money with tax.
    pub total: Amount,
    /// Tax in it.
    pub tax: Amount,
}

impl Store {
    /// Judges the items of a refund.
    ///
    /// # Errors
    /// 422, with the vendor's title.
    pub(super) fn quote(&self, index: usize, body: &Value) -> Result<Quote, Refused> {
        let order = self.orders.get(index);
        if !order.paid || matches!(order.status, Status::Incomplete) {
            return Err(Refused::new(422, "You must receive payment of the order before you can issue a refund."));
        }
        let rows = body["items"].as_array().filter(|rows| !rows.is_empty());
        let rows = rows.ok_or_else(|| Refused::field("items", "is required"))?;
        let mut items: Vec<Item> = Vec::with_capacity(rows.len());
        for row in rows {
            let item = read_item(order, row, &items)?;
            items.push(item);
        }
        let quote = Quote {
            total: items.iter().map(|item| item.amount).sum(),
            tax: items.iter().map(|item| item.tax).sum(),
            items,
        };
        if quote.total > order.total_inc() - order.refunded {
            return Err(Refused::new(422, "The refund amount is greater than what is left of the order."));
        }
        Ok(quote)
    }
}

fn read_item(order: &Order, row: &Value, earlier: &[Item]) -> Result<Item, Refused> {
    let kind = row["item_type"].as_str().and_then(Kind::read);
    let kind = kind.ok_or_else(|| Refused::field("item_type", "is not a known item type"))?;
    let id = row["item_id"].as_u64().unwrap_or(0);
    let reason = row["reason"].as_str().unwrap_or_default().to_owned();
    match kind {
        Kind::Product => {
            let line = order.lines.iter().position(|line| line.id == id && line.quantity > 0);
            let line = line.ok_or_else(|| Refused::field("item_id", "is not a product of this order"))?;
            let quantity = row["quantity"].as_i64().filter(|quantity| *quantity > 0);
            let quantity = quantity.ok_or_else(|| Refused::field("quantity", "must be a whole number above 0"))?;
            let asked: i64 = earlier.iter().filter(|item| item.line == Some(line)).map(|item| item.quantity).sum();
            let known = &order.lines[line];
            if quantity.saturating_add(asked) > known.quantity - known.refunded {
                return Err(Refused::field("quantity", "is greater than what is left to be refunded"));
            }
            let (amount, ex) = (known.price_inc.times(quantity), known.price_ex.times(quantity));
            Ok(Item { kind, id, line: Some(line), quantity, amount, tax: amount - ex, reason })
        }
        Kind::Amount(_) => {
            let amount = Amount::read(&row["amount"]).filter(|amount| *amount > Amount::ZERO);
            let amount = amount.ok_or_else(|| Refused::field("amount", "must be a number above 0"))?;
            Ok(Item { kind, id, line: None, quantity: 0, amount, tax: Amount::ZERO, reason })
        }
    }
}
