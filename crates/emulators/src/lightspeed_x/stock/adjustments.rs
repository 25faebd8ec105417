//! Changes of stock by hand, with a reason: the documents, and the two calls about them.
//!
//! Acts make them as the back office does; `routes` sends calls here. There is no idempotency key: the same call twice
//! is two changes.

use crate::lightspeed_x::LightspeedX;
use crate::lightspeed_x::clock::iso;
use crate::lightspeed_x::decimal::Decimal;
use crate::lightspeed_x::feed::Feed;
use crate::lightspeed_x::ids::Id;
use crate::lightspeed_x::paging::Page;
use crate::lightspeed_x::wire::{self, Answer, Call, Refused, Reply};
use crate::machine::{Millis, World};
use serde_json::{Map, Value, json};

const ROWS_MAX: usize = 1_000;

/// Why stock was changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reason {
    /// Broken.
    Damage,
    /// Too old.
    Expiry,
    /// Used in the store.
    InternalUse,
    /// Stolen.
    Theft,
    /// Given away.
    Donation,
    /// Found.
    StockFound,
    /// A sample that is now for sale.
    SampleForSale,
    /// The retailer's own reason.
    Custom,
}

const REASONS: [(Reason, &str); 8] = [
    (Reason::Damage, "DAMAGE"),
    (Reason::Expiry, "EXPIRY"),
    (Reason::InternalUse, "INTERNAL_USE"),
    (Reason::Theft, "THEFT"),
    (Reason::Donation, "DONATION"),
    (Reason::StockFound, "STOCK_FOUND"),
    (Reason::SampleForSale, "SAMPLE_FOR_SALE"),
    (Reason::Custom, "CUSTOM"),
];

impl Reason {
    fn read(text: &str) -> Option<Self> {
        REASONS.iter().find(|(_, name)| *name == text).map(|(reason, _)| *reason)
    }

    /// The vendor's word.
    pub fn name(self) -> &'static str {
        REASONS.iter().find(|(reason, _)| *reason == self).map_or("CUSTOM", |(_, name)| *name)
    }

    /// Whether goods may move this way for this reason.
    pub fn allows(self, quantity: Decimal) -> bool {
        match self {
            Self::Damage | Self::Expiry | Self::InternalUse | Self::Theft | Self::Donation => quantity.is_negative(),
            Self::StockFound | Self::SampleForSale => quantity.is_positive(),
            Self::Custom => !quantity.is_zero(),
        }
    }

    /// The reason that a few words of a person mean; where they mean none that fits the direction, goods are found or
    /// used up.
    pub fn meant(words: &str, quantity: Decimal) -> Self {
        let words = words.to_lowercase();
        let known: [(&str, Self); 8] = [
            ("damage", Self::Damage),
            ("broken", Self::Damage),
            ("expir", Self::Expiry),
            ("theft", Self::Theft),
            ("stolen", Self::Theft),
            ("donat", Self::Donation),
            ("sample", Self::SampleForSale),
            ("found", Self::StockFound),
        ];
        let found = known.iter().find(|(word, reason)| words.contains(word) && reason.allows(quantity));
        let otherwise = if quantity.is_positive() { Self::StockFound } else { Self::InternalUse };
        found.map_or(otherwise, |(_, reason)| *reason)
    }
}

/// One change by hand.
#[derive(Clone, Debug)]
pub struct Adjustment {
    /// Its id.
    pub id: Id,
    /// Index of the product.
    pub product: usize,
    /// Index of the outlet.
    pub outlet: usize,
    /// Signed.
    pub quantity: Decimal,
    /// Why.
    pub reason: Reason,
    custom: Option<Id>,
    created_at: Millis,
    version: u64,
}

/// All changes by hand.
#[derive(Debug, Default)]
pub struct Adjustments {
    all: Vec<Adjustment>,
    feed: Feed,
}

/// A change that is wanted and fits its reason.
#[derive(Clone, Copy, Debug)]
pub struct Wanted {
    /// Index of the product.
    pub product: usize,
    /// Index of the outlet.
    pub outlet: usize,
    /// Signed.
    pub quantity: Decimal,
    /// Why.
    pub reason: Reason,
    /// The retailer's own reason.
    pub custom: Option<Id>,
}

impl LightspeedX {
    /// Makes an adjustment and moves the goods; answers its id.
    pub(crate) fn adjust(&mut self, wanted: Wanted, world: &mut World<'_>) -> Id {
        let index = self.file_adjustment(wanted, world);
        self.move_stock(&[(wanted.product, wanted.outlet, wanted.quantity)], world);
        self.stock.adjustments.all[index].id
    }

