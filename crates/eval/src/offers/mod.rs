//! `lockstep eval offers`: is what people look at or buy next among what would be offered? Called by [`crate::run`].

pub mod judging;
pub mod logged;
pub mod reading;
pub mod uplift;

use std::path::PathBuf;

use agents::offers::{Kind, NAMES, Trails, study};
use anyhow::ensure;
use serde_json::{Map, Value, json};

use self::judging::{Judged, judge};
use self::reading::{Names, Refused, Sessions, remember, sessions};
use crate::measure::{Measure, round};
use crate::plot::{self, Line, Titles};
use crate::progress;

/// Learn from one table of sessions or baskets, and be asked about every later one.
///
/// Tables have the columns `session,item,time`.
#[derive(Debug, clap::Args)]
#[command(
    after_help = "Example:\n  lockstep eval offers --train sessions_before.tsv --test sessions_after.tsv --mode session"
)]
#[command(args_conflicts_with_subcommands = true, verbatim_doc_comment)]
pub struct Args {
    /// What is learnt from: `session,item,time`.
    #[arg(long, required = true)]
    train: Option<PathBuf>,
    /// What is asked about, later than what is learnt from.
    #[arg(long, required = true)]
    test: Option<PathBuf>,
    /// What a session is.
    #[arg(long, value_enum, default_value_t = Mode::Session)]
    mode: Mode,
    /// Ask VMIS-kNN alone (m 1,000, k 100) instead of the mind, for comparison.
    #[arg(long)]
    plain: bool,
    /// Where a picture is drawn as SVG: the hit rate by the number of places shown.
    #[arg(long)]
    plot: Option<PathBuf>,
    #[command(subcommand)]
    other: Option<Other>,
}

/// The other questions about offers.
#[derive(Debug, clap::Subcommand)]
pub enum Other {
    /// Who is moved by a message?
    Uplift(uplift::Args),
    /// What would another way of choosing have earned?
    Logged(logged::Args),
}

/// What a session is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
pub enum Mode {
    /// A visit: items may be looked at again.
    Session,
    /// A cart: no item is put in twice.
    Cart,
}

impl Mode {
    fn kind(self) -> Kind {
        match self {
            Self::Session => Kind::Browsing,
            Self::Cart => Kind::Cart,
        }
    }
}

/// Learns, asks, prints.
///
/// # Errors
/// When a file cannot be read or a column is missing.
pub fn run(args: Args) -> anyhow::Result<()> {
    match &args.other {
        Some(Other::Uplift(args)) => return uplift::run(args),
        Some(Other::Logged(args)) => return logged::run(args),
        None => {}
    }
    let measure = Measure::start();
    let (Some(train), Some(test)) = (&args.train, &args.test) else {
        anyhow::bail!("give --train and --test");
    };
    let mut names = Names::default();
    let (train, test) = (sessions(train, &mut names)?, sessions(test, &mut names)?);
    ensure!(!train.lists.is_empty(), "nothing to learn from: no row of --train can be used");
    let result = evaluate(&train, &test, args.mode.kind(), args.plain, &measure);
    plot::save(args.plot.as_ref(), || {
        let rates = result["hit_rate_by_rank"].as_array().into_iter().flatten().filter_map(Value::as_f64);
        let points =
            (0..).zip(std::iter::once(0.0).chain(rates)).map(|(places, rate)| (f64::from(places), rate)).collect();
        let titles = Titles { title: "What was wanted is among the first", x: "places shown", y: "hit rate" };
        plot::lines(titles, &[Line::new(if args.plain { "VMIS-kNN" } else { "the mind" }, points)])
    })?;
    measure.print(result);
    Ok(())
}

fn evaluate(train: &Sessions, test: &Sessions, kind: Kind, plain: bool, measure: &Measure) -> Value {
    let mut past: Trails = remember(train);
    let items = past.items();
    let started = measure.seconds();
    let mut result = if plain {
        judge(Judged::Plain(kind), &mut past, items, test)
    } else {
        let bar = progress::bar(0, "learning");
        let learnt = study(&past, kind, &mut |doing| {
            bar.set_message(doing.to_owned());
            bar.tick();
        });
        bar.finish_and_clear();
        let seconds = measure.seconds() - started;
        let mut result = judge(Judged::Mind(&learnt), &mut past, items, test);
        let stages = ["one", "two_or_three", "more"].into_iter().zip(learnt.weights());
        let weights: Map<String, Value> = stages
            .map(|(stage, weights)| (stage.to_owned(), json!(weights.map(|weight| round(f64::from(weight))))))
            .collect();
        result["learn_seconds"] = json!(round(seconds));
        result["evidence"] = json!(NAMES);
        result["weights"] = Value::Object(weights);
        result
    };
    result["sessions_train"] = json!(train.lists.len());
    result["sessions_test"] = json!(test.lists.len());
    result["items"] = json!(items);
    Refused::tell(&[("train", &train.refused), ("test", &test.refused)], &mut result);
    result
}
