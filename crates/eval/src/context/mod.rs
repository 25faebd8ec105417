//! `lockstep eval context`: how quickly the most alike situations are found among very many, and whether they are. Called
//! by the roof.

use std::collections::BTreeSet;

use agents::context::{BruteForce, SIZE, Store};
use model::{Instant, Seq};
use serde_json::{Value, json};
use stats::dice::Dice;

use crate::measure::{Measure, cpu_seconds, round, rss_mb};
use crate::progress;

/// Lookups that are compared with sorting everything.
const COMPARED: usize = 20;
/// Kinds of situations that the drawn ones gather around.
const KINDS: u64 = 500;

/// Put drawn situations into the store, look for the most alike, and compare with sorting all of them.
#[derive(Debug, clap::Args)]
#[command(after_help = "Example:\n  lockstep eval context --situations 100000 --lookups 1000")]
pub struct Args {
    /// Situations that are kept.
    #[arg(long, default_value_t = 100_000, value_parser = clap::value_parser!(u32).range(1..=20_000_000))]
    situations: u32,
    /// Lookups that are timed.
    #[arg(long, default_value_t = 1_000, value_parser = clap::value_parser!(u32).range(1..))]
    lookups: u32,
    /// Situations that each lookup asks for.
    #[arg(long, default_value_t = 10, value_parser = clap::value_parser!(u16).range(1..))]
    most: u16,
    /// What is drawn is drawn from this.
    #[arg(long, default_value_t = 1)]
    seed: u64,
}

/// Draws, keeps, looks up, prints.
///
/// # Errors
/// None: nothing is read or written.
pub fn run(args: &Args) -> anyhow::Result<()> {
    let measure = Measure::start();
    measure.print(judge(args, &measure));
    Ok(())
}

fn judge(args: &Args, measure: &Measure) -> Value {
    let mut dice = Dice::seeded(args.seed);
    let kinds: Vec<Vec<f32>> = (0..KINDS).map(|_| drawn(&mut dice, None)).collect();
    let mut all: Vec<Vec<f32>> = Vec::with_capacity(args.situations as usize);
    let mut store = BruteForce::default();
    for _ in 0..args.situations {
        all.push(drawn(&mut dice, Some(&kinds)));
    }
    let drawn_mb = rss_mb("self");
    let started = measure.seconds();
    for (seq, vector) in (0..).zip(&all) {
        let Ok(()) = store.put(Seq(seq), Instant(seq as i64), vector);
    }
    let put = measure.seconds() - started;
    let kept_mb = rss_mb("self").saturating_sub(drawn_mb);
    eprintln!("{:.1} s: {} situations are kept", measure.seconds(), store.len());
    let bar = progress::bar(u64::from(args.lookups), "looking up");
    let asked: Vec<Vec<f32>> = (0..args.lookups).map(|_| drawn(&mut dice, Some(&kinds))).collect();
    let (mut micros, mut answers, spent) = (Vec::new(), Vec::new(), cpu_seconds("self"));
    for to in &asked {
        let before = measure.seconds();
        let Ok(found) = store.nearest(to, Instant(i64::MAX), usize::from(args.most));
        micros.push((measure.seconds() - before) * 1e6);
        answers.push(found);
        bar.inc(1);
    }
    bar.finish_and_clear();
    let spent = (cpu_seconds("self") - spent) / f64::from(args.lookups);
    let (mut found_of, mut wanted_of) = (0_usize, 0_usize);
    for (to, found) in asked.iter().zip(&answers).take(COMPARED) {
        let wanted = nearest_of_all(&all, to, usize::from(args.most));
        found_of += found.iter().filter(|near| wanted.contains(&near.seq.0)).count();
        wanted_of += wanted.len();
    }
    micros.sort_by(f64::total_cmp);
    let quantile = |share: f64| micros.get((share * (micros.len() - 1) as f64).ceil() as usize).copied().map(round);
    json!({
        "situations": store.len(),
        "numbers_each": SIZE,
        "most": args.most,
        "recall": found_of as f64 / wanted_of.max(1) as f64,
        "lookups_compared": COMPARED.min(asked.len()),
        // Wall time grows with whatever else the machine does; this does not.
        "cpu_us_per_lookup": round(spent * 1e6),
        "lookup_us": { "p50": quantile(0.5), "p99": quantile(0.99) },
        "puts_per_s": (f64::from(args.situations) / put.max(1e-9)).round(),
        "store_mb": kept_mb,
        "seed": args.seed,
    })
}

/// A situation: around one of the kinds, as those of a shop are, or a kind itself.
fn drawn(dice: &mut Dice, kinds: Option<&[Vec<f32>]>) -> Vec<f32> {
    let (around, spread) = match kinds {
        Some(kinds) => (Some(&kinds[dice.below(kinds.len() as u64) as usize]), 0.2),
        None => (None, 1.0),
    };
    let start = |place: usize| around.map_or(0.0, |kind| f64::from(kind[place]));
    (0..SIZE).map(|place| (start(place) + spread * dice.normal()) as f32).collect()
}

/// The nearest by sorting all distances in double precision, ties by the smaller number.
fn nearest_of_all(all: &[Vec<f32>], to: &[f32], most: usize) -> BTreeSet<u64> {
    let distance = |vector: &Vec<f32>| {
        vector.iter().zip(to).map(|(a, b)| (f64::from(*a) - f64::from(*b)) * (f64::from(*a) - f64::from(*b))).sum()
    };
    let mut order: Vec<(f64, u64)> = (0..).zip(all).map(|(seq, vector)| (distance(vector), seq)).collect();
    order.sort_by(|a, b| a.0.total_cmp(&b.0).then(a.1.cmp(&b.1)));
    order.into_iter().take(most).map(|(_, seq)| seq).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_nearest_is_found_also_when_more_is_asked_for_than_there_is() {
        for situations in [3, 300] {
            let args = Args { situations, lookups: 30, most: 7, seed: 1 };
            let told = judge(&args, &Measure::start());
            assert_eq!((&told["recall"], &told["situations"]), (&json!(1.0), &json!(situations)));
        }
    }
}
