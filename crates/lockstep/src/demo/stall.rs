//! `demo --stall`: one platform's API hangs under traffic. What that costs the others, the hub's memory, and the calls
//! it takes to catch up.
//!
//! Three times: all answer; one hangs; it answers again and there is no traffic any more. The first two are compared.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use flow::{Clock, SystemClock};
use model::{ChannelId, ChannelName, Instant};
use serde_json::{Map, Value, json};

use super::books::Facts;
use super::child::Hub;
use super::live::Traffic;
use super::platforms::Platforms;
use super::propagation::Journey;
use super::replay::Told;
use super::retailer::{Account, Retailer};
use super::settle;
use super::spread::{Spread, words};
use crate::measure;

/// Pause between two things that happen, in milliseconds: ten a second.
const PAUSE_MS: u64 = 100;
/// How often the hub's memory is looked at.
const LOOK: Duration = Duration::from_millis(100);
/// The others' p99 while one hangs may be so many times what it was before.
const RATIO_MAX: f64 = 1.5;
/// The hub may grow by so much while one hangs. What it keeps of a sale is some kilobytes, in the state and in the tables'
/// cache; a queue of requests or of changes would pass this soon.
const GROWTH_MAX_MB: u64 = 64;

/// Who hangs, and for how long.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Stall {
    account: Account,
    seconds: u64,
}

impl Stall {
    /// `square` or `square:60`.
    pub(super) fn parse(text: &str) -> Result<Self, String> {
        let (name, seconds) = text.split_once(':').unwrap_or((text, "60"));
        let known = Account::ALL.map(Account::name).join(", ");
        let account = Account::parse(name).ok_or_else(|| format!("{name:?} is no platform; there are {known}"))?;
        let seconds = seconds.trim_end_matches('s').parse().ok().filter(|seconds| *seconds > 0);
        let seconds = seconds.ok_or_else(|| format!("{text:?} is no stall; write {name}:60"))?;
        Ok(Self { account, seconds })
    }
}

/// What was seen while it was played.
pub(super) struct Stalled {
    stall: Stall,
    /// When the traffic began, when the platform began to hang, when the traffic ended.
    began: Instant,
    hung: Instant,
    ended: Instant,
    /// Largest resident size of the hub in each of the three times.
    memory_mb: [u64; 3],
    /// Calls that asked for a change, after it answered again.
    calls: u64,
    /// Levels that were shown otherwise in the end than when it answered again.
    levels: usize,
    caught_up_ms: i64,
}

/// Plays the three times.
///
/// # Errors
/// When an emulator does not answer on its side door or the hub cannot be started again.
pub(super) async fn run(
    stall: Stall,
    retailer: &Retailer,
    platforms: &Platforms,
    hub: &mut Hub,
    seed: u64,
) -> anyhow::Result<(Told, Stalled)> {
    let (account, time) = (stall.account, Duration::from_secs(stall.seconds));
    let mut traffic = Traffic::new(retailer, seed, PAUSE_MS);
    let memory = Memory::watch(hub);
    let began = SystemClock.now();
    traffic.play(tokio::time::sleep(time), platforms, hub).await?;
    let before_mb = memory.take();
    eprintln!("  {} stops answering for {} s", account.name(), stall.seconds);
    platforms.set_stalled(account, true).await?;
    let hung = SystemClock.now();
    traffic.play(tokio::time::sleep(time), platforms, hub).await?;
    let ended = SystemClock.now();
    // What the others still have to tell must not be counted as catching up.
    let others: Vec<Account> = Account::ALL.into_iter().filter(|other| *other != account).collect();
    settle::until_quiet(platforms, hub, &others).await?;
    let during_mb = memory.take();
    let (shown, calls) = (levels(platforms, account).await?, platforms.calls_of(account).await?.writes);
    platforms.set_stalled(account, false).await?;
    let answers = SystemClock.now();
    eprintln!("  {} answers again", account.name());
    settle::until_quiet(platforms, hub, &Account::ALL).await?;
    let stalled = Stalled {
        stall,
        began,
        hung,
        ended,
        memory_mb: [before_mb, during_mb, memory.take()],
        calls: platforms.calls_of(account).await?.writes - calls,
        levels: levels(platforms, account).await?.difference(&shown).count(),
        caught_up_ms: SystemClock.now().since(answers),
    };
    Ok((traffic.told, stalled))
}

async fn levels(platforms: &Platforms, account: Account) -> anyhow::Result<BTreeSet<(String, String, String)>> {
    let books = platforms.books_of(account).await?;
    Ok(books.levels.into_iter().map(|level| (level.sku, level.location, level.quantity)).collect())
}

/// The hub's largest resident size since it was last asked for.
struct Memory {
    most_mb: Arc<AtomicU64>,
    look: tokio::task::JoinHandle<()>,
}

