//! Customer records that are one person because somebody said so.

use model::{Action, ChannelId, CustomerAt, CustomerSeen, Fact, MappingQuestion};

use crate::support::*;

fn at(channel: ChannelId, key: &str) -> CustomerAt {
    CustomerAt { channel, customer: key.into() }
}

fn hub() -> Hub {
    let mut hub = Hub::new();
    for (channel, key) in [(WEB, "ann"), (TILLS, "a-1"), (TILLS, "a-2")] {
        let seen = CustomerSeen { channel, customer: key.into(), version: 1, updated_at: hub.now, person: None };
        hub.must(Action::CustomerSeen(seen));
    }
    hub
}

fn link(one: &CustomerAt, other: &CustomerAt) -> Action {
    Action::LinkCustomers { one: one.clone(), other: other.clone() }
}

fn unlink(one: &CustomerAt, other: &CustomerAt) -> Action {
    Action::UnlinkCustomers { one: one.clone(), other: other.clone() }
}

#[test]
fn linked_records_are_one_person_through_others_too_until_a_link_is_taken_away() {
    let (ann, first, second) = (at(WEB, "ann"), at(TILLS, "a-1"), at(TILLS, "a-2"));
    let mut hub = hub();
    assert_eq!(hub.must(link(&first, &ann)).len(), 1);
    assert_eq!(hub.must(link(&ann, &first)), [], "whichever is named first");
    hub.must(link(&second, &first));
    assert!(hub.state.links().are_one(&ann, &second));
    assert_eq!(hub.state.links().person(&ann).len(), 3);
    let again = engine::State::restore(&hub.state.snapshot()).expect("what was just stored");
    assert_eq!(again.hash(), hub.state.hash());
    hub.must(unlink(&ann, &first));
    assert!(!hub.state.links().are_one(&ann, &second) && hub.state.links().are_one(&first, &second));
    assert_eq!(hub.must(unlink(&ann, &first)), []);
}

#[test]
fn a_record_is_not_linked_with_itself_nor_with_one_that_nobody_heard_of() {
    let mut hub = hub();
    assert!(hub.run(link(&at(WEB, "ann"), &at(WEB, "ann"))).is_err());
    assert!(hub.run(link(&at(WEB, "ann"), &at(TILLS, "bea"))).is_err());
}

#[test]
fn two_records_that_are_said_to_be_different_stay_so_until_they_are_linked() {
    let (ann, first) = (at(WEB, "ann"), at(TILLS, "a-1"));
    let mut hub = hub();
    let swapped = MappingQuestion::SameCustomer { one: first.clone(), other: ann.clone() };
    let ordered = MappingQuestion::same_customer(first.clone(), ann.clone());
    assert_eq!(hub.must(Action::DismissQuestion(swapped)), [Fact::QuestionDismissed { question: ordered.clone() }]);
    assert!(hub.state.is_dismissed(&ordered));
    hub.must(link(&first, &ann));
    assert!(!hub.state.is_dismissed(&ordered));
    assert!(hub.run(Action::DismissQuestion(ordered)).is_err(), "what is answered is no question");
}
