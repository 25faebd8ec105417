//! Webhooks that never come: polling finds what they would have told, and a lost subscription is made anew.

use emulators::machine::Act;
use emulators::shell::{Fault, Faults};
use model::{Level, Platform};
use sim::{
    AccountPlan, Goods, Place, Retailer, SHOPIFY, SQUARE, Setup, World, check_books, check_levels, on_virtual_time,
    replay,
};

use crate::play::{fulfil, on_hand, till_sale, web_order};

async fn world(opening: [i64; 3]) -> World {
    let world = World::ready(Setup::one_item(21, opening)).await.expect("the hub starts");
    assert_eq!(world.settle(600_000).await.expect("the hub runs"), None);
    world
}

fn all_is_well(world: &World) {
    let (told, _) = replay(world.hub().expect("the hub runs")).expect("the journal is whole");
    assert_eq!(told.wrong, Vec::<String>::new());
    for number in [SHOPIFY, SQUARE] {
        let books = world.platforms[number].books();
        assert_eq!(check_levels(&told.state, world.platforms[number].name(), &books), Vec::<String>::new());
        assert_eq!(check_books(&told, world.platforms[number].name(), &books), Vec::<String>::new());
    }
}

#[test]
fn with_every_webhook_dropped_for_an_hour_polling_alone_converges() {
    on_virtual_time(async {
        let world = world([50, 50, 50]).await;
        let nothing_arrives = Faults::none().with(Fault::Drop, 1_000_000);
        world.platforms.iter().for_each(|platform| platform.set_faults(nothing_arrives.clone(), 0));
        let heard_before = world.platforms.iter().map(|platform| platform.outbox().delivered).sum::<u64>();
        for minute in 0..20 {
            let name = |kind: &str| format!("{kind}{minute}");
            world.act(SQUARE, &till_sale(&name("T"), "Store 2", "SKU-0", 1)).expect("a till never refuses");
            world.act(SHOPIFY, &till_sale(&name("S"), "Store 1", "SKU-0", 1)).expect("a till never refuses");
            world.act(SHOPIFY, &web_order(&name("W"), "SKU-0", 1)).expect("there is enough");
            world.pass(90_000).await;
            world.act(SHOPIFY, &fulfil(&name("W"))).expect("it is open");
            world.pass(90_000).await;
        }
        // Still nothing is delivered: what is known now is known from polls.
        assert_eq!(world.settle(600_000).await.expect("the hub runs"), None);
        let heard = world.platforms.iter().map(|platform| platform.outbox().delivered).sum::<u64>();
        assert_eq!(heard, heard_before, "no webhook arrived");
        for (location, units) in [(0, 30), (1, 30), (2, 30)] {
            assert_eq!(on_hand(&world, location).await, Level::units(units), "at location {location}");
        }
        all_is_well(&world);
    })
    .expect("the clock starts");
}

#[test]
fn a_removed_subscription_is_made_anew_and_the_gap_is_filled() {
    on_virtual_time(async {
        let world = world([5, 5, 5]).await;
        world.platforms.iter().for_each(|platform| platform.unsubscribe());
        // In the gap nobody is told.
        world.act(SQUARE, &till_sale("T1", "Store 2", "SKU-0", 1)).expect("a till never refuses");
        world.act(SHOPIFY, &till_sale("S1", "Store 1", "SKU-0", 1)).expect("a till never refuses");
        world.pass(180_000).await;
        assert_eq!((on_hand(&world, 1).await, on_hand(&world, 2).await), (Level::units(4), Level::units(4)));
        let hub = world.hub().expect("the hub runs");
        assert!(hub.links.iter().all(|link| link.health().subscribed == Some(true)));
        // And after it everybody is told again, at once and not by a poll.
        let polled = || hub.links.iter().map(|link| link.health().polled_at).collect::<Vec<_>>();
        let before = polled();
        while polled() == before {
            world.pass(100).await;
        }
        world.pass(5_000).await;
        let before = polled();
        world.act(SQUARE, &till_sale("T2", "Store 2", "SKU-0", 1)).expect("a till never refuses");
        world.act(SHOPIFY, &till_sale("S2", "Store 1", "SKU-0", 1)).expect("a till never refuses");
        world.pass(3_000).await;
        assert_eq!((on_hand(&world, 1).await, on_hand(&world, 2).await), (Level::units(3), Level::units(3)));
        assert_eq!(polled(), before, "nobody polled meanwhile");
        assert_eq!(world.settle(600_000).await.expect("the hub runs"), None);
        all_is_well(&world);
    })
    .expect("the clock starts");
}

/// Levels that are mentioned at once: fewer than make the hub read everything.
const MENTIONED: u32 = 300;

#[test]
fn a_sale_is_heard_while_hundreds_of_levels_are_read_one_by_one() {
    on_virtual_time(async {
        let retailer = Retailer {
            accounts: vec![AccountPlan::on(Platform::Clover), AccountPlan::on(Platform::Square)],
            places: vec![Place::new("Home", 0, true), Place::new("Away", 1, true)],
            goods: (0..=MENTIONED).map(|number| Goods::pieces(&format!("SKU-{number}"), [30, 30])).collect(),
        };
        let world = World::ready(Setup::new(23, retailer)).await.expect("the hub starts");
        assert_eq!(world.settle(3_600_000).await.expect("the hub runs"), None);
        for number in 1..=MENTIONED {
            let (sku, location) = (format!("SKU-{number}"), "Home".to_owned());
            world.act(0, &Act::Count { sku, location, quantity: "20".into() }).expect("it is counted there");
        }
        // The platform answers eight questions a second and tells one level in each: the reading takes half a minute.
        world.pass(6_000).await;
        world.act(0, &till_sale("T1", "Home", "SKU-0", 1)).expect("a till never refuses");
        world.pass(8_000).await;
        assert_eq!(on_hand(&world, 0).await, Level::units(29), "the sale is known");
        assert!(world.open().await.expect("the hub runs").is_some(), "and levels are still being read");
        assert_eq!(world.settle(600_000).await.expect("the hub runs"), None);
    })
    .expect("the clock starts");
}
