//! Orders and refunds of webhooks (REST shapes) to what is known of them.
//!
//! Called by `webhook`. Knows nothing of headers or topics.

use model::{
    ChannelId, Currency, CustomerKey, DocumentKey, ExternalLocation, Money, Note, OrderKind, OrderSeen, OrderState,
    Restock, ReturnSeen, Sku,
};

use super::known::{KnownLine, KnownOrder, KnownRefund, KnownRefundLine, RefundKind};
use super::rest;
use super::scalar::{self, Id, unreadable};
use super::tally::Placed;
use super::translate::{Counted, counted, placed_at, variant_key};
use crate::Unreadable;

/// An order as a webhook tells it.
///
/// # Errors
/// When an amount or a status is not what is documented.
pub(super) fn known(order: &rest::Order) -> Result<KnownOrder, Unreadable> {
    let currency = scalar::currency(&order.currency, "currency")?;
    let total = match &order.current_total_price {
        Some(amount) => amount.money(currency, || "current_total_price".to_owned())?,
        None => order.total_price.money(currency, || "total_price".to_owned())?,
    };
    let till = order.source_name.as_deref() == Some("pos");
    let refunds = refunds(&order.refunds)?;
    let location = order.location_id.map(location);
    let customer = order.customer.as_ref().map(|customer| CustomerKey::new(&customer.id.text()));
    Ok(KnownOrder {
        document: order.id.text(),
        name: order.name.clone(),
        source_identifier: order.source_identifier.clone(),
        placed_at: placed_at(order.created_at, order.processed_at),
        updated_at: order.updated_at.0,
        cancelled: order.cancelled_at.is_some(),
        till,
        till_at: location.clone().filter(|_| till),
        lies_at: location,
        customer,
        email: order.email.clone(),
        phone: order.phone.clone(),
        currency,
        tax_inclusive: order.taxes_included,
        total,
        lines: lines(order, &refunds, currency)?,
        refunds,
    })
}

fn lines(order: &rest::Order, refunds: &[KnownRefund], currency: Currency) -> Result<Vec<KnownLine>, Unreadable> {
    let gone = gone(&order.fulfillments)?;
    let line = |(index, line): (usize, &rest::Line)| {
        let id = line.id.text();
        let refunded = refunds
            .iter()
            .flat_map(|refund| &refund.lines)
            .filter(|it| it.line == id)
            .fold(0, |sum: u32, it| sum.saturating_add(it.units));
        Ok(KnownLine {
            item: line.variant_id.map(|variant| variant_key(&variant.text())),
            sku: line.sku.clone().unwrap_or_default(),
            ordered: line.quantity.0,
            current: line.current_quantity.map_or(line.quantity.0.saturating_sub(refunded), |current| current.0),
            price: Some(line.price.money(currency, || format!("line_items[{index}].price"))?),
            gone: gone.iter().filter(|(of, _)| *of == line.id).map(|(_, placed)| placed.clone()).collect(),
            // Where they are promised is not said here.
            open: vec![(None, line.fulfillable_quantity.0)],
            line: id,
        })
    };
    order.line_items.iter().enumerate().map(line).collect()
}

fn gone(fulfillments: &[rest::Fulfillment]) -> Result<Vec<(Id, Placed)>, Unreadable> {
    let mut gone = Vec::new();
    for (index, fulfillment) in fulfillments.iter().enumerate() {
        match counted(&fulfillment.status) {
            Some(Counted::Yes) => {}
            Some(Counted::No) => continue,
            None => {
                return Err(unreadable(format!("fulfillments[{index}].status"), "not a documented status".to_owned()));
            }
        }
        let location = fulfillment.location_id.map(location);
        gone.extend(fulfillment.line_items.iter().map(|line| (line.id, (location.clone(), line.quantity.0))));
    }
    Ok(gone)
}

fn refunds(refunds: &[rest::Refund]) -> Result<Vec<KnownRefund>, Unreadable> {
    let one = |(index, refund): (usize, &rest::Refund)| {
        let line = |(row, line): (usize, &rest::RefundLine)| {
            Ok(KnownRefundLine {
                id: line.id.text(),
                line: line.line_item_id.text(),
                units: line.quantity.0,
                kind: kind(line, || format!("refunds[{index}].refund_line_items[{row}].restock_type"))?,
                location: line.location_id.map(location),
            })
        };
        Ok(KnownRefund {
            document: refund.id.text(),
            at: refund.processed_at.unwrap_or(refund.created_at).0,
            lines: refund.refund_line_items.iter().enumerate().map(line).collect::<Result<_, _>>()?,
        })
    };
    refunds.iter().enumerate().map(one).collect()
}

/// A refund that only brings goods back to a shelf, as news about its order that says nothing of the order's lines.
/// `None` when the order has to be read to know what the refund means.
///
/// # Errors
/// When an amount's currency or a kind of restocking is not what is documented.
pub(super) fn returned(refund: &rest::Refund, channel: ChannelId) -> Result<Option<OrderSeen>, Unreadable> {
    let mut returns = Vec::new();
    let at = refund.processed_at.unwrap_or(refund.created_at).0;
    for (row, line) in refund.refund_line_items.iter().enumerate() {
        let kind = kind(line, || format!("refund_line_items[{row}].restock_type"))?;
        let (RefundKind::Return, Some(place), Some(sold)) = (kind, line.location_id, &line.line_item) else {
            return Ok(None);
        };
        returns.push(ReturnSeen {
            document: DocumentKey::new(&format!("refund:{}", refund.id.text())),
            line: Note::new(&line.id.text()),
            item: sold.variant_id.map(|variant| variant_key(&variant.text())),
            sku: Sku::new(sold.sku.as_deref().unwrap_or_default()),
            quantity: line.quantity.quantity(),
            restock: Restock::At(location(place)),
            at,
        });
    }
    if returns.is_empty() {
        return Ok(None);
    }
    let currency = refund_currency(refund)?;
    // Everything but the returns is empty: a refund does not repeat its order's head, and version 0 is older than any
    // order, so that nothing of it is taken for the order's state.
    Ok(Some(OrderSeen {
        channel,
        document: DocumentKey::new(&refund.order_id.text()),
        reference: Note::new(""),
        version: 0,
        placed_at: refund.created_at.0,
        kind: OrderKind::Web,
        customer: None,
        contact: None,
        currency,
        tax_inclusive: false,
        total: Money { minor: 0, currency },
        state: OrderState::Completed,
        lines: None,
        returns,
    }))
}

/// A refund without money has no currency: then it is `XXX`, ISO 4217's code for none.
fn refund_currency(refund: &rest::Refund) -> Result<Currency, Unreadable> {
    let code = refund.transactions.iter().find_map(|transaction| transaction.currency.as_deref());
    scalar::currency(code.unwrap_or("XXX"), "transactions[0].currency")
}

fn kind(line: &rest::RefundLine, field: impl FnOnce() -> String) -> Result<RefundKind, Unreadable> {
    RefundKind::parse(&line.restock_type)
        .ok_or_else(|| unreadable(field(), "not a documented kind of restocking".to_owned()))
}

fn location(id: Id) -> ExternalLocation {
    ExternalLocation::new(&id.text())
}
