//! Promises, transfers, inputs, questions, oversells and decisions that are over, or that nobody has seen to.

use model::{OversoldBy, QuarantineId, RawName, ReservationId, Seq, TransferId};
use views::{QuarantineRow, QuarantineState};

use super::look_behind;
use crate::Hub;
use crate::api::orders::{DecidedOut, OversellOut};
use crate::api::page::Page;
use crate::api::problem::ApiError;
use crate::api::quarantine::QuarantineOut;
use crate::api::reservations::{self, ReservationOut};
use crate::api::transfers::{self as moves, TransferOut};
use crate::api::{ask, names};

/// A promise, live or past.
pub(in crate::api) async fn reservation(hub: &Hub, id: ReservationId) -> Result<Option<ReservationOut>, ApiError> {
    let Some(row) = look_behind(hub, move |views| views.reservation(id)).await? else { return Ok(None) };
    let state = match row.state {
        views::ReservationState::Live => reservations::ReservationState::Live,
        views::ReservationState::Committed => reservations::ReservationState::Committed,
        views::ReservationState::Released => reservations::ReservationState::Released,
        views::ReservationState::Expired => reservations::ReservationState::Expired,
    };
    let found = ask::read(hub, move |mind| {
        Ok(ReservationOut {
            id: row.reservation.to_string(),
            state,
            lines: reservations::lines_out(mind, &row.lines),
            expires_at: row.expires_at.to_string(),
            note: row.note.as_ref().map(ToString::to_string),
        })
    });
    found.await.map(Some)
}

/// Transfers in any state, newest first.
pub(in crate::api) async fn transfers(
    hub: &Hub,
    before: Option<TransferId>,
    limit: usize,
) -> Result<Page<TransferOut>, ApiError> {
    let rows = look_behind(hub, move |views| views.transfers(None, before, limit)).await?;
    let items = ask::read(hub, move |mind| Ok(rows.iter().map(|row| moves::out(mind, &row.put)).collect())).await?;
    Ok(Page::of(items, limit, |last: &TransferOut| last.id.clone()))
}

/// One transfer in any state.
pub(in crate::api) async fn transfer(hub: &Hub, id: TransferId) -> Result<Option<TransferOut>, ApiError> {
    let Some(row) = look_behind(hub, move |views| views.transfer(id)).await? else { return Ok(None) };
    ask::read(hub, move |mind| Ok(Some(moves::out(mind, &row.put)))).await
}

/// Inputs that were closed, newest first.
pub(in crate::api) async fn quarantine(
    hub: &Hub,
    before: Option<QuarantineId>,
    limit: usize,
) -> Result<Page<QuarantineOut>, ApiError> {
    let state = Some(QuarantineState::Closed);
    let rows = look_behind(hub, move |views| views.quarantine(state, before, limit)).await?;
    Ok(Page::of(rows.iter().map(input_out).collect(), limit, |last: &QuarantineOut| last.id.clone()))
}

/// One input, open or closed, and the name of its raw body.
pub(in crate::api) async fn quarantined(
    hub: &Hub,
    id: QuarantineId,
) -> Result<Option<(QuarantineOut, Option<RawName>)>, ApiError> {
    let row = look_behind(hub, move |views| views.quarantined(id)).await?;
    Ok(row.map(|row| (input_out(&row), row.put.raw)))
}

fn input_out(row: &QuarantineRow) -> QuarantineOut {
    let words = |text: &dyn std::fmt::Display| text.to_string();
    QuarantineOut {
        id: row.put.id.to_string(),
        channel: row.channel_name.clone(),
        kind: row.put.kind.to_string(),
        reason: row.put.reason.to_string(),
        document: row.put.document.as_ref().map(|document| words(document)),
        waits_for: row.put.waits_for.as_ref().map(|external| words(external)),
        raw: row.put.raw.map(|raw| words(&raw)),
        closed: row.closed_because.as_ref().map(|because| words(because)),
    }
}

/// Oversells, newest first.
pub(in crate::api) async fn oversells(
    hub: &Hub,
    before: Option<Seq>,
    limit: usize,
) -> Result<Page<OversellOut>, ApiError> {
    let rows = look_behind(hub, move |views| views.oversells(before, limit)).await?;
    let items = ask::read(hub, move |mind| {
        let out = |row: &views::OversellRow| OversellOut {
            seq: row.seq.0,
            at: row.at.to_string(),
            sku: names::sku_of(mind, row.oversold.item),
            location: names::location_of(mind, row.oversold.location),
            channel: row.oversold.channel.map(|channel| names::channel_of(mind, channel)),
            order: row.oversold.order.map(|order| order.to_string()),
            units: row.oversold.units.to_string(),
            by: match row.oversold.by {
                OversoldBy::Till => "till",
                OversoldBy::Race => "race",
                OversoldBy::Late => "late",
                OversoldBy::ShopSetting => "shop_setting",
                OversoldBy::Hub => "hub",
            }
            .into(),
        };
        Ok(rows.iter().map(out).collect())
    });
    Ok(Page::of(items.await?, limit, |last: &OversellOut| last.seq.to_string()))
}

/// Decisions of the decision endpoint, newest first.
pub(in crate::api) async fn decisions(
    hub: &Hub,
    before: Option<Seq>,
    limit: usize,
) -> Result<Page<DecidedOut>, ApiError> {
    let rows = look_behind(hub, move |views| views.decisions(before, limit)).await?;
    let items = ask::read(hub, move |mind| {
        let out = |row: &views::DecisionRow| DecidedOut {
            decision: row.seq.0,
            at: row.at.to_string(),
            sku: names::sku_of(mind, row.decided.item),
            channel: names::channel_of(mind, row.decided.channel),
            location: names::location_of(mind, row.decided.location),
            change: row.decided.change.to_string(),
            action: row.decided.action.into(),
            source: row.decided.source.map(|source| names::location_of(mind, source)),
            reasons: row.decided.reasons.iter().map(ToString::to_string).collect(),
            // A decision that came by another door has no answer to show.
            answer: serde_json::from_str(row.decided.answer.as_str()).unwrap_or_default(),
        };
        Ok(rows.iter().map(out).collect())
    });
    Ok(Page::of(items.await?, limit, |last: &DecidedOut| last.decision.to_string()))
}
