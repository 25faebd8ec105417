//! Promises, quarantine, transfers, decisions, oversells, questions, writes, totals.

use model::*;
use views::{BatchState, MappingChange, MappingKind, QuarantineState, QuestionFilter, ReservationState, Totals};

use crate::play::*;

#[test]
fn promises_are_listed_with_how_they_ended() {
    let played = play(&story());
    let reader = &played.reader;
    let all = reader.reservations(None, None, 10).unwrap();
    let states: Vec<_> = all.iter().map(|row| (row.reservation.0, row.state)).collect();
    use ReservationState::{Committed, Expired, Live, Released};
    assert_eq!(states, [(4, Live), (3, Expired), (2, Released), (1, Committed)]);
    assert_eq!(all[2].ended_because, Some("changed her mind".into()));
    assert_eq!((all[0].ended_at, all[0].key.clone()), (None, Some("cart-4".into())));
    let first = reader.reservation(ReservationId(1)).unwrap().unwrap();
    assert_eq!(first.expires_at, MORNING.plus_ms(2 * HOUR));
    assert!(first.ended_at > Some(first.made_at));
    assert_eq!(first.lines.len(), 3);
    assert_eq!(reader.reservations(Some(Live), None, 10).unwrap().len(), 1);
    assert_eq!(reader.reservations(None, Some(ReservationId(2)), 10).unwrap(), [first]);
    assert_eq!(reader.reservation(ReservationId(9)).unwrap(), None);
}

#[test]
fn inputs_set_aside_are_open_until_they_are_closed() {
    let played = play(&story());
    let reader = &played.reader;
    let open = reader.quarantine(Some(QuarantineState::Open), None, 10).unwrap();
    assert_eq!(open.iter().map(|row| row.put.id.0).collect::<Vec<_>>(), [2]);
    assert_eq!((open[0].put.raw, open[0].channel_name.as_str()), (Some(RawName([9; 32])), "Web shop"));
    let closed = reader.quarantine(Some(QuarantineState::Closed), None, 10).unwrap();
    assert_eq!(closed[0].closed_because, Some("driven again".into()));
    assert_eq!(reader.quarantined(QuarantineId(1)).unwrap(), closed.into_iter().next());
    assert_eq!(reader.quarantine(None, Some(QuarantineId(2)), 10).unwrap().len(), 1);
}

#[test]
fn a_transfer_shows_its_last_step() {
    let played = play(&story());
    let reader = &played.reader;
    let transfer = reader.transfer(TransferId(1)).unwrap().unwrap();
    assert_eq!(transfer.words, "Transfer 1 from Store 1 to Depot was closed: for the sale");
    assert!(transfer.planned_at < transfer.at);
    assert_eq!(reader.transfers(None, None, 5).unwrap(), [transfer]);
    assert_eq!(reader.transfers(Some(TransferState::Draft), None, 5).unwrap(), Vec::new());
}

#[test]
fn decisions_are_listed_and_found_by_key() {
    let played = play(&story());
    let reader = &played.reader;
    let all = reader.decisions(None, 10).unwrap();
    assert_eq!(all.len(), 4);
    assert_eq!(all[0].decided.action, DecisionAction::Reorder);
    assert_eq!(reader.decision(&"ask-1".into()).unwrap().as_ref(), all.first());
    assert_eq!(reader.decisions(Some(all[2].seq), 10).unwrap(), all[3..]);
    assert_eq!(reader.decision(&"ask-2".into()).unwrap(), None);
}

#[test]
fn oversells_are_counted_per_week_location_channel_and_cause() {
    let mut story = story();
    let mut next_week = story.last().unwrap().clone();
    next_week.at = MORNING.plus_ms(7 * DAY);
    story.push(next_week);
    let played = play(&story);
    let reader = &played.reader;
    assert_eq!(reader.oversells(None, 10).unwrap().len(), 7);
    assert_eq!(reader.shortages(None, 10).unwrap().len(), 3);
    let weeks: Vec<String> = reader
        .oversell_weeks(10)
        .unwrap()
        .iter()
        .map(|row| {
            let channel = row.channel_name.as_deref().unwrap_or("-");
            format!("{} {} {channel} {:?} {} {}", row.week, row.location_name, row.by, row.incidents, row.units)
        })
        .collect();
    let expected = [
        "2026-W49 Store 1 - Till 1 1",
        "2026-W48 Store 1 - Till 1 1",
        "2026-W48 Store 1 Till Till 1 1",
        "2026-W48 Store 1 Till Race 1 1",
        "2026-W48 Store 1 Till Late 1 1",
        "2026-W48 Store 1 Till ShopSetting 1 1",
        "2026-W48 Store 1 Till Hub 1 1",
    ];
    assert_eq!(weeks, expected);
}

