//! What must be true when all is settled. Each check answers its findings in words; none means all is well.

mod books;
mod replay;

use emulators::machine::Books;
use engine::State;
use model::{ChannelName, Level, LocationName, Sku};

use crate::Toy;

pub use books::check_books;
pub use replay::{Replayed, facts, replay};

/// Every level in an account's books must be what the hub wants shown there.
pub fn check_levels(state: &State, name: &str, books: &Books) -> Vec<String> {
    let Some(channel) = state.catalogue().channel_named(&ChannelName::new(name)) else {
        return vec![format!("the hub knows no channel {name}")];
    };
    let mut found = Vec::new();
    for level in &books.levels {
        let item = state.catalogue().sku(&Sku::new(&level.sku)).map(|item| item.item);
        let place = state.catalogue().location_named(&LocationName::new(&level.location)).map(|l| l.location);
        let wanted = item.zip(place).and_then(|(item, place)| state.wanted(channel.channel, item, place));
        let shows = Level::parse(&level.quantity).ok();
        if wanted.is_none() || shows != wanted {
            let (sku, at, shows) = (&level.sku, &level.location, &level.quantity);
            found.push(format!("{name} shows {shows} of {sku} at {at}, the hub wants {wanted:?}"));
        }
    }
    found
}

/// What lies where must be what the toy says.
pub fn check_toy(state: &State, toy: &Toy) -> Vec<String> {
    let mut found = Vec::new();
    for ((sku, location), parts) in toy.on_hand() {
        let item = state.catalogue().sku(&Sku::new(sku)).map(|item| item.item);
        let place = state.catalogue().location_named(&LocationName::new(location)).map(|l| l.location);
        let on_hand = item.zip(place).map(|(item, place)| state.positions().get(item, place).on_hand());
        if on_hand != Some(Level::from_parts(*parts)) {
            let lie = Level::from_parts(*parts);
            found.push(format!("{lie} of {sku} lie at {location}, the hub believes {on_hand:?}"));
        }
    }
    found
}
