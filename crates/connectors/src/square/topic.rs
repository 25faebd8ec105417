//! The webhook topics that the hub subscribes to and reads. One list, so that neither has a topic the other lacks.

macro_rules! topics {
    ($($name:ident = $text:literal),* $(,)?) => {
        /// A topic.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub(super) enum Topic {
            $(#[doc = concat!("`", $text, "`.")] $name,)*
        }

        impl Topic {
            /// All of them.
            pub(super) const ALL: &[Self] = &[$(Self::$name,)*];

            /// As Square writes it.
            pub(super) fn name(self) -> &'static str {
                match self {
                    $(Self::$name => $text,)*
                }
            }

            /// `None` for a topic we do not subscribe to.
            pub(super) fn named(text: &str) -> Option<Self> {
                Self::ALL.iter().copied().find(|topic| topic.name() == text)
            }
        }
    };
}

topics! {
    OrderCreated = "order.created",
    OrderUpdated = "order.updated",
    OrderFulfillmentUpdated = "order.fulfillment.updated",
    PaymentCreated = "payment.created",
    PaymentUpdated = "payment.updated",
    RefundCreated = "refund.created",
    RefundUpdated = "refund.updated",
    InventoryCountUpdated = "inventory.count.updated",
    CatalogVersionUpdated = "catalog.version.updated",
    CustomerCreated = "customer.created",
    CustomerUpdated = "customer.updated",
    CustomerDeleted = "customer.deleted",
    LocationCreated = "location.created",
    LocationUpdated = "location.updated",
    OauthAuthorizationRevoked = "oauth.authorization.revoked",
}
