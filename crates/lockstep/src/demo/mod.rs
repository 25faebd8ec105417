//! `lockstep demo`: a whole retailer on this machine. Emulated platforms run in this process; the hub is a child
//! process of its own, restarted with the same data when it dies.

mod books;
mod child;
mod live;
mod platforms;
mod propagation;
mod replay;
mod report;
mod retailer;
mod sales;
mod settle;
mod spread;
mod stall;
mod stock;

use std::path::PathBuf;
use std::time::Duration;

use anyhow::Context;

use crate::exit::Outcome;
use crate::measure::Measure;

/// A whole retailer on this machine: emulated platforms, live traffic, dashboard; nothing to configure.
#[derive(Clone, Debug, clap::Args)]
#[command(
    after_help = "Examples:\n  lockstep demo                                         open the address it prints; Ctrl-C ends it\n  lockstep demo --for 60s --report report.json          ends by itself and reports\n  lockstep demo --sales sales.csv.gz --speed max --report -   replays real sales\n  lockstep demo --sales sales.csv.gz --faults all --kills 5 --report r.json\n  lockstep demo --stall square:60 --report -            one platform stops answering; are the others held up?\n\nColumns of --sales: invoice_no,stock_code,description,quantity,invoice_date,unit_price,customer_id,country\nExit code 1: the run did not settle, or something was lost, doubled, oversold by the hub, or shown wrongly;\nwith --stall also: the others' p99 rose by more than half, the hub's memory grew by more than 64 MB, or catching up took more calls than levels differed, and one."
)]
pub(crate) struct Args {
    /// Where the report goes: a file, or - for standard output.
    #[arg(long)]
    report: Option<String>,
    /// Replay these sales instead of generated traffic.
    #[arg(long)]
    sales: Option<PathBuf>,
    /// With --sales: max, or how many times faster than the file's clock.
    #[arg(long, default_value = "max")]
    speed: String,
    /// End after this time, for example 60s or 5m.
    #[arg(long = "for", value_parser = duration)]
    for_: Option<Duration>,
    /// none, all, or a list of duplicate, reorder, delay, drop, late, 429, 500, timeout, truncate, skew, unsubscribe.
    /// Without it: none with --sales and --stall, all at 0.1 % otherwise.
    #[arg(long)]
    faults: Option<String>,
    /// Traffic, faults and kills are drawn from it.
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// Data folder of the hub; without it a temporary one that is removed.
    #[arg(long)]
    data: Option<PathBuf>,
    /// With --sales: opening stock in per cent of what the file needs (tight:50 gives half), for oversell tests.
    #[arg(long)]
    stock: Option<String>,
    /// Vendors' retry pauses and poll intervals are divided by this.
    #[arg(long, default_value_t = 60)]
    retry_scale: u32,
    /// Kill the hub (kill -9) this many times at random moments of the replay; it is started again each time.
    #[arg(long, default_value_t = 0)]
    kills: u32,
    /// With --sales: only the first so many rows.
    #[arg(long)]
    rows: Option<u64>,
    /// Rate plan of the emulated web shop in points per second: 100 is the standard plan. The other platforms' rates are
    /// multiplied likewise. Without it: 1000 with --stall, so that no rate budget is what is measured; 100 otherwise.
    #[arg(long)]
    plan: Option<u32>,
    /// PLATFORM[:SECONDS]: under traffic, this platform's API takes calls in and does not answer, for 60 s unless told
    /// otherwise, after as long a time of answering. The report compares both times.
    #[arg(long, value_parser = stall::Stall::parse, conflicts_with_all = ["sales", "for_", "kills"])]
    stall: Option<stall::Stall>,
}

/// `90`, `60s`, `5m`, `1h`.
pub(crate) fn duration(text: &str) -> Result<Duration, String> {
    let (number, unit) = text.split_at(text.find(|c: char| !c.is_ascii_digit()).unwrap_or(text.len()));
    let number: u64 = number.parse().map_err(|_| format!("{text:?} is no time; write 60s, 5m or 1h"))?;
    let seconds = match unit {
        "" | "s" => 1,
        "m" => 60,
        "h" => 3_600,
        _ => return Err(format!("{unit:?} is no unit of time; use s, m or h")),
    };
    Ok(Duration::from_secs(number.saturating_mul(seconds)))
}

