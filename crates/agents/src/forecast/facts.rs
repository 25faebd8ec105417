//! From facts to sales: what moved for which order, which local day that was, how long an item was out of stock, which
//! channel sold it. Called by the follower through [`Mind`].
//!
//! Demand is what tills sold and what was promised to orders, less what was cancelled; goods that leave for a promise
//! are not demanded twice, and returns are not subtracted.

use std::collections::{BTreeMap, VecDeque};

use jiff::{Timestamp, civil::Date, tz::TimeZone};
use minicbor::{Decode, Encode};
use model::{Cause, ChannelId, Entry, Fact, Instant, ItemId, LocationId, Moved, OrderId, Seq};
use stats::decay::weight;

use super::{Forecast, Sale, Step};
use crate::Mind;

/// Hundred-thousandths of a unit.
const PARTS: f64 = 100_000.0;
/// Orders whose channel is remembered: their movements follow within one commit.
const ORDERS_KEPT: usize = 256;
/// Periods after which what a channel sold counts half in its share.
const SHARE_HALF: f64 = 90.0;
/// Units by which an item's shares are drawn to its location's.
const SHARE_DRAWN: f64 = 10.0;
/// Milliseconds of an hour, in which no local day turns twice.
const HOUR_MS: i64 = 3_600_000;
/// Periods that are closed one by one for stock that is out, when time jumps.
const JUMP_MAX: i32 = 400;

/// Decayed units by channel, and the period they are decayed to; in the order of channels.
type Sums = Vec<(ChannelId, f64, i32)>;

/// What facts told beside sales.
#[derive(Clone, Debug, Default, PartialEq, Encode, Decode)]
pub(super) struct Heard {
    /// IANA zones.
    #[n(0)]
    zones: BTreeMap<LocationId, String>,
    #[n(1)]
    stock: BTreeMap<(LocationId, ItemId), Stock>,
    /// Latest orders, oldest first.
    #[n(2)]
    orders: VecDeque<(OrderId, ChannelId)>,
    /// What each channel sold, decayed, and when that was.
    #[n(3)]
    sold: BTreeMap<(LocationId, ItemId), Sums>,
    /// The same of all items together.
    #[n(4)]
    sold_all: BTreeMap<LocationId, Sums>,
    #[n(5)]
    prices: BTreeMap<ItemId, i64>,
    /// Until this instant no location's period can have ended.
    #[n(6)]
    quiet_until: i64,
    /// First and open period by location.
    #[n(7)]
    open: BTreeMap<LocationId, i32>,
}

/// What lies at a location and is not promised.
#[derive(Clone, Copy, Debug, Default, PartialEq, Encode, Decode)]
struct Stock {
    /// In hundred-thousandths of a unit.
    #[n(0)]
    free: i64,
    /// Whether anything ever lay there: an item that was never counted is not out of stock.
    #[n(1)]
    stocked: bool,
    /// Part of the open period at which it ran out.
    #[n(2)]
    since: Option<f64>,
    /// Part of the open period in which it was out before that.
    #[n(3)]
    out: f64,
}

/// What one channel is expected to sell of an item.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Share {
    /// Channel.
    pub channel: ChannelId,
    /// Its share, 0 to 1.
    pub share: f64,
}

impl Mind for Forecast {
    fn apply(&mut self, _: Seq, entry: &Entry) {
        self.pass(entry.at);
        match &entry.fact {
            Fact::LocationPut(put) => {
                self.heard.zones.insert(put.location, put.zone.as_str().to_owned());
                self.heard.quiet_until = i64::MIN;
            }
            Fact::OrderPut(put) => {
                self.heard.orders.push_back((put.order, put.channel));
                if self.heard.orders.len() > ORDERS_KEPT {
                    self.heard.orders.pop_front();
                }
            }
            Fact::ItemPut(put) => {
                if let Some(price) = put.price
                    && self.heard.prices.insert(put.item, price.minor) != Some(price.minor)
                {
                    let open: Vec<_> = self.heard.open.iter().map(|(location, period)| (*location, *period)).collect();
                    open.iter().for_each(|(place, period)| self.priced(put.item, *place, *period, price.minor as f64));
                }
            }
            Fact::Moved(moved) => self.moved(moved, entry.at),
            _ => {}
        }
    }
}

