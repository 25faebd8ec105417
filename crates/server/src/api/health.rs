//! Whether the hub lives and takes in, and its figures in the Prometheus text format. Open to everyone: no stock, no
//! order and no person is in them.

use std::fmt::Write;
use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use http::{StatusCode, header};
use serde::Serialize;
use utoipa::ToSchema;

use super::Door;
use super::problem::ApiError;
use crate::Hub;

/// That the process lives.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct HealthOut {
    /// Always `ok`.
    status: &'static str,
    /// Program version.
    version: &'static str,
}

/// Whether the hub is ready.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct ReadyOut {
    /// Whether it is.
    ready: bool,
    /// Why it is not.
    reasons: Vec<String>,
    /// Number of the last durable fact.
    seq: u64,
}

/// Whether the process lives.
#[utoipa::path(get, path = "/healthz", tag = "health",
    responses((status = 200, description = "It lives", body = HealthOut)))]
pub(crate) async fn healthz(State(door): State<Arc<Door>>) -> Json<HealthOut> {
    Json(HealthOut { status: "ok", version: door.hub.options.version })
}

/// Whether the hub takes everything in: the journal can be written and every channel was read once.
#[utoipa::path(get, path = "/readyz", tag = "health",
    responses((status = 200, description = "Ready", body = ReadyOut), (status = 503, description = "Not ready", body = ReadyOut)))]
pub(crate) async fn readyz(State(door): State<Arc<Door>>) -> Response {
    let hub = &door.hub;
    let mut reasons = Vec::new();
    // An empty job is refused by a hub that has stopped.
    if let Err(error) = hub.flow.decide(|_| Ok(Vec::new())).await {
        reasons.push(error.to_string());
    }
    for link in hub.read_links() {
        let health = link.health();
        if !health.ready {
            let trouble = health.trouble.map(|trouble| format!(": {trouble}")).unwrap_or_default();
            reasons.push(format!("channel {} was not read yet{trouble}", link.settings.name));
        }
    }
    let ready = reasons.is_empty();
    let status = if ready { StatusCode::OK } else { StatusCode::SERVICE_UNAVAILABLE };
    (status, Json(ReadyOut { ready, reasons, seq: hub.flow.head().0 })).into_response()
}

/// Counters, histograms and gauges.
#[utoipa::path(get, path = "/metrics", tag = "health",
    responses((status = 200, description = "Prometheus text format", body = String, content_type = "text/plain")))]
pub(crate) async fn metrics(State(door): State<Arc<Door>>) -> Result<Response, ApiError> {
    let mut out = door.hub.meter.expose();
    gauges(&door.hub, &mut out).await?;
    Ok(([(header::CONTENT_TYPE, "text/plain; version=0.0.4")], out).into_response())
}

async fn gauges(hub: &Hub, out: &mut String) -> Result<(), ApiError> {
    let links = hub.links();
    let channels: Vec<_> = links.iter().map(|link| link.channel).collect();
    let (seq, positions, quarantined, reservations, waiting) = hub
        .flow
        .look(move |desk| {
            let waiting: Vec<(usize, usize, usize)> = channels
                .iter()
                .map(|channel| {
                    let dirty = desk.dirty(*channel).map_or(0, |(_, dirty)| dirty.len());
                    let mind = desk.state();
                    let in_flight = mind.in_flight().filter(|batch| batch.channel == *channel);
                    (dirty, in_flight.map(|batch| batch.writes.len()).sum(), mind.notices(*channel).count())
                })
                .collect();
            let mind = desk.state();
            let quarantined = mind.quarantine().count();
            (mind.seq().0, mind.positions().len(), quarantined, mind.reservations().len(), waiting)
        })
        .await?;
    let shown = hub.shown.borrow().0;
    gauge(out, "lockstep_facts", &[(String::new(), seq as i64)]);
    gauge(out, "lockstep_views_lag_facts", &[(String::new(), seq.saturating_sub(shown) as i64)]);
    gauge(out, "lockstep_positions", &[(String::new(), positions as i64)]);
    gauge(out, "lockstep_reservations", &[(String::new(), reservations as i64)]);
    gauge(out, "lockstep_quarantine_open", &[(String::new(), quarantined as i64)]);
    let now = hub.clock.now();
    let per_channel = |value: &dyn Fn(usize) -> Option<i64>| -> Vec<(String, i64)> {
        let links = links.iter().enumerate();
        links.filter_map(|(place, link)| Some((format!("channel=\"{}\"", link.settings.name), value(place)?))).collect()
    };
    let health: Vec<_> = links.iter().map(|link| link.health()).collect();
    gauge(out, "lockstep_writes_dirty", &per_channel(&|place| waiting.get(place).map(|waits| waits.0 as i64)));
    gauge(out, "lockstep_writes_in_flight", &per_channel(&|place| waiting.get(place).map(|waits| waits.1 as i64)));
    gauge(out, "lockstep_notices", &per_channel(&|place| waiting.get(place).map(|waits| waits.2 as i64)));
    gauge(out, "lockstep_budget_left", &per_channel(&|place| Some(i64::from(links[place].budget().0))));
    gauge(out, "lockstep_ready", &per_channel(&|place| Some(i64::from(health[place].ready))));
    let age = |at: Option<model::Instant>| at.map(|at| now.since(at));
    gauge(out, "lockstep_read_age_ms", &per_channel(&|place| age(health[place].read_at)));
    gauge(out, "lockstep_polled_age_ms", &per_channel(&|place| age(health[place].polled_at)));
    gauge(out, "lockstep_heard_age_ms", &per_channel(&|place| age(health[place].heard_at)));
    if let Some((sent, failed)) = hub.options.mailed.figures() {
        let count = |count: u64| [(String::new(), i64::try_from(count).unwrap_or(i64::MAX))];
        gauge(out, "lockstep_mails_sent", &count(sent));
        gauge(out, "lockstep_mails_failed", &count(failed));
        gauge(out, "lockstep_mail_trouble", &count(u64::from(hub.options.mailed.trouble().is_some())));
    }
    Ok(())
}

fn gauge(out: &mut String, name: &str, values: &[(String, i64)]) {
    // Writing to a string cannot fail.
    let _ = writeln!(out, "# TYPE {name} gauge");
    for (labels, value) in values {
        let _ = writeln!(out, "{name}{{{labels}}} {value}");
    }
}
