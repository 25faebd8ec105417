//! What agreement and disagreement of a field weigh, in bits (Fellegi and Sunter 1969), and the probability that follows.
//! Called for every candidate pair. The numbers are learnt in `learn`; without any history they are the defaults here.
//!
//! A pair is of one person, of two people of one household, or of two strangers. What a household shares can only tell
//! the first two from the third, so it never merges a mother with her daughter.

use minicbor::{CborLen, Decode, Encode};
use stats::num;

use super::field::{FIELDS, Field, LEVELS, Level, Pattern};
use super::values::{Slots, ValueId, Values};

/// Share of pairs at each level: of matches (`m`) or of others (`u`).
pub type Shares = [[f64; LEVELS]; FIELDS];

/// Records' worth of belief in the default frequency of a value, before anything was counted.
const BELIEF: f64 = 500.0;

/// What was learnt.
#[derive(Clone, Debug, PartialEq, Encode, Decode, CborLen)]
pub struct Weights {
    /// Among pairs of one person.
    #[n(0)]
    pub m: Shares,
    /// Among pairs of strangers.
    #[n(1)]
    pub u: Shares,
    /// Share of one-person pairs among all pairs of records.
    #[n(2)]
    pub lambda: f64,
    /// Pairs of a household for each pair of one person.
    #[n(3)]
    pub household: f64,
    /// Among pairs of strangers who have another field in common that brings this one with it: a postcode brings the town,
    /// the region and often the street, a name brings an e-mail address made of it.
    #[n(4)]
    pub near: Shares,
    /// Records it was learnt from; 0 for the defaults.
    #[n(5)]
    pub learnt_from: u32,
    /// Probability from which records are merged without asking.
    #[n(6)]
    pub limit: f64,
}

/// Else, weak, close, exact: of one person, and of strangers. From everyday customer files; [`super::learn`] replaces
/// them by what the records say.
const DEFAULTS: [([f64; 4], [f64; 4]); FIELDS] = [
    ([0.05, 0.03, 0.10, 0.82], [0.952, 0.035, 0.005, 0.008]), // given name
    ([0.06, 0.03, 0.08, 0.83], [0.969, 0.025, 0.003, 0.003]), // family name
    ([0.15, 0.10, 0.10, 0.65], [0.86, 0.10, 0.02, 0.02]),     // further names
    ([0.97, 0.00, 0.00, 0.03], [1.0, 0.0, 0.0, 1.0]), // names changed places: strangers take the better of two ways
    ([0.30, 0.03, 0.07, 0.60], [0.9949, 0.004, 0.001, 0.00001]), // e-mail
    ([0.35, 0.00, 0.05, 0.60], [0.9999, 0.0, 0.00009, 0.00001]), // telephone
    ([0.10, 0.05, 0.10, 0.75], [0.93, 0.05, 0.01, 0.01]), // house number
    ([0.10, 0.08, 0.12, 0.70], [0.985, 0.01, 0.003, 0.002]), // street
    ([0.12, 0.04, 0.06, 0.78], [0.94, 0.03, 0.01, 0.02]), // town
    ([0.15, 0.05, 0.07, 0.73], [0.96, 0.033, 0.005, 0.002]), // postcode
    ([0.10, 0.00, 0.02, 0.88], [0.75, 0.0, 0.001, 0.249]), // region
    ([0.05, 0.05, 0.10, 0.80], [0.9549, 0.04, 0.005, 0.0001]), // birth date
    ([0.40, 0.00, 0.05, 0.55], [0.99998, 0.0, 0.00001, 0.00001]), // loyalty number
    ([0.50, 0.00, 0.00, 0.50], [0.99999, 0.0, 0.0, 0.00001]), // payment token
];

/// The default shares: of one person, of strangers.
pub fn defaults() -> (Shares, Shares) {
    let with_missing = |[other, weak, close, exact]: [f64; 4]| [1.0, other, weak, close, exact];
    (DEFAULTS.map(|(m, _)| with_missing(m)), DEFAULTS.map(|(_, u)| with_missing(u)))
}

/// The default shares of strangers where another field brings this one with it.
pub fn brought() -> Shares {
    let (_, mut u) = defaults();
    for (field, exact) in [(Field::City, 0.9), (Field::Region, 0.98), (Field::Street, 0.05)] {
        let of = &mut u[field.place()];
        let scale = (1.0 - exact) / (1.0 - of[4]);
        (1..4).for_each(|level| of[level] *= scale);
        of[4] = exact;
    }
    u[Field::Email.place()] = [1.0, 0.64999, 0.25, 0.1, 0.00001];
    u
}

