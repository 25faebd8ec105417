//! Situations of the past, and which of them were most like now. Called by whoever wants to cite them beside a forecast;
//! off until somebody turns it on. It draws no conclusion: it finds, and says how far off what it found is.

mod brute;
mod mind;

pub use brute::BruteForce;
pub use mind::{Context, SIZE, situation};
use model::{Instant, Seq};

/// A situation found.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Near {
    /// The fact it was made from: what is cited.
    pub seq: Seq,
    /// When.
    pub at: Instant,
    /// Squared distance; 0 is the same.
    pub distance: f32,
}

/// A store of vectors. The embedded one looks at all of them; a database with an index can stand in its place.
pub trait Store {
    /// Why a store fails.
    type Error;

    /// Keeps a situation. The same `seq` again replaces it.
    ///
    /// # Errors
    /// When the store fails.
    fn put(&mut self, seq: Seq, at: Instant, vector: &[f32]) -> Result<(), Self::Error>;

    /// The `most` nearest from before a time, the nearest first, ties by the smaller `seq`.
    ///
    /// # Errors
    /// When the store fails.
    fn nearest(&self, to: &[f32], before: Instant, most: usize) -> Result<Vec<Near>, Self::Error>;

    /// Forgets a situation, as when a person asks to be forgotten.
    ///
    /// # Errors
    /// When the store fails.
    fn forget(&mut self, seq: Seq) -> Result<(), Self::Error>;
}
