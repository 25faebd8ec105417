//! Sales, their lines and payments, and what they are taxed and paid by.
//!
//! Read through the registry; see there.

use super::Kind::{Decimal, Flag, Id, Text, Time, Whole};
use super::{ARCHIVED, CREATED, Kind, Resource, STAMP, Verb, fixed, many, one, open};

const READ_SALES: [&str; 2] = ["employee:cfd", "employee:register_read"];
const WRITE_SALES: [&str; 1] = ["employee:register"];

/// A sale, or a refund when its lines are negative.
pub const SALE: Resource = Resource {
    sortable: &["saleID", "timeStamp", "completeTime", "updatetime", "updateTime"],
    relations: &[
        many("SaleLines"),
        one("SaleLines.Discount"),
        one("SaleLines.TaxClass"),
        one("SaleLines.Note"),
        one("SaleLines.Item"),
        many("SaleLines.InventorySales"),
        many("SaleNotes"),
        many("SalePayments"),
        one("SalePayments.PaymentType"),
        one("SalePayments.CCCharge"),
        many("SalePayments.SaleAccounts"),
        many("SalePayments.Signatures"),
        one("ShipTo"),
        one("ShipTo.Contact"),
        one("Customer"),
        one("Customer.Contact"),
        one("Discount"),
        one("TaxCategory"),
        many("TaxCategory.TaxCategoryClasses"),
        one("Quote"),
    ],
    read_scopes: &READ_SALES,
    write_scopes: &WRITE_SALES,
    write_drips: 2,
    ..Resource::plain(
        "Sale",
        "saleID",
        &[
            STAMP,
            fixed("discountPercent", Decimal),
            open("completed", Flag),
            ARCHIVED,
            fixed("voided", Flag),
            open("enablePromotions", Flag),
            fixed("isTaxInclusive", Flag),
            CREATED,
            fixed("updateTime", Kind::Stamp),
            fixed("updatetime", Kind::Stamp),
            open("completeTime", Time),
            open("referenceNumber", Text),
            open("referenceNumberSource", Text),
            fixed("tax1Rate", Decimal),
            fixed("tax2Rate", Decimal),
            open("change", Decimal),
            fixed("tipEnabled", Flag),
            open("receiptPreference", Text),
            fixed("displayableSubtotal", Decimal),
            fixed("ticketNumber", Text),
            fixed("calcDiscount", Decimal),
            fixed("calcTotal", Decimal),
            fixed("calcSubtotal", Decimal),
            fixed("calcTaxable", Decimal),
            fixed("calcNonTaxable", Decimal),
            fixed("calcAvgCost", Decimal),
            fixed("calcFIFOCost", Decimal),
            fixed("calcTax1", Decimal),
            fixed("calcTax2", Decimal),
            fixed("calcPayments", Decimal),
            fixed("calcTips", Decimal),
            fixed("total", Decimal),
            fixed("totalDue", Decimal),
            fixed("displayableTotal", Decimal),
            fixed("balance", Decimal),
            fixed("taxTotal", Decimal),
            open("customerID", Id),
            fixed("discountID", Id),
            open("employeeID", Id),
            open("tipEmployeeID", Id),
            open("quoteID", Id),
            open("registerID", Id),
            open("shipToID", Id),
            open("shopID", Id),
            open("taxCategoryID", Id),
        ],
    )
};

