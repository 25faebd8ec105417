//! Stock as people change it: counted, adjusted, moved between outlets.
//!
//! Called by the acts.

use crate::lightspeed_x::LightspeedX;
use crate::lightspeed_x::books::Entry;
use crate::lightspeed_x::consignments::{Consignment, Kind, Status};
use crate::lightspeed_x::decimal::Decimal;
use crate::lightspeed_x::stock::adjustments::{Reason, Wanted};
use crate::machine::{ActLine, World};
use serde_json::{Value, json};

/// A change by hand, as typed.
#[derive(Debug)]
pub struct ByHand<'a> {
    /// SKU.
    pub sku: &'a str,
    /// Outlet.
    pub location: &'a str,
    /// Signed decimal.
    pub delta: &'a str,
    /// A few words.
    pub reason: &'a str,
    /// The tester's name for it.
    pub reference: &'a str,
}

impl LightspeedX {
    /// The count is typed over on the product's page, as the product call with `current_amount` does it: no document
    /// is made, and the stock record shows the new number.
    pub(super) fn count_by_hand(
        &mut self,
        sku: &str,
        place: &str,
        text: &str,
        world: &mut World<'_>,
    ) -> Result<Value, String> {
        let quantity = Decimal::parse(text).ok_or_else(|| format!("{text} is not a quantity"))?;
        let (product, outlet) = (self.goods.sold_as(sku)?, self.account.named(place)?);
        let record = self.counted(product, outlet)?;
        let was = self.stock.get(record).version;
        self.set_level(record, quantity, world);
        let (id, version) = (self.stock.get(record).id.to_string(), self.stock.get(record).version);
        // A number that is typed over itself leaves no trace anywhere.
        if version != was {
            self.log.push(Entry::Change {
                kind: "count",
                reference: id.clone(),
                document: id.clone(),
                line: version.to_string(),
                product,
                outlet,
                quantity,
                at: world.now,
            });
        }
        Ok(json!({"inventory_id": id, "quantity": quantity.to_string()}))
    }

    /// A stock adjustment with the reason that the words mean.
    pub(super) fn adjust_by_hand(&mut self, change: &ByHand<'_>, world: &mut World<'_>) -> Result<Value, String> {
        let quantity = Decimal::parse(change.delta).filter(|quantity| !quantity.is_zero());
        let quantity = quantity.ok_or_else(|| format!("{} is not a change", change.delta))?;
        let (product, outlet) = (self.goods.sold_as(change.sku)?, self.account.named(change.location)?);
        let record = self.counted(product, outlet)?;
        let reason = Reason::meant(change.reason, quantity);
        let id =
            self.adjust_and_log(Wanted { product, outlet, quantity, reason, custom: None }, change.reference, world);
        Ok(json!({"stock_adjustment_id": id, "quantity": self.stock.get(record).level.to_string()}))
    }

    /// Makes an adjustment and writes it into the books; answers its id.
    pub(super) fn adjust_and_log(&mut self, wanted: Wanted, reference: &str, world: &mut World<'_>) -> String {
        let id = self.adjust(wanted, world).to_string();
        let reference = if reference.is_empty() { id.clone() } else { reference.to_owned() };
        self.log.push(Entry::Change {
            kind: "adjust",
            reference,
            document: id.clone(),
            line: String::new(),
            product: wanted.product,
            outlet: wanted.outlet,
            quantity: wanted.quantity,
            at: world.now,
        });
        id
    }

    /// A consignment between outlets, sent and received.
    pub(super) fn transfer(
        &mut self,
        reference: &str,
        from: &str,
        to: &str,
        lines: &[ActLine],
        world: &mut World<'_>,
    ) -> Result<Value, String> {
        let (source, outlet) = (self.account.named(from)?, self.account.named(to)?);
        if source == outlet {
            return Err("a transfer needs two outlets".into());
        }
        let goods = self.read_goods(lines)?;
        for (product, _) in &goods {
            self.counted(*product, source)?;
        }
        let mut consignment = Consignment::begin(Kind::Outlet, reference, outlet, world);
        consignment.source = Some(source);
        consignment.reference = Some(reference.to_owned());
        for (product, quantity) in &goods {
            consignment.put(*product, world).count += *quantity;
        }
        let id = consignment.id.to_string();
        consignment.status = Status::Sent;
        let index = self.put_consignment(consignment, world);
        let mut arrived = self.consignments.get(index).clone();
        for parcel in &mut arrived.goods {
            parcel.received = Some(parcel.count);
        }
        arrived.status = Status::Received;
        self.put_consignment(arrived, world);
        let moved = &self.consignments.get(index).goods;
        let moved: Vec<(usize, Decimal)> = moved.iter().map(|parcel| (parcel.product, parcel.count)).collect();
        for (product, quantity) in moved {
            for (end, quantity) in [(source, -quantity), (outlet, quantity)] {
                self.log.push(Entry::Change {
                    kind: "adjust",
                    reference: reference.to_owned(),
                    document: id.clone(),
                    line: self.goods.get(product).id.to_string(),
                    product,
                    outlet: end,
                    quantity,
                    at: world.now,
                });
            }
        }
        Ok(json!({ "consignment_id": id }))
    }

    /// The stock record of a product at an outlet.
    ///
    /// # Errors
    /// A sentence when it is not counted.
    fn counted(&self, product: usize, outlet: usize) -> Result<usize, String> {
        let record = self.record_at(product, outlet);
        record.ok_or_else(|| format!("the stock of {} is not counted", self.goods.get(product).sku))
    }
}
