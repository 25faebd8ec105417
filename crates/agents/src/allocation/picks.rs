//! Whether a unit that the books show will be found on the shelf. Called before a promise and for a channel's buffer; also
//! gives routing the chance that a pick fails.

use std::collections::BTreeMap;

use minicbor::{Decode, Encode};
use model::LocationId;

/// Bands of on hand: 1, 2, 3, 4 to 6, 7 and more.
pub const ON_HAND_BANDS: [u32; 5] = [1, 2, 3, 4, 7];
/// Bands of days since the last count or sale: up to a day, a week, a month, longer.
pub const DAYS_BANDS: [u32; 4] = [0, 2, 8, 31];
/// How many picks the group above weighs.
const WEIGHT: f64 = 8.0;
/// Picks found and not found that everything starts from.
const START: (f64, f64) = (19.0, 1.0);

/// What the shelf looked like to the books.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Shelf {
    /// Where.
    pub location: LocationId,
    /// A group of items that are alike, by a number of the caller's.
    pub category: u32,
    /// Units on hand by the books.
    pub on_hand: u32,
    /// Days since the item was last counted or sold there.
    pub days: u32,
}

/// Found, and tried.
type Tally = (f64, f64);

/// Chances by band, then by category, then by location, each drawn to the group above (a Beta-Binomial whose prior is
/// the group). One more pick is constant time in each.
#[derive(Clone, Debug, Default, PartialEq, Encode, Decode)]
pub struct Picks {
    #[n(0)]
    all: Tally,
    #[n(1)]
    bands: BTreeMap<(u8, u8), Tally>,
    #[n(2)]
    categories: BTreeMap<(u32, u8, u8), Tally>,
    #[n(3)]
    locations: BTreeMap<(LocationId, u32, u8, u8), Tally>,
}

impl Picks {
    /// A pick was tried.
    pub fn learn(&mut self, shelf: Shelf, found: bool) {
        let (on_hand, days) = bands(shelf);
        let tallies = [
            &mut self.all,
            self.bands.entry((on_hand, days)).or_default(),
            self.categories.entry((shelf.category, on_hand, days)).or_default(),
            self.locations.entry((shelf.location, shelf.category, on_hand, days)).or_default(),
        ];
        for tally in tallies {
            tally.0 += f64::from(u8::from(found));
            tally.1 += 1.0;
        }
    }

    /// The chance that it is found; of a shelf that is empty by the books, none.
    pub fn chance(&self, shelf: Shelf) -> f64 {
        if shelf.on_hand == 0 {
            return 0.0;
        }
        let (on_hand, days) = bands(shelf);
        let all = (self.all.0 + START.0) / (self.all.1 + START.0 + START.1);
        let below = |tally: Option<&Tally>, above: f64| {
            let (found, tried) = tally.copied().unwrap_or_default();
            (found + WEIGHT * above) / (tried + WEIGHT)
        };
        let band = below(self.bands.get(&(on_hand, days)), all);
        let category = below(self.categories.get(&(shelf.category, on_hand, days)), band);
        below(self.locations.get(&(shelf.location, shelf.category, on_hand, days)), category)
    }

    /// How many picks are known of exactly such a shelf.
    pub fn known(&self, shelf: Shelf) -> f64 {
        let (on_hand, days) = bands(shelf);
        self.locations.get(&(shelf.location, shelf.category, on_hand, days)).map_or(0.0, |tally| tally.1)
    }

    /// Units a channel should not be shown: one less than the smallest on hand that may be promised, at a cost of a
    /// cancelled promise and a margin. Seven and more are one band: when even they fail, all seven are held back.
    pub fn buffer(&self, shelf: Shelf, cancelled: f64, margin: f64) -> u32 {
        let enough = threshold(cancelled, margin);
        let may = |on_hand: &u32| self.chance(Shelf { on_hand: *on_hand, ..shelf }) >= enough;
        (1..=7).find(may).map_or(7, |on_hand| on_hand - 1)
    }
}

/// A promise pays from this chance on: $c/(c+m)$.
pub fn threshold(cancelled: f64, margin: f64) -> f64 {
    let sound = |value: f64| if value.is_finite() { value.max(0.0) } else { 0.0 };
    let (cancelled, margin) = (sound(cancelled), sound(margin));
    if cancelled + margin > 0.0 { cancelled / (cancelled + margin) } else { 0.5 }
}

fn bands(shelf: Shelf) -> (u8, u8) {
    let band = |value: u32, edges: &[u32]| edges.iter().filter(|edge| value >= **edge).count() as u8;
    (band(shelf.on_hand, &ON_HAND_BANDS), band(shelf.days, &DAYS_BANDS))
}
