//! Orders and sales: lists, and one with all that happened to it.

use model::{
    ChannelId, CustomerKey, DocumentKey, Fact, Instant, Moved, OrderId, OrderKind, OrderPut, OrderState, Returned, Seq,
};
use rusqlite::{Connection, OptionalExtension, params};
use serde::Serialize;

use super::{
    ShortageRow, ViewsReader,
    kept::{self, Kept},
    page, prefix_end,
};
use crate::{
    FactKind, ViewsError,
    fold::orders::{kind_number, state_number},
    words::Names,
};

/// Facts of one order that are shown with it: a hundred lines changed a dozen times each.
const FACTS_MAX: i64 = 1_200;

/// Where the next page of orders begins: after this one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct OrderCursor {
    /// When the last order of the page was placed.
    pub placed_at: Instant,
    /// Which it was.
    pub order: OrderId,
}

/// Which orders; an empty filter is all of them. All conditions must hold.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct OrderFilter {
    /// Of this channel.
    pub channel: Option<ChannelId>,
    /// As far as this.
    pub state: Option<OrderState>,
    /// From a till or from the web.
    pub kind: Option<OrderKind>,
    /// Whose reference (in any case) or document begins with this; when very many do, among 2,000 of each.
    pub search: Option<String>,
    /// Of this customer of this channel.
    pub customer: Option<(ChannelId, CustomerKey)>,
    /// Placed before this one.
    pub before: Option<OrderCursor>,
}

/// An order as last heard of.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct OrderRow {
    /// The fact that told it.
    pub seq: Seq,
    /// When that was.
    pub at: Instant,
    /// The channel's name.
    pub channel_name: String,
    /// Head and lines; personal fields sealed.
    pub put: OrderPut,
}

impl OrderRow {
    /// Where the page after this row begins.
    pub fn cursor(&self) -> OrderCursor {
        OrderCursor { placed_at: self.put.placed_at, order: self.put.order }
    }
}

/// Stock moved for an order.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct OrderMovement {
    /// The fact.
    pub seq: Seq,
    /// When it was decided.
    pub at: Instant,
    /// One sentence without a full stop.
    pub words: String,
    /// The movement.
    pub moved: Moved,
}

/// A line of an order that came back.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct OrderReturn {
    /// The fact.
    pub seq: Seq,
    /// When it was decided.
    pub at: Instant,
    /// One sentence without a full stop.
    pub words: String,
    /// The return.
    pub returned: Returned,
}

/// An order and what happened to it, oldest first.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct OrderDetail {
    /// Head and lines.
    pub order: OrderRow,
    /// Its stock.
    pub movements: Vec<OrderMovement>,
    /// What came back.
    pub returns: Vec<OrderReturn>,
    /// What it cannot get.
    pub shortages: Vec<ShortageRow>,
}

impl ViewsReader {
    /// Orders that pass the filter, those placed last first.
    ///
    /// # Errors
    /// SQLite's, or a kept fact that cannot be read.
    pub fn orders(&self, filter: &OrderFilter, limit: usize) -> Result<Vec<OrderRow>, ViewsError> {
        self.read(|tables, names| list(tables, names, filter, page(limit)))
    }

    /// Orders of one customer of a channel, those placed last first.
    ///
    /// # Errors
    /// SQLite's, or a kept fact that cannot be read.
    pub fn orders_of_customer(
        &self,
        channel: ChannelId,
        customer: &CustomerKey,
        before: Option<OrderCursor>,
        limit: usize,
    ) -> Result<Vec<OrderRow>, ViewsError> {
        let customer = Some((channel, customer.clone()));
        self.orders(&OrderFilter { customer, before, ..OrderFilter::default() }, limit)
    }

    /// One order with its movements, returns and shortages; the oldest 1,200 of them.
    ///
    /// # Errors
    /// SQLite's, or a kept fact that cannot be read.
    pub fn order(&self, order: OrderId) -> Result<Option<OrderDetail>, ViewsError> {
        self.read(|tables, names| {
            let sql = "SELECT f.seq, f.body FROM orders o JOIN facts f ON f.seq = o.seq WHERE o.id = ?1";
            let head = kept::rows(tables, sql, [order.0], |row| Ok(order_row(names, kept::kept(row)?)))?.pop();
            head.map(|head| detail(tables, names, head)).transpose()
        })
    }

    /// Which order a channel's document is.
    ///
    /// # Errors
    /// SQLite's.
    pub fn order_of_document(&self, channel: ChannelId, document: &DocumentKey) -> Result<Option<OrderId>, ViewsError> {
        self.read(|tables, _| {
            let sql = "SELECT id FROM orders WHERE document = ?2 AND +channel = ?1";
            let mut statement = tables.prepare_cached(sql)?;
            let id = statement.query_row(params![channel.0, document.as_str()], |row| row.get(0).map(OrderId));
            Ok(id.optional()?)
        })
    }
}

