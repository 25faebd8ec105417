//! Tests of the whole mind: what it learns, what it refuses to be fooled by, and that the same facts give the same bits.

use model::{
    Actor, Cause, Change, ChannelId, Entry, Fact, Instant, ItemId, LineKey, LocationId, LocationPut, Moved, OrderId,
    Seq,
};
use proptest::prelude::*;

use super::{Class, Forecast, Outlook, Sale, Step, quantiles};
use crate::Mind;
use stats::dist::Count;

const SHOP: LocationId = LocationId(0);

fn sale(item: u32, period: i32, units: f64) -> Sale {
    Sale { item: ItemId(item), location: SHOP, period, units }
}

/// A shop of `items` items that each sell `units(item, day)` a day, over so many days from day 0 on.
fn shop(items: u32, days: i32, units: impl Fn(u32, i32) -> f64) -> Forecast {
    let mut mind = Forecast::new(Step::Day);
    for day in 0..days {
        (0..items).for_each(|item| mind.sold(sale(item, day, units(item, day))));
        mind.close(day);
    }
    mind
}

fn look(mind: &Forecast, item: u32, horizon: usize) -> Outlook {
    mind.outlook(ItemId(item), SHOP, horizon).expect("it sold")
}

#[test]
fn what_sells_five_a_day_is_expected_to_sell_five_a_day() {
    let outlook = look(&shop(3, 60, |_, _| 5.0), 1, 14);
    assert!(outlook.means.iter().all(|mean| (mean - 5.0).abs() < 0.25), "{:?}", outlook.means);
    assert_eq!((outlook.from, outlook.means.len(), outlook.class), (60, 14, Class::Smooth));
    assert!(outlook.sentence().starts_with("About 70.") || outlook.sentence().starts_with("About 69."));
}

#[test]
fn an_item_that_never_sold_is_not_guessed_at() {
    let mind = shop(1, 10, |_, _| 1.0);
    assert_eq!(mind.outlook(ItemId(7), SHOP, 7), None);
    assert_eq!(mind.outlook(ItemId(0), LocationId(9), 7), None);
    assert_eq!(Forecast::new(Step::Day).outlooks(SHOP, 7).count(), 0);
}

#[test]
fn a_weekday_that_sells_three_times_as_much_is_expected_to() {
    let mind = shop(20, 200, |_, day| if day % 7 == 2 { 12.0 } else { 4.0 });
    let outlook = look(&mind, 3, 7);
    for (ahead, mean) in outlook.means.iter().enumerate() {
        let wanted = if (200 + ahead) % 7 == 2 { 12.0 } else { 4.0 };
        assert!((mean / wanted - 1.0).abs() < 0.15, "{ahead} days ahead: {mean}, not {wanted}");
    }
}

#[test]
fn a_holiday_that_doubled_sales_before_is_expected_to_double_them() {
    let mut mind = Forecast::new(Step::Day);
    let is_fair = |day: i32| day % 30 == 12;
    (0..330).filter(|day| is_fair(*day)).for_each(|day| mind.announce(day, "fair"));
    for day in 0..320 {
        (0..20).for_each(|item| mind.sold(sale(item, day, if is_fair(day) { 10.0 } else { 5.0 })));
        mind.close(day);
    }
    let means = look(&mind, 0, 6).means;
    let fair = (320..326).position(is_fair);
    assert_eq!(fair, None);
    let means_until = look(&mind, 0, 30).means;
    // Day 342 was not announced, so it is a day like any other.
    assert!((means_until[22] / means_until[21] - 1.0).abs() < 0.2, "{means_until:?}");
    mind.announce(322, "fair");
    let told = look(&mind, 0, 6).means[2] / means[2];
    assert!((1.6..2.2).contains(&told), "{told}");
}

#[test]
fn days_out_of_stock_do_not_lower_what_is_expected() {
    let feed = |told: bool| {
        let mut mind = Forecast::new(Step::Day);
        for day in 0..120 {
            mind.sold(sale(1, day, 6.0));
            let out = day >= 90 && day % 2 == 0;
            mind.sold(sale(0, day, if out { 0.0 } else { 6.0 }));
            if out && told {
                mind.available(ItemId(0), SHOP, day, 0.0);
            }
            mind.close(day);
        }
        look(&mind, 0, 7).total()
    };
    assert!((feed(true) - 42.0).abs() < 3.0, "{}", feed(true));
    assert!(feed(false) < 0.8 * feed(true), "untold {} told {}", feed(false), feed(true));
}

#[test]
fn a_new_item_is_taken_for_a_usual_one_of_its_department_until_it_shows_itself() {
    let mind = shop(21, 101, |item, day| if item < 20 { 8.0 } else { f64::from(day / 100) });
    let total = look(&mind, 20, 7).total();
    assert!((0.6 * 56.0..56.5).contains(&total), "{total}");
}

