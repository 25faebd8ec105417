//! Limits of acting alone: which are exceeded. Called by the gate alone. Integers only.

use model::{Act, Instant, Limits, MakePurchase, Money, Proposal, Quantity};

use crate::state::{HOUR_MS, State, TOGETHER_MS};

/// Which limits are exceeded, in words.
pub(super) fn exceeded(
    state: &State,
    proposal: &Proposal,
    acts: &[Act],
    limits: &Limits,
    at: Instant,
    local_minute: Option<u16>,
) -> Vec<String> {
    let mut words = Vec::new();
    if limits.confidence.is_some_and(|least| proposal.confidence < least) {
        let percent = |value: u16| format!("{}.{:02} %", value / 100, value % 100);
        let least = limits.confidence.unwrap_or_default();
        words.push(format!("its confidence of {} is below {}", percent(proposal.confidence), percent(least)));
    }
    if limits.hours.is_some_and(|hours| !policy::within(hours, local_minute)) {
        words.push("it is outside the hours in which it may act alone".to_owned());
    }
    for act in acts {
        words.extend(limits.money.and_then(|most| too_dear(state, act, most, at)));
        if let Some(most) = limits.quantity.filter(|most| largest(act) > *most) {
            words.push(format!("{} of one item are more than {most}", largest(act)));
        }
        words.extend(limits.change_percent.and_then(|most| too_far(act, most)));
        let done = state.governance().acted_since(proposal.agent, act.kind(), at.plus_ms(-HOUR_MS));
        let now = acts.iter().filter(|other| other.kind() == act.kind()).count() as u32;
        if limits.per_hour.is_some_and(|most| done.saturating_add(now) > most) {
            words.push(format!("{} acts of this kind within an hour are more than allowed", done.saturating_add(now)));
        }
        if let Act::Purchase { purchase, .. } = act
            && !limits.new_supplier
            && !state.governance().knows_supplier(&purchase.supplier)
        {
            words.push(format!("{} is a new supplier", purchase.supplier));
        }
    }
    words
}

/// What a purchase order costs; `None` when the cost of a line is not known, or in several currencies.
pub fn cost(purchase: &MakePurchase) -> Option<Money> {
    let currency = purchase.lines.first()?.each?.currency;
    let mut sum: i128 = 0;
    for line in &purchase.lines {
        let each = line.each.filter(|each| each.currency == currency)?;
        sum += i128::from(each.minor) * i128::from(line.quantity.parts());
    }
    let unit = i128::from(Quantity::units(1).parts());
    // Rounded up: a limit is never passed by a fraction.
    let minor = (sum + unit - 1).div_euclid(unit);
    Some(Money { minor: i64::try_from(minor).unwrap_or(i64::MAX), currency })
}

fn too_dear(state: &State, act: &Act, most: Money, at: Instant) -> Option<String> {
    let stake = match act {
        Act::Purchase { purchase, .. } => {
            let Some(cost) = cost(purchase) else {
                return Some("what it costs is not known".to_owned());
            };
            let before = state.governance().spent_since(&purchase.supplier, cost.currency, at.plus_ms(-TOGETHER_MS));
            Money { minor: cost.minor.saturating_add(before), ..cost }
        }
        Act::Transfer { lines, .. } => {
            let mut minor: i128 = 0;
            for (item, quantity) in lines {
                let price = state.catalogue.item(*item)?.price?;
                if price.currency != most.currency {
                    return Some("its value is in another currency than the limit".to_owned());
                }
                minor += i128::from(price.minor) * i128::from(quantity.parts());
            }
            let minor = minor / i128::from(Quantity::units(1).parts());
            Money { minor: i64::try_from(minor).unwrap_or(i64::MAX), currency: most.currency }
        }
        Act::SetBuffer { .. }
        | Act::SetSafety { .. }
        | Act::LinkCustomers { .. }
        | Act::MapItem { .. }
        | Act::SetPrice { .. }
        | Act::OverrideCount { .. }
        | Act::WriteHeld { .. } => return None,
    };
    if stake.currency != most.currency {
        return Some("its value is in another currency than the limit".to_owned());
    }
    let words = || format!("{} are more than {}", stake.to_decimal(), most.to_decimal());
    (stake.minor > most.minor).then(|| format!("{} {}", words(), most.currency.code()))
}

fn largest(act: &Act) -> Quantity {
    match act {
        Act::SetBuffer { to, .. } | Act::SetSafety { to, .. } | Act::OverrideCount { to, .. } => *to,
        Act::Purchase { purchase, .. } => {
            purchase.lines.iter().map(|line| line.quantity).max().unwrap_or(Quantity::ZERO)
        }
        Act::Transfer { lines, .. } => lines.iter().map(|(_, quantity)| *quantity).max().unwrap_or(Quantity::ZERO),
        Act::WriteHeld { shown, wanted, .. } => shown.to(*wanted).size(),
        Act::LinkCustomers { .. } | Act::MapItem { .. } | Act::SetPrice { .. } => Quantity::ZERO,
    }
}

fn too_far(act: &Act, most: u32) -> Option<String> {
    let Act::SetPrice { was, to, .. } = act else { return None };
    let Some(was) = was.filter(|was| was.currency == to.currency && was.minor > 0) else {
        return Some("there is no price in this currency to compare with".to_owned());
    };
    let change = i128::from(to.minor.abs_diff(was.minor)) * 100;
    (change > i128::from(most) * i128::from(was.minor)).then(|| format!("the price changes by more than {most} %"))
}
