//! The end of a run: everything settles, then nothing more may happen, then every check.

use std::collections::BTreeMap;

use emulators::machine::Calls;
use flow::{Keeper, State};
use model::{Basis, Oversold, OversoldBy, Quarantined};

use super::{Outcome, Run};
use crate::{SimError, check_books, check_levels, check_toy, habits, replay};

/// Virtual time within which everything must have settled.
const SETTLES_MS: u64 = 4 * 3_600_000;
/// Time after which no promise lapses any more.
const LAPSED_MS: u64 = 30_000;
/// The hour in which nothing happens.
const QUIET_MS: u64 = 3_600_000;
/// Calls that read, per account, in the quiet hour: a poll a minute of at most eight calls, two readings.
const READS_MAX: u64 = 60 * 8 + 2 * 30;

impl Run {
    pub(super) async fn verdict(mut self) -> Result<Outcome, SimError> {
        // What nobody committed lapses first: that too is shown everywhere.
        self.world.pass(LAPSED_MS).await;
        self.count_what_waits().await?;
        if let Some(open) = self.world.settle(SETTLES_MS).await? {
            self.findings.push(format!("it did not settle: {open}"));
        }
        self.quiet_hour().await?;
        let hub = self.world.hub()?;
        let state_hash = hub.read(flow::State::hash).await?;
        let (told, chain) = replay(hub)?;
        let books: Vec<_> = self.world.platforms.iter().map(|platform| platform.books()).collect();
        let mut found = told.wrong.clone();
        for (platform, books) in self.world.platforms.iter().zip(&books) {
            found.extend(check_levels(&told.state, platform.name(), books));
            found.extend(check_books(&told, platform.name(), books));
        }
        found.extend(check_toy(&told.state, &self.toy));
        let ours = told.oversold.iter().filter(|oversold| by_us(&told.state, oversold));
        found.extend(ours.map(|oversold| format!("oversold by the hub: {oversold:?}")));
        let aside = told.state.quarantine().filter(|put| !self.was_cut_off(put));
        found.extend(aside.map(|put| format!("in quarantine: {} {}", put.kind, put.reason)));
        if told.state.hash() != state_hash {
            found.push("replay gives another state than the hub has".into());
        }
        self.findings.extend(found);
        if !self.findings.is_empty() {
            let refused = told.refused.iter().map(|(channel, words)| format!("{channel} refused a write: {words}"));
            self.findings.extend(refused);
        }
        let oversold = told.oversold.len();
        let (facts, writes, passed_ms) = (told.facts, told.writes, self.world.clock.passed_ms());
        self.reopened(state_hash).await?;
        Ok(Outcome {
            findings: self.findings,
            chain: chain.0,
            state_hash,
            books,
            facts,
            writes,
            accepted: self.accepted,
            opened: self.world.opened,
            oversold,
            passed_ms,
            story: self.story,
            journal: told.entries,
        })
    }

    /// News without a signature that were cut off on their way are taken and set aside: a person hears of it, and every
    /// other check says that nothing else came of it.
    fn was_cut_off(&self, put: &Quarantined) -> bool {
        let account = usize::try_from(put.channel.0).ok().and_then(|number| self.world.platforms.get(number));
        let unsigned = account.is_some_and(|account| !habits(account.plan.platform).signs);
        unsigned && put.kind.as_str() == "unreadable" && put.reason.as_str().contains("cut off")
    }

    /// Two systems in step leave each other alone: our own writes came back and were recognised.
    async fn quiet_hour(&mut self) -> Result<(), SimError> {
        let before: Vec<_> = self.world.platforms.iter().map(|platform| platform.calls()).collect();
        self.world.pass(QUIET_MS).await;
        for (platform, before) in self.world.platforms.iter().zip(before) {
            let (name, now) = (platform.name(), platform.calls());
            let (rows, rows_before) = (changes(&now), changes(&before));
            if rows != rows_before {
                self.findings.push(format!("written to {name} in a quiet hour: {rows:?} after {rows_before:?}"));
            }
            if now.reads - before.reads > READS_MAX {
                self.findings.push(format!("{} reads from {name} in a quiet hour", now.reads - before.reads));
            }
        }
        Ok(())
    }

    /// What is opened again, from a snapshot where there is one, is what was closed.
    async fn reopened(&mut self, hash: [u8; 32]) -> Result<(), SimError> {
        self.world.kill_hub().await;
        let (keeper, _): (Keeper, _) = self.world.open_keeper()?;
        if keeper.state().hash() != hash {
            self.findings.push("the hub opens with another state than it was closed with".into());
        }
        Ok(())
    }
}

/// Whether the hub had shown what was not there. A home that shows what lies in the shop shows promised goods too: it
/// sells them with our number right, and no write of ours could have prevented that.
fn by_us(state: &State, oversold: &Oversold) -> bool {
    let home = state.catalogue().location(oversold.location).and_then(|location| location.home);
    let channel = oversold.channel.and_then(|channel| state.catalogue().channel(channel));
    let shows_promised = channel.is_some_and(|it| home == Some(it.channel) && it.basis == Basis::OnHand);
    oversold.by == OversoldBy::Hub && !shows_promised
}

/// Rows that calls have changed. Shopify counts the start of a bulk reading among its changes.
fn changes(calls: &Calls) -> BTreeMap<String, u64> {
    let mut rows = calls.rows.clone();
    rows.remove("bulkOperationRunQuery");
    rows
}
