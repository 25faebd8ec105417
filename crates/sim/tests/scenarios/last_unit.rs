//! The last unit, wanted by a till, a shopper and a caller of the API: every order in which it can happen and be
//! heard of, through the whole flow.

use flow::Clock;
use model::{Action, Demand, ItemId, LocationId, Note, Quantity, Reserve};
use sim::{SHOPIFY, SQUARE, Setup, World, on_virtual_time, replay};

use crate::play::{till_sale, web_order};

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Event {
    /// The till of Square sells the unit.
    Till,
    TillHeard,
    /// A shopper orders it in Shopify's web shop.
    Web,
    WebHeard,
    /// A caller of the API has it promised.
    Reserve,
}

use Event::{Reserve as Promise, Till, TillHeard, Web, WebHeard};

/// Every order of the events in which nothing is heard of before it happened.
fn orders(events: &[Event]) -> Vec<Vec<Event>> {
    let Some(_) = events.first() else { return vec![Vec::new()] };
    let mut all = Vec::new();
    for (place, last) in events.iter().enumerate() {
        let follows = match last {
            Till => events.contains(&TillHeard),
            Web => events.contains(&WebHeard),
            TillHeard | WebHeard | Promise => false,
        };
        if follows {
            continue;
        }
        let mut rest = events.to_vec();
        rest.remove(place);
        all.extend(orders(&rest).into_iter().map(|mut order| {
            order.push(*last);
            order
        }));
    }
    all
}

/// What became of a conflict.
#[derive(Debug, Default, PartialEq, Eq)]
struct Ended {
    till: bool,
    web: bool,
    promised: bool,
}

async fn hear(world: &World, platform: usize) {
    for delivery in world.platforms[platform].take_held() {
        world.door.knock(platform, delivery).await;
    }
    // Long enough to fetch what a notice names and to write what follows.
    world.pass(4_000).await;
}

async fn play(order: &[Event]) -> Ended {
    let mut world = World::build(Setup::one_item(5, [0, 0, 1])).expect("the accounts are set up");
    world.open_hub().await.expect("the hub starts");
    assert!(world.until_ready().await.expect("the hub runs"));
    assert_eq!(world.settle(600_000).await.expect("the hub runs"), None);
    world.platforms.iter().for_each(|platform| platform.hold(true));
    let (mut web, mut promised) = (false, false);
    for event in order {
        match event {
            Till => drop(world.act(SQUARE, &till_sale("T", "Store 2", "SKU-0", 1)).expect("a till never refuses")),
            TillHeard => hear(&world, SQUARE).await,
            Web => web = world.platforms[SHOPIFY].act(&web_order("W", "SKU-0", 1)).is_ok(),
            WebHeard => hear(&world, SHOPIFY).await,
            Promise => promised = promise(&world).await,
        }
    }
    world.platforms.iter().for_each(|platform| platform.hold(false));
    assert_eq!(world.settle(600_000).await.expect("the hub runs"), None, "{order:?}");
    let (told, _) = replay(world.hub().expect("the hub runs")).expect("the journal is whole");
    assert_eq!(told.wrong, Vec::<String>::new(), "{order:?}");
    let broken = |order: bool| told.shorted.iter().any(|shorted| shorted.order.is_some() == order);
    Ended { till: order.contains(&Till), web: web && !broken(true), promised: promised && !broken(false) }
}

async fn promise(world: &World) -> bool {
    let reserve = Reserve {
        key: None,
        lines: vec![Demand { item: ItemId(0), location: LocationId(2), quantity: Quantity::units(1) }],
        expires_at: world.clock.now().plus_ms(86_400_000),
        note: Note::new("cart"),
    };
    let hub = world.hub().expect("the hub runs");
    hub.ask(&world.clock, Action::Reserve(reserve)).await.expect("the hub answers").is_ok()
}

fn has_one_winner(events: &[Event]) -> Vec<(Vec<Event>, Ended)> {
    let mut played = Vec::new();
    for order in orders(events) {
        let ended = on_virtual_time(play(&order)).expect("the clock starts");
        let winners = [ended.till, ended.web, ended.promised].iter().filter(|won| **won).count();
        assert_eq!(winners, 1, "{order:?}: {ended:?}");
        played.push((order, ended));
    }
    played
}

#[test]
fn of_till_shopper_and_caller_the_till_keeps_what_left_and_nobody_else_is_promised_it() {
    let played = has_one_winner(&[Till, TillHeard, Web, WebHeard, Promise]);
    assert_eq!(played.len(), 30);
    assert!(played.iter().all(|(_, ended)| ended.till));
}

#[test]
fn of_shopper_and_caller_the_one_who_was_heard_first_keeps_the_unit() {
    let played = has_one_winner(&[Web, WebHeard, Promise]);
    assert_eq!(played.len(), 3);
    let promised = played.iter().filter(|(_, ended)| ended.promised).count();
    assert_eq!(promised, 2, "the caller wins unless the order was heard of before he asked: {played:?}");
}
