//! Forecast: what each item will sell at each location, day by day, with its uncertainty. Asked by replenishment,
//! rebalancing, allocation, and by people; fed with facts, or with plain sales by `lockstep eval forecast`.
//!
//! Mean = level × calendar index × price × silence (× booster): level from running sums over exposure ([`series`]),
//! calendar by regression over the department at the location ([`pool`]), silence learnt over all series ([`silence`]),
//! booster by trees ([`boost`]). Everything is a running sum: one more day of one series costs the same however long the
//! history is. It knows no stock to buy and no money to spend.

mod boost;
mod calendar;
mod doors;
mod facts;
mod lessons;
mod location;
mod outlook;
mod pool;
mod series;
mod silence;
mod step;

#[cfg(test)]
mod tests;

use std::collections::BTreeMap;

use minicbor::{Decode, Encode};
use model::{ItemId, LocationId};

use self::boost::Booster;
use self::calendar::{Calendar, Columns};
use self::facts::Heard;
use self::lessons::{AHEAD, KNOWN, Lesson, WIDTH, known};
use self::location::{Days, Location};
use self::outlook::Why;

use crate::NotAMind;

pub use self::boost::Learnt;
pub use self::facts::Share;
pub use self::outlook::{Class, Outlook, quantiles};
pub use self::step::Step;

/// Number of the stored form.
pub const FORM: u32 = 1;
/// Most periods ahead that are answered for.
pub const HORIZON_MAX: usize = 1_000;
/// Squared relative doubt about the level one period ahead, and its growth per reach of the look back.
const LEVEL_DOUBT: f64 = 0.01;
/// Exposed periods after which a series' confidence is half of what its spread says.
const YOUNG: f64 = 14.0;

/// The mind.
#[derive(Clone, Debug, PartialEq, Encode, Decode)]
pub struct Forecast {
    #[n(0)]
    step: Step,
    #[n(1)]
    calendar: Calendar,
    #[n(2)]
    locations: BTreeMap<LocationId, Location>,
    #[n(3)]
    departments: BTreeMap<ItemId, u32>,
    #[n(4)]
    booster: Option<Booster>,
    #[n(5)]
    heard: Heard,
}

/// Units of one item at one location in one period.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Sale {
    /// Item.
    pub item: ItemId,
    /// Location.
    pub location: LocationId,
    /// Period, see [`Step`].
    pub period: i32,
    /// Units, net of cancellations; below zero for a correction.
    pub units: f64,
}

impl Forecast {
    /// Knows nothing yet.
    pub fn new(step: Step) -> Self {
        Self {
            step,
            calendar: Calendar::default(),
            locations: BTreeMap::new(),
            departments: BTreeMap::new(),
            booster: None,
            heard: Heard::default(),
        }
    }

    /// As bytes, to go on from later.
    pub fn stored(&self) -> Vec<u8> {
        crate::snapshot(FORM, self)
    }

    /// The mind that [`stored`](Self::stored) gave.
    ///
    /// # Errors
    /// When it was stored in another form, or is damaged.
    pub fn from_stored(bytes: &[u8]) -> Result<Self, NotAMind> {
        let mind: Self = crate::restore(FORM, bytes)?;
        let season = mind.step.habits().season;
        if mind.locations.values().all(|location| location.is_sound(season)) {
            Ok(mind)
        } else {
            Err(NotAMind::Damaged("its series and pools do not fit each other".to_owned()))
        }
    }

    /// How long its periods are.
    pub fn step(&self) -> Step {
        self.step
    }

    /// Says which department an item belongs to, by any number; items of nobody's department are department 0. Counts
    /// from the item's first sale at a location.
    pub fn belongs(&mut self, item: ItemId, department: u32) {
        self.departments.insert(item, department);
    }

    /// Announces an event or flag of a period: a holiday, a promotion, a benefit day. May lie ahead.
    pub fn announce(&mut self, period: i32, event: &str) {
        self.calendar.announce(period, event);
    }

    /// An item costs so much at a location from a period on, in any one unit. May lie ahead. What is no price is passed
    /// over.
    pub fn priced(&mut self, item: ItemId, location: LocationId, period: i32, price: f64) {
        if price.is_finite() && price > 0.0 {
            self.location(location, period).priced(item, period, price);
        }
    }

    /// Takes in a sale. One of a period ahead closes those before it at its location.
    pub fn sold(&mut self, sale: Sale) {
        if !sale.units.is_finite() || sale.units == 0.0 {
            return;
        }
        let department = self.departments.get(&sale.item).copied().unwrap_or(0);
        self.close_at(sale.location, sale.period.saturating_sub(1));
        let units = sale.units.clamp(-1e12, 1e12);
        let step = self.step;
        self.location(sale.location, sale.period).sold(step, sale.item, department, sale.period, units);
    }

    /// An item could be bought during this share of a period only. Of several shares the smallest counts.
    pub fn available(&mut self, item: ItemId, location: LocationId, period: i32, share: f64) {
        if !share.is_nan() {
            self.close_at(location, period.saturating_sub(1));
            self.location(location, period).available(item, period, share);
        }
    }

    fn location(&mut self, location: LocationId, period: i32) -> &mut Location {
        self.locations.entry(location).or_insert_with(|| Location::new(period))
    }

    fn close_at(&mut self, location: LocationId, until: i32) {
        if let Some(location) = self.locations.get_mut(&location) {
            location.close(self.step, &self.calendar, until);
        }
    }

