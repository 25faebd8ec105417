//! Messages: three times, in any order, not at all; and silence when there is nothing to say.

use connectors::Surface;
use emulators::machine::{Dice, Outgoing};
use emulators::shell::{Fault, Faults};
use model::Fact;
use sim::{copy_of, shuffle};

use crate::run::{Broken, Played, equal, everywhere, hold};
use crate::stage::{HOME, IT, OTHER, Stage};

/// Sales and what comes back, told in deliveries that are held back.
async fn window(stage: &Stage) -> Result<Vec<Outgoing>, Broken> {
    stage.world.platforms[IT].hold(true);
    for number in 0..3 {
        stage.sell(&format!("T{number}"), "MUG", "2").await?;
        stage.world.pass(500).await;
    }
    stage.give_back("R1", "T1", "1", true)?;
    stage.world.pass(500).await;
    let window = stage.world.platforms[IT].take_held();
    stage.world.platforms[IT].hold(false);
    Ok(window)
}

/// Facts that move stock or put an order.
fn ledger(stage: &Stage) -> Result<(usize, i64), Broken> {
    let facts = stage.facts()?;
    let orders = facts.iter().filter(|fact| matches!(fact, Fact::Returned(_))).count();
    let moved = facts.iter().map(|fact| if let Fact::Moved(moved) = fact { moved.on_hand.parts() } else { 0 }).sum();
    Ok((orders, moved))
}

#[test]
fn everything_told_three_times_at_once_is_taken_in_once() {
    everywhere("three times", |stage| Box::pin(three_times(stage)));
}

async fn three_times(stage: &mut Stage) -> Played {
    stage.needs(Surface::HearSales)?;
    let window = window(stage).await?;
    hold(!window.is_empty(), || "nothing is told".into())?;
    let mut tasks = Vec::new();
    for connection in 0..3_u64 {
        let (door, window) = (stage.world.door.clone(), window.clone());
        tasks.push(tokio::spawn(async move {
            for delivery in window {
                tokio::time::sleep(std::time::Duration::from_millis(connection)).await;
                door.knock(IT, delivery).await;
            }
        }));
    }
    for task in tasks {
        task.await.map_err(|error| Broken::Wrong(error.to_string()))?;
    }
    stage.lies("MUG", HOME, "15").await?;
    let once = ledger(stage)?;
    for delivery in window {
        stage.world.door.knock(IT, delivery).await;
    }
    stage.lies("MUG", HOME, "15").await?;
    equal("the ledger after a fourth time", ledger(stage)?, once)
}

#[test]
fn deliveries_in_any_order_end_in_the_same_state() {
    everywhere("any order", |stage| Box::pin(any_order(stage)));
}

async fn any_order(stage: &mut Stage) -> Played {
    stage.needs(Surface::HearSales)?;
    let mut dice = Dice::new(5);
    stage.world.kill_hub().await;
    let disk = copy_of(&stage.world.disk);
    let mut window = window(stage).await?;
    window.extend(window.clone());
    for round in 0..8 {
        shuffle(&mut window, &mut dice);
        stage.world.kill_hub().await;
        stage.world.set_disk(copy_of(&disk));
        stage.world.open_hub().await.map_err(|error| Broken::Wrong(error.to_string()))?;
        for delivery in &window {
            stage.world.door.knock(IT, delivery.clone()).await;
            stage.world.pass(dice.below(400)).await;
        }
        let lies = stage.lies("MUG", HOME, "15").await;
        lies.map_err(|broken| Broken::Wrong(format!("round {round}: {broken:?}")))?;
    }
    Ok(())
}

#[test]
fn in_a_quiet_hour_nothing_is_written() {
    everywhere("quiet hour", |stage| Box::pin(quiet_hour(stage)));
}

async fn quiet_hour(stage: &mut Stage) -> Played {
    stage.sell("T1", "MUG", "2").await?;
    stage.lies("MUG", HOME, "18").await?;
    let before = (stage.rows_written(IT), stage.rows_written(OTHER));
    stage.world.pass(3_600_000).await;
    equal("rows written", (stage.rows_written(IT), stage.rows_written(OTHER)), before)
}

#[test]
fn with_every_delivery_dropped_for_an_hour_polling_alone_converges() {
    everywhere("webhooks dropped", |stage| Box::pin(webhooks_dropped(stage)));
}

async fn webhooks_dropped(stage: &mut Stage) -> Played {
    stage.world.platforms[IT].set_faults(Faults::none().with(Fault::Drop, 1_000_000), 0);
    let heard = stage.world.platforms[IT].outbox().delivered;
    for number in 0..12 {
        stage.sell(&format!("T{number}"), "MUG", "1").await?;
        stage.world.pass(300_000).await;
    }
    stage.lies("MUG", HOME, "8").await?;
    equal("deliveries that arrived", stage.world.platforms[IT].outbox().delivered, heard)
}
