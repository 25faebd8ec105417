//! Goods whose true demand is known, and customers of whom some abuse: disposition beside an oracle's, and who is found.

use agents::returns::Rates;
use agents::returns::abuse::{Cohort, Record, Regard, Sign, probability, regard};
use agents::returns::disposition::{Goods, Shelf, Way, dispose};
use model::{Currency, LocationId};
use serde_json::{Value, json};
use stats::dice::Dice;
use stats::dist::Count;
use stats::num::exp;

use crate::calibration::Calibration;
use crate::measure::round;

const GOODS: u32 = 20_000;
/// Weeks in which a unit can be sold at full price, and weeks of sales that demand is learnt from.
const WINDOW: f64 = 6.0;
const SEEN: f64 = 10.0;
const SHELVES: u32 = 4;
const PEOPLE: usize = 20_000;
const ABUSERS: f64 = 0.005;
const ITEMS: u32 = 300;

/// Draws, places, judges.
pub fn run(seed: u64) -> Value {
    let mut dice = Dice::seeded(seed);
    json!({ "seed": seed, "disposition": disposition(&mut dice), "abuse": abuse(&mut dice) })
}

fn goods(dice: &mut Dice) -> Goods {
    let price = 1_500.0 + 8_500.0 * dice.unit();
    let part = |low: f64, high: f64, dice: &mut Dice| price * (low + (high - low) * dice.unit());
    Goods {
        price,
        marked_down: part(0.3, 0.6, dice),
        handling: 150.0 + 300.0 * dice.unit(),
        refurbished: dice.happens(0.2).then(|| part(0.3, 0.7, dice)),
        vendor: dice.happens(0.3).then(|| part(0.3, 0.6, dice)),
        liquidated: Some(part(0.1, 0.25, dice)),
        write_off: 50.0,
        forced: dice.happens(0.02).then_some(Way::WriteOff),
        sellable: dice.happens(0.85),
    }
}

/// Net recovery, by expectation under the true demand: no luck in it beside what was learnt from.
fn disposition(dice: &mut Dice) -> Value {
    let (mut mind, mut oracle, mut restock, mut right, mut sure) = (0.0, 0.0, 0.0, 0.0, Vec::new());
    let currency = Currency::parse("EUR");
    for _ in 0..GOODS {
        let goods = goods(dice);
        let (mut told, mut real) = (Vec::new(), Vec::new());
        for place in 0..SHELVES {
            let weekly = 3.0 * exp(0.9 * dice.normal());
            let seen = Count::new(weekly * SEEN, 1.3).quantile(dice.open_unit()) as f64;
            let shelf = Shelf {
                location: LocationId(place),
                stock: (weekly * WINDOW * 1.6 * dice.unit()).floor(),
                demand: Count::new(weekly * WINDOW, 1.3),
                learnt_from: f64::INFINITY,
                freight: if place == 0 { 0.0 } else { 200.0 + 500.0 * dice.unit() },
            };
            real.push(shelf);
            // The mean of all shelves is believed as if half a week of it had been seen.
            let learnt = (seen + 1.5) / (SEEN + 0.5);
            told.push(Shelf { demand: Count::new(learnt * WINDOW, 1.3), learnt_from: seen.max(1.0), ..shelf });
        }
        let Some(currency) = currency else { continue };
        let (chosen, best) = (dispose(&goods, &told, currency), dispose(&goods, &real, currency));
        let worth = |way: Way| value(&goods, &real, way);
        mind += worth(chosen.action);
        oracle += worth(best.action);
        restock += worth(if goods.sellable && goods.forced.is_none() { Way::Here } else { best.action });
        let same = worth(chosen.action) >= worth(best.action) - 1e-9;
        right += f64::from(u8::from(same));
        sure.push((chosen.reasons.confidence.value(), same));
    }
    json!({
        "units": GOODS,
        "recovery_to_oracle": round(mind / oracle),
        "always_restock_to_oracle": round(restock / oracle),
        "same_way_as_oracle": round(right / f64::from(GOODS)),
        "confidence_error": round(calibration(&sure)),
    })
}

/// What a way brings under the demand given.
fn value(goods: &Goods, shelves: &[Shelf], way: Way) -> f64 {
    let on_shelf = |shelf: &Shelf| {
        let chance = 1.0 - shelf.demand.cdf(shelf.stock as u64);
        goods.price * chance + goods.marked_down * (1.0 - chance) - goods.handling - shelf.freight
    };
    match way {
        Way::Here => on_shelf(&shelves[0]),
        Way::Send(location) => on_shelf(&shelves[location.0 as usize]),
        Way::Refurbish => goods.refurbished.unwrap_or(0.0),
        Way::Vendor => goods.vendor.unwrap_or(0.0),
        Way::Liquidate => goods.liquidated.unwrap_or(0.0),
        Way::WriteOff => -goods.write_off,
    }
}

