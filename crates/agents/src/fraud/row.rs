//! The features of a payment: what the models see, the same in training and in serving.

use super::payment::{Deed, Payment};
use super::track::{DAY_MS, DAYS, HOUR_MS, Track};

/// Features of the payment itself.
const OWN: [&str; 6] =
    ["amount", "hour of the day", "weekend", "gift card", "refund", "days since the customer signed up"];
/// Features of each of customer, terminal and device.
const EACH: usize = 24;

macro_rules! names {
    ($who:literal) => {
        [
            concat!("payments within an hour, ", $who),
            concat!("payments within a day, ", $who),
            concat!("payments within 7 days, ", $who),
            concat!("payments within 30 days, ", $who),
            concat!("mean amount of 7 days, ", $who),
            concat!("mean amount of 30 days, ", $who),
            concat!("amount as a multiple of the usual, ", $who),
            concat!("deviations above the usual amount, ", $who),
            concat!("conspicuous amounts within 7 days, ", $who),
            concat!("amounts of today against the usual, ", $who),
            concat!("different others within a day, ", $who),
            concat!("different others within 7 days, ", $who),
            concat!("hours since the last payment, ", $who),
            concat!("days since the first payment, ", $who),
            concat!("share of known frauds, last known day, ", $who),
            concat!("share of known frauds, last known 7 days, ", $who),
            concat!("share of known frauds, last known 30 days, ", $who),
            concat!("known frauds of 7 days, ", $who),
            concat!("known frauds of 30 days, ", $who),
            concat!("frauds among the last 2 outcomes, ", $who),
            concat!("frauds among the last 8 outcomes, ", $who),
            concat!("days since the last known fraud, ", $who),
            concat!("days since known frauds began, ", $who),
            concat!("conspicuous amounts within 2 days, ", $who),
        ]
    };
}

const CUSTOMER: [&str; EACH] = names!("this customer");
const TERMINAL: [&str; EACH] = names!("this terminal");
const DEVICE: [&str; EACH] = names!("this device");

/// Features per payment.
pub const WIDTH: usize = OWN.len() + 3 * EACH;

/// What a feature is, in a person's words.
pub fn name(feature: usize) -> &'static str {
    let (block, place) = match feature.checked_sub(OWN.len()) {
        None => (&OWN[..], feature),
        Some(rest) => ([&CUSTOMER[..], &TERMINAL[..], &DEVICE[..]][(rest / EACH).min(2)], rest % EACH),
    };
    block.get(place).copied().unwrap_or("unknown")
}

/// Tracks that a payment touches; `None` where the payment does not say who or where.
pub(super) struct Tracks<'a> {
    pub(super) customer: Option<&'a Track>,
    pub(super) terminal: Option<&'a Track>,
    pub(super) device: Option<&'a Track>,
}

/// The features, [`WIDTH`] of them; not a number where nothing is known.
pub(super) fn row(payment: &Payment, tracks: &Tracks, usual_risk: f64, delay_days: i64) -> Vec<f32> {
    let at = payment.at.0;
    let amount = payment.sound_amount();
    let mut row = Vec::with_capacity(WIDTH);
    let since = payment.since.map(|since| days_between(since.0, at));
    row.extend([
        known(amount),
        (at.rem_euclid(DAY_MS) as f64 / HOUR_MS as f64) as f32,
        // 1970-01-01 was a Thursday.
        f32::from(u8::from((at.div_euclid(DAY_MS) + 4).rem_euclid(7) % 6 == 0)),
        f32::from(u8::from(payment.deed == Deed::GiftCard)),
        f32::from(u8::from(payment.deed == Deed::Refund)),
        known(since),
    ]);
    for track in [tracks.customer, tracks.terminal, tracks.device] {
        match track {
            Some(track) => of_track(track, at, amount, usual_risk, delay_days, &mut row),
            None => row.extend([f32::NAN; EACH]),
        }
    }
    row
}

fn of_track(track: &Track, at: i64, amount: Option<f64>, usual_risk: f64, delay_days: i64, row: &mut Vec<f32>) {
    let [today, two, week, month] = [1, 2, 7, DAYS].map(|days| track.window(at, days));
    let risk = [1, 7, DAYS].map(|days| track.window(at, days + delay_days));
    let usual = month.mean().filter(|mean| *mean > 0.0);
    let of_usual = |value: Option<f64>| value.zip(usual).map(|(value, usual)| value / usual);
    let deviations = amount.zip(month.log_spread()).map(|(a, (mean, spread))| (stats::num::ln_1p(a) - mean) / spread);
    row.extend([
        track.hours(at, 1) as f32,
        track.hours(at, 24) as f32,
        week.count as f32,
        month.count as f32,
        known(week.mean()),
        known(month.mean()),
        known(of_usual(amount)),
        known(deviations),
        week.high as f32,
        known(of_usual(today.mean())),
        today.distinct() as f32,
        week.distinct() as f32,
        known(track.last.map(|last| at.saturating_sub(last) as f64 / HOUR_MS as f64)),
        known(track.first.map(|first| days_between(first, at))),
        risk[0].risk(usual_risk, 1.0) as f32,
        risk[1].risk(usual_risk, 1.0) as f32,
        risk[2].risk(usual_risk, 1.0) as f32,
        risk[1].frauds as f32,
        risk[2].frauds as f32,
        known(track.lately(2)),
        known(track.lately(8)),
        known(track.last_fraud.map(|last| days_between(last, at))),
        known(track.series_from.map(|from| days_between(from, at))),
        two.high as f32,
    ]);
}

fn days_between(from: i64, to: i64) -> f64 {
    to.saturating_sub(from) as f64 / DAY_MS as f64
}

fn known(value: Option<f64>) -> f32 {
    value.map_or(f32::NAN, |value| value as f32)
}
