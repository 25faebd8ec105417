//! Journeys whose truth is known: what would not have been bought without a channel.
//!
//! Two kinds of worlds. *Chain*: people step from channel to channel and buy or leave; a channel that is gone loses
//! everybody who would have met it. *Persuasion*: people come with more or less wish to buy; some channels (search for the
//! brand, reminders) find those who wish most and come late and add little, others come early and add much.

use agents::attribution::{Credits, Lift, Paths, calibrated, credits};
use serde_json::{Map, Value, json};
use stats::dice::Dice;
use stats::num::{exp, sigmoid};

use crate::measure::round;
use crate::progress;

const CHANNELS: usize = 8;
const WORLDS: u64 = 20;
const PEOPLE: usize = 40_000;
/// Channels of each world that are measured by an experiment, and its error as a part of the truth.
const MEASURED: usize = 2;
const ERROR: f64 = 0.15;

/// Judges every rule on worlds of both kinds: mean absolute error of a channel's share of credit.
pub fn run(seed: u64) -> Value {
    let bar = progress::bar(2 * WORLDS, "worlds");
    let judge = |make: fn(&mut Dice) -> (Paths, Vec<f64>)| {
        let mut errors: Map<String, Value> = Map::new();
        for world in 0..WORLDS {
            let mut dice = Dice::seeded(seed.wrapping_mul(1_000).wrapping_add(world));
            let (paths, truth) = make(&mut dice);
            for (rule, credit) in rules(&credits(&paths), &truth, &mut dice) {
                let before = errors.get(rule).and_then(Value::as_f64).unwrap_or(0.0);
                errors.insert(rule.to_owned(), json!(before + error(&credit, &truth) / WORLDS as f64));
            }
            bar.inc(1);
        }
        let of = |rule: &str| errors.get(rule).and_then(Value::as_f64).unwrap_or(0.0);
        let ratio = |rule: &str| round(of(rule) / of("last").max(1e-12));
        let ratios = json!({ "markov": ratio("markov"), "shapley": ratio("shapley"), "markov_with_lifts": ratio("markov_with_lifts") });
        let rounded: Map<String, Value> = errors
            .iter()
            .map(|(rule, error)| (rule.clone(), json!(round(error.as_f64().unwrap_or(0.0) * 100.0))))
            .collect();
        json!({ "share_error_points": rounded, "ratio_to_last": ratios })
    };
    let result = json!({ "seed": seed, "worlds": WORLDS, "people_per_world": PEOPLE, "channels": CHANNELS,
        "chain": judge(chain), "persuasion": judge(persuasion), "budget": super::planned::run(seed) });
    bar.finish_and_clear();
    result
}

fn rules(credits: &Credits, truth: &[f64], dice: &mut Dice) -> Vec<(&'static str, Vec<f64>)> {
    let of = |part: fn(&agents::attribution::Rules) -> f64| credits.rules.iter().map(part).collect::<Vec<f64>>();
    let mut by_credit: Vec<usize> = (0..truth.len()).collect();
    by_credit.sort_by(|a, b| credits.markov[*b].total_cmp(&credits.markov[*a]).then(a.cmp(b)));
    // An experiment finds sales, not shares: what the truth is in sales, with an error.
    let measured = by_credit.iter().take(MEASURED).map(|channel| {
        let error = ERROR * truth[*channel];
        Lift { channel: *channel as u32, sales: truth[*channel] + error * dice.normal(), error: error.max(1e-9) }
    });
    let lifts: Vec<Lift> = measured.collect();
    vec![
        ("markov", credits.markov.clone()),
        ("markov_with_lifts", calibrated(&scaled(&credits.markov, truth), &lifts)),
        ("shapley", of(|rules| rules.shapley)),
        ("last", of(|rules| rules.last)),
        ("first", of(|rules| rules.first)),
        ("linear", of(|rules| rules.linear)),
        ("decay", of(|rules| rules.decay)),
    ]
}

/// Credit brought to the truth's sum, as a first experiment over all channels together would bring it.
fn scaled(credit: &[f64], truth: &[f64]) -> Vec<f64> {
    let (all, wanted) = (credit.iter().sum::<f64>(), truth.iter().sum::<f64>());
    credit.iter().map(|part| if all > 0.0 { part / all * wanted } else { 0.0 }).collect()
}

fn error(credit: &[f64], truth: &[f64]) -> f64 {
    let (all, wanted) = (credit.iter().sum::<f64>().max(1e-12), truth.iter().sum::<f64>().max(1e-12));
    let off = credit.iter().zip(truth).map(|(credit, truth)| (credit / all - truth / wanted).abs());
    off.sum::<f64>() / truth.len() as f64
}

