//! Facts folded into the tables behind pages and API, on SQLite.
//!
//! `flow` feeds the one writer ([`Views`]) with the journal's entries in order; the doors read through [`ViewsReader`].
//! The crate decides nothing and holds nothing that a replay could not rebuild: delete the file and it comes back.
//! It refuses to know keys (sealed personal fields stay sealed), clocks and platforms.

mod day;
mod error;
mod fold;
mod kind;
mod reader;
mod schema;
mod words;
mod writer;

pub use day::{Day, Week};
pub use error::ViewsError;
pub use fold::mapping::MappingKind;
pub use kind::FactKind;
pub use reader::{
    AuditFilter, AuditPage, BatchState, CustomerRow, DaySales, DecisionRow, Direction, ExplainedRow, Explanation,
    FactFilter, FactRow, Found, InstructionRow, InstructionState, LocationQuestion, MappingChange, MappingQuestion,
    MappingStep, MovedRow, OrderCursor, OrderDetail, OrderFilter, OrderMovement, OrderReturn, OrderRow, OversellRow,
    OversellWeek, ProposalRow, ProposalState, ProposalsAsked, QuarantineRow, QuarantineState, QuestionFilter,
    ReservationRow, ReservationState, SalesFilter, ShortageRow, SoldSince, Totals, TransferRow, ViewsReader, WriteRow,
    WriteTotals,
};
pub use writer::Views;
