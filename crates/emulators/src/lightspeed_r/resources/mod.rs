//! What the vendor's reference says of each resource, as data: members, sort fields, relations, scopes, costs.
//!
//! Read by the door (scopes, costs), by lists (sorting, filters) and by the generic records. It holds no rows.

mod buying;
mod goods;
mod people;
mod selling;

pub use buying::{ORDER, ORDER_LINE, ORDER_SHIPMENT, TRANSFER, TRANSFER_ITEM, VENDOR};
pub use goods::{
    CATEGORY, INVENTORY_COUNT, INVENTORY_COUNT_ITEM, INVENTORY_COUNT_RECONCILE, INVENTORY_LOG, ITEM, ITEM_MATRIX,
    ITEM_SHOP, MANUFACTURER,
};
pub use people::{CUSTOMER, EMPLOYEE, REGISTER, SHOP};
pub use selling::{PAYMENT_TYPE, SALE, SALE_LINE, SALE_PAYMENT, SALE_VOID, TAX_CATEGORY, TAX_CLASS};

/// All of them.
pub const ALL: [&Resource; 26] = [
    &SHOP,
    &REGISTER,
    &EMPLOYEE,
    &CUSTOMER,
    &ITEM,
    &ITEM_SHOP,
    &ITEM_MATRIX,
    &CATEGORY,
    &MANUFACTURER,
    &INVENTORY_LOG,
    &INVENTORY_COUNT,
    &INVENTORY_COUNT_ITEM,
    &INVENTORY_COUNT_RECONCILE,
    &SALE,
    &SALE_LINE,
    &SALE_PAYMENT,
    &SALE_VOID,
    &PAYMENT_TYPE,
    &TAX_CATEGORY,
    &TAX_CLASS,
    &VENDOR,
    &ORDER,
    &ORDER_LINE,
    &ORDER_SHIPMENT,
    &TRANSFER,
    &TRANSFER_ITEM,
];

/// The resource of this name in a path, exactly as the vendor writes it.
pub fn named(name: &str) -> Option<&'static Resource> {
    ALL.into_iter().find(|resource| resource.name == name)
}

/// One resource of the API.
#[derive(Debug)]
pub struct Resource {
    /// Its name in paths and answers.
    pub name: &'static str,
    /// The member that holds its id.
    pub key: &'static str,
    /// Its other scalar members.
    pub fields: &'static [Field],
    /// By which members its list may be sorted.
    pub sortable: &'static [&'static str],
    /// What `load_relations` may name.
    pub relations: &'static [Relation],
    /// Any one of these lets a token read it (those that let it write do, too).
    pub read_scopes: &'static [&'static str],
    /// Any one of these lets a token write it.
    pub write_scopes: &'static [&'static str],
    /// Drips of a write.
    pub write_drips: i64,
    /// Members without which a new row is refused.
    pub required: &'static [&'static str],
    /// What can be done to a row by the generic calls.
    pub verbs: &'static [Verb],
}

impl Resource {
    /// What most resources are; the rest is set where they are listed.
    pub const fn plain(name: &'static str, key: &'static str, fields: &'static [Field]) -> Self {
        Self {
            name,
            key,
            fields,
            sortable: &[],
            relations: &[],
            read_scopes: &[],
            write_scopes: &[],
            write_drips: 1,
            required: &[],
            verbs: &[],
        }
    }

    /// Whether a filter or a sort may name this member.
    pub fn knows(&self, field: &str) -> bool {
        field == self.key || self.fields.iter().any(|known| known.name == field)
    }

    /// Position of a member.
    pub fn position(&self, field: &str) -> Option<usize> {
        self.fields.iter().position(|known| known.name == field)
    }
}

/// What a call does to a row.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verb {
    /// POST.
    Create,
    /// PUT.
    Update,
    /// DELETE that hides it.
    Archive,
    /// DELETE that ends it.
    Delete,
}

/// A relation that can be loaded.
#[derive(Debug)]
pub struct Relation {
    /// `SaleLines`, or `SaleLines.Item` for one of a related row.
    pub path: &'static str,
    /// Whether it can have many rows.
    pub many: bool,
}

/// A scalar member.
#[derive(Clone, Copy, Debug)]
pub struct Field {
    /// Its name.
    pub name: &'static str,
    /// What it holds.
    pub kind: Kind,
    /// Whether clients may set it.
    pub writable: bool,
}

/// What a member holds. On the wire it is a string all the same.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Number of a row, 0 for none.
    Id,
    /// Whole number.
    Whole,
    /// Decimal.
    Decimal,
    /// `true` or `false`.
    Flag,
    /// Words.
    Text,
    /// A time that may be missing; then the member is, too.
    Time,
    /// When the row was made.
    Created,
    /// When the row was last changed.
    Stamp,
}

impl Kind {
    /// What the member holds when nobody has set it.
    pub fn unset(self) -> &'static str {
        match self {
            Self::Id | Self::Whole | Self::Decimal => "0",
            Self::Flag => "false",
            Self::Text | Self::Time | Self::Created | Self::Stamp => "",
        }
    }

    /// Whether values are times, which filters read as such.
    pub fn is_time(self) -> bool {
        matches!(self, Self::Time | Self::Created | Self::Stamp)
    }
}

/// A member that clients may set.
const fn open(name: &'static str, kind: Kind) -> Field {
    Field { name, kind, writable: true }
}

/// A member that only the platform sets.
const fn fixed(name: &'static str, kind: Kind) -> Field {
    Field { name, kind, writable: false }
}

const CREATED: Field = fixed("createTime", Kind::Created);
const STAMP: Field = fixed("timeStamp", Kind::Stamp);
const ARCHIVED: Field = fixed("archived", Kind::Flag);

const fn one(path: &'static str) -> Relation {
    Relation { path, many: false }
}

const fn many(path: &'static str) -> Relation {
    Relation { path, many: true }
}

/// Wrappers of rows in requests, and what their rows are called.
pub const RELATED: [(&str, &str); 10] = [
    ("SaleLines", "SaleLine"),
    ("SalePayments", "SalePayment"),
    ("ItemShops", "ItemShop"),
    ("Prices", "ItemPrice"),
    ("OrderLines", "OrderLine"),
    ("TransferItems", "TransferItem"),
    ("Emails", "ContactEmail"),
    ("Phones", "ContactPhone"),
    ("Addresses", "ContactAddress"),
    ("Websites", "ContactWebsite"),
];
