//! How fast forests grow and answer: `cargo bench -p lockstep-stats --bench trees -- [rows] [columns] [trees]`.
//!
//! Prints one line per measure; single thread, one loss that needs no exponentials and one that does.

#![expect(clippy::disallowed_methods, reason = "a bench reads the clock")]

use std::time::Instant;

use stats::dice::Dice;
use stats::trees::{Fit, Forest, Loss, Settings};

fn main() {
    let asked: Vec<usize> = std::env::args().filter_map(|word| word.parse().ok()).collect();
    let size = |place: usize, other: usize| asked.get(place).copied().unwrap_or(other);
    let (count, width, trees) = (size(0, 200_000), size(1, 20), size(2, 200));
    let mut dice = Dice::seeded(1);
    let rows: Vec<f32> = (0..count * width).map(|_| dice.unit() as f32).collect();
    let signal = |row: &[f32]| f64::from(row[0]) * 4.0 + f64::from(row[1] * row[2 % width]) * 6.0 - 5.0;
    let raw: Vec<f64> = rows.chunks_exact(width).map(signal).collect();
    let squared: Vec<f64> = raw.iter().map(|raw| raw + dice.normal()).collect();
    let logistic: Vec<f64> =
        raw.iter().map(|raw| f64::from(u8::from(dice.happens(stats::num::sigmoid(*raw))))).collect();
    for (loss, labels) in [(Loss::Squared, squared), (Loss::Logistic, logistic)] {
        let fit = Fit { width, rows: &rows, labels: &labels, ..Fit::default() };
        let settings = Settings { loss, trees, ..Settings::default() };
        let begun = Instant::now();
        let forest = Forest::fit(&fit, &settings).expect("a forest");
        let seconds = begun.elapsed().as_secs_f64();
        let speed = (count * forest.trees()) as f64 / seconds;
        println!(
            "{loss:?}: {} trees over {count} x {width} in {seconds:.2} s, {speed:.3e} rows x trees/s",
            forest.trees()
        );
        answers(&forest, &rows[..(count.min(20_000)) * width]);
    }
}

fn answers(forest: &Forest, rows: &[f32]) {
    let count = rows.len() / forest.width();
    let each = |name: &str, run: &dyn Fn() -> f64| {
        let begun = Instant::now();
        let sum = run();
        let nanos = begun.elapsed().as_nanos() as f64 / count as f64;
        println!(
            "  {name}: {nanos:.0} ns a row, {:.1} ns a row and tree (sum {sum:.3})",
            nanos / forest.trees() as f64
        );
    };
    each("row by row", &|| rows.chunks_exact(forest.width()).map(|row| forest.raw(row)).sum());
    each("all at once", &|| forest.raw_all(rows).iter().sum());
    each("path terms", &|| rows.chunks_exact(forest.width()).map(|row| forest.path_terms(row).terms[0]).sum());
    let few = &rows[..rows.len().min(200 * forest.width())];
    let begun = Instant::now();
    let sum: f64 = few.chunks_exact(forest.width()).map(|row| forest.shapley(row).terms[0]).sum();
    let micros = begun.elapsed().as_micros() as f64 / (few.len() / forest.width()) as f64;
    println!("  Shapley values: {micros:.0} us a row (sum {sum:.3})");
}
