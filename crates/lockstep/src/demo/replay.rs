//! Replay of real sales: every document becomes a real sale or return in an emulator, in the order of the file.

use std::collections::HashMap;
use std::time::Duration;

use emulators::machine::{Act, ActCustomer, ActLine, BookLine, Books, Dice};
use flow::{Clock, SystemClock};
use indicatif::{ProgressBar, ProgressStyle};
use model::{ChannelName, DocumentKey, Instant};
use serde_json::{Value, json};

use super::child::Hub;
use super::platforms::{Platforms, UNDELIVERED_MAX};
use super::propagation::RungUp;
use super::retailer::{Account, Retailer};
use super::sales::{Event, Line, Plan, What, is_web};

/// What the traffic has to say for the report.
#[derive(Debug, Default)]
pub(super) struct Told {
    pub rows_in: u64,
    pub refused: Vec<Value>,
    /// Documents by platform name.
    pub sales: std::collections::BTreeMap<&'static str, u64>,
    /// Acts a platform would not do.
    pub refused_acts: Vec<Value>,
    /// When sales were rung up, on this machine's clock, by platform and reference.
    rung_up: HashMap<(Account, String), Instant>,
}

impl Told {
    /// Notes the sale among acts that are about to be done.
    pub(super) fn ring_up(&mut self, account: Account, acts: &[Act]) {
        let now = SystemClock.now();
        for act in acts {
            if let Act::TillSale { reference, .. } | Act::WebOrder { reference, .. } = act {
                self.rung_up.insert((account, reference.clone()), now);
            }
        }
    }

    /// The same by the names that the platforms gave the documents.
    pub(super) fn rung_up(&self, books: &[(Account, Books)]) -> RungUp {
        let lines = books.iter().flat_map(|(account, books)| books.lines.iter().map(|line| (*account, line)));
        let at = |(account, line): (Account, &BookLine)| {
            let at = self.rung_up.get(&(account, line.reference.clone()))?;
            let sale = matches!(line.kind.as_str(), "sale" | "web_order");
            sale.then(|| ((ChannelName::new(account.name()), DocumentKey::new(&line.document)), *at))
        };
        lines.filter_map(at).collect()
    }
}

/// Plays the whole plan.
///
/// # Errors
/// When an emulator does not answer or the hub cannot be started again.
pub(super) async fn run(
    plan: &Plan,
    retailer: &Retailer,
    platforms: &Platforms,
    hub: &mut Hub,
    args: &super::Args,
) -> anyhow::Result<Told> {
    let mut told = Told { rows_in: plan.rows_in, refused: plan.refused.clone(), ..Told::default() };
    let style = ProgressStyle::with_template("  {bar:30} {pos}/{len} documents, {eta} left {msg}")?;
    let progress = ProgressBar::new(plan.events.len() as u64).with_style(style);
    let mut kills = kill_points(args, plan.events.len());
    let pace = pace(args)?;
    let mut before: Option<i64> = None;
    for (number, event) in plan.events.iter().enumerate() {
        if kills.last() == Some(&number) {
            kills.pop();
            hub.kill().await?;
            progress.set_message(format!("({} kills)", hub.kills));
        }
        if let (Some(pace), Some(before)) = (pace, before) {
            let pause = (event.at - before).max(0) as f64 / pace;
            tokio::time::sleep(Duration::from_secs_f64(pause)).await;
        }
        before = Some(event.at);
        let outlet = &retailer.outlets[event.outlet];
        wait_for_room(platforms, hub, outlet.account).await?;
        let acts = acts(event, retailer);
        told.ring_up(outlet.account, &acts);
        let refused = platforms.act(outlet.account, &acts).await?;
        *told.sales.entry(outlet.account.name()).or_default() += 1;
        for (act, why) in acts.iter().zip(refused) {
            if let Some(why) = why {
                told.refused_acts.push(json!({ "platform": outlet.account.name(), "act": act, "reason": why }));
            }
        }
        progress.inc(1);
    }
    progress.finish_and_clear();
    Ok(told)
}

/// Documents before which the hub is killed, last first.
fn kill_points(args: &super::Args, events: usize) -> Vec<usize> {
    let mut dice = Dice::new(args.seed ^ 0x0000_D1E5);
    let mut points: Vec<usize> = (0..args.kills).map(|_| dice.below(events as u64) as usize).collect();
    points.sort_unstable_by(|a, b| b.cmp(a));
    points.dedup();
    points
}

/// How many times faster than the file; `None` = no pause.
fn pace(args: &super::Args) -> anyhow::Result<Option<f64>> {
    if args.speed == "max" {
        return Ok(None);
    }
    match args.speed.parse::<f64>() {
        Ok(times) if times.is_finite() && times > 0.0 => Ok(Some(times)),
        _ => anyhow::bail!("--speed is max or a number above zero, not {:?}", args.speed),
    }
}

/// At most so many webhooks of a channel are undelivered.
async fn wait_for_room(platforms: &Platforms, hub: &mut Hub, account: Account) -> anyhow::Result<()> {
    loop {
        let outbox = platforms.outbox(account).await?;
        if outbox.undelivered + outbox.in_flight < UNDELIVERED_MAX {
            return Ok(());
        }
        hub.keep_alive()?;
        tokio::time::sleep(Duration::from_millis(2)).await;
    }
}

fn act_lines(lines: &[Line]) -> Vec<ActLine> {
    lines
        .iter()
        .map(|line| ActLine {
            sku: line.sku.clone(),
            quantity: line.units.to_string(),
            unit_price_minor: line.price_minor,
            of_line: line.of_line,
        })
        .collect()
}

fn customer(id: &str) -> Option<ActCustomer> {
    (!id.is_empty()).then(|| ActCustomer {
        reference: id.to_owned(),
        given_name: "Customer".into(),
        family_name: id.to_owned(),
        email: format!("customer-{id}@example.com"),
        phone: String::new(),
    })
}

/// What an event is on its platform. A web order is handed over at once: the file tells of nothing in between.
fn acts(event: &Event, retailer: &Retailer) -> Vec<Act> {
    let outlet = &retailer.outlets[event.outlet];
    let (reference, location) = (event.reference.clone(), outlet.location.to_owned());
    match &event.what {
        What::Sale(lines) if is_web(outlet) => vec![
            Act::WebOrder {
                reference: reference.clone(),
                lines: act_lines(lines),
                customer: customer(&event.customer),
                force: true,
                pickup: None,
            },
            Act::Fulfil { reference },
        ],
        What::Sale(lines) => vec![Act::TillSale {
            reference,
            location,
            lines: act_lines(lines),
            customer: customer(&event.customer),
            offline_ms: 0,
        }],
        What::Return(of, lines) => {
            vec![Act::Return { reference, of: of.clone(), location, lines: act_lines(lines), restock: true }]
        }
        What::WriteOff(line) => vec![Act::Adjust {
            sku: line.sku.clone(),
            location,
            delta: format!("-{}", line.units),
            reason: "written off".into(),
            reference,
        }],
    }
}
