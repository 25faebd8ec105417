//! Who may act: policies and brakes, proposals and their answers, acts and their undoing.

mod acts;
mod policy;
mod proposals;
mod watch;

pub(super) use policy::{categorise, lift_brake, put_brake, put_policy};
pub(super) use proposals::{answer, lapse, propose, snooze, undo};
pub(super) use watch::watch;

use model::{Actor, Note, Refusal};

/// An agent's word, a platform's or the hub's own is nobody's yes.
fn must_be_person(by: &Actor, what: &str) -> Result<(), Refusal> {
    match by {
        Actor::Person(_) | Actor::Key(_) | Actor::Operator => Ok(()),
        Actor::Agent { .. } | Actor::Channel(_) | Actor::System => {
            Err(Refusal::Forbidden { what: format!("{what} is for people") })
        }
    }
}

fn must_say_why(reason: &Note) -> Result<(), Refusal> {
    match reason.as_str().chars().count() {
        0 => Err(Refusal::Invalid { field: "reason", problem: "is empty; say why in a few words".into() }),
        1..=2_000 => Ok(()),
        _ => Err(Refusal::Invalid { field: "reason", problem: "has more than 2,000 letters".into() }),
    }
}
