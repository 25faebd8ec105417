//! What Shopify's refusals of a batch of levels mean for its rows.
//!
//! Called by `write`. Nothing of a refused mutation was done: rows that are named get their verdict, the others may be
//! sent again. Every code of `InventoryAdjustQuantitiesUserErrorCode` and `InventorySetQuantitiesUserErrorCode` has one
//! reading. <https://shopify.dev/docs/api/admin-graphql/2026-10/enums/InventoryAdjustQuantitiesUserErrorCode>,
//! <https://shopify.dev/docs/api/admin-graphql/2026-10/enums/InventorySetQuantitiesUserErrorCode>

use model::Outcome;

use super::graph::UserError;
use super::reply;
use super::write::never;
use crate::Trouble;

/// What a code means.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Meaning {
    /// The row's level is not what we believed.
    RowStale,
    /// The row will never be taken.
    RowNever,
    /// Shopify could not; nothing was done; a new key is needed, which a batch made anew has.
    AllAgain,
    /// The same request is being worked on: the same body again tells how it ended.
    StillRunning,
    /// The key is known to Shopify with another body. That body may have been done under our name.
    KeyReused,
    /// We wrote something wrong.
    OurMistake,
}

fn meaning(code: Option<&str>) -> Meaning {
    match code {
        Some("CHANGE_FROM_QUANTITY_STALE" | "COMPARE_QUANTITY_STALE") => Meaning::RowStale,
        Some(
            "INVALID_INVENTORY_ITEM"
            | "INVALID_LOCATION"
            | "NON_MUTABLE_INVENTORY_ITEM"
            | "INVALID_QUANTITY_NEGATIVE"
            | "INVALID_QUANTITY_TOO_HIGH"
            | "INVALID_QUANTITY_TOO_LOW"
            | "NO_DUPLICATE_INVENTORY_ITEM_ID_GROUP_ID_PAIR",
        ) => Meaning::RowNever,
        // "Retry with a new idempotency key": the first attempt failed and left nothing.
        Some("ADJUST_QUANTITIES_FAILED" | "SERVICE_UNAVAILABLE" | "IDEMPOTENCY_PREVIOUS_ATTEMPT_FAILED") => {
            Meaning::AllAgain
        }
        Some("IDEMPOTENCY_CONCURRENT_REQUEST") => Meaning::StillRunning,
        Some("IDEMPOTENCY_KEY_PARAMETER_MISMATCH") => Meaning::KeyReused,
        Some(
            "COMPARE_QUANTITY_REQUIRED"
            | "INVALID_NAME"
            | "INVALID_QUANTITY_NAME"
            | "INVALID_REASON"
            | "INVALID_REFERENCE_DOCUMENT"
            | "INTERNAL_LEDGER_DOCUMENT"
            | "INVALID_AVAILABLE_DOCUMENT"
            | "INVALID_LEDGER_DOCUMENT"
            | "INVALID_QUANTITY_DOCUMENT"
            | "MAX_ONE_LEDGER_DOCUMENT",
        ) => Meaning::OurMistake,
        // A code of a later version, or none: refused, in the platform's words.
        Some(_) | None => Meaning::OurMistake,
    }
}

/// The outcomes of a refused batch of `rows` rows.
///
/// # Errors
/// When the refusal is not about named rows, so that the batch has to be asked again or divided.
pub(super) fn judge(errors: &[UserError], rows: usize) -> Result<Vec<Outcome>, Trouble> {
    let mut outcomes = vec![Outcome::Again; rows];
    let mut unnamed = None;
    for error in errors {
        let (meaning, row) = (meaning(error.code.as_deref()), row(error, rows));
        match (meaning, row) {
            (Meaning::RowStale, Some(row)) => outcomes[row] = Outcome::Stale,
            (Meaning::RowNever, Some(row)) => outcomes[row] = never(&error.message),
            (Meaning::AllAgain, _) => {}
            (Meaning::StillRunning, _) => return Err(Trouble::Failed { reason: reason(error) }),
            (Meaning::KeyReused, _) => return Ok(vec![Outcome::Unknown; rows]),
            (Meaning::RowStale | Meaning::RowNever, None) | (Meaning::OurMistake, _) => unnamed = Some(error),
        }
    }
    match unnamed {
        Some(error) => Err(Trouble::Refused { reason: reason(error) }),
        None => Ok(outcomes),
    }
}

/// The row in a path such as `["input", "changes", "3", "delta"]`.
fn row(error: &UserError, rows: usize) -> Option<usize> {
    let path = error.field.as_deref()?;
    path.iter().find_map(|step| step.parse::<usize>().ok()).filter(|row| *row < rows)
}

fn reason(error: &UserError) -> String {
    reply::words(&format!("{}: {}", error.code.as_deref().unwrap_or("no code"), error.message))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn error(code: &str, field: &[&str]) -> UserError {
        UserError {
            code: Some(code.to_owned()),
            field: Some(field.iter().map(|step| (*step).to_owned()).collect()),
            message: "words".to_owned(),
        }
    }

    #[test]
    fn named_rows_get_their_verdict_and_the_others_may_be_sent_again() {
        let errors = [
            error("CHANGE_FROM_QUANTITY_STALE", &["input", "changes", "2"]),
            error("INVALID_LOCATION", &["input", "changes", "0", "locationId"]),
        ];
        assert_eq!(judge(&errors, 3), Ok(vec![never("words"), Outcome::Again, Outcome::Stale]));
    }

    #[test]
    fn a_refusal_that_names_no_row_is_for_the_whole_batch() {
        for (code, field) in [
            ("CHANGE_FROM_QUANTITY_STALE", &["input"] as &[&str]),
            ("CHANGE_FROM_QUANTITY_STALE", &["input", "changes", "7"]),
            ("INVALID_REASON", &["input", "reason"]),
            ("SOMETHING_NEW", &["input", "changes", "0"]),
        ] {
            let reason = format!("{code}: words");
            assert_eq!(judge(&[error(code, field)], 3), Err(Trouble::Refused { reason }));
        }
    }

    #[test]
    fn what_the_idempotency_key_tells_is_not_taken_for_a_verdict_on_rows() {
        let heard = |code| judge(&[error(code, &[])], 1);
        assert_eq!(heard("IDEMPOTENCY_PREVIOUS_ATTEMPT_FAILED"), Ok(vec![Outcome::Again]));
        assert_eq!(heard("IDEMPOTENCY_KEY_PARAMETER_MISMATCH"), Ok(vec![Outcome::Unknown]));
        assert!(matches!(heard("IDEMPOTENCY_CONCURRENT_REQUEST"), Err(Trouble::Failed { .. })));
    }
}
