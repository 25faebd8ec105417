//! Who returns beyond what their purchases explain. It asks a person, above a limit of money; it accuses nobody.
//!
//! A customer's expected returns are the rates of what they bought, added up. How unlikely the excess is by chance comes
//! from a beta-binomial over the customer's cohort, whose members differ; what else was seen (an empty box, a swapped tag)
//! multiplies the odds. Trying two sizes and keeping one is not abuse and is not counted.

use minicbor::{Decode, Encode};
use stats::dist::{Beta, BetaBinomial};
use stats::num::{exp, ln, logit, sigmoid};

use crate::{Confidence, Flip, Proposal, Reasons, RunnerUp, Term};

/// Odds, before anything was seen, that a customer abuses returns.
const PRIOR: f64 = 0.005;
/// How many times a customer's usual odds of a return an abuser's are.
const TIMES: f64 = 10.0;
/// Units of belief that an abuser's rate counts for: abusers differ too.
const ABUSER_SIZE: f64 = 6.0;
/// No single excess says more than this, in logarithms of odds: rates are never known that well.
const EXCESS_MAX: f64 = 9.0;

/// What one customer bought and brought back.
#[derive(Clone, Copy, Debug, Default, PartialEq, Encode, Decode)]
pub struct Record {
    /// Units bought.
    #[n(0)]
    pub bought: f64,
    /// Units of these that were expected back.
    #[n(1)]
    pub expected: f64,
    /// Units brought back, without those of a choice between sizes.
    #[n(2)]
    pub back: f64,
    /// Value brought back, in minor units.
    #[n(3)]
    pub value: f64,
}

/// Something a person or a machine saw, and how much more often it is seen with abuse.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sign {
    /// Brought back just before the deadline, again and again.
    UsedAndReturned,
    /// The box was empty or held something else.
    EmptyBox,
    /// Another item's tag or label.
    SwappedTag,
    /// The serial number is another unit's.
    OtherSerial,
    /// Many profiles on one card or address.
    ManyProfiles,
    /// The same receipt twice.
    ReceiptAgain,
}

impl Sign {
    /// Its words and its likelihood ratio. The ratios are judgement until outcomes are recorded.
    fn weight(self) -> (&'static str, f64) {
        match self {
            Self::UsedAndReturned => ("often brought back just before the deadline", 3.0),
            Self::EmptyBox => ("the box did not hold what it should", 20.0),
            Self::SwappedTag => ("the tag is another item's", 20.0),
            Self::OtherSerial => ("the serial number is another unit's", 30.0),
            Self::ManyProfiles => ("many profiles share one card or address", 4.0),
            Self::ReceiptAgain => ("the receipt was used before", 15.0),
        }
    }
}

/// What is done about it. There is no harsher answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Regard {
    /// As everybody.
    Usual,
    /// A colleague looks before money is paid out.
    Ask,
}

/// How a cohort's customers differ: units of belief behind one customer's expected rate.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Cohort {
    /// From few (very different customers) to many (all alike).
    pub size: f64,
}

impl Cohort {
    /// From many customers' records: how far returns spread around what purchases explain, beyond chance,
    /// $\rho=\frac{\sum(r-e)^2-\sum np(1-p)}{\sum n(n-1)p(1-p)}$ and size $1/\rho-1$. The hundredth part with the oddest records
    /// is left out: abuse must not make itself look usual.
    pub fn of<'a>(records: impl IntoIterator<Item = &'a Record>) -> Self {
        // Per record: distance from chance, squared beyond chance, what a spread of one would add.
        let part = |record: &Record| {
            let (n, p) = (record.bought, record.expected / record.bought);
            let chance = n * p * (1.0 - p);
            let squared = (record.back - record.expected) * (record.back - record.expected);
            (squared / chance, squared - chance, (n - 1.0) * chance)
        };
        let known = |record: &&Record| record.bought >= 2.0 && record.expected > 0.0 && record.expected < record.bought;
        let mut parts: Vec<(f64, f64, f64)> = records.into_iter().filter(known).map(part).collect();
        parts.retain(|part| part.0.is_finite() && part.2.is_finite());
        parts.sort_by(|a, b| a.0.total_cmp(&b.0));
        parts.truncate(parts.len() - parts.len() / 100);
        let sum = parts.iter().fold((0.0, 0.0), |sum, part| (sum.0 + part.1, sum.1 + part.2));
        // Without enough to tell by, customers differ a good deal.
        let size = if sum.1 > 0.0 { 1.0 / (sum.0 / sum.1).clamp(1e-3, 0.5) - 1.0 } else { 20.0 };
        Self { size: size.clamp(2.0, 1_000.0) }
    }

    fn usual(&self, record: &Record) -> Beta {
        let rate = (record.expected / record.bought).clamp(1e-4, 0.9);
        Beta { a: rate * self.size, b: (1.0 - rate) * self.size }
    }

    /// How often a usual customer with these purchases brings back as much: the smaller, the odder.
    pub fn tail(&self, record: &Record) -> f64 {
        let (trials, back) = counts(record);
        if trials == 0 { 1.0 } else { BetaBinomial { rate: self.usual(record), trials }.tail(back) }
    }

    /// $\ln\frac{P(\text{back}|\text{abuser})}{P(\text{back}|\text{usual})}$; never in favour of a charge for returning little.
    fn excess(&self, record: &Record) -> f64 {
        let (trials, back) = counts(record);
        if trials == 0 || record.back <= record.expected {
            return 0.0;
        }
        let usual = self.usual(record);
        let odds = TIMES * usual.a / usual.b;
        let rate = odds / (1.0 + odds);
        let abuser = Beta { a: rate * ABUSER_SIZE, b: (1.0 - rate) * ABUSER_SIZE };
        let of = |rate| BetaBinomial { rate, trials }.at(back).max(1e-300);
        (ln(of(abuser)) - ln(of(usual))).clamp(-EXCESS_MAX, EXCESS_MAX)
    }
}

