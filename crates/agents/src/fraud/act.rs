//! What to do about a payment: what each action is expected to cost, and which is cheapest. Rules that people set stand
//! above the score.

use model::{Currency, Money};

use super::Fraud;
use super::payment::Payment;
use super::scorer::total;
use crate::{Confidence, Flip, Proposal, Reasons, RunnerUp};

/// What can be done, the mildest first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Action {
    /// Let it pass.
    Approve,
    /// Ask the customer for a second proof, or a person to look.
    Review,
    /// Refuse it.
    Decline,
}

impl Action {
    /// In a person's words.
    pub fn words(self) -> &'static str {
        match self {
            Self::Approve => "approve",
            Self::Review => "ask for a second proof",
            Self::Decline => "decline",
        }
    }
}

/// What is at stake, in major units of the merchant's currency and shares of the amount.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Stakes {
    /// The currency.
    pub currency: Currency,
    /// What a fraud costs beside the amount (chargeback fee).
    pub fee: f64,
    /// Margin of a genuine sale as a share of its amount.
    pub margin: f64,
    /// What it costs to refuse an honest customer, beside the margin.
    pub goodwill: f64,
    /// What a second proof costs.
    pub review: f64,
    /// Share of frauds that pass a second proof all the same.
    pub missed: f64,
}

impl Stakes {
    /// Usual figures: fee 20, margin 30 %, goodwill 10, review 2, one fraud in five passes it.
    pub fn usual(currency: Currency) -> Self {
        Self { currency, fee: 20.0, margin: 0.3, goodwill: 10.0, review: 2.0, missed: 0.2 }
    }

    /// What an action is expected to cost at a probability of fraud.
    pub fn cost(&self, action: Action, probability: f64, amount: f64) -> f64 {
        match action {
            Action::Approve => probability * (amount + self.fee),
            Action::Review => self.review + probability * self.missed * (amount + self.fee),
            Action::Decline => (1.0 - probability) * (self.margin * amount + self.goodwill),
        }
    }

    /// Actions by expected cost, cheapest first; of equal ones the milder.
    fn ranked(&self, probability: f64, amount: f64) -> [(Action, f64); 3] {
        let mut actions = [Action::Approve, Action::Review, Action::Decline]
            .map(|action| (action, self.cost(action, probability, amount)));
        actions.sort_by(|a, b| a.1.total_cmp(&b.1).then(a.0.cmp(&b.0)));
        actions
    }
}

/// A rule that decides without the score.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Rule {
    /// Customer, terminal or device is on the merchant's list.
    Blocked,
    /// More payments within an hour than people make: somebody tries out cards.
    Velocity {
        /// How many there were, with this one.
        payments: u32,
        /// How many may be.
        most: u32,
    },
}

/// The answer to a payment.
#[derive(Clone, Debug, PartialEq)]
pub struct Answer {
    /// What to do and why.
    pub proposal: Proposal<Action>,
    /// Calibrated probability of fraud; `None` while nothing was learnt.
    pub probability: Option<f64>,
    /// The rule that decided, when one did.
    pub rule: Option<Rule>,
}

impl Answer {
    /// One sentence for a person.
    pub fn sentence(&self) -> String {
        let what = self.proposal.action.words();
        match (self.rule, self.probability) {
            (Some(Rule::Blocked), _) => format!("{what}: it is on the block list"),
            (Some(Rule::Velocity { payments, most }), _) => {
                format!("{what}: {payments} payments within an hour, {most} may be")
            }
            (None, Some(probability)) => {
                format!("{what}: fraud with {:.1} %, {}", probability * 100.0, self.proposal.reasons.sentence(3))
            }
            (None, None) => format!("{what}: nothing was learnt yet"),
        }
    }
}

