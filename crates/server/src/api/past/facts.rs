//! Facts as they were stored, and the facts behind a number.

use model::{ItemId, LocationId, Seq};
use serde_json::Value;
use views::{AuditFilter, Direction, FactFilter, FactRow};

use super::{look, look_behind};
use crate::Hub;
use crate::api::facts::{ExplanationOut, FactOut, StepOut};
use crate::api::problem::ApiError;

/// Facts after a number, oldest first, with everything that is durable now.
pub(in crate::api) async fn facts_page(hub: &Hub, after: Seq, limit: usize) -> Result<Vec<FactOut>, ApiError> {
    let rows = look_behind(hub, move |views| views.facts(&oldest_first(after), limit)).await?;
    rows.into_iter().map(out).collect()
}

/// A page of the audit, newest first, with everything that is durable now; and where the next begins.
pub(in crate::api) async fn audit(
    hub: &Hub,
    filter: AuditFilter,
    limit: usize,
) -> Result<(Vec<FactOut>, Option<Seq>), ApiError> {
    let page = look_behind(hub, move |views| views.audit(&filter, limit)).await?;
    Ok((page.rows.into_iter().map(out).collect::<Result<_, _>>()?, page.next))
}

fn oldest_first(after: Seq) -> FactFilter {
    FactFilter { after_seq: Some(after), direction: Direction::OldestFirst, ..FactFilter::default() }
}

/// Facts after a number, oldest first. Does not wait for the tables: its callers go on where it ends.
pub(in crate::api) async fn facts_after(hub: &Hub, after: Seq, limit: usize) -> Result<Vec<FactOut>, ApiError> {
    let rows = look(hub, move |views| views.facts(&oldest_first(after), limit)).await?;
    rows.into_iter().map(out).collect()
}

fn out(row: FactRow) -> Result<FactOut, ApiError> {
    let unreadable = |error: serde_json::Error| ApiError::Unavailable { cause: error.to_string() };
    let mut entry: Value = serde_json::from_str(&row.json).map_err(unreadable)?;
    let by = entry.get_mut("by").map(Value::take).unwrap_or_default();
    let fact = entry.get_mut("fact").map(Value::take).unwrap_or_default();
    Ok(FactOut { seq: row.seq.0, at: row.at.to_string(), by, kind: row.kind.name().to_owned(), words: row.words, fact })
}

/// Why a position is what it is.
pub(in crate::api) async fn explain(
    hub: &Hub,
    (sku, item): (String, ItemId),
    (location, place): (String, LocationId),
    before: Option<Seq>,
    limit: usize,
) -> Result<ExplanationOut, ApiError> {
    let told = look_behind(hub, move |views| views.explain(item, place, limit, before)).await?;
    let next = if told.rows.len() >= limit { told.rows.last().map(|last| last.seq.0.to_string()) } else { None };
    let step = |row: views::ExplainedRow| StepOut {
        seq: row.seq.0,
        at: row.at.to_string(),
        words: row.words,
        on_hand_change: row.on_hand_change.to_string(),
        reserved_change: row.reserved_change.to_string(),
        on_hand_after: row.on_hand_after.to_string(),
        reserved_after: row.reserved_after.to_string(),
    };
    Ok(ExplanationOut {
        sku,
        location,
        on_hand: told.on_hand.to_string(),
        reserved: told.reserved.to_string(),
        facts: told.rows.into_iter().map(step).collect(),
        next,
    })
}
