//! `lockstep eval attribution`: which channel earned the sales, and what money does. Called by [`crate::run`].

mod planned;
pub mod reading;
mod simulate;
pub mod weeks;

use std::io::Write;
use std::path::{Path, PathBuf};

use agents::attribution::{Credits, Paths, credits};
use anyhow::Context;
use serde_json::{Value, json};

use self::reading::{Journeys, journeys};
use crate::measure::Measure;
use crate::plot::{self, Titles};

/// Chains of more states are not also solved by elimination.
const DENSE_MAX: usize = 600;
/// Channels that a picture has room for.
const CHANNELS_SHOWN: usize = 12;

/// Credit every channel for the sales of its journeys, by six rules.
///
/// Reads `path` (channels joined by ` > `), `conversions`, and `value` and `nulls` where they are there.
#[derive(Debug, clap::Args)]
#[command(
    after_help = "Examples:\n  lockstep eval attribution --paths paths.csv --out credit.csv\n  lockstep eval attribution --weeks weeks.csv\n  lockstep eval attribution --simulate --seed 1"
)]
#[command(verbatim_doc_comment)]
pub struct Args {
    /// Journeys: `path,conversions,value,nulls`.
    #[arg(long, required_unless_present_any = ["simulate", "weeks"])]
    paths: Option<PathBuf>,
    /// Where credit by channel is written: `channel,markov,shapley,last,first,linear,decay`.
    #[arg(long)]
    out: Option<PathBuf>,
    /// Where a picture is drawn as SVG: each channel's share of all credit, by every rule.
    #[arg(long, requires = "paths")]
    plot: Option<PathBuf>,
    /// Judge response curves instead, on weeks of spending: `week,name,kind,value`.
    #[arg(long, conflicts_with = "paths")]
    weeks: Option<PathBuf>,
    /// Judge the rules instead, on journeys whose truth is known.
    #[arg(long, conflicts_with_all = ["paths", "weeks"])]
    simulate: bool,
    /// What is drawn is drawn from this.
    #[arg(long, default_value_t = 1)]
    seed: u64,
}

/// Reads, credits, prints.
///
/// # Errors
/// When a file cannot be read or written, or a column is missing.
pub fn run(args: &Args) -> anyhow::Result<()> {
    let measure = Measure::start();
    if args.simulate {
        measure.print(simulate::run(args.seed));
    } else if let Some(file) = &args.weeks {
        measure.print(weeks::run(file, args.seed)?);
    } else if let Some(file) = &args.paths {
        let read = journeys(file)?;
        let credits = credits(&read.paths);
        let seconds = measure.seconds();
        if let Some(out) = &args.out {
            write(out, &read, &credits).with_context(|| format!("write {}", out.display()))?;
        }
        plot::save(args.plot.as_ref(), || picture(&read.names, &credits))?;
        measure.print(result(&read, &credits, seconds));
    }
    Ok(())
}

/// Shares of the channels with most credit; what all others have stands last.
fn picture(names: &[String], credits: &Credits) -> String {
    let mut order: Vec<usize> = (0..names.len()).collect();
    order.sort_by(|a, b| credits.markov[*b].total_cmp(&credits.markov[*a]).then(a.cmp(b)));
    let others = order.split_off(order.len().min(CHANNELS_SHOWN));
    let mut groups: Vec<String> = order.iter().map(|place| names[*place].clone()).collect();
    groups.extend((!others.is_empty()).then(|| "all others".to_owned()));
    let rules: [(&str, &dyn Fn(usize) -> f64); 6] = [
        ("Markov", &|place| credits.markov[place]),
        ("Shapley", &|place| credits.rules[place].shapley),
        ("last touch", &|place| credits.rules[place].last),
        ("first touch", &|place| credits.rules[place].first),
        ("linear", &|place| credits.rules[place].linear),
        ("decay", &|place| credits.rules[place].decay),
    ];
    let shares = |(name, of): (&str, &dyn Fn(usize) -> f64)| {
        let sum = |places: &[usize]| places.iter().map(|place| of(*place)).sum::<f64>();
        let all = (sum(&order) + sum(&others)).max(f64::MIN_POSITIVE);
        let mut shares: Vec<f64> = order.iter().map(|place| of(*place) / all).collect();
        shares.push(sum(&others) / all);
        (name.to_owned(), shares)
    };
    let titles = Titles { title: "Who earned the sales", x: "channel", y: "share of all credit" };
    plot::bars(titles, &groups, &rules.map(shares))
}

fn result(read: &Journeys, credits: &Credits, seconds: f64) -> Value {
    let paths = &read.paths;
    let journeys = paths.sales() + paths.without();
    let effects = credits.solved.removal_effects();
    let channel = |(place, name): (usize, &String)| {
        json!({
            "channel": name,
            "removal_effect": effects[place],
            "markov_value": credits.markov_value[place],
            "markov_order_2": credits.markov_of_pairs.as_ref().map(|pairs| pairs[place]),
        })
    };
    json!({
        "rows": read.rows,
        "rows_per_s": (read.rows as f64 / seconds.max(1e-9)).round(),
        "channels": read.names.len(),
        "conversions": paths.sales(),
        "value": paths.value(),
        "nulls": paths.without(),
        "conversion_rate": if journeys > 0.0 { paths.sales() / journeys } else { 0.0 },
        "conversion_rate_solved": credits.solved.whole,
        "solve_error": solve_error(paths, credits),
        "sweeps": credits.solved.sweeps,
        "by_channel": read.names.iter().enumerate().map(channel).collect::<Vec<_>>(),
        "refused": read.refused.json(),
    })
}

/// Largest difference of a share of credit to that of an exact elimination; null for chains too large for one.
fn solve_error(paths: &Paths, credits: &Credits) -> Option<f64> {
    if paths.chain().states() > DENSE_MAX {
        return None;
    }
    let share = |effects: Vec<f64>| {
        let all: f64 = effects.iter().sum();
        effects.into_iter().map(move |effect| if all > 0.0 { effect / all } else { 0.0 })
    };
    let exact = share(paths.chain().solve_dense(paths.channels()).removal_effects());
    let told = share(credits.solved.removal_effects());
    Some(exact.zip(told).map(|(a, b)| (a - b).abs()).fold(0.0, f64::max))
}

fn write(out: &Path, read: &Journeys, credits: &Credits) -> anyhow::Result<()> {
    let mut table = csv::Writer::from_path(out)?;
    table.write_record(["channel", "markov", "shapley", "last", "first", "linear", "decay"])?;
    for (place, name) in read.names.iter().enumerate() {
        let (markov, rules) = (credits.markov[place], credits.rules[place]);
        let numbers = [markov, rules.shapley, rules.last, rules.first, rules.linear, rules.decay];
        table.write_record(std::iter::once(name.clone()).chain(numbers.map(|number| number.to_string())))?;
    }
    table.into_inner().map_err(|error| error.into_error())?.flush()?;
    Ok(())
}
