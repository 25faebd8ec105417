//! Shops, registers, employees, customers.
//!
//! Read through the registry; see there.

use super::Kind::{Flag, Id, Text, Time};
use super::{ARCHIVED, CREATED, Kind, Resource, STAMP, Verb, fixed, many, one, open};

const ANYBODY: [&str; 8] = [
    "employee:admin",
    "employee:cfd",
    "employee:customers",
    "employee:inventory_base",
    "employee:register",
    "employee:register_read",
    "employee:reports",
    "employee:workbench",
];

/// A shop: a location.
pub const SHOP: Resource = Resource {
    sortable: &["shopID"],
    relations: &[
        one("Contact"),
        one("ReceiptSetup"),
        one("TaxCategory"),
        many("ShelfLocations"),
        many("Registers"),
        one("CCGateway"),
        one("PriceLevel"),
    ],
    write_scopes: &["employee:admin_shops"],
    required: &["name"],
    verbs: &[Verb::Create, Verb::Update],
    ..Resource::plain(
        "Shop",
        "shopID",
        &[
            open("name", Text),
            open("serviceRate", Kind::Decimal),
            open("timeZone", Text),
            open("taxLabor", Flag),
            open("labelTitle", Text),
            open("labelMsrp", Flag),
            ARCHIVED,
            STAMP,
            open("companyRegistrationNumber", Text),
            open("vatNumber", Text),
            fixed("contactID", Id),
            open("taxCategoryID", Id),
            fixed("receiptSetupID", Id),
            fixed("ccGatewayID", Id),
            fixed("priceLevelID", Id),
        ],
    )
};

/// A register of a shop.
pub const REGISTER: Resource = Resource {
    sortable: &["registerID"],
    read_scopes: &ANYBODY,
    ..Resource::plain(
        "Register",
        "registerID",
        &[
            open("name", Text),
            fixed("open", Flag),
            fixed("openTime", Time),
            fixed("tipEnabled", Flag),
            ARCHIVED,
            fixed("openEmployeeID", Id),
            fixed("shopID", Id),
        ],
    )
};

/// Somebody who works there.
pub const EMPLOYEE: Resource = Resource {
    sortable: &["employeeID", "timeStamp"],
    relations: &[one("Contact"), one("EmployeeRole"), many("EmployeeRole.EmployeeRights"), many("EmployeeRights")],
    write_scopes: &["employee:admin_employees"],
    required: &["firstName"],
    verbs: &[Verb::Create, Verb::Update, Verb::Archive],
    ..Resource::plain(
        "Employee",
        "employeeID",
        &[
            open("firstName", Text),
            open("lastName", Text),
            open("lockOut", Flag),
            ARCHIVED,
            STAMP,
            fixed("contactID", Id),
            fixed("clockInEmployeeHoursID", Id),
            open("employeeRoleID", Id),
            open("limitToShopID", Id),
            fixed("lastShopID", Id),
            fixed("lastSaleID", Id),
            fixed("lastRegisterID", Id),
        ],
    )
};

/// A customer; `Contact` is not a scalar and is kept beside.
pub const CUSTOMER: Resource = Resource {
    sortable: &["customerID", "timeStamp", "firstName", "lastName"],
    relations: &[
        one("Contact"),
        one("CustomerType"),
        one("Discount"),
        one("Note"),
        one("TaxCategory"),
        many("Tags"),
        one("CreditAccount"),
        many("CustomFieldValues"),
        one("CustomFieldValues.value"),
    ],
    read_scopes: &[
        "employee:admin",
        "employee:cfd",
        "employee:customers",
        "employee:customers_read",
        "employee:inventory_base",
        "employee:register",
        "employee:reports",
        "employee:workbench",
    ],
    write_scopes: &["employee:customers"],
    ..Resource::plain(
        "Customer",
        "customerID",
        &[
            open("firstName", Text),
            open("lastName", Text),
            open("dob", Time),
            ARCHIVED,
            open("title", Text),
            open("company", Text),
            open("companyRegistrationNumber", Text),
            open("vatNumber", Text),
            CREATED,
            STAMP,
            fixed("creditAccountID", Id),
            open("customerTypeID", Id),
            open("discountID", Id),
            open("taxCategoryID", Id),
        ],
    )
};
