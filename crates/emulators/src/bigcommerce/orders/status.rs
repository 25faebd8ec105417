//! The fifteen statuses of an order, and what a change of status does to stock and to the hearers.
//!
//! Used by everything that changes an order. Stock is taken when an order leaves Incomplete for a status that stands
//! for a placed order, and comes back when somebody sets it to Cancelled or Refunded; a refund moves none.

use super::super::Store;
use crate::machine::World;
use serde_json::json;

/// What has become of an order; the number is the vendor's `status_id`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub enum Status {
    /// The shopper reached payment and has not paid.
    Incomplete = 0,
    /// Placed and not yet looked at.
    Pending = 1,
    /// Everything has been sent off.
    Shipped = 2,
    /// Something has been sent off.
    PartiallyShipped = 3,
    /// All money has gone back.
    Refunded = 4,
    /// Will not be fulfilled.
    Cancelled = 5,
    /// The owner did not want it.
    Declined = 6,
    /// Placed and not paid.
    AwaitingPayment = 7,
    /// Ready to be collected.
    AwaitingPickup = 8,
    /// Packed.
    AwaitingShipment = 9,
    /// Everything has been handed over.
    Completed = 10,
    /// Paid, and its goods are still to leave.
    AwaitingFulfillment = 11,
    /// Somebody must look at it.
    ManualVerificationRequired = 12,
    /// The payment is disputed.
    Disputed = 13,
    /// Some money has gone back.
    PartiallyRefunded = 14,
}

/// Every status in the order of its number.
pub const ALL: [(Status, &str); 15] = [
    (Status::Incomplete, "Incomplete"),
    (Status::Pending, "Pending"),
    (Status::Shipped, "Shipped"),
    (Status::PartiallyShipped, "Partially Shipped"),
    (Status::Refunded, "Refunded"),
    (Status::Cancelled, "Cancelled"),
    (Status::Declined, "Declined"),
    (Status::AwaitingPayment, "Awaiting Payment"),
    (Status::AwaitingPickup, "Awaiting Pickup"),
    (Status::AwaitingShipment, "Awaiting Shipment"),
    (Status::Completed, "Completed"),
    (Status::AwaitingFulfillment, "Awaiting Fulfillment"),
    (Status::ManualVerificationRequired, "Manual Verification Required"),
    (Status::Disputed, "Disputed"),
    (Status::PartiallyRefunded, "Partially Refunded"),
];

impl Status {
    /// The vendor's number.
    pub fn number(self) -> u8 {
        self as u8
    }

    /// The vendor's word.
    pub fn word(self) -> &'static str {
        ALL[usize::from(self.number())].1
    }

    /// Of the vendor's number.
    pub fn read(number: u64) -> Option<Self> {
        ALL.get(usize::try_from(number).ok()?).map(|(status, _)| *status)
    }

    /// What setting this status by hand does to stock.
    fn stock(self) -> Wish {
        match self {
            Self::Incomplete | Self::Declined => Wish::Leave,
            Self::Cancelled | Self::Refunded => Wish::GiveBack,
            Self::Pending
            | Self::Shipped
            | Self::PartiallyShipped
            | Self::AwaitingPayment
            | Self::AwaitingPickup
            | Self::AwaitingShipment
            | Self::Completed
            | Self::AwaitingFulfillment
            | Self::ManualVerificationRequired
            | Self::Disputed
            | Self::PartiallyRefunded => Wish::Take,
        }
    }

    /// Whether all goods have left when an order has this status.
    pub fn is_handed_over(self) -> bool {
        matches!(self, Self::Shipped | Self::Completed)
    }
}

/// What becomes of the stock of an order.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Wish {
    Leave,
    Take,
    GiveBack,
}

impl Store {
    /// Sets a status as a person or a call does: stock follows it, and the change is told.
    pub(in super::super) fn set_status(&mut self, index: usize, status: Status, world: &mut World<'_>) {
        let before = self.orders.get(index).status;
        if before == status {
            return;
        }
        self.mark_status(index, status, world);
        match status.stock() {
            Wish::Leave => {}
            Wish::Take => self.level_lines(index, true, world),
            Wish::GiveBack => self.level_lines(index, false, world),
        }
        if status.is_handed_over() {
            self.hand_over_lines(index, world);
        }
    }

    /// Sets a status without touching stock, and tells of it.
    pub(in super::super) fn mark_status(&mut self, index: usize, status: Status, world: &mut World<'_>) {
        let before = self.orders.get(index).status;
        let now = world.now;
        let id = self.orders.change(index, now, |order| {
            order.status = status;
            if status.is_handed_over() {
                order.shipped_at.get_or_insert(now);
            }
            order.id
        });
        if before != status {
            let data = json!({"type": "order", "id": id, "status":
                {"previous_status_id": before.number(), "new_status_id": status.number()}});
            self.hooks.emit(world, "store/order/statusUpdated", data);
        }
        self.tell_order(index, "updated", world);
    }

    /// `store/order/…` with nothing but the id.
    pub(in super::super) fn tell_order(&self, index: usize, what: &str, world: &mut World<'_>) {
        let data = json!({"type": "order", "id": self.orders.get(index).id});
        self.hooks.emit(world, &format!("store/order/{what}"), data);
    }

    /// Brings what each line has off the shelf to its quantity, or to nothing.
    pub(in super::super) fn level_lines(&mut self, index: usize, placed: bool, world: &mut World<'_>) {
        for line in 0..self.orders.get(index).lines.len() {
            self.level_line(index, line, placed, world);
        }
    }

    /// The same for one line.
    pub(in super::super) fn level_line(&mut self, index: usize, line: usize, placed: bool, world: &mut World<'_>) {
        let (location, known) = (self.orders.get(index).location, &self.orders.get(index).lines[line]);
        let wanted = if placed { known.quantity } else { 0 };
        let delta = known.taken - wanted;
        // What is still in the house comes back first.
        let gone = (delta - (known.taken - known.gone)).max(0);
        let Some(variant) = known.variant.filter(|_| delta != 0) else { return };
        let now = self.orders.get(index).modified_at;
        self.orders.change(index, now, |order| {
            order.lines[line].taken = wanted;
            order.lines[line].gone -= gone;
        });
        self.move_for_order(variant, location, delta, gone, world);
    }

    /// All that is off the shelf has left the house.
    pub(in super::super) fn hand_over_lines(&mut self, index: usize, world: &mut World<'_>) {
        for line in 0..self.orders.get(index).lines.len() {
            let known = &self.orders.get(index).lines[line];
            self.hand_over_line(index, line, known.taken - known.gone, world);
        }
    }

    /// So many units of a line have left the house.
    pub(in super::super) fn hand_over_line(&mut self, index: usize, line: usize, quantity: i64, world: &mut World<'_>) {
        let order = self.orders.get(index);
        let (location, now) = (order.location, order.modified_at);
        let known = &order.lines[line];
        let quantity = quantity.min(known.taken - known.gone);
        let Some(variant) = known.variant.filter(|_| quantity > 0) else { return };
        self.orders.change(index, now, |order| order.lines[line].gone += quantity);
        self.hand_out(variant, location, quantity, world);
    }
}
