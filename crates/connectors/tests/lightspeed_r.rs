//! What R-Series's dictionary asks, reads, writes and refuses. Each file is one side of the trait.
//!
//! The fixtures are written from the field lists of the vendor's documentation with invented values.

#[path = "lightspeed_r/broken_runs.rs"]
mod broken_runs;
#[path = "lightspeed_r/desk.rs"]
mod desk;
#[path = "lightspeed_r/documents.rs"]
mod documents;
#[path = "lightspeed_r/grants.rs"]
mod grants;
#[path = "lightspeed_r/hostile.rs"]
mod hostile;
#[path = "lightspeed_r/listings.rs"]
mod listings;
#[path = "lightspeed_r/model_shop.rs"]
mod model_shop;
#[path = "lightspeed_r/papers.rs"]
mod papers;
#[path = "lightspeed_r/questions.rs"]
mod questions;
#[path = "lightspeed_r/reads.rs"]
mod reads;
#[path = "lightspeed_r/refunds.rs"]
mod refunds;
#[path = "lightspeed_r/refusals.rs"]
mod refusals;
#[path = "lightspeed_r/sales.rs"]
mod sales;
#[path = "lightspeed_r/script.rs"]
mod script;
#[path = "lightspeed_r/toy.rs"]
mod toy;
#[path = "lightspeed_r/writes.rs"]
mod writes;
