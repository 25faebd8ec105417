//! A platform that does not answer holds up nobody else, fills no memory, and is caught up with in a few calls:
//! whichever platform it is.

use std::collections::BTreeSet;

use connectors::connector;
use emulators::machine::BookLevel;
use model::{Action, Adjustment, Change, ItemId, LocationId, Note, Platform};
use sim::{AccountPlan, Goods, Mood, Place, Retailer, Setup, World, check_levels, on_virtual_time, replay};

const ITEMS: u32 = 20;
const MINUTES: u64 = 10;
/// Number of the account that stalls; the other one is [`OTHER`].
const STALLED: usize = 0;
const OTHER: usize = 1;

/// What was measured at the other account, and what it took to catch up with the one that stalled.
#[derive(Debug)]
struct Measured {
    /// 99th percentile from fact to the other's yes, in milliseconds.
    other_ms: f64,
    other_changes: u64,
    /// Calls that changed something at the stalled one after it answered again.
    calls: u64,
    /// Levels that differed when it answered again.
    differed: usize,
    caught_up_ms: i64,
    most_in_flight: usize,
    most_notices: usize,
}

/// Two accounts with a place each, so that every change is somebody else's too.
fn retailer(stalled: Platform) -> Retailer {
    let other = if stalled == Platform::Shopify { Platform::Square } else { Platform::Shopify };
    Retailer {
        accounts: vec![AccountPlan::on(stalled), AccountPlan::on(other)],
        places: vec![Place::new("Home", STALLED, true), Place::new("Away", OTHER, true)],
        goods: (0..ITEMS).map(|n| Goods::pieces(&format!("SKU-{n}"), [30, 30])).collect(),
    }
}

async fn adjust(world: &World, number: u32) {
    let adjustment = Adjustment {
        item: ItemId(number % ITEMS),
        location: LocationId(number % 2),
        change: Change::units(1),
        unsellable: false,
        reason: Note::new("received"),
    };
    let asked = world.hub().expect("the hub runs").ask(&world.clock, Action::Adjust { key: None, adjustment });
    asked.await.expect("the hub answers").expect("there is nothing to refuse");
}

fn levels(world: &World) -> BTreeSet<(String, String, String)> {
    let row = |level: BookLevel| (level.sku, level.location, level.quantity);
    world.platforms[STALLED].books().levels.into_iter().map(row).collect()
}

async fn measure(stalled: Platform, mood: Mood) -> Measured {
    let world = World::ready(Setup::new(41, retailer(stalled))).await.expect("the hub starts");
    assert_eq!(world.settle(600_000).await.expect("the hub runs"), None, "{stalled:?}");
    world.platforms[STALLED].set_mood(mood);
    let (mut most_in_flight, mut most_notices) = (0, 0);
    for second in 0..MINUTES * 60 {
        adjust(&world, u32::try_from(second).expect("a short test")).await;
        world.pass(1_000).await;
        let hub = world.hub().expect("the hub runs");
        let open = |state: &flow::State| {
            let notices = (0..2).map(|channel| state.notices(model::ChannelId(channel)).count()).sum::<usize>();
            (state.in_flight().count(), notices)
        };
        let (in_flight, notices) = hub.read(open).await.expect("the hub answers");
        (most_in_flight, most_notices) = (most_in_flight.max(in_flight), most_notices.max(notices));
    }
    let meter = &world.hub().expect("the hub runs").meter;
    let label = format!("channel=\"{}\",", world.platforms[OTHER].name());
    let other = meter.histogram("lockstep_propagation_seconds", &label);
    let (other_ms, other_changes) = (other.quantile_ms(0.99).expect("something was written"), other.count());
    let changes = || world.platforms[STALLED].calls().writes;
    let (before, since, shown) = (changes(), world.clock.ms(), levels(&world));
    world.platforms[STALLED].set_mood(Mood::Answers);
    assert_eq!(world.until_quiet(3_600_000).await.expect("the hub runs"), None, "{stalled:?}");
    let (calls, caught_up_ms) = (changes() - before, world.clock.ms() - since);
    let differed = levels(&world).difference(&shown).count();
    let (told, _) = replay(world.hub().expect("the hub runs")).expect("the journal is whole");
    for platform in &world.platforms {
        assert_eq!(check_levels(&told.state, platform.name(), &platform.books()), Vec::<String>::new());
    }
    Measured { other_ms, other_changes, calls, differed, caught_up_ms, most_in_flight, most_notices }
}

fn slows_no_other(stalled: Platform) {
    let (well, stalls) =
        on_virtual_time(async { (measure(stalled, Mood::Answers).await, measure(stalled, Mood::Silent).await) })
            .expect("the clock starts");
    assert!(stalls.other_ms <= well.other_ms * 1.25, "{stalled:?}: {stalls:?} instead of {well:?}");
    assert!(stalls.other_changes * 10 >= well.other_changes * 9, "{stalled:?}: {stalls:?} instead of {well:?}");
    // Levels, not errands: however long it lasts, one batch per channel is under way.
    let batch = connector(stalled).abilities().batch_max;
    assert!(stalls.most_in_flight <= 2 * batch.max(2), "{stalled:?}: {stalls:?}");
    assert!(stalls.most_notices <= 2 * ITEMS as usize, "{stalled:?}: {stalls:?}");
    // 600 changes are told in no more calls than levels differ, however few fit into one call, and one more: the
    // request whose outcome was never learnt is repeated as it was before anything else.
    assert!(stalls.differed > 0, "{stalled:?}: something was put off: {stalls:?}");
    let batches = stalls.differed.div_ceil(batch);
    assert!(stalls.calls <= 1 + stalls.differed.max(batches + 1) as u64, "{stalled:?}: {stalls:?}");
    assert!(stalls.caught_up_ms <= 180_000, "{stalled:?}: {stalls:?}");
}

#[test]
fn shopify_that_stalls_for_ten_minutes_slows_no_other_and_is_caught_up_with_in_a_few_calls() {
    slows_no_other(Platform::Shopify);
}

#[test]
fn square_that_stalls_for_ten_minutes_slows_no_other_and_is_caught_up_with_in_a_few_calls() {
    slows_no_other(Platform::Square);
}

#[test]
fn clover_that_stalls_for_ten_minutes_slows_no_other_and_is_caught_up_with_in_a_few_calls() {
    slows_no_other(Platform::Clover);
}

#[test]
fn bigcommerce_that_stalls_for_ten_minutes_slows_no_other_and_is_caught_up_with_in_a_few_calls() {
    slows_no_other(Platform::BigCommerce);
}

#[test]
fn x_series_that_stalls_for_ten_minutes_slows_no_other_and_is_caught_up_with_in_a_few_calls() {
    slows_no_other(Platform::LightspeedX);
}

#[test]
fn r_series_that_stalls_for_ten_minutes_slows_no_other_and_is_caught_up_with_in_a_few_calls() {
    slows_no_other(Platform::LightspeedR);
}
