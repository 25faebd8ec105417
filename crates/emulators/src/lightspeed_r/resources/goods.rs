//! Items, their stock, and how it is counted.
//!
//! Read through the registry; see there.

use super::Kind::{Decimal, Flag, Id, Text, Whole};
use super::{ARCHIVED, CREATED, Resource, STAMP, Verb, fixed, many, one, open};

const READ_ITEMS: [&str; 9] = [
    "employee:admin",
    "employee:cfd",
    "employee:customers",
    "employee:inventory_read",
    "employee:product_cost",
    "employee:register",
    "employee:register_read",
    "employee:reports",
    "employee:workbench",
];

/// Something that is sold.
pub const ITEM: Resource = Resource {
    sortable: &["itemID", "timeStamp", "description"],
    relations: &[
        one("Category"),
        one("TaxClass"),
        one("ItemAttributes"),
        one("Manufacturer"),
        one("Note"),
        many("Images"),
        many("ItemShops"),
        many("ItemVendorNums"),
        many("ItemComponents"),
        one("ItemECommerce"),
        many("TagRelations"),
        many("ItemPrices"),
        one("ItemAttributes.ItemAttributeSet"),
        one("TagRelations.Tag"),
        many("CustomFieldValues"),
        one("CustomFieldValues.value"),
    ],
    read_scopes: &READ_ITEMS,
    write_scopes: &["employee:inventory", "employee:product_edit"],
    ..Resource::plain(
        "Item",
        "itemID",
        &[
            fixed("systemSku", Text),
            open("defaultCost", Decimal),
            fixed("avgCost", Decimal),
            open("discountable", Flag),
            open("tax", Flag),
            ARCHIVED,
            open("itemType", Text),
            open("serialized", Flag),
            open("description", Text),
            open("modelYear", Whole),
            open("upc", Text),
            open("ean", Text),
            open("customSku", Text),
            open("manufacturerSku", Text),
            CREATED,
            STAMP,
            open("publishToEcom", Flag),
            open("categoryID", Id),
            open("taxClassID", Id),
            open("departmentID", Id),
            open("itemMatrixID", Id),
            open("manufacturerID", Id),
            open("seasonID", Id),
            open("defaultVendorID", Id),
        ],
    )
};

/// Stock of an item in a shop; shop 0 is all shops together.
pub const ITEM_SHOP: Resource = Resource {
    sortable: &["itemShopID", "timeStamp"],
    read_scopes: &["employee:inventory_read", "employee:product_cost"],
    write_scopes: &["employee:inventory"],
    ..Resource::plain(
        "ItemShop",
        "itemShopID",
        &[
            open("qoh", Whole),
            fixed("sellable", Whole),
            fixed("backorder", Whole),
            fixed("componentQoh", Whole),
            fixed("componentBackorder", Whole),
            fixed("onLayaway", Whole),
            fixed("onSpecialOrder", Whole),
            fixed("onWorkorder", Whole),
            // As the member list spells it; answers spell it as above.
            fixed("onWorkOrder", Whole),
            fixed("onTransferOut", Whole),
            fixed("onTransferIn", Whole),
            fixed("averageCost", Decimal),
            fixed("nextFifoLotID", Id),
            fixed("nextFifoLotCost", Decimal),
            fixed("lastReceivedLotID", Id),
            fixed("lastReceivedCost", Decimal),
            fixed("totalValueFifo", Decimal),
            fixed("totalValueAvgCost", Decimal),
            fixed("totalValueNegativeInventory", Decimal),
            open("reorderPoint", Whole),
            open("reorderLevel", Whole),
            STAMP,
            fixed("itemID", Id),
            fixed("shopID", Id),
        ],
    )
};

/// What variants have in common.
pub const ITEM_MATRIX: Resource = Resource {
    sortable: &["itemMatrixID", "timeStamp", "description"],
    relations: &[
        one("Category"),
        one("TaxClass"),
        one("Manufacturer"),
        many("Items"),
        one("Department"),
        one("ItemAttributeSet"),
        one("Season"),
        many("Images"),
        one("ItemECommerce"),
        many("TagRelations"),
        one("TagRelations.Tag"),
    ],
    read_scopes: &READ_ITEMS,
    write_scopes: &["employee:inventory", "employee:product_edit"],
    required: &["description"],
    verbs: &[Verb::Create, Verb::Update, Verb::Archive],
    ..Resource::plain(
        "ItemMatrix",
        "itemMatrixID",
        &[
            open("defaultCost", Decimal),
            open("tax", Flag),
            ARCHIVED,
            open("itemType", Text),
            open("serialized", Flag),
            open("description", Text),
            open("modelYear", Whole),
            STAMP,
            open("categoryID", Id),
            open("taxClassID", Id),
            open("departmentID", Id),
            open("manufacturerID", Id),
            open("seasonID", Id),
            open("defaultVendorID", Id),
            open("itemAttributeSetID", Id),
        ],
    )
};

