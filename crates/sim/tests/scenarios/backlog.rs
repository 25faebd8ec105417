//! A channel to which more is to be written than its rate budget allows: it is heard all the same.

use model::{Action, Adjustment, Change, ChannelId, ItemId, Level, LocationId, Note, Platform};
use sim::{AccountPlan, Goods, Place, Retailer, Setup, World, on_virtual_time};

use crate::play::{on_hand, till_sale};

/// Items besides the one that is sold.
const OTHERS: u32 = 900;
/// The account that takes one item in a call and a few calls in a second.
const SLOW: usize = 0;
/// Between two polls, in milliseconds.
const POLL_MS: i64 = 60_000;
/// What a poll may take besides: its own points of the budget come back within a second, and it waits for one
/// write at the most.
const BOUND_MS: i64 = 5_000;

async fn world() -> World {
    let retailer = Retailer {
        accounts: vec![AccountPlan::on(Platform::LightspeedR), AccountPlan::on(Platform::Square)],
        places: vec![Place::new("Home", SLOW, true), Place::new("Away", 1, true)],
        goods: (0..=OTHERS).map(|number| Goods::pieces(&format!("SKU-{number}"), [30, 30])).collect(),
    };
    let world = World::ready(Setup::new(29, retailer)).await.expect("the hub starts");
    assert_eq!(world.settle(3_600_000).await.expect("the hub runs"), None);
    world
}

async fn waiting(world: &World) -> usize {
    let hub = world.hub().expect("the hub runs");
    let open = hub.read(|state| flow::unsettled(state, ChannelId(0)));
    open.await.expect("the hub answers").differences
}

#[test]
fn a_sale_is_heard_within_one_poll_while_hundreds_of_writes_wait() {
    on_virtual_time(async {
        let world = world().await;
        for number in 1..=OTHERS {
            let adjustment = Adjustment {
                item: ItemId(number),
                location: LocationId(0),
                change: Change::units(-1),
                unsellable: false,
                reason: Note::new("broken"),
            };
            let asked = world.hub().expect("the hub runs").ask(&world.clock, Action::Adjust { key: None, adjustment });
            asked.await.expect("the hub answers").expect("there is nothing to refuse");
        }
        // What was saved up in the bucket is spent before the first sale.
        for sale in 1..=2 {
            world.pass(45_000).await;
            world.act(SLOW, &till_sale(&format!("T{sale}"), "Home", "SKU-0", 1)).expect("a till never refuses");
            let (sold_at, left) = (world.clock.ms(), Level::units(30 - sale));
            while on_hand(&world, 0).await != left {
                world.pass(100).await;
                let waits_ms = world.clock.ms() - sold_at;
                assert!(waits_ms <= POLL_MS + BOUND_MS, "sale {sale} has not been heard after {waits_ms} ms");
            }
            assert!(waiting(&world).await >= 50, "sale {sale} was heard when nothing waited any more");
        }
        assert_eq!(world.settle(3_600_000).await.expect("the hub runs"), None);
    })
    .expect("the clock starts");
}
