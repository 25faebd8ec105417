//! Rows of stock.

use engine::State;
use model::{Action, Count, Instant, LocationName, Note, Quantity, Sku};

use super::Refused;
use eval::table::Row;

/// `sku,location,quantity,counted_at`.
pub(super) fn read(state: &State, row: &Row, at: Instant) -> Result<Action, Refused> {
    let sku = Sku::new(row.get("sku"));
    let item = state
        .catalogue()
        .sku(&sku)
        .ok_or_else(|| Refused::of("sku", format!("{sku} is not known; import items first")))?;
    let name = LocationName::new(row.get("location"));
    let location = state
        .catalogue()
        .location_named(&name)
        .ok_or_else(|| Refused::of("location", format!("{name} is not known; add it to the configuration")))?;
    let counted = Quantity::parse(row.get("quantity")).map_err(|error| Refused::of("quantity", error.to_string()))?;
    let counted_at = match row.get("counted_at") {
        "" => at,
        text => Instant::parse(text).map_err(|error| Refused::of("counted_at", error.to_string()))?,
    };
    let count =
        Count { item: item.item, location: location.location, counted, counted_at, reason: Note::new("import") };
    Ok(Action::Count { key: None, count })
}
