//! What Square's dictionary says of every topic and reply, and what it refuses. Each file is one side of the trait.

mod abilities;
mod desk;
mod grants;
mod hostile;
mod listings;
mod orders;
mod paid;
mod questions;
mod reads;
mod refusals;
mod shelf;
mod webhooks;
mod writes;
