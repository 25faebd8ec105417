//! BigCommerce's dictionary against fixtures of every topic and every answer.
//!
//! The fixtures are written from the vendor's documents with invented values.

#[path = "bigcommerce/desk.rs"]
mod desk;
#[path = "bigcommerce/documents.rs"]
mod documents;
#[path = "bigcommerce/grants.rs"]
mod grants;
#[path = "bigcommerce/hostile.rs"]
mod hostile;
#[path = "bigcommerce/levels.rs"]
mod levels;
#[path = "bigcommerce/listings.rs"]
mod listings;
#[path = "bigcommerce/orders.rs"]
mod orders;
#[path = "bigcommerce/papers.rs"]
mod papers;
#[path = "bigcommerce/questions.rs"]
mod questions;
#[path = "bigcommerce/reads.rs"]
mod reads;
#[path = "bigcommerce/refusals.rs"]
mod refusals;
#[path = "bigcommerce/signatures.rs"]
mod signatures;
#[path = "bigcommerce/webhooks.rs"]
mod webhooks;
