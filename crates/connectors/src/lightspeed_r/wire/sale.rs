//! Sales: <https://developers.lightspeedhq.com/retail/endpoints/Sale/> and `/SaleLine/`, read 2026-11-24.

use serde::Deserialize;

use super::{Maybe, Several, Text};

/// A sale, refund or open basket.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct Sale {
    /// Its id.
    #[serde(rename = "saleID")]
    pub(crate) id: Text,
    /// Last change, or completion.
    #[serde(rename = "timeStamp")]
    pub(crate) time_stamp: Text,
    /// Last change, as the reference spells it.
    #[serde(rename = "updatetime")]
    pub(crate) updated: Text,
    /// Last change, as it is also seen.
    #[serde(rename = "updateTime")]
    pub(crate) updated_too: Text,
    /// When it was begun.
    #[serde(rename = "createTime")]
    pub(crate) created: Text,
    /// When it was completed; can be changed by people.
    #[serde(rename = "completeTime")]
    pub(crate) completed_at: Text,
    /// Whether its stock was taken and it is paid.
    pub(crate) completed: Text,
    /// Whether it is hidden.
    pub(crate) archived: Text,
    /// Whether it was called off and its stock put back.
    pub(crate) voided: Text,
    /// Whether its prices include tax.
    #[serde(rename = "isTaxInclusive")]
    pub(crate) tax_inclusive: Text,
    /// Number on the receipt.
    #[serde(rename = "ticketNumber")]
    pub(crate) ticket: Text,
    /// Number in another system.
    #[serde(rename = "referenceNumber")]
    pub(crate) reference: Text,
    /// Name of that system.
    #[serde(rename = "referenceNumberSource")]
    pub(crate) reference_source: Text,
    /// What is to be paid.
    pub(crate) total: Text,
    /// The same, as it is computed.
    #[serde(rename = "calcTotal")]
    pub(crate) calc_total: Text,
    /// `0` = none.
    #[serde(rename = "customerID")]
    pub(crate) customer: Text,
    /// Where.
    #[serde(rename = "shopID")]
    pub(crate) shop: Text,
    /// What.
    #[serde(rename = "SaleLines")]
    pub(crate) lines: Maybe<SaleLines>,
}

/// What holds the lines.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct SaleLines {
    /// The lines.
    #[serde(rename = "SaleLine")]
    pub(crate) rows: Several<SaleLine>,
}

/// A line of a sale.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct SaleLine {
    /// Its id.
    #[serde(rename = "saleLineID")]
    pub(crate) id: Text,
    /// Below zero for what comes back.
    #[serde(rename = "unitQuantity")]
    pub(crate) quantity: Text,
    /// Price of one.
    #[serde(rename = "unitPrice")]
    pub(crate) price: Text,
    /// `0` = typed by hand.
    #[serde(rename = "itemID")]
    pub(crate) item: Text,
    /// Where from.
    #[serde(rename = "shopID")]
    pub(crate) shop: Text,
    /// Put aside for the customer until it is paid.
    #[serde(rename = "isLayaway")]
    pub(crate) layaway: Text,
    /// Put aside for a repair.
    #[serde(rename = "isWorkorder")]
    pub(crate) workorder: Text,
}
