//! Goods come back: in part, whole, not fit for the shelf, against others.

use connectors::Surface;
use emulators::machine::{Act, ActLine};

use crate::fixtures::NAMES_NO_GOODS;
use crate::run::{Played, equal, everywhere};
use crate::stage::{HOME, Stage, line};

#[test]
fn a_part_that_comes_back_is_on_the_shelf_again() {
    everywhere("partial refund", |stage| Box::pin(a_partial_refund(stage)));
}

async fn a_partial_refund(stage: &mut Stage) -> Played {
    stage.sell("T1", "MUG", "3").await?;
    stage.lies("MUG", HOME, "17").await?;
    stage.give_back("R1", "T1", "1", true)?;
    stage.lies("MUG", HOME, "18").await?;
    stage.give_back("R2", "T1", "1", true)?;
    stage.lies("MUG", HOME, "19").await
}

#[test]
fn everything_that_comes_back_is_on_the_shelf_again() {
    everywhere("full refund", |stage| Box::pin(a_full_refund(stage)));
}

async fn a_full_refund(stage: &mut Stage) -> Played {
    stage.sell("T1", "MUG", "3").await?;
    stage.in_step().await?;
    stage.give_back("R1", "T1", "3", true)?;
    stage.lies("MUG", HOME, "20").await
}

#[test]
fn what_comes_back_broken_is_not_on_the_shelf() {
    everywhere("refund without restock", |stage| Box::pin(not_restocked(stage)));
}

async fn not_restocked(stage: &mut Stage) -> Played {
    stage.sell("T1", "MUG", "3").await?;
    stage.in_step().await?;
    stage.give_back("R1", "T1", "1", false)?;
    stage.lies("MUG", HOME, "17").await?;
    stage.give_back("R2", "T1", "2", false)?;
    stage.lies("MUG", HOME, "17").await
}

#[test]
fn an_exchange_takes_one_thing_back_and_lets_another_go() {
    everywhere("exchange", |stage| Box::pin(an_exchange(stage)));
}

async fn an_exchange(stage: &mut Stage) -> Played {
    let back = ActLine { of_line: Some(0), ..line("MUG", "1") };
    let exchange = Act::Exchange {
        reference: "E1".into(),
        of: "T1".into(),
        location: HOME.into(),
        back: vec![back],
        out: vec![line("CUP", "1")],
    };
    stage.sell("T1", "MUG", "2").await?;
    stage.in_step().await?;
    stage.act(&exchange)?;
    stage.lies("MUG", HOME, "19").await?;
    stage.lies("CUP", HOME, "19").await
}

#[test]
fn goods_of_no_known_sale_are_taken_back_where_the_platform_does() {
    everywhere("unlinked return", |stage| Box::pin(an_unlinked_return(stage)));
}

async fn an_unlinked_return(stage: &mut Stage) -> Played {
    let (reference, location, lines) = ("R1".to_owned(), HOME.to_owned(), vec![line("MUG", "1")]);
    let untied = Act::Return { reference, of: None, location, lines, restock: true };
    stage.act(&untied)?;
    stage.settle().await?;
    equal("on hand", stage.on_hand("MUG", HOME).await?, Some(model::Level::units(21)))?;
    // Where the platform tells nothing but a new level, its books name a return of which the hub cannot hear.
    stage
        .needs(Surface::UnlinkedReturn)
        .or_else(|why| if stage.platform() == NAMES_NO_GOODS { Err(why) } else { Ok(()) })?;
    stage.lies("MUG", HOME, "21").await
}
