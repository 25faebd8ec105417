//! The same deliveries in any order, with duplicates, end in the same stock.

use emulators::machine::{Dice, Outgoing};
use journal::simdisk::SimDisk;
use model::Level;
use sim::{
    HubSettings, SHOPIFY, SQUARE, Setup, World, check_books, check_levels, copy_of, on_virtual_time, replay, shuffle,
};

use crate::play::{fulfil, give_back, on_hand, positions, till_sale, web_order};

/// A world that is in step, and whose deliveries are held back.
async fn in_step(opening: [i64; 3]) -> World {
    let world = World::ready(Setup::one_item(11, opening)).await.expect("the hub starts");
    assert_eq!(world.settle(600_000).await.expect("the hub runs"), None);
    world.platforms.iter().for_each(|platform| platform.hold(true));
    world
}

/// Starts the hub from a copy of a disk, as it was when the window began.
async fn start_from(world: &mut World, disk: &SimDisk, settings: HubSettings) {
    world.kill_hub().await;
    world.set_disk(copy_of(disk));
    world.set_hub(settings);
    world.open_hub().await.expect("the hub starts");
}

/// Every order of `0..count`.
fn permutations(count: usize) -> Vec<Vec<usize>> {
    let mut all = vec![Vec::new()];
    for next in 0..count {
        let longer = |order: &Vec<usize>| {
            let order = order.clone();
            (0..=order.len()).map(move |place| {
                let mut order = order.clone();
                order.insert(place, next);
                order
            })
        };
        all = all.iter().flat_map(longer).collect();
    }
    all
}

/// Deliveries that tell of an order or of what came back.
fn documents(world: &World) -> Vec<Outgoing> {
    let telling = ["orders/create", "orders/fulfilled", "orders/updated", "refunds/create"];
    let held = world.platforms[SHOPIFY].take_held();
    held.into_iter().filter(|delivery| telling.contains(&delivery.topic.as_str())).collect()
}

#[test]
fn every_permutation_of_six_deliveries_with_duplicates_ends_in_the_same_positions() {
    on_virtual_time(async {
        let mut world = in_step([5, 5, 5]).await;
        world.kill_hub().await;
        let disk = copy_of(&world.disk);
        world.act(SHOPIFY, &till_sale("T", "Store 1", "SKU-0", 2)).expect("a till never refuses");
        world.pass(1_000).await;
        world.act(SHOPIFY, &give_back("R1", "T", "Store 1", "SKU-0")).expect("it was sold");
        world.pass(1_000).await;
        world.act(SHOPIFY, &give_back("R2", "T", "Store 1", "SKU-0")).expect("two were sold");
        let window = documents(&world);
        assert_eq!(window.len(), 6, "{:?}", window.iter().map(|delivery| &delivery.topic).collect::<Vec<_>>());
        let (mut dice, mut first) = (Dice::new(3), None);
        for order in permutations(window.len()) {
            start_from(&mut world, &disk, HubSettings { works: false, ..HubSettings::default() }).await;
            for place in order.iter().copied() {
                let times = 1 + dice.below(2);
                for _ in 0..times {
                    world.door.knock(SHOPIFY, window[place].clone()).await;
                }
            }
            assert_eq!(on_hand(&world, 1).await, Level::units(5), "{order:?}");
            let positions = positions(&world).await;
            let first = first.get_or_insert_with(|| positions.clone());
            assert_eq!(&positions, first, "{order:?}");
        }
    })
    .expect("the clock starts");
}

#[test]
fn a_larger_window_over_two_accounts_in_any_order_ends_in_the_same_positions() {
    on_virtual_time(async {
        let mut world = in_step([9, 9, 9]).await;
        let disk = copy_of(&world.disk);
        for number in 0..3 {
            let name = |kind: &str| format!("{kind}{number}");
            world.act(SHOPIFY, &web_order(&name("W"), "SKU-0", 2)).expect("there is enough");
            world.act(SQUARE, &till_sale(&name("T"), "Store 2", "SKU-0", 1)).expect("a till never refuses");
            world.act(SHOPIFY, &till_sale(&name("S"), "Store 1", "SKU-0", 1)).expect("a till never refuses");
            world.pass(500).await;
            world.act(SHOPIFY, &fulfil(&name("W"))).expect("it is open");
        }
        world.act(SHOPIFY, &give_back("R1", "W1", "DC", "SKU-0")).expect("it was handed over");
        world.act(SQUARE, &give_back("R2", "T1", "Store 2", "SKU-0")).expect("it was sold");
        let mut window: Vec<(usize, Outgoing)> = Vec::new();
        for platform in [SHOPIFY, SQUARE] {
            window.extend(world.platforms[platform].take_held().into_iter().map(|delivery| (platform, delivery)));
        }
        window.extend(window.clone());
        let mut dice = Dice::new(7);
        for round in 0..12 {
            shuffle(&mut window, &mut dice);
            start_from(&mut world, &disk, HubSettings::default()).await;
            for (platform, delivery) in &window {
                world.door.knock(*platform, delivery.clone()).await;
                world.pass(dice.below(400)).await;
            }
            world.platforms.iter().for_each(|platform| platform.hold(false));
            assert_eq!(world.settle(3_600_000).await.expect("the hub runs"), None, "round {round}");
            let levels: Vec<Level> = positions(&world).await.iter().map(|(on_hand, _)| *on_hand).collect();
            assert_eq!(levels, [Level::units(4), Level::units(6), Level::units(7)], "round {round}");
            let (told, _) = replay(world.hub().expect("the hub runs")).expect("the journal is whole");
            for number in [SHOPIFY, SQUARE] {
                let books = world.platforms[number].books();
                assert_eq!(
                    check_levels(&told.state, world.platforms[number].name(), &books),
                    Vec::<String>::new(),
                    "round {round}"
                );
                assert_eq!(
                    check_books(&told, world.platforms[number].name(), &books),
                    Vec::<String>::new(),
                    "round {round}"
                );
            }
        }
    })
    .expect("the clock starts");
}
