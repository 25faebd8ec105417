//! Reading the tables: one short, paged query per method, each on one consistent state of the file.
//!
//! The doors call it. It hands sealed personal fields out sealed, decides nothing, and never waits for the writer.

mod audit;
mod customers;
mod decisions;
mod explain;
mod facts;
mod instructions;
mod kept;
mod mappings;
mod orders;
mod oversells;
mod pool;
mod proposals;
mod quarantine;
mod recent;
mod reservations;
mod sales;
mod search;
mod totals;
mod transfers;
mod writes;

pub use self::{
    audit::{AuditFilter, AuditPage},
    customers::CustomerRow,
    decisions::DecisionRow,
    explain::{ExplainedRow, Explanation},
    facts::{Direction, FactFilter, FactRow},
    instructions::{InstructionRow, InstructionState},
    mappings::{LocationQuestion, MappingChange, MappingQuestion, MappingStep, QuestionFilter},
    orders::{OrderCursor, OrderDetail, OrderFilter, OrderMovement, OrderReturn, OrderRow},
    oversells::{OversellRow, OversellWeek, ShortageRow},
    pool::ViewsReader,
    proposals::{ProposalRow, ProposalState, ProposalsAsked},
    quarantine::{QuarantineRow, QuarantineState},
    recent::MovedRow,
    reservations::{ReservationRow, ReservationState},
    sales::{DaySales, SalesFilter, SoldSince},
    search::Found,
    totals::Totals,
    transfers::TransferRow,
    writes::{BatchState, WriteRow, WriteTotals},
};

/// Most rows of one page.
const PAGE_MAX: usize = 500;

/// A limit that a caller may have chosen freely, held between 1 and the largest page.
fn page(limit: usize) -> i64 {
    // Both ends are small: the conversion cannot fail.
    i64::try_from(limit.clamp(1, PAGE_MAX)).unwrap_or(1)
}

/// Where a newest-first page begins: below `before`, or at the newest.
fn below(before: Option<u64>) -> i64 {
    before.map_or(i64::MAX, crate::fold::stored)
}

/// Text that begins with `prefix` lies from the prefix up to, not including, this.
fn prefix_end(prefix: &str) -> String {
    format!("{prefix}\u{10ffff}")
}
