//! Offers: what else to offer with this cart, and what is wanted next in this visit. Fed with facts by a follower;
//! asked by the till and the shop, and judged by `lockstep eval offers`. It sends nothing and changes no price.

mod blend;
mod evidence;
mod near;
mod rank;
mod ridge;
mod rows;
mod settings;
mod study;
mod trails;
mod vectors;

pub use evidence::{NAMES, WIDTH};
pub use near::{Likeness, Near};
pub use rank::{Asking, Learnt, Ranked, rank_plain};
pub use ridge::{Order, Ridge};
use settings::Settings;
pub use settings::Kind;
pub use study::study;
pub use trails::Trails;
pub use vectors::Lesson;
