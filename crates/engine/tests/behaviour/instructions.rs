//! Documents that channels are told to make: asked for once, on their way once, ended once.

use model::{
    Action, Currency, Deed, Fact, IdempotencyKey, InstructionEnd, InstructionId, InstructionLine, LocationId,
    MakeOrder, MakeRefund, MakeTransfer, Money, Note, Quantity, Refusal,
};

use crate::support::{A, B, CAP, Hub, TILLS, channel, read_only};

fn line(units: u32) -> InstructionLine {
    InstructionLine { item: CAP, quantity: Quantity::units(units), each: None }
}

fn order(location: LocationId, lines: Vec<InstructionLine>) -> Deed {
    Deed::MakeOrder(MakeOrder { location, lines, customer: None, note: Note::new("by phone") })
}

fn refund(minor: i64) -> Deed {
    let amount = Money { minor, currency: Currency::parse("EUR").expect("a code") };
    let document = "order-1".into();
    Deed::MakeRefund(MakeRefund { document, lines: Vec::new(), restock_at: None, amount, note: Note::new("") })
}

fn tell(key: Option<&str>, deed: Deed) -> Action {
    Action::Instruct { channel: TILLS, key: key.map(IdempotencyKey::new), deed }
}

fn sent(id: u64) -> Action {
    Action::SendInstruction { id: InstructionId(id), body: b"{}".to_vec(), sealed: None }
}

fn ended(id: u64, end: InstructionEnd) -> Action {
    Action::SettleInstruction { id: InstructionId(id), end }
}

fn made() -> InstructionEnd {
    InstructionEnd::Made { document: Note::new("9001") }
}

fn withdrawn() -> InstructionEnd {
    InstructionEnd::Withdrawn { because: Note::new("") }
}

fn open(hub: &Hub) -> Vec<u64> {
    hub.state.instructions().map(|open| open.instructed.id.0).collect()
}

#[test]
fn an_instruction_is_open_until_it_is_known_to_be_made() {
    let mut hub = Hub::new();
    hub.must(tell(None, order(A, vec![line(2)])));
    assert_eq!(open(&hub), [1]);
    hub.must(sent(1));
    assert_eq!(open(&hub), [1], "on its way is not made");
    hub.must(ended(1, made()));
    assert_eq!(open(&hub), [0_u64; 0]);
    assert!(matches!(hub.run(ended(1, made())), Err(Refusal::NotNow { .. })), "it ends once");
}

#[test]
fn the_same_key_gives_one_instruction_and_another_deed_under_it_is_refused() {
    let mut hub = Hub::new();
    hub.must(tell(Some("k"), refund(500)));
    assert_eq!(hub.must(tell(Some("k"), refund(500))), []);
    assert_eq!(open(&hub), [1]);
    assert_eq!(hub.run(tell(Some("k"), refund(600))), Err(Refusal::KeyReused));
}

#[test]
fn it_is_sent_once_with_the_body_it_was_first_sent_with() {
    let mut hub = Hub::new();
    hub.must(tell(None, refund(500)));
    hub.must(sent(1));
    let again = Action::SendInstruction { id: InstructionId(1), body: b"other".to_vec(), sealed: None };
    assert_eq!(hub.must(again), []);
    let body = hub.state.instruction(InstructionId(1)).and_then(|open| open.sent.as_ref()).map(|sent| &sent.body);
    assert_eq!(body.map(Vec::as_slice), Some(&b"{}"[..]));
}

#[test]
fn what_was_not_sent_can_be_called_off_and_what_is_on_its_way_cannot() {
    let mut hub = Hub::new();
    hub.must(tell(None, refund(500)));
    hub.must(tell(None, refund(700)));
    hub.must(ended(1, withdrawn()));
    hub.must(sent(2));
    assert!(matches!(hub.run(ended(2, withdrawn())), Err(Refusal::NotNow { .. })));
    assert_eq!(open(&hub), [2]);
}

#[test]
fn a_channel_that_is_only_read_is_told_nothing() {
    let mut hub = Hub::new();
    hub.must(read_only(channel(TILLS, &[], Quantity::ZERO, false)));
    assert!(matches!(hub.run(tell(None, refund(500))), Err(Refusal::NotNow { .. })));
}

#[test]
fn what_cannot_be_meant_is_refused_and_names_the_field() {
    let mut hub = Hub::new();
    let transfer = |from, to| Deed::MakeTransfer(MakeTransfer { from, to, lines: vec![line(1)], note: Note::new("") });
    let nowhere = LocationId(77);
    for (deed, wrong) in [
        (order(A, Vec::new()), "lines"),
        (order(A, vec![line(0)]), "quantity"),
        (order(nowhere, vec![line(1)]), "location"),
        (transfer(A, A), "to"),
        (transfer(nowhere, B), "from"),
        (refund(-1), "amount"),
        (refund(0), "amount"),
    ] {
        match hub.run(tell(None, deed.clone())) {
            Err(Refusal::Invalid { field, .. }) => assert_eq!(field, wrong, "{deed:?}"),
            other => panic!("{deed:?}: {other:?}"),
        }
    }
    assert_eq!(open(&hub), [0_u64; 0]);
}

#[test]
fn instructions_move_no_stock_and_outlive_a_snapshot() {
    let mut hub = Hub::with_caps_at_b(5);
    let before = hub.books(CAP, B);
    let facts = hub.must(tell(None, order(B, vec![line(2)])));
    assert!(matches!(&facts[..], [Fact::Instructed(_)]));
    assert_eq!(hub.books(CAP, B), before);
    let restored = engine::State::restore(&hub.state.snapshot()).expect("a snapshot of this state");
    assert_eq!(restored.hash(), hub.state.hash());
    assert_eq!(restored.instruction(InstructionId(1)), hub.state.instruction(InstructionId(1)));
}
