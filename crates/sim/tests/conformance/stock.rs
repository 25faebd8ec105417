//! Stock that people count, receive and move inside the platform.

use emulators::machine::Act;

use crate::run::{Played, everywhere};
use crate::stage::{AWAY, HOME, OTHER, SECOND, Stage, count, line};

#[test]
fn a_count_at_home_is_the_truth() {
    everywhere("count", |stage| Box::pin(a_count(stage)));
}

async fn a_count(stage: &mut Stage) -> Played {
    stage.act(&count("MUG", HOME, "7"))?;
    stage.lies("MUG", HOME, "7").await
}

#[test]
fn a_count_where_it_is_not_at_home_is_put_right() {
    everywhere("count elsewhere", |stage| Box::pin(a_count_elsewhere(stage)));
}

async fn a_count_elsewhere(stage: &mut Stage) -> Played {
    stage.needs(connectors::Surface::Locations)?;
    stage.act(&count("MUG", AWAY, "7"))?;
    stage.lies("MUG", AWAY, "20").await
}

#[test]
fn goods_received_are_shown_everywhere() {
    everywhere("receipt of goods", |stage| Box::pin(a_receipt(stage)));
}

async fn a_receipt(stage: &mut Stage) -> Played {
    let (sku, location, reference) = ("MUG".to_owned(), HOME.to_owned(), "A1".to_owned());
    stage.act(&Act::Adjust { sku, location, delta: "5".into(), reason: "received".into(), reference })?;
    stage.lies("MUG", HOME, "25").await
}

#[test]
fn goods_moved_inside_the_platform_leave_one_place_and_come_to_the_other() {
    everywhere("transfer", |stage| Box::pin(a_transfer(stage)));
}

async fn a_transfer(stage: &mut Stage) -> Played {
    let lines = vec![line("MUG", "3")];
    stage.act(&Act::Transfer { reference: "M1".into(), from: HOME.into(), to: SECOND.into(), lines })?;
    stage.lies("MUG", HOME, "17").await?;
    stage.lies("MUG", SECOND, "23").await
}

#[test]
fn a_sale_in_the_other_account_is_shown_here() {
    everywhere("sale elsewhere", |stage| Box::pin(a_sale_elsewhere(stage)));
}

async fn a_sale_elsewhere(stage: &mut Stage) -> Played {
    stage.needs(connectors::Surface::Locations)?;
    let (reference, location, lines) = ("T9".to_owned(), AWAY.to_owned(), vec![line("MUG", "4")]);
    stage.act_there(&Act::TillSale { reference, location, lines, customer: None, offline_ms: 0 })?;
    stage.lies("MUG", AWAY, "16").await?;
    stage.shows(OTHER, "MUG", AWAY, "16")
}

#[test]
fn an_order_of_the_other_account_is_fulfilled_from_here() {
    everywhere("order elsewhere", |stage| Box::pin(an_order_elsewhere(stage)));
}

async fn an_order_elsewhere(stage: &mut Stage) -> Played {
    let (reference, lines, pickup) = ("W9".to_owned(), vec![line("MUG", "4")], Some(HOME.to_owned()));
    stage.act_there(&Act::WebOrder { reference, lines, customer: None, force: false, pickup })?;
    stage.in_step().await?;
    stage.act_there(&Act::Fulfil { reference: "W9".into() })?;
    stage.lies("MUG", HOME, "16").await
}