#[test]
fn an_item_that_stopped_selling_is_expected_to_sell_less_and_less() {
    let mind = |silent: i32| shop(10, 200 + silent, |item, day| if item == 0 && day >= 200 { 0.0 } else { 4.0 });
    let totals: Vec<f64> = [0, 7, 28, 90].map(|silent| look(&mind(silent), 0, 28).total()).into();
    assert!(totals.windows(2).all(|two| two[1] < two[0]), "{totals:?}");
    assert!(totals[3] < 0.25 * totals[0], "{totals:?}");
}

#[test]
fn a_day_of_shut_doors_is_no_sign_of_demand() {
    let open = |day: i32| day % 7 != 6;
    let mind = shop(30, 210, |_, day| if open(day) { 3.0 } else { 0.0 });
    let means = look(&mind, 0, 7).means;
    for (ahead, mean) in means.iter().enumerate() {
        let wanted = if open(210 + ahead as i32) { 3.0 } else { 0.0 };
        assert!((mean - wanted).abs() < 0.3, "{means:?}");
    }
}

#[test]
fn a_price_cut_that_sold_more_before_is_expected_to_sell_more() {
    let mut mind = Forecast::new(Step::Day);
    for day in 0..400 {
        let cheap = day % 40 < 5;
        for item in 0..20 {
            if day % 40 == 0 || day % 40 == 5 {
                mind.priced(ItemId(item), SHOP, day, if cheap { 7.0 } else { 10.0 });
            }
            mind.sold(sale(item, day, if cheap { 8.0 } else { 4.0 }));
        }
        mind.close(day);
    }
    let usual = look(&mind, 0, 3).means[2];
    mind.priced(ItemId(0), SHOP, 402, 7.0);
    let cheap = look(&mind, 0, 3).means[2];
    assert!(cheap > 1.3 * usual && cheap < 3.0 * usual, "{cheap} against {usual}");
}

#[test]
fn a_late_sale_counts_as_if_it_had_come_in_time() {
    let feed = |late: bool| {
        let mut mind = Forecast::new(Step::Day);
        for day in 0..50 {
            mind.sold(sale(0, day, if late && day == 40 { 2.0 } else { 4.0 }));
            mind.close(day);
        }
        if late {
            mind.sold(sale(0, 40, 2.0));
        }
        look(&mind, 0, 7).total()
    };
    assert!((feed(true) / feed(false) - 1.0).abs() < 0.02, "{} {}", feed(true), feed(false));
}

#[test]
fn quantiles_rise_and_are_those_of_the_distribution() {
    let levels = [0.005, 0.25, 0.5, 0.975, 0.995];
    for (mean, spread) in [(0.0, 1.0), (0.2, 1.5), (3.0, 1.02), (55.0, 4.0), (70.0, 4.0), (900.0, 9.0), (5_000.0, 30.0)]
    {
        let count = Count::new(mean, spread);
        let told = quantiles(count, &levels);
        assert!(told.windows(2).all(|two| two[0] <= two[1]), "{told:?}");
        for (quantile, level) in told.iter().zip(levels) {
            let wanted = count.quantile(level) as f64;
            assert!((quantile - wanted).abs() <= 1.0 + 0.01 * wanted, "{mean} {level}: {quantile}, not {wanted}");
        }
    }
}

#[test]
fn the_booster_is_not_used_where_there_is_nothing_to_learn() {
    let mut mind = shop(30, 400, |item, _| f64::from(item % 5 + 1));
    let before = look(&mind, 0, 28).means;
    let learnt = mind.learn();
    assert!(learnt.rows > 0 && !learnt.used, "{learnt:?}");
    assert_eq!(look(&mind, 0, 28).means, before);
}

#[test]
fn the_booster_is_used_where_the_running_sums_are_wrong_in_a_way_that_can_be_told() {
    // Items that rest for four weeks come back at once: the running sums only learn it slowly.
    let mut mind = shop(150, 421, |item, day| if (day / 28 + item as i32) % 2 == 0 { 6.0 } else { 1.0 });
    let learnt = mind.learn();
    assert!(learnt.used && learnt.gain > 0.3, "{learnt:?}");
    let stored = mind.stored();
    assert_eq!(Forecast::from_stored(&stored).expect("stored").stored(), stored);
    let wanted = |item: i32| if (420 / 28 + item) % 2 == 0 { 6.0 } else { 1.0 };
    let off = |mean: f64, item| (mean - wanted(item)).abs();
    let plain = shop(150, 421, |item, day| if (day / 28 + item as i32) % 2 == 0 { 6.0 } else { 1.0 });
    let errors = |mind: &Forecast| (0..40).map(|item| off(look(mind, item, 10).means[9], item as i32)).sum::<f64>();
    assert!(errors(&mind) < 0.8 * errors(&plain), "{} {}", errors(&mind), errors(&plain));
}

