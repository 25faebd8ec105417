//! Writes to channels: checked against now, settled once, never two at a time.

use engine::Trust;
use insta::assert_snapshot;
use model::{Action, Level, Note, Outcome, WriteMode};

use crate::support::*;

/// The till has sold two of five caps; the web shop still shows five.
fn hub() -> Hub {
    let mut hub = Hub::with_caps_at_b(5);
    hub.must(News::till("r1").gone(CAP, B, 2).heard());
    hub
}

fn lower() -> Action {
    intend(WriteMode::Lower, WEB, CAP, B, 5, 3)
}

fn sent() -> Hub {
    let mut hub = hub();
    hub.must(lower());
    hub
}

#[test]
fn a_write_that_is_done_changes_what_is_believed() {
    let mut hub = hub();
    assert_snapshot!(hub.say(lower()), @"write_1 Lower to web: cap@B 5→3");
    assert_eq!(hub.believed(WEB, CAP, B), Level::units(5));
    assert_snapshot!(hub.say(settle(1, Outcome::Done { after: Some(Level::units(3)) })), @"write_1 [Done { after: Some(3) }]");
    assert_eq!(hub.believed(WEB, CAP, B), Level::units(3));
    assert_eq!(hub.state.in_flight().count(), 0);
}

#[test]
fn a_write_is_checked_against_now() {
    let mut hub = hub();
    let stale = "refused: what this was computed from has changed (it shows 5); compute it again";
    assert_eq!(hub.say(intend(WriteMode::Lower, WEB, CAP, B, 4, 3)), stale);
    assert_eq!(hub.say(intend(WriteMode::Lower, WEB, CAP, B, 5, 4)), stale);
    assert_eq!(hub.say(intend(WriteMode::Lower, WEB, CAP, B, 5, 5)), stale);
    assert_snapshot!(hub.say(intend(WriteMode::Raise, WEB, CAP, C, 0, 1)), @"refused: what this was computed from has changed (it shows 0); compute it again");
    assert_eq!(hub.state.in_flight().count(), 0);
}

#[test]
fn one_write_at_a_time_is_in_flight_for_a_level() {
    let mut hub = sent();
    assert_snapshot!(hub.say(lower()), @"refused: what this was computed from has changed (it shows 5); compute it again");
}

#[test]
fn the_same_level_twice_in_a_batch_is_refused() {
    let mut hub = hub();
    let Action::IntendWrites { channel, mode, dated, mut writes, listings, key, body } = lower() else {
        panic!("it is a batch")
    };
    writes.push(writes[0]);
    let twice = Action::IntendWrites { channel, mode, dated, writes, listings, key, body };
    assert_snapshot!(hub.say(twice), @"refused: what this was computed from has changed (it shows 5); compute it again");
}

#[test]
fn nothing_is_written_to_a_read_only_channel() {
    let mut hub = hub();
    hub.must(read_only(channel(WEB, &LOCATIONS, Default::default(), false)));
    assert_snapshot!(hub.say(lower()), @"refused: channel web is read-only");
}

