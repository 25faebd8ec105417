//! News of orders in any order, with repeats, ends in the same stock.

use model::{ChannelId, ItemId, Level, LocationId};
use proptest::prelude::*;

use crate::support::*;

/// One document's life: versions that add up to the last, and the refunds that came with them.
#[derive(Clone, Debug)]
struct Life {
    till: bool,
    versions: Vec<Version>,
}

#[derive(Clone, Debug)]
struct Version {
    parts: Vec<(ItemId, LocationId, u32, u32)>,
    /// A refund made with this version: item, units, shelf.
    refund: Option<(ItemId, u32, Option<LocationId>)>,
}

fn life() -> impl Strategy<Value = Life> {
    let item = || prop::sample::select(vec![CAP, MUG, SET]);
    let at = || prop::sample::select(LOCATIONS.to_vec());
    let parts = prop::collection::vec((item(), at(), 0..4_u32, 0..4_u32), 0..4);
    let refund = prop::option::of((item(), 1..3_u32, prop::option::of(at())));
    let version = (parts, refund).prop_map(|(parts, refund)| Version { parts, refund });
    (any::<bool>(), prop::collection::vec(version, 1..5)).prop_map(|(till, versions)| Life { till, versions })
}

impl Life {
    fn blank(&self, number: usize) -> News {
        let document = number.to_string();
        if self.till { News::till(&document) } else { News::web(&document) }
    }

    fn refunds(&self, news: News, up_to: usize) -> News {
        let told = self.versions[..=up_to].iter().enumerate();
        told.filter_map(|(number, version)| version.refund.map(|refund| (number, refund)))
            .fold(news, |news, (number, (item, units, to))| news.returned(&format!("f{number}"), item, units, to))
    }

    /// Every version as an order, with all refunds so far, and every refund by its own notice.
    fn news(&self, number: usize) -> Vec<News> {
        let mut told = Vec::new();
        for (place, version) in self.versions.iter().enumerate() {
            let blank = self.blank(number).version(place as u64 + 1);
            let order = version.parts.iter().fold(blank.clone(), |news, (item, at, promised, gone)| {
                news.promised(*item, *at, *promised).gone(*item, *at, *gone)
            });
            told.push(self.refunds(order, place));
            if version.refund.is_some() {
                told.push(self.refunds(blank, place).returns_only());
            }
        }
        told
    }
}

fn told(lives: &[Life]) -> Vec<News> {
    lives.iter().enumerate().flat_map(|(number, life)| life.news(number)).collect()
}

/// Every position with what both channels are believed to show of it.
fn end(news: &[News]) -> Vec<(Level, Level, [Level; 2])> {
    let mut hub = Hub::with_caps_at_b(4);
    for news in news {
        hub.must(news.heard());
    }
    let shown = |hub: &Hub, channel: ChannelId, item, location| {
        let row = hub.state.positions().find(item, location)?;
        hub.state.shown().get(channel, row).map(|row| row.level)
    };
    let mut end = Vec::new();
    for item in [CAP, MUG, SET] {
        for location in LOCATIONS {
            let position = hub.at(item, location);
            let shown = [WEB, TILLS].map(|channel| shown(&hub, channel, item, location).unwrap_or_default());
            end.push((position.on_hand(), position.reserved(), shown));
        }
    }
    end
}

proptest! {
    #[test]
    fn any_order_of_arrival_with_repeats_ends_in_the_same_stock(
        (lives, shuffled) in prop::collection::vec(life(), 1..4).prop_flat_map(|lives| {
            let (all, again) = (told(&lives), told(&lives));
            let twice: Vec<News> = all.into_iter().chain(again).collect();
            (Just(lives), Just(twice).prop_shuffle())
        })
    ) {
        prop_assert_eq!(end(&shuffled), end(&told(&lives)));
    }

    #[test]
    fn only_the_last_version_counts_in_the_end(lives in prop::collection::vec(life(), 1..4)) {
        let last: Vec<News> = lives
            .iter()
            .enumerate()
            .map(|(number, life)| {
                let mut news = life.news(number);
                news.retain(|news| !news.tells_of_returns_only());
                news.pop().expect("there is at least one version")
            })
            .collect();
        prop_assert_eq!(end(&last), end(&told(&lives)));
    }
}
