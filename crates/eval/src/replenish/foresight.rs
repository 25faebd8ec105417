//! The least that a series can cost for one who knows every sale: the yardstick, exact under the same reviews, lead time,
//! packs and minimum, by dynamic programming over the stock.

use agents::replenish::Terms;

/// Largest stock that is worked out.
const STOCK_MAX: usize = 3_000;

/// The least cost; `None` for fractional units, or stocks too large to work out.
pub fn least(terms: &Terms, lead: u32, units: &[f64], start: f64) -> Option<f64> {
    if units.iter().any(|units| units.fract() != 0.0) || start.fract() != 0.0 {
        return None;
    }
    let (pack, minimum) = (terms.pack.max(1.0) as usize, terms.minimum.max(0.0).ceil() as usize);
    let least_order = minimum.div_ceil(pack).max(1) * pack;
    let total: f64 = units.iter().sum();
    let most = (total + start) as usize + least_order + pack;
    if most > STOCK_MAX {
        return None;
    }
    let (review, lead) = (terms.review_days as usize, lead as usize);
    let before = lead.min(units.len());
    let (start_cost, at_first) = span(terms, &units[..before], start as usize);
    let mut arrivals: Vec<usize> = (0..units.len()).step_by(review).map(|day| day + lead).collect();
    arrivals.retain(|day| *day < units.len());
    // Cost from an arrival on, by the stock just before it.
    let mut later = vec![0.0; most + 1];
    for (place, day) in arrivals.iter().enumerate().rev() {
        let end = arrivals.get(place + 1).copied().unwrap_or(units.len());
        let with: Vec<f64> = (0..=most)
            .map(|stock| {
                let (cost, left) = span(terms, &units[*day..end], stock);
                cost + later[left]
            })
            .collect();
        later = (0..=most)
            .map(|stock| {
                let orders = (least_order..).step_by(pack).map(|order| stock + order).take_while(|with| *with <= most);
                orders.map(|stock| with[stock]).fold(with[stock], f64::min)
            })
            .collect();
    }
    Some(start_cost + later[at_first.min(most)])
}

/// Cost of some days from a stock, and what is left.
fn span(terms: &Terms, units: &[f64], stock: usize) -> (f64, usize) {
    let (mut cost, mut left) = (0.0, stock);
    for asked in units {
        let sold = (*asked as usize).min(left);
        left -= sold;
        cost += terms.holding * left as f64 + terms.shortage.unwrap_or(0.0) * (*asked as usize - sold) as f64;
    }
    (cost, left)
}

#[cfg(test)]
mod tests {
    use super::*;
    use agents::replenish::Lead;

    fn terms(minimum: f64) -> Terms {
        Terms {
            unit_cost: Some(1.0),
            shortage: Some(5.0),
            holding: 1.0,
            review_days: 2,
            lead: Lead::exactly(1),
            minimum,
            pack: 1.0,
            shelf_life_days: None,
            order_cost: 0.0,
            service_floor: 0.0,
            currency: None,
        }
    }

    #[test]
    fn units_are_bought_for_the_days_they_serve_and_the_first_day_is_lost() {
        // Arrivals on days 1 and 3. Day 0 is lost (5); day 1 sells at once; day 2's unit is held for one day (1).
        assert_eq!(least(&terms(0.0), 1, &[1.0, 1.0, 1.0, 1.0], 0.0), Some(6.0));
        // An order of at least ten would cost more to hold than the three sales lost.
        assert_eq!(least(&terms(10.0), 1, &[1.0, 1.0, 1.0, 1.0], 0.0), Some(20.0));
        assert_eq!(least(&terms(0.0), 1, &[0.5], 0.0), None);
    }
}
