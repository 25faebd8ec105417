//! What goes wrong between a platform and a hub, as a set of knobs. Pure: the dice are passed in.

use std::str::FromStr;

use crate::EmulatorError;
use crate::machine::{Act, Dice, Millis};

/// How many of a million things a fault hits when nothing else is said: one in a hundred.
pub const PER_MILLION: u32 = 10_000;

/// One kind of fault.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(usize)]
pub enum Fault {
    /// A webhook is delivered twice, with the same delivery id.
    Duplicate,
    /// A webhook is held back behind later ones.
    Reorder,
    /// A webhook comes seconds late.
    Delay,
    /// A webhook never comes.
    Drop,
    /// A till was offline: a sale is uploaded long after it was rung up.
    Late,
    /// The API says 'too many requests'.
    TooMany,
    /// The API fails with status 500, half the time after the call took effect.
    Broken,
    /// The API closes the connection without an answer, half the time after the call took effect.
    Timeout,
    /// A webhook's body is cut short, so that its signature does not match. The retry carries all of it.
    Truncate,
    /// The platform's clock is off by up to two minutes.
    Skew,
    /// Now and then all webhook subscriptions are gone.
    Unsubscribe,
}

const ALL: [(Fault, &str); 11] = [
    (Fault::Duplicate, "duplicate"),
    (Fault::Reorder, "reorder"),
    (Fault::Delay, "delay"),
    (Fault::Drop, "drop"),
    (Fault::Late, "late"),
    (Fault::TooMany, "429"),
    (Fault::Broken, "500"),
    (Fault::Timeout, "timeout"),
    (Fault::Truncate, "truncate"),
    (Fault::Skew, "skew"),
    (Fault::Unsubscribe, "unsubscribe"),
];

/// What a fault does to one API call.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CallFault {
    /// Nothing: the platform answers.
    None,
    /// The call is not looked at; the answer is 'too many requests'.
    TooMany,
    /// The call is not looked at; the answer is status 500.
    BrokenBefore,
    /// The call takes effect; the answer is status 500.
    BrokenAfter,
    /// The call is not looked at; there is no answer.
    SilentBefore,
    /// The call takes effect; there is no answer.
    SilentAfter,
}

/// Which faults happen, and how often.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Faults {
    per_million: [u32; ALL.len()],
}

impl Faults {
    /// Nothing goes wrong.
    pub fn none() -> Self {
        Self::default()
    }

    /// These faults, each with this rate. `list` is comma separated; `none` and `all` are lists too.
    ///
    /// # Errors
    ///
    /// [`EmulatorError::UnknownFault`] names the word that is not a fault.
    pub fn parse(list: &str, per_million: u32) -> Result<Self, EmulatorError> {
        let mut faults = Self::none();
        for name in list.split(',').map(str::trim).filter(|name| !name.is_empty()) {
            match (name, ALL.iter().find(|(_, known)| *known == name)) {
                ("none", _) => faults = Self::none(),
                ("all", _) => faults.per_million = [per_million; ALL.len()],
                (_, Some((fault, _))) => faults = faults.with(*fault, per_million),
                (_, None) => {
                    let known = ALL.map(|(_, known)| known).join(",");
                    return Err(EmulatorError::UnknownFault { name: name.to_owned(), known });
                }
            }
        }
        Ok(faults)
    }

    /// The same with one more fault at this rate.
    #[must_use]
    pub fn with(mut self, fault: Fault, per_million: u32) -> Self {
        self.per_million[fault as usize] = per_million;
        self
    }

    /// Names of the faults that can happen, with their rates.
    pub fn listed(&self) -> Vec<(&'static str, u32)> {
        let rates = ALL.iter().map(|(fault, name)| (*name, self.per_million[*fault as usize]));
        rates.filter(|(_, rate)| *rate > 0).collect()
    }

    /// Whether a fault hits this time.
    pub fn hits(&self, fault: Fault, dice: &mut Dice) -> bool {
        let rate = self.per_million[fault as usize];
        // No draw for what is off, so that switching one fault on leaves the draws of the others alone.
        rate > 0 && dice.chance(rate)
    }

