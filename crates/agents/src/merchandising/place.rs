//! Where an item stands on a page, and why.

use minicbor::{Decode, Encode};
use stats::dist::Count;

use crate::{Confidence, Flip, Proposal, Reasons, RunnerUp, Term};

/// Demand of a day has so much more variance than mean; items differ little in it.
const DISPERSION: f64 = 1.5;
/// Below this part of its sizes and colours a product is broken.
const BROKEN: f64 = 0.5;
/// Likelier than this to be out of stock within a day: shown less.
const SOON: f64 = 0.5;

/// What is known of an item on one shop.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Seen {
    /// Units a day while it can be bought.
    pub rate: f64,
    /// Days of exposure behind the rate.
    pub days: f64,
    /// Units that can be sold.
    pub available: f64,
    /// What a unit earns, in major units; `None` = the cost is not known.
    pub margin: Option<f64>,
    /// Of its product's sizes and colours, the part that can be bought.
    pub sizes: f64,
}

/// What people set for a shop.
#[derive(Clone, Copy, Debug, PartialEq, Encode, Decode)]
pub struct Shop {
    /// $\theta$: 0 ranks by units, 1 by money earned; kept within −10 and 10.
    #[n(0)]
    pub theta: f64,
    /// Whether what is sold out is hidden.
    #[n(1)]
    pub hides_sold_out: bool,
    /// A person's word, which overrides.
    #[n(2)]
    pub pinned: bool,
}

/// Where it goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Place {
    /// First, because a person said so.
    Pinned,
    /// By its score.
    Ranked,
    /// After everything that can be had: soon gone, or sizes broken.
    Last,
    /// Not at all.
    Hidden,
}

/// Where an item goes on a shop. Its score is $\ln(\hat\lambda)+\theta\ln(\text{margin})$, so that its terms add up.
pub fn place(seen: &Seen, shop: &Shop) -> Proposal<Place> {
    let number = |value: f64| if value.is_finite() { value } else { 0.0 };
    let (rate, theta) = (number(seen.rate).max(0.0), number(shop.theta).clamp(-10.0, 10.0));
    let gone = gone(rate, number(seen.available));
    let action = match () {
        () if shop.pinned => Place::Pinned,
        () if number(seen.available) <= 0.0 && shop.hides_sold_out => Place::Hidden,
        () if number(seen.available) <= 0.0 || gone > SOON || seen.sizes < BROKEN => Place::Last,
        () => Place::Ranked,
    };
    let mut terms = vec![Term {
        name: "sold on a day on which it can be bought",
        input: rate,
        adds: stats::num::ln(rate.max(1e-6)),
    }];
    if let (Some(margin), true) = (seen.margin.filter(|margin| *margin > 0.0 && margin.is_finite()), theta != 0.0) {
        terms.push(Term { name: "earned on a unit", input: margin, adds: theta * stats::num::ln(margin) });
    }
    // Without a day of exposure nothing is known; by a month it is known well.
    let known = number(seen.days).max(0.0);
    let mut reasons = Reasons::of(terms, Confidence::new(known / (known + 7.0)));
    reasons.runner_up =
        Some(RunnerUp { what: if action == Place::Ranked { "last" } else { "by its score" }.to_owned(), score: 0.0 });
    reasons.flip = flip(action, rate, number(seen.available));
    Proposal { action, reasons, undo: "pin it, or show it as before" }
}

/// The rate at which an item is as likely as not gone within a day, by halves.
fn flip(action: Place, rate: f64, available: f64) -> Option<Flip> {
    let decides = matches!(action, Place::Ranked | Place::Last) && (1.0..1e9).contains(&available);
    let (mut low, mut high) = (0.0, 2.0 * available + 2.0);
    for _ in 0..60 {
        let middle = (low + high) / 2.0;
        if gone(middle, available) > SOON { high = middle } else { low = middle }
    }
    decides.then_some(Flip { input: "sold on a day on which it can be bought", from: rate, to: high })
}

/// The chance that everything available is wanted within a day.
fn gone(rate: f64, available: f64) -> f64 {
    1.0 - Count::new(rate, DISPERSION).cdf((available.max(1.0) - 1.0).floor() as u64)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const SHOP: Shop = Shop { theta: 0.5, hides_sold_out: true, pinned: false };

    fn seen(rate: f64, available: f64) -> Seen {
        Seen { rate, days: 30.0, available, margin: Some(4.0), sizes: 1.0 }
    }

    #[test]
    fn what_is_soon_gone_or_broken_goes_last_what_is_gone_is_hidden_and_a_pin_overrides() {
        let of = |seen: Seen, shop: Shop| place(&seen, &shop).action;
        assert_eq!(of(seen(3.0, 40.0), SHOP), Place::Ranked);
        assert_eq!(of(seen(10.0, 4.0), SHOP), Place::Last);
        assert_eq!(of(Seen { sizes: 0.4, ..seen(3.0, 40.0) }, SHOP), Place::Last);
        assert_eq!(of(seen(3.0, 0.0), SHOP), Place::Hidden);
        assert_eq!(of(seen(3.0, 0.0), Shop { hides_sold_out: false, ..SHOP }), Place::Last);
        assert_eq!(of(seen(3.0, 0.0), Shop { pinned: true, ..SHOP }), Place::Pinned);
    }

    #[test]
    fn beyond_the_flip_it_goes_last_and_before_it_it_does_not() {
        let flip = place(&seen(3.0, 12.0), &SHOP).reasons.flip.expect("a rate that would move it");
        assert_eq!(place(&seen(flip.to + 1e-6, 12.0), &SHOP).action, Place::Last);
        assert_eq!(place(&seen(flip.to - 1e-6, 12.0), &SHOP).action, Place::Ranked);
    }

    #[test]
    fn the_score_is_rate_times_margin_to_theta() {
        let told = place(&seen(3.0, 40.0), &SHOP);
        assert!((stats::num::exp(told.reasons.score) - 3.0 * 2.0).abs() < 1e-9);
        assert!(place(&Seen { days: 0.0, ..seen(3.0, 40.0) }, &SHOP).reasons.confidence == Confidence::NONE);
    }

    proptest! {
        #[test]
        fn any_numbers_get_a_place(rate in any::<f64>(), days in any::<f64>(), available in any::<f64>(), margin in any::<f64>(), theta in any::<f64>()) {
            let seen = Seen { rate, days, available, margin: Some(margin), sizes: rate };
            let told = place(&seen, &Shop { theta, ..SHOP });
            prop_assert!(!told.reasons.score.is_nan());
        }
    }
}
