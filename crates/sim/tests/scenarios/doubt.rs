//! A write of ours of which nobody knows whether it was taken, at the home of a location that remembers no key of it.

use emulators::machine::Act;
use model::{Action, Adjustment, Change, ChannelId, ItemId, Level, LocationId, Note, Platform};
use sim::{AccountPlan, Goods, Place, Retailer, Setup, World, check_levels, on_virtual_time};

use crate::play::on_hand;

/// Whose number counts at the only place.
const HOME: usize = 1;
const TWENTY: i64 = 20;

fn retailer() -> Retailer {
    Retailer {
        accounts: vec![
            AccountPlan::on(Platform::Shopify).selling_from([0]),
            AccountPlan::on(Platform::BigCommerce).selling_from([0]),
        ],
        places: vec![Place::new("DC", HOME, false)],
        goods: vec![Goods::pieces("SKU-0", [TWENTY])],
    }
}

/// When the hub is killed.
#[derive(Clone, Copy, Debug)]
enum Moment {
    /// The write is under way and never arrives.
    NotYetThere,
    /// It is taken, and nobody hears so.
    Taken,
}

const MOMENTS: [Moment; 2] = [Moment::NotYetThere, Moment::Taken];

/// One unit is written off through the hub, which is killed while it tells the home of it.
async fn killed_while_writing(moment: Moment) -> World {
    let mut world = World::ready(Setup::new(71, retailer())).await.expect("the hub starts");
    assert_eq!(world.settle(600_000).await.expect("the hub runs"), None);
    // Longer than it takes until a change shows: nothing else is under way there.
    world.pass(10_000).await;
    let before = world.platforms[HOME].calls().writes;
    write_off(&world, -1).await;
    let is_time = |world: &World| match moment {
        Moment::NotYetThere => true,
        Moment::Taken => world.platforms[HOME].calls().writes > before,
    };
    while !(is_writing(&world).await && is_time(&world)) {
        world.pass(1).await;
    }
    world.kill_hub().await;
    world.pass(5_000).await;
    world
}

async fn is_writing(world: &World) -> bool {
    let home = |state: &flow::State| state.in_flight().any(|batch| batch.channel == ChannelId(HOME as u32));
    world.hub().expect("the hub runs").read(home).await.expect("the hub answers")
}

async fn write_off(world: &World, units: i32) {
    let (item, location) = (ItemId(0), LocationId(0));
    let change = Change::units(units);
    let adjustment = Adjustment { item, location, change, unsellable: false, reason: Note::new("damaged") };
    do_there(world, Action::Adjust { key: None, adjustment }).await;
}

async fn do_there(world: &World, action: Action) {
    let hub = world.hub().expect("the hub runs");
    hub.ask(&world.clock, action).await.expect("the hub answers").expect("it is possible");
}

async fn goes_on(world: &mut World) {
    world.open_hub().await.expect("the hub starts");
    assert!(world.until_ready().await.expect("the hub runs"));
    assert_eq!(world.settle(600_000).await.expect("the hub runs"), None);
}

/// Why a person must look at the home's level; `None` when nobody must.
async fn waits_for(world: &World) -> Option<String> {
    let reason = |state: &flow::State| {
        let row = state.positions().find(ItemId(0), LocationId(0))?;
        state.shown().reason(ChannelId(HOME as u32), row).map(ToString::to_string)
    };
    world.hub().expect("the hub runs").read(reason).await.expect("the hub answers")
}

async fn all_show_it(world: &World) -> Vec<String> {
    let mut wrong = Vec::new();
    for platform in &world.platforms {
        let (name, books) = (platform.name(), platform.books());
        let read = world.hub().expect("the hub runs").read(move |state| check_levels(state, name, &books));
        wrong.extend(read.await.expect("the hub answers"));
    }
    wrong
}

#[test]
fn a_write_of_unknown_outcome_is_neither_lost_nor_done_twice() {
    on_virtual_time(async {
        for moment in MOMENTS {
            let mut world = killed_while_writing(moment).await;
            goes_on(&mut world).await;
            assert_eq!(on_hand(&world, 0).await, Level::units(19), "{moment:?}");
            assert_eq!(all_show_it(&world).await, Vec::<String>::new(), "{moment:?}");
            assert_eq!(waits_for(&world).await, None, "{moment:?}");
        }
    })
    .expect("the clock starts");
}

#[test]
fn what_was_changed_by_hand_beside_a_write_of_unknown_outcome_waits_for_a_count_and_is_right_after_it() {
    on_virtual_time(async {
        for moment in MOMENTS {
            let mut world = killed_while_writing(moment).await;
            let (sku, location) = ("SKU-0".to_owned(), "DC".to_owned());
            let by_hand =
                Act::Adjust { sku, location, delta: "-3".into(), reason: "damaged".into(), reference: "broken".into() };
            world.act(HOME, &by_hand).expect("people may");
            goes_on(&mut world).await;
            let reason = waits_for(&world).await.unwrap_or_default();
            assert!(reason.contains("count it"), "{moment:?}: {reason:?}");
            // Sixteen lie there: twenty less one written off through the hub and three by hand.
            let missing = on_hand(&world, 0).await.to(Level::units(16));
            if !missing.is_zero() {
                write_off(&world, i32::try_from(missing.floor_units()).expect("small")).await;
            }
            do_there(
                &world,
                Action::Unblock { channel: ChannelId(HOME as u32), item: ItemId(0), location: LocationId(0) },
            )
            .await;
            assert_eq!(world.settle(600_000).await.expect("the hub runs"), None);
            assert_eq!(on_hand(&world, 0).await, Level::units(16), "{moment:?}");
            assert_eq!(all_show_it(&world).await, Vec::<String>::new(), "{moment:?}");
        }
    })
    .expect("the clock starts");
}
