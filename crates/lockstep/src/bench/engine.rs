//! Durable reserve + commit pairs.

use std::time::{Duration, Instant as Clock};

use flow::{Flow, Keeper};
use model::{
    Action, Actor, Command, Demand, Fact, Instant, ItemId, LocationId, LocationKind, LocationName, Note, Quantity,
    Receipt, ReservationId, Reserve, Sku, Title, Unit,
};
use serde_json::json;

use super::quantile::quantiles;
use super::zipf::{Dice, Zipf};
use super::{EngineArgs, Folder};
use crate::exit::Outcome;
use eval::measure::{Measure, round};

/// Locations; the rest of the positions are items.
const LOCATIONS: u64 = 10;
/// Jobs that wait at the same time when the batch grows by itself, and commands of each.
const WAITING: usize = 32;
const JOB: usize = 128;

pub(super) fn run(args: &EngineArgs) -> anyhow::Result<Outcome> {
    let measure = Measure::start();
    anyhow::ensure!(args.positions >= LOCATIONS, "--positions must be at least {LOCATIONS}");
    anyhow::ensure!((0.0..1.0).contains(&args.zipf), "--zipf must be at least 0 and below 1");
    let folder = Folder::of(args.data.as_ref());
    let (mut keeper, _) = crate::hub::open_alone(&folder.path)?;
    let positions = fill(&mut keeper, args.positions)?;
    let draw = Draw { zipf: Zipf::new(positions, args.zipf), hot: args.hot };
    let bytes_per_position = keeper.state().positions().bytes() as f64 / keeper.state().positions().len() as f64;
    let bytes_per_reservation = bytes_per_reservation(&mut keeper, &draw, args.seed)?;
    let time = Duration::from_secs_f64(args.time);
    let (run, mut lone) = if args.batch == "auto" {
        let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build()?;
        let flow = flow::start(keeper)?;
        let run = runtime.block_on(by_itself(&flow, draw, args.seed, time))?;
        let lone = runtime.block_on(lone(&flow))?;
        runtime.block_on(flow.stop());
        (run, lone)
    } else {
        let batch: usize = args.batch.parse().map_err(|_| anyhow::anyhow!("--batch is auto or a number"))?;
        anyhow::ensure!((2..=100_000).contains(&batch), "--batch must be from 2 to 100000");
        let run = fixed(&mut keeper, &draw, batch, args.seed, time)?;
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
        let flow = flow::start(keeper)?;
        let lone = runtime.block_on(lone(&flow))?;
        runtime.block_on(flow.stop());
        (run, lone)
    };
    let Run { pairs, seconds, mut commits, refused, commands } = run;
    measure.print(json!({
        "pairs_per_s": round(pairs as f64 / seconds),
        "batch_mean": round(commands as f64 / commits.len().max(1) as f64),
        "commit_ms": quantiles(&mut commits),
        "lone_ms": quantiles(&mut lone),
        "bytes_per_position": round(bytes_per_position),
        "bytes_per_reservation": round(bytes_per_reservation),
        "refused": refused,
        "positions": positions,
        "zipf": args.zipf,
        "hot": args.hot,
        "batch": args.batch,
    }));
    Ok(Outcome::Well)
}

struct Draw {
    zipf: Zipf,
    hot: bool,
}

impl Draw {
    fn demand(&self, dice: &mut Dice) -> Demand {
        let position = if self.hot { 0 } else { self.zipf.draw(dice) };
        Demand {
            item: ItemId((position / LOCATIONS) as u32),
            location: LocationId((position % LOCATIONS) as u32),
            quantity: Quantity::units(1),
        }
    }
}

fn command(action: Action) -> Command {
    Command { at: NOW, by: Actor::System, action }
}

/// Time stands still: the clock is not what is measured.
const NOW: Instant = Instant(1_800_000_000_000);

fn reserve(demand: Demand) -> Command {
    let ask = Reserve { key: None, lines: vec![demand], expires_at: NOW.plus_ms(900_000), note: Note::new("") };
    command(Action::Reserve(ask))
}

fn commit(reservation: ReservationId) -> Command {
    command(Action::Commit { reservation })
}

/// Items, locations and enough stock that nothing is refused for want of it.
fn fill(keeper: &mut Keeper, positions: u64) -> anyhow::Result<u64> {
    let items = positions / LOCATIONS;
    let places = (0..LOCATIONS).map(|number| {
        command(Action::PutLocation {
            name: LocationName::new(&format!("L{number}")),
            kind: LocationKind::Store,
            zone: Note::new("UTC"),
            home: None,
        })
    });
    let goods = (0..items).map(|number| {
        command(Action::PutItem {
            sku: Sku::new(&format!("SKU-{number}")),
            title: Title::new("Benchmark item"),
            barcodes: Vec::new(),
            unit: Unit::Piece,
            components: Vec::new(),
            price: None,
            tax_inclusive: false,
        })
    });
    let stock = (0..items * LOCATIONS).map(|position| {
        let receipt = Receipt {
            item: ItemId((position / LOCATIONS) as u32),
            location: LocationId((position % LOCATIONS) as u32),
            quantity: Quantity::units(1_000_000_000),
            reference: Note::new(""),
        };
        command(Action::Receive { key: None, receipt })
    });
    let mut all = places.chain(goods).chain(stock).peekable();
    while all.peek().is_some() {
        let part: Vec<Command> = all.by_ref().take(8_192).collect();
        for result in keeper.decide(&part) {
            result?;
        }
        keeper.commit()?;
    }
    Ok(items * LOCATIONS)
}

