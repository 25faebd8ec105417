//! Measured lifts put credit right: an experiment knows what a model of paths can only guess.

/// How far a model's credit is believed to be off before anything was measured: a factor's deviation from one.
const DOUBT: f64 = 0.5;

/// What an experiment (a holdout, or regions left out) found for one channel.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Lift {
    /// The channel's number.
    pub channel: u32,
    /// Sales that would not have been made without it, over the time the credit is for.
    pub sales: f64,
    /// Its standard error.
    pub error: f64,
}

/// Credit times a factor by channel: lift ÷ credit where it was measured, weighed against one by precision (Kalman's
/// rule for one number). What is credited less than sold is the sales that no campaign earned.
pub fn calibrated(credit: &[f64], lifts: &[Lift]) -> Vec<f64> {
    let mut precision: Vec<(f64, f64)> = vec![(1.0 / (DOUBT * DOUBT), 1.0 / (DOUBT * DOUBT)); credit.len()];
    for lift in lifts {
        let Some(model) = credit.get(lift.channel as usize).copied().filter(|model| *model > 0.0) else { continue };
        if !(lift.error > 0.0 && lift.error.is_finite() && lift.sales.is_finite()) {
            continue;
        }
        let weight = (model / lift.error) * (model / lift.error);
        let (all, toward) = &mut precision[lift.channel as usize];
        *all += weight;
        *toward += weight * (lift.sales / model);
    }
    credit.iter().zip(precision).map(|(credit, (all, toward))| credit * (toward / all).max(0.0)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sharp_measurement_wins_and_a_blunt_one_hardly_moves() {
        let lift = |error| [Lift { channel: 0, sales: 20.0, error }];
        assert!((calibrated(&[100.0, 5.0], &lift(0.1))[0] - 20.0).abs() < 0.1);
        assert!((calibrated(&[100.0, 5.0], &lift(1e6))[0] - 100.0).abs() < 0.1);
        assert_eq!(calibrated(&[100.0, 5.0], &lift(0.1))[1], 5.0);
    }

    #[test]
    fn nonsense_measures_nothing() {
        let odd = [
            Lift { channel: 9, sales: 1.0, error: 1.0 },
            Lift { channel: 0, sales: f64::NAN, error: 1.0 },
            Lift { channel: 0, sales: 1.0, error: 0.0 },
        ];
        assert_eq!(calibrated(&[3.0], &odd), [3.0]);
    }
}
