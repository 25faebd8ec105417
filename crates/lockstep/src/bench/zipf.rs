//! Zipf draws by the method of Gray et al., "Quickly generating billion-record synthetic databases" (1994), as used by
//! the YCSB benchmark.

pub(super) use emulators::machine::Dice;

/// Evenly from 0 to 1.
fn unit(dice: &mut Dice) -> f64 {
    (dice.draw() >> 11) as f64 / (1_u64 << 53) as f64
}

/// Draws ranks from 0 to n − 1; rank 0 is the most frequent. Ranks are scattered over the positions, so that the
/// frequent ones do not lie side by side in memory.
pub(super) struct Zipf {
    n: u64,
    theta: f64,
    zeta: f64,
    alpha: f64,
    eta: f64,
}

impl Zipf {
    pub(super) fn new(n: u64, theta: f64) -> Self {
        let zeta_of = |n: u64| (1..=n).map(|rank| 1.0 / (rank as f64).powf(theta)).sum::<f64>();
        let zeta = zeta_of(n);
        let eta = (1.0 - (2.0 / n as f64).powf(1.0 - theta)) / (1.0 - zeta_of(2) / zeta);
        Self { n, theta, zeta, alpha: 1.0 / (1.0 - theta), eta }
    }

    pub(super) fn draw(&self, dice: &mut Dice) -> u64 {
        let u = unit(dice);
        let uz = u * self.zeta;
        let rank = if uz < 1.0 {
            0
        } else if uz < 1.0 + 0.5_f64.powf(self.theta) {
            1
        } else {
            (self.n as f64 * (self.eta * u - self.eta + 1.0).powf(self.alpha)) as u64
        };
        // A fixed multiplication scatters ranks over the positions.
        rank.min(self.n - 1).wrapping_mul(0x9E37_79B9_7F4A_7C15) % self.n
    }
}
