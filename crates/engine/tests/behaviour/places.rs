//! Which of our locations a channel's is: by name, by a person, and never by a guess.

use model::{Action, Fact, Level, LevelSeen, LocationId, LocationSeen, MappingQuestion, PartSeen, PartState, Quantity};

use crate::support::*;

fn told(name: &str) -> Action {
    Action::LocationSeen(LocationSeen { channel: TILLS, external: "attic".into(), name: name.into(), active: true })
}

fn map(location: Option<LocationId>) -> Action {
    Action::MapLocation { channel: TILLS, external: "attic".into(), location }
}

fn reading(hub: &Hub, units: i32) -> Action {
    let level = LevelSeen { external: external(TILLS, CAP), location: "attic".into(), level: Level::units(units) };
    Action::LevelsSeen { channel: TILLS, since: hub.state.seq(), read_at: hub.now, levels: vec![level], whole: false }
}

fn sale() -> Action {
    let part = PartSeen { location: Some("attic".into()), quantity: Quantity::units(2), state: PartState::Gone };
    News::till("r1").raw_part(external(TILLS, CAP), part).completed().heard()
}

fn question() -> MappingQuestion {
    MappingQuestion::Location { channel: TILLS, external: "attic".into() }
}

/// A fifth location that no channel has yet, at home with the tills.
fn hub() -> (Hub, LocationId) {
    let mut hub = Hub::new();
    hub.must(Action::PutLocation {
        name: "Attic store".into(),
        kind: model::LocationKind::Store,
        zone: model::Note::new("UTC"),
        home: Some("tills".into()),
    });
    (hub, LocationId(4))
}

#[test]
fn a_location_without_a_namesake_is_asked_about_once_and_its_levels_are_not_guessed() {
    let (mut hub, _) = hub();
    let facts = hub.must(told("Loft"));
    assert!(matches!(facts.as_slice(), [Fact::LocationUnclear { by_hand: false, .. }]), "{facts:?}");
    assert_eq!(hub.must(told("Loft")), [], "the same news asks nothing new");
    assert_eq!(hub.must(reading(&hub, 4)), []);
    let gone = LocationSeen { channel: TILLS, external: "attic".into(), name: "Loft".into(), active: false };
    assert_eq!(hub.must(Action::LocationSeen(gone)), [Fact::LocationGone { channel: TILLS, external: "attic".into() }]);
}

#[test]
fn a_namesake_of_a_location_that_the_channel_has_already_is_a_question_with_it_as_candidate() {
    let mut hub = Hub::new();
    let facts = hub.must(told("B"));
    let [Fact::LocationUnclear { candidates, .. }] = facts.as_slice() else { panic!("a question: {facts:?}") };
    assert_eq!(candidates.as_slice(), [B]);
    assert_eq!(hub.state.catalogue().external_location(TILLS, B), Some(&external_location(TILLS, B)));
}

#[test]
fn what_waited_for_a_location_is_taken_in_when_a_person_says_which_it_is() {
    let (mut hub, attic) = hub();
    hub.must(told("Loft"));
    hub.must(sale());
    assert_eq!(hub.state.quarantine().count(), 1);
    hub.must(map(Some(attic)));
    assert_eq!(hub.state.quarantine().count(), 0);
    hub.must(sale());
    hub.must(reading(&hub, 7));
    assert_eq!(hub.books(CAP, attic), "7 on hand, 0 reserved");
}

#[test]
fn a_mapping_that_was_wrong_takes_its_sales_and_its_stock_with_it() {
    let (mut hub, attic) = hub();
    hub.must(map(Some(C)));
    assert_eq!(hub.state.catalogue().external_location(TILLS, C), Some(&"attic".into()));
    hub.must(sale());
    hub.must(reading(&hub, 7));
    assert_eq!(hub.books(CAP, C), "7 on hand, 0 reserved");
    hub.must(map(Some(attic)));
    hub.must(sale());
    hub.must(reading(&hub, 7));
    assert_eq!(
        (hub.books(CAP, C), hub.books(CAP, attic)),
        ("0 on hand, 0 reserved".into(), "7 on hand, 0 reserved".into())
    );
}

#[test]
fn what_a_person_took_away_does_not_come_back_by_its_name() {
    let (mut hub, attic) = hub();
    hub.must(told("Attic store"));
    assert_eq!(hub.state.catalogue().mapped_location(TILLS, &"attic".into()), Some(attic));
    hub.must(map(None));
    hub.must(told("Attic store"));
    assert_eq!(hub.state.catalogue().mapped_location(TILLS, &"attic".into()), None);
    assert!(hub.state.catalogue().strange_place(TILLS, &"attic".into()).is_some_and(|place| place.by_hand));
    hub.must(map(Some(attic)));
    assert_eq!(hub.state.catalogue().mapped_location(TILLS, &"attic".into()), Some(attic));
}

#[test]
fn a_location_that_was_put_away_is_not_asked_about_again() {
    let (mut hub, _) = hub();
    hub.must(told("Loft"));
    hub.must(Action::DismissQuestion(question()));
    assert_eq!(hub.must(told("Loft, first floor")), []);
    hub.must(Action::ReopenQuestion(question()));
    assert!(matches!(hub.must(told("Loft, first floor")).as_slice(), [.., Fact::LocationUnclear { .. }]));
}

#[test]
fn a_location_or_a_channel_that_does_not_exist_is_refused() {
    let (mut hub, _) = hub();
    assert!(hub.run(map(Some(LocationId(99)))).is_err());
    let nowhere = Action::MapLocation { channel: model::ChannelId(9), external: "attic".into(), location: None };
    assert!(hub.run(nowhere).is_err());
}
