//! `lockstep eval identity`: how well the identity mind finds which records are one person, on anybody's own records.
//! Called by the roof. The truth is read only to judge: nothing is learnt from it.

mod judge;
mod read;
#[cfg(test)]
mod tests;

use std::path::PathBuf;
use std::time::Instant;

use agents::identity::Identity;
use anyhow::Context;
use serde_json::{Value, json};

use crate::measure::{Measure, cpu_seconds, round};
use crate::plot::{self, Titles};
use crate::threshold::over_threshold;
use judge::Judged;
pub use judge::{Pairs, Truth, truth_of};
pub use read::{People, record_of, records, records_of_bytes};

/// Finds which records are one person, and compares with the truth.
///
/// Records are read from a table with a column `id` and any of `source`, `given_name`, `family_name`, `email`, `phone`,
/// `street`, `city`, `postcode`, `region`, `country`, `birth_date`, `loyalty_id`, `payment_token`. A table with all names
/// in one of the two name columns is understood. The truth is a table of `id_a,id_b`, one row for every pair of records of
/// one person. Nothing is learnt from it.
#[derive(Debug, clap::Args)]
#[command(after_help = "Example:\n  lockstep eval identity --records people.csv --truth pairs.csv --out profiles.csv")]
pub struct Args {
    /// Table of records.
    #[arg(long)]
    records: PathBuf,
    /// Table of pairs that are one person: `id_a,id_b`.
    #[arg(long)]
    truth: PathBuf,
    /// Where the answer is written: `id,profile`.
    #[arg(long)]
    out: PathBuf,
    /// Where a picture is drawn as SVG: precision and recall of the links over the probability from which they count.
    #[arg(long)]
    plot: Option<PathBuf>,
    /// Seed of the random pairs that strangers are learnt from.
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// How many records are looked up one by one to measure the time of an answer.
    #[arg(long, default_value_t = 1_000)]
    lookups: u32,
}

/// Runs it and prints its figures.
///
/// # Errors
/// When a file cannot be read or written, or a column is missing.
pub fn run(args: &Args) -> anyhow::Result<()> {
    let measure = Measure::start();
    let people = records(&args.records)?;
    let truth = judge::truth(&args.truth, &people)?;
    eprintln!("{} records, {} pairs are one person", people.records.len(), truth.pairs.count());
    let (mind, found) = find(&people, &truth.pairs, args.seed);
    let judged = judge::judge(&mind, &people, &truth.pairs);
    write(&args.out, &mind, &people).with_context(|| format!("write {}", args.out.display()))?;
    plot::save(args.plot.as_ref(), || {
        let titles = Titles { title: "Links from each probability on", x: "probability", y: "share" };
        plot::lines(titles, &over_threshold(judged.links.clone(), truth.pairs.count() as f64))
    })?;
    let latency = lookups(&mind, &people, args.lookups);
    measure.print(figures(&people, &truth, &found, &judged, latency, args.seed));
    Ok(())
}

/// What the batch took and reached before any judging.
struct Batch {
    seconds: f64,
    cpu_seconds: f64,
    candidate_pairs: u64,
    /// Pairs of the truth among them.
    reached: u64,
    cells_cut: u64,
}

/// Loads, learns and links all records.
fn find(people: &People, truth: &Pairs, seed: u64) -> (Identity, Batch) {
    let mut mind = Identity::new();
    let (started, cpu) = (now(), cpu_seconds("self"));
    for (subject, record) in people.subjects.iter().zip(&people.records) {
        mind.add(*subject, record);
    }
    eprintln!("{:.2} s: {} records are indexed", started.elapsed().as_secs_f64(), people.records.len());
    mind.learn(seed);
    eprintln!("{:.2} s: weights are learnt", started.elapsed().as_secs_f64());
    tell(&mind);
    let (mut candidate_pairs, mut reached) = (0, 0);
    mind.link_all(&mut |larger, smaller| {
        candidate_pairs += 1;
        reached += u64::from(truth.has(smaller, larger));
    });
    let seconds = started.elapsed().as_secs_f64();
    eprintln!("{seconds:.2} s: {candidate_pairs} candidate pairs are linked and clustered");
    let (cells_cut, cpu_seconds) = (mind.cells_cut(), cpu_seconds("self") - cpu);
    (mind, Batch { seconds, cpu_seconds, candidate_pairs, reached, cells_cut })
}

