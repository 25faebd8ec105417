//! `lockstep eval fraud`: how well the fraud mind tells frauds from honest payments, with labels that come late. Called by
//! the roof.

mod judging;
pub mod reading;

use std::collections::{BTreeMap, VecDeque};
use std::path::PathBuf;
use std::time::Instant as Clock;

use agents::fraud::{Fraud, Key, Learning, Settings, Stakes};
use model::{Currency, Instant};
use serde_json::{Value, json};

use crate::measure::{Measure, round};
use crate::plot::{self, Line, Titles};
use crate::progress;
use judging::Scored;
use reading::{Labelled, Refused, payments};

const DAY_MS: i64 = 86_400_000;

/// Scores the payments of one table with what was known at the time, and compares with what became of them.
///
/// Both tables have the columns `time,transaction,customer,terminal,amount,label`, and may have `device` and `since`
/// (sign-up time). A label is told to the mind so many days after its payment, never before; the test starts with the
/// first row of its table. Payments that lie before it are the past, whether their labels are known yet or not.
#[derive(Debug, clap::Args)]
#[command(
    after_help = "Example:\n  lockstep eval fraud --train april-to-july.csv.gz --test august.csv.gz --delay-days 7"
)]
pub struct Args {
    /// Payments to learn from, with labels.
    #[arg(long)]
    train: PathBuf,
    /// Payments to be judged by.
    #[arg(long)]
    test: PathBuf,
    /// Days after which it is known what became of a payment.
    #[arg(long, default_value_t = 7, value_parser = clap::value_parser!(u32).range(0..=365))]
    delay_days: u32,
    /// Days of payments with known labels that the models are fitted to, back from the delay.
    #[arg(long, default_value_t = 28, value_parser = clap::value_parser!(u32).range(1..=3650))]
    train_days: u32,
    /// Cards with a fraud that became known so many days before the test, or during it, are not judged any more.
    #[arg(long, default_value_t = 7)]
    known_days: u32,
    /// Days between two fits during the test.
    #[arg(long, default_value_t = 7, value_parser = clap::value_parser!(u32).range(1..))]
    refit_days: u32,
    /// Where a picture is drawn as SVG: precision over recall.
    #[arg(long)]
    plot: Option<PathBuf>,
    /// Seed of the rows and columns that trees see.
    #[arg(long, default_value_t = 1)]
    seed: u64,
}

/// Runs it and prints its figures.
///
/// # Errors
/// When a file cannot be read, a column is missing, or the test has no usable row.
pub fn run(args: &Args) -> anyhow::Result<()> {
    let measure = Measure::start();
    let mut refused = Refused::default();
    let (train, test) = (payments(&args.train, &mut refused)?, payments(&args.test, &mut refused)?);
    eprintln!("{:.1} s: {} payments to learn from, {} to judge", measure.seconds(), train.len(), test.len());
    let Some(start) = test.first().map(|one| one.payment.at) else {
        anyhow::bail!("{} has no usable row", args.test.display());
    };
    let mut run = Run::new(args, &train, start);
    run.past(&train, start);
    eprintln!("{:.1} s: the past is folded in", measure.seconds());
    run.learn(start);
    eprintln!("{:.1} s: learnt from {:?} rows and frauds", measure.seconds(), run.lessons());
    run.test(&test);
    plot::save(args.plot.as_ref(), || {
        let titles = Titles { title: "Frauds found, the highest scores first", x: "recall", y: "precision" };
        plot::lines(titles, &[Line::new("the mind", judging::precision_over_recall(&run.scored))])
    })?;
    let mut result = run.figures(&test);
    result["refused_rows"] = json!(refused.rows);
    result["refused"] = json!(refused.named);
    result["train_rows"] = json!(train.len());
    result["test_rows"] = json!(test.len());
    result["seed"] = json!(args.seed);
    measure.print(result);
    Ok(())
}

struct Run<'a> {
    args: &'a Args,
    mind: Fraud,
    /// Frauds that are not told yet: when they will be, and which.
    untold: VecDeque<(Instant, u64)>,
    delay_ms: i64,
    /// In a short past labels are told this soon, as far as they are known before the test anyhow.
    early_ms: i64,
    /// All labels of the train table were taken as known, because none was by the delay.
    labels_at_once: bool,
    /// When it was first known that a card is compromised, days counted from the payment.
    compromised: BTreeMap<Key, Vec<i64>>,
    scored: Vec<Scored>,
    left_out: u64,
    micros: Vec<f64>,
    next_fit: Instant,
}

impl<'a> Run<'a> {
    fn new(args: &'a Args, train: &[Labelled], start: Instant) -> Self {
        let delay_ms = i64::from(args.delay_days) * DAY_MS;
        let known = |one: &&Labelled| one.fraud && one.payment.at.plus_ms(delay_ms) <= start;
        // A table that ends less than the delay before the test was meant to be learnt from all the same.
        let labels_at_once = train.iter().find(known).is_none() && train.iter().any(|one| one.fraud);
        if labels_at_once {
            eprintln!(
                "no fraud of the train table is known {} days later: its labels are taken as known",
                args.delay_days
            );
        }
        let delay_days = if labels_at_once { 0 } else { args.delay_days };
        let early_days = early_days(train, start, delay_days);
        let learning = Learning { seed: args.seed, ..Learning::default() };
        let mind = Fraud::new(Settings { delay_days: early_days, lesson_days: args.train_days, learning });
        Self {
            args,
            mind,
            untold: VecDeque::new(),
            delay_ms: i64::from(delay_days) * DAY_MS,
            early_ms: i64::from(early_days) * DAY_MS,
            labels_at_once,
            compromised: BTreeMap::new(),
            scored: Vec::new(),
            left_out: 0,
            micros: Vec::new(),
            next_fit: start,
        }
    }

