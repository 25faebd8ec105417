//! Rows of mappings.

use engine::State;
use model::{Action, Instant};
use server::mapping::{Given, Misgiven};

use super::Refused;
use eval::table::Row;

/// Reads `channel,external,sku`; an empty SKU takes the mapping away. Remembers earlier rows, which a later one may
/// contradict.
pub(super) fn reader() -> impl FnMut(&State, &Row, Instant) -> Result<Action, Refused> {
    let mut given = Given::default();
    move |state, row, _| {
        let read = given.row(state, row.line, row.get("channel"), row.get("external"), row.get("sku"));
        read.map_err(|Misgiven { field, reason }| Refused::of(field, reason))
    }
}
