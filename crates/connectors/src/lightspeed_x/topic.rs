//! The webhook types, and which of them are subscribed to. One list, so that neither side has one the other lacks.
//!
//! <https://x-series-api.lightspeedhq.com/docs/webhooks>, read 2026-11-23. A delivery does not say its type: each type
//! is sent to an address of its own, and the last part of the path is the type.

macro_rules! topics {
    ($($name:ident = $text:literal, $wanted:literal;)*) => {
        /// A type of webhook.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub(super) enum Topic {
            $(#[doc = concat!("`", $text, "`.")] $name,)*
        }

        impl Topic {
            const ALL: &[Self] = &[$(Self::$name,)*];

            /// As Lightspeed writes it.
            pub(super) fn name(self) -> &'static str {
                match self { $(Self::$name => $text,)* }
            }

            fn wanted(self) -> bool {
                match self { $(Self::$name => $wanted,)* }
            }
        }
    };
}

// Transfers, stock orders and register closures are heard politely when somebody points them here, but nobody asks for
// them: what they move is told by `inventory.update` and by the levels.
topics! {
    SaleUpdate = "sale.update", true;
    InventoryUpdate = "inventory.update", true;
    ProductUpdate = "product.update", true;
    CustomerUpdate = "customer.update", true;
    ConsignmentSend = "consignment.send", false;
    ConsignmentReceive = "consignment.receive", false;
    RegisterClosure = "register_closure.create", false;
}

impl Topic {
    /// `None` for what is no type of webhook.
    pub(super) fn named(text: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|topic| topic.name() == text)
    }

    /// Those to subscribe to, in order.
    pub(super) fn wanted_ones() -> impl Iterator<Item = Self> {
        Self::ALL.iter().copied().filter(|topic| topic.wanted())
    }
}
