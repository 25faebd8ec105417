//! Access that ends: subscriptions removed, tokens that expire or are revoked, accounts that are uninstalled.

use connectors::Surface;
use emulators::machine::Act;
use flow::LinkHealth;

use crate::fixtures::OUTLIVES_A_DAY;
use crate::run::{Broken, Played, everywhere, hold};
use crate::stage::{AWAY, HOME, IT, OPENING, OTHER, Stage, line};

fn health(stage: &Stage) -> Result<LinkHealth, Broken> {
    let hub = stage.world.hub().map_err(|error| Broken::Wrong(error.to_string()))?;
    Ok(hub.links[IT].health())
}

#[test]
fn a_removed_subscription_is_noticed_and_what_was_missed_is_found() {
    everywhere("subscription removed", |stage| Box::pin(subscription_removed(stage)));
}

async fn subscription_removed(stage: &mut Stage) -> Played {
    stage.needs(Surface::HearSales)?;
    // A sale is heard of first, so that it is known that this account tells.
    stage.sell("T0", "MUG", "1").await?;
    stage.in_step().await?;
    stage.world.platforms[IT].unsubscribe();
    stage.sell("T1", "MUG", "1").await?;
    stage.world.pass(240_000).await;
    stage.lies("MUG", HOME, "18").await?;
    let health = health(stage)?;
    if sim::by_hand(stage.platform()) {
        return hold(health.missed > 0, || format!("nothing says that news is missing: {health:?}"));
    }
    hold(health.subscribed == Some(true), || format!("it was not subscribed to again: {health:?}"))
}

#[test]
fn an_access_token_that_expires_is_renewed_and_nothing_is_lost() {
    everywhere("token expired", |stage| Box::pin(token_expired(stage)));
}

async fn token_expired(stage: &mut Stage) -> Played {
    let platform = &stage.world.platforms[IT];
    if platform.keys.refresh_token.is_empty() || OUTLIVES_A_DAY.contains(&platform.plan.platform) {
        return Ok(());
    }
    stage.sell("T1", "MUG", "1").await?;
    // The hours pass one by one, so that a platform whose tokens live for an hour is not watched for a day.
    for _ in 0..25 {
        stage.world.pass(3_600_000).await;
        if is_renewed(stage) {
            break;
        }
    }
    hold(is_renewed(stage), || "no new token is kept".into())?;
    stage.sell("T2", "MUG", "2").await?;
    stage.lies("MUG", HOME, "17").await
}

fn is_renewed(stage: &Stage) -> bool {
    let platform = &stage.world.platforms[IT];
    let kept = flow::Wallet::kept(&*platform.wallet, &model::ChannelName::new(platform.name()));
    kept.is_some_and(|kept| kept.access.expose() != platform.keys.access_token)
}

#[test]
fn a_revoked_token_is_told_in_words_and_after_a_new_connection_all_is_caught_up() {
    everywhere("token revoked", |stage| Box::pin(token_revoked(stage)));
}

async fn token_revoked(stage: &mut Stage) -> Played {
    stage.act(&Act::RevokeToken {})?;
    stage.sell("T1", "MUG", "2").await?;
    stage.world.pass(600_000).await;
    if stage.world.platforms[IT].keys.refresh_token.is_empty() {
        let trouble = health(stage)?.trouble;
        hold(trouble.as_ref().is_some_and(|words| !words.is_empty()), || "nothing says that access is gone".into())?;
        reconnect(stage).await?;
    }
    stage.lies("MUG", HOME, "18").await
}

/// A person gives access again, and the hub is started anew with it.
async fn reconnect(stage: &mut Stage) -> Played {
    let hub = stage.world.hub().map_err(|error| Broken::Wrong(error.to_string()))?;
    stage.world.platforms[IT].connect(&hub.links[IT]).map_err(Broken::Wrong)?;
    stage.world.kill_hub().await;
    stage.world.open_hub().await.map_err(|error| Broken::Wrong(error.to_string()))
}

#[test]
fn an_uninstalled_account_is_told_in_words_and_the_other_goes_on() {
    everywhere("uninstalled", |stage| Box::pin(uninstalled(stage)));
}

async fn uninstalled(stage: &mut Stage) -> Played {
    stage.act(&Act::Uninstall {})?;
    stage.world.pass(600_000).await;
    let trouble = health(stage)?.trouble;
    hold(trouble.as_ref().is_some_and(|words| !words.is_empty()), || "nothing says that access is gone".into())?;
    let (reference, location, lines) = ("T9".to_owned(), AWAY.to_owned(), vec![line("MUG", "4")]);
    stage.act_there(&Act::TillSale { reference, location, lines, customer: None, offline_ms: 0 })?;
    stage.world.pass(180_000).await;
    stage.shows(OTHER, "MUG", AWAY, &(OPENING - 4).to_string())?;
    let lies = stage.on_hand("MUG", AWAY).await?;
    hold(lies == Some(model::Level::units(16)), || format!("the other's sale was not heard: {lies:?}"))
}
