//! What happened before a count and is heard of after it. The count has seen it already, so that the books must not
//! move a second time: count and sale end in the same stock whichever is heard of first.

use model::{Cause, Change, Fact, Moved, Note};

use crate::state::State;

/// A movement, and what it means after a count: the facts, and the change of on hand that is left.
pub(super) fn with_count(state: &State, moved: Moved) -> (Vec<Fact>, Change) {
    match counted_already(state, &moved) {
        Some(back) => {
            let left = moved.on_hand.plus(back.on_hand);
            (vec![Fact::Moved(moved), Fact::Moved(back)], left)
        }
        None => {
            let left = moved.on_hand;
            (vec![Fact::Moved(moved)], left)
        }
    }
}

/// The movement that takes back what the last count contained already; `None` when it did not.
fn counted_already(state: &State, moved: &Moved) -> Option<Moved> {
    let counted_at = state.positions.get(moved.item, moved.location).counted_at()?;
    if moved.happened_at > counted_at || moved.on_hand.is_zero() {
        return None;
    }
    Some(Moved {
        cause: Cause::Count,
        on_hand: moved.on_hand.undo(),
        reserved: Change::ZERO,
        happened_at: counted_at,
        order: None,
        shown: None,
        note: Some(Note::new("the count contained it already")),
        ..moved.clone()
    })
}
