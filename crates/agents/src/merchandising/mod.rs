//! What sells best now, what is shown first, and what is shown no more. Called by the follower that feeds it and by
//! `lockstep eval merchandising`; it knows no page and no shop, and it changes no stock.

mod badges;
mod mind;
mod place;
mod rates;

pub use badges::Badges;
pub use mind::Merchandising;
pub use place::{Place, Seen, Shop, place};
pub use rates::{Rates, Settings};