/// Expected calibration error.
fn calibration(told: &[(f64, bool)]) -> f64 {
    let mut all = Calibration::default();
    told.iter().for_each(|(sure, right)| all.add(*sure, *right));
    all.error().unwrap_or(0.0)
}

struct Person {
    record: Record,
    signs: Vec<Sign>,
    abuses: bool,
}

fn abuse(dice: &mut Dice) -> Value {
    let people = people(dice);
    let cohort = Cohort::of(people.iter().map(|person| &person.record));
    let by_excess = |person: &Person| probability(&person.record, &cohort, &person.signs);
    // What shops do: the part of units that came back, of those who bought a few.
    let by_rate =
        |person: &Person| if person.record.bought >= 5.0 { person.record.back / person.record.bought } else { 0.0 };
    let asked = |person: &&Person| {
        let told = regard(&person.record, &cohort, &person.signs, 0.5, 10_000.0);
        told.action == Regard::Ask
    };
    let (abusers, asked): (Vec<&Person>, Vec<&Person>) =
        (people.iter().filter(|person| person.abuses).collect(), people.iter().filter(asked).collect());
    let wrongly = asked.iter().filter(|person| !person.abuses).count();
    let told: Vec<(f64, bool)> = people.iter().map(|person| (by_excess(person), person.abuses)).collect();
    json!({
        "people": people.len(),
        "abusers": abusers.len(),
        "precision_at_25": precision(&people, 25, by_excess),
        "precision_at_50": precision(&people, 50, by_excess),
        "precision_at_25_by_return_rate": precision(&people, 25, by_rate),
        "precision_at_50_by_return_rate": precision(&people, 50, by_rate),
        "asked": asked.len(),
        "asked_wrongly": wrongly,
        "asked_wrongly_per_10000": round(wrongly as f64 / people.len() as f64 * 1e4),
        "found": round((asked.len() - wrongly) as f64 / abusers.len().max(1) as f64),
        "probability_error": round(calibration(&told)),
    })
}

/// Of the first so many by a score, the part that abuses.
fn precision(people: &[Person], first: usize, score: impl Fn(&Person) -> f64) -> f64 {
    let mut ranked: Vec<(f64, usize)> =
        people.iter().enumerate().map(|(number, person)| (score(person), number)).collect();
    ranked.sort_by(|a, b| b.0.total_cmp(&a.0).then(a.1.cmp(&b.1)));
    ranked.iter().take(first).filter(|(_, number)| people[*number].abuses).count() as f64 / first as f64
}

/// A year of purchases. Customers differ in taste and fortune; abusers bring back far more of the same things, and leave
/// signs now and then; so do honest people, seldom.
fn people(dice: &mut Dice) -> Vec<Person> {
    let rates: Vec<f64> =
        (0..ITEMS).map(|item| if item % 4 == 0 { 0.2 + 0.3 * dice.unit() } else { 0.1 * dice.unit() }).collect();
    let mut learnt = Rates::default();
    let mut people = Vec::with_capacity(PEOPLE);
    for _ in 0..PEOPLE {
        let abuses = dice.happens(ABUSERS);
        let bought = 1 + (12.0 * exp(0.8 * dice.normal())).min(150.0) as u32;
        // Some buy mostly what comes back often.
        let fashion = dice.unit();
        let fortune = exp(0.4 * dice.normal());
        let mut record = Record::default();
        for _ in 0..bought {
            let group = if dice.happens(fashion) { 0 } else { 1 + dice.below(3) };
            let item = (dice.below(u64::from(ITEMS) / 4) * 4 + group) as u32;
            let odds = rates[item as usize] / (1.0 - rates[item as usize]) * fortune * if abuses { 8.0 } else { 1.0 };
            let back = f64::from(u8::from(dice.happens(odds / (1.0 + odds))));
            record.bought += 1.0;
            record.expected += learnt.of(item, 0);
            record.back += back;
            record.value += back * (1_500.0 + 6_000.0 * dice.unit());
            learnt.sold(item, 0, 1.0);
            learnt.back(item, 0, back);
        }
        let signs =
            [(Sign::UsedAndReturned, 0.3, 0.02), (Sign::EmptyBox, 0.15, 0.001), (Sign::ManyProfiles, 0.2, 0.02)];
        let signs = signs.into_iter().filter(|(_, abuser, usual)| dice.happens(if abuses { *abuser } else { *usual }));
        let signs = signs.map(|(sign, _, _)| sign).collect();
        people.push(Person { record, signs, abuses });
    }
    people
}
