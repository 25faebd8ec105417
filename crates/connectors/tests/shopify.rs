//! Shopify's dictionary against fixtures of every topic and every answer.
//!
//! The fixtures are written from the field lists of the vendor's documentation with invented values.

#[path = "shopify/abilities.rs"]
mod abilities;
#[path = "shopify/agreement.rs"]
mod agreement;
#[path = "shopify/answers.rs"]
mod answers;
#[path = "shopify/desk.rs"]
mod desk;
#[path = "shopify/documents.rs"]
mod documents;
#[path = "shopify/grants.rs"]
mod grants;
#[path = "shopify/hostile.rs"]
mod hostile;
#[path = "shopify/listings.rs"]
mod listings;
#[path = "shopify/play.rs"]
mod play;
#[path = "shopify/shelf.rs"]
mod shelf;
#[path = "shopify/signatures.rs"]
mod signatures;
#[path = "shopify/toy.rs"]
mod toy;
#[path = "shopify/webhooks.rs"]
mod webhooks;
#[path = "shopify/writes.rs"]
mod writes;
