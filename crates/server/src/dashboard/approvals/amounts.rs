//! The amounts of an act that whoever approves may change. Called by the page of one proposal.

use model::{Act, Money, Quantity};

/// What each amount is, and how it stands; in the order in which [`with`] takes them.
pub(super) fn of(act: &Act) -> Vec<(&'static str, String)> {
    match act {
        Act::SetBuffer { to, .. } | Act::SetSafety { to, .. } | Act::OverrideCount { to, .. } => {
            vec![("How many", to.to_string())]
        }
        Act::Purchase { purchase, .. } => {
            purchase.lines.iter().map(|line| ("How many", line.quantity.to_string())).collect()
        }
        Act::Transfer { lines, .. } => lines.iter().map(|(_, quantity)| ("How many", quantity.to_string())).collect(),
        Act::SetPrice { to, .. } => vec![("Price", to.to_decimal())],
        Act::LinkCustomers { .. } | Act::MapItem { .. } | Act::WriteHeld { .. } => Vec::new(),
    }
}

/// The act with other amounts. What is left empty stays; a line of zero is left out.
///
/// # Errors
/// What cannot be read, in words.
pub(super) fn with(act: &Act, typed: impl Fn(usize) -> String) -> Result<Act, String> {
    let quantity = |place: usize, now: Quantity| match typed(place).as_str() {
        "" => Ok(now),
        text => Quantity::parse(text).map_err(|error| format!("{text:?} is {error}")),
    };
    let mut act = act.clone();
    match &mut act {
        Act::SetBuffer { to, .. } | Act::SetSafety { to, .. } | Act::OverrideCount { to, .. } => {
            *to = quantity(0, *to)?
        }
        Act::Purchase { purchase, cover, .. } => {
            for (place, line) in purchase.lines.iter_mut().enumerate() {
                line.quantity = quantity(place, line.quantity)?;
            }
            let mut stays = purchase.lines.iter().map(|line| !line.quantity.is_zero()).collect::<Vec<_>>().into_iter();
            cover.retain(|_| stays.next().unwrap_or(true));
            purchase.lines.retain(|line| !line.quantity.is_zero());
        }
        Act::Transfer { lines, cover, .. } => {
            for (place, (_, units)) in lines.iter_mut().enumerate() {
                *units = quantity(place, *units)?;
            }
            let mut stays = lines.iter().map(|(_, units)| !units.is_zero()).collect::<Vec<_>>().into_iter();
            cover.retain(|_| stays.next().unwrap_or(true));
            lines.retain(|(_, units)| !units.is_zero());
        }
        Act::SetPrice { to, .. } => {
            let text = typed(0);
            if !text.is_empty() {
                *to = Money::parse(&text, to.currency).ok_or_else(|| format!("{text:?} is no price"))?;
            }
        }
        Act::LinkCustomers { .. } | Act::MapItem { .. } | Act::WriteHeld { .. } => {}
    }
    Ok(act)
}

#[cfg(test)]
mod tests {
    use super::*;
    use model::{ItemId, Level, LocationId};

    fn transfer() -> Act {
        let lines = vec![(ItemId(1), Quantity::units(2)), (ItemId(2), Quantity::units(3))];
        let cover = vec![Level::units(1), Level::units(5)];
        Act::Transfer { from: LocationId(0), to: LocationId(1), lines, cover }
    }

    #[test]
    fn what_is_left_empty_stays_and_a_line_of_zero_goes_with_its_cover() {
        assert_eq!(with(&transfer(), |_| String::new()), Ok(transfer()));
        let typed = |place: usize| if place == 0 { "0".to_owned() } else { "7".to_owned() };
        let Ok(Act::Transfer { lines, cover, .. }) = with(&transfer(), typed) else { panic!("it is a transfer") };
        assert_eq!((lines, cover), (vec![(ItemId(2), Quantity::units(7))], vec![Level::units(5)]));
    }

    #[test]
    fn what_is_no_amount_is_named() {
        let problem = with(&transfer(), |_| "two".to_owned()).expect_err("two is no number here");
        assert!(problem.contains("two"), "{problem}");
    }
}
