//! How trails are learnt from. Every number was chosen on the last days of training data (docs/minds/offers.md), once
//! for all data sets; what differs between data sets is learnt as weights.

use minicbor::{CborLen, Decode, Encode};

use super::evidence::WIDTH;
use super::near::{Likeness, Near};
use super::ridge::{Order, Ridge};
use super::vectors::Lesson;

/// What a trail is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode, CborLen)]
#[cbor(index_only)]
pub enum Kind {
    /// Items looked at; they may be looked at again.
    #[n(0)]
    Browsing,
    /// Items put in a cart, in that order; none is put in twice.
    #[n(1)]
    Cart,
}

/// How trails of one kind are learnt from.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Settings {
    pub(super) kind: Kind,
    pub(super) next: Ridge,
    pub(super) together: Ridge,
    pub(super) steps: Near,
    pub(super) similar: Near,
    pub(super) lesson: Lesson,
    /// Weights believed before any question was asked, rounded from what data sets of this kind taught.
    pub(super) believed: [f32; WIDTH],
}

impl Settings {
    /// For trails of a kind.
    pub(super) fn of(kind: Kind) -> Self {
        let likeness = Likeness::Steps { reach: 1.5, age: 0.3, around: 2.0, before: 0.7 };
        Self {
            kind,
            steps: Near { likeness, newest: 1_000, most: 200, last: 10 },
            similar: Near { likeness: Likeness::Vmis, newest: 1_000, most: 100, last: 10 },
            next: next(kind),
            together: together(kind),
            lesson: lesson(kind),
            believed: believed(kind),
        }
    }
}

fn next(kind: Kind) -> Ridge {
    let browsing = Ridge {
        order: Order::Onward,
        reach: 1.5,
        ahead: 0.3,
        span: 10,
        half_life: 1.0,
        penalty: 10.0,
        support: 100,
        keep: 100,
    };
    match kind {
        Kind::Browsing => browsing,
        Kind::Cart => Ridge { reach: 2.0, ahead: 0.5, span: 12, half_life: 0.5, ..browsing },
    }
}

fn together(kind: Kind) -> Ridge {
    let browsing = Ridge {
        order: Order::Together,
        reach: 4.0,
        ahead: 1.0,
        span: 15,
        half_life: 1.0,
        penalty: 20.0,
        support: 100,
        keep: 100,
    };
    match kind {
        Kind::Browsing => browsing,
        // Everything in a cart counts, wherever it stands.
        Kind::Cart => Ridge { reach: 1e9, span: 60, half_life: 0.5, penalty: 100.0, ..browsing },
    }
}

fn lesson(kind: Kind) -> Lesson {
    let browsing = Lesson { width: 96, rounds: 4, negatives: 256, step: 0.1, reach: 2.0, power: 0.5 };
    match kind {
        Kind::Browsing => browsing,
        Kind::Cart => Lesson { width: 64, rounds: 3, ..browsing },
    }
}

/// In the order of [`NAMES`](super::NAMES); what is not named here is not believed to matter.
fn believed(kind: Kind) -> [f32; WIDTH] {
    let told: [f32; 14] = match kind {
        Kind::Browsing => [0.1, 0.1, 0.15, 0.05, 0.4, 0.4, -0.6, 0.25, 0.0, 1.0, 0.1, -0.1, 0.7, -0.2],
        Kind::Cart => [0.3, 0.25, 0.35, 0.0, 0.2, 0.4, -0.6, 0.25, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0],
    };
    let mut believed = [0.0; WIDTH];
    believed[..told.len()].copy_from_slice(&told);
    believed
}
