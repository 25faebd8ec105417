//! Completeness and agreement: a fold over items and listings that lists what is wrong with them. Called through
//! [`Catalogue::findings`]; knows no platform.

use std::collections::{BTreeMap, BTreeSet};

use minicbor::{CborLen, Decode, Encode};
use model::{Barcode, ChannelId, Entry, Fact, Gtin, ItemId, ItemPut, Listing, Money, Seq};

use super::text::{measure, plain, words};
use crate::{Confidence, Mind, Proposal, Reasons, Term};

/// Whether a trade item number is local to a merchant (GS1 prefixes 02, 04 and 20 to 29; eight digits from 0 or 2): it is
/// no key between channels, and may carry a price or weight in its digits.
pub fn is_local(gtin: Gtin) -> bool {
    let digits = gtin.to_string();
    let digits = digits.as_bytes();
    if digits.starts_with(b"000000") {
        return matches!(digits[6], b'0' | b'2');
    }
    // Of the fourteen digits the first is the packaging level.
    digits[0] == b'0' && matches!(&digits[1..3], [b'0', b'2' | b'4'] | [b'2', _])
}

/// A size in base units (gram, millilitre, millimetre): `("g", 500.0)` for "0.5 kg". Ounces are of weight or of volume, nobody
/// says which, so they are compared with ounces only. `None` for anything else.
pub fn size(word: &str) -> Option<(&'static str, f64)> {
    let (number, unit) = measure(word)?;
    let number: f64 = number.parse().ok()?;
    let (base, factor) = match unit {
        "kg" => ("g", 1_000.0),
        "g" => ("g", 1.0),
        "mg" => ("g", 0.001),
        "lb" => ("g", 453.592_37),
        "oz" => ("oz", 1.0),
        "l" => ("ml", 1_000.0),
        "cl" => ("ml", 10.0),
        "ml" => ("ml", 1.0),
        "m" => ("mm", 1_000.0),
        "cm" => ("mm", 10.0),
        "mm" => ("mm", 1.0),
        "inch" => ("mm", 25.4),
        "ft" => ("mm", 304.8),
        "pack" => ("pack", 1.0),
        _ => return None,
    };
    Some((base, number * factor))
}

/// What can be wrong.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Trouble {
    /// It has no title.
    NoTitle,
    /// It has no price, or one that is not above zero.
    NoPrice,
    /// It has no trade item number.
    NoBarcode,
    /// A code that looks like a trade item number whose check digit does not fit.
    BadBarcode {
        /// As written.
        code: String,
    },
    /// Other items have the same trade item number.
    SharedBarcode {
        /// The number.
        gtin: String,
        /// Which, rising.
        others: Vec<ItemId>,
    },
    /// A channel lists another price.
    PriceDiffers {
        /// Which.
        channel: ChannelId,
    },
    /// A channel's title has other words.
    TitleDiffers {
        /// Which.
        channel: ChannelId,
    },
    /// A channel's title names another size or pack.
    SizeDiffers {
        /// Which.
        channel: ChannelId,
    },
    /// A channel lists other trade item numbers.
    BarcodeDiffers {
        /// Which.
        channel: ChannelId,
    },
    /// A channel lists no trade item number, and the item has one.
    BarcodeMissing {
        /// Which.
        channel: ChannelId,
    },
}

impl Trouble {
    /// In a person's words, and how much it matters from 0 to 1: first what sells a wrong thing or at a wrong price.
    pub fn words(&self) -> (&'static str, f64) {
        match self {
            Self::SizeDiffers { .. } => ("a channel names another size", 1.0),
            Self::SharedBarcode { .. } => ("several items have one barcode", 0.95),
            Self::PriceDiffers { .. } => ("a channel shows another price", 0.9),
            Self::NoPrice => ("it has no price", 0.8),
            Self::BarcodeDiffers { .. } => ("a channel has another barcode", 0.7),
            Self::BadBarcode { .. } => ("a barcode's check digit does not fit", 0.6),
            Self::NoTitle => ("it has no title", 0.6),
            Self::TitleDiffers { .. } => ("a channel has another title", 0.3),
            Self::NoBarcode => ("it has no barcode", 0.2),
            Self::BarcodeMissing { .. } => ("a channel has no barcode for it", 0.15),
        }
    }
}

