//! From quantities to lines: whole quantities fall into pieces, the rest is weighed.
//!
//! Used by the acts. The API gives lines one by one.

use super::super::catalog::{Catalog, PriceType};
use super::super::id::Id;
use super::super::quantity::Quantity;
use super::{LINES_MAX, Line};
use crate::machine::{ActLine, Dice, Millis};

/// One line of an act, read.
#[derive(Clone, Copy, Debug)]
pub struct Goods {
    /// Index of the item.
    pub item: usize,
    /// Above zero.
    pub quantity: Quantity,
    /// Minor units for one.
    pub price: i64,
}

impl Goods {
    /// Reads the lines of an act.
    ///
    /// # Errors
    /// No lines, an unknown SKU, a quantity that is not above zero or finer than a till of this vendor weighs.
    pub fn read(lines: &[ActLine], catalog: &Catalog) -> Result<Vec<Self>, String> {
        if lines.is_empty() {
            return Err("a document needs a line".into());
        }
        lines.iter().map(|line| Self::read_one(line, catalog)).collect()
    }

    fn read_one(line: &ActLine, catalog: &Catalog) -> Result<Self, String> {
        let quantity = Quantity::parse(&line.quantity).filter(|quantity| quantity.is_positive());
        let quantity = quantity.ok_or_else(|| format!("{} is not a quantity above zero", line.quantity))?;
        if quantity.thousandths().is_none() {
            return Err(format!("Clover counts in thousandths of a unit, and {quantity} is finer than that"));
        }
        Ok(Self { item: catalog.with_sku(&line.sku)?, quantity, price: line.unit_price_minor })
    }
}

/// Nobody scans more pieces than this one by one: a larger quantity is keyed in, as one line with `unitQty`.
const SCANNED_MAX: i64 = 50;

/// The lines of a document: one for every piece; one with `unitQty` for a fraction, and for an item that is priced per
/// unit.
///
/// # Errors
/// More lines than an order may have.
pub fn lines_of(goods: &[Goods], catalog: &Catalog, dice: &mut Dice, now: Millis) -> Result<Vec<Line>, String> {
    let mut lines = Vec::with_capacity(goods.len());
    for (typed, one) in goods.iter().enumerate() {
        let item = catalog.item(one.item);
        let singly = |pieces: &i64| item.price_type != PriceType::PerUnit && *pieces <= SCANNED_MAX;
        let pieces = one.quantity.pieces().filter(singly);
        let count = usize::try_from(pieces.unwrap_or(1)).unwrap_or(usize::MAX);
        if lines.len().saturating_add(count) > LINES_MAX {
            return Err(format!("an order has at most {LINES_MAX} lines, one for every piece"));
        }
        for _ in 0..count {
            lines.push(Line {
                id: Id::draw(dice),
                item: Some(one.item),
                name: item.name.clone(),
                price: one.price,
                unit_qty: if pieces.is_some() { None } else { one.quantity.thousandths() },
                typed,
                note: String::new(),
                created: now,
                refunded: false,
                exchanged: false,
                gone: false,
            });
        }
    }
    Ok(lines)
}