impl Memory {
    fn watch(hub: &Hub) -> Self {
        let most_mb = Arc::new(AtomicU64::new(0));
        let (most, process) = (Arc::clone(&most_mb), hub.process().map_or_else(String::new, |id| id.to_string()));
        let look = tokio::spawn(async move {
            let mut tick = tokio::time::interval(LOOK);
            loop {
                tick.tick().await;
                most.fetch_max(measure::rss_mb(&process), Ordering::Relaxed);
            }
        });
        Self { most_mb, look }
    }

    fn take(&self) -> u64 {
        self.most_mb.swap(0, Ordering::Relaxed)
    }
}

impl Drop for Memory {
    fn drop(&mut self) {
        self.look.abort();
    }
}

/// What is to be said of it.
pub(super) struct Judged {
    pub json: Value,
    pub words: String,
    pub well: bool,
}

/// p99 before and during, and how many times the first the second is.
struct Compared {
    before: Spread,
    during: Spread,
}

impl Compared {
    fn ratio(&self) -> Option<f64> {
        let (before, during) = self.before.quantile(0.99).zip(self.during.quantile(0.99))?;
        Some(measure::round(during as f64 / before.max(1) as f64))
    }

    fn json(&self) -> Value {
        json!({ "before_ms": self.before.json(), "during_ms": self.during.json(), "ratio": self.ratio() })
    }
}

impl Stalled {
    /// Compares and judges, from the facts of the whole run.
    pub(super) fn judge(&self, facts: &Facts) -> Judged {
        let channel = |account: Account| {
            facts.state.catalogue().channel_named(&ChannelName::new(account.name())).map(|known| known.channel)
        };
        let hung = channel(self.stall.account);
        let all = self.compare(facts, |journey| Some(journey.from) != hung && Some(journey.to) != hung);
        let others = Account::ALL.into_iter().filter(|other| *other != self.stall.account);
        let platforms: Map<String, Value> = others
            .map(|other| {
                let to: Option<ChannelId> = channel(other);
                let compared = self.compare(facts, |journey| Some(journey.from) != hung && Some(journey.to) == to);
                (other.name().to_owned(), compared.json())
            })
            .collect();
        let [before_mb, during_mb, after_mb] = self.memory_mb;
        let grown_mb = during_mb.saturating_sub(before_mb);
        let calls_max = self.levels as u64 + 1;
        let unhindered = all.ratio().is_some_and(|ratio| ratio <= RATIO_MAX);
        let (bounded, few_calls) = (grown_mb <= GROWTH_MAX_MB, self.calls <= calls_max);
        let json = json!({
            "platform": self.stall.account.name(),
            "seconds": self.stall.seconds,
            "others": all.json(),
            "ratio_max": RATIO_MAX,
            "platforms": platforms,
            "memory_mb": { "before": before_mb, "during": during_mb, "after": after_mb, "grown": grown_mb,
                "grown_max": GROWTH_MAX_MB },
            "catch_up": { "levels": self.levels, "calls": self.calls, "calls_max": calls_max,
                "seconds": measure::round(self.caught_up_ms as f64 / 1_000.0) },
            "others_unhindered": unhindered,
            "memory_bounded": bounded,
            "few_calls": few_calls,
        });
        let words = format!(
            "\n  {} did not answer for {} s. The others' p99: {} before, {} during, {} times (at most {RATIO_MAX}).\n  \
             The hub's memory: {before_mb} MB before, {during_mb} MB during, {after_mb} MB after. Catching up: {} calls \
             for {} levels, in {}.\n",
            self.stall.account.name(),
            self.stall.seconds,
            words(all.before.quantile(0.99)),
            words(all.during.quantile(0.99)),
            all.ratio().map_or("-".to_owned(), |ratio| ratio.to_string()),
            self.calls,
            self.levels,
            words(u64::try_from(self.caught_up_ms).ok()),
        );
        Judged { json, words, well: unhindered && bounded && few_calls }
    }

    /// What was sold before and while it hung, as far as it is asked for.
    fn compare(&self, facts: &Facts, which: impl Fn(&Journey) -> bool) -> Compared {
        let sold = |from: Instant, until: Instant| -> Spread {
            let journeys = facts.propagation.journeys().iter().filter(|journey| which(journey));
            let then = journeys.filter(|journey| (from..until).contains(&journey.sold_at));
            then.map(|journey| journey.took_ms).collect()
        };
        Compared { before: sold(self.began, self.hung), during: sold(self.hung, self.ended) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_stall_is_a_platform_and_a_time() {
        let square = |seconds| Ok(Stall { account: Account::Square, seconds });
        assert_eq!(Stall::parse("square"), square(60));
        assert_eq!(Stall::parse("square:5"), square(5));
        assert_eq!(Stall::parse("square:5s"), square(5));
        for wrong in ["square:0", "square:", "square:soon", "till:5", ""] {
            assert!(Stall::parse(wrong).is_err(), "{wrong}");
        }
    }
}