/// Something to be put right.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// The item.
    pub item: ItemId,
    /// What is wrong.
    pub trouble: Trouble,
}

#[derive(Clone, Debug, Default, PartialEq, Encode, Decode, CborLen)]
struct Known {
    #[n(0)]
    title: String,
    #[n(1)]
    barcodes: Vec<String>,
    /// Minor units and currency code.
    #[n(2)]
    price: Option<(i64, String)>,
    #[n(3)]
    tax_inclusive: bool,
    /// A service, which is in no store and carries no barcode.
    #[n(4)]
    service: bool,
}

impl Known {
    fn of(title: &str, barcodes: &[Barcode], price: Option<Money>, tax_inclusive: bool) -> Self {
        Self {
            title: title.to_owned(),
            barcodes: barcodes.iter().map(|code| code.as_str().to_owned()).collect(),
            price: price.map(|price| (price.minor, price.currency.code().to_owned())),
            tax_inclusive,
            service: false,
        }
    }

    fn gtins(&self) -> BTreeSet<Gtin> {
        self.barcodes.iter().filter_map(|code| Gtin::parse(code)).collect()
    }
}

/// What is known of items and of what channels list.
#[derive(Clone, Debug, Default, PartialEq, Encode, Decode, CborLen)]
pub struct Catalogue {
    #[n(0)]
    items: BTreeMap<u32, Known>,
    /// By item and channel.
    #[n(1)]
    listings: BTreeMap<(u32, u32), Known>,
    /// Items by trade item number that is not local.
    #[n(2)]
    by_gtin: BTreeMap<String, BTreeSet<u32>>,
}

impl Mind for Catalogue {
    fn apply(&mut self, _seq: Seq, entry: &Entry) {
        match &entry.fact {
            Fact::ItemPut(item) => self.put(item),
            Fact::Listed { channel, item, listing } => self.list(*channel, *item, listing.as_deref()),
            // Every other fact is about stock, orders or people.
            _ => {}
        }
    }
}

impl Catalogue {
    /// The stored form of this mind.
    pub const FORM: u32 = 2;

    fn put(&mut self, item: &ItemPut) {
        let id = item.item.0;
        let known = Known::of(item.title.as_str(), &item.barcodes, item.price, item.tax_inclusive);
        let known = Known { service: !item.tracked, ..known };
        let gtins = known.gtins();
        if let Some(before) = self.items.insert(id, known) {
            for gtin in before.gtins() {
                if let Some(items) = self.by_gtin.get_mut(&gtin.to_string()) {
                    items.remove(&id);
                }
            }
        }
        for gtin in gtins.into_iter().filter(|gtin| !is_local(*gtin)) {
            self.by_gtin.entry(gtin.to_string()).or_default().insert(id);
        }
    }

    fn list(&mut self, channel: ChannelId, item: ItemId, listing: Option<&Listing>) {
        let key = (item.0, channel.0);
        match listing {
            Some(one) => {
                self.listings.insert(key, Known::of(one.title.as_str(), &one.barcodes, one.price, one.tax_inclusive));
            }
            None => {
                self.listings.remove(&key);
            }
        }
    }

    /// What is wrong with an item, what matters most first. Nothing for an item nobody has told of.
    pub fn findings(&self, item: ItemId) -> Vec<Proposal<Finding>> {
        let Some(known) = self.items.get(&item.0) else { return Vec::new() };
        let mut troubles = Vec::new();
        if known.title.trim().is_empty() {
            troubles.push(Trouble::NoTitle);
        }
        if known.price.as_ref().is_none_or(|(minor, _)| *minor <= 0) {
            troubles.push(Trouble::NoPrice);
        }
        self.barcodes(item, known, &mut troubles);
        for ((_, channel), listed) in self.listings.range((item.0, 0)..=(item.0, u32::MAX)) {
            compare(known, listed, ChannelId(*channel), &mut troubles);
        }
        troubles.sort_by(|a, b| b.words().1.total_cmp(&a.words().1).then_with(|| a.cmp(b)));
        troubles.into_iter().map(|trouble| proposed(item, trouble)).collect()
    }