#[test]
fn after_a_stale_write_lowering_goes_on_and_raising_waits_for_a_reading() {
    let mut hub = sent();
    assert_snapshot!(hub.say(settle(1, Outcome::Stale)), @r#"
    write_1 [Stale]
    fetch from web: Level("0-0", "0-B")
    "#);
    assert_eq!(hub.shown(WEB, CAP, B).trust, Trust::Stale);
    assert_snapshot!(hub.say(lower()), @"write_2 Lower to web: cap@B 5→3");
    hub.must(settle(2, Outcome::Again));
    hub.must(receive(CAP, B, 4));
    let raise = intend(WriteMode::Raise, WEB, CAP, B, 5, 7);
    assert_snapshot!(hub.say(raise.clone()), @"refused: what this was computed from has changed (it shows 5); compute it again");
    assert_snapshot!(hub.say(shows(&hub, WEB, CAP, B, Level::units(5))), @r#"
    fetched from web: Level("0-0", "0-B")
    web shows cap@B 5
    "#);
    assert_snapshot!(hub.say(raise), @"write_3 Raise to web: cap@B 5→7");
}

#[test]
fn a_write_to_be_sent_again_leaves_everything_as_it_was() {
    let mut hub = sent();
    assert_snapshot!(hub.say(settle(1, Outcome::Again)), @"write_1 [Again]");
    assert_eq!(hub.believed(WEB, CAP, B), Level::units(5));
    assert_eq!(hub.shown(WEB, CAP, B).trust, Trust::Known);
    assert_snapshot!(hub.say(lower()), @"write_2 Lower to web: cap@B 5→3");
}

#[test]
fn a_write_refused_for_good_blocks_the_level_until_a_person_frees_it() {
    let mut hub = sent();
    let because = Note::new("no such item");
    assert_snapshot!(hub.say(settle(1, Outcome::Never { because })), @r#"write_1 [Never { because: "no such item" }]"#);
    assert_snapshot!(hub.say(lower()), @"refused: what this was computed from has changed (it shows 5); compute it again");
    let row = hub.state.positions().find(CAP, B).expect("it was heard of");
    assert_eq!(hub.state.shown().reason(WEB, row), Some(&Note::new("no such item")));
    let unblock = Action::Unblock { channel: WEB, item: CAP, location: B };
    assert_eq!(hub.must(unblock.clone()).len(), 1);
    assert_eq!(hub.must(unblock), []);
    assert_snapshot!(hub.say(lower()), @"write_2 Lower to web: cap@B 5→3");
}

#[test]
fn after_an_unknown_outcome_nothing_is_written_before_a_reading() {
    let mut hub = sent();
    assert_snapshot!(hub.say(settle(1, Outcome::Unknown)), @r#"
    write_1 [Unknown]
    fetch from web: Level("0-0", "0-B")
    "#);
    assert_snapshot!(hub.say(lower()), @"refused: what this was computed from has changed (it shows 5); compute it again");
    hub.must(shows(&hub, WEB, CAP, B, Level::units(5)));
    assert_snapshot!(hub.say(lower()), @"write_2 Lower to web: cap@B 5→3");
}

/// Two caps were written off through us at a store whose home is the till; its write was sent and nobody answered.
fn doubtful_at_home() -> Hub {
    let mut hub = Hub::with_caps_at_b(5);
    hub.must(adjust(CAP, B, -2));
    hub.must(intend(WriteMode::Lower, TILLS, CAP, B, 5, 3));
    hub.must(settle(1, Outcome::Unknown));
    hub
}

#[test]
fn at_home_our_own_write_of_unknown_outcome_is_no_change_of_the_shelf() {
    for shown in [3, 5] {
        // Taken or not taken: either way three caps lie there.
        let mut hub = doubtful_at_home();
        hub.must(shows(&hub, TILLS, CAP, B, Level::units(shown)));
        assert_eq!(hub.at(CAP, B).on_hand(), Level::units(3), "the till shows {shown}");
        assert_eq!(hub.wanted(TILLS, CAP, B), Level::units(3));
    }
}

#[test]
fn at_home_a_change_by_hand_beside_a_write_of_unknown_outcome_waits_for_a_count() {
    let mut hub = doubtful_at_home();
    // The write was taken and one more left the shelf, or it was not and three left: the first is believed for now.
    hub.must(shows(&hub, TILLS, CAP, B, Level::units(2)));
    assert_eq!(hub.at(CAP, B).on_hand(), Level::units(2));
    let row = hub.state.positions().find(CAP, B).expect("it was heard of");
    let reason = hub.state.shown().reason(TILLS, row).expect("a person is told").to_string();
    assert!(reason.contains("our change of -2") && reason.contains("count it"), "{reason}");
    hub.must(adjust(CAP, B, -1));
    let lower = intend(WriteMode::Lower, TILLS, CAP, B, 2, 1);
    assert!(hub.run(lower.clone()).is_err(), "nothing is written there before a person has looked");
    hub.must(Action::Unblock { channel: TILLS, item: CAP, location: B });
    assert_snapshot!(hub.say(lower), @"write_2 Lower to tills: cap@B 2→1");
}

#[test]
fn elsewhere_a_change_by_hand_beside_a_write_of_unknown_outcome_is_simply_put_right() {
    let mut hub = sent();
    hub.must(settle(1, Outcome::Unknown));
    hub.must(shows(&hub, WEB, CAP, B, Level::units(2)));
    assert!(!hub.shown(WEB, CAP, B).blocked);
    assert_snapshot!(hub.books(CAP, B), @"3 on hand, 0 reserved");
    assert_snapshot!(hub.say(intend(WriteMode::Correct, WEB, CAP, B, 2, 3)), @"write_2 Correct to web: cap@B 2→3");
}

#[test]
fn a_reading_begun_before_an_outcome_turned_out_unknown_does_not_tell_what_became_of_the_write() {
    let mut hub = Hub::with_caps_at_b(5);
    hub.must(adjust(CAP, B, -2));
    hub.must(intend(WriteMode::Lower, TILLS, CAP, B, 5, 3));
    let before = hub.state.seq();
    hub.must(settle(1, Outcome::Unknown));
    // It was read before the write came in; by now the till shows three.
    assert_snapshot!(hub.say(showed(TILLS, CAP, B, Level::units(5), before, hub.now)), @"nothing");
    assert_eq!(hub.shown(TILLS, CAP, B).trust, Trust::Doubtful);
    hub.must(shows(&hub, TILLS, CAP, B, Level::units(3)));
    assert_eq!(hub.wanted(TILLS, CAP, B), hub.believed(TILLS, CAP, B));
}

#[test]
fn the_channels_own_sale_during_a_write_is_not_lost() {
    let mut hub = sent();
    hub.must(News::web("1001").promised(CAP, B, 1).heard());
    assert_eq!(hub.believed(WEB, CAP, B), Level::units(4));
    assert_snapshot!(hub.say(settle(1, Outcome::Done { after: Some(Level::units(2)) })), @"write_1 [Done { after: Some(2) }]");
    assert_eq!(hub.believed(WEB, CAP, B), Level::units(2));
    assert_eq!(hub.wanted(WEB, CAP, B), Level::units(2));
}

#[test]
fn an_answer_that_the_write_does_not_explain_is_looked_into() {
    let mut hub = sent();
    assert_snapshot!(hub.say(settle(1, Outcome::Done { after: Some(Level::units(1)) })), @r#"
    write_1 [Done { after: Some(1) }]
    fetch from web: Level("0-0", "0-B")
    "#);
}

#[test]
fn the_echo_of_our_own_write_says_nothing() {
    let mut hub = sent();
    hub.must(settle(1, Outcome::Done { after: None }));
    assert_snapshot!(hub.say(shows(&hub, WEB, CAP, B, Level::units(3))), @"nothing");
}

#[test]
fn a_batch_is_settled_once_and_in_full() {
    let mut hub = sent();
    let too_few = Action::SettleWrites { id: model::WriteId(1), outcomes: Vec::new() };
    assert_snapshot!(hub.say(too_few), @"refused: outcomes: there must be one for each write");
    hub.must(settle(1, Outcome::Done { after: None }));
    assert_snapshot!(hub.say(settle(1, Outcome::Done { after: None })), @"nothing");
    assert_eq!(hub.believed(WEB, CAP, B), Level::units(3));
}
