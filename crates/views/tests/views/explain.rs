//! The facts behind a number add up to it.

use std::collections::BTreeMap;

use model::*;
use proptest::prelude::*;
use views::{ExplainedRow, ViewsReader};

use crate::play::*;

fn lines(reader: &ViewsReader, item: ItemId, location: LocationId) -> String {
    let line =
        |row: &ExplainedRow| format!("{}: {} | {} {}\n", row.seq.0, row.words, row.on_hand_change, row.on_hand_after);
    reader.explain(item, location, 500, None).unwrap().rows.iter().map(line).collect()
}

#[test]
fn a_number_is_explained_by_what_moved_was_promised_and_was_counted() {
    let mut facts = shop();
    let sale = Moved { order: Some((OrderId(1), LineKey::of("1"))), ..moved(SHIRT, STORE, Cause::Sale, -2) };
    facts.extend([
        Fact::Moved(moved(SHIRT, STORE, Cause::Opening, 50)),
        Fact::OrderPut(Box::new(order_put(1, TILL, "#1042", OrderState::Completed))),
        Fact::Moved(sale),
        Fact::Moved(moved(SOCKS, STORE, Cause::Opening, 7)),
        reserved(1, vec![line(SHIRT, STORE, 1), line(SOCKS, STORE, 4)]),
        Fact::Committed { reservation: ReservationId(1) },
    ]);
    let played = play(&entries(facts));
    assert_eq!(
        lines(&played.reader, SHIRT, STORE),
        "12: The goods of reservation 1 left | -1 47\n\
         11: Promised 1 at Store 1 until 2026-11-23T10:00:00.000Z (reservation 1): for Friday | 0 48\n\
         9: Sold 2 at Store 1 (order #1042) | -2 48\n\
         7: First count at Store 1: +50 | 50 50\n"
    );
    let now = played.reader.explain(SHIRT, STORE, 1, None).unwrap();
    assert_eq!((now.on_hand, now.reserved, now.rows.len()), (Level::units(47), Level::ZERO, 1));
}

#[test]
fn a_position_that_nothing_touched_is_all_zeros() {
    let nowhere = play(&[]).reader.explain(SHIRT, STORE, 10, None).unwrap();
    assert_eq!((nowhere.on_hand, nowhere.in_transit, nowhere.rows), (Level::ZERO, Level::ZERO, Vec::new()));
}

#[derive(Clone, Debug)]
enum Step {
    Move { item: u32, location: u32, on_hand: i32, reserved: i32 },
    Reserve { lines: Vec<(u32, u32, u32)> },
    End { reservation: u64, how: u8 },
}

fn steps() -> impl Strategy<Value = Vec<Step>> {
    let step = prop_oneof![
        (0..3_u32, 0..2_u32, -5..6_i32, -2..3_i32).prop_map(|(item, location, on_hand, reserved)| Step::Move {
            item,
            location,
            on_hand,
            reserved
        }),
        prop::collection::vec((0..3_u32, 0..2_u32, 0..4_u32), 1..4).prop_map(|lines| Step::Reserve { lines }),
        (1..8_u64, 0..3_u8).prop_map(|(reservation, how)| Step::End { reservation, how }),
    ];
    prop::collection::vec(step, 0..40)
}

/// A toy of what the tables should say: on hand and reserved of each position.
#[derive(Default)]
struct Toy {
    positions: BTreeMap<(u32, u32), (i64, i64)>,
    live: BTreeMap<u64, Vec<(u32, u32, u32)>>,
    promises: u64,
}

impl Toy {
    fn change(&mut self, place: (u32, u32), on_hand: i64, reserved: i64) {
        let position = self.positions.entry(place).or_default();
        *position = (position.0 + on_hand, position.1 + reserved);
    }

    fn take(&mut self, step: &Step) -> Fact {
        match step {
            Step::Move { item, location, on_hand, reserved } => {
                self.change((*item, *location), i64::from(*on_hand), i64::from(*reserved));
                let movement = moved(ItemId(*item), LocationId(*location), Cause::Adjustment, *on_hand);
                Fact::Moved(Moved { reserved: Change::units(*reserved), ..movement })
            }
            Step::Reserve { lines } => {
                self.promises += 1;
                self.live.insert(self.promises, lines.clone());
                for (item, location, units) in lines {
                    self.change((*item, *location), 0, i64::from(*units));
                }
                let line = |(item, at, units): &(u32, u32, u32)| line(ItemId(*item), LocationId(*at), *units);
                reserved(self.promises, lines.iter().map(line).collect())
            }
            Step::End { reservation, how } => {
                for (item, location, units) in self.live.remove(reservation).unwrap_or_default() {
                    let units = i64::from(units);
                    self.change((item, location), if *how == 0 { -units } else { 0 }, -units);
                }
                let reservation = ReservationId(*reservation);
                match how {
                    0 => Fact::Committed { reservation },
                    1 => Fact::Released { reservation, reason: "".into() },
                    _ => Fact::Expired { reservation },
                }
            }
        }
    }
}

/// All rows of a position, two at a time.
fn paged(reader: &ViewsReader, item: ItemId, location: LocationId) -> Vec<ExplainedRow> {
    let mut rows: Vec<ExplainedRow> = Vec::new();
    loop {
        let page = reader.explain(item, location, 2, rows.last().map(|row| row.seq)).unwrap().rows;
        if page.is_empty() {
            return rows;
        }
        rows.extend(page);
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn running_sums_end_in_the_position_however_they_are_paged(steps in steps(), portion in 1..9_usize) {
        let mut toy = Toy::default();
        let facts: Vec<Fact> = steps.iter().map(|step| toy.take(step)).collect();
        let played = play_in_portions(&entries(facts), portion);
        for ((item, location), (on_hand, promised)) in toy.positions {
            let (item, location) = (ItemId(item), LocationId(location));
            let now = played.reader.explain(item, location, 500, None).unwrap();
            prop_assert_eq!(now.on_hand, Level::from_units(on_hand).unwrap());
            prop_assert_eq!(now.reserved, Level::from_units(promised).unwrap());
            prop_assert_eq!(&paged(&played.reader, item, location), &now.rows);
            let (mut lies, mut held) = (Level::ZERO, Level::ZERO);
            for row in now.rows.iter().rev() {
                lies = lies.after(row.on_hand_change);
                held = held.after(row.reserved_change);
                prop_assert_eq!((lies, held), (row.on_hand_after, row.reserved_after));
            }
            prop_assert_eq!((lies, held), (now.on_hand, now.reserved));
        }
    }
}
