//! Rows of mappings: of items, locations or customers, told from each other by their columns.

use engine::State;
use model::{Action, Instant};
use server::mapping::{Given, Kind, Misgiven};

use super::Refused;
use crate::table::{Row, Table};

/// What the rows of a table are about.
///
/// # Errors
/// When the header fits none of the three.
pub(super) fn kind(table: &Table) -> anyhow::Result<Kind> {
    Kind::of(|column| table.has(column)).ok_or_else(|| {
        let choices = Kind::ALL.map(|kind| kind.columns().join(","));
        anyhow::anyhow!("line 1: the header holds none of {}", choices.join("; "))
    })
}

/// Reads rows of this kind. Remembers earlier rows, which a later one may contradict.
pub(super) fn reader(kind: Kind) -> impl FnMut(&State, &Row, Instant) -> Result<Action, Refused> {
    let mut given = Given::default();
    move |state, row, _| {
        let read = given.read(state, kind, row.line, |column| row.get(column));
        read.map_err(|Misgiven { field, reason }| Refused::of(field, reason))
    }
}
