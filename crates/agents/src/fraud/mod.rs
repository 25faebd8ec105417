//! Fraud: how risky a payment is, before it is authorised, in well under a millisecond.
//!
//! Called by the register and the web doors with a [`Payment`], by the follower that tells what became of payments, and
//! by `lockstep eval fraud`. What a payment looked like is written down when it is seen; when its outcome is known, that
//! very row becomes a lesson. So training and serving see the same numbers, and no label is used before it was known.
//! It refuses to know who the customer is: names, age, sex and the like are no inputs.

mod act;
mod facts;
mod payment;
mod row;
mod scorer;
#[cfg(test)]
mod tests;
mod track;

use std::collections::{BTreeMap, VecDeque};

use minicbor::{CborLen, Decode, Encode};
use model::Instant;

pub use act::{Action, Answer, Rule, Stakes};
pub use payment::{Deed, Key, Payment};
pub use row::{WIDTH, name};
pub use scorer::{Learning, Scorer};

use row::Tracks;
use scorer::Lesson;
use track::{DAY_MS, DAYS, Track};

/// The stored form of this mind.
pub const FORM: u32 = 1;
/// Share of frauds where nothing is known yet.
const USUAL: f64 = 0.01;
/// Most lessons that are kept; older ones go first.
const LESSONS_MAX: usize = 1_000_000;

/// How the mind works.
#[derive(Clone, Copy, Debug, PartialEq, Encode, Decode, CborLen)]
pub struct Settings {
    /// Days after which a payment of which nothing bad was heard counts as genuine.
    #[n(0)]
    pub delay_days: u32,
    /// Days of lessons that are kept and learnt from.
    #[n(1)]
    pub lesson_days: u32,
    /// How the models are fitted.
    #[n(2)]
    pub learning: Learning,
}

impl Default for Settings {
    fn default() -> Self {
        Self { delay_days: 7, lesson_days: 28, learning: Learning::default() }
    }
}

/// The mind.
#[derive(Clone, Debug, PartialEq, Encode, Decode, CborLen)]
pub struct Fraud {
    #[n(0)]
    settings: Settings,
    /// Newest time heard of, milliseconds.
    #[n(1)]
    now: Option<i64>,
    /// Pasts by customer, terminal, device.
    #[n(2)]
    tracks: [BTreeMap<Key, Track>; 3],
    /// Payments as they were seen, in the order of arrival: first those whose outcome counts as known, then the others.
    #[n(3)]
    seen: VecDeque<Lesson>,
    /// How many of them count as known.
    #[n(4)]
    settled: u64,
    /// Payments that were forgotten again.
    #[n(5)]
    forgotten: u64,
    /// Number of a payment, counted from the beginning, by id.
    #[n(6)]
    numbers: BTreeMap<u64, u64>,
    /// All outcomes that became known, and frauds among them.
    #[n(7)]
    outcomes: (u64, u64),
    #[n(8)]
    scorer: Option<Scorer>,
    /// Number of the next order that was not heard of before.
    #[n(9)]
    next_order: u32,
}

impl Default for Fraud {
    fn default() -> Self {
        Self::new(Settings::default())
    }
}

impl Fraud {
    /// A mind that knows nothing yet.
    pub fn new(settings: Settings) -> Self {
        Self {
            settings,
            now: None,
            tracks: Default::default(),
            seen: VecDeque::new(),
            settled: 0,
            forgotten: 0,
            numbers: BTreeMap::new(),
            outcomes: (0, 0),
            scorer: None,
            next_order: 0,
        }
    }

    /// How it works.
    pub fn settings(&self) -> &Settings {
        &self.settings
    }

    /// From now on labels take so many days to become known.
    pub fn set_delay_days(&mut self, days: u32) {
        self.settings.delay_days = days;
    }

    /// What it has learnt; `None` before [`learn`](Self::learn) had enough to go by.
    pub fn scorer(&self) -> Option<&Scorer> {
        self.scorer.as_ref()
    }

    fn delay_ms(&self) -> i64 {
        i64::from(self.settings.delay_days) * DAY_MS
    }

    /// Days a track keeps: the longest window, ending where labels begin to be known.
    fn kept_days(&self) -> i64 {
        DAYS + i64::from(self.settings.delay_days) + 1
    }

    /// Share of frauds among all known outcomes, drawn to one in a hundred while there are few.
    pub fn usual_risk(&self) -> f64 {
        (self.outcomes.1 as f64 + USUAL * 1_000.0) / (self.outcomes.0 as f64 + 1_000.0)
    }

