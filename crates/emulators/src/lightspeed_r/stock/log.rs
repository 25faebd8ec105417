//! The inventory log: one row for each change of stock, with its cause.
//!
//! Written by the stock alone, read by the calls and the books. Rows are never changed.

use super::super::clock;
use super::super::table::{Id, Row};
use super::super::wire::Fields;
use crate::machine::Millis;

/// The vendor's words for why stock moved.
pub mod reason {
    /// A sale took it.
    pub const SOLD: &str = "RemoveForTransaction";
    /// A refund brought it back.
    pub const REFUNDED: &str = "RefundAddInventory";
    /// A sale was voided.
    pub const PUT_BACK: &str = "PutBackForTransaction";
    /// A refund was voided.
    pub const REFUND_VOIDED: &str = "VoidRefund";
    /// Somebody typed another number.
    pub const BY_HAND: &str = "ManualQuantityAdjustment";
    /// A count found more.
    pub const COUNTED_MORE: &str = "AddInventoryForCount";
    /// A count found less.
    pub const COUNTED_LESS: &str = "RemoveForInventoryCount";
    /// Sent to another shop.
    pub const SENT: &str = "RemoveForTransfer";
    /// Received from another shop.
    pub const RECEIVED: &str = "AddForTransfer";
    /// The item was archived.
    pub const ARCHIVED: &str = "RemoveForArchiveItem";
    /// The item was made with stock.
    pub const CREATED: &str = "ItemCreated";
}

/// Why stock moved.
#[derive(Clone, Debug, Default)]
pub struct Cause {
    /// One of [`reason`].
    pub reason: &'static str,
    /// Whether a document moved it rather than a person's number.
    pub automated: bool,
    /// The sale, or 0.
    pub sale: Id,
    /// The transfer, or 0.
    pub transfer: Id,
    /// The count, or 0.
    pub count: Id,
    /// The customer of the sale, or 0.
    pub customer: Id,
}

impl Cause {
    /// Somebody typed a number.
    pub fn by_hand() -> Self {
        Self { reason: reason::BY_HAND, ..Self::default() }
    }
}

/// One row of the log.
#[derive(Clone, Debug)]
pub struct Logged {
    /// Item.
    pub item: Id,
    /// Shop, never 0.
    pub shop: Id,
    /// Units, signed.
    pub delta: i64,
    /// Whether the level went below zero by it.
    pub caused_negative: bool,
    /// Who did it.
    pub employee: Id,
    /// Why.
    pub cause: Cause,
    /// When.
    pub at: Millis,
}

impl Row for Logged {
    fn stamp(&self) -> Millis {
        self.at
    }

    fn archived(&self) -> bool {
        false
    }

    fn fill(&self, id: Id, fields: &mut Fields) {
        let ids = [
            ("inventoryLogID", id),
            ("employeeID", self.employee),
            ("itemID", self.item),
            ("shopID", self.shop),
            ("orderID", 0),
            ("transferID", self.cause.transfer),
            ("saleID", self.cause.sale),
            ("inventoryCountID", self.cause.count),
            ("customerID", self.cause.customer),
            ("vendorReturnID", 0),
            ("itemImportID", 0),
        ];
        for (name, id) in ids {
            fields.insert(name.into(), id.to_string().into());
        }
        let texts = [
            ("qohChange", self.delta.to_string()),
            ("costChange", "0".to_owned()),
            ("createTime", clock::iso(self.at)),
            ("automated", self.cause.automated.to_string()),
            ("reason", self.cause.reason.to_owned()),
            ("causedNegative", self.caused_negative.to_string()),
        ];
        for (name, text) in texts {
            fields.insert(name.into(), text.into());
        }
    }
}