    fn file_adjustment(&mut self, wanted: Wanted, world: &mut World<'_>) -> usize {
        let adjustments = &mut self.stock.adjustments;
        let index = adjustments.all.len();
        let version = self.versions.next(world.dice);
        adjustments.all.push(Adjustment {
            id: Id::draw(world.dice),
            product: wanted.product,
            outlet: wanted.outlet,
            quantity: wanted.quantity,
            reason: wanted.reason,
            custom: wanted.custom,
            created_at: world.now,
            version,
        });
        adjustments.feed.file(index, 0, version);
        index
    }

    /// `GET /stock_adjustments`.
    pub(crate) fn list_adjustments(&self, call: &Call) -> Answer {
        Ok(Page::read(call)?.of(&self.stock.adjustments.feed, |_| true, |index| self.render_adjustment(index)))
    }

    /// `POST /stock_adjustments`: all rows or none.
    pub(crate) fn create_adjustments(&mut self, call: &Call, world: &mut World<'_>) -> Answer {
        let body = call.object()?;
        if let Some(odd) = body.keys().find(|key| *key != "stock_adjustments") {
            return Err(Refused::unreadable(format!("{odd} is not a field of this request")));
        }
        let rows = wire::objects(body, "stock_adjustments")?;
        if rows.is_empty() || rows.len() > ROWS_MAX {
            return Err(Refused::unreadable(format!("stock_adjustments must have 1 to {ROWS_MAX} rows")));
        }
        let planned = rows.into_iter().map(|row| self.read_row(row)).collect::<Result<Vec<Wanted>, Refused>>()?;
        let made: Vec<usize> = planned.iter().map(|wanted| self.file_adjustment(*wanted, world)).collect();
        for wanted in planned {
            self.move_stock(&[(wanted.product, wanted.outlet, wanted.quantity)], world);
        }
        Ok(Reply::created(made.into_iter().map(|index| self.render_adjustment(index)).collect()))
    }

    fn read_row(&self, row: &Map<String, Value>) -> Result<Wanted, Refused> {
        const FIELDS: [&str; 5] =
            ["product_id", "outlet_id", "quantity", "reason", "custom_inventory_adjustment_reason_id"];
        if let Some(odd) = row.keys().find(|key| !FIELDS.contains(&key.as_str())) {
            return Err(Refused::unreadable(format!("{odd} is not a field of a stock adjustment")));
        }
        let need = |name: &str| Refused::unreadable(format!("{name} is required"));
        let product = wire::id(row, "product_id")?.ok_or_else(|| need("product_id"))?;
        let outlet = wire::id(row, "outlet_id")?.ok_or_else(|| need("outlet_id"))?;
        let quantity = wire::text(row, "quantity")?.ok_or_else(|| need("quantity"))?;
        let quantity = Decimal::parse(quantity).ok_or_else(|| Refused::against("quantity is not a decimal"))?;
        let reason = wire::text(row, "reason")?.ok_or_else(|| need("reason"))?;
        let reason = Reason::read(reason).ok_or_else(|| Refused::unreadable("reason is unknown"))?;
        let custom = wire::id(row, "custom_inventory_adjustment_reason_id")?;
        if !reason.allows(quantity) {
            return Err(Refused::against(format!("quantity {quantity} does not fit the reason {}", reason.name())));
        }
        if (reason == Reason::Custom) != custom.is_some() {
            return Err(Refused::against("a custom reason id belongs to the reason CUSTOM, and CUSTOM needs one"));
        }
        let product = self.goods.find(product).ok_or_else(|| Refused::against("product_id is unknown"))?;
        let outlet = self.account.outlet_of(outlet).ok_or_else(|| Refused::against("outlet_id is unknown"))?;
        if self.record_at(product, outlet).is_none() {
            return Err(Refused::against("the product's stock is not counted"));
        }
        Ok(Wanted { product, outlet, quantity, reason, custom })
    }

    fn render_adjustment(&self, index: usize) -> Value {
        let one = &self.stock.adjustments.all[index];
        let mut shown = json!({
            "id": one.id.to_string(),
            "user_id": self.account.user_id.to_string(),
            "product_id": self.goods.get(one.product).id.to_string(),
            "outlet_id": self.account.outlet(one.outlet).id.to_string(),
            "quantity": one.quantity.to_string(),
            "reason": one.reason.name(),
            "created_at": iso(one.created_at),
            "updated_at": iso(one.created_at),
            "version": one.version,
        });
        if let Some(custom) = one.custom {
            shown["custom_inventory_adjustment_reason_id"] = custom.json();
        }
        shown
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_of_a_person_become_a_reason_that_fits_the_direction() {
        let (minus, plus) = (Decimal::raw(-100_000), Decimal::raw(100_000));
        assert_eq!(Reason::meant("damaged in transit", minus), Reason::Damage);
        assert_eq!(Reason::meant("damaged in transit", plus), Reason::StockFound);
        assert_eq!(Reason::meant("", minus), Reason::InternalUse);
        assert_eq!(Reason::meant("stolen", minus).name(), "THEFT");
    }
}
