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

/// What a channel lists of an item, besides its stock.
#[derive(Clone, Debug, Default, PartialEq, Eq, Encode, Decode, Serialize)]
pub struct Listing {
    /// For people.
    #[n(0)]
    pub title: Title,
    /// List price; `None` when it has none of its own.
    #[n(1)]
    pub price: Option<Money>,
    /// Whether the price includes tax.
    #[n(2)]
    pub tax_inclusive: bool,
    /// GTINs.
    #[n(3)]
    pub barcodes: Vec<Barcode>,
}

impl Listing {
    /// Takes over these fields of another listing. A price in another currency, or with tax where this one is without,
    /// cannot be compared and is left.
    #[must_use]
    pub fn taking(&self, other: &Self, fields: Fields) -> Self {
        let mut taken = self.clone();
        if fields.title {
            taken.title.clone_from(&other.title);
        }
        if fields.price && self.comparable(other) {
            taken.price = other.price;
            taken.tax_inclusive = other.tax_inclusive;
        }
        if fields.barcodes {
            taken.barcodes.clone_from(&other.barcodes);
        }
        taken
    }

    /// Whether the two prices mean the same kind of amount.
    pub fn comparable(&self, other: &Self) -> bool {
        match (self.price, other.price) {
            (Some(one), Some(another)) => one.currency == another.currency && self.tax_inclusive == other.tax_inclusive,
            // Nothing known is not a price of nothing.
            _ => false,
        }
    }
}

/// Some fields of a listing.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Encode, Decode, Serialize)]
pub struct Fields {
    /// Title.
    #[n(0)]
    pub title: bool,
    /// Price, and whether it includes tax.
    #[n(1)]
    pub price: bool,
    /// Barcodes.
    #[n(2)]
    pub barcodes: bool,
}

impl Fields {
    /// No field.
    pub const NONE: Self = Self { title: false, price: false, barcodes: false };
    /// Every field.
    pub const ALL: Self = Self { title: true, price: true, barcodes: true };

    /// Whether none is meant.
    pub fn is_empty(&self) -> bool {
        *self == Self::NONE
    }

    /// Reads the names `title`, `price`, `barcode`.
    ///
    /// # Errors
    /// The first name that is none of them.
    pub fn parse<'a>(names: impl IntoIterator<Item = &'a str>) -> Result<Self, String> {
        let mut fields = Self::NONE;
        for name in names {
            match name {
                "title" => fields.title = true,
                "price" => fields.price = true,
                "barcode" | "barcodes" => fields.barcodes = true,
                other => return Err(other.to_owned()),
            }
        }
        Ok(fields)
    }
}

impl ItemPut {
    /// What every channel that follows us should list.
    pub fn listing(&self) -> Listing {
        Listing {
            title: self.title.clone(),
            price: self.price,
            tax_inclusive: self.tax_inclusive,
            barcodes: self.barcodes.clone(),
        }
    }
}
