//! Shopify's dictionary against fixtures of every topic and every answer.
//!
//! The fixtures are written from the field lists of the vendor's documentation with invented values.

#[path = "shopify/agreement.rs"]
mod agreement;
#[path = "shopify/answers.rs"]
mod answers;
#[path = "shopify/hostile.rs"]
mod hostile;
#[path = "shopify/play.rs"]
mod play;
#[path = "shopify/signatures.rs"]
mod signatures;
#[path = "shopify/toy.rs"]
mod toy;
#[path = "shopify/webhooks.rs"]
mod webhooks;
#[path = "shopify/writes.rs"]
mod writes;