/// People step from channel to channel.
fn chain(dice: &mut Dice) -> (Paths, Vec<f64>) {
    let draw = |dice: &mut Dice| -> Vec<f64> {
        let weights: Vec<f64> = (0..CHANNELS).map(|_| dice.unit() * dice.unit()).collect();
        let all: f64 = weights.iter().sum();
        weights.iter().map(|weight| weight / all).collect()
    };
    let start = draw(dice);
    let next: Vec<Vec<f64>> = (0..CHANNELS).map(|_| draw(dice)).collect();
    let ends: Vec<(f64, f64)> =
        (0..CHANNELS).map(|_| (0.15 * dice.unit() * dice.unit(), 0.2 + 0.3 * dice.unit())).collect();
    let (mut paths, mut truth) = (Paths::default(), vec![0.0; CHANNELS]);
    for _ in 0..PEOPLE {
        let mut path = vec![pick(&start, dice)];
        let bought = loop {
            let (buys, leaves) = ends[path[path.len() - 1] as usize];
            let u = dice.unit();
            if u < buys + leaves {
                break u < buys;
            }
            path.push(pick(&next[path[path.len() - 1] as usize], dice));
        };
        paths.add(&path, f64::from(u8::from(bought)), 0.0, f64::from(u8::from(!bought)));
        if bought {
            (0..CHANNELS).filter(|channel| path.contains(&(*channel as u32))).for_each(|channel| truth[channel] += 1.0);
        }
    }
    (paths, truth)
}

fn pick(weights: &[f64], dice: &mut Dice) -> u32 {
    let mut left = dice.unit();
    let found = weights.iter().position(|weight| {
        left -= weight;
        left < 0.0
    });
    found.unwrap_or(weights.len() - 1) as u32
}

/// How a channel finds and moves people.
struct Channel {
    /// Meetings of a person without any wish.
    meets: f64,
    /// How much more it meets those who wish to buy.
    seeks: f64,
    /// When in a journey, 0 to 1.
    comes: f64,
    /// What it adds to the log odds of buying.
    moves: f64,
}

fn persuasion(dice: &mut Dice) -> (Paths, Vec<f64>) {
    let channels: Vec<Channel> = (0..CHANNELS)
        .map(|_| {
            let comes = dice.unit();
            let moves = 2.0 * dice.unit() * (1.0 - 0.8 * comes);
            Channel { meets: 0.1 + 0.5 * dice.unit(), seeks: 0.8 * comes * dice.unit(), comes, moves }
        })
        .collect();
    let (mut paths, mut truth) = (Paths::default(), vec![0.0; CHANNELS]);
    for _ in 0..PEOPLE {
        let wish = dice.normal();
        let mut touches: Vec<(f64, u32)> = Vec::new();
        let mut moved = [0.0; CHANNELS];
        for (number, channel) in channels.iter().enumerate() {
            let times = meetings(channel.meets * exp(channel.seeks * wish), dice);
            (0..times).for_each(|_| touches.push((channel.comes + 0.3 * dice.normal(), number as u32)));
            // Each further meeting adds half of the one before.
            moved[number] = channel.moves * (1.0 - stats::num::exp2(-f64::from(times))) * 2.0;
        }
        if touches.is_empty() {
            continue;
        }
        touches.sort_by(|a, b| a.0.total_cmp(&b.0).then(a.1.cmp(&b.1)));
        let buys = |without: usize| {
            let all: f64 =
                moved.iter().enumerate().filter(|(number, _)| *number != without).map(|(_, adds)| adds).sum();
            sigmoid(-4.5 + 0.8 * wish + all)
        };
        let whole = buys(CHANNELS);
        (0..CHANNELS).for_each(|channel| truth[channel] += whole - buys(channel));
        let path: Vec<u32> = touches.iter().map(|(_, channel)| *channel).collect();
        let bought = dice.happens(whole);
        paths.add(&path, f64::from(u8::from(bought)), 0.0, f64::from(u8::from(!bought)));
    }
    (paths, truth)
}

/// A Poisson number, by waiting times.
fn meetings(mean: f64, dice: &mut Dice) -> u32 {
    let mut waited = -stats::num::ln(dice.open_unit());
    let mut times = 0;
    while waited < mean && times < 20 {
        waited -= stats::num::ln(dice.open_unit());
        times += 1;
    }
    times
}
