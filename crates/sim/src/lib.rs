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
mod habits;
mod hub;
mod platform;
mod reconcile;
mod retailer;
mod run;
mod toy;
mod traffic;
mod wallet;
mod world;

pub use carrier::SimCarrier;
pub use checks::{Replayed, check_books, check_levels, check_toy, facts, replay};
pub use clock::{SimClock, on_virtual_time};
pub use door::Door;
pub use error::SimError;
pub use habits::{Edit, Habits, Leave, habits};
pub use hub::{Hub, HubSettings};
pub use platform::{Mood, Platform};
pub use reconcile::{Reconciled, reconcile};
pub use retailer::{AccountPlan, Goods, Place, Retailer, SHOPIFY, SQUARE, SUPPLIER, Sold, cannot};
pub use run::{Cast, Outcome, Plan, run};
pub use toy::{Seen, Toy};
pub use wallet::SimWallet;
pub use world::{Setup, World, by_hand, copy_of, shuffle};
