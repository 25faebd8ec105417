//! Routing: which locations fulfil an order's lines.

mod desk;
mod improve;
mod network;
mod place;
mod plan;
mod prices;
mod reach;
mod search;

pub use desk::{Desk, Held, Settings};
pub use network::{Network, Node, Shelf, Terms, UNIT};
pub use place::Place;
pub use plan::{Cost, Line, Plan, Shipment, Wanted};
pub use reach::{Look, Reach};
pub use search::{Found, search};