    /// What becomes of an API call.
    pub fn on_call(&self, dice: &mut Dice) -> CallFault {
        if self.hits(Fault::TooMany, dice) {
            return CallFault::TooMany;
        }
        if self.hits(Fault::Broken, dice) {
            return if dice.chance(500_000) { CallFault::BrokenAfter } else { CallFault::BrokenBefore };
        }
        if self.hits(Fault::Timeout, dice) {
            return if dice.chance(500_000) { CallFault::SilentAfter } else { CallFault::SilentBefore };
        }
        CallFault::None
    }

    /// What becomes of an act: a till sale may turn out to have been rung up offline, up to half an hour ago.
    pub fn on_act(&self, act: &mut Act, dice: &mut Dice) {
        if let Act::TillSale { offline_ms, .. } = act
            && *offline_ms == 0
            && self.hits(Fault::Late, dice)
        {
            *offline_ms = 60_000 + i64::try_from(dice.below(1_740_000)).unwrap_or(0);
        }
    }

    /// Whether somebody removes all subscriptions now. Asked once per act, and far rarer than its rate says: a hub
    /// that finds out by a timer would otherwise never hear anything.
    pub fn on_subscriptions(&self, dice: &mut Dice) -> bool {
        self.hits(Fault::Unsubscribe, dice) && dice.chance(1_000)
    }

    /// How far the platform's clock is off; the same for a whole run, drawn from its seed.
    pub fn skew(&self, seed: u64) -> Millis {
        if self.per_million[Fault::Skew as usize] == 0 {
            return 0;
        }
        i64::try_from(Dice::new(seed).below(240_001)).unwrap_or(0) - 120_000
    }
}

impl FromStr for Faults {
    type Err = EmulatorError;

    /// A list at the default rate.
    fn from_str(list: &str) -> Result<Self, Self::Err> {
        Self::parse(list, PER_MILLION)
    }
}

#[cfg(test)]
mod tests {
    use super::{CallFault, Fault, Faults};
    use crate::machine::Dice;

    #[test]
    fn a_list_of_names_is_read_and_an_unknown_name_is_refused_with_the_known_ones() {
        let faults = Faults::parse("duplicate, 429", 500).expect("both are faults");
        assert_eq!(faults.listed(), [("duplicate", 500), ("429", 500)]);
        assert_eq!(Faults::parse("all", 1).expect("a list").listed().len(), 11);
        assert_eq!(Faults::parse("all,none", 1).expect("a list"), Faults::none());
        let error = Faults::parse("gremlins", 1).expect_err("not a fault").to_string();
        assert!(error.contains("'gremlins'") && error.contains("unsubscribe"), "{error}");
    }

    #[test]
    fn a_fault_hits_as_often_as_its_rate_says() {
        let faults = Faults::none().with(Fault::Drop, 100_000);
        let mut dice = Dice::new(7);
        let hits = (0..100_000).filter(|_| faults.hits(Fault::Drop, &mut dice)).count();
        assert!((9_000..11_000).contains(&hits), "{hits} of 100,000 at a rate of one in ten");
    }

    #[test]
    fn calls_fail_before_and_after_they_took_effect() {
        let faults = Faults::none().with(Fault::Broken, 1_000_000);
        let mut dice = Dice::new(1);
        let seen: Vec<CallFault> = (0..64).map(|_| faults.on_call(&mut dice)).collect();
        assert!(seen.contains(&CallFault::BrokenBefore) && seen.contains(&CallFault::BrokenAfter));
    }

    #[test]
    fn the_clock_is_off_by_the_same_amount_for_a_whole_run() {
        let faults = Faults::none().with(Fault::Skew, 1);
        assert_eq!(faults.skew(5), faults.skew(5));
        assert!(faults.skew(5).abs() <= 120_000 && faults.skew(5) != faults.skew(6));
        assert_eq!(Faults::none().skew(5), 0);
    }
}
