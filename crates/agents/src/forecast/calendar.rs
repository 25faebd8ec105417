//! What a period is like before anything was sold in it: its place in the season, waves of year and month, how long ago
//! it all began, and the events that people announced. Called by the mind for each period, once for all pools.

use std::collections::BTreeMap;

use minicbor::{Decode, Encode};

use super::step::{Step, WAVES};

/// Most events that are told apart; what is announced beyond them is passed over.
const EVENTS_MAX: usize = 128;
/// Most events of one period.
const TOGETHER_MAX: usize = 16;

/// Events by period. An event is a word such as `Easter` or `promo`: it means what sales make of it.
#[derive(Clone, Debug, Default, PartialEq, Encode, Decode)]
pub(super) struct Calendar {
    #[n(0)]
    names: Vec<String>,
    #[n(1)]
    days: BTreeMap<i32, Vec<u32>>,
}

/// Column of the pool's regression and the value in it.
pub(super) type Sign = (usize, f64);

impl Calendar {
    /// Announces an event. Twice is once.
    pub fn announce(&mut self, period: i32, name: &str) {
        let id = match self.names.iter().position(|known| known == name) {
            Some(id) => id,
            None if self.names.len() < EVENTS_MAX => {
                self.names.push(name.to_owned());
                self.names.len() - 1
            }
            None => return,
        };
        let day = self.days.entry(period).or_default();
        if day.len() < TOGETHER_MAX && !day.contains(&(id as u32)) {
            day.push(id as u32);
        }
    }

    /// Ids of a period's events.
    pub fn events(&self, period: i32) -> &[u32] {
        self.days.get(&period).map_or(&[], Vec::as_slice)
    }
}

/// Where the columns of a pool's regression are.
#[derive(Clone, Copy, Debug)]
pub(super) struct Columns {
    step: Step,
}

impl Columns {
    pub fn of(step: Step) -> Self {
        Self { step }
    }

    /// Always one.
    pub const ONE: usize = 0;

    fn slot(slot: usize) -> usize {
        1 + slot
    }

    fn waves(self) -> usize {
        Self::slot(self.step.habits().season)
    }

    fn trend(self) -> usize {
        self.waves() + WAVES
    }

    fn event(self, event: u32) -> usize {
        self.trend() + 2 + event as usize
    }

    /// How strongly a column is drawn to zero, in periods seen; `periods` is how long the pool has been watched.
    pub fn pull(self, column: usize, periods: f64) -> f64 {
        const NEVER: f64 = 1e12;
        // A season is not told from a trend before it came round twice; slots that are months are a wave of the year, too.
        let (pull, years) = match column {
            Self::ONE => (1e-6, 0.0),
            column if column < self.waves() => (1.0, if self.step == Step::Month { 2.0 } else { 0.0 }),
            column if column < self.waves() + WAVES / 2 => (5.0, 2.0),
            column if column < self.trend() => (5.0, 0.5),
            column if column < self.trend() + 2 => (1.0, 1.0),
            _ => (1.0, 0.0),
        };
        if periods < years * self.step.habits().year { NEVER } else { pull }
    }

    /// Whether a column says where a period stands, and not merely how long ago it was.
    pub fn is_index(self, column: usize) -> bool {
        column != Self::ONE && !(self.trend()..self.trend() + 2).contains(&column)
    }

    /// What a period is like; `age` is periods since the mind's first.
    pub fn signs(self, calendar: &Calendar, period: i32, age: i32) -> Vec<Sign> {
        let habits = self.step.habits();
        let mut signs = vec![(Self::ONE, 1.0)];
        if habits.season > 1 {
            signs.push((Self::slot(self.step.slot(period)), 1.0));
        }
        let waves = self.step.waves(period);
        signs.extend(
            waves.iter().enumerate().filter(|(_, wave)| **wave != 0.0).map(|(k, wave)| (self.waves() + k, *wave)),
        );
        let years = f64::from(age) / habits.year;
        signs.push((self.trend(), years));
        signs.push((self.trend() + 1, years * years));
        signs.extend(calendar.events(period).iter().map(|event| (self.event(*event), 1.0)));
        signs
    }
}