/// Fields, as bits, that another field of this pair brings with it.
pub fn brought_by(pattern: Pattern) -> u32 {
    let mut fields = 0;
    if pattern.level(Field::Postcode) == Level::Exact {
        fields |= Field::Street.bit() | Field::City.bit() | Field::Region.bit();
    }
    if pattern.level(Field::Given) >= Level::Close && pattern.level(Field::Family) >= Level::Close {
        fields |= Field::Email.bit();
    }
    fields
}

impl Default for Weights {
    fn default() -> Self {
        let (m, u) = defaults();
        Self { m, u, lambda: 1e-4, household: 0.1, near: brought(), learnt_from: 0, limit: super::AUTOMATIC }
    }
}

/// A pair's score, taken apart.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Score {
    /// Bits before anything was compared.
    pub prior: f64,
    /// Bits of every field.
    pub fields: [f64; FIELDS],
    /// Bits taken off because a household shares what agrees; never above 0.
    pub household: f64,
    /// Sum of all: the logarithm to base two of the odds that it is one person.
    pub bits: f64,
}

/// Probability of odds given in bits.
pub fn probability(bits: f64) -> f64 {
    num::sigmoid(bits * std::f64::consts::LN_2)
}

/// Bits of the odds of a probability.
pub fn bits(probability: f64) -> f64 {
    num::logit(probability) / std::f64::consts::LN_2
}

impl Weights {
    /// The score of a pair.
    pub fn score(&self, values: &Values, pattern: Pattern, a: &Slots, b: &Slots) -> Score {
        let mut fields = [0.0; FIELDS];
        let swapped = pattern.level(Field::Swap) == Level::Exact;
        let (mut all, mut at_home) = (0.0, 0.0);
        let brought = brought_by(pattern);
        for field in Field::ALL {
            let level = pattern.level(field);
            if level == Level::Missing {
                continue;
            }
            let brought = brought & field.bit() != 0;
            let value = a[field.place()];
            let same = level == Level::Exact && (value == b[field.place()] || swapped);
            let adds = if same && field != Field::Swap {
                self.exact(values, field, value, brought, swapped)
            } else {
                self.plain(field, level, brought)
            };
            fields[field.place()] = adds;
            all += adds;
            at_home += if field.shared_at_home() { adds } else { 0.0 };
        }
        let (prior, household) = self.before(at_home);
        Score { prior, fields, household, bits: prior + all + household }
    }

    /// Bits of the prior, and those taken off because a household shares what adds `at_home` bits.
    pub fn before(&self, at_home: f64) -> (f64, f64) {
        // P(household) / P(stranger) from what is shared, beside the prior of a stranger.
        let households = self.lambda * self.household * num::exp2(at_home.min(500.0));
        (bits(self.lambda), -num::ln_1p(households) / std::f64::consts::LN_2)
    }

    /// Bits of a level that is not an agreement on a value that can be counted.
    pub fn plain(&self, field: Field, level: Level, brought: bool) -> f64 {
        let m = self.m[field.place()][level as usize];
        let u = self.of_strangers(brought)[field.place()][level as usize];
        if m > 0.0 && u > 0.0 { num::log2(m / u) } else { 0.0 }
    }

    fn of_strangers(&self, brought: bool) -> &Shares {
        if brought { &self.near } else { &self.u }
    }

    /// Bits of agreement on a value: more for a rare one.
    pub fn exact(&self, values: &Values, field: Field, value: ValueId, brought: bool, swapped: bool) -> f64 {
        let at_least = if brought { self.near[field.place()][Level::Exact as usize] } else { 0.0 };
        let is_name = matches!(field, Field::Given | Field::Family);
        let held = if swapped && is_name { values.count_both(value) } else { values.count(field, value) };
        num::log2(self.m[field.place()][Level::Exact as usize] / self.frequency(values, field, held).max(at_least))
    }

    /// How often a stranger has this value: counted without the two records that agree, held towards the average.
    fn frequency(&self, values: &Values, field: Field, held: u32) -> f64 {
        let others = f64::from(held.saturating_sub(2));
        let known = f64::from(values.known(field));
        (others + BELIEF * self.u[field.place()][Level::Exact as usize]) / (known + BELIEF)
    }
}

/// The most that records of one person differ in a field, as a share of pairs. It keeps learning from taking namesakes for
/// one person: people move and have several telephones, but hardly ever another name or birth date.
pub fn most_different(field: Field) -> f64 {
    match field {
        Field::Given | Field::Family | Field::Birth => 0.3,
        Field::Region => 0.4,
        Field::Number | Field::Street | Field::City | Field::Postcode => 0.5,
        Field::Middle | Field::Email | Field::Phone => 0.7,
        Field::Loyalty | Field::Token => 0.8,
        Field::Swap => 1.0,
    }
}