fn of(channel: ChannelId) -> QuestionFilter {
    QuestionFilter { channel: Some(channel), ..QuestionFilter::default() }
}

#[test]
fn a_location_is_asked_about_until_it_is_mapped_closed_or_put_away() {
    let mut story = story();
    let asked = |reader: &views::ViewsReader, filter: &QuestionFilter| -> Vec<String> {
        let found = reader.location_questions(filter, None, 10).unwrap();
        found.iter().map(|asked| asked.external.to_string()).collect()
    };
    let played = play(&story);
    let before = &played.reader;
    assert_eq!(asked(before, &of(TILL)), ["place-2"]);
    assert_eq!(asked(before, &QuestionFilter { dismissed: true, ..of(TILL) }), ["place-1"]);
    assert_eq!(asked(before, &QuestionFilter { text: "HARBOUR".into(), ..of(TILL) }), ["place-2"]);
    assert_eq!(asked(before, &QuestionFilter { text: "airport".into(), ..of(TILL) }), Vec::<String>::new());
    assert_eq!(before.question_counts().unwrap(), [(1, 0), (1, 1)]);
    let question = before.location_question(TILL, &"place-2".into()).unwrap().expect("an open question");
    assert_eq!((question.name.as_str(), question.candidates), ("Harbour Fair", vec![STORE]));
    let mapped = Fact::LocationMapped { channel: TILL, external: "place-2".into(), location: Some(STORE) };
    story.push(entry(MORNING.plus_ms(9 * HOUR), mapped));
    let played = play(&story);
    let after = &played.reader;
    assert_eq!(asked(after, &of(TILL)), Vec::<String>::new());
    let history = after.mapping_history(MappingKind::Location, TILL, "place-1", 10).unwrap();
    assert_eq!(history[0].change, MappingChange::Dismissed(None));
}

#[test]
fn both_customer_records_tell_of_their_link() {
    let played = play(&story());
    let changes = |channel, key: &str| -> Vec<MappingChange> {
        let steps = played.reader.mapping_history(MappingKind::Customer, channel, key, 10).unwrap();
        steps.into_iter().map(|step| step.change).collect()
    };
    let told = |other: CustomerAt| {
        [
            MappingChange::Unlinked(other.clone()),
            MappingChange::Linked(other.clone()),
            MappingChange::Dismissed(Some(other)),
        ]
    };
    assert_eq!(changes(SHOP, "customer-7"), told(customer(TILL, "c-1")));
    assert_eq!(changes(TILL, "c-1"), told(customer(SHOP, "customer-7")));
}

#[test]
fn a_return_that_was_put_right_counts_for_the_item_that_it_was() {
    let mut story = story();
    let back = story.iter().find_map(|entry| match &entry.fact {
        Fact::Returned(back) if back.item.is_some() && back.restocked.is_some() => Some(back.clone()),
        _ => None,
    });
    let back = back.expect("the story has a return");
    let right = Fact::ReturnPutRight(ReturnPutRight {
        order: back.order,
        line: back.line,
        quantity: back.quantity,
        was_item: back.item,
        was_restocked: back.restocked,
        item: Some(SOCKS),
        restocked: back.restocked,
        happened_at: back.happened_at,
    });
    story.push(entry(MORNING.plus_ms(9 * HOUR), right));
    let detail = play(&story).reader.order(back.order).unwrap().expect("an order");
    let told = detail.returns.iter().find(|told| told.returned.line == back.line).expect("the return");
    assert_eq!(told.returned.item, Some(SOCKS));
    assert_eq!(told.words, "What came back was 1 of SOCKS, put back at Store 1 (order #1042)");
}

#[test]
fn a_question_is_open_until_its_item_is_mapped() {
    let played = play(&story());
    let reader = &played.reader;
    let open = reader.mapping_questions(&QuestionFilter::default(), None, 10).unwrap();
    assert_eq!(open.len(), 1);
    assert_eq!((open[0].external.as_str(), open[0].sku.as_str()), ("gid-9", ""));
    assert_eq!(open[0].candidates, [(SHIRT, "SHIRT-M".to_owned()), (SOCKS, "SOCKS".to_owned())]);
    assert_eq!(reader.mapping_questions(&of(TILL), None, 10).unwrap(), Vec::new());
    let after = open[0].external.clone();
    assert_eq!(reader.mapping_questions(&QuestionFilter::default(), Some((SHOP, &after)), 10).unwrap(), Vec::new());
}

