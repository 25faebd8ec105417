//! Why a plan was chosen, in terms that add up to its cost, and how often so clear a choice stood. Called by the desk.

use minicbor::{Decode, Encode};
use model::Money;

use super::{Cost, Found, Plan, Wanted};
use crate::{Confidence, Flip, Proposal, Reasons, RunnerUp, Term};

/// Bands of how clear a choice is: the runner-up costs less than so much more, relative to the plan.
const BANDS: [f64; 5] = [0.005, 0.02, 0.05, 0.15, 0.5];

/// For each band how often a plan of its kind stood until it was released, and how many there were.
#[derive(Clone, Debug, Default, PartialEq, Encode, Decode)]
pub(super) struct Odds {
    #[n(0)]
    bands: Vec<(f64, f64)>,
}

impl Odds {
    pub(super) fn learn(&mut self, band: u32, stood: bool) {
        self.bands.resize(BANDS.len() + 1, (0.0, 0.0));
        if let Some((kept, of)) = self.bands.get_mut(band as usize) {
            *kept += f64::from(u8::from(stood));
            *of += 1.0;
        }
    }

    /// Share that stood, from an even start.
    fn of(&self, band: u32) -> f64 {
        let (kept, of) = self.bands.get(band as usize).copied().unwrap_or_default();
        (kept + 1.0) / (of + 2.0)
    }
}

/// How clear the choice is.
pub(super) fn band(found: &Found) -> u32 {
    let cost = found.best.cost.priced().max(1e-9);
    let ahead = found.second.as_ref().map_or(f64::INFINITY, |second| second.cost.priced() / cost - 1.0);
    BANDS.iter().filter(|edge| ahead >= **edge).count() as u32
}

/// The plan with its reasons. Scores are costs: the smaller, the better.
pub(super) fn proposal(order: &Wanted, found: &Found, odds: &Odds) -> Proposal<Plan> {
    let plan = &found.best;
    // Nobody can ship anything: there is nothing to be sure of.
    let nothing = plan.shipments.is_empty();
    let confidence = if nothing { Confidence::NONE } else { Confidence::new(odds.of(band(found))) };
    let mut reasons = Reasons::of(terms(plan), confidence);
    if let Some(second) = &found.second {
        let ahead = second.cost.priced() - plan.cost.priced();
        let distance = plan.cost.distance;
        reasons.runner_up = Some(RunnerUp { what: words(second), score: second.cost.priced() });
        reasons.flip = Some(Flip { input: DISTANCE, from: distance, to: distance + ahead });
    }
    let saved = order.penalty * order.units() - plan.cost.paid();
    // A float cast holds at the largest amount.
    reasons.value = order.currency.map(|currency| Money { minor: saved.round() as i64, currency });
    let undo = "put its units back and plan it again";
    Proposal { action: plan.clone(), reasons, undo }
}

const DISTANCE: &str = "the way to the customer";

fn terms(plan: &Plan) -> Vec<Term> {
    let Cost { fixed, distance, picking, shelves, unfilled, opportunity } = plan.cost;
    let km = stats::num::sum(plan.shipments.iter().map(|shipment| shipment.km));
    let picked =
        plan.shipments.iter().flat_map(|shipment| &shipment.picks).map(|(_, parts)| super::plan::units(*parts));
    let units = stats::num::sum(picked);
    vec![
        Term { name: "shipments", input: plan.shipments.len() as f64, adds: fixed },
        Term { name: DISTANCE, input: km, adds: distance },
        Term { name: "picking", input: units, adds: picking },
        Term { name: "what the shelves lose", input: units, adds: shelves },
        Term { name: "units nobody can ship", input: super::plan::units(plan.unfilled), adds: unfilled },
        Term { name: "what orders still to come would lose", input: units, adds: opportunity },
    ]
}

fn words(plan: &Plan) -> String {
    match &plan.shipments[..] {
        [] => "ship nothing".to_owned(),
        all => {
            let from: Vec<String> = all.iter().map(|shipment| shipment.location.to_string()).collect();
            format!("ship from {}", from.join(" and "))
        }
    }
}
