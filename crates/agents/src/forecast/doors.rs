//! When a location sells nothing at all: its doors were shut, and that is no sign of demand. Called when a period closes;
//! knows the location's total only.

use minicbor::{Decode, Encode};

/// Units a period must be expected to sell before silence means shut doors.
const EXPECTED_MIN: f64 = 30.0;
/// Share of the expected that shut doors may still sell: a few late corrections.
const LEFT: f64 = 0.02;
/// Share of its last occurrences a slot or event must have been shut for, to be expected shut.
const SHUT: f64 = 0.7;
/// Share of the newest occurrence.
const RATE: f64 = 0.3;
/// Share of the newest open period in the expected total.
const TOTAL_RATE: f64 = 0.05;

/// What is known of a location's doors.
#[derive(Clone, Debug, Default, PartialEq, Encode, Decode)]
pub(super) struct Doors {
    /// Units of a usual open period.
    #[n(0)]
    total: f64,
    /// By slot of the season: decayed share of occurrences that were shut.
    #[n(1)]
    slots: Vec<f64>,
    /// By event.
    #[n(2)]
    events: Vec<f64>,
}

impl Doors {
    /// Takes a period in and says whether the doors were shut.
    pub fn close(&mut self, units: f64, slot: usize, events: &[u32]) -> bool {
        let shut = self.total >= EXPECTED_MIN && units < LEFT * self.total;
        let expected = self.shut(slot, &[]);
        if !shut {
            self.total += TOTAL_RATE * (units.max(0.0) - self.total);
            // In the beginning the mean of few periods is better than a decayed one, but only if it rises fast.
            self.total = self.total.max(units * TOTAL_RATE);
        }
        take(&mut self.slots, slot, shut && events.is_empty(), shut && !events.is_empty());
        for event in events {
            take(&mut self.events, *event as usize, shut && !expected, false);
        }
        shut
    }

    /// Whether the doors are expected to be shut.
    pub fn shut(&self, slot: usize, events: &[u32]) -> bool {
        let known = |shares: &[f64], at: usize| shares.get(at).is_some_and(|share| *share > SHUT);
        known(&self.slots, slot) || events.iter().any(|event| known(&self.events, *event as usize))
    }
}

/// Moves a share towards 1 or 0; `unclear` leaves it.
fn take(shares: &mut Vec<f64>, at: usize, shut: bool, unclear: bool) {
    if unclear {
        return;
    }
    if shares.len() <= at {
        shares.resize(at + 1, 0.0);
    }
    // The first time counts more: an event comes once a year.
    let rate = if shares[at] == 0.0 && shut { 0.5 } else { RATE };
    shares[at] += rate * (f64::from(u8::from(shut)) - shares[at]);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_weekday_that_is_always_shut_is_expected_shut_and_one_accident_is_not() {
        let mut doors = Doors::default();
        for day in 0..70 {
            let shut = day % 7 == 5 || day == 30;
            let told = doors.close(if shut { 0.0 } else { 900.0 }, day % 7, &[]);
            assert_eq!(told, shut, "day {day}");
        }
        assert_eq!(
            (0..7).map(|slot| doors.shut(slot, &[])).collect::<Vec<_>>(),
            [5].map(|_| ()).iter().fold(vec![false; 7], |mut week, ()| {
                week[5] = true;
                week
            })
        );
    }

    #[test]
    fn a_holiday_that_shut_the_doors_twice_is_expected_to_do_so_again() {
        let mut doors = Doors::default();
        for day in 0..800 {
            let events: &[u32] = if day % 365 == 20 { &[3] } else { &[] };
            doors.close(if events.is_empty() { 500.0 } else { 1.0 }, day % 7, events);
        }
        assert!(doors.shut(0, &[3]) && !doors.shut(0, &[]));
    }

    #[test]
    fn a_quiet_shop_is_not_called_shut() {
        let mut doors = Doors::default();
        assert!((0..100).all(|day| !doors.close(f64::from(u8::from(day % 3 == 0)), day % 7, &[])));
    }
}
