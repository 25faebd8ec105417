//! Sales: what has left and what is promised of them, as levels.
//!
//! When a sale moves Lightspeed's own level is told by its state and attributes:
//! <https://x-series-api.lightspeedhq.com/docs/sales_states_and_attributes> maps them to the older statuses,
//! <https://x-series-api.lightspeedhq.com/docs/sales_statuses> says which of those reduce the inventory (closed ones, on
//! account), <https://support.vendhq.com/hc/en-us/articles/360000490976> that a layby does so when it is begun, and
//! <https://x-series-api.lightspeedhq.com/docs/fulfillments_partial_fulfillment> that a sale for pick-up or delivery does
//! so only when it is handed over. All read 2026-11-23.

use model::{
    Currency, CustomerKey, DocumentKey, ExternalItem, ExternalLocation, Instant, LineSeen, Money, Note, OrderKind,
    OrderSeen, OrderState, PartSeen, PartState, Quantity, Restock, ReturnSeen, Sku,
};

use super::{given, instant, needed};
use crate::lightspeed_x::decimal::Decimal;
use crate::lightspeed_x::wire::{Line, Sale, beneath, unreadable};
use crate::{Account, Unreadable};

/// Kinds of origin that are a web shop's, wherever they appear in the source's type: Lightspeed's own online shop says
/// `ECOMMERCE`, sales brought in from a shop next to it say its name.
const WEB: [&str; 6] = ["ECOM", "ONLINE", "WEB", "SHOPIFY", "BIGCOMMERCE", "WOOCOMMERCE"];

/// What a sale has done to the level.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Stock {
    /// Nothing, or nothing any more.
    Untouched,
    /// Nothing yet, but it is spoken for.
    Promised,
    /// It has been taken off.
    Gone,
}

/// A sale, a return, or both in one. Lines with a quantity above zero are sold, those below zero came back.
///
/// # Errors
/// Names the field below `path` that is not what it should be.
pub(in crate::lightspeed_x) fn sale(path: &str, seen: &Sale, account: &Account) -> Result<OrderSeen, Unreadable> {
    let currency = account.currency;
    let document = DocumentKey::new(needed(path, "id", seen.id.as_deref())?);
    let (state, stock) = state(path, seen)?;
    let placed_at = placed_at(path, seen)?;
    let taxed = taxed(seen, account);
    let reader = Reader { path, seen, document: &document, placed_at, stock, currency, taxed };
    let (lines, returns) = reader.lines()?;
    Ok(OrderSeen {
        channel: account.channel,
        reference: reference(seen),
        version: version(path, seen)?,
        placed_at,
        kind: kind(seen),
        customer: given(seen.customer_id.as_deref()).map(CustomerKey::new),
        contact: None,
        currency,
        tax_inclusive: taxed,
        total: total(path, seen, currency)?,
        state,
        lines: Some(lines),
        returns,
        document,
    })
}

fn state(path: &str, seen: &Sale) -> Result<(OrderState, Stock), Unreadable> {
    if given(seen.deleted_at.as_deref()).is_some() {
        return Ok((OrderState::Cancelled, Stock::Untouched));
    }
    match needed(path, "state", seen.state.as_deref())? {
        "closed" => Ok((OrderState::Completed, Stock::Gone)),
        "voided" => Ok((OrderState::Cancelled, Stock::Untouched)),
        "parked" => Ok((OrderState::Open, Stock::Untouched)),
        "pending" => Ok(pending(seen)),
        _ => Err(unreadable(beneath(path, "state"), "is not a state of a sale")),
    }
}

/// To be handed over later outweighs to be paid later: a sale on account for delivery still lies in the shop. A layby
/// lies there too, but Lightspeed has taken it off its level, and the level is what is compared. One without an
/// attribute is being rung up; a service order takes its parts when it is closed.
fn pending(seen: &Sale) -> (OrderState, Stock) {
    let is = |name: &str| seen.attributes.iter().flatten().any(|attribute| attribute.eq_ignore_ascii_case(name));
    // A sale is made for delivery with the word DISPATCH; the page on attributes has only the other.
    if is("pickup") || is("delivery") || is("dispatch") {
        (OrderState::Open, Stock::Promised)
    } else if is("onaccount") {
        (OrderState::Completed, Stock::Gone)
    } else if is("layby") {
        (OrderState::Open, Stock::Gone)
    } else {
        (OrderState::Open, Stock::Untouched)
    }
}

fn placed_at(path: &str, seen: &Sale) -> Result<Instant, Unreadable> {
    match (given(seen.date.as_deref()), given(seen.created_at.as_deref())) {
        (Some(date), _) => instant(&beneath(path, "date"), date),
        (None, Some(created)) => instant(&beneath(path, "created_at"), created),
        (None, None) => Err(unreadable(beneath(path, "date"), "is missing")),
    }
}

fn version(path: &str, seen: &Sale) -> Result<u64, Unreadable> {
    let version = seen.metadata.as_ref().and_then(|metadata| metadata.version);
    version.ok_or_else(|| unreadable(beneath(path, "_metadata.version"), "is missing"))
}

fn kind(seen: &Sale) -> OrderKind {
    let kind = seen.source.as_ref().and_then(|source| source.kind.as_deref()).unwrap_or_default().to_uppercase();
    if WEB.iter().any(|web| kind.contains(web)) { OrderKind::Web } else { OrderKind::Till }
}

fn reference(seen: &Sale) -> Note {
    let maker = seen.source.as_ref().and_then(|source| source.id.as_deref());
    let parts: Vec<&str> = [seen.invoice_number.as_deref(), maker].into_iter().filter_map(given).collect();
    Note::new(&parts.join(" "))
}

