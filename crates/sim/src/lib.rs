//! The simulator: the whole hub on a virtual clock, with faults drawn from a seed.
//!
//! One seed drives everything: what tills and shoppers do, how long every message takes, what is lost, doubled or
//! late, when the power fails. The same seed gives the same journal, byte for byte. Tests and the `vopr` example call
//! [`run`]; scenarios in the tests build a [`World`] and drive it by hand. It knows no real time, no socket and no
//! thread.

mod carrier;
mod checks;
mod clock;
mod door;
mod error;
mod hub;
mod platform;
mod retailer;
mod run;
mod toy;
mod traffic;
mod world;

pub use carrier::SimCarrier;
pub use checks::{Replayed, check_books, check_levels, check_toy, replay};
pub use clock::{SimClock, on_virtual_time};
pub use door::Door;
pub use error::SimError;
pub use hub::{Hub, HubSettings};
pub use platform::{Mood, Platform};
pub use retailer::{CHANNELS, Goods, LOCATIONS, Retailer, SHOPIFY, SQUARE, home_of};
pub use run::{Outcome, Plan, run};
pub use toy::{Seen, Toy};
pub use world::{Setup, World, copy_of, shuffle};
