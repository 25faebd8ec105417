//! What is known of an order, whichever of Shopify's shapes told it, and the same in our words.
//!
//! Filled by `order_rest` (webhooks) and `order_graph` (answers), so that the arithmetic of units, the version and the
//! refunds exist once. Knows no JSON.

use std::collections::BTreeMap;

use model::{
    ChannelId, Currency, CustomerKey, DocumentKey, ExternalItem, ExternalLocation, Instant, LineSeen, Money, Note,
    OrderKind, OrderSeen, OrderState, PartSeen, PartState, Person, Personal, Quantity, Restock, ReturnSeen, Sku,
};

use super::tally::{Placed, Tally, joined, version};
use crate::Unreadable;

/// An order as far as one message tells it.
#[derive(Debug)]
pub(super) struct KnownOrder {
    pub(super) document: String,
    pub(super) name: String,
    pub(super) source_identifier: Option<String>,
    pub(super) placed_at: Instant,
    pub(super) updated_at: Instant,
    pub(super) cancelled: bool,
    /// Whether a till made it.
    pub(super) till: bool,
    /// Where that till stands: what nothing else explains was handed over there.
    pub(super) till_at: Option<ExternalLocation>,
    /// Where units lie that were neither handed over nor put back.
    pub(super) lies_at: Option<ExternalLocation>,
    pub(super) customer: Option<CustomerKey>,
    pub(super) email: Option<String>,
    pub(super) phone: Option<String>,
    pub(super) currency: Currency,
    pub(super) tax_inclusive: bool,
    pub(super) total: Money,
    pub(super) lines: Vec<KnownLine>,
    pub(super) refunds: Vec<KnownRefund>,
}

/// A line, in units.
#[derive(Debug)]
pub(super) struct KnownLine {
    pub(super) line: String,
    pub(super) item: Option<ExternalItem>,
    pub(super) sku: String,
    /// As first ordered.
    pub(super) ordered: u32,
    /// Without what was refunded or removed since.
    pub(super) current: u32,
    pub(super) price: Option<Money>,
    /// Handed over.
    pub(super) gone: Vec<Placed>,
    /// Still to be handed over.
    pub(super) open: Vec<Placed>,
}

/// A refund.
#[derive(Debug)]
pub(super) struct KnownRefund {
    pub(super) document: String,
    pub(super) at: Instant,
    pub(super) lines: Vec<KnownRefundLine>,
}

/// Units of a line that were refunded.
#[derive(Debug)]
pub(super) struct KnownRefundLine {
    /// The refund's line.
    pub(super) id: String,
    /// The order's line.
    pub(super) line: String,
    pub(super) units: u32,
    pub(super) kind: RefundKind,
    pub(super) location: Option<ExternalLocation>,
}

/// What happened to refunded units.
/// <https://shopify.dev/docs/api/admin-graphql/2026-10/enums/RefundLineItemRestockType>
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum RefundKind {
    /// Handed over before, came back on the shelf.
    Return,
    /// Not handed over, no longer promised.
    Cancel,
    /// Not put back by Shopify, whether handed over before or not.
    NoRestock,
    /// Old refunds: put back, without saying whether it had been handed over.
    Legacy,
}

impl RefundKind {
    /// `None` for a word that is not documented. Webhooks write small letters, answers capitals.
    pub(super) fn parse(word: &str) -> Option<Self> {
        match word {
            "return" | "RETURN" => Some(Self::Return),
            "cancel" | "CANCEL" => Some(Self::Cancel),
            "no_restock" | "NO_RESTOCK" => Some(Self::NoRestock),
            "legacy_restock" | "LEGACY_RESTOCK" => Some(Self::Legacy),
            _ => None,
        }
    }
}

impl KnownOrder {
    /// Whether it says where every unit is. Web orders in webhooks do not while anything is open: the REST shape has
    /// no assigned locations.
    pub(super) fn is_complete(&self) -> bool {
        self.lines.iter().filter(|line| line.item.is_some()).all(|line| {
            let tally = self.tally(line);
            tally.open.is_empty()
                && tally.lost == 0
                && (self.cancelled || tally.unexplained == 0)
                && tally.gone.iter().all(|(location, _)| location.is_some())
        })
    }

    /// In our words.
    ///
    /// # Errors
    /// When its time of change lies before 1970.
    pub(super) fn seen(&self, channel: ChannelId) -> Result<OrderSeen, Unreadable> {
        let tallies: Vec<Tally> = self.lines.iter().map(|line| self.tally(line)).collect();
        Ok(OrderSeen {
            channel,
            document: DocumentKey::new(&self.document),
            reference: self.reference(),
            version: version(self.updated_at, self.progress(&tallies), || "updated_at".to_owned())?,
            placed_at: self.placed_at,
            kind: if self.till { OrderKind::Till } else { OrderKind::Web },
            customer: self.customer.clone(),
            contact: self.contact(),
            currency: self.currency,
            tax_inclusive: self.tax_inclusive,
            total: self.total,
            state: self.state(&tallies),
            lines: Some(self.lines.iter().zip(&tallies).map(|(line, tally)| self.line_seen(line, tally)).collect()),
            returns: self.returns(&tallies),
        })
    }

