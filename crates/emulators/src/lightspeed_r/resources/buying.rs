//! Vendors, purchase orders, transfers between shops.
//!
//! Read through the registry; see there.

use super::Kind::{Decimal, Flag, Id, Text, Time, Whole};
use super::{ARCHIVED, CREATED, Resource, STAMP, Verb, fixed, many, one, open};

/// Somebody who sells to the shop.
pub const VENDOR: Resource = Resource {
    sortable: &["vendorID", "timeStamp", "name"],
    relations: &[one("Contact")],
    write_scopes: &["employee:vendors", "employee:admin_inventory"],
    required: &["name"],
    verbs: &[Verb::Create, Verb::Update, Verb::Archive],
    ..Resource::plain(
        "Vendor",
        "vendorID",
        &[
            open("name", Text),
            ARCHIVED,
            open("accountNumber", Text),
            open("priceLevel", Text),
            open("updatePrice", Flag),
            open("updateCost", Flag),
            open("updateDescription", Flag),
            open("shareSellThrough", Flag),
            STAMP,
            open("b2bSellerUID", Text),
        ],
    )
};

/// A purchase order; it is received in the user interface only.
pub const ORDER: Resource = Resource {
    sortable: &["orderID", "timeStamp"],
    relations: &[
        many("OrderLines"),
        one("Note"),
        one("Vendor"),
        one("Shop"),
        many("CustomFieldValues"),
        one("CustomFieldValues.value"),
    ],
    read_scopes: &["employee:purchase_orders"],
    write_scopes: &["employee:purchase_orders"],
    required: &["shopID"],
    verbs: &[Verb::Create, Verb::Update, Verb::Archive],
    ..Resource::plain(
        "Order",
        "orderID",
        &[
            open("orderedDate", Time),
            fixed("receivedDate", Time),
            open("arrivalDate", Time),
            open("refNum", Text),
            open("shipInstructions", Text),
            open("stockInstructions", Text),
            open("shipCost", Decimal),
            open("otherCost", Decimal),
            fixed("complete", Flag),
            ARCHIVED,
            open("discount", Decimal),
            fixed("totalDiscount", Decimal),
            fixed("totalQuantity", Whole),
            CREATED,
            STAMP,
            open("vendorID", Id),
            fixed("noteID", Id),
            open("shopID", Id),
            fixed("createdByEmployeeID", Id),
            fixed("hasShipments", Flag),
            open("shipVendorCost", Decimal),
            open("otherVendorCost", Decimal),
            fixed("vendorCurrencyCode", Text),
            fixed("vendorCurrencyRate", Decimal),
            open("shippingCostMethod", Text),
            open("discountMethod", Text),
            open("discountMoneyValue", Decimal),
            open("discountMoneyVendorValue", Decimal),
            open("discountIsPercent", Flag),
            open("discountPercentValue", Decimal),
            fixed("costsModifiedAfterShipment", Flag),
            fixed("b2bOrderUID", Text),
            fixed("b2bOrderNumber", Text),
        ],
    )
};

/// One line of a purchase order.
pub const ORDER_LINE: Resource = Resource {
    sortable: &["orderLineID", "timeStamp", "orderID"],
    read_scopes: &["employee:purchase_orders"],
    write_scopes: &["employee:purchase_orders"],
    required: &["orderID", "itemID", "quantity"],
    verbs: &[Verb::Create, Verb::Update, Verb::Delete],
    ..Resource::plain(
        "OrderLine",
        "orderLineID",
        &[
            open("quantity", Whole),
            open("price", Decimal),
            open("originalPrice", Decimal),
            open("vendorCost", Decimal),
            fixed("checkedIn", Whole),
            fixed("numReceived", Whole),
            CREATED,
            STAMP,
            fixed("total", Decimal),
            fixed("shippingCost", Decimal),
            fixed("shippingVendorCost", Decimal),
            open("discountMoneyValue", Decimal),
            open("discountMoneyVendorValue", Decimal),
            open("discountPercentValue", Decimal),
            open("orderID", Id),
            open("itemID", Id),
        ],
    )
};

/// What has arrived of an order; read only.
pub const ORDER_SHIPMENT: Resource = Resource {
    sortable: &["orderShipmentID", "paymentDueDate", "sequenceNumber"],
    relations: &[one("Employee"), one("Order"), many("OrderShipmentItems")],
    read_scopes: &["employee:purchase_orders"],
    write_scopes: &["employee:purchase_orders"],
    ..Resource::plain(
        "OrderShipment",
        "orderShipmentID",
        &[
            fixed("orderID", Id),
            fixed("sequenceNumber", Whole),
            fixed("totalQtyReceived", Whole),
            fixed("totalVendorCost", Decimal),
            fixed("totalCost", Decimal),
            fixed("currencyCode", Text),
            fixed("vendorCurrencyCode", Text),
            fixed("vendorCurrencyRate", Decimal),
            CREATED,
            fixed("paymentDueDate", Time),
            fixed("shipmentPackingRefNum", Text),
            STAMP,
            fixed("employeeID", Id),
            fixed("receptionDate", Time),
            fixed("shippingCostMethod", Text),
            fixed("shippingVendorCost", Decimal),
            fixed("shippingCost", Decimal),
            fixed("shippingCostOrderFullValue", Decimal),
            fixed("shippingCostOrderFullVendorValue", Decimal),
            fixed("discountMethod", Text),
            fixed("discountMoneyVendorValue", Decimal),
            fixed("discountMoneyValue", Decimal),
            fixed("discountPercentValue", Decimal),
            fixed("discountOrderFullMoneyValue", Decimal),
            fixed("discountOrderFullMoneyVendorValue", Decimal),
            fixed("cost", Decimal),
            fixed("vendorCost", Decimal),
            fixed("status", Text),
        ],
    )
};

/// Goods on their way from shop to shop.
pub const TRANSFER: Resource = Resource {
    sortable: &["transferID", "timeStamp"],
    relations: &[
        one("SendingShop"),
        one("SendingShop.Contact"),
        one("CreatedByEmployee"),
        one("CreatedByEmployee.Contact"),
        one("SentByEmployee"),
        one("SentByEmployee.Contact"),
        one("ReceivingShop"),
        one("ReceivingShop.Contact"),
        many("TransferItems"),
        one("TransferItems.Item"),
    ],
    read_scopes: &["employee:transfers"],
    write_scopes: &["employee:transfers"],
    required: &["sendingShopID", "receivingShopID"],
    ..Resource::plain(
        "Transfer",
        "transferID",
        &[
            open("note", Text),
            ARCHIVED,
            STAMP,
            CREATED,
            fixed("status", Text),
            fixed("sentOn", Time),
            open("needBy", Time),
            open("sendingShopID", Id),
            fixed("sentByEmployeeID", Id),
            open("receivingShopID", Id),
            fixed("createdByEmployeeID", Id),
        ],
    )
};

/// One item of a transfer.
pub const TRANSFER_ITEM: Resource = Resource {
    sortable: &["transferItemID", "timeStamp", "transferID"],
    read_scopes: &["employee:transfers"],
    write_scopes: &["employee:transfers"],
    required: &["itemID", "toSend"],
    ..Resource::plain(
        "TransferItem",
        "transferItemID",
        &[
            open("toSend", Whole),
            fixed("toReceive", Whole),
            fixed("sent", Whole),
            fixed("received", Whole),
            fixed("sentValue", Decimal),
            fixed("receivedValue", Decimal),
            open("comment", Text),
            STAMP,
            fixed("transferID", Id),
            open("itemID", Id),
        ],
    )
};