    fn barcodes(&self, item: ItemId, known: &Known, troubles: &mut Vec<Trouble>) {
        if known.barcodes.is_empty() && !known.service {
            troubles.push(Trouble::NoBarcode);
        }
        for code in &known.barcodes {
            match Gtin::parse(code) {
                Some(gtin) => {
                    let gtin = gtin.to_string();
                    let same = self.by_gtin.get(&gtin).into_iter().flatten();
                    let others: Vec<ItemId> = same.filter(|other| **other != item.0).map(|id| ItemId(*id)).collect();
                    if !others.is_empty() {
                        troubles.push(Trouble::SharedBarcode { gtin, others });
                    }
                }
                None if looks_like_gtin(code) => troubles.push(Trouble::BadBarcode { code: code.clone() }),
                // A shop's own code.
                None => {}
            }
        }
    }
}

fn looks_like_gtin(code: &str) -> bool {
    let digits = code.bytes().filter(u8::is_ascii_digit).count();
    matches!(digits, 8 | 12..=14) && code.bytes().all(|byte| byte.is_ascii_digit() || matches!(byte, b' ' | b'-'))
}

fn compare(item: &Known, listed: &Known, channel: ChannelId, troubles: &mut Vec<Trouble>) {
    let comparable = |a: &(i64, String), b: &(i64, String)| a.1 == b.1 && item.tax_inclusive == listed.tax_inclusive;
    if let (Some(own), Some(shown)) = (&item.price, &listed.price)
        && comparable(own, shown)
        && own.0 != shown.0
    {
        troubles.push(Trouble::PriceDiffers { channel });
    }
    let (own, shown) = (words(&plain(&item.title)), words(&plain(&listed.title)));
    if !shown.is_empty() && sizes_contradict(&own, &shown) {
        troubles.push(Trouble::SizeDiffers { channel });
    } else if !shown.is_empty() && own != shown {
        troubles.push(Trouble::TitleDiffers { channel });
    }
    let (own, shown) = (item.gtins(), listed.gtins());
    if !own.is_empty() && listed.barcodes.is_empty() {
        troubles.push(Trouble::BarcodeMissing { channel });
    } else if !own.is_empty() && !shown.is_empty() && own.is_disjoint(&shown) {
        troubles.push(Trouble::BarcodeDiffers { channel });
    }
}

/// Whether both name sizes of one kind and none is the same.
fn sizes_contradict(one: &[String], other: &[String]) -> bool {
    let sizes = |words: &[String]| words.iter().filter_map(|word| size(word)).collect::<Vec<_>>();
    let (one, other) = (sizes(one), sizes(other));
    one.iter().any(|(base, _)| {
        let of = |sizes: &[(&'static str, f64)]| -> Vec<f64> {
            sizes.iter().filter(|(unit, _)| unit == base).map(|(_, value)| *value).collect()
        };
        let (a, b) = (of(&one), of(&other));
        // 1 lb on one side and 454 g on the other are the same pack: roundings are let pass.
        !b.is_empty() && !a.iter().any(|x| b.iter().any(|y| (x - y).abs() <= 0.01 * x.abs().max(y.abs())))
    })
}

fn proposed(item: ItemId, trouble: Trouble) -> Proposal<Finding> {
    let (name, weight) = trouble.words();
    let reasons = Reasons::of(vec![Term { name, input: 1.0, adds: weight }], Confidence::new(1.0));
    Proposal { action: Finding { item, trouble }, reasons, undo: "write the former value back" }
}