pub(crate) fn run(args: Args) -> anyhow::Result<Outcome> {
    let measure = Measure::start();
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    let temporary = args.data.is_none();
    let data =
        args.data.clone().unwrap_or_else(|| std::env::temp_dir().join(format!("lockstep-demo-{}", std::process::id())));
    // Dropping the run ends the hub, its child.
    let done = runtime.block_on(async {
        tokio::select! {
            done = demo(&args, &data, &measure) => done,
            () = crate::serve::terminated() => Err(anyhow::anyhow!("ended by SIGTERM")),
        }
    });
    if temporary {
        let _ = std::fs::remove_dir_all(&data);
    }
    done
}

async fn demo(args: &Args, data: &std::path::Path, measure: &Measure) -> anyhow::Result<Outcome> {
    emulators::shell::Faults::parse(&faults(args), emulators::shell::PER_MILLION).context("--faults")?;
    let plan = match &args.sales {
        Some(file) => Some(sales::read(file, args.rows).context("read the sales")?),
        None => None,
    };
    let retailer = match &plan {
        Some(plan) => retailer::of_sales(plan, stock_percent(args)?),
        None => retailer::generated(args.seed),
    };
    let platforms = platforms::start(&retailer, args).await.context("start the emulators")?;
    platforms.open_shop(&retailer).await.context("fill the emulators")?;
    let mut hub = child::Hub::start(data, &retailer, &platforms, args.retry_scale).await.context("start the hub")?;
    platforms.subscribe_by_hand(hub.address()).await.context("subscribe to the emulators")?;
    eprintln!("\n  lockstep demo: open {}\n", hub.address());
    hub.until_ready().await?;
    eprintln!("  every channel has been read; traffic begins after {:.1} s", measure.seconds());
    platforms.set_faults(&faults(args), args.sales.is_none()).await?;
    let mut stalled = None;
    let told = match (&plan, args.stall) {
        (Some(plan), _) => replay::run(plan, &retailer, &platforms, &mut hub, args).await?,
        (None, Some(stall)) => {
            let (told, what) = stall::run(stall, &retailer, &platforms, &mut hub, args.seed).await?;
            stalled = Some(what);
            told
        }
        (None, None) => live::run(&retailer, &platforms, &mut hub, args).await?,
    };
    platforms.set_faults("none", false).await?;
    if args.report.is_none() && stalled.is_none() {
        hub.end().await?;
        return Ok(Outcome::Well);
    }
    eprintln!("  traffic has ended after {:.1} s; waiting until every channel shows what it should", measure.seconds());
    let settled = settle::wait(&platforms, &mut hub).await?;
    let figures = hub.figures().await?;
    let books = platforms.books().await?;
    let calls = platforms.calls().await?;
    hub.end().await?;
    let mut report =
        report::make(&report::Input { retailer: &retailer, told, settled, figures, books, calls, stalled, data })?;
    measure.add(&mut report.json);
    let text = format!("{:#}\n", report.json);
    match args.report.as_deref() {
        None => {}
        Some("-") => print!("{text}"),
        Some(file) => std::fs::write(file, text).with_context(|| format!("write the report to {file}"))?,
    }
    eprintln!("{}", report.words);
    Ok(if report.well { Outcome::Well } else { Outcome::No })
}

fn faults(args: &Args) -> String {
    let quiet = args.sales.is_some() || args.stall.is_some();
    args.faults.clone().unwrap_or_else(|| if quiet { "none".into() } else { "all".into() })
}

/// Points per second of the emulated web shop.
fn plan_points(args: &Args) -> u32 {
    args.plan.unwrap_or(if args.stall.is_some() { 1_000 } else { 100 })
}

fn stock_percent(args: &Args) -> anyhow::Result<i64> {
    let Some(stock) = &args.stock else { return Ok(100) };
    let percent = stock.strip_prefix("tight:").and_then(|percent| percent.parse::<i64>().ok());
    percent.filter(|percent| (0..=100).contains(percent)).context("--stock is tight:P with P from 0 to 100")
}