    fn reference(&self) -> Note {
        match &self.source_identifier {
            Some(given) => Note::new(&format!("{} {given}", self.name)),
            None => Note::new(&self.name),
        }
    }

    fn state(&self, tallies: &[Tally]) -> OrderState {
        match (self.cancelled, tallies.iter().all(|tally| tally.open.is_empty())) {
            (true, _) => OrderState::Cancelled,
            (false, true) => OrderState::Completed,
            (false, false) => OrderState::Open,
        }
    }

    /// Only a guest's: a known customer's fields come with the customer.
    fn contact(&self) -> Option<Personal> {
        if self.customer.is_some() || (self.email.is_none() && self.phone.is_none()) {
            return None;
        }
        Some(Personal::Plain(Box::new(Person {
            email: self.email.clone().unwrap_or_default(),
            phone: self.phone.clone().unwrap_or_default(),
            ..Person::default()
        })))
    }

    fn line_seen(&self, line: &KnownLine, tally: &Tally) -> LineSeen {
        let gone = match tally.lost {
            0 => tally.gone.clone(),
            lost => joined(&[&tally.gone[..], &[(self.lies_at.clone(), lost)]].concat()),
        };
        let part = |state: PartState| {
            move |(location, units): Placed| PartSeen { location, quantity: Quantity::units(units), state }
        };
        let parts: Vec<PartSeen> = gone
            .into_iter()
            .map(part(PartState::Gone))
            .chain(tally.open.iter().cloned().map(part(PartState::Promised)))
            .collect();
        LineSeen {
            line: Note::new(&line.line),
            item: line.item.clone(),
            sku: Sku::new(&line.sku),
            quantity: Quantity::units(tally.quantity),
            price: line.price,
            parts: if line.item.is_some() { parts } else { Vec::new() },
        }
    }

    fn returns(&self, tallies: &[Tally]) -> Vec<ReturnSeen> {
        if self.refunds.is_empty() {
            return Vec::new();
        }
        // Refunds without restocking do not say whether the units had been handed over; those that cannot have been
        // are taken first.
        let mut lost: BTreeMap<&str, u32> =
            self.lines.iter().zip(tallies).map(|(line, tally)| (line.line.as_str(), tally.lost)).collect();
        let mut returns = Vec::new();
        for (refund, refunded) in self.refunds.iter().flat_map(|refund| refund.lines.iter().map(move |it| (refund, it)))
        {
            let line = self.lines.iter().zip(tallies).find(|(line, _)| line.line == refunded.line);
            let came_back = match refunded.kind {
                RefundKind::Return => refunded.units,
                RefundKind::Cancel => 0,
                RefundKind::Legacy if line.is_some_and(|(_, tally)| !tally.gone.is_empty()) => refunded.units,
                RefundKind::Legacy => 0,
                RefundKind::NoRestock => {
                    let left = lost.entry(&refunded.line).or_default();
                    let taken = (*left).min(refunded.units);
                    *left -= taken;
                    refunded.units - taken
                }
            };
            if came_back > 0 {
                returns.push(return_seen(refund, refunded, line.map(|(line, _)| line), came_back));
            }
        }
        returns
    }
}

fn return_seen(refund: &KnownRefund, refunded: &KnownRefundLine, line: Option<&KnownLine>, units: u32) -> ReturnSeen {
    ReturnSeen {
        document: DocumentKey::new(&format!("refund:{}", refund.document)),
        line: Note::new(&refunded.id),
        item: line.and_then(|line| line.item.clone()),
        sku: Sku::new(line.map_or("", |line| &line.sku)),
        quantity: Quantity::units(units),
        restock: restock(refunded.kind, refunded.location.as_ref()),
        at: refund.at,
    }
}

/// Where refunded units went. A restocking without a location was put back where Shopify does not say; the level
/// there will show it.
fn restock(kind: RefundKind, location: Option<&ExternalLocation>) -> Restock {
    match (kind, location) {
        (RefundKind::Return | RefundKind::Legacy, Some(location)) => Restock::At(location.clone()),
        (RefundKind::Return | RefundKind::Legacy, None) | (RefundKind::NoRestock | RefundKind::Cancel, _) => {
            Restock::Nowhere
        }
    }
}
