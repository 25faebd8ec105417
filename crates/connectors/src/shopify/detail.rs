//! Orders that do not fit into one answer: what is still wanted of them, and the cursor in which they travel.
//!
//! An order's head is enough when its units are all at one place and nothing was refunded. For the rest, only what
//! matters is fetched: more lines, lines of fulfilments, of fulfilment orders, of refunds; as many wants in one query
//! as its cost allows. The unfinished orders are kept in the cursor, so that nothing is remembered between questions.
//! Called by `requests` (which asks) and `learn` (which puts the answers in).

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::graph::{Connection, PageInfo};
use super::graph_order::{FulfillmentLine, FulfillmentOrderLine, Order, RefundLine};
use super::order_graph::{assigned, handed_over, place, still_open};
use super::queries::{COST_MAX, HEAD_LISTS, PAGE};
use super::scalar::{Gid, parse_part, unreadable};
use super::want::{Kind, Want};
use crate::Unreadable;

/// Marks our own cursors among the platform's, which are base64 and never hold a colon.
const MARK: &str = "rest:";
/// Lines of an order fetched at once, so that several orders fit into one query.
const MORE_LINES: u32 = 50;
/// Lines of a part fetched at first: few parts have more, and an order may have many parts.
const PART_LINES: u32 = 25;
/// Fulfilment orders fetched at once.
const MORE_FULFILLMENT_ORDERS: u32 = 50;

/// Unfinished orders, and what to ask when they are finished.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct Rest {
    pub(super) drafts: Vec<Draft>,
    pub(super) then: Then,
}

/// What follows.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) enum Then {
    /// Nothing.
    End,
    /// More orders by id.
    Documents(Vec<String>),
}

/// An order as far as it is read. Fulfilments and refunds are lists without pages: when a list is as long as was asked
/// for, it is asked for again with more.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct Draft {
    pub(super) order: Order,
    fulfillments_asked: u32,
    refunds_asked: u32,
}

impl Rest {
    /// `None` when the text is not such a cursor.
    pub(super) fn parse(cursor: &str) -> Option<Self> {
        serde_json::from_str(cursor.strip_prefix(MARK)?).ok()
    }

    /// Whether a cursor is one of these.
    pub(super) fn is_one(cursor: &str) -> bool {
        cursor.starts_with(MARK)
    }

    /// As a cursor.
    pub(super) fn cursor(&self) -> String {
        let text = serde_json::to_string(self).expect("plain structs with text keys become JSON");
        format!("{MARK}{text}")
    }

    /// What to ask now: as much as one query may cost, in a fixed order, so that `learn` finds the same.
    ///
    /// # Errors
    /// When a draft holds a status that is not documented.
    pub(super) fn wants(&self) -> Result<Vec<Want>, Unreadable> {
        let mut wants = Vec::new();
        let mut cost = 0;
        for (index, draft) in self.drafts.iter().enumerate() {
            for want in draft.wants(index)? {
                cost += want.cost();
                if cost > COST_MAX && !wants.is_empty() {
                    return Ok(wants);
                }
                wants.push(want);
            }
        }
        Ok(wants)
    }
}

impl Draft {
    /// From a head.
    pub(super) fn new(order: Order) -> Self {
        Self { order, fulfillments_asked: HEAD_LISTS, refunds_asked: HEAD_LISTS }
    }

    /// What is missing; empty when the order can be told.
    ///
    /// # Errors
    /// When a status is not documented, or a page says there is more without saying where.
    pub(super) fn wants(&self, draft: usize) -> Result<Vec<Want>, Unreadable> {
        let lists = self.lists(draft)?;
        // Which lines matter can only be judged when the lists are whole.
        if lists.is_empty() { self.parts(draft) } else { Ok(lists) }
    }

    fn lists(&self, draft: usize) -> Result<Vec<Want>, Unreadable> {
        let order = &self.order;
        let want = |kind, first, after| Want { draft, of: order.id.whole().to_owned(), kind, first, after };
        let mut wants = Vec::new();
        if let Some(after) = next(&order.line_items.page_info, "lineItems")? {
            wants.push(want(Kind::Lines, MORE_LINES, Some(after)));
        }
        if let Some(after) = next(&order.fulfillment_orders.page_info, "fulfillmentOrders")? {
            wants.push(want(Kind::FulfillmentOrders, MORE_FULFILLMENT_ORDERS, Some(after)));
        }
        if let Some(first) = longer(order.fulfillments.len(), self.fulfillments_asked) {
            wants.push(want(Kind::Fulfillments, first, None));
        }
        if let Some(first) = longer(order.refunds.len(), self.refunds_asked) {
            wants.push(want(Kind::Refunds, first, None));
        }
        Ok(wants)
    }

