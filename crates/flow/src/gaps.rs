//! Where channels differ from what they should be, and what that may cost: stock, prices, titles, barcodes, items that
//! sell and are not listed, items that are listed and do not sell. Reads only; the same on every call until something
//! changes. Unknown is not zero: what was never read is not in here.

use std::collections::BTreeMap;

use engine::{State, Trust};
use model::{ChannelId, ItemId, Level, Listing, LocationId, Money, Quantity};

use crate::{Flow, FlowError};

/// What kind of difference.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum GapKind {
    /// Another number than there is to sell.
    Stock,
    /// Another price than ours.
    Price,
    /// Another title than ours.
    Title,
    /// Another barcode than ours.
    Barcode,
    /// Nobody knows which item it is.
    Unmapped,
    /// Two of one channel carry the same SKU, or two items the same barcode.
    Duplicate,
    /// It sells elsewhere and is not listed here.
    SoldButUnlisted,
    /// It is listed and has not sold for weeks.
    UnsoldButListed,
}

impl GapKind {
    /// Every kind, in the order of this list.
    pub const ALL: [Self; 8] = [
        Self::Stock,
        Self::Price,
        Self::Title,
        Self::Barcode,
        Self::Unmapped,
        Self::Duplicate,
        Self::SoldButUnlisted,
        Self::UnsoldButListed,
    ];

    /// The name used in JSON, CSV and addresses.
    pub fn name(self) -> &'static str {
        match self {
            Self::Stock => "stock",
            Self::Price => "price",
            Self::Title => "title",
            Self::Barcode => "barcode",
            Self::Unmapped => "unmapped",
            Self::Duplicate => "duplicate",
            Self::SoldButUnlisted => "sold_but_unlisted",
            Self::UnsoldButListed => "unsold_but_listed",
        }
    }

    /// Reads what [`name`](Self::name) gives.
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.name() == name)
    }
}

/// One difference.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Gap {
    /// What kind.
    pub kind: GapKind,
    /// Where; `None` when it is in our own record.
    pub channel: Option<ChannelId>,
    /// Of what, where that is known.
    pub item: Option<ItemId>,
    /// Its SKU, or the one that is printed there.
    pub sku: String,
    /// At which location, for stock.
    pub location: Option<LocationId>,
    /// What is there.
    pub shown: String,
    /// What should be.
    pub wanted: String,
    /// What is at stake: the units between the two numbers at our price; the difference of prices over what is to sell;
    /// what sold in the last weeks; what lies there unsold. `None` when no price is known.
    pub money: Option<Money>,
}

/// Units sold in the last weeks, for the two kinds that need a history.
#[derive(Clone, Debug, Default)]
pub struct Sold {
    /// Units by item, over all channels.
    pub by_item: BTreeMap<ItemId, Quantity>,
    /// Whether the history is long enough for 'has not sold'.
    pub long_enough: bool,
}

/// Rows looked at in one job, so that the keeper is never held up for long.
const LOOK: u32 = 20_000;

/// Every difference, worst money first.
///
/// # Errors
/// When the hub has stopped.
pub async fn gaps(flow: &Flow, sold: Sold) -> Result<Vec<Gap>, FlowError> {
    let sold = std::sync::Arc::new(sold);
    let mut found = Vec::new();
    let rows = flow.read(|state| state.shown().iter().count() as u32).await?;
    for from in (0..rows).step_by(LOOK as usize) {
        found.extend(flow.read(move |state| stock(state, from)).await?);
    }
    found.extend(flow.read(listings).await?);
    let items = flow.read(|state| state.catalogue().items().len() as u32).await?;
    for from in (0..items).step_by(LOOK as usize) {
        let sold = std::sync::Arc::clone(&sold);
        found.extend(flow.read(move |state| listed_and_sold(state, from, &sold)).await?);
    }
    sort(&mut found);
    Ok(found)
}

/// Worst money first; what has no price comes last, by kind and SKU.
pub fn sort(gaps: &mut [Gap]) {
    let worth = |gap: &Gap| gap.money.map_or(-1, |money| i128::from(money.minor) * 1_000 / ten(money));
    gaps.sort_by(|a, b| {
        let order = worth(b).cmp(&worth(a));
        order.then_with(|| (a.kind, &a.sku, a.channel, a.location).cmp(&(b.kind, &b.sku, b.channel, b.location)))
    });
}

fn ten(money: Money) -> i128 {
    10_i128.pow(money.currency.decimals())
}