    /// Tells frauds whose time has come, then lets time go on.
    fn until(&mut self, now: Instant) {
        while let Some((_, id)) = self.untold.front().copied().filter(|(when, _)| *when <= now) {
            self.untold.pop_front();
            self.mind.tell_fraud(id);
        }
        self.mind.settle(now);
    }

    fn pay(&mut self, one: &Labelled, told_after_ms: i64) {
        self.mind.pay(&one.payment);
        if one.fraud {
            self.untold.push_back((one.payment.at.plus_ms(told_after_ms), one.payment.id));
            if let Some(card) = one.payment.customer {
                self.compromised.entry(card).or_default().push(day(one.payment.at));
            }
        }
    }

    /// Everything before the test. Rows of the train table that are not are left out: they would tell the future.
    fn past(&mut self, train: &[Labelled], start: Instant) {
        let bar = progress::bar(train.len() as u64, "past");
        for one in train.iter().take_while(|one| one.payment.at < start) {
            self.until(one.payment.at);
            let known = one.payment.at.plus_ms(self.delay_ms) <= start;
            if !known {
                self.mind.set_delay_days((self.delay_ms / DAY_MS) as u32);
            }
            self.pay(one, if known { self.early_ms } else { self.delay_ms });
            bar.inc(1);
        }
        bar.finish_and_clear();
        self.mind.set_delay_days((self.delay_ms / DAY_MS) as u32);
        self.until(start);
    }

    fn learn(&mut self, now: Instant) {
        self.mind.learn();
        self.next_fit = now.plus_ms(i64::from(self.args.refit_days) * DAY_MS);
    }

    fn lessons(&self) -> (u64, u64) {
        self.mind.scorer().map_or((0, 0), agents::fraud::Scorer::lessons)
    }

    fn test(&mut self, test: &[Labelled]) {
        let bar = progress::bar(test.len() as u64, "test");
        let first_day = test.first().map_or(0, |one| day(one.payment.at));
        for one in test {
            let at = one.payment.at;
            self.until(at);
            if at >= self.next_fit {
                self.learn(at);
            }
            let started = now();
            let answer = self.mind.score(&one.payment);
            self.micros.push(started.elapsed().as_secs_f64() * 1e6);
            // Before anything was learnt every payment is as likely as any other.
            let (score, probability) = answer.unwrap_or((0.0, self.mind.usual_risk()));
            if self.is_known(one.payment.customer, first_day, day(at)) {
                self.left_out += 1;
            } else {
                let card = one.payment.customer.unwrap_or(Key(one.payment.id));
                let amount = one.payment.amount;
                self.scored.push(Scored { day: day(at), card, amount, score, probability, fraud: one.fraud });
            }
            self.pay(one, self.delay_ms);
            bar.inc(1);
        }
        bar.finish_and_clear();
    }

    /// Whether it was known in the morning that a card is compromised: by a fraud of the days before the delay.
    fn is_known(&self, card: Option<Key>, first_day: i64, today: i64) -> bool {
        let delay = i64::from(self.args.delay_days);
        let from = first_day - delay - i64::from(self.args.known_days);
        let frauds = card.and_then(|card| self.compromised.get(&card));
        frauds.is_some_and(|days| days.iter().any(|day| (from..today - delay).contains(day)))
    }

    fn figures(&mut self, test: &[Labelled]) -> Value {
        self.micros.sort_by(f64::total_cmp);
        let quantile = |share: f64| {
            let place = ((self.micros.len() as f64 * share) as usize).min(self.micros.len().saturating_sub(1));
            self.micros.get(place).map(|value| round(*value))
        };
        let stakes = Currency::parse("EUR").map(Stakes::usual);
        let (saved, possible) = stakes.map_or((0.0, 0.0), |stakes| judging::money_saved(&self.scored, &stakes));
        let (lessons, lesson_frauds) = self.lessons();
        json!({
            "auc": judging::auc(&self.scored),
            "average_precision": judging::average_precision(&self.scored),
            "card_precision_100": judging::card_precision(&self.scored, 100),
            "latency_us": { "p50": quantile(0.5), "p99": quantile(0.99) },
            "judged": self.scored.len(),
            "judged_frauds": self.scored.iter().filter(|one| one.fraud).count(),
            "known_cards_left_out": self.left_out,
            "test_frauds": test.iter().filter(|one| one.fraud).count(),
            "lessons": lessons,
            "lesson_frauds": lesson_frauds,
            "labels_at_once": self.labels_at_once,
            "money_saved": round(saved),
            "money_lost_without": round(possible),
            "calibration_error": judging::calibration_error(&self.scored),
        })
    }
}

/// How soon labels are told while the past is folded in. A past of less than three delays would have no payment to learn
/// from at which any earlier fraud was known; there they are told after a quarter of it, but only those that are known
/// before the test anyhow.
fn early_days(train: &[Labelled], start: Instant, delay_days: u32) -> u32 {
    let delay_ms = i64::from(delay_days) * DAY_MS;
    let known = || train.iter().map(|one| one.payment.at).filter(|at| at.plus_ms(delay_ms) <= start);
    let span = known().next_back().zip(known().next()).map_or(0, |(last, first)| last.since(first));
    if span < 3 * delay_ms { ((span / DAY_MS / 4) as u32).clamp(1.min(delay_days), delay_days) } else { delay_days }
}

fn day(at: Instant) -> i64 {
    at.0.div_euclid(DAY_MS)
}

#[expect(clippy::disallowed_methods, reason = "measures the command itself")]
fn now() -> Clock {
    Clock::now()
}