impl Forecast {
    fn moved(&mut self, moved: &Moved, heard_at: Instant) {
        let zone = self.heard.zone(moved.location);
        let now = Place::of(self.step, heard_at, &zone);
        self.open(moved.location, now.period);
        // What a wrong clock dates into the future happened when it was heard of.
        let at = Place::of(self.step, moved.happened_at, &zone);
        let at = if at.period > now.period { now } else { at };
        if matches!(moved.cause, Cause::Sale | Cause::Order) {
            let parts = moved.reserved.parts().saturating_sub(moved.on_hand.parts());
            let units = parts as f64 / PARTS;
            self.sold(Sale { item: moved.item, location: moved.location, period: at.period, units });
            let order = moved.order.and_then(|(order, _)| self.heard.channel(order));
            if let Some(channel) = order.or(moved.shown.map(|(channel, _)| channel)) {
                self.heard.credit(moved.location, moved.item, channel, units, now.period);
            }
        }
        self.heard.lies(moved, now.part);
    }

    /// Opens a location's periods: what was priced before costs the same here.
    fn open(&mut self, location: LocationId, period: i32) {
        if self.heard.open.contains_key(&location) {
            return;
        }
        self.heard.open.insert(location, period);
        let prices: Vec<(ItemId, i64)> = self.heard.prices.iter().map(|(item, price)| (*item, *price)).collect();
        prices.iter().for_each(|(item, price)| self.priced(*item, location, period, *price as f64));
    }

    /// Time passes: periods that are over are closed, with the share in which each item was out of stock.
    fn pass(&mut self, now: Instant) {
        if now.0 < self.heard.quiet_until {
            return;
        }
        self.heard.quiet_until = now.0.div_euclid(HOUR_MS).saturating_add(1).saturating_mul(HOUR_MS);
        let open: Vec<(LocationId, i32)> = self.heard.open.iter().map(|(place, period)| (*place, *period)).collect();
        for (location, from) in open {
            let period = Place::of(self.step, now, &self.heard.zone(location)).period;
            for over in from.max(period.saturating_sub(JUMP_MAX))..period {
                for (item, share) in self.heard.shares_in_stock(location) {
                    self.available(item, location, over, share);
                }
                self.close_at(location, over);
            }
            self.heard.open.insert(location, from.max(period));
        }
    }

    /// How the units of an item at a location are expected to spread over channels: its own decayed shares, drawn to
    /// those of the whole location. Empty when no channel sold anything there; in the order of channels.
    pub fn split(&self, item: ItemId, location: LocationId) -> Vec<Share> {
        let now = self.heard.open.get(&location).copied().unwrap_or(0);
        let read = |sums: Option<&Sums>| -> Vec<(ChannelId, f64)> {
            let sums = sums.map_or(&[][..], Vec::as_slice);
            sums.iter().map(|(channel, units, at)| (*channel, (units * decay(*at, now)).max(0.0))).collect()
        };
        let (own, all) = (read(self.heard.sold.get(&(location, item))), read(self.heard.sold_all.get(&location)));
        let sum = |sums: &[(ChannelId, f64)]| stats::num::sum(sums.iter().map(|(_, units)| *units));
        let (own_sum, all_sum) = (sum(&own), sum(&all));
        if all_sum <= 0.0 {
            return Vec::new();
        }
        let of = |channel| own.iter().find(|(known, _)| *known == channel).map_or(0.0, |(_, units)| *units);
        let share = |(channel, units): &(ChannelId, f64)| {
            let drawn = SHARE_DRAWN * units / all_sum;
            Share { channel: *channel, share: (of(*channel) + drawn) / (own_sum + SHARE_DRAWN) }
        };
        all.iter().map(share).collect()
    }
}