#[test]
fn a_mapping_keeps_its_history_and_knows_which_other_id_lost_the_item_to_it() {
    let mapped =
        |external: &str, item| Fact::ItemMapped { channel: SHOP, external: external.into(), item, counted: true };
    let mut facts = story();
    let first = facts.len() as u64 + 1;
    let by = |by, fact| Entry { at: MORNING.plus_ms(9 * HOUR), by, fact };
    facts.push(by(Actor::Operator, mapped("gid-20", Some(SOCKS))));
    facts.push(by(Actor::Key("desk".into()), mapped("gid-20", None)));
    facts.push(by(Actor::Key("desk".into()), mapped("gid-21", Some(SOCKS))));
    let played = play(&facts);
    let reader = &played.reader;
    let history = |channel, external, limit| reader.mapping_history(MappingKind::Item, channel, external, limit);
    let steps = history(SHOP, "gid-20", 10).unwrap();
    let told: Vec<_> =
        steps.iter().map(|step| (step.seq.0, step.by.as_str(), step.item().flatten().map(|(item, _)| *item))).collect();
    assert_eq!(told, [(first + 1, "desk", None), (first, "the operator", Some(SOCKS))]);
    assert_eq!(steps[1].item().flatten().map(|(_, sku)| sku.as_str()), Some("SOCKS"));
    assert_eq!(history(SHOP, "gid-20", 1).unwrap().len(), 1);
    assert_eq!(history(TILL, "gid-20", 10).unwrap(), []);
    let winner = history(SHOP, "gid-21", 1).unwrap().remove(0);
    assert_eq!(reader.unmapped_for(SHOP, &winner).unwrap(), Some("gid-20".to_owned()));
    assert_eq!(reader.unmapped_for(TILL, &winner).unwrap(), None);
    assert_eq!(reader.unmapped_for(SHOP, &steps[1]).unwrap(), None);
    let open = reader.mapping_question(SHOP, &"gid-9".into()).unwrap().expect("an open question");
    assert_eq!(Some(&open), reader.mapping_questions(&QuestionFilter::default(), None, 10).unwrap().first());
    assert_eq!(reader.mapping_question(SHOP, &"gid-8".into()).unwrap(), None);
}

#[test]
fn writes_show_what_became_of_them_and_add_up() {
    let played = play(&story());
    let reader = &played.reader;
    let recent = reader.writes(Some(SHOP), None, 10).unwrap();
    assert_eq!(recent.iter().map(|row| row.id.0).collect::<Vec<_>>(), [22, 21, 8, 3, 2, 1]);
    assert_eq!(recent[0].state, BatchState::Open);
    assert!(matches!(&recent[4].state, BatchState::Settled { outcomes, .. } if outcomes.len() == 3));
    assert_eq!(reader.writes(None, Some(WriteId(3)), 1).unwrap()[0].id, WriteId(2));
    assert_eq!(reader.writes(Some(TILL), None, 10).unwrap(), Vec::new());
    let totals = reader.write_totals().unwrap();
    assert_eq!(totals.len(), 1);
    let shop = &totals[0];
    assert_eq!((shop.batches, shop.settled, shop.writes), (6, 7, 9));
    assert_eq!((shop.done, shop.stale, shop.again, shop.never, shop.unknown), (4, 2, 1, 1, 1));
}

#[test]
fn the_positions_that_moved_last_come_once_each() {
    let played = play(&story());
    let reader = &played.reader;
    let recent = reader.moved_recently(10).unwrap();
    let places: Vec<_> = recent.iter().map(|row| (row.sku.as_str(), row.location_name.as_str())).collect();
    assert_eq!(places, [("SHIRT-M", "Store 1"), ("SHIRT-M", "Depot")]);
    assert_eq!((recent[1].on_hand_change, recent[1].on_hand_after), (Change::units(3), Level::units(3)));
    assert_eq!(reader.moved_recently(1).unwrap().len(), 1);
}

#[test]
fn totals_count_what_there_is() {
    let story = story();
    let totals = play(&story).reader.totals(MORNING.plus_ms(2_000)).unwrap();
    let expected = Totals {
        checkpoint: Seq(story.len() as u64),
        items: 2,
        positions: 3,
        orders_today: 2,
        orders_open: 1,
        reservations_live: 1,
        quarantine_open: 1,
        questions_open: 2,
        oversells: 6,
        writes: 9,
    };
    assert_eq!(totals, expected);
}
