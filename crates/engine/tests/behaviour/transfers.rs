//! Goods on their way between two locations.

use insta::assert_snapshot;
use model::{Action, Quantity, TransferId, TransferStep};

use crate::support::*;

fn hub() -> Hub {
    let mut hub = Hub::new();
    hub.must(receive(CAP, DC, 5));
    hub
}

fn shipped() -> Hub {
    let mut hub = hub();
    hub.must(draft(DC, A, &[(CAP, 3)]));
    hub.must(ship(1));
    hub
}

#[test]
fn a_draft_moves_nothing_and_can_be_called_off() {
    let mut hub = hub();
    assert_snapshot!(hub.say(draft(DC, A, &[(CAP, 1), (CAP, 2)])), @"transfer_1 DC→A Draft cap 3");
    assert_snapshot!(hub.books(CAP, DC), @"5 on hand, 0 reserved");
    assert_snapshot!(hub.say(close(1)), @"transfer_1 DC→A Closed cap 3");
    assert_snapshot!(hub.say(ship(1)), @"refused: transfer_1 has ended");
    assert_eq!(hub.state.transfers().count(), 0);
}

#[test]
fn what_is_under_way_belongs_to_neither_end() {
    let mut hub = hub();
    hub.must(draft(DC, A, &[(CAP, 3)]));
    assert_snapshot!(hub.say(ship(1)), @r"
    Transfer cap@DC, on hand -3
    Transfer cap@A, in transit +3
    transfer_1 DC→A InTransit cap 3
    ");
    assert_snapshot!(hub.at(CAP, DC).available(), @"2");
    assert_snapshot!(hub.at(CAP, A).available(), @"0");
    assert_snapshot!(hub.at(CAP, A).in_transit(), @"3");
    assert_snapshot!(hub.state.available_on(CAP, WEB).ats, @"2");
}

#[test]
fn a_transfer_may_arrive_in_parts() {
    let mut hub = shipped();
    assert_snapshot!(hub.say(arrive(1, &[(CAP, 2)])), @r"
    Transfer cap@A, on hand +2, in transit -2
    transfer_1 DC→A InTransit cap 1
    ");
    assert_snapshot!(hub.say(arrive(1, &[])), @r"
    Transfer cap@A, on hand +1, in transit -1
    transfer_1 DC→A Received
    ");
    assert_snapshot!(hub.say(arrive(1, &[])), @"refused: transfer_1 has ended");
    assert_snapshot!(hub.books(CAP, A), @"3 on hand, 0 reserved");
}

#[test]
fn a_transfer_closed_short_writes_off_what_did_not_arrive() {
    let mut hub = shipped();
    hub.must(arrive(1, &[(CAP, 2)]));
    assert_snapshot!(hub.say(close(1)), @r"
    Transfer cap@A, in transit -1
    transfer_1 DC→A Closed cap 1
    ");
    assert_snapshot!(hub.at(CAP, A).in_transit(), @"0");
    assert_snapshot!(hub.books(CAP, A), @"2 on hand, 0 reserved");
}

#[test]
fn more_than_was_sent_or_something_else_cannot_arrive() {
    let mut hub = shipped();
    assert_snapshot!(hub.say(arrive(1, &[(CAP, 4)])), @"refused: lines: 4 arrived of item_0, but only 3 are under way");
    assert_snapshot!(hub.say(arrive(1, &[(MUG, 1)])), @"refused: item_1 on transfer_1 is not known; check its spelling or create it first");
    let half = TransferStep::Receive { transfer: TransferId(1), lines: vec![(CAP, Quantity::from_parts(50_000))] };
    assert_snapshot!(hub.say(Action::Transfer { key: None, step: half }), @"refused: quantity: 0.5 is not whole, and the item is sold by the piece");
}

#[test]
fn only_what_is_there_and_not_promised_can_leave() {
    let mut hub = hub();
    hub.must(reserve(&hub, &[(CAP, DC, 3)]));
    hub.must(draft(DC, A, &[(CAP, 3)]));
    assert_snapshot!(hub.say(ship(1)), @"refused: only 2 of cap can be promised at this location, 3 asked");
    assert_snapshot!(hub.books(CAP, DC), @"5 on hand, 3 reserved");
}

#[test]
fn steps_come_in_their_order() {
    let mut hub = hub();
    assert_snapshot!(hub.say(ship(1)), @"refused: transfer_1 is not known; check its spelling or create it first");
    hub.must(draft(DC, A, &[(CAP, 3)]));
    assert_snapshot!(hub.say(arrive(1, &[])), @"refused: transfer_1 is Draft, which does not allow this");
    hub.must(ship(1));
    assert_snapshot!(hub.say(ship(1)), @"refused: transfer_1 is InTransit, which does not allow this");
}

#[test]
fn the_same_draft_under_the_same_key_is_one_transfer() {
    let mut hub = hub();
    let command = keyed("t", draft(DC, A, &[(CAP, 3)]));
    assert_snapshot!(hub.say(command.clone()), @r"
    transfer_1 DC→A Draft cap 3
    key t used
    ");
    assert_snapshot!(hub.say(command), @"nothing");
    assert_snapshot!(hub.say(draft(DC, DC, &[(CAP, 3)])), @"refused: to: is where the goods are already");
}
