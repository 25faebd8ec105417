//! Levels: read, set, and look at what was wiped out.
//!
//! The platform only sets levels, without comparing. So a run notes where the inventory log stands, reads the levels,
//! sets them, and reads the log on from there. What the till sold between the reading and the setting was wiped out; it
//! is taken off again in another round of the same, until nothing was wiped out.

use std::collections::BTreeSet;

use model::{Change, Level, Note, Outcome};
use serde_json::json;

use super::log::{self, Log, Trace};
use super::plan::{Mode, Plan, PlanRow};
use super::shown::{self, Levels, Shown};
use crate::lightspeed_r::http_request::{DRIP, NESTED, put};
use crate::lightspeed_r::tape::{Pause, Tape};
use crate::lightspeed_r::wire::{self, ItemReply};
use crate::lightspeed_r::{paging, trouble};
use crate::{Account, Reply, Request, Trouble, Unsendable};

/// Most rounds. Each is a few seconds at most, and mends what happened in the one before.
const ROUNDS_MAX: usize = 6;

/// What became of each level.
///
/// # Errors
/// When there is a request to send, or the last reply puts off or fails the run, or refuses it before anything can have
/// been written.
pub(super) fn carry(plan: &Plan, account: &Account, tape: Tape<'_>, first: bool) -> Result<Vec<Outcome>, Pause> {
    let lines = plan.rows.iter().map(Line::new).collect();
    let mut carriage = Carriage { plan, account, tape, first, lines, written: false };
    match carriage.rounds() {
        Err(Pause::Stop(trouble)) if carriage.survives(&trouble) => {}
        Err(pause) => return Err(pause),
        Ok(()) => {}
    }
    Ok(carriage.lines.into_iter().map(|line| line.outcome(first)).collect())
}

/// A level on its way.
struct Line<'a> {
    row: &'a PlanRow,
    /// What has to be added to whatever it shows, in rounds after the first.
    owed: Option<Change>,
    /// What was read and what is to be set, in this round.
    aim: Option<(Shown, Level)>,
    /// Whether it was set, in any round or by an earlier run.
    set: bool,
    /// What the platform told after the last time.
    told: Option<Level>,
    settled: Option<Outcome>,
}

impl<'a> Line<'a> {
    fn new(row: &'a PlanRow) -> Self {
        Self { row, owed: None, aim: None, set: false, told: None, settled: None }
    }

    fn open(&self) -> bool {
        self.settled.is_none()
    }

    fn settle(&mut self, outcome: Outcome) {
        self.aim = None;
        self.settled = Some(outcome);
    }

    /// A line that was set and not judged may have wiped something out; one that was surely not set may be tried again.
    fn outcome(self, first: bool) -> Outcome {
        let unsettled = if self.set || !first { Outcome::Unknown } else { Outcome::Again };
        self.settled.unwrap_or(unsettled)
    }
}

struct Carriage<'a> {
    plan: &'a Plan,
    account: &'a Account,
    tape: Tape<'a>,
    first: bool,
    lines: Vec<Line<'a>>,
    /// Whether anything was written in this run: from then on refusals no longer mean that nothing was done.
    written: bool,
}

impl Carriage<'_> {
    /// Whether the run ends with outcomes all the same. A token that has run out is renewed and the step taken again;
    /// anything else that will not go away by itself must not be told as if nothing had been done.
    fn survives(&self, trouble: &Trouble) -> bool {
        match trouble {
            Trouble::Throttled { .. } | Trouble::Failed { .. } => false,
            Trouble::Denied { .. } => self.written && !self.tape.token_ran_out(),
            Trouble::Garbled { .. } => self.written,
            Trouble::Refused { .. } => self.written || !self.first,
        }
    }
}

impl<'a> Carriage<'a> {
    fn rounds(&mut self) -> Result<(), Pause> {
        // Before the levels: what moves between the two is then in both, and not in neither.
        let all = self.items(|_| true);
        let before = log::newest(&mut self.tape, self.account, &all)?;
        let mut mark = before.mark();
        for _ in 0..ROUNDS_MAX {
            let items = self.items(Line::open);
            if items.is_empty() {
                return Ok(());
            }
            let shops = self.lines.iter().filter(|line| line.open()).map(|line| line.row.shop.as_str()).collect();
            let levels = shown::read(&mut self.tape, self.account, &items, &shops)?;
            self.aim(&levels, &before);
            for item in self.items(|line| line.aim.is_some()) {
                self.set(item)?;
            }
            let set = self.items(|line| line.aim.is_some());
            if !set.is_empty() {
                let log = log::since(&mut self.tape, self.account, mark, &set)?;
                mark = mark.max(log.mark());
                self.look(&log);
            }
        }
        self.lines.iter_mut().filter(|line| line.open()).for_each(|line| line.settle(Outcome::Unknown));
        Ok(())
    }

