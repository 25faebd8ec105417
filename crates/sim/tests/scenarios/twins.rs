//! Two accounts of one platform side by side, which give the same ids to their items and locations, and most of them to
//! their documents: whatever happens in one is put down to that one.

use connectors::Surface;
use emulators::machine::{Act, ActLine};
use model::{Fact, Level, Platform};
use sim::{
    AccountPlan, Goods, Place, Retailer, Setup, World, cannot, check_books, check_levels, facts, habits,
    on_virtual_time, replay,
};

const NAMES: [&str; 2] = ["north", "south"];
const PLACES: [&str; 2] = ["North Street", "South Street"];

fn retailer(platform: Platform) -> Retailer {
    let tills = habits(platform).tills;
    let account = |number: usize| {
        let others = if cannot(platform, Surface::Locations) { Vec::new() } else { vec![1 - number] };
        let places = std::iter::once(number).chain(others).collect::<Vec<_>>();
        let plan = AccountPlan::on(platform).called(NAMES[number]);
        plan.selling_from(if habits(platform).web { places } else { Vec::new() })
    };
    Retailer {
        accounts: vec![account(0), account(1)],
        places: vec![Place::new(PLACES[0], 0, tills), Place::new(PLACES[1], 1, tills)],
        goods: vec![Goods::pieces("MUG", vec![20, 20])],
    }
}

/// Goods leave in an account, under the same reference as in the other.
async fn sell(world: &World, number: usize, units: u32) {
    let platform = &world.platforms[number];
    let line =
        || vec![ActLine { sku: "MUG".into(), quantity: units.to_string(), unit_price_minor: 1_000, of_line: None }];
    let done = |act: &Act| platform.act(act).expect("the account can do it");
    if habits(platform.plan.platform).tills {
        let (reference, location, customer) = ("sale".into(), PLACES[number].into(), None);
        done(&Act::TillSale { reference, location, lines: line(), customer, offline_ms: 0 });
    } else {
        let (customer, pickup) = (None, None);
        done(&Act::WebOrder { reference: "sale".into(), lines: line(), customer, force: false, pickup });
        world.pass(1_000).await;
        done(&Act::Fulfil { reference: "sale".into() });
    }
}

#[test]
fn two_accounts_of_one_platform_are_kept_apart_though_their_ids_are_the_same() {
    let mut same_documents = Vec::new();
    for platform in Platform::ALL {
        let same = on_virtual_time(async move {
            let setup = Setup::new(7, retailer(platform));
            let world = World::ready(setup).await.expect("both accounts are read");
            assert_eq!(world.settle(3_600_000).await.expect("the hub runs"), None, "{}", platform.name());
            // The same document in both: were they taken for one, three or two units would be missing somewhere.
            sell(&world, 0, 2).await;
            sell(&world, 1, 3).await;
            assert_eq!(world.settle(3_600_000).await.expect("the hub runs"), None, "{}", platform.name());

            let hub = world.hub().expect("the hub runs");
            let (told, _) = replay(hub).expect("the journal reads");
            for (number, account) in world.platforms.iter().enumerate() {
                let (name, books) = (account.name(), account.books());
                assert_eq!(name, NAMES[number]);
                assert_eq!(check_levels(&told.state, name, &books), Vec::<String>::new());
                assert_eq!(check_books(&told, name, &books), Vec::<String>::new());
            }
            let documents: Vec<_> = facts(hub)
                .expect("the journal reads")
                .into_iter()
                .filter_map(|entry| match entry {
                    Fact::OrderPut(put) => Some((put.document, put.channel)),
                    _ => None,
                })
                .collect();
            let on_hand = [0, 1].map(|place| {
                let location = model::LocationId(place);
                told.state.positions().get(model::ItemId(0), location).on_hand()
            });
            // A web shop by itself may hand out at either place.
            let left: i64 = on_hand.iter().map(|level| level.floor_units()).sum();
            assert_eq!(left, 35, "{}", platform.name());
            if habits(platform).tills {
                assert_eq!(on_hand, [Level::units(18), Level::units(17)], "{}", platform.name());
            }
            documents.iter().any(|(one, at)| documents.iter().any(|(other, there)| one == other && at != there))
        });
        if same.expect("time passes") {
            same_documents.push(platform.name());
        }
    }
    // Where even the documents had the same ids, nothing but the account told them apart.
    assert!(same_documents.len() >= 3, "{same_documents:?}");
}
