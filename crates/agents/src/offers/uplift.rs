//! Who is moved by a message: the difference between two models, one of people who got it and one of people who, by
//! chance, did not (Radcliffe 2007). A message is worth sending when that difference earns more than it costs.

use stats::{Logistic, LogisticError};

/// Penalty of both models.
const PENALTY: f64 = 10.0;

/// One person of an experiment.
#[derive(Clone, Debug, PartialEq)]
pub struct Treated {
    /// What was known before.
    pub features: Vec<f64>,
    /// Whether the message was sent, by a draw that knew nothing of the person.
    pub sent: bool,
    /// Whether what was hoped for happened.
    pub happened: bool,
}

/// Both models.
#[derive(Clone, Debug, PartialEq)]
pub struct Uplift {
    with: Logistic,
    without: Logistic,
}

impl Uplift {
    /// Learns from an experiment.
    ///
    /// # Errors
    /// When one side has nobody, or people have different numbers of features.
    pub fn fit(people: &[Treated]) -> Result<Self, LogisticError> {
        let side = |sent: bool| {
            let here = people.iter().filter(|person| person.sent == sent);
            let (rows, labels): (Vec<Vec<f64>>, Vec<bool>) =
                here.map(|person| (person.features.clone(), person.happened)).unzip();
            Logistic::fit(&rows, &labels, PENALTY)
        };
        Ok(Self { with: side(true)?, without: side(false)? })
    }

    /// By how much the message raises the chance, between -1 and 1; below zero it does harm.
    pub fn of(&self, features: &[f64]) -> f64 {
        self.with.probability(features) - self.without.probability(features)
    }
}

/// A message that could be sent.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Message {
    /// By how much it raises the chance of an order.
    pub uplift: f64,
    /// What an order earns, in minor units.
    pub earns: f64,
    /// What sending costs, with what the annoyance is thought to cost, in minor units.
    pub costs: f64,
    /// Whether the person allowed messages.
    pub consent: bool,
    /// Messages already sent to the person in the period of the cap.
    pub sent: u32,
    /// The cap.
    pub cap: u32,
}

/// What sending is expected to earn, in minor units, when it may be sent and earns anything; otherwise it is not sent.
pub fn worth_sending(message: &Message) -> Option<f64> {
    let earned = message.uplift * message.earns - message.costs;
    (message.consent && message.sent < message.cap && earned.is_finite() && earned > 0.0).then_some(earned)
}

#[cfg(test)]
mod tests {
    use super::*;
    use stats::dice::Dice;

    #[test]
    fn those_who_are_moved_are_told_from_those_who_would_have_come_anyway() {
        let mut dice = Dice::seeded(6);
        // The first feature moves the effect, the second only the base rate.
        let people: Vec<Treated> = (0..20_000)
            .map(|_| {
                let (moved, loyal, sent) = (dice.happens(0.5), dice.happens(0.5), dice.happens(0.5));
                let chance = 0.1 + if loyal { 0.3 } else { 0.0 } + if moved && sent { 0.2 } else { 0.0 };
                let features = vec![f64::from(u8::from(moved)), f64::from(u8::from(loyal))];
                Treated { features, sent, happened: dice.happens(chance) }
            })
            .collect();
        let uplift = Uplift::fit(&people).expect("both sides");
        assert!((uplift.of(&[1.0, 0.0]) - 0.2).abs() < 0.05, "{}", uplift.of(&[1.0, 0.0]));
        assert!(uplift.of(&[0.0, 1.0]).abs() < 0.05, "{}", uplift.of(&[0.0, 1.0]));
        assert!(Uplift::fit(&people.iter().filter(|person| person.sent).cloned().collect::<Vec<_>>()).is_err());
    }

    #[test]
    fn nothing_is_sent_without_consent_beyond_the_cap_or_at_a_loss() {
        let good = Message { uplift: 0.01, earns: 2_000.0, costs: 5.0, consent: true, sent: 0, cap: 2 };
        assert_eq!(worth_sending(&good), Some(15.0));
        for bad in [
            Message { consent: false, ..good },
            Message { sent: 2, ..good },
            Message { costs: 20.0, ..good },
            Message { uplift: f64::NAN, ..good },
        ] {
            assert_eq!(worth_sending(&bad), None);
        }
    }
}
