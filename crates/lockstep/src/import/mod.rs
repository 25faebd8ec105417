//! `lockstep import`: items, stock and mappings from a file. A dry run first; every refused row is listed with line and reason.

mod items;
mod mappings;
mod stock;
#[cfg(test)]
mod tests;

use std::path::PathBuf;

use engine::State;
use flow::{Clock, Keeper, SystemClock};
use model::{Action, Actor, Command, Instant};
use serde_json::json;

use crate::cli::Place;
use crate::exit::Outcome;
use eval::measure::Measure;
use eval::table::{Row, Table};

/// Items, stock or mappings from a CSV or TSV file (plain, .gz, .zst).
#[derive(Debug, clap::Args)]
#[command(
    after_help = "Examples:\n  lockstep import items items.csv                 what would happen, row by row\n  lockstep import items items.csv --apply\n  lockstep import stock stock.csv.gz --apply -c lockstep.toml\n  lockstep import mappings mappings.csv --apply\n\nColumns of items: sku,title,barcode,price,currency,tax_inclusive,unit,components (components: SKU*2 + SKU*1)\nColumns of stock: sku,location,quantity,counted_at\nColumns of mappings: channel,external,sku or channel,external,location (empty takes the mapping away),\nor channel,customer,other_channel,other_customer,same (yes links, no puts the question away, empty unlinks)\n\nThe hub must not be running on the data folder; use the API while it does."
)]
pub(crate) struct Args {
    #[command(subcommand)]
    what: What,
}

#[derive(Debug, clap::Subcommand)]
enum What {
    /// Items: created, or changed when the SKU is known.
    #[command(
        after_help = "Examples:\n  lockstep import items items.csv                 what would happen, row by row\n  lockstep import items items.csv --apply\n\nColumns: sku,title,barcode,price,currency,tax_inclusive,unit,components (components: SKU*2 + SKU*1)"
    )]
    Items(File),
    /// Stock: counted quantities.
    #[command(
        after_help = "Examples:\n  lockstep import stock stock.csv.gz -c lockstep.toml\n  lockstep import stock stock.csv.gz -c lockstep.toml --apply\n\nColumns: sku,location,quantity,counted_at"
    )]
    Stock(File),
    /// Mappings: which of our items or locations a platform's id stands for, and which customers are one person.
    #[command(
        after_help = "Examples:\n  lockstep import mappings mappings.csv -c lockstep.toml\n  lockstep import mappings mappings.csv -c lockstep.toml --apply\n\nColumns: channel,external,sku for items, channel,external,location for locations; an empty last one takes the mapping\naway. channel,customer,other_channel,other_customer,same for customers: yes links two records, no puts the question\naway for good, nothing takes the link away. GET /v1/mappings.csv and the page /mappings give such tables. While the hub runs, send it in on that page."
    )]
    Mappings(File),
}

#[derive(Debug, clap::Args)]
struct File {
    /// The file.
    file: PathBuf,
    /// Carry it out; without this nothing is changed.
    #[arg(long)]
    apply: bool,
    #[command(flatten)]
    place: Place,
}

/// Why a row is refused.
pub(crate) struct Refused {
    pub field: &'static str,
    pub reason: String,
}

impl Refused {
    pub(crate) fn of(field: &'static str, reason: impl Into<String>) -> Self {
        Self { field, reason: reason.into() }
    }
}

/// What turns a row into an action.
type Read = Box<dyn FnMut(&State, &Row, Instant) -> Result<Action, Refused>>;

pub(crate) fn run(args: &Args) -> anyhow::Result<Outcome> {
    let file = match &args.what {
        What::Items(file) | What::Stock(file) | What::Mappings(file) => file,
    };
    let measure = Measure::start();
    let config = file.place.load()?;
    let (table, read): (Table, Read) = match &args.what {
        What::Items(_) => (Table::open(&file.file, &["sku", "title"])?, Box::new(items::read)),
        What::Stock(_) => (Table::open(&file.file, &["sku", "location", "quantity"])?, Box::new(stock::read)),
        What::Mappings(_) => {
            let table = Table::open(&file.file, &["channel"])?;
            let kind = mappings::kind(&table)?;
            (table, Box::new(mappings::reader(kind)))
        }
    };
    let (mut keeper, _) = crate::hub::open(&config.hub)?;
    // In a dry run it is decided too, so that rows may name its places, but never committed.
    crate::hub::configure_at_rest(&mut keeper, &config)?;
    let progress = indicatif::ProgressBar::new_spinner();
    let done = import(&mut keeper, table, read, &progress, file.apply)?;
    progress.finish_and_clear();
    if file.apply {
        keeper.snapshot()?;
    } else {
        eprintln!("dry run: nothing was changed; add --apply to carry it out");
    }
    let well = done.refused.is_empty();
    measure.print(json!({
        "rows_in": done.rows_in,
        "rows_applied": done.rows_applied,
        "dry_run": !file.apply,
        "refused": done.refused,
    }));
    Ok(if well { Outcome::Well } else { Outcome::No })
}

#[derive(Default)]
struct Done {
    rows_in: u64,
    rows_applied: u64,
    refused: Vec<serde_json::Value>,
}

/// Rows made durable together.
const PORTION: u64 = 1_000;

fn import(
    keeper: &mut Keeper,
    table: Table,
    mut read: Read,
    progress: &indicatif::ProgressBar,
    apply: bool,
) -> anyhow::Result<Done> {
    // A dry run decides on a copy of the state, so that a row sees what the rows before it would have done.
    let mut trial = keeper.state().clone();
    let mut done = Done::default();
    for row in table {
        done.rows_in += 1;
        let row = match row {
            Ok(row) => row,
            Err(bad) => {
                done.refused.push(json!({ "line": bad.line, "field": null, "reason": bad.reason }));
                continue;
            }
        };
        if row.fields().any(flow::cards::holds_one) {
            let reason = "holds a card number, which the hub does not take in";
            done.refused.push(json!({ "line": row.line, "field": null, "reason": reason }));
            continue;
        }
        let at = SystemClock.now();
        let state = if apply { keeper.state() } else { &trial };
        let decided = read(state, &row, at).and_then(|action| {
            let command = Command { at, by: Actor::Operator, action };
            let result = if apply {
                keeper.decide(&[command]).pop().unwrap_or(Ok(Vec::new()))
            } else {
                try_out(&mut trial, &command)
            };
            result.map_err(|refusal| Refused::of("row", refusal.to_string()))
        });
        match decided {
            Ok(_) => done.rows_applied += 1,
            Err(refused) => {
                done.refused.push(json!({ "line": row.line, "field": refused.field, "reason": refused.reason }));
            }
        }
        if done.rows_in % PORTION == 0 {
            if apply {
                keeper.commit()?;
            }
            progress.set_message(format!("{} rows, {} refused", done.rows_in, done.refused.len()));
            progress.tick();
        }
    }
    if apply {
        keeper.commit()?;
    }
    Ok(done)
}

fn try_out(trial: &mut State, command: &Command) -> Result<Vec<model::Fact>, model::Refusal> {
    let facts = engine::decide(trial, command)?;
    let entries = facts.into_iter().map(|fact| model::Entry { at: command.at, by: command.by.clone(), fact });
    Ok(entries
        .map(|entry| {
            engine::evolve(trial, &entry);
            entry.fact
        })
        .collect())
}
