//! `lockstep eval match`: how well products of two tables are recognised as the same, on anybody's own tables. Called by
//! the roof.

mod judging;
pub mod reading;

use std::path::PathBuf;

use agents::catalogue::{Corpus, Mapping, Matcher, Pair, View, one_to_one};
use serde_json::{Value, json};

use crate::calibration::Calibration;
use crate::measure::{Measure, round};
use crate::plot::{self, Titles};
use crate::threshold::over_threshold;
use judging::Judged;
use reading::{Products, Refused, Told, further, header, pairs, products};

/// Tells which pairs of products are the same, and compares with the labels.
///
/// Tables of products have `id,title` and may have `brand,description,price`, a trade item number (`gtin`, `barcode`,
/// `ean` or `upc`) and any further columns, which are compared when both tables have them. Pairs have
/// `left,right,label`. Without pairs to learn from, fixed weights answer.
#[derive(Debug, clap::Args)]
#[command(
    after_help = "Example:\n  lockstep eval match --left ours.csv --right theirs.csv --pairs test.csv --train told.csv"
)]
pub struct Args {
    /// Products of one side.
    #[arg(long)]
    left: PathBuf,
    /// Products of the other.
    #[arg(long)]
    right: PathBuf,
    /// Pairs to be judged by.
    #[arg(long)]
    pairs: PathBuf,
    /// Pairs to learn from.
    #[arg(long)]
    train: Option<PathBuf>,
    /// Where a picture is drawn as SVG: precision and recall over the probability from which pairs count.
    #[arg(long)]
    plot: Option<PathBuf>,
    /// Judge every pair by itself, even where each product was seen to have one partner only.
    #[arg(long)]
    alone: bool,
    /// Seed of the rows and columns that trees see.
    #[arg(long, default_value_t = 1)]
    seed: u64,
}

/// Both tables and the pairs.
struct Input {
    left: Products,
    right: Products,
    judged: Vec<Told>,
    learnt: Vec<Told>,
    fields: Vec<String>,
}

fn read(args: &Args, refused: &mut Refused) -> anyhow::Result<Input> {
    let fields = further(&header(&args.left)?, &header(&args.right)?);
    let left = products(&args.left, &fields, refused)?;
    let right = products(&args.right, &fields, refused)?;
    let judged = pairs(&args.pairs, &left, &right, refused)?;
    let learnt = args.train.as_ref().map(|path| pairs(path, &left, &right, refused)).transpose()?.unwrap_or_default();
    Ok(Input { left, right, judged, learnt, fields })
}

/// Runs it and prints its figures.
///
/// # Errors
/// When a file cannot be read or a column is missing.
pub fn run(args: &Args) -> anyhow::Result<()> {
    let measure = Measure::start();
    let mut refused = Refused::default();
    let input = read(args, &mut refused)?;
    eprintln!(
        "{:.1} s: {} and {} products, {} pairs to learn from, {} to judge; further columns: {:?}",
        measure.seconds(),
        input.left.products.len(),
        input.right.products.len(),
        input.learnt.len(),
        input.judged.len(),
        input.fields
    );
    let mut corpus = Corpus::default();
    input.left.products.iter().chain(&input.right.products).for_each(|product| corpus.add(product));
    let view = |products: &Products| products.products.iter().map(|one| corpus.view(one)).collect::<Vec<View>>();
    let (left, right) = (view(&input.left), view(&input.right));
    let told: Vec<Pair> = input.learnt.iter().map(|one| pair(one, &left, &right)).collect();
    let matcher = Matcher::learn(&told, args.seed);
    eprintln!("{:.1} s: learnt", measure.seconds());
    let started = measure.seconds();
    let scores: Vec<f64> = input.judged.iter().map(|one| score(&matcher, one, &left, &right)).collect();
    let pairs_per_s = input.judged.len() as f64 / (measure.seconds() - started).max(1e-6);
    let probable = || scores.iter().zip(&input.judged).map(|(score, one)| (matcher.probability(*score), one.same));
    let mut told = Calibration::default();
    probable().for_each(|(probability, same)| told.add(probability, same));
    plot::save(args.plot.as_ref(), || {
        let titles = Titles { title: "Every pair by itself, from each probability on", x: "probability", y: "share" };
        let matches = input.judged.iter().filter(|one| one.same).count();
        plot::lines(titles, &over_threshold(probable().collect(), matches as f64))
    })?;
    let mut result = figures(args, &input, &matcher, &scores, (&left, &right));
    result["pairs_per_s"] = json!(round(pairs_per_s));
    result["calibration"] = told.json();
    result["refused_rows"] = json!(refused.rows);
    result["refused"] = json!(refused.named);
    result["seed"] = json!(args.seed);
    measure.print(result);
    Ok(())
}

fn pair<'a>(one: &Told, left: &'a [View], right: &'a [View]) -> Pair<'a> {
    let (l, r) = (one.left as usize, one.right as usize);
    Pair { left: one.left, right: one.right, left_view: &left[l], right_view: &right[r], same: one.same }
}

fn score(matcher: &Matcher, one: &Told, left: &[View], right: &[View]) -> f64 {
    matcher.score(&left[one.left as usize], &right[one.right as usize])
}

fn figures(args: &Args, input: &Input, matcher: &Matcher, scores: &[f64], views: (&[View], &[View])) -> Value {
    let judge = |chosen: &[bool]| Judged::of(chosen.iter().zip(&input.judged).map(|(chosen, one)| (*chosen, one.same)));
    let alone: Vec<bool> = scores.iter().map(|score| *score >= matcher.threshold()).collect();
    let once = matcher.one_to_one() && !args.alone;
    // Products that are mapped already are known to the mind; they are not given away again.
    let mapped: Vec<(u32, u32)> = input.learnt.iter().filter(|one| one.same).map(|one| (one.left, one.right)).collect();
    let scored: Vec<(u32, u32, f64)> =
        input.judged.iter().zip(scores).map(|(one, score)| (one.left, one.right, *score)).collect();
    let chosen = if once { one_to_one(&scored, matcher.threshold(), &mapped) } else { alone.clone() };
    let sure = |one: &Told| matcher.mapping(&views.0[one.left as usize], &views.1[one.right as usize]) == Mapping::Map;
    let automatic: Vec<bool> = chosen.iter().zip(&input.judged).map(|(chosen, one)| *chosen && sure(one)).collect();
    let (judged, sure) = (judge(&chosen), judge(&automatic));
    json!({
        "precision": judged.precision(),
        "recall": judged.recall(),
        "f1": judged.f1(),
        "threshold": matcher.probability(matcher.threshold()),
        "one_to_one": once,
        "alone": judge(&alone).to_json(),
        "automatic": {
            "threshold": matcher.automatic().map(|score| matcher.probability(score)),
            "precision": sure.precision(),
            "recall": sure.recall(),
            "share": sure.share(),
        },
        "pairs": input.judged.len(),
        "matches": input.judged.iter().filter(|one| one.same).count(),
        "train_pairs": input.learnt.len(),
        "further_columns": input.fields,
    })
}