/// What was learnt, for a person.
fn tell(mind: &Identity) {
    let (one, household) = mind.learnt_shares();
    eprintln!("one pair in {:.0} is one person; {household:.4} household pairs for each", 1.0 / one);
    eprintln!("{:20} {:>9} {:>9} {:>9} {:>9}   bits", "", "different", "somewhat", "nearly", "equal");
    for (field, [other, weak, close, exact]) in mind.learnt() {
        eprintln!("{field:20} {other:9.2} {weak:9.2} {close:9.2} {exact:9.2}");
    }
}

/// Microseconds of single answers against all records, in rising order; records are taken evenly.
fn lookups(mind: &Identity, people: &People, wanted: u32) -> Vec<f64> {
    let count = people.records.len();
    let step = (count / (wanted.max(1) as usize)).max(1);
    let mut micros: Vec<f64> = Vec::new();
    for record in people.records.iter().step_by(step).take(wanted as usize) {
        let started = now();
        let matches = mind.matches(record, 0.2);
        micros.push(started.elapsed().as_secs_f64() * 1e6);
        std::hint::black_box(matches);
    }
    micros.sort_by(f64::total_cmp);
    micros
}

#[expect(clippy::disallowed_methods, reason = "measures the command itself")]
fn now() -> Instant {
    Instant::now()
}

fn write(out: &std::path::Path, mind: &Identity, people: &People) -> anyhow::Result<()> {
    let mut table = csv::Writer::from_path(out)?;
    table.write_record(["id", "profile"])?;
    for (number, id) in people.ids.iter().enumerate() {
        table.write_record([id.as_str(), people.ids[people.profile(mind, number as u32) as usize].as_str()])?;
    }
    table.flush()?;
    Ok(())
}

fn figures(
    people: &People,
    truth: &judge::Truth,
    batch: &Batch,
    judged: &Judged,
    micros: Vec<f64>,
    seed: u64,
) -> Value {
    let pairs = truth.pairs.count();
    let quantile =
        |share: f64| micros.get(((micros.len() as f64 * share) as usize).min(micros.len().saturating_sub(1)));
    let microseconds = |share: f64| quantile(share).map(|value| round(*value));
    let refused: Vec<Value> = people.refused.iter().chain(&truth.refused).take(20).map(|bad| bad.to_json()).collect();
    json!({
        "records": people.records.len(),
        "truth_pairs": pairs,
        "precision": judged.precision(),
        "recall": judged.recall(pairs),
        "f1": judged.f1(pairs),
        "automatic_from": judged.automatic,
        "merged_pairs": judged.merged,
        "wrong_per_1000_merges": 1_000.0 * (1.0 - judged.precision()),
        "profiles": judged.profiles,
        "review_pairs": judged.review,
        "recall_with_review": judged.recall_with_review(pairs),
        "blocking_recall": judge::ratio(batch.reached, pairs),
        "candidate_pairs": batch.candidate_pairs,
        "cells_cut": batch.cells_cut,
        "calibration_error": judged.calibration_error(),
        "records_per_s": round(people.records.len() as f64 / batch.seconds.max(1e-9)),
        "records_per_cpu_s": round(people.records.len() as f64 / batch.cpu_seconds.max(0.01)),
        "latency_us": { "p50": microseconds(0.5), "p99": microseconds(0.99) },
        "refused_rows": people.refused_rows + truth.refused_rows,
        "refused": refused,
        "seed": seed,
    })
}
