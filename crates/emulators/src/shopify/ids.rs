//! Ids of the shop: 64-bit numbers beyond 2^53, so that a reader that goes through a double breaks, and their `gid`
//! spelling. An id leads back to where its record lives. Called by everything that makes or looks up a record.

/// What an id stands for, with the vendor's type name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(usize)]
pub(super) enum Kind {
    Location,
    Product,
    ProductVariant,
    InventoryItem,
    Order,
    LineItem,
    FulfillmentOrder,
    FulfillmentOrderLineItem,
    Fulfillment,
    FulfillmentLineItem,
    Refund,
    RefundLineItem,
    OrderTransaction,
    Customer,
    WebhookSubscription,
    BulkOperation,
    InventoryAdjustmentGroup,
    Job,
    MailingAddress,
    InventoryTransfer,
}

const KINDS: [Kind; 20] = [
    Kind::Location,
    Kind::Product,
    Kind::ProductVariant,
    Kind::InventoryItem,
    Kind::Order,
    Kind::LineItem,
    Kind::FulfillmentOrder,
    Kind::FulfillmentOrderLineItem,
    Kind::Fulfillment,
    Kind::FulfillmentLineItem,
    Kind::Refund,
    Kind::RefundLineItem,
    Kind::OrderTransaction,
    Kind::Customer,
    Kind::WebhookSubscription,
    Kind::BulkOperation,
    Kind::InventoryAdjustmentGroup,
    Kind::Job,
    Kind::MailingAddress,
    Kind::InventoryTransfer,
];

/// 2^53 + 1: the first whole number that a double cannot hold.
const FIRST: u64 = 9_007_199_254_740_993;
/// Room for the ids of one kind.
const SPAN: u64 = 1_000_000_000_000;

impl Kind {
    /// The vendor's type name.
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Location => "Location",
            Self::Product => "Product",
            Self::ProductVariant => "ProductVariant",
            Self::InventoryItem => "InventoryItem",
            Self::Order => "Order",
            Self::LineItem => "LineItem",
            Self::FulfillmentOrder => "FulfillmentOrder",
            Self::FulfillmentOrderLineItem => "FulfillmentOrderLineItem",
            Self::Fulfillment => "Fulfillment",
            Self::FulfillmentLineItem => "FulfillmentLineItem",
            Self::Refund => "Refund",
            Self::RefundLineItem => "RefundLineItem",
            Self::OrderTransaction => "OrderTransaction",
            Self::Customer => "Customer",
            Self::WebhookSubscription => "WebhookSubscription",
            Self::BulkOperation => "BulkOperation",
            Self::InventoryAdjustmentGroup => "InventoryAdjustmentGroup",
            Self::Job => "Job",
            Self::MailingAddress => "MailingAddress",
            Self::InventoryTransfer => "InventoryTransfer",
        }
    }

    /// The kind with this vendor type name.
    pub(super) fn named(name: &str) -> Option<Self> {
        KINDS.into_iter().find(|kind| kind.name() == name)
    }
}

/// Where a record lives: index of the outer record, and of the inner ones where there are any.
pub(super) type Home = [usize; 3];

/// Gives out ids and finds their records again, both in constant time.
#[derive(Debug, Default)]
pub(super) struct Ids {
    homes: [Vec<Home>; KINDS.len()],
}

impl Ids {
    /// A new id for the record that lives at `home`.
    pub(super) fn give(&mut self, kind: Kind, home: Home) -> u64 {
        let homes = &mut self.homes[kind as usize];
        homes.push(home);
        FIRST + kind as u64 * SPAN + homes.len() as u64
    }

    /// Where the record of an id lives; `None` when the id was never given out for this kind.
    pub(super) fn home(&self, kind: Kind, id: u64) -> Option<Home> {
        let ordinal = id.checked_sub(FIRST + kind as u64 * SPAN)?.checked_sub(1)?;
        self.homes[kind as usize].get(usize::try_from(ordinal).ok()?).copied()
    }

    /// Where the record of a `gid` of this kind lives.
    pub(super) fn home_of_gid(&self, kind: Kind, text: &str) -> Option<Home> {
        match parse_gid(text) {
            Some((found, id)) if found == kind => self.home(kind, id),
            Some(_) | None => None,
        }
    }
}

/// `gid://shopify/<type>/<id>`.
pub(super) fn gid(kind: Kind, id: u64) -> String {
    format!("gid://shopify/{}/{id}", kind.name())
}

/// The kind and number of a `gid`; `None` when it is not one of ours.
pub(super) fn parse_gid(text: &str) -> Option<(Kind, u64)> {
    let (name, id) = text.strip_prefix("gid://shopify/")?.split_once('/')?;
    Some((Kind::named(name)?, id.parse().ok()?))
}

/// The `gid` of a level, which the vendor spells with the item behind a question mark.
pub(super) fn level_gid(location: u64, item: u64) -> String {
    format!("gid://shopify/InventoryLevel/{location}?inventory_item_id={item}")
}

/// Location and item number of a level's `gid`.
pub(super) fn parse_level_gid(text: &str) -> Option<(u64, u64)> {
    let rest = text.strip_prefix("gid://shopify/InventoryLevel/")?;
    let (location, item) = rest.split_once("?inventory_item_id=")?;
    Some((location.parse().ok()?, item.parse().ok()?))
}