/// A category of items.
pub const CATEGORY: Resource = Resource {
    sortable: &["categoryID", "timeStamp", "leftNode", "rightNode"],
    relations: &[one("Parent")],
    write_scopes: &["employee:categories"],
    write_drips: 10,
    required: &["name"],
    verbs: &[Verb::Create, Verb::Update, Verb::Delete],
    ..Resource::plain(
        "Category",
        "categoryID",
        &[
            open("name", Text),
            fixed("nodeDepth", Whole),
            fixed("fullPathName", Text),
            fixed("leftNode", Whole),
            fixed("rightNode", Whole),
            CREATED,
            STAMP,
            open("parentID", Id),
        ],
    )
};

/// A maker of items.
pub const MANUFACTURER: Resource = Resource {
    sortable: &["manufacturerID", "timeStamp", "name"],
    write_scopes: &["employee:manufacturers", "employee:admin_inventory"],
    required: &["name"],
    verbs: &[Verb::Create, Verb::Update, Verb::Delete],
    ..Resource::plain("Manufacturer", "manufacturerID", &[open("name", Text), CREATED, STAMP])
};

/// One change of stock and its cause.
pub const INVENTORY_LOG: Resource = Resource {
    sortable: &["inventoryLogID", "itemID"],
    read_scopes: &["employee:all_read", "employee:inventory_log", "employee:product_cost"],
    ..Resource::plain(
        "InventoryLog",
        "inventoryLogID",
        &[
            fixed("qohChange", Whole),
            fixed("costChange", Decimal),
            CREATED,
            fixed("automated", Flag),
            fixed("reason", Text),
            fixed("causedNegative", Flag),
            fixed("employeeID", Id),
            fixed("itemID", Id),
            fixed("shopID", Id),
            fixed("orderID", Id),
            fixed("transferID", Id),
            fixed("saleID", Id),
            fixed("inventoryCountID", Id),
            fixed("customerID", Id),
            fixed("vendorReturnID", Id),
            fixed("itemImportID", Id),
        ],
    )
};

const COUNTING: [&str; 1] = ["employee:inventory_counts"];

/// A physical count of a shop.
pub const INVENTORY_COUNT: Resource = Resource {
    sortable: &["inventoryCountID"],
    read_scopes: &COUNTING,
    write_scopes: &COUNTING,
    required: &["shopID"],
    verbs: &[Verb::Create, Verb::Update, Verb::Archive],
    ..Resource::plain("InventoryCount", "inventoryCountID", &[open("name", Text), STAMP, ARCHIVED, open("shopID", Id)])
};

/// Units of an item found in a count.
pub const INVENTORY_COUNT_ITEM: Resource = Resource {
    sortable: &["inventoryCountItemID", "inventoryCountID", "itemID"],
    read_scopes: &COUNTING,
    write_scopes: &COUNTING,
    required: &["inventoryCountID", "itemID", "qty"],
    verbs: &[Verb::Create, Verb::Update, Verb::Delete],
    ..Resource::plain(
        "InventoryCountItem",
        "inventoryCountItemID",
        &[open("qty", Whole), STAMP, open("inventoryCountID", Id), open("itemID", Id), open("employeeID", Id)],
    )
};

/// What a count changed when it was reconciled.
pub const INVENTORY_COUNT_RECONCILE: Resource = Resource {
    sortable: &["inventoryCountReconcileID", "inventoryCountID", "itemID"],
    read_scopes: &COUNTING,
    write_scopes: &["employee:inventory_counts", "employee:inventory_counts_reconcile"],
    write_drips: 10,
    ..Resource::plain(
        "InventoryCountReconcile",
        "inventoryCountReconcileID",
        &[
            CREATED,
            fixed("costChange", Decimal),
            fixed("qohChange", Whole),
            open("inventoryCountID", Id),
            open("itemID", Id),
        ],
    )
};
