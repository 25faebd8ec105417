//! The small language in which the tests speak to the engine: a retailer with two channels and four locations, verbs
//! that make commands, and facts told back in one line each. Only `Hub::run` touches the engine.

mod govern;
mod hub;
mod news;
mod tell;
mod verbs;

pub use govern::*;
pub use hub::{A, B, C, CAP, DC, Hub, LOCATIONS, MUG, SET, TEA, TILLS, WEB, WRAP, external, external_location};
pub use news::News;
pub use verbs::*;
