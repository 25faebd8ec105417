//! What Square's dictionary says of every topic and reply, and what it refuses. Each file is one side of the trait.

mod abilities;
mod desk;
mod documents;
mod grants;
mod hostile;
mod listings;
mod orders;
mod paid;
mod papers;
mod questions;
mod reads;
mod refunds;
mod refusals;
mod shelf;
mod webhooks;
mod writes;
