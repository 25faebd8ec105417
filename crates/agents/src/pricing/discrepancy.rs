//! Where channels show different prices for one item, what that costs, and which price should win.

use model::{ChannelId, ItemId, Money};

use crate::{Confidence, Flip, Proposal, Reasons, RunnerUp, Term};

/// More units a day than this are a mistake.
const UNITS_MAX: f64 = 1e9;

/// One channel's price of an item.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Shown {
    /// Which channel.
    pub channel: ChannelId,
    /// As listed.
    pub price: Money,
    /// Whether that includes tax.
    pub tax_inclusive: bool,
    /// Whether a promotion runs there now; compared only with what runs a promotion too.
    pub promoted: bool,
}

/// Bring a channel's price to the wanted one.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Mend {
    /// Which item.
    pub item: ItemId,
    /// Where.
    pub channel: ChannelId,
    /// As it is listed.
    pub from: Money,
    /// As it should be listed there; `None` when a person must say: another currency, or tax that is not known.
    pub to: Option<Money>,
}

/// Every difference above one minor unit from the home channel's price, the costliest first: |Δ| × expected units a day.
/// `tax` is the item's rate (0.2 = 20 %), when known.
pub fn find(item: ItemId, home: &Shown, others: &[Shown], tax: Option<f64>, units_per_day: f64) -> Vec<Proposal<Mend>> {
    let mut found: Vec<Proposal<Mend>> = others
        .iter()
        .filter(|other| other.channel != home.channel && other.promoted == home.promoted)
        .filter_map(|other| compare(item, home, other, tax, units_per_day))
        .collect();
    found.sort_by(|a, b| b.reasons.score.total_cmp(&a.reasons.score).then(a.action.channel.cmp(&b.action.channel)));
    found
}

fn compare(item: ItemId, home: &Shown, other: &Shown, tax: Option<f64>, units_per_day: f64) -> Option<Proposal<Mend>> {
    let undo = "set the channel's price back to what it listed";
    let Some(wanted) = as_listed_by(home, other, tax) else {
        let action = Mend { item, channel: other.channel, from: other.price, to: None };
        return Some(Proposal { action, reasons: Reasons::of(Vec::new(), Confidence::NONE), undo });
    };
    let off = i128::from(other.price.minor) - i128::from(wanted.minor);
    if off.abs() <= 1 {
        return None;
    }
    let units = if units_per_day.is_nan() { 0.0 } else { units_per_day.clamp(0.0, UNITS_MAX) };
    let cost = off.unsigned_abs() as f64 * units;
    let term = Term { name: "off by so many minor units, on every unit of a day", input: off as f64, adds: cost };
    let mut reasons = Reasons::of(vec![term], Confidence::new(1.0));
    reasons.runner_up = Some(RunnerUp { what: format!("the home channel takes {} over", other.price), score: 0.0 });
    reasons.flip = Some(Flip {
        input: "off by so many minor units, on every unit of a day",
        from: off as f64,
        to: off.signum() as f64,
    });
    reasons.value = Some(Money { minor: cost.round() as i64, currency: wanted.currency });
    Some(Proposal { action: Mend { item, channel: other.channel, from: other.price, to: Some(wanted) }, reasons, undo })
}

/// The home price as the other channel would list it.
fn as_listed_by(home: &Shown, other: &Shown, tax: Option<f64>) -> Option<Money> {
    if home.price.currency != other.price.currency {
        return None;
    }
    let factor = match (home.tax_inclusive, other.tax_inclusive) {
        (true, true) | (false, false) => return Some(home.price),
        (true, false) => 1.0 / (1.0 + tax?),
        (false, true) => 1.0 + tax?,
    };
    let minor = (home.price.minor as f64 * factor).round();
    (factor > 0.0 && minor.abs() < 9e15).then_some(Money { minor: minor as i64, currency: home.price.currency })
}

#[cfg(test)]
mod tests {
    use super::*;
    use model::Currency;
    use proptest::prelude::*;

    fn shown(channel: u32, minor: i64, tax_inclusive: bool) -> Shown {
        let currency = Currency::parse("EUR").expect("a code");
        Shown { channel: ChannelId(channel), price: Money { minor, currency }, tax_inclusive, promoted: false }
    }

    #[test]
    fn the_home_price_wins_the_costliest_difference_comes_first_and_one_coin_is_none() {
        let others = [shown(1, 1_001, true), shown(2, 1_050, true), shown(3, 700, true)];
        let found = find(ItemId(7), &shown(0, 1_000, true), &others, None, 2.0);
        let told: Vec<(u32, Option<i64>, f64)> = found
            .iter()
            .map(|finding| (finding.action.channel.0, finding.action.to.map(|to| to.minor), finding.reasons.score))
            .collect();
        assert_eq!(told, [(3, Some(1_000), 600.0), (2, Some(1_000), 100.0)]);
    }

    #[test]
    fn tax_is_taken_off_before_prices_are_compared_and_asked_for_when_unknown() {
        let (home, other) = (shown(0, 1_200, true), [shown(1, 1_000, false)]);
        assert!(find(ItemId(1), &home, &other, Some(0.2), 1.0).is_empty());
        let asked = find(ItemId(1), &home, &other, None, 1.0);
        assert_eq!((asked[0].action.to, asked[0].reasons.confidence), (None, Confidence::NONE));
    }

    #[test]
    fn a_promotion_on_one_side_only_is_not_a_mistake() {
        let promoted = Shown { promoted: true, ..shown(1, 800, true) };
        assert!(find(ItemId(1), &shown(0, 1_000, true), &[promoted], None, 1.0).is_empty());
    }

    proptest! {
        #[test]
        fn no_numbers_break_it(a in any::<i64>(), b in any::<i64>(), tax in any::<f64>(), units in any::<f64>(), one: bool, two: bool) {
            let found = find(ItemId(0), &shown(0, a, one), &[shown(1, b, two)], Some(tax), units);
            prop_assert!(found.iter().all(|finding| finding.reasons.score.is_finite()));
        }
    }
}