fn entry(at: i64, fact: Fact) -> Entry {
    Entry { at: Instant(at), by: Actor::System, fact }
}

const DAY_MS: i64 = 86_400_000;
const UNIT: i64 = 100_000;

fn moved(cause: Cause, at: i64, on_hand: i64, reserved: i64, channel: u32) -> Entry {
    let zero = Change::from_parts(0);
    let (on_hand, reserved) = (Change::from_parts(on_hand * UNIT), Change::from_parts(reserved * UNIT));
    let moved = Moved {
        item: ItemId(0),
        location: SHOP,
        cause,
        on_hand,
        reserved,
        in_transit: zero,
        unsellable: zero,
        happened_at: Instant(at),
        order: Some((OrderId(1), LineKey(1))),
        shown: Some((ChannelId(channel), on_hand)),
        note: None,
    };
    entry(at, Fact::Moved(moved))
}

#[test]
fn a_promise_is_demand_once_and_a_return_is_none() {
    let mut mind = Forecast::new(Step::Day);
    let mut seq = 0;
    let mut tell = |mind: &mut Forecast, entry: Entry| {
        seq += 1;
        mind.apply(Seq(seq), &entry);
    };
    tell(&mut mind, moved(Cause::Receipt, 0, 1_000, 0, 0));
    for day in 0..60 {
        let noon = day * DAY_MS + DAY_MS / 2;
        tell(&mut mind, moved(Cause::Sale, noon, -2, 0, 0));
        tell(&mut mind, moved(Cause::Order, noon, 0, 3, 1));
        tell(&mut mind, moved(Cause::Order, noon, 0, -1, 1));
        tell(&mut mind, moved(Cause::Sale, noon, -2, -2, 1));
        tell(&mut mind, moved(Cause::Return, noon, 1, 0, 0));
    }
    mind.close(59);
    let total = look(&mind, 0, 10).total();
    assert!((total - 40.0).abs() < 2.0, "{total}");
    let split = mind.split(ItemId(0), SHOP);
    assert_eq!(split.iter().map(|share| share.channel).collect::<Vec<_>>(), [ChannelId(0), ChannelId(1)]);
    assert!(split.iter().all(|share| (share.share - 0.5).abs() < 1e-9), "{split:?}");
}

#[test]
fn a_sale_falls_on_the_day_of_its_location() {
    let mut mind = Forecast::new(Step::Day);
    let put = LocationPut {
        location: SHOP,
        name: "Auckland".into(),
        kind: model::LocationKind::Store,
        zone: "Pacific/Auckland".into(),
        home: None,
    };
    mind.apply(Seq(1), &entry(0, Fact::LocationPut(put)));
    // Noon in UTC is the next day's first hour there, in summer.
    mind.apply(Seq(2), &moved(Cause::Sale, DAY_MS / 2, -1, 0, 0));
    mind.close(1);
    assert_eq!(look(&mind, 0, 1).from, 2);
}

#[test]
fn stock_that_ran_out_is_seen_in_facts() {
    let feed = |until: i64| {
        let mut mind = Forecast::new(Step::Day);
        mind.apply(Seq(1), &moved(Cause::Receipt, 0, 4 * 40, 0, 0));
        for day in 0..40 {
            mind.apply(Seq(2), &moved(Cause::Sale, day * DAY_MS + DAY_MS / 3, -4, 0, 0));
        }
        // Empty from the fortieth day on; something unrelated goes on happening.
        for day in 40..until {
            let other = entry(day * DAY_MS, Fact::Expired { reservation: model::ReservationId(1) });
            mind.apply(Seq(3), &other);
        }
        look(&mind, 0, 7).total()
    };
    assert!((feed(80) / feed(41) - 1.0).abs() < 0.1, "{} {}", feed(80), feed(41));
}

/// What may be told to the mind.
#[derive(Clone, Debug)]
enum Told {
    Sold(u32, u32, i32, f64),
    Available(u32, i32, f64),
    Priced(u32, i32, f64),
    Announced(i32, u8),
    Closed(i32),
    Moved(i64, i64, i64),
}

fn tell(mind: &mut Forecast, told: &Told) {
    match *told {
        Told::Sold(item, location, period, units) => {
            mind.sold(Sale { item: ItemId(item), location: LocationId(location), period, units });
        }
        Told::Available(item, period, share) => mind.available(ItemId(item), SHOP, period, share),
        Told::Priced(item, period, price) => mind.priced(ItemId(item), SHOP, period, price),
        Told::Announced(period, event) => mind.announce(period, &format!("event {event}")),
        Told::Closed(period) => mind.close(period),
        Told::Moved(at, on_hand, reserved) => mind.apply(Seq(1), &moved(Cause::Sale, at, on_hand, reserved, 2)),
    }
}

