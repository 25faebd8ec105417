//! The audit: who did what, and why, found by order, item, channel, customer, author and time, newest first.

use model::{CustomerAt, Entry, Fact, Instant, Seq};
use rusqlite::{Connection, OptionalExtension, params};

use super::{ViewsReader, facts, kept};
use crate::{Direction, FactFilter, FactKind, FactRow, ViewsError, fold::stored, words::Names};

/// Facts looked at for one page, so that a rare author costs a bounded time; the page then says where to go on.
const LOOKED_AT: usize = 20_000;
/// Facts read at once.
const PORTION: usize = 500;

/// Which facts; an empty filter is all of them. All conditions must hold.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct AuditFilter {
    /// What, where, of which kinds. `before_seq` is where a page begins; `after_seq` and `direction` are not used.
    pub facts: FactFilter,
    /// Only facts about this customer and their orders.
    pub customer: Option<CustomerAt>,
    /// Only facts whose author's name holds this text, upper and lower case alike.
    pub actor: Option<String>,
    /// Not before.
    pub since: Option<Instant>,
    /// Before.
    pub until: Option<Instant>,
}

/// A page of the audit.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AuditPage {
    /// Newest first.
    pub rows: Vec<FactRow>,
    /// `before_seq` of the next page; `None` on the last.
    pub next: Option<Seq>,
}

impl ViewsReader {
    /// A page of the audit.
    ///
    /// # Errors
    /// SQLite's, or a kept fact that cannot be read.
    pub fn audit(&self, filter: &AuditFilter, limit: usize) -> Result<AuditPage, ViewsError> {
        self.read(|tables, names| page(tables, names, filter, limit.clamp(1, PORTION)))
    }

    /// The first fact that is not before `at`; the number after the last one when all are.
    ///
    /// # Errors
    /// SQLite's.
    pub fn first_at(&self, at: Instant) -> Result<Seq, ViewsError> {
        self.read(|tables, _| first_at(tables, at).map(Seq))
    }
}

fn page(tables: &Connection, names: &Names<'_>, filter: &AuditFilter, limit: usize) -> Result<AuditPage, ViewsError> {
    let after = filter.since.map(|at| first_at(tables, at)).transpose()?.map(|seq| Seq(seq.saturating_sub(1)));
    let until = filter.until.map(|at| first_at(tables, at)).transpose()?;
    let mut before = [filter.facts.before_seq.map(|seq| seq.0), until].into_iter().flatten().min();
    let actor = filter.actor.as_ref().map(|actor| actor.to_lowercase());
    let (mut rows, mut looked_at) = (Vec::new(), 0);
    loop {
        let portion = FactFilter {
            before_seq: before.map(Seq),
            after_seq: after,
            direction: Direction::NewestFirst,
            ..filter.facts.clone()
        };
        let found = match &filter.customer {
            Some(customer) => about_customer(tables, customer, &portion)?,
            None => facts::first_page(tables, &portion, PORTION)?,
        };
        let more = found.len() == PORTION;
        for seq in found {
            before = Some(seq.unsigned_abs());
            let Some(kept) = facts::one(tables, seq)? else { continue };
            if !filter.customer.as_ref().is_none_or(|customer| concerns(&kept.entry, customer)) {
                continue;
            }
            let row = facts::fact_row(names, kept)?;
            if actor.as_ref().is_none_or(|actor| row.by.to_lowercase().contains(actor)) {
                rows.push(row);
            }
            if rows.len() == limit {
                return Ok(AuditPage { rows, next: before.filter(|seq| *seq > 1).map(Seq) });
            }
        }
        looked_at += PORTION;
        if !more || looked_at >= LOOKED_AT {
            return Ok(AuditPage { rows, next: before.filter(|_| more).map(Seq) });
        }
    }
}

/// The first fact that is not before `at`: facts are in the order of their times.
fn first_at(tables: &Connection, at: Instant) -> Result<u64, ViewsError> {
    let mut statement = tables.prepare_cached("SELECT seq, at FROM facts WHERE seq >= ?1 ORDER BY seq LIMIT 1")?;
    let newest: Option<i64> = tables.query_row("SELECT max(seq) FROM facts", [], |row| row.get(0))?;
    let (mut low, mut high) = (0_i64, newest.unwrap_or(0) + 1);
    while low < high {
        let middle = low + (high - low) / 2;
        let found: Option<(i64, i64)> =
            statement.query_row([middle], |row| Ok((row.get(0)?, row.get(1)?))).optional()?;
        match found {
            Some((seq, then)) if then < at.0 => low = seq + 1,
            Some(_) | None => high = middle,
        }
    }
    Ok(low.unsigned_abs())
}

/// Facts of a customer's orders, and of kinds that name customers: the latter still have to be looked into.
fn about_customer(tables: &Connection, of: &CustomerAt, filter: &FactFilter) -> Result<Vec<i64>, ViewsError> {
    let kinds = [FactKind::CustomerPut, FactKind::CustomersLinked, FactKind::CustomersUnlinked, FactKind::Erased];
    let kinds: Vec<String> = kinds.iter().map(|kind| kind.number().to_string()).collect();
    let sql = format!(
        "SELECT seq FROM facts WHERE seq < ?1 AND seq > ?2 AND (order_id IN (SELECT id FROM orders \
         WHERE channel = ?3 AND customer = ?4) OR kind IN ({})) ORDER BY seq DESC LIMIT {PORTION}",
        kinds.join(", ")
    );
    let before = super::below(filter.before_seq.map(|seq| seq.0));
    let after = filter.after_seq.map_or(0, |seq| stored(seq.0));
    let parameters = params![before, after, of.channel.0, of.customer.as_str()];
    kept::rows(tables, &sql, parameters, |row| Ok(Some(row.get(0)?)))
}

fn concerns(entry: &Entry, of: &CustomerAt) -> bool {
    match &entry.fact {
        Fact::CustomerPut(put) => put.channel == of.channel && put.customer == of.customer,
        Fact::CustomersLinked { one, other } | Fact::CustomersUnlinked { one, other } => one == of || other == of,
        Fact::Erased(erased) => {
            erased.channel == of.channel && erased.customer.as_ref().is_none_or(|customer| *customer == of.customer)
        }
        _ => true,
    }
}