    /// All periods up to this one are over, everywhere.
    pub fn close(&mut self, until: i32) {
        for location in self.locations.values_mut() {
            location.close(self.step, &self.calendar, until);
        }
    }

    /// Series that are known.
    pub fn series(&self) -> usize {
        self.locations.values().map(|location| location.series.len()).sum()
    }

    /// Grows the booster anew from the looks back so far, and takes it only where it would have helped. Costs seconds;
    /// the same facts before it give the same booster.
    pub fn learn(&mut self) -> Learnt {
        let lessons: Vec<&Lesson> = self.locations.values().flat_map(|location| &location.lessons.done).collect();
        let (learnt, forest) = boost::learn(&lessons);
        self.booster = forest.map(|forest| Booster { forest, pools: Vec::new() });
        if let Some(mut booster) = self.booster.take() {
            for (id, location) in &self.locations {
                booster.pools.extend(self.brought_back(*id, location, &booster));
            }
            self.booster = Some(booster);
        }
        learnt
    }

    /// By what each pool's boosted sum is brought back to its sum without.
    fn brought_back(&self, id: LocationId, location: &Location, booster: &Booster) -> Vec<(LocationId, u32, f64)> {
        let habits = self.step.habits();
        let days = self.days(location, habits.reach);
        let mut sums = vec![(0.0, 0.0); location.pools.len()];
        for (at, series) in location.series.iter().enumerate() {
            if !lessons::Lessons::takes(location.items[at], location.closed, location.series.len()) {
                continue;
            }
            let known = self.known(location, at);
            for after in lessons::Lessons::days(location.items[at], location.closed, habits.reach) {
                let (mean, ahead) = location.expected(&habits, at, &days, after);
                let sum = &mut sums[series.pool as usize];
                *sum = (sum.0 + mean, sum.1 + mean * booster.raw(&joined(&known, &ahead)));
            }
        }
        let back = |(plain, boosted): &(f64, f64)| if *boosted > 0.0 { plain / boosted } else { 1.0 };
        sums.iter().enumerate().map(|(pool, sums)| (id, pool as u32, back(sums))).collect()
    }

    fn days(&self, location: &Location, reach: i32) -> Days {
        Days::ahead(location, self.step, &self.calendar, Columns::of(self.step), reach)
    }

    fn known(&self, location: &Location, at: usize) -> [f32; KNOWN] {
        let series = &location.series[at];
        let pool = &location.pools[series.pool as usize];
        known(series, &self.step.habits(), series.spread(pool.spread()), pool.typical())
    }

    /// What is expected of an item at a location in the next `horizon` periods after the last one that is over; `None`
    /// when it has never sold there.
    pub fn outlook(&self, item: ItemId, location: LocationId, horizon: usize) -> Option<Outlook> {
        let place = self.locations.get(&location)?;
        let at = place.place(item)?;
        let days = self.days(place, horizon.min(HORIZON_MAX) as i32);
        Some(self.look(location, place, at, &days))
    }

    /// What is expected of every item of a location, in the order in which they first sold there.
    pub fn outlooks(&self, location: LocationId, horizon: usize) -> impl Iterator<Item = Outlook> {
        let place = self.locations.get(&location);
        let days = place.map(|place| self.days(place, horizon.min(HORIZON_MAX) as i32));
        place
            .zip(days)
            .into_iter()
            .flat_map(move |(place, days)| (0..place.series.len()).map(move |at| self.look(location, place, at, &days)))
    }

    fn look(&self, id: LocationId, location: &Location, at: usize, days: &Days) -> Outlook {
        let habits = self.step.habits();
        let series = &location.series[at];
        let pool = &location.pools[series.pool as usize];
        let known = self.known(location, at);
        let spread = series.spread(pool.spread());
        let (mut means, mut spreads, mut why) = (Vec::new(), Vec::new(), Why::default());
        for after in 1..=days.days.len() as i32 {
            let parts = location.parts(&habits, at, days, after);
            let (plain, ahead) = location.expected(&habits, at, days, after);
            let boosted =
                self.booster.as_ref().map(|booster| booster.multiple(id, series.pool, &joined(&known, &ahead)));
            let mean = plain * boosted.unwrap_or(1.0);
            why.pace += parts.level;
            why.calendar += parts.level * (parts.season - 1.0);
            why.price += parts.level * parts.season * (parts.price_factor - 1.0);
            why.silence += plain - parts.level * parts.season * parts.price_factor;
            why.learnt += mean - plain;
            let doubt = LEVEL_DOUBT * (1.0 + f64::from(after) / f64::from(habits.reach));
            spreads.push(spread + doubt * mean);
            means.push(mean);
        }
        let mut outlook = Outlook {
            item: location.items[at],
            location: id,
            from: location.closed.saturating_add(1),
            means,
            spreads,
            reasons: crate::Reasons::of(Vec::new(), crate::Confidence::NONE),
            class: Class::of(f64::from(series.silent.1), series.level(&habits), spread),
        };
        let (periods, recent) = (days.days.len(), series.level_at(2) * days.days.len() as f64);
        let known = series.age / (series.age + YOUNG);
        outlook.reasons = why.reasons(periods, series.missed(), recent, outlook.together(0..periods), known);
        outlook
    }
}

fn joined(known: &[f32; KNOWN], ahead: &[f32; AHEAD]) -> [f32; WIDTH] {
    let mut row = [0.0; WIDTH];
    row[..KNOWN].copy_from_slice(known);
    row[KNOWN..].copy_from_slice(ahead);
    row
}