fn bytes_per_reservation(keeper: &mut Keeper, draw: &Draw, seed: u64) -> anyhow::Result<f64> {
    let mut dice = Dice::new(seed ^ 0xB17E);
    let before = keeper.state().reservations().bytes();
    let count = 100_000;
    let commands: Vec<Command> = (0..count).map(|_| reserve(draw.demand(&mut dice))).collect();
    let held = ids(&keeper.decide(&commands));
    let bytes = (keeper.state().reservations().bytes() - before) as f64 / count as f64;
    keeper.decide(&held.into_iter().map(commit).collect::<Vec<_>>());
    keeper.commit()?;
    Ok(bytes)
}

fn ids(results: &[Result<Vec<Fact>, model::Refusal>]) -> Vec<ReservationId> {
    let facts = results.iter().flatten().flatten();
    facts
        .filter_map(|fact| match fact {
            Fact::Reserved(reserved) => Some(reserved.reservation),
            _ => None,
        })
        .collect()
}

#[derive(Default)]
struct Run {
    pairs: u64,
    commands: u64,
    refused: u64,
    seconds: f64,
    commits: Vec<Duration>,
}

/// Half of every batch reserves, half commits what the batch before reserved.
#[expect(clippy::disallowed_methods, reason = "a benchmark reads the clock")]
fn fixed(keeper: &mut Keeper, draw: &Draw, batch: usize, seed: u64, time: Duration) -> anyhow::Result<Run> {
    let mut dice = Dice::new(seed);
    let mut run = Run::default();
    let mut held: Vec<ReservationId> = Vec::new();
    let started = Clock::now();
    while started.elapsed() < time {
        let commands: Vec<Command> =
            held.drain(..).map(commit).chain((0..batch / 2).map(|_| reserve(draw.demand(&mut dice)))).collect();
        let begun = Clock::now();
        let results = keeper.decide(&commands);
        keeper.commit()?;
        run.commits.push(begun.elapsed());
        run.commands += commands.len() as u64;
        run.refused += results.iter().filter(|result| result.is_err()).count() as u64;
        held = ids(&results);
        run.pairs += held.len() as u64;
    }
    run.seconds = started.elapsed().as_secs_f64();
    // What is still held has not been committed.
    run.pairs -= held.len() as u64;
    Ok(run)
}

/// Callers that each wait for their answer before they ask again; the batch is what waits meanwhile.
#[expect(clippy::disallowed_methods, reason = "a benchmark reads the clock")]
async fn by_itself(flow: &Flow, draw: Draw, seed: u64, time: Duration) -> anyhow::Result<Run> {
    let draw = std::sync::Arc::new(draw);
    let started = Clock::now();
    let callers = (0..WAITING).map(|number| {
        let (flow, draw) = (flow.clone(), std::sync::Arc::clone(&draw));
        tokio::spawn(async move {
            let mut dice = Dice::new(seed.wrapping_add(number as u64).wrapping_mul(0xA5A5));
            let mut run = Run::default();
            while started.elapsed() < time {
                let begun = Clock::now();
                let asks: Vec<Command> = (0..JOB).map(|_| reserve(draw.demand(&mut dice))).collect();
                let answer = flow.decide(move |_| Ok(asks)).await?;
                run.commits.push(begun.elapsed());
                let held = ids(&answer.results);
                run.refused += answer.results.iter().filter(|result| result.is_err()).count() as u64;
                run.pairs += held.len() as u64;
                run.commands += 2 * JOB as u64;
                let ends: Vec<Command> = held.into_iter().map(commit).collect();
                flow.decide(move |_| Ok(ends)).await?;
            }
            Ok::<Run, flow::FlowError>(run)
        })
    });
    let callers: Vec<_> = callers.collect();
    let mut all = Run::default();
    for caller in callers {
        let run = caller.await??;
        all.pairs += run.pairs;
        all.commands += run.commands;
        all.refused += run.refused;
        all.commits.extend(run.commits);
    }
    all.seconds = started.elapsed().as_secs_f64();
    Ok(all)
}

/// One command at a time.
#[expect(clippy::disallowed_methods, reason = "a benchmark reads the clock")]
async fn lone(flow: &Flow) -> anyhow::Result<Vec<Duration>> {
    let mut durations = Vec::new();
    for _ in 0..2_000 {
        let demand = Demand { item: ItemId(0), location: LocationId(0), quantity: Quantity::units(1) };
        let begun = Clock::now();
        flow.command(reserve(demand)).await?;
        durations.push(begun.elapsed());
    }
    Ok(durations)
}
