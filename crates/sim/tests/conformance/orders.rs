//! Goods leave: at tills, from web shops, with orders that are changed on the way.

use emulators::machine::Act;
use flow::Clock;
use model::Fact;
use sim::{Leave, habits};

use crate::run::{Played, equal, everywhere, hold};
use crate::stage::{HOME, IT, OPENING, OTHER, Stage, line, till_sale, web_order};

#[test]
fn a_till_sale_is_shown_everywhere() {
    everywhere("till sale", |stage| Box::pin(a_till_sale(stage)));
}

async fn a_till_sale(stage: &mut Stage) -> Played {
    stage.act(&till_sale("T1", "MUG", "2"))?;
    stage.lies("MUG", HOME, "18").await
}

#[test]
fn a_web_order_is_promised_when_it_is_placed_and_leaves_when_it_is_handed_over() {
    everywhere("web order", |stage| Box::pin(a_web_order(stage)));
}

async fn a_web_order(stage: &mut Stage) -> Played {
    stage.act(&web_order("W1", "MUG", "2"))?;
    stage.in_step().await?;
    stage.shows(OTHER, "MUG", HOME, "18")?;
    let leaves_at_once = habits(stage.platform()).leave == Leave::WhenPlaced;
    let lies = model::Level::units(if leaves_at_once { 18 } else { 20 });
    equal("on hand while it is promised", stage.on_hand("MUG", HOME).await?, Some(lies))?;
    stage.act(&Act::Fulfil { reference: "W1".into() })?;
    stage.lies("MUG", HOME, "18").await
}

#[test]
fn a_cancelled_order_gives_its_goods_back() {
    everywhere("cancelled order", |stage| Box::pin(a_cancelled_order(stage)));
}

async fn a_cancelled_order(stage: &mut Stage) -> Played {
    stage.act(&web_order("W1", "MUG", "2"))?;
    stage.in_step().await?;
    stage.shows(OTHER, "MUG", HOME, "18")?;
    stage.act(&Act::Cancel { reference: "W1".into() })?;
    stage.lies("MUG", HOME, "20").await
}

#[test]
fn an_edited_order_takes_what_it_says_now() {
    everywhere("edited order", |stage| Box::pin(an_edited_order(stage)));
}

async fn an_edited_order(stage: &mut Stage) -> Played {
    stage.act(&web_order("W1", "MUG", "3"))?;
    stage.in_step().await?;
    stage.act(&Act::Edit { reference: "W1".into(), line: 0, quantity: "1".into() })?;
    stage.in_step().await?;
    stage.shows(OTHER, "MUG", HOME, "19")?;
    stage.act(&Act::Fulfil { reference: "W1".into() })?;
    stage.lies("MUG", HOME, "19").await
}

#[test]
fn a_voided_sale_puts_its_goods_back_on_the_shelf() {
    everywhere("voided sale", |stage| Box::pin(a_voided_sale(stage)));
}

async fn a_voided_sale(stage: &mut Stage) -> Played {
    stage.act(&till_sale("T1", "MUG", "2"))?;
    stage.lies("MUG", HOME, "18").await?;
    stage.act(&Act::Void { reference: "T1".into() })?;
    stage.lies("MUG", HOME, "20").await
}

#[test]
fn a_sale_of_a_till_that_was_offline_lands_at_its_own_time() {
    everywhere("late sale", |stage| Box::pin(a_late_sale(stage)));
}

async fn a_late_sale(stage: &mut Stage) -> Played {
    const LATE_MS: i64 = 1_800_000;
    // Counts are dated: a sale before the opening count would be in it.
    stage.world.pass(2 * 3_600_000).await;
    let (reference, location, lines) = ("T1".to_owned(), HOME.to_owned(), vec![line("MUG", "2")]);
    let rung_up = stage.world.clock.now().plus_ms(-LATE_MS);
    stage.act(&Act::TillSale { reference, location, lines, customer: None, offline_ms: LATE_MS })?;
    stage.lies("MUG", HOME, "18").await?;
    let placed = stage.facts()?.into_iter().find_map(|fact| match fact {
        Fact::OrderPut(put) => Some(put.placed_at),
        _ => None,
    });
    let off = placed.map(|placed| placed.since(rung_up).abs());
    hold(off.is_some_and(|off| off < 1_000), || format!("it was rung up {rung_up:?}, the hub says {placed:?}"))
}

#[test]
fn a_bundle_that_is_sold_as_its_own_item_takes_its_components() {
    crate::run::everywhere_with(
        "bundle",
        |retailer| {
            let parts = vec![("MUG".to_owned(), 1), ("CUP".to_owned(), 2)];
            let opening = vec![0; retailer.places.len()];
            retailer.goods.push(sim::Goods { sku: "SET".into(), opening, sold: sim::Sold::AsBundle(parts) });
        },
        |stage| Box::pin(a_bundle(stage)),
    );
}

async fn a_bundle(stage: &mut Stage) -> Played {
    stage.sell("T1", "SET", "2").await?;
    stage.lies("MUG", HOME, "18").await?;
    stage.lies("CUP", HOME, "16").await
}

#[test]
fn goods_are_sold_by_weight_where_fractions_are_counted() {
    crate::run::everywhere_with(
        "weighed item",
        |retailer| {
            let opening = vec![OPENING; retailer.places.len()];
            retailer.goods.push(sim::Goods { sku: "RICE".into(), opening, sold: sim::Sold::ByWeight });
        },
        |stage| Box::pin(a_weighed_item(stage)),
    );
}

async fn a_weighed_item(stage: &mut Stage) -> Played {
    stage.needs(connectors::Surface::Fractions)?;
    stage.sell("T1", "RICE", "0.275").await?;
    stage.lies("RICE", HOME, "19.725").await?;
    stage.shows(IT, "RICE", HOME, "19.725")
}
