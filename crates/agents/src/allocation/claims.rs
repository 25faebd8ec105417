//! Who gets a unit that several want. Called when an order cannot be kept in full, and before a last unit is promised.

use model::{Currency, Money};

use crate::{Confidence, Flip, Proposal, Reasons, RunnerUp, Term};

/// A claim on a scarce item at a location; money in any one unit, minor units in the product.
#[derive(Clone, Debug, PartialEq)]
pub struct Claim {
    /// Order, reservation or channel, by a number of the caller's.
    pub id: u64,
    /// Units.
    pub units: u32,
    /// Class of the policy; a smaller one goes first whatever it is worth.
    pub class: u32,
    /// Margin kept by granting a unit; `None` = nobody knows.
    pub margin: Option<f64>,
    /// Cost of refusing a unit: apology, good will, refund.
    pub refused: f64,
    /// Cost of getting a unit from the cheapest other place; `None` = there is none.
    pub elsewhere: Option<f64>,
    /// The goods are gone already: a till sale always stands.
    pub gone: bool,
}

impl Claim {
    /// What is lost with a unit that is not granted: its other source, or margin and good will, whichever is less.
    pub fn regret(&self) -> f64 {
        let sound = |value: f64| if value.is_finite() { value.max(0.0) } else { 0.0 };
        let refused = sound(self.margin.unwrap_or(0.0)) + sound(self.refused);
        self.elsewhere.map_or(refused, |cost| refused.min(if cost.is_nan() { refused } else { cost.max(0.0) }))
    }
}

/// What becomes of a claim.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Grant {
    /// Whose.
    pub id: u64,
    /// Units it gets here.
    pub granted: u32,
    /// Units it gets from its other place, at once.
    pub elsewhere: u32,
    /// Units it is told it will not get.
    pub refused: u32,
}

/// Shares out so many units: what is gone is gone, then by class, then where most is lost else, then by the smaller id.
/// Grants come in the order of the claims. More units are never granted than there are, except to what is gone already.
pub fn grant(claims: &[Claim], units: u32, currency: Option<Currency>) -> Vec<Proposal<Grant>> {
    let mut order: Vec<usize> = (0..claims.len()).collect();
    order.sort_by(|a, b| {
        let (one, other) = (&claims[*a], &claims[*b]);
        let rank = |claim: &Claim| (!claim.gone, if claim.gone { 0 } else { claim.class });
        rank(one)
            .cmp(&rank(other))
            .then(other.regret().total_cmp(&one.regret()))
            .then(one.id.cmp(&other.id))
            .then(a.cmp(b))
    });
    let mut left = units;
    let mut granted = vec![0; claims.len()];
    for at in &order {
        let claim = &claims[*at];
        granted[*at] = if claim.gone { claim.units } else { claim.units.min(left) };
        left = left.saturating_sub(granted[*at]);
    }
    let one = |(at, claim): (usize, &Claim)| {
        let place = order.iter().position(|other| *other == at).unwrap_or(0);
        // Who is next to get, or who got last, decides how far this claim was from the other side.
        let got = |at: &&usize| granted[**at] > 0 && !claims[**at].gone;
        let lost = |at: &&usize| granted[**at] < claims[**at].units;
        let rival =
            if granted[at] > 0 { order[place + 1..].iter().find(lost) } else { order[..place].iter().rev().find(got) };
        propose(claim, granted[at], rival.map(|at| &claims[*at]), currency)
    };
    claims.iter().enumerate().map(one).collect()
}

fn propose(claim: &Claim, granted: u32, rival: Option<&Claim>, currency: Option<Currency>) -> Proposal<Grant> {
    let short = claim.units - granted;
    let from_elsewhere = claim.elsewhere.is_some_and(|cost| cost <= claim.margin.unwrap_or(0.0) + claim.refused);
    let elsewhere = if from_elsewhere { short } else { 0 };
    let grant = Grant { id: claim.id, granted, elsewhere, refused: short - elsewhere };
    let regret = claim.regret();
    let terms = vec![Term { name: "lost with each unit refused", input: f64::from(claim.units), adds: regret }];
    // Without a margin nobody knows what is lost: a person is asked. Else the rule is sure of itself.
    let sure = claim.gone || claim.margin.is_some() && rival.is_none_or(|rival| rival.margin.is_some());
    let mut reasons = Reasons::of(terms, if sure { Confidence::new(1.0) } else { Confidence::NONE });
    if let Some(rival) = rival {
        reasons.runner_up = Some(RunnerUp { what: format!("claim {}", rival.id), score: rival.regret() });
        if rival.class == claim.class && !claim.gone {
            reasons.flip = Some(Flip { input: "lost with each unit refused", from: regret, to: rival.regret() });
        }
    }
    let kept = regret * f64::from(granted);
    reasons.value = currency.map(|currency| Money { minor: kept.round() as i64, currency });
    Proposal { action: grant, reasons, undo: "share the units out again" }
}
