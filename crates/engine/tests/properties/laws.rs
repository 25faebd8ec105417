//! What holds on every day: the books add up (`Hub::run` asks the checker after every command), a replay gives the
//! same bytes, what is stored reads back, and a restored state goes on as the old one would have.

use engine::{State, evolve};
use model::{Entry, Fact, Refusal};
use proptest::prelude::*;

use super::steps::{Step, day, promising};
use crate::support::*;

fn opened() -> Hub {
    let mut hub = Hub::with_caps_at_b(4);
    hub.must(receive(CAP, DC, 5));
    hub.must(receive(MUG, DC, 5));
    hub.must(receive(MUG, B, 5));
    hub
}

/// What followed from each step.
fn play(hub: &mut Hub, day: &[Step]) -> Vec<Result<Vec<Fact>, Refusal>> {
    day.iter().filter_map(|step| step.command(hub).map(|command| hub.run(command))).collect()
}

proptest! {
    #[test]
    fn a_replay_of_the_facts_gives_the_same_state(day in day()) {
        let mut hub = opened();
        play(&mut hub, &day);
        let mut replayed = State::default();
        for entry in &hub.entries {
            evolve(&mut replayed, entry);
        }
        prop_assert_eq!(replayed.hash(), hub.state.hash());
    }

    #[test]
    fn every_fact_reads_back_as_it_was_stored(day in day()) {
        let mut hub = opened();
        play(&mut hub, &day);
        let mut stored = Vec::new();
        hub.entries.iter().for_each(|entry| entry.encode_to(&mut stored));
        prop_assert_eq!(Entry::decode_all(&stored).expect("what was just stored"), hub.entries);
    }

    #[test]
    fn a_restored_state_is_the_same_and_goes_on_as_the_old_one(morning in day(), evening in day()) {
        let mut hub = opened();
        play(&mut hub, &morning);
        let restored = State::restore(&hub.state.snapshot()).expect("what was just stored");
        prop_assert_eq!(restored.hash(), hub.state.hash());
        let mut other = Hub { state: restored, ..hub.clone() };
        prop_assert_eq!(play(&mut other, &evening), play(&mut hub, &evening));
        prop_assert_eq!(other.state.hash(), hub.state.hash());
    }

    #[test]
    fn promises_alone_never_exceed_what_is_there(steps in prop::collection::vec(promising(), 0..60)) {
        let mut hub = opened();
        hub.must(safety(CAP, B, 1));
        for step in &steps {
            let Some(command) = step.command(&mut hub) else { continue };
            let answer = hub.run(command);
            let told = answer.unwrap_or_default();
            prop_assert!(!told.iter().any(|fact| matches!(fact, Fact::Shorted(_) | Fact::Oversold(_))));
            for (item, location) in [(CAP, B), (CAP, DC), (MUG, B), (MUG, DC), (CAP, A)] {
                let position = hub.at(item, location);
                prop_assert!(!position.free().is_negative(), "{:?}", position);
                prop_assert!(!position.on_hand().is_negative(), "{:?}", position);
            }
        }
    }

    #[test]
    fn a_damaged_snapshot_is_an_error_and_no_panic(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
        prop_assert!(State::restore(&bytes).is_err());
    }
}

#[test]
fn a_cut_snapshot_is_refused_at_every_length() {
    let whole = opened().state.snapshot();
    assert!(State::restore(&whole).is_ok());
    for length in 0..whole.len() {
        assert!(State::restore(&whole[..length]).is_err(), "cut at {length} of {}", whole.len());
    }
}
