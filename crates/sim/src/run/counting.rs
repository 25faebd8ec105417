//! People count what the hub asks them to count, and release it. Called before the verdict; what they find is what the toy
//! says lies there.

use std::collections::BTreeSet;

use model::{Action, Adjustment, ChannelId, Fact, ItemId, Level, LocationId, Note};

use super::Run;
use crate::{SimError, facts};

/// Virtual time within which the hub has found everything that must be counted.
const FOUND_MS: u64 = 900_000;

impl Run {
    /// Puts right every position of which the hub said that only a count can tell.
    pub(super) async fn count_what_waits(&mut self) -> Result<(), SimError> {
        // What is still open after this time is the verdict's matter.
        let _open = self.world.until_quiet(FOUND_MS).await?;
        for (channel, item, location) in self.waiting()? {
            self.tell(&format!("{item} at {location} is counted"));
            let (lies, believed) = self.shelf(item, location).await?;
            if lies != believed {
                let (change, reason) = (believed.to(lies), Note::new("counted"));
                let adjustment = Adjustment { item, location, change, unsellable: false, reason };
                self.must(Action::Adjust { key: None, adjustment }).await?;
            }
            self.must(Action::Unblock { channel, item, location }).await?;
        }
        Ok(())
    }

    /// Each position once, whoever asked for it and how often.
    fn waiting(&self) -> Result<BTreeSet<(ChannelId, ItemId, LocationId)>, SimError> {
        let held = facts(self.world.hub()?)?.into_iter().filter_map(|fact| match fact {
            Fact::Held(held) => held.doubt.map(|_| (held.channel, held.item, held.location)),
            _ => None,
        });
        Ok(held.collect())
    }

    /// What lies there, and what the hub believes.
    async fn shelf(&self, item: ItemId, location: LocationId) -> Result<(Level, Level), SimError> {
        let known = move |state: &flow::State| {
            let catalogue = state.catalogue();
            let names = (catalogue.item(item).map(|it| it.sku.to_string()), catalogue.location(location));
            (names.0.zip(names.1.map(|it| it.name.to_string())), state.positions().get(item, location).on_hand())
        };
        let (place, believed) = self.world.hub()?.read(known).await?;
        let parts = place.and_then(|place| self.toy.on_hand().get(&place).copied());
        Ok((parts.map_or(believed, Level::from_parts), believed))
    }

    async fn must(&self, action: Action) -> Result<(), SimError> {
        match self.world.hub()?.ask(&self.world.clock, action).await? {
            Ok(()) => Ok(()),
            Err(refusal) => Err(SimError::Platform { platform: "hub", reason: refusal.to_string() }),
        }
    }
}
