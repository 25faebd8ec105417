//! Items: sellable variants, with barcodes, units of measure and bundle components.

use minicbor::{Decode, Encode};
use serde::Serialize;

use crate::{Barcode, ItemId, Money, Quantity, Sku, Title};

/// What one of an item is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Encode, Decode, Serialize)]
#[cbor(index_only)]
#[serde(rename_all = "snake_case")]
pub enum Unit {
    /// Sold by the piece; only whole quantities.
    #[n(0)]
    #[default]
    Piece,
    /// Sold by weight, in kilograms.
    #[n(1)]
    Kilogram,
    /// Sold by length, in metres.
    #[n(2)]
    Metre,
    /// Sold by volume, in litres.
    #[n(3)]
    Litre,
}

impl Unit {
    /// Reads `piece`, `kilogram`, `metre`, `litre` and their usual short forms.
    pub fn parse(text: &str) -> Option<Self> {
        match text.trim().to_ascii_lowercase().as_str() {
            "" | "piece" | "pc" | "each" | "ea" => Some(Self::Piece),
            "kilogram" | "kg" => Some(Self::Kilogram),
            "metre" | "meter" | "m" => Some(Self::Metre),
            "litre" | "liter" | "l" => Some(Self::Litre),
            _ => None,
        }
    }
}

/// One part of a bundle.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode, Serialize)]
pub struct Component {
    /// The item that is taken from stock.
    #[n(0)]
    pub item: ItemId,
    /// How much of it one bundle takes.
    #[n(1)]
    pub quantity: Quantity,
}

/// An item as the merchant knows it; replaces what was known under the same id.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, Serialize)]
pub struct ItemPut {
    /// Dense id.
    #[n(0)]
    pub item: ItemId,
    /// Unique.
    #[n(1)]
    pub sku: Sku,
    /// For people.
    #[n(2)]
    pub title: Title,
    /// GTINs.
    #[n(3)]
    pub barcodes: Vec<Barcode>,
    /// Unit of measure.
    #[n(4)]
    pub unit: Unit,
    /// Not empty for a bundle, which has no stock of its own.
    #[n(5)]
    pub components: Vec<Component>,
    /// List price.
    #[n(6)]
    pub price: Option<Money>,
    /// Whether the price includes tax.
    #[n(7)]
    pub tax_inclusive: bool,
    /// False for services, which have no stock.
    #[n(8)]
    pub tracked: bool,
}