fn list(tables: &Connection, names: &Names<'_>, filter: &OrderFilter, limit: i64) -> Result<Vec<OrderRow>, ViewsError> {
    let search = filter.search.as_deref().map(str::trim).filter(|text| !text.is_empty());
    let mut sql = "SELECT f.seq, f.body FROM orders o JOIN facts f ON f.seq = o.seq \
                   WHERE (o.placed_at < ?1 OR (o.placed_at = ?1 AND o.id < ?2)) AND o.placed_at <= ?1"
        .to_owned();
    sql += if filter.customer.is_some() { " AND o.channel = ?7 AND o.customer = ?8" } else { " AND ?7 IS ?8" };
    sql += if search.is_some() { SEARCHED } else { " AND ?9 IS ?10 AND ?11 IS ?12" };
    // An open order is found through an index of its own, which a parameter would not find.
    sql += if filter.state == Some(OrderState::Open) { " AND o.state = 0" } else { "" };
    sql += " AND (?3 IS NULL OR +o.channel = ?3) AND (?4 IS NULL OR +o.state = ?4) AND (?5 IS NULL OR o.kind = ?5) \
            ORDER BY o.placed_at DESC, o.id DESC LIMIT ?6";
    let folded = search.map(str::to_lowercase);
    let (customer_channel, customer) = filter.customer.as_ref().map(|(channel, key)| (channel.0, key.as_str())).unzip();
    let parameters = params![
        filter.before.map_or(i64::MAX, |before| before.placed_at.0),
        filter.before.map_or(i64::MAX, |before| i64::from(before.order.0)),
        filter.channel.map(|channel| channel.0),
        filter.state.map(state_number),
        filter.kind.map(kind_number),
        limit,
        customer_channel,
        customer,
        folded,
        folded.as_deref().map(prefix_end),
        search,
        search.map(prefix_end),
    ];
    kept::rows(tables, &sql, parameters, |row| Ok(order_row(names, kept::kept(row)?)))
}

const SEARCHED: &str = " AND o.id IN (SELECT * FROM (SELECT id FROM orders WHERE reference_folded >= ?9 \
    AND reference_folded < ?10 LIMIT 2000) UNION SELECT * FROM (SELECT id FROM orders WHERE document >= ?11 \
    AND document < ?12 LIMIT 2000))";

fn order_row(names: &Names<'_>, kept: Kept) -> Option<OrderRow> {
    let (seq, at) = (kept.seq, kept.at());
    let Fact::OrderPut(put) = kept.entry.fact else { return None };
    Some(OrderRow { seq, at, channel_name: names.channel(put.channel), put: *put })
}

fn detail(tables: &Connection, names: &Names<'_>, order: OrderRow) -> Result<OrderDetail, ViewsError> {
    let id = order.put.order;
    let mut detail = OrderDetail { order, movements: Vec::new(), returns: Vec::new(), shortages: Vec::new() };
    let sql = "SELECT seq, body FROM facts WHERE order_id = ?1 AND +kind IN (?2, ?3, ?4, ?5) ORDER BY seq LIMIT ?6";
    let kinds =
        [FactKind::Moved, FactKind::Returned, FactKind::Shorted, FactKind::ReturnPutRight].map(FactKind::number);
    let parameters = params![id.0, kinds[0], kinds[1], kinds[2], kinds[3], FACTS_MAX];
    for kept in kept::rows(tables, sql, parameters, |row| kept::kept(row).map(Some))? {
        add(&mut detail, names, kept);
    }
    Ok(detail)
}

fn add(detail: &mut OrderDetail, names: &Names<'_>, kept: Kept) {
    let (seq, at, words) = (kept.seq, kept.at(), kept.words(names));
    if let Fact::Moved(moved) = kept.entry.fact {
        detail.movements.push(OrderMovement { seq, at, words, moved });
    } else if let Fact::Returned(returned) = kept.entry.fact {
        detail.returns.push(OrderReturn { seq, at, words, returned });
    } else if let Fact::ReturnPutRight(right) = kept.entry.fact {
        let known = detail.returns.iter_mut().find(|back| back.returned.line == right.line);
        if let Some(back) = known {
            (back.returned.item, back.returned.restocked) = (right.item, right.restocked);
            back.words = words;
        }
    } else if let Fact::Shorted(shorted) = kept.entry.fact {
        detail.shortages.push(ShortageRow { seq, at, words, shorted });
    }
}
