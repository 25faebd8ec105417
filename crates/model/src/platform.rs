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
    /// Clover.
    #[n(2)]
    Clover,
    /// BigCommerce.
    #[n(3)]
    #[serde(rename = "bigcommerce")]
    BigCommerce,
    /// Lightspeed Retail X-Series, formerly Vend.
    #[n(4)]
    LightspeedX,
    /// Lightspeed Retail R-Series, formerly MerchantOS.
    #[n(5)]
    LightspeedR,
}

impl Platform {
    /// Every platform, in the order of this list.
    pub const ALL: [Self; 6] =
        [Self::Shopify, Self::Square, Self::Clover, Self::BigCommerce, Self::LightspeedX, Self::LightspeedR];

    /// The name used in addresses, configuration and reports.
    pub fn name(self) -> &'static str {
        match self {
            Self::Shopify => "shopify",
            Self::Square => "square",
            Self::Clover => "clover",
            Self::BigCommerce => "bigcommerce",
            Self::LightspeedX => "lightspeed-x",
            Self::LightspeedR => "lightspeed-r",
        }
    }

    /// The name that people know it by.
    pub fn title(self) -> &'static str {
        match self {
            Self::Shopify => "Shopify",
            Self::Square => "Square",
            Self::Clover => "Clover",
            Self::BigCommerce => "BigCommerce",
            Self::LightspeedX => "Lightspeed Retail (X-Series)",
            Self::LightspeedR => "Lightspeed Retail (R-Series)",
        }
    }

    /// Reads what [`name`](Self::name) gives.
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|platform| platform.name() == name)
    }
}