/// One line of a sale.
pub const SALE_LINE: Resource = Resource {
    sortable: &["saleLineID", "timeStamp", "saleID"],
    relations: &[
        one("Discount"),
        one("TaxClass"),
        one("TaxCategory"),
        one("Note"),
        one("Item"),
        many("InventorySales"),
    ],
    read_scopes: &READ_SALES,
    write_scopes: &WRITE_SALES,
    write_drips: 2,
    ..Resource::plain(
        "SaleLine",
        "saleLineID",
        &[
            CREATED,
            STAMP,
            open("unitQuantity", Whole),
            open("unitPrice", Decimal),
            fixed("normalUnitPrice", Decimal),
            open("discountAmount", Decimal),
            open("discountPercent", Decimal),
            fixed("avgCost", Decimal),
            fixed("fifoCost", Decimal),
            open("tax", Flag),
            fixed("tax1Rate", Decimal),
            fixed("tax2Rate", Decimal),
            open("isLayaway", Flag),
            fixed("isWorkorder", Flag),
            open("isSpecialOrder", Flag),
            fixed("displayableSubtotal", Decimal),
            fixed("displayableUnitPrice", Decimal),
            fixed("calcLineDiscount", Decimal),
            fixed("calcTransactionDiscount", Decimal),
            fixed("calcTotal", Decimal),
            fixed("calcSubtotal", Decimal),
            fixed("calcTax1", Decimal),
            fixed("calcTax2", Decimal),
            open("taxClassID", Id),
            open("customerID", Id),
            fixed("discountID", Id),
            open("employeeID", Id),
            open("itemID", Id),
            fixed("noteID", Id),
            open("parentSaleLineID", Id),
            fixed("shopID", Id),
            fixed("taxCategoryID", Id),
            fixed("saleID", Id),
            fixed("itemFeeID", Id),
            // Known to the reference, not shown for lines that are no fee.
            fixed("lineType", Text),
            open("requireFullReservation", Flag),
        ],
    )
};

/// One payment of a sale.
pub const SALE_PAYMENT: Resource = Resource {
    sortable: &["salePaymentID", "timeStamp", "saleID"],
    relations: &[one("PaymentType"), one("CCCharge"), many("SaleAccounts"), many("Signatures"), many("ProcessingFees")],
    read_scopes: &READ_SALES,
    write_scopes: &WRITE_SALES,
    ..Resource::plain(
        "SalePayment",
        "salePaymentID",
        &[
            open("amount", Decimal),
            CREATED,
            ARCHIVED,
            fixed("remoteReference", Text),
            open("tipAmount", Decimal),
            fixed("paymentID", Text),
            fixed("saleID", Id),
            open("paymentTypeID", Id),
            fixed("ccChargeID", Id),
            fixed("refPaymentID", Id),
            fixed("registerID", Id),
            fixed("employeeID", Id),
            fixed("creditAccountID", Id),
        ],
    )
};

/// That a sale was voided.
pub const SALE_VOID: Resource = Resource {
    sortable: &["saleVoidID", "saleID"],
    read_scopes: &["employee:admin_void_sale"],
    ..Resource::plain(
        "SaleVoid",
        "saleVoidID",
        &[CREATED, fixed("reason", Text), fixed("saleID", Id), fixed("employeeID", Id), fixed("shopID", Id)],
    )
};

const READ_TYPES: [&str; 3] = ["employee:register", "employee:register_read", "employee:reports"];

/// How one can pay.
pub const PAYMENT_TYPE: Resource = Resource {
    sortable: &["paymentTypeID"],
    read_scopes: &READ_TYPES,
    write_scopes: &["employee:admin", "employee:admin_purchases"],
    required: &["name"],
    verbs: &[Verb::Create, Verb::Update, Verb::Archive],
    ..Resource::plain(
        "PaymentType",
        "paymentTypeID",
        &[
            open("name", Text),
            open("requireCustomer", Flag),
            ARCHIVED,
            fixed("internalReserved", Flag),
            open("type", Text),
            open("refundAsPaymentTypeID", Id),
        ],
    )
};

/// A rate of tax by the name of the place.
pub const TAX_CATEGORY: Resource = Resource {
    sortable: &["taxCategoryID", "timeStamp"],
    relations: &[many("TaxCategoryClasses"), one("TaxCategoryClasses.TaxClass")],
    write_scopes: &["employee:admin", "employee:admin_purchases"],
    ..Resource::plain(
        "TaxCategory",
        "taxCategoryID",
        &[
            open("isTaxInclusive", Flag),
            open("tax1Name", Text),
            open("tax2Name", Text),
            open("tax1Rate", Decimal),
            open("tax2Rate", Decimal),
            STAMP,
        ],
    )
};

/// A class of goods in the eyes of the tax.
pub const TAX_CLASS: Resource = Resource {
    sortable: &["taxClassID", "timeStamp"],
    write_scopes: &["employee:admin", "employee:admin_purchases"],
    required: &["name"],
    verbs: &[Verb::Create, Verb::Update, Verb::Delete],
    ..Resource::plain("TaxClass", "taxClassID", &[open("name", Text), STAMP])
};
