//! Answers: what to offer with this cart, with everything that a person or a rule needs to judge it.

use std::collections::BTreeMap;

use model::{Instant, ItemId, LocationId, Money};
use stats::num::{exp, ln, ln_1p};

use super::habit::Buyer;
use super::rank::{Asking, Learnt, Ranked};
use super::{Kind, Offers};
use crate::{Confidence, Flip, Proposal, Reasons, RunnerUp, Term};

/// Candidates that are weighed by what they are worth.
const WEIGHED: usize = 200;
/// Offers of one product type at a time.
const OF_A_KIND: usize = 2;
/// How much a known customer's habit counts, in the unit of the score. Believed, not measured (docs/minds/offers.md).
const HABIT: f64 = 1.0;

const WORTH: &str = "earns its margin";
const STAYS: &str = "seldom comes back";
const HABITUAL: &str = "is bought by this customer";

/// What is asked.
#[derive(Clone, Debug, PartialEq)]
pub struct Question<'a> {
    /// What is in the cart, or was looked at, in that order.
    pub trail: &'a [ItemId],
    /// For whom, when that is known.
    pub buyer: Option<Buyer>,
    /// From where it must be sold; `None` = from anywhere.
    pub location: Option<LocationId>,
    /// When.
    pub now: Instant,
    /// What a rule forbids.
    pub barred: &'a [ItemId],
    /// How many offers.
    pub most: usize,
}

/// Show this item beside the cart.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Offer {
    /// Which.
    pub item: ItemId,
}

struct Weighed {
    item: ItemId,
    score: f64,
    terms: Vec<Term>,
    confidence: Confidence,
    value: Option<Money>,
}

impl Offers {
    /// The best offers, best first. Empty when nothing that is in stock and may be offered speaks for itself.
    ///
    /// Only what can be sold now is offered, nothing at a loss, nothing barred, at most two of a product type, and no
    /// durable again within its gap. The order is by expected margin where every margin is known; where one is not, it
    /// counts as the middle one of the others and the offer tells no value.
    pub fn offers(&self, question: &Question, asking: &mut Asking) -> Vec<Proposal<Offer>> {
        let unlearnt;
        let learnt = match &self.learnt {
            Some(learnt) => learnt,
            None => {
                unlearnt = Learnt::nothing(Kind::Cart);
                &unlearnt
            }
        };
        let trail: Vec<u32> = question.trail.iter().filter_map(|item| self.trails.number(*item)).collect();
        let ranked = learnt.rank(&self.trails, &trail, WEIGHED, asking).to_vec();
        let usual = self.usual_margin(&ranked);
        let mut weighed: Vec<Weighed> = ranked
            .iter()
            .filter_map(|one| self.weigh(question, learnt, learnt.terms(asking, one, trail.len()), one, usual))
            .collect();
        weighed.sort_by(|a, b| b.score.total_cmp(&a.score).then(a.item.cmp(&b.item)));
        self.proposals(weighed, question.most)
    }

    /// One candidate, when it may be offered at all.
    fn weigh(
        &self,
        question: &Question,
        learnt: &Learnt,
        mut terms: Vec<Term>,
        one: &Ranked,
        usual: Option<f64>,
    ) -> Option<Weighed> {
        let item = self.trails.item(one.number)?;
        let margin = self.shelf.margin(item);
        let barred = question.barred.contains(&item) || question.trail.contains(&item) && learnt.kind() == Kind::Cart;
        if barred || !self.shelf.can_sell(item, question.location) || margin.is_some_and(|margin| margin.minor <= 0) {
            return None;
        }
        if let Some(buyer) = question.buyer {
            if self.bought_lately(buyer, item, question.now) {
                return None;
            }
            let often = self.habits.often(buyer, item, question.now);
            terms.push(Term { name: HABITUAL, input: often, adds: HABIT * ln_1p(often) });
        }
        let stays = 1.0 - self.shelf.return_rate(item);
        terms.push(Term { name: STAYS, input: stays, adds: ln(stays) });
        let worth = margin.map(|margin| margin.minor as f64).or(usual);
        terms.extend(worth.map(|worth| Term { name: WORTH, input: worth, adds: ln(worth.max(1.0)) }));
        terms.retain(|term| term.adds != 0.0);
        let score = stats::num::sum(terms.iter().map(|term| term.adds));
        let confidence = learnt.confidence(one.share);
        let value = margin.filter(|_| confidence > Confidence::NONE).map(|margin| Money {
            minor: (margin.minor as f64 * confidence.value() * stays).round() as i64,
            currency: margin.currency,
        });
        score.is_finite().then_some(Weighed { item, score, terms, confidence, value })
    }

    /// The middle of the known margins among the candidates, for those whose margin is not known.
    fn usual_margin(&self, ranked: &[Ranked]) -> Option<f64> {
        let margins = ranked.iter().filter_map(|one| self.shelf.margin(self.trails.item(one.number)?));
        let mut margins: Vec<i64> = margins.map(|margin| margin.minor).filter(|minor| *minor > 0).collect();
        margins.sort_unstable();
        margins.get(margins.len() / 2).map(|minor| *minor as f64)
    }

    fn bought_lately(&self, buyer: Buyer, item: ItemId, now: Instant) -> bool {
        let gap = self.shelf.goods(item).and_then(|goods| goods.again_after_days);
        let since = self.habits.days_since(buyer, item, now);
        gap.zip(since).is_some_and(|(gap, since)| since < f64::from(gap))
    }

    fn proposals(&self, weighed: Vec<Weighed>, most: usize) -> Vec<Proposal<Offer>> {
        let mut of_kind: BTreeMap<&str, usize> = BTreeMap::new();
        let mut chosen: Vec<&Weighed> = Vec::new();
        for one in &weighed {
            let kind = self.shelf.goods(one.item).and_then(|goods| goods.kind.as_deref());
            let full = kind.is_some_and(|kind| {
                let count = of_kind.entry(kind).or_default();
                *count += 1;
                *count > OF_A_KIND
            });
            if !full {
                chosen.push(one);
            }
            // One more, so that the last one has a runner-up.
            if chosen.len() > most {
                break;
            }
        }
        let next = |place: usize| chosen.get(place + 1).copied();
        chosen.iter().take(most).enumerate().map(|(place, one)| proposal(one, next(place))).collect()
    }
}

fn proposal(one: &Weighed, next: Option<&Weighed>) -> Proposal<Offer> {
    let mut reasons = Reasons::of(one.terms.clone(), one.confidence);
    reasons.value = one.value;
    reasons.runner_up = next.map(|next| RunnerUp { what: format!("offer {}", next.item), score: next.score });
    reasons.flip = next.and_then(|next| flip(one, next));
    Proposal {
        action: Offer { item: one.item },
        reasons,
        undo: "take the offer off the screen; nothing was promised, reserved or priced",
    }
}

/// How far the margin would have to fall for the next one to be offered instead; without a margin, how far the strongest
/// evidence would.
fn flip(one: &Weighed, next: &Weighed) -> Option<Flip> {
    let gap = one.score - next.score;
    if let Some(term) = one.terms.iter().find(|term| term.name == WORTH) {
        return Some(Flip { input: term.name, from: term.input, to: term.input * exp(-gap) });
    }
    let strongest =
        one.terms.iter().filter(|term| term.input != 0.0).max_by(|a, b| a.adds.abs().total_cmp(&b.adds.abs()))?;
    let weight = strongest.adds / strongest.input;
    Some(Flip { input: strongest.name, from: strongest.input, to: strongest.input - gap / weight })
}
