//! What policies say, how they are read, and what they add up to.

mod policy {
    mod reading;
    mod sums;
}
