//! What Square's dictionary says of every topic and reply, and what it refuses. Each file is one side of the trait.

mod desk;
mod hostile;
mod orders;
mod questions;
mod reads;
mod refusals;
mod webhooks;
mod writes;
