//! Stock that is changed by hand: counts, adjustments, and goods carried to another location.

use super::{Movement, Shop};
use crate::machine::Millis;
use crate::shopify::happened::Happened;
use crate::shopify::ids::Kind;
use crate::shopify::records::Note;

impl Shop {
    /// The available quantity becomes this number.
    pub(in crate::shopify) fn count(
        &mut self,
        place: (usize, usize),
        quantity: i64,
        now: Millis,
        happened: &mut Happened,
    ) -> Result<u64, String> {
        let level = self.level(place.0, place.1).ok_or("the item is not tracked")?;
        let by = Movement { available: quantity - level.available, committed: 0 };
        self.move_stock(place, by, now, happened);
        Ok(self.write_note("count", "", place, quantity, now))
    }

    /// The available quantity changes by this number.
    pub(in crate::shopify) fn adjust(
        &mut self,
        place: (usize, usize),
        delta: i64,
        reference: &str,
        now: Millis,
        happened: &mut Happened,
    ) -> Result<u64, String> {
        self.level(place.0, place.1).ok_or("the item is not tracked")?;
        self.move_stock(place, Movement { available: delta, committed: 0 }, now, happened);
        Ok(self.write_note("adjust", reference, place, delta, now))
    }

    fn write_note(
        &mut self,
        kind: &'static str,
        reference: &str,
        (article, location): (usize, usize),
        quantity: i64,
        at: Millis,
    ) -> u64 {
        let document = self.give(Kind::InventoryAdjustmentGroup, [self.notes.len(), 0, 0]);
        let reference = if reference.is_empty() { format!("{kind}-{document}") } else { reference.to_owned() };
        self.notes.push(Note { kind, reference, document, article, location, quantity, at });
        document
    }

    /// Goods leave one location and arrive at another in the same moment: a transfer that is made, shipped and received
    /// at once. The transfer's own object is not served; both changes are listed in the books under its reference.
    pub(in crate::shopify) fn transfer(
        &mut self,
        reference: &str,
        (from, to): (usize, usize),
        goods: &[(usize, i64)],
        now: Millis,
        happened: &mut Happened,
    ) -> Result<Vec<u64>, String> {
        if from == to {
            return Err("goods that stay where they are move nowhere".to_owned());
        }
        if let Some((article, _)) = goods.iter().find(|(article, _)| self.level(*article, from).is_none()) {
            return Err(format!("'{}' is not tracked", self.articles[*article].sku));
        }
        let mut documents = Vec::with_capacity(goods.len() * 2);
        for &(article, quantity) in goods {
            for (location, by) in [(from, -quantity), (to, quantity)] {
                let place = (article, location);
                self.move_stock(place, Movement { available: by, committed: 0 }, now, happened);
                documents.push(self.write_note("adjust", reference, place, by, now));
            }
        }
        Ok(documents)
    }
}
