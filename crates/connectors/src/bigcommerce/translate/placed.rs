//! The lines of an order, wherever they come from, each with the place where it is fetched.

use model::Quantity;

use super::at;
use crate::Unreadable;
use crate::bigcommerce::wire::{self, Consignment, Consignments, Id, Line, Order, parse_at};

/// A line and where it is fetched, when it is fetched.
#[derive(Clone, Debug)]
pub(in crate::bigcommerce) struct Placed {
    /// The line.
    pub(super) line: Line,
    /// Where it is fetched; `None` when it is sent.
    pub(super) location: Option<Id>,
}

impl Placed {
    /// A line read apart from its order, put where the order's pickups say.
    ///
    /// # Errors
    /// When the order's consignments cannot be read.
    pub(in crate::bigcommerce) fn beside(path: &str, order: &Order, lines: &[Line]) -> Result<Vec<Self>, Unreadable> {
        let pickups = consignments(path, order)?.and_then(|found| found.pickups).unwrap_or_default();
        let place = |line: &Line| {
            let method = line.order_pickup_method_id.filter(|id| !id.is_zero())?;
            let pickup = pickups.iter().find(|pickup| pickup.pickup_method_id == Some(method))?;
            pickup.location.as_ref()?.id
        };
        Ok(lines.iter().map(|line| Self { line: line.clone(), location: place(line) }).collect())
    }
}

/// The lines that came within the order; `None` when they did not come and have to be fetched.
///
/// # Errors
/// Names the field below `path`.
pub(in crate::bigcommerce) fn included(path: &str, order: &Order) -> Result<Option<Vec<Placed>>, Unreadable> {
    let Some(found) = consignments(path, order)? else { return Ok(None) };
    let mailed = found.email.and_then(|email| email.gift_certificates);
    let groups =
        [("pickups", found.pickups), ("shipping", found.shipping), ("downloads", found.downloads), ("email", mailed)];
    let mut lines = Vec::new();
    for (name, group) in groups {
        for (index, consignment) in group.unwrap_or_default().iter().enumerate() {
            let place = format!("{}[{index}].line_items", at(path, &format!("consignments.{name}")));
            let Some(own) = lines_of(&place, consignment)? else { return Ok(None) };
            lines.extend(own);
        }
    }
    Ok(Some(lines).filter(|lines| all(order, lines)))
}

/// An order has lines, and says of how many units: when fewer came, they were not all told, whatever the form says. A
/// count that cannot be read is another matter: it is refused where the line is told.
fn all(order: &Order, lines: &[Placed]) -> bool {
    let units = |count: &wire::Count| Quantity::parse(count.as_str()).ok();
    let came = lines.iter().map(|placed| units(&placed.line.quantity)).collect::<Option<Vec<_>>>();
    let came = came.map(|counts| counts.into_iter().fold(Quantity::ZERO, Quantity::plus));
    match (came, order.items_total.as_ref().and_then(units)) {
        (Some(came), Some(total)) => !lines.is_empty() && total <= came,
        (None, _) | (_, None) => !lines.is_empty(),
    }
}

/// `None` for a link, or for the older form in a list.
fn consignments(path: &str, order: &Order) -> Result<Option<Consignments>, Unreadable> {
    match &order.consignments {
        Some(value) if value.is_object() && value.get("url").is_none() => {
            parse_at(&at(path, "consignments"), value).map(Some)
        }
        _ => Ok(None),
    }
}

fn lines_of(path: &str, consignment: &Consignment) -> Result<Option<Vec<Placed>>, Unreadable> {
    let Some(elements) = consignment.line_items.as_ref().and_then(serde_json::Value::as_array) else { return Ok(None) };
    if elements.iter().any(|element| element.get("url").is_some() && element.get("quantity").is_none()) {
        return Ok(None);
    }
    let location = consignment.location.as_ref().and_then(|location| location.id);
    let lines = elements
        .iter()
        .enumerate()
        .map(|(index, element)| Ok(Placed { line: parse_at(&format!("{path}[{index}]"), element)?, location }));
    lines.collect::<Result<_, _>>().map(Some)
}

/// Whether there is a refund to be read.
pub(in crate::bigcommerce) fn refunded(order: &Order, lines: Option<&[Placed]>) -> bool {
    let some =
        |digits: Option<&str>| digits.is_some_and(|digits| digits.bytes().any(|byte| (b'1'..=b'9').contains(&byte)));
    matches!(order.status_id, 4 | 14)
        || some(order.refunded_amount.as_ref().map(wire::Amount::as_str))
        || lines.is_some_and(|lines| {
            lines.iter().any(|placed| some(placed.line.quantity_refunded.as_ref().map(wire::Count::as_str)))
        })
}
