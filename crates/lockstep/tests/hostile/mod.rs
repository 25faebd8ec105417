//! `target` is the hub that is attacked; the others attack it.

mod always;
mod corpora;
mod strings;
mod target;