    fn parts(&self, draft: usize) -> Result<Vec<Want>, Unreadable> {
        let order = &self.order;
        let lines = u32::try_from(order.line_items.nodes.len()).unwrap_or(PAGE).clamp(1, PAGE);
        let want = |of: &Gid, kind, after: Option<String>| {
            let first = if after.is_none() { lines.min(PART_LINES) } else { lines };
            Want { draft, of: of.whole().to_owned(), kind, first, after }
        };
        let mut wants = Vec::new();
        let refunded = !order.refunds.is_empty();
        for (index, refund) in order.refunds.iter().enumerate() {
            if let Some(after) = unread(refund.refund_line_items.as_ref(), "refundLineItems")? {
                wants.push(want(&refund.id, Kind::RefundLines(index), after));
            }
        }
        let handed_over = handed_over(order)?;
        if refunded || differ(handed_over.iter().map(|it| place(it.location.as_ref()))) {
            for (index, it) in order.fulfillments.iter().enumerate() {
                let counts = handed_over.iter().any(|counted| counted.id == it.id);
                let after = unread(it.fulfillment_line_items.as_ref(), "fulfillmentLineItems")?;
                if let (true, Some(after)) = (counts, after) {
                    wants.push(want(&it.id, Kind::FulfillmentLines(index), after));
                }
            }
        }
        let open = still_open(order);
        let units_open =
            order.cancelled_at.is_none() && order.line_items.nodes.iter().any(|line| line.unfulfilled_quantity.0 > 0);
        if units_open && (refunded || differ(open.iter().map(|it| assigned(it)))) {
            for (index, it) in order.fulfillment_orders.nodes.iter().enumerate() {
                let counts = open.iter().any(|counted| counted.id == it.id);
                let after = unread(it.line_items.as_ref(), "lineItems")?;
                if let (true, Some(after)) = (counts, after) {
                    wants.push(want(&it.id, Kind::FulfillmentOrderLines(index), after));
                }
            }
        }
        Ok(wants)
    }

    /// Puts an answer in.
    ///
    /// # Errors
    /// When it is not the shape that was asked for.
    pub(super) fn put(&mut self, want: &Want, answer: Value, root: &str) -> Result<(), Unreadable> {
        let order = &mut self.order;
        match want.kind {
            Kind::Lines => more(&mut order.line_items, field(answer, "lineItems", root)?),
            Kind::FulfillmentOrders => more(&mut order.fulfillment_orders, field(answer, "fulfillmentOrders", root)?),
            Kind::Fulfillments => {
                order.fulfillments = field(answer, "fulfillments", root)?;
                self.fulfillments_asked = want.first;
            }
            Kind::Refunds => {
                order.refunds = field(answer, "refunds", root)?;
                self.refunds_asked = want.first;
            }
            Kind::FulfillmentOrderLines(index) => {
                let page: Connection<FulfillmentOrderLine> = field(answer, "lineItems", root)?;
                if let Some(it) = order.fulfillment_orders.nodes.get_mut(index) {
                    more_or_first(&mut it.line_items, page);
                }
            }
            Kind::FulfillmentLines(index) => {
                let page: Connection<FulfillmentLine> = field(answer, "fulfillmentLineItems", root)?;
                if let Some(it) = order.fulfillments.get_mut(index) {
                    more_or_first(&mut it.fulfillment_line_items, page);
                }
            }
            Kind::RefundLines(index) => {
                let page: Connection<RefundLine> = field(answer, "refundLineItems", root)?;
                if let Some(it) = order.refunds.get_mut(index) {
                    more_or_first(&mut it.refund_line_items, page);
                }
            }
        }
        Ok(())
    }
}

/// How many to ask for when a list without pages came back as long as asked; `None` when it is whole. At the
/// platform's own limit it is taken as whole: levels show what a 251st fulfilment would have told.
fn longer(found: usize, asked: u32) -> Option<u32> {
    let full = u32::try_from(found).unwrap_or(u32::MAX) >= asked;
    match (full, asked) {
        (false, _) => None,
        (true, asked) if asked >= PAGE => None,
        (true, asked) if asked < 20 => Some(20),
        (true, _) => Some(PAGE),
    }
}

fn next(page: &PageInfo, field: &str) -> Result<Option<String>, Unreadable> {
    match (page.has_next_page, page.next()) {
        (false, _) => Ok(None),
        (true, Some(after)) => Ok(Some(after.to_owned())),
        (true, None) => {
            Err(unreadable(format!("{field}.pageInfo.endCursor"), "missing though there is more".to_owned()))
        }
    }
}

/// Where to begin reading: at the start, after a page, or (outer `None`) not at all.
fn unread<T>(read: Option<&Connection<T>>, field: &str) -> Result<Option<Option<String>>, Unreadable> {
    match read {
        None => Ok(Some(None)),
        Some(page) => Ok(next(&page.page_info, field)?.map(Some)),
    }
}

fn differ<T: PartialEq>(mut places: impl Iterator<Item = T>) -> bool {
    let first = places.next();
    places.any(|place| Some(&place) != first.as_ref())
}

fn more<T>(read: &mut Connection<T>, page: Connection<T>) {
    read.nodes.extend(page.nodes);
    read.page_info = page.page_info;
}

fn more_or_first<T>(read: &mut Option<Connection<T>>, page: Connection<T>) {
    match read {
        Some(read) => more(read, page),
        None => *read = Some(page),
    }
}

fn field<T: serde::de::DeserializeOwned>(mut answer: Value, name: &str, root: &str) -> Result<T, Unreadable> {
    let value = answer.get_mut(name).map(Value::take).unwrap_or_default();
    parse_part(value, &format!("{root}.{name}"))
}