/// Rows of shown levels from one on.
fn stock(state: &State, from: u32) -> Vec<Gap> {
    let rows = state.shown().iter().skip(from as usize).take(LOOK as usize);
    rows.filter_map(|row| {
        if row.trust == Trust::Unread || row.in_flight.is_some() {
            return None;
        }
        let position = state.positions().row(row.position);
        let wanted = state.wanted(row.channel, position.item, position.location)?;
        let item = state.catalogue().item(position.item)?;
        (wanted != row.level).then(|| Gap {
            kind: GapKind::Stock,
            channel: Some(row.channel),
            item: Some(item.item),
            sku: item.sku.to_string(),
            location: Some(position.location),
            shown: row.level.to_string(),
            wanted: wanted.to_string(),
            money: item.price.and_then(|price| at(price, between(row.level, wanted))),
        })
    })
    .collect()
}

/// Hundred-thousandths of a unit between two levels.
fn between(one: Level, other: Level) -> i64 {
    one.parts().abs_diff(other.parts()).try_into().unwrap_or(i64::MAX)
}

/// So much at this price, rounded half up.
fn at(price: Money, parts: i64) -> Option<Money> {
    const UNIT: i128 = 100_000;
    let minor = (i128::from(price.minor) * i128::from(parts) + UNIT / 2) / UNIT;
    Some(Money { minor: i64::try_from(minor).ok()?, currency: price.currency })
}

fn listings(state: &State) -> Vec<Gap> {
    let mut found = Vec::new();
    for (channel, item, listed) in state.listings().iter() {
        let (Some(seen), Some(ours)) = (&listed.seen, state.catalogue().item(item)) else { continue };
        let wanted = ours.listing();
        let gap = |kind, shown: String, wanted: String, money| Gap {
            kind,
            channel: Some(channel),
            item: Some(item),
            sku: ours.sku.to_string(),
            location: None,
            shown,
            wanted,
            money,
        };
        // The same amount is the same price: not every platform tells whether tax is in it.
        if let (Some(theirs), Some(own)) = (seen.price, wanted.price)
            && theirs != own
        {
            let money = at_stake(state, channel, item, seen, &wanted);
            found.push(gap(GapKind::Price, price_words(seen, &wanted), price_words(&wanted, seen), money));
        }
        if seen.title != wanted.title && !seen.title.is_empty() {
            found.push(gap(GapKind::Title, seen.title.to_string(), wanted.title.to_string(), None));
        }
        if seen.barcodes != wanted.barcodes && !wanted.barcodes.is_empty() {
            found.push(gap(GapKind::Barcode, codes(seen), codes(&wanted), None));
        }
    }
    found
}

/// The difference of the two prices over what the channel has to sell, at least one unit. Amounts that mean different
/// things are not subtracted.
fn at_stake(state: &State, channel: ChannelId, item: ItemId, seen: &Listing, wanted: &Listing) -> Option<Money> {
    let (theirs, own) = (seen.price?, wanted.price?);
    if !seen.comparable(wanted) {
        return None;
    }
    let per_unit = Money { minor: theirs.minor.checked_sub(own.minor)?.checked_abs()?, currency: own.currency };
    let units = state.available_on(item, channel).ats.parts().max(Quantity::units(1).parts());
    at(per_unit, units)
}

/// With the tax said only where the two differ in it.
fn price_words(listing: &Listing, other: &Listing) -> String {
    let tax = match listing.tax_inclusive {
        _ if listing.tax_inclusive == other.tax_inclusive => "",
        true => " with tax",
        false => " without tax",
    };
    listing.price.map_or_else(String::new, |price| format!("{price}{tax}"))
}

fn codes(listing: &Listing) -> String {
    let codes: Vec<&str> = listing.barcodes.iter().map(|code| code.as_str()).collect();
    codes.join(" ")
}

/// Items from one on: sold and not listed, listed and not sold.
fn listed_and_sold(state: &State, from: u32, sold: &Sold) -> Vec<Gap> {
    let items = state.catalogue().items().iter().skip(from as usize).take(LOOK as usize);
    let mut found = Vec::new();
    for item in items.filter(|item| item.tracked && item.components.is_empty()) {
        let units = sold.by_item.get(&item.item).copied().unwrap_or(Quantity::ZERO);
        for channel in state.catalogue().channels().iter().filter(|channel| !channel.sells_from.is_empty()) {
            let listed = state.catalogue().external_item(channel.channel, item.item).is_some();
            let gap = |kind, shown: String, wanted: &str, parts: i64| Gap {
                kind,
                channel: Some(channel.channel),
                item: Some(item.item),
                sku: item.sku.to_string(),
                location: None,
                shown,
                wanted: wanted.into(),
                money: item.price.and_then(|price| at(price, parts)),
            };
            if !listed && !units.is_zero() {
                let words = format!("not listed, {units} sold elsewhere");
                found.push(gap(GapKind::SoldButUnlisted, words, "listed", units.parts()));
            }
            let available = state.available_on(item.item, channel.channel).ats;
            if listed && units.is_zero() && sold.long_enough && !available.is_zero() {
                let words = format!("listed, none sold, {available} to sell");
                found.push(gap(GapKind::UnsoldButListed, words, "sold, or no longer listed", available.parts()));
            }
        }
    }
    found
}
