//! How fast large symmetric matrices are factored and inverted: `cargo bench -p lockstep-stats --bench matrix -- [size]`.
//!
//! Prints seconds and arithmetic per second; single thread.

#![expect(clippy::disallowed_methods, reason = "a bench reads the clock")]

use std::time::Instant;

use stats::Matrix;
use stats::dice::Dice;

fn main() {
    let size = std::env::args().find_map(|word| word.parse().ok()).unwrap_or(1_000_usize);
    let mut dice = Dice::seeded(1);
    let mut matrix = Matrix::zero(size, size);
    for row in 0..size {
        for column in 0..row {
            let value = dice.unit() - 0.5;
            (*matrix.at_mut(row, column), *matrix.at_mut(column, row)) = (value, value);
        }
        // Larger than the rest of its row together.
        *matrix.at_mut(row, row) = size as f64;
    }
    let steps = (size * size) as f64 * size as f64;
    time("factor", steps / 3.0, || matrix.clone().cholesky().expect("positive definite"));
    time("inverse", steps, || matrix.clone().inverse().expect("positive definite"));
}

fn time(name: &str, operations: f64, run: impl Fn() -> Matrix) {
    let begun = Instant::now();
    let done = run();
    let seconds = begun.elapsed().as_secs_f64();
    let last = done.at(done.rows() - 1, done.rows() - 1);
    println!(
        "{name} of {}: {seconds:.2} s, {:.1} thousand million operations/s ({last:.6})",
        done.rows(),
        operations / seconds / 1e9
    );
}
