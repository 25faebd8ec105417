//! A toy of the books that is obviously right: sums over what was last said. The engine must agree with it.

use std::collections::BTreeMap;

use model::{Change, ItemId, Level, LocationId};
use proptest::prelude::*;

use crate::support::*;

#[derive(Clone, Debug)]
enum Event {
    /// A document's next version: promised and gone at places; nothing at all is a cancellation or a void.
    Order {
        till: bool,
        document: u8,
        parts: Vec<(ItemId, LocationId, u32, u32)>,
    },
    /// One more return of a document.
    Return {
        till: bool,
        document: u8,
        item: ItemId,
        units: u32,
        to: Option<LocationId>,
    },
    Adjust {
        item: ItemId,
        at: LocationId,
        units: i32,
    },
}

fn event() -> impl Strategy<Value = Event> {
    let item = || prop::sample::select(vec![CAP, MUG, SET]);
    let at = || prop::sample::select(LOCATIONS.to_vec());
    let parts = prop::collection::vec((item(), at(), 0..4_u32, 0..4_u32), 0..4);
    prop_oneof![
        4 => (any::<bool>(), 0..3_u8, parts).prop_map(|(till, document, parts)| Event::Order { till, document, parts }),
        2 => (any::<bool>(), 0..3_u8, item(), 1..3_u32, prop::option::of(at())).prop_map(
            |(till, document, item, units, to)| Event::Return { till, document, item, units, to }
        ),
        2 => (prop::sample::select(vec![CAP, MUG]), at(), -5..9).prop_map(|(item, at, units)| Event::Adjust { item, at, units }),
    ]
}

type Parts = Vec<(ItemId, LocationId, u32, u32)>;

#[derive(Default)]
struct Toy {
    /// The last version of each document.
    orders: BTreeMap<(bool, u8), (u64, Parts)>,
    returns: usize,
    /// Units changed by returns and adjustments.
    changed: BTreeMap<(ItemId, LocationId), i64>,
}

/// A set is one cap and two mugs; everything else is itself.
fn made_of(item: ItemId) -> Vec<(ItemId, i64)> {
    if item == SET { vec![(CAP, 1), (MUG, 2)] } else { vec![(item, 1)] }
}

impl Toy {
    fn change(&mut self, item: ItemId, at: LocationId, units: i64) {
        for (part, each) in made_of(item) {
            *self.changed.entry((part, at)).or_default() += each * units;
        }
    }

    /// On hand and reserved, in units.
    fn books(&self, item: ItemId, location: LocationId) -> (i64, i64) {
        let mut on_hand = self.changed.get(&(item, location)).copied().unwrap_or_default();
        let mut reserved = 0;
        for (sold, at, promised, gone) in self.orders.values().flat_map(|(_, parts)| parts) {
            for (part, each) in made_of(*sold) {
                if (part, *at) == (item, location) {
                    on_hand -= each * i64::from(*gone);
                    reserved += each * i64::from(*promised);
                }
            }
        }
        (on_hand, reserved)
    }

    /// Takes the event in, and says it in the engine's words.
    fn hear(&mut self, event: &Event) -> Option<model::Action> {
        match event {
            Event::Order { till, document, parts } => {
                let order = self.orders.entry((*till, *document)).or_default();
                *order = (order.0 + 1, parts.clone());
                let blank = news(*till, *document).version(order.0);
                let told = parts.iter().fold(blank, |news, (item, at, promised, gone)| {
                    news.promised(*item, *at, *promised).gone(*item, *at, *gone)
                });
                Some(told.heard())
            }
            Event::Return { till, document, item, units, to } => {
                self.orders.get(&(*till, *document))?;
                self.returns += 1;
                if let Some(to) = to {
                    self.change(*item, *to, i64::from(*units));
                }
                let refund = format!("f{}", self.returns);
                Some(news(*till, *document).returned(&refund, *item, *units, *to).returns_only().heard())
            }
            Event::Adjust { units: 0, .. } => None,
            Event::Adjust { item, at, units } => {
                self.change(*item, *at, i64::from(*units));
                Some(adjust_by(*item, *at, Change::units(*units)))
            }
        }
    }
}

fn news(till: bool, document: u8) -> News {
    if till { News::till(&document.to_string()) } else { News::web(&document.to_string()) }
}

proptest! {
    #[test]
    fn the_books_agree_with_plain_sums(events in prop::collection::vec(event(), 0..40)) {
        let (mut hub, mut toy) = (Hub::new(), Toy::default());
        for event in &events {
            if let Some(command) = toy.hear(event) {
                hub.must(command);
            }
            for item in [CAP, MUG, SET] {
                for location in LOCATIONS {
                    let (on_hand, reserved) = if item == SET { (0, 0) } else { toy.books(item, location) };
                    let position = hub.at(item, location);
                    prop_assert_eq!(position.on_hand(), Level::from_units(on_hand).expect("small"));
                    prop_assert_eq!(position.reserved(), Level::from_units(reserved).expect("small"));
                }
            }
        }
    }
}