    /// The features of a payment ([`WIDTH`], named by [`name`]) from what is known now. Changes nothing.
    pub fn row(&self, payment: &Payment) -> Vec<f32> {
        static NEW: Track = Track::NEW;
        let past = |place: usize, key: Option<Key>| key.map(|key| self.tracks[place].get(&key).unwrap_or(&NEW));
        let [customer, terminal, device] = [0, 1, 2].map(|place| past(place, payment.keys()[place]));
        let tracks = Tracks { customer, terminal, device };
        row::row(payment, &tracks, self.usual_risk(), i64::from(self.settings.delay_days))
    }

    /// Takes a payment into the past, whatever was answered to it. A payment whose id is still remembered is not taken
    /// twice.
    pub fn pay(&mut self, payment: &Payment) {
        self.settle(payment.at);
        if self.numbers.contains_key(&payment.id) {
            return;
        }
        let (row, keys, at) = (self.row(payment), payment.keys(), payment.at.0);
        self.remember(payment, keys);
        let fold = payment.customer.map_or(payment.id, |key| key.0);
        self.numbers.insert(payment.id, self.forgotten + self.seen.len() as u64);
        self.seen.push_back(Lesson { id: payment.id, at, keys, fold, row, fraud: false });
    }

    fn remember(&mut self, payment: &Payment, keys: [Option<Key>; 3]) {
        let kept = self.kept_days();
        for (place, key) in keys.iter().enumerate() {
            // Of a customer the different terminals are counted, of terminals and devices the different customers.
            let other = keys[usize::from(place == 0)].map_or(payment.id, |key| key.0);
            if let Some(key) = key {
                self.tracks[place].entry(*key).or_default().pay(payment.at.0, payment.sound_amount(), other, kept);
            }
        }
    }

    /// A payment turned out to be a fraud, known from now on: before or after it counted as genuine. False when it is
    /// not remembered.
    pub fn tell_fraud(&mut self, id: u64) -> bool {
        let Some(place) = self.numbers.get(&id).and_then(|number| number.checked_sub(self.forgotten)) else {
            return false;
        };
        let was_settled = place < self.settled;
        let kept = self.kept_days();
        let Some(lesson) = self.seen.get_mut(place as usize).filter(|lesson| !lesson.fraud) else { return false };
        lesson.fraud = true;
        let (at, keys) = (lesson.at, lesson.keys);
        self.outcomes.1 += 1;
        self.outcomes.0 += u64::from(!was_settled);
        self.outcome(keys, |track| track.fraud(at, was_settled, kept));
        true
    }

    /// Time goes on: payments of which nothing bad was heard for the delay count as genuine, old lessons are forgotten.
    pub fn settle(&mut self, now: Instant) {
        let now = self.now.map_or(now.0, |before| before.max(now.0));
        self.now = Some(now);
        let (known_until, kept) = (now.saturating_sub(self.delay_ms()), self.kept_days());
        while let Some(lesson) = self.seen.get(self.settled as usize).filter(|lesson| lesson.at <= known_until) {
            let (at, keys, fraud) = (lesson.at, lesson.keys, lesson.fraud);
            self.settled += 1;
            if !fraud {
                self.outcomes.0 += 1;
                self.outcome(keys, |track| track.genuine(at, kept));
            }
        }
        let oldest = known_until.saturating_sub(i64::from(self.settings.lesson_days) * DAY_MS);
        while self.settled > 0
            && let Some(first) = self.seen.front()
            && (first.at < oldest || self.settled as usize > LESSONS_MAX)
        {
            self.numbers.remove(&first.id);
            self.seen.pop_front();
            self.settled -= 1;
            self.forgotten += 1;
        }
    }

    fn outcome(&mut self, keys: [Option<Key>; 3], tell: impl Fn(&mut Track)) {
        for (tracks, key) in self.tracks.iter_mut().zip(keys) {
            if let Some(track) = key.and_then(|key| tracks.get_mut(&key)) {
                tell(track);
            }
        }
    }

    /// Fits the models to the lessons. With too few frauds or too few others what was learnt before stays. True when
    /// something was learnt.
    pub fn learn(&mut self) -> bool {
        let lessons: Vec<&Lesson> = self.seen.iter().take(self.settled as usize).collect();
        let learnt = Scorer::fit(&lessons, &self.settings.learning);
        let new = learnt.is_some();
        self.scorer = learnt.or_else(|| self.scorer.take());
        new
    }

    /// Score (log odds before calibration) and calibrated probability of fraud; `None` while nothing was learnt.
    pub fn score(&self, payment: &Payment) -> Option<(f64, f64)> {
        let scorer = self.scorer.as_ref()?;
        let score = scorer.score(&self.row(payment));
        Some((score, scorer.probability(score)))
    }
}
