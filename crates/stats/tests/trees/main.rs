//! What forests promise, whatever they are grown from.

mod explanations;
mod growing;
mod stored;

use stats::dice::Dice;
use stats::trees::{Fit, Forest, Loss, Settings};

/// Rows of four features, the first with gaps, and a mean that depends on all but the last.
struct Drawn {
    rows: Vec<f32>,
    means: Vec<f64>,
    labels: Vec<f64>,
}

const WIDTH: usize = 4;

fn drawn(seed: u64, count: usize) -> Drawn {
    let mut dice = Dice::seeded(seed);
    let (mut rows, mut means, mut labels) = (Vec::new(), Vec::new(), Vec::new());
    for _ in 0..count {
        let x: [f32; WIDTH] = [(); WIDTH].map(|()| dice.unit() as f32);
        let mean = f64::from(2.0 * x[0] + 3.0 * x[1] * x[2]);
        rows.extend(x);
        if dice.happens(0.1) {
            rows[(labels.len()) * WIDTH] = f32::NAN;
        }
        means.push(mean);
        labels.push(mean + dice.normal() * 0.3);
    }
    Drawn { rows, means, labels }
}

impl Drawn {
    fn fit(&self) -> Fit<'_> {
        Fit { width: WIDTH, rows: &self.rows, labels: &self.labels, ..Fit::default() }
    }

    fn row(&self, row: usize) -> &[f32] {
        &self.rows[row * WIDTH..(row + 1) * WIDTH]
    }
}

fn grown(drawn: &Drawn, settings: Settings) -> Forest {
    Forest::fit(&drawn.fit(), &settings).expect("a forest")
}

fn small(trees: usize, max_leaves: usize) -> Settings {
    Settings { trees, max_leaves, rate: 0.3, loss: Loss::Squared, ..Settings::default() }
}
