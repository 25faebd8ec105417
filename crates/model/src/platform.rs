//! The platforms there are connectors for. The one list: adding a platform adds a variant here and its folder.

use minicbor::{Decode, Encode};
use serde::Serialize;

/// A kind of till or web shop.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Encode, Decode, Serialize)]
#[cbor(index_only)]
#[serde(rename_all = "kebab-case")]
pub enum Platform {
    /// Shopify, online store and POS.
    #[n(0)]
    Shopify,
    /// Square for Retail.
    #[n(1)]
    Square,
}

impl Platform {
    /// Every platform, in the order of this list.
    pub const ALL: [Self; 2] = [Self::Shopify, Self::Square];

    /// The name used in addresses, configuration and reports.
    pub fn name(self) -> &'static str {
        match self {
            Self::Shopify => "shopify",
            Self::Square => "square",
        }
    }

    /// Reads what [`name`](Self::name) gives.
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|platform| platform.name() == name)
    }
}
