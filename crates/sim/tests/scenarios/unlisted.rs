//! Items without a level: they are not asked about at every reading, and by id where a platform can be asked so; and one of them that is deleted without a word is found all the same.

use emulators::machine::Act;
use emulators::shell::{Fault, Faults};
use model::{ChannelId, ItemId, Platform};
use sim::{AccountPlan, Goods, Place, Retailer, Setup, World, on_virtual_time};

const IT: usize = 0;

/// One account with goods, and with a service that has no stock.
async fn world(platform: Platform) -> World {
    let retailer = Retailer {
        accounts: vec![AccountPlan::on(platform).selling_from([0])],
        places: vec![Place::new("Home", IT, false)],
        goods: (0..3).map(|number| Goods::pieces(&format!("SKU-{number}"), [5])).collect(),
    };
    let world = World::ready(Setup::new(29, retailer)).await.expect("the hub starts");
    let wrap = Act::PutItem {
        sku: "WRAP".into(),
        title: "Gift wrap".into(),
        barcode: None,
        price_minor: 200,
        tracked: false,
        force_new: false,
        product: None,
        option: None,
    };
    world.act(IT, &wrap).expect("a service may be sold");
    assert_eq!(world.settle(600_000).await.expect("the hub runs"), None);
    world.pass(180_000).await;
    // From the first reading after it is known it is known to be there.
    assert_eq!(world.settle(600_000).await.expect("the hub runs"), None);
    assert_eq!(mapped(&world).await, 4, "the service is known");
    world
}

async fn mapped(world: &World) -> usize {
    let hub = world.hub().expect("the hub runs");
    hub.read(|state| state.catalogue().items_on(ChannelId(0)).len()).await.expect("the hub answers")
}

/// The platform's id of the service, which is the last item.
async fn service(world: &World) -> String {
    let hub = world.hub().expect("the hub runs");
    let last = |state: &flow::State| state.catalogue().external_item(ChannelId(0), ItemId(3)).cloned();
    hub.read(last).await.expect("the hub answers").expect("it is mapped").as_str().to_owned()
}

/// Everything is read five times.
async fn readings(world: &World) {
    for _ in 0..5 {
        assert_eq!(world.settle(600_000).await.expect("the hub runs"), None);
    }
}

/// Calls about `text` during five readings; during the first reading after a restart and four more.
async fn calls(world: &mut World, text: &str) -> (u64, u64) {
    world.platforms[IT].watch(text);
    readings(world).await;
    let before = world.platforms[IT].watched();
    world.kill_hub().await;
    world.open_hub().await.expect("it starts again");
    assert!(world.until_ready().await.expect("the hub runs"));
    readings(world).await;
    (before, world.platforms[IT].watched() - before)
}

#[test]
fn shopify_is_asked_about_a_service_by_its_id_and_not_at_every_reading() {
    on_virtual_time(async {
        let mut world = world(Platform::Shopify).await;
        let id = format!("gid://shopify/InventoryItem/{}", service(&world).await);
        assert_eq!(calls(&mut world, &id).await, (0, 1));
        // Nor is the whole catalogue read: a poll of it names a time.
        assert_eq!(calls(&mut world, "\"query\":null").await, (0, 0));
    })
    .expect("the clock starts");
}

#[test]
fn bigcommerce_which_cannot_be_asked_so_has_its_catalogue_read_once_and_not_at_every_reading() {
    on_virtual_time(async {
        let mut world = world(Platform::BigCommerce).await;
        assert_eq!(calls(&mut world, "direction=asc&page=1&").await, (0, 1));
    })
    .expect("the clock starts");
}

#[test]
fn what_has_a_level_and_is_deleted_without_a_word_is_found_by_the_next_reading_and_a_service_by_the_next_start() {
    for platform in [Platform::Shopify, Platform::BigCommerce] {
        on_virtual_time(async {
            let mut world = world(platform).await;
            world.platforms[IT].set_faults(Faults::none().with(Fault::Drop, 1_000_000), 0);
            for sku in ["SKU-0", "WRAP"] {
                world.act(IT, &Act::DeleteItem { sku: sku.into() }).expect("it is there");
            }
            readings(&world).await;
            assert_eq!(mapped(&world).await, 3, "{platform:?}");
            world.kill_hub().await;
            world.open_hub().await.expect("it starts again");
            assert!(world.until_ready().await.expect("the hub runs"));
            assert_eq!(mapped(&world).await, 2, "{platform:?}");
        })
        .expect("the clock starts");
    }
}
