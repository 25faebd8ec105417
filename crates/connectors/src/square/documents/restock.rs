//! Goods that are put back with a refund: an adjustment for each line, because one that is refused must not keep the
//! others from the shelf.
//!
//! <https://developer.squareup.com/reference/square/enums/InventoryState>, read 2026-11-24. Called by `refund` when the money
//! is on its way.

use model::{ExternalLocation, Instant, Quantity};

use super::tape::{Said, Stop, Tape};
use crate::square::http_request::change;
use crate::square::trouble::{Refusal, RowFault, Verdict};
use crate::square::wire::{Adjustment, BatchChange, Change};
use crate::{Account, Document, Trouble, Unsendable};

/// Puts all of it back.
///
/// # Errors
/// What is to be sent first, or what is wrong.
pub(super) fn put_back(
    document: &Document,
    place: &ExternalLocation,
    goods: &[(&str, Quantity)],
    tape: &mut Tape<'_>,
    account: &Account,
) -> Result<(), Stop> {
    for (index, (variation, quantity)) in goods.iter().enumerate() {
        let key = format!("{}-back-{index}", document.reference);
        let at = tape.sent_at().unwrap_or(document.asked_at);
        let body = || adjustment(&key, variation, *quantity, place, at);
        let said = tape.said(|| change(account, &account.token, "/v2/inventory/changes/batch-create", body()?))?;
        if let Said::Refusal(refusal) = said {
            judge(&refusal)?;
        }
    }
    Ok(())
}

/// Of the states that a program may take goods from, this one says what they are: returned, and not tied to the sale.
/// It is dated by the call before it, since a day after it was asked for it would be too old.
fn adjustment(
    key: &str,
    variation: &str,
    quantity: Quantity,
    place: &ExternalLocation,
    at: Instant,
) -> Result<Vec<u8>, Unsendable> {
    let adjustment = Adjustment {
        reference_id: key.to_owned(),
        catalog_object_id: variation,
        from_state: "UNLINKED_RETURN",
        to_state: "IN_STOCK",
        from_location_id: place.as_str(),
        to_location_id: place.as_str(),
        quantity: quantity.to_string(),
        occurred_at: at.to_string(),
    };
    let change = Change { kind: "ADJUSTMENT", adjustment: Some(adjustment), physical_count: None };
    let body = BatchChange { idempotency_key: key, ignore_unchanged_counts: true, changes: vec![change] };
    serde_json::to_vec(&body).map_err(|_| Unsendable::Impossible("write this adjustment as JSON"))
}

/// The money is given back and stays so: what Square never takes back to a shelf (a service, an item that is gone) has
/// no level there that could be wrong.
fn judge(refusal: &Refusal) -> Result<(), Stop> {
    let later = || Trouble::Failed { reason: "the refund is made, its goods are not put back yet".to_owned() };
    match refusal.verdict("changes[", 1) {
        // An earlier run did it, at another time.
        Verdict::KeyReused | Verdict::Whole(Trouble::Refused { .. }) => Ok(()),
        Verdict::Whole(trouble) => Err(trouble.into()),
        Verdict::Busy => Err(Trouble::Throttled { after_ms: None }.into()),
        Verdict::Outdated => Err(later().into()),
        Verdict::Rows(faults) if faults.iter().all(|(_, fault)| matches!(fault, RowFault::Wrong(_))) => Ok(()),
        Verdict::Rows(_) => Err(later().into()),
    }
}
