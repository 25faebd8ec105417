//! What Clover's dictionary says of every topic and reply, and what it refuses. Each file is one side of the trait.
//!
//! The fixtures are written from the field lists of the vendor's documentation, with invented values.

#[path = "clover/crashes.rs"]
mod crashes;
#[path = "clover/desk.rs"]
mod desk;
#[path = "clover/documents.rs"]
mod documents;
#[path = "clover/grants.rs"]
mod grants;
#[path = "clover/hostile.rs"]
mod hostile;
#[path = "clover/listings.rs"]
mod listings;
#[path = "clover/orders.rs"]
mod orders;
#[path = "clover/papers.rs"]
mod papers;
#[path = "clover/protocol.rs"]
mod protocol;
#[path = "clover/questions.rs"]
mod questions;
#[path = "clover/reads.rs"]
mod reads;
#[path = "clover/refusals.rs"]
mod refusals;
#[path = "clover/toy.rs"]
mod toy;
#[path = "clover/webhooks.rs"]
mod webhooks;
#[path = "clover/writes.rs"]
mod writes;