fn tame() -> impl Strategy<Value = Told> {
    prop_oneof![
        8 => (0..6_u32, 0..2_u32, 0..150_i32, 0..9_i32).prop_map(|(i, l, p, u)| Told::Sold(i, l, p, f64::from(u))),
        1 => (0..6_u32, 0..150_i32, 0.0..1.0_f64).prop_map(|(i, p, s)| Told::Available(i, p, s)),
        1 => (0..6_u32, 0..150_i32, 1..9_i32).prop_map(|(i, p, c)| Told::Priced(i, p, f64::from(c))),
        1 => (0..150_i32, 0..4_u8).prop_map(|(p, e)| Told::Announced(p, e)),
        1 => (0..150_i32).prop_map(Told::Closed),
        2 => (0..150_i64, 0..4_i64).prop_map(|(day, units)| Told::Moved(day * DAY_MS, -units, 0)),
    ]
}

fn wild() -> impl Strategy<Value = Told> {
    let number =
        || prop_oneof![any::<f64>(), Just(f64::NAN), Just(f64::INFINITY), Just(-1e300), Just(1e300), Just(0.0)];
    let period = || prop_oneof![any::<i32>(), Just(i32::MAX), Just(i32::MIN), 0..50_i32];
    prop_oneof![
        (0..3_u32, 0..2_u32, period(), number()).prop_map(|(i, l, p, u)| Told::Sold(i, l, p, u)),
        (0..3_u32, period(), number()).prop_map(|(i, p, s)| Told::Available(i, p, s)),
        (0..3_u32, period(), number()).prop_map(|(i, p, c)| Told::Priced(i, p, c)),
        (period(), any::<u8>()).prop_map(|(p, e)| Told::Announced(p, e)),
        period().prop_map(Told::Closed),
        (any::<i64>(), -9_000_000..9_000_000_i64, -9..9_i64).prop_map(|(at, on, re)| Told::Moved(at, on, re)),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    #[test]
    fn the_same_facts_give_the_same_bits_in_any_portions(
        told in prop::collection::vec(tame(), 1..120),
        cuts in prop::collection::vec(any::<prop::sample::Index>(), 0..4),
    ) {
        let mut whole = Forecast::new(Step::Day);
        told.iter().for_each(|told| tell(&mut whole, told));
        let mut cuts: Vec<usize> = cuts.iter().map(|cut| cut.index(told.len())).collect();
        cuts.sort_unstable();
        let mut pieces = Forecast::new(Step::Day);
        for (place, told) in told.iter().enumerate() {
            if cuts.contains(&place) {
                pieces = Forecast::from_stored(&pieces.stored()).expect("stored a moment ago");
            }
            tell(&mut pieces, told);
        }
        prop_assert!(whole.stored() == pieces.stored());
        let answers = |mind: &Forecast| mind.outlooks(SHOP, 9).collect::<Vec<_>>();
        prop_assert_eq!(answers(&whole), answers(&pieces));
    }

    #[test]
    fn whatever_is_told_answers_are_numbers_whose_parts_add_up(told in prop::collection::vec(wild(), 1..25)) {
        for step in [Step::Day, Step::Week, Step::Month] {
            let mut mind = Forecast::new(step);
            told.iter().for_each(|told| tell(&mut mind, told));
            mind.learn();
            for outlook in mind.outlooks(SHOP, 12) {
                prop_assert!(outlook.means.iter().all(|mean| mean.is_finite() && *mean >= 0.0), "{outlook:?}");
                prop_assert!(outlook.spreads.iter().all(|spread| *spread >= 1.0), "{outlook:?}");
                let (score, total) = (outlook.reasons.score, outlook.total());
                prop_assert!((score - total).abs() <= 1e-6 * (1.0 + total.abs()), "{score} {total}");
                let drawn = quantiles(outlook.period(0), &[0.005, 0.5, 0.995]);
                prop_assert!(drawn.windows(2).all(|two| two[0] <= two[1]));
            }
        }
    }

    #[test]
    fn damaged_bytes_are_refused_or_answer(at in any::<prop::sample::Index>(), byte in any::<u8>()) {
        let mut stored = shop(3, 40, |item, day| f64::from((item as i32 + day) % 4)).stored();
        let at = at.index(stored.len());
        stored[at] = byte;
        if let Ok(mut mind) = Forecast::from_stored(&stored) {
            mind.sold(sale(1, 41, 2.0));
            let count = mind.outlooks(SHOP, 3).count();
            prop_assert!(count <= 4);
        }
    }
}
