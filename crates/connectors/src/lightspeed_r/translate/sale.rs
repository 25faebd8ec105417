//! Sales: what has left and what came back.
//!
//! Stock leaves when a sale is completed and comes back when it is voided
//! (<https://developers.lightspeedhq.com/retail/endpoints/Sale/>, read 2026-11-24). A basket that is still open has moved
//! nothing, and promises nothing either: it is being rung up. What is put aside in it, on layaway or for a work order, is
//! promised: the platform counts it apart (`onLayaway`, `onWorkorder` of
//! <https://developers.lightspeedhq.com/retail/endpoints/ItemShop/>, read 2026-11-24) and leaves it in `qoh`. So is all
//! of an open sale that another system put in under its own name: that is an order, for which no relation of lines
//! exists. A special order is not: its goods have yet to come. A refund is a sale of its own with negative lines, which the till puts back on the shelf of their shop.

use model::{
    Change, ChannelId, Currency, CustomerKey, DocumentKey, ExternalItem, ExternalLocation, Instant, LineSeen, Note,
    OrderKind, OrderSeen, OrderState, PartSeen, PartState, Restock, ReturnSeen, Sku,
};

use super::{at, flag, id, instant, price, reference};
use crate::Unreadable;
use crate::lightspeed_r::wire::{self, SaleLine, unreadable};

/// Steps of a version inside one second.
const STEPS: u64 = 1_000_000;
/// Steps between two states of a sale; what is below counts its lines.
const STATE_STEPS: u64 = 200_000;

/// A sale as the document it is.
///
/// # Errors
/// Names the field below `path` that is not what it should be.
pub(in crate::lightspeed_r) fn sale(
    path: &str,
    sale: &wire::Sale,
    channel: ChannelId,
    currency: Currency,
) -> Result<OrderSeen, Unreadable> {
    let document = DocumentKey::new(id(&at(path, "saleID"), &sale.id)?);
    let state = state(path, sale)?;
    let times = Times::of(path, sale)?;
    let lines = Lines::of(path, sale, currency)?;
    let (moved, kind) = (state == OrderState::Completed, kind(sale));
    Ok(OrderSeen {
        channel,
        reference: reference_words(sale),
        version: version(path, sale, &times, lines.0.len())?,
        placed_at: times.completed.or(times.created).unwrap_or(times.changed),
        kind,
        customer: reference(&at(path, "customerID"), &sale.customer)?.map(CustomerKey::new),
        contact: None,
        currency,
        tax_inclusive: flag(&at(path, "isTaxInclusive"), &sale.tax_inclusive)?,
        total: total(path, sale, currency)?,
        state,
        lines: Some(lines.0.iter().filter(|line| !line.change.is_loss()).map(|line| line.sold(state, kind)).collect()),
        returns: lines.returns(moved, &document, times.completed.unwrap_or(times.changed)),
        document,
    })
}

/// A basket that was archived before it was completed is thrown away; an archived sale is only hidden.
fn state(path: &str, sale: &wire::Sale) -> Result<OrderState, Unreadable> {
    let voided = flag(&at(path, "voided"), &sale.voided)?;
    let completed = flag(&at(path, "completed"), &sale.completed)?;
    let archived = flag(&at(path, "archived"), &sale.archived)?;
    Ok(match (voided, completed, archived) {
        (true, _, _) | (false, false, true) => OrderState::Cancelled,
        (false, true, _) => OrderState::Completed,
        (false, false, false) => OrderState::Open,
    })
}

/// When it was begun, completed and last changed.
struct Times {
    created: Option<Instant>,
    completed: Option<Instant>,
    changed: Instant,
}

impl Times {
    fn of(path: &str, sale: &wire::Sale) -> Result<Self, Unreadable> {
        let known = |field: &str, text: &wire::Text| text.filled().map(|_| instant(&at(path, field), text)).transpose();
        // The time stamp of a completed sale is that of its completion; what is changed afterwards moves the other one.
        let later = known("updatetime", &sale.updated)?.max(known("updateTime", &sale.updated_too)?);
        let stamp = instant(&at(path, "timeStamp"), &sale.time_stamp)?;
        Ok(Self {
            created: known("createTime", &sale.created)?,
            completed: known("completeTime", &sale.completed_at)?,
            changed: later.map_or(stamp, |later| later.max(stamp)),
        })
    }
}

