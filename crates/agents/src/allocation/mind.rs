//! The mind's memory, from facts alone: picks that were found or not, and times to pay.

use std::collections::BTreeMap;

use minicbor::{Decode, Encode};
use model::{Cause, Entry, Fact, Instant, ItemId, LocationId, ReservationId, Seq};

use super::{PayTimes, Picks, picks::Shelf};
use crate::Mind;

const UNIT: i64 = 100_000;
const DAY_MS: i64 = 86_400_000;

/// An item at a location, as the books have it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Encode, Decode)]
struct Book {
    #[n(0)]
    on_hand: i64,
    /// When it was last counted or sold.
    #[n(1)]
    touched: Instant,
}

/// Folds what became of promises. Items have no categories in facts; all are one group.
#[derive(Clone, Debug, Default, PartialEq, Encode, Decode)]
pub struct Allocator {
    #[n(0)]
    picks: Picks,
    #[n(1)]
    pay: PayTimes,
    #[n(2)]
    books: BTreeMap<(ItemId, LocationId), Book>,
    #[n(3)]
    promised: BTreeMap<ReservationId, Instant>,
}

impl Allocator {
    /// Chances that units are found.
    pub fn picks(&self) -> &Picks {
        &self.picks
    }

    /// Times to pay; facts do not name the channel of a reservation, all are under `None`.
    pub fn pay_times(&self) -> &PayTimes {
        &self.pay
    }

    /// The shelf of an item as the books have it at a time.
    pub fn shelf(&self, item: ItemId, location: LocationId, now: Instant) -> Shelf {
        let book = self.books.get(&(item, location)).copied().unwrap_or_default();
        let units = (book.on_hand / UNIT).clamp(0, i64::from(u32::MAX)) as u32;
        let days = (now.since(book.touched) / DAY_MS).clamp(0, i64::from(u32::MAX)) as u32;
        Shelf { location, category: 0, on_hand: units, days }
    }
}

impl Mind for Allocator {
    fn apply(&mut self, _: Seq, entry: &Entry) {
        let now = entry.at;
        match &entry.fact {
            Fact::Moved(moved) => {
                // Goods that leave for an order were found; a till sale proves the shelf just as well.
                if moved.cause == Cause::Sale && moved.on_hand.is_loss() {
                    self.picks.learn(self.shelf(moved.item, moved.location, now), true);
                }
                let book = self.books.entry((moved.item, moved.location)).or_default();
                book.on_hand = book.on_hand.saturating_add(moved.on_hand.parts());
                if matches!(moved.cause, Cause::Sale | Cause::Count | Cause::Opening) {
                    book.touched = now;
                }
            }
            Fact::Counted(counted) => {
                // A shelf that was empty though the books had some is a pick that would have failed.
                if counted.counted.is_zero() && counted.expected.parts() > 0 {
                    self.picks.learn(self.shelf(counted.item, counted.location, now), false);
                }
                self.books.entry((counted.item, counted.location)).or_default().touched = now;
            }
            Fact::Shorted(shorted) => {
                self.picks.learn(self.shelf(shorted.item, shorted.location, now), false);
            }
            Fact::Reserved(reserved) => {
                self.promised.insert(reserved.reservation, now);
            }
            Fact::Committed { reservation } => {
                if let Some(since) = self.promised.remove(reservation) {
                    self.pay.learn(None, now.since(since));
                }
            }
            Fact::Released { reservation, .. } | Fact::Expired { reservation } => {
                self.promised.remove(reservation);
            }
            _ => {}
        }
    }
}
