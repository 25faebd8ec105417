//! Waits until nothing is left to do: no undelivered delivery, no open difference, one full fresh reading of every
//! channel.

use std::time::Duration;

use serde_json::Value;

use super::child::Hub;
use super::platforms::Platforms;
use super::retailer::Account;

/// Longest wait, in seconds.
const PATIENCE_S: u64 = 1_800;

/// Answers whether everything settled.
///
/// # Errors
/// When an emulator or the hub does not answer.
pub(super) async fn wait(platforms: &Platforms, hub: &mut Hub) -> anyhow::Result<bool> {
    // First what happened must have arrived; then everything is read once more, and what that shows must be closed.
    if !until_quiet(platforms, hub, &Account::ALL).await? {
        return Ok(false);
    }
    let before: Vec<Option<String>> = channels(hub).await?.iter().map(|channel| text(channel, "read_at")).collect();
    for account in Account::ALL {
        hub.post(&format!("/v1/channels/{}/reading", account.name())).await?;
    }
    for _ in 0..PATIENCE_S * 5 {
        hub.keep_alive()?;
        if let Ok(now) = channels(hub).await {
            let read: Vec<Option<String>> = now.iter().map(|channel| text(channel, "read_at")).collect();
            if read.iter().zip(&before).all(|(now, before)| now.is_some() && now != before) {
                return until_quiet(platforms, hub, &Account::ALL).await;
            }
        }
        tokio::time::sleep(Duration::from_millis(200)).await;
    }
    Ok(false)
}

/// Waits until these accounts have nothing left to deliver and show what they should. Answers whether they do.
///
/// # Errors
/// When an emulator or the hub does not answer.
pub(super) async fn until_quiet(platforms: &Platforms, hub: &mut Hub, of: &[Account]) -> anyhow::Result<bool> {
    let mut quiet = 0;
    for round in 0..PATIENCE_S * 5 {
        hub.keep_alive()?;
        let mut waiting = 0;
        for account in of.iter().copied() {
            let outbox = platforms.outbox(account).await?;
            waiting += outbox.undelivered + outbox.in_flight;
        }
        let open = match channels(hub).await {
            Ok(channels) => channels.iter().filter(|channel| is_of(channel, of)).map(open).sum::<u64>(),
            Err(_) => 1,
        };
        // Quiet twice in a row: what was just delivered may still become a write.
        quiet = if waiting == 0 && open == 0 { quiet + 1 } else { 0 };
        if quiet >= 3 {
            return Ok(true);
        }
        if round % 50 == 49 {
            eprintln!("  {waiting} deliveries and {open} differences are still open");
        }
        tokio::time::sleep(Duration::from_millis(200)).await;
    }
    Ok(false)
}

async fn channels(hub: &Hub) -> anyhow::Result<Vec<Value>> {
    let answer = hub.get("/v1/channels").await?;
    Ok(answer["items"].as_array().cloned().unwrap_or_default())
}

fn is_of(channel: &Value, of: &[Account]) -> bool {
    of.iter().any(|account| channel["name"] == account.name())
}

fn text(channel: &Value, field: &str) -> Option<String> {
    channel["health"][field].as_str().map(str::to_owned)
}

/// What is open on a channel.
fn open(channel: &Value) -> u64 {
    let unsettled = &channel["unsettled"];
    ["notices", "in_flight", "differences", "doubtful", "documents"]
        .iter()
        .map(|field| unsettled[*field].as_u64().unwrap_or(1))
        .sum()
}
