//! What was acknowledged is durable, with every platform standing still, and with the power going at any moment.

use emulators::machine::{Attempt, Outgoing};
use model::{ChannelId, Level};
use sim::{HubSettings, Mood, SHOPIFY, SQUARE, Setup, World, copy_of, on_virtual_time};

use crate::play::{on_hand, till_sale};

/// A world in step whose accounts answer no call any more, and the deliveries of a sale in each.
async fn sold_while_all_hang() -> (World, Vec<(usize, Outgoing)>) {
    let world = World::ready(Setup::one_item(31, [5, 5, 5])).await.expect("the hub starts");
    assert_eq!(world.settle(600_000).await.expect("the hub runs"), None);
    for platform in &world.platforms {
        platform.hold(true);
        platform.set_mood(Mood::Hangs);
    }
    world.act(SHOPIFY, &till_sale("S", "Store 1", "SKU-0", 1)).expect("a till never refuses");
    world.act(SQUARE, &till_sale("T", "Store 2", "SKU-0", 1)).expect("a till never refuses");
    let mut deliveries = Vec::new();
    for (platform, topic) in [(SHOPIFY, "orders/create"), (SQUARE, "order.created")] {
        let held = world.platforms[platform].take_held();
        deliveries.extend(held.into_iter().filter(|delivery| delivery.topic == topic).map(|one| (platform, one)));
    }
    assert_eq!(deliveries.len(), 2);
    (world, deliveries)
}

/// What is known of the two sales: stock at the first store, and whether the second one is to be fetched.
async fn known(world: &World) -> (Level, bool) {
    let hub = world.hub().expect("the hub runs");
    let noticed = hub.read(|state| state.notices(ChannelId(1)).count() > 0).await.expect("the hub answers");
    (on_hand(world, 1).await, noticed)
}

#[test]
fn a_delivery_is_acknowledged_at_once_while_no_platform_answers_and_survives_a_power_cut() {
    on_virtual_time(async {
        let (mut world, deliveries) = sold_while_all_hang().await;
        let before = world.clock.ms();
        for (platform, delivery) in deliveries {
            assert_eq!(world.door.knock(platform, delivery).await, Attempt::Answered(200));
        }
        assert_eq!(world.clock.ms(), before, "nobody waited for anything");
        world.cut_power().await;
        world.open_hub().await.expect("the hub starts");
        assert_eq!(known(&world).await, (Level::units(4), true));
    })
    .expect("the clock starts");
}

#[test]
fn with_the_power_cut_in_every_operation_of_the_disk_what_was_acknowledged_is_there() {
    on_virtual_time(async {
        let (mut world, deliveries) = sold_while_all_hang().await;
        world.kill_hub().await;
        // The key by which Square signs is learnt from Square, which does not answer here: Shopify's is configured.
        let delivery = deliveries[0].1.clone();
        let disk = copy_of(&world.disk);
        world.set_hub(HubSettings { works: false, ..HubSettings::default() });
        let (mut cut_after, mut acknowledged) = (0, 0);
        loop {
            cut_after += 1;
            world.kill_hub().await;
            world.set_disk(copy_of(&disk));
            world.open_hub().await.expect("the hub starts");
            world.disk.cut_power_at(world.disk.operations() + cut_after);
            let answer = world.door.knock(SHOPIFY, delivery.clone()).await;
            let was_cut = world.disk.is_off();
            world.cut_power().await;
            world.open_hub().await.expect("the hub starts");
            if answer == Attempt::Answered(200) {
                acknowledged += 1;
                assert_eq!(on_hand(&world, 1).await, Level::units(4), "cut in operation {cut_after}");
            }
            // What was not acknowledged is sent again, and is then there exactly once.
            assert_eq!(world.door.knock(SHOPIFY, delivery.clone()).await, Attempt::Answered(200));
            assert_eq!(on_hand(&world, 1).await, Level::units(4), "cut in operation {cut_after}");
            if !was_cut {
                break;
            }
        }
        assert!(cut_after > 4 && acknowledged > 0, "{cut_after} operations, {acknowledged} acknowledged");
    })
    .expect("the clock starts");
}
