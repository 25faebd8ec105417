//! A platform that does not answer holds up nobody else, fills no memory, and is caught up with in a few calls.

use model::{Action, Adjustment, Change, ItemId, LocationId, Note};
use sim::{HubSettings, Mood, Retailer, SHOPIFY, SQUARE, Setup, World, check_levels, on_virtual_time, replay};

const ITEMS: u32 = 20;
const MINUTES: u64 = 10;

/// What was measured at Square, and what it took to catch up with Shopify.
#[derive(Debug)]
struct Measured {
    /// 99th percentile from fact to Square's yes, in milliseconds.
    square_ms: f64,
    square_changes: u64,
    /// Calls that changed stock at Shopify after it answered again.
    shopify_calls: u64,
    caught_up_ms: i64,
    most_in_flight: usize,
    most_notices: usize,
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

async fn measure(shopify: Mood) -> Measured {
    let retailer = Retailer::drawn(41, ITEMS as usize);
    let setup = Setup { seed: 41, retailer, hub: HubSettings::default(), skew_ms: [0; 2] };
    let world = World::ready(setup).await.expect("the hub starts");
    assert_eq!(world.settle(600_000).await.expect("the hub runs"), None);
    world.platforms[SHOPIFY].set_mood(shopify);
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
    let square = meter.histogram("lockstep_propagation_seconds", "channel=\"square\",");
    let (square_ms, square_changes) = (square.quantile_ms(0.99).expect("something was written"), square.count());
    let changes = || world.platforms[SHOPIFY].calls().writes;
    let (before, since) = (changes(), world.clock.ms());
    world.platforms[SHOPIFY].set_mood(Mood::Answers);
    assert_eq!(world.until_quiet(3_600_000).await.expect("the hub runs"), None);
    let (shopify_calls, caught_up_ms) = (changes() - before, world.clock.ms() - since);
    let (told, _) = replay(world.hub().expect("the hub runs")).expect("the journal is whole");
    for number in [SHOPIFY, SQUARE] {
        let books = world.platforms[number].books();
        assert_eq!(check_levels(&told.state, number, &books), Vec::<String>::new());
    }
    Measured { square_ms, square_changes, shopify_calls, caught_up_ms, most_in_flight, most_notices }
}

#[test]
fn a_platform_that_stalls_for_ten_minutes_slows_no_other_and_is_caught_up_with_in_a_few_calls() {
    let (well, stalled) = on_virtual_time(async { (measure(Mood::Answers).await, measure(Mood::Silent).await) })
        .expect("the clock starts");
    assert!(stalled.square_ms <= well.square_ms * 1.25, "{stalled:?} instead of {well:?}");
    assert!(stalled.square_changes * 10 >= well.square_changes * 9, "{stalled:?} instead of {well:?}");
    // Levels, not errands: however long it lasts, one batch per channel is under way.
    assert!(stalled.most_in_flight <= 2 && stalled.most_notices <= 2 * ITEMS as usize, "{stalled:?}");
    assert!(stalled.shopify_calls <= 8, "600 changes are told in a few calls: {stalled:?}");
    assert!(stalled.caught_up_ms <= 180_000, "{stalled:?}");
}
