//! What Lightspeed X-Series's dictionary says of every topic and reply, and what it refuses. Each file is one side of
//! the trait. The fixtures are written from the field lists of the vendor's documents with invented values.

#[path = "lightspeed_x/abilities.rs"]
mod abilities;
#[path = "lightspeed_x/collections.rs"]
mod collections;
#[path = "lightspeed_x/desk.rs"]
mod desk;
#[path = "lightspeed_x/documents.rs"]
mod documents;
#[path = "lightspeed_x/grants.rs"]
mod grants;
#[path = "lightspeed_x/hostile.rs"]
mod hostile;
#[path = "lightspeed_x/levels.rs"]
mod levels;
#[path = "lightspeed_x/listings.rs"]
mod listings;
#[path = "lightspeed_x/papers.rs"]
mod papers;
#[path = "lightspeed_x/questions.rs"]
mod questions;
#[path = "lightspeed_x/refusals.rs"]
mod refusals;
#[path = "lightspeed_x/sales.rs"]
mod sales;
#[path = "lightspeed_x/shop.rs"]
mod shop;
#[path = "lightspeed_x/signatures.rs"]
mod signatures;
#[path = "lightspeed_x/webhooks.rs"]
mod webhooks;
#[path = "lightspeed_x/writes.rs"]
mod writes;