impl Fraud {
    /// What to do about a payment before it is authorised. Changes nothing. `blocked` = it is on the merchant's list;
    /// `most_per_hour` = payments of one customer or device that are believed within an hour.
    pub fn answer(&self, payment: &Payment, stakes: &Stakes, blocked: bool, most_per_hour: u32) -> Answer {
        let row = self.row(payment);
        if let Some(rule) = self.rule(payment, blocked, most_per_hour) {
            let reasons = Reasons::of(Vec::new(), Confidence::new(1.0));
            return Answer { proposal: proposed(Action::Decline, reasons), probability: None, rule: Some(rule) };
        }
        let (Some(scorer), Some(amount)) = (self.scorer(), payment.sound_amount()) else {
            // Nobody is troubled on no grounds.
            let reasons = Reasons::of(Vec::new(), Confidence::NONE);
            return Answer { proposal: proposed(Action::Approve, reasons), probability: None, rule: None };
        };
        let terms = scorer.terms(&row);
        let probability = scorer.probability(total(&terms));
        let [(action, cost), (next, next_cost), _] = stakes.ranked(probability, amount);
        let sure = match action {
            Action::Approve => 1.0 - probability,
            Action::Review | Action::Decline => probability,
        };
        let mut reasons = Reasons::of(terms, Confidence::new(sure));
        reasons.runner_up = Some(RunnerUp { what: next.words().to_owned(), score: -next_cost });
        reasons.value = in_money(stakes.cost(Action::Approve, probability, amount) - cost, stakes.currency);
        reasons.flip = self.flip(payment, &row, &reasons, action, stakes);
        Answer { proposal: proposed(action, reasons), probability: Some(probability), rule: None }
    }

    fn rule(&self, payment: &Payment, blocked: bool, most: u32) -> Option<Rule> {
        if blocked {
            return Some(Rule::Blocked);
        }
        let within = |place: usize| payment.keys()[place].and_then(|key| self.tracks[place].get(&key));
        let busiest = [within(0), within(2)].into_iter().flatten().map(|track| track.hours(payment.at.0, 1)).max();
        let payments = busiest.unwrap_or(0).saturating_add(1);
        (payments > most).then_some(Rule::Velocity { payments, most })
    }

    /// The nearest amount that would have decided otherwise, with all that follows from it; when none would, the input
    /// among the weightiest whose smallest change alone would.
    fn flip(
        &self,
        payment: &Payment,
        row: &[f32],
        reasons: &Reasons,
        decided: Action,
        stakes: &Stakes,
    ) -> Option<Flip> {
        let scorer = self.scorer()?;
        let own = payment.sound_amount()?;
        let action = |row: &[f32], amount| stakes.ranked(scorer.probability(scorer.score(row)), amount)[0].0;
        let other = |amount: f64| {
            let asked = Payment { amount, ..*payment };
            action(&self.row(&asked), amount) != decided
        };
        if let Some(amount) = scorer.amounts_from(own).into_iter().find(|amount| other(*amount)) {
            return Some(Flip { input: super::name(0), from: own, to: amount });
        }
        let weightiest: Vec<usize> = reasons
            .terms
            .iter()
            .take(6)
            .filter_map(|term| (0..row.len()).find(|feature| super::name(*feature) == term.name))
            .collect();
        let (feature, value) = scorer.nearest(row, &weightiest, |row| action(row, own) != decided)?;
        Some(Flip { input: super::name(feature), from: f64::from(row[feature]), to: f64::from(value) })
    }
}

fn proposed(action: Action, reasons: Reasons) -> Proposal<Action> {
    let undo = match action {
        Action::Approve => "refund the payment and call back the goods",
        Action::Review => "let it pass without the proof",
        Action::Decline => "let the customer pay again; the next answer is not bound by this one",
    };
    Proposal { action, reasons, undo }
}

fn in_money(major: f64, currency: Currency) -> Option<Money> {
    let minor = (major * stats::num::pow(10.0, f64::from(currency.decimals()))).round();
    (minor.abs() < 9e15).then_some(Money { minor: minor as i64, currency })
}