fn decay(at: i32, now: i32) -> f64 {
    weight(f64::from(now.saturating_sub(at).max(0)), SHARE_HALF)
}

impl Heard {
    /// The zone of a location; one that is not known counts as UTC.
    fn zone(&self, location: LocationId) -> TimeZone {
        let name = self.zones.get(&location).map_or("UTC", String::as_str);
        TimeZone::get(name).unwrap_or(TimeZone::UTC)
    }

    fn channel(&self, order: OrderId) -> Option<ChannelId> {
        self.orders.iter().rev().find(|(known, _)| *known == order).map(|(_, channel)| *channel)
    }

    fn credit(&mut self, location: LocationId, item: ItemId, channel: ChannelId, units: f64, now: i32) {
        add(self.sold.entry((location, item)).or_default(), channel, units, now);
        add(self.sold_all.entry(location).or_default(), channel, units, now);
    }

    /// What lies there now, and since when nothing does.
    fn lies(&mut self, moved: &Moved, part: f64) {
        let stock = self.stock.entry((moved.location, moved.item)).or_default();
        let change = moved.on_hand.parts().saturating_sub(moved.reserved.parts());
        stock.free = stock.free.saturating_add(change);
        stock.stocked |= stock.free > 0;
        match stock.since {
            None if stock.stocked && stock.free <= 0 => stock.since = Some(part),
            Some(since) if stock.free > 0 => {
                stock.out += (part - since).max(0.0);
                stock.since = None;
            }
            _ => {}
        }
    }

    /// Shares of the open period in which items could be bought, where that was not all of it; the next period begins.
    fn shares_in_stock(&mut self, location: LocationId) -> Vec<(ItemId, f64)> {
        let mut shares = Vec::new();
        let here = (location, ItemId(0))..=(location, ItemId(u32::MAX));
        for ((_, item), stock) in self.stock.range_mut(here) {
            let out = stock.out + stock.since.map_or(0.0, |since| 1.0 - since);
            if out > 0.0 {
                shares.push((*item, 1.0 - out));
            }
            stock.out = 0.0;
            stock.since = stock.since.map(|_| 0.0);
        }
        shares
    }
}

fn add(sums: &mut Sums, channel: ChannelId, units: f64, now: i32) {
    match sums.binary_search_by_key(&channel, |(known, _, _)| *known) {
        Ok(at) => {
            let (_, sum, since) = &mut sums[at];
            (*sum, *since) = (*sum * decay(*since, now) + units, now.max(*since));
        }
        Err(at) => sums.insert(at, (channel, units, now)),
    }
}

/// A period, and how much of it is over.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Place {
    period: i32,
    part: f64,
}

impl Place {
    fn of(step: Step, at: Instant, zone: &TimeZone) -> Self {
        // Instants beyond the calendar are held at its ends.
        let held = at.0.clamp(-62_000_000_000_000, 250_000_000_000_000);
        let Ok(stamp) = Timestamp::from_millisecond(held) else { return Self { period: 0, part: 0.0 } };
        let local = zone.to_datetime(stamp);
        let (date, hour) = (local.date(), i32::from(local.hour()));
        let day = date.since(Date::constant(1970, 1, 1)).map_or(0, |span| span.get_days());
        let part = (f64::from(hour) + f64::from(local.minute()) / 60.0) / 24.0;
        match step {
            Step::Hour => {
                Self { period: day.saturating_mul(24).saturating_add(hour), part: part * 24.0 - f64::from(hour) }
            }
            Step::Day => Self { period: day, part },
            Step::Week => Self { period: day.div_euclid(7), part: (f64::from(day.rem_euclid(7)) + part) / 7.0 },
            Step::Month => {
                let month = (i32::from(date.year()) - 1970) * 12 + i32::from(date.month()) - 1;
                Self { period: month, part: ((f64::from(date.day()) - 1.0 + part) / 31.0).min(1.0) }
            }
        }
    }
}