/// Times have whole seconds, and a basket is filled, paid and voided faster than that: the state and the number of lines
/// order what happens in one second.
fn version(path: &str, sale: &wire::Sale, times: &Times, lines: usize) -> Result<u64, Unreadable> {
    let state = match (flag(&at(path, "voided"), &sale.voided)?, flag(&at(path, "completed"), &sale.completed)?) {
        (true, _) => 3,
        (false, true) => 2,
        (false, false) if flag(&at(path, "archived"), &sale.archived)? => 1,
        (false, false) => 0,
    };
    let seconds = u64::try_from(times.changed.0.div_euclid(1_000)).unwrap_or(0);
    let lines = u64::try_from(lines).unwrap_or(u64::MAX).min(STATE_STEPS - 1);
    Ok(seconds.saturating_mul(STEPS).saturating_add(state * STATE_STEPS + lines))
}

/// Sales of another system are put in with its name; the till's own have none.
fn kind(sale: &wire::Sale) -> OrderKind {
    if sale.reference_source.is_empty() { OrderKind::Till } else { OrderKind::Web }
}

fn reference_words(sale: &wire::Sale) -> Note {
    let parts = [sale.ticket.as_str(), sale.reference_source.as_str(), sale.reference.as_str()];
    let parts: Vec<&str> = parts.into_iter().filter(|part| !part.is_empty()).collect();
    Note::new(&parts.join(" "))
}

fn total(path: &str, sale: &wire::Sale, currency: Currency) -> Result<model::Money, Unreadable> {
    let (field, text) = if sale.total.is_empty() { ("calcTotal", &sale.calc_total) } else { ("total", &sale.total) };
    price(&at(path, field), text, currency)?
        .ok_or_else(|| unreadable(at(path, field), "is not an amount in whole coins"))
}

/// A line, read.
struct Line {
    id: Note,
    item: Option<ExternalItem>,
    shop: ExternalLocation,
    change: Change,
    price: Option<model::Money>,
    aside: bool,
}

impl Line {
    fn of(path: &str, sale: &wire::Sale, line: &SaleLine, currency: Currency) -> Result<Self, Unreadable> {
        let shop = match reference(&at(path, "shopID"), &line.shop)? {
            Some(shop) => shop,
            None => id(&at(path, "shopID"), &sale.shop)?,
        };
        let quantity = Change::parse(line.quantity.as_str());
        Ok(Self {
            id: Note::new(id(&at(path, "saleLineID"), &line.id)?),
            item: reference(&at(path, "itemID"), &line.item)?.map(ExternalItem::new),
            shop: ExternalLocation::new(shop),
            change: quantity.map_err(|error| unreadable(at(path, "unitQuantity"), format!("is {error}")))?,
            price: price(&at(path, "unitPrice"), &line.price, currency)?,
            aside: flag(&at(path, "isLayaway"), &line.layaway)? || flag(&at(path, "isWorkorder"), &line.workorder)?,
        })
    }

    fn sold(&self, sale: OrderState, kind: OrderKind) -> LineSeen {
        let quantity = self.change.size();
        let stock = match sale {
            OrderState::Completed => Some(PartState::Gone),
            OrderState::Open if self.aside || kind == OrderKind::Web => Some(PartState::Promised),
            OrderState::Open | OrderState::Cancelled => None,
        };
        let stock = stock.filter(|_| self.item.is_some() && !quantity.is_zero());
        let part = stock.map(|state| PartSeen { location: Some(self.shop.clone()), quantity, state });
        LineSeen {
            line: self.id.clone(),
            item: self.item.clone(),
            // A line carries no SKU unless a dearer relation is asked for; the item is known by its id.
            sku: Sku::new(""),
            quantity,
            price: self.price,
            parts: part.into_iter().collect(),
        }
    }

    fn returned(&self, document: &DocumentKey, at: Instant) -> ReturnSeen {
        let restock = if self.item.is_some() { Restock::At(self.shop.clone()) } else { Restock::Nowhere };
        ReturnSeen {
            document: document.clone(),
            line: self.id.clone(),
            item: self.item.clone(),
            sku: Sku::new(""),
            quantity: self.change.size(),
            restock,
            at,
        }
    }
}

struct Lines(Vec<Line>);

impl Lines {
    fn of(path: &str, sale: &wire::Sale, currency: Currency) -> Result<Self, Unreadable> {
        let lines = sale.lines.0.rows.0.iter().enumerate();
        let lines = lines
            .map(|(index, line)| Line::of(&at(path, &format!("SaleLines.SaleLine[{index}]")), sale, line, currency));
        lines.collect::<Result<_, _>>().map(Self)
    }

    fn returns(&self, moved: bool, document: &DocumentKey, at: Instant) -> Vec<ReturnSeen> {
        let returned = self.0.iter().filter(|line| moved && line.change.is_loss());
        returned.map(|line| line.returned(document, at)).collect()
    }
}