    fn items(&self, which: impl Fn(&Line<'a>) -> bool) -> BTreeSet<&'a str> {
        self.lines.iter().filter(|line| which(line)).map(|line| line.row.item.as_str()).collect()
    }

    fn aim(&mut self, levels: &Levels, before: &Log) {
        let (plan, first) = (self.plan, self.first);
        for line in self.lines.iter_mut().filter(|line| line.open()) {
            let shown = levels.get(&(line.row.item.clone(), line.row.shop.clone()));
            line.set |= !first && shown.is_some_and(|shown| shown.level == line.row.to());
            let aim = match (shown, line.owed) {
                (Some(shown), Some(owed)) => Ok(shown.level.after(owed)),
                (None, Some(_)) => Err(Outcome::Unknown),
                (None, None) => Err(Outcome::Never { because: Note::new("the item has no stock in this shop") }),
                (Some(shown), None) if first => begin(plan.mode, line.row, shown.level),
                (Some(shown), None) => begin_anew(plan, line.row, shown.level, before),
            };
            match (aim, shown) {
                (Ok(target), Some(shown)) if target == shown.level => {
                    line.settle(Outcome::Done { after: Some(target) })
                }
                (Ok(target), Some(shown)) => line.aim = Some((shown.clone(), target)),
                (Ok(_), None) => line.settle(Outcome::Unknown),
                (Err(outcome), _) => line.settle(outcome),
            }
        }
    }

    /// All shops of an item in one request.
    fn set(&mut self, item: &'a str) -> Result<(), Pause> {
        let aimed: Vec<(&Shown, Level)> = self
            .lines
            .iter()
            .filter(|line| line.row.item == item)
            .filter_map(|line| line.aim.as_ref().map(|(shown, target)| (shown, *target)))
            .collect();
        let reply = self.tape.play(request(self.account, item, &aimed))?;
        let verdict = trouble::check(reply, "employee:inventory");
        let stops = match &verdict {
            Err(Trouble::Throttled { .. } | Trouble::Failed { .. }) => true,
            Err(Trouble::Denied { .. }) => !self.written || self.tape.token_ran_out(),
            Ok(()) | Err(Trouble::Refused { .. } | Trouble::Garbled { .. }) => false,
        };
        if stops {
            return verdict.map_err(Pause::Stop);
        }
        self.written |= matches!(verdict, Ok(()) | Err(Trouble::Garbled { .. }));
        for line in self.lines.iter_mut().filter(|line| line.row.item == item && line.aim.is_some()) {
            match &verdict {
                Ok(()) => {
                    line.set = true;
                    line.told = told(reply, &line.row.shop);
                }
                Err(trouble) => line.settle(refused(line.set, reply.status, trouble)),
            }
        }
        Ok(())
    }

    fn look(&mut self, log: &Log) {
        for line in &mut self.lines {
            let Some((shown, target)) = line.aim.take() else { continue };
            match log.wiped_out(&line.row.item, &line.row.shop, shown.level, target) {
                None => line.settle(Outcome::Unknown),
                Some(nothing) if nothing.is_zero() => line.settle(Outcome::Done { after: line.told }),
                Some(lost) => line.owed = Some(lost),
            }
        }
    }
}

/// What to set when nothing of the batch can have been done before.
fn begin(mode: Mode, row: &PlanRow, level: Level) -> Result<Level, Outcome> {
    match mode {
        Mode::Lower => Ok(level.after(row.delta())),
        Mode::Compared | Mode::List if level == row.from() => Ok(row.to()),
        Mode::Compared | Mode::List => Err(Outcome::Stale),
    }
}

/// What to set when an earlier run may have done it. It has, when the level is what it should be and the log holds the
/// write; then only what that wiped out is left to be mended. It has not, when the level is what it was and the log holds
/// no write. The level alone would not do: sales and returns can bring it to either.
fn begin_anew(plan: &Plan, row: &PlanRow, level: Level, before: &Log) -> Result<Level, Outcome> {
    match before.trace(&row.item, &row.shop, row.delta(), plan.dated()) {
        Trace::Written(lost) if level == row.to() => Ok(level.after(lost)),
        Trace::Nothing if level == row.from() => Ok(row.to()),
        Trace::Written(_) | Trace::Nothing | Trace::Unclear => Err(Outcome::Unknown),
    }
}

fn request(account: &Account, item: &str, aimed: &[(&Shown, Level)]) -> Result<Request, Unsendable> {
    let rows = aimed.iter().map(|(shown, target)| json!({"itemShopID": shown.row, "qoh": target.to_string()}));
    let body = json!({"ItemShops": {"ItemShop": rows.collect::<Vec<_>>()}});
    let nested = u32::try_from(aimed.len()).unwrap_or(u32::MAX).saturating_mul(NESTED);
    let path = paging::one(account, "Item", item)?;
    put(account, &path, body.to_string().into_bytes(), DRIP.saturating_add(nested))
}

/// The level in the reply to a write, where it tells one.
fn told(reply: &Reply, shop: &str) -> Option<Level> {
    let item = wire::parse::<ItemReply>(&reply.body).ok()?.item.0;
    let row = item.shops.0.rows.0.into_iter().find(|row| row.shop.as_str() == shop)?;
    Level::parse(row.qoh.as_str()).ok()
}

/// A write that was refused. When it was to mend what an earlier one wiped out, the level is wrong now, and only a reading
/// can tell by how much.
fn refused(mending: bool, status: u16, trouble: &Trouble) -> Outcome {
    match trouble {
        _ if mending => Outcome::Unknown,
        // Somebody else is changing the item at this moment.
        Trouble::Refused { .. } if status == 409 => Outcome::Again,
        Trouble::Refused { reason } => Outcome::Never { because: Note::new(reason) },
        Trouble::Denied { .. } => Outcome::Again,
        Trouble::Garbled { .. } | Trouble::Throttled { .. } | Trouble::Failed { .. } => Outcome::Unknown,
    }
}
