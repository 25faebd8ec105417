//! Guard rails: applied last, always, and checked by other code than holds them.

use minicbor::{Decode, Encode};

/// Up to here whole numbers are exact as floating-point numbers too; no price of a shop lies beyond.
const PRICE_MAX: i64 = 1 << 52;

/// What no price of an item may break. Amounts in minor units.
#[derive(Clone, Debug, Default, PartialEq, Encode, Decode)]
pub struct Rails {
    /// What a unit costs; without it nothing is proposed.
    #[n(0)]
    pub cost: Option<i64>,
    /// Least that is earned on a unit, as a part of its cost.
    #[n(1)]
    pub margin_min: f64,
    /// Least price the supplier allows to be shown.
    #[n(2)]
    pub map: Option<i64>,
    /// Most it may cost; also what rules between items allow ("the small pack below the large one").
    #[n(3)]
    pub ceiling: Option<i64>,
    /// Most that one change may move it, as a part of the price of now.
    #[n(4)]
    pub step_max: f64,
    /// Changes in any seven days.
    #[n(5)]
    pub changes_max: u32,
    /// Last two digits that a price may end with; empty = any.
    #[n(6)]
    pub endings: Vec<u8>,
}

/// An item's price as it stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Standing {
    /// In minor units.
    pub price: i64,
    /// Changes in the last seven days.
    pub changes: u32,
    /// Lowest price of the last 30 days.
    pub lowest: i64,
}

/// One rail.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Rail {
    /// The cost is not known.
    Cost,
    /// Below cost and margin.
    Floor,
    /// Below what the supplier allows.
    Map,
    /// Above the ceiling.
    Ceiling,
    /// Too far from the price of now.
    Step,
    /// Changed too often.
    Changes,
    /// Ends with other digits.
    Ending,
    /// Says it is reduced from a price that is not the lowest of 30 days.
    Reference,
}

/// A price that breaks no rail.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Held {
    /// In minor units.
    pub price: i64,
    /// What it may be said to be reduced from: the lowest price of the last 30 days, when it is below that.
    pub was: Option<i64>,
}

/// The price nearest to what is wanted that breaks no rail, the lower one of two as near.
///
/// # Errors
/// The rails that leave no price, or no other price than the one of now (then none is named).
pub fn held(wanted: f64, standing: &Standing, rails: &Rails) -> Result<Held, Vec<Rail>> {
    let Some(floor) = floor(rails) else { return Err(vec![Rail::Cost]) };
    if standing.changes >= rails.changes_max {
        return Err(vec![Rail::Changes]);
    }
    if !(1..=PRICE_MAX).contains(&standing.price) {
        return Err(vec![Rail::Step]);
    }
    let (down, up) = reach(standing, rails);
    let low = floor.max(rails.map.unwrap_or(i64::MIN)).max(down).max(1);
    let high = rails.ceiling.unwrap_or(i64::MAX).min(up).min(PRICE_MAX);
    if low > high || !wanted.is_finite() {
        return Err(in_the_way(floor, standing, rails));
    }
    let wanted = (wanted.round() as i64).clamp(low, high);
    let Some(price) = ending_near(wanted, low, high, &rails.endings) else { return Err(vec![Rail::Ending]) };
    if price == standing.price {
        return Err(Vec::new());
    }
    Ok(Held { price, was: (price < standing.lowest).then_some(standing.lowest) })
}

fn floor(rails: &Rails) -> Option<i64> {
    let cost = rails.cost?;
    let least = cost as f64 * (1.0 + rails.margin_min);
    // Upwards, and never below the cost itself even where a margin is no number.
    least.is_finite().then(|| (least.ceil() as i64).max(cost))
}

/// Lowest and highest price that one change may reach, rounded inwards.
fn reach(standing: &Standing, rails: &Rails) -> (i64, i64) {
    let part = if rails.step_max.is_finite() { rails.step_max.max(0.0) } else { 0.0 };
    let step = (standing.price.unsigned_abs() as f64 * part).floor();
    let step = if step < 9e15 { step as i64 } else { i64::MAX };
    (standing.price.saturating_sub(step), standing.price.saturating_add(step))
}

fn in_the_way(floor: i64, standing: &Standing, rails: &Rails) -> Vec<Rail> {
    let (down, up) = reach(standing, rails);
    let high = rails.ceiling.unwrap_or(i64::MAX);
    let mut rails_broken = Vec::new();
    if floor > high.min(up) {
        rails_broken.push(Rail::Floor);
    }
    if rails.map.is_some_and(|map| map > high.min(up)) {
        rails_broken.push(Rail::Map);
    }
    if high < down {
        rails_broken.push(Rail::Ceiling);
    }
    rails_broken.push(Rail::Step);
    rails_broken
}

fn ending_near(wanted: i64, low: i64, high: i64, endings: &[u8]) -> Option<i64> {
    if endings.is_empty() {
        return Some(wanted);
    }
    // Endings repeat every hundred, so the nearest one lies within a hundred, if there is one at all.
    let near = (0..=100_i64).flat_map(|off| [wanted.saturating_sub(off), wanted.saturating_add(off)]);
    let mut near = near.filter(|price| (low..=high).contains(price));
    near.find(|price| endings.iter().any(|ending| i64::from(*ending) == price.rem_euclid(100)))
}

