//! The API and the hooks of a whole hub on loopback: keeper, tables, links that nobody answers, and a raw client.

mod commands;
mod decisions;
mod document;
mod feed;
mod governance;
mod hooks;
mod hostile;
mod hub;
mod instructions;
mod keys;
mod once;
mod reads;
mod scopes;
mod stock;
