//! `lockstep eval forecast`: feeds a table of sales to the forecasting mind, writes what it expects, and judges it by
//! what came. Called by the roof; knows tables and figures, no model.

mod feed;
mod judge;
mod period;
pub mod read;
mod scale;
mod write;

#[cfg(test)]
mod tests;

use std::path::PathBuf;

pub use agents::forecast::Step;
use anyhow::{Context, ensure};
use serde_json::{Value, json};

use self::feed::Feed;
use self::read::{Refused, Sales};
use crate::measure::{Measure, round};
use crate::plot::{self, Line, Titles};

pub use self::period::Periods;
pub use self::read::{Bad, Read, sale};

/// How well demand is forecast, on your own sales.
///
/// Sales: series,item,location,category,department,date,quantity[,in_stock], CSV or TSV, plain, .gz or .zst. A period
/// without a row is a period without a sale. Calendar: date,event,flags. Prices: item,location,date,price, each from
/// its date on.
#[derive(Debug, clap::Args)]
#[command(
    after_help = "Example:\n  lockstep eval forecast --sales sales.csv.gz --calendar calendar.csv --horizon 28 --out forecast.csv --actual next.csv.gz"
)]
pub struct Args {
    /// Sales up to the day the forecast is made.
    #[arg(long)]
    sales: PathBuf,
    /// Events and flags by date; may reach into the future.
    #[arg(long)]
    calendar: Option<PathBuf>,
    /// Prices by item, location and date; may reach into the future.
    #[arg(long)]
    prices: Option<PathBuf>,
    /// Periods to forecast.
    #[arg(long, value_parser = clap::value_parser!(u16).range(1..=1000))]
    horizon: u16,
    /// Where forecasts are written: means and quantiles by series and date.
    #[arg(long)]
    out: PathBuf,
    /// What came, in the form of the sales: then the forecast is judged.
    #[arg(long)]
    actual: Option<PathBuf>,
    /// Where a picture is drawn as SVG: how often units came below each quantile.
    #[arg(long, requires = "actual")]
    plot: Option<PathBuf>,
    /// Length of a period.
    #[arg(long, value_enum, default_value = "day")]
    step: StepName,
    /// Judge this many earlier forecasts as well, one horizon apart, each made of what was known then.
    #[arg(long, default_value_t = 0)]
    rolling: u16,
    /// Without the trees: running sums alone.
    #[arg(long)]
    plain: bool,
}

/// Length of a period on the command line.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
enum StepName {
    Hour,
    Day,
    Week,
    Month,
}

impl From<StepName> for Step {
    fn from(name: StepName) -> Self {
        match name {
            StepName::Hour => Self::Hour,
            StepName::Day => Self::Day,
            StepName::Week => Self::Week,
            StepName::Month => Self::Month,
        }
    }
}

/// Runs it and prints its figures.
///
/// # Errors
/// When a file cannot be read or written, a column is missing, or there is nothing to forecast.
pub fn run(args: &Args) -> anyhow::Result<()> {
    let measure = Measure::start();
    let result = result(args, &measure)?;
    measure.print(result);
    Ok(())
}

fn result(args: &Args, measure: &Measure) -> anyhow::Result<Value> {
    let mut refused = Refused::default();
    let sales = Sales::open(&args.sales, args.step.into(), &mut refused)?;
    let (first, last) = sales.span.context("the table of sales has no row that can be read")?;
    let events = match &args.calendar {
        Some(path) => read::calendar(path, &sales.periods, &mut refused)?,
        None => Vec::new(),
    };
    let prices = match &args.prices {
        Some(path) => read::prices(path, &sales, &mut refused)?,
        None => Vec::new(),
    };
    let horizon = i32::from(args.horizon);
    let earliest = last.saturating_sub(horizon.saturating_mul(i32::from(args.rolling)));
    ensure!(earliest > first, "there is no history before the earliest of these forecasts");
    let read_seconds = measure.seconds();

    let mut feed = Feed::new(&sales, &events, &prices, !args.plain);
    let mut rolling = Vec::new();
    for back in (1..=i32::from(args.rolling)).rev() {
        let origin = last - back * horizon;
        feed.until(origin);
        let forecasts = feed.forecasts(horizon);
        let mut figures = feed.judge(origin, &forecasts, &sales, horizon);
        figures["origin"] = json!(sales.periods.print(origin));
        figures["learnt"] = feed.learnt();
        rolling.push(figures);
    }
    feed.until(last);
    let forecasts = feed.forecasts(horizon);
    write::forecasts(&args.out, &sales, last, &forecasts)?;
    let mut result = json!({});
    if let Some(path) = &args.actual {
        let mut actual = Sales::new(sales.periods);
        actual.take(path, &mut refused)?;
        let came = feed::came(&sales, &actual, last, horizon);
        result = feed.judge_by(last, &forecasts, &came);
        plot::save(args.plot.as_ref(), || picture(&judge::below(&forecasts, &came)))?;
    }
    result["series"] = json!(sales.series.len());
    result["series_forecast"] = json!(forecasts.iter().filter(|series| !series.means.is_empty()).count());
    result["rows"] = json!(sales.read);
    result["periods"] = json!(last - first + 1);
    result["origin"] = json!(sales.periods.print(last));
    result["learnt"] = feed.learnt();
    result["seconds_by_part"] = json!({ "read": round(read_seconds), "parts": feed.seconds() });
    result["updates_per_s"] = json!(feed.updates_per_second());
    result["series_renewed_per_s"] = json!(feed.renewed_per_second());
    if !rolling.is_empty() {
        result["rolling_mean"] = mean(&rolling);
        result["rolling"] = json!(rolling);
    }
    result["refused"] = refused.to_json();
    Ok(result)
}

/// Calibrated is a quantile that the ideal line passes between below and at or below.
fn picture(below: &[(f64, f64); judge::QUANTILES.len()]) -> String {
    let points = |of: &dyn Fn(&(f64, f64)) -> f64| judge::QUANTILES.into_iter().zip(below.iter().map(of)).collect();
    let titles = Titles { title: "How often units came below each quantile", x: "quantile", y: "share of periods" };
    plot::lines(
        titles,
        &[
            Line::new("came at or below it", points(&|share| share.1)),
            Line::new("came below it", points(&|share| share.0)),
            Line::ideal("ideal", vec![(0.0, 0.0), (1.0, 1.0)]),
        ],
    )
}

/// Means of the figures of several forecasts.
fn mean(rolling: &[Value]) -> Value {
    let of = |key: &str| {
        let sum: f64 = rolling.iter().filter_map(|figures| figures[key].as_f64()).sum();
        json!((sum / rolling.len() as f64 * 1e6).round() / 1e6)
    };
    let keys = ["rmsse_weighted", "rmsse_weighted_mean", "pinball_scaled", "bias", "coverage95"];
    keys.into_iter().map(|key| (key.to_owned(), of(key))).collect::<serde_json::Map<_, _>>().into()
}
