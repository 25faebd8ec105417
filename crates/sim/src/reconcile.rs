//! How long it takes to put a whole mirrored location right: every level of a large shop is wrong, and the rate budget
//! is the vendor's own.
//!
//! The `reconcile` example prints what comes of it. It measures calls, points and virtual time, and judges nothing.

use connectors::connector;
use emulators::machine::{Act, Calls};
use emulators::shell::{Fault, Faults};
use flow::Clock;
use model::{Action, Count, LocationName, Note, Platform as Dictionary, Quantity, Sku};

use crate::{AccountPlan, Goods, Place, Retailer, SHOPIFY, Setup, SimError, World, check_levels, on_virtual_time};

/// Points that a call which changes levels costs, as the vendor publishes it.
const CHANGE_COST: u64 = 10;
/// Time in which everything must be right, in milliseconds.
const LIMIT_MS: u64 = 6 * 3_600_000;
/// What lies at the mirrored location, and what the shop is made to show instead.
const RIGHT: u32 = 7;
const WRONG: &str = "3";

/// What a reconciliation took.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Reconciled {
    /// Items; each lies at two locations, and its level at one of them was wrong.
    pub items: usize,
    /// Calls that read.
    pub read_calls: u64,
    /// Calls that changed levels.
    pub write_calls: u64,
    /// Rows that they carried.
    pub rows: u64,
    /// Calls that were answered with 'too many requests'.
    pub throttled: u64,
    /// Points that the calls that changed levels cost.
    pub points: u64,
    /// Virtual seconds from the wish to read until every level was right.
    pub seconds: f64,
    /// The least that arithmetic allows without a full bucket: rows / rows per call × cost / points per second.
    pub optimum_seconds: f64,
    /// How many levels were still wrong at the end.
    pub wrong: usize,
}

impl Reconciled {
    /// How many times the optimum it took.
    pub fn ratio(&self) -> f64 {
        self.seconds / self.optimum_seconds
    }

    /// As JSON.
    pub fn json(&self) -> serde_json::Value {
        serde_json::json!({
            "items": self.items,
            "read_calls": self.read_calls,
            "write_calls": self.write_calls,
            "rows_written": self.rows,
            "throttled": self.throttled,
            "points_spent_on_writes": self.points,
            "virtual_seconds": self.seconds,
            "optimum_seconds": self.optimum_seconds,
            "ratio": self.ratio(),
            "still_wrong": self.wrong,
        })
    }
}

/// Makes every level of a mirrored location wrong and lets the hub put it right, on virtual time.
///
/// # Errors
/// When the simulation cannot be carried out, or does not come to an end in six virtual hours.
pub fn reconcile(items: usize) -> Result<Reconciled, SimError> {
    on_virtual_time(play(items))?
}

fn retailer(items: usize) -> Retailer {
    Retailer {
        accounts: vec![AccountPlan::on(Dictionary::Shopify)],
        places: vec![Place::new("Store", SHOPIFY, true), Place::of_hub("Warehouse")],
        goods: (0..items).map(|number| Goods::pieces(&sku(number), [5, 0])).collect(),
    }
}

fn sku(number: usize) -> String {
    format!("SKU-{number}")
}

async fn play(items: usize) -> Result<Reconciled, SimError> {
    let world = World::ready(Setup::new(91, retailer(items))).await?;
    let shop = &world.platforms[SHOPIFY];
    // A hundred thousand news of levels would do the work of the reading.
    shop.set_faults(Faults::none().with(Fault::Drop, 1_000_000), 0);
    stock(&world, items).await?;
    in_step(&world).await?;
    for number in 0..items {
        let (sku, location) = (sku(number), "Warehouse".to_owned());
        world.act(SHOPIFY, &Act::Count { sku, location, quantity: WRONG.into() })?;
    }
    let (before, since) = (shop.calls(), world.clock.ms());
    world.hub()?.ask_for_readings();
    let carried = || rows(&shop.calls()) - rows(&before);
    // Every wrong level takes a row; before that, comparing whole books is not worth the while.
    while carried() < items as u64 || wrong(&world).await? > 0 {
        world.pass(250).await;
        if world.clock.ms() - since > i64::try_from(LIMIT_MS).unwrap_or(i64::MAX) {
            return Err(not_in_time("levels are still wrong"));
        }
    }
    let (after, ms) = (shop.calls(), world.clock.ms() - since);
    let abilities = connector(Dictionary::Shopify).abilities();
    let batches = items.div_ceil(abilities.batch_max) as f64;
    // A bulk reading is counted among the changes; it is no change of a level.
    let bulk = |calls: &Calls| calls.rows.get("bulkOperationRunQuery").copied().unwrap_or(0);
    let write_calls = (after.writes - bulk(&after)) - (before.writes - bulk(&before));
    Ok(Reconciled {
        items,
        read_calls: after.reads - before.reads,
        write_calls,
        rows: carried(),
        throttled: after.throttled - before.throttled,
        points: write_calls * CHANGE_COST,
        seconds: ms as f64 / 1_000.0,
        optimum_seconds: batches * CHANGE_COST as f64 / f64::from(abilities.budget.restore_per_s),
        wrong: wrong(&world).await?,
    })
}

/// Rows of levels that changes have carried since the world began.
fn rows(calls: &Calls) -> u64 {
    calls.rows.iter().filter(|(kind, _)| kind.starts_with("inventory")).map(|(_, rows)| rows).sum()
}

/// The hub counts the warehouse.
async fn stock(world: &World, items: usize) -> Result<(), SimError> {
    let hub = world.hub()?;
    let place = LocationName::new("Warehouse");
    let place = hub.read(move |state| state.catalogue().location_named(&place).map(|place| place.location)).await?;
    let place = place.ok_or_else(|| not_in_time("the hub knows no warehouse"))?;
    for number in 0..items {
        let name = Sku::new(&sku(number));
        let item = hub.read(move |state| state.catalogue().sku(&name).map(|item| item.item)).await?;
        let item = item.ok_or_else(|| not_in_time("an item was not read"))?;
        let count = Count {
            item,
            location: place,
            counted: Quantity::units(RIGHT),
            counted_at: world.clock.now(),
            reason: Note::new("stock-taking"),
        };
        // Nothing refuses a first count; a refusal would show as a level that is never right.
        let _ = hub.ask(&world.clock, Action::Count { key: None, count }).await?;
    }
    Ok(())
}

async fn in_step(world: &World) -> Result<(), SimError> {
    match world.settle(LIMIT_MS).await? {
        None => Ok(()),
        Some(open) => Err(not_in_time(&open)),
    }
}

/// Levels at the warehouse that the shop shows wrongly.
async fn wrong(world: &World) -> Result<usize, SimError> {
    let books = world.platforms[SHOPIFY].books();
    world.hub()?.read(move |state| check_levels(state, Dictionary::Shopify.name(), &books).len()).await
}

fn not_in_time(what: &str) -> SimError {
    SimError::Platform { platform: Dictionary::Shopify.name(), reason: what.to_owned() }
}