/// Every rail that a price breaks. Shares nothing with [`held`].
pub fn broken(proposed: &Held, standing: &Standing, rails: &Rails) -> Vec<Rail> {
    let price = proposed.price;
    let wide = i128::from(price);
    let step = (wide - i128::from(standing.price)).unsigned_abs() as f64;
    let checks = [
        (Rail::Cost, rails.cost.is_none()),
        (
            Rail::Floor,
            rails.cost.is_some_and(|cost| (price as f64) < cost as f64 * (1.0 + rails.margin_min) || price < cost),
        ),
        (Rail::Map, rails.map.is_some_and(|map| price < map)),
        (Rail::Ceiling, rails.ceiling.is_some_and(|ceiling| price > ceiling)),
        (Rail::Step, step > standing.price.unsigned_abs() as f64 * rails.step_max),
        (Rail::Changes, standing.changes >= rails.changes_max),
        (Rail::Ending, !rails.endings.is_empty() && !rails.endings.contains(&(price.rem_euclid(100) as u8))),
        (Rail::Reference, proposed.was.is_some_and(|was| was != standing.lowest || price >= was)),
    ];
    checks.into_iter().filter(|(_, broken)| *broken).map(|(rail, _)| rail).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn rails() -> Rails {
        Rails {
            cost: Some(500),
            margin_min: 0.1,
            map: Some(600),
            ceiling: Some(1_500),
            step_max: 0.3,
            changes_max: 2,
            endings: vec![99, 49],
        }
    }

    const NOW: Standing = Standing { price: 999, changes: 0, lowest: 899 };

    #[test]
    fn a_wanted_price_is_brought_to_the_nearest_that_breaks_nothing() {
        assert_eq!(held(860.0, &NOW, &rails()), Ok(Held { price: 849, was: Some(899) }));
        // Thirty per cent below 999 is 700, and 749 the first ending above it.
        assert_eq!(held(1.0, &NOW, &rails()), Ok(Held { price: 749, was: Some(899) }));
        assert_eq!(held(1e12, &NOW, &rails()), Ok(Held { price: 1_249, was: None }));
    }

    #[test]
    fn what_is_in_the_way_is_named() {
        assert_eq!(held(900.0, &NOW, &Rails { cost: None, ..rails() }), Err(vec![Rail::Cost]));
        assert_eq!(held(900.0, &Standing { changes: 2, ..NOW }, &rails()), Err(vec![Rail::Changes]));
        assert_eq!(held(900.0, &NOW, &Rails { cost: Some(2_000), ..rails() }), Err(vec![Rail::Floor, Rail::Step]));
        assert_eq!(held(999.0, &NOW, &rails()), Err(vec![]));
        assert!(held(f64::NAN, &NOW, &rails()).is_err());
    }

    fn any_rails() -> impl Strategy<Value = Rails> {
        let amount = || prop::option::of(prop_oneof![-100..5_000_i64, any::<i64>()]);
        let part = || prop_oneof![0.0..1.0_f64, any::<f64>()];
        (amount(), part(), amount(), amount(), part(), 0..4_u32, prop::collection::vec(0..=100_u8, 0..3)).prop_map(
            |(cost, margin_min, map, ceiling, step_max, changes_max, endings)| Rails {
                cost,
                margin_min,
                map,
                ceiling,
                step_max,
                changes_max,
                endings,
            },
        )
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(4_096))]
        #[test]
        fn no_rail_is_ever_broken(
            rails in any_rails(),
            price in prop_oneof![1..5_000_i64, any::<i64>()],
            lowest in prop_oneof![1..5_000_i64, any::<i64>()],
            changes in 0..4_u32,
            wanted in prop_oneof![0.0..5_000.0_f64, any::<f64>()],
        ) {
            let standing = Standing { price, changes, lowest };
            if let Ok(proposed) = held(wanted, &standing, &rails) {
                prop_assert_eq!(broken(&proposed, &standing, &rails), vec![], "{:?}", proposed);
            }
        }

        #[test]
        fn a_price_is_found_whenever_there_is_one(
            cost in 1..900_i64, map in 1..900_i64, ceiling in 1..1_500_i64, step in 0.0..0.5_f64, wanted in 0.0..2_000.0_f64,
        ) {
            let rails = Rails { cost: Some(cost), margin_min: 0.0, map: Some(map), ceiling: Some(ceiling), step_max: step, ..rails() };
            let fits = |price: i64| broken(&Held { price, was: None }, &NOW, &rails).is_empty();
            let nearest = (1..3_000_i64).filter(|price| fits(*price)).min_by(|a, b| {
                let off = |price: i64| (price as f64 - wanted.clamp(1.0, 3_000.0).round()).abs();
                off(*a).total_cmp(&off(*b)).then(a.cmp(b))
            });
            let told = held(wanted, &NOW, &rails).ok().map(|held| held.price);
            prop_assert_eq!(told.or(Some(NOW.price)), nearest.filter(|price| *price != NOW.price).or(Some(NOW.price)));
        }
    }
}
