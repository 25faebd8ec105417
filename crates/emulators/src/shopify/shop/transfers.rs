//! Transfers that programs make. Only drafts are served: nothing is shipped, so that no stock moves.

use super::Shop;
use crate::machine::Millis;
use crate::shopify::ids::Kind;
use crate::shopify::records::Transfer;

/// What is to go from where to where; everything was looked up already.
#[derive(Clone, Debug)]
pub(in crate::shopify) struct TransferForm {
    /// Location index.
    pub(in crate::shopify) from: Option<usize>,
    /// Location index.
    pub(in crate::shopify) to: Option<usize>,
    /// Article index, units.
    pub(in crate::shopify) lines: Vec<(usize, i64)>,
    pub(in crate::shopify) reference: String,
    pub(in crate::shopify) note: String,
}

impl Shop {
    /// Writes a draft down.
    pub(in crate::shopify) fn draft_transfer(&mut self, form: TransferForm, now: Millis) -> usize {
        let index = self.transfers.len();
        let id = self.give(Kind::InventoryTransfer, [index, 0, 0]);
        let TransferForm { from, to, lines, reference, note } = form;
        self.transfers.push(Transfer { id, from, to, lines, reference, note, created: now });
        index
    }
}