/// Whether unit prices are told with tax. Lightspeed keeps them without, whatever the store's labels say, and a sale does
/// not tell what those say: that is a setting of the retailer, and what the merchant says of it counts. A price that is
/// whole coins in one way only is told in that way: in a store whose labels include tax 4.95 is 4.30435 and 0.64565.
fn taxed(seen: &Sale, account: &Account) -> bool {
    let lines = || seen.line_items.iter().flatten();
    let all = |taxed: bool| lines().all(|line| unit_price(line, account.currency, taxed).is_some());
    match account.prices_include_tax {
        Some(true) => all(true),
        Some(false) | None => !all(false) && all(true),
    }
}

fn unit_price(line: &Line, currency: Currency, taxed: bool) -> Option<Money> {
    let price = line.pricing.as_ref()?.price.as_ref()?;
    let tax = line.tax.as_ref().and_then(|tax| tax.amount.as_ref());
    match tax.filter(|_| taxed) {
        Some(tax) => Money::parse(price.plus(tax)?.as_str(), currency),
        None => Money::parse(price.as_str(), currency),
    }
}

/// What is paid with tax: as told, or its two parts, or what the payments come to when rounding to coins has moved it.
fn total(path: &str, seen: &Sale, currency: Currency) -> Result<Money, Unreadable> {
    let exact = |amount: &Decimal| Money::parse(amount.as_str(), currency);
    let totals = seen.totals.as_ref();
    let told = totals.and_then(|totals| totals.price_incl_tax.as_ref()).and_then(exact);
    let summed = || exact(&totals?.price.as_ref()?.plus(totals?.tax.as_ref()?)?);
    let total = told.or_else(summed).or_else(|| paid(seen, currency));
    total.ok_or_else(|| unreadable(beneath(path, "totals.price_incl_tax"), "is missing or no amount of money"))
}

fn paid(seen: &Sale, currency: Currency) -> Option<Money> {
    let live = seen.payments.iter().flatten().filter(|payment| given(payment.deleted_at.as_deref()).is_none());
    live.map(|payment| Money::parse(payment.amount.as_ref()?.as_str(), currency))
        .reduce(|sum, amount| sum?.plus(amount?))
        .flatten()
}

/// What the lines of one sale have in common.
struct Reader<'a> {
    path: &'a str,
    seen: &'a Sale,
    document: &'a DocumentKey,
    placed_at: Instant,
    stock: Stock,
    currency: Currency,
    taxed: bool,
}

impl Reader<'_> {
    fn lines(&self) -> Result<(Vec<LineSeen>, Vec<ReturnSeen>), Unreadable> {
        let (mut lines, mut returns) = (Vec::new(), Vec::new());
        for (index, line) in self.seen.line_items.iter().flatten().enumerate() {
            let path = beneath(self.path, &format!("line_items[{index}]"));
            let field = beneath(&path, "quantity");
            let told = line.quantity.as_ref().ok_or_else(|| unreadable(&field, "is missing"))?;
            let quantity = Quantity::parse(told.size()).map_err(|error| unreadable(&field, format!("is {error}")))?;
            // A line that was taken back before the sale was closed moved nothing.
            let stock = if line.status.as_deref() == Some("VOIDED") { Stock::Untouched } else { self.stock };
            if told.is_negative() {
                returns.extend(self.came_back(&path, line, quantity, stock)?);
            } else {
                lines.push(self.sold(&path, line, quantity, stock)?);
            }
        }
        Ok((lines, returns))
    }

    fn sold(&self, path: &str, line: &Line, quantity: Quantity, stock: Stock) -> Result<LineSeen, Unreadable> {
        let item = item(line);
        let part = match stock {
            Stock::Untouched => None,
            Stock::Promised => Some(PartState::Promised),
            Stock::Gone => Some(PartState::Gone),
        };
        let mut parts = Vec::new();
        if let Some(state) = part.filter(|_| item.is_some() && !quantity.is_zero()) {
            parts.push(PartSeen { location: Some(self.outlet()?), quantity, state });
        }
        Ok(LineSeen {
            line: Note::new(needed(path, "id", line.id.as_deref())?),
            item,
            // Lightspeed prints no SKU on a line; the item is known by its id.
            sku: Sku::new(""),
            quantity,
            price: unit_price(line, self.currency, self.taxed),
            parts,
        })
    }

    /// Lightspeed puts what comes back on its own shelf: the level at the outlet of the return has risen.
    fn came_back(
        &self,
        path: &str,
        line: &Line,
        quantity: Quantity,
        stock: Stock,
    ) -> Result<Option<ReturnSeen>, Unreadable> {
        if stock != Stock::Gone || quantity.is_zero() {
            return Ok(None);
        }
        Ok(Some(ReturnSeen {
            document: self.document.clone(),
            line: Note::new(needed(path, "id", line.id.as_deref())?),
            item: item(line),
            sku: Sku::new(""),
            quantity,
            restock: Restock::At(self.outlet()?),
            at: self.placed_at,
        }))
    }

    fn outlet(&self) -> Result<ExternalLocation, Unreadable> {
        let outlet = self.seen.source.as_ref().and_then(|source| source.outlet_id.as_deref());
        needed(self.path, "source.outlet_id", outlet).map(ExternalLocation::new)
    }
}

fn item(line: &Line) -> Option<ExternalItem> {
    given(line.product.as_ref()?.id.as_deref()).map(ExternalItem::new)
}