/// Whole units, at most a hundred thousand.
fn counts(record: &Record) -> (u32, u32) {
    let whole = |units: f64| if units.is_finite() { units.round().clamp(0.0, 1e5) as u32 } else { 0 };
    let trials = whole(record.bought);
    (trials, whole(record.back).min(trials))
}

/// How a customer is regarded: a colleague is asked when abuse is likelier than `ask_above` and more than `limit` minor
/// units came back. Signs are each counted once.
pub fn regard(record: &Record, cohort: &Cohort, signs: &[Sign], ask_above: f64, limit: f64) -> Proposal<Regard> {
    let mut terms = vec![
        Term { name: "how rare abuse is", input: PRIOR, adds: logit(PRIOR) },
        Term {
            name: "brought back beyond what was bought explains",
            input: record.back - record.expected,
            adds: cohort.excess(record),
        },
    ];
    let mut seen: Vec<Sign> = Vec::new();
    for sign in signs {
        if !seen.contains(sign) {
            seen.push(*sign);
            let (name, ratio) = sign.weight();
            terms.push(Term { name, input: 1.0, adds: ln(ratio) });
        }
    }
    let score: f64 = terms.iter().map(|term| term.adds).sum();
    let likely = sigmoid(score) >= ask_above && record.value > limit;
    let action = if likely { Regard::Ask } else { Regard::Usual };
    let sure = if likely { sigmoid(score) } else { 1.0 - sigmoid(score) };
    let mut reasons = Reasons::of(terms, Confidence::new(sure));
    let needed = logit(ask_above);
    let other = if likely { "treat as everybody" } else { "ask a colleague" };
    reasons.runner_up = Some(RunnerUp { what: other.to_owned(), score: needed });
    reasons.flip = Some(Flip { input: "how rare abuse is", from: PRIOR, to: sigmoid(logit(PRIOR) + needed - score) });
    Proposal { action, reasons, undo: "treat the customer as everybody; nothing was refused" }
}

/// The probability behind a regard.
pub fn probability(record: &Record, cohort: &Cohort, signs: &[Sign]) -> f64 {
    let odds = exp(regard(record, cohort, signs, 0.5, 0.0).reasons.score);
    odds / (1.0 + odds)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const COHORT: Cohort = Cohort { size: 20.0 };

    fn record(bought: f64, expected: f64, back: f64) -> Record {
        Record { bought, expected, back, value: 50_000.0 }
    }

    #[test]
    fn who_returns_what_was_to_be_expected_is_as_everybody_however_much_it_is() {
        // Dresses come back half of the time: thirty of sixty is nothing.
        let told = regard(&record(60.0, 30.0, 30.0), &COHORT, &[], 0.5, 10_000.0);
        assert_eq!(told.action, Regard::Usual);
        assert!((told.reasons.score - logit(PRIOR)).abs() < 1e-12);
    }

    #[test]
    fn an_excess_and_a_sign_together_ask_a_colleague_but_not_for_little_money() {
        let odd = record(40.0, 3.0, 32.0);
        assert_eq!(regard(&odd, &COHORT, &[Sign::EmptyBox], 0.5, 10_000.0).action, Regard::Ask);
        assert_eq!(regard(&odd, &COHORT, &[Sign::EmptyBox], 0.5, 60_000.0).action, Regard::Usual);
        assert!(COHORT.tail(&odd) < 1e-4);
        let twice = regard(&odd, &COHORT, &[Sign::EmptyBox, Sign::EmptyBox], 0.5, 0.0);
        assert_eq!(twice.reasons.score, regard(&odd, &COHORT, &[Sign::EmptyBox], 0.5, 0.0).reasons.score);
    }

    #[test]
    fn a_customer_of_whom_nothing_is_known_is_as_everybody() {
        let told = regard(&Record::default(), &COHORT, &[], 0.5, 0.0);
        assert_eq!(told.action, Regard::Usual);
        assert_eq!(COHORT.tail(&Record::default()), 1.0);
    }

    proptest! {
        #[test]
        fn no_record_breaks_it_and_more_returns_never_look_better(bought in 0.0..300.0_f64, rate in 0.0..0.9_f64, odd in any::<f64>()) {
            let of = |back: f64| probability(&record(bought, bought * rate, back), &COHORT, &[]);
            let expected = bought * rate;
            prop_assert!(of(expected) <= of(bought) + 1e-12);
            let strange = regard(&record(odd, odd, odd), &COHORT, &[], odd, odd);
            prop_assert!(strange.reasons.score.is_finite());
        }
    }
}
